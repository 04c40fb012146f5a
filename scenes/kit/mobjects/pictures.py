"""Many small pictures in one mobject, which can go their own ways."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from scenes.kit.colour import rgb
from scenes.kit.layout import grid
from scenes.kit.mobjects.cells import Cells
from scenes.kit.validation import validate_array


class Pictures(Cells):
    """n square pictures, each without its black cells, so that they may lie over each other.

    images: (n, side, side), 0 black to 1 white. places: (n, 3), their middles. extent: how wide they are in units, one
    number or (n,). owners: for each cell the picture that it belongs to.

    >>> Pictures(digits.images[:9], grid(3, (0, 0), 6), 1.6)
    """

    # A cell darker than this is left out.
    DARK = 0.06

    COLOURS_ARE_FREE: ClassVar[bool] = False

    def __init__(self, images: ArrayLike, places: ArrayLike, extent: ArrayLike = 1.0) -> None:
        images = np.asarray(images, np.float32)
        if images.ndim != 3 or images.shape[1] != images.shape[2] or not len(images):
            raise ValueError(f"images must have the shape (n, side, side), n at least 1; got {images.shape}")
        self.count, self.side = len(images), images.shape[1]
        values = images.reshape(self.count, -1)
        lit = values > self.DARK
        lit[~lit.any(axis=1), 0] = True  # a black picture keeps one cell
        self.owners, cells = np.nonzero(lit)
        self.within = grid(self.side, (0, 0), 1)[cells]
        self.values = values[self.owners, cells]
        super().__init__(np.zeros((len(self.owners), 3)), 1, stroke_width=0)
        self.stroke_opacities = np.zeros(len(self), np.float32)
        self.tint("#FFFFFF").show(1.0).set_places(places, extent)

    def set_places(self, places: ArrayLike, extent: ArrayLike) -> Self:
        """Move the pictures to (n, 3), and make them this wide, one number or (n,)."""
        middles = validate_array(places, (self.count, 3), "places")
        extents = validate_array(extent, (self.count,), "extent")[self.owners]
        self.place(middles[self.owners] + extents[:, None] * self.within, 1.04 * extents / self.side)
        return self

    def show(self, shares: ArrayLike) -> Self:
        """Set the opacity of the pictures, 0 to 1, one number or (n,)."""
        self.opacities = self.values * validate_array(shares, (self.count,), "shares")[self.owners]
        return self

    def tint(self, colour: str) -> Self:
        """Draw the pictures in one colour."""
        self.colours = np.tile(rgb(colour), (len(self), 1)).astype(np.float32)
        return self
