"""Part 1 draws what was counted and measured, and room is made for every pair."""

from __future__ import annotations

import numpy as np
import pytest
from manim import tempconfig

from network.analysis.distances import distance
from network.analysis.examples import among_others
from network.digits import Digits
from scenes.kit.animations.measure_distance import MeasureDistance
from scenes.kit.animations.sort_pictures import SortPictures
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.question_box import QuestionBox
from scenes.kit.mobjects.text import Number
from scenes.part_01_puzzle.gathering import Gather
from scenes.part_01_puzzle.handed_over import FoundAmongAll, TwoCrowds
from scenes.part_01_puzzle.other_hands_other_numbers import OtherHandsOtherNumbers
from scenes.part_01_puzzle.overlay import overlay
from scenes.part_01_puzzle.pixels_do_not_decide import PixelsDoNotDecide
from scenes.part_01_puzzle.race_lane import RaceLane
from scenes.part_01_puzzle.rule_pictures import Averages, InkBars
from scenes.part_01_puzzle.the_program_wanted import TheProgramWanted


def test_where_both_are_bright_the_overlay_is_white() -> None:
    one, other = np.array([[1, 1], [0, 0]], np.float32), np.array([[1, 0], [1, 0]], np.float32)
    colours = overlay(one, other, 1, (0, 0), ("#FF6FD8", "#5CF08A")).colours
    assert colours.tolist() == [[255, 255, 255], [255, 111, 216], [92, 240, 138], [0, 0, 0]]
    grey = overlay(one, np.full((2, 2), 0.49, np.float32), 1, (0, 0), ("#FF6FD8", "#5CF08A")).colours
    assert grey[:2].tolist() == [[255, 111, 216]] * 2 and grey[2:].max() < 120


def test_all_of_the_class_are_among_the_others(digits: Digits) -> None:
    chosen = among_others(digits, 3, np.random.default_rng(0), most=20, own=3)
    assert len(set(chosen.tolist())) == 20 and (digits.labels[chosen] == 3).sum() == 3
    alone = Digits(digits.images, np.zeros(30, int), ("only",))
    assert sorted(among_others(alone, 0, np.random.default_rng(0), most=20, own=3).tolist()) == list(range(20))


def test_the_framed_pictures_are_those_of_the_class(digits: Digits) -> None:
    own = digits.images[digits.labels == 3][::-1]
    found = FoundAmongAll.of(digits, 3, own[:2]).dimmed()
    shown = [picture.values.reshape(28, 28) for picture in found.own]
    assert np.array_equal(shown[:2], own[:2])
    of_class = {image.tobytes() for image in own}
    assert all(image.tobytes() in of_class for image in shown)
    assert not any(picture.values.tobytes() in of_class for picture in found.others)
    for picture, frame in zip(found.own, found.frames, strict=True):
        assert frame.get_center() == pytest.approx(picture.get_center()) and picture.get_opacity() == 1


def test_crowds_stand_for_the_two_sets_in_their_share(digits: Digits) -> None:
    train = Digits(np.resize(digits.images, (120, 28, 28)), np.resize(digits.labels, 120), digits.class_names)
    crowds = TwoCrowds(train, digits, example=7)
    assert (crowds.to_learn.count, crowds.exam.count) == (56, 14)  # as 120 to 30
    assert (crowds.said_to_learn[0].value, crowds.said_exam[0].value) == (120, 30)
    assert crowds.first.values == pytest.approx(crowds.exam.values[crowds.exam.owners == 0])
    assert crowds.first.points == pytest.approx(crowds.exam.points[np.repeat(crowds.exam.owners == 0, 2)], abs=1e-6)


def test_the_squares_gather_from_the_whole_stage_into_the_picture(digits: Digits) -> None:
    pixels = PixelGrid(digits.images[0], 5)
    home = pixels.copy()
    gathering = Gather(pixels)
    gathering.begin()
    gathering.interpolate(0)
    assert np.ptp(pixels.centres[:, 0]) > 12 and np.ptp(pixels.centres[:, 1]) > 5
    gathering.interpolate(1)
    assert pixels.points == pytest.approx(home.points, abs=1e-5)


