"""The sound track of a scene or of the film: everything that is said or heard, each at its time, evenly loud."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from network.errors import SoundError
from network.paths import display_path
from scenes.settings import ROOT
from scenes.voice.loudness import LEVEL, decibels, level, loudness
from scenes.voice.narration import Beat, PlayedSound
from scenes.voice.samples import RATE, Samples, read_sound, with_channels

_FADE = RATE // 200  # samples at both ends of a sound: 5 ms
# A clause may differ from the rest of its voice; only what differs by more LU than this is heard as uneven.
_CORRECTED_UP_TO = 5.0
_QUIETEST = -50.0  # LUFS; what is below is not made louder than that


@dataclass(frozen=True)
class PlacedSound:
    """A WAV file, and when it begins, in seconds.

    voice: whose it is; the sounds of one voice are levelled together. gain: decibels by which it is to be louder.
    """

    start: float
    file: Path
    voice: str = ""
    gain: float = 0.0


def placed_sounds(beats: Iterable[Beat], sounds: Iterable[PlayedSound], speech: Path) -> list[PlacedSound]:
    """All that is heard in a scene, by start.

    speech: the folder of the speech cache, which the names of the spoken clauses belong to; a path is that of a file,
    from the project's folder if it is relative.
    """
    heard = [
        PlacedSound(clause.start, _file_of(clause.sound, speech), beat.voice or "a voice")
        for beat in beats
        for clause in beat.clauses
        if clause.sound
    ]
    heard += [PlacedSound(one.start, _file_of(one.file, speech), one.file, one.gain) for one in sounds]
    return sorted(heard, key=lambda sound: sound.start)


def mix(sounds: Sequence[PlacedSound], seconds: float) -> Samples | None:
    """The sound track, (channels, seconds × `RATE`), at `loudness.LEVEL`; None if nothing is heard.

    It is in stereo if one of the sounds is. Sounds that overlap are heard together; what lies before the beginning or
    after the end is left out. SoundError for a file that cannot
    be used or is missing.
    """
    if not sounds:
        return None
    loaded = {file: _read(file) for file in dict.fromkeys(sound.file for sound in sounds)}
    channels = max(map(len, loaded.values()))
    loaded = {file: with_channels(samples, channels) for file, samples in loaded.items()}
    gains = _gains(sounds, loaded)
    track = np.zeros((channels, round(seconds * RATE)), np.float32)
    for sound in sounds:
        at = round(sound.start * RATE)
        samples = loaded[sound.file][:, max(0, -at) : max(0, track.shape[1] - at)]
        at = max(0, at)
        track[:, at : at + samples.shape[1]] += _faded(samples) * decibels(gains[sound])
    return level(track)


def later(sounds: Iterable[PlacedSound], seconds: float) -> list[PlacedSound]:
    """The same sounds, as many seconds later."""
    return [replace(sound, start=sound.start + seconds) for sound in sounds]


def _gains(sounds: Sequence[PlacedSound], loaded: dict[Path, Samples]) -> dict[PlacedSound, float]:
    """For each sound a gain in dB that brings it to `LEVEL`, the same from its start to its end.

    It stays near that of its voice: a short word, or a soft one, is not made as loud as a whole sentence.
    """
    measured = {file: loudness(samples) for file, samples in loaded.items()}
    of_voice: dict[str, list[float]] = defaultdict(list)
    for sound in sounds:
        if np.isfinite(measured[sound.file]):
            of_voice[sound.voice].append(measured[sound.file])
    usual = {voice: max(float(np.median(found)), _QUIETEST) for voice, found in of_voice.items()}
    gains = {}
    for sound in sounds:
        middle = usual.get(sound.voice, LEVEL)
        found = np.clip(measured[sound.file], middle - _CORRECTED_UP_TO, middle + _CORRECTED_UP_TO)
        gains[sound] = LEVEL - float(found) + sound.gain
    return gains


def _faded(samples: Samples) -> Samples:
    """A sound that rises from silence and falls back to it, so that neither end clicks."""
    length = min(_FADE, samples.shape[1] // 2)
    rise = np.sin(np.linspace(0, np.pi / 2, length, endpoint=False, dtype=np.float32)) ** 2
    faded = samples.copy()
    faded[:, :length] *= rise
    faded[:, samples.shape[1] - length :] *= rise[::-1]
    return faded


def _file_of(sound: str, speech: Path) -> Path:
    spoken = speech / sound
    return spoken if spoken.exists() or Path(sound).is_absolute() or len(Path(sound).parts) == 1 else ROOT / sound


def _read(file: Path) -> Samples:
    if not file.exists():
        raise SoundError(f"{display_path(file)} is missing; render the scene that it belongs to again with --force")
    return read_sound(file)
