"""Data from tables: CSV files with a pixel in each column, as on Kaggle; and Parquet, as on Hugging Face.

A CSV file with a few columns that are no square picture is a table of named numbers; see `table_of_numbers`.
"""

from __future__ import annotations

import csv
import importlib
import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.brightness import Unreadable, alike, read_picture
from lesson.importing.data_from_arrays import squares
from lesson.importing.found_data import TRAIN, Arrays, FoundData, listed, split_named
from lesson.importing.table_of_numbers import cells_of, is_header, read_numbers
from network.bounds import refusal, unpacks_to_much
from network.errors import DataError, is_of_the_system
from scenes.installing import install_command

_LABEL_COLUMNS = (
    *("label", "labels", "class", "classes", "target", "digit", "y", "character", "letter"),
    *("species", "category", "output", "xor"),
)
_MAY_BE_LEFT_OUT = 10
# A table with more columns is one of pictures; with so many or fewer, it may be one of numbers.
_MOST_NUMBERS = 64

# Images, labels, names of the classes, and those of the numbers in a row.
_Table = tuple[NDArray[Any], NDArray[Any], tuple[str, ...], tuple[str, ...]]


def from_csv(files: Sequence[Path]) -> FoundData:
    """Pictures and labels from one or more CSV files, a picture in each row."""
    return _by_split(files, _csv)


def from_parquet(files: Sequence[Path]) -> FoundData:
    """Pictures and labels from one or more Parquet files, a picture in each row."""
    return _by_split(files, _parquet)


def _by_split(files: Sequence[Path], read: Any) -> FoundData:
    """What several files hold, by the splits that their names tell; all of one split are joined."""
    parts: dict[str, list[Arrays]] = {}
    notes: list[str] = []
    names: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    several = len(files) > 1
    for file in files:
        if reason := refusal(file):
            raise DataError(f"{file} {reason}; export the table again")
        found = read(file, notes)
        if found is None:
            notes.append(f"{file.name} has no labels, so it was left out.")
            continue
        images, labels, given, own_inputs = found
        if parts and own_inputs != inputs:
            raise DataError(f"the tables {listed(files)} have different columns; keep one data set in a folder")
        names, inputs = names or given, own_inputs
        split = (split_named(file.stem) if several else None) or TRAIN
        parts.setdefault(split, []).append((images, labels))
    if not parts:
        raise DataError(
            f"{listed(files)} has pictures but no labels; give the table with a column label, like Kaggle's train.csv"
        )
    try:
        splits = {
            split: (np.concatenate([one for one, _ in pairs]), np.concatenate([one for _, one in pairs]))
            for split, pairs in parts.items()
        }
    except ValueError as problem:
        raise DataError(
            f"the pictures of {listed(files)} have different sizes; keep one data set in a folder"
        ) from problem
    return FoundData(splits, names, tuple(dict.fromkeys(notes)), inputs)


# ------------------------------------------------------------------------------------------------------ CSV


def _csv(file: Path, notes: list[str]) -> _Table | None:
    with open(file, encoding="utf-8-sig", errors="replace", newline="") as opened:
        first = opened.readline(1_000_000)
        separator = max(",;\t", key=first.count)
        cells = cells_of(first, separator)
        if len(cells) < 2:
            what = "has only one column" if cells else "is empty"
            raise DataError(f"{file} {what}; expected a table with the classes in one column and numbers in the others")
        has_header = is_header(cells)
        place = _label_column(cells, has_header, file)
        if place is None:
            return None
        if not has_header:
            opened.seek(0)
        if _holds_numbers(cells, place, has_header):
            table, classes, inputs = read_numbers(opened, separator, cells, place, has_header, file, notes)
            return table, _numbers_or_texts(classes), (), inputs
        labels: list[str] = []
        # loadtxt reads row by row, so that the text is never in memory as a whole.
        rows = _without_label(opened, separator, place, len(cells), labels, file, first_row=2 if has_header else 1)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about a file without rows, which is told below
                pixels = np.loadtxt(rows, np.float32, delimiter=separator, ndmin=2, comments=None)
        except DataError:
            raise
        except (ValueError, csv.Error) as problem:
            raise DataError(f"{file} has a cell that is not a brightness ({problem}); expected numbers") from problem
    if not len(labels):
        raise DataError(f"{file} has no rows of pictures; export it again")
    images = squares(pixels, f"the table {file}", notes)
    return images, _numbers_or_texts(labels), (), ()


