"""The outline of the edge detector that was set by hand, and how it slides over a picture of weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import DEGREES, Animation, Line, Rectangle, VGroup, linear
from numpy.typing import NDArray

from network.analysis.detectors import EdgeMatch, bar_place, edge_place
from scenes.kit import theme
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap

# How the outline goes over the picture: in so many lines from side to side, this far from the picture's edges.
_LINES, _MARGIN = 4, 0.2


class EdgeOutline(VGroup):
    """The outline of the bar and of the strips above and below it, as large as in a picture of weights.

    angle: by how much it is turned, in degrees counter-clockwise. It stands in the middle of the picture.

    >>> EdgeOutline(WeightHeatmap(weights), angle=165)
    """

    def __init__(self, picture: WeightHeatmap, angle: float = 0) -> None:
        cell = 2 * float(picture.radii[0])
        rows, columns = edge_place(picture.side)
        bar, _columns = bar_place(picture.side)
        width, height = cell * (columns.stop - columns.start), cell * (rows.stop - rows.start)
        style: dict[str, Any] = {"color": theme.ANSWER, "stroke_width": theme.MARK_WIDTH}
        lines = []
        for row in (bar.start, bar.stop):
            y = height / 2 - cell * (row - rows.start)
            lines.append(Line((-width / 2, y, 0), (width / 2, y, 0), **style))
        super().__init__(Rectangle(width=width, height=height, **style), *lines)
        self.rotate(angle * DEGREES, about_point=(0, 0, 0)).move_to(picture)


class SlideOutline(Animation):
    """The outline goes over a picture from side to side and stops where it fits best; a number says how well it fits.

    match: of the picture's weights with the edge. lines: in how many lines from side to side.

    >>> SlideOutline(EdgeOutline(picture, match.angle), Number(0, 2), picture, match)
    """

    def __init__(
        self,
        outline: EdgeOutline,
        number: Number,
        picture: WeightHeatmap,
        match: EdgeMatch,
        lines: int = _LINES,
        **options: Any,
    ) -> None:
        self.outline, self.number = outline, number
        self.centres = picture.centres.reshape(picture.side, picture.side, 3)
        self.likeness, self.offset = match.everywhere, match.offset
        self.path = path_over(picture.side, match, lines)
        lengths = np.linalg.norm(np.diff(self.path, axis=0), axis=1)
        self.moments = np.concatenate([[0.0], np.cumsum(lengths)]) / lengths.sum()
        super().__init__(VGroup(outline, number), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        row, column = (np.interp(self.rate_func(alpha), self.moments, along) for along in self.path.T)
        at = round(float(row)), round(float(column))
        self.outline.move_to(place_of(self.centres, (*at,), self.offset))
        self.number.set_value(float(self.likeness[at]))


def path_over(side: int, match: EdgeMatch, lines: int = _LINES) -> NDArray[np.float64]:
    """Rows and columns (n, 2) from a corner of a picture in lines from side to side, and at last to the best match."""
    near, far = _MARGIN * (side - 1), (1 - _MARGIN) * (side - 1)
    places = []
    for line, row in enumerate(np.linspace(near, far, lines)):
        places += [(row, near), (row, far)] if line % 2 == 0 else [(row, far), (row, near)]
    return np.array([*places, (match.row, match.column)], float)


def place_of(centres: NDArray[np.float64], pixel: tuple[int, int], offset: tuple[float, float]) -> NDArray[np.float64]:
    """Where the detector's middle is, (3,), when it stands on a pixel of a picture with centres (side, side, 3)."""
    step = centres[-1, -1] - centres[0, 0]
    across = step[0] / max(centres.shape[1] - 1, 1)
    down = step[1] / max(centres.shape[0] - 1, 1)
    place: NDArray[np.float64] = centres[pixel] + np.array([offset[1] * across, offset[0] * down, 0])
    return place
