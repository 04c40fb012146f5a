"""The rules that choose pictures for the scenes: the same rule gives good examples for any network and data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from network import Network
from network.analysis.distances import distances_from_average
from network.analysis.edges import little_edges
from network.analysis.parts import Parts, hole_cells_in_half, take_apart
from network.digits import Digits

# An output of at least this much is a clear answer.
_CLEAR = 0.9


def hero(network: Network, digits: Digits) -> int:
    """The picture that the whole film follows, wherever a beat allows.

    Of the puzzling class's pictures that the network reads clearly (right, with an output of 0.9 or more), the one
    farthest from the class's average: sloppy, and yet read. Otherwise the farthest of those that it reads right;
    otherwise the first picture of any class that it reads right; otherwise the farthest of the puzzling class.

    Of the rows of a table, the brightest of those that it reads right, or else of all.
    """
    outputs = network.predict(digits.vectors)
    right = outputs.argmax(axis=1) == digits.labels
    if digits.inputs:
        return int(np.argmax(digits.brightness(digits.vectors).sum(axis=1) + digits.n_in * right))
    own = digits.labels == puzzling_class(digits)
    far = np.zeros(len(digits))
    far[own] = distances_from_average(digits.vectors[own])
    for wanted in (own & right & (outputs.max(axis=1) >= _CLEAR), own & right):
        if wanted.any():
            return int(np.argmax(np.where(wanted, far, -1)))
    return int(np.argmax(right if right.any() else far))


def digits_of_two_classes(network: Network, digits: Digits) -> tuple[int, int]:
    """Two pictures: the hero, and the first of another class that the network reads right and clearly.

    Clearly: with an output of 0.9 or more. Where there is none, the first picture of another class.
    """
    first = hero(network, digits)
    outputs = network.predict(digits.vectors)
    other = digits.labels != digits.labels[first]
    clear = other & (outputs.argmax(axis=1) == digits.labels) & (outputs.max(axis=1) >= _CLEAR)
    return first, int(np.argmax(clear if clear.any() else other))


def clear_torn_and_unsure(network: Network, digits: Digits) -> tuple[int, int, int]:
    """Three pictures: the hero, the one the network is most torn about, and the one it is least sure of.

    Most torn: its second brightest output is the greatest among all pictures. Least sure: its brightest output is the
    smallest among all pictures.
    """
    ordered = np.sort(network.predict(digits.vectors), axis=1)
    second = ordered[:, -2] if ordered.shape[1] > 1 else ordered[:, -1]
    return hero(network, digits), int(second.argmax()), int(ordered[:, -1].argmin())


def least_sure_row(network: Network, digits: Digits) -> int:
    """Of all rows but the one that the film follows, the one whose brightest output is the smallest."""
    brightest = network.predict(digits.vectors).max(axis=1)
    others = np.arange(len(digits)) != hero(network, digits)
    return int(np.argmin(np.where(others, brightest, np.inf)))


def outputs_make_one(network: Network) -> bool:
    """Whether the outputs always add up to one: by softmax, or as one output and its opposite, σ(z) and σ(−z)."""
    last = network.layers[-1]
    if last.activation == "softmax":
        return True
    opposite = last.n_out == 2 and np.array_equal(last.weights[0], -last.weights[1])
    return last.activation == "sigmoid" and opposite and bool(last.biases[0] == -last.biases[1])


def pictures_to_read(network: Network, digits: Digits, most: int) -> tuple[list[int], int | None]:
    """The first pictures, at most `most`, and the first picture after them that the network reads wrong.

    The mistake is None where the network reads all later pictures right.
    """
    wrong = network.classify(digits.vectors) != digits.labels
    stream = list(range(min(most, len(digits))))
    later = np.flatnonzero(wrong[len(stream) :])
    return stream, int(later[0]) + len(stream) if len(later) else None


def heap_to_sort(digits: Digits, example: int, classes: int = 4, each: int = 7) -> list[list[int]]:
    """The first pictures of some classes, class by class, at most `each` of each, all equally many.

    The first class is that of the example, with the example as its first picture; then come the others in order.
    """
    own = int(digits.labels[example])
    places = [np.flatnonzero(digits.labels == k) for k in range(len(digits.class_names))]
    chosen = [own, *(k for k in range(len(places)) if k != own and len(places[k]))][:classes]
    n = min(each, *(len(places[k]) for k in chosen))
    first = [example, *(int(index) for index in places[own] if index != example)][:n]
    return [first, *([int(index) for index in places[k][:n]] for k in chosen[1:])]


def one_of_each(digits: Digits, most: int) -> list[int]:
    """The first picture of each class, in the order of the data, at most `most`."""
    _, firsts = np.unique(digits.labels, return_index=True)
    return [int(index) for index in np.sort(firsts)[:most]]


def puzzling_class(digits: Digits) -> int:
    """The class that the puzzle is about: 3. If the data has fewer than two pictures of a 3, the largest class."""
    if "3" in digits.class_names and (digits.labels == (label := digits.class_names.index("3"))).sum() > 1:
        return label
    return int(np.bincount(digits.labels).argmax())


def others_like(digits: Digits, example: int, most: int = 36, row: int = 9) -> NDArray[np.float32]:
    """The picture, the most typical one of its class, and the first others of the class, (n, side, side).

    Most typical: nearest to the average of the class. n is at most `most`, and a multiple of `row` if there are more
    than `row` pictures.
    """
    own = np.flatnonzero(digits.labels == digits.labels[example])
    order = own[np.argsort(distances_from_average(digits.vectors[own]), kind="stable")]
    typical = next((index for index in order if index != example), example)
    others = own[(own != example) & (own != typical)]
    chosen = np.concatenate([[example, typical], others])[:most]
    if len(chosen) > row:
        chosen = chosen[: len(chosen) // row * row]
    return np.asarray(digits.images[chosen], np.float32)


def among_others(
    digits: Digits, label: int, rng: np.random.Generator, most: int = 36, own: int = 6
) -> NDArray[np.intp]:
    """The first pictures of a class and the first ones of all other classes, shuffled.

    At most `most`, of which `own` are of the class; only of the class if there is no other.
    """
    of_class, others = np.flatnonzero(digits.labels == label), np.flatnonzero(digits.labels != label)
    chosen = [of_class[: own if len(others) else most], others[: most - own]]
    return rng.permutation(np.concatenate(chosen))


# The parts that the examples of `digits_taken_apart` fall into, and the least share of the brightness that each part
# must have.
_MAKE_UPS = ((("loop", "line"), 0.25), (("loop", "loop"), 0.25), (("line", "line", "line"), 0.2))
# How many pictures of each class are searched for examples.
_SEARCHED = 20
_SEARCHED_FOR_HOLES = 100


@dataclass(frozen=True, eq=False)
class TakenApart:
    """A picture taken apart, with its label and the name of its class."""

    label: int
    name: str
    parts: Parts


@lru_cache(maxsize=2)
def digits_taken_apart(digits: Digits) -> tuple[TakenApart, ...]:
    """Three pictures: one falls into a loop and a line, one into two loops, and one into three lines.

    Each is of another class: of the classes left, the one that falls into these parts most often in its first twenty
    pictures. Of the pictures in which every part has a fair share of the brightness, the one with the largest hole is
    chosen; of two holes the smaller counts, and of equal pictures the first. If no picture has fair shares, it is the
    one whose smallest part has the largest share. Combinations that the data does not have are left out; if it has none
    of the three, the only example is the first picture that is not black.
    """
    searched = [np.flatnonzero(digits.labels == k)[:_SEARCHED] for k in range(len(digits.class_names))]
    taken_apart = [[take_apart(digits.images[n]) for n in places] for places in searched]
    found: list[TakenApart] = []
    for make_up, least in _MAKE_UPS:
        fitting = [[parts for parts in of_class if parts.kinds == make_up] for of_class in taken_apart]
        often = [len(parts) / max(len(all_), 1) for parts, all_ in zip(fitting, taken_apart, strict=True)]
        for example in found:
            often[example.label] = 0
        label = int(np.argmax(often))
        if often[label]:
            fair = [parts for parts in fitting[label] if parts.shares.min() >= least]
            if fair:
                chosen = max(fair, key=lambda parts: parts.smallest_hole)
            else:
                chosen = max(fitting[label], key=lambda parts: float(parts.shares.min()))
            found.append(TakenApart(label, digits.class_names[label], chosen))
    if not found:
        first = int(np.argmax(digits.images.any(axis=(1, 2))))
        label = int(digits.labels[first])
        found.append(TakenApart(label, digits.class_names[label], take_apart(digits.images[first])))
    return tuple(found)


@lru_cache(maxsize=4)
def pictures_with_a_loop(digits: Digits, upper: bool, most: int) -> NDArray[np.intp]:
    """Indices of pictures with a hole that lies in their upper half, all of it, or else in the lower; at most `most`.

    They are of the classes in which at least a tenth of the first hundred pictures are such: the first of each class,
    then the second, and so on, those of the class with the most such pictures first.
    """
    found: list[list[int]] = []
    for k in range(len(digits.class_names)):
        chosen = np.flatnonzero(digits.labels == k)[:_SEARCHED_FOR_HOLES]
        fitting = [int(n) for n in chosen if hole_cells_in_half(digits.images[n], upper).any()]
        if fitting and len(fitting) >= len(chosen) / 10:
            found.append(fitting)
    by_turns = zip_longest(*sorted(found, key=lambda fitting: -len(fitting)))
    return np.array([n for turn in by_turns for n in turn if n is not None][:most], np.intp)


@lru_cache(maxsize=2)
def pictures_with_a_long_line(digits: Digits, most: int) -> tuple[TakenApart, ...]:
    """A picture with a long line of each of the `most` classes that have the longest ones, in the order of the classes.

    How long the lines of a class are is told by the share of the brightness that the greatest line takes, on average
    over its first twenty pictures. The picture is the first of its class in which that line has at least this share and
    comes apart into edges without crumbs, each at least a sixth of it; or else the first with this share.
    """
    found: list[tuple[float, TakenApart]] = []
    for k, name in enumerate(digits.class_names):
        all_parts = [take_apart(digits.images[n]) for n in np.flatnonzero(digits.labels == k)[:_SEARCHED]]
        # A picture without a line counts, too.
        greatest = [parts.shares[parts.greatest_line] if parts.count("line") else 0 for parts in all_parts]
        average = float(np.mean(greatest)) if greatest else 0.0
        if average > 0:
            long = [parts for parts, share in zip(all_parts, greatest, strict=True) if share >= average]
            chosen = next(filter(_without_crumbs, long), long[0])
            found.append((average, TakenApart(k, name, chosen)))
    longest = sorted(found, key=lambda one: -one[0])[:most]
    return tuple(sorted((example for _, example in longest), key=lambda example: example.label))


def _without_crumbs(parts: Parts) -> bool:
    """Whether each of the edges of the greatest line of a picture has at least a sixth of its brightness."""
    greatest = parts.pictures[parts.greatest_line]
    edges = little_edges(greatest)[0]
    return bool(edges.sum(axis=(1, 2)).min() >= greatest.sum() / 6)


def digit_to_replay(start: Network, end: Network, digits: Digits) -> int:
    """The first picture that the network reads wrong at the start and right, clearly (0.9 or more), at the end.

    The hero of the film comes first, if it is such a picture. If there is none, the first that the network learns to
    read at all; otherwise the first that it reads right at the end; otherwise the first.
    """
    outputs = end.predict(digits.vectors)
    right = outputs.argmax(axis=1) == digits.labels
    learnt = right & (start.classify(digits.vectors) != digits.labels)
    clear = learnt & (outputs.max(axis=1) >= _CLEAR)
    if clear[followed := hero(end, digits)]:
        return followed
    for wanted in (clear, learnt, right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0


def first_of_each_class(digits: Digits, most: int) -> NDArray[np.intp]:
    """Indices of the first picture of each class, in the order of the classes, for at most `most` classes.

    Classes without a picture are skipped.
    """
    classes = [k for k in range(len(digits.class_names)) if (digits.labels == k).any()][:most]
    return np.array([int(np.argmax(digits.labels == k)) for k in classes], np.intp)


def pictures_of_number(written: str, digits: Digits) -> list[int]:
    """Indices of pictures that write a number such as "12": for each digit, the most typical picture of its class.

    The most typical picture is the nearest to the average of the class. A digit that occurs twice gets the two nearest.
    LookupError if the data has no class of that name, or too few pictures of it.
    """
    chosen: list[int] = []
    for name in written:
        if name not in digits.class_names:
            raise LookupError(f"there is no class {name}")
        own = np.flatnonzero(digits.labels == digits.class_names.index(name))
        typical = own[np.argsort(distances_from_average(digits.vectors[own]), kind="stable")] if len(own) else own
        free = [int(index) for index in typical if index not in chosen]
        if not free:
            raise LookupError(f"there are too few pictures of class {name}")
        chosen.append(free[0])
    return chosen
