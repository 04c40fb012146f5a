"""How cost and accuracy change over a training run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from manim import LEFT, RIGHT, UP, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.mobjects.axes import Axes
from scenes.kit.mobjects.plot_lines import CURVE_COLOURS, DOT_RADIUS, disc, empty_curve, line_segments
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.spacing import apart
from scenes.kit.ticks import round_limits, tick_values
from scenes.kit.validation import validate_finite
from scenes.language import _, _c, left_to_right

# The columns of a training run's history, as in a checkpoint.
HISTORY_COLUMNS = ("cost", "train_accuracy", "validation_accuracy")
# The least height of a number's middle above the axis, so that none of its digits touches it.
_ABOVE_AXIS = 0.22


class LearningCurve(VGroup):
    """A quantity over the epochs of one or more training runs, each named at the end of its line.

    runs: name -> (n,) values after each epoch, the first before training. epochs: (n,), if they are not 0, 1, 2, ….
    quantity: its name, above the axis. log_epochs: put epoch e at log(1 + e / first epoch), since most is learned
    early. curves[r], heads[r], names[r]: of each run. `revealed`: the epoch up to which they are drawn.

    >>> history = 100 * checkpoint.history
    >>> LearningCurve({"training": history[:, 1], "set aside": history[:, 2]}, quantity="accuracy, %", log_epochs=True)
    """

    def __init__(
        self,
        runs: Mapping[str, ArrayLike],
        epochs: ArrayLike | None = None,
        quantity: str = "",
        y_range: tuple[float, float] | None = None,
        log_epochs: bool = False,
        places: int = 1,
        colours: Sequence[str] = CURVE_COLOURS,
        width: float = 8.6,
        height: float = 5.0,
    ) -> None:
        super().__init__()
        if not runs:
            raise ValueError("runs must hold at least one run")
        self.values = [validate_finite(values, f"runs[{name!r}]") for name, values in runs.items()]
        self.epochs = []
        for name, values in zip(runs, self.values, strict=True):
            if values.ndim != 1 or not values.size:
                raise ValueError(f"runs[{name!r}] must have the shape (n,), n at least 1; got {values.shape}")
            own = np.arange(len(values), dtype=float) if epochs is None else validate_finite(epochs, "epochs")
            if own.shape != values.shape:
                raise ValueError(f"epochs must have the shape {values.shape} of runs[{name!r}]; got {own.shape}")
            if own[0] < 0 or (np.diff(own) <= 0).any():
                raise ValueError("epochs must rise from 0 or more")
            self.epochs.append(own)
        self.last_epoch = max(own[-1] for own in self.epochs)
        end = self.last_epoch if self.last_epoch > 0 else 1.0
        positive = np.concatenate(self.epochs)
        positive = positive[positive > 0]
        first = float(positive.min()) if positive.size else 1.0
        self.axes = Axes(
            (0.0, end),
            round_limits(np.concatenate(self.values)) if y_range is None else y_range,
            _("epoch (logarithmic scale)") if log_epochs else _c("the name of a scale", "epoch"),
            quantity,
            width,
            height,
            x_ticks=None if log_epochs or end < 1 else tick_values((0.0, end), about=min(width / 1.1, end)),
            log_from=first if log_epochs else None,
        )
        tints = [colours[number % len(colours)] for number in range(len(runs))]
        self.curves = VGroup(*(empty_curve(tint) for tint in tints))
        self.heads = VGroup(*(VMobject(fill_color=tint, fill_opacity=1, stroke_width=0) for tint in tints))
        self.threads = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=1.0)
        self.names = VGroup(*(Words(name, theme.NOTE_SIZE, tint) for name, tint in zip(runs, tints, strict=True)))
        self._feet = [_foot(name, theme.NOTE_SIZE) for name in runs]
        self.numbers = VGroup(
            *(Number(values[0], places, theme.NOTE_SIZE, tint) for values, tint in zip(self.values, tints, strict=True))
        )
        self.add(self.axes, self.threads, self.curves, self.heads, self.names, self.numbers)
        self.reveal(self.last_epoch)
        self.center()

    def value_at(self, run: int, epoch: float) -> float:
        """The value of a run at an epoch, on the straight line between two measured values."""
        return float(np.interp(epoch, self.epochs[run], self.values[run]))

    def reveal(self, epoch: float) -> Self:
        """Draw every run up to this epoch, with its name and its value there."""
        if not 0 <= epoch <= max(self.last_epoch, 1e-12):
            raise ValueError(f"epoch must lie between 0 and {self.last_epoch:g}; got {epoch}")
        self.revealed = float(epoch)
        scale, places = self.axes.scale_now, []
        for run, (epochs, values) in enumerate(zip(self.epochs, self.values, strict=True)):
            here = min(max(epoch, epochs[0]), epochs[-1])
            value = self.value_at(run, here)
            x, y = np.append(epochs[epochs < here], here), np.append(values[epochs < here], value)
            points = self.axes.point(x, y)
            self.curves[run].points = line_segments(points[:-1], points[1:])
            self.heads[run].points = disc(points[-1], 0.8 * DOT_RADIUS * scale)
            self.numbers[run].set_value(value)
            places.append(points[-1])
        ends = np.array(places)
        front = ends[:, 0].max() + 0.4 * scale
        widest = max(name.width for name in self.names)
        column = front + widest + (0.2 * scale if widest else 0)
        order = np.argsort(ends[:, 1], kind="stable")
        heights = np.empty(len(ends))
        # None lies over the axis at the foot.
        foot_of_axes = self.axes.lines.points[0, 1]
        free = np.maximum(ends[:, 1], foot_of_axes + _ABOVE_AXIS * scale)
        heights[order] = apart(free[order], 0.42 * scale, (foot_of_axes + _ABOVE_AXIS * scale, np.inf))
        for name, number, foot, height in zip(self.names, self.numbers, self._feet, heights, strict=True):
            if len(name.points):
                name.move_to((front, height, 0), aligned_edge=LEFT)
            number.shift((column, height + foot * scale, 0) - number.points[0])
        targets = np.column_stack([np.full(len(ends), front - 0.1 * scale), heights, ends[:, 2]])
        moved = np.abs(targets[:, 1] - free) > 0.05 * scale
        far = targets[:, 0] - ends[:, 0] > 0.4 * scale
        starts = ends + 0.14 * scale * RIGHT
        self.threads.points = line_segments(starts, np.where((moved | far)[:, None], targets, starts))
        return self


class TrainingCurves(VGroup):
    """Cost and accuracies of a training run side by side.

    history: (epochs + 1, 3) as in a checkpoint: cost, training accuracy and validation accuracy as shares, after each
    epoch, the first before training. A column of NaNs was not measured and is left out.

    >>> TrainingCurves(checkpoint.history)
    """

    def __init__(self, history: ArrayLike, log_epochs: bool = False, width: float = 3.7, height: float = 4.2) -> None:
        super().__init__()
        history = np.asarray(history, float)
        if history.ndim != 2 or history.shape[1] != len(HISTORY_COLUMNS) or not len(history):
            raise ValueError(
                f"history must have the shape (epochs + 1, {len(HISTORY_COLUMNS)}), a column each for "
                f"{', '.join(HISTORY_COLUMNS)}; got {history.shape}"
            )
        columns = {
            name.removesuffix("_accuracy"): column
            for name, column in zip(HISTORY_COLUMNS, history.T, strict=True)
            if not np.isnan(column).all()
        }
        for name, column in columns.items():
            validate_finite(column, f"history's {name}")
        if not columns:
            raise ValueError("history must hold numbers; all are NaN")
        size: dict[str, Any] = {"log_epochs": log_epochs, "width": width, "height": height}
        names = {
            "train": _c("the name of a curve: with the pictures for training", "training"),
            "validation": _c("the name of a curve: with the pictures set aside", "set aside"),
        }
        accuracies = {names[name]: 100 * columns[name] for name in names if name in columns}
        self.panels = VGroup()
        if "cost" in columns:
            self.panels.add(
                LearningCurve({"": columns["cost"]}, None, _("cost"), places=3, colours=(theme.TEXT,), **size)
            )
        if accuracies:
            self.panels.add(LearningCurve(accuracies, None, _("accuracy, %"), (0, 100), **size))
        self.panels.arrange(RIGHT, buff=0.5)
        for panel in self.panels:
            panel.shift((self.panels[0].axes.lines.points[0, 1] - panel.axes.lines.points[0, 1]) * UP)
        self.panels.center()
        self.add(self.panels)

    def reveal(self, epoch: float) -> Self:
        """Draw both up to this epoch."""
        for panel in self.panels:
            panel.reveal(epoch)
        return self


def _foot(name: str, size: float) -> float:
    """The height of the baseline of typeset words, in units above their middle."""
    upright = Words("H", size)
    if not len(Words(name, size).points):
        return -upright.height / 2
    both = Words(left_to_right(f"{name} H"), size).points
    return float(both[-len(upright.points) :, 1].min() - _middle(both[: -len(upright.points), 1]))


def _middle(values: NDArray[np.float64]) -> float:
    return float(values.min() + values.max()) / 2
