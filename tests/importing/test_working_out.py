"""What a file does not say of a network is worked out, and the network is the same function here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.importing.inference import activations_named, as_network, same_answers, scaling_named, sums, work_out
from lesson.importing.model import FoundLayer, FoundModel, ImportRefused, apply, function_named
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling, conventions, turned
from network.digits import Digits
from tests.importing.conftest import arrays_of


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
