"""The stage that every scene of the lesson stands on: its network, its data, captions and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from manim import (
    Animation,
    FadeIn,
    FadeOut,
    Mobject,
    Scene,
    VMobject,
    smooth,
    squish_rate_func,
)
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from network import Network
from network.checkpoint import Checkpoint
from network.digits import Digits, Split
from scenes.kit import theme
from scenes.kit.layout import CAPTION_Y, FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.text import Words
from scenes.stage import code_fingerprint, input_log
from scenes.stage.caption import Caption
from scenes.stage.inputs import _present_checkpoint, lesson_checkpoint, lesson_digits, lesson_network
from scenes.stage.renderer import LessonRenderer, all_animations


@dataclass(frozen=True)
class Beat:
    """A named stretch of a scene, from its start, in seconds, to the start of the next."""

    name: str
    start: float


class LessonScene(Scene):
    """A scene of the lesson.

    `checkpoint` is the network it draws (see `lesson_checkpoint`), `digits` the data it is shown with.
    """

    # Whether several processes may draw it, each some of its plays: not where it shows what is measured anew each time.
    IN_PIECES: ClassVar[bool] = True

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.get("renderer") is None:  # manim's magic for notebooks says None outright
            kwargs["renderer"] = LessonRenderer(skip_animations=kwargs.get("skip_animations", False))
        super().__init__(**kwargs)
        self.captions: list[Caption] = []
        self.beats: list[Beat] = []
        self.has_sound = False
        self._caption: VMobject | None = None

    def setup(self) -> None:
        self.camera.background_color = theme.BACKGROUND

    def next_section(self, name: str = "unnamed", *args: Any, **kwargs: Any) -> None:
        self.beats.append(Beat(name, self.time))
        super().next_section(name, *args, **kwargs)

    @property
    def checkpoint(self) -> Checkpoint:
        return lesson_checkpoint()

    @property
    def network(self) -> Network:
        """The network alone, without how it came to be: `reads` notes what a scene goes by."""
        return lesson_network()

    def digits(self, split: Split = "test") -> Digits:
        """The data set that goes with the network."""
        digits = lesson_digits(split)
        _present_checkpoint().check_fits(digits)  # no scene goes by this; it only refuses what does not fit
        return digits

    def add_sound(self, sound_file: str, time_offset: float = 0, gain: float | None = None, **options: Any) -> None:
        input_log.note(input_log.file_named(sound_file))
        self.has_sound = True
        super().add_sound(sound_file, time_offset, gain, **options)

    def alternative_text(self) -> str:
        """What the clip shows, in a sentence or two, for those who do not see it; with this network's own numbers."""
        return ""

    @contextmanager
    def caption(self, sentence: str, *together: Animation, moves: str = "") -> Iterator[None]:
        """Let a sentence stand in the caption band while the animations inside play, and until it can be read.

        It comes together with the animations given here, if any. `moves` tells those who do not see the clip what is
        seen to move meanwhile.

        >>> with scene.caption("Each pixel is a neuron.", moves="The pixels turn into discs."):
        ...     scene.play(...)
        """
        start = self.time
        shown = Words(sentence, theme.CAPTION_SIZE, width=FRAME_WIDTH - 2 * SAFE_MARGIN - 1)
        shown.move_to((0, CAPTION_Y, 0))
        shown.set_z_index(theme.CAPTION_LEVEL)
        changes: list[Animation] = [FadeIn(shown, run_time=theme.QUICK)]
        if self._caption is not None:
            # One sentence goes before the next one comes: never are there two to be read.
            leave, come = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.5, 1)
            changes = [
                FadeOut(self._caption, run_time=theme.QUICK, rate_func=leave),
                FadeIn(shown, run_time=theme.QUICK, rate_func=come),
            ]
        self.play(*changes, *together)
        self._caption = shown
        yield
        left = start + reading_time(sentence) - self.time
        if left > 1 / 30:
            self.wait(left)
        self.captions.append(Caption(sentence, start, self.time, moves))
        self.add_subcaption(sentence, duration=self.time - start, offset=start - self.time)

    def compile_animation_data(self, *animations: Any, **options: Any) -> Any:
        compiled = super().compile_animation_data(*animations, **options)
        parts = extract_mobject_family_members(list_update(self.mobjects, self.foreground_mobjects))
        moves = all_animations(self.animations or ())
        self.camera.drawn_by = code_fingerprint.of_kinds({type(thing) for thing in (*parts, *moves)})
        return compiled

    def get_moving_and_static_mobjects(self, animations: Iterable[Animation]) -> tuple[list[Mobject], list[Mobject]]:
        """What must be drawn in every frame of a play, and what is drawn once, beneath it.

        manim takes all that was added after the first moving mobject for moving, and mixes up the levels (z indices) of
        the two. Here it goes by the order of drawing: still is what lies beneath everything that moves.
        """
        everything = list_update(self.mobjects, self.foreground_mobjects)
        drawn = extract_mobject_family_members(everything, use_z_index=True)
        movers = [animation.mobject for animation in all_animations(animations)]
        movers += [mobject for mobject in drawn if mobject.updaters]
        moving = {id(part) for mover in movers for part in mover.get_family()}
        first = next((place for place, mobject in enumerate(drawn) if id(mobject) in moving), len(drawn))
        # A group that has nothing to draw itself would bring in all its parts, the still ones too, and draw them twice.
        moved = [part for part in drawn[first:] if part.has_points() or not part.family_members_with_points()]
        return moved, [mobject for mobject in drawn[:first] if mobject.has_points()]

    def end(self) -> None:
        """Let the last picture stand for a moment, without its caption."""
        if self._caption is not None:
            self.play(FadeOut(self._caption, run_time=theme.QUICK))
            self._caption = None
        self.wait(theme.STEP)


def reading_time(sentence: str) -> float:
    """How long a sentence must stand to be read, in seconds."""
    return theme.READING_START + theme.READING_A_WORD * len(sentence.split())
