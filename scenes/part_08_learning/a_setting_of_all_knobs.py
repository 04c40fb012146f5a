"""The scene ASettingOfAllKnobs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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
    linear,
    smooth,
)
from numpy.typing import ArrayLike, NDArray

from network import Network
from network.analysis.knobs import LastLayer, figures_of_power, random_settings, scores
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.long_number import LongNumber
from scenes.kit.mobjects.text import Number, Words
from scenes.part_08_learning.shared import percent
from scenes.stage.lesson_scene import LessonScene

# Settings that are tried at random, and where their chance begins.
_TRIES, _SEED = 100, 8
# Places of one knob at which the accuracy is measured, from one end to the other.
_TURNS = 61
# A hand is turned all the way at so many standard deviations of its layer's knobs.
_FULL_TURN = 2.5


class ASettingOfAllKnobs(LessonScene):
    """Learning is finding a setting of all the knobs: not by trying at random, and not one by one."""

    FIELD_LEFT, FIELD_WIDTH, FIELD_HEIGHT = -6.65, 7.6, 6.1

    def construct(self) -> None:
        self.trials = trials_of(self.checkpoint, self.digits())
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
        trials = trials_of(self.checkpoint, self.digits())
        return (
            f"A field of {self.network.parameter_count:,} small dials, one for each knob. {_TRIES} settings at random "
            f"read between {percent(trials.accuracies.min(), 1)} and {percent(trials.accuracies.max(), 1)} of the test "
            f"pictures right; the setting that training found reads {percent(trials.found)}."
        )

    def all_knobs(self) -> None:
        self.next_section("One knob, all knobs")
        trials = self.trials
        dial = Dials((0, STAGE_MIDDLE + 0.3, 0), 3.2, [0], trials.reach)
        value = Number(0, 2, theme.TITLE_SIZE, theme.WEIGHTS_SYMBOL, sign=True)
        value.next_to(dial, DOWN, buff=0.4)
        with self.caption(
            f"Every weight and bias is a knob. Learning is finding a setting for all {self.network.parameter_count:,}.",
            FadeIn(dial),
            FadeIn(value),
            moves="A large dial is turned left and right; the number beneath it, a weight, follows. Then it shrinks to "
            "its place in a field of thousands of small ones.",
        ):
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
        self.swarm = swarm_of(trials.accuracies, self.axes)
        chance = 1 / self.network.sizes[-1]
        best = int(np.argmax(trials.accuracies))
        place = self.swarm.centres[best]
        self.mark = Circle(0.12, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(place)
        setting = self.field.copy().turn(self.turns_of(trials.settings[best]))
        self.level = Number(100 * trials.accuracies[best], 1, theme.LABEL_SIZE, theme.ANSWER)
        self.level.next_to(self.mark, UP, buff=0.15)
        if self.level.get_left()[0] < self.axes.lines.points[0, 0] + 0.15:
            self.level.shift((self.axes.lines.points[0, 0] + 0.15 - self.level.get_left()[0]) * RIGHT)
        with self.caption(
            f"By trial? The best of {_TRIES} settings at random reads {percent(trials.accuracies[best], 1)} right; "
            f"guessing, {percent(chance, 0)}.",
            FadeIn(self.axes),
            moves="All dials turn at once, again and again; for each setting a dot appears, all of them low down. The "
            "highest is ringed, and the dials turn to its setting.",
        ):
            self.play(TrySettings(self.field, self.swarm, self.turns_of_settings(), run_time=4.5 * theme.STEP))
            self.play(Create(self.mark), FadeIn(self.level), Transform(self.field, setting, run_time=theme.STEP))

    def too_many(self) -> None:
        self.next_section("Too many")
        count, figures = figures_of_power(2, self.network.parameter_count)
        number = long_number(figures)
        all_of_it = number.shown == count
        sentence = f"With two positions a knob, there are this many settings: {count:,} figures."
        if not all_of_it:
            sentence = f"With two positions a knob: a number of {count:,} figures. Here are the first {number.shown:,}."
        stage = Group(self.field, self.axes, self.swarm, self.mark, self.level)
        with self.caption(
            sentence,
            FadeOut(stage),
            moves="Line after line, a single number fills the whole stage."
            if all_of_it
            else f"Line after line, the first {number.shown:,} figures of the number fill the whole stage.",
        ):
            self.play(WriteLongNumber(number, run_time=3 * theme.STEP))
        self.number = number

    def one_by_one(self) -> None:
        self.next_section("One by one")
        trials = self.trials
        low, high = (percent(value, 1) for value in (trials.turned_at_random.min(), trials.turned_at_random.max()))
        self.ends = self.dials_at_ends()
        self.which = self.name_of_the_knob()
        turned = f"gives {low} to {high}" if low != high else f"leaves it at {low}"
        with self.caption(
            f"One knob at a time? This one, from end to end, {turned}.",
            FadeOut(self.number, run_time=theme.QUICK),
            *self.lift_the_dial(),
            FadeIn(self.axes),
            FadeIn(self.ends),
            FadeIn(self.which),
            moves="One dial grows large, with a note of which it is, and is turned from end to end; a line follows the "
            "share that is read right.",
        ):
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
        with self.caption(
            f"This is the setting training found: {percent(self.trials.found)} right.",
            FadeOut(self.dial, target_position=self.field.centres[self.item], scale=0.05),
            FadeOut(self.ends, self.which),
            FadeOut(self.curve),
            FadeIn(self.swarm),
            Transform(self.field, found, run_time=1.5 * theme.FLOW),
            moves="All dials turn to where training left them; far above the dots of before, another one lights up.",
        ):
            self.play(FadeIn(Group(dot, written), shift=0.2 * UP))

    def lift_the_dial(self) -> list[Animation]:
        """One dial leaves the field, which comes back dimmed and in the best setting of those at random, and grows."""
        best = self.trials.settings[int(np.argmax(self.trials.accuracies))]
        centre, radius = self.field.centres[[self.item]], self.field.radii[[self.item]]
        self.dial = Dials(centre, 2 * radius, [best.parameters()[self.item]], self.trials.reach)
        large = self.dial.copy().place([[self.field.get_x(), self.field.get_y(), 0]], 2.6)
        large.stroke_widths[:] = 2.0
        large.turn([-1])
        dim = self.field.copy().turn(self.turns_of(best)).set_opacity(0.22)
        self.field.set_opacity(0)
        return [Transform(self.field, dim, run_time=theme.STEP), Transform(self.dial, large, run_time=theme.STEP)]

    def name_of_the_knob(self) -> VGroup:
        """Which knob it is, and why this one, beneath the large dial."""
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
        count = self.network.parameter_count
        step = field_step(count, self.FIELD_WIDTH, self.FIELD_HEIGHT)
        columns = max(int(self.FIELD_WIDTH / step + 1e-9), 1)
        row, column = np.divmod(np.arange(count), columns)
        rows = -(-count // columns)
        left = self.FIELD_LEFT + (self.FIELD_WIDTH - columns * step) / 2
        top = STAGE_MIDDLE + rows * step / 2
        centres = np.stack([left + (column + 0.5) * step, top - (row + 0.5) * step, np.zeros(count)], axis=1)
        return Dials(centres, 0.9 * step, self.first_turns(), 1)

    def turns_of(self, network: Network) -> NDArray[np.float32]:
        """How far each knob is turned, (parameter_count,), −1 to 1, on the scale of its layer when trained."""
        return np.clip(network.parameters() / spreads(self.network) / _FULL_TURN, -1, 1).astype(np.float32)

    def turns_of_settings(self) -> NDArray[np.float32]:
        return np.stack([self.turns_of(setting) for setting in self.trials.settings])

    def first_turns(self) -> NDArray[np.float32]:
        return self.turns_of(self.trials.settings[0])


@dataclass(frozen=True, eq=False)
class Trials:
    """What came of settings tried at random, and of turning one knob.

    settings, accuracies: those at random, (n,). found: of the trained network. knob: (neuron, source) of a weight of
    the last layer; turned_at_random: the accuracies, (m,), as it is turned from −reach to +reach in the best setting.
    """

    settings: list[Network]
    accuracies: NDArray[np.float64]
    found: float
    knob: tuple[int, int]
    reach: float
    turned_at_random: NDArray[np.float64]


@lru_cache(maxsize=2)
def trials_of(checkpoint: Checkpoint, digits: Digits) -> Trials:
    """Try settings at random, and turn the weight of the last layer whose turning harms the trained network most."""
    network = checkpoint.network
    settings = random_settings(network, _TRIES, np.random.default_rng(_SEED))
    accuracies = scores([*settings, network], digits).accuracy
    reach = float(np.abs(network.layers[-1].weights).max()) or 1.0
    best = settings[int(np.argmax(accuracies[:-1]))]
    knob = LastLayer(network, digits).most_telling_weight(reach)
    turned = LastLayer(best, digits).accuracies(*knob, np.linspace(-reach, reach, _TURNS))
    return Trials(settings, accuracies[:-1], float(accuracies[-1]), knob, reach, turned)


class TurnDial(Animation):
    """A large dial is turned through some values, and the number beneath it follows."""

    def __init__(self, dial: Dials, number: Number, values: ArrayLike, reach: float, **options: Any) -> None:
        self.dial, self.number, self.reach = dial, number, reach
        self.values = np.asarray(values, float)
        super().__init__(Group(dial, number), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        value = float(eased(self.values, self.rate_func(alpha)))
        self.dial.turn([value / self.reach])
        self.number.set_value(value)


class TrySettings(Animation):
    """Setting after setting is tried: its dot appears, and the dials turn to some of them, one after another.

    settings: (n, knobs), how far each knob is turned. Dots come slowly first, then faster and faster.
    """

    SHOWN = 22  # settings that the dials turn to

    def __init__(self, dials: Dials, dots: Cells, settings: NDArray[np.float32], **options: Any) -> None:
        self.dials, self.dots = dials, dots
        last = len(settings) - 1
        self.shown = settings[[round(last * self.tried(m / self.SHOWN)) for m in range(self.SHOWN + 1)]]
        super().__init__(Group(dials, dots), **{"rate_func": linear, **options})

    @staticmethod
    def tried(alpha: float) -> float:
        """Which share of the settings has been tried by then."""
        return alpha**2

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        self.dials.turn(eased(self.shown, alpha))
        reached = self.tried(alpha) * (len(self.dots) - 1)
        self.dots.opacities = (np.arange(len(self.dots)) <= reached + 1e-9).astype(np.float32)


class WriteLongNumber(Animation):
    """A long number is written, line by line."""

    def __init__(self, number: LongNumber, **options: Any) -> None:
        super().__init__(number, **{"introducer": True, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show_until(self.rate_func(alpha))


class MeasureWhileTurning(Animation):
    """A dial is turned from end to end, and a line follows the accuracy, in percent, that was measured on the way."""

    def __init__(
        self, dial: Dials, curve: VMobject, axes: Axes, accuracies: NDArray[np.float64], **options: Any
    ) -> None:
        self.dial, self.curve = dial, curve
        turns = np.linspace(-1, 1, len(accuracies))
        self.turns, self.places = turns, axes.point(turns, accuracies)
        super().__init__(Group(dial, curve), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        turn = float(2 * self.rate_func(alpha) - 1)
        self.dial.turn([turn])
        here = np.array([np.interp(turn, self.turns, self.places[:, axis]) for axis in range(3)])
        self.curve.set_points_as_corners(np.concatenate([self.places[self.turns < turn], [here, here]]))


def eased(stops: NDArray[Any], alpha: float) -> NDArray[Any]:
    """A share of the way from stop to stop, (n, …), each stretch in the same time, slow at both its ends."""
    place = alpha * (len(stops) - 1)
    before = min(int(place), len(stops) - 2)
    blend: NDArray[Any] = stops[before] + (stops[before + 1] - stops[before]) * smooth(place - before)
    return blend


def spreads(network: Network) -> NDArray[np.float64]:
    """For every knob the standard deviation of its kind in its layer, (parameter_count,); 1 where they are equal."""
    kinds = [kind for layer in network.layers for kind in (layer.weights, layer.biases)]
    return np.concatenate([np.full(kind.size, float(kind.std()) or 1.0) for kind in kinds])


def field_step(count: int, width: float, height: float) -> float:
    """How far cells of a field may be from each other at most, for `count` of them to fit."""
    columns = max(int(np.sqrt(count * width / height)), 1)
    return max(min(width / tried, height / -(-count // tried)) for tried in range(columns, min(columns + 3, count + 1)))


def swarm_of(accuracies: NDArray[np.float64], axes: Axes) -> Cells:
    """A dot for each accuracy (n,), at its height; those of one percent stand side by side."""
    bins = np.floor(100 * accuracies).astype(int)
    before = np.array([np.count_nonzero(bins[:n] == bins[n]) for n in range(len(bins))])
    width = axes.point(1, 0)[0] - axes.point(-1, 0)[0]
    step = min(0.1, (width - 0.25) / (before.max() + 1))
    centres = axes.point(-1, 100 * accuracies) + (0.18 + before[:, None] * step) * RIGHT
    return Cells(centres, min(0.085, 0.9 * step), 1, rgb(theme.NEUTRAL), 0.0, stroke_width=0)


def long_number(figures: str) -> LongNumber:
    """The figures over the whole stage, in the largest type of which there is room for all; or the first of them."""
    for size in (72, 60, 48, 40, 32, theme.SMALLEST_SIZE):
        number = LongNumber(figures, FRAME_WIDTH - 2 * SAFE_MARGIN, STAGE_TOP - STAGE_BOTTOM, size)
        if number.shown == len(figures):
            break
    return number.move_to((0, STAGE_MIDDLE, 0))
