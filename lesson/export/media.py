"""The media files of a clip: MP4 with chapters and captions inside, stills, and optional sections and other formats.

Video is copied packet by packet wherever possible; only WebM, WebP and GIF are always re-encoded.
"""

from __future__ import annotations

import errno
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.filter import Graph
from PIL import Image

from lesson.export.burned_captions import burn, caption_at
from lesson.render.clip_metadata import Chapter, ClipMetadata, beat_of
from lesson.render.muxing import write_tags
from scenes.stage.tracks import add_sound_and_subtitles, mux, open_mp4, sound_of, sound_packets, sound_track
from scenes.voice.cues import Caption, Subtitles
from scenes.voice.samples import RATE, Samples

# A section that is re-encoded gets the colour tags of manim.cfg, and about its quality. x264's macroblock tree reads
# memory that nobody has written: the same pictures gave other bytes, now and then, where other films had been encoded.
_SECTION_OPTIONS = {"crf": "18", "preset": "medium", "mbtree": "0"}
_TAGS = ("color_range", "colorspace", "color_primaries", "color_trc")
_PREVIEW_WIDTH = 1280
# Pictures are compared at this size: whatever can be seen in a poster can be seen at it.
_SCORED = 640, 360
# Animated pictures make large files, so they are limited to this frame rate and width.
_ANIMATION_RATE, _ANIMATION_WIDTH = Fraction(25, 2), 640


@dataclass(frozen=True)
class Video:
    """A clip's size in pixels, its frame rate, and whether it has sound."""

    width: int
    height: int
    rate: float
    has_sound: bool


@dataclass(frozen=True)
class Stills:
    """Two pictures of a clip: the one that shows most, and the last."""

    poster: Image.Image
    final: Image.Image


def describe(clip: Path) -> Video:
    with av.open(clip) as film:
        stream = film.streams.video[0]
        return Video(stream.width, stream.height, float(_rate(stream)), bool(film.streams.audio))


def write_mp4(
    clip: Path, target: Path, metadata: ClipMetadata, licence: str = "", subtitles: Sequence[Subtitles] = ()
) -> None:
    """Write the clip with its captions and chapters inside; its pictures and sound are copied packet by packet.

    licence: what may be done with it, in a sentence, which goes into the file, too. subtitles: in further languages.
    OSError if the file could not be written completely.
    """
    from lesson.render.muxing import build_timeline, join

    join(build_timeline([clip]), target, metadata, metadata.alternative_text, clip, licence, subtitles)


def write_section(clip: Path, target: Path, metadata: ClipMetadata, chapter: Chapter, licence: str = "") -> bool:
    """Write one chapter as a clip of its own, with its sound. Returns whether its pictures could be copied.

    Scenes begin a new segment with every play, so a chapter begins with a keyframe; if one does not, it is re-encoded.
    """
    part = metadata_of_section(metadata, chapter)
    sound = sound_of(clip)
    if sound is not None:
        sound = sound[:, round(chapter.start * RATE) : round(chapter.stop * RATE)]
    with av.open(clip) as source:
        stream = source.streams.video[0]
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        first, stop = (_place_of(moment, packets, stream) for moment in (chapter.start, chapter.stop))
        if first is not None and stop is not None:
            wanted = packets[first:stop]
            _write(target, part, licence, sound, lambda film: _copied(wanted, film.add_stream_from_template(stream)))
            return True
    with av.open(clip) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        half = 1 / (2 * _rate(stream))
        frames = (f for f in source.decode(stream) if chapter.start - half <= f.time < chapter.stop - half)
        _write(
            target,
            part,
            licence,
            sound,
            lambda film: _encoded(frames, _like(stream, film, "libx264", _SECTION_OPTIONS)),
        )
    return False


def write_loop(clip: Path, target: Path, metadata: ClipMetadata, chapter: Chapter, licence: str = "") -> None:
    """Write one chapter as a clip that can be shown again and again: without sound, its captions in the picture."""
    part = metadata_of_section(metadata, chapter)
    with av.open(clip) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        half = 1 / (2 * _rate(stream))

        def burned() -> Iterator[Any]:
            for frame in source.decode(stream):
                if chapter.start - half <= frame.time < chapter.stop - half:
                    words = caption_at(part.captions, frame.time - chapter.start)
                    picture = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                    yield av.VideoFrame.from_ndarray(burn(picture, words), "rgb24")

        silent = replace(part, beats=())
        _write(
            target,
            silent,
            licence,
            None,
            lambda film: _encoded(burned(), _like(stream, film, "libx264", _SECTION_OPTIONS)),
        )


def picture_before(clip: Path, moment: float) -> Image.Image:
    """The last picture before a moment, in seconds."""
    with av.open(clip) as film:
        stream: Any = film.streams.video[0]
        stream.thread_type = "AUTO"
        half = 1 / (2 * float(_rate(stream)))
        film.seek(max(0, int((moment - 3 * half) / stream.time_base)), stream=stream)
        found: Any = None
        for frame in film.decode(stream):
            if found is not None and frame.time > moment - half:
                break
            found = frame
        assert found is not None, f"{clip} has no picture before {moment} s"
        return found.to_image()


