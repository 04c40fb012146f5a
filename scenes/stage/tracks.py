"""The tracks of an MP4: its pictures, which are never encoded again, its sound and its subtitles."""

from __future__ import annotations

import errno
import heapq
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np

from network.files import remove_abandoned_files, unfinished_file
from scenes.language import current, told_in
from scenes.stage.mp4 import boxes, is_whole
from scenes.voice.cues import Caption, Subtitles
from scenes.voice.loudness import LIMIT, true_peak
from scenes.voice.phrasing import written_lines
from scenes.voice.samples import RATE, Samples

_THOUSANDTH = Fraction(1, 1000)
# FFmpeg's AAC encoder overdrives moments, by up to 3.6 dB, where it shapes its noise in time; without that, by less
# than 1 dB in half an hour of speech.
_AAC_OPTIONS = {"aac_tns": "0"}
# Bits a second, by the number of channels. Where a moment is overdriven nevertheless, more bits are tried.
_SOUND_BIT_RATES = {1: (128_000, 160_000, 192_000, 256_000), 2: (192_000, 224_000, 256_000, 320_000)}
_AT_ONCE = 10 * RATE  # samples that are encoded at once
_FRAMES_AT_ONCE = 500  # decoded frames that are measured at once
# The header of every caption track: the default style of its text.
_CAPTION_STYLE = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    "MarginV, Encoding\n"
    "Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def finish_clip(clip: Path, sound: Samples | None, subtitles: Sequence[Caption]) -> None:
    """Give a silent MP4 its sound and its subtitles, in the language that is told in.

    Its pictures are copied packet by packet.

    sound: (channels, n); None leaves the clip silent. OSError if it cannot be written; then the old file stays.
    """
    if sound is None and not subtitles:
        return

    def write(file: Path) -> None:
        with av.open(clip) as silent, open_mp4(file) as film:
            film.metadata.update(silent.metadata)
            source = silent.streams.video[0]
            pictures = film.add_stream_from_template(source)
            pictures.time_base = source.time_base
            tracks = [_copied(silent.demux(source), pictures)]
            add_sound_and_subtitles(film, tracks, sound, subtitles)
            mux(film, tracks)

    write_film(clip, write)