def _numbers_or_texts(labels: list[str]) -> NDArray[Any]:
    """Labels as numbers where all of them are, else as they are written."""
    values = [_as_number(label) for label in labels]
    return np.array(labels if None in values else values)


def _holds_numbers(cells: list[str], place: int, has_header: bool) -> bool:
    """Whether a table holds named numbers, and not in each column a pixel of a square picture, such as pixel0."""
    names = [cell for n, cell in enumerate(cells) if n != place]
    return not _is_square(len(names)) or (has_header and not any(cell[-1:].isdigit() for cell in names))


def _label_column(cells: list[str], has_header: bool, file: Path) -> int | None:
    """Which column holds the label; None if there is none but only pixels."""
    if has_header:
        named = [n for n, cell in enumerate(cells) if cell.lower() in _LABEL_COLUMNS]
        if len(named) == 1:
            return named[0]
    if _is_square(len(cells) - 1):
        return 0
    if _is_square(len(cells)):
        return None
    if 2 <= len(cells) <= _MOST_NUMBERS:
        return len(cells) - 1
    raise DataError(
        f"{file} has {len(cells):,} columns; expected a label and a column for each pixel of a square picture, such as "
        f"label,pixel0,…,pixel783, or a table of at most {_MOST_NUMBERS - 1} numbers and a class"
    )


def _without_label(
    lines: Iterator[str], separator: str, place: int, columns: int, labels: list[str], file: Path, first_row: int
) -> Iterator[str]:
    """The lines without the column of the label, which goes to `labels`."""
    for number, row in enumerate(csv.reader(lines, delimiter=separator), first_row):
        if not row:
            continue
        if len(row) != columns:
            raise DataError(f"row {number} of {file} has {len(row):,} cells, not {columns:,}; export it again")
        labels.append(row.pop(place).strip())
        yield separator.join(row)


def _is_square(number: int) -> bool:
    return number >= 16 and round(number**0.5) ** 2 == number


def _as_number(cell: str) -> float | int | None:
    if "_" in cell or not cell.isascii():
        return None  # Python would read 1_1 as 11
    try:
        return int(cell) if len(cell) <= 18 else None
    except ValueError:
        pass
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


# -------------------------------------------------------------------------------------------------- Parquet


def _parquet(file: Path, notes: list[str]) -> _Table | None:
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise DataError(
            f"reading {file.name} needs the package pyarrow; install it with: {install_command('pyarrow')}"
        ) from None
    try:
        table = parquet.ParquetFile(file)
        metadata = table.metadata
        unpacked = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
        if reason := unpacks_to_much(file.stat().st_size, unpacked):
            raise DataError(f"{file} {reason}; export the table again")
        columns = table.schema_arrow.names
        label = next((name for name in columns if name.lower() in _LABEL_COLUMNS), None)
        image = next((name for name in columns if name.lower() in ("image", "img", "images", "picture")), None)
        if label is None or image is None:
            found = f"the columns {listed(columns, 6)}"
            raise DataError(f"{file} has {found}; expected a column image and a column label")
        rows = table.read(columns=[image, label]).to_pydict()
        names = _names_in(table.schema_arrow.metadata or {}, label)
    except DataError:
        raise
    except Exception as problem:
        if is_of_the_system(problem):
            raise
        raise DataError(f"{file} is damaged, or no Parquet file; export it again") from problem
    pictures, labels, bad = [], [], 0
    for cell, value in zip(rows[image], rows[label], strict=True):
        packed = cell.get("bytes") if isinstance(cell, dict) else cell
        try:
            pictures.append(read_picture(packed if isinstance(packed, bytes) else b""))
            labels.append(value)
        except Unreadable:
            bad += 1
    if bad * 100 > _MAY_BE_LEFT_OUT * (bad + len(pictures)) or not pictures or None in labels:
        raise DataError(f"{file} holds no pictures in its column {image}, or lacks labels; expected PNG or JPEG data")
    if bad:
        notes.append(f"{bad:,} pictures of {file.name} cannot be read and were left out.")
    images, more = alike(pictures)
    notes += more
    return images, np.array(labels), names, ()


def _names_in(metadata: dict[bytes, bytes], label: str) -> tuple[str, ...]:
    """The names of classes that Hugging Face's data sets carry."""
    try:
        names = json.loads(metadata[b"huggingface"])["info"]["features"][label]["names"]
        return tuple(map(str, names))
    except (KeyError, TypeError, ValueError, RecursionError):
        return ()
