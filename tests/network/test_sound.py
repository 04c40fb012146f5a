"""A phrase cut into words, syllables and sounds: pieces tile the sound, and the cuts are where they should be."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from network.analysis.speech import Piece, Sound, SoundError, cuts_at_changes, loudness, read_wav, sounding, take_apart

FOLDER = Path(__file__).parents[2] / "assets" / "sounds"
FILE = FOLDER / "numbers-become-patterns.wav"
# When each sound begins, in seconds, as the synthesiser that spoke the phrase told it; without the first of each word:
# for those, it tells when its silence begins.
BEGINNINGS = [
    ("u", 0.131), ("m", 0.247), ("b", 0.414), ("er", 0.449), ("s", 0.641), ("e", 1.024), ("c", 1.170), ("o", 1.226),
    ("me", 1.377), ("a", 1.859), ("tt", 2.196), ("er", 2.244), ("n", 2.395), ("s", 2.523),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound() -> Sound:
    return read_wav(FILE)


@pytest.fixture(scope="module")
def phrase(sound: Sound) -> Piece:
    return take_apart(sound, FILE.with_suffix(".txt").read_text())


def within(piece: Piece) -> Iterator[Piece]:
    yield piece
    for smaller in piece.pieces:
        yield from within(smaller)


def test_the_file_that_comes_with_the_project(sound: Sound) -> None:
    assert sound.rate == 22050 and 2 < sound.seconds < 4
    assert FILE.stat().st_size < 150_000
    assert 0.3 < np.abs(sound.samples).max() <= 1


def test_the_phrase_its_words_and_syllables(phrase: Piece) -> None:
    assert phrase.text == "numbers become patterns"
    assert [word.text for word in phrase.pieces] == ["numbers", "become", "patterns"]
    syllables = [syllable for word in phrase.pieces for syllable in word.pieces]
    assert [syllable.text for syllable in syllables] == ["num", "bers", "be", "come", "pa", "tterns"]
    assert sum(len(syllable.pieces) for syllable in syllables) == 17


def test_pieces_lie_end_to_end(sound: Sound, phrase: Piece) -> None:
    assert (phrase.start, phrase.stop) == (0, len(sound.samples))
    for piece in within(phrase):
        assert piece.start < piece.stop
        if piece.pieces:
            ends = [piece.start, *(smaller.stop for smaller in piece.pieces)]
            assert ends == [*(smaller.start for smaller in piece.pieces), piece.stop]
        start, stop = sounding(sound, piece)
        assert piece.start <= start < stop <= piece.stop


def test_sounds_begin_where_the_synthesiser_says(sound: Sound, phrase: Piece) -> None:
    found = []
    for word in phrase.pieces:
        found += [piece for syllable in word.pieces for piece in syllable.pieces][1:]
    assert [piece.text for piece in found] == [text for text, _ in BEGINNINGS]
    starts = np.array([piece.start for piece in found]) / sound.rate
    assert starts == pytest.approx([time for _, time in BEGINNINGS], abs=0.032)


def test_words_are_cut_in_silence(sound: Sound, phrase: Piece) -> None:
    for word in phrase.pieces[1:]:
        before = sound.samples[word.start - round(0.1 * sound.rate) : word.start - round(0.02 * sound.rate)]
        assert np.abs(before).max() < 0.01


def test_tones_are_cut_where_they_change() -> None:
    rate = 22050
    time = np.arange(round(0.2 * rate)) / rate
    tones = [np.sin(2 * np.pi * pitch * time) for pitch in (300, 2500, 900)]
    sound = Sound(np.concatenate([*tones, np.zeros(rate // 2)]), rate)
    cuts = np.array(cuts_at_changes(sound, 0, len(sound.samples), 3)) / rate
    assert cuts == pytest.approx([0.2, 0.4], abs=0.01)
    assert cuts_at_changes(sound, 0, len(sound.samples), 1) == []
    assert loudness(sound).max() == 1 and loudness(sound)[-1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("spelling", ["n.u.m-b.er.s", "n.u.m-b.er.s b.e.c.o.me p.a-tt.er.n.s"])
def test_another_text_than_was_spoken(sound: Sound, spelling: str) -> None:
    with pytest.raises(SoundError, match="correct the spelling"):
        take_apart(sound, spelling)


def write(path: Path, channels: int, width: int, frames: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(8000)
        file.writeframes(frames)
    return path


def test_files_that_are_no_such_sound(tmp_path: Path) -> None:
    stereo = write(tmp_path / "stereo.wav", 2, 2, b"\0" * 400)
    empty = write(tmp_path / "empty.wav", 1, 2, b"")
    text = tmp_path / "text.wav"
    text.write_text("no sound at all, but long enough for a header of forty-four bytes")
    cut_off = tmp_path / "cut_off.wav"
    cut_off.write_bytes(FILE.read_bytes()[:5000])
    for path, says in ((stereo, "mono"), (empty, "empty"), (text, "no WAV"), (cut_off, "cut off")):
        with pytest.raises(SoundError, match=says) as error:
            read_wav(path)
        assert str(path) in str(error.value)
    with pytest.raises(SoundError, match="cannot be read"):
        read_wav(tmp_path / "missing.wav")
