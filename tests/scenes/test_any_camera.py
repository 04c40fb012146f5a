"""The kit in somebody else's scene: every cairo camera of manim's draws it, and what cannot draw it says so.

With manim's stock camera a network diagram once drew next to nothing, without an error: of manim's kinds of mobject,
its cameras draw an array mobject as the one that has no picture.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import (
    Camera,
    Group,
    Mobject,
    MovingCameraScene,
    Scene,
    Square,
    ThreeDScene,
    VMobject,
    ZoomedScene,
    tempconfig,
)
from numpy.typing import NDArray
from PIL import Image

from network import ForwardPass, Network
from network.errors import KnobsError
from scenes.kit import theme
from scenes.kit.camera import CameraError, DrawsItself, LessonCamera
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from tests.scenes.golden import tile_differences

ROOT = Path(__file__).resolve().parent.parent.parent
WIDTH, HEIGHT = 480, 270


@pytest.fixture(autouse=True)
def small_and_nothing_written() -> Iterator[None]:
    settings = {"pixel_width": WIDTH, "pixel_height": HEIGHT, "frame_rate": 5, "dry_run": True}
    with tempconfig({**settings, "background_color": theme.BACKGROUND}):
        yield


@pytest.fixture
def drawn(network: Network, forward: ForwardPass) -> Group:
    """Lines, discs, words, and numbers that overlap them; arrays and outlines by turns, in an order that is seen."""
    diagram = NetworkDiagram(network).show(forward).show_contributions(forward, 0)
    cover = Square(1.5, fill_color="#208040", fill_opacity=0.5).shift((1, 1, 0))
    numbers = Numbers([1.5, -2.5], [[1, 1, 0], [-3, 0, 0]], size=60)
    return Group(diagram, cover, numbers)


def by_the_lesson(shown: Mobject, opacity: float = 1.0, **options: Any) -> NDArray[np.uint8]:
    """The picture that LessonCamera draws, (HEIGHT, WIDTH, 4)."""
    frame = {"frame_width": FRAME_WIDTH, "frame_height": FRAME_HEIGHT, "background_color": theme.BACKGROUND, **options}
    camera = LessonCamera(pixel_height=HEIGHT, pixel_width=WIDTH, background_opacity=opacity, **frame)
    camera.capture_mobjects([shown])
    return camera.pixel_array


def lit(picture: NDArray[np.uint8]) -> float:
    """The share of pixels that are not black."""
    return float((picture[..., :3].max(axis=-1) > 25).mean())


class Shows(Scene):
    """Adds what it is given and waits."""

    shown: Mobject

    def construct(self) -> None:
        self.add(self.shown)
        self.wait(0.4)


def last_frame(scene: Scene, shown: Mobject) -> NDArray[np.uint8]:
    scene.shown = shown
    scene.render()
    scene.renderer.static_image = None
    scene.renderer.update_frame(scene)
    return scene.camera.pixel_array


def test_a_plain_scene_draws_what_the_lesson_draws(drawn: Group) -> None:
    picture = last_frame(Shows(), drawn)
    np.testing.assert_array_equal(picture, by_the_lesson(drawn))
    assert lit(picture) > 0.03


class FollowsTheDigit(MovingCameraScene):
    shown: Mobject

    def construct(self) -> None:
        self.add(self.shown)
        self.play(self.camera.frame.animate.scale(0.45).move_to((-3, 0.5, 0)), run_time=0.6)


def test_a_camera_that_moves_and_zooms(drawn: Group) -> None:
    picture = last_frame(FollowsTheDigit(), drawn)
    nearer = {"frame_width": 0.45 * FRAME_WIDTH, "frame_height": 0.45 * FRAME_HEIGHT, "frame_center": (-3, 0.5, 0)}
    close = by_the_lesson(drawn, **nearer)
    np.testing.assert_allclose(picture.astype(int), close, atol=2)
    assert np.abs(close.astype(int) - by_the_lesson(drawn)).mean() > 2


def test_a_transparent_background(drawn: Group) -> None:
    with tempconfig({"background_opacity": 0.0}):
        picture = last_frame(Shows(), drawn)
    np.testing.assert_array_equal(picture, by_the_lesson(drawn, opacity=0))
    assert (picture[0, 0] == 0).all() and 0 < (picture[..., 3] > 0).mean() < 0.9
    # Laid over a colour, with its alpha, it is the picture that is drawn on that colour.
    colour = np.array([40, 90, 160])
    over = picture[..., :3] + colour * (1 - picture[..., 3:] / 255)
    straight = by_the_lesson(drawn, background_color="#285AA0")[..., :3]
    assert np.abs(over - straight).max() <= 4


@pytest.mark.filterwarnings("ignore:'mode' parameter for changing data types:DeprecationWarning")  # manim's call
def test_a_zoomed_window_shows_it_too() -> None:
    class Zooms(ZoomedScene):
        shown: Mobject

        def construct(self) -> None:
            self.add(self.shown)
            self.activate_zooming()
            self.wait(0.2)

    cells = Cells([[0, 0, 0]], 0.4, 0, colours=(79, 176, 255), stroke_width=0)
    picture = last_frame(Zooms(zoom_factor=0.3, zoomed_display_height=3, zoomed_display_width=3), cells)
    blue = np.abs(picture[..., :3].astype(int) - (79, 176, 255)).max(axis=-1) <= 3
    small = (0.4 / FRAME_WIDTH * WIDTH) ** 2
    assert blue.sum() > 3 * small, "the window does not show the cell"


def test_a_camera_in_three_dimensions_says_what_to_do(drawn: Group) -> None:
    class Turns(ThreeDScene):
        shown: Mobject

        def construct(self) -> None:
            self.set_camera_orientation(phi=1)
            self.add(self.shown)
            self.wait(0.2)

    with pytest.raises(CameraError, match="cannot be drawn by a ThreeDCamera; use a Scene or .*add_fixed_in_frame"):
        last_frame(Turns(), drawn)
    assert issubclass(CameraError, KnobsError)


def test_in_three_dimensions_what_is_fixed_in_the_frame_is_drawn(drawn: Group) -> None:
    class Turns(ThreeDScene):
        shown: Mobject

        def construct(self) -> None:
            self.set_camera_orientation(phi=1)
            self.add_fixed_in_frame_mobjects(self.shown)
            self.wait(0.2)

    picture = last_frame(Turns(), drawn)
    assert lit(picture) == pytest.approx(lit(by_the_lesson(drawn)), rel=0.02)


def test_with_opengl_it_says_what_to_do() -> None:
    with tempconfig({"renderer": "opengl"}), pytest.raises(CameraError, match="leave out --renderer=opengl"):
        Cells([[0, 0, 0]])


def test_manim_looks_up_how_each_kind_of_mobject_is_drawn() -> None:
    """A contract with manim's internals, which scenes.kit.camera rests on."""
    camera = Camera(pixel_height=9, pixel_width=16)
    assert camera.type_or_raise(Square()) is VMobject
    assert camera.type_or_raise(Cells([[0, 0, 0]])) is DrawsItself
    assert {VMobject, Mobject, DrawsItself} <= camera.display_funcs.keys()
    seen = []
    original = Camera.type_or_raise

    class Listens(Camera):
        def type_or_raise(self, mobject: Mobject) -> Any:
            kind = original(self, mobject)
            draw = self.display_funcs[kind]
            self.display_funcs[kind] = lambda batch, frame: (seen.append((kind, len(batch))), draw(batch, frame))
            return kind

    dots = [Cells([[0, 0, 0]]) for _ in range(3)]
    Listens(pixel_height=9, pixel_width=16).capture_mobjects([dots[0], dots[1], Square(), dots[2]])
    assert seen == [(DrawsItself, 2), (VMobject, 1), (DrawsItself, 1)]


