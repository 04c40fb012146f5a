"""What is in the box while a rule is at work: bars of ink, average pictures, or a heap of pictures that were kept."""

from __future__ import annotations

import numpy as np
from manim import Group, VGroup
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import field
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words

# The room inside the box, and the share of it for the bars; how many pictures of the heap are drawn.
_ROOM, _BAR_HEIGHT, DRAWN = 2.95, 2.0, 860
# How wide a picture is that was found.
_FOUND = 2.0


class InkBars(Group):
    """A bar for the average amount of ink of each class (n,), and a line for the ink of one picture.

    labels: the names of the classes beneath their bars, where there is room.
    """

    def __init__(self, ink: NDArray[np.floating], names: tuple[str, ...], centre: tuple[float, float]) -> None:
        self.ink, self.most = ink, float(np.nanmax(ink))
        step = _ROOM / len(ink)
        x = centre[0] + (np.arange(len(ink)) - (len(ink) - 1) / 2) * step
        self.foot = centre[1] - 0.45 * _ROOM + 0.3
        self.bars = Cells(np.stack([x, np.full_like(x, self.foot)], axis=1), 0.74 * step, 0, rgb(theme.NEUTRAL))
        self.bars.stroke_opacities[:] = 0
        self.bars.points[0::2, 1] = self.foot
        self.bars.points[1::2, 1] = self.foot + _BAR_HEIGHT * np.nan_to_num(ink) / self.most
        self.labels = VGroup()
        if max(map(len, names)) == 1 and step > 0.2:
            for name, at in zip(names, x, strict=True):
                self.labels.add(Words(name, theme.SMALLEST_SIZE, theme.TEXT).move_to((at, self.foot - 0.28, 0)))
        self.line = Cells([[centre[0], self.height_of(0)]], 1, 0, rgb(theme.ANSWER), stroke_width=0)
        self.line.points[:, 0] = centre[0] - _ROOM / 2, centre[0] + _ROOM / 2
        self.set_line(0)
        super().__init__(self.bars, self.labels, self.line)

    def height_of(self, ink: float) -> float:
        """Where an amount of ink stands."""
        return self.foot + _BAR_HEIGHT * min(ink / self.most, 1.12)

    def set_line(self, ink: float) -> InkBars:
        """Let the line stand at this amount of ink."""
        self.line.points[:, 1] = self.height_of(ink) - 0.025, self.height_of(ink) + 0.025
        return self

    def marked(self, label: int) -> Cells:
        """The bar of a class, in the colour of answers."""
        one = self.bars.item(label)
        one.colours = np.array([rgb(theme.ANSWER)], np.float32)
        return one


class Averages(Pictures):
    """The average picture of each class (n, side²); black for those with NaN, which have no pictures."""

    # Every cell is drawn, so that one average can become another.
    DARK = -1.0

    def __init__(self, averages: NDArray[np.floating], centre: tuple[float, float]) -> None:
        self.middles, self.step = field(len(averages), (centre[0] - _ROOM / 2, centre[1]), _ROOM, _ROOM)
        side = round(averages.shape[1] ** 0.5)
        super().__init__(np.nan_to_num(averages).reshape(-1, side, side), self.middles, 0.9 * self.step)

    def marked(self, label: int) -> Cells:
        """A frame around the average of a class."""
        return _frame(self.middles[label], 0.98 * self.step)


class KeptPictures(Group):
    """A heap of pictures that were kept, `DRAWN` of them, and the one of them all that is nearest."""

    def __init__(self, images: NDArray[np.float32], nearest: NDArray[np.float32], centre: tuple[float, float]) -> None:
        self.centre = centre
        # Where there are fewer, some are drawn twice.
        self.heap = Pictures(np.resize(images, (DRAWN, *images.shape[1:])), *_filling(centre, _ROOM, _ROOM)).show(0.8)
        self.found = PixelGrid(nearest, _FOUND, centre).without_outlines()
        self.frame = _frame((*centre, 0), _FOUND)
        super().__init__(self.heap)

    def spread(self, centre: tuple[float, float], width: float, height: float) -> Pictures:
        """The same heap, spread over more room."""
        return self.heap.copy().set_places(*_filling(centre, width, height)).show(0.55)


def _filling(centre: tuple[float, float], width: float, height: float) -> tuple[NDArray[np.float64], float]:
    places, step = field(DRAWN, (centre[0] - width / 2, centre[1]), width, height)
    return places, 0.94 * step


def _frame(place: ArrayLike, extent: float) -> Cells:
    return Cells(place, extent, 0.08, opacities=0, stroke_colour=theme.ANSWER, stroke_width=6)
