"""A spoken phrase, cut into words at silences, into syllables where it is faint, into sounds where its tone changes."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from network.errors import KnobsError

Floats = NDArray[np.float64]

# Loudness and spectra are taken over this many seconds, every so many seconds.
WINDOW, STEP = 0.024, 0.004
# A silence is at most this loud, as a share of the loudest; between words it lasts this long, in seconds.
_SILENCE, _PAUSE = 0.01, 0.15
# A syllable's peak stands out from what lies between by this share of the loudest, evened out over so many seconds.
_PROMINENCE, _EVENED = 0.06, 0.03
# Bands of pitch in which tones are compared, up to this many hertz; what is fainter than so many decibels is alike.
_BANDS, _HIGHEST, _FLOOR = 24, 8000.0, -40.0
# The shortest sound, in seconds, without its silence.
_SHORTEST = 0.02


class SoundError(KnobsError, ValueError):
    """A sound file that is missing, damaged or of the wrong kind; the message says which and how to put it right."""


@dataclass(frozen=True, eq=False)
class Sound:
    """samples: (n,) float64, −1 to 1. rate: samples a second."""

    samples: Floats
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class Piece:
    """A stretch of a sound, from `start` up to `stop`, in samples: what it says, and the pieces that it is made of."""

    text: str
    start: int
    stop: int
    pieces: tuple[Piece, ...] = ()


def read_wav(path: Path) -> Sound:
    """Read a WAV file of one channel and 16 bits. SoundError says what is wrong with another."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                kind = f"{file.getnchannels()} channels of {8 * file.getsampwidth()} bits"
                raise SoundError(f"{path} has {kind}; save it as mono, 16 bits")
            promised, rate = file.getnframes(), file.getframerate()
            data = file.readframes(promised)
    except (wave.Error, EOFError) as problem:
        raise SoundError(f"{path} is no WAV file, or damaged ({problem}); fetch it again from its source") from problem
    except OSError as problem:
        raise SoundError(f"{path} cannot be read: {problem.strerror}") from problem
    if len(data) != 2 * promised or not promised:
        raise SoundError(f"{path} is cut off or empty; fetch it again from its source")
    return Sound(np.frombuffer(data, "<i2") / 32768, rate)


def take_apart(sound: Sound, spelling: str) -> Piece:
    """The phrase, made of words, made of syllables, made of sounds; the pieces of a piece lie end to end.

    spelling: what is said, as in "n.u.m-b.er.s b.e-c.o.me": words, syllables and the letters of each sound. Words and
    syllables are found in the sound alone, and must be as many as are spelled. Of the sounds the number is taken from
    the spelling; where one becomes the next is found in the sound. A pause belongs to the piece before it.

    SoundError where the sound has another number of words or syllables.
    """
    spelled = [[syllable.split(".") for syllable in word.split("-")] for word in spelling.split()]
    words = []
    stretches = _between(cuts_at_silences(sound), 0, len(sound.samples))
    _same_number("words", stretches, spelled)
    for (start, stop), word in zip(stretches, spelled, strict=True):
        syllables = []
        parts = _between(cuts_at_dips(sound, start, stop), start, stop)
        _same_number("syllables", parts, word)
        for (first, last), letters in zip(parts, word, strict=True):
            ends = _between(cuts_at_changes(sound, first, last, len(letters)), first, last)
            sounds = tuple(Piece(text, *end) for text, end in zip(letters, ends, strict=True))
            syllables.append(Piece("".join(letters), first, last, sounds))
        words.append(Piece("".join(piece.text for piece in syllables), start, stop, tuple(syllables)))
    return Piece(" ".join(piece.text for piece in words), 0, len(sound.samples), tuple(words))


def loudness(sound: Sound) -> Floats:
    """The root of the mean square over `WINDOW` seconds around every `STEP`, as a share of the greatest, (frames,)."""
    window, step = _in_samples(sound, WINDOW), _in_samples(sound, STEP)
    squares = signal.oaconvolve(sound.samples**2, np.full(window, 1 / window), mode="same")[::step]
    level = np.sqrt(np.maximum(squares, 0))
    share: Floats = level / max(float(level.max()), 1e-9)
    return share


