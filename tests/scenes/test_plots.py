"""What curves, squished lines, learning curves and counters mean, also after they were moved."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Create, Mobject, Transform, VMobject
from manim.utils.hashing import get_json
from scipy.special import expit

from lesson.render.picture_checks import PIXELS_A_UNIT, box, overlap
from network import Network, checkpoint
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.animations.reveal_curves import RevealCurves
from scenes.kit.animations.run_along import RunAlong
from scenes.kit.animations.squish import Squish
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH
from scenes.kit.mobjects import learning_curve
from scenes.kit.mobjects.counter import Counter
from scenes.kit.mobjects.function_plot import FunctionPlot
from scenes.kit.mobjects.learning_curve import LearningCurve, TrainingCurves
from scenes.kit.mobjects.number_line import NumberLineSquish
from scenes.kit.mobjects.text import Number, Words

FINITE = st.floats(-50, 50)
MOVES: list[Callable[[Any], Any]] = [
    lambda mobject: mobject,
    lambda mobject: mobject.copy(),
    lambda mobject: mobject.shift((1.5, -0.5, 0)),
    lambda mobject: mobject.scale(0.6),
    lambda mobject: mobject.scale(0.7, about_point=(3, 1, 0)).copy().shift((-1, 0.3, 0)),
]


def relu(z: Any) -> Any:
    return np.maximum(z, 0)


def history(n: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).uniform(0.1, 0.9, n)


def anchors(curve: VMobject) -> Any:
    """The ends of a curve's straight lines, in order."""
    return np.concatenate([curve.points[:1], curve.points[3::4]])


def texts_of(mobject: Mobject) -> list[VMobject]:
    return [part for part in mobject.get_family() if isinstance(part, Words | Number) and len(part.points)]


def assert_legible(mobject: Mobject) -> None:
    texts = texts_of(mobject)
    for one, other in combinations(texts, 2):
        assert overlap(box(one), box(other)) <= 0, f"{one.shown} over {other.shown}"
    for text in texts:
        assert text.em * PIXELS_A_UNIT >= theme.SMALLEST_SIZE - 0.5
        left, bottom, right, top = box(text)
        assert max(-left, right) < FRAME_WIDTH / 2 and max(-bottom, top) < FRAME_HEIGHT / 2, text.shown


# Functions


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("function", [expit, np.sin, lambda x: x**3 / 216])
def test_every_point_of_a_curve_is_on_the_graph(function: Any, move: Any) -> None:
    plot = move(FunctionPlot(function, (-6, 6), (-1, 1)))
    axes, points = plot.axes, anchors(plot.curves[0])
    start, right, top = axes.lines.points[[0, 3, 7]]
    x = -6 + 12 * (points[:, 0] - start[0]) / (right[0] - start[0])
    y = -1 + 2 * (points[:, 1] - start[1]) / (top[1] - start[1])
    np.testing.assert_allclose(y, function(x), atol=1e-9)
    assert x[0] == pytest.approx(-6) and x[-1] == pytest.approx(6) and (np.diff(x) > 0).all()


@given(kink=st.floats(-2.9, 2.9))
@settings(max_examples=25, deadline=None)
def test_a_kink_is_exact(kink: float) -> None:
    plot = FunctionPlot(lambda x: np.abs(x - kink), (-3, 3), (0, 6), kinks=kink)
    assert np.isclose(anchors(plot.curves[0]), plot.axes.point(kink, 0), atol=1e-9).all(axis=1).any()


def test_what_leaves_the_stage_is_cut_off_exactly_there() -> None:
    plot = FunctionPlot(relu, (-6, 6), (-0.5, 2.5))
    np.testing.assert_allclose(plot.curves[0].points[-1], plot.axes.point(2.5, 2.5), atol=1e-9)
    wave = FunctionPlot(np.sin, (-6, 6), (-0.5, 0.5)).curves[0]
    assert len(wave.get_subpaths()) == 5
    assert wave.height == pytest.approx(5.2, abs=1e-9)


def test_a_function_that_stays_outside_leaves_an_empty_stage() -> None:
    assert len(FunctionPlot(lambda x: 0 * x + 9, (-1, 1), (0, 1), "far").curves[0].points) == 0


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("x", [-6, -1.25, 0, 5.5])
def test_the_point_stands_on_the_curve_and_says_where(x: float, move: Any) -> None:
    plot = move(FunctionPlot(expit, (-6, 6), (0, 1), "f"))
    plot.set_point(x)
    np.testing.assert_allclose(plot.dot.get_center(), plot.axes.point(x, expit(x)), atol=1e-9)
    assert [number.value for _, number in plot.readout] == [x, pytest.approx(float(expit(x)))]


