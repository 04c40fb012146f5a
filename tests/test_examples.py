"""Every example is short, and every scene in it draws its picture: small, with few frames."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from manim import Scene, VMobject, tempconfig

from scenes.kit import theme
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH, PIXELS_A_UNIT
from scenes.kit.mobjects.text import Words

EXAMPLES = sorted((Path(__file__).resolve().parent.parent / "examples").glob("*.py"))
README = EXAMPLES[0].parent / "README.md"
TINY = {"pixel_width": 256, "pixel_height": 144, "frame_rate": 2, "disable_caching": True}


def scene_of(file: Path) -> type[Scene]:
    """The one scene of an example."""
    spec = importlib.util.spec_from_file_location(f"example_{file.stem}", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (kind,) = (
        thing
        for thing in vars(module).values()
        if getattr(thing, "__module__", "") == module.__name__ and isinstance(thing, type) and issubclass(thing, Scene)
    )
    return kind


def texts_of(scene: Scene) -> list[VMobject]:
    return [part for shown in scene.mobjects for part in shown.get_family() if isinstance(part, Words)]


def test_they_are_short_and_all_are_told_of() -> None:
    assert len(EXAMPLES) >= 10
    told = README.read_text(encoding="utf-8")
    for file in EXAMPLES:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 45, f"{file.name} is not short"
        assert lines[0].startswith('"""') and lines[0].endswith('"""'), "its first line says what it shows"
        assert f"({file.name})" in told, f"README.md does not name {file.name}"
    code = EXAMPLES[[file.stem for file in EXAMPLES].index("my_own_network")].read_text(encoding="utf-8")
    assert len([line for line in code.splitlines()[1:] if line.strip()]) == 8, "a diagram in eight lines"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_draws_its_picture(file: Path, tmp_path: Path) -> None:
    with tempconfig({**TINY, "media_dir": str(tmp_path), "verbosity": "ERROR", "progress_bar": "none"}):
        scene = scene_of(file)()
        scene.render()
        assert next(tmp_path.rglob(f"{type(scene).__name__}.mp4")).stat().st_size > 1000
        scene.renderer.static_image = None
        scene.renderer.update_frame(scene)
        picture = scene.camera.pixel_array[..., :3]
    lit = (picture.max(axis=-1) > 40).mean()
    assert 0.005 < lit < 0.6
    zoom = scene.camera.frame_width / FRAME_WIDTH
    for text in texts_of(scene):
        assert text.em * PIXELS_A_UNIT >= theme.SMALLEST_SIZE - 0.5 or zoom < 1
        if zoom == 1:
            assert abs(text.get_x()) + text.width / 2 < FRAME_WIDTH / 2 - 0.1, f"{text.shown} leaves the frame"
            assert abs(text.get_y()) + text.height / 2 < FRAME_HEIGHT / 2 - 0.1, f"{text.shown} leaves the frame"
    assert_no_text_covers_another(texts_of(scene))


def assert_no_text_covers_another(texts: list[VMobject]) -> None:
    boxes = [(text, text.get_corner((-1, -1, 0)), text.get_corner((1, 1, 0))) for text in texts]
    for n, (one, low, high) in enumerate(boxes):
        for other, its_low, its_high in boxes[n + 1 :]:
            room = np.minimum(high, its_high) - np.maximum(low, its_low)
            assert not (room[:2] > 0.01).all(), f"{one.shown} and {other.shown} cover each other"
