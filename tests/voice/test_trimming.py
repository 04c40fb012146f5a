"""Recordings: every usual kind of WAV is the same sound, and a bad one is refused in one sentence."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from network.errors import SoundError
from scenes.voice.loudness import CEILING, LEVEL, loudness, true_peak
from scenes.voice.samples import RATE, read_sound, with_channels
from scenes.voice.trimming import prepare_recording, trim
from tests.sounds import noise, place_of, write


def between_silences(sound: np.ndarray, before: float, after: float, rate: int = RATE) -> np.ndarray:
    """A sound with the hiss of a room before and after it."""
    rng = np.random.default_rng(7)
    whole = np.pad(sound, ((round(before * rate), round(after * rate)), (0, 0)))
    return (whole + 2e-4 * rng.normal(size=whole.shape)).clip(-1, 1)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32, np.float64])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_every_kind_of_wav_is_the_same_sound(kind: type, rate: int, tmp_path: Path) -> None:
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    stored = wave * -float(np.iinfo(kind).min) if np.issubdtype(kind, np.signedinteger) else wave
    wavfile.write(tmp_path / "a.wav", rate, (stored * 128 + 128 if kind is np.uint8 else stored).astype(kind))
    read = with_channels(read_sound(tmp_path / "a.wav"), 2)
    assert read.shape == (2, RATE)
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    assert np.abs(read - expected)[:, 500:-500].max() < (0.02 if kind is np.uint8 else 0.005)
    assert loudness(prepare_recording(tmp_path / "a.wav").samples) == pytest.approx(LEVEL, abs=0.2)


def test_24_bits(tmp_path: Path) -> None:
    samples = np.array([0, 1 << 22, -(1 << 23), (1 << 23) - 1])
    body = b"".join(int(s).to_bytes(3, "little", signed=True) for s in samples)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 1, 1, RATE, 3 * RATE, 3, 24)
    (tmp_path / "a.wav").write_bytes(head + struct.pack("<4sI", b"data", len(body)) + body)
    assert np.allclose(read_sound(tmp_path / "a.wav")[0], [0, 0.5, -1, 1], atol=1e-6)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_silence_at_both_ends_goes(rate: int, channels: int, tmp_path: Path) -> None:
    said = noise(1, rate, channels)
    found = prepare_recording(write(tmp_path / "a.wav", between_silences(said, 0.8, 1.7, rate), rate))
    assert not found.warning
    assert len(found.samples) == channels
    assert found.seconds == pytest.approx(1 + 0.06 + 0.15, abs=0.03)
    assert place_of(read_sound(write(tmp_path / "b.wav", said, rate))[0], found.samples[0]) / RATE < 0.08
    assert loudness(found.samples) == pytest.approx(LEVEL, abs=0.3) and true_peak(found.samples) < CEILING + 0.05


def test_a_pause_inside_stays_and_a_soft_ending_too(tmp_path: Path) -> None:
    said = np.concatenate([noise(1), np.zeros((RATE, 1)), 0.05 * noise(1, seed=1)])
    found = prepare_recording(write(tmp_path / "a.wav", between_silences(said, 1, 1)))
    assert found.seconds == pytest.approx(3.2, abs=0.05)


def test_the_offset_of_a_sound_card_is_no_sound(tmp_path: Path) -> None:
    found = prepare_recording(write(tmp_path / "a.wav", between_silences(noise(1), 1, 1) * 0.5 + 0.2))
    assert found.seconds == pytest.approx(1.2, abs=0.05)


def test_a_quiet_recording_is_made_loud(tmp_path: Path) -> None:
    found = prepare_recording(write(tmp_path / "a.wav", 0.1 * noise(2)))
    assert loudness(found.samples) == pytest.approx(LEVEL, abs=0.3)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_clipped_recording_is_used_with_a_warning(rate: int, tmp_path: Path) -> None:
    found = prepare_recording(write(tmp_path / "a.wav", (6 * noise(2, rate)).clip(-1, 1), rate))
    assert "a.wav was recorded too loud" in found.warning and found.warning.endswith("record it again, a little softer")
    assert found.seconds > 1.9
    full = np.clip(noise(2, rate) / np.abs(noise(2, rate)).max(), -1, 1)
    assert not prepare_recording(write(tmp_path / "b.wav", full, rate)).warning, "loud, but not cut off"


def test_nothing_to_trim() -> None:
    for samples in (np.zeros((1, 0), np.float32), np.zeros((2, 100), np.float32), np.zeros((1, RATE), np.float32)):
        assert trim(samples) is samples


def cut_off(file: Path) -> None:
    write(file, noise(1))
    file.write_bytes(file.read_bytes()[:-5_000])


def with_nan(file: Path) -> None:
    wavfile.write(file, RATE, np.array([0, np.nan], np.float32))


def cut_in_its_head(file: Path) -> None:
    write(file, noise(1))
    file.write_bytes(file.read_bytes()[:30])


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut off": (cut_off, "is cut off; copy it again"),
    "cut in its head": (cut_in_its_head, "is not a readable WAV file; save it again"),
    "no WAV": (lambda file: file.write_text("ID3 an MP3"), "is not a readable WAV file; save it again"),
    "empty": (lambda file: file.touch(), "is empty; save it again"),
    "no samples": (lambda file: write(file, np.zeros((0, 1))), "holds no sound; save it again"),
    "six channels": (lambda file: write(file, noise(0.1, channels=6)), "has 6 channels; save it in mono or stereo"),
    "one sample a second": (lambda file: write(file, noise(0.1), rate=1), "has 1 samples a second; save it with 48000"),
    "no numbers": (with_nan, "samples that are not numbers; save it again"),
    "a folder": (lambda file: file.mkdir(), "cannot be read: Is a directory"),
    "not there": (lambda file: None, "cannot be read: No such file"),
    "silent": (lambda file: write(file, np.zeros((RATE, 1))), "is silent; record it again"),
    "a hiss": (lambda file: write(file, 0.0005 * noise(2)), "is silent; record it again"),
    "too long": (
        lambda file: write(file, noise(11 * 60, 8_000), 8_000),
        "is 11 minutes long, and 10 is the most; cut it into a file for each beat",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_wav(kind: str, tmp_path: Path) -> None:
    spoil, problem = BAD[kind]
    spoil(tmp_path / "One.wav")
    with pytest.raises(SoundError) as found:
        prepare_recording(tmp_path / "One.wav")
    assert "One.wav" in str(found.value) and problem in str(found.value)
    assert "\n" not in str(found.value)


@pytest.mark.slow
def test_ten_minutes(tmp_path: Path) -> None:
    found = prepare_recording(write(tmp_path / "One.wav", noise(599, 8_000), 8_000))
    assert found.seconds == pytest.approx(599, abs=0.1)
