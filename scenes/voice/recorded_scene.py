"""A scene that somebody has recorded, as it is heard: each of its beats, its clauses and its bookmarks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scenes.voice.markup import MarkedText
from scenes.voice.narration import RECORDING, Beat, Clause
from scenes.voice.pauses import Pause, find_pauses, pauses_between
from scenes.voice.recorded_words import digest_of_recording, is_damaged, note_words, noted_words, same_words
from scenes.voice.recording_cuts import cut_recording
from scenes.voice.recordings import SceneRecordings
from scenes.voice.samples import RATE, Samples, read_sound
from scenes.voice.speech_cache import SpeechCache
from scenes.voice.speech_length import length_with_pauses
from scenes.voice.trimming import prepare_recording
from scenes.voice.utterance import Spoken, Utterance, clause_ranges

# A bookmark moves to a pause that is as near as this.
_NEAR = 0.4  # seconds


class RecordedScene:
    """The beats of one scene, as they are heard in its recordings.

    cache: where a beat is kept as it is heard. learn: runs the scene without recordings, and gives its beats. It is
    asked only for a scene that was recorded in one go, if its words are not noted yet.
    """

    def __init__(self, recordings: SceneRecordings, cache: SpeechCache, learn: Callable[[], Sequence[Beat]]) -> None:
        self.recordings, self.cache, self.learn = recordings, cache, learn
        self._parts: dict[str, Samples] | None = None

    def utter(self, beat: str, marked: MarkedText) -> Utterance | None:
        """A beat as it was recorded; None if it was not, or with other words: then somebody else must say it.

        SoundError or NarrationError for a recording that cannot be used.
        """
        wav = self.recordings.file_for(beat)
        if wav is None or not self._says(wav, beat, marked.text):
            return None
        # Where a whole scene is cut depends on all of its words.
        others = json.dumps(noted_words(wav)) if wav is self.recordings.whole else ""
        spoken = self.cache.get(
            f"recording {digest_of_recording(wav)} {beat} {others}",
            marked.text,
            lambda: (self._samples(wav, beat).mean(axis=0), RATE),
        )
        return recorded_utterance(marked, spoken)

    def _says(self, wav: Path, beat: str, text: str) -> bool:
        """Whether a recording says these words for a beat. They are noted with a recording that has no note yet."""
        if is_damaged(wav):
            return False
        words = noted_words(wav)
        if words is None:
            words = {beat: text}
            if wav is self.recordings.whole:
                words = self._learnt()
                self._cut(wav, words)  # otherwise these are not its words
            try:
                note_words(wav, words)
            except OSError:
                pass  # a folder that cannot be written to; the next run notes them again
        return beat in words and same_words(words[beat], text)

    def _samples(self, wav: Path, beat: str) -> Samples:
        """What a recording has for a beat; this takes some seconds for one of several minutes."""
        if wav is not self.recordings.whole:
            return prepare_recording(wav).samples
        return self._cut(wav, noted_words(wav) or self._learnt())[beat]

    def _cut(self, wav: Path, words: Mapping[str, str]) -> dict[str, Samples]:
        if self._parts is None:
            self._parts = cut_recording(wav, prepare_recording(wav).samples, words)
        return self._parts

    def _learnt(self) -> dict[str, str]:
        """All that is said in the scene: somebody who recorded one beat again has read the others in one go before."""
        return {beat.name: beat.text for beat in self.learn() if beat.text}


def recorded_utterance(marked: MarkedText, spoken: Spoken) -> Utterance:
    """A text as it is heard in a recording of it.

    The recording tells nothing about its words, so clauses and bookmarks are where they would be by the length of what
    is said, moved to a pause of the recording. The whole sound belongs to the first clause.
    """
    ranges = clause_ranges(marked)
    texts = [marked.text[start:stop].rstrip() for start, stop in ranges]
    if not texts:
        return Utterance(marked.text, spoken.seconds, (), {name: 0.0 for name, _ in marked.bookmarks}, RECORDING)
    pauses = _pauses_of(spoken)
    times = _clause_times(texts, pauses, spoken.seconds)
    clauses = tuple(
        Clause(text, start, stop, (spoken.name or str(spoken.sound or "")) if number == 0 else "")
        for number, (text, (start, stop)) in enumerate(zip(texts, times, strict=True))
    )
    bookmarks = {}
    for name, at in marked.bookmarks:
        number = next((n for n, (_, stop) in enumerate(ranges) if at < stop), len(ranges) - 1)
        bookmarks[name] = _moment(texts[number], at - ranges[number][0], clauses[number], pauses)
    return Utterance(marked.text, spoken.seconds, clauses, bookmarks, RECORDING)


def _clause_times(texts: Sequence[str], pauses: Sequence[Pause], seconds: float) -> list[tuple[float, float]]:
    """When each clause of a recording starts and stops, in seconds."""
    lengths = [length_with_pauses(text) for text in texts]
    # Where there is no pause, a clause may also end where it would by its length.
    passed, guesses = 0.0, []
    for length in lengths[:-1]:
        passed += length
        moment = seconds * passed / sum(lengths)
        if not any(pause.start <= moment <= pause.stop for pause in pauses):
            guesses.append(Pause(moment, moment))
    places = sorted([*pauses, *guesses], key=lambda pause: pause.start)
    found = pauses_between(lengths, places, seconds)
    if found is None:
        ends = [seconds * sum(lengths[: n + 1]) / sum(lengths) for n in range(len(lengths))]
        return list(zip([0.0, *ends[:-1]], ends, strict=True))
    starts = [0.0, *(pause.stop for pause in found)]
    return list(zip(starts, [*(pause.start for pause in found), seconds], strict=True))


def _moment(text: str, at: int, clause: Clause, pauses: Sequence[Pause]) -> float:
    """When text[at] of a clause is reached, in seconds from the start of its recording."""
    before, after = text[:at].strip(), text[at:].strip()
    if not before:
        return clause.start
    if not after:
        return clause.stop
    first = length_with_pauses(before)
    guess = clause.start + (clause.stop - clause.start) * first / (first + length_with_pauses(after))
    inside = [pause for pause in pauses if clause.start < pause.start and pause.stop < clause.stop]
    near = min(inside, key=lambda pause: abs(pause.middle - guess), default=None)
    return near.stop if near and abs(near.middle - guess) <= _NEAR else guess


def _pauses_of(spoken: Spoken) -> list[Pause]:
    return find_pauses(read_sound(spoken.sound), RATE) if spoken.sound else []
