"""A network from another program is the same function here, or is refused with a reason."""

from __future__ import annotations

import argparse
import importlib
import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from lesson.cli.program import main
from lesson.importing import datasets, readers
from lesson.importing.arrays import layers_of_arrays, sort_arrays
from lesson.importing.from_keras import function_of_keras
from lesson.importing.inference import activations_named, as_network, same_answers, scaling_named, sums, work_out
from lesson.importing.model import FoundLayer, FoundModel, ImportRefused, apply, function_named
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling, conventions, turned
from network import Network
from network.checkpoint import load_checkpoint
from network.digits import Digits
from network.training import TrainingSettings, best_of, train

from .network.conftest import pictures, write_idx


@pytest.fixture(scope="module")
def digits() -> Digits:
    images, labels = pictures(240)
    return Digits((images / 255).astype(np.float32), labels.astype(np.int64), ("one", "two", "three"))


@pytest.fixture(scope="module")
def trained(digits: Digits) -> Callable[[str], Network]:
    """Networks that read these pictures, with hidden layers of both kinds."""

    def make(activation: str) -> Network:
        rng = np.random.default_rng(3)
        settings = TrainingSettings(epochs=12, batch_size=20, learning_rate=0.02, optimiser="adam", validation=40)
        reports = list(train(Network.random([64, 6, 5, 3], rng, activation), digits, settings, rng))
        return best_of(reports).network

    kept = {name: make(name) for name in ("sigmoid", "relu")}
    return kept.__getitem__


