"""WAV files as arrays of samples."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.render.narration import NarrationError
from network.files import display_path

# Samples a second of every sound track that we write.
RATE = 48_000
_RATES = range(4_000, 768_001)


def check_sounds(wavs: Iterable[Path]) -> None:
    """NarrationError for the first WAV file that cannot be used."""
    for wav in wavs:
        _read(wav)


def seconds_of_sound(wav: Path) -> float:
    """The length of a WAV file in seconds. NarrationError if it cannot be used."""
    rate, samples = _read(wav)
    return len(samples) / rate


def read_sound(wav: Path, channels: int) -> NDArray[np.float32]:
    """A WAV file as (channels, n) samples from −1 to 1, `RATE` of them a second; channels is 1 or 2.

    NarrationError if it cannot be used.
    """
    rate, samples = _read(wav)
    sound = _as_shares(samples)
    if not np.isfinite(sound).all():
        raise NarrationError(
            f"{display_path(wav)} holds samples that are no numbers; save it again as a WAV of 16 bits"
        )
    if rate != RATE:
        from scipy.signal import resample_poly

        sound = resample_poly(sound, RATE, rate, axis=0).astype(np.float32)
    if sound.shape[1] > channels:
        sound = sound.mean(axis=1, keepdims=True)
    spread = np.repeat(sound.T, channels // sound.shape[1], axis=0)
    return np.ascontiguousarray(spread.clip(-1, 1), np.float32)


def channels_of(wav: Path) -> int:
    """1 or 2."""
    return int(_read(wav)[1].shape[1])


def _read(wav: Path) -> tuple[int, NDArray[Any]]:
    """The rate of a WAV file and its samples as they are stored, (n, channels)."""
    from scipy.io import wavfile

    again = "save it again as a WAV of 16 bits"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of chunks that are no sound
            warnings.filterwarnings("error", "Reached EOF prematurely", wavfile.WavFileWarning)
            rate, samples = wavfile.read(wav)
    except wavfile.WavFileWarning as problem:
        raise NarrationError(f"{display_path(wav)} is cut off; copy it again from its source") from problem
    except OSError as problem:
        raise NarrationError(f"{display_path(wav)} cannot be read: {problem.strerror or problem}") from problem
    except Exception as problem:  # of a damaged header SciPy makes errors of every kind
        if wav.stat().st_size == 0:
            raise NarrationError(f"{display_path(wav)} is empty; {again}") from problem
        raise NarrationError(f"{display_path(wav)} is no WAV file that can be read; {again}") from problem
    if samples.ndim == 1:
        samples = samples[:, None]
    if not samples.size:
        raise NarrationError(f"{display_path(wav)} holds no sound; {again}")
    if samples.shape[1] > 2:
        raise NarrationError(f"{display_path(wav)} has {samples.shape[1]} channels; save it in mono or stereo")
    if rate not in _RATES:
        raise NarrationError(f"{display_path(wav)} has {rate} samples a second; save it with {RATE}")
    return int(rate), samples


def _as_shares(samples: NDArray[Any]) -> NDArray[np.float32]:
    if samples.dtype.kind == "f":
        return samples.astype(np.float32)
    if samples.dtype.kind == "u":  # 8 bits, with 128 for silence
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    # SciPy puts samples of 24 bits into the upper ones of 32.
    return samples.astype(np.float32) / np.float32(-float(np.iinfo(samples.dtype).min))
