"""ShortAndFast: a layer as one line of the network's own source, and a loop timed against the matrix product."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    UP,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    RoundedRectangle,
    smooth,
    squish_rate_func,
)

from network import Layer
from network.analysis.timing import Timing, kept_timing, sums_by_loop
from scenes.kit import theme
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.kit.mobjects.race import Race, RunRace
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import _, together
from scenes.part_09_notation.layer_in_blocks import formula_above_blocks
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.short_formula import WIDEST
from scenes.part_09_notation.unrolled_layer import UnrolledLayer
from scenes.settings import ROOT
from scenes.wording import number

# How large the blocks are below the line of code.
_SMALLER = 0.68
# How long the race takes at least, in seconds.
_SHORTEST_RACE = 3.5


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
        self.the_race()
        self.end()

    def alternative_text(self) -> str:
        return _(
            "The weighted sums of a layer are one line of the network's own program. A loop over {products} products "
            "is timed against the matrix product: while the loop computes one layer, square after square lights up "
            "for each layer that the matrix product has done.",
            products=number(self.network.layers[0].weights.size),
        )

    def the_program(self) -> None:
        self.next_section(_("The program"))
        self.formula, parts, blocks = formula_above_blocks(self.forward)
        self.formula.move_to((0, STAGE_TOP - 0.8, 0))
        blocks.remove(blocks.counts).scale(_SMALLER).move_to((0, STAGE_BOTTOM, 0), aligned_edge=DOWN)
        line = lines_of(Layer.weighted_sums, "return", "return")
        self.code = CodePanel(Layer.weighted_sums, lines=line, size=60, width=13.4, height=2.6)
        self.code.move_to((0, STAGE_TOP - 2.45, 0))
        told = _("@ multiplies; .T turns W on its side, since a comes first here")
        note = Words(told, size_that_fits([told], WIDEST, theme.CAPTION_SIZE))
        note.move_to((self.code.get_bottom() + blocks.get_top()) / 2).set_x(0)
        unrolled = UnrolledLayer(self.forward, self.digits("train").never_lit).finished()
        with self.voiceover(
            _(
                "In this film's own program, the weighted sums are one line: <bookmark mark='weights'/> weights, "
                "<bookmark mark='inputs'/> activations, <bookmark mark='biases'/> biases."
            ),
            moves=_(
                "The long lines of the layer shrink into one line of this project's own source. Above it comes the "
                "formula, below it the layer in blocks; the weights, activations and biases are marked in all three. A "
                "line beneath the source says what its two signs do."
            ),
        ):
            self.add(unrolled)
            self.play(
                unrolled.animate(remover=True).scale(0.1).move_to(self.code),
                FadeIn(self.code, rate_func=squish_rate_func(smooth, 0.4, 0.9)),
                run_time=1.5,
            )
            self.play(FadeIn(self.formula, shift=0.3 * DOWN), FadeIn(blocks, shift=0.3 * UP), FadeIn(note))
            marks = []
            for bookmark, symbol, text, block, colour in (
                ("weights", parts["W"], "self.weights.T", blocks.weights, theme.WEIGHTS_SYMBOL),
                ("inputs", parts["a"], "activations", blocks.vector, theme.ACTIVATIONS_SYMBOL),
                ("biases", parts["b"], "self.biases", blocks.biases, theme.BIASES_SYMBOL),
            ):
                self.wait_until_bookmark(bookmark)
                marks.append(self.mark_on(text, colour))
                self.play(
                    Indicate(symbol, 1.4, colour),
                    Indicate(block, 1.08, None),
                    FadeIn(marks[-1], target_position=symbol),
                    run_time=0.8,
                )
        self.below = (self.formula, self.code, *marks, note, blocks)

    def mark_on(self, text: str, colour: str) -> RoundedRectangle:
        """A frame around the first place of a text in the line of code."""
        column = self.code.text.index(text)
        left, right = self.code.place(0, column), self.code.place(0, column + len(text))
        frame = RoundedRectangle(0.08, width=right[0] - left[0] + 0.08, height=0.8, color=colour, stroke_width=4)
        return frame.set_fill(colour, 0.22).move_to((left + right) / 2)

    def the_race(self) -> None:
        self.next_section(_("The race"))
        first, last = lines_of(sums_by_loop, "total = bias", "total += ")
        loop = CodePanel(sums_by_loop, lines=(first, last), size=66, width=13.4, height=4.4)
        loop.move_to((0, STAGE_MIDDLE, 0))
        race = Race(self.timing.loop, self.timing.product, self.knobs.weights.size)
        race.move_to((0, STAGE_MIDDLE, 0))
        times = round_down(self.timing.ratio)
        verdict = (
            _(
                "As a Python loop, <bookmark mark='one'/> number by number, <bookmark mark='race'/> it takes more than "
                "{times} times as long.",
                times=number(times),
            )
            if times >= 2
            else _(
                "As a Python loop, <bookmark mark='one'/> number by number, <bookmark mark='race'/> it takes nearly as "
                "little time, in so small a layer."
            )
        )
        with self.voiceover(
            together(
                verdict,
                _("And much of machine learning is just such products."),
            ),
            moves=_(
                "The line gives way to a loop that adds one product at a time. Then, in slow motion, a bar fills "
                "while the loop computes one layer; below it squares light up, one for each layer that the matrix "
                "product has done."
            ),
        ) as tracker:
            self.play(
                FadeOut(*self.below, rate_func=squish_rate_func(smooth, 0, 0.6)),
                FadeIn(loop, rate_func=squish_rate_func(smooth, 0.4, 1)),
                run_time=0.8,
            )
            self.wait_until_bookmark("one")
            self.play(loop.animate.highlight("total += "), run_time=theme.QUICK)
            self.wait_until_bookmark("race")
            length = max(tracker.get_remaining_duration() - 1.1, _SHORTEST_RACE)
            told = _("slowed down {times} times", times=number(rounded(length / self.timing.loop)))
            slow = Words(told, theme.LABEL_SIZE, theme.QUIET_TEXT).next_to(race, UP, buff=0.3).align_to(race, LEFT)
            Group(slow, race).move_to((0, STAGE_MIDDLE, 0))
            self.play(
                FadeOut(loop, rate_func=squish_rate_func(smooth, 0, 0.6)),
                FadeIn(race, slow, rate_func=squish_rate_func(smooth, 0.2, 1)),
                run_time=0.8,
            )
            self.play(RunRace(race), run_time=length)


def round_down(ratio: float) -> int:
    """The next lower of 1, 2, 5, 10, 20, 50, 100, 200 and so on: every new measurement wavers, and this stays true."""
    ten = 10 ** int(np.log10(max(ratio, 1.0)))
    return max(step * ten for step in (1, 2, 5) if step * ten <= max(ratio, 1.0))


def rounded(ratio: float) -> int:
    """A ratio with two figures, and noughts."""
    ten = 10 ** max(int(np.log10(max(ratio, 1.0))) - 1, 0)
    return round(ratio / ten) * ten


def lines_of(source: Any, first: str, last: str) -> tuple[int, int]:
    """The numbers of the lines of a function in which these texts stand first."""
    panel = CodePanel(source, fold=True, size=theme.SMALLEST_SIZE, width=40, height=40)
    return panel.line_of(first), panel.line_of(last)
