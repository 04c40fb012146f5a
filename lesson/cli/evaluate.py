"""`knobs evaluate`: how well a network reads digits, and where it fails."""

from __future__ import annotations

import io
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from network.files import display_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from rich.table import Table

    from network.checkpoint import Checkpoint
    from network.evaluation import Evaluation

_PLOTS = (".png", ".svg", ".pdf")
# A confusion matrix of more classes is not readable; the commonest confusions are told instead.
_MATRIX_CLASSES = 20
_RIGHT, _WRONG, _TEXT, _FAINT = "#58C4DD", "#FF8C5A", "#E8E8E8", "#3A3A3A"


@click.command()
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(path_type=Path),
    help="The network.  [default: KNOBS_CHECKPOINT, else assets/weights/default.npz]",
)
@click.option("--data", type=click.Path(path_type=Path), help="The data.  [default: what it was trained on]")
@click.option("--plot", type=click.Path(path_type=Path), help="Also draw it, as a png, svg or pdf file.")
def command(file: Path | None, data: Path | None, plot: Path | None) -> None:
    """Show how well a network reads digits, and where it fails.

    It is asked about the test images of the data, which it was not trained on.
    """
    from rich.console import Console

    from lesson.importing import datasets
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
    say = partial(console.print, soft_wrap=True, markup=False)  # lines stay whole, brackets in names stay brackets
    say(f"{_told(checkpoint)}  {display_path(file)}")
    say(f"Accuracy {result.accuracy:.2%}: {len(result.mistakes):,} of {len(test):,} images wrong.")
    say(
        f"Outputs below 0.1 or above 0.9: {result.decided:.1%}. Sum of all outputs: {result.mean_sum:.2f} on average.\n"
    )
    console.print(_class_table(result))
    if len(result.class_names) <= _MATRIX_CLASSES:
        console.print("\nConfusion matrix: a row for each true class, a column for each answer\n")
        say("\n".join(_matrix_lines(result)), crop=False)
    else:
        console.print("\nThe commonest confusions\n")
        say("\n".join(_confusion_lines(result)))
    if plot:
        _save_plot(_drawing(checkpoint, result, display_path(file)), plot)
        say(f"\nDrawn: {display_path(plot)}")


def _told(checkpoint: Checkpoint) -> str:
    network = checkpoint.network
    return f"{'-'.join(map(str, network.sizes))}, {network.activations[0]}, {network.parameter_count:,} knobs"


def _class_table(result: Evaluation) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("class")
    for heading in ("images", "recognised", "right when said", "taken for"):
        table.add_column(heading, justify="right")
    for k, name in enumerate(result.class_names):
        others = result.confusion[k].copy()
        others[k] = 0
        common = int(others.argmax())
        confused = f"{result.class_names[common]} ({others[common]})" if others[common] else "–"
        cells = (name, f"{result.counts[k]:,}", _percent(result.recall[k]), _percent(result.precision[k]), confused)
        table.add_row(*map(Text, cells))  # as they are: a name in brackets is no markup
    return table


def _percent(share: float) -> str:
    return "–" if share != share else f"{share:.1%}"  # a NaN is not equal to itself


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
        f"{wrong[i, j]:6,}  {result.class_names[i]} taken for {result.class_names[j]}" for i, j in pairs if wrong[i, j]
    ]


def _check_plot(plot: Path) -> None:
    if plot.suffix.lower() not in _PLOTS:
        raise click.ClickException(
            f"{plot} must end in {', '.join(_PLOTS[:-1])} or {_PLOTS[-1]}; name it so by --plot FILE"
        )
    if not plot.parent.is_dir():
        raise click.ClickException(
            f"there is no folder {plot.parent} for the plot; make it, or choose another by --plot FILE"
        )
    if not os.access(plot.parent, os.W_OK) or plot.is_dir():
        raise click.ClickException(f"{plot} cannot be written; choose another place by --plot FILE")


def _save_plot(figure: Figure, plot: Path) -> None:
    from network.files import atomic_write

    drawn = io.BytesIO()
    figure.savefig(drawn, format=plot.suffix.lower()[1:], facecolor=figure.get_facecolor(), dpi=120)
    try:
        atomic_write(plot, drawn.getvalue())
    except OSError as problem:
        raise click.ClickException(
            f"{plot} cannot be written: {problem.strerror or problem}; choose another place by --plot FILE"
        ) from problem


