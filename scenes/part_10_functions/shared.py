"""What several scenes of this part need."""

from __future__ import annotations

from manim import (
    MathTypst,
)

from scenes.kit import theme
from scenes.kit.layout import ColumnLayout, column, picture

# The formula's place, the middle of all that stands under it, and the line of words beneath that.
_FORMULA_Y, _MIDDLE, _FOOT = 3.15, 0.2, -2.5
_PICTURES = 4


def shown_indices(count: int) -> list[int | None]:
    """The first two indices, None for those left out, and the last one."""
    return list(range(count)) if count <= 3 else [0, 1, None, count - 1]


def _listed(letter: str, count: int) -> str:
    return ", ".join("dots" if k is None else f"{{{{ {letter}_({k}) : {letter}{k} }}}}" for k in shown_indices(count))


def _coloured_list(shown: MathTypst, letter: str, count: int) -> MathTypst:
    for k in shown_indices(count):
        if k is not None:
            shown.select(f"{letter}{k}").set_color(theme.ACTIVATIONS_SYMBOL)
    return shown


def _square(count: int, centre: tuple[float, float], extent: float) -> ColumnLayout:
    """An input as its square picture, or, where it is none, as a column."""
    side = round(count**0.5)
    return picture(side, centre, extent) if side * side == count else column(count, centre, extent)
