"""Many small pictures as one mobject, each of which can be moved, sized and dimmed."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import Animation, linear, smooth
from numpy.typing import ArrayLike, NDArray

from scenes.kit.layout import grid
from scenes.kit.mobjects.cells import Cells
from scenes.kit.validation import validate_array


class Thumbnails(Cells):
    """n small pictures, images (n, side²), 0 black to 1 white; where each stands, (n, 2), its width and its opacity."""

    def __init__(self, images: ArrayLike, places: ArrayLike, extent: ArrayLike = 1.0) -> None:
        values = np.asarray(images, np.float32)
        self.count, self.cells_each = values.shape
        side = round(self.cells_each**0.5)
        # The corners of the cells of a picture one unit wide; slightly larger, so that no gaps show.
        centres = grid(side, (0, 0), 1.0)[:, None, :]
        half = 0.5 / side * np.array([[-1.0, -1, 0], [1, 1, 0]])
        self.corners = (centres + half).reshape(-1, 3)
        super().__init__(np.zeros((values.size, 2)), 1.0, stroke_width=0)
        # White, the darker a cell the more transparent, so that pictures can pass over others.
        self.values = values.ravel()
        self.lay_out(places, extent)

    def lay_out(self, places: ArrayLike, extent: ArrayLike, opacities: ArrayLike = 1.0) -> Self:
        """Put every picture in its place, (n, 2), with its width, (n,), and its opacity, (n,)."""
        n = self.count
        self.places = np.asarray(places, float).reshape(n, -1)[:, :2]
        self.extents = np.broadcast_to(np.asarray(extent, float), n).copy()
        self.strengths = validate_array(opacities, (n,), "opacities")
        points = self.corners[None] * self.extents[:, None, None]
        points[..., :2] += self.places[:, None, :]
        self.points = points.reshape(-1, 3)
        self.opacities = np.repeat(self.strengths, self.cells_each) * self.values
        return self


class MoveThumbnails(Animation):
    """Pictures go to other places, one after another; on the way they may pass a point.

    places: (n, 2). extent and opacities: one number, or (n,). by: a point that all of them pass, or None. lag: the
    share of the time after which the last one sets out. fall: (n,), True for those that turn back at the point, drop
    and fade.
    """

    def __init__(
        self,
        pictures: Thumbnails,
        places: ArrayLike,
        extent: ArrayLike,
        opacities: ArrayLike = 1.0,
        by: ArrayLike | None = None,
        fall: ArrayLike = False,
        lag: float = 0.6,
        order: ArrayLike | None = None,
        **options: Any,
    ) -> None:
        n = pictures.count
        self.start = pictures.places.copy(), pictures.extents.copy(), pictures.strengths.copy()
        self.stop = (
            np.asarray(places, float)[:, :2],
            np.broadcast_to(np.asarray(extent, float), n),
            np.broadcast_to(np.asarray(opacities, float), n),
        )
        self.by = None if by is None else np.asarray(by, float)
        self.fall = np.broadcast_to(np.asarray(fall, bool), n)
        rank = np.arange(n) if order is None else np.asarray(order)
        self.delay = lag * rank / max(n - 1, 1)
        self.lag = lag
        super().__init__(pictures, **{"rate_func": linear, **options})

    def arrived(self, alpha: float) -> NDArray[np.float64]:
        """How far each picture is on its way, (n,), 0 to 1."""
        return np.clip((alpha - self.delay) / (1 - self.lag), 0, 1)

    def interpolate_mobject(self, alpha: float) -> None:
        way = self.arrived(self.rate_func(alpha))
        share = np.array([smooth(part) for part in way])[:, None]
        places, extents, opacities = (
            one + (other - one) * (share if one.ndim == 2 else share[:, 0])
            for one, other in zip(self.start, self.stop, strict=True)
        )
        if self.by is not None:
            there = np.clip(2 * way, 0, 1)[:, None]
            on = np.array([smooth(part) for part in np.clip(2 * way - 1, 0, 1)])[:, None]
            up_to = self.start[0] + (self.by - self.start[0]) * there
            after = self.by + (self.stop[0] - self.by) * on
            places = np.where(way[:, None] < 0.5, up_to, after)
            faded = np.clip(1 - 1.3 * on[:, 0], 0, 1)
            opacities = np.where(self.fall, faded, np.where(way > 0, 1.0, opacities))
        self.mobject.lay_out(places, extents, opacities)