def _drawing(checkpoint: Checkpoint, result: Evaluation, title: str) -> Figure:
    """The confusion matrix, and beside it the accuracy of each class and the course of the training."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    style: Any = {
        "figure.facecolor": "#000000",
        "axes.facecolor": "#000000",
        "axes.edgecolor": _FAINT,
        "axes.labelcolor": _TEXT,
        "axes.titlecolor": _TEXT,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": _TEXT,
        "xtick.color": _TEXT,
        "ytick.color": _TEXT,
        "grid.color": "#222222",
        "font.size": 10.5,
        "svg.hashsalt": "knobs",
    }
    with rc_context(style):
        # No pyplot: it would keep the figure, and might look for a screen.
        figure = Figure(
            figsize=(16, 9), layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12, wspace=0.04, hspace=0.06)
        )
        FigureCanvasAgg(figure)
        figure.suptitle(
            f"{result.accuracy:.2%} of {len(result.answers):,} images right    {_told(checkpoint)}    {title}",
            fontsize=14, x=0.012, ha="left", parse_math=False,
        )  # fmt: skip
        halves: Any = figure.subfigures(1, 2, width_ratios=(1.12, 1))
        left, right = halves
        _draw_matrix(left.subplots(), result)
        if len(checkpoint.history) > 1:
            classes, accuracy, cost = right.subplots(3, 1, height_ratios=(1.25, 1, 1))
            _draw_run(accuracy, cost, checkpoint)
        else:
            classes = right.subplots()
        _draw_classes(classes, result)
    return figure


def _draw_matrix(axes: Axes, result: Evaluation) -> None:
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    names, confusion = result.class_names, result.confusion
    classes = len(names)
    shares = confusion / np.maximum(result.counts, 1)[:, None]
    right = LinearSegmentedColormap.from_list("right", ("#000000", _RIGHT))
    wrong = LinearSegmentedColormap.from_list("wrong", ("#000000", _WRONG))
    is_right = np.eye(classes, dtype=bool)
    # What is right and what is wrong each have a colour; a share of a few hundredths is to be seen, hence the root.
    mistakes = np.where(is_right, 0, shares)
    colours = np.where(is_right[..., None], right(shares), wrong(np.sqrt(mistakes / max(mistakes.max(), 1e-9))))
    axes.imshow(colours, interpolation="nearest")
    font = min(11.0, 130 / classes)
    if classes <= _MATRIX_CLASSES:
        for i, j in np.ndindex(classes, classes):
            if confusion[i, j]:
                dark = colours[i, j, :3].mean() > 0.45
                colour = "#000000" if dark else _TEXT
                axes.text(j, i, str(confusion[i, j]), ha="center", va="center", fontsize=font, color=colour)
    rotation = 0 if max(map(len, names)) <= 3 else 45
    axes.set_xticks(range(classes), names, rotation=rotation, ha="right" if rotation else "center", parse_math=False)
    axes.set_yticks(range(classes), names, parse_math=False)
    axes.tick_params(length=0, labelsize=font)
    axes.spines[:].set_visible(False)
    axes.set(xlabel="answer", ylabel="true class", title="What was taken for what (images)")


def _draw_classes(axes: Axes, result: Evaluation) -> None:
    import numpy as np

    places, recall = np.arange(len(result.class_names)), 100 * result.recall
    floor = max(0.0, 5 * np.floor((np.nanmin(recall) - 2) / 5))
    axes.bar(places, recall - floor, 0.62, bottom=floor, color=_RIGHT)
    if len(places) <= _MATRIX_CLASSES:
        for place, value in enumerate(recall.tolist()):
            if value == value:
                axes.text(place, value, f"{value:.1f}", ha="center", va="bottom", fontsize=9.5)
    axes.axhline(100 * result.accuracy, color=_TEXT, linewidth=0.8, linestyle=(0, (4, 4)))
    rotation = 0 if max(map(len, result.class_names)) <= 3 else 45
    axes.set_xticks(
        places, result.class_names, rotation=rotation, ha="right" if rotation else "center", parse_math=False,
        fontsize=min(10.5, 200 / len(places)),
    )  # fmt: skip
    axes.tick_params(length=0)
    axes.set(ylim=(floor, 100 + 0.12 * (100 - floor)), xlim=(-0.6, len(places) - 0.4), ylabel="%")
    axes.set_title(f"Recognised of each class (dashed: all; the axis starts at {floor:.0f} %)")


def _draw_run(accuracy: Axes, cost: Axes, checkpoint: Checkpoint) -> None:
    import numpy as np

    history, chosen = checkpoint.history, checkpoint.metadata.epoch
    epochs = np.arange(len(history))
    for column, name, colour in ((1, "training", "#8A8A8A"), (2, "validation", _RIGHT)):
        if np.isfinite(history[:, column]).any():
            accuracy.plot(epochs, 100 * history[:, column], color=colour, linewidth=1.6, label=name)
    # The first epochs jump from chance to nearly the end: the axis shows where the rest happens.
    floor = 100 * np.nanmin(history[min(2, len(history) - 1) :, 1:])
    accuracy.set_ylim(max(0.0, floor - 1), min(100.5, 100 * np.nanmax(history[:, 1:]) + 1))
    accuracy.set(title="Accuracy after each epoch of training", ylabel="%")
    accuracy.legend(frameon=False, loc="lower right", labelcolor=_TEXT)
    cost.plot(epochs[1:], history[1:, 0], color=_WRONG, linewidth=1.6)
    cost.set(title="Cost", xlabel="epoch")
    for axes in (accuracy, cost):
        axes.axvline(chosen, color=_TEXT, linewidth=0.8, linestyle=(0, (1, 3)))
        axes.grid(axis="y", linewidth=0.8)
        axes.set_xlim(0, max(epochs[-1], 1))
    cost.annotate(
        f"chosen: {chosen} ", (chosen, 1), xycoords=("data", "axes fraction"), ha="right", va="top", fontsize=9.5
    )  # fmt: skip
