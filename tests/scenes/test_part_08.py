"""Part 8 shows and says what the settings, the run's snapshots and the votes of a decision really are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from manim import tempconfig

from network import ForwardPass, Layer, Network
from network.analysis.detectors import bar_detector
from network.analysis.examples import hero
from network.analysis.explain import Decision, lead_over
from network.analysis.knobs import progress
from network.analysis.opinions import Opinions
from network.analysis.setting_by_hand import with_detector
from network.checkpoint import Checkpoint
from network.digits import Digits, Split
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.dials import TrySettings
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.swarm import Swarm
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightWall
from scenes.kit.weight_rows import places_in_rows
from scenes.part_08_learning.a_setting_of_all_knobs import ASettingOfAllKnobs
from scenes.part_08_learning.from_noise_to_weights import (
    FromNoiseToWeights,
    ReplayWeights,
    scale_told,
)
from scenes.part_08_learning.growing_scale import GrowingScale
from scenes.part_08_learning.outputs_beside import (
    READINGS_RIGHT,
    diagram_with_values,
    large_picture_with_values,
    values_beside,
)
from scenes.part_08_learning.training_turns_the_knobs import ReplayReading, TrainingTurnsTheKnobs
from scenes.part_08_learning.votes import Votes
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


def replay_reading(checkpoint: Checkpoint, digits: Digits) -> ReplayReading:
    network = checkpoint.network
    diagram = diagram_with_values(network, digits)
    forward = network.forward(digits.images[3])
    values = values_beside(diagram, forward.output)
    found = progress(checkpoint, digits)
    replay = ReplayReading(
        checkpoint,
        diagram,
        digits.vectors[3],
        values,
        diagram.winner_mark(forward),
        int(digits.labels[3]),
        100 * found.accuracy,
        Number(0, 0),
        600,
        Number(100, 2),
    )
    replay.begin()
    return replay


@pytest.mark.parametrize(
    ("set_aside", "steps", "an_epoch"),
    [
        (6, 3, 24),  # of the 30 pictures, in mini-batches of 8, 8 and 8
        (10, 3, 20),  # 8, 8 and 4
        (5000, 215, 215 * 8),  # these are not the pictures that it was trained on
    ],
)
def test_the_pictures_that_were_shown_are_those_of_the_run(
    checkpoint: Checkpoint,
    digits: Digits,
    monkeypatch: pytest.MonkeyPatch,
    set_aside: int,
    steps: int,
    an_epoch: int,
) -> None:
    metadata = replace(checkpoint.metadata, settings={"validation": set_aside, "batch_size": 8})
    run = replace(checkpoint, metadata=metadata, snapshot_steps=np.arange(4) * steps)
    monkeypatch.setattr(TrainingTurnsTheKnobs, "checkpoint", run)
    monkeypatch.setattr(TrainingTurnsTheKnobs, "digits", lambda self, split="test": digits)
    assert TrainingTurnsTheKnobs().pictures_an_epoch == an_epoch


@pytest.mark.parametrize(("first", "stands_out"), [([0.52, 0.5, 0.1], False), ([0.8, 0.5, 0.1], True)])
def test_that_no_output_stands_out_is_said_only_where_none_does(first: list[float], stands_out: bool) -> None:
    scene = TrainingTurnsTheKnobs()
    scene.class_names, scene.truth_name = ("a", "b", "c"), "b"
    scene.opinions = Opinions(np.array([first, [0.1, 0.9, 0.1]]), 1)
    assert ("none of them stands out" in scene.what_happens()) != stands_out
    assert ("its answer is a matter of chance" in scene.what_happens()) == stands_out


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
    assert replay.reading.value == pytest.approx(100 * evaluate(network, digits).accuracy)
    assert replay.shown.value == round(600 * checkpoint.snapshot_epochs[snapshot])


def test_the_weight_pictures_their_scale_and_the_epoch_follow_the_run(checkpoint: Checkpoint) -> None:
    start = checkpoint.snapshot(0)
    pictures = WeightWall(start.layers[0].weights).pictures
    limits, scale = np.array([0.1, 0.2, 0.8, 0.4]), GrowingScale(0.1, 0.8, 4)
    replay = ReplayWeights(checkpoint, pictures, limits, scale, Number(0, 1))
    replay.begin()
    for moment in (0.0, 1.5, 2.0, 3.0):
        replay.interpolate(moment / 3)
        network = checkpoint.at_moment(moment)
        for picture, row in zip(pictures, network.layers[0].weights, strict=True):
            assert picture.weights == pytest.approx(row, abs=1e-6)
            assert picture.limit == scale.limit == pytest.approx(np.interp(moment, range(4), limits))
        assert [label.value for label in scale.labels] == pytest.approx([-scale.limit, scale.limit])
        assert scale.bar.height == pytest.approx(4 * scale.limit / 0.8), "the bar is as long as the weights are large"
        assert replay.counter.value == checkpoint.epoch_at(moment)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ((0.14, 1.15, 0.8), "The weights grow more than eight times as large, and then shrink again."),
        ((0.12, 0.66, 0.44), "The weights grow more than five times as large, and then shrink again."),
        ((0.1, 0.28, 0.2), "The weights grow more than twice as large, and then shrink again."),
        ((0.2, 0.4, 0.4), "The weights grow twice as large."),
        ((0.2, 0.25, 0.26), "The weights grow."),
        ((0.2, 0.4, 0.1), "The weights grow up to twice as large, and then shrink below where they began."),
        ((0.2, 0.2, 0.1), "The weights shrink."),
        ((0.2, 0.21, 0.2), "The weights hardly grow."),
    ],
)
def test_what_is_said_of_the_scale(limits: tuple[float, ...], told: str) -> None:
    assert scale_told(np.array(limits)) == told


@pytest.mark.parametrize("beneath", [0.0, 0.34])
@pytest.mark.parametrize("number", [1, 2, 7, 10, 16, 30, 64])
def test_weight_pictures_have_room_and_do_not_overlap(number: int, beneath: float) -> None:
    places = np.array(places_in_rows(number, beneath))
    assert len(places) == number
    half = places[:, 2:] / 2
    assert ((places[:, :2] - half) >= [-6.77, STAGE_BOTTOM - 0.01]).all()
    assert ((places[:, :2] + half) <= [4.2, STAGE_TOP + 0.01]).all()
    apart = np.abs(places[:, None, :2] - places[None, :, :2]).max(axis=2) + 99 * np.eye(number)
    assert apart.min() > places[0, 2]


@pytest.mark.parametrize("number", [1, 2, 7, 10, 16, 30, 64])
def test_each_neuron_has_the_same_place_in_a_smaller_room(number: int) -> None:
    full, small = (np.array(places_in_rows(number, **room)) for room in ({}, {"width": 6.3, "height": 4.1}))

    def in_steps(places: np.ndarray) -> np.ndarray:
        return (places[:, :2] - places[0, :2]) / places[0, 2]

    np.testing.assert_allclose(in_steps(full), in_steps(small), atol=1e-9)


def test_every_vote_is_brightness_times_favour(forward: ForwardPass) -> None:
    lead = lead_over(forward, 2, 7)
    votes = Votes(lead, "for two", "for seven", COLOURS)
    weights, activations = forward.network.layers[-1].weights, forward.activations[-2]
    assert (np.diff(votes.terms) <= 0).all() and len(votes.terms) == 16
    for place, neuron in enumerate(votes.neurons):
        favour = float(weights[2, neuron] - weights[7, neuron])
        hollow, bar = (cells.points[2 * place : 2 * place + 2] for cells in (votes.hollow, votes.bars))
        assert np.ptp(hollow[:, 1]) == pytest.approx(abs(favour) * votes.unit, abs=1e-5)
        assert np.ptp(bar[:, 1]) == pytest.approx(abs(favour) * activations[neuron] * votes.unit, abs=1e-5)
        assert (bar[:, 1] > votes.line).all() == (favour >= 0)
        np.testing.assert_allclose(votes.bars.colours[place], rgb(COLOURS[0 if favour >= 0 else 1]))
    for total, sign in zip(votes.totals[:2], (1, -1), strict=True):
        assert total.value == pytest.approx(np.maximum(sign * lead.terms, 0).sum() if len(votes.totals) == 2 else 0)
    assert votes.discs(NetworkDiagram(forward.network).show(forward).columns[-2]).colours[:, 0] == pytest.approx(
        255 * activations[votes.neurons].clip(0, 1), abs=0.01
    )


def test_of_many_votes_the_strongest_are_shown() -> None:
    network = Network.random([4, 60, 3], np.random.default_rng(0))
    lead = lead_over(network.forward(np.ones(4)), 0, 1)
    votes = Votes(lead, "for a", "for b", COLOURS)
    assert set(votes.neurons) == set(np.argsort(-np.abs(lead.terms))[:20])


@pytest.mark.parametrize("names", [tuple("0123456789"), ("T-shirt/top", "Ankle boot", *"23456789")])
def test_labels_and_values_stay_in_the_frame(network: Network, digits: Digits, names: tuple[str, ...]) -> None:
    named = Digits(digits.images, digits.labels, names)
    diagram = diagram_with_values(make_checkpoint(network, names).network, named)
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
    assert "T-shirt/top" in text and ("leads by" in text) == (lead > 0) and f"{abs(lead):.2f}" in text


def test_the_brighter_output_leads_only_where_its_sum_is_the_greater(digits: Digits) -> None:
    # GELU falls before it rises: from a sum of −4 it makes −0.0001, from −0.75 it makes −0.17.
    network = Network((Layer(np.zeros((10, 784)), np.array([-4.0, -0.75, *8 * [-1.0]]), "gelu"),))

    class OnGelu(WhenItFails):
        decision = Decision(index=0, answer=0, other=1, mistaken=False)
        push = None

        @property
        def network(self) -> Network:
            return network

        def digits(self, split: Split = "test") -> Digits:
            return digits

    assert network.forward(digits.images[0]).answer == 0
    assert "Its weighted sum is 3.25 behind that of 1." in OnGelu().alternative_text()
    scene = OnGelu()
    scene.decision = Decision(index=0, answer=1, other=0, mistaken=False)
    assert "Against 0, its weighted sum leads by 3.25." in scene.alternative_text()


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
    assert before == after and f"The score before and after: {percent(before, 2)}." in text
    assert (changed.classify(test.vectors) == 4).all() and "it answers 4 to every picture" in scene.alternative_text()
    assert lit > 0 and "Either way, it says four to everything." in text
    assert (
        f"{scene.network.parameter_count:,} knobs" in text
        and percent(evaluate(scene.network, test).accuracy, 2) in text
    )


@pytest.mark.slow
def test_what_is_said_of_the_run_is_what_the_snapshots_say() -> None:
    scene = lesson(TrainingTurnsTheKnobs)
    text, run, test = said_in(scene), scene.checkpoint, scene.digits()
    index = hero(scene.network, test)
    answers = [int(run.snapshot(n).classify(test.vectors[index][None])[0]) for n in range(len(run.snapshot_epochs))]
    assert answers[0] == 4 and "about our three: four." in text
    assert answers.count(2) > 10 and "it's quite sure that this is a two" in text
    last_wrong = max(n for n, answer in enumerate(answers) if answer != 3)
    assert answers[last_wrong + 1 :] and "Then the three pulls ahead, and stays there." in text
    assert scene.network.forward(test.images[index]).answer == 3


@pytest.mark.slow
def test_what_is_said_of_the_weights_is_what_the_snapshots_hold() -> None:
    scene = lesson(FromNoiseToWeights)
    text, run = said_in(scene), scene.checkpoint
    seen = ~scene.digits("train").never_lit
    limits = [
        np.quantile(np.abs(run.snapshot(n).layers[0].weights[:, seen]), 0.98) for n in range(len(run.snapshot_epochs))
    ]
    assert f"Here come {run.snapshot_epochs[-1]:g} epochs." in text
    assert 5 < max(limits) / limits[0] < 6 and "The weights grow more than five times as large, and then" in text
    assert "One trip through the training pictures is called an epoch." in text
    assert run.metadata.epoch == run.snapshot_epochs[-1] < run.metadata.settings["epochs"]


@pytest.mark.slow
def test_what_is_said_of_the_mistake_is_in_its_numbers() -> None:
    scene = lesson(WhenItFails)
    text, test, network = said_in(scene), scene.digits(), scene.network
    decision = scene.decision
    assert int(network.classify(test.vectors[decision.index][None])[0]) == decision.answer == 7
    assert test.labels[decision.index] == 3 and "This is a three, and it says seven." in text
    votes = Votes(scene.lead, "", "", COLOURS)
    assert votes.terms[0] == scene.lead.terms.max() and "This one did the most damage" in text
    push = scene.push
    assert push is not None and f"Push this three {push.way} by two squares" in text
    moved = np.roll(test.images[hero(network, test)], (push.rows, push.columns), (0, 1))
    assert moved.sum() == pytest.approx(test.images[hero(network, test)].sum())
    assert network.forward(moved).answer == 2 and "and it says two." in text


@pytest.mark.parametrize("names", [[str(k) for k in range(10)], [f"Ankle boot {k}" for k in range(10)]])
@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 10], [64, 30, 10]])
def test_a_large_picture_leaves_room_for_the_names_and_values(sizes: list[int], names: list[str]) -> None:
    network = Network.random(sizes, np.random.default_rng(0))
    digits = Digits(np.zeros((10, *2 * [round(sizes[0] ** 0.5)]), np.float32), np.arange(10), tuple(names))
    diagram = large_picture_with_values(network, digits)
    values = values_beside(diagram, np.full(10, 0.25))
    assert values.extents()[:, 2].max() <= READINGS_RIGHT + 0.05
    assert diagram.labels.get_right()[0] < values.extents()[:, 0].min()
    rights = [column.get_right()[0] for column in diagram.columns]
    lefts = [column.get_left()[0] for column in diagram.columns]
    assert all(right < left for right, left in zip(rights[:-1], lefts[1:], strict=True))
    assert diagram.columns[0].height > 3.5
