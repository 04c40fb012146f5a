"""Whether recordings say what their scene says now, and as people speak."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from network.paths import display_path
from scenes.voice.narration import RECORDING, Beat
from scenes.voice.recorded_words import is_damaged, note_file, noted_words, same_words
from scenes.voice.recordings import SceneRecordings
from scenes.voice.speech_length import length_with_pauses

# The voice joe takes so long for a letter of `speech_length`, and nobody speaks so many times faster or slower. Of
# words that take less time than the last, nobody can tell.
_A_LETTER, _TOO_FAST, _SHORT = 0.06, 1.7, 1.5  # seconds, (a factor), seconds

State = Literal["recorded", "changed", "missing"]


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
    if beat.voice != RECORDING or not beat.clauses:
        return ""
    usual = _A_LETTER * length_with_pauses(beat.text)
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
    return f"{beat.voice} speaks instead" if beat.voice and beat.voice != RECORDING else "nobody is heard there"
