"""Sure of noise: how sure the network is that it sees something in pictures of nothing."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Transform,
    VGroup,
)

from network import ForwardPass
from network.analysis.noise import SURE, Sureness, noise_to_show, sureness
from network.digits import Digits
from network.evaluation import evaluate
from network.network import Array
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.forward_pass import PropagateActivations, ShowContributions
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_MIDDLE, STAGE_TOP, large_picture_layout
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, as_read
from scenes.language import _, together
from scenes.part_11_reality.noise_among_pictures import NOISE_SEED, NoiseAmongPictures
from scenes.part_11_reality.surest_mistakes import surest_in_rows
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import class_in_words, is_digit, number, percent

# The picture of noise, large.
_LARGE = 6.3
# The fields of squares: how far their middles lie from that of the stage, their width, height and top.
_FIELD_ASIDE, _FIELD_WIDTH, _FIELD_HEIGHT, _FIELD_TOP = 3.45, 6.3, 3.9375, STAGE_TOP - 0.85
# The light of the squares that do not turn yellow when others do.
_UNSURE = 0.5
# The type above the fields and beneath them.
_HEADINGS, _SHARES = 56, 96
# How far to the right outputs stand where their names are short, and the room beyond the widest name.
_OUTPUTS_RIGHT, _BEYOND_NAMES = 4.9, 1.6
# The type of the outputs.
_OUTPUTS = 44


class SureOfNoise(LessonScene):
    """Pictures of nothing go through the network: its real answers, and how often it is sure of them."""

    def construct(self) -> None:
        names = self.test.class_names
        # Outputs stand as far to the left as their names and values need room.
        widest = max(Words(name, theme.LABEL_SIZE).width for name in names)
        right = min(_OUTPUTS_RIGHT, FRAME_WIDTH / 2 - SAFE_MARGIN - widest - _BEYOND_NAMES)
        self.diagram = NetworkDiagram(self.network, names, large_picture_layout(self.network.sizes, right))
        for connections in self.diagram.connections:
            connections.set_values(np.zeros(connections.shape))

        self.noise_in()
        self.an_answer_out()
        self.how_often()
        self.only_digits()
        self.end()

    def alternative_text(self) -> str:
        outputs = self.judged.outputs[self.judged.surest]
        sure = int((self.judged.greatest > SURE).sum())
        return together(
            _(
                "A picture of noise goes through the network, which answers {answer} with an output of {output}.",
                answer=self.test.class_names[outputs.argmax()],
                output=number(outputs.max(), 2),
            ),
            _(
                "Of {pictures} such pictures, {sure} get more than {threshold} from some output; of the test pictures, "
                "{share} do.",
                pictures=number(len(self.noise)),
                sure=number(sure),
                threshold=number(SURE, 1),
                share=percent(self.share_of_real),
            ),
            _("In the end the noise stands alone among pictures from the training."),
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def noise(self) -> Array:
        return noise_to_show(self.test, np.random.default_rng(NOISE_SEED))

    @cached_property
    def judged(self) -> Sureness:
        """What the network makes of the noise."""
        return sureness(self.network, self.noise)

    @cached_property
    def judged_real(self) -> Sureness:
        """What it makes of the test pictures."""
        return sureness(self.network, self.test.images)

    @property
    def share_of_real(self) -> float:
        """The share of the test pictures for which an output is above `SURE`."""
        return self.judged_real.share

    @cached_property
    def surest(self) -> Array:
        """The picture of noise, (side, side), that the network is surest of."""
        picture: Array = self.noise[self.judged.surest]
        return picture

    @cached_property
    def forward(self) -> ForwardPass:
        """The network on that picture."""
        return self.network.forward(self.surest)

    def noise_in(self) -> None:
        self.next_section(_("Noise in"))
        large = PixelGrid(self.surest, _LARGE, (0, STAGE_MIDDLE))
        first = self.diagram.columns[0].show(self.forward.input)
        with self.voiceover(
            _("Now something mean: pure noise. <bookmark mark='ask'/> What do you think it will say?"),
            moves=_(
                "The mistakes fade. Square by square, a picture of grey noise fills the stage. It goes to the left, "
                "where a digit should be, and the dark neurons of the network appear."
            ),
        ) as tracker:
            self.add(before := self.mistakes_before())
            self.play(FadeOut(before), run_time=theme.QUICK)
            self.play(OneByOne(large), run_time=max(tracker.time_until_bookmark("ask"), theme.FLOW))
            # It is not moved: squares of noise that slide over each other would flicker.
            self.play(
                FadeOut(large),
                FadeIn(first, *self.diagram.columns[1:], self.diagram.dots, self.diagram.labels),
                run_time=theme.STEP,
            )

    def mistakes_before(self) -> Group:
        """The surest mistakes, as the scene before leaves them."""
        found = evaluate(self.network, self.test)
        return surest_in_rows(self.network, self.test, found) if len(found.mistakes) else Group()

    def an_answer_out(self) -> None:
        self.next_section(_("An answer out"))
        diagram, forward = self.diagram, self.forward
        outputs = diagram.columns[-1]
        edge = diagram.labels.get_right()[0] + 0.3
        values = VGroup(*(Number(value, 2, _OUTPUTS) for value in forward.output))
        for value, centre, shown in zip(values, outputs.centres, outputs.layout.shown, strict=True):
            value.move_to((edge, centre[1], 0), aligned_edge=LEFT).set_opacity(float(shown))
        self.ring = diagram.winner_mark(forward)
        self.values = values
        value = float(forward.output.max())
        # The viewer was asked, and may think while it runs.
        for layer, connections in enumerate(diagram.connections):
            self.add(connections)
            self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
            self.play(
                PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                run_time=theme.QUICK,
            )
        with self.voiceover(
            answer_told(self.test.class_names[forward.answer], value),
            moves=_(
                "Connections have lit up, and pulses have run through the layers; a ring marks the brightest output."
            ),
        ):
            marked = (diagram.labels[forward.answer], values[forward.answer])
            self.play(FadeIn(values), Create(self.ring))
            self.play(*(part.animate.set_fill(theme.ANSWER) for part in marked), run_time=theme.QUICK)

    def how_often(self) -> None:
        self.next_section(_("How often"))
        diagram = self.diagram
        rest = Group(*diagram.connections, *diagram.columns[1:], diagram.dots, diagram.labels, self.values, self.ring)
        greatest = (self.judged.greatest, self.judged_real.greatest)
        self.fields = [field_of_outputs(values, x) for values, x in zip(greatest, (-1, 1), strict=True)]
        self.marked = [mark_the_sure(field, values) for field, values in zip(self.fields, greatest, strict=True)]
        sure, of = int((self.judged.greatest > SURE).sum()), len(self.noise)
        below = min(field.get_bottom()[1] for field in self.fields)
        self.shares = VGroup(
            *(
                share_above(share).next_to(field, DOWN, buff=0.3).set_y(below - 0.3, direction=UP)
                for share, field in zip((sure / of, self.share_of_real), self.fields, strict=True)
            )
        )
        headings = VGroup(
            *(
                Words(text, _HEADINGS).next_to(field, UP, buff=0.25)
                for text, field in zip((_("noise"), _("real pictures")), self.fields, strict=True)
            )
        )
        noise, digits = self.fields
        own = noise.item(self.judged.surest)
        with self.voiceover(
            together(_("That's the worst of {n} tries.", n=number(of)), how_often_told(sure, of, self.share_of_real)),
            moves=_(
                "The noise shrinks into one of many squares, one for each picture of noise, as bright as its brightest "
                "output; those with an output above the threshold turn yellow, and the others dim. To the right the "
                "same is done for test pictures."
            ),
        ) as tracker:
            self.play(
                FadeOut(rest, run_time=theme.QUICK),
                FadeOut(diagram.columns[0], target_position=own.get_center(), scale=0.05),
                FadeIn(headings[0]),
                OneByOne(noise, run_time=max(tracker.time_until_bookmark("sure"), 2 * theme.STEP)),
                run_time=0.8,
            )
            self.play(Transform(noise, self.marked[0].copy()), FadeIn(self.shares[0], scale=1.3))
            first = OneByOne(digits, run_time=max(tracker.time_until_bookmark("real"), theme.STEP))
            self.play(FadeIn(headings[1]), first)
            self.play(Transform(digits, self.marked[1].copy()), FadeIn(self.shares[1], scale=1.3))
        self.headings = headings

    def only_digits(self) -> None:
        self.next_section(_("Only digits"))
        noise, digits = self.fields
        among = NoiseAmongPictures(self.surest, self.digits("train"))
        with self.voiceover(
            never_shown(float(self.forward.output.max()), all(map(is_digit, self.test.class_names))),
            moves=_(
                "The noise stands in the middle of the stage, in a yellow frame, and all around it pictures from the "
                "training appear."
            ),
        ) as tracker:
            self.wait_until_bookmark("met")
            rest = Group(noise, digits, self.headings, self.shares)
            self.play(FadeOut(rest), FadeIn(among.picture), run_time=theme.QUICK)
            self.play(OneByOne(among.wall), run_time=max(tracker.time_until_bookmark("nothing"), theme.FLOW))
            self.play(Create(among.frame))
            self.play(Transform(among.wall, among.dimmed()), run_time=theme.STEP)


def answer_told(name: str, output: float) -> str:
    """What the network says about the noise, by the output for its answer."""
    said = class_in_words(name)
    if output > SURE:
        return _("{answer:^}! Nearly as brightly as it can.", answer=said)
    if output > 0.5:
        return _("{answer:^}, and rather brightly.", answer=said)
    return _("{answer:^}, if anything; but not brightly at all.", answer=said)


def how_often_told(sure: int, of: int, real: float) -> str:
    """How many of these pictures of noise have an output above `SURE`: the share, unless it is next to nothing.

    real: the share of the real test pictures that have such an output.
    """
    noise, others = percent(sure / of, 0), percent(real, 0)
    if sure == 0:
        if not real:
            return _(
                "<bookmark mark='sure'/> It's quite sure of none of them; <bookmark mark='real'/> nor is it of any "
                "real test picture."
            )
        return _(
            "<bookmark mark='sure'/> It's quite sure of none of them; <bookmark mark='real'/> of real test pictures, "
            "{real}.",
            real=others,
        )
    if sure <= of / 100:
        if not real:
            return _(
                "<bookmark mark='sure'/> It's quite sure of very few of them; <bookmark mark='real'/> nor is it of any "
                "real test picture."
            )
        return _(
            "<bookmark mark='sure'/> It's quite sure of very few of them; <bookmark mark='real'/> of real test "
            "pictures, {real}.",
            real=others,
        )
    if not real:
        return _(
            "<bookmark mark='sure'/> It's quite sure of {share} of them; <bookmark mark='real'/> nor is it of any real "
            "test picture.",
            share=noise,
        )
    return _(
        "<bookmark mark='sure'/> It's quite sure of {share} of them; <bookmark mark='real'/> of real test pictures, "
        "{real}.",
        share=noise,
        real=others,
    )


def never_shown(output: float, digits: bool) -> str:
    """Why it answers noise as it does, with this output at most; digits: whether it only ever met digits."""
    if output > 0.5:
        return together(
            _("Why? It <bookmark mark='met'/> only ever met digits.")
            if digits
            else _("Why? It <bookmark mark='met'/> only ever met pictures like these."),
            _("<bookmark mark='nothing'/> Nobody showed it what nothing looks like."),
        )
    return together(
        _("So it does stay rather dark."),
        _(
            "But that's luck: it <bookmark mark='met'/> only ever met digits, and <bookmark mark='nothing'/> nobody "
            "showed it what nothing looks like."
        )
        if digits
        else _(
            "But that's luck: it <bookmark mark='met'/> only ever met pictures like these, and "
            "<bookmark mark='nothing'/> nobody showed it what nothing looks like."
        ),
    )


def share_above(share: float) -> VGroup:
    """A share, large, and the threshold that is meant: the output is above it."""
    large = Words(percent(share, 0), _SHARES, theme.ANSWER)
    above = Words(_("above {value}", value=number(SURE, 1)), _HEADINGS, theme.ANSWER)
    return as_read(VGroup(large, above).arrange(RIGHT, buff=0.4, aligned_edge=DOWN))


def field_of_outputs(outputs: Array, aside: float) -> Cells:
    """A square for each picture, row by row, as bright as its greatest output, (n,). They fill the same room.

    aside: −1 for the left half of the stage, 1 for the right.
    """
    columns = math.ceil((len(outputs) * _FIELD_WIDTH / _FIELD_HEIGHT) ** 0.5)
    step = _FIELD_WIDTH / columns
    row, column = np.divmod(np.arange(len(outputs)), columns)
    left = aside * _FIELD_ASIDE - _FIELD_WIDTH / 2
    centres = np.stack([left + (column + 0.5) * step, _FIELD_TOP - (row + 0.5) * step], axis=1)
    return Cells(centres, 0.84 * step, stroke_width=4 * step).set_brightness(outputs, theme.NEUTRAL)


def mark_the_sure(field: Cells, outputs: Array) -> Cells:
    """A copy of a field in which the squares with an output, (n,), above `SURE` are yellow, and the others dimmed."""
    marked = field.copy()
    marked.colours[outputs > SURE] = rgb(theme.ANSWER)
    marked.opacities = np.where(outputs > SURE, 1.0, _UNSURE).astype(np.float32)
    return marked
