"""manim's renderer with the lesson's camera, file writer and clock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import (
    Animation,
    AnimationGroup,
    Mobject,
    Scene,
)
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.exceptions import EndSceneEarlyException
from manim.utils.family import extract_mobject_family_members

from scenes.kit.camera import LessonCamera
from scenes.stage import burned_captions
from scenes.stage.file_writer import LessonFileWriter


def all_animations(animations: Iterable[Animation]) -> Iterator[Animation]:
    """The animations, and those inside groups of them."""
    for animation in animations:
        yield animation
        if isinstance(animation, AnimationGroup):
            yield from all_animations(animation.animations)


# A share of a frame that is lost in rounding.
_ROUNDING = 1e-6


def wait_of_frames(frames: int, rate: float) -> float:
    """The seconds to wait for exactly this many frames, whether the picture stands still or not.

    manim rounds the frames of a still picture down, and those of a moving one up.
    """
    return (frames - _ROUNDING / 2) / rate


def _frames_of_still(seconds: float, rate: float) -> int:
    """How many frames a wait takes: as manim counts, but none is lost in rounding."""
    return int(seconds * rate + _ROUNDING)


@dataclass(frozen=True)
class Play:
    """One play of a scene: how many frames it takes, and whether they are all alike."""

    frames: int
    still: bool


class LessonRenderer(CairoRenderer):
    """manim's renderer with the lesson's camera, file writer and clock.

    stretch: the first play to draw and the one after the last; None draws all. Plays before the first run without
    being drawn, and the scene ends before the one after the last; where that is None, it goes to its end.
    stop_at: seconds; the scene ends after the play that reaches them.
    found, left: fingerprints of the stage before and after the stretch: what one stretch leaves, the next must find.
    plays: all plays so far. on_progress: called with the number of frames done, of those that are to be drawn.
    """

    time: float

    def __init__(self, skip_animations: bool = False) -> None:
        super().__init__(LessonFileWriter, LessonCamera, skip_animations)
        self.stretch: tuple[int, int | None] | None = None
        self.stop_at: float | None = None
        self.found = self.left = ""
        self.plays: list[Play] = []
        self.on_progress: Callable[[int], None] | None = None
        self._frames_done = 0
        self._playing = False
        self._frames_of_play = 0

    def update_skipping_status(self) -> None:
        super().update_skipping_status()
        if self.stretch is not None and self.num_plays < self.stretch[0]:
            self.skip_animations = True

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        if not (self._playing and self.skip_animations):  # manim draws a frame even then
            super().update_frame(*args, **kwargs)

    def render(self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None) -> None:
        self.update_frame(scene, moving_mobjects)
        self._show_frame()

    def freeze_current_frame(self, duration: float) -> None:
        self._show_frame(_frames_of_still(duration, self.camera.frame_rate))

    def _show_frame(self, times: int = 1) -> None:
        """Hand the camera's frame on. To the encoder goes a picture that is converted already, else manim's copy."""
        if self.skip_animations:
            return
        converter = self.file_writer.converter
        for caption, count in burned_captions.runs(self.camera.captions, self._frames_of_play, times):
            with self._captioned(caption):
                frame = self.get_frame() if converter is None else converter.convert(self.camera.pixel_array)
            self.add_frame(frame, count)
        self._frames_of_play += times

    @contextmanager
    def _captioned(self, caption: str) -> Iterator[None]:
        """The camera's picture with a caption drawn over it."""
        if not caption:
            yield
            return
        without = self.camera.pixel_array.copy()
        self.camera.capture_mobjects(burned_captions.drawn(caption))
        yield
        self.camera.pixel_array[...] = without

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        super().add_frame(frame, num_frames)
        if not self.skip_animations:
            self._report(self._frames_done + num_frames)

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        self._watch_stretch(scene)
        start, done = self.time, self._frames_done
        self._playing = True
        self._frames_of_play = 0
        try:
            super().play(scene, *args, **kwargs)
        finally:
            self._playing = False
            self.skip_animations = self._original_skipping_status  # else a sound after a skipped play is left out
        _settle(scene)
        play = self.measure(scene)
        self.time = start + play.frames * (1 / self.camera.frame_rate)
        self.plays.append(play)
        if self.stretch is None or self.num_plays > self.stretch[0]:
            self._report(done + play.frames)
        if self.stop_at is not None and self.time >= self.stop_at:
            raise EndSceneEarlyException

    def _watch_stretch(self, scene: Scene) -> None:
        """Record the state of the stage where the stretch begins and where it ends, and end the scene there."""
        if self.stretch is None:
            return
        if self.num_plays == self.stretch[0]:
            self.found = _state_of_stage(scene)
        if self.num_plays == self.stretch[1]:
            self.left = _state_of_stage(scene)
            raise EndSceneEarlyException

    def measure(self, scene: Scene) -> Play:
        """How many frames the present play takes, drawn or not.

        manim's clock moves on by the frames of a play that is drawn, but by the seconds asked for where the play comes
        from the cache. The voice goes by this clock. It must tell the same both times, or a wait is a frame longer.
        """
        step = 1 / self.camera.frame_rate
        still = bool(scene.is_current_animation_frozen_frame())
        if still:
            return Play(_frames_of_still(scene.duration, self.camera.frame_rate), still)
        return Play(len(np.arange(0, scene.duration, step)), still)

    def _report(self, frames: int) -> None:
        self._frames_done = frames
        if self.on_progress is not None:
            self.on_progress(frames)


def _state_of_stage(scene: Scene) -> str:
    """A fingerprint of all arrays of all mobjects on the stage, in the order of drawing."""
    digest = hashlib.sha256()
    for part in extract_mobject_family_members(scene.mobjects, use_z_index=True):
        digest.update(f"{type(part).__qualname__} {part.z_index}".encode())
        for name, value in sorted(vars(part).items()):
            if isinstance(value, np.ndarray) and not value.dtype.hasobject:
                digest.update(name.encode() + np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()


# Far finer than any picture shows, and coarser than what rounding adds up to in a play.
_GRAIN = 1e-9
# Where it is rounded up or down. Not halfway between two grains, because the middle of two mobjects is often there.
_EDGE = 0.382


def _settle(scene: Scene) -> None:
    """Round the places of all mobjects after a play, so that they do not depend on which frames were drawn.

    A mobject that moves on from its place in the last frame ends up a rounding error (1e-15) away from one that is
    moved to its end at once, as in a play that is not drawn. After this rounding both are in the same place, so
    everything later looks the same, no matter which plays were drawn.
    """
    movers = [animation.mobject for animation in all_animations(scene.animations or ())]
    for part in extract_mobject_family_members([*scene.mobjects, *movers], only_those_with_points=True):
        if part.points.dtype == np.float64 and part.points.flags.writeable:
            np.floor(part.points / _GRAIN + _EDGE, out=part.points)
            part.points *= _GRAIN
            part.points += 0.0  # -0 to 0
