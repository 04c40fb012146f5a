"""Pictures of nothing, and how sure a network is that it sees something in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from network.network import Array, Network

# An output above this counts as a sure answer.
SURE = 0.9
# The width of the blots in smooth noise, as a share of the side: about the width of a stroke.
_SMOOTHING = 2 / 28


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


def smooth_noise(count: int, side: int, rng: np.random.Generator) -> Array:
    """Pictures (count, side, side) of soft blots: normal noise, smoothed, and each scaled to reach from 0 to 1."""
    blots: Array = ndimage.gaussian_filter(
        rng.normal(size=(count, side, side)), (0, _SMOOTHING * side, _SMOOTHING * side)
    )
    low, high = blots.min(axis=(1, 2), keepdims=True), blots.max(axis=(1, 2), keepdims=True)
    spread: Array = (blots - low) / np.maximum(high - low, np.finfo(float).tiny)
    return spread


def shuffled(images: Array, rng: np.random.Generator) -> Array:
    """These pictures (n, side, side) with the pixels of each in a random order of its own."""
    pixels: Array = rng.permuted(images.reshape(len(images), -1), axis=1)
    return pixels.reshape(images.shape)


def three_noises(images: Array, count: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Three kinds of noise of the size of `images` (n, side, side): uniform, smooth, and the first images shuffled.

    There are `count` pictures of each kind, or fewer shuffled ones if there are fewer images.
    """
    side = images.shape[1]
    return uniform_noise(count, side, rng), smooth_noise(count, side, rng), shuffled(images[:count], rng)


def sureness(network: Network, images: Array) -> Sureness:
    """Run the network on pictures (n, side, side). ValueError if there are none."""
    if not len(images):
        raise ValueError("images must hold a picture; there is none")
    return Sureness(network.predict(images))
