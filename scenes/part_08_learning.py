"""Part 8, What learning means: a setting of all the knobs is found, and can be looked at when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
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
    LaggedStart,
    Line,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
)
from numpy.typing import ArrayLike, NDArray

from network import Network
from network.checkpoint import Checkpoint
from network.digits import Digits
from network.explain import Comparison, Decision, compare, decision_to_explain, way_back
from network.knobs import (
    LastLayer,
    Scores,
    figures_of_power,
    random_settings,
    scores,
)
from scenes import theme
from scenes.animations import GrowConnections, PropagateActivations, ReplayTraining
from scenes.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP, network_layout
from scenes.lesson_scene import LessonScene
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.connections import Connections
from scenes.mobjects.dials import Dials
from scenes.mobjects.long_number import LongNumber
from scenes.mobjects.network_diagram import NetworkDiagram
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.plots import Axes, LearningCurve
from scenes.mobjects.typesetting import Number, Words
from scenes.mobjects.weight_heatmap import WeightHeatmap, WeightScale, WeightWall, full_colour
from scenes.mobjects.weighted_sum import AddUpProducts, WeightedSum

# Settings that are tried at random, and where their chance begins.
_TRIES, _SEED = 100, 8
# Places of one knob at which the accuracy is measured, from one end to the other.
_TURNS = 61
# A hand is turned all the way at so many standard deviations of its layer's knobs.
_FULL_TURN = 2.5
_MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
_NOT_RECORDED = "its training was not recorded: the checkpoint holds no snapshots."
_READINGS_RIGHT = 6.7
# Room for an output's value, and for the space before it.
_VALUE_WIDTH, _VALUE_GAP = 0.62, 0.3


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
        self.axes.move_to((4.2, _MIDDLE + 0.1, 0))

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
        dial = Dials((0, _MIDDLE + 0.3, 0), 3.2, [0], trials.reach)
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
        top = _MIDDLE + rows * step / 2
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
    return number.move_to((0, _MIDDLE, 0))


def percent(share: float, places: int = 2) -> str:
    return f"{100 * share:.{places}f} %"


class TrainingTurnsTheKnobs(LessonScene):
    """The recorded training run again: from weights at random and no opinion to the right answer, on one digit."""

    def construct(self) -> None:
        checkpoint = self.checkpoint
        self.test = self.digits()
        self.recorded = has_a_run(checkpoint)
        self.start = checkpoint.snapshot(0) if self.recorded else self.network
        index = digit_to_replay(self.start, self.network, self.test)
        self.image, self.truth = self.test.vectors[index], int(self.test.labels[index])
        self.class_names = self.test.class_names
        self.diagram = diagram_with_values(self.start, self.class_names)
        self.values = values_beside(self.diagram, self.start.forward(self.image).output)
        self.make_readings()

        self.before()
        self.no_opinion()
        self.the_run()
        self.after()
        self.end()

    def alternative_text(self) -> str:
        checkpoint, test = self.checkpoint, self.digits()
        if not has_a_run(checkpoint):
            return f"A trained network reads a picture; {_NOT_RECORDED}"
        start = checkpoint.snapshot(0)
        index = digit_to_replay(start, self.network, test)
        before, after = (network.forward(test.images[index]) for network in (start, self.network))
        progress = progress_of(checkpoint, test)
        names = test.class_names
        return (
            f"A recorded training run of {checkpoint.snapshot_epochs[-1]:g} epochs again: the colours of all "
            f"connections change, the answer to a picture of the class {names[test.labels[index]]} goes from "
            f"{names[before.answer]} ({before.output[before.answer]:.2f}) to {names[after.answer]} "
            f"({after.output[after.answer]:.2f}), and the test accuracy from {percent(progress.accuracy[0])} to "
            f"{percent(progress.accuracy[-1])}."
        )

    def make_readings(self) -> None:
        """The epoch above the picture, the accuracy above the outputs."""
        y, size = 3.15, theme.CAPTION_SIZE
        name = Words("epoch", size, theme.QUIET_TEXT).move_to((self.diagram.columns[0].get_left()[0], y, 0), LEFT)
        self.epoch = Number(0, 2, size).next_to(name, RIGHT, buff=0.3)
        self.epoch.shift((y + 0.03 - self.epoch.get_y()) * UP)
        self.accuracy = Number(100, 2, size)
        label = Words("% of the test set right", size, theme.QUIET_TEXT).move_to((_READINGS_RIGHT, y, 0), RIGHT)
        self.accuracy.next_to(label, LEFT, buff=0.25).set_y(self.epoch.get_y())
        self.epoch_name, self.accuracy_label = name, label

    def before(self) -> None:
        self.next_section("Before training")
        diagram = self.diagram
        diagram.columns[0].show(self.image)
        with self.caption(
            "Before training, every weight is random." if self.recorded else _sentence(_NOT_RECORDED),
            *(FadeIn(neurons) for neurons in diagram.columns),
            FadeIn(diagram.dots),
            FadeIn(diagram.labels),
            moves="A picture on the left; lines grow from column to column, blue and red without any order.",
        ):
            self.play(LaggedStart(*(GrowConnections(c) for c in diagram.connections), lag_ratio=0.4))

    def no_opinion(self) -> None:
        self.next_section("No opinion")
        forward = self.start.forward(self.image)
        answer, right = self.class_names[forward.answer], forward.answer == self.truth
        self.ring = self.diagram.winner_mark(forward).set_color(theme.ANSWER if right else theme.WRONG)
        sentence = f"The brightest output is {answer}: {'right, by luck' if right else 'wrong'}."
        if not self.recorded:
            sentence = f"It reads this {self.class_names[self.truth]} as {answer}."
        with self.caption(
            sentence, moves="A pulse runs through the network; all outputs glow alike, a ring marks one."
        ):
            for number, connections in enumerate(self.diagram.connections):
                neurons = self.diagram.columns[number + 1]
                self.play(PropagateActivations(connections, neurons, forward.activations[number]), run_time=theme.STEP)
            truth = self.diagram.labels[self.truth].animate.set_fill(theme.ANSWER)
            self.play(FadeIn(self.values), Create(self.ring), truth, run_time=theme.QUICK)

    def the_run(self) -> None:
        self.next_section("The run")
        if not self.recorded:
            return
        progress = progress_of(self.checkpoint, self.test)
        self.show_accuracy(progress.accuracy[0])
        whole = [c.copy().set_pulse(0, 1, 1) for c in self.diagram.connections]
        with self.caption(
            "Training turns all the knobs, a little at a time, again and again.",
            *(Transform(c, target) for c, target in zip(self.diagram.connections, whole, strict=True)),
            FadeIn(self.epoch_name),
            FadeIn(self.epoch),
            FadeIn(self.accuracy_label),
            FadeIn(self.accuracy),
            moves="The epochs run, the lines change colour, the outputs waver, and one wins; the accuracy rises.",
        ):
            self.play(
                ReplayReading(
                    self.checkpoint,
                    self.diagram,
                    self.image,
                    self.truth,
                    self.values,
                    self.ring,
                    progress.accuracy,
                    self.epoch,
                    self.accuracy,
                    run_time=10 * theme.STEP,
                )
            )

    def after(self) -> None:
        self.next_section("After")
        forward = self.network.forward(self.image)
        value, name = forward.output[forward.answer], self.class_names[forward.answer]
        if not self.recorded:
            return
        right = "right" if forward.answer == self.truth else "still wrong"
        with self.caption(
            f"Now it says {name}, with {value:.2f}: {right}.",
            moves="The network stands as training left it.",
        ):
            pass

    def show_accuracy(self, share: float) -> None:
        set_right_aligned(self.accuracy, 100 * share)


class ReplayReading(ReplayTraining):
    """A training run again, with what the network of every moment makes of one picture.

    diagram: whose connections take the weights' colours, whose neurons the activations. values: of the outputs. ring:
    goes to the brightest output, in the colour of a right answer or a wrong one. accuracies: (snapshots,), shares.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        diagram: NetworkDiagram,
        image: NDArray[Any],
        truth: int,
        values: Numbers,
        ring: Circle,
        accuracies: NDArray[np.float64],
        epoch: Number,
        accuracy: Number,
        **options: Any,
    ) -> None:
        self.diagram, self.image, self.truth = diagram, image, truth
        self.values, self.ring, self.accuracies, self.accuracy = values, ring, accuracies, accuracy
        super().__init__(checkpoint, diagram.connections, epoch=epoch, **options)
        self.mobject.add(*diagram.columns[1:], values, ring, accuracy)

    def show(self, moment: float, network: Network) -> None:
        super().show(moment, network)
        forward = network.forward(self.image)
        for neurons, activations in zip(self.diagram.columns[1:], forward.activations, strict=True):
            neurons.show(activations)
        self.values.set_values(forward.output)
        self.ring.move_to(self.diagram.layout[-1].centres[forward.answer])
        self.ring.set_stroke(theme.ANSWER if forward.answer == self.truth else theme.WRONG)
        share = np.interp(moment, np.arange(len(self.accuracies)), self.accuracies)
        set_right_aligned(self.accuracy, 100 * float(share))


