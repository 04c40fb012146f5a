"""The script of the lesson: all that is said in its scenes, with this network's numbers, when, and what is seen.

It is made by running the scenes without drawing them. It can be read aloud, and compared with what was recorded.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from lesson.render import rendering
from lesson.render.markdown import escaped
from network.paths import display_path
from scenes.catalogue import language_codes
from scenes.language import _, _c, _n, current, together
from scenes.settings import DEFAULT_NARRATION, LessonContext
from scenes.syllabus import Part, SceneEntry, is_card, with_cards
from scenes.voice.narration import Beat
from scenes.voice.recorded_words import note_words, noted_words
from scenes.voice.recording_checks import State, state_of
from scenes.voice.recordings import LANGUAGE, NO_RECORDINGS, SceneRecordings, find_recordings
from scenes.voice.voices import find_voice

# The columns of the spreadsheet.
COLUMNS = (
    *("number", "part", "scene", "title", "beat", "start", "stop", "words"),
    *("narration", "what is seen", "recording", "file"),
)


@dataclass(frozen=True)
class ScriptBeat:
    """A beat in the script.

    number: those of its part, scene and beat, such as "6.3.2". state: whether it is recorded. recorded_words: what its
    recording says, if that is something else. file: where its recording is, or belongs.
    """

    number: str
    beat: Beat
    state: State
    recorded_words: str
    file: Path


@dataclass(frozen=True)
class ScriptScene:
    """A scene in the script. number: those of its part and scene, such as "6.3"; seconds: its length."""

    number: str
    part: Part
    scene: SceneEntry
    seconds: float
    beats: tuple[ScriptBeat, ...]

    @property
    def is_told(self) -> bool:
        return bool(self.beats)


def read_script(
    scenes: Sequence[tuple[Part, SceneEntry]], context: LessonContext, media: Path, folder: Path
) -> Iterator[ScriptScene]:
    """The script of each scene in turn, as the context's voice tells it; each takes about two seconds.

    folder: that of the recordings. NarrationError for a recording that belongs to no
    beat, or for a voice that is none; CheckpointError or DataError if the network or the data cannot be read.
    """
    recordings = find_recordings(folder, [scene.name for _, scene in with_cards(rendering.find_scenes(()))])
    rendering.check_network(context)
    find_voice(context.voice, media / "cache" / "voice")  # refuses one that is not there
    # Run without recordings: what they say may not be what is said now.
    context = replace(context, quality="l", narration=NO_RECORDINGS)
    for part, scene in scenes:
        with rendering.manim_set_up("l", media):
            stage = rendering.dry_run(part, scene, context)
        yield script_of(part, scene, float(stage.time), stage.beats, recordings.get(scene.name), folder)


def with_recordings(scenes: Sequence[tuple[Part, SceneEntry]], folder: Path) -> list[tuple[Part, SceneEntry]]:
    """Those of these scenes that have recordings in a folder. NarrationError for one that belongs to no scene."""
    found = find_recordings(folder, [scene.name for _, scene in with_cards(rendering.find_scenes(()))])
    return [(part, scene) for part, scene in scenes if scene.name in found]


def script_of(
    part: Part,
    scene: SceneEntry,
    seconds: float,
    beats: Iterable[Beat],
    recordings: SceneRecordings | None,
    folder: Path,
) -> ScriptScene:
    """The script of a scene that has run. NarrationError for a recording that belongs to none of its beats."""
    told = [beat for beat in beats if beat.text]
    if recordings is not None:
        recordings.check_beats([beat.name for beat in told])
    number = _number(part, scene)
    lines = []
    for count, beat in enumerate(told, 1):
        state, recorded = state_of(recordings, beat.name, beat.text)
        wav = recordings.file_for(beat.name) if recordings and state != "missing" else None
        file = wav or _folder_of(folder) / scene.name / f"{beat.name}.wav"
        lines.append(ScriptBeat(f"{number}.{count}", beat, state, recorded if state == "changed" else "", file))
    return ScriptScene(number, part, scene, seconds, tuple(lines))


def _folder_of(folder: Path) -> Path:
    """Where recordings belong in a folder: in that of English, if there is one, as in the lesson's own."""
    if folder.name in language_codes():
        return folder
    return folder / LANGUAGE if folder == DEFAULT_NARRATION or (folder / LANGUAGE).is_dir() else folder


