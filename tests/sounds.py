"""Sounds for tests: made, written, decoded and found again."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from scipy.io import wavfile

from scenes.voice.samples import RATE


def noise(seconds: float, rate: int = RATE, channels: int = 1, seed: int = 0) -> np.ndarray:
    """A sound in which every moment is different, (n, channels), and which loses little when it is encoded."""
    rng = np.random.default_rng(seed)
    n = round(seconds * rate)
    steps = rng.normal(size=(n // 24 + 2, channels))
    smooth = np.stack([np.interp(np.arange(n) / 24, np.arange(len(steps)), steps[:, c]) for c in range(channels)], 1)
    return (0.2 * smooth).clip(-1, 1)


def write(file: Path, sound: np.ndarray, rate: int = RATE) -> Path:
    file.parent.mkdir(exist_ok=True, parents=True)
    wavfile.write(file, rate, (sound * 32767).astype(np.int16))
    return file


def heard(film: Path, codec: str = "aac") -> np.ndarray:
    """What a player plays, (channels, n), from time 0 on."""
    with av.open(film) as container:
        (stream,) = container.streams.audio
        assert (stream.codec_context.name, stream.rate) == (codec, RATE)
        decoded = list(container.decode(stream))
    assert decoded[0].time == pytest.approx(0, abs=1e-6)
    return np.concatenate([frame.to_ndarray() for frame in decoded], axis=1)


def place_of(sound: np.ndarray, inside: np.ndarray) -> int:
    """The sample of a longer sound at which a shorter one matches best."""
    size = len(inside) + len(sound)
    matched = np.fft.irfft(np.fft.rfft(inside, size) * np.conj(np.fft.rfft(sound, size)), size)
    return int(np.argmax(matched[: len(inside)]))
