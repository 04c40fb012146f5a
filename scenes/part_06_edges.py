"""Part 6, Edges: what weights, the weighted sum, the squish and the bias are for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Line,
    Rectangle,
    Square,
    SurroundingRectangle,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
)

from network import ForwardPass
from network.detectors import bar_detector, bar_place, bar_threshold, firing_shares, sums_without_bias
from network.digits import Digits
from network.network import ACTIVATIONS
from scenes import theme
from scenes.animations import GrowConnections
from scenes.layout import STAGE_BOTTOM, STAGE_TOP, grid, picture
from scenes.lesson_scene import LessonScene
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.connections import Connections
from scenes.mobjects.network_diagram import NeuronColumn
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.plots import Axes, FunctionPlot, NumberLineSquish
from scenes.mobjects.symbols import Symbol
from scenes.mobjects.typesetting import Number, Words, formula
from scenes.mobjects.weight_heatmap import WeightHeatmap, WeightScale
from scenes.mobjects.weighted_sum import AddUpProducts, WeightedSum, sum_of_products
from scenes.part_09_notation import places_that_add_up

_BY_HAND = "weights, set by hand"
_DOT_COLOURS = (theme.ANSWER, theme.WEIGHTS_SYMBOL, theme.BIASES_SYMBOL)
_CHART_COLOURS = (theme.NEUTRAL, theme.ANSWER)
_CHART_NUMBERS = 27
# What each activation function is called in a sentence and in a formula.
_FUNCTIONS = {
    "sigmoid": ("the sigmoid", "sigma(z)"),
    "relu": ("ReLU", '"ReLU"(z)'),
    "identity": ("the identity", "z"),
}


class AWeightOnEachConnection(LessonScene):
    """All the connections into one neuron of the network, their weights, the weighted sum, the weights as a picture."""

    def construct(self) -> None:
        digits = self.digits()
        image = detector_examples(digits).bar_image
        self.forward = self.network.forward(image)
        self.layer = self.network.layers[0]
        self.neuron = neuron_to_show(self.forward)
        self.row = self.layer.weights[self.neuron]
        self.never_seen = self.digits("train").vectors.max(axis=0) == 0
        self.middle = 0.75

        self.pixels_and_a_neuron(digits.side)
        self.weights()
        self.the_sum()
        self.a_picture_of_weights()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        forward = self.network.forward(detector_examples(digits).bar_image)
        neuron = neuron_to_show(forward)
        return (
            f"{self.network.sizes[0]} pixels are joined to one neuron by a line each, blue or red by its weight. The "
            f"weighted sum is {_signed(forward.contributions(0)[neuron].sum(), 2)}. Then the weights form a "
            "picture, each where its pixel is."
        )

    def pixels_and_a_neuron(self, side: int) -> None:
        self.next_section("Pixels and a neuron")
        self.pixels = NeuronColumn(picture(side, (-4.5, self.middle), 4.4)).show(self.forward.input)
        self.disc = Cells([[3.4, self.middle, 0]], 0.9, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE)
        self.disc.stroke_widths[:] = 2.5
        self.lines = self._lines_to(self.disc)
        self.play(FadeIn(self.pixels), FadeIn(self.disc), run_time=theme.QUICK)

    def _lines_to(self, neuron: Cells) -> Connections:
        """All connections into the neuron where it stands, by weight."""
        return Connections(self.pixels.centres, neuron.centres, self.row[None, :], contrast=0.6, width=1.6)

    def weights(self) -> None:
        self.next_section("Weights")
        with self.caption(
            "Each connection into a neuron has a weight: blue positive, red negative.",
            GrowConnections(self.lines),
            moves="From every disc of a digit a line grows to a neuron, the brighter the larger its weight. One line "
            "stands out, with its weight; the others dim.",
        ):
            self.one_connection()

    def one_connection(self) -> None:
        """The connection through which most flows is singled out, with its weight."""
        flows = self.forward.contributions(0)[self.neuron]
        source = int(np.argmax(np.abs(flows)))
        weight = float(self.row[source])
        pixel, neuron = self.pixels.centres[source], self.disc.centres[0]
        along = (neuron - pixel) / np.linalg.norm(neuron - pixel)
        rim = float(self.pixels.radii[source]) + 0.06
        ring = Circle(rim, color=theme.ACTIVATIONS_SYMBOL, stroke_width=3).move_to(pixel)
        colour = theme.POSITIVE if weight >= 0 else theme.NEGATIVE
        ends = pixel + rim * along, neuron - float(self.disc.radii[0]) * along
        strand = Line(*ends, color=colour, stroke_width=4)
        factors = (
            (self.forward.input[source], "activation", theme.ACTIVATIONS_SYMBOL),
            (weight, "weight", theme.WEIGHTS_SYMBOL),
            (flows[source], "product", theme.TEXT),
        )
        self.factors = VGroup()
        for value, name, tint in factors:
            number = Number(float(value), 2, theme.CAPTION_SIZE, tint)
            words = Words(name, theme.NOTE_SIZE, tint).next_to(number, DOWN, buff=0.15)
            self.factors.add(VGroup(number, words))
        self.factors.arrange(RIGHT, buff=0.75, aligned_edge=UP)
        self.factors.set_x((pixel[0] + neuron[0]) / 2 + 0.5)
        # Above the line, from end to end of them.
        sides = self.factors.get_left()[0], self.factors.get_right()[0]
        over = float(np.interp(sides, [pixel[0], neuron[0]], [pixel[1], neuron[1]]).max())
        self.factors.shift((over + 0.25 - self.factors.get_bottom()[1]) * UP)
        self.one = Group(ring, strand)
        dim = self.lines.copy()
        dim.emphasis = np.full_like(dim.emphasis, 0.12)
        self.play(Transform(self.lines, dim), Create(ring), FadeIn(strand))
        self.play(FadeIn(self.factors[1]), run_time=theme.QUICK)

    def the_sum(self) -> None:
        self.next_section("The sum")
        total = float(self.forward.contributions(0)[self.neuron].sum())
        equation = sum_of_products(len(self.pixels))
        number = Number(total, 2, theme.CAPTION_SIZE).next_to(equation, RIGHT, buff=0.2)
        number.set_y(equation[0].middle[1])
        self.equation = VGroup(equation, number).set_x(0)
        self.equation.shift((-2.35 - number.get_y()) * UP)
        flows = self.forward.contributions(0)[self.neuron][None, :]
        flowing = self._lines_to(self.disc).set_values(flows)
        signs = VGroup()
        for sign, one, other in zip(("times", "="), self.factors, self.factors[1:], strict=False):
            middle = (one.get_right()[0] + other.get_left()[0]) / 2
            signs.add(Symbol(sign, theme.CAPTION_SIZE).put((middle, one[0].get_y(), 0)))
        with self.caption(
            "Activation times weight, all added up: the weighted sum.",
            FadeIn(equation),
            moves="On the line that stands out, an activation times its weight makes a product. Then the lines from "
            "all bright pixels light up, and the sum appears beneath.",
        ):
            self.play(FadeIn(self.factors[0], self.factors[2], signs), run_time=theme.QUICK)
            self.wait(1.5 * theme.STEP)
            self.play(FadeOut(self.one, self.factors, signs, run_time=theme.QUICK), Transform(self.lines, flowing))
            self.play(FadeIn(number), run_time=theme.QUICK)

    def a_picture_of_weights(self) -> None:
        self.next_section("A picture of weights")
        target = WeightHeatmap(self.row, None, self.never_seen, 4.4, (3.05, self.middle))
        scale = Group(WeightScale(target.limit, 3.6).next_to(target, RIGHT, buff=0.35))
        if count := int(self.never_seen.sum()):
            swatch = Cells([[0, 0, 0]], 0.2, 0, rgb(theme.NEVER_SEEN), stroke_width=0)
            note = Words(f"{count} pixels, black in all training pictures", theme.SMALLEST_SIZE, theme.QUIET_TEXT)
            scale.add(Group(swatch, note.next_to(swatch, RIGHT, buff=0.15)).next_to(target, DOWN, buff=0.2))
        nearer = self.disc.copy().shift((-0.55 - self.disc.get_x()) * RIGHT)
        with self.caption(
            "Each weight put where its pixel is: a picture of weights.",
            Transform(self.disc, nearer, run_time=theme.STEP),
            Transform(self.lines, self._lines_to(nearer), run_time=theme.STEP),
            moves="The neuron makes room. A coloured cell appears on each line, and they fly to the right, where they "
            "form a picture.",
        ):
            # A share of the way along every line: the cells stand there as a smaller picture already.
            way = 0.5
            places = self.pixels.centres + way * (nearer.centres - self.pixels.centres)
            leaving = target.copy()
            leaving.place(places, 2 * (1 - way) * float(self.pixels.radii[0]))
            self.play(FadeIn(leaving), run_time=theme.QUICK)
            self.play(Transform(leaving, target, path_arc=-0.5, run_time=1.6 * theme.FLOW))
            self.play(FadeIn(scale), run_time=theme.QUICK)


class BarDetector(LessonScene):
    """A neuron set by hand adds up the pixels of a bar; with a negative surround it becomes an edge detector."""

    def construct(self) -> None:
        digits = self.digits()
        self.chosen = detector_examples(digits)
        self.class_names = digits.class_names
        self.side = digits.side
        self.bar = bar_detector(self.side).weights[0]
        self.edge = bar_detector(self.side, surround=True).weights[0]
        self.stage = WeightedSum(self.chosen.bar_image, self.bar, 1.0, _BY_HAND)
        self.stage.clear_sum()

        self.weights_by_hand()
        self.a_bar()
        self.no_bar()
        self.the_surround()
        self.a_bar_again()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        chosen = detector_examples(digits)
        names = digits.class_names
        return (
            f"Weights set by hand, 1 on a bar and 0 elsewhere, are multiplied with the pixels of a "
            f"{names[chosen.bar_label]}: the sum is {_signed(chosen.bar_sums[0])}. A {names[chosen.crossing_label]} "
            f"gives {_signed(chosen.crossing_sums[0])}. With negative weights above and below the bar the sums are "
            f"{_signed(chosen.bar_sums[1])} and {_signed(chosen.crossing_sums[1])}."
        )

    def weights_by_hand(self) -> None:
        self.next_section("Weights set by hand")
        stage = self.stage
        rows, columns = bar_place(self.side)
        step = stage.EXTENT / self.side
        centres = grid(self.side, (0, stage.weight_picture.get_y()), stage.EXTENT).reshape(self.side, self.side, 3)
        bar = centres[rows, columns].reshape(-1, 3)
        size = min(theme.LABEL_SIZE, max(theme.SMALLEST_SIZE, 0.9 * 135 * step * (rows.stop - rows.start)))
        one = Number(1, size=size, colour=theme.BACKGROUND).move_to(bar.mean(axis=0))
        zero = Number(0, size=theme.LABEL_SIZE).move_to(
            (0, stage.weight_picture.get_bottom()[1] + 0.3 * stage.EXTENT, 0)
        )
        self.marks = VGroup(one, zero)
        with self.caption(
            "Weights set by hand: 1 on a bar, 0 elsewhere.",
            FadeIn(stage.frames[1]),
            FadeIn(stage.names[1]),
            moves="A dark picture of weights appears, with a blue bar across its upper half.",
        ):
            self.play(FadeIn(stage.weight_picture))
            self.play(FadeIn(self.marks))

    def a_bar(self) -> None:
        self.next_section("A bar")
        stage = self.stage
        rows, columns = bar_place(self.side)
        cells = stage.pixels.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)
        corners = stage.pixels.points.reshape(-1, 2, 3)[cells].reshape(-1, 3)
        low, high = corners.min(axis=0), corners.max(axis=0)
        place = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=theme.POSITIVE, stroke_width=3)
        place.move_to((low + high) / 2)
        pixels = int(np.count_nonzero(self.bar))
        with self.caption(
            f"On this {self.class_names[self.chosen.bar_label]} only the bar's {pixels} pixels count. "
            f"Their sum: {self.chosen.bar_sums[0]:.1f}.",
            FadeIn(stage.pixels, shift=0.3 * RIGHT),
            FadeIn(VGroup(stage.frames[0], stage.names[0])),
            FadeOut(self.marks),
            moves="A digit appears to the left of the weights. A mark runs over both; to the right product after "
            "product appears, and the sum grows.",
        ):
            self.play(
                Create(place),
                FadeIn(VGroup(stage.signs, stage.frames[2], stage.names[2], stage.equation, stage.total)),
            )
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))

    def no_bar(self) -> None:
        self.next_section("No bar")
        stage, image = self.stage, self.chosen.crossing_image
        reaches = "still reaches" if self.chosen.crossing_sums[0] > bar_threshold(self.side) else "gives"
        nothing = stage.product_picture.copy().show(np.zeros(self.side**2), 1.0)
        with self.caption(
            f"This {self.class_names[self.chosen.crossing_label]} has no bar, and {reaches} "
            f"{_signed(self.chosen.crossing_sums[0])}.",
            Transform(stage.pixels, stage.pixels.copy().set_brightness(image)),
            Transform(stage.product_picture, nothing),
            moves="Another digit takes the place of the first, and its products add up.",
        ):
            stage.show(activations=image)
            stage.clear_sum()
            self.play(AddUpProducts(stage))

    def the_surround(self) -> None:
        self.next_section("The surround")
        stage = self.stage
        target = stage.weight_picture.copy().show(self.edge, 1.0)
        with self.caption(
            f"Weights of −1/2 above and below take off what is bright there: {_signed(self.chosen.crossing_sums[1])}.",
            Transform(stage.weight_picture, target, run_time=theme.FLOW),
            moves="Red strips appear above and below the blue bar of weights; red products join the blue ones, and the "
            "sum falls.",
        ):
            stage.show(weights=self.edge)
            self.play(ChangeProducts(stage, run_time=1.4 * theme.FLOW))

    def a_bar_again(self) -> None:
        self.next_section("A bar, once more")
        stage = self.stage
        bar = stage.pixels.copy().set_brightness(self.chosen.bar_image)
        with self.caption(
            f"A bar between dark strips keeps {_signed(self.chosen.bar_sums[1])}: an edge detector.",
            Transform(stage.pixels, bar, run_time=theme.STEP),
            moves="The first digit is back; its products are nearly all blue, and the sum jumps up.",
        ):
            stage.show(activations=self.chosen.bar_image)
            self.play(ChangeProducts(stage))
            self.play(Indicate(stage.total, 1.25, theme.ANSWER))


class ChangeProducts(Animation):
    """All products go at once from those that are shown to the present ones, and the sum counts along."""

    def __init__(self, stage: WeightedSum, **options: Any) -> None:
        self.stage = stage
        self.before, self.after = stage.product_picture.weights.astype(float), stage.products
        super().__init__(Group(stage.product_picture, stage.total), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        products = self.before + (self.after - self.before) * share
        self.stage.product_picture.show(products, self.stage.limit)
        self.stage.total.set_value(self.stage.sum if alpha >= 1 else float(products.sum()))


class WhoFiresTheDetectors(LessonScene):
    """How often each class passes the threshold of the detectors set by hand, without and with the surround."""

    LEFT_EDGE, RIGHT_EDGE, FOOT, TOP = -6.3, 3.5, -2.0, 2.6
    # A picture that is smaller says nothing.
    SMALLEST = 0.4

    def construct(self) -> None:
        self.test_set = self.digits()
        self.names = self.test_set.class_names
        layers = [bar_detector(self.test_set.side, surround) for surround in (False, True)]
        self.threshold_text = _signed(bar_threshold(self.test_set.side), 0)
        self.weights = [layer.weights[0] for layer in layers]
        shares = np.concatenate([firing_shares(layer, self.test_set) for layer in layers])
        self.present = np.flatnonzero(~np.isnan(shares[0]))
        self.shares = shares[:, self.present]

        self.lay_out_the_chart()
        self.without_the_surround()
        self.with_the_surround()
        self.what_it_says()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        without, with_it = (firing_shares(bar_detector(digits.side, flag), digits)[0] for flag in (False, True))
        listed = ", ".join(
            f"{name} {100 * one:.0f} and {100 * other:.0f}"
            for name, one, other in zip(digits.class_names, without, with_it, strict=True)
            if not np.isnan(one)
        )
        return f"A bar chart: the percentage of each class that fires without and with the surround: {listed}."

    def lay_out_the_chart(self) -> None:
        step = (self.RIGHT_EDGE - self.LEFT_EDGE) / len(self.present)
        middles = self.LEFT_EDGE + (np.arange(len(self.present)) + 0.5) * step
        self.charts = [
            Bars(middles + side * 0.21 * step, 0.36 * step, self.FOOT, self.TOP - self.FOOT, colour)
            for side, colour in zip((-1, 1), _CHART_COLOURS, strict=True)
        ]
        base = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=2)
        base.set_points_as_corners([(self.LEFT_EDGE, self.FOOT, 0), (self.RIGHT_EDGE, self.FOOT, 0)])
        labels = VGroup()
        for k, x in zip(self.present, middles, strict=True):
            short = len(self.names[k]) <= 2
            label = Words(
                self.names[k], theme.LABEL_SIZE if short else theme.SMALLEST_SIZE, width=None if short else step
            )
            labels.add(label.next_to((x, self.FOOT, 0), DOWN, buff=0.18))
        title = Words(f"% of each class with a sum above {self.threshold_text}", theme.CAPTION_SIZE)
        title.move_to(((self.LEFT_EDGE + self.RIGHT_EDGE) / 2, self.TOP + 0.75, 0))
        self.chart = Group(base, labels, title)
        self.legends = []
        said = ("the bar alone", "with the surround")
        for place, (weights, text, colour) in enumerate(zip(self.weights, said, _CHART_COLOURS, strict=True)):
            picture = WeightHeatmap(weights, 1.0, None, 1.9, (5.25, 1.8 - 2.8 * place))
            frame = Square(1.98, color=colour, stroke_width=3).move_to(picture)
            name = Words(text, theme.NOTE_SIZE, colour).next_to(frame, DOWN, buff=0.15)
            self.legends.append(Group(picture, frame, name))
        by_hand = Words(_BY_HAND, theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL).move_to((5.25, title.get_y(), 0))
        self.chart.add(by_hand)

    def without_the_surround(self) -> None:
        self.next_section("Without the surround")
        self.most_lost = int(np.argmin(_kept(*self.shares)))
        share = f"{self._percent(0, self.most_lost)} of {self._name(self.most_lost)}"
        with self.caption(
            f"Bar alone, {len(self.test_set):,} test pictures: {share} pass {self.threshold_text}.",
            FadeIn(self.legends[0]),
            FadeIn(self.chart),
            GrowBars(self.charts[0], 100 * self.shares[0], run_time=2 * theme.FLOW),
            moves="The hand-set weights stand on the right; on the left a bar grows for each class.",
        ):
            pass

    def with_the_surround(self) -> None:
        self.next_section("With the surround")
        most = int(np.argmax(self.shares[1]))
        parts = [f"{self._percent(1, place)} of {self._name(place)}" for place in dict.fromkeys((self.most_lost, most))]
        with self.caption(
            f"With the surround, {', but '.join(parts)}.",
            FadeIn(self.legends[1]),
            moves="A second bar steps out of each one, and sinks to its own height.",
        ):
            dimmed = self.charts[0].boxes.copy().set_opacity(0.45)
            out_of_first = GrowBars(
                self.charts[1],
                100 * self.shares[1],
                100 * self.shares[0],
                self.charts[0].middles,
                run_time=2 * theme.FLOW,
            )
            self.play(out_of_first, Transform(self.charts[0].boxes, dimmed))

    def what_it_says(self) -> None:
        self.next_section("What it says")
        thing = "digit" if all(name.isdigit() for name in self.names) else "class"
        pictures, places = self.pictures_that_fire()
        with self.caption(
            f"It names no {thing}; it says: here is an edge.",
            FadeOut(self.charts[0]),
            moves="The bars without the surround go. Over those with it stand pictures that fire the neuron, one of "
            "each class; a frame marks the bar's place in all of them.",
        ):
            if pictures:
                self.play(LaggedStart(*(FadeIn(picture, shift=0.2 * DOWN) for picture in pictures), lag_ratio=0.15))
                self.play(LaggedStart(*(Create(place) for place in places), lag_ratio=0.15))

    def pictures_that_fire(self) -> tuple[list[PixelGrid], list[Rectangle]]:
        """Of each class the picture with the largest sum with the surround, if it passes; and the bar's place in it.

        They stand in one row over their bars and the bars' numbers, as large as there is room.
        """
        side = self.test_set.side
        sums = sums_without_bias(bar_detector(side, surround=True), self.test_set.vectors)[:, 0]
        top = self.TOP + 0.3
        room = top - 0.45 - (self.FOOT + (self.TOP - self.FOOT) * float(self.shares[1].max()))
        extent = min(0.96 * float(np.diff(self.charts[1].middles).min(initial=2.0)), 1.4, room)
        if extent < self.SMALLEST:
            return [], []
        rows, columns = bar_place(side)
        pictures, places = [], []
        for k, x in zip(self.present, self.charts[1].middles, strict=True):
            best = int(np.argmax(np.where(self.test_set.labels == k, sums, -np.inf)))
            if sums[best] > bar_threshold(side):
                picture = PixelGrid(self.test_set.vectors[best], extent, (float(x), top - extent / 2))
                picture.stroke_opacities[:] = 0
                bar = picture.points.reshape(side, side, 2, 3)[rows, columns].reshape(-1, 3)
                low, high = bar.min(axis=0), bar.max(axis=0)
                place = Rectangle(width=high[0] - low[0], height=high[1] - low[1], color=theme.POSITIVE, stroke_width=2)
                pictures.append(picture)
                places.append(place.move_to((low + high) / 2))
        return pictures, places

    def _name(self, place: int) -> str:
        name = self.names[self.present[place]]
        return f"the {name}s" if name.isdigit() else f"class {name}"

    def _percent(self, row: int, place: int) -> str:
        return f"{100 * self.shares[row, place]:.0f} %"


class Bars(Group):
    """Upright bars with their heights written on top, in percent; all of height 0 until they grow.

    middles: (n,) where they stand. foot: where they begin. height: that of 100.
    """

    def __init__(self, middles: np.ndarray, width: float, foot: float, height: float, colour: str) -> None:
        n = len(middles)
        self.foot, self.full = foot, height
        self.middles = np.asarray(middles, float)
        self.boxes = Cells(np.stack([self.middles, np.full(n, foot)], axis=1), width, 0, rgb(colour), stroke_width=0)
        self.numbers = Numbers(
            np.zeros(n), np.stack([self.middles, np.zeros(n), np.zeros(n)], axis=1), 0, _CHART_NUMBERS, colour
        )
        super().__init__(self.boxes, self.numbers)
        self.show(np.zeros(n))

    def show(self, percent: np.ndarray, middles: np.ndarray | None = None) -> Self:
        """Give the bars these heights, (n,), 0 to 100, and let them stand at other middles, if given."""
        at = self.middles if middles is None else middles
        half = (self.boxes.points[1::2, 0] - self.boxes.points[0::2, 0]) / 2
        self.boxes.points[0::2, 0], self.boxes.points[1::2, 0] = at - half, at + half
        top = self.foot + self.full * np.asarray(percent, float) / 100
        self.boxes.points[0::2, 1] = self.foot
        self.boxes.points[1::2, 1] = np.maximum(top, self.foot + 0.02)
        self.numbers.set_values(percent)
        self.numbers.place(np.stack([at, top + 0.22, np.zeros(len(top))], axis=1))
        return self


class GrowBars(Animation):
    """Bars grow to their heights, (n,), and their numbers count: from nothing, or from other bars.

    start, middles: the heights of those other bars in percent, and where they stand, (n,).
    """

    def __init__(
        self,
        bars: Bars,
        percent: np.ndarray,
        start: np.ndarray | None = None,
        middles: np.ndarray | None = None,
        **options: Any,
    ) -> None:
        self.bars, self.percent = bars, percent
        self.start = np.zeros_like(percent) if start is None else start
        self.middles = bars.middles if middles is None else middles
        super().__init__(bars, **{"run_time": theme.FLOW, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        # They first step aside, then change their height.
        aside, height = (min(2 * share, 1), max(2 * share - 1, 0)) if self.start.any() else (1.0, share)
        middles = self.middles + (self.bars.middles - self.middles) * aside
        self.bars.show(self.start + (self.percent - self.start) * height, middles)
        # Not written over the numbers of the bars that they step out of.
        self.bars.numbers.set_opacities(np.full(len(self.percent), max(2 * aside - 1, 0)))


class SquishingTheLine(LessonScene):
    """The sigmoid squishes all numbers into 0 to 1; then its graph, with a point that runs along it."""

    def construct(self) -> None:
        self.sigmoid = ACTIVATIONS["sigmoid"].function
        self.any_number()
        self.the_squish()
        self.only_large_sums()
        self.the_graph()
        self.end()

    def alternative_text(self) -> str:
        return (
            "A number line is squished into the stretch from 0 to 1: every number n goes to σ(n). "
            f"1 lands at {self._at(1)}, 6 at {self._at(6, 3)}. Then the same as a graph, an S between 0 and 1."
        )

    def _at(self, z: float, places: int = 2) -> str:
        return f"{float(ACTIVATIONS['sigmoid'].function(z)):.{places}f}"

    def any_number(self) -> None:
        self.next_section("Any number")
        self.line = NumberLineSquish(self.sigmoid, np.arange(-6, 7))
        upper = Group(self.line.line, self.line.tips, self.line.moving_line, self.line.dots, self.line.labels)
        with self.caption(
            "A weighted sum can be any number; we want activations between 0 and 1.",
            FadeIn(upper),
            moves="A number line appears, with the numbers from −6 to 6; beneath it a shorter line, from 0 to 1.",
        ):
            self.wait(theme.STEP)
            self.play(FadeIn(VGroup(self.line.stretch_line, self.line.ends)))
            self.remove(*upper)
            self.add(self.line)

    def the_squish(self) -> None:
        self.next_section("The squish")
        with self.caption(
            "The sigmoid σ squishes the whole line: n lands at σ(n).",
            moves="Every number goes down to its place between 0 and 1; the outer ones crowd at the ends.",
        ):
            self.play(Squish(self.line, run_time=2 * theme.FLOW))

    def only_large_sums(self) -> None:
        self.next_section("Only large sums")
        one = self.line.point(1.0)
        ring = Circle(0.16, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(one)
        value = Number(float(self.sigmoid(1.0)), places=2, colour=theme.ANSWER)
        value.next_to(ring, UP, buff=0.35)
        value.set_stroke(theme.BACKGROUND, 10, background=True)
        name = formula("sigma(1) =", colour=theme.ANSWER).next_to(value, LEFT, buff=0.15)
        name.set_stroke(theme.BACKGROUND, 10, background=True)
        with self.caption(
            f"Only large sums end up near 1: σ(1) is {self._at(1)}.",
            FadeOut(self.line.trails),
            moves="A ring marks where 1 has landed.",
        ):
            self.play(Create(ring), FadeIn(VGroup(name, value)))
        self.marked = Group(ring, name, value)

    def the_graph(self) -> None:
        self.next_section("The graph")
        self.plot = plot = FunctionPlot(
            self.sigmoid,
            (-6, 6),
            (0, 1),
            formula("sigma(z)", colour=theme.ANSWER),
            formula("z", colour=theme.SUMS_SYMBOL),
            colour=theme.ANSWER,
            asymptotes=1,
            width=9.4,
            height=4.1,
            x_ticks=self.line.values,
        )
        name = formula("sigma(z) = 1 / (1 + e^(-z))", 1.3 * theme.LABEL_SIZE, theme.ANSWER)
        plot.move_to((-0.7, (STAGE_TOP + STAGE_BOTTOM) / 2, 0))
        for part in name.family_members_with_points():
            if part.get_fill_opacity() == 0:  # the bar of the fraction, which is set as a hairline
                part.set_stroke(theme.ANSWER, 2.5)
        neuron = Cells([[0, 0, 0]], 1.1, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=3).set_brightness([0.0])
        neuron.next_to(plot.axes.lines, RIGHT, buff=0.75)
        plot.set_point(-6)
        # Where no guides pass over them.
        name.next_to(neuron, UP, buff=0.35)
        plot.readout.next_to(neuron, DOWN, buff=0.35)
        with self.caption(
            "As a graph: the larger the weighted sum z, the brighter the neuron.",
            FadeOut(self.marked),
            FadeOut(self.line.threads),
            moves="The squished line turns upright and becomes one axis, the line above sinks and becomes the other. "
            "Each dot goes to above its number, the S-shaped graph is drawn through them; a point runs along it, and a "
            "neuron beside it lights up with it.",
        ):
            self.lines_become_axes()
            self.dots_to_above_their_numbers()
            self.play(Create(plot.curves[0], run_time=theme.FLOW, rate_func=linear), FadeIn(name))
            self.play(
                FadeOut(self.line.dots, self.ways),
                FadeIn(plot.labels, plot.guides, plot.dot, plot.readout, neuron),
                run_time=theme.QUICK,
            )
            self.add(plot)
            self.play(RunAlong(plot, neuron, -6, 5, run_time=2 * theme.FLOW))
        others = sorted({name for name in self.network.activations[:-1] if name != "sigmoid"})
        if others:
            names = " and ".join(_FUNCTIONS[name][0] for name in others)
            with self.caption(f"The hidden layers of this network use {names} instead.", moves="The graph stands."):
                pass

    def lines_become_axes(self) -> None:
        """The squished line, with its dots, turns upright; then the line above sinks, and the numbers come to it."""
        line, axes = self.line, self.plot.axes
        left = axes.x_range[0]
        upright = _axis(line.moving_line, axes.point(left, [0, 1]), axes.point(left, self.sigmoid(line.marks)))
        dots = line.dots.copy().place(axes.point(left, self.sigmoid(line.values)), 2 * line.dots.radii)
        self.play(
            Transform(line.moving_line, upright),
            Transform(line.dots, dots),
            *(
                FadeOut(end, target_position=axes.point(left, share) + 0.3 * LEFT)
                for share, end in enumerate(line.ends)
            ),
            FadeOut(line.stretch_line, run_time=theme.QUICK),
        )
        level = _axis(line.line, axes.point(axes.x_range, 0), axes.point(line.marks, 0))
        numbers = VGroup(
            *(
                Number(n, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).next_to(axes.point(n, 0), DOWN, buff=0.2)
                for n in line.values[line.labelled]
            )
        )
        self.play(
            Transform(line.line, level),
            FadeOut(line.tips, run_time=theme.QUICK),
            Transform(line.labels, numbers),
            FadeIn(self.plot.zero_lines, axes, self.plot.asymptotes, rate_func=squish_rate_func(smooth, 0.7, 1)),
        )
        self.remove(line.moving_line, line.line, line.labels)

    def dots_to_above_their_numbers(self) -> None:
        """Every dot goes from its height on the upright axis to above its number on the level one."""
        line, point = self.line, self.plot.axes.point
        n, height = line.values, self.sigmoid(line.values)
        places = point(n, height)
        self.ways = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=1.5)
        feet = np.concatenate([point(self.plot.axes.x_range[0], height), point(n, 0)])
        ways = self.ways.copy()
        self.ways.points = np.repeat(feet, 4, axis=0)
        shares = np.linspace(0, 1, 4)[:, None]
        ends = np.concatenate([places, places])
        ways.points = np.concatenate([foot + shares * (end - foot) for foot, end in zip(feet, ends, strict=True)])
        dots = line.dots.copy().place(places, 2 * line.dots.radii)
        self.remove(line.dots)
        self.play(Transform(self.ways, ways), Transform(line.dots, dots), run_time=1.25 * theme.STEP)


def _axis(line: VMobject, ends: np.ndarray, marks: np.ndarray) -> VMobject:
    """A line with marks across it as one that lies between other ends, (2, 3), with marks of no length, (n, 3)."""
    axis = line.copy().set_stroke(theme.NEURON_OUTLINE, 2)
    axis.points = np.concatenate([np.linspace(ends[0], ends[1], 4), np.repeat(marks, 4, axis=0)])
    return axis


class Squish(Animation):
    """The number line goes from unsquished to squished."""

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.set_squished(self.rate_func(alpha))


class RunAlong(Animation):
    """The point of a plot runs along its curve, and a neuron is as bright as the point is high."""

    def __init__(self, plot: FunctionPlot, neuron: Cells, start: float, stop: float, **options: Any) -> None:
        self.plot, self.neuron, self.start, self.stop = plot, neuron, start, stop
        super().__init__(Group(plot, neuron), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        z = self.start + (self.stop - self.start) * self.rate_func(alpha)
        self.plot.set_point(z)
        self.neuron.set_brightness([float(self.plot.functions[0](z))])


class BiasIsAThreshold(LessonScene):
    """The bias moves the sigmoid along, and so decides how large a sum must be: the threshold is −bias."""

    NEARER = 2.4

    def construct(self) -> None:
        digits = self.digits()
        self.class_names = digits.class_names
        self.layer = bar_detector(digits.side, surround=True)
        self.bias = float(self.layer.biases[0])
        self.chosen = threshold_examples(digits)
        self.sums = sums_without_bias(self.layer, digits.vectors[self.chosen])[:, 0]
        self.images = digits.vectors[self.chosen]
        self.names = [digits.class_names[label] for label in digits.labels[self.chosen]]

        self.three_sums()
        self.without_a_bias()
        self.with_the_bias()
        self.threshold()
        self.pattern_and_height()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        layer = bar_detector(digits.side, surround=True)
        sums = sums_without_bias(layer, digits.vectors[threshold_examples(digits)])[:, 0]
        listed = ", ".join(_signed(value) for value in sums)
        return (
            f"Three digits give a hand-set edge detector the sums {listed}. A bias of {_signed(layer.biases[0])} moves "
            f"the sigmoid to the right, so that only sums above {_signed(-layer.biases[0])} light the neuron."
        )

    def three_sums(self) -> None:
        self.next_section("Three sums")
        weights = self.layer.weights[0]
        self.picture = WeightHeatmap(weights, 1.0, extent=2.7, centre=(-5.4, 0.55))
        frame = Square(2.76, color=theme.NEURON_OUTLINE, stroke_width=1.5).move_to(self.picture)
        name = Words(_BY_HAND, theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL).next_to(frame, UP, buff=0.2)
        sizes = Words("1 on the bar, −1/2 around it, 0 elsewhere", theme.NOTE_SIZE, theme.QUIET_TEXT, width=2.9)
        sizes.next_to(frame, DOWN, buff=0.2)
        self.weights_shown = Group(self.picture, frame, name, sizes)
        self.rows = Group()
        self.sum_numbers, self.discs, self.values = VGroup(), [], VGroup()
        for place, (image, value, colour) in enumerate(zip(self.images, self.sums, _DOT_COLOURS, strict=True)):
            y = 1.75 - 1.75 * place
            thumbnail = PixelGrid(image, 1.3, (3.85, y))
            border = Square(1.4, color=colour, stroke_width=3).move_to(thumbnail)
            number = Number(value, 1, theme.LABEL_SIZE, colour).move_to((5.05, y, 0))
            disc = Cells([[5.95, y, 0]], 0.62, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2).set_brightness(
                [0.0]
            )
            activation = Number(0, 2, theme.LABEL_SIZE).move_to((6.62, y, 0))
            self.sum_numbers.add(number)
            self.discs.append(disc)
            self.values.add(activation)
            self.rows.add(Group(thumbnail, border))
        heads = ("sum", 5.05), ("neuron", 6.25)
        self.heads = VGroup(
            *(Words(head, theme.NOTE_SIZE, theme.QUIET_TEXT).move_to((x, 2.85, 0)) for head, x in heads)
        )
        # Until the graph comes between them, both stand nearer to the middle.
        self.right = Group(self.heads[0], self.rows, self.sum_numbers)
        self.weights_shown.shift(self.NEARER * RIGHT)
        self.right.shift(self.NEARER * LEFT)
        with self.caption(
            "The edge detector's sums on three pictures.",
            FadeIn(self.weights_shown),
            moves="The hand-set weights appear, and to their right three digits with their sums. Then they make room.",
        ):
            self.play(
                FadeIn(self.heads[0]),
                LaggedStart(
                    *(FadeIn(Group(*pair)) for pair in zip(self.rows, self.sum_numbers, strict=True)), lag_ratio=0.3
                ),
            )
            self.wait(theme.STEP)
            self.play(
                self.weights_shown.animate.shift(self.NEARER * LEFT), self.right.animate.shift(self.NEARER * RIGHT)
            )

    def without_a_bias(self) -> None:
        self.next_section("Without a bias")
        reach = max(-self.bias, 1.0)
        low, high = min(-reach, 1.05 * self.sums.min()), max(3 * reach, 1.05 * self.sums.max())
        self.axes = Axes(
            (float(low), float(high)),
            (0, 1),
            Words("weighted sum", theme.NOTE_SIZE, theme.QUIET_TEXT),
            width=5.6,
            height=3.4,
            x_ticks=np.arange(np.ceil(low / reach), high / reach + 1e-9) * reach,
            y_ticks=[0, 0.5, 1],
        ).move_to((-0.1, 0.35, 0))
        self.x = np.linspace(self.axes.x_range[0], self.axes.x_range[1], 241)
        self.curve = VMobject(stroke_color=theme.TEXT, stroke_width=5)
        places = np.zeros((len(self.sums), 3))
        colours = np.array([rgb(colour) for colour in _DOT_COLOURS])
        self.dots = Cells(places, 0.26, 1, colours, stroke_colour=theme.BACKGROUND, stroke_width=2)
        self.bias_number = Number(0, 0, theme.CAPTION_SIZE, theme.BIASES_SYMBOL, sign=True)
        self.set_bias(0.0)
        weak = int(np.argmin(np.abs(self.sums - reach / 2)))
        lit = float(self.layer.activate(self.sums[weak]))
        neurons = Group(*self.discs, self.values, self.heads[1])
        # Each dot leaves the number of its sum, for its place on the axis.
        dots = self.dots.copy().place([number.get_center() for number in self.sum_numbers], 0.26)
        dots.opacities[:] = dots.stroke_opacities[:] = 0
        on_axis = self.dots.copy().place(self.axes.point(self.sums, 0), 0.26)
        said = f"Squished as it is, even {_signed(self.sums[weak])} gives {lit:.2f}."
        with self.caption(
            said,
            FadeIn(self.axes),
            moves="Axes appear, and the sigmoid is drawn. The sums go to the axis as dots and rise to the curve; then "
            "a neuron lights up beside each.",
        ):
            self.play(Create(self.curve))
            self.play(Transform(dots, on_axis))
            self.play(Transform(dots, self.dots), run_time=0.75 * theme.STEP)
            self.remove(dots)
            self.add(self.dots)
            self.play(FadeIn(neurons))

    def set_bias(self, bias: float) -> None:
        """Move the curve, the dots on it, and all neurons to another bias."""
        heights = self.layer.activate(self.x + bias)
        self.curve.set_points_as_corners(self.axes.point(self.x, heights))
        activations = self.layer.activate(self.sums + bias)
        self.dots.place(self.axes.point(self.sums, activations), 0.26)
        for disc, value, activation in zip(self.discs, self.values, activations, strict=True):
            disc.set_brightness([activation])
            value.set_value(activation)
        self.bias_number.set_value(bias)

    def with_the_bias(self) -> None:
        self.next_section("With the bias")
        line = VGroup(
            Symbol(r"sigma \(", theme.CAPTION_SIZE),
            *sum_of_products(self.layer.n_in, end=""),
            self.bias_number,
            Symbol(r"\)", theme.CAPTION_SIZE),
        )
        self.bias_number.set_value(self.bias)
        row = line[1:-2]
        row.move_to((0, 0, 0)).shift(-row[0].middle[1] * UP)
        line[0].put((row.get_left()[0] - 0.08 - line[0].width / 2, 0, 0))
        self.bias_number.next_to(row, RIGHT, buff=0.14).set_y(0)
        line[-1].put((self.bias_number.get_right()[0] + 0.06 + line[-1].width / 2, 0, 0))
        line.set_x(-1.9).shift(3.25 * UP)
        self.bias_number.set_value(0)
        self.threshold_text = _signed(-self.bias, 0)
        with self.caption(
            f"Only above {self.threshold_text}? Add {_signed(self.bias, 0)} before the squish: that is the bias.",
            FadeIn(line),
            moves="The curve slides to the right; neurons whose sums are below the threshold grow dark.",
        ):
            self.play(TurnBias(self, self.bias), run_time=2 * theme.FLOW)

    def threshold(self) -> None:
        self.next_section("The threshold")
        foot, top = self.axes.point(-self.bias, 0), self.axes.point(-self.bias, 1)
        self.post = DashedLine(foot, top, color=theme.BIASES_SYMBOL, stroke_width=3)
        self.sizes_frame = SurroundingRectangle(self.weights_shown[3], color=theme.ANSWER, buff=0.12, stroke_width=3)
        with self.caption(
            f"The threshold is −bias: {self.threshold_text}, beside weights of this size.",
            moves=f"A dashed line marks the sum {self.threshold_text}, where the curve is half way up; then a frame is "
            "drawn around the sizes of the weights.",
        ):
            self.play(Create(self.post))
            self.play(Create(self.sizes_frame))

    def pattern_and_height(self) -> None:
        self.next_section("Pattern and height")
        with self.caption(
            "Weights say which pattern; the bias, how much of it.",
            FadeOut(self.sizes_frame),
            moves="Weights and threshold flash in turn.",
        ):
            self.play(Indicate(self.weights_shown[1], color=theme.WEIGHTS_SYMBOL, scale_factor=1.06))
            self.play(Indicate(VGroup(self.post, self.bias_number), color=theme.TEXT, scale_factor=1))


class TurnBias(Animation):
    """The bias of `BiasIsAThreshold` goes from 0 to another value."""

    def __init__(self, scene: BiasIsAThreshold, bias: float, **options: Any) -> None:
        self.scene, self.bias = scene, bias
        moving = Group(scene.curve, scene.dots, *scene.discs, scene.values, scene.bias_number)
        super().__init__(moving, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        self.scene.set_bias(self.bias * self.rate_func(alpha))


class ANeuronOfTheNetwork(LessonScene):
    """A neuron of the trained network: its real weights, weighted sum, bias and activation on one digit."""

    def construct(self) -> None:
        digits = self.digits()
        self.examples = detector_examples(digits)
        self.forward = self.network.forward(self.examples.bar_image)
        self.layer = self.network.layers[0]
        self.neuron = neuron_with_a_bias(self.forward)
        self.places = places_that_add_up(self.forward, 0, self.neuron)
        self.class_name = digits.class_names[self.examples.bar_label]
        self.never_seen = self.digits("train").vectors.max(axis=0) == 0
        self.stage = WeightedSum(
            self.forward.input,
            self.layer.weights[self.neuron],
            None,
            "weights",
            self.never_seen,
            places=self.places,
        ).clear_sum()

        self.real_weights()
        self.real_sum()
        self.real_bias_and_activation()
        self.not_by_hand()
        self.end()

    def alternative_text(self) -> str:
        forward = self.network.forward(detector_examples(self.digits()).bar_image)
        neuron = neuron_with_a_bias(forward)
        layer = self.network.layers[0]
        places = places_that_add_up(forward, 0, neuron)
        z, a = forward.weighted_sums[0][neuron], forward.activations[0][neuron]
        return (
            f"The {layer.n_in} real weights of neuron {neuron} of the first hidden layer as a picture, and products "
            f"with a digit. They sum to {_signed(forward.contributions(0)[neuron].sum(), places)}; with the bias "
            f"{_signed(layer.biases[neuron], places)} that is {_signed(z, places)}, and the activation is {a:.2f}."
        )

    def real_weights(self) -> None:
        self.next_section("Real weights")
        middle = self.stage.weight_picture
        large = WeightHeatmap(
            self.layer.weights[self.neuron],
            self.stage.limit,
            self.never_seen,
            5.6,
            (-0.6, (STAGE_TOP + STAGE_BOTTOM) / 2),
        )
        masked = "black in all training pictures" if self.never_seen.any() else ""
        scale = WeightScale(self.stage.limit, 3.6, masked).next_to(large, RIGHT, buff=0.5)
        scale.align_to(large, UP)
        with self.caption(
            f"Neuron {self.neuron} of the trained network: {self.layer.n_in} real weights.",
            FadeIn(large),
            FadeIn(scale),
            moves="A picture of blue and red weights appears, with a scale, and makes room.",
        ):
            self.wait(2.5 * theme.STEP)
            stage = self.stage
            self.play(
                Transform(large, middle.copy()),
                FadeOut(scale),
                FadeIn(stage.frames[1], stage.names[1]),
                run_time=theme.STEP,
            )
            self.remove(large)
            self.add(middle)

    def real_sum(self) -> None:
        self.next_section("The real sum")
        stage = self.stage
        total = float(self.forward.contributions(0)[self.neuron].sum())
        with self.caption(
            f"Its weighted sum on this {self.class_name}: {_signed(total, self.places)}.",
            FadeIn(stage.pixels, stage.frames[0], stage.names[0], shift=0.3 * RIGHT),
            FadeIn(stage.signs, stage.frames[2], stage.names[2], stage.equation, stage.total),
            moves="The digit appears, a mark runs over the pictures, and blue and red products add up.",
        ):
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))

    def real_bias_and_activation(self) -> None:
        self.next_section("The real bias and activation")
        stage = self.stage
        bias, z = float(self.layer.biases[self.neuron]), float(self.forward.weighted_sums[0][self.neuron])
        a = float(self.forward.activations[0][self.neuron])
        size = theme.TITLE_SIZE
        y = stage.total.get_y()
        total = Number(stage.sum, self.places, size)
        name, symbol = _FUNCTIONS[self.layer.activation]
        row = VGroup(
            total,
            Number(bias, self.places, size, theme.BIASES_SYMBOL, sign=True),
            Symbol("=", size),
            Number(z, self.places, size),
            Symbol(f"{symbol} =", size, theme.TEXT),
            Number(a, 2, size, theme.ACTIVATIONS_SYMBOL),
        )
        pen = 0.0
        for gap, part in zip((0, 0.3, 0.3, 0.3, 1.4, 0.3), row, strict=True):
            pen += gap
            centre = (pen + part.width / 2, 0, 0)
            part.put(centre) if isinstance(part, Symbol) else part.move_to(centre)
            pen += part.width
        self.disc = Cells([[pen + 0.85, 0, 0]], 0.85, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2.5)
        self.disc.set_brightness([0.0])
        whole = Group(row, self.disc)
        whole.set_x(0).shift((y - row[0].get_y()) * UP)
        labels = ("sum", theme.QUIET_TEXT), ("bias", theme.BIASES_SYMBOL), ("z", theme.QUIET_TEXT)
        under = VGroup(*(Words(label, theme.NOTE_SIZE, colour) for label, colour in labels))
        for label, part in zip(under, (row[0], row[1], row[3]), strict=True):
            label.next_to(part, DOWN, buff=0.2).set_y(y - 0.58)
        without = float(self.layer.activate(np.array(stage.sum)))
        squish = "that is the activation:" if self.layer.activation == "identity" else f"{name} makes it"
        note = Words(f"without its bias: {_signed(without, 2)}", theme.NOTE_SIZE, theme.QUIET_TEXT)
        note.move_to((row[4:].get_x(), under.get_y(), 0))
        with self.caption(
            f"With its bias, z is {_signed(z, self.places)}; {squish} {_signed(a, 2)}.",
            FadeOut(stage.equation),
            Transform(stage.total, total),
            FadeIn(under[0]),
            moves="The sum goes to the left, the bias is added to it; a neuron lights up as much as its activation.",
        ):
            self.play(FadeIn(row[1], under[1], shift=0.2 * LEFT))
            self.play(FadeIn(VGroup(row[2], row[3], under[2]), shift=0.2 * LEFT), FadeIn(self.disc))
            lit = self.disc.copy().set_brightness([a])
            self.play(FadeIn(row[4:], shift=0.2 * LEFT), Transform(self.disc, lit))
            self.play(FadeIn(note))

    def not_by_hand(self) -> None:
        self.next_section("Not by hand")
        with self.caption(
            "Nobody set these weights by hand.",
            moves="The frame around the weights lights up.",
        ):
            self.play(Indicate(self.stage.frames[1], 1.05, theme.WEIGHTS_SYMBOL), run_time=theme.FLOW)


@dataclass(frozen=True, eq=False)
class DetectorExamples:
    """Pictures for the detectors set by hand, and their sums: (2,), without and with the surround."""

    bar_image: np.ndarray
    bar_label: int
    bar_sums: np.ndarray
    crossing_image: np.ndarray
    crossing_label: int
    crossing_sums: np.ndarray


def detector_examples(digits: Digits) -> DetectorExamples:
    """A picture with the bar, and one that has no less ink around the bar's place than on it, and yet a large sum.

    The bar: the first picture whose sum with the surround is twice the threshold or more; else that of the largest.
    The other: of the class that passes the threshold least often with the surround, compared to without, the picture
    with the largest sum without it among those whose sum with it is 0 or less; where there is none, of any class.
    """
    bar, edge = bar_detector(digits.side), bar_detector(digits.side, surround=True)
    sums = np.concatenate([sums_without_bias(layer, digits.vectors) for layer in (bar, edge)], axis=1)
    strong = sums[:, 1] >= 2 * bar_threshold(digits.side)
    first = int(np.argmax(strong)) if strong.any() else int(np.argmax(sums[:, 1]))
    without, with_it = firing_shares(bar, digits)[0], firing_shares(edge, digits)[0]
    fooled = sums[:, 1] <= 0
    of_class = fooled & (digits.labels == int(np.argmin(_kept(without, with_it))))
    crossing = int(np.argmax(np.where(of_class if of_class.any() else fooled, sums[:, 0], -np.inf)))
    return DetectorExamples(
        digits.vectors[first],
        int(digits.labels[first]),
        sums[first],
        digits.vectors[crossing],
        int(digits.labels[crossing]),
        sums[crossing],
    )


def _kept(without: np.ndarray, with_it: np.ndarray) -> np.ndarray:
    """What share of its firings each class keeps with the surround; infinity where it never fires."""
    return np.divide(with_it, without, out=np.full(len(without), np.inf), where=without > 0)


def threshold_examples(digits: Digits) -> np.ndarray:
    """Three pictures for the edge detector: far above its threshold, half way there, and at 0; indices (3,).

    The first is that of `detector_examples`; the others are, of other classes, those whose sums are nearest to
    half the threshold and to 0.
    """
    layer = bar_detector(digits.side, surround=True)
    sums = sums_without_bias(layer, digits.vectors)[:, 0]
    threshold = bar_threshold(digits.side)
    bar = detector_examples(digits).bar_image
    first = int(np.argmax((digits.vectors == bar).all(axis=1)))
    chosen = [first]
    for wanted in (threshold / 2, 0.0):
        away = np.abs(sums - wanted)
        away[chosen] = np.inf
        other = ~np.isin(digits.labels, digits.labels[chosen])
        chosen.append(int(np.argmin(np.where(other, away, np.inf) if other.any() else away)))
    return np.array(chosen)


def neuron_to_show(forward: ForwardPass) -> int:
    """The neuron of the first layer whose activation is nearest to 0.75: lit, and not all the way."""
    return int(np.argmin(np.abs(forward.activations[0] - 0.75)))


def neuron_with_a_bias(forward: ForwardPass) -> int:
    """The neuron of the first layer whose activation is changed most by its bias."""
    layer = forward.network.layers[0]
    without = layer.activate(forward.weighted_sums[0] - layer.biases)
    return int(np.argmax(np.abs(forward.activations[0] - without)))


def _signed(value: float, places: int = 1) -> str:
    return f"{round(float(value), places) + 0.0:.{places}f}".replace("-", "−")