def confirm_recordings(script: Iterable[ScriptScene], folder: Path) -> list[Path]:
    """Note for every recording of these scenes that it says the script's words; gives those that were noted anew.

    OSError if a note cannot be written.
    """
    recordings = find_recordings(folder, [scene.name for _, scene in with_cards(rendering.find_scenes(()))])
    noted = []
    for scene in script:
        found = recordings.get(scene.scene.name)
        if found is None:
            continue
        words = {line.beat.name: line.beat.text for line in scene.beats}
        of_files = {wav: {beat: words[beat]} for beat, wav in found.beats.items()}
        if found.whole is not None:
            # A beat that was recorded again may be said with other words in the recording of the whole scene.
            before = noted_words(found.whole) or {}
            of_files[found.whole] = {**words, **{beat: before[beat] for beat in found.beats if beat in before}}
        for wav, said in of_files.items():
            if noted_words(wav) != said:
                note_words(wav, said, confirmed=True)
                noted.append(wav)
    return noted


def _number(part: Part, scene: SceneEntry) -> str:
    if is_card(part):
        return f"{part.number}.0"
    return f"{part.number}.{1 + [entry.name for entry in part.scenes].index(scene.name)}"


# ------------------------------------------------------------------------------------------ writing


def _words_in(text: str) -> int:
    """How many words a text has; in a language that has no spaces between them, how many letters."""
    return len(text.split()) if current().between else sum(map(str.isalpha, text))


def as_markdown(script: Sequence[ScriptScene], told: str) -> str:
    """The script to read from. told: a sentence about the network and the voice."""
    seconds = sum(scene.seconds for scene in script)
    words = sum(_words_in(line.beat.text) for scene in script for line in scene.beats)
    title, nothing = _("The script"), _("Nothing is said.")
    blocks = [
        f"# {title}",
        together(
            told,
            _n("{n} word, {time} in all.", "{n} words, {time} in all.", words, time=clock(seconds)),
            _("Times are minutes and seconds from the start of each scene."),
        ),
    ]
    for _number, scenes in groupby(script, key=lambda scene: scene.part.number):
        of_part = list(scenes)
        part = of_part[0].part
        heading = _(part.title)
        if part.number:
            heading = _("Part {number}. {title}", number=part.number, title=heading)
        blocks.append(f"## {escaped(heading)}")
        for scene in of_part:
            blocks.append(
                f"### {scene.number} {escaped(_(scene.scene.title))}\n\n`{scene.scene.name}` · {clock(scene.seconds)}"
            )
            if not scene.is_told:
                blocks.append(f"*{nothing}*")
            for line in scene.beats:
                blocks += _markdown_of(line)
    return "\n\n".join(blocks) + "\n"


def _markdown_of(line: ScriptBeat) -> list[str]:
    recorded, changed = _c("a beat", "recorded"), _c("a beat", "recorded with other words")
    state = {"recorded": f" · {recorded}", "changed": f" · **{changed}**", "missing": ""}[line.state]
    blocks = [
        f"**{line.number}** · {clock(line.beat.start)}–{clock(line.beat.stop)} · `{line.beat.name}`{state}",
        f"> {escaped(line.beat.text)}",
    ]
    if line.recorded_words:
        blocks.append(_("Recorded: {words}", words=escaped(line.recorded_words)))
    if line.beat.moves:
        seen = _("Seen: {words}", words=escaped(line.beat.moves))
        blocks.append(f"*{seen}*")
    return blocks


def as_csv(script: Iterable[ScriptScene]) -> str:
    """The script as a table (RFC 4180), a line for each beat; times in seconds from the start of the scene."""
    text = io.StringIO()
    table = csv.writer(text)  # ends its lines with CR and LF
    table.writerow(COLUMNS)
    for scene in script:
        for line in scene.beats:
            beat = line.beat
            table.writerow(
                [
                    *(
                        line.number,
                        _cell(_(scene.part.title)),
                        scene.scene.name,
                        _cell(_(scene.scene.title)),
                        beat.name,
                    ),
                    *(f"{beat.start:.2f}", f"{beat.stop:.2f}", _words_in(beat.text)),
                    *(_cell(beat.text), _cell(beat.moves), line.state, display_path(line.file)),
                ]
            )
    return text.getvalue()


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 1:05."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _cell(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
