"""Narration: a WAV file that is named after a scene is heard while the scene plays."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from network.errors import KnobsError
from network.files import display_path
from scenes.settings import ROOT

DEFAULT_NARRATION = ROOT / "assets" / "narration"


class NarrationError(KnobsError):
    """A narration that cannot be used; the message is one sentence with the remedy."""


def find_narration(folder: Path | None, names: Iterable[str]) -> dict[str, Path]:
    """The WAV files of a folder by scene; `names` are those of all scenes.

    None stands for the project's own folder, if it exists. NarrationError for a file that is not named after a scene,
    with the nearest name.
    """
    if folder is None:
        if not DEFAULT_NARRATION.is_dir():
            return {}
        folder = DEFAULT_NARRATION
    if not folder.is_dir():
        raise NarrationError(
            f"there is no folder {display_path(folder)}; name the one with the WAV files with --narration FOLDER"
        )
    known = {name.lower(): name for name in names}
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() != ".wav" or file.name.startswith("."):
            continue
        name = known.get(file.stem.lower())
        if name is None:
            near = get_close_matches(file.stem.lower(), known, n=1, cutoff=0.3)
            hint = f"did you mean {known[near[0]]}.wav? " if near else ""
            raise NarrationError(f"{display_path(file)} is not named after a scene; {hint}./knobs scenes lists them")
        if name in found:
            raise NarrationError(
                f"{display_path(found[name])} and {display_path(file)} are for the same scene; keep one of them"
            )
        found[name] = file
    return found


def lesson_narration(folder: Path | None, check: bool = True) -> dict[str, Path]:
    """The WAV files by scene, from a folder or, for None, from the project's own.

    check: SoundError for a file that cannot be used, since that is better known before hours of rendering.
    """
    from lesson.render.rendering import find_scenes
    from scenes.syllabus import with_cards

    found = find_narration(folder, [scene.name for _, scene in with_cards(find_scenes(()))])
    if check and found:
        from network.wav import read_wav

        for wav in found.values():
            read_wav(wav)
    return found
