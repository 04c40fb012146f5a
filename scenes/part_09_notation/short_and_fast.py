"""ShortAndFast: The project's own forward pass as code, and a plain loop timed against the matrix product."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    Group,
    Transform,
    VGroup,
    linear,
    smooth,
    squish_rate_func,
)

from network import ForwardPass, Layer, Network
from network.analysis.timing import Timing, kept_timing, sums_by_loop
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.kit.mobjects.text import Number, Words
from scenes.part_09_notation.shared import function_of_any, short_formula, shown_pass
from scenes.settings import ROOT
from scenes.stage.lesson_scene import LessonScene


class ShortAndFast(LessonScene):
    """The project's own forward pass is as short as the formula, and a matrix product beats a loop."""

    IN_PIECES = False  # the times are measured anew

    def construct(self) -> None:
        self.knobs = self.network.layers[0]
        self.timing = timing_of(shown_pass(self))
        self.the_program()
        self.the_loop()
        self.the_race()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"The program of the forward pass takes a few lines. A loop over {self.network.layers[0].weights.size:,} "
            "products is timed against the matrix product: while the loop computes one layer, square after square "
            "lights up for each layer that the matrix product has done."
        )

    def the_program(self) -> None:
        self.next_section("The program")
        self.formula, _ = short_formula(function_of_any(self.network), "(l)", "(l-1)", "(l)", size=60)
        self.formula.move_to((0, STAGE_TOP - 0.55, 0))
        self.code = CodePanel(Layer.weighted_sums, size=38, width=13, height=3)
        self.code.move_to((0, 0.85, 0))
        start = "for layer in self.layers"
        first, last = lines_of(Network.predict, start, "return activations")
        self.whole = CodePanel(Network.predict, lines=(first, last), size=38, width=13, height=3.2)
        self.whole.move_to((0, -1.55, 0))
        with self.caption(
            "As a program: one line for a layer's sums, one loop for all layers.",
            FadeIn(self.formula),
            moves="Beneath the formula stands this project's own source; a band marks the line that computes z. Then "
            "the lines that run the whole network appear beneath.",
        ):
            self.play(FadeIn(self.code, shift=0.2 * UP))
            self.play(self.code.animate.highlight("@"))
            self.wait(theme.STEP)
            self.play(FadeIn(self.whole, shift=0.2 * UP))
            self.play(self.whole.animate.highlight(start, "layer.activate"))

    def the_loop(self) -> None:
        self.next_section("The loop")
        first, last = lines_of(sums_by_loop, "sums = []", "return sums")
        self.loop = CodePanel(sums_by_loop, lines=(first, last), size=36, width=13, height=4)
        self.loop.move_to((0, -1.0, 0))
        target = self.code.copy().unhighlight()
        target.move_to((0, STAGE_TOP - target.height / 2, 0))
        with self.caption(
            f"Number by number it is {self.knobs.weights.size:,} times round this loop.",
            FadeOut(self.formula),
            FadeOut(self.whole),
            moves="The short line moves up; beneath it appears a loop that adds one product at a time.",
        ):
            self.play(Transform(self.code, target))
            self.play(FadeIn(self.loop, shift=0.2 * UP))
            self.play(self.loop.animate.highlight("total += "))

    def the_race(self) -> None:
        self.next_section("The race")
        race = Race(self.timing, self.knobs.weights.size)
        race.move_to((0, STAGE_MIDDLE, 0))
        times = self.timing.ratio
        verdict = f"about {two_digits(times)} times as fast" if times >= 2 else "no great gain in so small a layer"
        with self.caption(
            f"Both timed on this film's machine, in slow motion: {verdict}.",
            FadeOut(self.code, self.loop, rate_func=squish_rate_func(smooth, 0, 0.5)),
            FadeIn(race, rate_func=squish_rate_func(smooth, 0.4, 1)),
            moves="A bar fills while the loop computes one layer; below it squares light up, one for each layer that "
            "the matrix product has done.",
        ):
            self.wait(theme.QUICK)
            self.play(RunRace(race), run_time=6 * theme.STEP)


