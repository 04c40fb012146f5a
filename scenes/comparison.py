"""Two networks side by side: their weights, how well they read, and the pictures that they disagree on."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from manim import DOWN, UP, Create, FadeIn, FadeOut, Group, LaggedStart, Line, Transform, VGroup
from numpy.typing import NDArray

from network import Network
from network.analysis.comparison import Comparison, compare, only_right
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.forward_pass import GrowConnections
from scenes.kit.layout import STAGE_BOTTOM, network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, as_read
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.language import _, _n, left_to_right, listed, together
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number, percent

# The left and right edges of the two halves of the stage.
_HALVES = (-6.6, -0.35), (0.35, 6.6)
# The heights of the names and sizes of the networks, and the upper edge of what is below them.
_NAME_Y, _SIZES_Y, _TOP = 3.4, 2.85, 2.45
# How many weight pictures are shown at most; more would be too small to see.
_MOST_PICTURES = 40
# At the end: the foot of the weight pictures, and the heights of the accuracies and of what is below them.
_SMALL_FOOT, _SCORES_Y = 0.95, 0.42
_HEADING_Y, _PICTURES_Y, _ANSWERS_Y = -0.2, -1.15, (-2.1, -2.55)
# How many pictures are shown that only one of the two reads right.
_SHOWN = 4


class TwoNetworks(LessonScene):
    """Two networks side by side: weights, weight pictures, accuracy, and the pictures they answer differently.

    The second one is the first of its context's `compared`.
    """

    def construct(self) -> None:
        self.two_networks()
        self.weight_pictures()
        self.how_well()
        self.where_they_part()
        self.end()

    def alternative_text(self) -> str:
        (one, two), found = self.names, self.found
        right, other_right = (percent(share, 2) for share in found.accuracies)
        return _(
            "Two networks side by side, {one} ({sizes}) and {two} ({other_sizes}), with the weight pictures of their "
            "first layers. They read {right} and {other_right} of the test pictures right and agree on {same}; some of "
            "the others are shown with both answers.",
            one=one,
            sizes=_sizes(self.network),
            two=two,
            other_sizes=_sizes(self.other.network),
            right=right,
            other_right=other_right,
            same=percent(found.agreement, 2),
        )

    @cached_property
    def names(self) -> tuple[str, str]:
        return names_of(self.context.checkpoint, self.lesson_inputs.compared_file)

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def other(self) -> Checkpoint:
        """The second network. An error says so if it does not fit the data."""
        other = self.lesson_inputs.compared
        other.check_fits(self.test)
        return other

    @property
    def checkpoints(self) -> tuple[Checkpoint, Checkpoint]:
        return self.checkpoint, self.other

    @cached_property
    def found(self) -> Comparison:
        """What both networks make of the test set."""
        return compare(self.network, self.other.network, self.test)

    def two_networks(self) -> None:
        self.next_section(_("Two networks"))
        self.diagrams, self.headings = [], VGroup()
        for checkpoint, name, (left, right) in zip(self.checkpoints, self.names, _HALVES, strict=True):
            layout = network_layout(
                checkpoint.network.sizes, left=left + 0.2, right=right - 0.5, top=_TOP, bottom=STAGE_BOTTOM + 0.3
            )
            diagram = NetworkDiagram(checkpoint.network, layout=layout)
            for connections in diagram.connections:
                connections.show_until(0)
            self.diagrams.append(diagram)
            middle = (left + right) / 2
            heading = Words(name, theme.LABEL_SIZE + 6).move_to((middle, _NAME_Y, 0))
            heading.scale_to_fit_width(min(heading.width, right - left))
            sizes = Words(_sizes(checkpoint.network), theme.NOTE_SIZE, theme.QUIET_TEXT).move_to((middle, _SIZES_Y, 0))
            self.headings.add(heading, sizes)
        between = Line((0, _NAME_Y + 0.2, 0), (0, STAGE_BOTTOM, 0), color=theme.CELL_OUTLINE, stroke_width=2)
        one, two = (c.network.parameter_count for c in self.checkpoints)
        same = _("Two networks for the same pictures, each with {knobs} knobs.", knobs=number(one))
        different = _(
            "Two networks for the same pictures, with {one} and {two} knobs.", one=number(one), two=number(two)
        )
        with self.voiceover(
            same if one == two else different,
            moves=_("Two networks grow side by side, their lines coloured by their weights."),
        ):
            self.play(FadeIn(self.headings), Create(between))
            self.play(*(FadeIn(Group(*diagram.columns, diagram.dots)) for diagram in self.diagrams))
            growing = [GrowConnections(c) for diagram in self.diagrams for c in diagram.connections]
            self.play(LaggedStart(*growing, lag_ratio=0.2))

    def weight_pictures(self) -> None:
        self.next_section(_("Weight pictures"))
        never_seen = self.digits("train").never_lit
        walls, leaving = [], []
        for checkpoint, diagram, half in zip(self.checkpoints, self.diagrams, _HALVES, strict=True):
            walls.append(_wall(checkpoint.network, never_seen, half))
            leaving += [*diagram.connections, *diagram.columns[:1], *diagram.columns[2:], diagram.dots]
        self.walls = walls
        most = max(len(wall) for wall in walls)
        whole = all(len(w) == c.network.layers[0].n_out for w, c in zip(walls, self.checkpoints, strict=True))
        each = _("What each of their first neurons weighs.")
        some = _("What the first {most} of their first neurons weigh.", most=number(most))
        grey = _("Grey: always black in training.") if never_seen.any() else ""
        with self.voiceover(
            together(each if whole else some, grey),
            moves=_("The neurons of both first layers open into pictures of their weights."),
        ):
            self.play(*(FadeOut(Group(*thing) if isinstance(thing, list) else thing) for thing in leaving))
            moves = []
            for wall, diagram in zip(walls, self.diagrams, strict=True):
                column = diagram.columns[1]
                starts = [_at(picture, column.centres[j], column.radii[j]) for j, picture in enumerate(wall)]
                moves += [Transform(start, picture) for start, picture in zip(starts, wall, strict=True)]
                self.remove(column)
            self.play(LaggedStart(*moves, lag_ratio=0.03), run_time=theme.FLOW)
            self.remove(*(move.mobject for move in moves))
            self.add(*(picture for wall in walls for picture in wall))

    def how_well(self) -> None:
        self.next_section(_("How well they read"))
        total = len(self.test)
        self.scores = VGroup()
        smaller = []
        for which, (wall, half) in enumerate(zip(self.walls, _HALVES, strict=True)):
            score = VGroup(
                Number(100 * self.found.accuracies[which], 2, 84), Words(_("% of the test set"), theme.LABEL_SIZE)
            )
            score[1].next_to(score[0], buff=0.2).align_to(score[0], DOWN)
            as_read(score).move_to((sum(half) / 2, _SCORES_Y, 0))
            self.scores.add(score)
            smaller += [Transform(picture, small) for picture, small in zip(wall, _shrunk(wall, half), strict=True)]
        same = round(self.found.agreement * total)
        with self.voiceover(
            _n(
                "On {total} test pictures they agree {n} time.",
                "On {total} test pictures they agree {n} times.",
                same,
                total=number(total),
            ),
            moves=_("The weight pictures make room for the share of test pictures that each network reads right."),
        ):
            self.play(*smaller)
            self.play(*(FadeIn(score, shift=0.2 * UP) for score in self.scores))

    def where_they_part(self) -> None:
        self.next_section(_("Where they part"))
        one, two = self.found.only_right
        if not one + two:
            with self.voiceover(_("Neither is right anywhere where the other is wrong.")):
                return
        cards = [card for which in (0, 1) for card in self.cards(which)]
        with self.voiceover(
            _(
                "Right where the other is wrong: {one} and {two} times; {neither} times neither.",
                one=number(one),
                two=number(two),
                neither=number(self.found.both_wrong),
            )
            if self.found.both_wrong
            else _("Right where the other is wrong: {one} and {two} times.", one=number(one), two=number(two)),
            moves=_(
                "Beneath each network stand pictures that it alone reads right: its answer in yellow, the other "
                "network's in red."
            ),
        ):
            self.play(LaggedStart(*(FadeIn(card, shift=0.2 * UP) for card in cards), lag_ratio=0.12))

    def cards(self, which: int) -> list[Group]:
        """Pictures that only this network, 0 or 1, reads right, each with its answer and that of the other network."""
        names = self.test.class_names
        left, right = _HALVES[which]
        step = (right - left) / _SHOWN
        alone = only_right(self.found, which)
        chosen = alone[:_SHOWN]
        said = _("right where the other is wrong: {amount}", amount=number(len(alone)))
        cards = [Group(Words(said, theme.NOTE_SIZE, theme.QUIET_TEXT).move_to(((left + right) / 2, _HEADING_Y, 0)))]
        first = (left + right) / 2 - (len(chosen) - 1) / 2 * step
        for place, index in enumerate(chosen):
            x = first + place * step
            answers = VGroup()
            for asked, y, colour in zip((which, 1 - which), _ANSWERS_Y, (theme.ANSWER, theme.WRONG), strict=True):
                words = names[self.found.answers[asked, index]]
                answer = Words(
                    words if asked == which else _("not {answer}", answer=words),
                    theme.NOTE_SIZE,
                    colour,
                    width=0.96 * step,
                )
                answers.add(answer.move_to((x, y, 0)))
            cards.append(Group(PixelGrid(self.test.images[index], 1.3, (x, _PICTURES_Y)), answers))
        return cards


def names_of(one: Path, other: Path) -> tuple[str, str]:
    """What to call two files: their names, with their folders if the names are the same."""
    if one.stem != other.stem:
        return one.stem, other.stem
    return f"{one.resolve().parent.name}/{one.stem}", f"{other.resolve().parent.name}/{other.stem}"


def _sizes(network: Network) -> str:
    """The sizes and activation functions of a network: "784 → 16 → 10, sigmoid"."""
    kinds = "/".join(dict.fromkeys(network.activations))
    return listed([left_to_right(" → ".join(str(size) for size in network.sizes)), kinds])


def _wall(network: Network, never_seen: NDArray[np.bool_], half: tuple[float, float]) -> list[WeightHeatmap]:
    weights = network.layers[0].weights[:_MOST_PICTURES]
    limit = full_colour(weights[:, ~never_seen])
    pictures = [WeightHeatmap(row, limit, never_seen, 1.0) for row in weights]
    return _placed(pictures, half, _TOP, STAGE_BOTTOM)


def _placed(pictures: list[WeightHeatmap], half: tuple[float, float], top: float, bottom: float) -> list[WeightHeatmap]:
    """The pictures in rows within half of the stage, as large as there is room for."""
    width, height, n = half[1] - half[0], top - bottom, len(pictures)
    columns = max(range(1, n + 1), key=lambda c: min(width / c, height / -(-n // c)))
    rows = -(-n // columns)
    step = min(width / columns, height / rows)
    for j, picture in enumerate(pictures):
        x = sum(half) / 2 + (j % columns - (columns - 1) / 2) * step
        y = (top + bottom) / 2 + ((rows - 1) / 2 - j // columns) * step
        picture.scale(0.9 * step / picture.width).move_to((x, y, 0))
    return pictures


def _shrunk(wall: list[WeightHeatmap], half: tuple[float, float]) -> list[WeightHeatmap]:
    return _placed([picture.copy() for picture in wall], half, _TOP, _SMALL_FOOT)


def _at(picture: WeightHeatmap, centre: NDArray[np.float64], radius: float) -> WeightHeatmap:
    """A copy of a weight picture as large as a neuron, in its place."""
    return picture.copy().scale(2 * radius / picture.width).move_to(centre)
