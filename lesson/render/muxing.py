"""Joining clips to one MP4 without encoding them again, with chapters, captions and narration."""

from __future__ import annotations

import errno
import heapq
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from lesson.render.audio import RATE, channels_of, read_sound, seconds_of_sound
from lesson.render.clip_metadata import ClipMetadata
from lesson.render.subtitles import cue_text
from network.errors import KnobsError
from network.files import display_path, remove_abandoned_files, temporary_name
from scenes.stage.caption import Caption
from scenes.stage.mp4 import boxes, is_whole

_THOUSANDTH = Fraction(1, 1000)
_SOUND_BIT_RATES = {1: 96_000, 2: 160_000}  # bits a second, by the number of channels
_LONGEST_SILENCE = 10 * RATE  # samples that are encoded at once
# The header of every caption track: the default style of its text.
_CAPTION_STYLE = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    "MarginV, Encoding\n"
    "Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


class JoinError(KnobsError):
    """Clips that cannot be joined; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class TimelineClip:
    """A clip with the WAV file of its narration, if any, and when it starts and stops in the film, in seconds.

    pictures: the length of the clip itself in seconds; a longer narration holds the last picture.
    """

    clip: Path
    narration: Path | None
    start: Fraction
    stop: Fraction
    pictures: Fraction

    @property
    def held(self) -> float:
        """For how many seconds the last picture is held."""
        return float(self.stop - self.start - self.pictures)


def build_timeline(clips: Sequence[tuple[Path, Path | None]]) -> list[TimelineClip]:
    """Place one clip after the other, each at least as long as its narration.

    JoinError for a clip that is not encoded like the first, SoundError for a WAV file that cannot be used.
    """
    timeline: list[TimelineClip] = []
    start, first = Fraction(0), None
    for clip, narration in clips:
        with _opened(clip) as film:
            stream = film.streams.video[0]
            frames, rate = stream.frames, Fraction(stream.base_rate)
            kind = _kind(stream)
        first = first or kind
        if kind != first:
            raise JoinError(
                f"{display_path(clip)} is encoded differently from {display_path(timeline[0].clip)}; "
                f"render it again with: ./knobs render {clip.stem} --force"
            )
        pictures = length = frames / rate
        if narration is not None:
            # Every clip starts on a whole frame.
            length = max(length, -(-Fraction(seconds_of_sound(narration)) * rate // 1) / rate)
        timeline.append(TimelineClip(clip, narration, start, start + length, pictures))
        start += length
    return timeline


def join(timeline: Sequence[TimelineClip], file: Path, metadata: ClipMetadata, comment: str = "") -> None:
    """Write the film; `metadata` has its title, captions and chapters.

    Its index comes first, so that it plays before it is completely loaded. It is written completely or not at all.
    OSError if it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned_files(file.parent)
    temporary = temporary_name(file)
    try:
        _write(timeline, temporary, metadata, comment)
        _turn_captions_off(temporary)
        if not is_whole(temporary):
            raise OSError(errno.ENOSPC, "it could not be written to the end", str(file))
        os.replace(temporary, file)
    except av.FFmpegError as problem:
        if problem.errno is None:
            raise
        raise OSError(problem.errno, problem.strerror, str(file)) from problem
    finally:
        temporary.unlink(missing_ok=True)


def _write(timeline: Sequence[TimelineClip], temporary: Path, metadata: ClipMetadata, comment: str) -> None:
    with av.open(temporary, "w", format="mp4", container_options={"movflags": "+faststart"}) as film:
        write_tags(film, metadata, comment)
        with _opened(timeline[0].clip) as first:
            pictures = film.add_stream_from_template(first.streams.video[0])
            pictures.time_base = first.streams.video[0].time_base
        tracks = [_pictures(timeline, pictures)]
        if any(clip.narration for clip in timeline):
            channels = max(channels_of(clip.narration) for clip in timeline if clip.narration)
            spoken = (
                (read_sound(clip.narration, channels) if clip.narration else None, clip.stop) for clip in timeline
            )
            tracks.append(sound_packets(spoken, sound_track(film, "aac", channels)))
        if metadata.captions:
            track = caption_track(film)
            tracks.append(caption_packet(caption, track) for caption in metadata.captions)
        mux(film, tracks)


def mux(film: Any, tracks: Iterable[Iterable[Any]]) -> None:
    """Write the packets of several tracks in the order of their times."""
    for packet in heapq.merge(*tracks, key=lambda packet: packet.dts * packet.time_base):
        film.mux(packet)


def write_tags(film: Any, metadata: ClipMetadata, comment: str) -> None:
    """Write the title, a comment and the chapters into an open film."""
    film.metadata["title"] = metadata.title
    if comment:
        film.metadata["comment"] = comment
    film.set_chapters(
        [
            {
                "id": number,
                "start": round(chapter.start * 1000),
                "end": round(chapter.stop * 1000),
                "time_base": _THOUSANDTH,
                "metadata": {"title": chapter.name},
            }
            for number, chapter in enumerate(metadata.chapters)
        ]
    )


