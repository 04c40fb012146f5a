"""Arrays with names, whoever wrote them, are layers; what is no layer is refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.importing.arrays import layers_of_arrays, sort_arrays
from lesson.importing.model import ImportRefused
from lesson.importing.readers import read_model
from network.digits import Digits
from tests.importing.conftest import agrees, arrays_of


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
