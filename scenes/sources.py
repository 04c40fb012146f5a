"""Which code the pictures come from, told by its text: it can be asked without manim.

manim's cache goes by what the mobjects of a play hold, not by the code that moves and draws them. With these
fingerprints beside it, a change of that code is a change of the picture, too.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FOLDERS = ("network", "scenes")
_SETTINGS = "manim.cfg"
# They name scenes or show the kit; no clip is drawn by them.
_NOT_DRAWING = ("scenes/syllabus.py", "scenes/gallery.py")
# What stands in these belongs to the scenes in the same file.
_SCENES = ("scenes/part_", "scenes/cards", "scenes/film_script")


@lru_cache(maxsize=4)
def digests(root: Path = ROOT) -> dict[str, str]:
    """The sha256 of every source of network/ and scenes/ and of manim.cfg, by its path below `root`.

    They are read once, as early as possible, since what runs is what was there when the program started.
    """
    files = [file for folder in _FOLDERS for file in (root / folder).rglob("*.py")] + [root / _SETTINGS]
    return {file.relative_to(root).as_posix(): _digest(file) for file in sorted(files)}


def of_everything(root: Path = ROOT) -> str:
    """A fingerprint of all sources of network/ and scenes/."""
    return _together(digests(root))


def of_kit(root: Path = ROOT) -> str:
    """A fingerprint of the sources that all scenes are drawn with: scenes/ without the parts and cards."""
    return _together(
        {
            path: digest
            for path, digest in digests(root).items()
            if path.startswith("scenes/") and not path.startswith(_SCENES) and path not in _NOT_DRAWING
        }
    )


def of_kinds(kinds: Iterable[type]) -> str:
    """A fingerprint of the code that moves and draws things of these classes.

    It is that of the kit and of every module besides, in which one of the classes or of their bases stands, be it a
    part of the lesson or a file of one's own. Of installed packages only the version counts, for manim's.
    """
    modules = {base.__module__ for kind in kinds for base in kind.__mro__}
    files = {getattr(sys.modules.get(module), "__file__", None) for module in modules}
    return _of_files(frozenset(Path(file) for file in files if file))


@lru_cache(maxsize=1000)
def _of_files(files: frozenset[Path]) -> str:
    from importlib.metadata import version

    known = digests()
    own = {}
    for file in sorted(files):
        installed = {"site-packages", "dist-packages"} & set(file.parts) or file.is_relative_to(sys.base_prefix)
        if installed or not file.exists():
            continue
        path = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)
        if path.startswith(_SCENES) or path not in known:
            own[file.name] = known.get(path) or _digest(file)
    return _together({"the kit": of_kit(), "manim": version("manim"), **own})


def _together(digests: dict[str, str]) -> str:
    lines = "".join(f"{digest} {path}\n" for path, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