def caption_track(film: Any) -> Any:
    """Add a caption track to an open film; its times are milliseconds."""
    track = film.add_stream("mov_text")
    track.codec_context.subtitle_header = _CAPTION_STYLE.encode()
    track.time_base = _THOUSANDTH
    track.metadata["language"] = "eng"
    return track


def caption_packet(caption: Caption, track: Any) -> Any:
    """A caption as a packet: the length of its text in two bytes, then the text."""
    text = cue_text(caption).encode()
    packet = av.Packet(len(text).to_bytes(2, "big") + text)
    packet.stream, packet.time_base = track, _THOUSANDTH
    packet.pts = packet.dts = round(caption.start * 1000)
    packet.duration = round(caption.stop * 1000) - packet.pts
    return packet


def sound_track(film: Any, codec: str, channels: int) -> Any:
    """Add a sound track to an open film."""
    track = film.add_stream(codec, rate=RATE, layout="stereo" if channels == 2 else "mono")
    track.bit_rate = _SOUND_BIT_RATES[channels]
    track.metadata["language"] = "eng"
    return track


def sound_packets(spoken: Iterable[tuple[NDArray[np.float32] | None, float | Fraction]], track: Any) -> Iterator[Any]:
    """Narration as encoded packets, with silence in between.

    spoken: pairs of samples, (channels, n) or None for silence, and the time in seconds at which the next pair starts.
    """
    at = 0
    for samples, until in spoken:
        stop = round(until * RATE)
        left = np.zeros((track.channels, 0), np.float32) if samples is None else samples
        while at < stop:
            block, left = left[:, : stop - at], left[:, stop - at :]
            if not block.size:
                block = np.zeros((track.channels, min(stop - at, _LONGEST_SILENCE)), np.float32)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=track.layout.name)
            frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
            at += block.shape[1]
            yield from track.encode(frame)
    yield from track.encode(None)


def _pictures(timeline: Sequence[TimelineClip], stream: Any) -> Iterator[Any]:
    """The encoded frames of all clips, with their times in the film, evenly spaced.

    A frame that others refer to is decoded before it is shown; all frames are decoded that much earlier.
    """
    ahead = max(_frames_ahead(clip.clip) for clip in timeline)
    for clip in timeline:
        with _opened(clip.clip) as source:
            step = 1 / (Fraction(source.streams.video[0].base_rate) * stream.time_base)
            packets = [packet for packet in source.demux(video=0) if packet.dts is not None]
            start, stop = round(clip.start / stream.time_base), round(clip.stop / stream.time_base)
            shown_at = sorted(packet.pts for packet in packets)
            for number, packet in enumerate(packets):
                place = bisect_left(shown_at, packet.pts)
                packet.pts = start + round(place * step)
                packet.dts = start + round((number - ahead) * step)
                packet.duration = round((place + 1) * step) - round(place * step)
                # Both the frame shown last and the one decoded last determine the length of the track.
                if len(packets) in (place + 1, number + 1):
                    packet.duration += stop - start - round(len(packets) * step)
                packet.time_base, packet.stream = stream.time_base, stream
                yield packet


def _frames_ahead(clip: Path) -> int:
    """How many frames before it is shown the first frame is decoded."""
    with _opened(clip) as source:
        stream = source.streams.video[0]
        first = next(source.demux(stream))
        return round((first.pts - first.dts) * stream.time_base * stream.base_rate)


def _turn_captions_off(film: Path) -> None:
    """Mark the captions as off until the viewer turns them on: the pictures show the same sentences.

    FFmpeg marks the first track of each kind as on, and some players follow that.
    """
    with open(film, "r+b") as file:
        for kind, start, stop in boxes(file, 0, os.fstat(file.fileno()).st_size):
            if kind != b"moov":
                continue
            for track, head, end in boxes(file, start, stop):
                if track == b"trak" and _handler(file, head, end) == b"sbtl":
                    places = {name: place for name, place, _ in boxes(file, head, end)}
                    file.seek(places[b"tkhd"] + 3)  # the version is followed by 24 bits of flags; the last one is "on"
                    flags = file.read(1)[0]
                    file.seek(places[b"tkhd"] + 3)
                    file.write(bytes([flags & ~1]))


def _handler(file: BinaryIO, start: int, stop: int) -> bytes:
    """The kind of a track."""
    for name, head, end in boxes(file, start, stop):
        if name == b"mdia":
            for inner, place, _ in boxes(file, head, end):
                if inner == b"hdlr":
                    file.seek(place + 8)
                    return file.read(4)
    return b""


def _opened(clip: Path) -> Any:
    try:
        return av.open(clip)
    except (av.FFmpegError, OSError) as problem:
        raise JoinError(
            f"{display_path(clip)} cannot be read; render it again with: ./knobs render {clip.stem} --force"
        ) from problem


def _kind(stream: Any) -> tuple[Any, ...]:
    """What must be equal for packets to share one track: the encoder's header, and the time base."""
    context = stream.codec_context
    size = context.width, context.height, context.pix_fmt
    return context.name, size, bytes(context.extradata or b""), stream.base_rate, stream.time_base
