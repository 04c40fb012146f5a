"""Labelled pictures as they were found in files of any kind, and what makes a training and a test set of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.class_names import check_names_differ
from network.digits import check_labels, check_not_all_alike
from network.errors import DataError

TRAIN, TEST, VALIDATION = "train", "t10k", "validation"
# Without a test set, one picture in this many of each class is set aside.
_TEST_ONE_IN = 6
# A table with fewer rows is not divided.
_FEW_ROWS = 50
# Writing is taller than wide. It is transposed where the ink of at least this many classes is wider, in nearly all.
_CLASSES_TO_JUDGE, _JUDGED, _INK_FROM = 5, 3_000, 0.25
_WIDER, _NEARLY_ALL = 1.15, 0.9

Arrays = tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True)
class FoundData:
    """Pictures and labels by split.

    splits: images (n, side, side), 0 to 255 or 0 to 1, and labels (n,) or (n, classes), for some of `TRAIN`, `TEST` and
    `VALIDATION`; those of TRAIN are divided where there are no others. names: of the classes, if they are known.
    notes: sentences that say what was changed. inputs: the names of the numbers in the rows of a table, whose images
    are (n, n_in), any numbers; empty for pictures.
    """

    splits: dict[str, Arrays]
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    inputs: tuple[str, ...] = ()


def finished(found: FoundData, source: Path) -> FoundData:
    """A training and a test set, with labels that count from 0 and a name for each; DataError says what is wrong."""
    for images, labels in found.splits.values():
        if len(images) != len(labels):
            raise DataError(f"{source} has {len(images)} images but {len(labels)} labels; save as many of each")
        if not len(images):
            raise DataError(f"{source} has an empty set of pictures; leave it out, or save it again")
    notes = list(found.notes)
    names, more = _clean(found.names, source)
    notes += more
    labels_of = {split: _plain(labels, source) for split, (_, labels) in found.splits.items()}
    numbered, names, more = _numbered(labels_of, names, source)
    notes += more
    splits = {split: (images, numbered[split]) for split, (images, _) in found.splits.items()}
    table = bool(found.inputs)
    things = "rows" if table else "pictures"
    splits, more = _all_rows_for_both(splits) if table and _is_small(splits) else _two_splits(splits, source, things)
    notes += more
    images, labels = splits[TRAIN]
    if len(names) < 2:
        raise DataError(f"{source} has {things} of only one class, {names[0]}; give at least two")
    if missing := sorted(set(range(len(names))) - set(np.unique(labels).tolist())):
        raise DataError(f"{source} has no training {things} of the class {names[missing[0]]}; give each at least two")
    check_not_all_alike(images, source, things)
    if not table and lies_on_its_side(images, labels, names):
        splits = {split: (images.transpose(0, 2, 1), labels) for split, (images, labels) in splits.items()}
        notes.append(
            "In nearly every class the ink is wider than tall, so the pictures are transposed, as those of EMNIST are; "
            "they were turned upright."
        )
    return replace(found, splits=splits, names=names, notes=tuple(notes))


def _is_small(splits: dict[str, Arrays]) -> bool:
    """Whether there is only one set of rows, and so small that none can be spared: XOR has four."""
    return set(splits) == {TRAIN} and len(splits[TRAIN][1]) < _FEW_ROWS


def _all_rows_for_both(splits: dict[str, Arrays]) -> tuple[dict[str, Arrays], list[str]]:
    return {TRAIN: splits[TRAIN], TEST: splits[TRAIN]}, [
        f"With only {len(splits[TRAIN][1])} rows, none was set aside: networks are tested on the rows they learn from."
    ]


def chosen_for_testing(named: Sequence[tuple[str, str]]) -> list[str]:
    """The split of each picture, known by its class and its name.

    Chosen by a digest of the names: the same on every machine, whatever the order of the files.
    """
    order = sorted(range(len(named)), key=lambda n: hashlib.sha256(_bytes("/".join(named[n]))).digest())
    of_class: dict[str, list[int]] = {}
    for n in order:
        of_class.setdefault(named[n][0], []).append(n)
    splits = [TRAIN] * len(named)
    for numbers in of_class.values():
        for n in numbers[: -(-len(numbers) // _TEST_ONE_IN)]:
            splits[n] = TEST
    return splits


SET_ASIDE = f"One picture in {_TEST_ONE_IN} of each class was set aside for testing"


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts 2 before 10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts]


def lies_on_its_side(images: NDArray[Any], labels: NDArray[Any], names: Sequence[str]) -> bool:
    """Whether pictures of digits or letters are transposed: rows and columns exchanged.

    Only names of one or two letters, or numbers, are taken for those of digits and letters.
    """
    if any(len(name) > 2 for name in names):
        return False
    step = -(-len(images) // _JUDGED)
    images, labels = images[::step], labels[::step]
    ink = images > _INK_FROM * images.max()
    rows, columns = ink.any(axis=2), ink.any(axis=1)
    has_ink = rows.any(axis=1)
    rows, columns, labels = rows[has_ink], columns[has_ink], labels[has_ink]
    ratio = np.log(_extents(columns) / _extents(rows))
    wide = [ratio[labels == label].mean() > 0 for label in np.unique(labels)]
    return len(wide) >= _CLASSES_TO_JUDGE and bool(np.mean(wide) >= _NEARLY_ALL) and bool(ratio.mean() > np.log(_WIDER))


def _extents(marked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """From the first to the last mark of each row, (n, length) to (n,); at least one in each."""
    return marked.shape[1] - marked[:, ::-1].argmax(axis=1) - marked.argmax(axis=1)


def _clean(names: Sequence[str], source: Path) -> tuple[tuple[str, ...], list[str]]:
    """Names that fit on one line and can be written."""
    clean = tuple(" ".join(_printable(name).split()) or "?" for name in names)
    check_names_differ(clean, source)
    changed = [(old, new) for old, new in zip(names, clean, strict=True) if old != new]
    return clean, [f"The class {old!a} is called {new!r}: a name is one line of text." for old, new in changed[:3]]


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in name)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape" if any("\udc80" <= c <= "\udcff" for c in text) else "surrogatepass")


def _plain(labels: NDArray[Any], source: Path) -> NDArray[Any]:
    """Labels in one row: whole numbers or texts; rows with a 1 at the class become its number."""
    if labels.ndim == 2 and labels.shape[1] > 1 and labels.dtype.kind in "iufb":
        labels = labels.argmax(axis=1)
    labels = labels.ravel()
    if labels.dtype.kind == "S":
        labels = np.char.decode(labels, "utf-8", "replace")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all() or (labels != np.round(labels)).any() or np.abs(labels).max() > 2**53:
            raise DataError(f"{source} has labels that are not whole numbers; give each class a number or a name")
        labels = labels.astype(np.int64)
    if labels.dtype.kind == "b":
        labels = labels.astype(np.int64)
    if labels.dtype.kind not in "iuU":
        raise DataError(f"the labels of {source} hold {labels.dtype}; expected whole numbers from 0, or names")
    if labels.dtype.kind != "U" and labels.min() < 0:
        raise DataError(f"{source} has a label {labels.min()}; expected whole numbers from 0, or names")
    return labels


def _numbered(
    labels: dict[str, NDArray[Any]], names: tuple[str, ...], source: Path
) -> tuple[dict[str, NDArray[np.int32]], tuple[str, ...], list[str]]:
    """Labels that count from 0, and a name for each number."""
    if any(row.dtype.kind == "U" for row in labels.values()):
        texts = {split: [str(label) for label in row] for split, row in labels.items()}
        present = {text for row in texts.values() for text in row}
        if names and (unknown := sorted(present - set(names))):
            raise DataError(f"{source} has the label {unknown[0]!r}, which is not in class_names; add it there")
        order = names or tuple(sorted(present, key=natural_order))
        at = {text: number for number, text in enumerate(order)}
        numbered = {split: np.array([at[text] for text in row], np.int32) for split, row in texts.items()}
        clean, notes = _clean(order, source)
        return numbered, clean, notes
    numbers: NDArray[Any] = np.zeros(0, np.int64)
    for row in labels.values():
        numbers = np.union1d(numbers, check_labels(row, source)).astype(np.int64)
    if not names:
        counted = bool((numbers == np.arange(len(numbers))).all())
        note = f"The labels go from {numbers[0]} to {numbers[-1]}; the {len(numbers):,} classes keep these numbers."
        numbered = {split: np.searchsorted(numbers, row).astype(np.int32) for split, row in labels.items()}
        return numbered, tuple(str(number) for number in numbers), [] if counted else [note]
    first = 1 if numbers[0] == 1 and numbers[-1] == len(names) else 0
    if numbers[-1] - first >= len(names):
        raise DataError(f"{source} has a label {numbers[-1]}, but names {len(names)} classes; name the others, too")
    return {split: (row - first).astype(np.int32) for split, row in labels.items()}, names, []


def _two_splits(
    splits: dict[str, Arrays], source: Path, things: str = "pictures"
) -> tuple[dict[str, Arrays], list[str]]:
    """A training and a test set out of one, two or three."""
    if TRAIN not in splits:
        raise DataError(
            f"{source} has only {things} for {' and '.join(sorted(splits))}; give it training {things}, too"
        )
    if TEST in splits and VALIDATION in splits:
        both = [np.concatenate(arrays) for arrays in zip(splits[TRAIN], splits[VALIDATION], strict=True)]
        note = f"The validation {things} joined those for training, of which every run sets some aside for validation."
        return {TRAIN: (both[0], both[1]), TEST: splits[TEST]}, [note]
    if VALIDATION in splits:
        return {TRAIN: splits[TRAIN], TEST: splits[VALIDATION]}, []
    if TEST in splits:
        return splits, []
    images, labels = splits[TRAIN]
    is_test = np.array(chosen_for_testing([(str(label), str(n)) for n, label in enumerate(labels)])) == TEST
    return {TRAIN: (images[~is_test], labels[~is_test]), TEST: (images[is_test], labels[is_test])}, [
        f"{SET_ASIDE if things == 'pictures' else SET_ASIDE.replace('picture', 'row')}."
    ]


def split_named(name: str) -> str | None:
    """The split that a word in a name stands for."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    for split, known in (
        (TRAIN, ("train", "training")),
        (TEST, ("test", "testing", "t10k")),
        (VALIDATION, ("val", "valid", "validation")),
    ):
        if any(word in known for word in words):
            return split
    return None


def listed(names: Iterable[object], most: int = 3) -> str:
    """The first few of some names."""
    every = [str(name) for name in names]
    return ", ".join(every[:most]) + (", …" if len(every) > most else "")
