"""The stage that every scene of the lesson stands on: its network, its data, captions and files."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import av
import numpy as np
import srt  # type: ignore[import-untyped]
from manim import (
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    Mobject,
    Scene,
    VMobject,
    smooth,
    squish_rate_func,
)
from manim._config.video_encoder import VideoEncoderSpec
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from manim.utils.exceptions import EndSceneEarlyException
from manim.utils.family import extract_mobject_family_members
from manim.utils.iterables import list_update

from network import Network
from network.checkpoint import Checkpoint, load_checkpoint, write_whole
from network.digits import Digits, Split, load_digits
from scenes import reads, sources, theme
from scenes.camera import LessonCamera
from scenes.caption import Caption
from scenes.layout import CAPTION_Y, FRAME_WIDTH, SAFE_MARGIN
from scenes.mobjects.typesetting import Words
from scenes.places import DEFAULT_CHECKPOINT, checkpoint_place, data_place


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
        reads.note(reads.file_named(sound_file))
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
        moves = _with_parts(self.animations or ())
        self.camera.drawn_by = sources.of_kinds({type(thing) for thing in (*parts, *moves)})
        return compiled

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
        # A group that has nothing to draw itself would bring in all its parts, the still ones too, and draw them twice.
        moved = [part for part in drawn[first:] if part.has_points() or not part.family_members_with_points()]
        return moved, [mobject for mobject in drawn[:first] if mobject.has_points()]

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


@dataclass(frozen=True)
class Play:
    """One play of a scene: how many frames it takes, and whether they are all alike."""

    frames: int
    still: bool


class LessonRenderer(CairoRenderer):
    """manim's renderer with the lesson's camera and files.

    stretch: the first play to be drawn and the one after the last; None for all. The others are gone through without
    being drawn, and after the last one the scene is over, but where no end is given. found, left: fingerprints of the
    stage at its beginning and end: what one stretch leaves, the next must find. plays: those that were gone
    through. on_progress: told how many frames are done, of those that are to be drawn.
    """

    time: float

    def __init__(self, skip_animations: bool = False) -> None:
        super().__init__(LessonFileWriter, LessonCamera, skip_animations)
        self.stretch: tuple[int, int | None] | None = None
        self.found = self.left = ""
        self.plays: list[Play] = []
        self.on_progress: Callable[[int], None] | None = None
        self._frames_done = 0
        self._playing = False

    def update_skipping_status(self) -> None:
        super().update_skipping_status()
        if self.stretch is not None and self.num_plays < self.stretch[0]:
            self.skip_animations = True

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        if not (self._playing and self.skip_animations):  # manim draws a frame even then
            super().update_frame(*args, **kwargs)

    def add_frame(self, frame: Any, num_frames: int = 1) -> None:
        super().add_frame(frame, num_frames)
        if not self.skip_animations:
            self._tell(self._frames_done + num_frames)

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        if self.stretch is not None:
            if self.num_plays == self.stretch[0]:
                self.found = _state_of_stage(scene)
            if self.num_plays == self.stretch[1]:
                self.left = _state_of_stage(scene)
                raise EndSceneEarlyException
        start, done = self.time, self._frames_done
        self._playing = True
        try:
            super().play(scene, *args, **kwargs)
        finally:
            self._playing = False
            self.skip_animations = self._original_skipping_status  # else a sound after a skipped play is left out
        _settle(scene)
        # manim's clock goes on by the frames of a play that is drawn, and by the seconds asked for where it comes from
        # the cache. Captions wait by this clock: it must tell the same both times, or a wait is a frame longer.
        step = 1 / self.camera.frame_rate
        still = bool(scene.is_current_animation_frozen_frame())
        frames = int(scene.duration / step) if still else len(np.arange(0, scene.duration, step))
        self.time = start + frames * step
        self.plays.append(Play(frames, still))
        if self.stretch is None or self.num_plays > self.stretch[0]:
            self._tell(done + frames)

    def _tell(self, frames: int) -> None:
        self._frames_done = frames
        if self.on_progress is not None:
            self.on_progress(frames)


def _state_of_stage(scene: Scene) -> str:
    """A fingerprint of all arrays of all that stands on the stage, in the order of drawing."""
    digest = hashlib.sha256()
    for part in extract_mobject_family_members(scene.mobjects, use_z_index=True):
        digest.update(f"{type(part).__qualname__} {part.z_index}".encode())
        for name, value in sorted(vars(part).items()):
            if isinstance(value, np.ndarray) and not value.dtype.hasobject:
                digest.update(name.encode() + np.ascontiguousarray(value).tobytes())
    return digest.hexdigest()


# Finer than any picture shows, by far, and coarser than what rounding adds up to in a play.
_GRAIN = 1e-9
# Where it is rounded up or down: not half-way between two grains, since the middle of two things often is.
_EDGE = 0.382


def _settle(scene: Scene) -> None:
    """Take away what rounding has left in the places of things after a play.

    A thing that is moved on from where it stood in the last frame comes to its end by other roundings (1e-15) than one
    that is brought there at once, as in a play that is not drawn. Now both stand in the same place, and all that comes
    after looks the same, whichever plays were drawn.
    """
    movers = [animation.mobject for animation in _with_parts(scene.animations or ())]
    for part in extract_mobject_family_members([*scene.mobjects, *movers], only_those_with_points=True):
        if part.points.dtype == np.float64 and part.points.flags.writeable:
            np.floor(part.points / _GRAIN + _EDGE, out=part.points)
            part.points *= _GRAIN
            part.points += 0.0  # -0 to 0


class WholeSegmentEncoder(VideoSegmentEncoder):
    """manim's encoder of one play; the segment gets its name when it is whole.

    manim takes every file of the right name for a finished segment, even after the program was killed in the middle.
    """

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._part = part_of(target)
        super().__init__(target=self._part, spec=spec)
        self.target = target

    def finish(self) -> None:
        if self._closed:
            return
        super().finish()
        if not is_whole(self._part):
            raise self._operation_error("finish", OSError(errno.EIO, "it could not be written to the end"))
        os.replace(self._part, self.target)

    def abort(self) -> None:
        self.target = self._part  # that is what manim removes
        super().abort()


class LessonFileWriter(SceneFileWriter):
    """manim's file writer; what it writes is whole or not there, and its MP4 starts to play before it is loaded whole.

    Files are written under names that begin with a dot and end in the number of the process, and take their own name
    when they are finished. What a killed process left behind is removed.
    """

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.joins = True  # the segments, to a clip, when the scene is over
        self._joining: Path | None = None
        if self.output_spec.is_video:
            for folder in (self.partial_movie_directory, self.output_plan.primary_artifact.parent):
                remove_abandoned_parts(folder)

    @property
    def movie_file_path(self) -> Path:
        return self._joining or super().movie_file_path

    def finish(self) -> None:
        if self.joins:
            super().finish()
        else:
            self.join_all_encode_jobs()

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        if self.video_encoder is None:
            return super()._create_segment_encoder(target)
        return WholeSegmentEncoder(target=target, spec=self.video_encoder)

    def is_already_cached(self, hash_invocation: str) -> bool:
        found = super().is_already_cached(hash_invocation)
        if found and not is_whole(segment := self.output_plan.segment_path(hash_invocation)):
            segment.unlink(missing_ok=True)  # of a manim that was killed, or of a damaged disk
            return False
        return found

    def combine_files(
        self, input_files: list[str], output_file: Path, create_gif: bool = False, includes_sound: bool = False
    ) -> None:
        part = part_of(output_file)
        try:
            super().combine_files(input_files, part, create_gif, includes_sound)
            if part.suffix == ".mp4":
                make_fast_start(part)
            os.replace(part, output_file)
        finally:
            part.unlink(missing_ok=True)

    def combine_to_movie(self) -> None:
        finished = self.movie_file_path
        if not any(self.partial_movie_files):
            super().combine_to_movie()
            return
        self._joining = joining = part_of(finished)
        try:
            super().combine_to_movie()
            if self.includes_sound and joining.suffix == ".mp4":
                make_fast_start(joining)  # with its sound it was written once more
            os.replace(joining, finished)
        finally:
            self._joining = None
            for ending in (".*", "_temp.*"):  # its sound, too
                for left in finished.parent.glob(joining.stem + ending):
                    left.unlink(missing_ok=True)
        super().print_file_ready_message(str(finished))

    def print_file_ready_message(self, file_path: Any) -> None:
        if self._joining is None:  # manim says so before it is
            super().print_file_ready_message(file_path)

    def write_subcaption_file(self) -> None:
        if self.output_spec.is_video and self.output_plan.subcaption_file is not None:
            write_whole(self.output_plan.subcaption_file, srt.compose(self.subcaptions).encode())


def part_of(file: Path) -> Path:
    """The name under which this process writes a file until it is whole."""
    return file.with_name(f".{file.stem}.{os.getpid()}{file.suffix}")


def remove_abandoned_parts(folder: Path) -> None:
    """Remove the unfinished files of processes that are no more."""
    for part in folder.glob(".*"):
        number = _PART.fullmatch(part.name)
        if number is None:
            continue
        try:
            os.kill(int(number[1]), 0)  # only asks whether it is there
        except ProcessLookupError:
            part.unlink(missing_ok=True)
        except (PermissionError, OverflowError):
            pass  # there, and somebody else's


_PART = re.compile(r"\..+\.(\d+)(?:_temp)?\.(?:mp4|mov|webm|gif|wav|aac|ogg)")


def is_whole(film: Path) -> bool:
    """Whether an MP4 or MOV reaches to the end of its last box, and holds its index and pictures.

    Files of other kinds are taken as they are.
    """
    if film.suffix not in (".mp4", ".mov"):
        return film.exists()
    try:
        with open(film, "rb") as file:
            size, place, kinds = os.fstat(file.fileno()).st_size, 0, set()
            while place < size:
                file.seek(place)
                head = file.read(16)
                length, kind = int.from_bytes(head[:4]), head[4:8]
                if length == 1:  # a 64-bit length follows
                    length = int.from_bytes(head[8:16])
                if length < 8:
                    return False
                kinds.add(kind)
                place += length
            return place == size and {b"ftyp", b"moov", b"mdat"} <= kinds
    except OSError:
        return False


def make_fast_start(file: Path) -> None:
    """Rewrite an MP4 with its index first; the pictures stay as they are, the old file until the new one is whole."""
    rewritten = part_of(file)
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
        if not is_whole(rewritten):
            raise OSError(errno.EIO, "it could not be written to the end", str(file))
        os.replace(rewritten, file)
    finally:
        rewritten.unlink(missing_ok=True)


def lesson_checkpoint() -> Checkpoint:
    """The network that scenes draw, and its story: the file of the variable KNOBS_CHECKPOINT, or the default one."""
    reads.note(reads.NETWORK, reads.STORY)
    return _present_checkpoint()


def lesson_network() -> Network:
    """The network of `lesson_checkpoint` without its story, for what goes by no more than that."""
    reads.note(reads.NETWORK)
    return _present_checkpoint().network


def _present_checkpoint() -> Checkpoint:
    return checkpoint_of(checkpoint_place())


def checkpoint_of(path: Path) -> Checkpoint:
    """The network of a file, read once until the file changes."""
    return _checkpoint(path, _state(path))


def lesson_companion(kind: str) -> Path:
    """A file with more results for the lesson's network: NAME.<kind>.npz beside the checkpoint NAME.npz.

    Where there is none, it is the one that comes with the default network; what was trained on other data says so in
    its metadata, and the scene must say so, too. `./knobs train --all` makes them.
    """
    reads.note(reads.companion(kind))
    beside = checkpoint_place().with_suffix(f".{kind}.npz")
    return beside if beside.is_file() else DEFAULT_CHECKPOINT.with_suffix(f".{kind}.npz")


def lesson_digits(split: Split) -> Digits:
    """The data that scenes show: the folder of the variable KNOBS_DATA, or MNIST."""
    reads.note(reads.data(split))
    folder = data_place()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return _digits(folder, split, tuple(_state(file) for file in files))


def _state(path: Path) -> tuple[int, ...]:
    """What changes when a file is written anew."""
    try:
        found = path.stat()
    except OSError:
        return ()  # who reads it says what is wrong
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=2)
def _checkpoint(path: Path, state: tuple[int, ...]) -> Checkpoint:
    return load_checkpoint(path)


@lru_cache(maxsize=2)
def _digits(folder: Path, split: Split, state: tuple[tuple[int, ...], ...]) -> Digits:
    return load_digits(folder, split)
