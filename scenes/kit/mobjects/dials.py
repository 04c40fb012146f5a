"""Knobs as dials, in any number: each with a hand that is turned by its value."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from manim import Mobject
from manim.utils.paths import straight_path
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.camera import View
from scenes.kit.mobjects.array_mobject import rgb
from scenes.kit.mobjects.cells import Cells
from scenes.kit.rasteriser import HUES, draw_cells, ink_lines, lay_ink, wipe_ink
from scenes.kit.validation import validate_array

# How far the hand can be turned to either side, and how far it reaches and how wide it is, as shares of the radius.
_UTMOST = np.radians(135)
_HAND_TO, _HAND_WIDTH = 0.82, 0.16
# The share of the sign's colour that a dial turned all the way has.
_TINT = 0.75
# Pixels.
_ROUND_FROM = 3.0


class Dials(Cells):
    """n knobs: a hand that points up for 0, to the left for what is negative and to the right for what is positive.

    centres: (n, 3) or (n, 2). size: (n,) or one number, the diameters. values: (n,). limit: what turns a hand all the
    way, 135°, one number or (n,); what is beyond it stands there, too. A dial has the colour of its value's sign, as
    bright as |value| / limit.

    >>> Dials(grid(8, (0, 0), 6), 0.66, network.layers[-1].weights.ravel()[:64])
    """

    ITEM_ARRAYS: ClassVar[tuple[str, ...]] = (*Cells.ITEM_ARRAYS, "turns")

    def __init__(self, centres: ArrayLike, size: ArrayLike, values: ArrayLike, limit: ArrayLike | None = None) -> None:
        diameter = float(np.max(np.asarray(size, float)))
        outline = theme.NEURON_OUTLINE_WIDTH * min(1.5, diameter / 0.4)
        super().__init__(centres, size, 1, (0, 0, 0), 1, theme.NEURON_OUTLINE, outline)
        self.turns = np.zeros(len(self), np.float32)
        self.set_values(values, limit)

    def set_values(self, values: ArrayLike, limit: ArrayLike | None = None) -> Self:
        """Turn the knobs to other values (n,), as shares of `limit`; of the greatest |value|, if it is not given."""
        n = len(self)
        array = validate_array(values, (n,), "values")
        limits = np.full(n, np.abs(array).max()) if limit is None else validate_array(limit, (n,), "limit")
        if (limits < 0).any():
            raise ValueError("limit must be 0 or more")
        with np.errstate(divide="ignore", invalid="ignore"):
            turns = np.where(limits > 0, array / limits, 0)
        return self.turn(turns)

    def turn(self, turns: ArrayLike) -> Self:
        """Turn the knobs, (n,): −1 all the way to the left, 1 to the right."""
        self.turns = validate_array(turns, (len(self),), "turns").clip(-1, 1)
        share = self.turns[:, None]
        signs = np.where(share < 0, rgb(theme.NEGATIVE), rgb(theme.POSITIVE))
        self.colours = (_TINT * np.abs(share) * signs).astype(np.float32)
        return self

    def interpolate(self, start: Mobject, target: Mobject, alpha: float, path_func: Any = straight_path()) -> Self:
        super().interpolate(start, target, alpha, path_func)
        return self.turn(self.turns)  # with the colour of where the hand stands now

    @property
    def hands(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the hands begin and end, (n, 3) each."""
        angles = self.turns * _UTMOST
        way = self.radii[:, None] * np.stack([np.sin(angles), np.cos(angles), np.zeros(len(self))], axis=1)
        return self.centres, self.centres + _HAND_TO * way

    def draw(self, view: View) -> None:
        super().draw(view)
        starts, ends = (view.pixels(places) for places in self.hands)
        widths = view.width(100 * _HAND_WIDTH * self.radii).astype(np.float32)
        opacities = self.opacities * self.visibility
        # Where a hand is so thick that its ends are seen, they are round.
        for n in np.flatnonzero(widths >= _ROUND_FROM):
            places = np.linspace(starts[n], ends[n], 40, dtype=np.float32)
            same = np.full(len(places), opacities[n])
            white = np.tile(rgb(theme.TEXT), (len(places), 1))
            half, none = widths[n] / 2, np.zeros_like(same)
            draw_cells(view.frame, 0, places - half, places + half, none + 1, white, same, white, none, none)
        thin = np.flatnonzero(widths < _ROUND_FROM)
        palette = np.zeros((HUES, 3), np.float32)
        palette[0] = rgb(theme.TEXT)
        hues, profile = np.zeros(len(thin), np.uint8), np.ones(1, np.float32)
        part = ink_lines(view.ink, starts[thin], ends[thin], widths[thin], opacities[thin], hues, profile)
        lay_ink(view.frame, view.ink, palette, *part)
        wipe_ink(view.ink, *part)
