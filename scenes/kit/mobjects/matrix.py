"""Matrices, vectors, and their product, which is what a layer computes: a = σ(W a + b)."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from manim import DOWN, Group, Mobject, VGroup
from numpy.typing import ArrayLike, NDArray

from network import ForwardPass
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import FRAME_WIDTH, PIXELS_A_UNIT, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP
from scenes.kit.matrix_layout import (
    DOTS_WIDTH,
    LINE,
    LINE_OF_SYMBOLS,
    MatrixPlaces,
    Slots,
    first_and_last,
    matrix_places,
    slots,
)
from scenes.kit.mobjects.brackets import Brackets, Parentheses
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import RIGHT as RIGHT_EDGE
from scenes.kit.mobjects.numbers import Numbers, width_of
from scenes.kit.mobjects.symbols import SMALLEST_WITH_INDICES, Symbol, Symbols, set_together, symbol_widths
from scenes.kit.validation import validate_array, validate_finite
from scenes.wording import function_name
from scenes.wording import written as format_number

# Colours each number by its sign, in place of one colour for all.
BY_SIGN = "by sign"
# Entries that are not in focus keep this share of their opacity.
DIMMED = 0.3
# How many rows and columns are shown at the beginning and at the end, by default.
FIRST, LAST = 4, 2


class Matrix(Group):
    """A matrix of numbers or symbols in brackets; dots stand for the rows and columns that are left out.

    entries: (n_rows, n_columns), numbers or formulas in Typst's notation. rows, columns: the indices that are shown, in
    rising order; by default the first four and the last two. size: pixels an em in a frame 1080 pixels high. colour: of
    all entries, or BY_SIGN. widest: the greatest |number| that will ever be shown, to leave room for it. line: ems from
    row to row. room_before: ems kept free in front of every number.

    ValueError if entries are not a matrix, are empty or not finite, or if an index does not exist.

    >>> Matrix(network.layers[1].weights, size=44)
    """

    def __init__(
        self,
        entries: ArrayLike,
        rows: Sequence[int] | None = None,
        columns: Sequence[int] | None = None,
        size: float = theme.LABEL_SIZE,
        places: int = 2,
        colour: str | None = None,
        widest: float = 0.0,
        line: float | None = None,
        room_before: float = 0.0,
    ) -> None:
        array = np.asarray(entries)
        self.symbolic = array.dtype.kind in "UO" and all(isinstance(entry, str) for entry in array.ravel()[:1])
        if not self.symbolic:
            array = np.asarray(entries, np.float64)
        if array.ndim != 2 or array.size == 0:
            raise ValueError(f"entries must have the shape (n_rows, n_columns), at least (1, 1); got {array.shape}")
        if size < theme.TEXTURE_SIZE:
            raise ValueError(f"size must be {theme.TEXTURE_SIZE} or more, to be read; got {size}")
        if not self.symbolic:
            validate_finite(array, "entries")
        self.shape = array.shape
        self.row_slots = slots(first_and_last(len(array), FIRST, LAST) if rows is None else rows, len(array), "rows")
        self.column_slots = slots(
            first_and_last(array.shape[1], FIRST, LAST) if columns is None else columns, array.shape[1], "columns"
        )
        self.colour = colour or (theme.TEXT if self.symbolic else BY_SIGN)
        shown = array[np.ix_(self.rows, self.columns)]
        em = size / PIXELS_A_UNIT
        line = line or (LINE_OF_SYMBOLS if self.symbolic else LINE)
        if self.symbolic:
            widths = symbol_widths(shown.ravel().tolist()).reshape(shown.shape).max(axis=0)
        else:
            texts = [[width_of(format_number(value, places)) for value in row] for row in shown.tolist()]
            widths = np.maximum(np.max(texts, axis=0), width_of(format_number(-widest, places)) if widest else 0)
        spread = iter(widths.tolist())
        slot_widths = [(room_before + next(spread) if c is not None else DOTS_WIDTH) * em for c in self.column_slots]
        self.layout_places = at = matrix_places(self.row_slots, slot_widths, em, line)
        shown_rows = [place for place, row in enumerate(self.row_slots) if row is not None]
        shown_columns = [place for place, column in enumerate(self.column_slots) if column is not None]
        centres = at.centres(shown_rows, shown_columns)
        centres[:, 0] += room_before * em / 2
        self.entries: Any
        if self.symbolic:
            self.entries = Symbols(shown.ravel().tolist(), centres, size, self.colour)
        else:
            room = np.tile(widths * em, len(shown_rows))
            self.entries = Numbers(shown.ravel(), centres, places, size, widths=room, alignment=RIGHT_EDGE)
            self.entries.set_colours(self._colours(shown.ravel()))
        self.dots = _dots(self.row_slots, self.column_slots, at, em)
        self.brackets = Brackets(*at.extent, em)
        super().__init__(self.brackets, self.dots, self.entries)

    @property
    def rows(self) -> list[int]:
        """The rows that are shown."""
        return [row for row in self.row_slots if row is not None]

    @property
    def columns(self) -> list[int]:
        """The columns that are shown."""
        return [column for column in self.column_slots if column is not None]

    def item(self, row: int, column: int = 0) -> int:
        """Which item of `entries` is the entry (row, column) of the full matrix; ValueError if it is left out."""
        for name, index, shown in (("row", row, self.rows), ("column", column, self.columns)):
            if index not in shown:
                raise ValueError(f"{name} {index} is not shown; there are {', '.join(map(str, shown))}")
        return self.rows.index(row) * len(self.columns) + self.columns.index(column)

    def text(self, row: int, column: int = 0) -> str:
        """What is written for the entry (row, column) of the full matrix."""
        return self.entries.texts[self.item(row, column)]

    def place(self, row: int, column: int = 0) -> NDArray[np.float64]:
        """The middle (3,) of an entry of the full matrix, or of the dots that stand for it."""
        for name, index, count in (("row", row, self.shape[0]), ("column", column, self.shape[1])):
            if not 0 <= index < count:
                raise ValueError(f"{name} must be from 0 to {count - 1}; got {index}")
        slot_row, slot_column = _slot_of(row, self.row_slots), _slot_of(column, self.column_slots)
        if self.row_slots[slot_row] is not None and self.column_slots[slot_column] is not None:
            return self.entries.centres[self.item(row, column)]
        before = _dotted(self.row_slots, self.column_slots).index((slot_row, slot_column))
        return self.dots.centres[3 * before + 1]

    @property
    def em(self) -> float:
        """The present length of an em, in units."""
        return self.brackets.em

    @property
    def opacities(self) -> NDArray[np.float32]:
        """The opacity of each entry that is shown, (rows, columns)."""
        return self.entries.opacities.reshape(len(self.rows), len(self.columns))

    def set_opacities(self, opacities: ArrayLike) -> Self:
        """Set the opacity of each entry, 0 to 1: one number, or (rows, columns) of those shown."""
        shape = (len(self.rows), len(self.columns))
        array = validate_array(opacities, shape, "opacities")
        self.entries.set_opacities(array.ravel())
        dotted = _dotted(self.row_slots, self.column_slots)
        if dotted:
            # Dots in a row have the opacity of that row; dots between rows depend on the rows above and below.
            of_rows = iter(array.mean(axis=1).tolist())
            seen = [next(of_rows) if row is not None else None for row in self.row_slots]
            shares = [
                _mean_of(seen[r : r + 1]) if seen[r] is not None else _mean_of(seen[max(r - 1, 0) : r + 2])
                for r, _ in dotted
            ]
            self.dots.opacities = np.repeat(shares, 3).astype(np.float32)
        return self

    def set_values(self, values: ArrayLike) -> Self:
        """Show the numbers of another full matrix (n_rows, n_columns) in the same places."""
        array = np.asarray(values, np.float64)
        if array.shape != self.shape:
            raise ValueError(f"values must have the shape {self.shape}; got {array.shape}")
        shown = array[np.ix_(self.rows, self.columns)].ravel()
        self.entries.set_values(shown)
        self.entries.set_colours(self._colours(shown))
        return self

    def focus(self, row: int | None) -> Self:
        """Dim all rows except one; None brings all of them back."""
        lit = np.ones((len(self.rows), len(self.columns)), np.float32)
        if row is not None:
            lit *= DIMMED
            lit[self.item(row, self.columns[0]) // len(self.columns)] = 1
        return self.set_opacities(lit)

    def _colours(self, shown: NDArray[np.float64]) -> Any:
        if self.colour != BY_SIGN:
            return self.colour
        return np.where(shown[:, None] >= 0, rgb(theme.POSITIVE), rgb(theme.NEGATIVE))


class Vector(Matrix):
    """A column of numbers or symbols in brackets.

    entries: (n,). shown: the indices that are shown, by default the first four and the last two. The rest is as for
    `Matrix`.

    >>> Vector([f"a_{i}^((0))" for i in range(784)], size=56, colour=theme.ACTIVATIONS_SYMBOL)
    """

    def __init__(
        self, entries: ArrayLike, shown: Sequence[int] | None = None, colour: str = theme.TEXT, **options: Any
    ) -> None:
        array = np.asarray(entries)
        if array.ndim != 1 or array.size == 0:
            raise ValueError(f"entries must have the shape (n,), n at least 1; got {array.shape}")
        super().__init__(array[:, None], rows=shown, colour=colour, **options)

    def set_values(self, values: ArrayLike) -> Self:
        """Show the numbers of another full vector (n,) in the same places."""
        array = np.asarray(values, np.float64)
        if array.shape != self.shape[:1]:
            raise ValueError(f"values must have the shape {self.shape[:1]}; got {array.shape}")
        return super().set_values(array[:, None])


class ActivationColumn(Vector):
    """A column of activations, each as a number and as a neuron of that brightness.

    entries: (n,), 0 to 1 (greater ones are drawn as 1); symbols have no neuron beside them.

    >>> ActivationColumn(forward.output, shown=range(10), size=44)
    """

    NEURON = 0.72  # the neuron's diameter, and its width with the gap to its number, in ems
    ROOM = 1.15

    def __init__(
        self,
        entries: ArrayLike,
        shown: Sequence[int] | None = None,
        colour: str = theme.ACTIVATIONS_SYMBOL,
        **options: Any,
    ) -> None:
        symbolic = np.asarray(entries).dtype.kind in "UO"
        super().__init__(entries, shown, colour, room_before=0.0 if symbolic else self.ROOM, **options)
        self.neurons: Cells | None = None
        if not symbolic:
            at, em = self.layout_places, self.em
            low = float(at.x[0] - at.widths[0] / 2)
            centres = self.entries.centres
            centres[:, 0] = low + self.NEURON * em / 2
            self.neurons = Cells(
                centres, self.NEURON * em, 1, (0, 0, 0), 1, theme.NEURON_OUTLINE, theme.NEURON_OUTLINE_WIDTH
            )
            self.neurons.set_brightness(self.entries.values)
            self.add(self.neurons)

    def set_values(self, values: ArrayLike) -> Self:
        super().set_values(values)
        if self.neurons is not None:
            self.neurons.set_brightness(self.entries.values)
        return self

    def set_opacities(self, opacities: ArrayLike) -> Self:
        super().set_opacities(opacities)
        if self.neurons is not None:
            self.neurons.opacities = self.neurons.stroke_opacities = self.entries.opacities.copy()
        return self


class BiasColumn(Vector):
    """A column of biases, in their colour.

    entries: (n,), one for each neuron of the layer.

    >>> BiasColumn([f"b_{j}" for j in range(16)], size=56)
    """

    def __init__(
        self, entries: ArrayLike, shown: Sequence[int] | None = None, colour: str = theme.BIASES_SYMBOL, **options: Any
    ) -> None:
        super().__init__(entries, shown, colour, **options)


class MatrixVectorProduct(Group):
    """What one layer computes, σ(W a + b) = a, with the true numbers of a forward pass or in symbols.

    layer: the index of the network's layer. symbols: show w, a, b with their indices. rows, columns: the indices
    that are shown. size: pixels an em. If these are not given, they are chosen so that everything fits on the stage;
    very large numbers make it smaller. indices: write the index of every column shown above that column.

    weights: `Matrix`; vector, result: `ActivationColumn`; biases: `BiasColumn`. All use the indices of the full ones.
    Between weights and vector a lane can open, for a row that turns into a column (see `SweepRow`).

    >>> MatrixVectorProduct(forward, layer=1)
    """

    def __init__(
        self,
        forward: ForwardPass,
        layer: int = 0,
        symbols: bool = False,
        rows: Sequence[int] | None = None,
        columns: Sequence[int] | None = None,
        size: float | None = None,
        places: int = 2,
        indices: bool = False,
    ) -> None:
        if not 0 <= layer < len(forward.network.layers):
            raise ValueError(f"layer must be from 0 to {len(forward.network.layers) - 1}; got {layer}")
        self.layer, self.symbolic, self.opened = layer, symbols, 0.0
        knobs = forward.network.layers[layer]
        # What the animations show beyond the entries: every term, even of the rows and columns left out.
        self.contributions = np.array(forward.contributions(layer), np.float64)
        self.full_weights, self.full_input = np.array(knobs.weights), np.array(forward.inputs_of(layer))
        self.full_biases, self.weighted_sums = np.array(knobs.biases), np.array(forward.weighted_sums[layer])
        self.activations = np.array(forward.activations[layer])
        self.function_name = function_name(knobs.activation).typst or None
        width, height = FRAME_WIDTH - 2 * SAFE_MARGIN, STAGE_TOP - STAGE_BOTTOM
        for first, last, em in _choices(symbols):
            parts = self._build(
                first_and_last(knobs.n_out, first, last) if rows is None else rows,
                first_and_last(knobs.n_in, first, last) if columns is None else columns,
                size or em,
                places,
                indices,
            )
            whole = Group(*parts)
            if whole.width + self.lane_in_ems * self.weights.em <= width and whole.height <= height:
                break
        super().__init__(*parts)
        widest = self.width + self.lane_in_ems * self.weights.em
        if None in (rows, columns, size) and (widest > width or self.height > height):
            self.scale(min(width / widest, height / self.height))
        self.center()

    def _build(
        self, rows: Sequence[int], columns: Sequence[int], size: float, places: int, indices: bool
    ) -> list[Mobject]:
        em = size / PIXELS_A_UNIT
        n_out, n_in = self.full_weights.shape
        slots(rows, n_out, "rows"), slots(columns, n_in, "columns")
        weights, vector, biases, result = self._entries()
        before, after = f"^(({self.layer}))", f"^(({self.layer + 1}))"
        names = (f"W{after}", f"a{before}", f"b{after}", f"a{after}")
        shape = f"{n_out} times {n_in}"
        formulas = ["+", "=", *([self.function_name] if self.function_name else [])]
        if self.symbolic:
            shown = (weights[np.ix_(rows, columns)], vector[[*columns]], biases[[*rows]], result[[*rows]])
            set_together([*formulas, *(source for part in shown for source in part.ravel().tolist())])
        else:
            set_together([*formulas, *names, shape])
        options: dict[str, Any] = {"size": size, "places": places}
        self.weights = Matrix(
            weights, rows, columns, colour=theme.WEIGHTS_SYMBOL if self.symbolic else BY_SIGN, **options
        )
        self.vector = ActivationColumn(vector, columns, **options)
        self.biases = BiasColumn(biases, rows, **options)
        self.result = ActivationColumn(result, rows, **options)
        self.lane_in_ems = float(self.weights.layout_places.widths.max()) / em + 0.55
        plus, equals = Symbol("+", 1.2 * size), Symbol("=", 1.2 * size)
        tall = max(part.height for part in (self.weights, self.vector, self.biases))
        self.parentheses = Parentheses(em, tall + 0.5 * em, em)
        opening, closing = self.parentheses
        line: list[tuple[Any, float]] = [
            (opening, 0.0),
            (self.weights, 0.2 * em),
            (self.vector, 0.3 * em),
            (plus, 0.45 * em),
            (self.biases, 0.45 * em),
            (closing, 0.2 * em),
            (equals, 0.5 * em),
            (self.result, 0.5 * em),
        ]
        self.signs = VGroup(plus, equals)
        if self.function_name is None:
            line = [(part, gap) for part, gap in line if part not in (opening, closing)]
            self.parentheses.submobjects = []
        else:
            name = Symbol(self.function_name, 1.5 * size)
            self.signs.add(name)
            line.insert(0, (name, 0.0))
            line[1] = (opening, 0.15 * em)
        edge = 0.0
        for part, gap in line:
            part.set_x(edge + gap + part.width / 2)
            edge = float(part.get_right()[0])
        self.labels = VGroup()
        if not self.symbolic:
            self._add_labels(names, shape, size)
        parts = [self.parentheses, self.signs, self.weights, self.vector, self.biases, self.result, self.labels]
        self.indices: Numbers | None = None
        if indices:
            self._add_indices(size)
            parts.append(self.indices)
        return parts

    def _entries(self) -> tuple[Any, Any, Any, Any]:
        """Weights, input, biases and result in full, as numbers or as symbols."""
        if not self.symbolic:
            return self.full_weights, self.full_input, self.full_biases, self.activations
        n_out, n_in = self.full_weights.shape
        rows, columns = range(n_out), range(n_in)
        return (
            np.array([[f"w_({j},{i})^(({self.layer + 1}))" for i in columns] for j in rows]),
            np.array([f"a_({i})^(({self.layer}))" for i in columns]),
            np.array([f"b_({j})^(({self.layer + 1}))" for j in rows]),
            np.array([f"a_({j})^(({self.layer + 1}))" for j in rows]),
        )

    def _add_indices(self, size: float) -> None:
        """The index of every column shown, between the bracket and the name of the weights."""
        em = size / PIXELS_A_UNIT
        small = max(0.75 * size, theme.TEXTURE_SIZE)
        columns = self.weights.columns
        top = self.weights.get_top()[1]
        places = [(self.weights.place(self.weights.rows[0], column)[0], top + 0.5 * em, 0) for column in columns]
        self.indices = Numbers(columns, places, 0, small, theme.QUIET_TEXT, thousands=False)
        if not self.symbolic:
            self.labels[0].shift((0, 0.7 * em, 0))

    def _add_labels(self, names: Sequence[str], shape: str, size: float) -> None:
        """The name of each part above it, and the size of W below it."""
        em = size / PIXELS_A_UNIT
        parts = (self.weights, self.vector, self.biases, self.result)
        colours = (theme.WEIGHTS_SYMBOL, theme.ACTIVATIONS_SYMBOL, theme.BIASES_SYMBOL, theme.ACTIVATIONS_SYMBOL)
        for source, part, colour in zip(names, parts, colours, strict=True):
            name = Symbol(source, max(1.1 * size, SMALLEST_WITH_INDICES), colour)
            name.put((part.get_x(), part.get_top()[1] + 0.85 * em, 0))
            self.labels.add(name)
        below = Symbol(shape, max(0.8 * size, theme.NOTE_SIZE), theme.QUIET_TEXT)
        self.labels.add(below.next_to(self.weights, DOWN, buff=0.45 * em))

    def open_lane(self, share: float) -> Self:
        """Move weights and vector apart: by a share, 0 to 1, of the room for a column of this row's weights."""
        step = (share - self.opened) * self.lane_in_ems * self.weights.em / 2
        self.opened = float(share)
        middle = (self.weights.get_right()[0] + self.vector.get_left()[0]) / 2
        parts = (*self.parentheses, *self.signs, self.weights, self.vector, self.biases, self.result, *self.labels)
        for part in (*parts, *([self.indices] if self.indices is not None else [])):
            part.shift((step if part.get_x() > middle else -step, 0, 0))
        return self

    @property
    def lane(self) -> float:
        """The horizontal middle of the lane."""
        return float(self.weights.get_right()[0] + self.vector.get_left()[0]) / 2

    def hide_result(self) -> Self:
        """Leave the result empty, for an animation to fill in."""
        self.result.set_opacities(0)
        return self

    def focus(self, row: int | None) -> Self:
        """Dim all rows of the weights except one, and all other biases; None brings all of them back."""
        self.weights.focus(row)
        self.biases.focus(row)
        return self


