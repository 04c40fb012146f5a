"""WAV files as arrays of samples."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.errors import SoundError
from network.paths import display_path

_RATES = range(4_000, 768_001)


def read_wav(path: Path) -> tuple[NDArray[np.float32], int]:
    """Read a WAV file in mono or stereo: its samples, (n, channels) from −1 to 1, and their number per second.

    It reads files of 8 to 32 bits, and files of floating-point numbers, which may go beyond −1 and 1. SoundError if
    the file cannot be used; its message says why, and what to do.
    """
    from scipy.io import wavfile

    again = "save it again as a 16-bit WAV"
    name = display_path(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # about chunks that are not sound
            warnings.filterwarnings("error", "Reached EOF prematurely", wavfile.WavFileWarning)
            rate, stored = wavfile.read(path)
    except wavfile.WavFileWarning as problem:
        raise SoundError(f"{name} is cut off; copy it again from its source") from problem
    except OSError as problem:
        raise SoundError(f"{name} cannot be read: {problem.strerror or problem}") from problem
    except Exception as problem:  # a damaged header makes SciPy raise errors of every kind
        if path.stat().st_size == 0:
            raise SoundError(f"{name} is empty; {again}") from problem
        raise SoundError(f"{name} is not a readable WAV file; {again}") from problem
    if stored.ndim == 1:
        stored = stored[:, None]
    if not stored.size:
        raise SoundError(f"{name} holds no sound; {again}")
    if stored.shape[1] > 2:
        raise SoundError(f"{name} has {stored.shape[1]} channels; save it in mono or stereo")
    if rate not in _RATES:
        raise SoundError(f"{name} has {rate} samples a second; save it with 48000")
    samples = _scaled(stored)
    if not np.isfinite(samples).all():
        raise SoundError(f"{name} holds samples that are not numbers; {again}")
    return samples, int(rate)


def _scaled(stored: NDArray[Any]) -> NDArray[np.float32]:
    """Stored samples as shares of the largest value that their type can hold."""
    if stored.dtype.kind == "f":
        return stored.astype(np.float32)
    if stored.dtype.kind == "u":  # 8 bits, with 128 for silence
        return (stored.astype(np.float32) - np.float32(128)) / np.float32(128)
    # SciPy puts samples of 24 bits into the upper bits of 32.
    return stored.astype(np.float32) / np.float32(-float(np.iinfo(stored.dtype).min))
