"""A race of honest rules without a network: how many pictures each of them reads right, and what it must keep for that.

Guessing; the amount of ink; the nearest average picture; the nearest of all training pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.archive import (
    ArchiveKind,
    Arrays,
    as_metadata,
    expect,
    first_line,
    metadata_of,
    read_archive,
    write_archive,
)
from network.digits import Digits
from network.errors import CheckpointError
from network.gradients import one_hot
from network.network import Array

FORMAT = 1
# The rules that answer from the picture, in the order of the race.
RULES = ("ink", "average", "nearest")
_KIND = ArchiveKind("race of rules", "choose a checkpoint with one beside it", "make it by ./knobs train --all")
# Distances in the table that is in memory at a time: 64 MB.
_TABLE = 16_000_000
# Pictures that are added up in float32; their sums are added up in float64.
_SUMMED = 1024
# Where the race is run while a scene is drawn: at most so many test pictures, and so many multiplications in all, which
# take about half a second.
_QUICK_PICTURES, _QUICK_PRODUCTS = 1000, 8_000_000_000
# How far the rounding of float32 may move a squared distance, as a share of the largest.
_ROUNDING = 1e-5
# Which pictures take part is drawn with this seed. A file holds only how many training pictures were searched: they are
# drawn again from it.
_SEED = 0

Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class Rule:
    """How one rule did.

    answers: (pictures,) the class that it gave each picture. right: (pictures,) whether that was right.
    numbers: how many numbers it keeps: an amount of ink for each class; or an average picture for each class; or every
    pixel of every training picture.
    """

    name: str
    answers: NDArray[np.intp]
    right: NDArray[np.bool_]
    numbers: int

    @property
    def share(self) -> float:
        """The share of the pictures that it read right, 0 to 1."""
        return float(self.right.mean())


@dataclass(frozen=True, eq=False)
class RulesRace:
    """The rules on the same test pictures.

    tested: (pictures,) the indices of these pictures in the test set, rising: all, or some that were drawn at random.
    rules: by their names in `RULES`. nearest: (pictures,) the index in the training set of the nearest picture. kept:
    how many training pictures it was searched in; the averages are always those of the whole training set.
    of_test, of_training: the sizes of both sets. data_md5: of each data file, uncompressed. classes: how many.
    """

    tested: NDArray[np.intp]
    rules: dict[str, Rule]
    nearest: NDArray[np.intp]
    kept: int
    of_test: int
    of_training: int
    classes: int
    data_md5: dict[str, str]

    @property
    def pictures(self) -> int:
        """How many test pictures took part."""
        return len(self.tested)

    @property
    def searched(self) -> NDArray[np.intp]:
        """The indices of the training pictures in which the nearest was searched, (kept,), rising."""
        return _some(self.of_training, self.kept, np.random.default_rng(_SEED))

    @property
    def complete(self) -> bool:
        """Whether every test picture took part and was compared with every training picture."""
        return self.pictures == self.of_test and self.kept == self.of_training

    @property
    def guessing(self) -> float:
        """The share that guessing reads right on average, each class as likely as any other; it keeps no numbers."""
        return 1 / self.classes

    def share_of(self, answers: NDArray[np.integer[Any]], labels: NDArray[np.integer[Any]]) -> float:
        """The share right of somebody else's answers on the same pictures; answers, labels: (of_test,)."""
        return float((answers[self.tested] == labels[self.tested]).mean())

    def leader(self, example: int, labels: NDArray[np.integer[Any]]) -> int:
        """The place in `tested` of a test picture that is to go first; it may not have taken part.

        Then it is the first of its class that did; then the first of all. labels: (of_test,).
        """
        for wanted in (self.tested == example, labels[self.tested] == labels[example]):
            if wanted.any():
                return int(wanted.argmax())
        return 0

    def save(self, path: Path) -> None:
        """Write the whole file, or nothing. CheckpointError if it cannot be written."""
        metadata = {"format": FORMAT, "kind": "rules", "data_md5": self.data_md5, "classes": self.classes}
        metadata |= {name: getattr(self, name) for name in ("kept", "of_test", "of_training")}
        metadata |= {"numbers": {name: rule.numbers for name, rule in self.rules.items()}}
        small = np.min_scalar_type(self.classes)
        arrays: Arrays = {"metadata": as_metadata(metadata), "tested": self.tested.astype(np.uint32)}
        arrays["nearest"] = self.nearest.astype(np.uint32)
        for name, rule in self.rules.items():
            arrays[f"{name}_answers"] = rule.answers.astype(small)
            arrays[f"{name}_right"] = np.packbits(rule.right)
        write_archive(path, arrays)


