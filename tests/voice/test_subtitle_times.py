"""A subtitle appears when its first word is spoken: a recogniser hears when that is."""

from __future__ import annotations

import pytest

from scenes.voice.cues import cues
from scenes.voice.markup import read_marked
from scenes.voice.narration import Beat
from scenes.voice.speech_cache import SpeechCache
from scenes.voice.utterance import Voice, utter
from tests.voice.conftest import word_times

SENTENCES = (
    "Now suppose you had to write that something down, as a program, and seven hundred and eighty four numbers go in.",
    "Whoever wrote it was in a hurry, and you read it before you could have counted the squares that it is made of.",
    "That is what the rest of the film is about, a network of thirteen thousand and two knobs that nobody set by hand.",
)


@pytest.mark.needs("recogniser")
@pytest.mark.parametrize("text", SENTENCES)
def test_a_cue_inside_a_clause_appears_with_its_first_word(text: str, joe: Voice, speech) -> None:
    said = utter(read_marked(text), joe)
    (clause,) = said.clauses
    found = cues([Beat("told", text, 0, said.seconds, "", said.clauses)])
    assert len(found) > 1, "it is cut where the voice has no clause"
    heard = word_times(SpeechCache(speech).folder / clause.sound, text.lower().replace(",", "").replace(".", ""))
    assert len(heard) == len(text.split())
    number = 0
    for cue in found:
        assert cue.start == pytest.approx(heard[number][1], abs=0.35), cue.sentence
        number += len(cue.sentence.split())
