"""ASettingOfAllKnobs: all knobs as dials; neither random settings nor turning a single knob gets far."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    Transform,
    VGroup,
    VMobject,
)
from numpy.typing import NDArray

from network import Network
from network.analysis.knobs import figures_of_power, spreads
from network.analysis.trials import Trials, try_settings
from scenes.kit import theme
from scenes.kit.animations.dials import MeasureWhileTurning, TrySettings, TurnDial
from scenes.kit.animations.write_long_number import WriteLongNumber
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, field
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.long_number import LongNumber
from scenes.kit.mobjects.swarm import Swarm
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent

# How many settings are tried at random.
_TRIES = 100
# Seed of the random settings.
_SEED = 8
# The accuracy is measured at this many positions of one knob, from end to end.
_TURNS = 61
# A hand is turned all the way at this many standard deviations of the weights or biases of its layer.
_FULL_TURN = 2.5


class ASettingOfAllKnobs(LessonScene):
    """Learning is finding a setting of all the knobs: not by trying at random, and not one by one."""

    FIELD_LEFT, FIELD_WIDTH, FIELD_HEIGHT = -6.65, 7.6, 6.1

    @cached_property
    def trials(self) -> Trials:
        """The random settings, and the knob that is turned."""
        return try_settings(self.network, self.digits(), _TRIES, _TURNS, np.random.default_rng(_SEED))

    def construct(self) -> None:
        self.field = self.field_of_dials()
        neuron, source = self.trials.knob
        last = self.network.layers[-1]
        self.item = len(self.field) - last.n_out - last.weights.size + neuron * last.n_in + source
        self.axes = Axes((-1, 1), (0, 100), "", "test pictures read right, %", 4.3, 4.9, x_ticks=())
        self.axes.move_to((4.2, STAGE_MIDDLE + 0.1, 0))

        self.all_knobs()
        self.at_random()
        self.too_many()
        self.one_by_one()
        self.the_setting_found()
        self.end()

    def alternative_text(self) -> str:
        trials = self.trials
        return (
            f"A field of {self.network.parameter_count:,} small dials, one for each knob. {_TRIES} settings at random "
            f"read between {percent(trials.accuracies.min())} and {percent(trials.accuracies.max())} of the test "
            f"pictures right; the setting that training found reads {percent(trials.found, 2)}."
        )

    def all_knobs(self) -> None:
        self.next_section("One knob, all knobs")
        trials = self.trials
        dial = Dials((0, STAGE_MIDDLE + 0.3, 0), 3.2, [0], trials.reach)
        value = Number(0, 2, theme.TITLE_SIZE, theme.WEIGHTS_SYMBOL, sign=True)
        value.next_to(dial, DOWN, buff=0.4)
        with self.voiceover(
            f"Every weight and bias is a knob. Learning is finding a setting for all {self.network.parameter_count:,}.",
            moves="A large dial is turned left and right; the number beneath it, a weight, follows. Then it shrinks to "
            "its place in a field of thousands of small ones.",
        ):
            self.play(FadeIn(dial), FadeIn(value))
            way = np.array([0, -0.7, 0.9, self.first_turns()[self.item]]) * trials.reach
            self.play(TurnDial(dial, value, way, trials.reach, run_time=3 * theme.STEP))
            place = dial.copy().place(self.field.centres[[self.item]], 2 * self.field.radii[[self.item]])
            place.stroke_widths[:] = self.field.stroke_widths[0]
            self.play(
                FadeOut(value, run_time=theme.QUICK),
                Transform(dial, place, run_time=theme.FLOW),
                FadeIn(self.field, run_time=theme.FLOW),
            )
            self.remove(dial)

    def at_random(self) -> None:
        self.next_section("At random")
        trials = self.trials
        self.swarm = Swarm(100 * trials.accuracies, self.axes)
        self.swarm.opacities[:] = 0
        chance = 1 / self.network.sizes[-1]
        best = trials.best
        place = self.swarm.centres[best]
        self.mark = Circle(0.12, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(place)
        setting = self.field.copy().turn(self.turns_of(trials.settings[best]))
        self.level = Number(100 * trials.accuracies[best], 1, theme.LABEL_SIZE, theme.ANSWER)
        self.level.next_to(self.mark, UP, buff=0.15)
        if self.level.get_left()[0] < self.axes.lines.points[0, 0] + 0.15:
            self.level.shift((self.axes.lines.points[0, 0] + 0.15 - self.level.get_left()[0]) * RIGHT)
        with self.voiceover(
            f"By trial? The best of {_TRIES} settings at random reads {percent(trials.accuracies[best])} right; "
            f"guessing, {percent(chance, 0)}.",
            moves="All dials turn at once, again and again; for each setting a dot appears, all of them low down. The "
            "highest is ringed, and the dials turn to its setting.",
        ):
            self.play(FadeIn(self.axes))
            self.play(TrySettings(self.field, self.swarm, self.turns_of_settings(), run_time=4.5 * theme.STEP))
            self.play(Create(self.mark), FadeIn(self.level), Transform(self.field, setting, run_time=theme.STEP))

    def too_many(self) -> None:
        self.next_section("Too many")
        count, figures = figures_of_power(2, self.network.parameter_count)
        number = LongNumber.filling(figures, FRAME_WIDTH - 2 * SAFE_MARGIN, STAGE_TOP - STAGE_BOTTOM)
        number.move_to((0, STAGE_MIDDLE, 0))
        all_of_it = number.shown == count
        sentence = f"With two positions a knob, there are this many settings: {count:,} figures."
        if not all_of_it:
            sentence = f"With two positions a knob: a number of {count:,} figures. Here are the first {number.shown:,}."
        stage = Group(self.field, self.axes, self.swarm, self.mark, self.level)
        with self.voiceover(
            sentence,
            moves="Line after line, a single number fills the whole stage."
            if all_of_it
            else f"Line after line, the first {number.shown:,} figures of the number fill the whole stage.",
        ):
            self.play(FadeOut(stage))
            self.play(WriteLongNumber(number, run_time=3 * theme.STEP))
        self.number = number

    def one_by_one(self) -> None:
        self.next_section("One by one")
        trials = self.trials
        low, high = (percent(value) for value in (trials.turned_at_random.min(), trials.turned_at_random.max()))
        self.ends = self.dials_at_ends()
        self.which = self.name_of_the_knob()
        turned = f"gives {low} to {high}" if low != high else f"leaves it at {low}"
        with self.voiceover(
            f"One knob at a time? This one, from end to end, {turned}.",
            moves="One dial grows large, with a note of which it is, and is turned from end to end; a line follows the "
            "share that is read right.",
        ):
            self.play(
                FadeOut(self.number, run_time=theme.QUICK),
                *self.lift_the_dial(),
                FadeIn(self.axes),
                FadeIn(self.ends),
                FadeIn(self.which),
            )
            self.curve = VMobject(stroke_color=theme.NEUTRAL, stroke_width=5)
            self.add(self.curve)
            accuracies = 100 * trials.turned_at_random
            self.play(MeasureWhileTurning(self.dial, self.curve, self.axes, accuracies, run_time=3 * theme.STEP))

    def the_setting_found(self) -> None:
        self.next_section("The setting found")
        found = self.field.copy().turn(self.turns_of(self.network)).set_opacity(1)
        y = 100 * self.trials.found
        dot = Cells(self.axes.point(0, y), 0.2, 1, rgb(theme.ANSWER), stroke_width=0)
        written = Number(y, 2, theme.LABEL_SIZE, theme.ANSWER).next_to(dot, DOWN, buff=0.15)
        with self.voiceover(
            f"This is the setting training found: {percent(self.trials.found, 2)} right.",
            moves="All dials turn to where training left them; far above the dots of before, another one lights up.",
        ):
            self.play(
                FadeOut(self.dial, target_position=self.field.centres[self.item], scale=0.05),
                FadeOut(self.ends, self.which),
                FadeOut(self.curve),
                FadeIn(self.swarm),
                Transform(self.field, found, run_time=1.5 * theme.FLOW),
            )
            self.play(FadeIn(Group(dot, written), shift=0.2 * UP))

    def lift_the_dial(self) -> list[Animation]:
        """One dial grows out of the field, which comes back dimmed, in the best of the random settings."""
        best = self.trials.settings[self.trials.best]
        centre, radius = self.field.centres[[self.item]], self.field.radii[[self.item]]
        self.dial = Dials(centre, 2 * radius, [best.parameters()[self.item]], self.trials.reach)
        large = self.dial.copy().place([[self.field.get_x(), self.field.get_y(), 0]], 2.6)
        large.stroke_widths[:] = 2.0
        large.turn([-1])
        dim = self.field.copy().turn(self.turns_of(best)).set_opacity(0.22)
        self.field.set_opacity(0)
        return [Transform(self.field, dim, run_time=theme.STEP), Transform(self.dial, large, run_time=theme.STEP)]

    def name_of_the_knob(self) -> VGroup:
        """Beneath the large dial: which knob it is, and why this one."""
        neuron, source = self.trials.knob
        start = "neuron" if len(self.network.layers) > 1 else "pixel"
        name = self.digits().class_names[neuron]
        lines = VGroup(
            Words(f"weight from {start} {source} to output {name}", theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL),
            Words(
                "of the last layer's weights, the one that harms the trained network most when it is turned",
                theme.SMALLEST_SIZE + 4,
                theme.QUIET_TEXT,
                width=6.0,
            ),
        )
        return lines.arrange(DOWN, buff=0.2).next_to(self.field.get_center() + 1.3 * DOWN, DOWN, buff=0.35)

    def dials_at_ends(self) -> Group:
        """Three small dials along the foot of the axes: all the way left, in the middle, all the way right."""
        places = self.axes.point([-1, 0, 1], 0) + 0.35 * DOWN
        dials = Dials(places, 0.4, [-1, 0, 1], 1)
        label = Words("this knob", theme.NOTE_SIZE, theme.QUIET_TEXT)
        return Group(dials, label.next_to(dials, DOWN, buff=0.12))

    def field_of_dials(self) -> Dials:
        """A dial for each knob, row by row, in the order of `Network.parameters`."""
        left = (self.FIELD_LEFT, STAGE_MIDDLE)
        centres, step = field(self.network.parameter_count, left, self.FIELD_WIDTH, self.FIELD_HEIGHT)
        return Dials(centres, 0.9 * step, self.first_turns(), 1)

    def turns_of(self, network: Network) -> NDArray[np.float32]:
        """How far each knob is turned, (parameter_count,), −1 to 1, on the scale of its kind in the trained network."""
        return np.clip(network.parameters() / spreads(self.network) / _FULL_TURN, -1, 1).astype(np.float32)

    def turns_of_settings(self) -> NDArray[np.float32]:
        """The same for each of the random settings, (n, parameter_count)."""
        return np.stack([self.turns_of(setting) for setting in self.trials.settings])

    def first_turns(self) -> NDArray[np.float32]:
        """The same for the first of them."""
        return self.turns_of(self.trials.settings[0])