class FromNoiseToWeights(LessonScene):
    """The weight pictures of the first layer in the course of training, with the accuracy and the cost beside them."""

    WALL, LEFT_EDGE = 5.5, -6.7

    def construct(self) -> None:
        self.recorded = has_a_run(self.checkpoint)
        self.never_seen = self.digits("train").vectors.max(axis=0) == 0
        self.start = self.checkpoint.snapshot(0) if self.recorded else self.network
        self.limits = self.limits_of_snapshots()
        self.make_wall()

        self.noise()
        self.the_run()
        self.end()

    def alternative_text(self) -> str:
        count = self.network.sizes[1]
        if not has_a_run(self.checkpoint):
            return f"The weights of the {count} neurons of the first layer as pictures; {_NOT_RECORDED}"
        progress = progress_of(self.checkpoint, self.digits())
        return (
            f"The weights of the first layer's {count} neurons as pictures, from noise to patterns. Beside them the "
            f"test accuracy rises from {percent(progress.accuracy[0])} to {percent(progress.accuracy[-1])}, and the "
            f"mean cost falls from {progress.cost[0]:.2f} to {progress.cost[-1]:.3f}."
        )

    def limits_of_snapshots(self) -> NDArray[np.float64]:
        """What has full colour at each snapshot, (n,): nearly the greatest |weight| that is seen."""
        parameters = self.checkpoint.snapshot_parameters if self.recorded else self.network.parameters()[None]
        first = self.network.layers[0].weights
        weights = parameters[:, : first.size].reshape(-1, *first.shape)[:, :, ~self.never_seen]
        return np.array([full_colour(of_a_moment) for of_a_moment in weights])

    def make_wall(self) -> None:
        wall = WeightWall(self.start.layers[0].weights, self.never_seen, width=self.WALL, height=self.WALL)
        self.pictures = wall.pictures
        self.wall = Group(*self.pictures)
        self.wall.shift((self.LEFT_EDGE - self.wall.get_left()[0], _MIDDLE + 0.1 - self.wall.get_y(), 0))
        for picture in self.pictures:
            picture.show(picture.weights, self.limits[0])
        self.scale = WeightScale(self.limits[0], 3.6, beyond=True).next_to(self.wall, RIGHT, buff=0.4)
        self.note = Words("", theme.SMALLEST_SIZE)
        if count := int(self.never_seen.sum()):
            words = f"grey: {count} pixels, black in all training pictures"
            self.note = Words(words, theme.SMALLEST_SIZE + 4, theme.QUIET_TEXT)
            self.note.next_to(self.wall, DOWN, buff=0.2).align_to(self.wall, LEFT)

        self.whole = Group(self.wall, self.scale, self.note)
        self.place = self.whole.get_center()

    def noise(self) -> None:
        self.next_section("Noise")
        self.whole.set_x(0)
        sentence = "The weights of the first layer, before training: noise."
        if not self.recorded:
            sentence = "The weights of the first layer."
        pictures = LaggedStart(*(FadeIn(picture) for picture in self.pictures), lag_ratio=0.06, run_time=theme.FLOW)
        with self.caption(
            sentence,
            pictures,
            FadeIn(self.scale),
            FadeIn(self.note),
            moves="Square pictures of red and blue cells, without any pattern.",
        ):
            pass

    def the_run(self) -> None:
        self.next_section("The run")
        if not self.recorded:
            with self.caption(_sentence(_NOT_RECORDED)):
                pass
            return
        progress = progress_of(self.checkpoint, self.digits())
        size: dict[str, Any] = {"epochs": self.checkpoint.snapshot_epochs, "log_epochs": True, "width": 3.8}
        accuracy = LearningCurve(
            {"": 100 * progress.accuracy}, quantity="right in the test set, %", y_range=(0, 100), height=1.75, **size
        )
        cost = LearningCurve(
            {"": progress.cost},
            quantity="cost in the test set: squared error",
            height=1.75,
            places=2,
            colours=(theme.ANSWER,),
            **size,
        )
        left = self.scale.get_right()[0] + self.place[0] - self.whole.get_x() + 1.2
        for curve, top in ((accuracy, STAGE_TOP - 0.05), (cost, 0.35)):
            curve.reveal(0)
            curve.axes.x_label.set_opacity(float(curve is cost))
            curve.shift((left - curve.axes.lines.points[0, 0], top - curve.axes.get_top()[1], 0))
        self.curves = [accuracy, cost]
        with self.caption(
            "Step by step the cost falls, and patterns that nobody drew come out of the noise.",
            *(FadeIn(curve) for curve in self.curves),
            self.whole.animate.move_to(self.place),
            moves="In all pictures patterns grow at once. Beside them one line climbs, and one falls.",
        ):
            self.play(
                ReplayWeights(
                    self.checkpoint, self.pictures, self.limits, self.scale, self.curves, run_time=10 * theme.STEP
                )
            )


