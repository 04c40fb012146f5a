"""The encoder of one play. Its segment is complete or absent, and every picture is converted only once."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from numpy.typing import NDArray

from network.files import temporary_name
from scenes.stage.mp4 import is_whole
from scenes.stage.yuv import to_yuv420


@contextmanager
def os_errors_of_the_encoder() -> Iterator[None]:
    """Inside the `with` block, an OSError that manim's encoder wraps in a RuntimeError is raised as one."""
    try:
        yield
    except RuntimeError as problem:
        cause = problem.__cause__
        if isinstance(cause, OSError):
            raise OSError(cause.errno or errno.EIO, cause.strerror or str(cause), cause.filename) from problem
        raise


class PictureConverter:
    """Turns frames into pictures of the encoder's pixel format.

    manim copies a frame of 8 MB, keeps the copy in a queue, copies it again and converts it, and all this once more for
    every repetition. Converted at once, a frame needs no copy, and a picture that stands still is converted once.
    """

    def __init__(self, spec: VideoEncoderSpec) -> None:
        self._format = spec.pixel_format
        self._is_even = spec.width % 2 == 0 and spec.height % 2 == 0
        self._reformatter = VideoReformatter()

    def convert(self, frame: NDArray[np.uint8]) -> av.VideoFrame:
        """A picture of a frame, (height, width, 4) RGBA; the frame may be drawn over afterwards."""
        if self._format == "yuv420p" and self._is_even:
            # Measured at 1080p: 0.5 ms of processor time, where FFmpeg's converter takes 3.4.
            return av.VideoFrame.from_numpy_buffer(to_yuv420(frame), format="yuv420p")
        if self._format == "rgba":
            return av.VideoFrame.from_ndarray(frame, format="rgba")
        picture = av.VideoFrame.from_numpy_buffer(frame, format="rgba")
        return self._reformatter.reformat(picture, format=self._format)


class WholeSegmentEncoder(VideoSegmentEncoder):
    """manim's encoder of one play; the segment gets its name only when it is complete.

    manim takes every file with the right name for a finished segment, even after the program was killed halfway.
    """

    def __init__(self, *, target: Path, spec: VideoEncoderSpec) -> None:
        self._part = temporary_name(target)
        super().__init__(target=self._part, spec=spec)
        self.target = target
        self._converter = PictureConverter(spec)

    def write_frame(self, pixels: NDArray[np.uint8] | av.VideoFrame, *, repeat: int = 1) -> None:
        """Encode a frame, or a picture that it was converted to, as often as it is shown."""
        try:
            picture = pixels if isinstance(pixels, av.VideoFrame) else self._converter.convert(pixels)
            picture.time_base = 1 / Fraction(self.spec.frame_rate)
            for _ in range(repeat):
                picture.pts = self._next_pts
                self._next_pts += 1
                for packet in self._stream.encode(picture):
                    self._container.mux(packet)
        except BaseException as error:
            raise self._operation_error("encode", error) from error

    def finish(self) -> None:
        if self._closed:
            return
        super().finish()
        if not is_whole(self._part):
            raise self._operation_error("finish", OSError(errno.EIO, "it could not be written to the end"))
        os.replace(self._part, self.target)

    def abort(self) -> None:
        self.target = self._part  # the file that manim removes
        super().abort()
