"""What the stage and the kit rely on in manim's internals, one test each.

After an upgrade of manim that changes one of them, the test with its name fails here, before captions drift, segments
go stale or files are left half written. Where a test draws with manim's own classes, it says what manim does; where it
uses ours, it says that what we build on it still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from manim import FadeIn, Scene, Square, tempconfig

from scenes.stage.lesson_scene import LessonScene

SMALL = {"pixel_height": 54, "pixel_width": 96, "frame_rate": 15}


@pytest.fixture(autouse=True)
def small(tmp_path: Path) -> Iterator[None]:
    with tempconfig({**SMALL, "media_dir": str(tmp_path), "disable_caching": False}):
        yield


def scene_of(construct: Callable[[Any], None], kind: type[Scene] = LessonScene, **options: Any) -> Any:
    return type("Played", (kind,), {"construct": construct})(**options)


def played(construct: Callable[[Any], None], kind: type[Scene] = LessonScene, **options: Any) -> Any:
    scene = scene_of(construct, kind, **options)
    scene.render()
    return scene


def calls_of(monkeypatch: pytest.MonkeyPatch, owner: type, *names: str) -> list[str]:
    """The names of these methods of a class, in the order in which they are called from now on."""
    calls: list[str] = []

    def watch(name: str) -> None:
        original = getattr(owner, name)

        def called(*args: Any, **named: Any) -> Any:
            calls.append(name)
            return original(*args, **named)

        monkeypatch.setattr(owner, name, called)

    for name in names:
        watch(name)
    return calls


def frames_in(file: str | Path) -> int:
    with av.open(str(file)) as container:
        return sum(1 for _ in container.decode(video=0))


def two_plays(scene: Scene) -> None:
    square = Square()
    scene.play(FadeIn(square), run_time=0.2)
    scene.play(square.animate.shift((1, 0, 0)), run_time=0.2)
