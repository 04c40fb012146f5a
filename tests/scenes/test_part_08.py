"""Part 8 shows what the run's snapshots, the random settings and the terms of a decision really are."""

from __future__ import annotations

import numpy as np
import pytest

from network import ForwardPass, Network
from network.analysis.explain import Decision, lead_over
from network.analysis.knobs import progress
from network.checkpoint import Checkpoint
from network.digits import Digits, Split
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.dials import TrySettings
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.learning_curve import LearningCurve
from scenes.kit.mobjects.long_number import LongNumber
from scenes.kit.mobjects.swarm import Swarm
from scenes.kit.mobjects.terms_chart import AddUpTerms, TermsChart
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightScale, WeightWall
from scenes.part_08_learning.from_noise_to_weights import ReplayWeights
from scenes.part_08_learning.outputs_beside import diagram_with_values, values_beside
from scenes.part_08_learning.training_turns_the_knobs import ReplayReading
from scenes.part_08_learning.when_it_fails import WhenItFails
from tests.scenes.conftest import make_checkpoint

COLOURS = theme.WRONG, theme.ANSWER


def test_a_dot_for_each_setting_at_its_accuracy(digits: Digits) -> None:
    axes = Axes((-1, 1), (0, 100), width=4, height=5, x_ticks=())
    accuracies = np.array([0.101, 0.109, 0.05, 0.105, 0.3])
    dots = Swarm(100 * accuracies, axes)
    assert dots.centres[:, 1] == pytest.approx(axes.point(0, 100 * accuracies)[:, 1])
    assert len(np.unique(dots.centres.round(6), axis=0)) == len(accuracies)
    # 10.1, 10.9 and 10.5 % stand side by side.
    assert len(set(dots.centres[[0, 1, 3], 0].round(6))) == 3


def test_trying_ends_with_the_last_setting_and_all_dots() -> None:
    rng = np.random.default_rng(0)
    settings = rng.uniform(-1, 1, (100, 6)).astype(np.float32)
    dials = Dials(np.arange(18).reshape(6, 3), 0.5, settings[0], 1)
    dots = Swarm(rng.uniform(0, 20, 100), Axes((-1, 1), (0, 100), x_ticks=()))
    trying = TrySettings(dials, dots, settings)
    trying.begin()
    trying.interpolate(0)
    assert dials.turns == pytest.approx(settings[0]) and dots.opacities.sum() == 1
    trying.interpolate(1)
    assert dials.turns == pytest.approx(settings[-1]) and dots.opacities.all()


@pytest.mark.parametrize(("figures", "shown"), [(1, 1), (447, 447), (3914, 3914), (7854, 3920)])
def test_a_long_number_has_the_whole_stage(figures: int, shown: int) -> None:
    number = LongNumber.filling("7" * figures, FRAME_WIDTH - 2 * SAFE_MARGIN, STAGE_TOP - STAGE_BOTTOM)
    assert number.shown == shown
    assert number.width <= 13.53 and number.height <= 6.51


def replay_reading(checkpoint: Checkpoint, digits: Digits) -> ReplayReading:
    network = checkpoint.network
    diagram = diagram_with_values(network, digits.class_names)
    forward = network.forward(digits.images[3])
    values = values_beside(diagram, forward.output)
    found = progress(checkpoint, digits)
    replay = ReplayReading(
        checkpoint,
        diagram,
        digits.vectors[3],
        int(digits.labels[3]),
        values,
        diagram.winner_mark(forward),
        found.accuracy,
        Number(0, 2),
        Number(100, 2),
    )
    replay.begin()
    return replay


@pytest.mark.parametrize("snapshot", [0, 1, 2, 3])
def test_at_a_snapshot_the_outputs_are_those_of_its_network(
    checkpoint: Checkpoint, digits: Digits, snapshot: int
) -> None:
    replay = replay_reading(checkpoint, digits)
    replay.interpolate(snapshot / 3)
    network = checkpoint.snapshot(snapshot)
    forward = network.forward(digits.vectors[3])
    assert replay.values.values == pytest.approx(forward.output, abs=1e-5)
    for neurons, activations in zip(replay.diagram.columns[1:], forward.activations, strict=True):
        assert neurons.colours[:, 0] == pytest.approx(255 * activations.clip(0, 1), abs=0.01)
    place = replay.diagram.layout[-1].centres[forward.answer]
    assert replay.ring.get_center() == pytest.approx(place)
    right = forward.answer == digits.labels[3]
    assert replay.ring.get_stroke_color().to_hex() == (theme.ANSWER if right else theme.WRONG)
    assert replay.accuracy.value == pytest.approx(100 * evaluate(network, digits).accuracy)
    assert replay.epoch is not None and replay.epoch.value == checkpoint.snapshot_epochs[snapshot]


