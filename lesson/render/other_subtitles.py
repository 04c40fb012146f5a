"""Subtitles of a clip in other languages than its own, on its own timeline.

What is said in the other language is found by running the scene in it, without drawing; that is kept as long as
nothing changes that it depends on. Beat by beat it then takes the time of the words that are really told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lesson.render import clip_cache, rendering
from lesson.render.build_record import read_record, write_record
from lesson.render.clip_metadata import read_metadata
from lesson.render.jobs import RenderOptions
from lesson.render.subtitles import as_srt
from network.files import atomic_write
from scenes.catalogue import digest_of
from scenes.language import language_named, told_in
from scenes.settings import NO_VOICE, LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.syllabus import Part, SceneEntry, module_of
from scenes.voice.cues import Subtitles, cues
from scenes.voice.narration import Beat, Clause
from scenes.voice.recordings import NO_RECORDINGS
from scenes.voice.utterance import sentences_of

FORMAT = 1
_RECORD = {"words": dict, "inputs": dict, "code": dict}


@dataclass(frozen=True)
class OtherLanguage:
    """A language for subtitles. context: of the lesson in it, untold. inputs: the fingerprints of all it depends on."""

    code: str
    context: LessonContext
    inputs: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Changes with any of its translations."""
        return digest_of(self.code)


def other_languages(codes: str | None, context: LessonContext) -> list[OtherLanguage]:
    """The languages of the option --subtitles, such as "de,es", but for the one that the lesson is told in.

    LanguageError for one that there is not.
    """
    wanted = [language_named(code.strip()).code for code in (codes or "").split(",") if code.strip()]
    found = []
    for code in dict.fromkeys(wanted):
        if code != context.language:
            untold = replace(
                context, language=code, quality="l", voice=NO_VOICE, narration=NO_RECORDINGS, captions="track"
            )
            found.append(OtherLanguage(code, untold, clip_cache.input_fingerprints(untold)))
    return found


@dataclass(frozen=True)
class Retold:
    """What a clip says, in another language, in the times of what is really told."""

    language: str
    beats: tuple[Beat, ...]

    def moved(self, seconds: float) -> Retold:
        """The same, said that much later."""
        return replace(self, beats=tuple(beat.moved(seconds) for beat in self.beats))

    def subtitles(self, seconds: float) -> Subtitles:
        """As subtitles of a clip of this length."""
        with told_in(self.language):
            return Subtitles(self.language, cues(self.beats, seconds))


def retell_clips(
    scenes: Sequence[tuple[Part, SceneEntry]], options: RenderOptions, on_scene: Callable[[int, int], object]
) -> list[list[Retold]]:
    """What the clips of scenes say in the further languages of --subtitles, a list for each.

    on_scene: called with how many scenes are done, and of how many. LanguageError for a language that there is not.
    """
    languages = other_languages(options.subtitles, options.context())
    found = []
    for number, (part, scene) in enumerate(scenes, 1):
        told = read_metadata(options.clip_file(scene))
        beats = told.beats if told else ()
        found.append([retell(one, part, scene, beats, options.media) for one in languages])
        on_scene(number, len(scenes))
    return found


def write_beside(clip: Path, retold: Sequence[Retold]) -> list[Path]:
    """Write what a clip says in other languages beside it, as SRT, and return the files. OSError if that fails."""
    written = []
    for one in retold:
        file = file_beside(clip, one.language)
        captions = one.subtitles(clip_cache.recorded_seconds(clip) or 0.0).captions
        with told_in(one.language):
            atomic_write(file, as_srt(captions).encode())
        written.append(file)
    return written


def retell(language: OtherLanguage, part: Part, scene: SceneEntry, beats: Sequence[Beat], media: Path) -> Retold:
    """What these beats of a scene say in another language."""
    words = words_in(language, part, scene, media) if beats else {}
    with told_in(language.code):
        return Retold(language.code, tuple(laid_on(beats, words)))


def file_beside(clip: Path, language: str) -> Path:
    """Where the subtitles of a clip in another language are, as SRT."""
    return clip.with_suffix(f".{language}.srt")


def words_in(language: OtherLanguage, part: Part, scene: SceneEntry, media: Path) -> dict[str, str]:
    """What each beat of a scene says in another language, by its name; it takes about two seconds the first time."""
    file = rendering.in_language(media / "cache" / "words", language.code) / f"{scene.name}.json"
    record = read_record(file, FORMAT, _RECORD)
    if (
        record is not None
        and not clip_cache.changed_input(record["inputs"], language.inputs)
        and not code_fingerprint.changes(record["code"])
    ):
        return {str(beat): str(said) for beat, said in record["words"].items()}
    with rendering.manim_set_up("l", media), input_log.noting() as read:
        stage = rendering.dry_run(part, scene, language.context)
    words = {beat.name: beat.text for beat in stage.beats}
    kept = {
        "words": words,
        "inputs": clip_cache.recorded_fingerprints(read, language.inputs),
        "code": clip_cache.code_of(module_of(part, scene), scene.name),
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_record(file, FORMAT, kept)
    except OSError:
        pass  # the next time takes as long as this time
    return words


def laid_on(beats: Sequence[Beat], words: Mapping[str, str]) -> list[Beat]:
    """What is said in another language, in the time that the words of these beats take; in that language's sentences.

    Where a beat has as many sentences in both, each takes the time of the one that it translates.
    """
    laid = []
    for beat in beats:
        text = words.get(beat.name, "")
        if not text or not beat.clauses:
            continue
        sentences, times = sentences_of(text), _times_of_sentences(beat)
        if len(sentences) != len(times):
            sentences, times = [text], [(beat.clauses[0].start, beat.clauses[-1].stop)]
        clauses = tuple(Clause(said, *time) for said, time in zip(sentences, times, strict=True))
        laid.append(replace(beat, text=text, moves="", clauses=clauses, voice=""))
    return laid


def _times_of_sentences(beat: Beat) -> list[tuple[float, float]]:
    """When each sentence of a beat is told: from its first clause to its last, in seconds."""
    times, waiting = [], list(beat.clauses)
    for sentence in sentences_of(" ".join(clause.text for clause in beat.clauses)):
        told, length = [], len("".join(sentence.split()))
        while waiting and length > 0:
            clause = waiting.pop(0)
            told.append(clause)
            length -= len("".join(clause.text.split()))
        if told:
            times.append((told[0].start, told[-1].stop))
    return times
