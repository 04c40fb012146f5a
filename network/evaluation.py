"""How good a network is, where it makes mistakes, and what each of its neurons responds to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.gradients import one_hot
from network.network import Array, Network

# Images that go through the network at a time, so that the hidden layers of the whole test set are never in memory.
_BATCH = 2048


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a network made of labelled images.

    answers: (n,) the class it gave each image.
    confusion: (classes, classes) counts; row the true class, column the answer.
    mistakes: indices of the images it got wrong, the most confident mistake first.
    mean_sum: the sum of the outputs for one image, on average; near 1 if each output means what it says.
    decided: share of the outputs below 0.1 or above 0.9.
    """

    class_names: tuple[str, ...]
    answers: NDArray[np.intp]
    confusion: NDArray[np.int64]
    mistakes: NDArray[np.intp]
    mean_sum: float
    decided: float

    @property
    def accuracy(self) -> float:
        """The share of the images that it got right."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many images of each class there were, (classes,)."""
        counts: NDArray[np.int64] = self.confusion.sum(axis=1)
        return counts

    @property
    def recall(self) -> NDArray[np.float64]:
        """The share of each class's images that were given that class, (classes,); NaN for a class without images."""
        return _shares(np.diag(self.confusion), self.counts)

    @property
    def precision(self) -> NDArray[np.float64]:
        """The share of the images given a class that belong to it, (classes,); NaN for a class never given."""
        return _shares(np.diag(self.confusion), self.confusion.sum(axis=0))


def evaluate(network: Network, digits: Digits) -> Evaluation:
    """Run the network on all the images once. ValueError if they do not fit it, or if there are none."""
    if not len(digits):
        raise ValueError("there are no images to evaluate the network on")
    classes = len(digits.class_names)
    if network.sizes[-1] != classes:
        raise ValueError(f"the network has {network.sizes[-1]} outputs; the data has {classes} classes")
    answers: NDArray[np.intp] = np.empty(len(digits), np.intp)
    sureness: NDArray[np.float64] = np.empty(len(digits))
    total, decided = 0.0, 0
    for part in _batches(digits):
        outputs = network.predict(digits.vectors[part])
        answers[part] = outputs.argmax(axis=1)
        sureness[part] = outputs.max(axis=1)
        total += float(outputs.sum(dtype=np.float64))
        decided += int(np.count_nonzero((outputs < 0.1) | (outputs > 0.9)))
    confusion = confusion_of(digits.labels, answers, classes)
    mistakes = np.flatnonzero(answers != digits.labels)
    mistakes = mistakes[np.argsort(-sureness[mistakes], kind="stable")]
    return Evaluation(
        digits.class_names, answers, confusion, mistakes, total / len(digits), decided / (len(digits) * classes)
    )


def confusion_of(labels: NDArray[np.integer], answers: NDArray[np.integer], classes: int) -> NDArray[np.int64]:
    """Counts of images, (classes, classes): row the true class, column the answer. labels, answers: (n,) from 0."""
    counts = np.bincount(labels.astype(np.int64) * classes + answers, minlength=classes * classes)
    confusion: NDArray[np.int64] = counts.reshape(classes, classes).astype(np.int64)
    return confusion


def responses(network: Network, digits: Digits) -> tuple[Array, ...]:
    """For each layer, every neuron's mean activation for each class: (n_neurons, classes); NaN for absent classes."""
    classes = len(digits.class_names)
    totals = [np.zeros((layer.n_out, classes)) for layer in network.layers]
    for part in _batches(digits):
        activations = np.asarray(digits.vectors[part], network.dtype)
        is_class = one_hot(digits.labels[part], classes, np.float64)
        for layer, total in zip(network.layers, totals, strict=True):
            activations = layer.activate(layer.weighted_sums(activations))
            total += activations.T @ is_class
    counts = np.bincount(digits.labels, minlength=classes)
    return tuple(_shares(total, counts) for total in totals)


def _batches(digits: Digits) -> Iterator[slice]:
    return (slice(start, start + _BATCH) for start in range(0, len(digits), _BATCH))


def _shares(parts: Array | NDArray[np.int64], wholes: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = np.full(np.broadcast_shapes(parts.shape, wholes.shape), np.nan)
    return np.divide(parts, wholes, out=shares, where=wholes != 0)
