from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from network import Layer, Network, evaluation
from network.digits import Digits
from network.evaluation import evaluate, responses

MakeDigits = Callable[..., Digits]


def an_echo(outputs: np.ndarray, labels: list[int]) -> tuple[Network, Digits]:
    """A network whose three outputs are pixels of its 2×2 images, and images that make it say `outputs`."""
    images = np.zeros((len(outputs), 2, 2), np.float32)
    images.reshape(len(outputs), 4)[:, :3] = outputs
    network = Network((Layer(np.eye(3, 4, dtype=np.float32), np.zeros(3, np.float32), "identity"),))
    return network, Digits(images, np.array(labels), ("a", "b", "c"))


OUTPUTS = np.array(
    [[1, 0, 0], [0.2, 0.05, 0.3], [0, 0.95, 0], [0, 0.5, 0.6], [0.99, 0, 0], [0, 1, 0]], np.float32
)  # answers a, c, b, c, a, b
LABELS = [0, 0, 1, 1, 1, 1]


def test_everything_it_counts_on_a_case_worked_by_hand() -> None:
    result = evaluate(*an_echo(OUTPUTS, LABELS))
    assert result.answers.tolist() == [0, 2, 1, 2, 0, 1]
    assert result.confusion.tolist() == [[1, 0, 1], [1, 2, 1], [0, 0, 0]]
    assert result.accuracy == 0.5
    assert result.counts.tolist() == [2, 4, 0]
    np.testing.assert_array_equal(result.recall, [0.5, 0.5, np.nan])
    np.testing.assert_array_equal(result.precision, [0.5, 1, 0])
    assert result.mistakes.tolist() == [4, 3, 1]  # sure of 0.99, 0.6 and 0.3
    assert result.mean_sum == pytest.approx((1 + 0.55 + 0.95 + 1.1 + 0.99 + 1) / 6)
    assert result.decided == pytest.approx(14 / 18)  # all but 0.2, 0.3, 0.5 and 0.6


def test_a_class_that_is_never_the_answer_has_no_precision() -> None:
    result = evaluate(*an_echo(np.array([[1, 0, 0]], np.float32), [1]))
    np.testing.assert_array_equal(result.precision, [0, np.nan, np.nan])


def test_batches_change_nothing(make_digits: MakeDigits, monkeypatch: pytest.MonkeyPatch) -> None:
    digits = make_digits(101)
    network = Network.random([64, 5, 4, 3], np.random.default_rng(1))
    whole, all_responses = evaluate(network, digits), responses(network, digits)
    monkeypatch.setattr(evaluation, "_BATCH", 7)
    parts = evaluate(network, digits)
    assert np.array_equal(whole.confusion, parts.confusion)
    assert np.array_equal(whole.mistakes, parts.mistakes)
    assert parts.mean_sum == pytest.approx(whole.mean_sum)
    assert parts.decided == whole.decided
    for one, other in zip(all_responses, responses(network, digits), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_responses_are_the_mean_activations_of_each_class(make_digits: MakeDigits) -> None:
    digits = make_digits(40)
    network = Network.random([64, 5, 4, 3], np.random.default_rng(1))
    runs = [network.forward(image) for image in digits.images]
    found = responses(network, digits)
    assert [array.shape for array in found] == [(5, 3), (4, 3), (3, 3)]
    for layer, array in enumerate(found):
        for k in range(3):
            of_class = [run.activations[layer] for run, label in zip(runs, digits.labels, strict=True) if label == k]
            np.testing.assert_allclose(array[:, k], np.mean(of_class, axis=0), rtol=1e-5)


def test_a_class_without_images_has_no_response(make_digits: MakeDigits) -> None:
    digits = make_digits(40, classes=2)
    digits = Digits(digits.images, digits.labels, ("a", "b", "absent"))
    (found,) = responses(Network.random([64, 3], np.random.default_rng(0)), digits)
    assert np.isnan(found[:, 2]).all()
    assert np.isfinite(found[:, :2]).all()


def test_what_cannot_be_evaluated_is_told(make_digits: MakeDigits) -> None:
    digits = make_digits()
    with pytest.raises(ValueError, match="there are no images"):
        evaluate(Network.random([64, 3], np.random.default_rng(0)), digits.subset(slice(0)))
    with pytest.raises(ValueError, match="the network has 2 outputs; the data has 3 classes"):
        evaluate(Network.random([64, 2], np.random.default_rng(0)), digits)
