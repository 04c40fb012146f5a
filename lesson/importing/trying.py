"""What a file does not say, found by trying it on pictures: activations, the form of the input, the order of layers.

Each way to read the file is judged by the log of the share that the right class gets, at the temperature that is best
for it, within reason. That tells the form of the input, and kinds of functions: a network that was trained with
sigmoids reads badly with ReLUs. It cannot tell functions that are much alike: a network trained with ReLU may read a
little better with GELU. So what people use most is taken, unless something else is clearly better, and what else fits
nearly as well is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment, minimize_scalar
from scipy.special import logsumexp

from lesson.importing.model import Floats, FoundModel, Layers, apply
from network.digits import Digits

# The activations that are tried, the most common first. GELU by tanh is as good as GELU itself, and is not told apart.
TRIED = (
    "relu", "sigmoid", "tanh", "gelu", "leaky_relu", "leaky_relu(0.1)", "leaky_relu(0.2)", "leaky_relu(0.3)", "silu",
    "elu", "softplus", "relu6", "hard_tanh", "selu", "hard_sigmoid", "identity",
)  # fmt: skip
# How many pictures decide: in the first round, when layers get functions of their own, and in the end.
_FIRST, _SECOND, _LAST = 600, 2_000, 10_000
_KEPT = 6
# By what share of its loss a way must beat the usual one to be taken in its place.
_COMMON, _KNOWN, _RARE, _MIXED, _ODD_INPUT, _OTHER_READING = 0.0, 0.03, 0.06, 0.03, 0.03, 0.02
_RARITY = dict.fromkeys(("relu", "sigmoid", "tanh", "identity"), _COMMON) | dict.fromkeys(("gelu", "silu"), _KNOWN)
# A network that was trained without a leak reads no better with one.
_RARITY |= {name: 0.02 for name in TRIED if name.startswith("leaky_relu")}
# Ways whose loss is larger by less than this share fit nearly as well; and a difference of so many standard errors is
# more than chance.
_NEARLY, _AHEAD = 0.05, 3.0
# The temperatures that are tried: sums that were trained to be shares need 1, those trained to be 0 and 1 more.
_RATES = (0.5, 8.0)


@dataclass(frozen=True)
class Scaling:
    """The input that a program expects: scale · x + shift, with x from 0 (black) to 1 (white), or a number of a table.

    scale, shift: one for all, or one for each column of a table, (n_in,). transposed: whether it expects the rows of a
    picture as columns.
    """

    name: str
    scale: float | Floats = field(compare=False)
    shift: float | Floats = field(compare=False)
    transposed: bool = False

    @property
    def inverted(self) -> bool:
        return bool(np.all(np.asarray(self.scale) < 0))

    def of(self, vectors: NDArray[Any]) -> Floats:
        """The program's inputs for brightness (n, n_in) from 0 to 1, or for rows of a table."""
        inputs: Floats = self.scale * turned(vectors, self.transposed).astype(np.float64) + self.shift
        return inputs


def turned(vectors: NDArray[Any], transposed: bool) -> NDArray[Any]:
    """Square pictures (n, n_in) with their rows as columns, if `transposed`."""
    if not transposed:
        return vectors
    side = round(vectors.shape[1] ** 0.5)
    return vectors.reshape(-1, side, side).transpose(0, 2, 1).reshape(vectors.shape)


def things(digits: Digits) -> str:
    """What the data is made of, in the plural."""
    return "rows" if digits.inputs else "pictures"


def scalings(digits: Digits) -> tuple[Scaling, ...]:
    """The usual ones, the most common first; of a table, each column has its own."""
    if digits.inputs:
        return _of_columns(digits.vectors.astype(np.float64))
    mean, deviation = float(digits.images.mean()), float(digits.images.std()) or 1.0
    return (
        Scaling("0 to 1", 1, 0),
        Scaling("0 to 255", 255, 0),
        Scaling("-1 to 1", 2, -1),
        Scaling("MNIST's mean and deviation", 1 / 0.3081, -0.1307 / 0.3081),
        Scaling("the data's mean and deviation", 1 / deviation, -mean / deviation),
        Scaling("0 to 16", 16, 0),
        Scaling("-0.5 to 0.5", 1, -0.5),
    )


