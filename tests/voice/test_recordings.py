"""Your own voice: the real voice is recorded as a person would be, and the scene takes the recording's time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from network.errors import SoundError
from scenes.voice.markup import MarkedText, NarrationError, read_marked
from scenes.voice.narration import RECORDING, Beat
from scenes.voice.recorded_scene import RecordedScene
from scenes.voice.recorded_words import is_damaged, note_file, note_words, noted_words, same_words
from scenes.voice.recording_checks import check_recordings, state_of, what_is_not_heard
from scenes.voice.recording_cuts import cut_recording
from scenes.voice.recordings import NO_RECORDINGS, SceneRecordings, find_recordings, recordings_of
from scenes.voice.samples import RATE, Samples, read_sound
from scenes.voice.speech_cache import SpeechCache
from scenes.voice.utterance import Voice, clause_ranges

SCENES = ("ANeuron", "BarDetector", "TitleCard", "WhereItErrs")
WORDS = {
    "the_question": "Here is a three. Whoever wrote it was in a hurry.",
    "the_squares": "Seven hundred and eighty-four numbers go in, and one digit comes out.",
    "the_answer": "So this is a three as well. Square by square they have almost nothing in common.",
    "the_end": "And still, something in you says: three.",
}


@pytest.fixture(scope="module")
def voice(joe: Voice) -> Voice:
    return joe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "narration"


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "cache")


def room(seconds: float, seed: int = 0) -> Samples:
    """A quiet room, with a soft noise."""
    return np.random.default_rng(seed).normal(0, 3e-4, (1, round(seconds * RATE))).astype(np.float32)


def said(voice: Voice, *texts: str, pause: float = 0.45, around: float = 0.8) -> tuple[Samples, list[float]]:
    """Texts read by somebody who pauses between them, in a room; and when each begins, in seconds."""
    pieces, starts, now = [room(around)], [], around
    for text in texts:
        sound = voice.speak(text).sound
        assert sound is not None
        starts.append(now)
        pieces += [read_sound(sound), room(pause)]
        now += sum(piece.shape[1] for piece in pieces[-2:]) / RATE
    recording = np.concatenate([*pieces, room(around)], axis=1)
    return recording + room(recording.shape[1] / RATE, 1)[:, : recording.shape[1]], starts


def write(file: Path, samples: Samples, gain: float = 0.5) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(file, RATE, (samples.T * gain * 32767).astype(np.int16))
    return file


def clauses(text: str) -> list[str]:
    return [text[start:stop].strip() for start, stop in clause_ranges(MarkedText(text))]


def record_scene(voice: Voice, file: Path, words: Sequence[str], pause: float = 1.0) -> list[float]:
    """A whole scene in one go: short pauses between clauses, long ones between beats; when each beat begins."""
    pieces, starts, now = [], [], 0.0
    for text in words:
        one, _ = said(voice, *clauses(text), pause=0.3, around=pause / 2)
        starts.append(now + pause / 2)
        pieces.append(one)
        now += one.shape[1] / RATE
    write(file, np.concatenate(pieces, axis=1))
    return starts


def beats_of(words: dict[str, str]) -> list[Beat]:
    return [Beat(name, text, 0, 1, "", ()) for name, text in words.items()]


def nobody_asks() -> list[Beat]:
    raise AssertionError("the scene is not run for a beat's own recording")


# ---------------------------------------------------------------------------------------------------- one beat


def test_a_recorded_beat_is_heard_and_takes_its_own_time(voice: Voice, folder: Path, cache: SpeechCache) -> None:
    text = WORDS["the_question"]
    samples, starts = said(voice, *clauses(text), pause=1.5)
    wav = write(folder / "BarDetector" / "the_question.wav", samples)
    scene = RecordedScene(find_recordings(folder, SCENES)["BarDetector"], cache, nobody_asks)
    heard = scene.utter("the_question", read_marked(text))
    assert heard is not None
    spoken = samples.shape[1] / RATE - 2 * 0.8 - 1.5
    assert heard.seconds == pytest.approx(spoken, abs=0.25), "trimmed, and with its pause"
    assert heard.voice == RECORDING
    first, second = heard.clauses
    assert second.start - first.start == pytest.approx(starts[1] - starts[0], abs=0.15)
    assert first.stop < second.start - 1.0, "the pause belongs to neither clause"
    assert not second.sound, "the whole sound is heard once"
    played = read_sound(cache.folder / first.sound)
    assert played.shape[1] / RATE == pytest.approx(heard.seconds, abs=0.001)
    assert noted_words(wav) == {"the_question": text}


@pytest.mark.parametrize("pause", [0.3, 0.9])
def test_a_bookmark_is_where_its_words_are(voice: Voice, folder: Path, cache: SpeechCache, pause: float) -> None:
    first, second, third = "Here is a three.", "Whoever wrote it", "was in a hurry."
    samples, starts = said(voice, first, second, third, pause=pause)
    write(folder / "ANeuron" / "told.wav", samples)
    marked = read_marked(f"{first} <bookmark mark='who'/>{second} <bookmark mark='why'/>{third}")
    scene = RecordedScene(find_recordings(folder, SCENES)["ANeuron"], cache, nobody_asks)
    heard = scene.utter("told", marked)
    assert heard is not None
    begin = starts[0]
    assert heard.bookmarks["who"] == pytest.approx(starts[1] - begin, abs=0.15)
    assert heard.bookmarks["why"] == pytest.approx(starts[2] - begin, abs=0.2)


def test_what_is_not_recorded_is_left_to_the_voice_and_listed(voice: Voice, folder: Path, cache: SpeechCache) -> None:
    write(folder / "en" / "ANeuron" / "the_end.wav", said(voice, WORDS["the_end"])[0])
    scene = RecordedScene(find_recordings(folder, SCENES)["ANeuron"], cache, nobody_asks)
    spoken = [scene.utter(name, read_marked(text)) for name, text in WORDS.items()]
    assert [one is not None for one in spoken] == [False, False, False, True]
    beats = [Beat(name, text, 0, 1, "", (), "joe") for name, text in WORDS.items()]
    assert what_is_not_heard(scene.recordings, beats) == [
        "ANeuron: you have not recorded the_question, the_squares, the_answer, so joe speaks instead"
    ]


def test_a_recording_is_never_heard_for_other_words(voice: Voice, folder: Path, cache: SpeechCache) -> None:
    wav = write(folder / "ANeuron" / "score.wav", said(voice, "It reads 97.4 % of them right.")[0])
    note_words(wav, {"score": "It reads 97.4 % of them right."})
    recordings = find_recordings(folder, SCENES)["ANeuron"]
    scene = RecordedScene(recordings, cache, nobody_asks)
    assert scene.utter("score", read_marked("It reads 97.4 %, of them, right.")) is not None
    assert scene.utter("score", read_marked("It reads 96.1 % of them right.")) is None
    (warning,) = what_is_not_heard(recordings, [Beat("score", "It reads 96.1 %.", 0, 1, "", (), "joe")])
    assert "score.wav says other words for score than the scene does now, so joe speaks instead; record" in warning
    assert state_of(recordings, "score", "It reads 96.1 % of them right.") == (
        "changed",
        "It reads 97.4 % of them right.",
    )
    # Recorded again: the new file says the new words.
    write(wav, said(voice, "It reads 96.1 % of them right.")[0])
    again = RecordedScene(recordings, cache, nobody_asks)
    assert again.utter("score", read_marked("It reads 96.1 % of them right.")) is not None
    assert noted_words(wav) == {"score": "It reads 96.1 % of them right."}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("It reads 97.4 %, of them.", "it reads 97.4 % of them", True),
        ("12,960 weights", "12960 weights", False),
        ("1.5", "15", False),
        ("a = b", "a b", False),
        ("Three?", "Three.", True),
    ],
)
def test_which_words_are_the_same(one: str, other: str, alike: bool) -> None:
    assert same_words(one, other) == alike


def test_a_folder_that_cannot_be_written_to_is_still_heard(
    voice: Voice, folder: Path, cache: SpeechCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    wav = write(folder / "ANeuron" / "the_end.wav", said(voice, WORDS["the_end"])[0])
    note_file(wav).mkdir()  # nothing can be written under this name
    scene = RecordedScene(find_recordings(folder, SCENES)["ANeuron"], cache, nobody_asks)
    assert scene.utter("the_end", read_marked(WORDS["the_end"])) is not None


# ---------------------------------------------------------------------------------------------------- a whole scene


@pytest.mark.parametrize("pause", [0.8, 2.0])
def test_a_whole_scene_is_cut_at_its_pauses_into_its_beats(
    voice: Voice, folder: Path, cache: SpeechCache, pause: float
) -> None:
    wav = folder / "BarDetector.wav"
    starts = record_scene(voice, wav, list(WORDS.values()), pause)
    parts = cut_recording(wav, read_sound(wav), WORDS)
    assert list(parts) == list(WORDS)
    begin = 0.0
    for (name, part), start in zip(parts.items(), starts, strict=True):
        assert begin <= start + 0.1, name
        begin += part.shape[1] / RATE
    scene = RecordedScene(find_recordings(folder, SCENES)["BarDetector"], cache, lambda: beats_of(WORDS))
    for name, text in WORDS.items():
        heard = scene.utter(name, read_marked(text))
        alone = sum(voice.speak(clause).seconds for clause in clauses(text)) + 0.3 * (len(clauses(text)) - 1)
        assert heard is not None and heard.voice == RECORDING
        assert heard.seconds == pytest.approx(alone, abs=0.5), name
    assert noted_words(wav) == WORDS


def test_a_changed_beat_of_a_whole_scene_is_spoken_and_the_others_stay(
    voice: Voice, folder: Path, cache: SpeechCache
) -> None:
    wav = folder / "BarDetector.wav"
    record_scene(voice, wav, list(WORDS.values()))
    note_words(wav, WORDS)
    scene = RecordedScene(find_recordings(folder, SCENES)["BarDetector"], cache, nobody_asks)
    changed = {**WORDS, "the_squares": "Four hundred numbers go in.", "new": "And this is new."}
    heard = {name for name, text in changed.items() if scene.utter(name, read_marked(text)) is not None}
    assert heard == WORDS.keys() - {"the_squares"}


def test_a_recording_without_pauses_cannot_be_cut(voice: Voice, folder: Path, cache: SpeechCache) -> None:
    write(folder / "ANeuron.wav", said(voice, "And still, something in you says three.")[0])
    scene = RecordedScene(find_recordings(folder, SCENES)["ANeuron"], cache, lambda: beats_of(WORDS))
    with pytest.raises(NarrationError, match=r"into the 4 beats of its scene: it has no pauses .* and 3 are needed"):
        scene.utter("the_question", read_marked(WORDS["the_question"]))


def test_a_beat_that_was_recorded_again_is_heard_once(voice: Voice, folder: Path, cache: SpeechCache) -> None:
    """A newcomer read the scene in one go, and one beat of it again: that one was said twice."""
    wav = folder / "BarDetector.wav"
    record_scene(voice, wav, list(WORDS.values()))
    write(folder / "BarDetector" / "the_squares.wav", said(voice, WORDS["the_squares"])[0])
    scene = RecordedScene(find_recordings(folder, SCENES)["BarDetector"], cache, lambda: beats_of(WORDS))
    for name, text in WORDS.items():
        heard = scene.utter(name, read_marked(text))
        alone = sum(voice.speak(clause).seconds for clause in clauses(text)) + 0.3 * (len(clauses(text)) - 1)
        assert heard is not None and heard.seconds == pytest.approx(alone, abs=0.5), name
    assert noted_words(wav) == WORDS


@pytest.mark.parametrize(
    ("read", "pause", "sentence"),
    [
        (["the_question", "the_squares", "the_answer"], 1.0, "2 pauses of 0.6 seconds or more, and 3 are needed"),
        (["the_question", "the_squares", "the_end"], 0.1, "0.6 seconds or more, and 3 are needed"),
        (["the_end", "the_end", "the_end", "the_squares the_answer"], 1.0, "3 pauses .*, but not where the beats end"),
    ],
)
def test_a_whole_scene_that_does_not_fit_is_refused_and_its_words_are_not_noted(
    read: list[str], pause: float, sentence: str, voice: Voice, folder: Path, cache: SpeechCache
) -> None:
    """It was cut all the same, and captions were laid over words that nobody had said."""
    wav = folder / "BarDetector.wav"
    record_scene(voice, wav, [" ".join(WORDS[name] for name in names.split()) for names in read], pause)
    scene = RecordedScene(find_recordings(folder, SCENES)["BarDetector"], cache, lambda: beats_of(WORDS))
    with pytest.raises(
        NarrationError, match=f"4 beats of its scene: it has .*{sentence}.* pause of a second after each"
    ):
        scene.utter("the_question", read_marked(WORDS["the_question"]))
    assert noted_words(wav) is None


def test_what_was_levelled_before_is_not_levelled_again(voice: Voice, folder: Path, cache: SpeechCache) -> None:
    """Levelling a recording of three minutes takes nine seconds, and every process that draws did it again."""
    wav = folder / "BarDetector.wav"
    record_scene(voice, wav, list(WORDS.values()))
    recordings = find_recordings(folder, SCENES)["BarDetector"]

    def hear() -> tuple[list[object], RecordedScene]:
        scene = RecordedScene(recordings, cache, lambda: beats_of(WORDS))
        return [scene.utter(name, read_marked(text)) for name, text in WORDS.items()], scene

    first, _ = hear()
    again, scene = hear()
    assert again == first and scene._parts is None


# ---------------------------------------------------------------------------------------------------- files


def test_where_recordings_are_found(folder: Path) -> None:
    places = {
        "ANeuron.wav": ("ANeuron", None),
        "en/BarDetector/BarDetector.WAV": ("BarDetector", None),
        "BarDetector/the_loop.wav": ("BarDetector", "the_loop"),
        "en/bardetector/the_end.wav": ("BarDetector", "the_end"),
        "en/TitleCard.wav": ("TitleCard", None),
    }
    for place in (*places, "notes.txt", ".hidden.wav", "BarDetector/.trash/x.wav"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).touch()
    found = find_recordings(folder, SCENES)
    assert found["ANeuron"].whole == folder / "ANeuron.wav"
    assert found["TitleCard"].whole == folder / "en/TitleCard.wav"
    for place, (scene, beat) in places.items():
        assert found[scene].file_for(beat or "any") == (folder / place if beat else found[scene].whole)
    assert len(found["BarDetector"].wavs) == 3


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (["BarDetecto.wav"], "is not named after a scene; did you mean BarDetector.wav?"),
        (["BarDetecto/x.wav"], "is not named after a scene; did you mean BarDetector? "),
        (["99.wav"], "99.wav is not named after a scene; ./knobs scenes lists them"),
        (["Nowhere.wav"], "Nowhere.wav is not named after a scene; ./knobs scenes lists them"),
        (["ANeuron.wav", "en/aneuron.wav"], "are for the same words; keep one of them"),
        (["ANeuron.wav", "ANeuron/ANeuron.wav"], "are for the same words; keep one of them"),
        (["ANeuron/a.wav", "en/ANeuron/A.wav"], "are for the same words; keep one of them"),
    ],
)
def test_a_wav_that_belongs_nowhere(places: list[str], sentence: str, folder: Path) -> None:
    for place in places:
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).touch()
    with pytest.raises(NarrationError, match=sentence.replace("?", r"\?")):
        find_recordings(folder, SCENES)


def test_a_wav_named_after_no_beat(folder: Path) -> None:
    recordings = SceneRecordings("ANeuron", None, {"the_lop": folder / "the_lop.wav"})
    with pytest.raises(
        NarrationError, match=r"ANeuron has no beat 'the_lop'; did you mean the_loop.wav\? ./knobs script"
    ):
        recordings.check_beats(["the_end", "the_loop"])
    recordings.check_beats(["the_lop"])


def test_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(NarrationError, match="there is no folder .*--narration FOLDER"):
        find_recordings(folder, SCENES)
    assert find_recordings(NO_RECORDINGS, SCENES) == {}


def test_the_recordings_of_one_scene_whatever_else_is_there(folder: Path) -> None:
    for place in ("Mine/one.wav", "en/mine.wav", "Other.wav", "a/deep/folder/Mine.wav"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).touch()
    found = recordings_of(folder, "Mine")
    assert found == SceneRecordings("Mine", folder / "en/mine.wav", {"one": folder / "Mine/one.wav"})
    assert recordings_of(folder, "Yours") is None


@pytest.mark.parametrize("note", ["", "{}", "[]", '{"format": 1, "wav": "", "words": 3}', '{"format": 99}'])
def test_a_damaged_note_is_none(note: str, folder: Path) -> None:
    wav = write(folder / "ANeuron.wav", room(0.1))
    note_file(wav).write_text(note)
    assert noted_words(wav) is None and is_damaged(wav)
    note_words(wav, {"a": "b"})
    assert not is_damaged(wav)
    assert noted_words(wav) == {"a": "b"} and json.loads(note_file(wav).read_text())["words"] == {"a": "b"}


def test_with_a_damaged_note_a_recording_counts_as_changed(folder: Path, cache: SpeechCache) -> None:
    """It counted as up to date, so old words might have been heard under new ones."""
    wav = write(folder / "ANeuron" / "told.wav", room(0.1))
    note_words(wav, {"told": "Three."})
    before = find_recordings(folder, SCENES)["ANeuron"].fingerprint
    note_file(wav).write_bytes(note_file(wav).read_bytes()[:40])
    recordings = find_recordings(folder, SCENES)["ANeuron"]
    assert recordings.fingerprint != before, "its clip is made again"
    assert RecordedScene(recordings, cache, nobody_asks).utter("told", read_marked("Three.")) is None
    assert state_of(recordings, "told", "Three.") == ("changed", "")
    (warning,) = what_is_not_heard(recordings, [Beat("told", "Three.", 0, 1, "", (), "joe")])
    assert "told.words.json is damaged, so nobody knows what told.wav says, and joe speaks instead; if" in warning
    note_words(wav, {"told": "Three."}, confirmed=True)
    assert state_of(recordings, "told", "Three.") == ("recorded", "Three.")


def test_a_recording_that_is_twice_as_fast_as_anybody_speaks_is_told(
    voice: Voice, folder: Path, cache: SpeechCache
) -> None:
    """The header of the file named twice the rate that it was recorded with."""
    text = WORDS["the_answer"]
    samples, _ = said(voice, *clauses(text))

    def sentences(rate: int) -> list[str]:
        wav = folder / "ANeuron" / "told.wav"
        wav.parent.mkdir(parents=True, exist_ok=True)
        wavfile.write(wav, rate, (samples.T * 16_000).astype(np.int16))
        recordings = find_recordings(folder, SCENES)["ANeuron"]
        heard = RecordedScene(recordings, cache, nobody_asks).utter("told", read_marked(text))
        assert heard is not None
        return what_is_not_heard(recordings, [Beat("told", text, 0, heard.seconds, "", heard.clauses, heard.voice)])

    assert sentences(RATE) == []
    (fast,), (slow,) = sentences(2 * RATE), sentences(RATE // 2)
    assert "told.wav says told 2." in fast or "told.wav says told 1.9 times as fast" in fast
    assert "times as slowly as its words are usually said" in slow
    assert "the file names a wrong sample rate: save it again with the rate of the recording" in fast


@pytest.mark.parametrize("ending", ["mp3", "M4A", "ogg", "flac"])
def test_a_recording_in_another_format_is_not_passed_over_in_silence(ending: str, folder: Path) -> None:
    (folder / "ANeuron").mkdir(parents=True)
    (folder / "ANeuron" / f"told.{ending}").touch()
    with pytest.raises(NarrationError, match=f"told.{ending} is not heard, as only WAV files are; save it as told.wav"):
        find_recordings(folder, SCENES)
    wav = write(folder / "ANeuron" / "told.wav", room(0.1))
    assert find_recordings(folder, SCENES)["ANeuron"].wavs == [wav], "saved as WAV, and the original kept"


def test_a_folder_or_a_link_in_place_of_a_recording(folder: Path) -> None:
    wav = folder / "ANeuron" / "told.wav"
    wav.mkdir(parents=True)
    with pytest.raises(NarrationError, match="told.wav is a folder with the name of a recording; give the folder"):
        find_recordings(folder, SCENES)
    wav.rmdir()
    wav.symlink_to(folder / "nowhere.wav")
    with pytest.raises(NarrationError, match="told.wav is a link to a file that is not there; put the WAV file"):
        find_recordings(folder, SCENES)


def test_a_recording_that_is_none(folder: Path, cache: SpeechCache) -> None:
    (folder / "ANeuron").mkdir(parents=True)
    (folder / "ANeuron" / "told.wav").write_text("an MP3")
    scene = RecordedScene(find_recordings(folder, SCENES)["ANeuron"], cache, nobody_asks)
    with pytest.raises(SoundError, match="told.wav is not a readable WAV file; save it again"):
        scene.utter("told", read_marked("Three."))


def test_a_new_recording_and_confirmed_words_change_the_fingerprint_and_first_use_does_not(folder: Path) -> None:
    def fingerprint() -> str:
        return find_recordings(folder, SCENES)["ANeuron"].fingerprint

    wav = write(folder / "ANeuron" / "told.wav", room(0.1))
    seen = [fingerprint()]
    note_words(wav, {"told": "Three."})
    assert fingerprint() == seen[0], "or the clip that notes them would be out of date at once"
    note_words(wav, {"told": "Three!"}, confirmed=True)
    seen.append(fingerprint())
    write(wav, room(0.1, seed=1))
    seen.append(fingerprint())
    write(folder / "ANeuron.wav", room(0.1))
    seen.append(fingerprint())
    assert len(set(seen)) == 4


def test_recordings_are_checked_before_anything_is_drawn(folder: Path) -> None:
    write(folder / "ANeuron.wav", room(0.1))
    clipped = np.clip(np.sin(np.arange(96_000) / 20)[None] * 5, -1, 1).astype(np.float32)
    write(folder / "BarDetector.wav", clipped, gain=1.0)
    (warning,) = check_recordings([find_recordings(folder, SCENES)["BarDetector"]])
    assert "BarDetector.wav was recorded too loud and sounds harsh; record it again" in warning
    (folder / "ANeuron.wav").write_bytes(b"")
    with pytest.raises(SoundError, match="ANeuron.wav is empty"):
        check_recordings(find_recordings(folder, SCENES).values())
