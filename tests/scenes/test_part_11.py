"""Part 11 says what was measured, of the lesson's network and of others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import tempconfig

from network import Layer, Network
from network.analysis.detectors import bar_detector, match_with_an_edge
from network.analysis.favourites import Favourites, LoopFavourites, favourites
from network.analysis.locality import locality
from network.analysis.loops import Ring, best_neuron, correlations, kinds_of_ring
from network.analysis.mistakes import MixedUp, mixed_up_most
from network.analysis.noise import SURE, noise_to_show
from network.analysis.parts import count_holes, has_upper_hole, with_gaps_closed
from network.digits import Digits
from network.evaluation import confusion_of, evaluate
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.confusion import ConfusionMatrix
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.part_11_reality.edge_outline import EdgeOutline, SlideOutline
from scenes.part_11_reality.first_layer import first_layer_pictures
from scenes.part_11_reality.looking_for_edges import (
    LookingForEdges,
    edges_verdict,
    likeness_told,
)
from scenes.part_11_reality.looking_for_loops import (
    LookingForLoops,
    favourites_verdict,
    loops_verdict,
    upper_verdict,
)
from scenes.part_11_reality.loop_pictures import filled_above, rings_of
from scenes.part_11_reality.noise_among_pictures import NOISE_SEED, wall_with_a_gap
from scenes.part_11_reality.strokes_on_request import StrokesOnRequest
from scenes.part_11_reality.sure_of_noise import (
    SureOfNoise,
    answer_told,
    how_often_told,
    never_shown,
)
from scenes.part_11_reality.where_it_errs import ReadTestSet, WhereItErrs, mistakes_told, rushing
from scenes.part_11_reality.window_frame import window_frame
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import several_in_words
from tests.scenes.conftest import make_checkpoint


def played(scene_class: type[LessonScene]) -> Any:
    with tempconfig({"dry_run": True, "frame_rate": 1, "pixel_height": 54, "pixel_width": 96}):
        scene = scene_class()
        scene.render()
    return scene


def test_the_wall_shows_the_weights_and_how_like_an_edge_they_are() -> None:
    scene = played(LookingForEdges)
    weights = lesson_checkpoint().network.layers[0].weights
    never_seen = lesson_digits("train").never_lit
    assert [picture.weights.tolist() for picture in scene.pictures] == weights.tolist()
    # The scale and the colours are those with which part 8 leaves the same pictures.
    assert (
        {picture.limit for picture in scene.pictures} == {full_colour(weights[:, ~never_seen])} == {scene.scale.limit}
    )
    likenesses = [match_with_an_edge(row).likeness for row in np.where(never_seen, 0, weights)]
    assert [text.value for text in scene.stage.likenesses] == pytest.approx([*likenesses, 1])
    random = np.where(never_seen, 0, lesson_checkpoint().snapshot(0).layers[0].weights)
    start = max(match_with_an_edge(row).likeness for row in random)
    # The last picture close up is the best one before the training, and the number beneath it its likeness.
    assert match_with_an_edge(scene.near.weights).likeness == pytest.approx(start) == scene.likeness.value
    told = scene.words[2]
    assert f"{max(likenesses):.2f} at best, where 1 would be a perfect match" in told
    assert f"across this one, only {min(likenesses):.2f}." in told
    assert told.endswith(f"Before the training, the best was {start:.2f}.")
    yellow = [text.get_fill_color().to_hex() == theme.ANSWER for text in scene.stage.likenesses[:-1]]
    assert yellow == [likeness >= 0.5 for likeness in likenesses]
    assert scene.words[-1] == without_marks(edges_verdict(len(weights), sum(yellow)))
    # In the end all of them have their light again, as the next scene takes them over.
    assert all(
        (one.opacities == other.opacities).all() for one, other in zip(scene.pictures, fresh(scene), strict=True)
    )


def without_marks(text: str) -> str:
    return re.sub(r"<bookmark mark='\w+'/> ?", "", text)


def fresh(scene: Any) -> Any:
    return first_layer_pictures(scene.weights, scene.never_seen)


def test_the_outline_of_our_edge_stands_where_it_fits_and_the_number_is_the_likeness_there() -> None:
    edge = bar_detector(28, surround=True).weights.reshape(28, 28)
    for weights, angle in ((np.roll(edge, (5, 3), axis=(0, 1)), 0), (edge.T, 90)):
        picture, match, number = WeightHeatmap(weights, extent=5.6), match_with_an_edge(weights.ravel()), Number(0, 2)
        assert match.angle == angle
        outline = EdgeOutline(picture, match.angle)
        slide = SlideOutline(outline, number, picture, match)
        slide.begin()
        for share in (0, 0.3, 0.7):
            slide.interpolate(share)
            assert number.value in match.everywhere
        slide.interpolate(1)
        assert number.value == pytest.approx(1)
        there = picture.centres[weights.ravel() != 0]
        assert outline.get_center() == pytest.approx((there.min(axis=0) + there.max(axis=0)) / 2)
        size = np.ptp(there, axis=0)[:2] + 0.2
        assert (outline.width, outline.height) == pytest.approx(size)


def test_the_edge_is_the_one_that_was_made_by_hand() -> None:
    scene = played(LookingForEdges)
    assert scene.by_hand.weights.tolist() == bar_detector(28, surround=True).weights[0].tolist()


def test_a_window_frame_surrounds_the_heaviest_window() -> None:
    weights = np.zeros((1, 28, 28))
    weights[0, 5:17, 9:21] = 1
    picture = WeightHeatmap(weights[0], extent=5.6)
    frame = window_frame(picture, locality(weights.reshape(1, -1)), 0)
    inside = picture.centres.reshape(28, 28, 3)[5:17, 9:21].reshape(-1, 3)
    assert frame.get_left()[0] == pytest.approx(inside[:, 0].min() - 0.1, abs=1e-6)
    assert frame.get_top()[1] == pytest.approx(inside[:, 1].max() + 0.1, abs=1e-6)
    assert frame.width == pytest.approx(12 * 0.2)


def test_the_favourites_are_those_of_the_best_loop_neuron_and_their_holes_are_counted() -> None:
    scene = played(LookingForLoops)
    test = lesson_digits("test")
    has_loop = count_holes(test.images) > 0
    assert f"In {int(has_loop.sum()):,} of {len(test.images):,} test pictures" in scene.alternative_text()
    measured = correlations(scene.network, test.vectors, has_loop)
    layer, neuron = best_neuron(measured)
    activations = favourites(scene.network, test, layer, neuron).activations
    shown = [scene.network.forward(test.images[i]).activations[layer][neuron] for i in scene.any_loop.pictures]
    assert shown == pytest.approx(activations[:20], abs=1e-5)
    orange = [(picture.colours == rgb(theme.LOOP)).all(axis=1).any() for picture in scene.favourites]
    assert orange == has_loop[scene.any_loop.pictures].tolist()
    assert len(scene.rings) == sum(orange)


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
    test = lesson_digits("test")
    found = evaluate(scene.network, test)
    mixed_up = mixed_up_most(found)
    one, other = mixed_up.classes
    off = found.confusion - np.diag(np.diag(found.confusion))
    assert mixed_up.count == (off + off.T).max() == off[one, other] + off[other, one]
    both = " and ".join(several_in_words(str(number)) for number in mixed_up.classes)
    assert both in scene.words[1] and f"{mixed_up.count} of its {len(found.mistakes)} mistakes" in scene.words[1]
    assert len(scene.examples) == len(scene.marks) == np.count_nonzero([off[one, other], off[other, one]])
    outputs = scene.network.predict(test.vectors[found.mistakes]).max(axis=1)
    assert (np.diff(outputs) <= 0).all() and (outputs > SURE).sum() >= 6
    assert "while being quite sure" in scene.words[-1]


def test_what_is_mixed_up_most_is_told_as_it_is() -> None:
    names = [str(k) for k in range(10)]
    told = mistakes_told(MixedUp((4, 9), 26, True), 262, names).replace("<bookmark mark='some'/> ", "")
    assert told.endswith("fours and nines more than any others: 26 of its 262 mistakes.")
    assert mistakes_told(MixedUp((4, 9), 3, False), 9, names).endswith(" 3 of its 9 mistakes.")
    assert mistakes_told(MixedUp((0, 1), 5, True), 5, ["Bag", "Coat"]).endswith("every single time.")
    assert mistakes_told(MixedUp((0, 1), 1, False), 4, ["Bag", "Coat"]).endswith("> more than once.")


def test_the_noise_and_its_shares_are_real() -> None:
    scene = played(SureOfNoise)
    images = noise_to_show(lesson_digits("test"), np.random.default_rng(NOISE_SEED))
    outputs = scene.network.predict(images)
    most = outputs.max(axis=1)
    assert scene.forward.output == pytest.approx(outputs[most.argmax()], abs=1e-5)
    real = scene.network.predict(lesson_digits("test").vectors).max(axis=1) > SURE
    for marked, sure in zip(scene.marked, (most > SURE, real), strict=True):
        assert np.array_equal((marked.colours == rgb(theme.ANSWER)).all(axis=1), sure)
    assert f"It's quite sure of {100 * (most > SURE).mean():.0f} % of them; of real" in scene.words[2]
    assert scene.words[2].endswith(f"of real test pictures, {100 * real.mean():.0f} %.")


def test_the_wall_of_digits_leaves_room_for_the_noise() -> None:
    wall, alone = wall_with_a_gap(lesson_digits("test"))
    cells = wall.centres[np.abs(wall.opacities) > 0]
    assert not (np.abs(cells - (0, STAGE_MIDDLE, 0)).max(axis=1) < alone / 2).any()
    assert cells[:, 1].min() > STAGE_BOTTOM and cells[:, 1].max() < STAGE_TOP


def test_the_two_networks_are_shown_with_what_was_measured() -> None:
    scene = played(StrokesOnRequest)
    never_seen = lesson_digits("train").never_lit
    for side, checkpoint in zip(scene.sides, (scene.checkpoint, scene.companion), strict=True):
        weights = checkpoint.network.layers[0].weights
        for picture, row in zip(side.pictures, weights, strict=True):
            np.testing.assert_allclose(picture.weights, row, atol=1e-6)  # also after the replay
        assert side.measured.shares == pytest.approx(locality(weights, never_seen).shares)
        assert side.good.shown == f"{100 * evaluate(checkpoint.network, lesson_digits('test')).accuracy:.1f} % right"
        assert side.share.shown == f"{100 * side.measured.shares.max():.0f} % of its weight in 12 × 12 pixels"
    assert scene.words[-1].startswith("Now they gather")
    assert [side.share.shown.split(" of")[0] in scene.words[-1] for side in scene.sides] == [True, True]
    own, other = scene.sides
    assert not len(own.note) and other.note[0].shown == f"drawn {own.limit / other.limit:.0f} times as bright"


def test_a_companion_of_other_data_is_called_so(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_checkpoint(network).save(tmp_path / "x.npz")
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "x.npz"))
    told = played(StrokesOnRequest).words
    assert "It was trained on other pictures: mnist, not made up." in told
    assert not any("the same network" in sentence for sentence in told)


def test_verdicts_follow_what_was_measured() -> None:
    told = likeness_told(0.76, None, None)
    assert told.endswith(" 0.76 at best, where 1 would be a perfect match.")
    assert edges_verdict(16, 0) == "Mostly I see spots and streaks."
    assert edges_verdict(16, 1).startswith("So, partly: one of the sixteen reaches a half.")
    assert edges_verdict(16, 7).startswith("So, partly: seven of the sixteen reach a half.")
    assert edges_verdict(16, 16).startswith("So, yes") and edges_verdict(1, 1).startswith("So, yes")
    assert "quite sure of none of them" in how_often_told(0, 1000, 0.5)
    assert "quite sure of 4 % of them" in how_often_told(41, 1000, 0.5)
    assert "quite sure of very few of them" in how_often_told(3, 1000, 0.5)
    assert how_often_told(3, 1000, 0.5).endswith("of real test pictures, 50 %.")
    assert how_often_told(3, 1000, 0).endswith("nor is it of any real test picture.")
    assert how_often_told(999, 1000, 0.003).startswith("<bookmark mark='sure'/> It's quite sure of 99.9 % of them;")
    assert how_often_told(0, 1000, 0.003).endswith("of real test pictures, 0.3 %.")
    assert never_shown(0.97, True).startswith("Why?") and never_shown(0.3, True).startswith("So it does")
    assert answer_told("0", 0.97).startswith("Zero!") and "not brightly at all" in answer_told("Bag", 0.3)


def loop_neuron(correlation: float, with_loop: int, of: int = 20) -> LoopFavourites:
    """The favourites of an invented neuron: so many of its first `of` pictures have a loop."""
    loops = np.arange(2 * of) < with_loop
    order = np.arange(2 * of)
    found = Favourites(0, 0, order, np.linspace(1, 0, 2 * of), order % 2)
    return LoopFavourites(correlation, found, loops, order[:of])


def test_what_is_said_of_loops_follows_what_was_measured() -> None:
    blank = Digits(np.zeros((40, 28, 28), np.float32), np.arange(40) % 2)
    assert favourites_verdict(loop_neuron(0.9, 20), blank).endswith("Every single one has a loop!")
    assert favourites_verdict(loop_neuron(0.3, 1), blank).startswith("Only one of them has a loop!")
    assert favourites_verdict(loop_neuron(0.3, 19), blank).endswith("The other one is an impostor.")
    none = favourites_verdict(loop_neuron(0.3, 0), blank)
    assert none.startswith("Not one of them has a loop!") and none.endswith("They are impostors, all of them.")
    assert "None of its favourites has a closed one up there." in upper_verdict(loop_neuron(0.3, 0), blank)
    assert loops_verdict([loop_neuron(0.3, 1), loop_neuron(0.3, 0)]).startswith("So neither")
    assert loops_verdict([loop_neuron(0.3, 1)]).startswith("So it isn't")
    assert loops_verdict([loop_neuron(-0.9, 1)]).startswith("So, yes")
    assert loops_verdict([loop_neuron(0.3, 1), loop_neuron(0.9, 0)]).startswith("So, partly")


def test_rings_are_closed_nearly_closed_or_none_and_counted_so() -> None:
    images = np.zeros((40, 28, 28), np.float32)
    images[:7, 4:12, 8:18], images[:7, 6:10, 10:16] = 1, 0
    images[1:7, 7, 16:18] = 0  # all but the first have a gap
    digits = Digits(images, np.arange(40) % 2)
    kinds = kinds_of_ring(images[:20])
    told = upper_verdict(loop_neuron(0.3, 1), digits)
    assert "One of its favourites has a closed one up there." in told
    assert "Six miss it by a pixel or two;" in told and told.endswith("the other thirteen, by more.")
    pictures = [PixelGrid(image) for image in images[:8]]
    for kind, shown in zip(kinds, filled_above(pictures, images[:8]), strict=False):
        yellow = (shown.colours == rgb(theme.ANSWER)).all(axis=1).reshape(28, 28)
        assert np.argwhere(yellow).tolist() == ([[7, 16], [7, 17]] if kind is Ring.NEARLY else [])
    frames = rings_of([PixelGrid(image) for image in images[:20]], kinds)
    assert [frame.get_stroke_color().to_hex() for frame in frames] == [theme.ANSWER] + 13 * [theme.NEUTRAL]


def test_a_small_hole_that_closing_gaps_fills_takes_none_from_those_that_nearly_close() -> None:
    images = np.zeros((40, 28, 28), np.float32)
    images[:5, 4:12, 8:18], images[:5, 6:10, 10:16] = 1, 0
    images[2:5, 7, 16:18] = 0  # three rings with a gap
    images[:2, 6:10, 10:16], images[:2, 7:9, 12:14] = 1, 0  # two small holes, which count as loops
    assert has_upper_hole(images[:2]).all() and not has_upper_hole(with_gaps_closed(images[:2])).any()
    told = upper_verdict(loop_neuron(0.3, 2), Digits(images, np.arange(40) % 2))
    assert "Two of its favourites have a closed one up there." in told
    assert "Three miss it by a pixel or two;" in told and told.endswith("the other fifteen, by more.")


def test_a_network_that_errs_never_has_no_mistakes_to_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network((Layer(np.eye(4) * 20, np.full(4, -10.0)),))
    digits = Digits(np.eye(4, dtype=np.float32).reshape(4, 2, 2), np.arange(4))
    monkeypatch.setattr(WhereItErrs, "network", network)
    monkeypatch.setattr(WhereItErrs, "digits", lambda self, split="test": digits)
    scene = played(WhereItErrs)
    assert "right" in scene.words[-1]


def test_of_many_classes_the_table_shows_those_that_are_mixed_up_most(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.repeat(np.arange(47), 3)
    lit = labels.copy()
    lit[labels == 46] = 10  # every 46 looks like a 10, …
    lit[(labels > 19) & (labels < 46) & (np.arange(len(labels)) % 3 == 0)] -= 1  # … and many classes err once
    network = Network((Layer(np.eye(47, 49) * 20, np.full(47, -10.0)),))
    digits = Digits(np.eye(49, dtype=np.float32)[lit].reshape(-1, 7, 7), labels)
    monkeypatch.setattr(WhereItErrs, "network", network)
    monkeypatch.setattr(WhereItErrs, "digits", lambda self, split="test": digits)
    scene = played(WhereItErrs)
    found = evaluate(network, digits)
    chosen = [10, *range(20, 44), 46]
    assert scene.mixed_up.classes == (10, 46) and scene.chosen.tolist() == chosen
    assert [name.shown for name in scene.matrix.row_names] == [str(k) for k in chosen]
    # After all pictures, the table shows what became of these classes, each as bright as its share of all of them.
    assert scene.matrix.counts.tolist() == found.confusion[np.ix_(chosen, chosen)].tolist()
    assert scene.matrix.totals.ravel().tolist() == 26 * [3] and scene.counter.value == len(digits)
    # What is marked is where 46 is read as 10.
    (mark,) = scene.marks
    assert mark.get_center() == pytest.approx(scene.matrix.cell(25, 0))
    assert "the twenty-six classes that are mixed up most" in scene.words[0]
    assert "with the 26 classes that are mixed up most" in scene.alternative_text()
