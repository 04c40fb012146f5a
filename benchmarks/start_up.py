"""How soon the command line answers when there is nothing to do, and on a fresh clone."""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import run_measured
from benchmarks.table import Row, Section

SENTENCE = (
    "time from the start of a command to its end, where nothing has changed, and of `scenes` where nothing was "
    "rendered yet; whether it loaded manim or NumPy."
)
HEAVY = ("manim", "numpy")
# The reach in seconds, for commands that have nothing to do.
MOST = 1.0
# A slow command is not repeated once this many seconds are over.
ENOUGH = 10.0


def measure(media: Path, quick: bool = False) -> Section:
    """Time the commands. media: a media folder that holds the lesson at 480p, up to date."""
    rounds = 3 if quick else 7
    rows = [command_row("scenes, fresh clone", ["scenes"], rounds)]
    options = ["-q", "l", "--media", str(media)]
    if is_up_to_date(options):
        for name in ("export", "lesson"):
            run_measured(program([name, *options]))  # makes the pages
            rows.append(command_row(f"{name}, nothing changed", [name, *options], rounds))
        rows.append(command_row("scenes, all rendered", ["scenes", "--media", str(media)], rounds))
    else:
        remedy = "the lesson is not up to date at 480p; first run ./knobs lesson -q l"
        rows.append(Row("export and lesson: NOT RUN", remedy))
    return Section("start-up", SENTENCE, rows)


def program(arguments: Sequence[str]) -> list[str]:
    """The command line as ./knobs starts it."""
    return [sys.executable, "-P", "-m", "lesson", *arguments]


def command_row(what: str, arguments: Sequence[str], rounds: int) -> Row:
    """Time a command; without a media folder among its arguments it gets an empty one each time."""
    with tempfile.TemporaryDirectory() as folder:
        listing = {"PYTHONPROFILEIMPORTTIME": "1"}
        first = run_measured(program(with_media(arguments, folder)), environment=listing)
        usages = [first] if first.wall_seconds > ENOUGH else []
        while len(usages) < rounds and sum(usage.wall_seconds for usage in usages) < ENOUGH:
            usages.append(run_measured(program(with_media(arguments, folder))))
    wall = statistics.median(usage.wall_seconds for usage in usages)
    processor = statistics.median(usage.processor_seconds for usage in usages)
    loaded = [module for module in HEAVY if re.search(rf"^import time:.*\| +{module}$", first.output, re.MULTILINE)]
    imports = f"loads {' and '.join(loaded)}" if loaded else "loads neither manim nor NumPy"
    here = f"{wall:.2f} s ({processor:.2f} s of processor time)"
    return Row(what, here, imports, reach=f"≤ {MOST:g} s, loads neither", met=wall <= MOST and not loaded)


def with_media(arguments: Sequence[str], folder: str) -> list[str]:
    """The arguments, with a new media folder below `folder` if they name none."""
    return list(arguments) if "--media" in arguments else [*arguments, "--media", tempfile.mkdtemp(dir=folder)]


def is_up_to_date(options: Sequence[str]) -> bool:
    """Whether no clip of the lesson would be rendered."""
    listed = run_measured(program(["lesson", "--dry-run", *options])).output
    lines = [line for line in listed.splitlines() if ".mp4" in line]
    return bool(lines) and all("up to date" in line for line in lines)
