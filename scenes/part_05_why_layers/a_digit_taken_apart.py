"""ADigitTakenApart: a real digit falls into a loop and a line."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, FadeOut, Transform, VGroup, smooth, squish_rate_func

from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.parts import INK, Parts, flood, side_of, square_around
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations, RunPulse
from scenes.kit.animations.spread_colour import SpreadColour
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, network_layout
from scenes.kit.mobjects.glow import Glow
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.picture_pieces import cells_in_place, centre_of_brightness
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.language import NC_, Word, _, _c, _n, _w, together
from scenes.part_05_why_layers.colours import OF_KIND, part_tints
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.part_05_why_layers.words_for_parts import (
    another_part,
    few_in_words,
    kind_in_words,
    one_part,
    so_many,
    so_many_in_words,
)
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import one_in_words, percent

# Up to so many parts are named one by one.
_NAMED = 3
# How bright the lines are that no wave has run along yet.
_BEFORE = 0.15
_WHERE = {
    "top": NC_("where a part is", "on top"),
    "bottom": NC_("where a part is", "below"),
    "left": NC_("where a part is", "on the left"),
    "right": NC_("where a part is", "on the right"),
    "middle": NC_("where a part is", "in the middle"),
}

# The time to look for what is in a digit, before it is said, in seconds.
_TIME_TO_LOOK = 0.8


class ADigitTakenApart(LessonScene):
    """A real digit falls into a loop and a line: paint finds the hole, what is left is the line; they add up again."""

    EXTENT = 6.2
    # Where the words beside the digit begin, and how far they may reach.
    WORDS_X, ROOM = 3.5, 3.2

    @cached_property
    def example(self) -> TakenApart:
        return digits_taken_apart(self.digits())[0]

    @cached_property
    def parts(self) -> Parts:
        return self.example.parts

    @cached_property
    def holes(self) -> int:
        """How many holes there are."""
        return int(self.parts.holes.max())

    def construct(self) -> None:
        self.grid = PixelGrid(self.parts.image, self.EXTENT, (0, STAGE_MIDDLE))
        self.tints = part_tints(self.parts)

        self.why_layers()
        self.is_there_a_loop()
        self.and_together_again()
        self.end()

    def alternative_text(self) -> str:
        return together(
            _(
                "The network reads {one_digit}, and the picture is taken apart.",
                one_digit=one_in_words(self.example.name),
            ),
            _n(
                "Paint that runs in from the border finds {n} hole.",
                "Paint that runs in from the border finds {n} holes.",
                self.holes,
            ),
            _(
                "Thinned to a line one cell wide, its skeleton, it falls into {parts}, and added up cell by cell these "
                "are the picture again.",
                parts=_part_names(self.parts),
            ),
        )

    def why_layers(self) -> None:
        self.next_section(_("Why layers?"))
        forward = self.network.forward(self.parts.image)
        # The light around the lowest neurons stays above the captions.
        layout = network_layout(self.network.sizes, top=3.35, bottom=STAGE_BOTTOM + 0.4)
        diagram = NetworkDiagram(self.network, self.digits().class_names, layout).show(forward).stand_out()
        for neurons, connections in zip(diagram.columns[1:], diagram.connections, strict=True):
            neurons.show(np.zeros(len(neurons)))
            connections.set_pulse(-0.3, _BEFORE)
        columns = zip(diagram.columns, forward.columns, strict=True)
        glows = [Glow(neurons, activations) for neurons, activations in columns]
        shown = [*diagram.connections, *diagram.columns, diagram.dots, diagram.labels]
        inputs = diagram.columns[0]
        small = PixelGrid(self.parts.image, inputs.width, tuple(inputs.get_center()[:2]))
        self.add(*shown, glows[0])
        with self.voiceover(
            together(
                _("Why would layers of little lights do anything clever?"),
                _(
                    "<bookmark mark='well'/>Well, what do you see in {one_digit}?",
                    one_digit=one_in_words(self.example.name),
                ),
            ),
            moves=_(
                "The network reads a {class_name}: a shining wave runs from layer to layer. Then the {class_name} "
                "comes out of it and grows.",
                class_name=self.example.name,
            ),
        ) as tracker:
            layers = len(diagram.connections)
            pace = max((tracker.bookmark_time("well") - self.time) / layers, 0.6 * theme.STEP)
            for connections, neurons, glow, activations in zip(
                diagram.connections, diagram.columns[1:], glows[1:], forward.activations, strict=True
            ):
                self.play(
                    RunPulse(connections, length=0.25, shining=True),
                    PropagateActivations(connections, neurons, activations, ahead=_BEFORE),
                    FadeIn(glow, rate_func=squish_rate_func(smooth, PropagateActivations.ARRIVAL, 1)),
                    run_time=pace,
                )
            shown += glows
            self.play(FadeIn(small), run_time=theme.QUICK)
            self.play(*map(FadeOut, shown), Transform(small, self.grid), run_time=theme.STEP)
            self.remove(small)
            self.add(self.grid)
        self.wait(_TIME_TO_LOOK)
        with self.voiceover(
            _what_you_see(self.parts),
            moves=_("One stretch of it after another takes a colour, and its name stands beside it."),
        ):
            self.name_the_parts()

    def name_the_parts(self) -> None:
        """The parts take their colours, and their names appear beside them."""
        self.names = VGroup()
        parts, values = self.parts, self.grid.values[:, None]
        pictures = parts.pictures
        numbers = range(len(pictures))
        groups = [[number] for number in numbers] if len(pictures) <= _NAMED else [list(numbers)]
        texts = [kind_in_words(parts.kinds[group[0]]) if len(group) == 1 else _part_names(parts) for group in groups]
        if not texts:
            return
        size = size_that_fits(texts, self.ROOM, 2 * theme.TITLE_SIZE)
        coloured = self.grid.copy()
        coloured.colours = 0.3 * self.grid.colours
        for place, (group, text) in enumerate(zip(groups, texts, strict=True)):
            self.wait_until_bookmark(f"part{place}")
            of_these = np.isin(parts.places.ravel(), np.array(group) + 1)
            coloured = coloured.copy()
            coloured.colours[of_these] = (values * self.tints)[of_these]
            colour = OF_KIND[parts.kinds[group[0]]] if len(group) == 1 else theme.TEXT
            middle = centre_of_brightness(self.grid, pictures[group].sum(axis=0).ravel())[1]
            # Beneath the names before, if parts stand side by side.
            lowest = self.names[-1].get_bottom()[1] - 0.5 if len(self.names) else np.inf
            word = Words(text, size, colour)
            word.move_to((self.WORDS_X, min(middle, lowest), 0), aligned_edge=LEFT)
            self.play(Transform(self.grid, coloured), FadeIn(word, shift=0.3 * LEFT), run_time=0.7 * theme.STEP)
            self.names.add(word)

    def is_there_a_loop(self) -> None:
        self.next_section(_("Holes"))
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        found = inked.copy()
        inside = self.parts.holes.ravel() > 0
        found.colours[flood(self.parts.image).ravel() >= 0] = rgb(theme.FLOODED)
        found.colours[inside] = 0.75 * rgb(theme.LOOP)
        question, answer = _about_holes(self.holes)
        found_loops = so_many("loop", self.holes)
        size = size_that_fits([found_loops], self.ROOM, 2 * theme.TITLE_SIZE)
        verdict = Words(found_loops, size, theme.LOOP if self.holes else theme.TEXT)
        verdict.move_to((self.WORDS_X, STAGE_MIDDLE, 0), aligned_edge=LEFT)
        if self.holes:
            verdict.set_y(float(self.grid.centres[inside, 1].mean()))
        with self.voiceover(
            together(question, _("<bookmark mark='flood'/>Pour paint in from the border."), answer),
            moves=_(
                "Cells at least {share} as bright as the brightest turn white, all others black. Grey-blue paint "
                "floods the black ones from the border inwards; what it does not reach glows.",
                share=percent(INK, 0),
            ),
        ) as tracker:
            self.play(Transform(self.grid, inked), FadeOut(self.names))
            self.wait_until_bookmark("flood")
            room = tracker.time_until_bookmark("dry")
            paint = SpreadColour(self.grid, flood(self.parts.image), rgb(theme.FLOODED), softness=3)
            self.play(paint, run_time=max(room, theme.FLOW))
            self.wait_until_bookmark("dry")
            self.play(Transform(self.grid, found), FadeIn(verdict))
        self.verdict = verdict

    def and_together_again(self) -> None:
        self.next_section(_("Apart"))
        image, square = self.parts.image, square_around(self.parts.image)
        row = sum_of_parts(self.example, 4.4, STAGE_MIDDLE + 0.3, 1.4 * theme.TITLE_SIZE)
        pale = cells_in_place(image, square, self.grid)
        pale.set_tints(self.tints.reshape(*image.shape, 3)[square].reshape(-1, 3))
        coloured = self.grid.copy()
        coloured.colours = self.grid.values[:, None] * self.tints
        start = [grid.copy() for grid in row.pieces]
        for grid in start:
            grid.points = pale.points.copy()
        with self.voiceover(
            _what_is_left(self.parts),
            moves=_(
                "The paint goes, and the cells take the colours of the parts: of a skeleton, one cell wide, what runs "
                "around a hole is a loop, straight stretches of the rest are lines, and every cell belongs to the "
                "nearest part. The {class_name} goes to the left; its parts leave it and stand beside it as a sum of "
                "pictures.",
                class_name=self.example.name,
            ),
        ):
            self.play(Transform(self.grid, coloured), FadeOut(self.verdict), run_time=theme.STEP)
            self.play(FadeOut(self.grid), FadeIn(pale), run_time=0.3 * theme.STEP)
            self.play(
                FadeIn(row.frames),
                Transform(pale, row.whole),
                *(Transform(grid, target) for grid, target in zip(start, row.pieces, strict=True)),
            )
            self.remove(pale, *start)
            self.add(row.whole, *row.pieces)
            self.play(FadeIn(row.signs), FadeIn(row.names), run_time=theme.QUICK)


def _part_names(parts: Parts) -> str:
    """The parts in figures: "2 loops", "1 loop and 1 line"."""
    loops, lines = parts.count("loop"), parts.count("line")
    if loops and lines:
        return _c(
            "how many loops, and how many lines",
            "{loops} and {lines}",
            loops=so_many("loop", loops),
            lines=so_many("line", lines),
        )
    return so_many("loop", loops) if loops else so_many("line", lines) if lines else _c("no parts", "nothing")


def _listed(parts: Parts) -> Word:
    """The parts in words: "two loops", "one loop and two lines"."""
    loops, lines = parts.count("loop"), parts.count("line")
    if loops and lines:
        return _w(
            "how many loops, and how many lines",
            "{loops} and {lines}",
            loops=so_many_in_words("loop", loops),
            lines=so_many_in_words("line", lines),
        )
    if loops:
        return so_many_in_words("loop", loops)
    return so_many_in_words("line", lines) if lines else _w("no parts", "nothing")


def _what_you_see(parts: Parts) -> str:
    """The parts and where they are, with a bookmark for each: "A loop on top, and a line on the right."."""
    if not 1 <= len(parts.kinds) <= _NAMED:
        return _("<bookmark mark='part0'/>{parts:^}.", parts=_listed(parts))
    first, *others = (
        _w(
            "a part, and where it is",
            "{part} {where}",
            part=another_part(kind) if kind in parts.kinds[:number] else one_part(kind),
            where=_c("where a part is", _WHERE[side_of(picture, parts.image)]),
        )
        for number, (kind, picture) in enumerate(zip(parts.kinds, parts.pictures, strict=True))
    )
    if not others:
        return _("<bookmark mark='part0'/>{part:^}.", part=first)
    if len(others) == 1:
        return _(
            "<bookmark mark='part0'/>{part:^}, and <bookmark mark='part1'/>{last}.",
            part=first,
            last=others[0],
        )
    return _(
        "<bookmark mark='part0'/>{part:^}, <bookmark mark='part1'/>{second}, and <bookmark mark='part2'/>{last}.",
        part=first,
        second=others[0],
        last=others[1],
    )


def _about_holes(holes: int) -> tuple[str, str]:
    """The question whether there are loops, and what the paint says, with a bookmark where it is known."""
    if not holes:
        return _("Are there any loops?"), together(
            _("It runs everywhere."), _("<bookmark mark='dry'/>No dry spot, so there is no loop.")
        )
    return (
        _("Is there really a loop?") if holes == 1 else _("Are there really loops?"),
        together(
            _("It runs everywhere except inside the ring.")
            if holes == 1
            else _("It runs everywhere except inside the rings."),
            _n(
                "<bookmark mark='dry'/>{n:^} dry spot: {n} loop.",
                "<bookmark mark='dry'/>{n:^} dry spots: {n} loops.",
                holes,
                n=few_in_words(holes),
            ),
        ),
    )


def _what_is_left(parts: Parts) -> str:
    """What there is besides the loops."""
    loops, lines = parts.count("loop"), parts.count("line")
    if not loops:
        if not lines:
            return _("But there are no lines.")
        return _n("But there is a line.", "But there are {n} lines.", lines, n=few_in_words(lines))
    if not lines:
        return _("And nothing is left over.")
    return _n("What's left over is a line.", "What's left over are {n} lines.", lines, n=few_in_words(lines))
