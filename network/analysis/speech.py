"""Cuts a spoken phrase into words at silences, syllables at faint moments, and sounds where the tone changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from network.errors import SoundError
from network.wav import read_wav

Floats = NDArray[np.float64]

# Loudness and spectra are measured over windows of this length, one every STEP; both in seconds.
WINDOW, STEP = 0.024, 0.004
# The loudest that still counts as silence, as a share of the loudest moment.
_SILENCE = 0.01
# The shortest silence between two words, in seconds.
_PAUSE = 0.15
# How far the peak of a syllable stands out from the dips around it, as a share of the loudest moment.
_PROMINENCE = 0.06
# Loudness is smoothed over this many seconds before its peaks are looked for.
_SMOOTHED = 0.03
# Tones are compared in this many bands of pitch, up to a highest pitch in hertz.
_BANDS, _HIGHEST = 24, 8000.0
# Whatever is fainter than this, in decibels, counts as equally faint.
_FLOOR = -40.0
# The shortest sound, in seconds, without its silence.
_SHORTEST = 0.02


@dataclass(frozen=True, eq=False)
class Sound:
    """A recording in mono. samples: (n,), −1 to 1. rate: samples a second."""

    samples: Floats
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class SpeechUnit:
    """A phrase, word, syllable or single sound: what it says, where it is, and the smaller units that it is made of.

    It runs from sample `start` up to, but not including, `stop`.
    """

    text: str
    start: int
    stop: int
    units: tuple[SpeechUnit, ...] = ()


def read_speech(path: Path) -> Sound:
    """Read a WAV file; a stereo recording is mixed down to mono. SoundError if it cannot be used."""
    samples, rate = read_wav(path)
    return Sound(samples.mean(axis=1, dtype=np.float64), rate)


def cut_into_sounds(sound: Sound, spelling: str) -> SpeechUnit:
    """Cut a phrase into words, words into syllables, and syllables into sounds. Neighbouring units leave no gap.

    spelling: what is said, as in "n.u.m-b.er.s b.e-c.o.me": words, syllables and the letters of each sound. Words and
    syllables are found in the recording alone, and there must be as many as are spelled. The number of sounds is taken
    from the spelling; where one turns into the next is found in the recording. A pause belongs to the unit before it.

    SoundError if the recording has a different number of words or syllables.
    """
    spelled = [[syllable.split(".") for syllable in word.split("-")] for word in spelling.split()]
    words = []
    stretches = _between(cuts_at_silences(sound), 0, len(sound.samples))
    _check_number("words", stretches, spelled)
    for (start, stop), word in zip(stretches, spelled, strict=True):
        syllables = []
        parts = _between(cuts_at_dips(sound, start, stop), start, stop)
        _check_number("syllables", parts, word)
        for (first, last), letters in zip(parts, word, strict=True):
            ends = _between(cuts_at_changes(sound, first, last, len(letters)), first, last)
            sounds = tuple(SpeechUnit(text, *end) for text, end in zip(letters, ends, strict=True))
            syllables.append(SpeechUnit("".join(letters), first, last, sounds))
        words.append(SpeechUnit("".join(unit.text for unit in syllables), start, stop, tuple(syllables)))
    return SpeechUnit(" ".join(unit.text for unit in words), 0, len(sound.samples), tuple(words))


def levels_of(phrase: SpeechUnit) -> list[tuple[SpeechUnit, ...]]:
    """The phrase alone, its words, their syllables, and their sounds: a tuple for each level."""
    levels: list[tuple[SpeechUnit, ...]] = [(phrase,)]
    for _ in range(3):
        levels.append(tuple(unit for larger in levels[-1] for unit in larger.units))
    return levels


def parents_of(larger: Sequence[SpeechUnit], smaller: Sequence[SpeechUnit]) -> list[int]:
    """For each of the smaller units, the index of the larger one that it is part of."""
    return [next(n for n, unit in enumerate(larger) if small.start < unit.stop) for small in smaller]


def loudness(sound: Sound) -> Floats:
    """The root mean square of the samples around every `STEP`, as a share of the greatest, (frames,)."""
    window, step = _in_samples(sound, WINDOW), _in_samples(sound, STEP)
    squares = signal.oaconvolve(sound.samples**2, np.full(window, 1 / window), mode="same")[::step]
    level = np.sqrt(np.maximum(squares, 0))
    share: Floats = level / max(float(level.max()), 1e-9)
    return share


def levels(sound: Sound, count: int) -> Floats:
    """How loud the sound is in each of `count` equally long parts, at most, as a share of the greatest, (count,)."""
    parts = np.array_split(loudness(sound), count)
    greatest: Floats = np.array([part.max() if len(part) else 0.0 for part in parts])
    return greatest


def sounding(sound: Sound, unit: SpeechUnit) -> tuple[int, int]:
    """Where a unit can be heard, without the silence at its ends: its first sample, and the one after its last."""
    step = _in_samples(sound, STEP)
    heard = np.flatnonzero(loudness(sound)[unit.start // step : unit.stop // step] >= _SILENCE)
    if not len(heard):
        return unit.start, unit.stop
    return unit.start + int(heard[0]) * step, min(unit.start + (int(heard[-1]) + 1) * step, unit.stop)


def cuts_at_silences(sound: Sound) -> list[int]:
    """The samples at which a silence of 0.15 s or more ends and the sound goes on."""
    silent = loudness(sound) < _SILENCE
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]])))
    pauses = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if (b - a) * STEP >= _PAUSE]
    return [int(b) * _in_samples(sound, STEP) for a, b in pauses if a > 0 and b < len(silent)]


def cuts_at_dips(sound: Sound, start: int, stop: int) -> list[int]:
    """The samples between `start` and `stop` that are the faintest between two peaks of loudness."""
    step = _in_samples(sound, STEP)
    even = np.hanning(2 * round(_SMOOTHED / STEP) + 1)
    level = np.convolve(loudness(sound), even / even.sum(), mode="same")[start // step : stop // step]
    peaks, _ = signal.find_peaks(np.concatenate([[0], level, [0]]), prominence=_PROMINENCE)
    peaks -= 1
    return [start + step * int(a + np.argmin(level[a:b])) for a, b in zip(peaks, peaks[1:], strict=False)]


def cuts_at_changes(sound: Sound, start: int, stop: int, count: int) -> list[int]:
    """The samples between `start` and `stop` at which `count` sounds meet, so that each has as even a tone as possible.

    Of all ways to cut, this is the one with the least sum of squared differences between the spectra of each sound and
    their mean. It is found by dynamic programming (R. Bellman, "On the approximation of curves by line segments using
    dynamic programming", Communications of the ACM 4, 1961). Silence does not count.
    """
    step = _in_samples(sound, STEP)
    frames = slice(start // step, stop // step)
    tones = spectra(sound)[frames]
    heard = (loudness(sound)[frames] >= _SILENCE).astype(np.float64)
    # Sums up to each frame; the sum over any stretch, from row to column, is the difference between two of them.
    many, first, second = (
        np.concatenate([np.zeros((1, x.shape[1])), np.cumsum(x * heard[:, None], axis=0)])
        for x in (np.ones((len(tones), 1)), tones, tones**2)
    )
    length = (many[None] - many[:, None])[..., 0]
    spread = (second[None] - second[:, None]).sum(-1) - ((first[None] - first[:, None]) ** 2).sum(-1) / np.maximum(
        length, 1e-9
    )
    shortest = min(round(_SHORTEST / STEP), int(length[0, -1]) // count)
    spread[length < max(shortest, 1)] = np.inf
    best, came_from = spread[0], []
    for _ in range(count - 1):
        through = best[:, None] + spread
        came_from.append(through.argmin(axis=0))
        best = through.min(axis=0)
    if not np.isfinite(best[-1]):
        raise SoundError(f"there is no room for {count} sounds between samples {start} and {stop}")
    cuts, place = [], len(tones)
    for sources in reversed(came_from):
        place = int(sources[place])
        cuts.append(start + step * place)
    return cuts[::-1]


def spectra(sound: Sound) -> Floats:
    """How loud each band of pitch is around every `STEP`, in decibels relative to the loudest, (frames, bands)."""
    window, step = _in_samples(sound, WINDOW), _in_samples(sound, STEP)
    transform = signal.ShortTimeFFT(signal.windows.hann(window), step, sound.rate, mfft=1024)
    power = np.abs(transform.stft(sound.samples, p0=0, p1=-(-len(sound.samples) // step))) ** 2
    # Bands of equal width on the mel scale (O'Shaughnessy 1987), as the ear hears them.
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + _HIGHEST / 700), _BANDS + 1) / 2595) - 1)
    band = np.digitize(transform.f, edges) - 1
    bands = np.stack([power[band == k].mean(axis=0) for k in range(_BANDS)], axis=1)
    decibels: Floats = 10 * np.log10(np.maximum(bands / max(bands.max(), 1e-12), 10 ** (_FLOOR / 10)))
    return decibels


def _check_number(what: str, found: Sequence[object], spelled: Sequence[object]) -> None:
    if len(found) != len(spelled):
        raise SoundError(f"the recording has {len(found)} {what}, but {len(spelled)} are spelled; correct the spelling")


def _between(cuts: list[int], start: int, stop: int) -> list[tuple[int, int]]:
    places = [start, *cuts, stop]
    return list(zip(places, places[1:], strict=False))


def _in_samples(sound: Sound, seconds: float) -> int:
    return max(round(seconds * sound.rate), 1)
