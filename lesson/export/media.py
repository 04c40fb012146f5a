"""The media files of a clip: MP4 with chapters and captions inside, stills, and optional sections and other formats.

Video is copied packet by packet wherever possible; only WebM, WebP and GIF are always re-encoded.
"""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray
from PIL import Image

from lesson.export.burned_captions import burn, caption_at
from lesson.render.audio import RATE, channels_of, read_sound
from lesson.render.clip_metadata import Chapter, ClipMetadata, beat_of
from lesson.render.muxing import caption_packet, caption_track, mux, sound_packets, sound_track, write_tags
from scenes.stage.caption import Caption

# A section that is re-encoded gets the colour tags of manim.cfg, and about its quality.
_SECTION_OPTIONS = {"crf": "18", "preset": "medium"}
_TAGS = ("color_range", "colorspace", "color_primaries", "color_trc")
_PREVIEW_WIDTH = 1280
# Pictures are compared at this size: whatever can be seen in a poster can be seen at it.
_SCORED = 640, 360
# Animated pictures make large files, so they are limited to this frame rate and width.
_ANIMATION_RATE, _ANIMATION_WIDTH = Fraction(25, 2), 640

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Video:
    """A clip's size in pixels and its frame rate."""

    width: int
    height: int
    rate: float


@dataclass(frozen=True)
class Stills:
    """Two pictures of a clip: the one that shows most, and the last."""

    poster: Image.Image
    final: Image.Image


def describe(clip: Path) -> Video:
    with av.open(clip) as film:
        stream = film.streams.video[0]
        return Video(stream.width, stream.height, float(_rate(stream)))


def write_mp4(clip: Path, target: Path, story: ClipMetadata, narration: Path | None = None) -> None:
    """Write the clip with its captions, chapters and narration inside; the pictures are copied packet by packet.

    OSError if the file could not be written completely.
    """
    from lesson.render.muxing import build_timeline, join

    join(build_timeline([(clip, narration)]), target, story, story.alternative_text)


def write_section(
    clip: Path, target: Path, story: ClipMetadata, chapter: Chapter, narration: Path | None = None
) -> bool:
    """Write one chapter as a clip of its own, with its narration. Returns whether its pictures could be copied.

    Scenes begin a new segment with every play, so a chapter begins with a keyframe; if one does not, it is re-encoded.
    The last picture of the last chapter stays until the narration ends.
    """
    part = _story_of(chapter, story)
    spoken = None if narration is None else _spoken_in(chapter, story, narration)
    with av.open(clip) as source:
        stream = source.streams.video[0]
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        first, stop = (_place_of(moment, packets, stream) for moment in (chapter.start, chapter.stop))
        if first is not None and stop is not None:
            wanted = packets[first:stop]
            if spoken is not None:
                silent = max(0.0, spoken.shape[1] / RATE - part.seconds)
                wanted[-1].duration += round(silent / stream.time_base)
            _write(target, part, spoken, lambda film: _copied(wanted, film.add_stream_from_template(stream)))
            return True
    with av.open(clip) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        half = 1 / (2 * _rate(stream))
        frames = (f for f in source.decode(stream) if chapter.start - half <= f.time < chapter.stop - half)
        _write(target, part, spoken, lambda film: _encoded(frames, _like(stream, film, "libx264", _SECTION_OPTIONS)))
    return False


def stills(clip: Path, story: ClipMetadata) -> Stills:
    """The poster and the final still.

    Candidates for the poster are the pictures at which a beat has just ended, so that everything it mentions is
    there. A play begins at that moment, so they are keyframes. The one with the most detail is chosen.
    """
    told = [beat.stop for beat in story.beats]
    best: tuple[bool, float] = (False, -1.0)
    poster = None
    with av.open(clip) as film:
        stream = film.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        stream.thread_type = "AUTO"
        half = 1 / (2 * _rate(stream))
        last_start = 0
        for frame in film.decode(stream):
            last_start = frame.pts or 0
            grey = frame.to_ndarray(format="gray", width=_SCORED[0], height=_SCORED[1]).astype(np.int16)
            detail = float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())
            worth = any(abs(frame.time - moment) < half for moment in told), detail
            if worth > best:
                best, poster = worth, frame
        assert poster is not None, f"{clip} has no frames"
        chosen = poster.to_image()
    with av.open(clip) as film:
        stream = film.streams.video[0]
        stream.thread_type = "AUTO"
        film.seek(last_start, stream=stream)
        *_, last = film.decode(stream)
        return Stills(chosen, last.to_image())


def write_jpeg(picture: Image.Image, target: Path) -> None:
    """Write a still at full size, for programs that cannot read WebP."""
    picture.save(target, "JPEG", quality=92, subsampling=0)