def sounding(sound: Sound, piece: Piece) -> tuple[int, int]:
    """Where a piece is to be heard, in samples: without the silence at its ends."""
    step = _in_samples(sound, STEP)
    heard = np.flatnonzero(loudness(sound)[piece.start // step : piece.stop // step] >= _SILENCE)
    if not len(heard):
        return piece.start, piece.stop
    return piece.start + int(heard[0]) * step, min(piece.start + (int(heard[-1]) + 1) * step, piece.stop)


def cuts_at_silences(sound: Sound) -> list[int]:
    """Where a silence of 0.15 s or more ends and the sound goes on, in samples."""
    silent = loudness(sound) < _SILENCE
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]])))
    pauses = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if (b - a) * STEP >= _PAUSE]
    return [int(b) * _in_samples(sound, STEP) for a, b in pauses if a > 0 and b < len(silent)]


def cuts_at_dips(sound: Sound, start: int, stop: int) -> list[int]:
    """The faintest place between two peaks of loudness, between `start` and `stop`, in samples."""
    step = _in_samples(sound, STEP)
    even = np.hanning(2 * round(_EVENED / STEP) + 1)
    level = np.convolve(loudness(sound), even / even.sum(), mode="same")[start // step : stop // step]
    peaks, _ = signal.find_peaks(np.concatenate([[0], level, [0]]), prominence=_PROMINENCE)
    peaks -= 1
    return [start + step * int(a + np.argmin(level[a:b])) for a, b in zip(peaks, peaks[1:], strict=False)]


def cuts_at_changes(sound: Sound, start: int, stop: int, count: int) -> list[int]:
    """Where `count` sounds between `start` and `stop` meet, in samples: so that each is as even in tone as can be.

    Of all ways to cut, it is that with the least sum of squared differences between the spectra of a stretch and their
    mean, found by dynamic programming (R. Bellman, "On the approximation of curves by line segments using dynamic
    programming", Communications of the ACM 4, 1961). Silence counts for nothing.
    """
    step = _in_samples(sound, STEP)
    frames = slice(start // step, stop // step)
    tones = spectra(sound)[frames]
    heard = (loudness(sound)[frames] >= _SILENCE).astype(np.float64)
    # Sums up to each frame, from which those of every stretch from row to column follow.
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
    """How loud each band of pitch is around every `STEP`, in decibels below the loudest, (frames, bands)."""
    window, step = _in_samples(sound, WINDOW), _in_samples(sound, STEP)
    transform = signal.ShortTimeFFT(signal.windows.hann(window), step, sound.rate, mfft=1024)
    power = np.abs(transform.stft(sound.samples, p0=0, p1=-(-len(sound.samples) // step))) ** 2
    # Bands of equal width on the mel scale (O'Shaughnessy 1987), as the ear hears them.
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + _HIGHEST / 700), _BANDS + 1) / 2595) - 1)
    band = np.digitize(transform.f, edges) - 1
    bands = np.stack([power[band == k].mean(axis=0) for k in range(_BANDS)], axis=1)
    decibels: Floats = 10 * np.log10(np.maximum(bands / max(bands.max(), 1e-12), 10 ** (_FLOOR / 10)))
    return decibels


def _same_number(what: str, found: Sequence[object], spelled: Sequence[object]) -> None:
    if len(found) != len(spelled):
        raise SoundError(f"the sound has {len(found)} {what} where {len(spelled)} are spelled; correct the spelling")


def _between(cuts: list[int], start: int, stop: int) -> list[tuple[int, int]]:
    places = [start, *cuts, stop]
    return list(zip(places, places[1:], strict=False))


def _in_samples(sound: Sound, seconds: float) -> int:
    return max(round(seconds * sound.rate), 1)
