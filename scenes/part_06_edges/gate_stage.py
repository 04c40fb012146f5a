"""The stage of the gate: the weights that keep it, the pictures, and the columns in which those that pass pile up."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import numpy as np
from manim import DOWN, LEFT, UP, Group, Rectangle, VGroup, VMobject
from numpy.typing import NDArray

from network.analysis.detectors import edge_place, shares_kept
from network.analysis.gate import Gate, gate, standing_for
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import in_rows
from scenes.kit.mobjects.counter import Counter
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits, words_that_fit
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.picture_frames import frame_of_weights
from scenes.language import _
from scenes.part_06_edges.hand_set_weights import BY_HAND
from scenes.part_06_edges.thumbnails import Thumbnails
from scenes.wording import amount, is_digit, number


class GateStage:
    """The gate on the left, and pictures of every class, which wait on the right, over the columns of their classes.

    gates: without and with the surround. present: the classes that are shown. shown: the indices of the pictures, and
    labels_of_shown their classes. most_lost: the class that keeps the smallest share of what passes with the surround.
    """

    # The room is for the words above and below it.
    GATE, GATE_EXTENT, GATE_ROOM = (-5.1, 1.3), 3.1, 3.4
    LEFT_EDGE, RIGHT_EDGE, FOOT, PILE = -3.2, 6.8, -1.9, 3.75
    OVER, HEADING_Y = 0.42, 3.25
    # How wide some of the pictures become at the end.
    ENLARGED = 2.7
    # Where the pictures wait: the middle of their rows, and the room for them.
    WAITING, ROOM = (1.8, 1.35), (9.8, 3.9)
    # Pictures of each class at the gate, how many are side by side in a pile, and how many classes there is room for.
    EACH, ABREAST, MOST_CLASSES = 14, 2, 10

    def __init__(self, digits: Digits) -> None:
        self.digits = digits
        self.gates = gate(digits, False), gate(digits, True)
        passes = [one.passes for one in self.gates]
        # In proportion: a column is as high as its percentage says.
        chosen = [standing_for(digits, self.EACH, int(k), *passes) for k in self.present]
        self.shown = np.sort(np.concatenate(chosen))
        self.labels_of_shown = digits.labels[self.shown]
        self.lay_out_gate()
        self.lay_out_columns()
        waiting, step = in_rows(len(self.shown), self.WAITING, *self.ROOM)
        # The lowest row goes first.
        self.pictures = Thumbnails(digits.vectors[self.shown], waiting[::-1], min(0.95 * step, self.extent))

    @cached_property
    def present(self) -> NDArray[np.intp]:
        """The classes that are shown: those that have pictures, the one that is spoken of among them."""
        classes = np.flatnonzero(~np.isnan(self.gates[0].shares))
        if len(classes) <= self.MOST_CLASSES:
            return classes
        others = [int(k) for k in classes if int(k) != self.most_lost][: self.MOST_CLASSES - 1]
        return np.array(sorted([*others, self.most_lost]), np.intp)

    @cached_property
    def most_lost(self) -> int:
        without, with_it = (np.nan_to_num(one.shares) for one in self.gates)
        return int(np.argmin(shares_kept(without, with_it)))

    def lay_out_gate(self) -> None:
        """The weights, the rule below them, and what is read there: a picture's sum, or how many pass."""
        first: Gate = self.gates[0]
        self.picture = WeightHeatmap(first.detector.weights[0], 1.0, None, self.GATE_EXTENT, self.GATE)
        self.frame = frame_of_weights(self.picture)
        self.by_hand = words_that_fit(_(BY_HAND), self.GATE_ROOM, theme.CAPTION_SIZE, theme.WEIGHTS_SYMBOL)
        self.by_hand.next_to(self.frame, UP, buff=0.2)
        rule = _("sum above {threshold}?", threshold=number(first.threshold))
        self.rule = Words(rule, size_that_fits([rule], self.GATE_ROOM, theme.CAPTION_SIZE))
        self.rule.next_to(self.frame, DOWN, buff=0.3)
        self.total = Number(0, 1, 1.5 * theme.TITLE_SIZE).next_to(self.rule, DOWN, buff=0.35)
        passing = _("of {pictures} pass", pictures=amount(len(self.digits)))
        self.counter = Counter(first.passing, passing, size=1.5 * theme.TITLE_SIZE)
        self.counter.next_to(self.rule, DOWN, buff=0.4)
        caption = self.counter.caption.set_color(theme.TEXT)
        caption.scale(min(1.2, self.GATE_ROOM / caption.width), about_edge=UP)

    def lay_out_columns(self) -> None:
        """The columns with their names and their percentages."""
        names = self.digits.class_names
        step = (self.RIGHT_EDGE - self.LEFT_EDGE) / len(self.present)
        self.middles = self.LEFT_EDGE + (np.arange(len(self.present)) + 0.5) * step
        self.extent = min(0.88 * step / self.ABREAST, self.PILE / -(-self.EACH // self.ABREAST))
        self.base = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=2)
        self.base.set_points_as_corners([(self.LEFT_EDGE, self.FOOT, 0), (self.RIGHT_EDGE, self.FOOT, 0)])
        texts = [names[k] for k in self.present]
        long = max(len(text) for text in texts) > 2
        self.labels = VGroup()
        for place, (text, x) in enumerate(zip(texts, self.middles, strict=True)):
            label = Words(text, theme.SMALLEST_SIZE if long else theme.TITLE_SIZE, width=2 * step if long else None)
            # Long names stand in two rows, by turns.
            label.move_to((x, self.FOOT - 0.36 - (0.42 if long and place % 2 else 0), 0))
            label.shift(max(label.get_right()[0] - self.RIGHT_EDGE, 0) * LEFT)
            self.labels.add(label)
        heading = _("% of each digit let through") if self.of_digits else _("% of each class let through")
        self.heading = Words(heading, theme.TITLE_SIZE)
        self.heading.move_to(((self.LEFT_EDGE + self.RIGHT_EDGE) / 2, self.HEADING_Y, 0))
        places = np.stack([self.middles, np.full(len(self.middles), self.FOOT + self.OVER), 0 * self.middles], axis=1)
        self.percents = Numbers(np.zeros(len(self.middles)), places, 0, theme.TITLE_SIZE, theme.TEXT)

    @property
    def of_digits(self) -> bool:
        """Whether the classes are digits."""
        return all(map(is_digit, self.digits.class_names))

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which of the shown pictures pass with the surround; it only takes away, so they pass without it, too."""
        return self.gates[1].passes[self.shown]

    def piled(self, passes: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Where the shown pictures lie that pass, (n, 2); the others drop below their place."""
        places = self.pictures.places - np.array([0, 1.2])
        for k, x in zip(self.present, self.middles, strict=True):
            own = np.flatnonzero((self.labels_of_shown == k) & passes)
            row, column = np.divmod(np.arange(len(own)), self.ABREAST)
            places[own, 0] = x + (column - (self.ABREAST - 1) / 2) * self.extent
            places[own, 1] = self.FOOT + 0.04 + (row + 0.5) * self.extent
        return places

    def over_piles(self, passes: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Places just above the columns of the shown pictures that pass, (classes, 3)."""
        heights = [
            -(-np.count_nonzero(passes & (self.labels_of_shown == k)) // self.ABREAST) * self.extent
            for k in self.present
        ]
        y = self.FOOT + np.array(heights) + self.OVER
        return np.stack([self.middles, y, np.zeros(len(y))], axis=1)

    def marks(self) -> list[Rectangle]:
        """A frame where the edge lies, in the weights and in every picture that passes with the surround."""
        each = [self.place_of_edge((*place, 0), self.extent, 2) for place in self.pictures.places[self.kept]]
        return [self.place_of_edge(self.picture.get_center(), self.GATE_EXTENT), *each]

    def some_enlarged(self, most: int) -> list[tuple[VMobject | PixelGrid, VMobject | PixelGrid]]:
        """Pictures and their frames as they lie in the piles, each with itself enlarged, above the piles.

        Each is the first of its class that passes with the surround; the classes are those that most pass of. Nothing
        if the piles leave no room.
        """
        second = self.gates[1]
        classes = self.present[np.argsort(-second.shares[self.present], kind="stable")]
        firsts = [np.flatnonzero(self.kept & (self.labels_of_shown == k))[:1] for k in classes]
        chosen = sorted(np.concatenate(firsts)[:most], key=lambda n: int(self.labels_of_shown[n]))
        foot = float(self.over_piles(self.kept)[:, 1].max()) + 0.3
        top = self.HEADING_Y - 0.35
        extent = min(self.ENLARGED, top - foot)
        if extent < self.ENLARGED / 2:
            return []
        grown: list[tuple[VMobject | PixelGrid, VMobject | PixelGrid]] = []
        for place, n in enumerate(chosen):
            image, small = self.digits.vectors[self.shown[n]], tuple(self.pictures.places[n])
            x = (self.LEFT_EDGE + self.RIGHT_EDGE) / 2 + (place - (len(chosen) - 1) / 2) * 1.2 * self.ENLARGED
            large = (x, (top + foot) / 2)
            grown.append((PixelGrid(image, self.extent, small), PixelGrid(image, extent, large)))
            frames = self.place_of_edge((*small, 0), self.extent, 2), self.place_of_edge((*large, 0), extent)
            grown.append((frames[0], frames[1]))
        return grown

    def place_of_edge(self, centre: Any, extent: float, stroke_width: float = theme.MARK_WIDTH) -> Rectangle:
        """A frame around the bar and its surround in a picture with this centre and width."""
        side = self.digits.side
        rows, columns = edge_place(side)
        frame = Rectangle(
            width=extent * (columns.stop - columns.start) / side,
            height=extent * (rows.stop - rows.start) / side,
            color=theme.ANSWER,
            stroke_width=stroke_width,
        )
        across, down = (columns.start + columns.stop) / 2 / side - 0.5, 0.5 - (rows.start + rows.stop) / 2 / side
        return frame.move_to(np.asarray(centre, float) + extent * np.array([across, down, 0]))

    @property
    def marked_colours(self) -> NDArray[np.float32]:
        """The colours of the percentages, (classes, 3): that of the class that lost most is marked."""
        return np.where((self.present == self.most_lost)[:, None], rgb(theme.ANSWER), rgb(theme.TEXT))

    def settle(self) -> Self:
        """Show what is left with the surround, as at the end of `WhoFiresTheDetectors`."""
        second = self.gates[1]
        self.picture.show(second.detector.weights[0], 1.0)
        self.pictures.lay_out(self.piled(self.kept), self.extent, self.kept.astype(float))
        self.percents.set_values(100 * second.shares[self.present]).place(self.over_piles(self.kept))
        self.percents.set_colours(self.marked_colours)
        self.counter.set_value(second.passing)
        return self

    @property
    def around(self) -> Group:
        """Everything but the pictures."""
        words = self.by_hand, self.rule, self.counter, self.base, self.labels, self.heading, self.percents
        return Group(self.picture, self.frame, *words)
