"""`knobs evaluate`: how well a network reads digits, and where it fails."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.options import FilePath, cannot_write, check_output
from network.files import atomic_write
from network.paths import display_path
from scenes.wording import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from rich.table import Table

    from network.evaluation import Evaluation

_PLOTS = (".png", ".svg", ".pdf")


@click.command()
@click.option(
    "--checkpoint",
    "file",
    type=FilePath(),
    help="The network.  [default: the variable KNOBS_CHECKPOINT, or assets/weights/default.npz]",
)
@click.option("--data", type=FilePath(), help="The data.  [default: what the network was trained on]")
@click.option("--plot", type=FilePath(), help="Also write a figure, as a png, svg or pdf file.")
def command(file: Path | None, data: Path | None, plot: Path | None) -> None:
    """Show how well a network reads digits, and where it fails.

    It is measured on the test pictures, which it was not trained on.
    """
    from rich.console import Console

    from lesson.importing import datasets
    from lesson.render.evaluation_plot import MATRIX_CLASSES, describe, draw_evaluation
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits
    from network.evaluation import evaluate

    if plot:
        _check_plot(plot)
    context = datasets.context_of(file, data)
    file, data = (Path(display_path(place)) for place in (context.checkpoint, context.data))
    checkpoint = load_checkpoint(file)
    test = load_digits(data, "test")
    checkpoint.check_fits(test, file)
    result = evaluate(checkpoint.network, test)

    console = Console(highlight=False)
    say = partial(console.print, soft_wrap=True, markup=False)  # lines are not broken, brackets in names are not markup
    say(f"{describe(checkpoint.network)}  {display_path(file)}")
    things = "rows" if test.inputs else "pictures"
    say(f"Accuracy {percent(result.accuracy, 2)}: {len(result.mistakes):,} of {len(test):,} {things} wrong.")
    say(
        f"Outputs below 0.1 or above 0.9: {percent(result.decided)}. "
        f"Sum of the outputs: {result.mean_sum:.2f} on average.\n"
    )
    console.print(_class_table(result, things))
    if len(result.class_names) <= MATRIX_CLASSES:
        console.print("\nConfusion matrix (rows: true class, columns: predicted class)\n")
        say("\n".join(_matrix_lines(result)), crop=False)
    else:
        console.print("\nThe most common confusions\n")
        say("\n".join(_confusion_lines(result)))
    if plot:
        _save_plot(draw_evaluation(checkpoint, result, display_path(file)), plot)
        say(f"\nSaved as {display_path(plot)}")


def _class_table(result: Evaluation, things: str) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("class")
    for heading in (things, "recall", "precision", "most confused with"):
        table.add_column(heading, justify="right")
    for k, name in enumerate(result.class_names):
        others = result.confusion[k].copy()
        others[k] = 0
        common = int(others.argmax())
        confused = f"{result.class_names[common]} ({others[common]})" if others[common] else "–"
        cells = (name, f"{result.counts[k]:,}", _percent(result.recall[k]), _percent(result.precision[k]), confused)
        table.add_row(*map(Text, cells))  # plain text: a name in brackets is not markup
    return table


def _percent(share: float) -> str:
    return "–" if share != share else percent(share)  # a NaN is not equal to itself


def _matrix_lines(result: Evaluation) -> list[str]:
    names = result.class_names
    left = max(map(len, names))
    widths = [
        max(len(name), *(len(str(n)) for n in column)) for name, column in zip(names, result.confusion.T, strict=True)
    ]
    lines = [" " * left + "  " + "  ".join(name.rjust(width) for name, width in zip(names, widths, strict=True))]
    for name, row in zip(names, result.confusion, strict=True):
        cells = (str(n or "·").rjust(width) for n, width in zip(row, widths, strict=True))
        lines.append(name.rjust(left) + "  " + "  ".join(cells))
    return lines


def _confusion_lines(result: Evaluation, most: int = 15) -> list[str]:
    import numpy as np

    wrong = result.confusion.copy()
    np.fill_diagonal(wrong, 0)
    pairs = [divmod(int(place), len(wrong)) for place in np.argsort(-wrong, axis=None, kind="stable")[:most]]
    return [
        f"{wrong[i, j]:6,}  {result.class_names[i]} read as {result.class_names[j]}" for i, j in pairs if wrong[i, j]
    ]


def _check_plot(plot: Path) -> None:
    if plot.suffix.lower() not in _PLOTS:
        raise click.ClickException(
            f"{plot} must end in {', '.join(_PLOTS[:-1])} or {_PLOTS[-1]}; choose such a name with --plot FILE"
        )
    if not plot.parent.is_dir():
        raise click.ClickException(
            f"there is no folder {plot.parent} for the figure; create it, or choose another with --plot FILE"
        )
    check_output(plot, overwrite=True, is_checkpoint=False, option="--plot FILE")


def _save_plot(figure: Figure, plot: Path) -> None:
    drawn = io.BytesIO()
    figure.savefig(drawn, format=plot.suffix.lower()[1:], facecolor=figure.get_facecolor(), dpi=120)
    try:
        atomic_write(plot, drawn.getvalue())
    except OSError as problem:
        raise cannot_write(plot, problem, "--plot FILE") from problem
