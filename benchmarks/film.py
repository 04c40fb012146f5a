"""What it takes to render six scenes of different kinds at 1080p60, against another checkout of this project."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import ROOT, Usage, run_measured
from benchmarks.table import Row, Section, at_most, not_run

SENTENCE = (
    "processor time of rendering six scenes at 1080p60 on one thread, and the sizes of their clips, "
    "compared with another checkout in the same run."
)
SCENES = (
    "ForwardPassOfADigit",
    "ARowTimesAColumn",
    "CountingTheKnobs",
    "PixelsDoNotDecide",
    "SquishingTheLine",
    "TheHope",
)
FOLDERS = {"l": "480p15", "h": "1080p60"}
# The reaches, as shares of the other checkout's.
MOST_TIME, MOST_SIZE = 0.5, 1.3


def measure(before: Path | None, before_python: str | None, quick: bool = False) -> Section:
    """Render every scene in both checkouts by turns.

    before: the other checkout. before_python: the Python to run it with; its own .venv/bin/python if None.
    """
    if before is None:
        return not_run("film", SENTENCE, "give another checkout with --before PATH, set up by its own ./knobs")
    before = before.resolve()
    other_python = before_python or str(before / ".venv" / "bin" / "python")
    scenes, quality = (SCENES[-2:], "l") if quick else (SCENES, "h")
    rows, ours, others = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for scene in scenes:
            here = render(scene, quality, ROOT, sys.executable, Path(folder) / "here")
            there = render(scene, quality, before, other_python, Path(folder) / "before")
            ours.append(here)
            others.append(there)
            rows.append(compare(f"{scene}, {FOLDERS[quality]}", [here], [there]))
    rows.append(compare("all of them", ours, others, None if quick else MOST_TIME))
    size, other_size = sum(size for _, size in ours), sum(size for _, size in others)
    reach, met = at_most(size / other_size, MOST_SIZE)
    bytes_before = f"{other_size / 1e6:.2f} MB before"
    rows.append(Row("size of all of them", f"{size / 1e6:.2f} MB", bytes_before, size / other_size, reach, met))
    return Section("film", SENTENCE, rows)


def compare(
    what: str, ours: list[tuple[Usage, int]], others: list[tuple[Usage, int]], most: float | None = None
) -> Row:
    """The row for some scenes, each with what it took and its size."""
    seconds, before = (sum(usage.processor_seconds for usage, _ in each) for each in (ours, others))
    ratio = seconds / before
    reach, met = ("", None) if most is None else at_most(ratio, most)
    return Row(what, f"{seconds:.1f} s", f"{before:.1f} s before", ratio, reach, met)


def render(scene: str, quality: str, root: Path, python: str, media: Path) -> tuple[Usage, int]:
    """What a checkout takes to render a scene, and the bytes of the clip.

    It has rendered it before, at 480p, so that its type is set and its loops are compiled.
    """
    command = [python, "-P", "-m", "lesson", "render", scene, "-j", "1", "--force", "--media", str(media), "-q"]
    run_measured([*command, "l"], root)
    shutil.rmtree(media / "cache" / FOLDERS[quality], ignore_errors=True)  # the segments
    usage = run_measured([*command, quality], root)
    return usage, (media / "clips" / FOLDERS[quality] / f"{scene}.mp4").stat().st_size
