"""The pictures of the lesson in a language: whether its words fit them, and whether all words are translated.

Each scene is run without making a video, and its stage is looked at after every play.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lesson.render.clip_metadata import ClipMetadata
from lesson.render.picture_checks import Findings, check_layout, check_readable, shown_texts
from lesson.render.rendering import manim_set_up, metadata_of, scene_class
from lesson.translation.catalogues import Fault
from scenes.language import told_in
from scenes.settings import NO_VOICE, LessonContext, NarrationOptions
from scenes.stage import input_log
from scenes.syllabus import Part, SceneEntry
from scenes.voice.cues import faults

# Frames a second; where a play begins and ends, the picture is the same with any.
_RATE = 4
_TIME = re.compile(r"^\s*[\d.]+ s: ")


@dataclass(frozen=True)
class SeenScene:
    """A scene that ran in a language.

    metadata: its words. shown: all texts that stood in its pictures. read: what it depends on, as
    `scenes.stage.input_log` names it. findings: what is wrong with its pictures and its subtitles, in sentences.
    """

    metadata: ClipMetadata
    shown: frozenset[str]
    read: frozenset[str]
    findings: tuple[str, ...]


def see(part: Part, scene: SceneEntry, language: str, media: Path, thoroughly: bool = True) -> SeenScene:
    """Run a scene in a language and look at its pictures.

    thoroughly: also at what lies behind the words; that takes longer.
    """
    from manim import tempconfig

    shown: set[str] = set()
    findings = Findings()

    class Seen(scene_class(part, scene)):  # type: ignore[misc]
        def play(self, *args: Any, **kwargs: Any) -> None:
            super().play(*args, **kwargs)
            texts = shown_texts(self)
            shown.update(text.shown for text in texts if isinstance(getattr(text, "shown", None), str))
            check_layout(self, texts, findings)
            if thoroughly:
                check_readable(self, texts, findings)

    Seen.__name__ = scene.name
    context = LessonContext.of(quality="l", narration=NarrationOptions(NO_VOICE, language=language))
    with manim_set_up("l", media), tempconfig({"dry_run": True, "frame_rate": _RATE}), input_log.noting() as read:
        stage = Seen(context=context, skip_animations=True)
        stage.render()
        metadata = metadata_of(stage, scene)
    with told_in(language):
        unreadable = faults(metadata.captions)
    return SeenScene(
        metadata, frozenset(shown), frozenset(read), (*dict.fromkeys(findings.sentences), *dict.fromkeys(unreadable))
    )


def picture_faults(
    scenes: Sequence[tuple[Part, SceneEntry]], language: str, media: Path
) -> Iterator[tuple[SceneEntry, list[Fault]]]:
    """What does not fit its picture in a language, scene by scene; each scene takes a few seconds."""
    for part, scene in scenes:
        # What stays wrong from play to play is told once, with its first moment.
        told = {_TIME.sub("", sentence): sentence for sentence in reversed(see(part, scene, language, media).findings)}
        yield scene, [Fault("picture", f"{scene.name}, {sentence.strip()}") for sentence in reversed(told.values())]