def race(
    train: Digits,
    test: Digits,
    data_md5: dict[str, str],
    pictures: int | None = None,
    kept: int | None = None,
    on_part: Progress = lambda done, all_: None,
) -> RulesRace:
    """Run the race. With fewer `pictures` or `kept` than there are, they are drawn at random, always the same ones.

    on_part: called with the number of test pictures compared so far, and of all. ValueError if a set is empty, or if
    their pictures or classes differ.
    """
    if not len(train) or not len(test):
        raise ValueError(f"both sets must hold a picture; got {len(train)} and {len(test)}")
    if (train.side, train.class_names) != (test.side, test.class_names):
        raise ValueError("the training and test pictures do not belong together")
    tested, searched = (
        _some(there, wanted, np.random.default_rng(_SEED))
        for there, wanted in ((len(test), pictures), (len(train), kept))
    )
    chosen = test.vectors if len(tested) == len(test) else test.vectors[tested]
    among = train.vectors if len(searched) == len(train) else train.vectors[searched]
    nearest = searched[nearest_pictures(chosen, among, on_part)]
    averages = average_pictures(train)
    classes = len(train.class_names)
    answers = {
        "ink": by_ink(chosen, averages),
        "average": _nearest_average(chosen, averages),
        "nearest": train.labels[nearest].astype(np.intp),
    }
    numbers = {"ink": classes, "average": averages.size, "nearest": len(searched) * train.side**2}
    rules = {name: Rule(name, answers[name], answers[name] == test.labels[tested], numbers[name]) for name in RULES}
    return RulesRace(tested, rules, nearest, len(searched), len(test), len(train), classes, data_md5)


def quick_race(train: Digits, test: Digits, data_md5: dict[str, str]) -> RulesRace:
    """The race on as many pictures as can be compared within about a second; it says how many."""
    pictures = min(_QUICK_PICTURES, len(test))
    kept = max(_QUICK_PRODUCTS // (pictures * train.side**2), 1) if pictures else 1
    return race(train, test, data_md5, pictures, min(kept, len(train)))


def race_of(file: Path, train: Callable[[], Digits], test: Digits, data_md5: dict[str, str]) -> RulesRace:
    """The race kept in a companion file, if it was run on these data; otherwise the quick race, run now.

    train: gives the training set, which is only asked for if it is needed. data_md5: of all data files, uncompressed.
    CheckpointError if the file is damaged.
    """
    if file.is_file() and (kept := load_race(file)).data_md5 == data_md5 and kept.of_test == len(test):
        return kept
    return _quick_race(train(), test, tuple(sorted(data_md5.items())))


@lru_cache(maxsize=1)
def _quick_race(train: Digits, test: Digits, data_md5: tuple[tuple[str, str], ...]) -> RulesRace:
    return quick_race(train, test, dict(data_md5))


def stand_ins(right: NDArray[np.bool_], first: int, count: int = 100) -> NDArray[np.intp]:
    """Places of pictures that stand for all of them (n,), the one at `first` before the others, (count,).

    As large a share of them is right as of all, to a whole picture. The others are the first ones of each kind, and the
    two kinds come well mixed; with few pictures some stand there twice.
    """
    many = int(np.clip(round(count * float(right.mean())) - right[first], 0, count - 1))
    chosen, order = [], []
    for kind, wanted in (right, many), (~right, count - 1 - many):
        places = np.flatnonzero(kind)
        others = places[places != first]
        chosen.append(np.resize(others if len(others) else [first], wanted))
        # Spread evenly from the first to the last.
        order.append((np.arange(wanted) + 0.5) / max(wanted, 1))
    mixed = np.concatenate(chosen)[np.argsort(np.concatenate(order), kind="stable")]
    return np.concatenate([[first], mixed]).astype(np.intp)


def average_pictures(digits: Digits) -> Array:
    """The average picture of each class, (classes, side²) float64; NaN for a class without pictures."""
    classes = len(digits.class_names)
    totals = np.zeros((classes, digits.side**2))
    for start in range(0, len(digits), _SUMMED):
        part = slice(start, start + _SUMMED)
        totals += one_hot(digits.labels[part], classes, np.float32).T @ digits.vectors[part]
    counts = np.bincount(digits.labels, minlength=classes)[:, None]
    averages: Array = np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)
    return averages


def blended(digits: Digits, most: int) -> Array:
    """The average of the first pictures of each class, at most `most` of them, (classes, side²); NaN where none is."""
    totals = np.full((len(digits.class_names), digits.side**2), np.nan)
    for label, average in enumerate(totals):
        own = np.flatnonzero(digits.labels == label)[:most]
        if len(own):
            average[:] = digits.vectors[own].mean(axis=0, dtype=np.float64)
    return totals


