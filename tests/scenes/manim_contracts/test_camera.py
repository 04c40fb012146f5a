"""manim's camera, and the hash by which it finds what it drew before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import Camera, Mobject, Square, VMobject, Wait
from manim.utils.hashing import get_hash_from_play_call

from scenes.kit.camera import LessonCamera, view_of
from scenes.kit.mobjects.cells import Cells


def test_display_funcs() -> None:
    """`type_or_raise` fills it in: a function for each type, which draws a list of mobjects into an array."""
    camera = Camera(pixel_height=54, pixel_width=96)
    square = Square(fill_color="#FFFFFF", fill_opacity=1)
    assert camera.type_or_raise(square) is VMobject
    assert camera.type_or_raise(Mobject()) is Mobject
    camera.display_funcs[VMobject]([square], camera.pixel_array)
    assert camera.pixel_array[27, 48, :3].tolist() == [255, 255, 255]
    assert camera.pixel_array.dtype == np.uint8 and camera.pixel_array.shape == (54, 96, 4)


def test_capture_mobjects() -> None:
    """Every frame goes through it; array mobjects stand among manim's own, in their order, at the same places."""
    white, black = ({"fill_color": colour, "fill_opacity": 1, "stroke_width": 0} for colour in ("#FFFFFF", "#000000"))
    for over, middle in ((black, 0), (white, 255)):
        camera = LessonCamera(pixel_height=54, pixel_width=96)
        cells = Cells([[2.0, 1.0, 0]], 1.0).set_signed([0.0], 1)
        camera.capture_mobjects([Square(0.4, **over).move_to((2, 1, 0)).set_z_index(1), cells])
        ((x, y),) = view_of(camera, camera.pixel_array).pixels(np.array([[2.0, 1.0, 0]]))
        assert abs(int(camera.pixel_array[int(y), int(x), 0]) - middle) < 3
    plain = Camera(pixel_height=54, pixel_width=96)
    plain.capture_mobjects([Square(0.4, **white).move_to((2, 1, 0))])
    rows, columns = np.nonzero(plain.pixel_array[..., 0] > 100)
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx((x, y), abs=0.6)


def hashed(camera: Camera, *mobjects: Mobject) -> str:
    return get_hash_from_play_call(
        object(),  # type: ignore[arg-type]
        camera,
        [Wait(1)],
        mobjects,
        backend="cairo",
        encoder_fingerprint="x",
        renderer_state=(),
    )


def test_the_hash_of_camera_attributes() -> None:
    """The code that draws counts; what was drawn before does not."""
    camera, fresh = (LessonCamera(pixel_height=54, pixel_width=96) for _ in range(2))
    before = hashed(camera)
    camera.capture_mobjects([Cells([[0, 0, 0]]), Square()])
    assert hashed(camera) == before == hashed(fresh)
    camera.drawn_by = "another"
    assert hashed(camera) != before


def test_the_hash_of_mobject_attributes() -> None:
    """Arrays count to the last bit; of a path only that it is one, so that a clip may be made in another folder."""
    camera, square = LessonCamera(pixel_height=54, pixel_width=96), Square()
    square.filmed_file = Path("one/a.py")
    before = hashed(camera, square)
    square.filmed_file = Path("other/a.py")
    assert hashed(camera, square) == before
    square.points[3, 1] = np.nextafter(square.points[3, 1], 9)
    assert hashed(camera, square) != before
