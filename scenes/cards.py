"""The cards of the film: its title, one before each part, and its sources at the end.

They are not scenes of the lesson, but they are rendered and cached in the same way; `scenes.syllabus` says where they
come in the film.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from manim import (
    DOWN,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Mobject,
    VGroup,
)

from network import Network
from network.analysis.examples import pictures_of_number
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.appearing import LightUp
from scenes.kit.layout import CAPTION_HEIGHT, CAPTION_Y, FRAME_WIDTH, SAFE_MARGIN, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words, line_start, words_that_fit
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.language import _, _c, clauses, left_to_right, together
from scenes.licence import CODE_LICENCE, MNIST, MNIST_LICENCE, data_name, in_credits, mnist_makers, shown_name, told_by
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.table_rows import room_beside
from scenes.syllabus import FILM_NAME, SYLLABUS, film_subtitle, part_numbered
from scenes.voice.phrasing import lines as broken_in_two
from scenes.wording import date_in_words, number, percent, shortened

# Sizes of type, in pixels an em of a frame 1080 pixels high.
_NAME_SIZE, _SUBTITLE_SIZE, _FACTS_SIZE = 170, 60, 40
_PART_SIZE = 92
_CREDITS_SIZE, _CREDITS_STEP = 42, 0.6
# The width of a picture that stands for a digit, and the size of the digit if it is typeset.
_NUMERAL_EXTENT, _NUMERAL_SIZE = 2.9, 330
# The most room for a line of words.
_WIDEST = FRAME_WIDTH - 2 * SAFE_MARGIN - 1
# Heights on the title card, and on a part's card.
_NAME_Y, _WALL_Y, _FACTS_Y = 2.75, -0.8, -2.78
_NUMERAL_Y, _PART_TITLE_Y = 0.85, -2.0
# The weight pictures on the title card: the room for all of them, and how many are shown at most.
_WALL_WIDTH, _WALL_HEIGHT, _MOST_ROWS, _MOST_PICTURES = 12.9, 3.15, 4, 64


class TitleCard(LessonScene):
    """The name of the film over the weight pictures of the first layer, and the network in figures."""

    def construct(self) -> None:
        self.next_section(_("Title"))
        name = Words(FILM_NAME, _NAME_SIZE).move_to((0, _NAME_Y, 0))
        subtitle = Words(self.subtitle, _SUBTITLE_SIZE, width=_WIDEST).next_to(name, DOWN, buff=0.32)
        wall = self.wall().move_to((0, _WALL_Y, 0))
        facts = Words(self.facts, _FACTS_SIZE, theme.QUIET_TEXT, width=_WIDEST).move_to((0, _FACTS_Y, 0))
        self.play(
            LaggedStart(*(FadeIn(picture) for picture in wall), lag_ratio=0.12, run_time=1.6 * theme.STEP),
            FadeIn(name, run_time=theme.STEP),
            FadeIn(subtitle, run_time=theme.STEP),
            FadeIn(facts, run_time=theme.STEP),
        )
        self.wait(2.2)
        leave(self, Group(name, subtitle, wall, facts))

    def wall(self) -> Group:
        """The weight pictures of the first layer; or, where there are no pictures, the network with all its weights."""
        return network_wall(self.network, self.digits()) if self.takes_numbers else weight_wall(self.network)

    def alternative_text(self) -> str:
        if self.takes_numbers:
            return _(
                "The title: {film}, {subtitle}. Below it stands the network, with its weights as lines, and its "
                "figures: {facts}.",
                film=FILM_NAME,
                subtitle=self.subtitle,
                facts=self.facts,
            )
        return _(
            "The title: {film}, {subtitle}. Below it stand weight pictures of the network's first layer, and its "
            "figures: {facts}.",
            film=FILM_NAME,
            subtitle=self.subtitle,
            facts=self.facts,
        )

    @cached_property
    def subtitle(self) -> str:
        return _(film_subtitle(self.checkpoint.metadata.class_names, self.takes_numbers))

    @cached_property
    def facts(self) -> str:
        return figures(self.network, self.digits())


class PartCard(LessonScene):
    """The number of a part and its title; the number is written in test pictures, if these are of digits."""

    number: ClassVar[int]

    def construct(self) -> None:
        self.next_section(_("Title"))
        part = part_numbered(self.number)
        name = _(part.title)
        title = words_that_fit(name, _WIDEST, _PART_SIZE).move_to((0, _PART_TITLE_Y, 0))
        numeral = self.numeral().move_to((0, _NUMERAL_Y, 0))
        coming = [LightUp(cells) if isinstance(cells, PixelGrid) else FadeIn(cells) for cells in numeral.submobjects]
        self.play(*coming, FadeIn(title, shift=0.15 * UP, run_time=0.8 * theme.STEP))
        self.wait(1.0)
        leave(self, Group(numeral, title))

    def numeral(self) -> Group:
        """The digits of the part's number side by side, as pictures, or set in type if there are no such pictures."""
        digits = self.digits()
        written = str(self.number)
        if digits.inputs:
            return Group(Words(written, _NUMERAL_SIZE))
        try:
            chosen = pictures_of_number(written, digits)
        except LookupError:
            return Group(Words(written, _NUMERAL_SIZE))
        pictures = [PixelGrid(digits.images[index], _NUMERAL_EXTENT) for index in chosen]
        return Group(*pictures).arrange(RIGHT, buff=0.25)

    def alternative_text(self) -> str:
        return _("Part {number}: {title}.", number=self.number, title=_(part_numbered(self.number).title))


def _card_of_part(number: int) -> type[PartCard]:
    return type(f"PartCard{number}", (PartCard,), {"number": number, "__doc__": f"The card of part {number}."})


