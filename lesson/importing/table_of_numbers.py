"""A small table of named numbers, such as that of XOR: a column for each number, and one for the class."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from network.class_names import check_names_differ
from network.errors import DataError

# Names of a column that counts the rows, in lower case.
_COUNTING = ("", "id", "index", "row", "no", "number", "unnamed: 0")
# No greater number could be shown.
_GREATEST = 1e12
# How often a class must occur on average: a last column with a class of its own in nearly every row holds no classes.
_ROWS_A_CLASS = 1.5


def cells_of(line: str, separator: str) -> list[str]:
    """The cells of one line of a table."""
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]


def is_header(cells: Sequence[str]) -> bool:
    """Whether the first line of a table names its columns: none of them is a number, or they count 0, 1, 2, …"""
    numbers = [cell for cell in cells if _number(cell) is not None]
    return not numbers or (len(numbers) < len(cells) and numbers == [str(n) for n in range(len(numbers))])


def read_numbers(
    opened: TextIO, separator: str, cells: Sequence[str], place: int, has_header: bool, file: Path, notes: list[str]
) -> tuple[NDArray[np.float32], list[str], tuple[str, ...]]:
    """The numbers (n, n_in), the class of each row, and the names of the numbers.

    opened: after the header, or at the start. cells: of the first line. place: of the class. What was taken, and what
    cannot help a network, goes to `notes`. DataError, with the row and the column, for a cell that cannot be used.
    """
    names = [" ".join(name.split()) for name in cells] if has_header else [f"x{n}" for n in range(1, len(cells) + 1)]
    if has_header:
        check_names_differ([name for name in names if name], file, "columns")
    rows, classes = [], []
    for number, row in _rows(opened, separator, len(cells), file, 2 if has_header else 1):
        label = row.pop(place).strip()
        if not label:
            raise DataError(f"row {number} of {file} has no class; fill it in, or leave the row out")
        classes.append(label)
        rows.append(
            [_checked(cell, name, number, file) for cell, name in zip(row, _without(names, place), strict=True)]
        )
    if len(rows) < 2:
        have = "no rows of numbers" if not rows else "only one row of numbers"
        raise DataError(f"{file} has {have}; a network learns from two rows or more, of different classes")
    _check_classes(classes, names[place] if has_header else "", file)
    inputs, table = _without(names, place), np.array(rows)
    if (counting := _counting_column(inputs, table, has_header)) is not None:
        inputs, table = inputs[1:], table[:, 1:]
        notes.append(f"The first column{counting} only counts the rows, so it was left out.")
    if not inputs:
        raise DataError(
            f"{file} has no numbers but those that count its rows; add a column for each number to learn from"
        )
    notes += _told(names, inputs, place, has_header, table)
    return table.astype(np.float32), classes, tuple(name or f"column {n}" for n, name in enumerate(inputs, 1))


def _rows(opened: TextIO, separator: str, columns: int, file: Path, first: int) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with its number in the file."""
    try:
        for number, row in enumerate(csv.reader(opened, delimiter=separator), first):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != columns:
                raise DataError(f"row {number} of {file} has {len(row):,} cells, not {columns:,}; export it again")
            yield number, row
    except csv.Error as problem:
        raise DataError(f"{file} cannot be read as a table ({problem}); export it again as CSV") from problem


def _without(names: Sequence[str], place: int) -> list[str]:
    return [name for n, name in enumerate(names) if n != place]


def _checked(cell: str, name: str, row: int, file: Path) -> float:
    where = f"row {row} of {file}"
    column = f"the column {name}" if name else "a column without a name"
    cell = cell.strip()
    if not cell or cell.lower() in ("nan", "na", "n/a", "null", "none", "?", "-"):
        raise DataError(f"{where} has no number in {column}; fill it in, or leave the row out")
    number = _number(cell)
    if number is None:
        point = ", with a decimal point" if re.fullmatch(r"[-+]?\d+,\d+", cell) else ", or leave the column out"
        raise DataError(f"{where} has {cell!r} in {column}; write a number there{point}")
    if not abs(number) < _GREATEST:
        raise DataError(f"{where} has {cell} in {column}; write a number below 10¹² there, in a larger unit")
    return number


def _number(cell: str) -> float | None:
    try:
        return float(cell) if "_" not in cell else None
    except ValueError:
        return None


def _check_classes(classes: Sequence[str], name: str, file: Path) -> None:
    """DataError where the last column measures something, instead of naming classes."""
    column = f"the column {name}" if name else "the last column"
    remedy = "name the column of the classes “class”, or put it last"
    if fraction := next((label for label in classes if (_number(label) or 0) % 1), None):
        raise DataError(f"{column} of {file} holds numbers such as {fraction}, which are not classes; {remedy}")
    kinds = len(set(classes))
    if kinds == 1:
        raise DataError(f"{file} has rows of only one class, {classes[0]}; give rows of two classes or more")
    if kinds > 2 and len(classes) < _ROWS_A_CLASS * kinds:
        raise DataError(
            f"{column} of {file} has {kinds:,} different entries in {len(classes):,} rows, so it names no classes; "
            f"{remedy}"
        )


def _counting_column(inputs: Sequence[str], table: NDArray[np.float64], has_header: bool) -> str | None:
    """What to call the first column, if it only counts the rows; None if it does not."""
    if not has_header or inputs[0].lower() not in _COUNTING:
        return None
    counts = table[:, 0] - table[0, 0]
    if table[0, 0] not in (0, 1) or (counts != np.arange(len(counts))).any() or len(counts) < 3:
        return None
    return f", {inputs[0]}," if inputs[0] else ""


def _told(
    names: Sequence[str], inputs: Sequence[str], place: int, has_header: bool, table: NDArray[np.float64]
) -> Iterator[str]:
    if has_header:
        yield f"The column {names[place]} holds the classes; the others are the numbers that go in."
    else:
        yield f"No line names the columns, so they are called {_listed(inputs)}, and the last one holds the classes."
    for name, column in zip(inputs, table.T, strict=True):
        if (column == column[0]).all():
            yield f"The column {name} is {column[0]:g} in every row, so nothing can be learned from it."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{names[0]} to {names[-1]}"
