"""A recording as it goes into the lesson: without the silence around it, and as loud as everything else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from network.errors import SoundError
from network.paths import display_path
from network.wav import read_wav
from scenes.voice.loudness import level, loudness
from scenes.voice.samples import RATE, Samples, read_sound

LONGEST = 600.0  # seconds

_WINDOW = RATE // 100
# A moment is part of what is said if it is less than this many dB softer than its loud moments.
_SOFTER = 35.0
# What is left of the silence before and after, in seconds: breath and the last consonant are softer than that.
_BEFORE, _AFTER = 0.06, 0.15
_SILENT = -60.0  # LUFS
_CLIPPED = 0.999
_IN_A_ROW = 4  # samples at the limit; fewer may be a peak that just fits


@dataclass(frozen=True)
class Recording:
    """A recording that is ready to be heard. samples: (channels, n). warning: a sentence, or empty."""

    samples: Samples
    warning: str = ""

    @property
    def seconds(self) -> float:
        return self.samples.shape[1] / RATE


def prepare_recording(wav: Path) -> Recording:
    """Trim a WAV file of any usual kind, and level it to `loudness.LEVEL`.

    SoundError if it cannot be used: its message says why, and what to do.
    """
    samples, warning = check_recording(wav)
    return Recording(level(samples), warning)


def check_recording(wav: Path) -> tuple[Samples, str]:
    """A WAV file without the silence around it, and a sentence about how it will sound, or an empty one.

    SoundError if it cannot be used. Levelling it would take ten times as long.
    """
    samples = read_sound(wav)
    clipped = _clipped(read_wav(wav)[0].T)  # before it is resampled
    samples = samples - samples.mean(axis=1, keepdims=True)  # the offset of a cheap sound card
    if loudness(samples) < _SILENT:
        raise SoundError(f"{display_path(wav)} is silent; record it again with the microphone turned up")
    samples = trim(samples)
    seconds = samples.shape[1] / RATE
    if seconds > LONGEST:
        raise SoundError(
            f"{display_path(wav)} is {seconds / 60:.0f} minutes long, and {LONGEST / 60:.0f} is the most; "
            "cut it into a file for each beat"
        )
    warning = ""
    if clipped:
        warning = f"{display_path(wav)} was recorded too loud and sounds harsh; record it again, a little softer"
    return samples, warning


def trim(samples: Samples) -> Samples:
    """The samples without the silence at both ends, but for a moment of it."""
    whole = samples.shape[1] // _WINDOW * _WINDOW
    if not whole:
        return samples
    energies = np.square(samples[:, :whole], dtype=np.float64).mean(axis=0).reshape(-1, _WINDOW).mean(axis=1)
    # The loudest tenth of a second, so that a click decides nothing.
    loud = np.sort(energies)[-10:].mean() * 10 ** (-_SOFTER / 10)
    said = np.flatnonzero(energies > loud)
    if not said.size:
        return samples
    start = max(0, said[0] * _WINDOW - round(_BEFORE * RATE))
    return samples[:, start : (said[-1] + 1) * _WINDOW + round(_AFTER * RATE)]


def _clipped(samples: Samples) -> int:
    """How often a sound stays at the limit of what a file can hold."""
    runs = 0
    for channel in np.abs(samples) >= _CLIPPED:
        edges = np.flatnonzero(np.diff(channel, prepend=False, append=False))
        runs = max(runs, int((edges[1::2] - edges[::2] >= _IN_A_ROW).sum()))
    return runs
