"""WAV files of every kind are read as the samples they hold, and bad ones are refused in one sentence."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import wavfile

from network.errors import KnobsError, SoundError
from network.wav import read_wav

SAMPLES = np.array([[0.0, 0.5], [-1.0, 0.25], [0.75, -0.5]])


@pytest.mark.parametrize(
    ("kind", "scale", "offset"),
    [(np.uint8, 128, 128), (np.int16, 2**15, 0), (np.int32, 2**31, 0), (np.float32, 1, 0), (np.float64, 1, 0)],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_samples_of_every_kind_go_from_minus_1_to_1(
    kind: Any, scale: int, offset: int, channels: int, tmp_path: Path
) -> None:
    stored = (SAMPLES[:, :channels] * scale + offset).astype(kind)
    wavfile.write(tmp_path / "a.wav", 22_050, stored[:, 0] if channels == 1 else stored)
    samples, rate = read_wav(tmp_path / "a.wav")
    assert rate == 22_050 and samples.dtype == np.float32
    assert samples.tolist() == SAMPLES[:, :channels].tolist()


def test_samples_of_24_bits(tmp_path: Path) -> None:
    body = b"".join(sample.to_bytes(3, "little", signed=True) for sample in (0, 1 << 22, -(1 << 23), 1 << 20))
    kind = struct.pack("<HHIIHH", 1, 1, 48_000, 3 * 48_000, 3, 24)
    chunks = b"fmt " + struct.pack("<I", len(kind)) + kind + b"data" + struct.pack("<I", len(body)) + body
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    assert read_wav(tmp_path / "a.wav")[0][:, 0].tolist() == [0, 0.5, -1, 0.125]


def tone(file: Path, channels: int = 1, rate: int = 48_000) -> Path:
    wavfile.write(file, rate, np.full((2_000, channels), 1_000, np.int16))
    return file


def shortened(file: Path, length: int) -> None:
    file.write_bytes(tone(file).read_bytes()[:length])


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (lambda file: shortened(file, 1_000), "is cut off; copy it again from its source"),
    "cut in its header": (lambda file: shortened(file, 30), "is not a readable WAV file; save it again"),
    "text": (lambda file: file.write_text("no sound, but longer than the header of 44 bytes"), "is not a readable"),
    "empty": (lambda file: file.touch(), "is empty; save it again as a 16-bit WAV"),
    "no samples": (lambda file: wavfile.write(file, 48_000, np.zeros(0, np.int16)), "holds no sound; save it again"),
    "six channels": (lambda file: tone(file, channels=6), "has 6 channels; save it in mono or stereo"),
    "one sample a second": (lambda file: tone(file, rate=1), "has 1 samples a second; save it with 48000"),
    "not a number": (lambda file: wavfile.write(file, 48_000, np.array([0, np.nan], np.float32)), "are not numbers"),
    "a folder": (lambda file: file.mkdir(), "cannot be read: Is a directory"),
    "missing": (lambda file: None, "cannot be read: No such file or directory"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_cannot_be_used(kind: str, tmp_path: Path) -> None:
    spoil, problem = BAD[kind]
    file = tmp_path / "spoken.wav"
    spoil(file)
    with pytest.raises(SoundError, match=problem) as error:
        read_wav(file)
    assert isinstance(error.value, KnobsError) and str(error.value).startswith(str(file))