def test_pictures_stand_as_far_away_as_they_differ() -> None:
    with tempconfig({"dry_run": True}):
        scene = PixelsDoNotDecide(skip_animations=True)
        scene.render()
    gaps = []
    for placed in (scene.near, scene.far):
        apart = distance(scene.own.values, placed.picture.values)
        assert placed.value.shown == f"{apart:.1f}"
        gaps.append(placed.line.width / apart)
    assert gaps[0] == pytest.approx(gaps[1])
    assert "this three is closer to this eight than to that three" in scene.words[0]


def test_the_distance_grows_to_what_it_is(digits: Digits) -> None:
    one, other = PixelGrid(digits.images[0], 3, (-4, 0)), PixelGrid(digits.images[1], 3)
    difference, value = PixelGrid(one.values, 3, (4, 0)), Number(0, 1)
    measuring = MeasureDistance(one, other, difference, value)
    measuring.begin()
    shown = []
    for alpha in (0, 0.3, 0.7, 1):
        measuring.interpolate(alpha)
        shown.append(value.value)
    assert shown == sorted(shown) and shown[0] == 0
    assert shown[-1] == pytest.approx(distance(one.values, other.values))
    assert difference.colours[:, 0] == pytest.approx(255 * np.abs(one.values - other.values), abs=1e-3)


def test_the_right_pictures_stick_to_the_lane(digits: Digits) -> None:
    right = np.arange(30) % 5 == 0
    lane = RaceLane(1, "a rule", 0.0612, "keeps nothing")
    goals = np.zeros((30, 3))
    goals[right] = lane.goals[: right.sum()]
    flock = Pictures(digits.images, goals, 0.5)
    sorting = SortPictures(flock, QuestionBox(), right, goals, 0.2, lane.share, lane.percent)
    sorting.begin()
    sorting.interpolate(0)
    assert lane.share.value == 0
    sorting.interpolate(1)
    assert lane.share.shown == "6.1"
    seen = np.bincount(flock.owners, flock.opacities, 30) > 0
    np.testing.assert_array_equal(seen, right)
    for picture in np.flatnonzero(right):
        cells = flock.centres[flock.owners == picture]
        assert np.abs(cells - goals[picture]).max() < 0.11


def test_a_lane_has_a_place_for_each_percent() -> None:
    lanes = [RaceLane(place, "a rule", 1, "keeps nothing") for place in range(4)]
    places = np.concatenate([lane.goals for lane in lanes])
    assert len(np.unique(places.round(6), axis=0)) == 400
    for lane in lanes:
        low, high = lane.track.points.min(axis=0), lane.track.points.max(axis=0)
        assert (lane.goals[:, :2] > low[:2]).all() and (lane.goals[:, :2] < high[:2]).all()


def test_the_bars_are_the_ink(digits: Digits) -> None:
    ink = np.array([30.0, 15, 60, np.nan])
    bars = InkBars(ink, ("0", "1", "2", "3"), (0, 0))
    heights = bars.bars.points[1::2, 1] - bars.bars.points[0::2, 1]
    assert heights[:3] / heights[2] == pytest.approx(ink[:3] / 60) and heights[3] == 0
    assert bars.set_line(15).line.points[:, 1].mean() == pytest.approx(bars.bars.points[3, 1])
    averages = Averages(digits.vectors[:10], (0, 0))
    values = averages.values.reshape(10, -1)
    assert values == pytest.approx(digits.vectors[:10])


def test_the_race_says_what_was_measured() -> None:
    """Of the default network and MNIST: the numbers in the text are those of the race kept beside it."""
    scene = TheProgramWanted()
    text = scene.alternative_text()
    race = scene.race
    assert race.complete and scene.example == race.tested[scene.leader]
    for share in [*(rule.share for rule in race.rules.values()), scene.own_share]:
        assert f"{100 * share:.1f} %" in text
    assert scene.own_share == scene.network.predict(scene.test.vectors).argmax(axis=1).__eq__(scene.test.labels).mean()


def test_the_overlay_counts_what_is_bright() -> None:
    scene = OtherHandsOtherNumbers()
    one, other = scene.images[:2] >= 0.5
    assert (scene.both, scene.either) == ((one & other).sum(), (one | other).sum())
