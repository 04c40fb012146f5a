"""Cameras for mobjects that draw themselves: the lesson's own, and all of manim's cairo cameras.

It relies on these internals of manim: `Camera.type_or_raise` returns the kind of a mobject and fills in
`Camera.display_funcs`, the function that draws each kind; `Camera.capture_mobjects` looks that function up for every
run of mobjects of one kind. tests/scenes/test_any_camera.py fails if that changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, ClassVar, Self

import numpy as np
from manim import Camera, Mobject, RendererType, VMobject, config
from numpy.typing import NDArray

from network.errors import KnobsError
from scenes.kit.rasteriser import Floats, Frame, new_ink
from scenes.settings import drawing_threads


class CameraError(KnobsError, TypeError):
    """A camera or renderer that cannot draw the kit's mobjects; the message says which can."""


class KeptInk:
    """The ink that one mobject has left, wet until it is drawn from other arrays: most stand still in most frames.

    part: the part of the frame that it may have touched: rows from, to, columns from, to.
    """

    def __init__(self, height: int, width: int) -> None:
        self.ink = new_ink(height, width)
        self.part = (0, 0, 0, 0)
        self._drawn_from: tuple[NDArray[Any], ...] = ()

    def is_of(self, drawn_from: Sequence[NDArray[Any]]) -> bool:
        """Whether this ink was drawn from these arrays."""
        return len(self._drawn_from) == len(drawn_from) and all(map(np.array_equal, self._drawn_from, drawn_from))

    def keep(self, drawn_from: Sequence[NDArray[Any]]) -> None:
        """Remember what this ink was drawn from: the arrays themselves, so they must not change from now on."""
        self._drawn_from = tuple(drawn_from)


@dataclass(frozen=True)
class View:
    """Where points of the scene are in the frame, in pixels from the upper left corner.

    frame: the pixels to draw into, the whole frame or a band of its rows. ink: for a frame of that size.
    scale: pixels per unit of length, in x and in y. origin: the pixel of the scene's (0, 0) in the whole frame.
    first_row: where the band begins in the whole frame.
    """

    frame: Frame
    ink: NDArray[np.uint16]
    scale: tuple[float, float]
    origin: tuple[float, float]
    first_row: int = 0
    kept: dict[int, KeptInk] = field(default_factory=dict)

    def kept_ink(self, mobject: Mobject) -> KeptInk:
        """The ink that a mobject left when it was drawn last, or dry ink."""
        kept = self.kept.pop(id(mobject), None)
        if kept is None:
            if len(self.kept) >= _MOST_KEPT:
                kept = self.kept.pop(next(iter(self.kept)))  # of the one that was drawn longest ago
            else:
                height, width = self.frame.shape[:2]
                kept = KeptInk(height, width)
        self.kept[id(mobject)] = kept
        return kept

    def pixels(self, points: Floats) -> NDArray[np.float32]:
        """The places in `frame`, (n, 2), of points (n, 3)."""
        places = self.whole_pixels(points)
        places[:, 1] -= self.first_row  # a separate step, so that a place is rounded the same in every band
        return places

    def whole_pixels(self, points: Floats) -> NDArray[np.float32]:
        """The places in the whole frame, (n, 2), of points (n, 3)."""
        places = np.empty((len(points), 2), np.float32)
        np.multiply(points[:, 0], self.scale[0], out=places[:, 0], casting="unsafe")
        np.multiply(points[:, 1], -self.scale[1], out=places[:, 1], casting="unsafe")
        places += np.array(self.origin, np.float32)
        return places

    def width(self, stroke_width: Any) -> Any:
        """A width in manim's unit of a hundredth of a unit of length, in pixels."""
        return stroke_width * (0.01 * self.scale[0])


class DrawsItself(Mobject):
    """A mobject that manim does not draw: every camera lets it draw itself. See `ArrayMobject`."""

    # Whether it is drawn in bands of the frame on several cores, which pays off if `draw` spends its time in loops that
    # run without Python's lock.
    IN_BANDS: ClassVar[bool] = True

    def __init__(self) -> None:
        if config.renderer == RendererType.OPENGL:
            raise CameraError("the kit draws with manim's cairo renderer only; leave out --renderer=opengl")
        super().__init__()

    def draw(self, view: View) -> None:
        """Draw into the frame of `view`."""
        raise NotImplementedError


# How many mobjects' ink is kept: those of a network with some layers. A frame's takes 4 MB at 1080p.
_MOST_KEPT = 8
# How many paths are kept before all are forgotten; more than stand on any stage.
_MOST_PATHS = 2000


