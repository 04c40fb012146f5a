"""The encoder's settings against the old ones, and the conversion of frames against FFmpeg's."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from manim import config
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from numpy.typing import NDArray

from benchmarks.film import SCENES
from benchmarks.table import Row, Section
from lesson.render.rendering import find_scenes, manim_set_up, scene_class
from scenes.stage.segment_encoder import PictureConverter, WholeSegmentEncoder

SENTENCE = (
    "the settings of manim.cfg against x264's defaults on the same frames, those of every third play of six scenes: "
    "processor time, size, and likeness to the frames before encoding (SSIM of brightness, blocks of 8 × 8 pixels); "
    "and how long Knobs and FFmpeg take to turn a frame into YUV."
)
# What manim.cfg said before, which is what x264 takes by itself.
OLD = {"preset": "medium", "crf": "23"}
EVERY_PLAY, EVERY_FRAME = 3, 10
LOWEST_LIKENESS = -1e-4

Luma = NDArray[np.uint8]


@dataclass
class Encoded:
    """What encoding took, and what came of it. seconds: of processor time, all frames. ssim: of every tenth frame."""

    seconds: float = 0.0
    frames: int = 0
    size: int = 0
    ssim: list[float] = field(default_factory=list)


def together(parts: Iterable[Encoded]) -> Encoded:
    """Several as one."""
    whole = Encoded()
    for part in parts:
        whole.seconds += part.seconds
        whole.frames += part.frames
        whole.size += part.size
        whole.ssim += part.ssim
    return whole


def with_old_settings(spec: VideoEncoderSpec) -> VideoEncoderSpec:
    """The same encoder with the old preset and quality."""
    return replace(spec, options=tuple({**dict(spec.options), **OLD}.items()))


def settings_of(spec: VideoEncoderSpec) -> str:
    """The preset and quality in words, as in "superfast 22"."""
    options = dict(spec.options)
    return f"{options.get('preset', 'medium')} {options.get('crf', '23')}"


def measure(quick: bool = False) -> Section:
    """Compare the settings, then the converters."""
    rows, both = [], []
    with TemporaryDirectory() as folder:
        for scene in SCENES[-2:] if quick else SCENES:
            new, old, names = encode_scene(scene, "l" if quick else "h", Path(folder))
            rows.append(compare_sizes(scene, new, old, names))
            both.append((new, old))
    new, old = map(together, zip(*both, strict=True))
    rows += [compare_times(new, old, names), compare_sizes("all of them", new, old, names)]
    rows.append(compare_likeness(new, old, names))
    rows += [compare_converters(height) for height in (480, 1080)]
    return Section("encoder", SENTENCE, rows)


def compare_times(new: Encoded, old: Encoded, names: tuple[str, str]) -> Row:
    here, before = (1000 * each.seconds / each.frames for each in (new, old))
    return Row(f"{names[0]}: encoding a frame", f"{here:.2f} ms", f"{names[1]}: {before:.2f} ms", here / before)


def compare_sizes(what: str, new: Encoded, old: Encoded, names: tuple[str, str]) -> Row:
    here, before = new.size / 1e6, old.size / 1e6
    more_alike = statistics.fmean(new.ssim) - statistics.fmean(old.ssim)
    compared = f"{names[1]}: {before:.2f} MB; SSIM {more_alike:+.5f}"
    return Row(f"{names[0]}: size of {what}", f"{here:.2f} MB", compared, here / before)


def compare_likeness(new: Encoded, old: Encoded, names: tuple[str, str]) -> Row:
    here, before = (statistics.fmean(each.ssim) for each in (new, old))
    reach, met = f"not lower by more than {-LOWEST_LIKENESS:g}", here - before >= LOWEST_LIKENESS
    compared = f"{names[1]}: {before:.5f}; difference {here - before:+.5f}"
    return Row(f"{names[0]}: SSIM", f"{here:.5f}", compared, reach=reach, met=met)


def encode_scene(name: str, quality: str, folder: Path) -> tuple[Encoded, Encoded, tuple[str, str]]:
    """Every third play of a scene, encoded both ways; with the names of both settings, the present ones first."""
    part, scene = find_scenes([name])[0]
    numbers = count()
    plays: list[BothWays] = []
    with manim_set_up(quality, folder):
        config.disable_caching = True
        stage: Any = scene_class(part, scene)()
        writer = stage.renderer.file_writer
        writer.joins = False
        spec = writer.video_encoder

        def make(target: Path) -> VideoSegmentEncoder:
            if next(numbers) % EVERY_PLAY:
                return NoEncoder(target)
            plays.append(BothWays(target, spec))
            return plays[-1]

        writer._create_segment_encoder = make
        stage.render()
    new, old = (together(play.encoded[which] for play in plays) for which in (0, 1))
    return new, old, (settings_of(spec), settings_of(with_old_settings(spec)))


class NoEncoder(VideoSegmentEncoder):
    """Takes the frames of a play that is not measured."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def write_frame(self, pixels: Any, *, repeat: int = 1) -> None:
        pass

    def finish(self) -> None:
        pass

    def abort(self) -> None:
        pass