def test_the_weight_pictures_and_their_scale_follow_the_run(checkpoint: Checkpoint, digits: Digits) -> None:
    wall = WeightWall(checkpoint.snapshot(0).layers[0].weights)
    found = progress(checkpoint, digits)
    curve = LearningCurve({"": found.cost}, checkpoint.snapshot_epochs, log_epochs=True)
    limits, scale = np.array([0.1, 0.2, 0.4, 0.8]), WeightScale(0.1)
    replay = ReplayWeights(checkpoint, wall.pictures, limits, scale, [curve])
    replay.begin()
    for moment in (0.0, 1.5, 3.0):
        replay.interpolate(moment / 3)
        weights = checkpoint.at_moment(moment).layers[0].weights
        for picture, row in zip(wall.pictures, weights, strict=True):
            assert picture.weights == pytest.approx(row, abs=1e-6)
            assert picture.limit == scale.limit == pytest.approx(np.interp(moment, range(4), limits))
        assert [label.value for label in scale.labels] == pytest.approx([-scale.limit, 0, scale.limit])
        assert curve.revealed == checkpoint.epoch_at(moment)


@pytest.mark.parametrize("most", [4, 9, 18])
def test_the_rows_add_up_to_the_lead_and_the_bars_are_as_long(forward: ForwardPass, most: int) -> None:
    lead = lead_over(forward, 2, 7)
    chart = TermsChart(lead.terms, lead.bias, most, "2", "7")
    chart.colour(*COLOURS)
    assert chart.values.sum() == pytest.approx(lead.total)
    assert len(chart.neurons) == min(most - 1, 16) if most < 16 else 16
    np.testing.assert_array_equal(chart.values[: len(chart.neurons)], lead.terms[chart.neurons])
    assert chart.numbers.values == pytest.approx(chart.values)
    ends = chart.bars.points.reshape(-1, 2, 3)[:, :, 0]
    assert ends[:, 1] - ends[:, 0] == pytest.approx(np.abs(chart.values) * chart.unit)
    for end, value, colour in zip(ends, chart.values, chart.bars.colours, strict=True):
        side, tint = (0, COLOURS[0]) if value >= 0 else (1, COLOURS[1])
        assert end[side] == pytest.approx(chart.zero)
        np.testing.assert_allclose(colour, rgb(tint))


def test_adding_up_ends_at_the_lead(forward: ForwardPass) -> None:
    lead = lead_over(forward, 2, 7)
    chart = TermsChart(lead.terms, lead.bias, 18, "2", "7")
    adding = AddUpTerms(chart)
    adding.begin()
    for rows in range(len(chart.values) + 1):
        adding.interpolate(rows / len(chart.values))
        assert chart.total.value == pytest.approx(chart.values[:rows].sum(), abs=1e-6)
        left, right = chart.total_bar.points[:, 0]
        assert right - left == pytest.approx(abs(chart.total.value) * chart.unit, abs=1e-6)
        assert chart.LEFT_EDGE - 1e-6 <= left <= right <= chart.RIGHT_EDGE + 1e-6
    assert chart.total.value == lead.total


@pytest.mark.parametrize("names", [tuple("0123456789"), ("T-shirt/top", "Ankle boot", *"23456789")])
def test_labels_and_values_stay_in_the_frame(network: Network, names: tuple[str, ...]) -> None:
    diagram = diagram_with_values(make_checkpoint(network, names).network, names)
    values = values_beside(diagram, np.full(10, 0.5))
    left, _, right, _ = values.extents().T
    assert right.max() <= 6.75 and left.min() > diagram.labels.get_right()[0]


def test_a_hyphen_in_the_name_of_a_class_is_no_minus_sign(network: Network, digits: Digits) -> None:
    class OnClothes(WhenItFails):
        decision = Decision(index=0, answer=1, other=0, mistaken=True)

        @property
        def network(self) -> Network:
            return network

        def digits(self, split: Split = "test") -> Digits:
            return Digits(digits.images, digits.labels, ("T-shirt/top", *"123456789"))

    text = OnClothes().alternative_text()
    lead = lead_over(network.forward(digits.images[0]), 1, 0).total
    assert "T-shirt/top" in text and f"leads by {lead:.2f}".replace("-", "−") in text
