"""manim's file writer, except that every file it writes is complete or absent."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from glob import escape
from pathlib import Path
from typing import Any

import srt  # type: ignore[import-untyped]
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from network.files import atomic_write, remove_abandoned_files, temporary_name, unfinished_file
from scenes.kit.mobjects.outlines import typesetting
from scenes.stage.mp4 import is_whole, make_fast_start
from scenes.stage.segment_encoder import PictureConverter, WholeSegmentEncoder
from scenes.voice.cues import Caption
from scenes.voice.subrip import subrip_cue


class LessonFileWriter(SceneFileWriter):
    """manim's file writer, but its files are complete or absent, and its MP4s start to play before they have loaded.

    While a file is being written, it has a name of its own (`network.files.temporary_name`). Files that a killed
    process left behind are removed.

    joins: whether the segments are joined to a clip when the scene is over. finish_clip: called with the joined MP4,
    which is silent, before it gets its name; it adds the sound and the subtitles. captions: called when the scene is
    over, for what is written into the .srt file beside the clip.
    """

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        self.joins = True
        self.finish_clip: Callable[[Path], None] | None = None
        self.captions: Callable[[], Sequence[Caption]] = tuple
        self._joining: Path | None = None
        self.converter = None if self.video_encoder is None else PictureConverter(self.video_encoder)
        if self.output_spec.is_video:
            for folder in (self.partial_movie_directory, self.output_plan.primary_artifact.parent):
                remove_abandoned_files(folder)

    def segment_names(self, start: int, stop: int | None) -> tuple[str, ...]:
        """The names of the segments of the plays from `start` to before `stop`, or to the end."""
        return tuple(Path(file).name for file in self.partial_movie_files[start:stop])

    def join_segments(self, names: Sequence[str], subcaptions: Sequence[srt.Subtitle]) -> bool:
        """Join segments that were drawn before into a clip; False if one is missing or damaged."""
        files = [self.partial_movie_directory / name for name in names]
        if not all(map(is_whole, files)):
            return False
        self.partial_movie_files = [str(file) for file in files]
        self.subcaptions = list(subcaptions)
        self.finish()
        return True

    @property
    def movie_file_path(self) -> Path:
        return self._joining or super().movie_file_path

    def finish(self) -> None:
        if self.joins:
            self.subcaptions += map(subrip_cue, self.captions())
            super().finish()
            if not self.subcaptions:
                self._remove_subcaption_file()
        else:
            self.join_all_encode_jobs()

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        if self.video_encoder is None:
            return super()._create_segment_encoder(target)
        return WholeSegmentEncoder(target=target, spec=self.video_encoder)

    def is_already_cached(self, hash_invocation: str) -> bool:
        found = super().is_already_cached(hash_invocation)
        if found and not is_whole(segment := self.output_plan.segment_path(hash_invocation)):
            segment.unlink(missing_ok=True)  # left by a plain manim that was killed, or by a damaged disk
            return False
        return found

    def combine_files(
        self, input_files: list[str], output_file: Path, create_gif: bool = False, includes_sound: bool = False
    ) -> None:
        with unfinished_file(output_file) as part:
            super().combine_files(input_files, part, create_gif, includes_sound)
            if part.suffix == ".mp4":
                make_fast_start(part)
            os.replace(part, output_file)

    @staticmethod
    def _concat_manifest_bytes(input_files: list[str]) -> bytes:
        """The list of segments for FFmpeg. manim does not escape an apostrophe in a path."""
        lines = ["file 'file:{}'\n".format(Path(file).as_posix().replace("'", "'\\''")) for file in input_files]
        return "".join(lines).encode()

    def combine_to_movie(self) -> None:
        finished = self.movie_file_path
        if not any(self.partial_movie_files):
            super().combine_to_movie()
            return
        self._joining = joining = temporary_name(finished)
        try:
            super().combine_to_movie()
            if self.includes_sound and joining.suffix == ".mp4":
                make_fast_start(joining)  # manim has written it again, with its sound
            if self.finish_clip is not None and joining.suffix == ".mp4":
                self.finish_clip(joining)
            os.replace(joining, finished)
        finally:
            self._joining = None
            for ending in (".*", "_temp.*"):  # its sound, too
                for left in finished.parent.glob(escape(joining.stem) + ending):
                    left.unlink(missing_ok=True)
        super().print_file_ready_message(str(finished))

    def print_file_ready_message(self, file_path: Any) -> None:
        if self._joining is None:  # otherwise manim would say so too early
            super().print_file_ready_message(file_path)

    def write_subcaption_file(self) -> None:
        if self.output_spec.is_video and self.output_plan.subcaption_file is not None:
            atomic_write(self.output_plan.subcaption_file, srt.compose(self.subcaptions).encode())

    def _remove_subcaption_file(self) -> None:
        """Remove the file of an earlier clip that had captions to write."""
        if self.output_spec.is_video and self.output_plan.subcaption_file is not None:
            self.output_plan.subcaption_file.unlink(missing_ok=True)


def remove_half_written_svgs(folder: Path) -> None:
    """Remove SVG files of text that were cut off while being written; manim would go on using them."""
    if not any(folder.glob("*.svg")):
        return
    with typesetting(folder):  # what another process is writing at this moment is not cut off
        for picture in folder.glob("*.svg"):
            with open(picture, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - 16))
                if b"</svg>" not in file.read():
                    picture.unlink(missing_ok=True)
