"""Part 8 shows and says what the settings, the run's snapshots and the votes of a decision really are."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from network import ForwardPass, Network
from network.analysis.detectors import bar_detector
from network.analysis.examples import hero
from network.analysis.explain import Decision, lead_over
from network.analysis.knobs import progress
from network.analysis.setting_by_hand import with_detector
from network.checkpoint import Checkpoint
from network.digits import Digits, Split
from network.evaluation import evaluate
from network.gradients import cost, one_hot
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
from scenes.part_08_learning.a_setting_of_all_knobs import ASettingOfAllKnobs
from scenes.part_08_learning.from_noise_to_weights import ReplayWeights
from scenes.part_08_learning.outputs_beside import diagram_with_values, values_beside
from scenes.part_08_learning.says_and_should import SaysAndShould
from scenes.part_08_learning.training_turns_the_knobs import ReplayReading, TrainingTurnsTheKnobs
from scenes.part_08_learning.when_it_fails import WhenItFails
from scenes.settings import NO_VOICE, LessonContext
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent
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
    assert replay.ring.get_stroke_color().to_hex() == theme.ANSWER, "red is for negative numbers only"
    assert replay.accuracy.value == pytest.approx(100 * evaluate(network, digits).accuracy)
    assert replay.epoch is not None and replay.epoch.value == checkpoint.snapshot_epochs[snapshot]


def test_the_weight_pictures_their_scale_and_the_answer_follow_the_run(checkpoint: Checkpoint, digits: Digits) -> None:
    start = checkpoint.snapshot(0)
    wall = WeightWall(start.layers[0].weights)
    found = progress(checkpoint, digits)
    curve = LearningCurve({"": found.cost}, checkpoint.snapshot_epochs, log_epochs=True)
    limits, scale = np.array([0.1, 0.2, 0.4, 0.8]), WeightScale(0.1)
    image = digits.vectors[3]
    judged = SaysAndShould(start.forward(image).output, 3, digits.class_names, 5.5)
    replay = ReplayWeights(checkpoint, wall.pictures, limits, scale, curve, judged, image)
    replay.begin()
    for moment in (0.0, 1.5, 3.0):
        replay.interpolate(moment / 3)
        network = checkpoint.at_moment(moment)
        for picture, row in zip(wall.pictures, network.layers[0].weights, strict=True):
            assert picture.weights == pytest.approx(row, abs=1e-6)
            assert picture.limit == scale.limit == pytest.approx(np.interp(moment, range(4), limits))
        assert [label.value for label in scale.labels] == pytest.approx([-scale.limit, 0, scale.limit])
        assert curve.revealed == checkpoint.epoch_at(moment)
        output = network.forward(image).output
        assert judged.says.colours[:, 0] == pytest.approx(255 * output, abs=0.01)
        assert judged.off.value == pytest.approx(cost(network, image[None], one_hot(np.array([3]), 10)), rel=1e-4)
    assert judged.should.colours[:, 0].tolist() == [255 * (k == 3) for k in range(10)]


@pytest.mark.parametrize("names", [tuple("0123456789"), ("T-shirt/top", "Ankle boot", *"23456789")])
def test_names_between_the_rows_have_room_or_only_the_right_one_is_shown(names: tuple[str, ...]) -> None:
    rows = SaysAndShould(np.full(10, 0.5), 1, names, 5.5)
    shown = [name.shown for name in rows.names]
    assert shown == (list(names) if len(names[0]) == 1 else [names[1]])
    assert rows.width <= 5.6


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


# ---------------------------------------------------------------------------------- what is said of the lesson's own


def said_in(scene: LessonScene) -> str:
    """All that a scene says, by rendering it at a low frame rate without drawing."""
    with tempconfig({"dry_run": True, "frame_rate": 4}):
        scene.render()
    return " ".join(scene.words)


def lesson(kind: type[LessonScene]) -> LessonScene:
    return kind(context=LessonContext(voice=NO_VOICE))


@pytest.mark.slow
def test_what_is_said_of_the_edge_detector_is_measured() -> None:
    scene = lesson(ASettingOfAllKnobs)
    start, test = scene.checkpoint.snapshot(0), scene.digits()
    text = said_in(scene)
    before = evaluate(start, test).accuracy
    layer = bar_detector(test.side, surround=True)
    changed = with_detector(start, layer, 0)
    after, lit = evaluate(changed, test).accuracy, np.mean(layer.weighted_sums(test.vectors) > 0)
    assert f"The score before: {percent(before, 2)}. And after: {percent(after, 2)}." in text
    assert (changed.classify(test.vectors) == 4).all() and "Either way, it says four to everything." in text
    assert f"does light up, for {percent(lit, 0)}" in text
    assert (
        f"{scene.network.parameter_count:,} knobs" in text
        and percent(evaluate(scene.network, test).accuracy, 2) in text
    )
    assert f"{len(str(2**scene.network.parameter_count)):,} digits. So nobody will ever try them all." in text


@pytest.mark.slow
def test_what_is_said_of_the_run_is_what_the_snapshots_say() -> None:
    scene = lesson(TrainingTurnsTheKnobs)
    text, run, test = said_in(scene), scene.checkpoint, scene.digits()
    index = hero(scene.network, test)
    answers = [int(run.snapshot(n).classify(test.vectors[index][None])[0]) for n in range(len(run.snapshot_epochs))]
    assert answers[0] == 4 and "about our three: four." in text
    assert answers.count(2) > 10 and "it leans towards two, and gets quite sure of it" in text
    last_wrong = max(n for n, answer in enumerate(answers) if answer != 3)
    assert answers[last_wrong + 1 :] and "Then the three pulls ahead, and stays there." in text
    assert f"{scene.network.forward(test.images[index]).output[3]:.2f} for three." in text


@pytest.mark.slow
def test_what_is_said_of_the_mistake_is_in_its_numbers() -> None:
    scene = lesson(WhenItFails)
    text, test, network = said_in(scene), scene.digits(), scene.network
    decision = scene.decision
    assert int(network.classify(test.vectors[decision.index][None])[0]) == decision.answer == 7
    assert test.labels[decision.index] == 3 and "This is a three, and our network says seven." in text
    forward, way = scene.forward, scene.way
    flows = forward.contributions(1)[way[1]]
    bias = network.layers[1].biases[way[1]]
    assert bias > flows[flows > 0].sum() and "Mostly because its bias starts it off bright." in text
    assert 1 / (1 + np.exp(-bias)) > 0.9 and flows[way[0]] == flows.max() and "Then this neuron pushed it." in text
    push = scene.push
    assert push is not None and f"push it {push.way} by two squares" in text
    moved = np.roll(test.images[hero(network, test)], (push.rows, push.columns), (0, 1))
    assert moved.sum() == pytest.approx(test.images[hero(network, test)].sum())
    output = network.forward(moved).output
    assert output.argmax() == 2 and f"it says two, at {output[2]:.2f}" in text
