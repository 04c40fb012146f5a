"""The race of honest rules: each rule does what it says, and the kept race is the one of the lesson's data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from network.analysis.rules import (
    RULES,
    RulesRace,
    average_pictures,
    blended,
    by_ink,
    load_race,
    nearest_pictures,
    quick_race,
    race,
    race_of,
    stand_ins,
)
from network.digits import Digits, load_digits, md5_of_data
from network.errors import CheckpointError
from network.network import Array

from .test_depth import metadata_with, rewritten

ROOT = Path(__file__).resolve().parents[2]
MNIST = ROOT / "assets" / "mnist"
KEPT = ROOT / "assets" / "weights" / "default.rules.npz"
MakeDigits = Callable[..., Digits]


def slowly(vectors: Array, others: Array) -> list[int]:
    return [int(np.argmin([((other - one) ** 2).sum() for other in others.astype(float)])) for one in vectors]


@given(
    hnp.arrays(np.float32, (5, 6), elements=st.integers(0, 3).map(lambda n: n / 3)),
    hnp.arrays(np.float32, (9, 6), elements=st.integers(0, 3).map(lambda n: n / 3)),
)
def test_the_nearest_picture_is_the_nearest(vectors: Array, others: Array) -> None:
    found = nearest_pictures(vectors, others)
    for one, index, expected in zip(vectors, found, slowly(vectors, others), strict=True):
        away = [np.square(one.astype(float) - others[n]).sum() for n in (index, expected)]
        assert away[0] == pytest.approx(away[1], abs=1e-12)


def test_what_float32_cannot_tell_apart_is_measured_again() -> None:
    one = np.full((1, 784), 0.9, np.float32)
    others = np.repeat(one, 3, axis=0)
    others[0, 0], others[1, 0], others[2, 0] = 0.9003, 0.9001, 0.9002
    assert nearest_pictures(one, others).tolist() == [1]
    assert nearest_pictures(one, others[[2, 0, 2]]).tolist() == [0]  # of equals, the first


def test_ink_and_averages_by_hand() -> None:
    images = np.zeros((4, 2, 2), np.float32)
    images[0, 0, 0] = images[1, 0, 1] = 1  # class 0: one bright pixel each
    images[2:] = 0.75  # class 2: all are grey; class 1 has no pictures
    train = Digits(images, np.array([0, 0, 2, 2]), ("0", "1", "2"))
    averages = average_pictures(train)
    np.testing.assert_allclose(averages[[0, 2]], [[0.5, 0.5, 0, 0], [0.75] * 4])
    assert np.isnan(averages[1]).all()
    # Mean ink is 1 in class 0 and 3 in class 2; a picture with 1.9 is nearer to 1, however it is spread.
    vectors = np.array([[0.475] * 4, [1, 1, 0.1, 0]], np.float32)
    assert by_ink(vectors, averages).tolist() == [0, 2]
    assert by_ink(vectors[:1], averages).tolist() == [0]
    found = race(train, Digits(vectors.reshape(2, 2, 2), np.array([2, 0]), train.class_names), {})
    assert found.rules["average"].answers.tolist() == [2, 0]
    assert found.rules["average"].share == 1
    assert found.rules["ink"].right.tolist() == [False, False]
    assert {name: rule.numbers for name, rule in found.rules.items()} == {"ink": 3, "average": 12, "nearest": 16}


def test_every_training_picture_is_its_own_nearest(make_digits: MakeDigits) -> None:
    digits = make_digits(60)
    found = race(digits, digits, {})
    assert found.nearest.tolist() == list(range(60))
    assert found.rules["nearest"].share == 1 and found.complete
    assert found.guessing == pytest.approx(1 / 3)
    assert found.share_of(digits.labels, digits.labels) == 1


def test_labels_that_mean_nothing_are_not_read(make_digits: MakeDigits) -> None:
    train, test = make_digits(900, seed=1), make_digits(600, seed=2)
    rng = np.random.default_rng(0)
    train, test = (Digits(d.images, rng.integers(0, 3, len(d)), d.class_names) for d in (train, test))
    for rule in race(train, test, {}).rules.values():
        assert 0.2 < rule.share < 0.45


def test_a_race_on_some_pictures_says_so(make_digits: MakeDigits) -> None:
    train, test = make_digits(60, seed=1), make_digits(30, seed=2)
    found = race(train, test, {}, pictures=10, kept=20)
    assert (found.pictures, found.kept, found.complete) == (10, 20, False)
    assert found.tested.tolist() == sorted(set(found.tested.tolist())) and found.tested.max() > 10
    assert np.array_equal(found.tested, race(train, test, {}, pictures=10).tested)
    whole = race(train, test, {})
    for name in ("ink", "average"):
        np.testing.assert_array_equal(found.rules[name].right, whole.rules[name].right[found.tested])
    assert found.rules["nearest"].numbers == 20 * 64
    assert quick_race(train, test, {}).complete  # so few are quick


@pytest.mark.parametrize("share", [0.0, 0.223, 0.5, 0.9691, 1.0])
def test_a_hundred_pictures_stand_for_all(share: float) -> None:
    right = np.random.default_rng(0).random(10_000) < share
    for first in (int(right.argmax()), int(right.argmin())):
        places = stand_ins(right, first)
        assert places[0] == first and len(set(places.tolist())) == 100
        assert right[places].sum() == np.clip(round(100 * right.mean()), right[first], 99 + right[first])
        # Well mixed: no half has more than its part.
        assert abs(int(right[places[:50]].sum()) - int(right[places[50:]].sum())) <= 2


def test_few_pictures_stand_there_twice() -> None:
    places = stand_ins(np.array([True, False, True, True]), 1)
    assert places[0] == 1 and len(places) == 100 and set(places.tolist()) == {0, 1, 2, 3}


def test_the_leader_took_part(make_digits: MakeDigits) -> None:
    train, test = make_digits(60, seed=1), make_digits(30, seed=2)
    found = race(train, test, {}, pictures=10, kept=20)
    assert found.tested[found.leader(int(found.tested[4]), test.labels)] == found.tested[4]
    absent = next(n for n in range(30) if n not in found.tested)
    assert test.labels[found.tested[found.leader(absent, test.labels)]] == test.labels[absent]
    assert set(found.nearest.tolist()) <= set(found.searched.tolist()) and len(found.searched) == 20


def test_all_pictures_blended_are_the_average(make_digits: MakeDigits) -> None:
    digits = make_digits(60)
    np.testing.assert_allclose(blended(digits, 60), average_pictures(digits), atol=1e-6)
    first = digits.vectors[int(np.argmax(digits.labels == 1))]
    np.testing.assert_allclose(blended(digits, 1)[1], first)


def test_what_does_not_belong_together(make_digits: MakeDigits) -> None:
    digits = make_digits(12)
    with pytest.raises(ValueError, match="do not belong together"):
        race(digits, make_digits(12, classes=2), {})
    with pytest.raises(ValueError, match="must hold a picture"):
        race(digits, digits.subset(slice(0)), {})
    with pytest.raises(ValueError, match="one picture or more"):
        race(digits, digits, {}, kept=0)


@pytest.fixture
def saved(make_digits: MakeDigits, tmp_path: Path) -> Path:
    race(make_digits(60, seed=1), make_digits(30, seed=2), {"a": "1"}).save(tmp_path / "x.rules.npz")
    return tmp_path / "x.rules.npz"


def same(one: RulesRace, other: RulesRace) -> bool:
    return (
        all(np.array_equal(one.rules[n].answers, other.rules[n].answers) for n in RULES)
        and all(np.array_equal(one.rules[n].right, other.rules[n].right) for n in RULES)
        and np.array_equal(one.nearest, other.nearest)
        and (one.kept, one.pictures, one.data_md5) == (other.kept, other.pictures, other.data_md5)
    )


def test_it_is_kept_for_its_own_data_only(saved: Path, make_digits: MakeDigits) -> None:
    train, test = make_digits(60, seed=1), make_digits(30, seed=2)

    def never() -> Digits:
        raise AssertionError("the training set is not needed")

    own, run = load_race(saved), race(train, test, {"a": "1"})
    assert same(own, run)
    assert same(race_of(saved, never, test, {"a": "1"}), own)
    other = make_digits(20, seed=3)
    now = race_of(saved, lambda: train, other, {"a": "2"})
    assert now.pictures == 20 and now.data_md5 == {"a": "2"}
    assert race_of(saved.with_name("gone.npz"), lambda: train, test, {"a": "1"}).pictures == 30


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"nearest": None}, "lacks the array nearest"),
        ({"nearest": np.arange(30) + 31}, "nearest is out of bounds"),
        ({"ink_answers": np.zeros(3, np.uint8)}, "ink_answers has the shape"),
        ({"metadata": np.array("{")}, "is not a race of rules made by Knobs"),
    ],
)
def test_a_damaged_file_is_told(saved: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(CheckpointError, match=told):
        load_race(rewritten(saved, **changes))


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"kind": "depth"}, "holds 'depth', not a race of rules"), ({"format": 9}, "format 9"), ({"kept": []}, "damaged")],
)
def test_damaged_metadata_are_told(saved: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(CheckpointError, match=told):
        load_race(rewritten(saved, metadata=metadata_with(saved, **changes)))


@pytest.mark.slow
def test_the_race_that_comes_along_is_of_the_lessons_data() -> None:
    kept, train, test = load_race(KEPT), load_digits(MNIST, "train"), load_digits(MNIST, "test")
    assert kept.data_md5 == md5_of_data(MNIST)
    assert kept.complete and (kept.pictures, kept.kept) == (10_000, 60_000)
    assert KEPT.stat().st_size < 80_000
    for rule in kept.rules.values():
        np.testing.assert_array_equal(rule.right, rule.answers == test.labels)
    np.testing.assert_array_equal(kept.rules["nearest"].answers, train.labels[kept.nearest])
    # A few of them are compared again, each with all 60,000.
    some = np.arange(0, 10_000, 1250)
    np.testing.assert_array_equal(nearest_pictures(test.vectors[some], train.vectors), kept.nearest[some])
    again = race(train, test.subset(some), {}, kept=1)
    for name in ("ink", "average"):
        np.testing.assert_array_equal(again.rules[name].answers, kept.rules[name].answers[some])
    shares = [kept.rules[name].share for name in RULES]
    assert shares == [0.2230, 0.8203, 0.9691]
