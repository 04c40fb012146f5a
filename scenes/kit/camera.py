"""A camera that lets mobjects made of arrays draw themselves."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from manim import Camera, Mobject
from numpy.typing import NDArray

from scenes.kit.mobjects.array_mobject import ArrayMobject
from scenes.kit.rasteriser import Floats, Frame, new_ink
from scenes.settings import drawing_threads


@dataclass(frozen=True)
class View:
    """Where points of the scene stand in the frame, in pixels from the upper left corner.

    frame: what is drawn into, the whole frame or a band of its rows. ink: for a frame of that size.
    scale: pixels a unit of length, in x and in y. origin: the pixel of the scene's (0, 0) in the whole frame.
    first_row: where the band begins in the whole frame.
    """

    frame: Frame
    ink: NDArray[np.uint16]
    scale: tuple[float, float]
    origin: tuple[float, float]
    first_row: int = 0

    def pixels(self, points: Floats) -> NDArray[np.float32]:
        """(n, 2) places in `frame` of points (n, 3)."""
        places = self.whole_pixels(points)
        places[:, 1] -= self.first_row  # apart, so that a place is rounded alike in every band
        return places

    def whole_pixels(self, points: Floats) -> NDArray[np.float32]:
        """(n, 2) places in the whole frame of points (n, 3)."""
        places = np.empty((len(points), 2), np.float32)
        np.multiply(points[:, 0], self.scale[0], out=places[:, 0], casting="unsafe")
        np.multiply(points[:, 1], -self.scale[1], out=places[:, 1], casting="unsafe")
        places += np.array(self.origin, np.float32)
        return places

    def width(self, stroke_width: Any) -> Any:
        """A width in manim's unit of a hundredth of a unit of length, in pixels."""
        return stroke_width * (0.01 * self.scale[0])


class _Scratch:
    """Ink that is used again for every picture. It has no __dict__, so that manim's cache does not look inside."""

    __slots__ = ("ink",)

    def __init__(self) -> None:
        self.ink: dict[tuple[int, int], NDArray[np.uint16]] = {}


class LessonCamera(Camera):
    """manim's camera, and array mobjects among the others in their order, drawn by all cores in bands of rows.

    drawn_by: a fingerprint of the code that draws the present play, for manim's cache, which hashes the camera.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.drawn_by = ""
        self._scratch = _Scratch()
        # manim fills in `display_funcs` when it draws for the first time, and its cache would tell before from after.
        self.type_or_raise(Mobject())

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        shown = self.get_mobjects_to_display(mobjects, **kwargs)
        for bands, group in groupby(shown, self._bands_for):
            if bands:
                self._draw_in_bands(list(group), bands)
            else:
                for kind, alike in groupby(group, self.type_or_raise):
                    self.display_funcs[kind](list(alike), self.pixel_array)

    def view(self, first_row: int = 0, last_row: int | None = None) -> View:
        """How this camera sees the scene now: in the whole frame, or in a band of its rows."""
        scale = (self.pixel_width / self.frame_width, self.pixel_height / self.frame_height)
        x, y = float(self.frame_center[0]), float(self.frame_center[1])
        origin = (self.pixel_width / 2 - x * scale[0], self.pixel_height / 2 + y * scale[1])
        band = (first_row, self.pixel_height if last_row is None else last_row)
        if band not in self._scratch.ink:
            self._scratch.ink[band] = new_ink(band[1] - band[0], self.pixel_width)
        return View(self.pixel_array[slice(*band)], self._scratch.ink[band], scale, origin, first_row)

    def _bands_for(self, mobject: Mobject) -> int:
        if not isinstance(mobject, ArrayMobject):
            return 0
        return _most_bands() if mobject.IN_BANDS else 1

    def _draw_in_bands(self, mobjects: list[ArrayMobject], bands: int) -> None:
        edges = np.linspace(0, self.pixel_height, bands + 1).astype(int).tolist()
        views = [self.view(*rows) for rows in zip(edges, edges[1:], strict=False)]
        # The loops that draw run without Python's lock, so threads do; this one takes a band, too.
        others = [_painters().submit(_draw_all, mobjects, view) for view in views[1:]]
        _draw_all(mobjects, views[0])
        for other in others:
            other.result()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_scratch": _Scratch()}


def _draw_all(mobjects: list[ArrayMobject], view: View) -> None:
    for mobject in mobjects:
        mobject.draw(view)


@lru_cache
def _most_bands() -> int:
    return min(4, drawing_threads())


@lru_cache
def _painters() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, _most_bands() - 1), "painter")