class _Scratch:
    """Ink that is used again for the next pictures. It has no __dict__, so that manim's cache does not look inside."""

    __slots__ = ("ink", "kept", "paths")

    def __init__(self) -> None:
        self.ink: dict[tuple[int, int], NDArray[np.uint16]] = {}
        self.kept: dict[tuple[int, int], dict[int, KeptInk]] = {}
        self.paths: dict[int, tuple[NDArray[np.float64], Any]] = {}


class LessonCamera(Camera):
    """manim's camera with some additions: it keeps its ink, and its hash depends on all that manim does not look at.

    drawn_by: a fingerprint of the code that draws the current play, for manim's cache, which hashes the camera.
    captions: what is drawn over the frames of the current play: words, first frame, and the frame after the last.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.drawn_by = ""
        self.captions: list[tuple[str, int, int]] = []
        self._scratch = _Scratch()
        # manim fills in `display_funcs` when it first draws, and its cache would take that for a change of the picture.
        self.type_or_raise(Mobject())

    def ink(self, first_row: int, last_row: int) -> NDArray[np.uint16]:
        """Empty ink for a band of rows."""
        band = (first_row, last_row)
        if band not in self._scratch.ink:
            self._scratch.ink[band] = new_ink(last_row - first_row, self.pixel_width)
        return self._scratch.ink[band]

    def kept_ink(self, first_row: int, last_row: int) -> dict[int, KeptInk]:
        """The ink that is kept of mobjects in a band of rows, by their ids."""
        return self._scratch.kept.setdefault((first_row, last_row), {})

    def set_cairo_context_path(self, ctx: Any, vmobject: VMobject) -> Self:
        """Set the path of a mobject; one that has not changed keeps the path that it had in the last frame."""
        points, paths = vmobject.points, self._scratch.paths
        before, path = paths.get(id(vmobject), (None, None))
        if before is not None and np.array_equal(before, points):
            ctx.new_path()
            ctx.append_path(path)
            return self
        super().set_cairo_context_path(ctx, vmobject)
        if len(paths) >= _MOST_PATHS:
            paths.clear()
        paths[id(vmobject)] = (points.copy(), ctx.copy_path())
        return self

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
    kept = camera.kept_ink(first_row, last_row) if own_ink else {}
    return View(frame[first_row:last_row], ink, scale, origin, first_row, kept)


def draw_arrays(camera: Camera, mobjects: list[DrawsItself], frame: Frame) -> None:
    """Let mobjects draw themselves into a camera's frame, one on top of the other.

    CameraError for a camera that moves points elsewhere, as one in three dimensions does.
    """
    _refuse_what_is_not_flat(camera, mobjects)
    for bands, group in groupby(mobjects, lambda mobject: _most_bands() if mobject.IN_BANDS else 1):
        _draw_in_bands(camera, list(group), bands, frame)


_kind_known_to_manim = Camera.type_or_raise


def _type_or_raise(camera: Camera, mobject: Mobject) -> type[Mobject]:
    """manim's method of that name, which knows these mobjects too."""
    kind = _kind_known_to_manim(camera, mobject)
    camera.display_funcs[DrawsItself] = partial(draw_arrays, camera)
    return DrawsItself if isinstance(mobject, DrawsItself) else kind


# Importing a mobject that draws itself teaches all of manim's cameras to draw it. Without this, they would draw
# nothing, without an error.
Camera.type_or_raise = _type_or_raise


def _refuse_what_is_not_flat(camera: Camera, mobjects: list[DrawsItself]) -> None:
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


def _draw_in_bands(camera: Camera, mobjects: list[DrawsItself], bands: int, frame: Frame) -> None:
    edges = np.linspace(0, camera.pixel_height, bands + 1).astype(int).tolist()
    views = [view_of(camera, frame, *rows) for rows in zip(edges, edges[1:], strict=False)]
    # The loops that draw run without Python's lock, so threads suffice; this thread takes a band, too.
    others = [_painters().submit(_draw_all, mobjects, view) for view in views[1:]]
    _draw_all(mobjects, views[0])
    for other in others:
        other.result()


def _draw_all(mobjects: list[DrawsItself], view: View) -> None:
    for mobject in mobjects:
        mobject.draw(view)


@lru_cache
def _most_bands() -> int:
    return min(4, drawing_threads())


@lru_cache
def _painters() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, _most_bands() - 1), "painter")
