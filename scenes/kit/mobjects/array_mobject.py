"""Many items of one kind in one mobject: its points are their places, and plain arrays hold the rest."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from manim import Mobject
from manim.utils.paths import straight_path
from numpy.typing import NDArray

from scenes.kit.camera import DrawsItself
from scenes.kit.colour import rgb


class ArrayMobject(DrawsItself):
    """A mobject of n items, drawn by its own `draw` instead of by manim.

    `points` holds the places, POINTS_AN_ITEM for each item, so that everything that moves, scales or rotates a mobject
    works here too. ITEM_ARRAYS names the attributes with one entry for each item, (n, …) float32, which blend when one
    such mobject becomes another. Everything is drawn from plain arrays, so that manim's cache sees every change.
    """

    POINTS_AN_ITEM: ClassVar[int] = 2
    ITEM_ARRAYS: ClassVar[tuple[str, ...]] = ()
    # Whether the colours say nothing by themselves, so that `set_color` can choose others.
    COLOURS_ARE_FREE: ClassVar[bool] = False
    visibility: NDArray[np.float32]
    colours: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.points) // self.POINTS_AN_ITEM

    def reset_points(self) -> Self:
        self.points = np.zeros((0, 3))
        return self

    def fade(self, darkness: float = 0.5, family: bool = True) -> Self:
        """Reduce the opacity by this share; 1 makes it invisible."""
        self.visibility = (self.visibility * (1 - darkness)).astype(np.float32)
        if family:
            for part in self.submobjects:
                part.fade(darkness, family)
        return self

    def set_opacity(self, opacity: float, family: bool = True) -> Self:
        """Set the opacity of the whole mobject, 0 to 1, which multiplies that of each item."""
        self.visibility = np.array([opacity], np.float32)
        if family:
            for part in self.submobjects:
                part.set_opacity(opacity)
        return self

    def set_color(self, color: Any = None, family: bool = True) -> Self:
        """Give all items one colour. TypeError for a mobject whose colours say something by themselves."""
        if color is not None:  # as where Indicate leaves the colour alone
            self.check_colours_are_free()
            self.colours = np.tile(rgb(color), (len(self), 1))
        return self

    # Without these two, manim would take them for new attributes, and nothing would change.

    def set_fill(self, *_: Any, **__: Any) -> Self:
        """TypeError, with what can be done instead, unless a mobject has a fill of its own."""
        raise TypeError(f"{type(self).__name__} has no fill that set_fill could change; use set_color or set_opacity")

    def set_stroke(self, *_: Any, **__: Any) -> Self:
        """TypeError, with what can be done instead, unless a mobject has a stroke of its own."""
        raise TypeError(
            f"{type(self).__name__} has no stroke that set_stroke could change; use set_color or set_opacity"
        )

    def check_colours_are_free(self) -> None:
        """TypeError, with what can be done instead, unless `COLOURS_ARE_FREE`."""
        if not self.COLOURS_ARE_FREE:
            raise TypeError(
                f"set_color cannot change the colours of {type(self).__name__}, which come from what it shows; "
                "set_opacity makes it weaker"
            )

    def get_opacity(self) -> float:
        return float(self.visibility[0])

    def init_colors(self) -> None:
        """Start with full opacity for the whole mobject; each item may also have its own."""
        self.visibility = np.ones(1, np.float32)

    def interpolate(self, start: Mobject, target: Mobject, alpha: float, path_func: Any = straight_path()) -> Self:
        """Become a mixture of two mobjects of the same kind and with the same number of items."""
        assert isinstance(start, ArrayMobject) and isinstance(target, ArrayMobject)
        self.points = path_func(start.points, target.points, alpha)
        for name in (*self.ITEM_ARRAYS, "visibility"):
            one, other = getattr(start, name), getattr(target, name)
            setattr(self, name, one if one is other else (one + (other - one) * np.float32(alpha)))
        return self

    def pointwise_become_partial(self, mobject: ArrayMobject, a: float, b: float) -> Self:
        """For manim's Create and Uncreate: become visible bit by bit; a and b are shares, 0 to 1."""
        self.visibility = mobject.visibility * np.float32(max(b - a, 0))
        return self

    def align_points_with_larger(self, larger_mobject: Mobject) -> None:
        """Grow to the number of items of another by repeating the last ones, invisible."""
        raise ValueError(
            f"a {type(self).__name__} of {len(self)} items cannot become one of another number; use a fade instead"
        )

    def align_points(self, mobject: Mobject) -> Self:
        if len(self.points) != len(mobject.points):
            self.align_points_with_larger(mobject)
        return self
