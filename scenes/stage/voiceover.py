"""Narration drives time: a scene speaks, moves in time with its words, and goes on when they have been said.

The interface is that of the package manim-voiceover, and so are its names.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from types import FrameType, TracebackType
from typing import Any, Self

from manim import Scene

from scenes.kit import theme
from scenes.stage.renderer import wait_of_frames
from scenes.voice.cues import Caption, cues
from scenes.voice.markup import MarkedText, NarrationError, read_marked
from scenes.voice.narration import Beat
from scenes.voice.utterance import Utterance


class VoiceoverScene(Scene):
    """A scene with a voice. beats: what has been said so far, in order; the one that is being said is not among them.

    Whoever inherits from it says in `utterance` how a text is spoken.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.beats: list[Beat] = []
        # What is being said, the outermost block first; and what was said or begun last.
        self._speaking_blocks: list[Voiceover] = []
        self._latest: Voiceover | None = None
        self._beat_names: set[str] = set()

    @property
    def words(self) -> list[str]:
        """What has been said so far: the words of each beat."""
        return [beat.text for beat in self.beats]

    def utterance(self, beat: str, text: MarkedText) -> Utterance:
        """A text as it is spoken, and how long that takes. `beat` is the name of its beat."""
        raise NotImplementedError

    def voiceover(self, text: str, moves: str = "", loops: bool = False) -> Voiceover:
        """Say a text while the animations inside the block play; the block ends when all has been said.

        text: may hold bookmarks to wait for. moves: tells people who cannot see the clip what moves meanwhile.
        loops: the block ends with the picture that it begins with, so a talk shows it again and again until the speaker
        goes on. What is still being said is waited for first. NarrationError for a text that cannot be spoken.

        >>> with scene.voiceover("Its pixels, <bookmark mark='discs'/> as neurons.", moves="Discs appear.") as tracker:
        ...     scene.play(FadeIn(pixels), run_time=tracker.time_until_bookmark("discs"))
        ...     scene.play(FadeIn(discs))
        """
        return Voiceover(self, text, moves, _method_that_speaks(self, sys._getframe(1)), loops)

    def captions_now(self) -> tuple[Caption, ...]:
        """The captions of what is being said, or was said last."""
        if self._latest is None:
            return ()
        return cues([self._latest.beat], self._latest.end + theme.BREATH)  # nothing else is said before

    def wait_until_bookmark(self, mark: str) -> None:
        """Wait until a bookmark of what is being said is reached; not at all if it has been.

        NarrationError for a bookmark that is not in the text.
        """
        self.wait_until(self._speaking().bookmark_time(mark))

    def wait_for_voiceover(self) -> None:
        """Wait until everything has been said."""
        if self._latest is not None:
            self.wait_until(self._latest.end)

    def wait_until(self, time: float) -> None:
        """Wait until the frame that is nearest to a time, in seconds from the start of the scene."""
        frames = round((time - self.time) * self.camera.frame_rate)
        if frames > 0:
            self.wait(wait_of_frames(frames, self.camera.frame_rate))

    def safe_wait(self, duration: float) -> None:
        """Wait for some seconds, to the nearest frame, which may be not at all."""
        self.wait_until(self.time + duration)

    def _speaking(self) -> Voiceover:
        """What is being said now, or was said last."""
        found = self._speaking_blocks[-1] if self._speaking_blocks else self._latest
        if found is None:
            raise NarrationError(
                f"{type(self).__name__} waits for a bookmark before it says anything; "
                "wait inside a block: with self.voiceover(...)"
            )
        return found

    def _unique_name(self, method: str) -> str:
        name, number = method, 1
        while name in self._beat_names:
            number += 1
            name = f"{method}_{number}"
        self._beat_names.add(name)
        return name

    def _begin(self, voiceover: Voiceover) -> None:
        if self._latest is not None:
            self.wait_until(self._latest.end + theme.BREATH)
        if self._speaking_blocks:
            self._finish(self._speaking_blocks[-1])
        self._speaking_blocks.append(voiceover)
        self._latest = voiceover

    def _leave(self, voiceover: Voiceover) -> None:
        if self._latest is voiceover:
            self.wait_until(voiceover.end + theme.BREATH)
            self._finish(voiceover)
        self._speaking_blocks.remove(voiceover)

    def _finish(self, voiceover: Voiceover) -> None:
        """Note what was said; it ends now, or began another inside its block."""
        beat = replace(voiceover.beat, stop=self.time)
        if beat.name not in {known.name for known in self.beats}:
            self.beats.append(beat)


@dataclass
class Voiceover:
    """A text that is said in a scene, as a block of code; inside, it tells the times, in seconds.

    start, end: when the voice begins and ends, from the start of the scene.
    """

    scene: VoiceoverScene
    text: str
    moves: str
    method: str
    loops: bool = False
    start: float = 0.0

    def __enter__(self) -> Self:
        scene = self.scene
        marked = read_marked(self.text)
        name = scene._unique_name(self.method)
        self._utterance = scene.utterance(name, marked)
        scene._begin(self)
        self.start = scene.time
        said = self._utterance
        beat = Beat(name, said.text, 0.0, said.seconds, self.moves, said.clauses, said.voice, self.loops)
        self.beat = beat.moved(self.start)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind is None:
            self.scene._leave(self)

    @property
    def duration(self) -> float:
        """How long the voice speaks."""
        return self._utterance.seconds

    @property
    def end(self) -> float:
        """When the voice ends."""
        return self.start + self.duration

    def get_remaining_duration(self, buff: float = 0) -> float:
        """How long the voice will go on speaking, and `buff` seconds more; 0 if that is over."""
        return max(self.end - self.scene.time + buff, 0.0)

    def bookmark_time(self, mark: str) -> float:
        """When a bookmark is reached, from the start of the scene. NarrationError if the text has no such bookmark."""
        try:
            return self.start + self._utterance.bookmarks[mark]
        except KeyError:
            raise NarrationError(self._no_bookmark(mark)) from None

    def time_until_bookmark(self, mark: str, buff: float = 0, limit: float | None = None) -> float:
        """How long it is until a bookmark, and `buff` seconds more, but no longer than `limit`; 0 if it is over."""
        left = max(self.bookmark_time(mark) - self.scene.time + buff, 0.0)
        return left if limit is None else min(limit, left)

    def _no_bookmark(self, mark: str) -> str:
        from scenes.voice.bookmark_check import no_such_bookmark

        frame = _line_of_the_scene(sys._getframe(2))
        return no_such_bookmark(
            mark,
            list(self._utterance.bookmarks),
            f"{type(self.scene).__name__}.{frame.f_code.co_name}",
            frame.f_code.co_filename,
            frame.f_lineno,
        )


def _line_of_the_scene(frame: FrameType) -> FrameType:
    """The frame that called what is in this file."""
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _method_that_speaks(scene: Scene, frame: FrameType | None) -> str:
    """The name of the innermost public method of a scene that is running; helpers with an underscore do not count."""
    while frame is not None:
        code = frame.f_code
        own = code.co_argcount > 0 and frame.f_locals.get(code.co_varnames[0]) is scene
        if own and not code.co_name.startswith(("_", "<")):
            return code.co_name
        frame = frame.f_back
    return "construct"
