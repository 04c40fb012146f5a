"""The first layer laid out in lines: the picture as one, the weights of each neuron as another, and what they make."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, Group, Rectangle, SurroundingRectangle, VGroup
from numpy.typing import NDArray

from network import ForwardPass
from scenes.kit import theme
from scenes.kit.animations.pixels import in_one_line
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.cells import Cells, sign_colours
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.kit.weight_rows import places_in_rows

# The type of the names beside the lines, in pixels an em, and of the titles above the results.
_NAME_SIZE, _TITLE_SIZE = 76, 54
# The lines: their edges, and the heights of the first and the last.
_LEFT, _RIGHT, _TOP, _BOTTOM = -6.7, 3.0, 2.1, -2.65
# The middles of what stands to the right of the lines: W a, + b, and the activations.
_RESULTS = (3.85, 5.1, 6.3)
# The picture and the weight pictures before they are unrolled: where they stand, and how large. The line of pixels
# has room above the weight pictures.
_PICTURE_X, _PICTURE_EXTENT = -4.3, 4.9
_WALL_X, _WALL_Y, _WALL_WIDTH, _WALL_HEIGHT = 2.7, -0.25, 8.0, 5.1
# The share of the weights that is drawn in less than full colour.
_BRIGHT = 0.85
# How much is seen of weights that have learnt nothing.
_UNSEEN = 0.45


class UnrolledLayer:
    """The first layer of a run in lines, and what they are made of.

    never_seen: (side²,), True where the training pictures are always black. pixels, pictures: the picture and the
    weights of each neuron, as pictures. line, lines: the same in one line each. products: the lines of weights, each
    times the pixel above it, on the same scale as the weights. columns: their sums, the biases, and the activations,
    each with its title. neurons: the last of these. every: a number stands beside every line, or every second, third…
    """

    def __init__(self, forward: ForwardPass, never_seen: NDArray[np.bool_]) -> None:
        self.forward, self.knobs = forward, forward.network.layers[0]
        n = self.knobs.n_out
        self.step = min((_TOP - _BOTTOM) / n, 0.4)
        self.heights = (_TOP + _BOTTOM) / 2 + ((n - 1) / 2 - np.arange(n)) * self.step
        self.top = float(self.heights[0]) + self.step / 2 + 0.45
        self.pixels = PixelGrid(forward.input, _PICTURE_EXTENT, (_PICTURE_X, STAGE_MIDDLE))
        limit = full_colour(self.knobs.weights[:, ~never_seen], _BRIGHT)
        places = places_in_rows(n, middle=(_WALL_X, _WALL_Y), width=_WALL_WIDTH, height=_WALL_HEIGHT)
        self.pictures = [
            WeightHeatmap(row, limit, never_seen, extent, (x, y))
            for row, (x, y, extent) in zip(self.knobs.weights, places, strict=True)
        ]
        for picture in self.pictures:
            picture.opacities[never_seen] = _UNSEEN
        self.line = in_one_line(self.pixels, _LEFT, _RIGHT, self.top, 0.42)
        self.lines = [
            in_one_line(picture, _LEFT, _RIGHT, y, 0.86 * self.step)
            for picture, y in zip(self.pictures, self.heights, strict=True)
        ]
        self.products = [
            line.copy().set_signed(flow, limit) for line, flow in zip(self.lines, forward.contributions(0), strict=True)
        ]
        for product in self.products:
            product.opacities = np.ones(len(product), np.float32)
        self.name_of_pixels = Symbol("a^((0))", _NAME_SIZE, theme.ACTIVATIONS_SYMBOL)
        self.name_of_pixels.put((_LEFT + self.name_of_pixels.width / 2, (self.top + 0.2 + STAGE_TOP) / 2, 0))
        # Where lines are closer than numbers can be, not all of them have one.
        self.every = max(int(np.ceil(theme.SMALLEST_SIZE / PIXELS_A_UNIT / self.step)), 1)
        self.neurons, self.columns = self._results()

    def _results(self) -> tuple[Cells, list[Group]]:
        activations = self.forward.activations[0]
        sums = self.forward.contributions(0).sum(axis=1, dtype=np.float64)
        centres = np.stack([np.full(len(sums), _RESULTS[2]), self.heights, np.zeros(len(sums))], axis=1)
        neurons = Cells(centres, 0.9 * self.step, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
        neurons.set_brightness(activations)
        columns = [
            Group(self._numbers(sums, 0, sign_colours(sums)), self._title("W a", 0, theme.TEXT)),
            Group(
                self._numbers(self.knobs.biases, 1, rgb(theme.BIASES_SYMBOL)),
                self._title("+ b", 1, theme.BIASES_SYMBOL),
            ),
            Group(neurons, self._title("a^((1))", 2, theme.ACTIVATIONS_SYMBOL)),
        ]
        return neurons, columns

    def _numbers(self, values: NDArray[np.floating], place: int, colours: NDArray[np.floating]) -> Numbers:
        """A number beside each line that has one, right-aligned around its column."""
        shown = np.arange(0, len(values), self.every)
        size = float(np.clip(0.85 * PIXELS_A_UNIT * self.step, theme.SMALLEST_SIZE, theme.LABEL_SIZE))
        places = np.stack([np.full(len(shown), _RESULTS[place]), self.heights[shown], np.zeros(len(shown))], axis=1)
        hues = np.broadcast_to(colours, (len(values), 3))[shown]
        return Numbers(values[shown], places, 2, size, hues, widths=np.full(len(shown), 0.9), alignment=1.0)

    def _title(self, source: str, place: int, colour: str) -> Symbol:
        return Symbol(source, _TITLE_SIZE, colour).put((_RESULTS[place], self.top + 0.1, 0))

    def large_row(self, row: int) -> Group:
        """What comes of a row, in large type above the lines: its sum, its bias, and the neuron."""
        total = float(self.forward.contributions(0)[row].sum(dtype=np.float64))
        colours = (theme.POSITIVE if total >= 0 else theme.NEGATIVE, theme.BIASES_SYMBOL)
        numbers = [
            Number(value, 2, _NAME_SIZE, colour, sign=place > 0)
            for place, (value, colour) in enumerate(zip((total, float(self.knobs.biases[row])), colours, strict=True))
        ]
        neuron = Cells([[0, 0, 0]], 0.55, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
        neuron.set_brightness(self.forward.activations[0][[row]])
        large = Group(*numbers, neuron).arrange(RIGHT, buff=0.45)
        return large.move_to((_RIGHT - large.width / 2, self.name_of_pixels.get_y(), 0))

    def frames_of(self, row: int) -> VGroup:
        """Frames around the numbers of a row, and around the same in large type."""
        left, right = _RESULTS[0] - 0.6, _RESULTS[2] + 0.35
        small = Rectangle(width=right - left, height=1.1 * self.step)
        small.move_to(((left + right) / 2, self.heights[row], 0))
        frames = VGroup(small, SurroundingRectangle(self.large_row(row), buff=0.12))
        return frames.set_stroke(theme.ANSWER, theme.MARK_WIDTH).set_fill(opacity=0)

    def gathered(self) -> list[Cells]:
        """Copies of the products, each shrunk to a point in its own row where its sum comes."""
        targets = []
        for product, y in zip(self.products, self.heights, strict=True):
            target = product.copy()
            target.points[:, 0] = _RESULTS[0] + 0.1 * (target.points[:, 0] - _LEFT) / (_RIGHT - _LEFT)
            target.points[:, 1] = y + 0.7 * (target.points[:, 1] - y)
            targets.append(target)
        return targets

    def finished(self) -> Group:
        """All of it when everything has been computed: with this one scene ends, and the next begins."""
        return Group(self.line, self.name_of_pixels, *self.products, *self.columns)
