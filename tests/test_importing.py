"""A network from another program is the same function here, or is refused with a reason."""

from __future__ import annotations

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
from scipy.special import expit, softmax

from lesson.cli.program import main
from lesson.importing import datasets, readers
from lesson.importing.inference import Scaling, as_network, same_answers, scalings, sums, work_out
from lesson.importing.model import FUNCTIONS, FoundLayer, FoundModel, ImportRefused, function_named, layers_of_arrays
from lesson.importing.readers import read_model
from network import Network
from network.checkpoint import load_checkpoint
from network.digits import Digits
from network.network import ACTIVATIONS
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
        ({"bn.running_mean": np.zeros(4)}, "batch normalisation"),
        ({"a.in_proj_weight": np.zeros((4, 4))}, "an attention layer"),
        ({"fc.weight": np.zeros((4, 4)), "norm.weight": np.zeros(7), "norm.bias": np.zeros(7)}, "a layer of shape"),
        ({"x": np.zeros(3)}, "no weights of fully connected layers"),
        ({"a.weight": np.zeros((4, 5)), "b.weight": np.zeros((3, 7))}, "do not fit one after the other"),
        ({"a.weight": np.full((4, 5), np.nan)}, "a NaN"),
        ({"a.weight": np.zeros((4, 5), complex)}, "holds complex128"),
    ],
)
def test_wrong_kinds_are_named(arrays: dict[str, np.ndarray], said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        layers_of_arrays(arrays, None, "the file")


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
    found = work_out(model, digits, digits, activation, Scaling("known", scale, 0))
    for layer, ours in zip(found.network.layers, network.layers, strict=True):
        np.testing.assert_allclose(layer.weights, ours.weights, rtol=1e-5)
    guessed = work_out(model, digits, digits)
    assert (guessed.network.classify(digits.vectors) == digits.labels).mean() > 0.95
    known = model.with_functions(guessed.hidden[0], None)
    assert same_answers(guessed.network, known, guessed.scaling, digits) == 1


@pytest.mark.parametrize("hidden", ["sigmoid", "relu", "tanh"])
@pytest.mark.parametrize("output", ["sigmoid", "softmax", "identity", "tanh", None])
def test_folding_changes_no_answer(hidden: str, output: str | None, digits: Digits) -> None:
    rng = np.random.default_rng(5)
    sizes = (64, 7, 6, 3)
    layers = tuple(
        FoundLayer("x", rng.normal(0, 0.4, (n, m)), rng.normal(0, 1, n), hidden)
        for m, n in zip(sizes, sizes[1:], strict=False)
    )
    model = FoundModel("test", (*layers[:-1], FoundLayer("x", layers[-1].weights, layers[-1].biases, output)))
    for way in scalings(digits):
        model = FoundModel("test", model.layers, (rng.random(64) + 0.5) / way.scale, rng.random(64))
        network, _ = as_network(model, way, digits)
        found = sums(model, digits.vectors, way)
        assert same_answers(network, model, way, digits) > 0.99
        if output == "sigmoid":
            np.testing.assert_allclose(network.predict(digits.vectors), expit(found), atol=2e-4)
        elif output in ("softmax", "identity"):
            assert network.predict(digits.vectors).sum(axis=1).mean() == pytest.approx(1, abs=1e-3)


def test_a_network_that_reads_nothing_is_refused(digits: Digits) -> None:
    rng = np.random.default_rng(0)
    model = FoundModel("test", (FoundLayer("x", -np.ones((3, 64)) * rng.random((3, 1)), np.zeros(3)),))
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


def agrees(file: Path, network: Network, digits: Digits, difference_known: bool = True) -> None:
    """Read, inferred, and compared with the original."""
    found = work_out(read_model(file), digits, digits)
    if difference_known:
        assert found.difference is not None and found.difference < 1e-4
    assert (found.network.classify(digits.vectors) == network.classify(digits.vectors)).mean() > 0.99


def test_safetensors(trained: Any, digits: Digits, tmp_path: Path) -> None:
    from safetensors import numpy

    state = {}
    for n, (w, b) in enumerate(arrays_of(trained("relu"), 255)):
        state |= {f"fc{n}.weight": w, f"fc{n}.bias": b}
    numpy.save_file(state, tmp_path / "x.safetensors")
    agrees(tmp_path / "x.safetensors", trained("relu"), digits, False)
    whole = (tmp_path / "x.safetensors").read_bytes()
    (tmp_path / "x.safetensors").write_bytes(whole[:100])
    with pytest.raises(ImportRefused, match="cannot be read as .safetensors"):
        read_model(tmp_path / "x.safetensors")


@pytest.mark.slow
@pytest.mark.needs("pytorch")
def test_torch_state_dict_and_nothing_that_runs(trained: Any, digits: Digits, tmp_path: Path) -> None:
    import torch

    layers: list[Any] = []
    for w, b in arrays_of(trained("sigmoid")):
        layer = torch.nn.Linear(w.shape[1], len(w))
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        layers += [layer, torch.nn.Sigmoid()]
    module = torch.nn.Sequential(*layers)
    torch.save(module.state_dict(), tmp_path / "x.pt")
    agrees(tmp_path / "x.pt", trained("sigmoid"), digits)
    torch.save({"model": module.state_dict(), "epoch": 3}, tmp_path / "run.pth")
    agrees(tmp_path / "run.pth", trained("sigmoid"), digits, False)
    torch.save(module, tmp_path / "whole.pt")
    with pytest.raises(ImportRefused, match="state_dict"):
        read_model(tmp_path / "whole.pt")


FILES = Path(__file__).parent / "files"


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
    assert "Test accuracy" in told and "100.00 % of its answers equal those of the layers in the file" in told
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
        ("objects", "cannot be read as .npz"),
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
    (folder / "x.onnx").write_bytes(b"")
    with pytest.raises(ImportRefused, match="needs the package onnx; install it with"):
        readers.read_model(folder / "x.onnx")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        *(("linear", "identity"), ("logistic", "sigmoid"), ("LogSoftmax", "log_softmax"), ("Relu", "relu")),
        *(("softmax", "softmax"), ("Tanh", "tanh"), ("gelu", None), ("LeakyRelu", None)),
    ],
)
def test_functions_are_known_by_the_names_that_other_programs_give_them(theirs: str, ours: str | None) -> None:
    assert function_named(theirs) == ours


def test_the_functions_are_those_of_the_network() -> None:
    assert all(FUNCTIONS[name] is activation.function for name, activation in ACTIVATIONS.items())
