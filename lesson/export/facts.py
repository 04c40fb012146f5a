"""The numbers on the pages, all computed from this network and its data when the pages are made."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from network.analysis.mistakes import mixed_up_most
from network.checkpoint import Checkpoint
from network.digits import Digits
from network.evaluation import evaluate
from network.network import ACTIVATIONS, Network, activation_named
from scenes.language import _w
from scenes.licence import shown_name
from scenes.wording import function_name, number

# How many rows of a table the page shows with their answers.
_ROWS_SHOWN = 8


@dataclass(frozen=True)
class Confusion:
    """The two classes that are mixed up most: `count` pictures of one of them were read as the other."""

    one: str
    other: str
    count: int


@dataclass(frozen=True)
class Bias:
    """The hidden neuron with the bias farthest from 0. Layers count from 1, neurons from 0; lit: σ(value)."""

    layer: int
    neuron: int
    value: float
    lit: float


@dataclass(frozen=True)
class Row:
    """A row of a table, as it is written, its class, and what the network says. output: that of its answer."""

    values: tuple[str, ...]
    truth: str
    answer: str
    output: float


@dataclass(frozen=True)
class Facts:
    """What the pages say about a network and its data.

    side: of a picture, in pixels; 0 for the rows of a table. thing, things: what the pictures or rows are called.
    best, worst: the classes with the highest and lowest recall, and that recall. dark: how many pixels are black in
    every test picture. sums: the smallest, mean and largest sum of the outputs for a test picture. black: the answer to
    a black picture, and its output. recorded: whether the training run is in the checkpoint. hidden_name: the
    activation of the first layer. inputs: the names of the numbers in a row of a table. rows: the first rows of its
    test set.
    """

    network: Network
    side: int
    classes: tuple[str, ...]
    thing: str
    things: str
    tested: int
    right: int
    best: tuple[str, float]
    worst: tuple[str, float]
    confusion: Confusion | None
    dark: int
    sums: tuple[float, float, float]
    bias: Bias
    black: tuple[str, float]
    recorded: bool
    hidden_name: str
    data_name: str
    inputs: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def sizes(self) -> tuple[int, ...]:
        return self.network.sizes

    @property
    def hidden(self) -> tuple[int, ...]:
        return self.sizes[1:-1]

    @property
    def hidden_names(self) -> tuple[str, ...]:
        """The activations of the hidden layers."""
        return self.network.activations[:-1]

    def all_hidden_use(self, name: str) -> bool:
        """Whether there are hidden layers, and all of them have this activation."""
        return set(self.hidden_names) == {name}

    @property
    def hidden_function(self) -> str:
        """The activation function of the first layer, in a sentence."""
        return function_name(self.hidden_name).with_article

    @property
    def outputs_are_shares(self) -> bool:
        """Whether the outputs always come to 1."""
        return self.network.activations[-1] == "softmax"

    @property
    def a_thing(self) -> str:
        if self.takes_rows:
            return _w("one of the rows that the network reads", "a row of numbers")
        if self.is_of_digits:
            return _w("one of the pictures that the network reads", "a digit")
        return _w("one of the pictures that the network reads", "a picture")

    @property
    def is_of_digits(self) -> bool:
        """Whether the network reads handwritten digits."""
        return not self.takes_rows and is_of_digits(self.classes)

    @property
    def takes_rows(self) -> bool:
        """Whether the network takes the rows of a table, not pictures."""
        return not self.side

    @property
    def weights(self) -> int:
        return self.network.weight_count

    @property
    def biases(self) -> int:
        return self.network.bias_count

    @property
    def knobs(self) -> int:
        return self.network.parameter_count

    @property
    def first_share(self) -> float:
        """The share of all weights that are in the first layer."""
        return self.network.layers[0].weights.size / self.weights

    @property
    def wrong(self) -> int:
        return self.tested - self.right

    @property
    def accuracy(self) -> float:
        return self.right / self.tested

    @property
    def doubled_knobs(self) -> int:
        """The number of knobs if each hidden layer had twice as many neurons."""
        sizes = (self.sizes[0], *(2 * n for n in self.hidden), self.sizes[-1])
        return sum(n_out * (n_in + 1) for n_in, n_out in zip(sizes, sizes[1:], strict=False))

    @property
    def picture_digits(self) -> int:
        """The number of digits in the number of pictures of this size with 256 shades."""
        return math.floor(self.sizes[0] * math.log10(256)) + 1

    @property
    def binary_digits(self) -> int:
        """The number of digits in the number of settings if each knob had two positions."""
        return math.floor(self.knobs * math.log10(2)) + 1

    @property
    def steepest(self) -> float:
        """The steepest slope of the sigmoid."""
        return float(ACTIVATIONS["sigmoid"].slope(np.array(self.activation(0, "sigmoid"))))

    def all_right(self, n: int) -> float:
        """The probability that n pictures in a row are all read right, if mistakes are independent."""
        return float(self.accuracy**n)

    def activation(self, z: float, name: str | None = None) -> float:
        """The activation for a weighted sum; by default with the function of the first layer."""
        return float(activation_named(name or self.hidden_name).function(np.float64(z)))


def is_of_digits(names: tuple[str, ...]) -> bool:
    """Whether these classes are digits."""
    return all(name.isdigit() and len(name) == 1 for name in names)


def facts_of(checkpoint: Checkpoint, digits: Digits) -> Facts:
    """Run the network on the test set once, and count."""
    network = checkpoint.network
    found = evaluate(network, digits)
    names = digits.class_names
    recall = np.nan_to_num(found.recall, nan=-1)
    worst_order = np.where(found.counts > 0, found.recall, np.inf)
    mixed_up = mixed_up_most(found)
    one, other = (names[number] for number in mixed_up.classes)
    sums = np.concatenate(
        [network.predict(part).sum(axis=1) for part in np.array_split(digits.vectors, max(1, len(digits) // 2048))]
    )
    dark = network.forward(np.zeros(network.sizes[0]))
    return Facts(
        network,
        0 if digits.inputs else digits.side,
        names,
        *_called(digits),
        len(digits),
        int(np.trace(found.confusion)),
        (names[int(recall.argmax())], float(recall.max())),
        (names[int(worst_order.argmin())], float(worst_order.min())),
        Confusion(one, other, mixed_up.count) if mixed_up.count else None,
        int(digits.never_lit.sum()),
        (float(sums.min()), float(sums.mean()), float(sums.max())),
        _strongest_bias(network),
        (names[dark.answer], float(dark.output.max())),
        len(checkpoint.snapshot_steps) > 0,
        network.activations[0],
        shown_name(checkpoint.metadata.data_name),
        digits.inputs,
        _first_rows(network, digits) if digits.inputs else (),
    )


def _first_rows(network: Network, digits: Digits) -> tuple[Row, ...]:
    shown = range(min(_ROWS_SHOWN, len(digits)))
    passes = [network.forward(digits.vectors[row]) for row in shown]
    return tuple(
        Row(
            tuple(number(*one) for one in zip(digits.vectors[row], digits.places, strict=True)),
            digits.class_names[digits.labels[row]],
            digits.class_names[forward.answer],
            float(forward.output[forward.answer]),
        )
        for row, forward in zip(shown, passes, strict=True)
    )


def _called(digits: Digits) -> tuple[str, str]:
    """What the pictures or rows are called, for one and for several."""
    if digits.inputs:
        return _w("what the rows are called, for one", "row"), _w("what the rows are called, for several", "rows")
    if is_of_digits(digits.class_names):
        return (
            _w("what the pictures are called, for one", "digit"),
            _w("what the pictures are called, for several", "digits"),
        )
    return (
        _w("what the pictures are called, for one", "picture"),
        _w("what the pictures are called, for several", "pictures"),
    )


def _strongest_bias(network: Network) -> Bias:
    hidden = network.layers[:-1] or network.layers
    number = max(range(len(hidden)), key=lambda n: float(np.abs(hidden[n].biases).max()))
    layer = hidden[number]
    neuron = int(np.abs(layer.biases).argmax())
    value = float(layer.biases[neuron])
    # Softmax needs the sums of all neurons: with nothing arriving, all of them are biases.
    return Bias(number + 1, neuron, value, float(layer.activate(layer.biases.astype(np.float64))[neuron]))
