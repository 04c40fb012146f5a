"""AWeightOnEachConnection: one dark neuron, a job for it, and a knob on every connection into it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Rectangle,
    Transform,
    VGroup,
    linear,
    smooth,
    squish_rate_func,
)
from numpy.typing import ArrayLike, NDArray

from network.analysis.detectors import bar_detector, detector_examples, edge_place, random_weights
from scenes.kit import theme
from scenes.kit.animations.dials import eased
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights
from scenes.language import _, _n, together
from scenes.part_06_edges.hand_set_weights import BY_HAND, frame_of_edge
from scenes.part_06_edges.one_product import OneProduct
from scenes.part_06_edges.weights_legend import SETTINGS_TRIED, WeightsLegend
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number


class AWeightOnEachConnection(LessonScene):
    """A dark neuron is to light up for an edge; every connection into it gets a knob, its weight; the sum follows.

    The region of the edge is drawn large, with a knob for each of its squares. They are set by hand: to 1 on the bar
    in it, and to 0 around it. Then the picture slides out of the region and back.
    """

    # The pixels while they are alone with the neuron; the region's squares and its knobs when they are large.
    FIRST_EXTENT, FIRST_CENTRE = 5.9, (-3.0, 0.4)
    REGION, KNOBS, REGION_WIDTH = (-4.4, 1.05), (0.75, 1.05), 4.6
    NEURON, NEURON_SIZE = (5.1, 1.3), 2.3
    FIRST_KNOB = 2.4

    @cached_property
    def image(self) -> NDArray[Any]:
        """A picture with an edge in the right place, (side²,)."""
        return np.asarray(detector_examples(self.digits()).bar_image, float)

    @cached_property
    def region(self) -> NDArray[np.intp]:
        """The pixels of the region, row by row."""
        side = self.digits().side
        return np.arange(side * side).reshape(side, side)[edge_place(side)].ravel()

    @cached_property
    def by_hand(self) -> NDArray[np.float64]:
        """The weights of the region's squares, set by hand: 1 on the bar and 0 elsewhere, as in the next scene."""
        weights: NDArray[np.float64] = bar_detector(self.digits().side).weights[0].astype(float)
        return weights[self.region]

    @property
    def marked(self) -> int:
        """The square whose product is shown in numbers: on the bar, and bright, but not all the way."""
        off = np.abs(self.image[self.region] - 0.75)
        return int(np.argmin(np.where(self.by_hand > 0, off, np.inf)))

    @property
    def unwanted(self) -> int:
        """A square that should be dark, for one: above the middle of the bar."""
        columns = edge_place(self.digits().side)[1]
        return (columns.stop - columns.start) // 2

    @property
    def sum(self) -> float:
        """The weighted sum of the region's squares."""
        return float(self.by_hand @ self.image[self.region])

    def lit(self, weighted_sum: float) -> NDArray[np.float64]:
        """How brightly the neuron is drawn while nothing squashes its sum: as a share of the largest sum, (1,)."""
        return np.clip([weighted_sum / self.by_hand.sum()], 0.0, 1.0)

    def slid(self, rows: int) -> NDArray[Any]:
        """What is in the region when the picture has slid down by some rows; above the picture it is black."""
        side = self.digits().side
        moved = np.zeros((side, side))
        moved[rows:] = self.image.reshape(side, side)[: side - rows]
        return moved.ravel()[self.region]

    def construct(self) -> None:
        self.weights = self.by_hand
        self.the_job()
        self.the_question()
        self.a_number_on_each()
        self.the_weighted_sum()
        self.the_fit()
        self.a_picture_of_weights()
        self.end()

    def alternative_text(self) -> str:
        return together(
            _n(
                "A region of {n} pixel is joined to one dark neuron, and each connection has a knob, its weight, blue "
                "if positive and red if negative.",
                "A region of {n} pixels is joined to one dark neuron, and each connection has a knob, its weight, blue "
                "if positive and red if negative.",
                len(self.region),
            ),
            _(
                "Set by hand, to 1 on a bar and 0 around it, they give a weighted sum of {sum}.",
                sum=number(self.sum, 1),
            ),
            _("As the picture slides away, the sum falls."),
            _(
                "Then all {weights} weights form a picture.",
                weights=number(self.network.sizes[0], thousands=False),
            ),
        )

    def the_job(self) -> None:
        self.next_section(_("The job"))
        self.pixels = PixelGrid(self.image, self.FIRST_EXTENT, self.FIRST_CENTRE)
        self.disc = Cells([[*self.NEURON, 0]], self.NEURON_SIZE, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=4)
        self.disc.set_brightness([0.0])
        self.place = frame_of_edge(self.pixels, 2 * theme.MARK_WIDTH)
        dim = self.pixels.copy()
        values = 0.25 * self.image
        values[self.region] = self.image[self.region]
        dim.set_brightness(values)
        first, second = self.other_pictures()
        shown = self.pixels.copy()
        self.add(self.pixels.set_brightness(first))
        with self.voiceover(
            _(
                "Now you're the designer. <bookmark mark='neuron'/> Here's one dark neuron with "
                "<bookmark mark='job'/> one job: light up when there's an edge <bookmark mark='edge'/> here, in this "
                "little region."
            ),
            moves=_(
                "Digits come and go on the left, beside a dark neuron on the right. The last one stays; a yellow "
                "frame is drawn around a small region of it, and the rest grows dim."
            ),
        ):
            self.play(Transform(self.pixels, self.pixels.copy().set_brightness(second)))
            self.wait_until_bookmark("neuron")
            self.play(FadeIn(self.disc, scale=0.7))
            self.wait_until_bookmark("job")
            self.play(Transform(self.pixels, shown))
            self.wait_until_bookmark("edge")
            self.play(Create(self.place), Transform(self.pixels, dim))
            self.play(Indicate(self.place, 1.08, theme.ANSWER))

    def other_pictures(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The picture that the film follows, and the first of the test set."""
        digits = self.digits()
        return digits.vectors[self.hero], digits.vectors[0]

    def the_question(self) -> None:
        self.next_section(_("The question"))
        rows, columns = edge_place(self.digits().side)
        step = self.REGION_WIDTH / (columns.stop - columns.start)
        squares = self.pixels.centres[self.region]
        squares = (squares - squares.mean(axis=0)) / (self.FIRST_EXTENT / self.digits().side) * step
        small = Cells(self.pixels.centres[self.region], 0.96 * self.FIRST_EXTENT / self.digits().side)
        small.set_brightness(self.image[self.region])
        large = Cells(squares + np.array([*self.REGION, 0]), 0.96 * step).set_brightness(self.image[self.region])
        frame = Rectangle(width=self.REGION_WIDTH, height=(rows.stop - rows.start) * step, color=theme.ANSWER)
        frame.set_stroke(width=theme.MARK_WIDTH).move_to(large)
        n = len(self.region)
        self.lines = Connections(large.centres, self.disc.centres, np.ones((1, n)), contrast=0.8, width=2)
        self.lines.set_equal(0.5)
        self.dials = Dials(squares + np.array([*self.KNOBS, 0]), 0.92 * step, np.zeros(n), 1.0)
        tried = random_weights(self.image[self.region], SETTINGS_TRIED, np.random.default_rng(6))
        with self.voiceover(
            _(
                "<bookmark mark='knobs'/> Which knobs would it need, to look <bookmark mark='turn'/> for this "
                "pattern, <bookmark mark='other'/> or for any other?"
            ),
            moves=_(
                "The region grows large, and a line runs from each of its squares to the neuron. On every line sits "
                "a knob; all of them turn one way, then another, and back."
            ),
        ):
            self.add(small, self.place)
            self.play(Transform(small, large), Transform(self.place, frame), FadeOut(self.pixels))
            self.pixels = small
            self.wait_until_bookmark("knobs")
            self.one_knob_first(large)
            for mark, values in (("turn", tried[1]), ("other", tried[2])):
                self.wait_until_bookmark(mark)
                self.play(Transform(self.dials, self.dials.copy().set_values(values, 1.0)))
            self.play(Transform(self.dials, self.dials.copy().set_values(np.zeros(n), 1.0)), run_time=theme.QUICK)

    def one_knob_first(self, squares: Cells) -> None:
        """One large knob on one connection turns; then it takes its place among those of all the connections."""
        middle = len(squares) // 2
        line = Connections(squares.centres[[middle]], self.disc.centres, np.ones((1, 1)), contrast=0.8, width=4)
        halfway = (squares.centres[middle] + self.disc.centres[0]) / 2
        knob = Dials([halfway], self.FIRST_KNOB, np.zeros(1), 1.0)
        self.play(GrowConnections(line.set_equal(1.0)), FadeIn(knob, scale=0.5), run_time=theme.QUICK)
        self.play(Transform(knob, knob.copy().set_values([0.8], 1.0)), run_time=theme.QUICK)
        self.play(Transform(knob, knob.copy().set_values([0.0], 1.0)), run_time=theme.QUICK)
        self.play(
            Transform(knob, knob.copy().place(self.dials.centres[[middle]], 2 * self.dials.radii[[middle]])),
            FadeOut(line),
            GrowConnections(self.lines),
            FadeIn(self.dials),
            run_time=theme.STEP,
        )
        self.remove(knob)

    def a_number_on_each(self) -> None:
        self.next_section(_("A number on each connection"))
        self.legend, turned = WeightsLegend(), WeightsLegend(turned=True)
        unwanted = self.by_hand.copy()
        unwanted[self.unwanted] = -1.0
        steps = {"plus": self.by_hand, "minus": unwanted, "zero": self.by_hand}
        self.name = Words(_(BY_HAND), theme.TITLE_SIZE, theme.WEIGHTS_SYMBOL).next_to(self.dials, UP, buff=0.15)
        with self.voiceover(
            _(
                "Here's an answer: <bookmark mark='weights'/> give every connection a number. "
                "<bookmark mark='plus'/> Positive: this square should be bright. "
                "<bookmark mark='minus'/> Negative: it should be dark. "
                "<bookmark mark='zero'/> Near zero: I don't care. "
                "That's called <bookmark mark='weight'/> a weight."
            ),
            moves=_(
                "The knobs of the bar turn to the right and become blue, with their lines. One above it turns to the "
                "left and becomes red; then it stands upright again, like all the others around the bar. Three large "
                "knobs below say what that means."
            ),
        ):
            self.wait_until_bookmark("weights")
            for opacity in (1.0, 0.5):
                self.play(Transform(self.lines, self.lines.copy().set_equal(opacity)), run_time=0.8)
            for (mark, shown), part, target in zip(steps.items(), self.legend, turned, strict=True):
                self.wait_until_bookmark(mark)
                lines = self.lines.copy().set_values(shown[None, :], 1.0)
                self.play(FadeIn(part), run_time=theme.QUICK)
                self.play(
                    Transform(part[0], target[0]),
                    Transform(self.dials, self.dials.copy().set_values(shown, 1.0)),
                    Transform(self.lines, lines),
                )
            self.wait_until_bookmark("weight")
            self.play(FadeIn(self.name, shift=0.2 * DOWN))

    def the_weighted_sum(self) -> None:
        self.next_section(_("The weighted sum"))
        widest = Number(-88.8, 1, 1.6 * theme.TITLE_SIZE)
        room = 2 * (FRAME_WIDTH / 2 - SAFE_MARGIN - self.NEURON[0])
        self.sum_name = Words(_("weighted sum"), size_that_fits([_("weighted sum")], room, theme.TITLE_SIZE))
        VGroup(widest, self.sum_name).arrange(DOWN, buff=0.18).next_to(self.disc, DOWN, buff=0.25)
        self.total = Number(0, 1, 1.6 * theme.TITLE_SIZE).move_to(widest).align_to(widest, np.array([-1.0, 0, 0]))
        squares = self.image[self.region]
        order = np.argsort(np.arange(len(squares)) != self.marked, kind="stable")
        with self.voiceover(
            _(
                "Take one square: <bookmark mark='bright'/> its brightness, <bookmark mark='weight'/> times its "
                "weight. Do that for all of them, <bookmark mark='add'/> and add it up: <bookmark mark='sum'/> the "
                "weighted sum."
            ),
            moves=_(
                "One bright square is marked, with its knob; below, its brightness times its weight is worked out in "
                "large numbers. Below the neuron the sum of all the products counts to {sum}, and the neuron "
                "grows as bright as that is compared with the largest sum that these weights can give; knobs and "
                "lines fade where the picture is dark.",
                sum=number(self.sum, 1),
            ),
        ) as tracker:
            self.mark_one()
            self.wait_until_bookmark("bright")
            self.play(FadeIn(self.product.brightness, shift=0.3 * DOWN), run_time=theme.QUICK)
            self.wait_until_bookmark("weight")
            self.play(FadeIn(self.product.weight, self.product.signs[0], shift=0.3 * DOWN), run_time=theme.QUICK)
            self.play(FadeIn(self.product.product, self.product.signs[1]), run_time=theme.QUICK)
            flowing, lines = self.dials.copy(), self.lines.copy()
            show_flow(flowing, lines, self.weights, squares)
            self.total.set_value((self.weights * squares)[self.marked])
            self.play(
                Transform(self.dials, flowing),
                Transform(self.lines, lines),
                FadeIn(self.total, rate_func=squish_rate_func(smooth, 0.5, 1)),
                run_time=theme.FLOW,
            )
            self.wait_until_bookmark("add")
            self.play(
                AddUp(self, (self.weights * squares)[order]),
                run_time=max(tracker.time_until_bookmark("sum"), theme.STEP),
                rate_func=linear,
            )
            self.play(FadeIn(self.sum_name), run_time=theme.QUICK)

    def mark_one(self) -> None:
        """One square, its knob and its line are marked; the meanings of the knobs make room for its numbers."""
        at = self.marked
        self.product = OneProduct(float(self.image[self.region][at]), float(self.weights[at]))
        square, knob = self.pixels.item(at), self.dials.item(at)
        self.marks = Group(
            Cells(square.centres, 2.1 * square.radii, 0, opacities=0, stroke_colour=theme.ANSWER, stroke_width=7),
            Cells(knob.centres, 2.2 * knob.radii, 1, opacities=0, stroke_colour=theme.ANSWER, stroke_width=7),
        )
        self.play(FadeOut(self.legend, run_time=theme.QUICK), FadeIn(self.marks, scale=1.5, run_time=0.8))

    def the_fit(self) -> None:
        self.next_section(_("The better it fits"))
        rows = edge_place(self.digits().side)[0]
        out = rows.stop - rows.start
        with self.voiceover(
            _("The brighter the picture where the weights are large, <bookmark mark='slide'/> the larger the sum."),
            moves=_(
                "The picture slides out of the region; the sum falls, and the neuron goes dark. It slides back, and "
                "both are as before."
            ),
        ) as tracker:
            self.play(SlidePicture(self, [0, out]), run_time=max(tracker.time_until_bookmark("slide"), theme.STEP))
            self.wait_until_bookmark("slide")
            self.play(SlidePicture(self, [out, 0]), run_time=max(tracker.get_remaining_duration(), 1.3 * theme.STEP))

    def a_picture_of_weights(self) -> None:
        self.next_section(_("A picture of weights"))
        alone = np.zeros(len(self.image))
        alone[self.region] = self.by_hand
        large = WeightHeatmap(alone, 1.0, None, LARGE_EXTENT, LARGE_CENTRE)
        step = large.centres[1, 0] - large.centres[0, 0]
        knobs_step = self.dials.centres[1, 0] - self.dials.centres[0, 0]
        # At first so large that the region's cells lie on their knobs.
        over = large.copy().scale(knobs_step / step, about_point=large.centres[self.region].mean(axis=0))
        over.shift(self.dials.centres.mean(axis=0) - large.centres[self.region].mean(axis=0))
        over.opacities = np.isin(np.arange(len(alone)), self.region).astype(np.float32)
        frame = frame_of_weights(large)
        going = Group(self.lines, self.disc, self.total, self.sum_name, self.name, self.pixels, self.place)
        going.add(self.product, self.marks)
        with self.voiceover(
            _("Lay each weight <bookmark mark='picture'/> where its square is, and you see what a neuron looks for."),
            moves=_(
                "The knobs become coloured cells and shrink to their place in a picture of all the weights: a blue bar."
            ),
        ):
            self.play(FadeIn(over), FadeOut(self.dials, going), run_time=theme.QUICK)
            self.wait_until_bookmark("picture")
            beside = WeightsLegend(turned=True).beside_the_weights()
            self.play(Transform(over, large), FadeIn(beside, frame), run_time=theme.FLOW)


class AddUp(Animation):
    """The products are added to the sum one after another; the first of them is there from the start."""

    def __init__(self, scene: AWeightOnEachConnection, products: NDArray[np.float64], **options: Any) -> None:
        self.scene, self.partial_sums = scene, np.cumsum(products)
        super().__init__(Group(scene.total, scene.disc), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        done = round(self.rate_func(alpha) * (len(self.partial_sums) - 1))
        show_sum(self.scene, float(self.partial_sums[done]))


class SlidePicture(Animation):
    """The picture slides through the region, row by row; what flows and the sum follow. rows: (n,), the stops."""

    def __init__(self, scene: AWeightOnEachConnection, rows: ArrayLike, **options: Any) -> None:
        self.scene, self.stops = scene, np.asarray(rows, float)
        moving = Group(scene.pixels, scene.dials, scene.lines, scene.total, scene.product, scene.disc)
        super().__init__(moving, **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        scene = self.scene
        rows = self.stops[-1] if alpha >= 1 else eased(self.stops, self.rate_func(alpha))
        squares = scene.slid(round(float(rows)))
        scene.pixels.set_brightness(squares)
        show_flow(scene.dials, scene.lines, scene.weights, squares)
        show_sum(scene, float(scene.weights @ squares))
        scene.product.show(float(squares[scene.marked]), float(scene.weights[scene.marked]))


def show_sum(scene: AWeightOnEachConnection, weighted_sum: float) -> None:
    """Show a weighted sum, as a number and as the light of the neuron."""
    scene.total.set_value(weighted_sum)
    scene.disc.set_brightness(scene.lit(weighted_sum))


def show_flow(dials: Dials, lines: Connections, weights: NDArray[Any], squares: NDArray[Any]) -> None:
    """Turn the knobs to weights (n,), and show on each line what flows through it; what does not count fades."""
    dials.set_values(weights, 1.0)
    dials.opacities = (0.3 + 0.7 * squares).astype(np.float32)
    dials.stroke_opacities = (0.3 + 0.7 * squares).astype(np.float32)
    lines.set_values((weights * squares)[None, :], 1.0)
