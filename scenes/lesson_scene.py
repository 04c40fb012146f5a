"""The stage that every scene of the lesson stands on: its network, its data, captions and files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
from manim import Animation, AnimationGroup, FadeIn, FadeOut, Mobject, Scene, VMobject
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from network import Network
from network.checkpoint import Checkpoint, load_checkpoint
from network.digits import Digits, Split, load_digits
from scenes import theme
from scenes.camera import LessonCamera
from scenes.layout import CAPTION_Y, FRAME_WIDTH, SAFE_MARGIN
from scenes.mobjects.typesetting import Words

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CHECKPOINT = ROOT / "assets" / "weights" / "default.npz"
DEFAULT_DATA = ROOT / "assets" / "mnist"


@dataclass(frozen=True)
class Caption:
    """A sentence of a scene and when it stands on the stage, in seconds from the start."""

    sentence: str
    start: float
    stop: float


class LessonScene(Scene):
    """A scene of the lesson.

    `checkpoint` is the network it draws (see `lesson_checkpoint`), `digits` the data it is shown with.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("renderer", LessonRenderer(skip_animations=kwargs.get("skip_animations", False)))
        super().__init__(**kwargs)
        self.captions: list[Caption] = []
        self._caption: VMobject | None = None

    def setup(self) -> None:
        self.camera.background_color = theme.BACKGROUND

    @property
    def checkpoint(self) -> Checkpoint:
        return lesson_checkpoint()

    @property
    def network(self) -> Network:
        return self.checkpoint.network

    def digits(self, split: Split = "test") -> Digits:
        """The data set that goes with the network."""
        digits = lesson_digits(split)
        self.checkpoint.check_fits(digits)
        return digits

    @contextmanager
    def caption(self, sentence: str, *together: Animation) -> Iterator[None]:
        """Let a sentence stand in the caption band while the animations inside play, and until it can be read.

        It comes together with the animations given here, if any.

        >>> with scene.caption("Each pixel is a neuron."):
        ...     scene.play(...)
        """
        start = self.time
        shown = Words(sentence, theme.CAPTION_SIZE, width=FRAME_WIDTH - 2 * SAFE_MARGIN - 1)
        shown.move_to((0, CAPTION_Y, 0))
        shown.set_z_index(theme.CAPTION_LEVEL)
        changes: list[Animation] = [FadeIn(shown, run_time=theme.QUICK)]
        if self._caption is not None:
            changes.insert(0, FadeOut(self._caption, run_time=theme.QUICK))
        self.play(*changes, *together)
        self._caption = shown
        yield
        left = start + reading_time(sentence) - self.time
        if left > 1 / 30:
            self.wait(left)
        self.captions.append(Caption(sentence, start, self.time))
        self.add_subcaption(sentence, duration=self.time - start, offset=start - self.time)

    def get_moving_and_static_mobjects(self, animations: Iterable[Animation]) -> tuple[list[Mobject], list[Mobject]]:
        """What must be drawn in every frame of a play, and what is drawn once, beneath it.

        manim takes all that was added after the first moving mobject for moving, and mixes up the levels (z indices) of
        the two. Here it goes by the order of drawing: still is what lies beneath everything that moves.
        """
        everything = list_update(self.mobjects, self.foreground_mobjects)
        drawn = extract_mobject_family_members(everything, use_z_index=True)
        movers = [animation.mobject for animation in _with_parts(animations)]
        movers += [mobject for mobject in drawn if mobject.updaters]
        moving = {id(part) for mover in movers for part in mover.get_family()}
        first = next((place for place, mobject in enumerate(drawn) if id(mobject) in moving), len(drawn))
        return drawn[first:], [mobject for mobject in drawn[:first] if mobject.has_points()]

    def end(self) -> None:
        """Let the last picture stand for a moment, without its caption."""
        if self._caption is not None:
            self.play(FadeOut(self._caption, run_time=theme.QUICK))
            self._caption = None
        self.wait(theme.STEP)


def _with_parts(animations: Iterable[Animation]) -> Iterator[Animation]:
    for animation in animations:
        yield animation
        if isinstance(animation, AnimationGroup):
            yield from _with_parts(animation.animations)


def reading_time(sentence: str) -> float:
    """How long a sentence must stand to be read, in seconds."""
    return theme.READING_START + theme.READING_A_WORD * len(sentence.split())


class LessonRenderer(CairoRenderer):
    """manim's renderer with the lesson's camera and files. `on_progress` is told the time reached, in seconds."""

    def __init__(self, skip_animations: bool = False) -> None:
        super().__init__(LessonFileWriter, LessonCamera, skip_animations)
        self.on_progress: Callable[[float], None] | None = None

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        super().add_frame(frame, num_frames)
        self._tell()

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        super().play(scene, *args, **kwargs)
        self._tell()

    def _tell(self) -> None:
        if self.on_progress is not None:
            self.on_progress(self.time)


class LessonFileWriter(SceneFileWriter):
    """manim's file writer; its finished MP4 starts to play before it is loaded whole."""

    def combine_files(
        self, input_files: list[str], output_file: Path, create_gif: bool = False, includes_sound: bool = False
    ) -> None:
        super().combine_files(input_files, output_file, create_gif, includes_sound)
        if output_file.suffix == ".mp4":
            make_fast_start(output_file)


def make_fast_start(file: Path) -> None:
    """Rewrite an MP4 with its index first; the pictures stay as they are, the old file until the new one is whole."""
    rewritten = file.with_name(f".{file.name}.part")
    try:
        options = {"movflags": "faststart"}
        with av.open(file) as source, av.open(rewritten, "w", format="mp4", options=options) as target:
            for name, value in source.metadata.items():
                target.metadata[name] = value
            streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    target.mux(packet)
        os.replace(rewritten, file)
    finally:
        rewritten.unlink(missing_ok=True)


def lesson_checkpoint() -> Checkpoint:
    """The network that scenes draw: the file of the variable KNOBS_CHECKPOINT, or the default one."""
    return _checkpoint(Path(os.environ.get("KNOBS_CHECKPOINT") or DEFAULT_CHECKPOINT))


def lesson_digits(split: Split) -> Digits:
    """The data that scenes show: the folder of the variable KNOBS_DATA, or MNIST."""
    return _digits(Path(os.environ.get("KNOBS_DATA") or DEFAULT_DATA), split)


@lru_cache(maxsize=2)
def _checkpoint(path: Path) -> Checkpoint:
    return load_checkpoint(path)


@lru_cache(maxsize=2)
def _digits(folder: Path, split: Split) -> Digits:
    return load_digits(folder, split)