def write_preview(picture: Image.Image, target: Path) -> None:
    """Write a still for pages with many clips: a small file, no larger than a page shows it."""
    small = picture.copy()
    small.thumbnail((_PREVIEW_WIDTH, _PREVIEW_WIDTH))
    small.save(target, "WEBP", quality=82, method=4)


def write_webm(clip: Path, target: Path, story: ClipMetadata, narration: Path | None = None) -> None:
    """Write the clip as VP9 in WebM, with the same size and frames, and its narration as Opus."""
    with av.open(clip) as source, av.open(target, "w", format="webm") as film:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        options = {"crf": "31", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1", "g": "240"}
        film.metadata["title"] = story.title
        tracks = [_encoded(source.decode(stream), _like(stream, film, "libvpx-vp9", options))]
        if narration is not None:
            tracks.append(_sound(film, "libopus", read_sound(narration, channels_of(narration)), story))
        mux(film, tracks)


def write_webp(clip: Path, target: Path, story: ClipMetadata) -> None:
    """Write the clip as an animated WebP that loops, small enough for places where only pictures are allowed.

    It has no sound and no subtitles, so its captions are drawn into the pictures.
    """
    with av.open(target, "w", format="webp", container_options={"loop": "0"}) as film:
        out: Any = None
        for frame in _filtered(_small_frames(clip, story), ("format", "yuv420p")):
            if out is None:
                options = {"quality": "80", "compression_level": "4"}
                out = film.add_stream("libwebp_anim", rate=_ANIMATION_RATE, options=options)
                out.width, out.height, out.pix_fmt = frame.width, frame.height, "yuv420p"
            film.mux(out.encode(frame))
        film.mux(out.encode())


def write_gif(clip: Path, target: Path, story: ClipMetadata) -> None:
    """Write the clip as a GIF that loops, in the 256 colours that suit it best, with its captions in the pictures."""
    with av.open(target, "w", format="gif", container_options={"loop": "0"}) as film:
        out: Any = None
        for frame in _with_palette(_small_frames(clip, story)):
            if out is None:
                out = film.add_stream("gif", rate=_ANIMATION_RATE)
                out.width, out.height, out.pix_fmt = frame.width, frame.height, "pal8"
            film.mux(out.encode(frame))
        film.mux(out.encode())


def _write(target: Path, story: ClipMetadata, spoken: Samples | None, pictures: Callable[[Any], Iterator[Any]]) -> None:
    """Write an MP4 with captions, chapters and narration; `pictures` adds a track to it and gives its packets."""
    written = 0

    def counted(packets: Iterator[Any]) -> Iterator[Any]:
        nonlocal written
        for packet in packets:
            written += 1
            yield packet

    with av.open(target, "w", format="mp4", container_options={"movflags": "+faststart"}) as film:
        write_tags(film, story, story.alternative_text)
        tracks = [counted(pictures(film))]
        if spoken is not None:
            tracks.append(_sound(film, "aac", spoken, story))
        if story.captions:
            track = caption_track(film)
            tracks.append(caption_packet(caption, track) for caption in story.captions)
        mux(film, tracks)
    _read_back(target, written)


def _copied(packets: Sequence[Any], track: Any) -> Iterator[Any]:
    """The same packets, shifted to start at time 0."""
    start = packets[0].pts
    for packet in packets:
        packet.pts, packet.dts = packet.pts - start, packet.dts - start
        packet.stream = track
        yield packet


def _encoded(frames: Iterable[Any], track: Any) -> Iterator[Any]:
    """Frames, encoded one after another from time 0."""
    step = 1 / Fraction(track.codec_context.framerate)  # a container changes the track's own unit of time
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base, frame.pict_type = number, step, 0
        yield from track.encode(frame)
    yield from track.encode(None)


def _sound(film: Any, codec: str, spoken: Samples, story: ClipMetadata) -> Iterator[Any]:
    """An audio track of the narration, followed by silence until the pictures end."""
    seconds = max(story.seconds, spoken.shape[1] / RATE)
    return sound_packets([(spoken, seconds)], sound_track(film, codec, len(spoken)))


def _spoken_in(chapter: Chapter, story: ClipMetadata, narration: Path) -> Samples:
    """The samples that are heard in a chapter, (channels, n); the last chapter includes all that are left."""
    stop = None if chapter == story.chapters[-1] else round(chapter.stop * RATE)
    return read_sound(narration, channels_of(narration))[:, round(chapter.start * RATE) : stop]


def _read_back(film: Path, pictures: int) -> None:
    """OSError if a film does not have this many pictures: a full disk may be noticed only when the file is read."""
    try:
        with av.open(film) as written:
            whole = sum(1 for packet in written.demux(video=0) if packet.size) == pictures
    except av.FFmpegError:
        whole = False
    if not whole:
        raise OSError(errno.ENOSPC, "it could not be written to the end", str(film))


def _rate(stream: Any) -> Fraction:
    """Frames a second. For joined segments, the rate stored in the file is off by a thousandth, so it is rounded."""
    rate = Fraction(stream.guessed_rate or stream.average_rate)
    return Fraction(round(rate)) if abs(rate - round(rate)) < Fraction(1, 50) else rate


def _like(stream: Any, film: Any, codec: str, options: dict[str, str]) -> Any:
    """A new track with the size, the frame rate and the colours of another."""
    track = film.add_stream(codec, rate=_rate(stream), options=options)
    track.width, track.height, track.pix_fmt = stream.width, stream.height, "yuv420p"
    track.time_base = 1 / _rate(stream)
    track.thread_type = "AUTO"
    for tag in _TAGS:
        setattr(track.codec_context, tag, getattr(stream.codec_context, tag))
    return track


def _place_of(moment: float, packets: list[Any], stream: Any) -> int | None:
    """The index of the keyframe shown at `moment`, or the number of packets if `moment` is the end; None if neither."""
    half = 1 / (2 * _rate(stream))
    for place, packet in enumerate(packets):
        if packet.is_keyframe and abs(packet.pts * packet.time_base - moment) < half:
            return place
    end = max(packet.pts + packet.duration for packet in packets) * stream.time_base
    return len(packets) if moment > end - half else None


def _story_of(chapter: Chapter, story: ClipMetadata) -> ClipMetadata:
    """The metadata of a chapter as a clip of its own, from 0 seconds on."""
    seconds = chapter.stop - chapter.start
    # A chapter may end in the middle of a beat, so what is said in it are its cues.
    beats = tuple(
        beat_of(
            Caption(c.sentence, max(c.start - chapter.start, 0), min(c.stop - chapter.start, seconds), c.moves),
            f"cue_{number}",
        )
        for number, c in enumerate(story.captions, 1)
        if c.start < chapter.stop - 0.05 and c.stop > chapter.start + 0.05
    )
    return ClipMetadata(
        story.scene,
        f"{story.title}: {chapter.name}",
        story.summary,
        seconds,
        story.alternative_text,
        beats,
        (Chapter(chapter.name, 0, seconds),),
    )


def _small_frames(clip: Path, story: ClipMetadata) -> Iterator[Any]:
    """The frames of a clip for an animated picture: fewer, smaller, and with captions, as RGB."""
    with av.open(clip) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        size = f"{min(_ANIMATION_WIDTH, stream.width)}:-2"
        smaller = _filtered(source.decode(stream), ("fps", str(_ANIMATION_RATE)), ("scale", size), ("format", "rgb24"))
        for number, frame in enumerate(smaller):
            words = caption_at(story.captions, float(number / _ANIMATION_RATE))
            picture = av.VideoFrame.from_ndarray(burn(frame.to_ndarray(), words), "rgb24")
            picture.pts, picture.time_base = number, 1 / _ANIMATION_RATE
            yield picture


def _with_palette(frames: Iterator[Any]) -> Iterator[Any]:
    """The frames in 256 colours that suit all of them."""
    first = next(frames)
    graph = Graph()
    start = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=first.time_base)
    split, generate, use = graph.add("split"), graph.add("palettegen"), graph.add("paletteuse", "dither=none")
    end = graph.add("buffersink")
    start.link_to(split)
    split.link_to(use, 0, 0)
    split.link_to(generate, 1, 0)
    generate.link_to(use, 0, 1)
    use.link_to(end)
    graph.configure()
    yield from _through(graph, itertools.chain([first], frames, [None]))


def _filtered(frames: Iterator[Any], *filters: tuple[str, str]) -> Iterator[Any]:
    """The frames after filters of FFmpeg, each a name and its settings."""
    first = next(frames)
    graph = Graph()
    last = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=first.time_base)
    for step in (*(graph.add(*one) for one in filters), graph.add("buffersink")):
        last.link_to(step)
        last = step
    graph.configure()
    yield from _through(graph, itertools.chain([first], frames, [None]))


def _through(graph: Graph, frames: Iterable[Any]) -> Iterator[Any]:
    """What a graph makes of frames; the last of them is None, which ends it."""
    for frame in frames:
        graph.push(frame)
        while True:
            try:
                yield graph.pull()
            except (BlockingIOError, EOFError):
                break
