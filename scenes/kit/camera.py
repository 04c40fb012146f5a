"""Cameras that draw array mobjects: the lesson's own, and every cairo camera of manim's.

What is used of manim's internals: `Camera.type_or_raise` says of what kind a mobject is and fills in
`Camera.display_funcs`, the function that draws each kind; `Camera.capture_mobjects` looks every run of mobjects of one
kind up there. tests/scenes/test_any_camera.py fails if that changes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

import numpy as np
from manim import Camera, Mobject
from numpy.typing import NDArray

from scenes.kit.mobjects.array_mobject import ArrayMobject, CameraError, View
from scenes.kit.rasteriser import Frame, new_ink


class _Scratch:
    """Ink that is used again for every picture. It has no __dict__, so that manim's cache does not look inside."""

    __slots__ = ("ink",)

    def __init__(self) -> None:
        self.ink: dict[tuple[int, int], NDArray[np.uint16]] = {}


class LessonCamera(Camera):
    """manim's camera with what the lesson adds: it keeps its ink, and its hash tells which code draws.

    drawn_by: a fingerprint of the code that draws the present play, for manim's cache, which hashes the camera.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.drawn_by = ""
        self._scratch = _Scratch()
        # manim fills in `display_funcs` when it first draws. Its cache would take that for a change of the picture.
        self.type_or_raise(Mobject())

    def ink(self, first_row: int, last_row: int) -> NDArray[np.uint16]:
        """Dry ink for a band of rows."""
        band = (first_row, last_row)
        if band not in self._scratch.ink:
            self._scratch.ink[band] = new_ink(last_row - first_row, self.pixel_width)
        return self._scratch.ink[band]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_scratch": _Scratch()}


def view_of(camera: Camera, frame: Frame, first_row: int = 0, last_row: int | None = None) -> View:
    """How a camera sees the scene now: in its whole frame, or in a band of its rows."""
    scale = (camera.pixel_width / camera.frame_width, camera.pixel_height / camera.frame_height)
    x, y = float(camera.frame_center[0]), float(camera.frame_center[1])
    origin = (camera.pixel_width / 2 - x * scale[0], camera.pixel_height / 2 + y * scale[1])
    last_row = camera.pixel_height if last_row is None else last_row
    own_ink = isinstance(camera, LessonCamera)
    ink = camera.ink(first_row, last_row) if own_ink else new_ink(last_row - first_row, camera.pixel_width)
    return View(frame[first_row:last_row], ink, scale, origin, first_row)


def draw_arrays(camera: Camera, mobjects: list[ArrayMobject], frame: Frame) -> None:
    """Draw array mobjects into a camera's frame, one on top of the other.

    CameraError for a camera that puts points elsewhere than where they are, as one in three dimensions does.
    """
    _refuse_what_is_not_flat(camera, mobjects)
    for bands, group in groupby(mobjects, lambda mobject: _most_bands() if mobject.IN_BANDS else 1):
        _draw_in_bands(camera, list(group), bands, frame)


def teach_cameras() -> None:
    """Let every cairo camera of manim's draw array mobjects; without this, they draw nothing and say nothing."""
    if Camera.type_or_raise is not _type_or_raise:
        Camera.type_or_raise = _type_or_raise


_kind_known_to_manim = Camera.type_or_raise


def _type_or_raise(camera: Camera, mobject: Mobject) -> type[Mobject]:
    """manim's method of that name, which knows array mobjects too."""
    kind = _kind_known_to_manim(camera, mobject)
    camera.display_funcs[ArrayMobject] = partial(draw_arrays, camera)
    return ArrayMobject if isinstance(mobject, ArrayMobject) else kind


def _refuse_what_is_not_flat(camera: Camera, mobjects: list[ArrayMobject]) -> None:
    own = type(camera)
    if (
        own.transform_points_pre_display is Camera.transform_points_pre_display
        and own.points_to_pixel_coords is Camera.points_to_pixel_coords
    ):
        return
    flat = getattr(camera, "fixed_in_frame_mobjects", ())  # those of a ThreeDScene that do not turn with it
    for mobject in mobjects:
        if mobject not in flat:
            raise CameraError(
                f"{type(mobject).__name__} is flat and cannot be drawn by a {own.__name__}; use a Scene or a "
                "MovingCameraScene, or, in a ThreeDScene, self.add_fixed_in_frame_mobjects(...)"
            )


def _draw_in_bands(camera: Camera, mobjects: list[ArrayMobject], bands: int, frame: Frame) -> None:
    edges = np.linspace(0, camera.pixel_height, bands + 1).astype(int).tolist()
    views = [view_of(camera, frame, *rows) for rows in zip(edges, edges[1:], strict=False)]
    # The loops that draw run without Python's lock, so threads do; this one takes a band, too.
    others = [_painters().submit(_draw_all, mobjects, view) for view in views[1:]]
    _draw_all(mobjects, views[0])
    for other in others:
        other.result()


def _draw_all(mobjects: list[ArrayMobject], view: View) -> None:
    for mobject in mobjects:
        mobject.draw(view)


@lru_cache
def _most_bands() -> int:
    # Where several processes draw at once, each is told its share of the cores.
    return min(4, int(os.environ.get("KNOBS_THREADS") or os.cpu_count() or 1))


@lru_cache
def _painters() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, _most_bands() - 1), "painter")
