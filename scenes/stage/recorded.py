"""What of a scene somebody has recorded, and what has to be known of the scene for that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from manim import config, tempconfig

from scenes.settings import NO_VOICE
from scenes.stage import input_log
from scenes.voice.narration import Beat
from scenes.voice.recorded_scene import RecordedScene
from scenes.voice.recordings import NO_RECORDINGS, SceneRecordings, recordings_of
from scenes.voice.speech_cache import SpeechCache, speech_folder

if TYPE_CHECKING:
    from scenes.stage.lesson_scene import LessonScene


def recorded_scene(scene: LessonScene) -> RecordedScene:
    """The recordings of a scene in its lesson's folder; notes that the scene depends on them."""
    name = type(scene).__name__
    input_log.note(input_log.recordings(name))
    recordings = recordings_of(scene.context.narration, name) or SceneRecordings(name)
    cache = SpeechCache(speech_folder(Path(config.media_dir)))
    return RecordedScene(recordings, cache, lambda: _beats_without_recordings(scene))


def _beats_without_recordings(scene: LessonScene) -> list[Beat]:
    """What is said in a scene, learned by running another of its kind without drawing it."""
    context = replace(scene.context, narration=NO_RECORDINGS, voice=NO_VOICE)
    with tempconfig({"dry_run": True, "disable_caching": True}), input_log.noting():
        other = type(scene)(context=context, skip_animations=True)
        other.render()
    return other.beats
