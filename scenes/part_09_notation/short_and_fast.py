"""ShortAndFast: the project's own forward pass as code, and a plain loop timed against the matrix product."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from manim import (
    UP,
    FadeIn,
    FadeOut,
    Transform,
    smooth,
    squish_rate_func,
)

from network import Layer, Network
from network.analysis.timing import Timing, kept_timing, sums_by_loop
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.kit.mobjects.race import Race, RunRace
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import function_of_any, short_formula
from scenes.settings import ROOT
from scenes.wording import significant


class ShortAndFast(OnePictureScene):
    """The project's own forward pass is as short as the formula, and a matrix product beats a loop."""

    IN_PIECES = False  # the times are measured again in every process

    @cached_property
    def timing(self) -> Timing:
        """Loop and matrix product in the first layer, measured once on this machine: so a clip comes out the same."""
        return kept_timing(self.network.layers[0], self.forward.input, ROOT / "media" / "timings")

    def construct(self) -> None:
        self.knobs = self.network.layers[0]
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
        with self.voiceover(
            "As a program: one line for a layer's sums, one loop for all layers.",
            moves="Beneath the formula stands this project's own source; a band marks the line that computes z. Then "
            "the lines that run the whole network appear beneath.",
        ):
            self.play(FadeIn(self.formula))
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
        with self.voiceover(
            f"Number by number it is {self.knobs.weights.size:,} times round this loop.",
            moves="The short line moves up; beneath it appears a loop that adds one product at a time.",
        ):
            self.play(FadeOut(self.formula), FadeOut(self.whole))
            self.play(Transform(self.code, target))
            self.play(FadeIn(self.loop, shift=0.2 * UP))
            self.play(self.loop.animate.highlight("total += "))

    def the_race(self) -> None:
        self.next_section("The race")
        race = Race(self.timing.loop, self.timing.product, self.knobs.weights.size)
        race.move_to((0, STAGE_MIDDLE, 0))
        times = self.timing.ratio
        verdict = f"about {significant(times)} times as fast" if times >= 2 else "no great gain in so small a layer"
        with self.voiceover(
            f"Both timed on this film's machine, in slow motion: {verdict}.",
            moves="A bar fills while the loop computes one layer; below it squares light up, one for each layer that "
            "the matrix product has done.",
        ):
            self.play(
                FadeOut(self.code, self.loop, rate_func=squish_rate_func(smooth, 0, 0.5)),
                FadeIn(race, rate_func=squish_rate_func(smooth, 0.4, 1)),
            )
            self.wait(theme.QUICK)
            self.play(RunRace(race), run_time=6 * theme.STEP)


def lines_of(source: Any, first: str, last: str) -> tuple[int, int]:
    """The numbers of the lines of a function in which these texts stand first."""
    panel = CodePanel(source, fold=True, size=theme.SMALLEST_SIZE, width=40, height=40)
    return panel.line_of(first), panel.line_of(last)
