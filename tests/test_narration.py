"""Narration: the right samples at the right time, in clips and in the film, and bad files in one sentence."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.io import wavfile

from lesson.render.audio import RATE, check_sounds, read_sound
from lesson.render.film import film_file, narrated_file
from lesson.render.narration import NarrationError, find_narration
from network.errors import SoundError
from tests.test_command_line import run
from tests.test_film import clips, made, media, starts  # noqa: F401 (fixtures)
from tests.test_rendering import frames, nothing_stays, the_sentence, words  # noqa: F401 (fixtures)
from tests.tiny_film import names


def noise(seconds: float, rate: int = RATE, channels: int = 1, seed: int = 0) -> np.ndarray:
    """A sound in which every moment is different, (n, channels), and which loses little when it is encoded."""
    rng = np.random.default_rng(seed)
    n = round(seconds * rate)
    steps = rng.normal(size=(n // 24 + 2, channels))
    smooth = np.stack([np.interp(np.arange(n) / 24, np.arange(len(steps)), steps[:, c]) for c in range(channels)], 1)
    return (0.2 * smooth).clip(-1, 1)


def write(file: Path, sound: np.ndarray, rate: int = RATE) -> Path:
    file.parent.mkdir(exist_ok=True)
    wavfile.write(file, rate, (sound * 32767).astype(np.int16))
    return file


def heard(film: Path) -> np.ndarray:
    """What a player plays, (channels, n), from time 0 on."""
    with av.open(film) as container:
        (stream,) = container.streams.audio
        assert (stream.codec_context.name, stream.rate) == ("aac", RATE)
        decoded = list(container.decode(stream))
    assert decoded[0].time == pytest.approx(0, abs=1e-6)
    return np.concatenate([frame.to_ndarray() for frame in decoded], axis=1)


def place_of(sound: np.ndarray, inside: np.ndarray) -> int:
    """The sample of a longer sound at which a shorter one matches best."""
    size = len(inside) + len(sound)
    matched = np.fft.irfft(np.fft.rfft(inside, size) * np.conj(np.fft.rfft(sound, size)), size)
    return int(np.argmax(matched[: len(inside)]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spoken"


def test_a_film_with_one_scene_spoken(media: Path, words: list[str], folder: Path) -> None:  # noqa: F811
    """One sound track from beginning to end, silent where nothing is said."""
    silent = frames(film_file("l", media))
    sound = noise(1.5, rate=44_100)
    write(folder / "Two.wav", sound, 44_100)
    assert run("film", *words, "--narration", str(folder)) == 0
    film = film_file("l", media)
    track = heard(film)
    assert track.shape[0] == 1
    assert np.array_equal(frames(film), silent)
    begin = round(starts(media)[names().index("Two")] * RATE)
    spoken = read_sound(folder / "Two.wav", 1)[0]
    assert place_of(spoken, track[0]) == begin
    there = track[0, begin : begin + len(spoken)]
    assert np.corrcoef(there, spoken)[0, 1] > 0.98
    assert np.abs(track[0, : begin - 2048]).max() < 0.01 and np.abs(track[0, begin + len(spoken) + 2048 :]).max() < 0.01
    assert track.shape[1] / RATE == pytest.approx(len(silent) / 15, abs=0.05)
    # A player finds the pictures and the sound of one moment close together.
    with av.open(film) as container:
        packets = [p for p in container.demux(video=0, audio=0) if p.pos is not None and p.dts is not None]
        order = [float(p.dts * p.time_base) for p in sorted(packets, key=lambda p: p.pos)]
    assert (np.maximum.accumulate(order) - order).max() < 1.5


def test_a_clip_with_its_narration(
    media: Path,  # noqa: F811
    words: list[str],  # noqa: F811
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is rendered for it, whatever changes in the WAV, and it is not mixed again while that stays."""
    monkeypatch.setattr("lesson.render.jobs.render_plan", lambda *_: pytest.fail("something was rendered"))
    clip = clips(media)[names().index("One")]
    before, target = clip.read_bytes(), narrated_file(clip)
    for seed, channels in ((1, 1), (2, 2)):
        sound = noise(2, channels=channels, seed=seed)
        write(folder / "one.wav", sound)
        assert run("render", "One", *words, "--narration", str(folder)) == 0
        assert f"{target}  (4 s, with one.wav)" in capsys.readouterr().out
        track = heard(target)
        assert track.shape[0] == channels
        for mine, theirs in zip(track, sound.T, strict=True):
            assert np.corrcoef(mine[: len(theirs)], theirs)[0, 1] > 0.98
        assert np.array_equal(frames(target), frames(clip))
        with av.open(target) as film:
            assert [chapter["metadata"]["title"] for chapter in film.chapters()] == ["A square", "Words"]
        state = target.stat()
        assert run("render", "One", *words, "--narration", str(folder)) == 0
        assert f"{target}  (4 s, up to date)" in capsys.readouterr().out
        assert target.stat() == state
    assert clip.read_bytes() == before