def _of_columns(rows: Floats) -> tuple[Scaling, ...]:
    """The ways in which people scale the columns of a table (n, n_in), each by its own numbers."""
    mean, deviation, low = rows.mean(axis=0), rows.std(axis=0), rows.min(axis=0)
    reach = rows.max(axis=0) - low
    deviation, reach = np.where(deviation > 0, deviation, 1), np.where(reach > 0, reach, 1)
    found = (
        Scaling("as they are", 1, 0),
        Scaling("each column by its mean and deviation", 1 / deviation, -mean / deviation),
        Scaling("each column from 0 to 1", 1 / reach, -low / reach),
        Scaling("each column from -1 to 1", 2 / reach, -2 * low / reach - 1),
    )
    # In a small table, such as that of XOR, two of them may be the same.
    return tuple(one for n, one in enumerate(found) if not any(_alike(one, other) for other in found[:n]))


def _alike(one: Scaling, other: Scaling) -> bool:
    return bool(np.allclose(one.scale, other.scale) and np.allclose(one.shift, other.shift))


def conventions(digits: Digits) -> tuple[Scaling, ...]:
    """The usual scalings, then the same with dark ink on white, with rows as columns, and with both."""
    usual = scalings(digits)
    if digits.inputs:
        return usual
    inverted = tuple(Scaling(f"{one.name}, inverted", -one.scale, one.scale + one.shift) for one in usual)
    upright = (*usual, *inverted)
    return (*upright, *(replace(one, name=f"{one.name}, transposed", transposed=True) for one in upright))


@dataclass(frozen=True, eq=False)
class Way:
    """One way to read a file: which of its readings, a function for each layer (the last is not judged), the input."""

    reading: int
    functions: tuple[str | None, ...]
    scaling: Scaling


@dataclass(frozen=True, eq=False)
class Judged:
    """How well a way reads. losses: (n,), −ln of the share of the right class. answers: (n,)."""

    way: Way
    losses: Floats
    answers: NDArray[np.intp]
    labels: NDArray[Any]

    @property
    def loss(self) -> float:
        return float(self.losses.mean())

    @property
    def accuracy(self) -> float:
        return float((self.answers == self.labels).mean())

    def behind(self, best: Judged) -> float:
        """By how many standard errors it is worse than another."""
        difference = self.losses - best.losses
        error = difference.std() / np.sqrt(len(difference))
        return float(difference.mean() / error) if error else 0.0

    @property
    def weighed(self) -> float:
        """The loss, larger for what is less usual."""
        return self.loss * (1 + self.doubt)

    @property
    def doubt(self) -> float:
        """By what share of its loss the way must be better than the usual one."""
        functions = [name for name in self.way.functions[:-1] if name]
        doubt = max((_RARITY.get(name, _RARE) for name in functions), default=0.0)
        doubt += _MIXED * (len(set(functions)) > 1) + _OTHER_READING * (self.way.reading > 0)
        scaling = self.way.scaling
        doubt += _ODD_INPUT * (scaling.inverted + scaling.transposed + bool(np.all(np.abs(scaling.scale) == 16)))
        return doubt


@dataclass(frozen=True, eq=False)
class Tried:
    """What trying has found. close: other ways that fit nearly as well, or better but less usual. next: the best of the
    rest."""

    best: Judged
    close: tuple[Judged, ...]
    next: Judged | None