# Each part's card has a name of its own here, since manim and the clip cache find scenes by their names in a module.
(
    PartCard1,
    PartCard2,
    PartCard3,
    PartCard4,
    PartCard5,
    PartCard6,
    PartCard7,
    PartCard8,
    PartCard9,
    PartCard10,
    PartCard11,
    PartCard12,
) = map(_card_of_part, range(1, 13))


class EndCard(LessonScene):
    """Where the network, the data and the film come from."""

    def construct(self) -> None:
        self.next_section(_("Sources"))
        blocks = VGroup(*(self.block(heading, lines) for heading, *lines in self.sources))
        blocks.arrange(DOWN, buff=0.62, aligned_edge=line_start()).move_to((0, 0, 0))
        blocks.shift(max(CAPTION_Y + CAPTION_HEIGHT / 2 - blocks.get_bottom()[1], 0.0) * UP)
        self.play(LaggedStart(*(FadeIn(block, shift=0.1 * UP) for block in blocks), lag_ratio=0.25))
        self.wait(4.5)
        leave(self, Group(blocks))

    def block(self, heading: str, lines: list[str]) -> VGroup:
        rows, above = VGroup(Words(heading, theme.LABEL_SIZE, theme.QUIET_TEXT)), 0
        for line in lines:
            if Words(line, theme.SMALLEST_SIZE).width > _WIDEST:
                line = "\n".join(broken_in_two(line))
            rows.add(Words(line, _CREDITS_SIZE))
        for row in rows:
            if row.width > _WIDEST:
                row.scale_to_fit_width(_WIDEST)
            # By their upper edges, since all lines have tall letters, but not all have descenders.
            row.move_to((0, -_CREDITS_STEP * above, 0), aligned_edge=UP + line_start())
            above += 1 + row.shown.count("\n")
        return rows

    @cached_property
    def sources(self) -> list[tuple[str, ...]]:
        """What is credited, in blocks: a heading and its lines."""
        metadata, fingerprint = self.checkpoint.metadata, self.checkpoint.fingerprint[:12]
        trained = _(
            "trained on {data}, {date}; its fingerprint is {fingerprint}",
            data=shown_name(metadata.data_name),
            date=date_in_words(metadata.date),
            fingerprint=fingerprint,
        )
        drawn = _(
            "drawn by Knobs from what this network computed; the code is under the {licence} licence",
            licence=CODE_LICENCE,
        )
        voices = self.lesson_inputs.voices([scene.name for part in SYLLABUS for scene in part.scenes])
        data, told = data_name(metadata, self.lesson_inputs), told_by(voices)
        return [
            (_("The network"), figures(self.network, self.digits()), trained),
            (_("The numbers it takes") if self.digits().inputs else _("The pictures it reads"), *data_credit(data)),
            (_("The film"), drawn, *([told] if told else []), in_credits(data, voices)),
        ]

    def alternative_text(self) -> str:
        return together(
            *(
                _c("a heading and what is under it", "{heading}: {clauses}.", heading=heading, clauses=clauses(lines))
                for heading, *lines in self.sources
            )
        )


def leave(scene: LessonScene, everything: Mobject) -> None:
    """Fade everything out, so that the next scene begins from black."""
    scene.play(FadeOut(everything, run_time=theme.QUICK))


def figures(network: Network, digits: Digits) -> str:
    """The network in one line: its sizes, its parameters, and the share of the test set that it reads right."""
    sizes = left_to_right("-".join(str(size) for size in network.sizes))
    knobs, share = number(network.parameter_count), percent(evaluate(network, digits).accuracy, 2)
    if digits.inputs:
        return _("{sizes}  ·  {knobs} knobs  ·  {share} of the test rows right", sizes=sizes, knobs=knobs, share=share)
    if film_subtitle(digits.class_names) == film_subtitle(("0",)):
        return _(
            "{sizes}  ·  {knobs} knobs  ·  {share} of the test digits read right", sizes=sizes, knobs=knobs, share=share
        )
    return _(
        "{sizes}  ·  {knobs} knobs  ·  {share} of the test pictures read right", sizes=sizes, knobs=knobs, share=share
    )


def weight_wall(network: Network) -> Group:
    """The weight pictures of the first layer, each on its own scale, in as many rows as make them largest."""
    weights = network.layers[0].weights[:_MOST_PICTURES]

    def step(rows: int) -> float:
        return min(_WALL_WIDTH / -(-len(weights) // rows), _WALL_HEIGHT / rows)

    rows = max(range(1, _MOST_ROWS + 1), key=step)
    pictures = [WeightHeatmap(row, extent=0.93 * step(rows)) for row in weights]
    return Group(*pictures).arrange_in_grid(rows, -(-len(weights) // rows), buff=0.07 * step(rows))


def network_wall(network: Network, digits: Digits) -> Group:
    """A network that takes the rows of a table, with the names of its inputs and outputs, and all its weights."""
    right, left = _WALL_WIDTH / 2 - 1.5, -_WALL_WIDTH / 2 + room_beside(digits)
    top, bottom = _WALL_Y + _WALL_HEIGHT / 2, _WALL_Y - _WALL_HEIGHT / 2
    layout = network_layout(network.sizes, "column", left, right, top, bottom, most=8, roomy=True)
    names = [shortened(name) for name in digits.inputs]
    diagram = NetworkDiagram(network, digits.class_names, layout, input_names=names).show_weights()
    diagram.remove(diagram.counts)
    return Group(*diagram.wide_lines())


def data_credit(name: str) -> tuple[str, ...]:
    """Who made the pictures that the film shows; of unknown data, only the name."""
    if name == MNIST:
        return (mnist_makers(), _("under the licence {licence}", licence=MNIST_LICENCE))
    return (_("the data set {name}, which belongs to those who made it", name=name),)
