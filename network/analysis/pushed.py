"""A picture pushed aside by a few pixels, as a test of whether a right answer had the right reasons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from network.digits import Digits
from network.network import Array, Network

# The ways to push a picture: rows down and columns to the right for each pixel, and the way in words.
_WAYS = ((-1, 0, "up"), (1, 0, "down"), (0, -1, "to the left"), (0, 1, "to the right"))
# An answer of at least this much is a sure one.
_SURE = 0.9


@dataclass(frozen=True, eq=False)
class Push:
    """A picture that the network reads right, and wrong once it is pushed aside.

    pixels: how far. way: "up", "down", "to the left" or "to the right". rows, columns: the same as steps down and to
    the right. image: (side, side), the pushed picture. answer: what the network says then. output: how bright it is.
    """

    pixels: int
    way: str
    rows: int
    columns: int
    image: Array
    answer: int
    output: float

    def steps(self, image: Array) -> Array:
        """A picture (side, side) pushed in this way by one pixel, by two and so on, (pixels, side, side)."""
        steps = np.arange(1, self.pixels + 1)[:, None] * np.sign([self.rows, self.columns])
        return np.stack([np.roll(image, tuple(step), (0, 1)) for step in steps])


def push_that_misleads(network: Network, digits: Digits, index: int, most: int = 3) -> Push | None:
    """The smallest push, of at most `most` pixels, that makes the network sure (0.9 or more) of a wrong answer.

    Of pushes of one length, the one with the surest answer. Only pushes that keep all of the ink in the picture count.
    If none makes it that sure, the smallest push that makes it wrong; None if none does, or if the picture is read
    wrong as it is.
    """
    image, truth = np.asarray(digits.images[index]), int(digits.labels[index])
    if int(network.classify(image.reshape(1, -1))[0]) != truth:
        return None
    found = []
    for pixels in range(1, most + 1):
        for down, right, way in _WAYS:
            rows, columns = pixels * down, pixels * right
            pushed = np.roll(image, (rows, columns), (0, 1))
            if _wrapped(pushed, rows, columns).any():
                continue
            outputs = network.predict(pushed.reshape(1, -1))[0]
            if (answer := int(outputs.argmax())) != truth:
                found.append(Push(pixels, way, rows, columns, pushed, answer, float(outputs[answer])))
    if not found:
        return None
    sure = [push for push in found if push.output >= _SURE] or found
    return min(sure, key=lambda push: (push.pixels, -push.output))


def _wrapped(pushed: Array, rows: int, columns: int) -> Array:
    """The rows or columns of a rolled picture that came in from its other edge."""
    if rows:
        return pushed[:rows] if rows > 0 else pushed[rows:]
    return pushed[:, :columns] if columns > 0 else pushed[:, columns:]