class Trial:
    """A model and pictures to try it on. layers: of each reading, as many outputs as there are classes."""

    def __init__(self, model: FoundModel, layers: Sequence[Layers], digits: Digits) -> None:
        self.model, self.layers, self.digits = model, layers, digits
        self._products: dict[tuple[int, bool, int], Floats] = {}

    def sums(self, way: Way, count: int, skip: tuple[int, bool] | None = None) -> Floats:
        """The weighted sums of the last layer, (n, n_out), for the first `count` pictures.

        skip: a layer around which its input is added, and whether before its activation; None for none.
        """
        layers, scaling = self.layers[way.reading], way.scaling
        first = layers[0]
        scaled = first.weights * self.model.scale
        offset = first.weights @ np.broadcast_to(self.model.shift, first.weights.shape[1]) + first.biases
        passed: Any = 0.0
        if np.ndim(scaling.scale):  # a table, with a scale for each column
            z = scaling.of(self.digits.vectors[:count]) @ scaled.T + offset
        else:
            key = (way.reading, scaling.transposed, count)
            if key not in self._products:
                vectors = turned(self.digits.vectors[:count], scaling.transposed)
                self._products[key] = vectors.astype(np.float64) @ scaled.T
            z = scaling.scale * self._products[key] + (scaling.shift * scaled.sum(axis=1) + offset)
        for number, layer in enumerate(layers[1:], 1):
            before = apply(way.functions[number - 1] or "identity", z)
            if skip == (number - 1, False):
                before = before + passed
            z = before @ layer.weights.T + layer.biases
            if skip == (number, True):
                z = z + before
            passed = before
        return z

    def judge(self, way: Way, count: int, skip: tuple[int, bool] | None = None) -> Judged:
        with np.errstate(over="ignore", invalid="ignore"):
            found = np.nan_to_num(self.sums(way, count, skip), posinf=1e9, neginf=-1e9)
        labels = self.digits.labels[:count]
        return Judged(way, losses(found, labels), found.argmax(axis=1), labels[: len(found)])

    def unknown(self, reading: int) -> list[int]:
        """The hidden layers of which the file does not name the function."""
        return [n for n, layer in enumerate(self.layers[reading][:-1]) if layer.function is None]

    def ways(self, given: Sequence[str | None] | None, scaling: Scaling | None) -> Iterator[Way]:
        """All ways with one function for all layers that have none. given: functions that are known already."""
        for number, layers in enumerate(self.layers):
            named = [one.function or (given[n] if given else None) for n, one in enumerate(layers)]
            open_ones = [n for n, name in enumerate(named[:-1]) if name is None]
            inputs = (scaling,) if scaling else self.inputs
            for name, one in product(TRIED if open_ones else ("",), inputs):
                yield Way(number, tuple(name if n in open_ones else known for n, known in enumerate(named)), one)

    @cached_property
    def inputs(self) -> tuple[Scaling, ...]:
        return conventions(self.digits)

    def search(self, given: Sequence[str | None] | None, scaling: Scaling | None) -> Tried:
        """The way that fits best, and what fits nearly as well."""
        ways = list(self.ways(given, scaling))
        judged = self._best([self.judge(way, _FIRST) for way in ways], 3 * _KEPT)
        judged = self._best([self.judge(one.way, _SECOND) for one in judged], _KEPT)
        # What people use most is in the last round in any case: on a few easy pictures, chance may put it behind.
        usual_ones = self._with_usual_functions(judged[0].way, given)
        found = {(way.reading, way.functions, way.scaling): way for way in (*(one.way for one in judged), *usual_ones)}
        for one in judged[:2]:
            free = [n for n in self.unknown(one.way.reading) if not (given and given[n])]
            if len(free) > 1:
                for way in self._layer_by_layer(one, free):
                    found[way.reading, way.functions, way.scaling] = way
        final = sorted((self.judge(way, _LAST) for way in found.values()), key=lambda one: one.weighed)
        # What is more usual is taken where chance alone may have put it behind.
        usual = sorted(final, key=lambda one: (one.doubt, self._place(one.way.scaling), one.weighed))
        best = next(one for one in usual if one.behind(final[0]) < _AHEAD)
        close = [
            one
            for one in final
            if one is not best and (one.loss < (1 + _NEARLY) * best.loss or one.behind(best) < _AHEAD)
        ]
        rest = [one for one in final if one is not best and one not in close]
        return Tried(best, tuple(sorted(close, key=lambda one: one.weighed)), rest[0] if rest else None)

    def _with_usual_functions(self, way: Way, given: Sequence[str | None] | None) -> list[Way]:
        """The same way with each of the most usual functions for all layers that have none."""
        free = [n for n in self.unknown(way.reading) if not (given and given[n])]
        changed = (
            tuple(name if n in free else own for n, own in enumerate(way.functions))
            for name in TRIED
            if _RARITY.get(name, _RARE) == _COMMON
        )
        return [replace(way, functions=functions) for functions in changed] if free else []

    def _place(self, scaling: Scaling) -> int:
        return self.inputs.index(scaling) if scaling in self.inputs else 0

    def _best(self, judged: list[Judged], count: int) -> list[Judged]:
        """The best, and of each form of the input the best, if it gives nearly as many right answers."""
        ordered = sorted(judged, key=lambda one: one.weighed)
        enough = ordered[0].accuracy - 0.01
        first = {one.way.scaling: one for one in reversed(ordered) if one.accuracy >= enough}
        return ordered[:count] + [one for one in ordered[count:] if first.get(one.way.scaling) is one]

    def _layer_by_layer(self, start: Judged, free: Sequence[int]) -> list[Way]:
        """Ways with functions of their own for layers, each better than the last; the best few."""
        best, seen = start, {start.way.functions: start}
        for _ in range(2):
            before = best
            for layer in free:
                for name in TRIED:
                    functions = (*best.way.functions[:layer], name, *best.way.functions[layer + 1 :])
                    if functions not in seen:
                        seen[functions] = self.judge(replace(best.way, functions=functions), _SECOND)
                best = min(seen.values(), key=lambda one: one.weighed)
            if best is before:
                break
        return [one.way for one in sorted(seen.values(), key=lambda one: one.weighed)[:3]]

    def skip_connection(self, best: Judged) -> tuple[str, Judged] | None:
        """The layer around which a skip connection makes the network read better, beyond chance; None if none does."""
        layers = self.layers[best.way.reading]
        found = []
        for number, layer in enumerate(layers[1:-1], 1):
            if layer.weights.shape[0] != layer.weights.shape[1]:
                continue
            for inside, name in product((False, True), dict.fromkeys((*best.way.functions[:-1], "relu", "tanh"))):
                functions = tuple(best.way.functions) if layer.function else (
                    *(name for _ in best.way.functions[:-1]), best.way.functions[-1])  # fmt: skip
                way = replace(best.way, functions=functions)
                found.append((layer.name, self.judge(way, _LAST, (number, inside))))
        if not found:
            return None
        name, better = min(found, key=lambda one: one[1].loss)
        return (name, better) if best.behind(better) > 2 * _AHEAD and better.accuracy > best.accuracy else None

    def order_of_outputs(self, given: Sequence[str | None] | None, scaling: Scaling | None) -> NDArray[np.intp] | None:
        """For each class the output that stands for it, if outputs in another order read far better; None if not."""
        best, order = 0.0, None
        classes, usual = len(self.digits.class_names), 0.0
        for way in self.ways(given, scaling):
            answers = self.sums(way, _FIRST).argmax(axis=1)
            table = np.zeros((classes, classes))
            np.add.at(table, (self.digits.labels[: len(answers)], answers), 1)
            own, other = linear_sum_assignment(-table)
            usual = max(usual, float(np.trace(table)) / len(answers))
            share = float(table[own, other].sum()) / len(answers)
            if share > best:
                best, order = share, other
        return order if usual + 0.2 < best > 0.7 else None


def losses(sums: Floats, labels: NDArray[Any]) -> Floats:
    """−ln of the share of the right class, (n,), with the sums (n, n_out) divided by the temperature that is best."""
    labels = labels[: len(sums)]
    centred = sums - sums.max(axis=1, keepdims=True)
    right = centred[np.arange(len(sums)), labels]

    def at(log_rate: float) -> Floats:
        rate = np.exp(log_rate)
        found: Floats = logsumexp(rate * centred, axis=1) - rate * right
        return found

    low, high = np.log(_RATES)
    best = minimize_scalar(lambda t: float(at(t).mean()), bounds=(low, high), method="bounded", options={"maxiter": 12})
    return at(float(best.x))