def _dotted(rows: Slots, columns: Slots) -> list[tuple[int, int]]:
    """The slots that hold dots, row by row, counted in slots."""
    return [(r, c) for r, row in enumerate(rows) for c, column in enumerate(columns) if row is None or column is None]


def _dots(rows: Slots, columns: Slots, at: MatrixPlaces, em: float) -> Any:
    """Three dots in every slot of rows or columns left out: ⋮ for rows, ⋯ for columns, ⋱ for both."""
    places = []
    for r, c in _dotted(rows, columns):
        across, down = float(columns[c] is None), float(rows[r] is None)
        step = np.array([across, -down, 0]) * 0.3 * em * (0.85 if across and down else 1)
        places += [at.centre(r, c) + step * n for n in (-1, 0, 1)]
    if not places:
        return Group()
    return Cells(places, 0.11 * em, 1, rgb(theme.NEUTRAL), stroke_width=0)


def _slot_of(index: int, where: Slots) -> int:
    """The slot that shows an index of the full matrix, or the dots that stand for it."""
    shown = [slot for slot in where if slot is not None]
    if index in shown:
        return where.index(index)
    before = bisect(shown, index)
    return where.index(shown[before - 1]) + 1 if before else 0


def _mean_of(shares: Sequence[float | None]) -> float:
    """The mean of those that exist."""
    return float(np.mean([share for share in shares if share is not None]))


def _choices(symbols: bool) -> list[tuple[int, int, float]]:
    """How much can be shown and how large, the best choice first: (first, last, size)."""
    counts = [(2, 1), (1, 1)] if symbols else [(FIRST, LAST), (3, 1), (2, 1), (1, 1)]
    sizes = [48, 42, 36] if symbols else [36, 32, 28]
    return [(first, last, size) for first, last in counts for size in sizes]