def by_ink(vectors: Array, averages: Array) -> NDArray[np.intp]:
    """The class whose mean amount of ink is nearest to that of each picture (n, pixels), (n,).

    Ink is the sum of the pixels. averages: (classes, pixels), one or more of them without NaN.
    """
    ink = vectors.sum(axis=1, dtype=np.float64)
    away = np.abs(ink[:, None] - averages.sum(axis=1))
    return np.asarray(np.nan_to_num(away, nan=np.inf).argmin(axis=1), np.intp)


def nearest_pictures(vectors: Array, others: Array, on_part: Progress = lambda done, all_: None) -> NDArray[np.intp]:
    """For each picture (n, pixels), the index of the nearest of the others (m, pixels) by Euclidean distance, (n,).

    Of several as near, the first. The products are of float32; what they cannot tell apart is measured again in
    float64. ValueError if there are no others.
    """
    if not len(others):
        raise ValueError("there is no picture to be the nearest")
    lengths = np.square(others, dtype=np.float64).sum(axis=1)
    # |a − b|² = |a|² + |b|² − 2 a·b, and |a|² is the same for all b.
    half = (lengths / 2).astype(np.float32)
    size = max(_TABLE // len(others), 1)
    found = np.empty(len(vectors), np.intp)
    for start in range(0, len(vectors), size):
        part = vectors[start : start + size]
        near = part @ others.T
        np.subtract(half, near, out=near)
        own = np.square(part, dtype=np.float64).sum(axis=1)
        limits = near.min(axis=1) + _ROUNDING * np.maximum(own, lengths.max())
        for row, limit in enumerate(limits):
            candidates = np.flatnonzero(near[row] <= limit)
            if len(candidates) > 1:
                exact = np.square(others[candidates].astype(np.float64) - part[row]).sum(axis=1)
                candidates = candidates[[int(exact.argmin())]]
            found[start + row] = candidates[0]
        on_part(start + len(part), len(vectors))
    return found


def load_race(path: Path) -> RulesRace:
    """Read a race from a file. CheckpointError if that fails; its message says why and what to do."""
    path = Path(path)
    arrays = read_archive(path, _KIND)
    metadata = metadata_of(arrays, path, _KIND, "rules", FORMAT)
    names = ["tested", "nearest", *(f"{name}_{part}" for name in RULES for part in ("answers", "right"))]
    if missing := sorted({*names} - arrays.keys()):
        raise CheckpointError(f"{path} lacks the array {missing[0]}; copy it again, or {_KIND.renew}")
    try:
        kept, of_test, of_training, classes = (
            int(metadata[name]) for name in ("kept", "of_test", "of_training", "classes")
        )
        numbers = {name: int(metadata["numbers"][name]) for name in RULES}
        data_md5 = {str(name): str(value) for name, value in metadata["data_md5"].items()}
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        raise CheckpointError(
            f"the metadata of {path} is damaged ({first_line(problem)}); copy it again, or {_KIND.renew}"
        ) from problem

    def whole(name: str, length: int, below: int) -> NDArray[np.intp]:
        array = expect(arrays, name, (length,), path, _KIND, np.integer)
        if array.size and (array.min() < 0 or array.max() >= below):
            raise CheckpointError(f"in {path} {name} is out of bounds; copy it again, or {_KIND.renew}")
        return array.astype(np.intp)

    tested = whole("tested", -1, of_test)
    count = len(tested)
    rules = {}
    for name in RULES:
        bits = whole(f"{name}_right", -(-count // 8), 256).astype(np.uint8)
        right = np.unpackbits(bits, count=count).astype(bool)
        rules[name] = Rule(name, whole(f"{name}_answers", count, classes), right, numbers[name])
    nearest = whole("nearest", count, of_training)
    return RulesRace(tested, rules, nearest, kept, of_test, of_training, classes, data_md5)


def _some(there: int, wanted: int | None, rng: np.random.Generator) -> NDArray[np.intp]:
    """The indices of as many pictures as are wanted, rising: all, or drawn at random."""
    if wanted is None or wanted >= there:
        return np.arange(there)
    if wanted < 1:
        raise ValueError(f"the race needs one picture or more of each set; got {wanted}")
    return np.sort(rng.permutation(there)[:wanted])


def _nearest_average(vectors: Array, averages: Array) -> NDArray[np.intp]:
    present = np.flatnonzero(~np.isnan(averages).any(axis=1))
    return np.asarray(present[nearest_pictures(vectors, averages[present].astype(np.float64))], np.intp)