def arrays_of(network: Network, scale: float = 1.0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights (out, in) and biases for brightness from 0 to `scale`."""
    layers = [(np.array(layer.weights), np.array(layer.biases)) for layer in network.layers]
    return [(layers[0][0] / np.float32(scale), layers[0][1]), *layers[1:]]


# ------------------------------------------------------------------------------------- arrays with names


@pytest.mark.parametrize(
    "names",
    [
        ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "out.weight", "out.bias"),
        ("net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias", "net.10.weight", "net.10.bias"),
        ("W1", "b1", "W2", "b2", "W3", "b3"),
        ("coefs_0", "intercepts_0", "coefs_1", "intercepts_1", "coefs_2", "intercepts_2"),
        ("arr_0", "arr_1", "arr_2", "arr_3", "arr_4", "arr_5"),
        ("l/a/vars/0", "l/a/vars/1", "l/a_1/vars/0", "l/a_1/vars/1", "l/a_2/vars/0", "l/a_2/vars/1"),
        ("z.weight", "z.bias", "m.weight", "m.bias", "a.weight", "a.bias"),
    ],
)
@pytest.mark.parametrize("way", ["out, in", "in, out"])
def test_layers_are_found_by_names_and_shapes(names: tuple[str, ...], way: str, trained: Any) -> None:
    network = trained("relu")
    flat = [array for pair in arrays_of(network) for array in pair]
    turned = {n: a.T if a.ndim == 2 and way == "in, out" else a for n, a in zip(names, flat, strict=True)}
    in_any_order = dict(sorted(turned.items(), key=lambda item: item[0][::-1]))
    for layer, found in zip(network.layers, layers_of_arrays(in_any_order, None, "x"), strict=True):
        np.testing.assert_array_equal(found.weights, layer.weights)
        np.testing.assert_array_equal(found.biases, layer.biases)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"conv1.weight": np.zeros((8, 1, 3, 3)), "fc.weight": np.zeros((3, 8))}, "a convolution.*conv1.weight"),
        ({"lstm.weight_ih_l0": np.zeros((8, 4))}, "a recurrent layer .lstm.weight_ih_l0"),
        ({"bn.running_mean": np.zeros(4)}, "batch normalisation of which parts are missing"),
        ({"ln.weight": np.zeros(4), "fc.weight": np.zeros((4, 4))}, "a layer normalisation"),
        ({"1.weight": np.zeros((4, 4)), "2.weight": np.zeros(1)}, "a PReLU"),
        ({"a.in_proj_weight": np.zeros((4, 4))}, "an attention layer"),
        ({"fc.weight": np.zeros((4, 4)), "norm.weight": np.zeros(7), "norm.bias": np.zeros(7)}, "a layer of shape"),
        ({"x": np.zeros(3)}, "no weights of fully connected layers"),
        ({f"a{n}": np.zeros((9, 9)) for n in range(12)} | {"b": np.zeros((3, 7))}, "do not fit one after the other"),
        ({"a.weight": np.zeros((4, 5)), "b.weight": np.zeros((3, 7))}, "do not fit one after the other"),
        ({"a.weight": np.full((4, 5), np.nan)}, "a NaN"),
        ({"a.weight": np.zeros((4, 5), complex)}, "holds complex128"),
    ],
)
def test_wrong_kinds_are_named(arrays: dict[str, np.ndarray], said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        layers_of_arrays(arrays, None, "the file")


@pytest.mark.parametrize("kind", ["columns", "rows", "beside", "weights first", "theta", "theta last", "greek", "flax"])
def test_arrays_as_people_keep_them(kind: str, trained: Any) -> None:
    network = trained("relu")
    pairs = arrays_of(network)
    numbered = list(enumerate(pairs, 1))
    named = {f"{key}{n}": a for n, pair in numbered for key, a in zip("Wb", pair, strict=True)}
    arrays = {
        "columns": {n: a if a.ndim == 2 else a[:, None] for n, a in named.items()},
        "rows": {n: a.T if a.ndim == 2 else a[None] for n, a in named.items()},
        "beside": {**named, "losses": np.ones(8), "lr": np.array(0.1), "history": np.ones((4, 2))},
        "weights first": {f"arr_{n}": a for n, a in enumerate([w.T for w, _ in pairs] + [b for _, b in pairs])},
        "theta": {f"Theta{n}": np.column_stack([b, w]) for n, (w, b) in numbered},
        "theta last": {f"T{n}": np.column_stack([w, b]).T for n, (w, b) in numbered},
        "greek": {f"{key}{n}": a for n, (w, b) in numbered for key, a in (("Θ", w.T), ("β", b))},
        "flax": {f"Dense_{3 - n}.{key}": a for n, (w, b) in numbered for key, a in (("bias", b), ("kernel", w.T))},
    }[kind]
    found = sort_arrays(arrays, None, "x")
    right = [
        all(
            np.array_equal(layer.weights, one.weights) and np.array_equal(layer.biases, one.biases)
            for layer, one in zip(network.layers, reading.layers, strict=True)
        )
        for reading in found.readings
    ]
    # On which side of the weights the biases stand shows only on pictures.
    assert any(right) if kind == "theta last" else right[0]
    assert found.notes == (("Left aside, as no layers: losses, history.",) if kind == "beside" else ())


def test_layers_of_one_shape_are_tried_in_every_order() -> None:
    shapes = {"first.weight": (4, 9), "b.weight": (4, 4), "a.weight": (4, 4)}
    arrays = {name: np.ones(shape) for name, shape in shapes.items()}
    orders = [[layer.name[0] for layer in reading.layers] for reading in sort_arrays(arrays, "out, in", "x").readings]
    assert sorted(orders) == [["f", "a", "b"], ["f", "b", "a"]]


@pytest.mark.parametrize(("names", "sides"), [("124", [False]), ("134", [True]), (("fc", "bn", "out"), [False, True])])
def test_batch_normalisation_is_folded_exactly(names: str | tuple[str, ...], sides: list[bool]) -> None:
    rng = np.random.default_rng(2)
    first, norm, last = names
    w, b, v, c = rng.normal(size=(5, 9)), rng.normal(size=5), rng.normal(size=(3, 5)), rng.normal(size=3)
    gamma, beta, mean, variance = rng.normal(size=5), rng.normal(size=5), rng.normal(size=5), rng.random(5)
    arrays = {f"{first}.weight": w, f"{first}.bias": b, f"{norm}.weight": gamma, f"{norm}.bias": beta,
              f"{norm}.running_mean": mean, f"{norm}.running_var": variance, f"{norm}.num_batches_tracked": np.array(3),
              f"{last}.weight": v, f"{last}.bias": c}  # fmt: skip
    x = rng.normal(size=(6, 9))

    def normalised(z: np.ndarray) -> np.ndarray:
        return gamma * (z - mean) / np.sqrt(variance + 1e-5) + beta

    found = sort_arrays(arrays, "out, in", "x")
    for reading, after in zip(found.readings, sides, strict=True):
        z = x @ w.T + b
        inside = normalised(np.maximum(z, 0)) if after else np.maximum(normalised(z), 0)
        one, two = reading.layers
        ours = np.maximum(x @ one.weights.T + one.biases, 0) @ two.weights.T + two.biases
        np.testing.assert_allclose(ours, inside @ v.T + c, atol=1e-12)


def test_json_mat_and_npy(trained: Any, digits: Digits, tmp_path: Path) -> None:
    from scipy.io import savemat

    network = trained("sigmoid")
    pairs = arrays_of(network)
    book = {"sizes": network.sizes, "cost": "QuadraticCost", "weights": [w.tolist() for w, _ in pairs]}
    book["biases"] = [b[:, None].tolist() for _, b in pairs]
    (tmp_path / "book.json").write_text(json.dumps(book))
    savemat(tmp_path / "x.mat", {f"Theta{n}": np.column_stack([b, w]) for n, (w, b) in enumerate(pairs, 1)})
    agrees(tmp_path / "book.json", network, digits, False)
    agrees(tmp_path / "x.mat", network, digits, False, "sigmoid")
    np.save(tmp_path / "x.npy", np.ones((3, 64)))
    assert len(read_model(tmp_path / "x.npy").layers) == 1
    np.save(tmp_path / "x.npy", np.array([np.ones(2), np.ones(3)], object), allow_pickle=True)
    with pytest.raises(ImportRefused, match=r"could run any program; save the arrays with numpy.savez"):
        read_model(tmp_path / "x.npy")


# --------------------------------------------------------------------------------------- what is worked out


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("scale", [1, 255])
def test_activation_and_brightness_are_worked_out(
    activation: str, scale: float, trained: Any, digits: Digits, tmp_path: Path
) -> None:
    network = trained(activation)
    names = (f"{kind}{n}" for n in (1, 2, 3) for kind in "Wb")
    flat = [array for pair in arrays_of(network, scale) for array in pair]
    np.savez(tmp_path / "x.npz", **dict(zip(names, flat, strict=True)))
    model = read_model(tmp_path / "x.npz")
    found = work_out(model, digits, digits, (activation,), Scaling("known", scale, 0))
    for layer, ours in zip(found.network.layers, network.layers, strict=True):
        np.testing.assert_allclose(layer.weights, ours.weights, rtol=1e-5)
    guessed = work_out(model, digits, digits)
    assert (guessed.network.classify(digits.vectors) == digits.labels).mean() > 0.95
    assert guessed.agreed == 1 and guessed.difference is None
    told = " ".join(guessed.sentences)
    assert "does not name the activations" in told and "could not be checked by running" in told


@pytest.mark.parametrize("hidden", ["sigmoid", "relu", "tanh", "gelu", "leaky_relu(0.3)"])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "log_softmax", "identity", "tanh", None])
def test_the_network_is_the_same_function(hidden: str, output: str | None, digits: Digits) -> None:
    rng = np.random.default_rng(5)
    sizes = (64, 7, 6, 3)
    layers = tuple(
        FoundLayer("x", rng.normal(0, 0.4, (n, m)), rng.normal(0, 1, n), hidden)
        for m, n in zip(sizes, sizes[1:], strict=False)
    )
    model = FoundModel("test", (*layers[:-1], layers[-1].but(function=output)))
    for way in conventions(digits):
        model = FoundModel("test", model.layers, (rng.random(64) + 0.5) / way.scale, rng.random(64))
        network, _ = as_network(model, way, digits)
        found = sums(model, digits.vectors, way)
        assert same_answers(network, model, way, digits) > 0.99
        shown = output if output in ("sigmoid", "tanh") else "softmax" if output in ("softmax", "log_softmax") else None
        expected = apply(shown or network.activations[-1], found)
        np.testing.assert_allclose(network.predict(digits.vectors), expected, atol=5e-4)
        assert network.activations[:2] == (hidden, hidden)


@pytest.mark.parametrize("way", ["0 to 255, inverted", "-1 to 1, transposed", "0 to 1, inverted, transposed"])
def test_other_forms_of_the_input_are_found(way: str, trained: Any, digits: Digits) -> None:
    network, form = trained("relu"), scaling_named(way, digits)
    pairs = arrays_of(network)
    # Weights that take the other form: W x + b = (W / s)(s x + t) + (b − W t / s), with x turned where it is.
    w = turned(pairs[0][0].astype(float), form.transposed) / form.scale
    layers = [(w, pairs[0][1] - form.shift * w.sum(axis=1)), *pairs[1:]]
    model = FoundModel("test", tuple(FoundLayer(f"{n}", w, b) for n, (w, b) in enumerate(layers)))
    found = work_out(model, digits, digits, ("relu",))
    assert (found.scaling.inverted, found.scaling.transposed) == (form.inverted, form.transposed)
    told = " ".join(found.sentences)
    assert ("dark ink on white" in told, "rows and columns exchanged" in told) == (form.inverted, form.transposed)
    assert (found.network.classify(digits.vectors) == network.classify(digits.vectors)).mean() > 0.98
    exact = work_out(model, digits, digits, ("relu",), form)
    np.testing.assert_array_equal(exact.network.classify(digits.vectors), network.classify(digits.vectors))


@pytest.mark.parametrize("names", [("three", "one", "two"), ("c", "a", "b"), ()])
def test_outputs_in_another_order_are_put_right(names: tuple[str, ...], trained: Any, digits: Digits) -> None:
    network, order = trained("sigmoid"), [2, 0, 1]
    *hidden, (w, b) = arrays_of(network)
    layers = (*hidden, (w[order], b[order]))
    model = FoundModel("test", tuple(FoundLayer("x", w, b, "sigmoid") for w, b in layers), class_names=names)
    found = work_out(model, digits, digits)
    np.testing.assert_array_equal(found.network.classify(digits.vectors), network.classify(digits.vectors))
    assert any("found by trying" in sentence for sentence in found.sentences) == (names != ("three", "one", "two"))


def test_one_output_for_two_classes_becomes_two(trained: Any, digits: Digits) -> None:
    two = Digits(digits.images, (digits.labels == 2).astype(np.int64), ("few", "many"))
    *hidden, (w, b) = arrays_of(trained("relu"))
    weights, biases = w[2:] - w[:2].mean(axis=0), b[2:] - b[:2].mean()
    layers = tuple(FoundLayer("x", w, b, "relu") for w, b in hidden)
    model = FoundModel("test", (*layers, FoundLayer("x", weights, biases)))
    found = work_out(model, two, two, scaling=Scaling("0 to 1", 1, 0))
    outputs = found.network.predict(two.vectors)
    np.testing.assert_allclose(outputs.sum(axis=1), 1, atol=1e-5)
    one_output = sums(model, two.vectors, Scaling("", 1, 0))[:, 0]
    np.testing.assert_allclose(outputs[:, 1], apply("sigmoid", one_output), atol=1e-5)
    assert any("Its one output is for many" in sentence for sentence in found.sentences)
    with pytest.raises(ImportRefused, match="one output tells two classes apart"):
        work_out(model, digits, digits)


def test_a_skip_connection_that_the_file_does_not_show_is_suspected(digits: Digits) -> None:
    rng = np.random.default_rng(4)
    w, b, v = rng.normal(0, 0.4, (40, 64)), rng.normal(0, 1, 40), rng.normal(0, 0.5, (40, 40))
    h = np.maximum(digits.vectors @ w.T + b, 0)
    inside = h + np.maximum(h @ v.T - 4, 0)
    targets = 6 * np.eye(3)[digits.labels] - 2
    c = np.linalg.lstsq(inside, targets, rcond=None)[0].T
    assert ((inside @ c.T).argmax(axis=1) == digits.labels).mean() > 0.95
    layers = (FoundLayer("a", w, b), FoundLayer("b", v, np.full(40, -4.0)), FoundLayer("c", c, np.zeros(3)))
    with pytest.raises(ImportRefused, match="with a skip connection around b"):
        work_out(FoundModel("test", layers), digits, digits, scaling=Scaling("0 to 1", 1, 0))


def test_outputs_that_are_equally_bright_are_told(trained: Any, digits: Digits) -> None:
    *hidden, (w, b) = arrays_of(trained("relu"))
    layers = (*((*pair, "relu") for pair in hidden), (0.001 * w, 0.001 * b + 10, "hard_sigmoid"))
    model = FoundModel("test", tuple(FoundLayer("x", w, b, f) for w, b, f in layers))
    told = " ".join(work_out(model, digits, digits, scaling=Scaling("0 to 1", 1, 0)).sentences)
    assert "two outputs or more are equally bright" in told


def test_activations_and_scales_are_taken_by_name(trained: Any, digits: Digits) -> None:
    layers = tuple(FoundLayer("x", w, b) for w, b in arrays_of(trained("relu")))
    for given, expected in (
        ("relu", ("relu", "relu", "softmax")),
        ("relu, gelu", ("relu", "gelu", "softmax")),
        ("relu,relu,sigmoid", ("relu", "relu", "sigmoid")),
    ):
        found = work_out(FoundModel("test", layers), digits, digits, activations_named(given))
        assert found.network.activations == expected
    with pytest.raises(ImportRefused, match="3 layers; give --activations one name .*; got 4"):
        work_out(FoundModel("test", layers), digits, digits, ("relu",) * 4)
    with pytest.raises(ValueError, match="there is no activation 'mish'"):
        activations_named("mish")
    own = scaling_named("2,-1, inverted, transposed", digits)
    assert (own.scale, own.shift, own.transposed) == (-2, 1, True)
    for wrong in ("bright", "1,2,3", "nan,0", "1,2, upside down"):
        with pytest.raises(ValueError, match="--scale takes one of"):
            scaling_named(wrong, digits)


def test_a_network_that_reads_nothing_is_refused(digits: Digits) -> None:
    rng = np.random.default_rng(0)
    model = FoundModel("test", (FoundLayer("x", rng.normal(0, 0.01, (3, 64)) ** 2 * [[1], [0], [0]], np.zeros(3)),))
    with pytest.raises(ImportRefused, match="reads only"):
        work_out(model, digits, digits)
    with pytest.raises(ImportRefused, match="takes 9 numbers and gives 3"):
        work_out(FoundModel("test", (FoundLayer("x", np.ones((3, 9)), np.zeros(3)),)), digits, digits)


def test_a_model_that_does_more_than_its_layers_is_refused(trained: Any, digits: Digits) -> None:
    layers = tuple(FoundLayer("x", w, b, "sigmoid") for w, b in arrays_of(trained("sigmoid")))
    model = FoundModel("another program", layers, run=lambda x: np.tile(x[:, :1], 3))
    with pytest.raises(ImportRefused, match="another program gives other outputs"):
        work_out(model, digits, digits)


# ----------------------------------------------------------------------------------------- other programs


def agrees(file: Path, network: Network, digits: Digits, ran: bool = True, activation: str = "") -> None:
    """Read, inferred, and compared with the original. ran: whether the file holds a network that could be run."""
    found = work_out(read_model(file), digits, digits, (activation,) if activation else ())
    assert (found.difference is not None) == ran and (found.difference or 0) < 1e-4
    assert (found.network.classify(digits.vectors) == network.classify(digits.vectors)).mean() > 0.99


def test_safetensors(trained: Any, digits: Digits, tmp_path: Path) -> None:
    from safetensors import numpy

    state = {}
    for n, (w, b) in enumerate(arrays_of(trained("relu"), 255)):
        state |= {f"fc{n}.weight": w, f"fc{n}.bias": b}
    numpy.save_file(state, tmp_path / "x.safetensors")
    agrees(tmp_path / "x.safetensors", trained("relu"), digits, False)
    # bfloat16 is the upper half of a float32.
    halves = {name: (array.view("<u4") >> 16).astype("<u2") for name, array in state.items()}
    header, at = {}, 0
    for name, array in halves.items():
        header[name] = {"dtype": "BF16", "shape": array.shape, "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    told = json.dumps(header).encode()
    held = len(told).to_bytes(8, "little") + told + b"".join(array.tobytes() for array in halves.values())
    (tmp_path / "half.safetensors").write_bytes(held)
    for layer, (w, _) in zip(
        read_model(tmp_path / "half.safetensors").layers, arrays_of(trained("relu"), 255), strict=True
    ):
        np.testing.assert_allclose(layer.weights, w, rtol=2**-7)
    whole = (tmp_path / "x.safetensors").read_bytes()
    (tmp_path / "x.safetensors").write_bytes(whole[:100])
    with pytest.raises(ImportRefused, match="cannot be read as .safetensors"):
        read_model(tmp_path / "x.safetensors")


@pytest.mark.slow
@pytest.mark.needs("pytorch")
def test_torch_state_dicts_and_nothing_that_runs(trained: Any, digits: Digits, tmp_path: Path) -> None:
    import torch

    layers: list[Any] = []
    for w, b in arrays_of(trained("sigmoid")):
        layer = torch.nn.Linear(w.shape[1], len(w))
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        layers += [layer, torch.nn.Sigmoid()]
    module = torch.nn.Sequential(*layers)
    torch.save(module.state_dict(), tmp_path / "x.pt")
    agrees(tmp_path / "x.pt", trained("sigmoid"), digits, False)
    optimiser = torch.optim.Adam(module.parameters())
    module(torch.zeros(1, 64)).sum().backward()
    optimiser.step(lambda: None)
    run = {"net": module.state_dict(), "epoch": 3, "optimizer": optimiser.state_dict(), "args": {"lr": 0.1}}
    torch.save(run | {"options": argparse.Namespace(seed=1)}, tmp_path / "run.pth")
    torch.save({"pytorch-lightning_version": "2", "state_dict": module.state_dict(), "loops": {}}, tmp_path / "x.ckpt")
    for name in ("run.pth", "x.ckpt"):
        agrees(tmp_path / name, trained("sigmoid"), digits, False)
    torch.save({"actor": module.state_dict(), "critic": module.state_dict()}, tmp_path / "two.pt")
    with pytest.raises(ImportRefused, match=r"several networks \(actor, critic\)"):
        read_model(tmp_path / "two.pt")
    torch.save(module, tmp_path / "whole.pt")
    with pytest.raises(ImportRefused, match="state_dict"):
        read_model(tmp_path / "whole.pt")


@pytest.mark.slow
@pytest.mark.needs("pytorch")
@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")  # PyTorch's own; people's files stay
def test_torchscript_is_run_and_only_if_its_code_is_harmless(digits: Digits, tmp_path: Path) -> None:
    import torch

    torch.manual_seed(1)
    nn = torch.nn
    norm = nn.BatchNorm1d(7)
    norm.running_mean += torch.rand(7)
    norm.running_var *= 1 + torch.rand(7)
    plain = nn.Sequential(
        *(nn.Flatten(), nn.Linear(64, 7), norm, nn.LeakyReLU(0.3), nn.Dropout(), nn.Linear(7, 6), nn.Hardtanh()),
        *(nn.Linear(6, 5), nn.GELU(), nn.Linear(5, 3), nn.Softmax(1)),
    ).eval()
    for made in (torch.jit.script(plain), torch.jit.trace(plain, torch.zeros(1, 1, 8, 8))):
        made.save(tmp_path / "x.pt")
        model = read_model(tmp_path / "x.pt")
        assert [one.function for one in model.layers] == ["leaky_relu(0.3)", "hard_tanh", "gelu", "softmax"]
        found = apply("softmax", sums(model, digits.vectors, Scaling("", 1, 0)))
        assert model.run is not None
        np.testing.assert_allclose(found, model.run(digits.vectors), atol=1e-5)

    class Skip(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = nn.Linear(64, 5), nn.Linear(5, 5), nn.Linear(5, 3)

        def forward(self, x: Any) -> Any:
            h = torch.relu(self.a(x))
            return self.c(h + torch.relu(self.b(h)))

    torch.jit.trace(Skip(), torch.zeros(1, 64)).save(tmp_path / "s.pt")
    with pytest.raises(ImportRefused, match="a skip connection"):
        read_model(tmp_path / "s.pt")

    for code, said in (
        ("torch.from_file('/etc/hostname', size=1)", "from_file"),
        ("x.save('/tmp/x')", "save"),
        ("ops.aten.save(x, 'x')", "ops"),
        ("torch", "torch"),
        ("[y for y in [x]]", "for"),
    ):
        with zipfile.ZipFile(tmp_path / "bad.pt", "w") as archive:
            archive.writestr("bad/constants.pkl", b"")
            archive.writestr("bad/code/__torch__.py", f"def forward(self, x: Tensor) -> Tensor:\n  return {code}\n")
        with pytest.raises(ImportRefused, match=f"uses {said}, which a network"):
            read_model(tmp_path / "bad.pt")


FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize(
    ("name", "program", "functions"),
    [
        ("exported.pt2", "pt2", [None, None, None]),
        ("leaves.eqx", "eqx", ["tanh", "tanh", "identity"]),
        ("leaves_and_optimiser.eqx", "eqx", ["tanh", "tanh", "identity"]),
        ("train_state.msgpack", "net", ["relu", "relu", "identity"]),
        ("batch_norm.msgpack", "bn", ["relu", "identity"]),
    ],
)
def test_files_that_torch_export_equinox_and_flax_wrote(name: str, program: str, functions: list[str | None]) -> None:
    """Programs of PyTorch 2.13, Equinox 0.13 and Flax 0.12 gave these outputs."""
    with np.load(FILES / "jax_and_torch.npz") as known:
        inputs, outputs = known["x"], known[program]
    model = read_model(FILES / name)
    if program == "pt2":
        assert [one.function for one in model.layers] == ["leaky_relu(0.2)", "leaky_relu", "softmax"]
    else:
        assert all(one.function is None for one in model.layers)
    model = model.with_functions(functions)
    found = sums(model, inputs, Scaling("", 1, 0))
    np.testing.assert_allclose(apply(model.layers[-1].function or "identity", found), outputs, atol=1e-5)
    if "optimiser" in name:
        assert model.notes == ("Of its 18 arrays the first 6 are the network; the others seem its optimiser's.",)


def test_leaves_behind_a_line_of_json_and_those_that_are_no_network(tmp_path: Path) -> None:
    leaves, file = (FILES / "leaves.eqx").read_bytes(), tmp_path / "x.eqx"
    file.write_bytes(b'{"width": 6}\n' + leaves)
    np.testing.assert_array_equal(
        read_model(file).layers[1].weights, read_model(FILES / "leaves.eqx").layers[1].weights
    )
    slope, long = io.BytesIO(), io.BytesIO()
    np.save(slope, np.float32(0.25))
    np.lib.format.write_array_header_1_0(long, {"descr": "<f4", "fortran_order": False, "shape": (10**6, 10**6)})
    for held, said in (
        (leaves[:1000], "an array of the file is longer than the file"),
        (leaves + long.getvalue(), "an array of the file is longer than the file"),
        (leaves + slope.getvalue(), "such as the slope of a PReLU"),
        (b"hello", "holds no leaves of Equinox"),
    ):
        file.write_bytes(held)
        with pytest.raises(ImportRefused, match=said):
            read_model(file)


def test_a_msgpack_of_lists_in_lists_takes_no_memory(tmp_path: Path) -> None:
    """Each list says that it is as long as the file."""
    (tmp_path / "x.msgpack").write_bytes(b"\xdd\x00\x00\xff\xff" * 200_000)
    with pytest.raises(ImportRefused, match="cannot be read as .msgpack"):
        read_model(tmp_path / "x.msgpack")


@pytest.mark.slow
@pytest.mark.needs("pytorch")
def test_exported_programs_that_are_no_chain_of_layers(tmp_path: Path) -> None:
    import torch

    class Net(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, end: Callable[[Any, Any], Any]) -> None:
            super().__init__()
            self.a, self.b, self.c = (torch.nn.Linear(n, 6) for n in (64, 6, 6))
            self.end = end

        def forward(self, x: Any) -> Any:
            h = torch.relu(self.a(x))
            return self.end(self.c(h), torch.relu(self.b(h)))

    ends: list[tuple[Callable[[Any, Any], Any], str]] = [
        (lambda one, other: one + other, "a skip connection, which adds two signals"),
        (lambda one, other: torch.cat([one, other], 1), "a step of the kind cat"),
        (lambda one, other: (one, other), "gives 2 outputs"),
        (lambda one, other: one * 1, "a mul between its layers"),
    ]
    for end, said in ends:
        torch.export.save(torch.export.export(Net(end), (torch.zeros(1, 64),)), tmp_path / "x.pt2")
        with pytest.raises(ImportRefused, match=said):
            read_model(tmp_path / "x.pt2")


@pytest.mark.parametrize("name", ["dense.keras", "dense.weights.h5"])
def test_files_that_keras_wrote(name: str) -> None:
    """dense.keras is Rescaling(1/255), Flatten, Dense relu, Dropout, Dense, Activation tanh, Dense softmax; the .npz
    has its weights, and what Keras 3.15 gave for some inputs."""
    with np.load(FILES / "dense.npz") as known:
        model = read_model(FILES / name)
        for n, layer in enumerate(model.layers):
            np.testing.assert_array_equal(layer.weights, known[f"array_{2 * n}"].T)
            np.testing.assert_array_equal(layer.biases, known[f"array_{2 * n + 1}"])
        if name == "dense.keras":
            assert [layer.function for layer in model.layers] == ["relu", "tanh", "softmax"]
            found = softmax(sums(model, known["inputs"].reshape(-1, 64), Scaling("", 1, 0)), axis=1)
            np.testing.assert_allclose(found, known["outputs"], atol=1e-5)
        else:
            assert {layer.function for layer in model.layers} == {None}


def test_a_convolution_that_keras_wrote() -> None:
    with pytest.raises(ImportRefused, match=r"a convolution \(conv2d"):
        read_model(FILES / "convolution.keras")


@pytest.fixture
def keras(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Keras, running on PyTorch."""
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    return importlib.import_module("keras")


def keras_model(keras: Any, network: Network, *first: Any, scale: float = 1) -> Any:
    names = {"sigmoid": "sigmoid", "relu": "relu"}
    dense = [keras.layers.Dense(layer.n_out, activation=names[layer.activation]) for layer in network.layers]
    model = keras.Sequential([keras.Input((8, 8)), *first, keras.layers.Flatten(), *dense])
    model.set_weights([part for w, b in arrays_of(network, scale) for part in (w.T, b)])
    return model


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_keras(keras: Any, trained: Any, digits: Digits, tmp_path: Path) -> None:
    keras_model(keras, trained("relu"), keras.layers.Rescaling(1 / 255)).save(tmp_path / "x.keras")
    agrees(tmp_path / "x.keras", trained("relu"), digits)
    keras_model(keras, trained("sigmoid")).save_weights(tmp_path / "x.weights.h5")
    agrees(tmp_path / "x.weights.h5", trained("sigmoid"), digits, False)
    convolution = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    convolution.save(tmp_path / "c.keras")
    with pytest.raises(ImportRefused, match=r"a convolution \(conv2d"):
        read_model(tmp_path / "c.keras")
    recurrent = keras.Sequential([keras.Input((8, 8)), keras.layers.LSTM(4), keras.layers.Dense(3)])
    recurrent.save(tmp_path / "r.keras")
    with pytest.raises(ImportRefused, match="a recurrent layer"):
        read_model(tmp_path / "r.keras")


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("activation", ["logistic", "relu", "tanh"])
@pytest.mark.parametrize("scaler", [False, True])
def test_scikit_learn(activation: str, scaler: bool, digits: Digits, tmp_path: Path) -> None:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from skops import io as skops

    classifier = MLPClassifier((6, 5), activation=activation, max_iter=60, random_state=1, learning_rate_init=0.01)
    model = make_pipeline(StandardScaler(), classifier) if scaler else classifier
    vectors = 16 * digits.vectors.astype(float)
    model.fit(vectors, np.array(digits.class_names)[digits.labels])
    skops.dump(model, tmp_path / "x.skops")
    found = read_model(tmp_path / "x.skops")
    assert found.class_names == ("one", "three", "two")
    sorted_names = Digits(digits.images, np.array([0, 2, 1])[digits.labels], found.class_names)
    done = work_out(found, sorted_names, sorted_names, scaling=Scaling("0 to 16", 16, 0))
    assert done.difference is not None and done.difference < 1e-4
    theirs = np.array([found.class_names.index(name) for name in model.predict(vectors)])
    assert (done.network.classify(digits.vectors) == theirs).all()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_two_classes_of_scikit_learn_have_two_outputs_here(digits: Digits, tmp_path: Path) -> None:
    from sklearn.neural_network import MLPClassifier
    from skops import io as skops

    two = Digits(digits.images, digits.labels // 2, ("few", "many"))
    classifier = MLPClassifier((5,), max_iter=60, random_state=1, learning_rate_init=0.01).fit(two.vectors, two.labels)
    skops.dump(classifier, tmp_path / "x.skops")
    done = work_out(read_model(tmp_path / "x.skops"), two, two, scaling=Scaling("0 to 1", 1, 0))
    np.testing.assert_allclose(done.network.predict(two.vectors), classifier.predict_proba(two.vectors), atol=1e-4)


def test_scikit_learn_that_is_no_network(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from skops import io as skops

    skops.dump(LogisticRegression(), tmp_path / "x.skops")
    with pytest.raises(ImportRefused, match="holds a LogisticRegression"):
        read_model(tmp_path / "x.skops")


def onnx_model(onnx: Any, network: Network, wide: bool) -> Any:
    """With Gemm, as PyTorch writes it, or with MatMul and Add behind a division by 255, as others do."""
    helper, nodes, values, at = onnx.helper, [], [], "x"

    def value(name: str, array: np.ndarray) -> str:
        values.append(onnx.numpy_helper.from_array(np.asarray(array, np.float32), name))
        return name

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [f"t{len(nodes)}"], **attributes))
        return f"t{len(nodes) - 1}"

    if not wide:
        at = node("Div", at, value("white", np.float32(255).reshape(1)))
    at = node("Flatten", at)
    for n, layer in enumerate(network.layers):
        if wide:
            at = node("Gemm", at, value(f"w{n}", layer.weights), value(f"b{n}", layer.biases), transB=1)
        else:
            at = node("Add", node("MatMul", at, value(f"w{n}", layer.weights.T)), value(f"b{n}", layer.biases))
        at = node({"relu": "Relu", "sigmoid": "Sigmoid"}[layer.activation], at)
    made = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "g", [made("x", 1, ["n", 1, 8, 8])], [made(at, 1, ["n", network.sizes[-1]])], values
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_onnx(wide: bool, activation: str, trained: Any, digits: Digits, tmp_path: Path) -> None:
    import onnx

    onnx.save(onnx_model(onnx, trained(activation), wide), tmp_path / "x.onnx")
    model = read_model(tmp_path / "x.onnx")
    done = work_out(model, digits, digits, scaling=Scaling("", 1 if wide else 255, 0))
    assert done.difference is not None and done.difference < 1e-4
    np.testing.assert_allclose(
        done.network.predict(digits.vectors), trained(activation).predict(digits.vectors), atol=1e-4
    )


def test_onnx_with_a_convolution(trained: Any, tmp_path: Path) -> None:
    import onnx

    model = onnx_model(onnx, trained("relu"), True)
    model.graph.node.insert(0, onnx.helper.make_node("Conv", ["x", "w0"], ["c"], name="conv1"))
    model.graph.node[1].input[0] = "c"
    onnx.save(model, tmp_path / "x.onnx")
    with pytest.raises(ImportRefused, match="a convolution of the kind Conv .conv1"):
        read_model(tmp_path / "x.onnx")


def chain(onnx: Any, width: int, *nodes: tuple[str, tuple[str, ...], str, dict[str, Any]], **values: Any) -> Any:
    """A model from x (n, 64) to y, with these nodes (kind, inputs, output, attributes) and arrays."""
    helper = onnx.helper
    made = [helper.make_node(kind, list(given), [out], **attributes) for kind, given, out, attributes in nodes]
    arrays = [onnx.numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in values.items()]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(made, "g", [value("x", 1, ["n", 64])], [value("y", 1, ["n", width])], arrays)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def test_onnx_functions_in_parts_and_what_is_folded(digits: Digits, tmp_path: Path) -> None:
    import onnx

    rng = np.random.default_rng(3)
    w, v = rng.normal(0, 0.4, (5, 64)), rng.normal(0, 1, (3, 5))
    parts = {"s": rng.normal(size=5), "b": rng.normal(size=5), "m": rng.normal(size=5), "q": 0.5 + rng.random(5)}
    gelu = (
        ("Div", ("h", "root"), "h1", {}), ("Erf", ("h1",), "h2", {}), ("Add", ("h2", "one"), "h3", {}),
        ("Mul", ("h", "h3"), "h4", {}), ("Mul", ("h4", "half"), "k", {}),
    )  # fmt: skip
    silu = (("Sigmoid", ("h",), "h1", {}), ("Mul", ("h", "h1"), "k", {}))
    for function, nodes in (
        ("gelu", gelu),
        ("silu", silu),
        ("leaky_relu(0.3)", (("LeakyRelu", ("h",), "k", {"alpha": 0.3}),)),
    ):
        model = chain(
            onnx,
            3,
            ("Gemm", ("x", "w"), "z", {"transB": 1}),
            ("BatchNormalization", ("z", "s", "b", "m", "q"), "h", {"epsilon": 0.01}),
            *nodes,
            ("Gemm", ("k", "v"), "y0", {"transB": 1}),
            ("Softmax", ("y0",), "y", {"axis": 1}),
            **{"w": w, "v": v, "root": np.sqrt(2), "one": 1.0, "half": 0.5, **parts},
        )
        onnx.save(model, tmp_path / "x.onnx")
        found = read_model(tmp_path / "x.onnx")
        assert [layer.function for layer in found.layers] == [function, "softmax"]
        assert found.run is not None
        ours = apply("softmax", sums(found, digits.vectors, Scaling("", 1, 0)))
        np.testing.assert_allclose(ours, found.run(digits.vectors), atol=1e-5)


def test_onnx_skip_connections_are_refused_and_odd_nodes_not_run(tmp_path: Path) -> None:
    import onnx

    product = ("Gemm", ("x", "w"), "h", {"transB": 1})
    end = ("Gemm", ("k", "v"), "y", {"transB": 1})
    arrays = {"w": np.ones((64, 64)), "v": np.ones((3, 64))}
    onnx.save(chain(onnx, 3, product, ("Add", ("x", "h"), "k", {}), end, **arrays), tmp_path / "x.onnx")
    with pytest.raises(ImportRefused, match="such as a skip connection"):
        read_model(tmp_path / "x.onnx")
    beside = ("ConstantOfShape", ("size",), "unused", {})
    onnx.save(
        chain(onnx, 3, product, ("Relu", ("h",), "k", {}), beside, end, size=[9.0], **arrays), tmp_path / "x.onnx"
    )
    found = read_model(tmp_path / "x.onnx")
    assert found.run is None and found.why_not_run == "onnx cannot run all of its nodes"


@pytest.mark.parametrize(
    ("kind", "settings", "function"),
    [
        ("ReLU", {"negative_slope": 0.3, "max_value": None, "threshold": 0.0}, "leaky_relu(0.3)"),
        ("ReLU", {"max_value": 6.0}, "relu6"),
        ("LeakyReLU", {}, "leaky_relu(0.3)"),
        ("ELU", {"alpha": 0.5}, "elu(0.5)"),
        ("Dense", {"activation": "gelu"}, "gelu"),
        ("Dense", {"activation": "leaky_relu"}, "leaky_relu(0.2)"),
        ("Dense", {"activation": "hard_sigmoid"}, "hard_sigmoid"),
        ("Activation", {"activation": "swish"}, "silu"),
        ("Dense", {"activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.1}}}, "leaky_relu(0.1)"),
        ("Dense", {"activation": "mish"}, None),
        ("ReLU", {"max_value": 1.0}, None),
    ],
)
def test_functions_as_keras_names_them(kind: str, settings: dict[str, Any], function: str | None) -> None:
    if function is None:
        with pytest.raises(ImportRefused, match="mish|limits"):
            function_of_keras(kind, settings, Path("x.keras"))
    else:
        assert function_of_keras(kind, settings, Path("x.keras")) == function


@pytest.mark.parametrize(
    ("name", "said"),
    [
        *(("x.tflite", "save the network that it was made from, as .keras"), ("x.pt2", "cannot be read as .pt2")),
        *(("x.eqx", "its arrays with numpy.savez"), ("x", "opening a pickle can run any program")),
        ("x.npz", "it is empty"),
    ],
)
def test_files_that_nobody_can_read_have_a_way_out(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"" if "empty" in said else pickle.dumps([1]))
    with pytest.raises(ImportRefused, match=said):
        read_model(tmp_path / name)


# ------------------------------------------------------------------------------------------ the command


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for split, n, seed in (("train", 120, 1), ("t10k", 30, 2)):
        images, labels = pictures(n, seed=seed)
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", labels)
    return tmp_path


def test_the_command_makes_a_checkpoint_that_knows_its_data(
    folder: Path, trained: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    network = trained("sigmoid")
    np.savez(
        folder / "mine.npz",
        **{f"{k}{n}": a for n, p in enumerate(arrays_of(network, 255)) for k, a in zip("Wb", p, strict=True)},
    )
    output = folder / "out.npz"
    assert run("import", folder / "mine.npz", "--data", folder, "--output", output) == 0
    told = capsys.readouterr().out
    assert "Test accuracy" in told and "could not be checked by running the network itself" in told
    checkpoint = load_checkpoint(output)
    assert checkpoint.metadata.settings["imported"] == "mine.npz"
    assert checkpoint.metadata.test_accuracy is not None and checkpoint.metadata.test_accuracy > 0.9
    assert datasets.data_of(output, None) == folder
    before = output.read_bytes()
    assert run("import", folder / "mine.npz", "--data", folder, "--output", output) == 1
    assert output.read_bytes() == before
    assert run("import", output, "--data", folder, "--output", folder / "y.npz") == 1
    assert "is already a checkpoint of Knobs" in capsys.readouterr().err


def bad_file(folder: Path, kind: str) -> Path:
    file = folder / {"a pickle": "x.pkl", "a text": "x.txt", "a folder": "x.onnx", "not there": "x.keras"}.get(
        kind, "x.npz"
    )
    if kind == "a pickle":
        file.write_bytes(pickle.dumps([1]))
    elif kind == "a text":
        file.write_text("hello")
    elif kind == "a folder":
        file.mkdir()
    elif kind.startswith("text in "):
        file = folder / f"x{kind.removeprefix('text in ')}"
        file.write_text("hello")
    elif kind == "no archive":
        file.write_text("hello")
    elif kind == "cut off":
        whole = io.BytesIO()
        np.savez(whole, W=np.zeros((3, 64)))
        file.write_bytes(whole.getvalue()[:-30])
    elif kind == "objects":
        np.savez(file, W=np.array([{}], object), allow_pickle=True)
    elif kind == "other sizes":
        np.savez(file, W=np.zeros((3, 9)))
    elif kind == "a broken keras":
        file = folder / "x.keras"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("config.json", json.dumps({}))
    return file


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("a pickle", "opening a pickle can run any program; save the model with skops"),
        ("a text", "x.txt is not known"),
        ("a folder", "is a folder"),
        ("not there", "there is no file"),
        ("no archive", "cannot be read as .npz"),
        ("cut off", "cannot be read as .npz"),
        ("objects", "x.npz holds Python objects"),
        ("other sizes", "takes 9 numbers and gives 3"),
        ("a broken keras", "x.keras"),
        *(
            (f"text in .{kind}", f"cannot be read as .{kind}: it is damaged")
            for kind in ("h5", "keras", "skops", "npz")
        ),
    ],
)
def test_what_cannot_be_imported_is_told_in_a_sentence(
    folder: Path, kind: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", bad_file(folder, kind), "--data", folder, "--output", folder / "out.npz") == 1
    told = capsys.readouterr().err.strip()
    assert said in told and "\n" not in told and "Traceback" not in told
    assert not (folder / "out.npz").exists()


def test_a_package_that_is_missing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    (folder / "x.onnx").write_bytes(b"x")
    with pytest.raises(ImportRefused, match="needs the package onnx; install it with"):
        readers.read_model(folder / "x.onnx")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        *(("linear", "identity"), ("logistic", "sigmoid"), ("LogSoftmax", "log_softmax"), ("Relu", "relu")),
        *(("softmax", "softmax"), ("Tanh", "tanh"), ("gelu", "gelu"), ("LeakyRelu", "leaky_relu")),
        *(("swish", "silu"), ("hardtanh", "hard_tanh"), ("mish", None), ("PReLU", None), ("elu(0.5)", "elu(0.5)")),
    ],
)
def test_functions_are_known_by_the_names_that_other_programs_give_them(theirs: str, ours: str | None) -> None:
    assert function_named(theirs) == ours