def test_two_curves_share_a_stage_and_their_names_stand_apart() -> None:
    plot = FunctionPlot(expit, (-6, 6), (0, 3), "sigmoid").add_curve(np.tanh, "tanh").add_curve(relu, "ReLU")
    plot.set_point(1, curve=2)
    colours = {curve.get_stroke_color().to_hex() for curve in plot.curves}
    assert len(colours) == 3
    for curve, label in zip(plot.curves, plot.labels, strict=True):
        assert label.get_fill_color() == curve.get_stroke_color()
    assert_legible(plot)


def test_a_point_runs_along_the_curve_as_a_function_of_alpha() -> None:
    plot = FunctionPlot(expit, (-6, 6), (0, 1))
    run = RunAlong(plot, -4, 4, rate_func=lambda alpha: alpha)
    run.begin()
    for alpha in (0.75, 0.25, 1, 0, 0.5):
        run.interpolate(alpha)
        x = -4 + 8 * alpha
        np.testing.assert_allclose(plot.dot.get_center(), plot.axes.point(x, expit(x)), atol=1e-9)


def test_create_draws_a_curve_from_its_start() -> None:
    plot = FunctionPlot(expit, (-6, 6), (0, 1))
    end = plot.curves[0].points[-1].copy()
    create = Create(plot.curves[0], rate_func=lambda alpha: alpha)
    create.begin()
    create.interpolate(0.5)
    np.testing.assert_allclose(plot.curves[0].points[-1], plot.axes.point(0, 0.5), atol=0.02)
    create.interpolate(1)
    np.testing.assert_allclose(plot.curves[0].points[-1], end)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"function": lambda x: x / np.zeros_like(x)}, "function"),
        ({"function": lambda x: x * np.inf}, "function"),
        ({"function": lambda x: 1.0}, "function"),
        ({"x_range": (1, 1)}, "x_range"),
        ({"x_range": (np.nan, 1)}, "x_range"),
        ({"y_range": (0, np.inf)}, "y_range"),
        ({"y_range": (2, 1)}, "y_range"),
        ({"kinks": np.nan}, "kinks"),
        ({"asymptotes": 4}, "asymptotes"),
        ({"x_ticks": [9]}, "x_ticks"),
        ({"width": 0}, "width"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:divide by zero:RuntimeWarning")
def test_a_bad_argument_of_a_plot_is_named(arguments: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        FunctionPlot(**{"function": expit, **arguments})


def test_a_point_outside_the_stage_is_refused() -> None:
    with pytest.raises(ValueError, match="x must lie"):
        FunctionPlot(expit).set_point(6.1)


# The squished line


@pytest.mark.parametrize("move", MOVES)
def test_every_number_lands_at_its_sigmoid(move: Any) -> None:
    line = move(NumberLineSquish(expit, np.arange(-6, 7))).set_squished(1)
    start, end = line.stretch_line.points[[0, 3]]
    shares = (line.dots.centres - start) @ (end - start) / ((end - start) @ (end - start))
    np.testing.assert_allclose(shares, expit(np.arange(-6.0, 7)), atol=1e-9)
    np.testing.assert_allclose(line.dots.centres[:, 1], start[1], atol=1e-9)
    # Its labels are in the same order, and each hangs on its own dot.
    assert [label.value for label in line.labels] == list(range(-6, 7))
    np.testing.assert_allclose(line.threads.points[0::4, 0], line.dots.centres[:, 0], atol=1e-9)
    np.testing.assert_allclose(line.threads.points[3::4, 0], [n.get_x() for n in line.labels], atol=0.05)


@given(values=st.lists(FINITE, min_size=1, max_size=40), squished=st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_any_numbers_go_their_share_of_the_way_and_can_be_read(values: list[float], squished: float) -> None:
    line = NumberLineSquish(expit, values, places=1, squished=squished)
    there, here = line._below(expit(line.values)), line._above(line.values)
    np.testing.assert_allclose(line.dots.centres, here + squished * (there - here), atol=1e-5)
    assert_legible(line.labels)
    assert len(line.labels) >= min(len(values), 7)


@pytest.mark.parametrize("squished", np.linspace(0, 1, 21))
def test_no_label_covers_another_on_the_way(squished: float) -> None:
    assert_legible(NumberLineSquish(expit, squished=squished))


def test_squish_is_a_function_of_alpha_and_so_is_manims_own_transform() -> None:
    line = NumberLineSquish(expit)
    squish = Squish(line, rate_func=lambda alpha: alpha)
    squish.begin()
    for alpha in (1.0, 0.3, 0.0, 0.8):
        squish.interpolate(alpha)
        still = NumberLineSquish(expit, squished=alpha)
        for one, other in zip(line.get_family(), still.get_family(), strict=True):
            np.testing.assert_allclose(one.points, other.points, atol=1e-6)
    line = NumberLineSquish(expit)
    transform = Transform(line, line.copy().set_squished(1), rate_func=lambda alpha: alpha)
    transform.begin()
    transform.interpolate(0.4)
    still = NumberLineSquish(expit, squished=0.4)
    np.testing.assert_allclose(line.dots.points, still.dots.points, atol=1e-5)
    np.testing.assert_allclose(line.labels[0].points, still.labels[0].points, atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"function": relu}, "function"),
        ({"values": []}, "values"),
        ({"values": [np.nan]}, "values"),
        ({"values": [[1, 2], [3, 4]]}, "values"),
        ({"squished": 1.5}, "squished"),
        ({"squished": np.nan}, "squished"),
    ],
)
def test_a_bad_argument_of_a_squish_is_named(arguments: dict[str, Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        NumberLineSquish(**{"function": expit, **arguments})


# Learning curves


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("log_epochs", [False, True])
def test_the_points_of_a_learning_curve_are_the_history(log_epochs: bool, move: Any) -> None:
    values, epochs = history(12), np.array([0, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55])
    curve = move(LearningCurve({"run": values}, epochs, "cost", (0, 1), log_epochs))
    start, right, top = curve.axes.lines.points[[0, 3, 7]]
    points = anchors(curve.curves[0])
    place = np.log1p(epochs / 0.25) if log_epochs else epochs
    np.testing.assert_allclose((points[:, 0] - start[0]) / (right[0] - start[0]), place / place[-1], atol=1e-9)
    np.testing.assert_allclose((points[:, 1] - start[1]) / (top[1] - start[1]), values, atol=1e-9)
    assert curve.numbers[0].value == values[-1]


@given(epoch=st.floats(0, 20))
@settings(max_examples=25, deadline=None)
def test_a_run_is_revealed_up_to_an_epoch(epoch: float) -> None:
    values = history(21)
    curve = LearningCurve({"run": values}).reveal(epoch)
    expected = float(np.interp(epoch, np.arange(21), values))
    np.testing.assert_allclose(curve.heads[0].get_center(), curve.axes.point(epoch, expected), atol=1e-9)
    assert curve.numbers[0].value == pytest.approx(expected)
    if epoch > 0:
        np.testing.assert_allclose(curve.curves[0].points[-1], curve.heads[0].get_center(), atol=1e-9)


def test_a_replay_is_a_function_of_alpha() -> None:
    curve = TrainingCurves(np.column_stack([history(11), history(11, 1), history(11, 2)]))
    replay = RevealCurves(curve)
    replay.begin()
    for alpha in (1.0, 0.5, 0.0, 0.25):
        replay.interpolate(alpha)
        assert [panel.revealed for panel in curve.panels] == [10 * alpha] * 2
        assert curve.panels[0].numbers[0].value == pytest.approx(np.interp(10 * alpha, np.arange(11), history(11)))


def test_runs_are_named_at_their_ends_apart_and_in_their_colours() -> None:
    end = {"one": 0.5, "two": 0.501, "three": 0.499, "four": 0.9, "five": 0.5}
    curve = LearningCurve({name: np.linspace(0, value, 40) for name, value in end.items()}, quantity="accuracy")
    for epoch in (0, 7.5, 39):
        curve.reveal(epoch)
        assert_legible(curve)
        right = curve.axes.point(epoch, 0)[0]
        assert all(name.get_left()[0] > right for name in curve.names)
    order = sorted(range(5), key=lambda run: curve.names[run].get_y())
    assert [end[name] for name in np.array(list(end))[order]] == sorted(end.values())
    for run, name in enumerate(curve.names):
        assert name.get_fill_color() == curve.curves[run].get_stroke_color() == curve.numbers[run].get_fill_color()


@given(end=st.floats(0, 2), share=st.floats(0, 1), log_epochs=st.booleans(), height=st.sampled_from([1.75, 5.0]))
@settings(max_examples=25, deadline=None)
def test_the_number_of_a_run_crosses_neither_axis_nor_curve(
    end: float, share: float, log_epochs: bool, height: float
) -> None:
    values = end + (3 - end) * np.exp(-np.linspace(0, 6, 20))
    curve = LearningCurve({"": values}, log_epochs=log_epochs, height=height, y_range=(0, 3)).reveal(19 * share)
    corner = curve.axes.lines.points[0]
    left, foot, _, _ = box(curve.numbers[0])
    assert foot > corner[1] + 0.08
    assert left > curve.curves[0].points[:, 0].max(initial=corner[0]) + 0.1
    assert abs(curve.numbers[0].get_y() - curve.heads[0].get_y()) < 0.3, "it stays beside its point"


def test_a_shorter_run_stays_at_its_end() -> None:
    curve = LearningCurve({"long": history(20), "short": [0.5, 0.25]})
    np.testing.assert_allclose(curve.heads[1].get_center(), curve.axes.point(1, 0.25), atol=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.97, -3.0, 1e-9, 1e6])
@pytest.mark.parametrize("length", [1, 2, 50])
def test_a_constant_run_is_a_level_line_on_the_stage(value: float, length: int) -> None:
    curve = LearningCurve({"constant": np.full(length, value)}, quantity="what")
    low, high = curve.axes.y_range
    assert low <= value <= high and low < high
    assert curve.curves[0].height == 0 if length > 1 else True
    assert_legible(curve)


def test_what_was_not_measured_is_left_out() -> None:
    unmeasured = np.column_stack([history(5), history(5), np.full(5, np.nan)])
    assert [len(panel.curves) for panel in TrainingCurves(unmeasured).panels] == [1, 1]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: LearningCurve({}), "runs"),
        (lambda: LearningCurve({"a": []}), "'a'"),
        (lambda: LearningCurve({"a": [1, np.nan]}), "'a'"),
        (lambda: LearningCurve({"a": [[1, 2]]}), "'a'"),
        (lambda: LearningCurve({"a": [1, 2]}, [0]), "epochs"),
        (lambda: LearningCurve({"a": [1, 2]}, [1, 1]), "epochs"),
        (lambda: LearningCurve({"a": [1, 2]}).reveal(1.1), "epoch"),
        (lambda: LearningCurve({"a": [1, 2]}).reveal(np.nan), "epoch"),
        (lambda: TrainingCurves(np.zeros((3, 2))), "history"),
        (lambda: TrainingCurves(np.zeros((0, 3))), "history"),
        (lambda: TrainingCurves(np.full((3, 3), np.nan)), "history"),
        (lambda: TrainingCurves([[1, 0, 0], [np.inf, 0, 0]]), "history"),
    ],
)
def test_a_bad_history_is_named(make: Callable[[], Any], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        make()


# Counters


@pytest.mark.parametrize("sizes", [(784, 16, 16, 10), (4, 3, 2)])
def test_a_counter_ends_at_the_count(sizes: tuple[int, ...]) -> None:
    network = Network.random(sizes, np.random.default_rng(0))
    counter = Counter(network.parameter_count, "weights and biases")
    right, shown = counter.number.get_right()[0], []
    count = CountUp(counter)
    count.begin()
    for alpha in np.linspace(0, 1, 30):
        count.interpolate(alpha)
        shown.append(round(counter.value))
        assert counter.number.get_right()[0] == pytest.approx(right)
        assert_legible(counter)
    assert shown[0] == 0 and shown[-1] == network.parameter_count == counter.value
    assert all(earlier <= later for earlier, later in pairwise(shown))


def test_a_counter_sets_off_thousands() -> None:
    assert Counter(13002, "knobs").number.shown == "13,002"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_counter_refuses_what_is_no_number(value: float) -> None:
    with pytest.raises(ValueError, match="value"):
        Counter(3, "things").set_value(value)


# The cache of clips


def test_the_hash_tells_one_picture_from_another() -> None:
    pictures = [
        FunctionPlot(expit, y_range=(0, 3)),
        FunctionPlot(relu, y_range=(0, 3)),
        NumberLineSquish(expit, squished=0.5),
        NumberLineSquish(expit, squished=0.6),
        LearningCurve({"a": [0, 1, 2]}),
        LearningCurve({"a": [0, 1, 2.001]}),
    ]
    assert len({get_json(picture) for picture in pictures}) == len(pictures)


def test_training_curves_read_a_history_as_a_checkpoint_keeps_it() -> None:
    """The kit says for itself what the columns are, so that it needs no checkpoint."""
    assert learning_curve.HISTORY_COLUMNS == checkpoint.HISTORY_COLUMNS
