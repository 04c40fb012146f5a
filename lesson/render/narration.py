"""Spoken words for scenes: a WAV file named after its scene, in a folder, is heard while the scene plays."""

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
    """The WAV files of a folder by the scene each is for; `names` are those of all scenes.

    For None it is the project's own folder, if it is there. NarrationError for a file that is named after no scene,
    with the nearest that there is.
    """
    if folder is None:
        if not DEFAULT_NARRATION.is_dir():
            return {}
        folder = DEFAULT_NARRATION
    if not folder.is_dir():
        raise NarrationError(
            f"there is no folder {display_path(folder)}; give the one with the WAV files by --narration FOLDER"
        )
    known = {name.lower(): name for name in names}
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() != ".wav" or file.name.startswith("."):
            continue
        name = known.get(file.stem.lower())
        if name is None:
            near = get_close_matches(file.stem.lower(), known, n=1, cutoff=0.3)
            hint = f"is {known[near[0]]}.wav meant? " if near else ""
            raise NarrationError(f"{display_path(file)} is named after no scene; {hint}./knobs scenes lists them")
        if name in found:
            raise NarrationError(
                f"{display_path(found[name])} and {display_path(file)} are for the same scene; keep one of them"
            )
        found[name] = file
    return found
