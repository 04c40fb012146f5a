"""The pages to teach with: one that shows the lesson beat by beat and waits, and a handout to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lesson.export.jinja_environment import render_page
from lesson.export.manifest import ExportedClip
from lesson.export.steps import Step, steps_of
from lesson.render.subtitles import cue_text, from_webvtt
from network.checkpoint import Checkpoint
from scenes.catalogue import name_of
from scenes.language import N_, NC_, _, _n, in_figures, left_to_right
from scenes.syllabus import Part
from scenes.voice.cues import Caption

PRESENTER, HANDOUT = "present.html", "handout.html"

# Keys of the presenter, and what they do; present.js has the same. Letters and numbers are the same in all languages.
_KEYS = (
    (
        ("→", "↓", NC_("a key", "Page Down"), NC_("a key", "Enter"), "N"),
        N_("the next beat; while one plays, the one after it"),
    ),
    (("←", "↑", NC_("a key", "Page Up"), NC_("a key", "Backspace"), "P"), N_("back to where the beat before ended")),
    ((NC_("a key", "Space"),), N_("pause, and go on; where it waits, the next beat")),
    (
        (NC_("a key", "Shift + →"), NC_("a key", "Shift + ←")),
        N_("the next scene, and the start of this one or the one before"),
    ),
    (("6", NC_("a key", "Enter")), N_("to part 6; 6.2 and Enter to its second scene")),
    (("J",), N_("the list of parts and scenes")),
    ((NC_("a key", "Home"), NC_("a key", "End")), N_("to the start, and to the end")),
    (("R",), N_("the beat again")),
    (("L",), N_("the beat again and again, without sound, until you go on")),
    (("B", "."), N_("black screen; any key goes back")),
    (("W", ","), N_("white screen")),
    (("S",), N_("speaker view in a second window: words, next beat, clock")),
    (("M",), N_("the voice off, and on")),
    (("C",), N_("captions on, and off")),
    (("A",), N_("it goes on by itself, or waits after each beat")),
    (("+", "−"), N_("faster, and slower")),
    (("F",), N_("full screen")),
    (("H", "?"), N_("these keys")),
)
_SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "2")
_C_WITH_LANGUAGES = N_("captions on, in one of their languages after the other, and off")


@dataclass(frozen=True)
class TalkOptions:
    """How the presenter begins. auto: seconds after which it goes on by itself; None where it waits for a person.

    muted: whether the voice is off until somebody turns it on.
    """

    auto: float | None = None
    muted: bool = False


def presenter(clips: Sequence[ExportedClip], title: str, options: TalkOptions, terms: str = "") -> str:
    """The page that is shown to an audience. It plays the films of the export, which lie beside it.

    terms: the licence.
    """
    languages = _languages_of_captions(clips)
    return render_page(
        "present.html.j2",
        path=PRESENTER,
        clips=clips,
        parts=_parts(clips),
        title=title,
        extent=_extent(clips),
        handout=HANDOUT,
        speeds=[(speed, left_to_right(f"{in_figures(speed)}×")) for speed in _SPEEDS],
        keys=[(keys, _C_WITH_LANGUAGES if keys == ("C",) and len(languages) > 1 else does) for keys, does in _KEYS],
        terms=terms,
        lesson={
            "scenes": [_scene(clip) for clip in clips],
            "captions": languages,
            "auto": options.auto,
            "muted": options.muted,
        },
    )


def handout(clips: Sequence[ExportedClip], title: str, checkpoint: Checkpoint, terms: str = "") -> str:
    """The page to print: the last picture of every beat, and its words. terms: the licence."""
    return render_page(
        "handout.html.j2",
        path=HANDOUT,
        clips=clips,
        parts=_parts(clips),
        title=_("Handout: {title}", title=title),
        lesson=title,
        extent=_extent(clips),
        presenter=PRESENTER,
        steps=_steps,
        checkpoint=checkpoint,
        terms=terms,
    )


def _steps(clip: ExportedClip) -> list[tuple[Step, str]]:
    """The steps of a clip, each with the path of its last picture."""
    pictures = [file.path for file in clip.files_of("beat")]
    return list(zip(steps_of(clip.metadata), pictures, strict=True))


def _scene(clip: ExportedClip) -> dict[str, Any]:
    """A clip as present.js wants it; times in seconds from its start, `frame` is how long a frame lasts.

    captions: by their language, without those that are in the picture.
    """
    cues = {clip.metadata.language: () if clip.captions_burned else _cues(clip.metadata.captions, cue_text)}
    cues |= {code: _cues(from_webvtt(text), lambda caption: caption.sentence) for code, text in clip.subtitles}
    return {
        "name": clip.scene,
        "title": clip.metadata.title,
        "part": clip.part.number,
        "partTitle": _(clip.part.title),
        "mp4": clip.file("mp4").path,
        "frame": round(1 / clip.rate, 4),
        "sound": clip.sound,
        "captions": {code: of_language for code, of_language in cues.items() if of_language},
        "steps": [
            {
                "text": step.beat.text,
                "moves": step.beat.moves,
                "start": _time(step.start),
                "stop": _time(step.stop),
                "loop": step.loop and [_time(moment) for moment in step.loop],
                "picture": picture,
            }
            for step, picture in _steps(clip)
        ],
    }


def _cues(captions: Sequence[Caption], words: Callable[[Caption], str]) -> list[tuple[float, float, str]]:
    return [(_time(caption.start), _time(caption.stop), words(caption)) for caption in captions]


def _languages_of_captions(clips: Sequence[ExportedClip]) -> list[dict[str, str]]:
    """The languages that there are captions in, that of the page first, as present.js wants them."""
    own = [clip.metadata.language for clip in clips if clip.metadata.captions and not clip.captions_burned]
    further = [code for clip in clips for code, _text in clip.subtitles]
    return [{"code": code, "name": name_of(code)} for code in dict.fromkeys([*own, *further])]


def _time(seconds: float) -> float:
    """As the manifest has it, from which a clip that is kept gets the same page."""
    return round(float(seconds), 3)


def _parts(clips: Sequence[ExportedClip]) -> list[Part]:
    return list({clip.part.number: clip.part for clip in clips}.values())


def _extent(clips: Sequence[ExportedClip]) -> str:
    steps = sum(len(steps_of(clip.metadata)) for clip in clips)
    # Each by itself, because Babel reads no message inside another. A part of a digit may have another name.
    scenes, beats = _n("{n} scene", "{n} scenes", len(clips)), _n("{n} beat", "{n} beats", steps)
    parts = len(_parts(clips))
    return _n("{n} part, {scenes}, {beats}", "{n} parts, {scenes}, {beats}", parts, scenes=scenes, beats=beats)
