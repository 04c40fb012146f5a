"""Results that took long are not lost: a run is saved now and then, and what cannot be written finds another place."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from network.errors import CheckpointError, one_line
from network.paths import display_path

if TYPE_CHECKING:
    from network.training import EpochReport, TrainingState
    from network.unfinished import Recipe


def save_somewhere(save: Callable[[Path], None], output: Path) -> Path:
    """Write a file to `output`, or to another place if that fails, and return where it is.

    At a terminal, the user says where, as often as it takes; otherwise the first place that takes the file is told.
    CheckpointError if there is none.
    """
    try:
        save(output)
        return output
    except CheckpointError as problem:
        first = problem
    click.echo(f"knobs: {one_line(str(first))}", err=True)
    if sys.stdin is not None and sys.stdin.isatty():
        return _asked(save, output)
    for find in (Path.cwd, Path.home, lambda: Path(tempfile.gettempdir())):
        try:
            other = _free_name(find() / output.name)
            save(other)
        except (CheckpointError, OSError, RuntimeError):
            continue  # the current folder may be gone, and not every user has a home
        click.echo(f"knobs: it was saved as {other} instead; move it when there is room", err=True)
        return other
    raise first


def _asked(save: Callable[[Path], None], output: Path) -> Path:
    """Ask for other places until one takes the file; nothing is lost meanwhile."""
    while True:
        try:
            answer = click.prompt(
                "It is kept in memory. Make room and press Enter to try again, or name another file",
                default=display_path(output),
                err=True,
            )
        except click.Abort:
            raise CheckpointError(f"{output} was not saved, as you asked") from None
        try:
            place = Path(answer).expanduser()
            if place.is_dir():
                place /= output.name
            place.parent.mkdir(parents=True, exist_ok=True)
            save(place)
            return place
        except (CheckpointError, OSError) as problem:
            click.echo(f"knobs: {one_line(str(problem))}", err=True)
        except (RuntimeError, ValueError) as problem:
            click.echo(f"knobs: {answer!r} is no place for a file ({one_line(str(problem))})", err=True)


def _free_name(place: Path) -> Path:
    """The same name, or with a number at its end, so that nothing is replaced."""
    number = 2
    free = place
    while free.exists():
        free = place.with_name(f"{place.stem}-{number}{place.suffix}")
        number += 1
    return free


class KeptRun:
    """The reports of a training run, which is saved now and then so that it can go on after whatever stops it.

    reports: those so far, without their states.
    """

    def __init__(self, path: Path, recipe: Recipe, every: float = 60.0) -> None:
        """path: where the run is saved, at most once in `every` seconds."""
        self.path, self.recipe, self.every = path, recipe, every
        self.reports: list[EpochReport] = []
        self.state: TrainingState | None = None
        self._saved, self._told = time.monotonic(), False

    def resume(self) -> TrainingState:
        """Take up the reports of the saved run, and return where it stood. CheckpointError if it cannot be used."""
        from network.unfinished import load_unfinished

        if not self.path.exists():
            raise CheckpointError(f"there is no unfinished run {display_path(self.path)}; leave --resume out")
        self.reports, self.state = load_unfinished(self.path, self.recipe)
        return self.state

    def add(self, report: EpochReport) -> None:
        """Take another report, and save the run if that is due."""
        self.reports.append(replace(report, state=None))
        self.state = report.state or self.state
        if time.monotonic() - self._saved >= self.every:
            self.save()

    def save(self) -> bool:
        """Whether the run is saved now; that it cannot be is told once, and is no reason to stop it."""
        from network.unfinished import save_unfinished

        self._saved = time.monotonic()
        if self.state is None:
            return False
        try:
            # Ctrl-C may come between a report and its state; then this epoch is done again.
            reports = [report for report in self.reports if report.epoch <= self.state.epoch]
            save_unfinished(self.path, self.recipe, reports, self.state)
            return True
        except CheckpointError as problem:
            if not self._told:
                click.echo(f"knobs: training goes on, but {one_line(str(problem))}", err=True)
            self._told = True
            return False

    def remove(self) -> None:
        """Forget the saved run, of which there is something better now."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            pass  # it is in nobody's way
