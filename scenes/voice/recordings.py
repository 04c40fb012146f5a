"""Your own voice: recordings of beats and of scenes, which are heard in place of the voice of the program.

A recording is a WAV file: `<Scene>/<beat>.wav`, or `<Scene>.wav` for a whole scene, in a folder or in its subfolder for
the language. Beside each lies a small file with the words that it says, so that it is never heard for other words.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from network.errors import nearest
from network.files import atomic_write, digest_of_file, display_path, file_state
from scenes.catalogue import PSEUDO_CODE, language_codes
from scenes.settings import DEFAULT_NARRATION
from scenes.voice.markup import MarkedText, NarrationError
from scenes.voice.narration import Beat, Clause
from scenes.voice.speech_length import pause_after, speech_length
from scenes.voice.utterance import Spoken, Utterance, clause_ranges
from scenes.wording import count

if TYPE_CHECKING:
    from scenes.voice.pauses import Pause
    from scenes.voice.samples import Samples
    from scenes.voice.speech_cache import SpeechCache

# The folder of English; recordings in another language are in a folder that is named after it, which is given whole.
LANGUAGE = "en"
# The folder of a lesson that takes no recordings.
NO_RECORDINGS = Path(os.devnull)
# Who speaks where a recording is heard.
RECORDED = "a recording"
# Sounds that people bring, but that are not read.
_OTHER_SOUNDS = (
    ".mp3",
    ".m4a",
    ".aac",
    ".ogg",
    ".oga",
    ".opus",
    ".flac",
    ".aif",
    ".aiff",
    ".wma",
    ".webm",
    ".mp4",
    ".caf",
)
_NOTE_FORMAT = 1
# A note that cannot be understood.
_DAMAGED: dict[str, Any] = {}
# A bookmark moves to a pause that is as near as this.
_NEAR = 0.4  # seconds
# A pause between two beats of a scene that was recorded in one go is at least this long: people pause for less between
# two sentences.
_BETWEEN_BEATS = 0.6  # seconds
# How much faster or slower than the whole scene one of its beats may be read, and what more that may be.
_UNEVEN, _SLACK = 1.5, 0.5  # (a factor), seconds
# The voice joe takes so long for a letter of `speech_length`, and nobody speaks so many times faster or slower. Of
# words that take less time than the last, nobody can tell.
_A_LETTER, _TOO_FAST, _SHORT = 0.06, 1.7, 1.5  # seconds, (a factor), seconds

State = Literal["recorded", "changed", "missing"]


# ------------------------------------------------------------------------------------------ files


@dataclass(frozen=True)
class SceneRecordings:
    """The recordings of a scene. whole: that of the whole scene, if there is one. beats: those of beats, by name."""

    scene: str
    whole: Path | None = None
    beats: Mapping[str, Path] = field(default_factory=dict)

    def file_for(self, beat: str) -> Path | None:
        """The recording in which a beat is said; None if there is none."""
        return self.beats.get(beat, self.whole)

    @property
    def wavs(self) -> list[Path]:
        """All its WAV files."""
        return [*([self.whole] if self.whole else []), *self.beats.values()]

    @property
    def fingerprint(self) -> str:
        """What changes when something else could be heard: the sounds, and the words that somebody has confirmed.

        Words that were noted when a recording was first used are those that it was used for, and change nothing.
        """
        digest = hashlib.sha256()
        for wav in self.wavs:
            note = _note(wav) or {}
            words = "damaged" if is_damaged(wav) else note["words"] if note.get("confirmed") else None
            digest.update(json.dumps([wav.stem, _fingerprint(wav), words]).encode())
        return digest.hexdigest()

    def check_beats(self, names: Iterable[str]) -> None:
        """NarrationError for a recording that is named after none of these beats of the scene."""
        known = list(names)
        for name, wav in self.beats.items():
            if name not in known:
                near = nearest(name, known)
                hint = f"did you mean {near}.wav? " if near else ""
                raise NarrationError(
                    f"{display_path(wav)}: {self.scene} has no beat {name!r}; "
                    f"{hint}./knobs script {self.scene} lists them"
                )


def find_recordings(folder: Path, scenes: Iterable[str]) -> dict[str, SceneRecordings]:
    """The recordings in a folder, by scene; `scenes` are the names of all scenes.

    NarrationError for a folder that is not there, unless it is the project's own; for a WAV file or a folder of them
    that is named after no scene; and for two recordings of the same words.
    """
    known = {name.lower(): name for name in scenes}
    wavs: dict[str, list[Path]] = {}
    for wav in _wavs(folder):
        name, beat = _place_of(wav, folder)
        if name.lower() not in known:
            raise _no_scene(name, wav, beat is not None, known)
        wavs.setdefault(known[name.lower()], []).append(wav)
    return {scene: _recordings(scene, wavs[scene], folder) for scene in known.values() if scene in wavs}


def recordings_of(folder: Path, scene: str) -> SceneRecordings | None:
    """The recordings of one scene in a folder, whatever else is there; None without any."""
    wavs = [wav for wav in _wavs(folder) if _place_of(wav, folder)[0].lower() == scene.lower()]
    return _recordings(scene, wavs, folder) if wavs else None


def _recordings(scene: str, wavs: Iterable[Path], folder: Path) -> SceneRecordings:
    whole: dict[str, Path] = {}
    beats: dict[str, Path] = {}
    for wav in wavs:
        _, beat = _place_of(wav, folder)
        if beat is None or beat.lower() == scene.lower():
            _add(whole, scene, wav)
        else:
            _add(beats, beat, wav)
    return SceneRecordings(scene, whole.get(scene), beats)


def _wavs(folder: Path) -> list[Path]:
    """The recordings in a folder, at most in a folder of their scene, in one of their language."""
    others = [*language_codes()[1:], PSEUDO_CODE]
    if not folder.is_dir():
        if folder in (DEFAULT_NARRATION, NO_RECORDINGS) or folder.name in others:
            return []
        raise NarrationError(
            f"there is no folder {display_path(folder)}; name the one with the WAV files with --narration FOLDER"
        )
    found = [path for path in folder.rglob("*") if path.suffix.lower() in (".wav", *_OTHER_SOUNDS)]
    places = ((path, path.relative_to(folder).parts) for path in found)
    heard = sorted(
        path
        for path, parts in places
        if not any(part.startswith(".") for part in parts)
        and parts[0] not in others
        and len(parts) <= 2 + (parts[0] == LANGUAGE)
    )
    return [path for path in heard if _is_wav(path)]


def _is_wav(path: Path) -> bool:
    """Whether a file can be a recording; not if it is the original that a WAV file beside it was made from.

    NarrationError for a sound that is no WAV file, a folder, and a link to nothing.
    """
    if path.suffix.lower() in _OTHER_SOUNDS:
        if path.is_dir() or path.with_suffix(".wav").exists() or path.with_suffix(".WAV").exists():
            return False
        raise NarrationError(f"{display_path(path)} is not heard, as only WAV files are; save it as {path.stem}.wav")
    if path.is_dir():
        raise NarrationError(
            f"{display_path(path)} is a folder with the name of a recording; give the folder another name, and put the "
            "WAV file itself there"
        )
    if not path.exists():
        raise NarrationError(
            f"{display_path(path)} is a link to a file that is not there; put the WAV file itself there"
        )
    return True


def _place_of(wav: Path, folder: Path) -> tuple[str, str | None]:
    """The scene that a recording is named after, and the beat; None for the whole scene."""
    parts = wav.relative_to(folder).parts
    if parts[0] == LANGUAGE:
        parts = parts[1:]
    return (parts[0], wav.stem) if len(parts) == 2 else (wav.stem, None)


def _no_scene(name: str, wav: Path, is_folder: bool, known: Mapping[str, str]) -> NarrationError:
    near = nearest(name, known.values())
    ending = "" if is_folder else ".wav"
    hint = f"did you mean {near}{ending}? " if near else ""
    what = f"the folder of {display_path(wav)}" if is_folder else display_path(wav)
    return NarrationError(f"{what} is not named after a scene; {hint}./knobs scenes lists them")


def _add(found: dict[str, Path], name: str, wav: Path) -> None:
    same = next((other for other in found if other.lower() == name.lower()), None)
    if same is not None:
        raise NarrationError(
            f"{display_path(found[same])} and {display_path(wav)} are for the same words; keep one of them"
        )
    found[name] = wav


# ------------------------------------------------------------------------------------------ words


def note_file(wav: Path) -> Path:
    """Where the words of a recording are kept: `the_loop.words.json` beside `the_loop.wav`."""
    return wav.with_name(f"{wav.stem}.words.json")


def noted_words(wav: Path) -> dict[str, str] | None:
    """The words of a recording, by beat, in order; None if nobody has noted them since it was made."""
    note = _note(wav)
    return None if note is None else note["words"]


def is_damaged(wav: Path) -> bool:
    """Whether there is a note about the words of a recording, but it cannot be understood."""
    return _read_note(wav) is _DAMAGED


def _note(wav: Path) -> dict[str, Any] | None:
    """What is noted of a recording; None if that is damaged, or of an earlier recording."""
    note = _read_note(wav)
    return note if note and note["wav"] == _fingerprint(wav) else None


def _read_note(wav: Path) -> dict[str, Any] | None:
    """What is noted of a recording or an earlier one; `_DAMAGED` if that cannot be understood; None without a note."""
    try:
        note = json.loads(note_file(wav).read_bytes())
        words = {str(beat): str(text) for beat, text in note["words"].items()}
        return {**note, "words": words} if note["format"] == _NOTE_FORMAT and note["wav"] else _DAMAGED
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return _DAMAGED


def note_words(wav: Path, words: Mapping[str, str], confirmed: bool = False) -> None:
    """Note that a recording says these words, by beat. OSError if that cannot be written.

    confirmed: whether a person says so.
    """
    note = {"format": _NOTE_FORMAT, "wav": _fingerprint(wav), "words": dict(words), "confirmed": confirmed}
    atomic_write(note_file(wav), (json.dumps(note, indent=1, ensure_ascii=False) + "\n").encode())


def same_words(one: str, other: str) -> bool:
    """Whether two texts are said alike: letters, digits and signs count, punctuation and capitals do not."""
    return _said(one) == _said(other)


def state_of(recordings: SceneRecordings | None, beat: str, text: str) -> tuple[State, str]:
    """Whether a beat is recorded with these words; and the words that were recorded.

    "changed": its recording says other words, or its note is damaged; then those words are empty. A recording whose
    words nobody has noted is taken to say these.
    """
    wav = recordings.file_for(beat) if recordings else None
    if wav is None:
        return "missing", ""
    if is_damaged(wav):
        return "changed", ""
    noted = noted_words(wav)
    if noted is None:
        return "recorded", text
    if beat not in noted:
        return "missing", ""
    return ("recorded" if same_words(noted[beat], text) else "changed"), noted[beat]


def what_is_not_heard(recordings: SceneRecordings, beats: Iterable[Beat]) -> list[str]:
    """Sentences about the beats of a scene with recordings: those that it has not, or with other words or the wrong
    speed."""
    missing, sentences = [], dict[str, None]()
    for beat in beats:
        state, _ = state_of(recordings, beat.name, beat.text) if beat.text else ("recorded", "")
        wav = recordings.file_for(beat.name)
        if state == "missing":
            missing.append(beat)
        elif state == "changed" and wav is not None:
            if is_damaged(wav):
                sentence = (
                    f"{display_path(note_file(wav))} is damaged, so nobody knows what {wav.name} says, and "
                    f"{_speaker(beat)}; if it says the words of now, note that with ./knobs script "
                    f"{recordings.scene} --recorded, or else record it again and delete the damaged file"
                )
            else:
                sentence = (
                    f"{display_path(wav)} says other words for {beat.name} than the scene does now, so "
                    f"{_speaker(beat)}; record it again, or see ./knobs script {recordings.scene} --changed"
                )
            sentences[sentence] = None
        elif wav is not None and (speed := _unusual_speed(beat)):
            sentences[f"{display_path(wav)} says {beat.name} {speed}"] = None
    if missing:
        names = ", ".join(beat.name for beat in missing)
        sentences[f"{recordings.scene}: you have not recorded {names}, so {_speaker(missing[0])}"] = None
    return list(sentences)


def _unusual_speed(beat: Beat) -> str:
    """How a recorded beat is said, if that is much faster or slower than anybody speaks; otherwise empty."""
    if beat.voice != RECORDED or not beat.clauses:
        return ""
    usual = _A_LETTER * _length(beat.text)
    factor = usual / max(beat.clauses[-1].stop - beat.clauses[0].start, 0.01)
    if usual < _SHORT or 1 / _TOO_FAST < factor < _TOO_FAST:
        return ""
    speed, times = ("fast", factor) if factor > 1 else ("slowly", 1 / factor)
    return (
        f"{times:.1f} times as {speed} as its words are usually said; if you did not speak like that, the file names a "
        "wrong sample rate: save it again with the rate of the recording"
    )


def check_recordings(recordings: Iterable[SceneRecordings]) -> list[str]:
    """Sentences about recordings that will not sound well. SoundError for one that cannot be used."""
    from scenes.voice.trimming import check_recording

    found = (check_recording(wav)[1] for scene in recordings for wav in scene.wavs)
    return [warning for warning in found if warning]


def _speaker(beat: Beat) -> str:
    return f"{beat.voice} speaks instead" if beat.voice and beat.voice != RECORDED else "nobody is heard there"


def _said(text: str) -> str:
    words = "".join(letter if letter.isalnum() or letter in ".,%×·=≈+−≥≤<>→σ" else " " for letter in text.lower())
    return " ".join(filter(None, (word.strip(".,") for word in words.split())))


def _fingerprint(wav: Path) -> str:
    stamp = file_state(wav)
    return _digest(wav, tuple(stamp) if stamp else ())


@lru_cache(maxsize=1000)
def _digest(wav: Path, stamp: tuple[int, ...]) -> str:
    return digest_of_file(wav)


# ------------------------------------------------------------------------------------------ speaking


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
            f"recording {_fingerprint(wav)} {beat} {others}",
            marked.text,
            lambda: (self._samples(wav, beat).mean(axis=0), _rate()),
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
        from scenes.voice.trimming import prepare_recording

        if wav is not self.recordings.whole:
            return prepare_recording(wav).samples
        return self._cut(wav, noted_words(wav) or self._learnt())[beat]

    def _cut(self, wav: Path, words: Mapping[str, str]) -> dict[str, Samples]:
        from scenes.voice.trimming import prepare_recording

        if self._parts is None:
            self._parts = cut_recording(wav, prepare_recording(wav).samples, words)
        return self._parts

    def _learnt(self) -> dict[str, str]:
        """All that is said in the scene: somebody who recorded one beat again has read the others in one go before."""
        return {beat.name: beat.text for beat in self.learn() if beat.text}


def cut_recording(wav: Path, samples: Samples, words: Mapping[str, str]) -> dict[str, Samples]:
    """Cut the recording of a whole scene, (channels, n), at its long pauses into its beats.

    words: those of the beats, by name, in order. NarrationError if there are not enough pauses, or if they are not
    where the beats would end: then the recording says something else.
    """
    from scenes.voice.pauses import find_pauses, pauses_between

    rate = _rate()
    seconds = samples.shape[1] / rate
    pauses = find_pauses(samples, rate, _BETWEEN_BEATS)
    lengths = [_length(text) for text in words.values()]
    found = pauses_between(lengths, pauses, seconds)
    if found is None or not _is_even(lengths, found, seconds):
        has = f"{count(len(pauses), 'pause') if pauses else 'no pauses'} of {_BETWEEN_BEATS} seconds or more"
        fit = "" if len(pauses) < len(words) - 1 else ", but not where the beats end"
        raise NarrationError(
            f"{display_path(wav)} cannot be cut into the {len(words)} beats of its scene: it has {has}{fit}, and "
            f"{len(words) - 1} are needed between them; read all beats with a pause of a second after each, or record "
            "a file for each beat"
        )
    starts = [0.0, *(pause.stop - min(0.08, pause.seconds / 2) for pause in found)]
    stops = [*(pause.start + min(0.15, pause.seconds / 2) for pause in found), seconds]
    return {
        beat: samples[:, round(start * rate) : round(stop * rate)]
        for beat, start, stop in zip(words, starts, stops, strict=True)
    }


def _is_even(lengths: Sequence[float], pauses: Sequence[Pause], seconds: float) -> bool:
    """Whether everything between the pauses is read about as fast, if it takes these lengths, in any unit, to say."""
    starts, stops = [0.0, *(pause.stop for pause in pauses)], [*(pause.start for pause in pauses), seconds]
    read = [stop - start for start, stop in zip(starts, stops, strict=True)]
    usual = [sum(read) * length / sum(lengths) for length in lengths]
    return all(
        max(took / _UNEVEN - expected, expected / _UNEVEN - took) <= _SLACK
        for took, expected in zip(read, usual, strict=True)
    )


def recorded_utterance(marked: MarkedText, spoken: Spoken) -> Utterance:
    """A text as it is heard in a recording of it.

    The recording tells nothing about its words, so clauses and bookmarks are where they would be by the length of what
    is said, moved to a pause of the recording. The whole sound belongs to the first clause.
    """
    ranges = clause_ranges(marked)
    texts = [marked.text[start:stop].rstrip() for start, stop in ranges]
    if not texts:
        return Utterance(marked.text, spoken.seconds, (), {name: 0.0 for name, _ in marked.bookmarks}, RECORDED)
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
    return Utterance(marked.text, spoken.seconds, clauses, bookmarks, RECORDED)


def _clause_times(texts: Sequence[str], pauses: Sequence[Pause], seconds: float) -> list[tuple[float, float]]:
    """When each clause of a recording starts and stops, in seconds."""
    from scenes.voice.pauses import Pause, pauses_between

    lengths = [_length(text) for text in texts]
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
    first = _length(before)
    guess = clause.start + (clause.stop - clause.start) * first / (first + _length(after))
    inside = [pause for pause in pauses if clause.start < pause.start and pause.stop < clause.stop]
    near = min(inside, key=lambda pause: abs(pause.middle - guess), default=None)
    return near.stop if near and abs(near.middle - guess) <= _NEAR else guess


def _length(text: str) -> float:
    """How long a text takes to say, with the pauses in it and after it, in letters."""
    words = text.split()
    return max(1.0, sum(speech_length(word) + pause_after(word) for word in words))


def _pauses_of(spoken: Spoken) -> list[Pause]:
    from scenes.voice.pauses import find_pauses
    from scenes.voice.samples import read_sound

    return find_pauses(read_sound(spoken.sound), _rate()) if spoken.sound else []


def _rate() -> int:
    from scenes.voice.samples import RATE

    return RATE
