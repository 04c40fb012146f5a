"""Many small formulas, typeset together and placed one by one: the symbols in a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RIGHT, MathTypst, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.outlines import typesetting
from scenes.kit.mobjects.text import fonts_of_formula
from scenes.kit.validation import validate_array
from scenes.wording import FUNCTION_SYMBOLS

# Indices are 0.7 times the size of their symbol, and must be readable too.
SMALLEST_WITH_INDICES = theme.SMALLEST_SIZE / 0.69
_FONT_SIZE_A_UNIT = 96
# Ems between two formulas that are typeset together; within a formula there is never that much room.
_APART = 12
# The middle of a small letter, in ems above the baseline: a symbol is centred there, whatever its indices.
_MIDDLE = 0.215
# In a line: signs with room on both sides, and symbols that the next one follows closely.
_SPACED = ("+", "=", "dots.c")
_CLOSE_AFTER = ("\\(", *FUNCTION_SYMBOLS)


class Symbol(VMobject):
    """A short formula as one outline. Its middle is that of its letters, so symbols in a row share their baseline.

    >>> Symbol("a_0^((0))", size=96, colour=theme.ACTIVATIONS_SYMBOL)
    """

    def __init__(self, source: str, size: float = theme.LABEL_SIZE, colour: str = theme.TEXT) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        self.source = source
        (outline,) = _outlines((source,))
        # Two points that draw nothing, left and right at the middle: they move with the symbol.
        ends = np.array([[outline[:, 0].min(), 0, 0], [outline[:, 0].max(), 0, 0]]).repeat(4, axis=0)
        self.points = np.concatenate([ends, outline]) * (size / PIXELS_A_UNIT)

    @property
    def em(self) -> float:
        """The present length of an em, in units."""
        return float(self.points[4, 0] - self.points[0, 0]) / float(symbol_widths([self.source])[0])

    @property
    def middle(self) -> NDArray[np.float64]:
        """The middle of its letters, (3,)."""
        return (self.points[0] + self.points[4]) / 2

    def put(self, middle: ArrayLike) -> Self:
        """Move the middle of its letters there."""
        self.shift(np.asarray(middle, float) - self.middle)
        return self


class Symbols(VGroup):
    """n symbols in their places, with the same interface for places and opacities as `Numbers`.

    sources: in Typst's notation. centres: (n, 3).

    >>> Symbols(["w_(0,0)", "w_(0,n)"], [[-1, 0, 0], [1, 0, 0]], size=96, colour=theme.WEIGHTS_SYMBOL)
    """

    def __init__(
        self,
        sources: Sequence[str],
        centres: ArrayLike | None = None,
        size: float = theme.LABEL_SIZE,
        colour: str = theme.TEXT,
    ) -> None:
        if not len(sources):
            raise ValueError("sources must be at least one formula")
        _outlines(tuple(sources))
        super().__init__(*(Symbol(source, size, colour) for source in sources))
        if centres is not None:
            self.place(centres)

    @property
    def texts(self) -> list[str]:
        """The formulas as they were given."""
        return [symbol.source for symbol in self]

    @property
    def centres(self) -> NDArray[np.float64]:
        """The middles of the symbols, (n, 3)."""
        return np.array([symbol.middle for symbol in self])

    @property
    def opacities(self) -> NDArray[np.float32]:
        """The opacity of each symbol, (n,)."""
        return np.array([symbol.get_fill_opacity() for symbol in self], np.float32)

    def set_opacities(self, opacities: ArrayLike) -> Self:
        """Set the opacity of each symbol, (n,), 0 to 1."""
        for symbol, opacity in zip(self, validate_array(opacities, (len(self),), "opacities"), strict=True):
            symbol.set_fill(opacity=float(opacity))
        return self

    def place(self, centres: ArrayLike) -> Self:
        """Move the middles of the symbols to (n, 3)."""
        for symbol, centre in zip(self, validate_array(centres, (len(self), 3), "centres"), strict=True):
            symbol.put(centre)
        return self

    def take(self, items: ArrayLike) -> Symbols:
        """A copy with only these items (m,), in their places."""
        part = self.copy()
        part.submobjects = [part.submobjects[item] for item in np.asarray(items, np.int64)]
        return part

    def extents(self) -> NDArray[np.float64]:
        """The left, bottom, right and top of each symbol, (n, 4)."""
        corners = [(symbol.points[:, :2].min(0), symbol.points[:, :2].max(0)) for symbol in self]
        return np.array([(*low, *high) for low, high in corners])


def in_a_line(symbols: Sequence[Symbol], size: float, widest: float) -> VGroup:
    """Symbols one after another on one baseline, with room around signs; made smaller if wider than `widest`."""
    em = size / PIXELS_A_UNIT
    edge = 0.0
    before = ""
    for symbol in symbols:
        symbol.scale(size / PIXELS_A_UNIT / symbol.em)
        sign = symbol.source in _SPACED or before in _SPACED
        close = before in _CLOSE_AFTER or symbol.source == "\\)"
        gap = 0.0 if not before else 0.32 if sign else 0.08 if close else 0.16
        symbol.put((edge + gap * em + symbol.width / 2, 0, 0))
        edge = float(symbol.get_right()[0])
        before = symbol.source
    line = VGroup(*symbols)
    if line.width > widest:
        line.scale(widest / line.width)
    return line.shift(-(symbols[0].get_left()[0] + symbols[-1].get_right()[0]) / 2 * RIGHT)


def set_together(sources: Sequence[str]) -> None:
    """Typeset many formulas at once that will be needed one by one: it takes no longer than a single one."""
    _outlines(tuple(sources))


def symbol_widths(sources: Sequence[str]) -> NDArray[np.float64]:
    """How wide these formulas are, in ems, (n,)."""
    return np.array([float(np.ptp(outline[:, 0])) for outline in _outlines(tuple(sources))])


# The outlines typeset so far, by source.
_KNOWN: dict[str, NDArray[np.float64]] = {}


def _outlines(sources: tuple[str, ...]) -> list[NDArray[np.float64]]:
    """The curves of each formula with an em of one unit, centred horizontally, the middle of its letters at height 0.

    All formulas that are new are typeset at once, on one baseline, far apart.
    """
    unknown = list(dict.fromkeys(source for source in sources if source not in _KNOWN))
    if unknown:
        gap = f" #h({_APART}em) "
        with typesetting():
            line = gap.join(["1", *unknown])
            drawn = MathTypst(line, font_size=_FONT_SIZE_A_UNIT, **fonts_of_formula(line))
        glyphs = [part.points for part in drawn.family_members_with_points()]
        glyphs.sort(key=lambda points: points[:, 0].min())
        groups: list[list[NDArray[np.float64]]] = []
        reach = -np.inf
        for points in glyphs:
            if points[:, 0].min() > reach + _APART / 2:
                groups.append([])
            groups[-1].append(points)
            reach = max(reach, points[:, 0].max())
        if len(groups) != len(unknown) + 1:
            raise ValueError(f"sources must be formulas that leave ink; there is none in one of {unknown}")
        baseline = groups[0][0][:, 1].min()
        for source, group in zip(unknown, groups[1:], strict=True):
            outline = np.concatenate(group)
            middle = (outline[:, 0].min() + outline[:, 0].max()) / 2
            # Rounded, so that a formula is the same whatever was typeset beside it.
            _KNOWN[source] = np.asarray(np.round(outline - (middle, baseline + _MIDDLE, 0), 9) + 0.0, np.float64)
    return [_KNOWN[source] for source in sources]
