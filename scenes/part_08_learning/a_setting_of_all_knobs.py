"""ASettingOfAllKnobs: one neuron is set by hand, and nothing changes; luck does little better; training found it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Square,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import ForwardPass, Network
from network.analysis.detectors import bar_detector
from network.analysis.examples import one_of_each
from network.analysis.knobs import spreads
from network.analysis.setting_by_hand import SetByHand, set_by_hand
from network.analysis.trials import Trials, try_settings
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.animations.dials import TrySettings
from scenes.kit.colour import rgb
from scenes.kit.layout import (
    FRAME_WIDTH,
    SAFE_MARGIN,
    STAGE_MIDDLE,
    STAGE_TOP,
    field,
    network_layout,
)
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.swarm import Swarm
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.language import _, _n, together
from scenes.part_08_learning.training_run_scene import TrainingRunScene
from scenes.wording import amount, class_in_words, in_words, number, percent

# How many settings are tried at random.
_TRIES = 100
# Seed of the random settings.
_SEED = 8
# A hand is turned all the way at this many standard deviations of the weights or biases of its layer.
_FULL_TURN = 2.5
# The field of dials: its left edge, width and height; and the middle of what stands to its right.
_FIELD_LEFT, _FIELD_WIDTH, _FIELD_HEIGHT = -6.65, 7.6, 6.1
_ASIDE_X = 4.15
# How many dials stand side by side in it at first.
_AT_FIRST = 4
# Where the scene before leaves the number of knobs: the middle of its right edge.
_COUNTED = (FRAME_WIDTH / 2 - SAFE_MARGIN - 0.1, -1.21, 0)
# The network that is set by hand takes the stage up to here, its labels included; the detector and the score stand in
# the middle of what is left.
_NETWORK_LEFT, _NETWORK_RIGHT, _LABELS_RIGHT, _SCORE_X = -6.6, 2.0, 2.55, 4.75
_DETECTOR, _SCORE_SIZE = 2.5, 64
# How much light all other connections keep when one neuron is set by hand.
_REST = 0.3
# How many pictures are shown to the network that was set by hand, and how long each of them is at least.
_LOOKS, _A_LOOK = 5, 0.75
# A score that rises by more than this, as a share, did so because something behind the neuron makes use of it.
_LUCK = 0.02


class ASettingOfAllKnobs(TrainingRunScene):
    """Learning is finding a setting of all the knobs: hopeless by hand and by luck, and yet there is one that works."""

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def trials(self) -> Trials:
        """The settings tried at random."""
        return try_settings(self.network, self.test, _TRIES, np.random.default_rng(_SEED))

    @cached_property
    def untrained(self) -> Network:
        """The random network that training began from; where no run was recorded, another random one."""
        return self.start if self.recorded else self.trials.settings[0]

    @cached_property
    def by_hand(self) -> SetByHand:
        """What it does to the untrained network to copy the edge detector into its first neuron."""
        return set_by_hand(self.untrained, self.test)

    def construct(self) -> None:
        self.field = self.field_of_dials()
        self.axes = Axes((-1, 1), (0, 100), "", _("test pictures read right, %"), 4.3, 4.9, x_ticks=())
        self.axes.move_to((4.2, STAGE_MIDDLE + 0.1, 0))
        self.axes.y_label.set_fill(theme.TEXT)

        self.all_knobs()
        self.one_neuron_by_hand()
        self.the_score()
        self.at_random()
        self.the_setting_found()
        self.end()

    def alternative_text(self) -> str:
        trials, hand = self.trials, self.by_hand
        before, after = percent(hand.before, 2), percent(hand.after, 2)
        return together(
            _n(
                "A field of {n} small dial, one for each knob.",
                "A field of {n} small dials, one for each knob.",
                self.network.parameter_count,
            ),
            _(
                "With the edge detector copied into one neuron of a random network, the share of test pictures read "
                "right goes from {before} to {after}; {changed} of {answers} answers have changed.",
                before=before,
                after=after,
                changed=number(hand.answers_changed),
                answers=amount(len(self.test)),
            )
            if hand.only_answer is None
            else _(
                "With the edge detector copied into one neuron of a random network, the share of test pictures read "
                "right goes from {before} to {after}; before and after, it answers {answer} to every picture.",
                before=before,
                after=after,
                answer=self.test.class_names[hand.only_answer],
            ),
            _(
                "{tries} settings at random read between {least} and {most} right; the setting that training found "
                "reads {found}.",
                tries=number(_TRIES),
                least=percent(trials.accuracies.min()),
                most=percent(trials.accuracies.max()),
                found=percent(trials.found, 2),
            ),
        )

    def all_knobs(self) -> None:
        self.next_section(_("All knobs"))
        whole = self.as_it_was_counted()
        total = Number(self.network.parameter_count, size=100)
        name = Words(_("knobs"), theme.CAPTION_SIZE)
        counted = VGroup(total, name).arrange(DOWN, buff=0.25)
        place = counted.copy().scale(1.3).move_to((_ASIDE_X, STAGE_MIDDLE, 0))
        name.align_to(total.move_to(_COUNTED, aligned_edge=RIGHT), RIGHT).next_to(total, DOWN, buff=0.25, coor_mask=UP)
        self.add(whole, counted)
        back = PullBack(self.field, run_time=4 * theme.STEP)
        with self.voiceover(
            _n(
                "So learning means this: <bookmark mark='turn'/> finding a setting of {n} knob that makes the network "
                "do its job.",
                "So learning means this: <bookmark mark='turn'/> finding a setting of {n} knobs that makes the network "
                "do its job.",
                self.network.parameter_count,
            ),
            moves=_(
                "A few large dials take the place of the network. They turn left and right, and shrink, and more and "
                "more of them come, until there is one for every knob."
            ),
        ) as tracker:
            back.show(0)
            self.play(FadeOut(whole), FadeIn(self.field), Transform(counted, place), run_time=theme.STEP)
            settings = np.stack([self.turns_of(setting) for setting in self.trials.settings[:7]])
            turning = TrySettings(self.field, Cells(np.zeros((7, 3)), 0.01, 0, opacities=0.0), settings)
            time = max(tracker.get_remaining_duration(), 4 * theme.STEP)
            self.play(turning, back, run_time=time)
        self.leaving = Group(self.field, counted)

    def as_it_was_counted(self) -> Group:
        """The network as the scene before leaves it, whose knobs were counted."""
        layout = network_layout(self.network.sizes, left=_NETWORK_LEFT, right=2.5)
        network = NetworkDiagram(self.network, layout=layout)
        network.columns[0].show(self.test.vectors[self.hero])
        for neurons in network.columns[1:]:
            neurons.stand_out()
        for connections in network.connections:
            connections.contrast = 0.4
            connections.width_of_lines = float(np.clip(90 / len(connections) ** 0.5, 0.9, 2.2))
        return Group(*network.connections, *network.columns, network.dots)

    def one_neuron_by_hand(self) -> None:
        self.next_section(_("One neuron by hand"))
        start = self.untrained
        self.diagram = diagram = self.small_diagram(start)
        forward = start.forward(self.test.images[self.hero])
        diagram.show_weights().show_activations(forward)
        detector = bar_detector(self.test.side, surround=True).weights[0]
        picture = WeightHeatmap(detector, 1.0, extent=_DETECTOR, centre=(_SCORE_X, STAGE_TOP - _DETECTOR / 2))
        frame = Square(_DETECTOR + 0.06, color=theme.NEURON_OUTLINE, stroke_width=1.5).move_to(picture.get_center())
        frame.move_to((_SCORE_X, STAGE_TOP - _DETECTOR / 2, 0))
        name = Words(_("our edge detector"), theme.LABEL_SIZE).next_to(frame, DOWN, buff=0.25)
        neuron = self.by_hand.neuron
        ring = diagram.ring(1, neuron)
        with self.voiceover(
            _(
                "By hand? Fun for a minute, and then a nightmare. Let's <bookmark mark='copy'/> put our edge detector "
                "into one neuron of a random network."
            ),
            moves=_(
                "The random network reads one digit after another. On the right the weights of the edge detector; "
                "a copy of them flies into one neuron of the first hidden layer, whose connections take their colours."
            ),
        ) as tracker:
            # The network comes before the dials are gone, so that the stage is never empty.
            come = squish_rate_func(smooth, 0.05, 1)
            self.play(
                FadeOut(self.leaving, rate_func=squish_rate_func(smooth, 0, 0.95)),
                *(FadeIn(part, rate_func=come) for part in (*diagram.connections, *diagram.columns, diagram.dots)),
                FadeIn(self.labels, rate_func=come),
                run_time=1.2 * theme.STEP,
            )
            self.mark = self.mark_of(forward)
            self.play(Create(self.mark), self.labels[forward.answer].animate.set_fill(self.mark.color), run_time=0.4)
            looks = int((tracker.time_until_bookmark("copy") - 0.6) / _A_LOOK)
            if looks > 0:
                self.show_pictures(start, self.pictures(looks))
            self.play(FadeIn(picture, frame, name), run_time=0.6)
            self.wait_until_bookmark("copy")
            fan = self.fan_of(detector)
            self.play(
                FadeOut(picture.copy(), target_position=ring, scale=0.08),
                *(connections.animate.set_opacity(_REST) for connections in diagram.connections),
                Create(ring),
                run_time=theme.STEP,
            )
            self.play(FadeIn(fan), Indicate(ring, 1.5, theme.ANSWER))
        self.fan, self.ring, self.detector = fan, ring, Group(picture, frame, name)

    def pictures(self, most: int) -> list[int]:
        """At most so many test pictures of different classes."""
        return [int(index) for index in one_of_each(self.test, min(most, _LOOKS))]

    def mark_of(self, forward: ForwardPass, picture: int | None = None) -> Circle:
        """A ring around the answer to a picture, the film's own by default; a wrong one has its own colour."""
        picture = self.hero if picture is None else picture
        return self.diagram.winner_mark(forward, int(self.test.labels[picture]))

    def the_score(self) -> None:
        self.next_section(_("The score"))
        hand, diagram = self.by_hand, self.diagram
        rows = VGroup()
        for words, share in ((_("before"), hand.before), (_("after"), hand.after)):
            label = Words(words, theme.CAPTION_SIZE)
            shown = Number(100 * share, 2, _SCORE_SIZE)
            rows.add(VGroup(label, VGroup(shown, Words("%", theme.CAPTION_SIZE)).arrange(RIGHT, buff=0.15)))
        for row, y in zip(rows, (-0.75, -1.85), strict=True):
            row[0].move_to((_SCORE_X - 1.85, y, 0), LEFT)
            row[1].move_to((_SCORE_X + 1.95, y, 0), RIGHT)
        with self.voiceover(
            together(score_told(hand), self.what_it_does()),
            moves=_(
                "Beneath the detector, the score before and after. Digit after digit goes into the network, and a ring "
                "marks its answer."
            ),
        ) as tracker:
            self.wait_until_bookmark("before")
            self.play(FadeIn(rows[0], shift=0.1 * UP), run_time=theme.QUICK)
            self.wait_until_bookmark("after")
            self.play(FadeIn(rows[1], shift=0.1 * UP), run_time=theme.QUICK)
            pictures = self.pictures(_LOOKS)
            self.show_pictures(hand.network, pictures, tracker.get_remaining_duration() / len(pictures))
        drawn = [*diagram.connections, *diagram.columns, diagram.dots, self.labels]
        self.leaving = Group(*drawn, self.fan, self.ring, self.detector, rows, self.mark)

    def show_pictures(self, network: Network, pictures: list[int], each: float = _A_LOOK) -> None:
        """Pictures go into the network, one after another for so many seconds, with a ring around its answer."""
        diagram, each = self.diagram, max(each, _A_LOOK)
        for index in pictures:
            forward = network.forward(self.test.images[index])
            mark = self.mark_of(forward, index)
            for column, activations in zip(diagram.columns, forward.columns, strict=True):
                column.show(activations)
            self.mark.become(mark)
            for place, label in enumerate(self.labels):
                label.set_fill(mark.color if place == forward.answer else theme.TEXT)
            self.wait(each)

    def what_it_does(self) -> str:
        """What it does to the answers."""
        hand = self.by_hand
        if not hand.lit:
            return _("None of the pictures lights it up.")
        if len(self.network.layers) == 1:
            return _("One neuron alone can't do much.")
        if hand.after > hand.before + _LUCK:
            return _("By luck, something behind it makes use of it.")
        if hand.only_answer is not None:
            said = class_in_words(self.test.class_names[hand.only_answer])
            return _("Either way, it says {answer} to everything.", answer=said)
        return _(
            "It changes {changed} of its {answers} answers.",
            changed=number(hand.answers_changed),
            answers=amount(len(self.test)),
        )

    def at_random(self) -> None:
        self.next_section(_("At random"))
        trials, best = self.trials, self.trials.best
        self.swarm = Swarm(100 * trials.accuracies, self.axes)
        self.swarm.opacities[:] = 0
        self.best_mark = Circle(0.12, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        self.best_mark.move_to(self.swarm.centres[best])
        setting = self.field.copy().turn(self.turns_of(trials.settings[best]))
        self.level = Number(100 * trials.accuracies[best], 1, theme.CAPTION_SIZE, theme.ANSWER)
        self.level.next_to(self.best_mark, UP, buff=0.15)
        edge = self.axes.lines.points[0, 0] + 0.15
        self.level.shift(max(edge - self.level.get_left()[0], 0) * RIGHT)
        with self.voiceover(
            _(
                "Or try your luck: the best of {tries} random settings <bookmark mark='best'/> gets {read}.",
                tries=in_words(_TRIES),
                read=percent(trials.accuracies[best]),
            ),
            moves=_(
                "All dials turn at once, again and again; for each setting a dot appears, all of them low down. The "
                "highest is ringed, and the dials turn to its setting."
            ),
        ) as tracker:
            self.play(
                FadeOut(self.leaving, rate_func=squish_rate_func(smooth, 0, 0.95)),
                FadeIn(self.field, self.axes, rate_func=squish_rate_func(smooth, 0.05, 1)),
                run_time=0.8,
            )
            turning = max(tracker.time_until_bookmark("best"), theme.STEP)
            self.play(TrySettings(self.field, self.swarm, self.turns_of_settings(), run_time=turning))
            self.play(Create(self.best_mark), FadeIn(self.level), Transform(self.field, setting), run_time=theme.STEP)

    def the_setting_found(self) -> None:
        self.next_section(_("The setting found"))
        found = self.field.copy().turn(self.turns_of(self.network))
        y = 100 * self.trials.found
        dot = Cells(self.axes.point(0, y), 0.24, 1, rgb(theme.ANSWER), stroke_width=0)
        written = Number(y, 2, theme.TITLE_SIZE, theme.ANSWER).next_to(dot, DOWN, buff=0.2)
        with self.voiceover(
            self.the_find(),
            moves=_("All dials turn to where training left them; far above the dots of before, another one lights up."),
        ):
            self.play(Transform(self.field, found, run_time=theme.FLOW))
            self.wait_until_bookmark("found")
            self.play(FadeIn(Group(dot, written), scale=1.6))
            self.play(Indicate(dot, 1.6, None), Indicate(written, 1.15, None))

    def the_find(self) -> str:
        """What is said of the trained setting, which may be a poor one."""
        read = percent(self.trials.found, 2)
        if self.trials.found > 2 * self.trials.accuracies.max():
            return _("Training found one that gets <bookmark mark='found'/> {read}.", read=read)
        return together(
            _("Training found one that gets <bookmark mark='found'/> {read}.", read=read), _("It hasn't got far.")
        )

    def small_diagram(self, network: Network) -> NetworkDiagram:
        """The network on the left, with its labels, and room on the right; `labels` are those that fit."""
        right = _NETWORK_RIGHT
        for _again in range(2):  # longer labels leave the network less room
            layout = network_layout(network.sizes, left=_NETWORK_LEFT, right=right)
            diagram = NetworkDiagram(network, self.test.class_names, layout)
            right -= max(diagram.labels.get_right()[0] - _LABELS_RIGHT, 0)
        self.labels = diagram.labels
        return diagram

    def fan_of(self, detector: NDArray[np.float64]) -> Group:
        """The connections into the neuron that was set, in the colours of the detector's weights."""
        fan = self.diagram.connections[0].copy().set_opacity(1)
        weights = np.zeros(fan.shape)
        weights[self.by_hand.neuron] = detector
        fan.set_values(weights, 1.0)
        fan.width_of_lines = 2.8
        return Group(fan)

    def field_of_dials(self) -> Dials:
        """A dial for each knob, row by row, in the order of `Network.parameters`."""
        centres, step = field(self.network.parameter_count, (_FIELD_LEFT, STAGE_MIDDLE), _FIELD_WIDTH, _FIELD_HEIGHT)
        return Dials(centres, 0.9 * step, self.turns_of(self.trials.settings[0]), 1)

    def turns_of(self, network: Network) -> NDArray[np.float32]:
        """How far each knob is turned, (parameter_count,), −1 to 1, on the scale of its kind in the trained network."""
        return np.clip(network.parameters() / spreads(self.network) / _FULL_TURN, -1, 1).astype(np.float32)

    def turns_of_settings(self) -> NDArray[np.float32]:
        """The same for each of the random settings, (n, parameter_count)."""
        return np.stack([self.turns_of(setting) for setting in self.trials.settings])


def score_told(hand: SetByHand) -> str:
    """The score before and after one neuron was set by hand."""
    before, after = (percent(share, 2) for share in (hand.before, hand.after))
    if before == after:
        return _(
            "The score <bookmark mark='before'/> before and <bookmark mark='after'/> after: {score}.", score=before
        )
    return _(
        "The score goes from <bookmark mark='before'/> {before} to <bookmark mark='after'/> {after}.",
        before=before,
        after=after,
    )


class PullBack(Animation):
    """A field of dials is seen from close by, a few large dials, and then from farther and farther away, until all fit.

    What lies outside the room that the whole field takes is not seen.
    """

    def __init__(self, dials: Dials, **options: Any) -> None:
        self.dials = dials
        self.centres, self.sizes, self.outlines = dials.centres.copy(), 2 * dials.radii, dials.stroke_widths.copy()
        low, high = dials.points.min(0), dials.points.max(0)
        self.middle, self.half = (low + high) / 2, (high - low) / 2
        self.closest = max(2 * self.half[0] / _AT_FIRST / (self.sizes[0] / 0.9), 1.0)
        super().__init__(dials, **options)

    def show(self, share: float) -> None:
        """Show the field from as far away as after this share of the way."""
        nearness = float(self.closest ** (1 - share))
        places = self.middle + nearness * (self.centres - self.middle)
        # How far inside the room a dial stands, in its own size. It comes out of the dark at the edge of the room.
        reach = self.half[:2] - np.abs(places - self.middle)[:, :2] - nearness * self.sizes[:, None] / 2
        seen = np.clip(1 + 4 * reach.min(axis=1) / (nearness * self.sizes), 0, 1).astype(np.float32)
        if share == 1:
            seen[:] = 1
        places[seen == 0] = self.middle
        self.dials.place(places, nearness * self.sizes)
        self.dials.stroke_widths = self.outlines * min(nearness, 6)
        self.dials.opacities, self.dials.stroke_opacities = seen, seen.copy()

    def interpolate_mobject(self, alpha: float) -> None:
        self.show(self.rate_func(alpha))
