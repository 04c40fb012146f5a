"""Three kinds of network as small sketches that move: for pictures, for sound, and for text.

They show how each kind goes through what it is given, and compute nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from manim import PI, RIGHT, Animation, Arc, Group, Square, VGroup, linear
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words

# What a window, a note or a word leaves of the light of everything else.
_DIM = 0.4
# A window is this share of the picture wide, and the picture is as wide as this many of its rows.
_WINDOW, _ROWS = 0.3, 4


class Sketch(Group):
    """A sketch that goes on by itself: `show(share)` is a moment of it, and after each whole number it repeats."""

    def show(self, share: float) -> Self:
        raise NotImplementedError


class WindowOverPicture(Sketch):
    """A window that slides over a picture, row after row: a convolutional network.

    >>> WindowOverPicture(digits.images[0], 3.6, (0, 0))
    """

    def __init__(self, image: ArrayLike, extent: float, centre: tuple[float, float]) -> None:
        self.pixels = PixelGrid(image, extent, centre).without_outlines()
        self.extent, self.middle = extent, np.array([*centre, 0.0])
        self.window = Square(_WINDOW * extent, color=theme.ANSWER, stroke_width=1.5 * theme.MARK_WIDTH)
        super().__init__(self.pixels, self.window)
        self.show(0)

    def show(self, share: float) -> Self:
        row, along = divmod(share % 1 * _ROWS, 1)
        along = 1 - along if row % 2 else along  # to and fro
        reach = (1 - _WINDOW) / 2 * self.extent
        place = self.middle + reach * np.array([2 * along - 1, 1 - 2 * row / (_ROWS - 1), 0])
        self.window.move_to(place)
        inside = (np.abs(self.pixels.centres - place)[:, :2] < _WINDOW * self.extent / 2).all(axis=1)
        self.pixels.set_brightness(self.pixels.values * np.where(inside, 1, _DIM))
        return self


class SoundInTime(Sketch):
    """A neuron that goes along a sound and keeps a little of what it has heard: a recurrent network.

    levels: (n,), how loud the sound is from moment to moment, 0 to 1.

    >>> SoundInTime([0.2, 0.9, 0.4], 4, 2, (0, 0))
    """

    def __init__(self, levels: ArrayLike, width: float, height: float, centre: tuple[float, float]) -> None:
        self.levels = np.asarray(levels, float)
        self.bars = sound_bars(self.levels, width, height, centre)
        top = centre[1] + height / 2 + 0.55
        self.neuron = Cells([(0, top, 0)], 0.8, 1, (0, 0, 0), stroke_colour=theme.NEUTRAL, stroke_width=3)
        # From the neuron back to itself.
        self.loop = Arc(radius=0.3, start_angle=-PI / 4, angle=1.35 * PI, color=theme.NEUTRAL, stroke_width=5)
        self.loop.move_arc_center_to((0, top + 0.62, 0)).add_tip(tip_length=0.2, tip_width=0.2)
        super().__init__(self.bars, self.neuron, self.loop)
        self.show(0)

    def show(self, share: float) -> Self:
        place = share % 1 * (len(self.levels) - 1)
        distance = place - np.arange(len(self.levels))
        # What was heard fades slowly, and what is still to come is dim.
        heard = np.where(distance >= 0, np.exp(-distance / 6), 0.0)
        self.bars.colours = ((_DIM + (1 - _DIM) * heard)[:, None] * rgb(theme.NEUTRAL)).astype(np.float32)
        self.neuron.set_brightness([min(float((heard * self.levels).sum()) / 4, 1)])
        x = float(np.interp(place, np.arange(len(self.levels)), self.bars.centres[:, 0]))
        step = (x - self.neuron.get_x()) * RIGHT
        self.neuron.shift(step)
        self.loop.shift(step)
        return self


class WordsAtWords(Sketch):
    """Each word looks at every word: a transformer.

    >>> WordsAtWords(["numbers", "become", "patterns"], 4, 3, (0, 0))
    """

    def __init__(self, words: Sequence[str], width: float, height: float, centre: tuple[float, float]) -> None:
        y = centre[1] + height / 2 * np.linspace(1, -1, len(words))
        self.words = VGroup(*(Words(word, theme.LABEL_SIZE) for word in words))
        others = self.words.copy()
        reach = (width - max(word.width for word in self.words)) / 2
        for word, other, at in zip(self.words, others, y, strict=True):
            word.move_to((centre[0] - reach, at, 0))
            other.move_to((centre[0] + reach, at, 0))
        starts = np.array([word.get_right() + 0.12 * RIGHT for word in self.words])
        ends = np.array([other.get_left() - 0.12 * RIGHT for other in others])
        for points in (starts, ends):
            points[:, 1] = y
        self.looks = Connections(starts, ends, np.ones((len(words), len(words))), width=4).set_equal(1)
        super().__init__(self.looks, self.words, others)
        self.show(0)

    def show(self, share: float) -> Self:
        n = len(self.words)
        place = share % 1 * n
        away = np.abs(np.arange(n) + 0.5 - place)
        light = np.clip(1.3 - np.minimum(away, n - away), 0.15, 1)
        self.looks.emphasis = np.tile(light, n).astype(np.float32)
        return self


class KeepMoving(Animation):
    """Sketches go on, all from one share to another.

    >>> KeepMoving([WordsAtWords(["numbers", "become"], 4, 3, (0, 0))], 0, 1, run_time=3)
    """

    def __init__(self, sketches: Sequence[Sketch], start: float, stop: float, **options: Any) -> None:
        self.sketches, self.start, self.stop = sketches, start, stop
        super().__init__(Group(*sketches), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.start + (self.stop - self.start) * self.rate_func(alpha)
        for sketch in self.sketches:
            sketch.show(share)


def sound_bars(levels: ArrayLike, width: float, height: float, centre: tuple[float, float]) -> Cells:
    """A sound as upright bars around a middle line, (n,) levels from 0 to 1."""
    share: NDArray[np.float64] = np.asarray(levels, float)
    step = width / len(share)
    x = centre[0] + (np.arange(len(share)) - (len(share) - 1) / 2) * step
    bars = Cells(np.stack([x, np.full(len(share), centre[1])], axis=1), 0.62 * step, 0.9, rgb(theme.NEUTRAL))
    bars.stroke_widths[:] = 0
    half = np.maximum(share * height / 2, 0.31 * step)
    bars.points[0::2] = np.stack([x - 0.31 * step, centre[1] - half, np.zeros(len(share))], axis=1)
    bars.points[1::2] = np.stack([x + 0.31 * step, centre[1] + half, np.zeros(len(share))], axis=1)
    return bars
