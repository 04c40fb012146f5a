"""A phrase cut into words, syllables and sounds: units lie end to end, and the cuts are where they should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from network.analysis.speech import (
    Sound,
    SpeechUnit,
    cut_into_sounds,
    cuts_at_changes,
    levels,
    levels_of,
    loudness,
    parents_of,
    read_speech,
    sounding,
)
from network.errors import SoundError

FOLDER = Path(__file__).parents[2] / "assets" / "sounds"
FILE = FOLDER / "numbers-become-patterns.wav"
# When each sound begins, in seconds, by the synthesiser that spoke the phrase. The first sound of each word is left
# out: for it the synthesiser gives the beginning of the silence before it.
BEGINNINGS = [
    ("u", 0.131), ("m", 0.247), ("b", 0.414), ("er", 0.449), ("s", 0.641), ("e", 1.024), ("c", 1.170), ("o", 1.226),
    ("me", 1.377), ("a", 1.859), ("tt", 2.196), ("er", 2.244), ("n", 2.395), ("s", 2.523),
]  # fmt: skip


@pytest.fixture(scope="module")
def sound() -> Sound:
    return read_speech(FILE)


@pytest.fixture(scope="module")
def phrase(sound: Sound) -> SpeechUnit:
    return cut_into_sounds(sound, FILE.with_suffix(".txt").read_text())


def within(unit: SpeechUnit) -> Iterator[SpeechUnit]:
    yield unit
    for smaller in unit.units:
        yield from within(smaller)


def test_the_file_that_comes_with_the_project(sound: Sound) -> None:
    assert sound.rate == 22050 and 2 < sound.seconds < 4
    assert FILE.stat().st_size < 150_000
    assert 0.3 < np.abs(sound.samples).max() <= 1


def test_the_phrase_its_words_and_syllables(phrase: SpeechUnit) -> None:
    assert phrase.text == "numbers become patterns"
    assert [word.text for word in phrase.units] == ["numbers", "become", "patterns"]
    syllables = [syllable for word in phrase.units for syllable in word.units]
    assert [syllable.text for syllable in syllables] == ["num", "bers", "be", "come", "pa", "tterns"]
    assert sum(len(syllable.units) for syllable in syllables) == 17


def test_units_lie_end_to_end(sound: Sound, phrase: SpeechUnit) -> None:
    assert (phrase.start, phrase.stop) == (0, len(sound.samples))
    for unit in within(phrase):
        assert unit.start < unit.stop
        if unit.units:
            ends = [unit.start, *(smaller.stop for smaller in unit.units)]
            assert ends == [*(smaller.start for smaller in unit.units), unit.stop]
        start, stop = sounding(sound, unit)
        assert unit.start <= start < stop <= unit.stop


def test_sounds_begin_where_the_synthesiser_says(sound: Sound, phrase: SpeechUnit) -> None:
    found = []
    for word in phrase.units:
        found += [unit for syllable in word.units for unit in syllable.units][1:]
    assert [unit.text for unit in found] == [text for text, _ in BEGINNINGS]
    starts = np.array([unit.start for unit in found]) / sound.rate
    assert starts == pytest.approx([time for _, time in BEGINNINGS], abs=0.032)


def test_words_are_cut_in_silence(sound: Sound, phrase: SpeechUnit) -> None:
    for word in phrase.units[1:]:
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
def test_a_spelling_that_does_not_fit_the_recording(sound: Sound, spelling: str) -> None:
    with pytest.raises(SoundError, match="correct the spelling"):
        cut_into_sounds(sound, spelling)


def test_the_levels_of_a_phrase(phrase: SpeechUnit) -> None:
    levels = levels_of(phrase)
    assert [len(level) for level in levels] == [1, 3, 6, 17]
    for level in levels:
        assert (level[0].start, level[-1].stop) == (phrase.start, phrase.stop)
        assert "".join(unit.text for unit in level).replace(" ", "") == "numbersbecomepatterns"
    assert parents_of(levels[1], levels[2]) == [0, 0, 1, 1, 2, 2]
    for larger, smaller in zip(levels, levels[1:], strict=False):
        for parent, unit in zip(parents_of(larger, smaller), smaller, strict=True):
            assert unit in larger[parent].units


def test_a_stereo_recording_is_mixed_down(tmp_path: Path) -> None:
    sides = np.array([[0.5, 0.25], [-0.5, 0.0], [0.125, 0.125]])
    wavfile.write(tmp_path / "stereo.wav", 22_050, (32768 * sides).astype(np.int16))
    assert read_speech(tmp_path / "stereo.wav").samples.tolist() == [0.375, -0.25, 0.125]


def test_levels_are_the_greatest_loudness_of_each_part(sound: Sound) -> None:
    measured, heard = levels(sound, 44), loudness(sound)
    assert measured.shape == (44,) and measured.max() == pytest.approx(1) and measured.min() >= 0
    assert measured[0] == pytest.approx(heard[: -(-len(heard) // 44)].max())