class BothWays(WholeSegmentEncoder):
    """Encodes the frames of a play with the present settings and with the old ones.

    encoded: what came of the present ones, and of the old ones.
    """

    def __init__(self, target: Path, spec: VideoEncoderSpec) -> None:
        super().__init__(target=target, spec=spec)
        self._other = WholeSegmentEncoder(target=target.with_stem(f"{target.stem}-old"), spec=with_old_settings(spec))
        self.encoded = Encoded(), Encoded()
        self._frames = 0
        self._samples: dict[int, Luma] = {}

    def write_frame(self, pixels: Any, *, repeat: int = 1) -> None:
        for number in range(self._frames, self._frames + repeat):
            if number % EVERY_FRAME == EVERY_FRAME // 2:
                self._samples[number] = luma(pixels).copy()
        self._frames += repeat
        self._timed(0, lambda: super(BothWays, self).write_frame(pixels, repeat=repeat))
        self._timed(1, lambda: self._other.write_frame(pixels, repeat=repeat))

    def finish(self) -> None:
        if self._closed:
            return
        self._timed(0, super().finish)
        self._timed(1, self._other.finish)
        for result, file in zip(self.encoded, (self.target, self._other.target), strict=True):
            result.frames = self._frames
            result.size = file.stat().st_size
            result.ssim = likenesses(file, self._samples)
            file.unlink()

    def _timed(self, which: int, job: Callable[[], object]) -> None:
        # With one thread, x264 works in the thread that calls it.
        started = time.thread_time()
        job()
        self.encoded[which].seconds += time.thread_time() - started


def luma(picture: av.VideoFrame) -> Luma:
    """The brightness of a picture, (height, width)."""
    plane = picture.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def likenesses(file: Path, samples: dict[int, Luma]) -> list[float]:
    """The SSIM of some frames of a clip, given as they were before, by their numbers."""
    with av.open(file) as container:
        pictures = enumerate(container.decode(video=0))
        return [ssim(samples[number], luma(picture)) for number, picture in pictures if number in samples]


def ssim(one: Luma, other: Luma) -> float:
    """How alike two pictures are, at most 1: the structural similarity, the mean over blocks of 8 × 8 pixels.

    Source: Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment", 2004.
    """
    x, y = one.astype(np.float32), other.astype(np.float32)
    mean_x, mean_y = in_blocks(x), in_blocks(y)
    variance_x, variance_y = in_blocks(x * x) - mean_x**2, in_blocks(y * y) - mean_y**2
    covariance = in_blocks(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return float((alike / ((mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2))).mean())


def in_blocks(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of blocks of 8 × 8; rows and columns left over do not count."""
    height, width = (side // 8 * 8 for side in values.shape)
    return values[:height, :width].reshape(height // 8, 8, width // 8, 8).mean(axis=(1, 3))


def compare_converters(height: int) -> Row:
    """A frame with every colour, converted by both: processor time of each, and the greatest difference."""
    width = {480: 854}.get(height, height * 16 // 9)
    rng = np.random.default_rng(0)
    frame = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    converter = PictureConverter(VideoEncoderSpec("mp4", "libx264", "yuv420p", width, height, Fraction(30), ()))
    reformatter = VideoReformatter()

    def by_ffmpeg() -> av.VideoFrame:
        return reformatter.reformat(av.VideoFrame.from_ndarray(frame, format="rgba"), format="yuv420p")

    ours, theirs = best_time(lambda: converter.convert(frame)), best_time(by_ffmpeg)
    apart = np.abs(luma(converter.convert(frame)).astype(int) - luma(by_ffmpeg())).max()
    return Row(
        f"converting a frame, {height}p",
        f"{1000 * ours:.2f} ms",
        f"FFmpeg: {1000 * theirs:.2f} ms; brightness differs by {apart} of 255 at most",
        ours / theirs,
    )


def best_time(job: Callable[[], object], rounds: int = 30) -> float:
    """The least processor time of a job, in seconds; the first time does not count."""
    job()
    times = []
    for _ in range(rounds):
        started = time.thread_time()
        job()
        times.append(time.thread_time() - started)
    return min(times)
