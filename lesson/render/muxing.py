"""Clips into one MP4, packet by packet as they were encoded, with chapters, captions and spoken words inside."""

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
from network.errors import KnobsError
from network.files import display_path, remove_abandoned_files, temporary_name
from scenes.stage.caption import Caption
from scenes.stage.mp4 import boxes, is_whole

_THOUSANDTH = Fraction(1, 1000)
_SOUND_BITS = {1: 96_000, 2: 160_000}  # a second, by the number of channels
_LONGEST_SILENCE = 10 * RATE  # what is encoded at once
# What every track of captions begins with: the style of text that says nothing of its style itself.
_CAPTION_STYLE = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    "MarginV, Encoding\n"
    "Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


class JoinError(KnobsError):
    """Clips that do not fit together; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class TimelineClip:
    """A clip with the WAV that is spoken over it, if any, and from when to when it lasts in the film, in seconds.

    pictures: how many seconds of it move; a longer narration holds the last picture.
    """

    clip: Path
    narration: Path | None
    start: Fraction
    stop: Fraction
    pictures: Fraction

    @property
    def held(self) -> float:
        """For how many seconds the last picture stands."""
        return float(self.stop - self.start - self.pictures)


def build_timeline(clips: Sequence[tuple[Path, Path | None]]) -> list[TimelineClip]:
    """One clip after the other in time, each at least as long as its narration.

    JoinError for a clip that is not encoded like the first, SoundError for a WAV that cannot be used.
    """
    takes: list[TimelineClip] = []
    start, first = Fraction(0), None
    for clip, narration in clips:
        with _opened(clip) as film:
            stream = film.streams.video[0]
            frames, rate = stream.frames, Fraction(stream.base_rate)
            kind = _kind(stream)
        first = first or kind
        if kind != first:
            raise JoinError(
                f"{display_path(clip)} was encoded in another way than {display_path(takes[0].clip)}; "
                f"make it anew by ./knobs render {clip.stem} --force"
            )
        pictures = length = frames / rate
        if narration is not None:
            # Every clip begins with a whole frame.
            length = max(length, -(-Fraction(seconds_of_sound(narration)) * rate // 1) / rate)
        takes.append(TimelineClip(clip, narration, start, start + length, pictures))
        start += length
    return takes


def join(takes: Sequence[TimelineClip], file: Path, story: ClipMetadata, comment: str = "") -> None:
    """Write the film of these takes; `story` tells its title, captions and chapters.

    Its index stands first, so that it plays before it is loaded. It is whole or not there. OSError where it cannot be
    written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned_files(file.parent)
    part = temporary_name(file)
    try:
        _write(takes, part, story, comment)
        _let_captions_be_chosen(part)
        if not is_whole(part):
            raise OSError(errno.ENOSPC, "it could not be written to the end", str(file))
        os.replace(part, file)
    except av.FFmpegError as problem:
        if problem.errno is None:
            raise
        raise OSError(problem.errno, problem.strerror, str(file)) from problem
    finally:
        part.unlink(missing_ok=True)


def _write(takes: Sequence[TimelineClip], part: Path, story: ClipMetadata, comment: str) -> None:
    with av.open(part, "w", format="mp4", container_options={"movflags": "+faststart"}) as film:
        write_tags(film, story, comment)
        with _opened(takes[0].clip) as first:
            pictures = film.add_stream_from_template(first.streams.video[0])
            pictures.time_base = first.streams.video[0].time_base
        tracks = [_pictures(takes, pictures)]
        if any(take.narration for take in takes):
            channels = max(channels_of(take.narration) for take in takes if take.narration)
            spoken = ((read_sound(take.narration, channels) if take.narration else None, take.stop) for take in takes)
            tracks.append(sound_packets(spoken, sound_track(film, "aac", channels)))
        if story.captions:
            track = caption_track(film)
            tracks.append(caption_packet(caption, track) for caption in story.captions)
        mux(film, tracks)


def mux(film: Any, tracks: Iterable[Iterable[Any]]) -> None:
    """Write packets of several tracks, so that what belongs together lies together in the file."""
    for packet in heapq.merge(*tracks, key=lambda packet: packet.dts * packet.time_base):
        film.mux(packet)


def write_tags(film: Any, story: ClipMetadata, comment: str) -> None:
    """Put the title, a comment and the chapters into a film that is being written."""
    film.metadata["title"] = story.title
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
            for number, chapter in enumerate(story.chapters)
        ]
    )