def write_picture_before(clip: Path, moment: float, target: Path) -> None:
    """Write the last picture before a moment, in seconds, as a small file."""
    write_preview(picture_before(clip, moment), target)


def picture_at(clip: Path, moment: float) -> Image.Image:
    """The picture that is shown at a moment, in seconds."""
    return picture_before(clip, moment + 1 / describe(clip).rate)


def stills(clip: Path, metadata: ClipMetadata) -> Stills:
    """The poster and the final still.

    Candidates for the poster are the pictures at which a beat has just ended, so that everything it mentions is
    there. A play begins at that moment, so they are keyframes. The one with the most detail is chosen.
    """
    told = [beat.stop for beat in metadata.beats]
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


def write_webm(clip: Path, target: Path, metadata: ClipMetadata, licence: str = "") -> None:
    """Write the clip as VP9 in WebM, with the same size and frames, and its sound as Opus."""
    sound = sound_of(clip)
    with av.open(clip) as source, av.open(target, "w", format="webm") as film:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        options = {"crf": "31", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1", "g": "240"}
        film.metadata.update(title=metadata.title, copyright=licence)
        tracks = [_encoded(source.decode(stream), _like(stream, film, "libvpx-vp9", options))]
        if sound is not None:
            tracks.append(sound_packets(sound, sound_track(film, "libopus", len(sound))))
        mux(film, tracks)


def write_webp(clip: Path, target: Path, metadata: ClipMetadata) -> None:
    """Write the clip as an animated WebP that loops, small enough for places where only pictures are allowed.

    It has no sound and no subtitles, so its captions are drawn into the pictures.
    """
    with av.open(target, "w", format="webp", container_options={"loop": "0"}) as film:
        out: Any = None
        for frame in _filtered(_small_frames(clip, metadata), ("format", "yuv420p")):
            if out is None:
                options = {"quality": "80", "compression_level": "4"}
                out = film.add_stream("libwebp_anim", rate=_ANIMATION_RATE, options=options)
                out.width, out.height, out.pix_fmt = frame.width, frame.height, "yuv420p"
            film.mux(out.encode(frame))
        film.mux(out.encode())


def write_gif(clip: Path, target: Path, metadata: ClipMetadata) -> None:
    """Write the clip as a GIF that loops, in the 256 colours that suit it best, with its captions in the pictures."""
    with av.open(target, "w", format="gif", container_options={"loop": "0"}) as film:
        out: Any = None
        for frame in _with_palette(_small_frames(clip, metadata)):
            if out is None:
                out = film.add_stream("gif", rate=_ANIMATION_RATE)
                out.width, out.height, out.pix_fmt = frame.width, frame.height, "pal8"
            film.mux(out.encode(frame))
        film.mux(out.encode())


def _write(
    target: Path,
    metadata: ClipMetadata,
    licence: str,
    sound: Samples | None,
    pictures: Callable[[Any], Iterator[Any]],
) -> None:
    """Write an MP4 with captions, chapters, sound and licence; `pictures` adds a track and gives its packets."""
    written = 0

    def counted(packets: Iterator[Any]) -> Iterator[Any]:
        nonlocal written
        for packet in packets:
            written += 1
            yield packet

    with open_mp4(target) as film:
        write_tags(film, metadata, metadata.alternative_text, licence)
        tracks = [counted(pictures(film))]
        add_sound_and_subtitles(film, tracks, sound, metadata.captions)
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


def metadata_of_section(metadata: ClipMetadata, chapter: Chapter) -> ClipMetadata:
    """The metadata of a chapter as a clip of its own, from 0 seconds on."""
    seconds = chapter.stop - chapter.start
    # A chapter may end in the middle of a beat, so what is said in it are its cues.
    beats = tuple(
        beat_of(cue, f"cue_{number}") for number, cue in enumerate(cues_of_section(metadata.captions, chapter), 1)
    )
    return ClipMetadata(
        metadata.scene,
        f"{metadata.title}: {chapter.name}",
        metadata.summary,
        seconds,
        metadata.alternative_text,
        beats,
        (Chapter(chapter.name, 0, seconds),),
    )


def cues_of_section(captions: Iterable[Caption], chapter: Chapter) -> list[Caption]:
    """What stands in a chapter of the subtitles of its clip, from 0 seconds on."""
    seconds = chapter.stop - chapter.start
    return [
        Caption(c.sentence, max(c.start - chapter.start, 0), min(c.stop - chapter.start, seconds), c.moves)
        for c in captions
        if c.start < chapter.stop - 0.05 and c.stop > chapter.start + 0.05
    ]


def _small_frames(clip: Path, metadata: ClipMetadata) -> Iterator[Any]:
    """The frames of a clip for an animated picture: fewer, smaller, and with captions, as RGB."""
    with av.open(clip) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        size = f"{min(_ANIMATION_WIDTH, stream.width)}:-2"
        smaller = _filtered(source.decode(stream), ("fps", str(_ANIMATION_RATE)), ("scale", size), ("format", "rgb24"))
        for number, frame in enumerate(smaller):
            words = caption_at(metadata.captions, float(number / _ANIMATION_RATE))
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
