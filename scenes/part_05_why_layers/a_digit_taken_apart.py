"""ADigitTakenApart: a real digit falls into a loop and a line."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, FadeOut, LaggedStart, Transform, VGroup, smooth, squish_rate_func

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
from scenes.part_05_why_layers.colours import OF_KIND, part_tints
from scenes.part_05_why_layers.sum_of_parts import sum_of_parts
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import capitalised, count, count_in_words, one_in_words

# Up to so many parts are named one by one.
_NAMED = 3
# How bright the lines are that no wave has run along yet.
_BEFORE = 0.15
_WHERE = {
    "top": "on top",
    "bottom": "below",
    "left": "on the left",
    "right": "on the right",
    "middle": "in the middle",
}


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
        return (
            f"The network reads {one_in_words(self.example.name)}, and the picture is taken apart. Paint that runs in "
            f"from the border finds {count(self.holes, 'hole')}. Thinned to a line one cell wide, its skeleton, it "
            f"falls into {_part_names(self.parts)}, and added up cell by cell these are the picture again."
        )

    def why_layers(self) -> None:
        self.next_section("Why layers?")
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
            "Why would anybody expect layers of little lights to do something clever? "
            "<bookmark mark='well'/>Well, what do you see in "
            f"{one_in_words(self.example.name)}? {_what_you_see(self.parts)}",
            moves=f"The network reads a {self.example.name}: a shining wave runs from layer to layer. Then the "
            f"{self.example.name} comes out of it and grows. One stretch of it after another takes a colour, and its "
            "name stands beside it.",
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
            self.name_the_parts()

    def name_the_parts(self) -> None:
        """The parts take their colours, and their names appear beside them."""
        self.names = VGroup()
        parts, values = self.parts, self.grid.values[:, None]
        pictures = parts.pictures
        numbers = range(len(pictures))
        groups = [[number] for number in numbers] if len(pictures) <= _NAMED else [list(numbers)]
        texts = [parts.kinds[group[0]] if len(group) == 1 else _part_names(parts) for group in groups]
        if not texts:
            return
        size = size_that_fits(texts, self.ROOM, 1.3 * theme.TITLE_SIZE)
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
        self.next_section("Holes")
        inked = self.grid.copy().set_brightness(self.parts.ink.ravel())
        found = inked.copy()
        inside = self.parts.holes.ravel() > 0
        found.colours[flood(self.parts.image).ravel() >= 0] = rgb(theme.FLOODED)
        found.colours[inside] = 0.75 * rgb(theme.LOOP)
        question, answer = _about_holes(self.holes)
        verdict = Words(
            f"{count(self.holes, 'loop')}", 1.3 * theme.TITLE_SIZE, theme.LOOP if self.holes else theme.TEXT
        )
        verdict.move_to((self.WORDS_X, STAGE_MIDDLE, 0), aligned_edge=LEFT)
        if self.holes:
            verdict.set_y(float(self.grid.centres[inside, 1].mean()))
        with self.voiceover(
            f"{question} <bookmark mark='flood'/>Pour paint in from the border. {answer}",
            moves=f"Cells at least {100 * INK:.0f} % as bright as the brightest turn white, all others black. "
            "Grey-blue paint floods the black ones from the border inwards; what it does not reach glows.",
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
        self.next_section("Apart")
        image, square = self.parts.image, square_around(self.parts.image)
        row = sum_of_parts(self.example, 4.4, STAGE_MIDDLE + 0.3, theme.TITLE_SIZE)
        pale = cells_in_place(image, square, self.grid)
        pale.set_tints(self.tints.reshape(*image.shape, 3)[square].reshape(-1, 3))
        coloured = self.grid.copy()
        coloured.colours = self.grid.values[:, None] * self.tints
        start = [grid.copy() for grid in row.pieces]
        for grid in start:
            grid.points = pale.points.copy()
        copies = [grid.copy() for grid in row.pieces]
        with self.voiceover(
            f"{_what_is_left(self.parts)} Put {'them' if len(copies) > 1 else 'it'} "
            "<bookmark mark='sum'/>back together, and not one square is missing.",
            moves="The paint goes, and the cells take the colours of the parts: of a skeleton, one cell wide, what "
            "runs around a hole is a loop, straight stretches of the rest are lines, and every cell belongs to the "
            f"nearest part. The {self.example.name} goes to the left; its parts leave it and stand beside it as a sum "
            "of pictures. Copies of them fly onto it and make it up again.",
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
            self.play(FadeIn(row.signs), FadeIn(row.names), row.whole.animate.fade(0.8), run_time=theme.QUICK)
            self.wait_until_bookmark("sum")
            self.play(
                LaggedStart(*(copy.animate.move_to(row.whole) for copy in copies), lag_ratio=0.35),
                run_time=theme.FLOW,
            )
            self.play(row.whole.animate.set_opacity(1), *map(FadeOut, copies), run_time=theme.QUICK)


def _part_names(parts: Parts) -> str:
    """The parts in figures: "2 loops", "1 loop and 1 line"."""
    counted = [(parts.count("loop"), "loop"), (parts.count("line"), "line")]
    return " and ".join(count(n, kind) for n, kind in counted if n) or "nothing"


def _listed(parts: Parts) -> str:
    """The parts in words: "loop and line", "two loops", "one loop and two lines"."""
    if parts.kinds == ("loop", "line"):
        return "loop and line"
    counted = [(parts.count("loop"), "loop"), (parts.count("line"), "line")]
    return " and ".join(count_in_words(n, kind) for n, kind in counted if n) or "nothing"


def _what_you_see(parts: Parts) -> str:
    """The parts and where they are, with a bookmark for each: "A loop on top, and a line on the right."."""
    if not 1 <= len(parts.kinds) <= _NAMED:
        return f"<bookmark mark='part0'/>{capitalised(_listed(parts))}."
    said: list[str] = []
    for number, (kind, picture) in enumerate(zip(parts.kinds, parts.pictures, strict=True)):
        article = "another" if kind in parts.kinds[:number] else "a"
        said.append(f"<bookmark mark='part{number}'/>{article} {kind} {_WHERE[side_of(picture, parts.image)]}")
    said[0] = said[0].replace(">a ", ">A ")
    return f"{', and '.join([', '.join(said[:-1]), said[-1]] if len(said) > 1 else said)}."


def _about_holes(holes: int) -> tuple[str, str]:
    """The question whether there are loops, and what the paint says, with a bookmark where it is known."""
    if not holes:
        return "Are there any loops?", "It runs everywhere. <bookmark mark='dry'/>No dry spot, so there is no loop."
    where = "inside the ring" if holes == 1 else "inside the rings"
    spots = capitalised(count_in_words(holes, "dry spot"))
    return (
        "Is there really a loop?" if holes == 1 else "Are there really loops?",
        f"It runs everywhere except {where}. <bookmark mark='dry'/>{spots}: {count_in_words(holes, 'loop')}.",
    )


def _what_is_left(parts: Parts) -> str:
    """What there is besides the loops."""
    loops, lines = parts.count("loop"), parts.count("line")
    if not loops:
        return "But there is a line." if lines == 1 else f"But there are {count_in_words(lines, 'line')}."
    if not lines:
        return "And nothing is left over."
    return "What's left over is a line." if lines == 1 else f"What's left over are {count_in_words(lines, 'line')}."