def test_a_long_narration_holds_the_last_picture(
    media: Path,  # noqa: F811
    words: list[str],  # noqa: F811
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Everything after it comes later, words and sound too; no picture is rendered for it."""
    silent, before = frames(film_file("l", media)), starts(media)
    for name in ("One", "Two"):
        write(folder / f"{name}.wav", noise(6.03, seed=len(name)))
    assert run("film", *words, "--narration", str(folder)) == 0
    said = capsys.readouterr().err
    one, two = (names().index(name) for name in ("One", "Two"))
    held = np.ceil(6.03 * 15) / 15 - (before[one + 1] - before[one])
    assert f"One: the last picture is held for {held:.1f} s, until One.wav ends" in said
    film = film_file("l", media)
    assert np.array_equal(frames(film), silent)
    with av.open(film) as container:
        times = [frame.time for frame in container.decode(video=0)]
        chapters = {c["metadata"]["title"]: float(c["start"] * c["time_base"]) for c in container.chapters()}
    first_of_next = round(before[one + 1] * 15)
    assert times[first_of_next] - times[first_of_next - 1] == pytest.approx(held + 1 / 15, abs=0.001)
    assert chapters["2. End: The second & last scene"] == pytest.approx(before[one + 1] + held, abs=0.002)
    spoken = read_sound(folder / "Two.wav", 1)[0]
    assert place_of(spoken, heard(film)[0]) == round((before[two] + held) * RATE)
    # The same for a clip by itself: its last picture lasts.
    assert run("render", "One", *words, "--narration", str(folder)) == 0
    with av.open(narrated_file(clips(media)[one])) as container:
        stream = container.streams.video[0]
        assert float(stream.duration * stream.time_base) == pytest.approx(np.ceil(6.03 * 15) / 15, abs=0.001)


def test_without_narration_there_is_no_sound(made: Path) -> None:  # noqa: F811
    with av.open(film_file("l", made)) as film:
        assert not film.streams.audio


def test_a_narration_that_is_gone(media: Path, words: list[str], folder: Path) -> None:  # noqa: F811
    write(folder / "Two.wav", noise(0.5))
    for left in (True, False):
        if not left:
            (folder / "Two.wav").unlink()
        assert run("film", *words, "--narration", str(folder)) == 0
        with av.open(film_file("l", media)) as film:
            assert bool(film.streams.audio) == left


# ---------------------------------------------------------------------------------------------------- kinds of WAV


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int32, np.float32, np.float64])
@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
def test_every_kind_of_wav_is_the_same_sound(kind: type, rate: int, tmp_path: Path) -> None:
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    stored = wave * -float(np.iinfo(kind).min) if np.issubdtype(kind, np.signedinteger) else wave
    wavfile.write(tmp_path / "a.wav", rate, (stored * 128 + 128 if kind is np.uint8 else stored).astype(kind))
    read = read_sound(tmp_path / "a.wav", 2)
    assert read.shape == (2, RATE)
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    assert np.abs(read - expected)[:, 500:-500].max() < (0.02 if kind is np.uint8 else 0.005)


def test_24_bits(tmp_path: Path) -> None:
    samples = np.array([0, 1 << 22, -(1 << 23), (1 << 23) - 1])
    body = b"".join(int(s).to_bytes(3, "little", signed=True) for s in samples)
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(body), b"WAVE", b"fmt ", 16, 1, 1, RATE, 3 * RATE, 3, 24)
    (tmp_path / "a.wav").write_bytes(head + struct.pack("<4sI", b"data", len(body)) + body)
    assert np.allclose(read_sound(tmp_path / "a.wav", 1)[0], [0, 0.5, -1, 1], atol=1e-6)


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
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_wav(
    kind: str,
    media: Path,  # noqa: F811
    words: list[str],  # noqa: F811
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil, problem = BAD[kind]
    folder.mkdir()
    spoil(folder / "One.wav")
    film = film_file("l", media).read_bytes()
    assert run("film", *words, "--narration", str(folder)) == 1
    sentence = the_sentence(capsys)
    assert "One.wav" in sentence and problem in sentence, sentence
    assert film_file("l", media).read_bytes() == film, "what was there stays"
    with pytest.raises(SoundError):
        check_sounds([folder / "One.wav"])


def test_a_bad_wav_is_told_before_anything_is_rendered(
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tests.tiny_film import teach

    teach(monkeypatch.setattr)
    folder.mkdir()
    cut_off(folder / "Two.wav")
    for command in (["film"], ["render"], ["lesson"]):
        assert run(*command, *words, "--narration", str(folder)) == 1
        assert "is cut off" in the_sentence(capsys)
        assert not list(tmp_path.rglob("*.mp4"))


def test_the_names_of_files(folder: Path) -> None:
    folder.mkdir()
    for name in ("Two.WAV", "one.wav", "notes.txt", ".hidden.wav", "TitleCard.wav"):
        (folder / name).touch()
    assert find_narration(folder, names()) == {
        "Two": folder / "Two.WAV",
        "One": folder / "one.wav",
        "TitleCard": folder / "TitleCard.wav",
    }
    (folder / "One.WAV").touch()
    with pytest.raises(NarrationError, match="are for the same scene; keep one"):
        find_narration(folder, names())


@pytest.mark.parametrize(
    ("name", "hint"),
    [("Twoo", "did you mean Two.wav? ./knobs scenes"), ("99", "not named after a scene; ./knobs scenes lists them")],
)
def test_a_wav_named_after_no_scene(
    name: str,
    hint: str,
    media: Path,  # noqa: F811
    words: list[str],  # noqa: F811
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder / f"{name}.wav", noise(0.1))
    for command in (["film"], ["render", "One"], ["lesson"]):
        assert run(*command, *words, "--narration", str(folder)) == 1
        assert hint in the_sentence(capsys)


def test_a_folder_that_is_not_there(media: Path, words: list[str], folder: Path, capsys) -> None:  # noqa: F811
    assert run("film", *words, "--narration", str(folder)) == 1
    assert "there is no folder" in the_sentence(capsys)
    shutil.rmtree(media)
