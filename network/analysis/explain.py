"""Why an output won over another: the terms of the difference of their weighted sums, followed back to the pixels.

For one image, z is the weighted sum of an output, w its weights, b its bias and a the activations that flow into it:

    z_answer − z_other  =  Σ_i (w_answer,i − w_other,i) a_i  +  b_answer − b_other

so each neuron i before the outputs has a part in the decision that can be read off. As every activation function of
the outputs rises with z, the output with the greater sum is the brighter one.
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
class Comparison:
    """What made one output brighter than another, or darker.

    answer, other: the two outputs. terms: (n_in,) of the last layer, what each neuron before the outputs adds to the
    lead of `answer`. bias: what the biases add.
    """

    forward: ForwardPass
    answer: int
    other: int
    terms: _Floats
    bias: float

    @property
    def lead(self) -> float:
        """z_answer − z_other: all the terms and the bias, added up."""
        return float(self.terms.sum() + self.bias)

    @property
    def order(self) -> NDArray[np.intp]:
        """The neurons before the outputs, (n_in,), the one that did most for `answer` first."""
        return np.argsort(-self.terms, kind="stable")


def compare(forward: ForwardPass, answer: int, other: int) -> Comparison:
    """What each neuron of the last hidden layer (or of the input) did for `answer` and against `other`.

    ValueError for outputs that are not there.
    """
    count = forward.network.sizes[-1]
    for name, output in (("answer", answer), ("other", other)):
        if not 0 <= output < count:
            raise ValueError(f"{name} must be from 0 to {count - 1}; got {output}")
    last = forward.network.layers[-1]
    weights, biases = last.weights.astype(np.float64), last.biases.astype(np.float64)
    terms = (weights[answer] - weights[other]) * forward.inputs_of(len(forward.network.layers) - 1).astype(np.float64)
    return Comparison(forward, answer, other, terms, float(biases[answer] - biases[other]))


def way_back(comparison: Comparison) -> tuple[int, ...]:
    """One neuron of each hidden layer, the first layer's first: who did most for the answer, and who did most for that.

    It begins with the neuron of the last hidden layer whose term is greatest. Before it comes the neuron whose w·a
    pushed that neuron most the way it helped: up, where activations are not negative. Empty without hidden layers.
    """
    forward = comparison.forward
    layers = forward.network.layers
    if len(layers) < 2:
        return ()
    neuron = int(comparison.order[0])
    last = layers[-1].weights
    push = float(np.sign(last[comparison.answer, neuron] - last[comparison.other, neuron])) or 1.0
    way = [neuron]
    for number in range(len(layers) - 2, 0, -1):
        source = int(np.argmax(push * forward.contributions(number)[neuron]))
        push *= float(np.sign(layers[number].weights[neuron, source])) or 1.0
        way.append(source)
        neuron = source
    return tuple(reversed(way))


@dataclass(frozen=True)
class Decision:
    """An image worth looking into: its index, the network's answer, and the output to compare it with.

    mistaken: whether the answer is wrong; then `other` is the truth.
    """

    index: int
    answer: int
    other: int
    mistaken: bool


def decision_to_explain(network: Network, digits: Digits) -> Decision:
    """The most confident mistake among those whose second brightest output is the truth; else the most confident one.

    Where the network makes no mistake, it is the closest decision: the least lead of the brightest output over the
    next. ValueError where there are no images, or fewer than two outputs.
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