class Race(Group):
    """How far a loop has come through one layer, above how many layers the matrix product has done by then."""

    WIDTH, MOST = 11.6, 1500

    def __init__(self, timing: Timing, products: int) -> None:
        self.products, self.layers = products, int(timing.ratio)
        left = -self.WIDTH / 2
        size = theme.LABEL_SIZE + 2
        self.titles = VGroup(
            Words(f"Loop ({micro(timing.loop)} µs): products done, of a single layer", size),
            Words(
                f"NumPy's matrix product ({micro(timing.product)} µs): layers done, each of {products:,} products", size
            ),
        )
        self.track = Cells([[0, 1.45, 0]], 0.5, 0.25, (0, 0, 0), stroke_width=1.5)
        self.bar = Cells([[0, 1.45, 0]], 0.5, 0.25, rgb(theme.NEUTRAL), stroke_width=0)
        self.track.points[:, 0] = (left, -left)
        self.bar.points[:, 0] = (left, left + 0.01)
        self.count = Number(0, size=size, colour=theme.NEUTRAL)
        self.done = Number(0, size=size, colour=theme.ANSWER)
        # One square for each layer; for several, where there would be too many.
        self.worth = max(-(-self.layers // self.MOST), 1)
        squares = max(self.layers // self.worth, 1)
        columns = next(c for c in range(1, squares + 1) if c * c * 2.4 >= squares * self.WIDTH)
        columns = max(columns, 24)
        step = self.WIDTH / columns
        places = np.arange(squares)
        x, y = left + (places % columns + 0.5) * step, -0.75 - (places // columns + 0.5) * step
        self.squares = Cells(np.stack([x, y, 0 * x], axis=1), 0.78 * step, 0.2, rgb(theme.ANSWER), 0.12, stroke_width=0)
        for title, number, height in ((self.titles[0], self.count, 2.05), (self.titles[1], self.done, -0.35)):
            title.move_to((left, height, 0), aligned_edge=LEFT)
            final = products if number is self.count else self.layers
            number.set_value(final).move_to((-left, height, 0), aligned_edge=RIGHT)
        super().__init__(self.titles, self.track, self.bar, self.squares, self.count, self.done)
        self.show(0)

    def show(self, share: float) -> None:
        """Show the moment at which the loop has done this share of its products, 0 to 1."""
        left, right = self.track.points[0, 0], self.track.points[1, 0]
        self.bar.points[1, 0] = max(left + (right - left) * share, left + 0.01)
        self.count.set_value(round(self.products * share))
        done = int(self.layers * share + 1e-9)
        self.done.set_value(done)
        lit = np.arange(len(self.squares)) < done // self.worth
        self.squares.opacities = np.where(lit, 1, 0.12).astype(np.float32)


class RunRace(Animation):
    """Time runs on, as evenly as in truth but slower, until the loop has done its layer.

    >>> RunRace(Race(timing, 12544))
    """

    def __init__(self, race: Race, **options: Any) -> None:
        super().__init__(race, **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show(self.rate_func(alpha))


def micro(seconds: float) -> str:
    """Millionths of a second, with two digits that count."""
    value = seconds * 1e6
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def two_digits(value: float) -> str:
    """A measured number, rounded to two digits that count."""
    places = 1 - int(np.floor(np.log10(value)))
    return f"{round(value, places):,.{max(places, 0)}f}"


def lines_of(source: Any, first: str, last: str) -> tuple[int, int]:
    """The numbers of the first lines of a function that hold these texts."""
    panel = CodePanel(source, fold=True, size=theme.SMALLEST_SIZE, width=40, height=40)
    return panel.line_of(first), panel.line_of(last)


def timing_of(forward: ForwardPass) -> Timing:
    """Loop against matrix product in the first layer, measured once on this machine, so that a clip comes out twice."""
    return kept_timing(forward.network.layers[0], forward.input, ROOT / "media" / "timings")
