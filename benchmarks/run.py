"""Prints how fast everything is as one table; the ratios of each part come from one run.

    .venv/bin/python benchmarks/run.py [--only encoder drawing growth training figures start-up film pages] [--quick]
        [--write] [--before PATH [--before-python PYTHON]] [--media PATH]

It takes about half an hour on two quiet cores, with --quick a few minutes. README.md tells more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import drawing, encoder, figures, film, growth, pages, start_up, training
from benchmarks.processes import ROOT, ProcessError
from benchmarks.table import Section, machine, markdown, not_run

README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- run.py --write begins -->", "<!-- run.py --write ends -->"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), help="parts to measure")
    options.add_argument("--quick", action="store_true", help="fewer rounds and smaller pictures; no ratio to rely on")
    options.add_argument("--write", action="store_true", help="put the table into README.md")
    options.add_argument("--before", type=Path, help="another checkout, which film compares this one with")
    options.add_argument("--before-python", help="its Python (.venv/bin/python in it)")
    options.add_argument("--media", type=Path, default=ROOT / "media", help="media folder with the lesson at 480p")
    chosen = options.parse_args()
    sections = []
    for name in PARTS:
        if name in chosen.only:
            print(f"{name} ...", file=sys.stderr, flush=True)
            sections.append(measured(name, chosen))
    table = f"Measured on {machine()}{' (--quick)' if chosen.quick else ''}.\n\n{markdown(sections)}"
    print(table)
    if chosen.write:
        write(table)


def measured(name: str, chosen: argparse.Namespace) -> Section:
    """The results of a part; where one of its processes fails, why."""
    sentence, measure = PARTS[name]
    try:
        return measure(chosen)
    except ProcessError as problem:
        print(problem, file=sys.stderr)
        return not_run(name, sentence, "it failed; the messages tell why")


PARTS: dict[str, tuple[str, Callable[[argparse.Namespace], Section]]] = {
    "encoder": (encoder.SENTENCE, lambda chosen: encoder.measure(chosen.quick)),
    "drawing": (drawing.SENTENCE, lambda chosen: drawing.measure(chosen.quick)),
    "growth": (growth.SENTENCE, lambda chosen: growth.measure(chosen.quick)),
    "training": (training.SENTENCE, lambda chosen: training.measure(chosen.quick)),
    "figures": (figures.SENTENCE, lambda chosen: figures.measure(chosen.quick)),
    "start-up": (start_up.SENTENCE, lambda chosen: start_up.measure(chosen.media.resolve(), chosen.quick)),
    "pages": (pages.SENTENCE, lambda chosen: pages.measure(chosen.media.resolve(), chosen.quick)),
    "film": (film.SENTENCE, lambda chosen: film.measure(chosen.before, chosen.before_python, chosen.quick)),
}


def write(table: str) -> None:
    """Put the table between the two markers of the README."""
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")


if __name__ == "__main__":
    main()
