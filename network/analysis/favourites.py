"""What a neuron likes: the pictures that light it most and least, and whether they have what it is said to look for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.activations import activation_named
from network.analysis.loops import best_neuron, correlations
from network.analysis.parts import count_holes, has_upper_hole
from network.digits import Digits
from network.network import Array, Network


@dataclass(frozen=True, eq=False)
class Favourites:
    """The pictures of a set, sorted by one neuron's activation.

    layer, neuron: from 0; layer 0 is the first hidden layer. order: (n,) the indices of all pictures, the one that
    lights the neuron most first. activations: (n,) and labels: (n,) of these pictures, in the same order.
    """

    layer: int
    neuron: int
    order: NDArray[np.intp]
    activations: Array
    labels: NDArray[np.intp]

    def most(self, count: int) -> NDArray[np.intp]:
        """The indices of the pictures that light it most, the brightest first."""
        return self.order[:count]

    def least(self, count: int) -> NDArray[np.intp]:
        """The indices of the pictures that light it least, the darkest first."""
        return self.order[::-1][:count]

    def classes_of_most(self, count: int) -> NDArray[np.intp]:
        """How many of the `count` brightest are of each class, (classes up to the highest that occurs,)."""
        return np.bincount(self.labels[:count])

    def classes_of_least(self, count: int) -> NDArray[np.intp]:
        """How many of the `count` darkest are of each class, (classes up to the highest that occurs,)."""
        return np.bincount(self.labels[::-1][:count])


def favourites(network: Network, digits: Digits, layer: int, neuron: int) -> Favourites:
    """Sort all pictures by the activation of a neuron. IndexError if there is no such neuron.

    Where activations are rounded to the same number, such as 0 or 1, the weighted sum decides, then the data's order.
    """
    activations: Array = np.asarray(digits.vectors, network.dtype)
    for before in network.layers[:layer]:
        activations = before.activate(before.weighted_sums(activations))
    own = network.layers[layer]
    sums = activations @ own.weights[neuron] + own.biases[neuron]
    function = activation_named(own.activation)
    if function.together:
        lit = own.activate(own.weighted_sums(activations))[:, neuron]
    else:
        lit = own.activate(sums)
    # Where a larger sum always means more light, the sums alone decide.
    rises = not (function.together or function.needs_sums)
    order = np.argsort(-sums, kind="stable") if rises else np.lexsort((-sums, -lit))
    return Favourites(layer, neuron, order, lit[order], digits.labels[order].astype(np.intp))


def clearest_favourites(network: Network, digits: Digits, count: int, picture: int | None = None) -> Favourites:
    """The favourites of the neuron of the first layer whose likes and dislikes are easiest to name.

    For each neuron: how many of the `count` pictures that light it most are of the commonest class among them, and the
    same for the `count` that light it least; the neuron with the greatest sum of the two, the first of several, of
    those where the two classes differ. picture: only neurons that this picture lights to ½ or more, if there are any.
    """
    found = [favourites(network, digits, 0, neuron) for neuron in range(network.layers[0].n_out)]
    worth = []
    for one in found:
        most, least = one.classes_of_most(count), one.classes_of_least(count)
        differ = most.argmax() != least.argmax()
        lit = picture is None or one.activations[one.order == picture][0] >= 0.5
        worth.append((bool(lit), bool(differ), int(most.max() + least.max())))
    return found[max(range(len(found)), key=worth.__getitem__)]


def brightness_where(vectors: Array, where: NDArray[np.bool_]) -> float:
    """The share of all the brightness of pictures (n, n_in) that lies in these pixels, (n_in,); 0 if all are black."""
    light = vectors.sum(axis=0, dtype=np.float64)
    return float(light[where].sum() / (light.sum() or 1))


@dataclass(frozen=True, eq=False)
class LoopFavourites:
    """The hidden neuron whose activation goes with loops most, and the pictures in which it says "loop" loudest.

    correlation: Pearson's, −1 to 1. If it is below 0, the neuron is darkest where there are loops, and its favourites
    are the pictures that light it least. favourites: of that neuron. loops: (n,) whether each picture has a loop.
    pictures: (count,) the favourites' indices.
    """

    correlation: float
    favourites: Favourites
    loops: NDArray[np.bool_]
    pictures: NDArray[np.intp]

    @property
    def with_loop(self) -> int:
        """How many of its favourites have a loop."""
        return int(np.count_nonzero(self.loops[self.pictures]))

    @property
    def impostors(self) -> NDArray[np.intp]:
        """Those of its favourites that have no loop, the strongest first."""
        return self.pictures[~self.loops[self.pictures]]


def loop_favourites(network: Network, digits: Digits, count: int, upper: bool = False) -> LoopFavourites | None:
    """The favourites of the best loop neuron among all hidden ones; None without hidden layers, or without contrast.

    There is no contrast if all pictures have a loop, or none do.
    upper: look for a loop in the upper half of the picture instead of any loop.
    """
    loops = has_upper_hole(digits.images) if upper else count_holes(digits.images) > 0
    if len(network.layers) < 2 or loops.all() or not loops.any():
        return None
    measured = correlations(network, digits.vectors, loops)
    layer, neuron = best_neuron(measured)
    found = favourites(network, digits, layer, neuron)
    correlation = float(measured[layer][neuron])
    pictures = found.least(count) if correlation < 0 else found.most(count)
    return LoopFavourites(correlation, found, loops, pictures)
