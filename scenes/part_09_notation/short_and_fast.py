"""ShortAndFast: a layer as one line of the network's own source, and a loop timed against the matrix product."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from manim import (
    DOWN,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    RoundedRectangle,
    VGroup,
    smooth,
    squish_rate_func,
)

from network import Layer
from network.analysis.timing import Timing, kept_timing, sums_by_loop
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.kit.mobjects.race import Race, RunRace
from scenes.kit.mobjects.text import Number
from scenes.part_09_notation.layer_in_blocks import LayerInBlocks
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import short_formula
from scenes.settings import ROOT
from scenes.wording import function_name, significant

# How large the blocks are below the line of code.
_SMALLER = 0.68


class ShortAndFast(OnePictureScene):
    """The network's own source is as short as the formula, and a matrix product beats a loop."""

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
        self.why_it_matters()
        self.end()

    def alternative_text(self) -> str:
        return (
            f"The weighted sums of a layer are one line of the network's own program. A loop over "
            f"{self.network.layers[0].weights.size:,} products is timed against the matrix product: while the loop "
            "computes one layer, square after square lights up for each layer that the matrix product has done."
        )

    def the_program(self) -> None:
        self.next_section("The program")
        function = function_name(self.knobs.activation).typst or None
        self.formula, parts = short_formula(function, "(1)", "(0)", "", size=110)
        self.formula.move_to((0, STAGE_TOP - 0.8, 0))
        line = lines_of(Layer.weighted_sums, "return", "return")
        self.code = CodePanel(Layer.weighted_sums, lines=line, size=60, width=13.4, height=2.6)
        self.code.move_to((0, STAGE_TOP - 2.45, 0))
        with self.voiceover(
            "In a program, a layer's sums are one line, too. <bookmark mark='line'/> This one is from the source code "
            "of the network in this film: <bookmark mark='weights'/> the weights, <bookmark mark='inputs'/> the "
            "activations, <bookmark mark='biases'/> the biases. <bookmark mark='turned'/> The T only swaps rows and "
            "columns.",
            moves="The formula stands at the top, above the blocks of the layer; between them comes a line of this "
            "project's own source. Its weights, activations and biases are marked in the colours of the formula, and "
            "then the letter T.",
        ):
            self.below = blocks = self.blocks()
            blocks.remove(blocks.counts)
            self.add(self.formula, blocks, blocks.counts)
            self.play(Indicate(self.formula, 1.1, None))
            lower = blocks.animate.scale(_SMALLER).move_to((0, STAGE_BOTTOM, 0), aligned_edge=DOWN)
            self.play(FadeOut(blocks.counts), lower, FadeIn(self.code, shift=0.3 * UP))
            self.wait_until_bookmark("line")
            self.play(self.code.animate.highlight("return"))
            self.play(self.code.animate.unhighlight(), run_time=theme.QUICK)
            self.marks = VGroup()
            for bookmark, symbol, text, block, colour in (
                ("weights", parts["W"], "self.weights", blocks.weights, theme.WEIGHTS_SYMBOL),
                ("inputs", parts["a"], "activations", blocks.vector, theme.ACTIVATIONS_SYMBOL),
                ("biases", parts["b"], "self.biases", blocks.biases, theme.BIASES_SYMBOL),
            ):
                self.wait_until_bookmark(bookmark)
                mark = self.mark_on(text, colour)
                self.marks.add(mark)
                self.play(
                    Indicate(symbol, 1.4, colour),
                    Indicate(block, 1.08, None),
                    FadeIn(mark, target_position=symbol),
                    run_time=0.8,
                )
            self.wait_until_bookmark("turned")
            turned = self.mark_on(".T", theme.TEXT)
            self.play(Create(turned))
            self.play(Indicate(turned, 1.3, theme.TEXT))
            self.marks.add(turned)

    def blocks(self) -> LayerInBlocks:
        """All numbers of the first layer, as blocks."""
        return LayerInBlocks(self.forward, 0, function_name(self.knobs.activation).typst or None)

    def mark_on(self, text: str, colour: str) -> RoundedRectangle:
        """A frame around the first place of a text in the line of code."""
        column = self.code.text.index(text)
        left, right = self.code.place(0, column), self.code.place(0, column + len(text))
        frame = RoundedRectangle(0.08, width=right[0] - left[0] + 0.08, height=0.8, color=colour, stroke_width=4)
        return frame.set_fill(colour, 0.22).move_to((left + right) / 2)

    def the_loop(self) -> None:
        self.next_section("The loop")
        first, last = lines_of(sums_by_loop, "sums = []", "return sums")
        self.loop = CodePanel(sums_by_loop, lines=(first, last), size=46, width=13.4, height=5.6)
        self.loop.move_to((0, STAGE_MIDDLE, 0))
        with self.voiceover(
            "You could also write it out as a <bookmark mark='loop'/> loop, number by number. For this one layer, it "
            f"goes round {self.knobs.weights.size:,} times.",
            moves="The line goes, and a loop appears that adds one product at a time; the line that does it is lit, "
            "and its rounds are counted.",
        ) as tracker:
            self.play(FadeOut(self.formula, self.code, self.marks, self.below), run_time=theme.QUICK)
            self.play(FadeIn(self.loop, shift=0.2 * UP))
            self.wait_until_bookmark("loop")
            self.play(self.loop.animate.highlight("for row", "return sums"))
            self.play(self.loop.animate.highlight("for weight", "total += "))
            self.play(self.loop.animate.highlight("total += "))
            rounds = self.knobs.weights.size
            counted = Number(rounds, 0, theme.TITLE_SIZE, theme.ANSWER)
            self.rounds = counted.next_to(self.loop, DOWN, buff=0.4).set_value(0)
            self.add(counted)
            self.play(CountUp(counted, 0, rounds), run_time=max(tracker.get_remaining_duration() - 0.3, 1.5))

    def the_race(self) -> None:
        self.next_section("The race")
        race = Race(self.timing.loop, self.timing.product, self.knobs.weights.size)
        race.move_to((0, STAGE_MIDDLE, 0))
        self.race = race
        times = self.timing.ratio
        verdict = (
            f"the loop takes about {significant(times, 1)} times as long"
            if times >= 2
            else "the two take nearly the same time, in so small a layer"
        )
        with self.voiceover(
            f"On this machine, <bookmark mark='race'/> {verdict}. So many people need a matrix times a column "
            "that libraries have been polishing it for decades.",
            moves="In slow motion, a bar fills while the loop computes one layer; below it squares light up, one for "
            "each layer that the matrix product has done.",
        ) as tracker:
            self.play(
                FadeOut(self.loop, self.rounds, rate_func=squish_rate_func(smooth, 0, 0.5)),
                FadeIn(race, rate_func=squish_rate_func(smooth, 0.4, 1)),
            )
            self.play(RunRace(race), run_time=max(tracker.get_remaining_duration() - 0.3, 4))

    def why_it_matters(self) -> None:
        self.next_section("Why it matters")
        blocks = self.blocks()
        with self.voiceover(
            "So it pays to get comfortable with it. A great deal of machine learning is just this: rows times columns.",
            moves="The short formula comes back, with the real blocks of the first layer beneath it.",
        ):
            self.play(FadeOut(self.race), run_time=theme.QUICK)
            self.play(FadeIn(self.formula), FadeIn(blocks, shift=0.3 * UP))
            for block in (blocks.weights, blocks.vector, blocks.result):
                self.play(Indicate(block, 1.06, None))


def lines_of(source: Any, first: str, last: str) -> tuple[int, int]:
    """The numbers of the lines of a function in which these texts stand first."""
    panel = CodePanel(source, fold=True, size=theme.SMALLEST_SIZE, width=40, height=40)
    return panel.line_of(first), panel.line_of(last)
