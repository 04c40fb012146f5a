"""Joining clips to one MP4 without encoding their pictures again, with chapters, captions and sound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from lesson.render.clip_metadata import ClipMetadata
from network.errors import KnobsError
from network.paths import display_path
from scenes.stage.tracks import add_sound_and_subtitles, mux, open_mp4, write_film
from scenes.voice.cues import Subtitles
from scenes.voice.samples import Samples

_THOUSANDTH = Fraction(1, 1000)


class JoinError(KnobsError):
    """Clips that cannot be joined; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class TimelineClip:
    """A clip, and when it starts and stops in the film, in seconds."""

    clip: Path
    start: Fraction
    stop: Fraction


def build_timeline(clips: Sequence[Path]) -> list[TimelineClip]:
    """Place one clip after the other. JoinError for a clip that is not encoded like the first."""
    timeline: list[TimelineClip] = []
    start, first = Fraction(0), None
    for clip in clips:
        with _opened(clip) as film:
            stream = film.streams.video[0]
            seconds = stream.frames / Fraction(stream.base_rate)
            kind = _kind(stream)
        first = first or kind
        if kind != first:
            raise JoinError(
                f"{display_path(clip)} is encoded differently from {display_path(timeline[0].clip)}; "
                f"render it again with: ./knobs render {clip.stem} --force"
            )
        timeline.append(TimelineClip(clip, start, start + seconds))
        start += seconds
    return timeline


def join(
    timeline: Sequence[TimelineClip],
    file: Path,
    metadata: ClipMetadata,
    comment: str = "",
    sound: Samples | Path | None = None,
    licence: str = "",
    subtitles: Sequence[Subtitles] = (),
) -> None:
    """Write the film; `metadata` has its title, captions and chapters. sound: all of it, or a file that has it.

    licence: what may be done with the film, in a sentence. subtitles: in other languages.

    Its index comes first, so that it plays before it is completely loaded. It is written completely or not at all.
    OSError if it cannot be written.
    """
    write_film(file, lambda temporary: _write(timeline, temporary, metadata, comment, sound, licence, subtitles))


def _write(
    timeline: Sequence[TimelineClip],
    temporary: Path,
    metadata: ClipMetadata,
    comment: str,
    sound: Samples | Path | None,
    licence: str,
    subtitles: Sequence[Subtitles],
) -> None:
    with open_mp4(temporary) as film:
        write_tags(film, metadata, comment, licence)
        with _opened(timeline[0].clip) as first:
            pictures = film.add_stream_from_template(first.streams.video[0])
            pictures.time_base = first.streams.video[0].time_base
        tracks = [_pictures(timeline, pictures)]
        add_sound_and_subtitles(film, tracks, sound, metadata.captions, subtitles)
        mux(film, tracks)


def write_tags(film: Any, metadata: ClipMetadata, comment: str, licence: str) -> None:
    """Write the title, a comment, the licence and the chapters into an open film."""
    film.metadata["title"] = metadata.title
    if comment:
        film.metadata["comment"] = comment
    if licence:
        film.metadata["copyright"] = licence
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


def _pictures(timeline: Sequence[TimelineClip], stream: Any) -> Iterator[Any]:
    """The encoded frames of all clips, with their times in the film, evenly spaced.

    A frame that others refer to is decoded before it is shown; all frames are decoded that much earlier.
    """
    ahead = max(_frames_ahead(clip.clip) for clip in timeline)
    for clip in timeline:
        with _opened(clip.clip) as source:
            step = 1 / (Fraction(source.streams.video[0].base_rate) * stream.time_base)
            packets = [packet for packet in source.demux(video=0) if packet.dts is not None]
            start = round(clip.start / stream.time_base)
            shown_at = sorted(packet.pts for packet in packets)
            for number, packet in enumerate(packets):
                place = bisect_left(shown_at, packet.pts)
                packet.pts = start + round(place * step)
                packet.dts = start + round((number - ahead) * step)
                packet.duration = round((place + 1) * step) - round(place * step)
                packet.time_base, packet.stream = stream.time_base, stream
                yield packet


def _frames_ahead(clip: Path) -> int:
    """How many frames before it is shown the first frame is decoded."""
    with _opened(clip) as source:
        stream = source.streams.video[0]
        first = next(source.demux(stream))
        return round((first.pts - first.dts) * stream.time_base * stream.base_rate)


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
