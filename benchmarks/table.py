"""The table of results: one row for each thing measured, with what it is compared with and what it should reach."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEADINGS = ("part", "what", "here", "compared with", "ratio", "reach", "met")


@dataclass(frozen=True)
class Row:
    """One result.

    here: the measured value, with its unit. compared_with: another value of the same run, and whose it is. ratio: the
    first divided by the second. reach: what the project wants, such as "≤ 1.4". met: whether it is so, None where
    nothing is wanted.
    """

    what: str
    here: str
    compared_with: str = ""
    ratio: float | None = None
    reach: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The row as texts, in the order of `HEADINGS` after the first."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = "" if self.met is None else "yes" if self.met else "**no**"
        return self.what, self.here, self.compared_with, ratio, self.reach, met


@dataclass(frozen=True)
class Section:
    """The results of one part of the benchmarks. sentence: what it measures, in one plain sentence."""

    name: str
    sentence: str
    rows: Sequence[Row]


def not_run(name: str, sentence: str, remedy: str) -> Section:
    """A part that could not be measured, and what to do about it."""
    return Section(name, sentence, [Row("NOT RUN", remedy)])


def at_most(ratio: float, limit: float) -> tuple[str, bool]:
    """The reach "at most `limit`", and whether a ratio meets it."""
    return f"≤ {limit:g}", ratio <= limit


def markdown(sections: Sequence[Section]) -> str:
    """The sentences and the one table, aligned so that it can be read in a terminal as well."""
    lines = [f"- **{section.name}**: {section.sentence}" for section in sections]
    table = [HEADINGS, *((section.name, *row.cells()) for section in sections for row in section.rows)]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    for cells in (table[0], rule, *table[1:]):
        if cells is table[0]:
            lines.append("")
        lines.append("| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |")
    return "\n".join(lines)


def machine() -> str:
    """The kind of machine, how busy it is, and the date, in one sentence; no names."""
    load = os.getloadavg()[2]
    return (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; "
        f"on average {load:.1f} processes wanted a core during the last 15 minutes"
    )
