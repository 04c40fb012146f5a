"""What a person sees while something takes long: a progress bar on a terminal, otherwise lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from scenes.wording import percent

if TYPE_CHECKING:
    from rich.console import Console

    from network.training import EpochReport

# Without a terminal, the seconds between two lines of progress.
LINE_EVERY = 15.0


def tell(sentence: str) -> None:
    """Say something beside what the command prints."""
    click.echo(sentence, err=True)


@contextmanager
def step_progress(console: Console, name: str) -> Iterator[Callable[[int, int], None]]:
    """Gives the function to call with the number of finished steps and of all steps."""
    if not console.is_terminal:
        last = time.monotonic()

        def line(done: int, steps: int) -> None:
            nonlocal last
            if done in (1, steps) or time.monotonic() - last >= LINE_EVERY:
                last = time.monotonic()
                console.print(f"{name}: {done} of {steps}", soft_wrap=True, markup=False)

        yield line
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(f"{name}: {{task.completed:.0f}} of {{task.total:.0f}}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=100)
        yield lambda done, steps: progress.update(task, completed=done, total=steps)


@contextmanager
def training_progress(console: Console, epochs: int, begun: int = 0) -> Iterator[Callable[[EpochReport], None]]:
    """Gives the function to call with each report; an output that cannot be written ends no run.

    begun: the epochs that were over before.
    """
    if not console.is_terminal:
        show_line = _training_lines(console, epochs, begun)

        def show(report: EpochReport) -> None:
            # A full disk; or a reader that has gone, for which rich raises SystemExit.
            with suppress(OSError, SystemExit):
                show_line(report)

        yield show
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("epoch {task.completed:.0f} of {task.total:.0f}"),
        BarColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=epochs, completed=begun, state="")
        yield lambda report: progress.update(task, completed=report.epoch, state=_training_state(report))


def _training_lines(console: Console, epochs: int, begun: int) -> Callable[[EpochReport], None]:
    started = last = time.monotonic()

    def show(report: EpochReport) -> None:
        nonlocal last
        now = time.monotonic()
        if report.epoch in (0, begun + 1, epochs) or now - last >= LINE_EVERY:
            last = now
            done = report.epoch - begun
            left = f" · {(now - started) / done * (epochs - report.epoch):.0f} s left" if done else ""
            line = f"epoch {report.epoch} of {epochs} · {_training_state(report)}{left}"
            console.print(line, soft_wrap=True, markup=False)

    return show


def _training_state(report: EpochReport) -> str:
    validated = report.validation_accuracy == report.validation_accuracy  # a NaN is not equal to itself
    name, accuracy = ("validation", report.validation_accuracy) if validated else ("training", report.train_accuracy)
    return f"cost {report.cost:.4f} · {name} accuracy {percent(accuracy, 2)}"
