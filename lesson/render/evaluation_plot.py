"""A figure of how well a network reads digits, drawn with Matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenes.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from network.checkpoint import Checkpoint
    from network.evaluation import Evaluation
    from network.network import Network

# A confusion matrix of more classes is not readable as text.
MATRIX_CLASSES = 20
_RIGHT, _WRONG, _TEXT, _FAINT = "#58C4DD", "#FF8C5A", "#E8E8E8", "#3A3A3A"


def describe(network: Network) -> str:
    """The sizes, activation and number of parameters of a network, in words."""
    return f"{'-'.join(map(str, network.sizes))}, {network.activations[0]}, {network.parameter_count:,} knobs"


def draw_evaluation(checkpoint: Checkpoint, result: Evaluation, title: str) -> Figure:
    """The confusion matrix, and beside it the recall of each class and the course of the training."""
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
        # Not pyplot: it would keep the figure, and might look for a screen.
        figure = Figure(
            figsize=(16, 9), layout=ConstrainedLayoutEngine(w_pad=0.15, h_pad=0.12, wspace=0.04, hspace=0.06)
        )
        FigureCanvasAgg(figure)
        accuracy = f"Accuracy {percent(result.accuracy, 2)} on {len(result.answers):,} images"
        figure.suptitle(
            f"{accuracy}    {describe(checkpoint.network)}    {title}",
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
    # Right and wrong answers have a colour each. The square root makes shares of a few hundredths visible.
    mistakes = np.where(is_right, 0, shares)
    colours = np.where(is_right[..., None], right(shares), wrong(np.sqrt(mistakes / max(mistakes.max(), 1e-9))))
    axes.imshow(colours, interpolation="nearest")
    font = min(11.0, 130 / classes)
    if classes <= MATRIX_CLASSES:
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
    axes.set(xlabel="predicted class", ylabel="true class", title="Confusion matrix (images)")


def _draw_classes(axes: Axes, result: Evaluation) -> None:
    import numpy as np

    places, recall = np.arange(len(result.class_names)), 100 * result.recall
    floor = max(0.0, 5 * np.floor((np.nanmin(recall) - 2) / 5))
    axes.bar(places, recall - floor, 0.62, bottom=floor, color=_RIGHT)
    if len(places) <= MATRIX_CLASSES:
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
    axes.set_title(f"Recall of each class (dashed: accuracy; the axis starts at {floor:.0f} %)")


def _draw_run(accuracy: Axes, cost: Axes, checkpoint: Checkpoint) -> None:
    import numpy as np

    history, chosen = checkpoint.history, checkpoint.metadata.epoch
    epochs = np.arange(len(history))
    for column, name, colour in ((1, "training", "#8A8A8A"), (2, "validation", _RIGHT)):
        if np.isfinite(history[:, column]).any():
            accuracy.plot(epochs, 100 * history[:, column], color=colour, linewidth=1.6, label=name)
    # The first epochs jump from chance to nearly the final value; the axis shows the range of the others.
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
