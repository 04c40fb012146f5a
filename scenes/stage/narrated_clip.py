"""What is said and heard in a scene is added to its silent clip, as sound and as subtitles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenes.stage.tracks import finish_clip
from scenes.voice.cues import Caption
from scenes.voice.mixing import mix, placed_sounds
from scenes.voice.narration import Beat, PlayedSound


def add_narration(
    clip: Path,
    captions: Sequence[Caption],
    beats: Sequence[Beat],
    sounds: Sequence[PlayedSound],
    seconds: float,
    speech: Path,
) -> None:
    """Write sound and subtitles into a silent MP4; its pictures stay as they are.

    captions: the subtitles. seconds: the length of the clip. speech: the folder of the speech cache. SoundError for a
    sound that is missing or cannot be used, OSError if the clip cannot be written; then the silent one stays.
    """
    finish_clip(clip, mix(placed_sounds(beats, sounds, speech), seconds), captions)
