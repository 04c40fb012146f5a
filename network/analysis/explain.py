"""Why one output beat another: what each neuron added to its lead.

For one image, z is the weighted sum of an output, w its weights, b its bias and a the activations that flow into it:

    z_answer − z_other  =  Σ_i (w_answer,i − w_other,i) a_i  +  b_answer − b_other

so one can read off what each neuron i before the outputs did for the answer. Where the function of the outputs rises
with z, as softmax and the sigmoid do, the output with the greater sum is the brighter one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.evaluation import evaluate
from network.network import ForwardPass, Network

_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lead:
    """How far one output is ahead of another, z_answer − z_other, and what it is made of.

    answer, other: the two outputs. terms: (n_in,), what each neuron before the outputs adds to the lead of `answer`.
    bias: what the biases add.
    """

    forward: ForwardPass
    answer: int
    other: int
    terms: _Floats
    bias: float

    @property
    def total(self) -> float:
        """z_answer − z_other: the sum of all the terms and the bias. It is below 0 if `other` is ahead."""
        return float(self.terms.sum() + self.bias)

    @property
    def votes(self) -> tuple[float, float]:
        """What speaks for `answer` and what for `other`, without the biases, each 0 or more."""
        return float(self.terms[self.terms > 0].sum()), float(-self.terms[self.terms < 0].sum())

    @property
    def sides(self) -> tuple[float, float]:
        """What speaks for `answer` and what for `other`, the biases included, each 0 or more; `total` is between."""
        parts = np.append(self.terms, self.bias)
        return float(parts[parts > 0].sum()), float(-parts[parts < 0].sum())

    @property
    def order(self) -> NDArray[np.intp]:
        """The neurons before the outputs, (n_in,), the one that did most for `answer` first."""
        return np.argsort(-self.terms, kind="stable")

    def strongest(self, most: int) -> NDArray[np.intp]:
        """The neurons that do most for either of both, at most so many, the one that does most for `answer` first."""
        chosen = np.argsort(-np.abs(self.terms), kind="stable")[:most]
        order: NDArray[np.intp] = chosen[np.argsort(-self.terms[chosen], kind="stable")]
        return order


def lead_over(forward: ForwardPass, answer: int, other: int) -> Lead:
    """What each neuron of the last hidden layer (or of the input) did for `answer` and against `other`.

    ValueError if the network has no such output.
    """
    count = forward.network.sizes[-1]
    for name, output in (("answer", answer), ("other", other)):
        if not 0 <= output < count:
            raise ValueError(f"{name} must be from 0 to {count - 1}; got {output}")
    last = forward.network.layers[-1]
    weights, biases = last.weights.astype(np.float64), last.biases.astype(np.float64)
    terms = (weights[answer] - weights[other]) * forward.inputs_of(len(forward.network.layers) - 1).astype(np.float64)
    return Lead(forward, answer, other, terms, float(biases[answer] - biases[other]))


@dataclass(frozen=True)
class Decision:
    """An image worth a closer look: its index, the network's answer, and the output to compare it with.

    mistaken: whether the answer is wrong; then `other` is the truth.
    """

    index: int
    answer: int
    other: int
    mistaken: bool


def decision_to_explain(network: Network, digits: Digits) -> Decision:
    """The most confident mistake among those whose second brightest output is the truth; else the most confident one.

    If the network makes no mistake, it is the closest decision: the one where the brightest output is least ahead of
    the next. ValueError without images, or with fewer than two outputs.
    """
    if network.sizes[-1] < 2:
        raise ValueError("a network with one output decides nothing")
    mistakes = evaluate(network, digits).mistakes
    if not len(mistakes):
        outputs = network.predict(digits.vectors)
        two = np.sort(outputs, axis=1)[:, -2:]
        closest = int(np.argmin(two[:, 1] - two[:, 0]))
        second, first = np.argsort(outputs[closest], kind="stable")[-2:]
        answer = int(np.argmax(outputs[closest]))
        return Decision(closest, answer, int(second if answer == first else first), False)
    outputs = network.predict(digits.vectors[mistakes])
    ranks = (outputs > outputs[np.arange(len(mistakes)), digits.labels[mistakes]][:, None]).sum(axis=1)
    chosen = int(np.argmax(ranks == 1)) if (ranks == 1).any() else 0
    index = int(mistakes[chosen])
    return Decision(index, int(outputs[chosen].argmax()), int(digits.labels[index]), True)
