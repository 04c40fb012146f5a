"""Cells: any number of boxes or discs, which make up images, neurons and weight pictures."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.camera import View
from scenes.kit.colour import rgb
from scenes.kit.mobjects.array_mobject import ArrayMobject
from scenes.kit.rasteriser import draw_cells
from scenes.kit.validation import validate_array, validate_finite, validate_rows


class Cells(ArrayMobject):
    """n boxes with rounded corners, from squares to discs, each with its own fill and outline.

    centres: (n, 3) or (n, 2). size: (n,) or one number, in units of length. roundness: 0 for squares, 1 for discs.
    colours: (n, 3), 0 to 255. opacities: (n,), of the fill. stroke_width in manim's unit.

    >>> Cells([[-1, 0, 0], [1, 0, 0]], size=1, roundness=[0, 1], colours=[[255, 255, 255], [79, 176, 255]])
    """

    ITEM_ARRAYS: ClassVar[tuple[str, ...]] = (
        "roundness",
        "colours",
        "opacities",
        "stroke_colours",
        "stroke_opacities",
        "stroke_widths",
    )

    COLOURS_ARE_FREE: ClassVar[bool] = True

    def __init__(
        self,
        centres: ArrayLike,
        size: ArrayLike = 1.0,
        roundness: ArrayLike = 0.0,
        colours: ArrayLike = (255, 255, 255),
        opacities: ArrayLike = 1.0,
        stroke_colour: str = theme.CELL_OUTLINE,
        stroke_width: ArrayLike = theme.CELL_OUTLINE_WIDTH,
    ) -> None:
        super().__init__()
        centres = np.atleast_2d(np.asarray(centres, float))
        n = len(centres)
        if centres.size == 0 or centres.ndim != 2 or centres.shape[1] not in (2, 3):
            raise ValueError(f"centres must have the shape (n, 2) or (n, 3), n at least 1; got {centres.shape}")
        validate_finite(centres, "centres")
        half = validate_array(size, (n,), "size")[:, None] / 2
        self.points = np.zeros((2 * n, 3))
        self.points[0::2, : centres.shape[1]] = centres
        self.points[1::2] = self.points[0::2]
        self.points[0::2, :2] -= half
        self.points[1::2, :2] += half
        self.roundness = validate_array(roundness, (n,), "roundness")
        self.colours = validate_rows(colours, n, "colours")
        self.opacities = validate_array(opacities, (n,), "opacities")
        self.stroke_colours = np.tile(rgb(stroke_colour), (n, 1))
        self.stroke_opacities = np.ones(n, np.float32)
        self.stroke_widths = validate_array(stroke_width, (n,), "stroke_width")

    @property
    def centres(self) -> NDArray[np.float64]:
        """The centres of the cells, (n, 3)."""
        return (self.points[0::2] + self.points[1::2]) / 2

    @property
    def radii(self) -> NDArray[np.float64]:
        """Half the width of each cell, (n,)."""
        return np.abs(self.points[1::2, 0] - self.points[0::2, 0]) / 2

    def item(self, index: int) -> Cells:
        """A copy of one cell."""
        one = Cells(self.centres[index], 1)
        one.points = self.points[2 * index : 2 * index + 2].copy()
        for name in self.ITEM_ARRAYS:
            setattr(one, name, getattr(self, name)[index : index + 1].copy())
        return one

    def place(self, centres: ArrayLike, size: ArrayLike) -> Self:
        """Move the cells to new centres (n, 3), and give them a new size in units of length."""
        n = len(self)
        target = Cells(validate_array(centres, (n, 3), "centres"), validate_array(size, (n,), "size"))
        self.points = target.points
        return self

    def set_brightness(self, values: ArrayLike, colour: str = theme.ACTIVATION) -> Self:
        """Fill the cells with shares (n,) of a colour, from 0 for black to 1; those below 0, down to −1, of red.

        So a neuron that says −1 is not drawn as one that says nothing.
        """
        share = validate_array(values, (len(self),), "values").clip(-1, 1)[:, None]
        self.colours = np.abs(share) * np.where(share < 0, rgb(theme.NEGATIVE), rgb(colour))
        return self

    def set_signed(self, values: ArrayLike, limit: float) -> Self:
        """Fill the cells with signed values (n,): the colour of the sign, as bright as |value| / limit."""
        if not limit >= 0:
            raise ValueError(f"limit must be 0 or more; got {limit}")
        values = validate_array(values, (len(self),), "values")
        share = np.clip(values / limit, -1, 1) if limit else np.zeros_like(values)
        self.colours = sign_colours(share) * np.abs(share)[:, None]
        return self

    def set_color(self, color: Any = None, family: bool = True, *, item: int | None = None) -> Self:
        """Give all cells, or one of them, one colour: the fill and the outline."""
        if color is None:  # as where Indicate leaves the colour alone
            return self
        self.check_colours_are_free()
        chosen = slice(None) if item is None else item
        self.colours, self.stroke_colours = self.colours.copy(), self.stroke_colours.copy()
        self.colours[chosen] = self.stroke_colours[chosen] = rgb(color)
        return self

    def set_fill(self, color: Any = None, opacity: float | None = None, family: bool = True) -> Self:
        """Give all cells a fill of one colour or opacity, as manim's method of this name does."""
        if color is not None:
            self.check_colours_are_free()
            self.colours = np.tile(rgb(color), (len(self), 1))
        if opacity is not None:
            self.opacities = np.full(len(self), opacity, np.float32)
        return self

    def set_stroke(
        self, color: Any = None, width: float | None = None, opacity: float | None = None, family: bool = True
    ) -> Self:
        """Give all cells an outline of one colour, width or opacity, as manim's method of this name does."""
        if color is not None:
            self.stroke_colours = np.tile(rgb(color), (len(self), 1))
        if width is not None:
            self.stroke_widths = np.full(len(self), width, np.float32)
        if opacity is not None:
            self.stroke_opacities = np.full(len(self), opacity, np.float32)
        return self

    def pointwise_become_partial(self, mobject: ArrayMobject, a: float, b: float) -> Self:
        """For manim's Create and Uncreate: the cells appear one after the other."""
        assert isinstance(mobject, Cells)
        places = np.arange(len(self))
        seen = (np.clip(b * len(self) - places, 0, 1) - np.clip(a * len(self) - places, 0, 1)).astype(np.float32)
        self.opacities, self.stroke_opacities = mobject.opacities * seen, mobject.stroke_opacities * seen
        return self

    def draw(self, view: View) -> None:
        visible = self.visibility[0]
        draw_cells(
            view.frame,
            view.first_row,
            view.whole_pixels(self.points[0::2]),
            view.whole_pixels(self.points[1::2]),
            self.roundness,
            self.colours,
            self.opacities * visible,
            self.stroke_colours,
            self.stroke_opacities * visible,
            view.width(self.stroke_widths).astype(np.float32),
        )


def sign_colours(values: ArrayLike) -> NDArray[np.float32]:
    """The colour of each number's sign, (n, 3), 0 to 255; 0 counts as positive."""
    return np.where(np.asarray(values)[:, None] >= 0, rgb(theme.POSITIVE), rgb(theme.NEGATIVE))
