"""Pictures of nothing, and how sure a network is that it sees something in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.digits import Digits
from network.network import Array, Network

# An output above this counts as a sure answer.
SURE = 0.9
# How many pictures of noise the film shows to the network.
_SHOWN = 1000


@dataclass(frozen=True, eq=False)
class Sureness:
    """What a network made of n pictures: outputs (n, n_out)."""

    outputs: Array

    @property
    def share(self) -> float:
        """The share of the pictures for which an output is above `SURE`."""
        return float(np.mean(self.greatest > SURE))

    @property
    def greatest(self) -> Array:
        """The greatest output for each picture, (n,)."""
        greatest: Array = self.outputs.max(axis=1)
        return greatest

    @property
    def surest(self) -> int:
        """The index of the picture with the greatest output."""
        return int(self.greatest.argmax())

    @property
    def answers(self) -> NDArray[np.int64]:
        """How many of the pictures got each answer, (n_out,)."""
        return np.bincount(self.outputs.argmax(axis=1), minlength=self.outputs.shape[1])


def uniform_noise(count: int, side: int, rng: np.random.Generator) -> Array:
    """Pictures (count, side, side) in which every pixel is random on its own, uniform from 0 to 1."""
    return rng.random((count, side, side))


def sureness(network: Network, images: Array) -> Sureness:
    """Run the network on pictures (n, side, side). ValueError if there are none."""
    if not len(images):
        raise ValueError("images must hold a picture; there is none")
    return Sureness(network.predict(images))


def noise_to_show(digits: Digits, rng: np.random.Generator) -> Array:
    """The film's pictures of noise, (n, side, side), as large as the pictures of `digits`."""
    return uniform_noise(_SHOWN, digits.side, rng)


def surest_noise(network: Network, digits: Digits, rng: np.random.Generator) -> Array:
    """The one of these pictures, (side, side), that the network is surest of."""
    noise = noise_to_show(digits, rng)
    picture: Array = noise[sureness(network, noise).surest]
    return picture
