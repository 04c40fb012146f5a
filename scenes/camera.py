"""A camera that lets mobjects made of arrays draw themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from manim import Camera, Mobject
from numpy.typing import NDArray

from scenes.mobjects.array_mobject import ArrayMobject
from scenes.mobjects.drawing import Floats, Frame, new_ink


@dataclass(frozen=True)
class View:
    """Where points of the scene stand in the frame, in pixels from the upper left corner.

    scale: pixels a unit of length, in x and in y; origin: the pixel of the scene's (0, 0).
    """

    frame: Frame
    scale: tuple[float, float]
    origin: tuple[float, float]
    ink: NDArray[np.uint16]

    def pixels(self, points: Floats) -> NDArray[np.float32]:
        """(n, 2) places in the frame of points (n, 3)."""
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
        self.ink: NDArray[np.uint16] | None = None


class LessonCamera(Camera):
    """manim's camera, and array mobjects among the others in their order.

    drawn_by: a fingerprint of the code that draws the present play, for manim's cache, which hashes the camera.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.drawn_by = ""
        self._scratch = _Scratch()

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        shown = self.get_mobjects_to_display(mobjects, **kwargs)
        for from_arrays, group in groupby(shown, lambda mobject: isinstance(mobject, ArrayMobject)):
            if from_arrays:
                view = self.view()
                for mobject in group:
                    mobject.draw(view)
            else:
                for kind, alike in groupby(group, self.type_or_raise):
                    self.display_funcs[kind](list(alike), self.pixel_array)

    def view(self) -> View:
        """How this camera sees the scene now."""
        scale = (self.pixel_width / self.frame_width, self.pixel_height / self.frame_height)
        x, y = float(self.frame_center[0]), float(self.frame_center[1])
        origin = (self.pixel_width / 2 - x * scale[0], self.pixel_height / 2 + y * scale[1])
        return View(self.pixel_array, scale, origin, self._ink)

    @property
    def _ink(self) -> NDArray[np.uint16]:
        if self._scratch.ink is None:
            self._scratch.ink = new_ink(self.pixel_height, self.pixel_width)
        return self._scratch.ink

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_scratch": _Scratch()}
