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
)
from numpy.typing import NDArray

from network.analysis.detectors import detector_examples, edge_place, random_settings
from network.analysis.examples import hero
from network.network import ACTIVATIONS
from scenes.kit import theme
from scenes.kit.animations.dials import eased
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import grid
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights
from scenes.part_06_edges.hand_set_weights import frame_of_edge
from scenes.part_06_edges.weights_legend import SETTINGS_TRIED, WeightsLegend
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number


class AWeightOnEachConnection(LessonScene):
    """A dark neuron is to light up for an edge; every connection into it gets a knob, its weight; the sum follows."""

    # How many of the settings tried at random are shown.
    SHOWN = 5
    # The pixels while they are alone with the neuron, and when the knobs stand between them.
    FIRST_EXTENT, FIRST_CENTRE = 5.9, (-3.0, 0.4)
    EXTENT, PIXELS, KNOBS = 4.4, (-4.6, 0.8), (0.35, 0.8)
    NEURON, NEURON_SIZE = (4.95, 1.1), 2.3

    @cached_property
    def image(self) -> NDArray[Any]:
        """A picture with an edge in the right place, (side²,)."""
        return np.asarray(detector_examples(self.digits()).bar_image, float)

    @cached_property
    def settings(self) -> NDArray[np.float64]:
        """Some of the settings tried at random, from the one with the smallest sum to the one with the largest."""
        tried = random_settings(self.image, SETTINGS_TRIED)
        return tried[np.linspace(0, SETTINGS_TRIED - 1, self.SHOWN).round().astype(int)]

    @property
    def sums(self) -> NDArray[np.float64]:
        """The weighted sum for each setting that is shown."""
        return self.settings @ self.image

    def construct(self) -> None:
        self.weights = self.settings[0]
        self.the_job()
        self.the_question()
        self.a_number_on_each()
        self.the_weighted_sum()
        self.a_picture_of_weights()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"{self.network.sizes[0]} pixels are joined to one dark neuron, and each connection has a knob, its "
            "weight, blue if positive and red if negative. As all are turned, the weighted sum goes from "
            f"{number(self.sums[0], 1)} to {number(self.sums[-1], 1)}. Then the weights form a picture."
        )

    def the_job(self) -> None:
        self.next_section("The job")
        side = self.digits().side
        self.pixels = PixelGrid(self.image, self.FIRST_EXTENT, self.FIRST_CENTRE)
        self.disc = Cells([[*self.NEURON, 0]], self.NEURON_SIZE, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=4)
        self.disc.set_brightness([0.0])
        self.place = frame_of_edge(self.pixels, 2 * theme.MARK_WIDTH)
        dim = self.pixels.copy()
        window = np.zeros(side * side, bool)
        window[self.cells_of_edge()] = True
        dim.set_brightness(np.where(window, self.pixels.values, 0.25 * self.pixels.values))
        first, second = self.other_pictures()
        shown = self.pixels.copy()
        self.add(self.pixels.set_brightness(first))
        with self.voiceover(
            "Now you're the designer. <bookmark mark='neuron'/> Here's one dark neuron with "
            "<bookmark mark='job'/> one job: light up when there's an edge <bookmark mark='edge'/> here, in this "
            "little region.",
            moves="Digits come and go on the left, beside a dark neuron on the right. The last one stays; a yellow "
            "frame is drawn around a small region of it, and the rest grows dim.",
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
        return digits.vectors[hero(self.network, digits)], digits.vectors[0]

    def cells_of_edge(self) -> NDArray[np.intp]:
        """The cells of the region."""
        rows, columns = edge_place(self.digits().side)
        return self.pixels.window(rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start)

    def the_question(self) -> None:
        self.next_section("The question")
        pixels = PixelGrid(self.image, self.EXTENT, self.PIXELS)
        frame: Rectangle = frame_of_edge(pixels)
        self.lines = Connections(pixels.centres, self.disc.centres, np.ones((1, len(pixels))), contrast=0.8, width=1.3)
        self.lines.set_equal(0.25)
        centres = grid(self.digits().side, self.KNOBS, self.EXTENT)
        self.dials = Dials(centres, 0.92 * self.EXTENT / self.digits().side, np.zeros(len(pixels)), 1.0)
        with self.voiceover(
            "What would you give it? <bookmark mark='knobs'/> Which knobs could make it look "
            "<bookmark mark='turn'/> for this pattern, <bookmark mark='other'/> or for any other?",
            moves="The digit makes room, and a line grows from each of its squares to the neuron. On every line sits a "
            "little knob; all of them turn one way, then another, and back.",
        ):
            self.play(Transform(self.pixels, pixels), Transform(self.place, frame))
            self.wait_until_bookmark("knobs")
            self.play(GrowConnections(self.lines), FadeIn(self.dials), run_time=theme.STEP)
            upright = np.zeros(len(pixels))
            for mark, values in (("turn", self.settings[1]), ("other", self.settings[2])):
                self.wait_until_bookmark(mark)
                self.play(Transform(self.dials, self.dials.copy().set_values(values, 1.0)))
            self.play(Transform(self.dials, self.dials.copy().set_values(upright, 1.0)), run_time=theme.QUICK)

    def a_number_on_each(self) -> None:
        self.next_section("A number on each connection")
        self.legend, turned = WeightsLegend(), WeightsLegend(turned=True)
        steps = {"plus": self.weights > 1 / 3, "minus": self.weights < -1 / 3, "zero": np.abs(self.weights) <= 1 / 3}
        self.name = Words("weights", theme.LABEL_SIZE, theme.WEIGHTS_SYMBOL).next_to(self.dials, UP, buff=0.15)
        shown = np.zeros(len(self.weights))
        with self.voiceover(
            "Here's an answer: <bookmark mark='links'/> give every link a number. "
            "<bookmark mark='plus'/> Positive: this square should be bright. "
            "<bookmark mark='minus'/> Negative: it should be dark. "
            "<bookmark mark='zero'/> Near zero: I don't care. "
            "That's called <bookmark mark='weight'/> a weight.",
            moves="Some knobs turn to the right and become blue, others to the left and become red, with their lines; "
            "the rest stay nearly upright. Three large knobs below say what that means.",
        ):
            self.wait_until_bookmark("links")
            for opacity in (0.7, 0.25):
                self.play(Transform(self.lines, self.lines.copy().set_equal(opacity)), run_time=0.8)
            for (mark, chosen), part, target in zip(steps.items(), self.legend, turned, strict=True):
                self.wait_until_bookmark(mark)
                shown = np.where(chosen, self.weights, shown)
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
        self.next_section("The weighted sum")
        widest = Number(-88.8, 1, 1.6 * theme.TITLE_SIZE)
        name = Words("weighted sum", theme.LABEL_SIZE)
        column = VGroup(widest, name).arrange(DOWN, buff=0.18).next_to(self.disc, DOWN, buff=0.25)
        self.total = Number(0, 1, 1.6 * theme.TITLE_SIZE).move_to(widest).align_to(widest, np.array([-1.0, 0, 0]))
        self.sum_name = column[1]
        products = self.dials.copy()
        products.opacities = (0.06 + 0.94 * self.image).astype(np.float32)
        products.stroke_opacities = (0.1 + 0.9 * self.image).astype(np.float32)
        with self.voiceover(
            "Multiply every square's brightness by its weight, <bookmark mark='add'/> and add it all up: "
            "<bookmark mark='sum'/> the weighted sum. <bookmark mark='turn'/> The better the picture fits the weights, "
            "the larger it gets.",
            moves="Where the digit is dark, knobs and lines fade: only its bright squares count. At the neuron the sum "
            f"of all the products counts to {number(self.sums[0], 1)}. Then all knobs turn to other settings; the sum "
            f"goes up to {number(self.sums[-1], 1)}, and the neuron lights up.",
        ) as tracker:
            lines = self.lines.copy().set_values((self.weights * self.image)[None, :], 1.0)
            self.play(Transform(self.dials, products), Transform(self.lines, lines), run_time=theme.FLOW)
            self.wait_until_bookmark("add")
            self.play(FadeIn(self.total), run_time=0.2)
            self.play(
                AddUp(self, self.weights * self.image),
                run_time=max(tracker.time_until_bookmark("sum"), theme.STEP),
                rate_func=linear,
            )
            self.play(FadeIn(self.sum_name), run_time=theme.QUICK)
            self.wait_until_bookmark("turn")
            self.play(TurnKnobs(self), run_time=max(tracker.get_remaining_duration(), 3 * theme.STEP))
        self.weights = self.settings[-1]

    def a_picture_of_weights(self) -> None:
        self.next_section("A picture of weights")
        small = WeightHeatmap(self.weights, 1.0, None, self.EXTENT, self.KNOBS)
        over = WeightHeatmap(self.weights, 1.0, None, self.EXTENT, self.PIXELS)
        large = WeightHeatmap(self.weights, 1.0, None, LARGE_EXTENT, LARGE_CENTRE)
        frame = frame_of_weights(large)
        going = Group(self.lines, self.disc, self.total, self.sum_name, self.name)
        with self.voiceover(
            "Lay each weight <bookmark mark='picture'/> where its square is, and you see what a neuron looks for. "
            "<bookmark mark='blue'/> Blue is positive, <bookmark mark='red'/> red is negative. These were "
            "<bookmark mark='chance'/> turned at random: they look for nothing.",
            moves="The knobs become coloured cells and fly onto the squares of the digit: a picture of weights, blue "
            "and red. It grows until it fills the left of the stage, and changes a few times.",
        ):
            self.play(FadeIn(small), FadeOut(self.dials, going), run_time=theme.QUICK)
            self.wait_until_bookmark("picture")
            self.play(Transform(small, over, path_arc=-0.5), run_time=theme.FLOW)
            self.remove(self.pixels, self.place)
            beside = self.legend.copy().beside_the_weights()
            self.play(Transform(small, large), Transform(self.legend, beside))
            self.add(frame)
            for mark, part in (("blue", self.legend[0]), ("red", self.legend[1])):
                self.wait_until_bookmark(mark)
                self.play(Indicate(part[0], 1.25, color=None))
            self.wait_until_bookmark("chance")
            for setting in self.settings[1:]:
                self.play(Transform(small, large.copy().show(setting, 1.0)), run_time=theme.QUICK)


class AddUp(Animation):
    """The products are added to the sum one after another, and the neuron lights up with it."""

    def __init__(self, scene: AWeightOnEachConnection, products: NDArray[np.float64], **options: Any) -> None:
        self.scene, self.partial_sums = scene, np.concatenate([[0.0], np.cumsum(products)])
        super().__init__(Group(scene.total, scene.disc), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        done = round(self.rate_func(alpha) * (len(self.partial_sums) - 1))
        show_sum(self.scene, float(self.partial_sums[done]))


class TurnKnobs(Animation):
    """All knobs turn from setting to setting; what flows, the sum and the neuron follow."""

    def __init__(self, scene: AWeightOnEachConnection, **options: Any) -> None:
        self.scene = scene
        super().__init__(Group(scene.dials, scene.lines, scene.total, scene.disc), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        scene = self.scene
        weights = scene.settings[-1] if alpha >= 1 else eased(scene.settings, self.rate_func(alpha))
        scene.dials.set_values(weights, 1.0)
        scene.lines.set_values((weights * scene.image)[None, :], 1.0)
        show_sum(scene, float(weights @ scene.image))


def show_sum(scene: AWeightOnEachConnection, value: float) -> None:
    """Show a weighted sum, and the neuron as bright as the sigmoid makes it."""
    scene.total.set_value(value)
    scene.disc.set_brightness([float(ACTIVATIONS["sigmoid"].function(np.array(value)))])
