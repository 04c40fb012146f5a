"""All connections of a layer as one mobject over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes import theme
from scenes.mobjects.array_mobject import ArrayMobject, checked, rgb
from scenes.mobjects.drawing import HUES, ink_lines, lay_ink

if TYPE_CHECKING:
    from scenes.camera import View

_POSITIVE, _NEGATIVE = 0, 1
# How finely the profile along the connections is cut.
_STRETCHES = 128


class Connections(ArrayMobject):
    """Every connection from one column of neurons to the next, with a signed value that decides its look.

    starts: (n_in, 3), the neurons they come from. ends: (n_out, 3), those they go to.
    values: (n_out, n_in), one for each connection, like a layer's weights; connection i→j is item j·n_in + i.

    The sign of a value gives the colour, its size, as a share of `limit`, the opacity and the width:

        share = min(|value| / limit, 1);  opacity = share^`contrast`;  width = `width` · (½ + ½ share)

    `limit` is the greatest |value| if not given; (n_out, 1) gives every neuron a limit of its own. Where connections
    cross, the strongest lies on top. All-equal values give equal lines.

    >>> Connections([[-2, 1, 0], [-2, -1, 0]], [[2, 0, 0]], values=[[0.5, -1.0]], width=4)
    """

    ITEM_ARRAYS = ("values",)
    WIDTH: ClassVar[float] = theme.CONNECTION_WIDTH

    def __init__(
        self,
        starts: ArrayLike,
        ends: ArrayLike,
        values: ArrayLike,
        limit: ArrayLike | None = None,
        contrast: float = 1.0,
        width: float = theme.CONNECTION_WIDTH,
    ) -> None:
        super().__init__()
        self.z_index = theme.CONNECTIONS_LEVEL  # behind the neurons they join
        starts, ends = np.atleast_2d(np.asarray(starts, float)), np.atleast_2d(np.asarray(ends, float))
        for name, points in (("starts", starts), ("ends", ends)):
            if points.ndim != 2 or points.shape[1] != 3 or len(points) == 0:
                raise ValueError(f"{name} must have the shape (n, 3), n at least 1; got {points.shape}")
            if not np.isfinite(points).all():
                raise ValueError(f"{name} must be finite numbers; there is a NaN or an infinity among them")
        self.shape = (len(ends), len(starts))
        self.points = np.empty((2 * len(starts) * len(ends), 3))
        self.points[0::2] = np.tile(starts, (len(ends), 1))
        self.points[1::2] = np.repeat(ends, len(starts), axis=0)
        self.contrast = contrast
        self.width_of_lines = width
        self.profile = np.ones(1, np.float32)
        self.values = np.zeros(0, np.float32)
        self.set_values(values, limit)

    def set_values(self, values: ArrayLike, limit: ArrayLike | None = None) -> Self:
        """Show other values (n_out, n_in), as shares of `limit`, of the greatest if it is not given."""
        array = checked(values, self.shape, "values")
        greatest = np.abs(array).max() if limit is None else np.asarray(limit, np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(greatest > 0, array / greatest, 0)
        self.values = shares.clip(-1, 1).astype(np.float32).ravel()
        return self

    @property
    def opacities(self) -> NDArray[np.float32]:
        """(n_out · n_in,), 0 to 1."""
        share = np.abs(self.values)
        return (share if self.contrast == 1 else share**np.float32(self.contrast)) * self.visibility

    @property
    def widths(self) -> NDArray[np.float32]:
        """(n_out · n_in,), in manim's unit."""
        return np.float32(self.width_of_lines) * (np.float32(0.5) + np.float32(0.5) * np.abs(self.values))

    @property
    def hues(self) -> NDArray[np.uint8]:
        """(n_out · n_in,): 0 for positive values, 1 for negative ones."""
        return (self.values < 0).astype(np.uint8)

    def set_profile(self, profile: ArrayLike) -> Self:
        """Shade all connections along their way: (m,) factors of the opacity, 0 to 1, from start to end."""
        array = np.asarray(profile, np.float32)
        self.profile = checked(array, (array.size,), "profile")
        return self

    def show_until(self, share: float) -> Self:
        """Draw each connection from its start to this share of its way, 0 to 1."""
        places = (np.arange(_STRETCHES) + 0.5) / _STRETCHES
        self.profile = np.clip((share - places) * _STRETCHES + 0.5, 0, 1).astype(np.float32)
        if share >= 1:
            self.profile = np.ones(1, np.float32)
        return self

    def set_pulse(self, place: float, rest: float, length: float = 0.25) -> Self:
        """Light a pulse at a share `place` of the way; elsewhere the opacity is `rest` of the full one."""
        places = (np.arange(_STRETCHES) + 0.5) / _STRETCHES
        bump = np.exp(-(((places - place) / (length / 2)) ** 2))
        self.profile = (rest + (1 - rest) * bump).astype(np.float32)
        return self

    def pointwise_become_partial(self, mobject: ArrayMobject, a: float, b: float) -> Self:
        """Show only the part from share a to share b of every connection; for manim's Create and the like."""
        places = (np.arange(_STRETCHES) + 0.5) / _STRETCHES
        self.profile = ((places >= a) & (places <= b)).astype(np.float32)
        return self

    def draw(self, view: View) -> None:
        palette = np.zeros((HUES, 3), np.float32)
        palette[_POSITIVE], palette[_NEGATIVE] = rgb(theme.POSITIVE), rgb(theme.NEGATIVE)
        rows = ink_lines(
            view.ink,
            view.pixels(self.points[0::2]),
            view.pixels(self.points[1::2]),
            view.width(self.widths).astype(np.float32),
            self.opacities,
            self.hues,
            self.profile,
        )
        lay_ink(view.frame, view.ink, palette, *rows)
