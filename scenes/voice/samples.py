"""Sound as arrays: (channels, n) samples from −1 to 1, `RATE` of them a second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from network.wav import read_wav

Samples = NDArray[np.float32]

# Samples a second of every sound track that we write.
RATE = 48_000


def read_sound(wav: Path) -> Samples:
    """A WAV file in mono or stereo, brought to `RATE`. SoundError if it cannot be used."""
    sound, rate = read_wav(wav)
    if rate != RATE:
        from scipy.signal import resample_poly

        sound = resample_poly(sound, RATE, rate, axis=0)
    return np.ascontiguousarray(sound.T, np.float32)


def with_channels(samples: Samples, channels: int) -> Samples:
    """The same sound with 1 or 2 channels."""
    if len(samples) > channels:
        return samples.mean(axis=0, keepdims=True)
    return np.repeat(samples, channels // len(samples), axis=0)