# ---- manim's own command and notebooks

SCENE = """
import numpy as np
from manim import Scene
from network import Network
from scenes.kit.mobjects.network_diagram import NetworkDiagram

class Mine(Scene):
    def construct(self):
        network = Network.random([25, 6, 3], np.random.default_rng(0))
        self.add(NetworkDiagram(network).show(network.forward(np.linspace(0, 1, 25, dtype=np.float32))))
        self.wait(0.4)
"""


def manim(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """manim's own command on the scene above, in a folder that has nothing to do with this project."""
    (folder / "mine.py").write_text(SCENE)
    return run(folder, "-m", "manim", "render", "-ql", *options, "mine.py", "Mine")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "IPYTHONDIR": str(folder / "ipython")},
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.fixture(scope="module")
def expected() -> NDArray[np.uint8]:
    """What LessonCamera draws of the scene above, (480, 854, 3)."""
    network = Network.random([25, 6, 3], np.random.default_rng(0))
    diagram = NetworkDiagram(network).show(network.forward(np.linspace(0, 1, 25, dtype=np.float32)))
    camera = LessonCamera(pixel_height=480, pixel_width=854, frame_width=FRAME_WIDTH, frame_height=FRAME_HEIGHT)
    camera.capture_mobjects([diagram])
    return camera.pixel_array[..., :3].copy()


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("-t",), ("--format", "png"), ("-s",), ("--format", "gif")])
def test_manims_own_command_draws_it(tmp_path: Path, options: tuple[str, ...], expected: NDArray[np.uint8]) -> None:
    result = manim(tmp_path, *options)
    assert result.returncode == 0, result.stdout + result.stderr
    files = [f for f in (tmp_path / "media").rglob("*") if f.suffix in {".mp4", ".mov", ".webm", ".png", ".gif"}]
    file = max((f for f in files if "partial" not in str(f)), key=lambda f: f.name)
    if file.suffix == ".png":
        picture = np.asarray(Image.open(file).convert("RGB"))
    else:
        with av.open(str(file)) as video:
            picture = next(video.decode(video=0)).to_ndarray(format="rgb24")
    # A clip has half of the colours' resolution, a GIF 256 colours; the others lose nothing.
    most = {".mp4": 16, ".gif": 35}.get(file.suffix, 0)
    assert tile_differences(picture, expected).max() <= most
    assert lit(picture) > 0.8 * lit(expected) > 0.02


@pytest.mark.slow
def test_manims_own_command_with_opengl_says_what_to_do(tmp_path: Path) -> None:
    result = manim(tmp_path, "--renderer=opengl")
    assert result.returncode != 0
    assert "leave out --renderer=opengl" in " ".join((result.stdout + result.stderr).split())


@pytest.mark.slow
@pytest.mark.needs("ipython")
def test_the_magic_of_notebooks_draws_it(tmp_path: Path, expected: NDArray[np.uint8]) -> None:
    cell = "%%manim -ql -v ERROR --progress_bar none Mine\n" + SCENE.strip()
    program = f"""
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.run_cell("from manim import *")
        result = shell.run_cell({cell!r})
        assert result.success, result.error_in_exec
    """
    result = run(tmp_path, "-c", textwrap.dedent(program))
    assert result.returncode == 0, result.stdout + result.stderr
    clip = next(f for f in (tmp_path / "media").rglob("*.mp4") if "partial" not in str(f))
    with av.open(str(clip)) as video:
        picture = next(video.decode(video=0)).to_ndarray(format="rgb24")
    assert lit(picture) > 0.8 * lit(expected)