def caption_track(film: Any) -> Any:
    """A track of captions in a film that is being written; its times are thousandths of a second."""
    track = film.add_stream("mov_text")
    track.codec_context.subtitle_header = _CAPTION_STYLE.encode()
    track.time_base = _THOUSANDTH
    track.metadata["language"] = "eng"
    return track


def caption_packet(caption: Caption, track: Any) -> Any:
    """A caption as it lies in a film: its text behind the length of it."""
    text = " ".join(caption.sentence.split()).encode()
    packet = av.Packet(len(text).to_bytes(2, "big") + text)
    packet.stream, packet.time_base = track, _THOUSANDTH
    packet.pts = packet.dts = round(caption.start * 1000)
    packet.duration = round(caption.stop * 1000) - packet.pts
    return packet


def sound_track(film: Any, codec: str, channels: int) -> Any:
    """A track of spoken words in a film that is being written."""
    track = film.add_stream(codec, rate=RATE, layout="stereo" if channels == 2 else "mono")
    track.bit_rate = _SOUND_BITS[channels]
    track.metadata["language"] = "eng"
    return track


def sound_packets(spoken: Iterable[tuple[NDArray[np.float32] | None, float | Fraction]], track: Any) -> Iterator[Any]:
    """Spoken words as they lie in a film, and silence between them.

    spoken: samples, (channels, n), which begin where the ones before them end, and until when, in seconds.
    """
    at = 0
    for samples, until in spoken:
        stop = round(until * RATE)
        left = np.zeros((track.channels, 0), np.float32) if samples is None else samples
        while at < stop:
            piece, left = left[:, : stop - at], left[:, stop - at :]
            if not piece.size:
                piece = np.zeros((track.channels, min(stop - at, _LONGEST_SILENCE)), np.float32)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout=track.layout.name)
            frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
            at += piece.shape[1]
            yield from track.encode(frame)
    yield from track.encode(None)


def _pictures(takes: Sequence[TimelineClip], stream: Any) -> Iterator[Any]:
    """The frames of all clips as they were encoded, each at its own time of the film's even beat.

    A frame that others need comes before it is shown, and all are decoded as much earlier as that makes it.
    """
    ahead = max(_frames_ahead(take.clip) for take in takes)
    for take in takes:
        with _opened(take.clip) as source:
            step = 1 / (Fraction(source.streams.video[0].base_rate) * stream.time_base)
            packets = [packet for packet in source.demux(video=0) if packet.dts is not None]
            start, stop = round(take.start / stream.time_base), round(take.stop / stream.time_base)
            shown_at = sorted(packet.pts for packet in packets)
            for number, packet in enumerate(packets):
                place = bisect_left(shown_at, packet.pts)
                packet.pts = start + round(place * step)
                packet.dts = start + round((number - ahead) * step)
                packet.duration = round((place + 1) * step) - round(place * step)
                # The length of the track goes by the frame that is shown last and by the one that is decoded last.
                if len(packets) in (place + 1, number + 1):
                    packet.duration += stop - start - round(len(packets) * step)
                packet.time_base, packet.stream = stream.time_base, stream
                yield packet


def _frames_ahead(clip: Path) -> int:
    """How many frames earlier than it is shown the first one is decoded."""
    with _opened(clip) as source:
        stream = source.streams.video[0]
        first = next(source.demux(stream))
        return round((first.pts - first.dts) * stream.time_base * stream.base_rate)


def _let_captions_be_chosen(film: Path) -> None:
    """Mark the captions as off until they are chosen: the pictures show the same sentences.

    FFmpeg marks the first track of every kind as on, and some players go by that.
    """
    with open(film, "r+b") as file:
        for kind, start, stop in boxes(file, 0, os.fstat(file.fileno()).st_size):
            if kind != b"moov":
                continue
            for track, head, end in boxes(file, start, stop):
                if track == b"trak" and _handler(file, head, end) == b"sbtl":
                    places = {name: place for name, place, _ in boxes(file, head, end)}
                    file.seek(places[b"tkhd"] + 3)  # after the version the flags follow, 24 bits; the last is "on"
                    flags = file.read(1)[0]
                    file.seek(places[b"tkhd"] + 3)
                    file.write(bytes([flags & ~1]))


def _handler(file: BinaryIO, start: int, stop: int) -> bytes:
    """Of what kind a track is."""
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
            f"{display_path(clip)} cannot be read; make it anew by ./knobs render {clip.stem} --force"
        ) from problem


def _kind(stream: Any) -> tuple[Any, ...]:
    """What must be alike for packets to stand in one track: the encoder's own head, and the times."""
    context = stream.codec_context
    size = context.width, context.height, context.pix_fmt
    return context.name, size, bytes(context.extradata or b""), stream.base_rate, stream.time_base