def write_film(target: Path, write: Callable[[Path], None]) -> None:
    """Write an MP4 completely or not at all. `write` is given the file to write. OSError if it cannot be written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned_files(target.parent)
    try:
        with unfinished_file(target) as film:
            write(film)
            turn_captions_off(film)
            if not is_whole(film):
                raise OSError(errno.ENOSPC, "it could not be written to the end", str(target))
            os.replace(film, target)
    except av.FFmpegError as problem:
        if problem.errno is None:
            raise
        raise OSError(problem.errno, problem.strerror, str(target)) from problem


def open_mp4(file: Path) -> Any:
    """A new MP4 whose index comes first, so that it plays before it is completely loaded."""
    return av.open(file, "w", format="mp4", container_options={"movflags": "+faststart"})


def add_sound_and_subtitles(
    film: Any,
    tracks: list[Iterator[Any]],
    sound: Samples | Path | None,
    subtitles: Sequence[Caption],
    others: Iterable[Subtitles] = (),
) -> None:
    """Add a sound track and a caption track to an open MP4, and their packets to those of its other tracks.

    sound: for a file, its sound is copied packet by packet, if it has any. subtitles: in the language that is told in.
    others: in further languages, each a track.
    """
    if isinstance(sound, Path):
        tracks += _copied_sound(sound, film)
    elif sound is not None:
        tracks += _copied_sound(clean_aac(sound), film)
    for one in (Subtitles(current().code, tuple(subtitles)), *others):
        if one.captions:
            with told_in(one.language):
                track = caption_track(film)
                tracks.append(iter([caption_packet(caption, track) for caption in one.captions]))


def sound_of(clip: Path) -> Samples | None:
    """The sound of a clip as it is heard, from time 0 on; None for a silent clip."""
    with av.open(clip) as film:
        if not film.streams.audio:
            return None
        frames = list(film.decode(audio=0))
        late = round((frames[0].time or 0) * RATE)
        return np.pad(np.concatenate([frame.to_ndarray() for frame in frames], axis=1), ((0, 0), (late, 0)))


def mux(film: Any, tracks: Iterable[Iterable[Any]]) -> None:
    """Write the packets of several tracks in the order of their times."""
    for packet in heapq.merge(*tracks, key=lambda packet: packet.dts * packet.time_base):
        film.mux(packet)


def caption_track(film: Any) -> Any:
    """Add a caption track in the language that is told in to an open film; its times are milliseconds."""
    track = film.add_stream("mov_text")
    track.codec_context.subtitle_header = _CAPTION_STYLE.encode()
    track.time_base = _THOUSANDTH
    track.metadata["language"] = current().three_letters
    return track


def caption_packet(caption: Caption, track: Any) -> Any:
    """A caption as a packet: the length of its text in two bytes, then the text."""
    text = written_lines(caption.sentence).encode()
    packet = av.Packet(len(text).to_bytes(2, "big") + text)
    packet.stream, packet.time_base = track, _THOUSANDTH
    packet.pts = packet.dts = round(caption.start * 1000)
    packet.duration = round(caption.stop * 1000) - packet.pts
    return packet


def clean_aac(samples: Samples) -> BinaryIO:
    """A sound as the AAC track of an MP4, at the first bit rate at which no true peak of it is above `LIMIT`."""
    for rate in _SOUND_BIT_RATES[len(samples)]:
        encoded = BytesIO()
        with av.open(encoded, "w", format="mp4") as film:
            mux(film, [sound_packets(samples, sound_track(film, "aac", len(samples), rate))])
        encoded.seek(0)
        peak = _peak_of(encoded)
        encoded.seek(0)
        if peak < LIMIT:
            break
    return encoded


def _peak_of(film: BinaryIO) -> float:
    """The highest true peak of the sound of a film, in dBTP."""
    highest = -np.inf
    with av.open(film, "r") as opened:
        frames = (frame.to_ndarray() for frame in opened.decode(audio=0))
        while block := list(islice(frames, _FRAMES_AT_ONCE)):
            highest = max(highest, true_peak(np.concatenate(block, axis=1)))
    return highest


def sound_track(film: Any, codec: str, channels: int, bit_rate: int = 0) -> Any:
    """Add a sound track in the language that is told in to an open film. bit_rate: 0 for the usual one."""
    layout = "stereo" if channels == 2 else "mono"
    track = film.add_stream(codec, rate=RATE, layout=layout, options=_AAC_OPTIONS if codec == "aac" else {})
    track.bit_rate = bit_rate or _SOUND_BIT_RATES[channels][0]
    track.codec_context.thread_count = 1
    track.metadata["language"] = current().three_letters
    return track


def sound_packets(samples: Samples, track: Any) -> Iterator[Any]:
    """Sound as encoded packets, from time 0 on.

    An encoder hears its first samples late. It gives them times before 0, so that players leave out what precedes.
    """
    for at in range(0, samples.shape[1], _AT_ONCE):
        block = np.ascontiguousarray(samples[:, at : at + _AT_ONCE], np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=track.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
        yield from track.encode(frame)
    yield from track.encode(None)


def turn_captions_off(film: Path) -> None:
    """Mark the captions as off until the viewer turns them on: the voice says the same sentences.

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


def _copied(packets: Iterable[Any], track: Any) -> Iterator[Any]:
    for packet in packets:
        if packet.dts is not None:
            packet.stream = track
            yield packet


def _copied_sound(clip: Path | BinaryIO, film: Any) -> list[Iterator[Any]]:
    with av.open(clip, "r") as source:
        if not source.streams.audio:
            return []
        stream = source.streams.audio[0]
        track = film.add_stream_from_template(stream)
        track.time_base = stream.time_base
        track.metadata.update(stream.metadata)
        return [iter(list(_copied(source.demux(stream), track)))]
