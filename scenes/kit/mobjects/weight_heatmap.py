"""A neuron's weights as a picture, on one linear signed scale that is shown beside it."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from manim import LEFT, RIGHT, UP, Group, VGroup, VMobject
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import best_columns, grid
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.text import Number, Words, formula
from scenes.kit.validation import validate_array
from scenes.language import _

# Weights below this share of the limit have no sign mark.
_MARKED_FROM = 0.3
_BAR_STEPS = 128
_BAR_WIDTH = 0.28


class WeightHeatmap(Cells):
    """The weights of one neuron, each at the place of its pixel: the colour of the sign, as bright as |weight| / limit.

    weights: (side, side) or (side²,). limit: the size drawn in full colour, by default the greatest |weight|. Give
    pictures that are shown together the same limit. never_seen: (side²,), True where the training pictures are always
    black: such a weight has learnt nothing, and is drawn in grey.

    >>> WeightHeatmap(network.layers[0].weights[0], extent=6)
    """

    COLOURS_ARE_FREE: ClassVar[bool] = False

    def __init__(
        self,
        weights: ArrayLike,
        limit: float | None = None,
        never_seen: ArrayLike | None = None,
        extent: float = 5.0,
        centre: tuple[float, float] = (0, 0),
    ) -> None:
        values = np.asarray(weights, np.float32)
        side = round(values.size**0.5)
        if values.size == 0 or side * side != values.size:
            raise ValueError(f"weights must be those of a square picture, (side, side) or (side²,); got {values.shape}")
        self.side = side
        n = side * side
        self.never_seen = np.zeros(n, bool) if never_seen is None else np.asarray(never_seen, bool).ravel()
        if self.never_seen.shape != (n,):
            raise ValueError(f"never_seen must have the shape ({n},); got {self.never_seen.shape}")
        super().__init__(grid(side, centre, extent), extent / side, stroke_width=0)
        self.weights = np.zeros(n, np.float32)
        self.limit = 1.0
        self.show(values, limit)

    def show(self, weights: ArrayLike, limit: float | None = None) -> Self:
        """Show other weights, as shares of `limit`, by default the greatest one that is seen."""
        self.weights = validate_array(np.asarray(weights, np.float32).ravel(), (len(self),), "weights")
        seen = np.abs(self.weights[~self.never_seen])
        self.limit = float(limit if limit is not None else seen.max(initial=0))
        self.set_signed(self.weights, self.limit)
        self.colours[self.never_seen] = rgb(theme.NEVER_SEEN)
        return self

    def sign_marks(self) -> VMobject:
        """A + or − on each of the stronger weights, so that colour is not the only cue to the sign; one mobject."""
        strokes = []
        strong = (np.abs(self.weights) >= _MARKED_FROM * self.limit) & (self.weights != 0) & ~self.never_seen
        for index in np.flatnonzero(strong):
            reach = 0.5 * self.radii[index]
            ends = [((-reach, 0, 0), (reach, 0, 0))]
            if self.weights[index] > 0:
                ends.append(((0, -reach, 0), (0, reach, 0)))
            strokes += [self.centres[index] + np.linspace(start, end, 4) for start, end in ends]
        marks = VMobject(stroke_color=theme.BACKGROUND, stroke_width=1.2, fill_opacity=0)
        if strokes:
            marks.points = np.concatenate(strokes)
        return marks


class WeightScale(Group):
    """A colour bar for weight pictures, with numbers at its ends and middle and, if asked for, what the grey means.

    beyond: some weights are greater than the limit, in the colours of the ends; the numbers there say so with ≥ and ≤.
    size: of the numbers and words, in pixels of a frame 1080 pixels high.

    >>> WeightScale(limit=2.5, never_seen="black in all training pictures")
    """

    def __init__(
        self,
        limit: float,
        height: float = 4.0,
        never_seen: str = "",
        places: int = 2,
        beyond: bool = False,
        size: float = theme.NOTE_SIZE,
    ) -> None:
        if not (np.isfinite(limit) and limit >= 0):
            raise ValueError(f"limit must be a finite number of at least 0; got {limit}")
        self.limit = limit
        shares = np.linspace(-1, 1, _BAR_STEPS)
        places_of_steps = np.stack([np.zeros(_BAR_STEPS), shares * height / 2, np.zeros(_BAR_STEPS)], axis=1)
        bar = Cells(places_of_steps, _BAR_WIDTH, stroke_width=0).set_signed(shares, 1)
        self.labels, self.marks = VGroup(), VGroup()
        for share in (-1, 0, 1):
            end = np.array([_BAR_WIDTH / 2 + 0.15, share * height / 2, 0])
            if beyond and share:
                mark = formula("gt.eq" if share > 0 else "lt.eq", size)
                self.marks.add(mark.move_to(end, aligned_edge=LEFT))
            label = Number(share * limit, places, size, sign=share != 0 and not beyond)
            self.labels.add(
                label.move_to(end + (0.32 * size / theme.NOTE_SIZE * RIGHT if beyond else 0), aligned_edge=LEFT)
            )
        super().__init__(bar, self.labels, self.marks)
        if never_seen:
            swatch = Cells(
                [[0, -height / 2 - 0.7 * size / theme.NOTE_SIZE, 0]],
                _BAR_WIDTH,
                0,
                rgb(theme.NEVER_SEEN),
                stroke_width=0,
            )
            note = Words(never_seen, size, theme.QUIET_TEXT, width=1.9 * size / theme.NOTE_SIZE)
            note.next_to(swatch, RIGHT, buff=0.15)
            lowest = self.labels[0].get_bottom()[1] - 0.05
            note.shift(min(lowest - note.get_top()[1], 0.0) * UP)  # a longer one reaches farther down
            self.add(swatch, note)
        self.center()

    def show(self, limit: float) -> Self:
        """Let full colour mean another number."""
        self.limit = limit
        for share, label in zip((-1, 0, 1), self.labels, strict=True):
            label.set_value(share * limit)
        return self


class WeightWall(Group):
    """The weight pictures of all neurons of a first layer, side by side on one scale.

    weights: (n_out, side²). limit: the size drawn in full colour, by default the greatest |weight| that is seen.
    pictures[j] belongs to neuron j; scale_bar says what the colours mean.

    >>> WeightWall(network.layers[0].weights)
    """

    def __init__(
        self,
        weights: ArrayLike,
        never_seen: ArrayLike | None = None,
        columns: int | None = None,
        width: float = 10.0,
        height: float = 6.0,
        limit: float | None = None,
    ) -> None:
        rows_of_weights = np.asarray(weights, np.float32)
        if rows_of_weights.ndim != 2 or 0 in rows_of_weights.shape:
            raise ValueError(f"weights must have the shape (n_out, side²); got {rows_of_weights.shape}")
        n = len(rows_of_weights)
        if columns is None:
            columns = best_columns(n, width, height, fullness=3)
        rows = -(-n // columns)
        step = min(width / columns, height / rows)
        hidden = None if never_seen is None else np.asarray(never_seen, bool).ravel()
        seen = rows_of_weights if hidden is None else rows_of_weights[:, ~hidden]
        most = float(np.abs(seen).max(initial=0))
        self.limit = limit = most if limit is None else limit
        self.pictures = [
            WeightHeatmap(
                row,
                limit,
                hidden,
                0.9 * step,
                ((j % columns - (columns - 1) / 2) * step, ((rows - 1) / 2 - j // columns) * step),
            )
            for j, row in enumerate(rows_of_weights)
        ]
        pictures = Group(*self.pictures)
        note = _("black in all training pictures") if hidden is not None and hidden.any() else ""
        self.scale_bar = WeightScale(limit, min(4.0, 0.75 * height), note, beyond=most > limit)
        self.scale_bar.next_to(pictures, RIGHT, buff=0.5)
        super().__init__(pictures, self.scale_bar)
        self.center()

    def show(self, weights: ArrayLike) -> Self:
        """Show other weights (n_out, side²) on the same scale."""
        for picture, row in zip(self.pictures, np.asarray(weights, np.float32), strict=True):
            picture.show(row, self.limit)
        return self


def full_colour(weights: ArrayLike, share: float = 0.98) -> float:
    """The size to draw in full colour: this share of the weights is below it; 1 if all are 0.

    Without this, a few extreme weights would make all others dark. The scale must say so: see `WeightScale`'s `beyond`.
    """
    sizes = np.abs(np.asarray(weights))
    return (float(np.quantile(sizes, share)) if sizes.size else 0.0) or 1.0
