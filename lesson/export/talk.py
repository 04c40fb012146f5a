"""The pages to teach with: one that shows the lesson beat by beat and waits, and a handout to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lesson.export.jinja_environment import render_page
from lesson.export.manifest import ExportedClip
from lesson.export.steps import Step, steps_of
from lesson.render.subtitles import cue_text
from network.checkpoint import Checkpoint
from scenes.syllabus import Part
from scenes.wording import count

PRESENTER, HANDOUT = "present.html", "handout.html"

# Keys of the presenter, and what they do; present.js has the same.
_KEYS = (
    (("→", "↓", "Page Down", "Enter", "N"), "the next beat; while one plays, the one after it"),
    (("←", "↑", "Page Up", "Backspace", "P"), "back to where the beat before ended"),
    (("Space",), "pause, and go on; where it waits, the next beat"),
    (("Shift + →", "Shift + ←"), "the next scene, and the start of this one or the one before"),
    (("6", "Enter"), "to part 6; 6.2 and Enter to its second scene"),
    (("J",), "the list of parts and scenes"),
    (("Home", "End"), "to the start, and to the end"),
    (("R",), "the beat again"),
    (("L",), "the beat again and again, without sound, until you go on"),
    (("B", "."), "black screen; any key goes back"),
    (("W", ","), "white screen"),
    (("S",), "speaker view in a second window: words, next beat, clock"),
    (("M",), "the voice off, and on"),
    (("C",), "captions on, and off"),
    (("A",), "it goes on by itself, or waits after each beat"),
    (("+", "−"), "faster, and slower"),
    (("F",), "full screen"),
    (("H", "?"), "these keys"),
)


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
    return render_page(
        "present.html.j2",
        clips=clips,
        parts=_parts(clips),
        title=title,
        extent=_extent(clips),
        handout=HANDOUT,
        keys=_KEYS,
        terms=terms,
        lesson={"scenes": [_scene(clip) for clip in clips], "auto": options.auto, "muted": options.muted},
    )


def handout(clips: Sequence[ExportedClip], title: str, checkpoint: Checkpoint, terms: str = "") -> str:
    """The page to print: the last picture of every beat, and its words. terms: the licence."""
    return render_page(
        "handout.html.j2",
        clips=clips,
        parts=_parts(clips),
        title=f"Handout: {title}",
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
    """A clip as present.js wants it; times in seconds from its start, `frame` is how long a frame lasts."""
    captions = () if clip.captions_burned else clip.metadata.captions
    return {
        "name": clip.scene,
        "title": clip.metadata.title,
        "part": clip.part.number,
        "partTitle": clip.part.title,
        "mp4": clip.file("mp4").path,
        "frame": round(1 / clip.rate, 4),
        "sound": clip.sound,
        "captions": [[_time(caption.start), _time(caption.stop), cue_text(caption)] for caption in captions],
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


def _time(seconds: float) -> float:
    """As the manifest has it, from which a clip that is kept gets the same page."""
    return round(float(seconds), 3)


def _parts(clips: Sequence[ExportedClip]) -> list[Part]:
    return list({clip.part.number: clip.part for clip in clips}.values())


def _extent(clips: Sequence[ExportedClip]) -> str:
    beats = sum(len(steps_of(clip.metadata)) for clip in clips)
    return f"{count(len(_parts(clips)), 'part')}, {count(len(clips), 'scene')}, {count(beats, 'beat')}"