class ReplayWeights(ReplayTraining):
    """A training run again in weight pictures, with the scale of their colours and curves beside them.

    limits: (snapshots,), what has full colour; the numbers of the scale follow.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        pictures: list[WeightHeatmap],
        limits: NDArray[np.float64],
        scale: WeightScale,
        curves: list[LearningCurve],
        **options: Any,
    ) -> None:
        self.limits, self.scale, self.curves = limits, scale, curves
        super().__init__(checkpoint, pictures=pictures, **options)
        self.mobject.add(scale, *curves)

    def show(self, moment: float, network: Network) -> None:
        limit = float(np.interp(moment, np.arange(len(self.limits)), self.limits))
        for picture in self.pictures:
            picture.limit = limit
        super().show(moment, network)
        self.scale.show(limit)
        for curve in self.curves:
            curve.reveal(self.checkpoint.epoch_at(moment))


class WhenItFails(LessonScene):
    """A picture that is read wrong, followed back: from two outputs to one neuron, to its weights and pixels."""

    MOST_ROWS = 18

    def construct(self) -> None:
        self.test = self.digits()
        self.decision = decision_of(self.network, self.test)
        self.forward = self.network.forward(self.test.images[self.decision.index])
        self.comparison = compare(self.forward, self.decision.answer, self.decision.other)
        self.way = way_back(self.comparison)
        names = self.test.class_names
        self.answer_name, self.other_name = names[self.decision.answer], names[self.decision.other]
        self.diagram = diagram_with_values(self.network, names)
        self.values = values_beside(self.diagram, self.forward.output)

        self.a_mistake()
        if self.way:
            self.the_terms()
            self.added_up()
            self.the_way_back()
        self.the_pixels()
        self.end()

    def alternative_text(self) -> str:
        test = self.digits()
        decision = decision_of(self.network, test)
        comparison = compare(self.network.forward(test.images[decision.index]), decision.answer, decision.other)
        names = test.class_names
        text = (
            f"A picture of the class {names[test.labels[decision.index]]} is read as {names[decision.answer]}. "
            f"Against {names[decision.other]}, its weighted sum leads by {comparison.lead:.2f}"
        )
        if way_back(comparison):
            strongest = comparison.terms[comparison.order[0]]
            text += f", of which a single neuron gives {strongest:+.2f}; it is followed back to weights and pixels"
        return text.replace("-", "−") + "."

    def a_mistake(self) -> None:
        self.next_section("A mistake")
        diagram, output = self.diagram, self.forward.output
        wrong, other = output[self.decision.answer], output[self.decision.other]
        self.answer_colour = theme.WRONG if self.decision.mistaken else theme.ANSWER
        self.other_colour = theme.ANSWER if self.decision.mistaken else theme.TEXT
        sentence = f"This {self.other_name} is read as {self.answer_name}. It is no black box: look at what flows in."
        if not self.decision.mistaken:
            sentence = (
                f"It reads every test picture right. The closest: {self.answer_name}, {wrong:.2f} against {other:.2f}."
            )
        diagram.show(self.forward)
        self.ring = diagram.winner_mark(self.forward).set_color(self.answer_colour)
        with self.caption(
            sentence,
            *(FadeIn(c) for c in diagram.connections),
            *(FadeIn(neurons) for neurons in diagram.columns),
            FadeIn(diagram.dots),
            FadeIn(diagram.labels),
            FadeIn(self.values),
            moves="The network with a digit and all that flows; the answer is ringed in red, the truth is yellow. Then "
            "all lines go but those into these two outputs.",
        ):
            labels = diagram.labels
            self.play(
                Create(self.ring),
                labels[self.decision.answer].animate.set_fill(self.answer_colour),
                labels[self.decision.other].animate.set_fill(self.other_colour),
                run_time=theme.QUICK,
            )
            self.wait(1.5 * theme.STEP)
            self.only_two_outputs()

    def only_two_outputs(self) -> None:
        self.next_section("Two outputs")
        diagram = self.diagram
        rows = np.zeros(diagram.connections[-1].shape, np.float32)
        rows[[self.decision.answer, self.decision.other]] = 1
        flows = self.forward.contributions(len(diagram.connections) - 1)
        into = lit(diagram.connections[-1], rows)
        into.set_values(flows, 0.5 * np.abs(flows[rows[:, 0] > 0]).max())
        into.width_of_lines, into.contrast = 4.0, 0.5
        others = [n for n in range(len(diagram.labels)) if n not in (self.decision.answer, self.decision.other)]
        seen = self.values.copy()
        seen.opacities[others] = 0
        self.play(
            *(FadeOut(connections) for connections in diagram.connections),
            FadeIn(into),
            FadeOut(VGroup(*(diagram.labels[n] for n in others))),
            Transform(self.values, seen),
        )
        diagram.connections[-1] = into

    def the_terms(self) -> None:
        self.next_section("The terms")
        diagram, comparison = self.diagram, self.comparison
        self.chart = TermsChart(comparison, self.MOST_ROWS, self.answer_name, self.other_name)
        self.chart.colour(self.answer_colour, self.other_colour)
        column = diagram.columns[-2]
        self.discs = self.chart.discs(column)
        others = self.chart.without_a_row(column)
        leaving = Group(
            diagram.connections[-1], *diagram.columns[:-2], others, diagram.columns[-1], diagram.dots, self.ring
        )
        start = self.chart.discs(column, at_rows=False)
        self.remove(column)
        self.add(others, start)
        # The names of the two outputs go to over the side of the chart that is theirs.
        labels = [diagram.labels[n] for n in (self.decision.other, self.decision.answer)]
        to_heads = zip(labels, self.chart.heads, strict=True)
        with self.caption(
            f"Each neuron speaks for the {self.answer_name}, or for the {self.other_name}.",
            FadeOut(leaving, self.values, run_time=theme.STEP),
            Transform(start, self.discs, run_time=theme.FLOW),
            *(FadeOut(label, target_position=head, run_time=theme.FLOW) for label, head in to_heads),
            FadeIn(self.chart.heads, self.chart.axis, run_time=theme.FLOW),
            FadeIn(
                *self.chart.names, self.chart.numbers, run_time=theme.FLOW, rate_func=squish_rate_func(smooth, 0.5, 1)
            ),
            moves="The neurons of the last hidden layer line up on the left, the names of the outputs at the top; a "
            "bar grows for each neuron, to the right for the answer, to the left for the other.",
        ):
            self.remove(start)
            self.add(self.discs)
            self.play(GrowBars(self.chart, run_time=theme.FLOW))

    def added_up(self) -> None:
        self.next_section("Added up")
        chart, lead = self.chart, self.comparison.lead
        outvoted = f"the {self.other_name} is outvoted" if self.decision.mistaken else f"the {self.answer_name} wins"
        with self.caption(
            f"Added up, with the biases: {signed(lead)}, and {outvoted}.",
            FadeIn(chart.rule, chart.total_name, chart.total),
            moves="From top to bottom the bars are added to one at the foot; it grows to the right, then shrinks.",
        ):
            self.add(chart.total_bar)
            self.play(AddUpTerms(chart, run_time=4 * theme.STEP))

    def the_way_back(self) -> None:
        self.next_section("The way back")
        chart = self.chart
        self.mark = Circle(float(self.discs.radii[0]) + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        self.mark.move_to(self.discs.centres[0])
        dimmed = chart.bars.copy()
        dimmed.opacities[1:] = 0.25
        diagram = diagram_with_values(self.network, self.test.class_names).show(self.forward)
        self.diagram = diagram
        targets = []
        for number, connections in enumerate(diagram.connections):
            rows = np.zeros(connections.shape, np.float32)
            last = number == len(diagram.connections) - 1
            into = [self.decision.answer, self.decision.other] if last else [self.way[number]]
            rows[into] = 1
            if number:
                rows[:] = 0
                rows[into, self.way[number - 1]] = 1
            targets.append(lit(connections, rows))
            targets[-1].width_of_lines, targets[-1].contrast = 1.6, 0.5
            if number:
                targets[-1].set_values(connections.values.reshape(connections.shape), 0.5)
                targets[-1].width_of_lines = 4.0
        rings = VGroup()
        for column, neuron in enumerate(self.way, 1):
            place = diagram.layout[column]
            rings.add(
                Circle(place.diameter / 2 + 0.07, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH).move_to(
                    place.centres[neuron]
                )
            )
        labels = VGroup(*(diagram.labels[n] for n in (self.decision.answer, self.decision.other)))
        labels[0].set_fill(self.answer_colour)
        labels[1].set_fill(self.other_colour)
        old = Group(chart.heads, chart.axis, *chart.names, chart.bars, chart.numbers, chart.rule)
        old.add(chart.total_name, chart.total, chart.total_bar)
        column = diagram.columns[-2]
        others = chart.without_a_row(column)
        network = [*diagram.columns[:-2], others, diagram.columns[-1], labels, diagram.dots]
        lit_by = "Its pixels." if len(self.way) == 1 else "Above all, this one in the first layer."
        if len(self.way) > 2:
            lit_by = "Follow the strongest, layer by layer."
        with self.caption(
            f"This neuron did most. What lit it? {lit_by}",
            Create(self.mark),
            Transform(chart.bars, dimmed),
            moves="The first of the neurons is ringed; the other bars dim. The neurons go back to their column in the "
            "network, and a bright line goes from the outputs to the ringed one, and on to the left.",
        ):
            self.wait(theme.STEP)
            self.play(
                FadeOut(old, rate_func=squish_rate_func(smooth, 0, 0.5)),
                Transform(self.discs, chart.discs(column, at_rows=False)),
                Transform(self.mark, rings[-1]),
                *(FadeIn(part, rate_func=squish_rate_func(smooth, 0.25, 1)) for part in network),
                run_time=1.25 * theme.STEP,
            )
            self.remove(self.discs, others)
            self.add(column, self.mark)
            for number in range(len(targets) - 1, -1, -1):
                moves: list[Animation] = [FadeIn(targets[number])]
                if 0 < number < len(rings):
                    moves.append(Create(rings[number - 1]))
                self.play(*moves, run_time=theme.QUICK)
        self.remaining = Group(*targets, *diagram.columns[1:], labels, diagram.dots, self.mark, *rings[:-1])
        self.first_ring = rings[0]

    def the_pixels(self) -> None:
        self.next_section("The pixels")
        layer = self.network.layers[0]
        never_seen = self.digits("train").vectors.max(axis=0) == 0
        if not self.way:
            self.without_hidden_layers(never_seen)
            return
        neuron = self.way[0]
        stage = WeightedSum(self.forward.input, layer.weights[neuron], None, "its weights", never_seen, places=2)
        stage.clear_sum()
        row = self.bias_and_activation(stage, float(layer.biases[neuron]), self.forward.activations[0][neuron])
        pixels = self.diagram.columns[0]
        centre = self.first_ring.get_center()
        with self.caption(
            "Its weights answer to these pixels. What they mean is another question.",
            FadeOut(self.remaining, run_time=theme.QUICK),
            Transform(pixels, stage.pixels, run_time=theme.STEP),
            FadeIn(stage.weight_picture, target_position=centre, scale=0.05, run_time=theme.STEP),
            moves="The picture and the neuron's weights come side by side; their products appear and add up. Beneath, "
            "its bias and its activation, with the neuron as bright as it is.",
        ):
            self.remove(pixels)
            self.add(stage.pixels)
            self.play(FadeIn(stage.frames, stage.names, stage.signs, stage.equation, stage.total))
            self.add(stage.product_picture)
            self.play(AddUpProducts(stage))
            self.play(FadeIn(row))
            self.wait(theme.QUICK)

    def bias_and_activation(self, stage: WeightedSum, bias: float, activation: float) -> Group:
        """A line beneath the sum: the neuron's bias, and its activation with a disc that shows it."""
        size = theme.CAPTION_SIZE
        words = VGroup(
            Words("bias", size, theme.BIASES_SYMBOL),
            Number(bias, 2, size, theme.BIASES_SYMBOL, sign=True),
            Words("activation", size, theme.ACTIVATIONS_SYMBOL),
            Number(activation, 2, size, theme.ACTIVATIONS_SYMBOL),
        )
        y, pen = stage.total.get_y() - 0.85, 0.0
        for word, gap in zip(words, (0.25, 0.9, 0.25, 0.3), strict=True):
            word.move_to((pen, y, 0), LEFT)
            pen += word.width + gap
        disc = Cells([[pen + 0.25, y, 0]], 0.5, 1, (0, 0, 0), stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
        disc.set_brightness([activation])
        for word in words[::2]:
            word.align_to(words[1], DOWN)

        return Group(words, disc).set_x(0)

    def without_hidden_layers(self, never_seen: NDArray[np.bool_]) -> None:
        """Where pixels lead straight to the outputs, the two outputs' weights are compared, pixel by pixel."""
        last = self.network.layers[-1].weights
        difference = last[self.decision.answer] - last[self.decision.other]
        stage = WeightedSum(self.forward.input, difference, None, "difference", never_seen, places=2).clear_sum()
        diagram = self.diagram
        leaving = Group(diagram.connections[-1], *diagram.columns, diagram.dots, self.ring, self.values)
        leaving.add(diagram.labels[self.decision.answer], diagram.labels[self.decision.other])
        with self.caption(
            f"The weights of {self.answer_name} less those of {self.other_name}, on these pixels.",
            FadeOut(leaving),
            moves="The picture, the difference of the weights and their products; the products add up.",
        ):
            self.play(FadeIn(stage))
            self.play(AddUpProducts(stage))
        with self.caption(
            f"Sum {signed(stage.sum)}, biases {signed(self.comparison.bias)}: together {signed(self.comparison.lead)}."
        ):
            pass


class TermsChart(Group):
    """What each neuron adds to the lead of one output over another, as bars to the right and to the left.

    Rows: the neurons, what did most for the answer first (of many, the strongest, and the others together), and the
    biases. `values` (rows,) add up to the lead; `neurons` are those that have a row of their own.
    """

    NAMES, NUMBERS = -6.0, -4.9
    LEFT_EDGE, RIGHT_EDGE, TOP, BOTTOM = -3.9, 6.6, 2.85, -2.75

    def __init__(self, comparison: Comparison, most: int, answer: str, other: str) -> None:
        order = comparison.order
        if len(order) > most:
            strongest = np.argsort(-np.abs(comparison.terms), kind="stable")[: most - 1]
            order = order[np.isin(order, strongest)]
        self.neurons = order
        rest = comparison.terms.sum() - comparison.terms[order].sum()
        left_out = len(comparison.terms) - len(order)
        extra = [(f"{left_out} others", rest, theme.QUIET_TEXT)] if left_out else []
        extra.append(("biases", comparison.bias, theme.BIASES_SYMBOL))
        self.values = np.array([*comparison.terms[order], *(value for _, value, _ in extra)])
        self.lead = comparison.lead
        rows = len(self.values)
        step = min((self.TOP - self.BOTTOM) / (rows + 1.8), 0.55)
        self.y = self.TOP - (np.arange(rows) + 0.5) * step
        self.thickness = 0.7 * step
        foot = self.y[-1] - 1.5 * step
        size = float(np.clip(0.75 * 135 * step, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        # All bars have room, and the one at the foot on its whole way.
        sums = np.cumsum(self.values)
        low, high = (float(limit(0.0, *self.values, *sums)) for limit in (min, max))
        self.unit = (self.RIGHT_EDGE - self.LEFT_EDGE) / max(high - low, 1e-9)
        self.zero = self.LEFT_EDGE - low * self.unit
        self.bars = Cells(np.zeros((rows, 3)), 1, 0, stroke_width=0)
        self.total_bar = Cells(np.zeros((1, 3)), 1, 0, stroke_width=0)
        self.foot = foot
        centres = np.stack([np.full(rows, self.NUMBERS), self.y, np.zeros(rows)], axis=1)
        self.numbers = Numbers(self.values, centres, 2, size, widths=np.full(rows, 1.0), alignment=1.0, sign=True)
        self.names = VGroup(
            *(
                Words(name, size, colour).move_to((self.NAMES, self.y[len(order) + n], 0))
                for n, (name, _, colour) in enumerate(extra)
            )
        )
        self.heads = VGroup(
            Words(f"for {other}", theme.LABEL_SIZE).move_to((self.zero - 0.35, 3.25, 0), RIGHT),
            Words(f"for {answer}", theme.LABEL_SIZE).move_to((self.zero + 0.35, 3.25, 0), LEFT),
        )
        self.heads[1].align_to(self.heads[0], UP)  # both begin with an f, as high as any letter
        self.axis = Line((self.zero, 3.5, 0), (self.zero, self.y[-1] - 0.5 * step, 0), stroke_width=2)
        self.axis.set_color(theme.NEURON_OUTLINE)
        self.rule = Line((-6.6, foot + 0.75 * step, 0), (6.6, foot + 0.75 * step, 0), stroke_width=2)
        self.rule.set_color(theme.QUIET_TEXT)
        self.total_name = Words("together", theme.NOTE_SIZE).move_to((self.NAMES, foot, 0))
        self.total = Number(0, 2, theme.LABEL_SIZE, sign=True)
        self.total.move_to((self.NUMBERS + 0.5, foot, 0), RIGHT)
        self.colours = (theme.WRONG, theme.ANSWER)
        super().__init__(self.bars, self.total_bar, self.numbers, self.names, self.heads, self.axis, self.rule)
        self.add(self.total_name, self.total)
        self.grow(1)
        self.add_up(0)

    def colour(self, answer: str, other: str) -> None:
        self.colours = (answer, other)
        self.heads[0].set_fill(other)
        self.heads[1].set_fill(answer)
        self.grow(1)

    def discs(self, column: Cells, at_rows: bool = True) -> Cells:
        """The neurons that have a row, with what they show in their column; in their rows, or still in the column."""
        places, size = column.centres[self.neurons], 2 * column.radii[self.neurons]
        discs = Cells(places, size, 1, column.colours[self.neurons], stroke_colour=theme.NEURON_OUTLINE)
        discs.stroke_widths[:] = theme.NEURON_OUTLINE_WIDTH
        if at_rows:
            rows = np.stack([np.full(len(places), self.NAMES), self.y[: len(places)], np.zeros(len(places))], axis=1)
            discs.place(rows, np.full(len(places), min(1.25 * self.thickness, 0.4)))
        return discs

    def without_a_row(self, column: Cells) -> Cells:
        """The column's other neurons alone, as they stand there."""
        others = column.copy()
        others.opacities[self.neurons] = others.stroke_opacities[self.neurons] = 0
        return others

    def grow(self, share: float) -> None:
        """Let the bars have this share of their length."""
        self._stretch(self.bars, self.values * share, self.y)

    def add_up(self, count: float) -> None:
        """Show the sum of the first `count` rows at the foot; of a fraction, the share of the next one."""
        sums = np.concatenate([[0.0], np.cumsum(self.values)])
        value = float(np.interp(count, np.arange(len(sums)), sums)) if count < len(self.values) else self.lead
        self._stretch(self.total_bar, np.array([value]), np.array([self.foot]))
        set_right_aligned(self.total, value)

    def _stretch(self, bars: Cells, values: NDArray[Any], y: NDArray[Any]) -> None:
        ends = self.zero + values * self.unit
        bars.points[0::2, 0], bars.points[1::2, 0] = np.minimum(ends, self.zero), np.maximum(ends, self.zero)
        bars.points[0::2, 1], bars.points[1::2, 1] = y - self.thickness / 2, y + self.thickness / 2
        bars.colours = np.where(values[:, None] >= 0, rgb(self.colours[0]), rgb(self.colours[1])).astype(np.float32)


class GrowBars(Animation):
    """The bars of a chart of terms grow from nothing."""

    def __init__(self, chart: TermsChart, **options: Any) -> None:
        self.chart = chart
        super().__init__(chart.bars, **{"introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.chart.grow(self.rate_func(alpha))


class AddUpTerms(Animation):
    """Row after row is added to the bar at the foot of a chart of terms; what is not yet added is dimmed."""

    def __init__(self, chart: TermsChart, **options: Any) -> None:
        self.chart = chart
        super().__init__(Group(chart.bars, chart.total_bar, chart.total), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        count = self.rate_func(alpha) * len(self.chart.values)
        self.chart.add_up(count)
        done = np.clip(count - np.arange(len(self.chart.values)), 0, 1)
        self.chart.bars.opacities = (
            (0.3 + 0.7 * done).astype(np.float32) if alpha > 0 else np.ones_like(done, np.float32)
        )


def has_a_run(checkpoint: Checkpoint) -> bool:
    """Whether there are snapshots enough to replay the training."""
    return len(checkpoint.snapshot_parameters) >= 2


@lru_cache(maxsize=2)
def progress_of(checkpoint: Checkpoint, digits: Digits) -> Scores:
    """Accuracy and cost on the test set at each snapshot of the run."""
    return scores([checkpoint.snapshot(n) for n in range(len(checkpoint.snapshot_parameters))], digits)


@lru_cache(maxsize=2)
def decision_of(network: Network, digits: Digits) -> Decision:
    return decision_to_explain(network, digits)


def digit_to_replay(start: Network, end: Network, digits: Digits) -> int:
    """The first test picture that the network reads wrong at the start and right, clearly (0.9 or more), at the end.

    Where there is none, the first that it reads right at the end; where there is none either, the first.
    """
    outputs = end.predict(digits.vectors)
    right = outputs.argmax(axis=1) == digits.labels
    learnt = right & (start.classify(digits.vectors) != digits.labels)
    for wanted in (learnt & (outputs.max(axis=1) >= 0.9), learnt, right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0


def diagram_with_values(network: Network, class_names: tuple[str, ...]) -> NetworkDiagram:
    """A network with its labels, and with room for a line above it and for values to the right of the labels."""
    top, right = 2.55, 4.9
    for _ in range(2):
        layout = network_layout(network.sizes, right=right, top=top)
        diagram = NetworkDiagram(network, class_names, layout)
        beyond = diagram.labels.get_right()[0] + _VALUE_GAP + _VALUE_WIDTH - _READINGS_RIGHT
        right -= max(beyond, 0)
    return diagram


def values_beside(diagram: NetworkDiagram, outputs: NDArray[Any]) -> Numbers:
    """The outputs' values to the right of their labels."""
    place = diagram.layout[-1]
    centres = place.centres.copy()
    centres[:, 0] = diagram.labels.get_right()[0] + _VALUE_GAP + _VALUE_WIDTH / 2
    size = float(np.clip(0.9 * 135 * place.diameter, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
    return Numbers(outputs, centres, 2, size, opacities=place.shown.astype(float))


def lit(connections: Connections, emphasis: NDArray[Any]) -> Connections:
    """A copy of which each connection is seen as much as it is emphasised, (n_out, n_in)."""
    copy = connections.copy()
    copy.emphasis = np.asarray(emphasis, np.float32).ravel()
    return copy


def set_right_aligned(number: Number, value: float) -> None:
    """Show another number with the same right edge."""
    edge = number.get_right()[0]
    number.set_value(value)
    number.shift((edge - number.get_right()[0]) * RIGHT)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def signed(value: float, places: int = 2) -> str:
    return f"{value:+.{places}f}".replace("-", "−")
