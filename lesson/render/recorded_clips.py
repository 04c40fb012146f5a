"""What the clips of a lesson have from recordings, and what they should have and have not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lesson.render import rendering
from lesson.render.clip_metadata import read_metadata
from scenes.voice.beat_names import possible_beats
from scenes.voice.recording_checks import check_recordings, what_is_not_heard
from scenes.voice.recordings import recordings_of


def check_recordings_of(clips: Sequence[Path], folder: Path) -> list[str]:
    """Sentences about recordings that will not sound well. SoundError for one that cannot be used.

    NarrationError for one that is named after none of its scene's beats, as far as the source of the scene tells.
    clips: those that are to be rendered. folder: that of the recordings.
    """
    every = (recordings_of(folder, clip.stem) for clip in clips)
    found = [recordings for recordings in every if recordings is not None]
    for recordings in found:
        ((part, scene),) = rendering.find_scenes([recordings.scene])
        names = possible_beats(rendering.source_file(part, scene), scene.name, recordings.beats)
        if names is not None:
            recordings.check_beats(names)
    # What looks at a sound loads NumPy.
    return check_recordings(found) if found else []


def not_heard(clips: Sequence[Path], folder: Path) -> list[str]:
    """Sentences about rendered clips with recordings: which beats have none, or one with other words.

    NarrationError for a recording that is named after none of its scene's beats.
    """
    sentences = []
    for clip in clips:
        metadata, recordings = read_metadata(clip), recordings_of(folder, clip.stem)
        if metadata is not None and recordings is not None:
            recordings.check_beats(beat.name for beat in metadata.beats)
            sentences += what_is_not_heard(recordings, metadata.beats)
    return sentences
