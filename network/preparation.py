"""Prepares a drawing for the network as MNIST's pictures were prepared: scaled, centred, with soft edges.

MNIST's makers scaled each digit so that the longer side of its ink is 20 pixels long, and put its centre of mass on
pixel (14, 14) of 28×28 (LeCun, Bottou, Bengio and Haffner 1998). A network that learned from such pictures can read
only pictures like them. For other sizes, both numbers are scaled with the side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from network.network import Array

# Of MNIST's 28 pixels, the longer side of the ink takes 20; its centre of mass is on pixel 14, counted from 0.
INK_SHARE, CENTRE_SHARE = 20 / 28, 14 / 28
# Anything darker than this share of white does not count as ink.
INK_FROM = 0.1


def prepare(drawing: ArrayLike, side: int = 28) -> Array:
    """The drawing as a picture of side×side, scaled and moved as MNIST's are; all black if there is no ink.

    drawing: (height, width), 0 black to 1 white, of any size. ValueError if it does not have two dimensions, or holds
    other numbers. The result is (side, side) float32 from 0 to 1.
    """
    ink = _checked(drawing)
    marked = ink >= INK_FROM
    if not marked.any():
        return np.zeros((side, side), np.float32)
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    ink = np.where(marked, ink, 0)
    longer = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    step = longer / (side * INK_SHARE)  # pixels of the drawing for each pixel of the picture
    y, x = (
        float((ink.sum(axis=axis) @ (np.arange(n) + 0.5)) / ink.sum()) for axis, n in ((1, len(ink)), (0, len(ink.T)))
    )
    middle = side * CENTRE_SHARE + 0.5
    down = _averages(len(ink), side, step, y - middle * step)
    across = _averages(len(ink.T), side, step, x - middle * step)
    return np.clip(down @ ink @ across.T, 0, 1).astype(np.float32)


def shrink(drawing: ArrayLike, side: int = 28) -> Array:
    """The drawing as a picture of side×side, not moved: each pixel is the mean of its part of the drawing."""
    ink = _checked(drawing)
    down, across = (_averages(n, side, n / side, 0.0) for n in ink.shape)
    return np.clip(down @ ink @ across.T, 0, 1).astype(np.float32)


def _averages(n: int, side: int, step: float, first: float) -> Array:
    """How much each of n old pixels counts in each of `side` new ones, (side, n): means over stretches of old pixels.

    New pixel i is the mean over [first + i·step, first + (i + 1)·step), or over one old pixel if that is longer, so
    that a small drawing is enlarged without steps. Everything outside the drawing is black.
    """
    width = max(step, 1.0)
    starts = first + (np.arange(side) + 0.5) * step - width / 2
    edges = np.arange(n)
    overlap = np.minimum(starts[:, None] + width, edges + 1) - np.maximum(starts[:, None], edges)
    shares: Array = np.maximum(overlap, 0) / width
    return shares


def _checked(drawing: ArrayLike) -> Array:
    ink = np.asarray(drawing, np.float64)
    if ink.ndim != 2 or 0 in ink.shape:
        raise ValueError(f"drawing must have the shape (height, width); got {ink.shape}")
    if not (np.isfinite(ink).all() and ink.min() >= 0 and ink.max() <= 1):
        raise ValueError("drawing must hold numbers from 0 for black to 1 for white")
    return ink
