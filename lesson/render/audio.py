"""The sound of WAV files, as sound tracks need it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from network.wav import read_wav

# Samples a second of every sound track that we write.
RATE = 48_000


def check_sounds(wavs: Iterable[Path]) -> None:
    """Raise SoundError for the first WAV file that cannot be used."""
    for wav in wavs:
        read_wav(wav)


def seconds_of_sound(wav: Path) -> float:
    """The length of a WAV file in seconds. SoundError if it cannot be used."""
    samples, rate = read_wav(wav)
    return len(samples) / rate


def read_sound(wav: Path, channels: int) -> NDArray[np.float32]:
    """A WAV file as (channels, n) samples from −1 to 1, `RATE` of them a second; channels is 1 or 2.

    SoundError if it cannot be used.
    """
    sound, rate = read_wav(wav)
    if rate != RATE:
        from scipy.signal import resample_poly

        sound = resample_poly(sound, RATE, rate, axis=0).astype(np.float32)
    if sound.shape[1] > channels:
        sound = sound.mean(axis=1, keepdims=True)
    spread = np.repeat(sound.T, channels // sound.shape[1], axis=0)
    return np.ascontiguousarray(spread.clip(-1, 1), np.float32)


def channels_of(wav: Path) -> int:
    """How many channels a WAV file has: 1 or 2."""
    return int(read_wav(wav)[0].shape[1])
