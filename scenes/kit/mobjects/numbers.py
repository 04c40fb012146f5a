"""Many numbers in one mobject, fast enough to change in every frame."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import Mobject
from manim.utils.paths import straight_path
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.camera import View
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.array_mobject import ArrayMobject
from scenes.kit.mobjects.glyphs import alphabet, draw_characters
from scenes.kit.validation import validate_array, validate_finite, validate_rows
from scenes.language import current
from scenes.wording import written as format_number

LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0


class Numbers(ArrayMobject):
    """n numbers, each with its own place, colour and opacity, rounded to the digits shown.

    values: (n,). centres: (n, 3), the middle of each number's box. places: digits after the point, one or (n,).
    size: pixels an em in a frame 1080 pixels high. colours: one colour, or (n, 3), 0 to 255. opacities: (n,).
    widths: (n,), of the boxes in units of length, by default as wide as the numbers. alignment: where a number is in
    its box, and which edge stays in place as it changes: LEFT, CENTRE or RIGHT (points one below another).
    sign: put a + before numbers that are not negative.

    Transform counts from one number to another. ValueError for wrong shapes, or numbers that are not finite.

    >>> Numbers([0.98, -1.5, 12], [[-2, 0, 0], [0, 0, 0], [2, 0, 0]], size=72)
    """

    ITEM_ARRAYS = ("values", "colours", "opacities")
    COLOURS_ARE_FREE = True
    IN_BANDS = False  # half of the work is in Python
    # There would be no room for greater numbers anywhere.
    GREATEST = 1e12

    def __init__(
        self,
        values: ArrayLike,
        centres: ArrayLike = (0, 0, 0),
        places: ArrayLike = 2,
        size: float = theme.LABEL_SIZE,
        colours: ArrayLike = theme.TEXT,
        opacities: ArrayLike = 1.0,
        widths: ArrayLike | None = None,
        alignment: float = CENTRE,
        sign: bool = False,
        thousands: bool = True,
    ) -> None:
        super().__init__()
        self.values = _values_to_show(values)
        n = len(self.values)
        self.places = np.broadcast_to(np.asarray(places, np.int64), n).copy()
        if (self.places < 0).any() or (self.places > 12).any():
            raise ValueError(f"places must be from 0 to 12; got {places!r}")
        if not size > 0:
            raise ValueError(f"size must be greater than 0; got {size}")
        self.sign, self.thousands, self.alignment = sign, thousands, alignment
        # It is drawn with the signs that it holds, so that manim's cache sees them.
        self.signs, self.ungrouped = current().signs, current().ungrouped
        self.set_colours(colours)
        self.opacities = validate_array(opacities, (n,), "opacities")
        em = size / PIXELS_A_UNIT
        room = self.advances() * em if widths is None else validate_array(widths, (n,), "widths")
        middles = validate_rows(centres, n, "centres")
        # A number's two points are the corners of its box: left at the baseline, right at the height of a digit.
        half = np.stack([room / 2, np.full(n, alphabet().digit_height * em / 2), np.zeros(n)], axis=1)
        self.points = np.empty((2 * n, 3))
        self.points[0::2], self.points[1::2] = middles - half, middles + half

    @property
    def centres(self) -> NDArray[np.float64]:
        """The middle of each number's box, (n, 3)."""
        return (self.points[0::2] + self.points[1::2]) / 2

    @property
    def sizes(self) -> NDArray[np.float64]:
        """The present length of an em, in units, (n,)."""
        return np.abs(self.points[1::2, 1] - self.points[0::2, 1]) / alphabet().digit_height

    @property
    def texts(self) -> list[str]:
        """Each number as it is written."""
        return [
            format_number(value, places, self.sign, self.thousands, self.signs, self.ungrouped)
            for value, places in zip(self.values.tolist(), self.places.tolist(), strict=True)
        ]

    def advances(self) -> NDArray[np.float64]:
        """The present width of each number in ems, (n,)."""
        return np.array([width_of(text, self.signs) for text in self.texts])

    def extents(self) -> NDArray[np.float64]:
        """The left, bottom, right and top of each number as it is drawn now, (n, 4)."""
        widths = self.advances() * self.sizes
        low = np.minimum(self.points[0::2], self.points[1::2])
        room = np.abs(self.points[1::2, 0] - self.points[0::2, 0])
        left = low[:, 0] + (room - widths) * self.alignment
        height = self.sizes * alphabet().digit_height
        return np.stack([left, low[:, 1], left + widths, low[:, 1] + height], axis=1)

    def set_values(self, values: ArrayLike) -> Self:
        """Show other numbers (n,) in the same places."""
        self.values = _values_to_show(values, len(self))
        return self

    def set_colours(self, colours: ArrayLike) -> Self:
        """Set one colour for all, or (n, 3), 0 to 255."""
        array = rgb(colours) if isinstance(colours, str) else np.asarray(colours, np.float32)
        self.colours = validate_rows(array, len(self.values), "colours")
        return self

    def set_opacities(self, opacities: ArrayLike) -> Self:
        """Set the opacity of each number, (n,), 0 to 1."""
        self.opacities = validate_array(opacities, (len(self),), "opacities")
        return self

    def place(self, centres: ArrayLike) -> Self:
        """Move the middles of the boxes to (n, 3)."""
        self.points = self.points + np.repeat(
            validate_array(centres, (len(self), 3), "centres") - self.centres, 2, axis=0
        )
        return self

    def take(self, items: ArrayLike) -> Self:
        """A copy with only these items (m,), in their places."""
        items = np.asarray(items, np.int64)
        part = self.copy()
        part.points = np.stack([self.points[2 * items], self.points[2 * items + 1]], axis=1).reshape(-1, 3)
        for name in (*self.ITEM_ARRAYS, "places"):
            setattr(part, name, getattr(self, name)[items])
        return part

    def interpolate(self, start: Mobject, target: Mobject, alpha: float, path_func: Any = straight_path()) -> Self:
        super().interpolate(start, target, alpha, path_func)
        assert isinstance(start, Numbers) and isinstance(target, Numbers)
        # At the end, exactly the target's numbers in the target's format.
        like = target if alpha >= 1 else start
        self.places, self.sign, self.thousands, self.alignment = like.places, like.sign, like.thousands, like.alignment
        if alpha >= 1:
            self.values = target.values
        return self

    def draw(self, view: View) -> None:
        glyphs = alphabet(self.signs)
        shown = np.flatnonzero(self.opacities * self.visibility > 0)
        if shown.size == 0:
            return
        texts = self.texts
        texts = [texts[item] for item in shown]
        lengths = np.array([len(text) for text in texts])
        characters = np.array([glyphs.numbers[character] for text in texts for character in text])
        owners = np.repeat(shown, lengths)
        # The pen's place at each character: the sum of the advances of the characters before it in its number.
        steps = glyphs.advances[characters]
        ends = np.cumsum(steps)
        begins = np.r_[0.0, ends[np.cumsum(lengths)[:-1] - 1]]
        pens_in_ems = ends - steps - np.repeat(begins, lengths)
        low = np.minimum(self.points[0::2], self.points[1::2])
        left = view.pixels(low).astype(np.float64)
        ems = self.sizes * view.scale[1]
        room = np.abs(self.points[1::2, 0] - self.points[0::2, 0]) * view.scale[0]
        widths = np.zeros(len(self))
        np.add.at(widths, owners, steps)
        start = left[:, 0] + (room - widths * ems) * self.alignment
        pens = np.stack([start[owners] + pens_in_ems * ems[owners], left[owners, 1]], axis=1)
        opacities = (self.opacities * self.visibility)[owners].astype(np.float32)
        draw_characters(
            view.frame, characters, pens, ems[owners], self.colours[owners].astype(np.float32), opacities, glyphs
        )


def width_of(text: str, signs: str = "") -> float:
    """The width of the characters of a number, in ems. signs: the figures and signs it may have, as in `Language`."""
    glyphs = alphabet(signs or current().signs)
    return float(sum(glyphs.advances[glyphs.numbers[character]] for character in text))


def _values_to_show(values: ArrayLike, count: int | None = None) -> NDArray[np.float64]:
    """Values as doubles, (n,) or (count,), so that they are shown as NumPy would print them."""
    array = validate_finite(values, "values")
    if array.ndim == 0:
        array = np.full(1 if count is None else count, array)
    if array.ndim != 1 or array.size == 0 or (count is not None and array.size != count):
        raise ValueError(f"values must have the shape ({'n' if count is None else count},); got {array.shape}")
    if np.abs(array).max() >= Numbers.GREATEST:
        raise ValueError(f"values must be less than {Numbers.GREATEST:g} in size, to be shown")
    return array
