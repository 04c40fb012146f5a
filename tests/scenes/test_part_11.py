"""Part 11 says what was measured, of the lesson's network and of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import tempconfig

from network import Layer, Network
from network.analysis.locality import locality
from network.analysis.loops import best_neuron, correlations
from network.analysis.mistakes import most_frequent_mistakes
from network.analysis.noise import SURE
from network.analysis.parts import count_holes
from network.digits import Digits
from network.evaluation import confusion_of, evaluate
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM
from scenes.kit.mobjects.confusion import ConfusionMatrix
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.part_11_reality.looking_for_edges import LookingForEdges, edges_verdict
from scenes.part_11_reality.looking_for_loops import LookingForLoops, loops_verdict
from scenes.part_11_reality.strokes_on_request import StrokesOnRequest
from scenes.part_11_reality.sure_of_noise import SureOfNoise, noise_to_show, noise_verdict, outputs_in_rows
from scenes.part_11_reality.where_it_errs import ReadTestSet, WhereItErrs, rushing
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from tests.scenes.conftest import make_checkpoint


def played(scene_class: type[LessonScene]) -> Any:
    with tempconfig({"dry_run": True, "frame_rate": 1, "pixel_height": 54, "pixel_width": 96}):
        scene = scene_class()
        scene.render()
    return scene


def test_the_wall_shows_the_weights_and_their_shares() -> None:
    scene = played(LookingForEdges)
    weights = lesson_checkpoint().network.layers[0].weights
    never_seen = lesson_digits("train").never_lit
    measured = locality(weights, never_seen)
    assert [picture.weights.tolist() for picture in scene.wall.pictures] == weights.tolist()
    assert {picture.limit for picture in scene.wall.pictures} == {scene.wall.limit}
    assert scene.wall.limit == np.quantile(np.abs(weights[:, ~never_seen]), 0.995)
    assert scene.numbers.values == pytest.approx(100 * measured.shares)
    accuracy = evaluate(scene.network, lesson_digits("test")).accuracy
    assert scene.words[0].startswith(f"It reads {accuracy:.2%}".replace("%", " %"))
    assert scene.words[-1] == edges_verdict(measured.shares)


def test_a_window_frame_surrounds_the_heaviest_window() -> None:
    weights = np.zeros((1, 28, 28))
    weights[0, 5:17, 9:21] = 1
    picture = WeightHeatmap(weights[0], extent=5.6)
    frame = window_frame(picture, locality(weights.reshape(1, -1)), 0)
    inside = picture.centres.reshape(28, 28, 3)[5:17, 9:21].reshape(-1, 3)
    assert frame.get_left()[0] == pytest.approx(inside[:, 0].min() - 0.1, abs=1e-6)
    assert frame.get_top()[1] == pytest.approx(inside[:, 1].max() + 0.1, abs=1e-6)
    assert frame.width == pytest.approx(12 * 0.2)


def test_every_hidden_neuron_has_its_bar_and_its_number() -> None:
    scene = played(LookingForLoops)
    test = lesson_digits("test")
    measured = correlations(scene.network, test.vectors, count_holes(test.images) > 0)
    for chart, values in zip(scene.charts, measured, strict=True):
        assert chart.numbers.values == pytest.approx(values)
        heights = np.where(values >= 0, chart.bars.points[1::2, 1], chart.bars.points[0::2, 1]) - chart.y
        assert heights == pytest.approx(values * chart.reach, abs=1e-6)
    layer, neuron = best_neuron(measured)
    farthest = max(np.abs(values).max() for values in measured)
    assert abs(measured[layer][neuron]) == farthest
    told = next(text for text in scene.words if "farthest" in text)
    assert f"{measured[layer][neuron]:.2f}".replace("-", "−") in told
    count = int((count_holes(test.images) > 0).sum())
    assert f"{count:,} of {len(test.images):,} test pictures have one" in scene.words[0]


def test_the_matrix_fills_with_the_answers_in_their_order(digits: Digits) -> None:
    labels, answers = digits.labels, np.roll(digits.labels, 3)
    whole = confusion_of(labels, answers, 10)
    matrix, counter = ConfusionMatrix(whole), Number(0)
    before = [matrix.cells.colours.copy(), matrix.figures]
    reading = ReadTestSet(matrix, counter, labels, answers)
    reading.begin()
    for share in (0, 0.4, 0.7, 1):
        reading.interpolate(share)
        read = round(len(labels) * rushing(share))
        assert counter.value == matrix.counts.sum() == read
        assert (matrix.counts == confusion_of(labels[:read], answers[:read], 10)).all()
        assert [[text or "0" for text in row] for row in matrix.numbers] == matrix.counts.astype(str).tolist()
    assert np.array_equal(matrix.cells.colours, before[0]) and np.allclose(matrix.figures, before[1])


def test_the_surest_mistakes_stand_there_with_their_outputs() -> None:
    scene = played(WhereItErrs)
    found = evaluate(scene.network, lesson_digits("test"))
    cells, count = most_frequent_mistakes(found)
    off = found.confusion - np.diag(np.diag(found.confusion))
    assert count == off.max() and {off[cell] for cell in cells} == {count}
    outputs = scene.network.predict(lesson_digits("test").vectors[found.mistakes]).max(axis=1)
    sure = int((outputs > SURE).sum())
    assert scene.words[-1].startswith(f"The surest of its {len(outputs):,} mistakes; {sure:,} have")
    assert (np.diff(outputs) <= 0).all()


def test_the_noise_and_its_shares_are_real() -> None:
    scene = played(SureOfNoise)
    (_, images), *_ = kinds = noise_to_show(lesson_digits("test"))
    outputs = scene.network.predict(images)
    assert scene.forward.output == pytest.approx(outputs[outputs.max(axis=1).argmax()], abs=1e-5)
    yellow = (scene.field.colours == rgb(theme.ANSWER)).all(axis=1)
    assert np.array_equal(yellow, outputs.max(axis=1) > SURE)
    for panel, (_, pictures) in zip(scene.panels, kinds, strict=True):
        share = (scene.network.predict(pictures).max(axis=1) > SURE).mean()
        assert panel.share[0].shown == f"{100 * share:.1f} %"


@pytest.mark.parametrize("names", [[str(k) for k in range(10)], ["Ankle boot"] * 10, ["a"] * 26])
def test_all_outputs_stand_in_the_frame_with_an_empty_place_after_the_last(names: list[str]) -> None:
    words, texts, gap, missing = outputs_in_rows(names, -1.8)
    assert [text.shown for text in texts] == names
    for part in (words, *texts, gap, missing):
        assert abs(part.get_x()) + part.width / 2 <= FRAME_WIDTH / 2 - SAFE_MARGIN + 1e-6
        assert part.get_bottom()[1] > STAGE_BOTTOM - 0.2 and part.get_top()[1] < -0.8
    order = [(-round(float(part.get_y()), 3), float(part.get_x())) for part in (words, *texts, gap)]
    assert order == sorted(order)


def test_the_two_networks_are_shown_with_what_was_measured() -> None:
    scene = played(StrokesOnRequest)
    never_seen = lesson_digits("train").never_lit
    for side, checkpoint in zip(scene.sides, (scene.checkpoint, scene.companion), strict=True):
        weights = checkpoint.network.layers[0].weights
        for picture, row in zip(side.pictures, weights, strict=True):
            np.testing.assert_allclose(picture.weights, row, atol=1e-6)  # also after the replay
        assert side.local.shown == f"{100 * locality(weights, never_seen).shares.mean():.0f} % in one place"
        assert side.good.shown == f"{100 * evaluate(checkpoint.network, lesson_digits('test')).accuracy:.2f} % right"


def test_a_companion_of_other_data_is_called_so(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_checkpoint(network).save(tmp_path / "x.npz")
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "x.npz"))
    told = played(StrokesOnRequest).words
    assert "It was trained on other pictures: mnist, not made up." in told
    assert not any("same training" in sentence for sentence in told)


def test_verdicts_follow_what_was_measured() -> None:
    assert edges_verdict(np.array([0.38, 0.61])).startswith("Learnt: 38 to 61; set by hand: 100.")
    assert edges_verdict(np.array([0.8, 0.9])).endswith("as was hoped.")
    assert "Of 2, 1 has 75 or more" in edges_verdict(np.array([0.38, 0.9]))
    assert loops_verdict(-0.9, 32, 0.3) == "The farthest of 32 reaches −0.90: it follows loops, as was hoped."
    assert loops_verdict(0.5, 32, 0.31) == "The farthest of 32 reaches 0.50; the best single pixel, 0.31."
    assert (
        "Hardly ever" in noise_verdict(0.005)
        and "Now and then" in noise_verdict(0.1)
        and "as sure" in noise_verdict(0.9)
    )


def test_a_network_that_errs_never_has_no_mistakes_to_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network((Layer(np.eye(4) * 20, np.full(4, -10.0)),))
    digits = Digits(np.eye(4, dtype=np.float32).reshape(4, 2, 2), np.arange(4))
    monkeypatch.setattr(WhereItErrs, "network", network)
    monkeypatch.setattr(WhereItErrs, "digits", lambda self, split="test": digits)
    scene = played(WhereItErrs)
    assert "right" in scene.words[-1]
