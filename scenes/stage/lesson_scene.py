"""The base of every scene of the lesson: its network, its data, its voice and its clip."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from manim import Animation, Mobject, config
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from network import Network
from network.analysis.examples import hero
from network.checkpoint import Checkpoint
from network.digits import Digits, Split
from network.network import Array
from scenes import moved
from scenes.kit import theme
from scenes.language import Language, told_in
from scenes.settings import ROOT, LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.stage.burned_captions import in_frames
from scenes.stage.clip_folder import set_clip_folder
from scenes.stage.inputs import Inputs
from scenes.stage.narrated_clip import add_narration
from scenes.stage.recorded import recorded_scene
from scenes.stage.renderer import LessonRenderer, all_animations
from scenes.stage.segment_encoder import os_errors_of_the_encoder
from scenes.stage.voiceover import VoiceoverScene
from scenes.voice.bookmark_check import check_bookmarks
from scenes.voice.cues import Caption, cues
from scenes.voice.markup import MarkedText
from scenes.voice.narration import PlayedSound
from scenes.voice.recorded_scene import RecordedScene
from scenes.voice.speech_cache import speech_folder
from scenes.voice.utterance import Utterance

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class ChapterStart:
    """Where a chapter of a scene begins, in seconds; it goes on to the start of the next."""

    name: str
    start: float


class LessonScene(VoiceoverScene):
    """A scene of the lesson.

    context: the network, the data and more that it is made from. If none is given, as with manim's own command, the
    environment decides. `lesson_inputs` reads the files of the context. chapters: where each begins. sounds: what is
    heard besides the voice, as WAV files and when they begin, in seconds.
    """

    # Whether several processes may share its plays. Not if the scene shows something that it measures again every time.
    IN_PIECES: ClassVar[bool] = True

    def __init__(self, *, context: LessonContext | None = None, **kwargs: Any) -> None:
        if kwargs.get("renderer") is None:  # manim's notebook magic passes None
            kwargs["renderer"] = LessonRenderer(skip_animations=kwargs.get("skip_animations", False))
        self.context = context or LessonContext.of_environment()
        set_clip_folder(self.context.language)  # before manim makes the writer of the clip
        super().__init__(**kwargs)
        self.lesson_inputs = Inputs(self.context)
        self.renderer.file_writer.finish_clip = self.finish_clip
        self.renderer.file_writer.captions = self.captions_beside
        self.chapters: list[ChapterStart] = []
        self.sounds: list[PlayedSound] = []
        self._recorded: RecordedScene | None = None

    caption = moved.caption

    def setup(self) -> None:
        self.camera.background_color = theme.BACKGROUND

    def next_section(self, name: str = "unnamed", *args: Any, **kwargs: Any) -> None:
        self.chapters.append(ChapterStart(name, self.time))
        super().next_section(name, *args, **kwargs)

    @property
    def checkpoint(self) -> Checkpoint:
        """The network, and how it was trained."""
        return self.lesson_inputs.checkpoint

    @property
    def network(self) -> Network:
        """The network alone, for scenes that show nothing of its training."""
        return self.lesson_inputs.network

    def digits(self, split: Split = "test") -> Digits:
        """The data that goes with the network."""
        return self.lesson_inputs.digits(split)

    @cached_property
    def hero(self) -> int:
        """The index in the test set of the picture, or row, that the whole film follows."""
        return hero(self.network, self.digits())

    @property
    def takes_numbers(self) -> bool:
        """Whether the network takes the rows of a table, not pictures."""
        return bool(self.digits().inputs)

    def brightness(self, inputs: Array) -> Array:
        """How bright the neurons are that hold these inputs, (…, n_in), 0 to 1; see `Digits.brightness`.

        The lowest and the highest number of a column are those of the training rows.
        """
        return self.digits("train").brightness(inputs) if self.takes_numbers else inputs

    def companion_file(self, kind: str) -> Path:
        """The file with more results for the network, by `./knobs train --all`; see `Inputs.companion_file`."""
        return self.lesson_inputs.companion_file(kind)

    def utterance(self, beat: str, text: MarkedText) -> Utterance:
        if self._recorded is None:
            self._recorded = recorded_scene(self)
        input_log.note(input_log.CAPTIONS)
        recorded = self._recorded.utter(beat, text)
        return recorded or self.lesson_inputs.utterance(
            type(self).__name__, beat, text, speech_folder(Path(config.media_dir))
        )

    def add_sound(self, sound_file: str, time_offset: float = 0, gain: float | None = None, **options: Any) -> None:
        """Have a WAV file heard from now on, or from `time_offset` seconds later, by `gain` decibels louder.

        It is not given to manim but noted in `sounds`, and mixed with the voice.
        """
        input_log.note(input_log.file_named(sound_file))
        file = Path(sound_file).resolve()
        name = str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file)
        self.sounds.append(PlayedSound(name, self.time + time_offset, gain or 0.0))

    def finish_clip(self, clip: Path) -> None:
        """Add what was said and heard to the silent clip. SoundError for a sound that cannot be used."""
        speech = speech_folder(Path(config.media_dir))
        with self.in_its_language():
            add_narration(clip, self.captions_beside(), self.beats, self.sounds, self.time, speech)

    @property
    def burns_captions(self) -> bool:
        """Whether the captions are drawn into the picture: if that was asked for, and in every format without sound."""
        output = self.renderer.file_writer.output_spec
        return self.context.captions == "burned" or (output.is_video and output.artifact_extension != ".mp4")

    def captions_beside(self) -> tuple[Caption, ...]:
        """The captions of the clip, unless they are in its picture: a player would show them twice."""
        with self.in_its_language():
            return () if self.burns_captions else cues(self.beats, self.time)

    def alternative_text(self) -> str:
        """What the clip shows, in a sentence or two, for people who cannot see it, with this network's own numbers."""
        return ""

    def render(self, preview: bool = False) -> bool:
        """Play the scene and write its files. OSError if a file cannot be written.

        NarrationError, before anything is drawn, if it waits for a bookmark that is not in its narration.
        """
        for kind in type(self).__mro__:
            if issubclass(kind, LessonScene) and kind is not LessonScene:
                check_bookmarks(_source_of(kind), kind.__name__)
        with os_errors_of_the_encoder(), self.in_its_language():
            return super().render(preview)

    @contextmanager
    def in_its_language(self) -> Iterator[Language]:
        """Inside the `with` block, words and numbers are in the language of the scene; which ones are noted."""
        with told_in(self.context.language, lambda key: input_log.note(input_log.message(key))) as language:
            yield language

    @property
    def clip_file(self) -> Path:
        """The file that the scene is rendered into."""
        return Path(self.renderer.file_writer.movie_file_path)

    def still(self) -> Image:
        """The stage as it is now, as a picture."""
        self.renderer.update_frame(self)
        return self.renderer.camera.get_image().convert("RGB")

    def compile_animation_data(self, *animations: Any, **options: Any) -> Any:
        """Compile a play, and record the code and the filmed files that it is drawn from."""
        compiled = super().compile_animation_data(*animations, **options)
        parts = extract_mobject_family_members(list_update(self.mobjects, self.foreground_mobjects))
        moves = list(all_animations(self.animations or ()))
        self.camera.drawn_by = code_fingerprint.of_kinds({type(thing) for thing in (*parts, *moves)})
        moved = extract_mobject_family_members([animation.mobject for animation in moves])
        filmed = {file for part in (*parts, *moved) if (file := getattr(part, "filmed_file", None))}
        input_log.note(*map(input_log.file_named, filmed))
        if self.burns_captions:
            frames = self.renderer.measure(self).frames
            self.camera.captions = in_frames(self.captions_now(), self.time, frames, self.camera.frame_rate)
        return compiled

    def get_moving_and_static_mobjects(self, animations: Iterable[Animation]) -> tuple[list[Mobject], list[Mobject]]:
        """The mobjects to draw in every frame of a play, and those to draw once, beneath them.

        manim counts everything that was added after the first moving mobject as moving, and mixes up the levels (z
        indices) of the two. Here the order of drawing decides: everything beneath what moves is still.
        """
        everything = list_update(self.mobjects, self.foreground_mobjects)
        drawn = extract_mobject_family_members(everything, use_z_index=True)
        movers = [animation.mobject for animation in all_animations(animations)]
        movers += [mobject for mobject in drawn if mobject.updaters]
        moving = {id(part) for mover in movers for part in mover.get_family()}
        first = next((place for place, mobject in enumerate(drawn) if id(mobject) in moving), len(drawn))
        # A group without points of its own would bring in all its parts, the still ones too, and draw them twice.
        moved = [part for part in drawn[first:] if part.has_points() or not part.family_members_with_points()]
        return moved, [mobject for mobject in drawn[:first] if mobject.has_points()]

    def end(self) -> None:
        """Hold the last picture for a moment."""
        self.wait(theme.TAIL)


def _source_of(kind: type) -> Path:
    """The file in which a class stands; one that does not exist for a class of a notebook or a prompt."""
    try:
        return Path(inspect.getsourcefile(kind) or "")
    except (OSError, TypeError):
        return Path()
