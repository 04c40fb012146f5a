"""Fonts that names of classes and a language need are there before anything is drawn; who needs none, installs none."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable

from network.class_names import named_classes
from network.errors import KnobsError
from scenes.catalogue import ENGLISH_CODE, PSEUDO_CODE, name_of
from scenes.installing import install_extra
from scenes.kit.fonts import NOTO, NOTO_CJK, folder_of, fonts_for, letters_of
from scenes.settings import ROOT, LessonContext

# The extra of this project that installs a package, what it is for, and its size on disk.
_EXTRAS = {
    NOTO: ("fonts", "words in other scripts, or emoji", "7 MB"),
    NOTO_CJK: ("fonts-cjk", "words in Chinese, Japanese or Korean", "33 MB"),
}


class FontsMissing(KnobsError):
    """Words cannot be drawn; the message says which font they need, and how to install it."""


def set_up_fonts_of(context: LessonContext, tell: Callable[[str], object]) -> None:
    """Install the fonts that a lesson needs, for the names of its classes and for its language; see `set_up_fonts`.

    Call it where letters are about to be drawn, and not where it is only found out what there is to do.
    """
    set_up_fonts(_names_in(context), tell)


def fonts_of(context: LessonContext) -> tuple[str, ...]:
    """The packages of fonts that a lesson needs, installed or not; none for most.

    DataError or OSError if the names of its classes cannot be read.
    """
    return fonts_for(_names_in(context))


def _names_in(context: LessonContext) -> tuple[str, ...]:
    """The names of a lesson's classes; and what its speakers call its language, which is written in its letters."""
    language = () if context.language in (ENGLISH_CODE, PSEUDO_CODE) else (name_of(context.language),)
    return (*named_classes(context.data), *language)


def set_up_fonts(names: Iterable[str], tell: Callable[[str], object]) -> None:
    """Install the fonts that names need and that are not there; `tell` is called with a sentence about it before.

    FontsMissing if that fails, unless the system has fonts with all of their letters.
    """
    names = tuple(names)
    for package in fonts_for(names):
        if folder_of(package) is not None:
            continue
        extra, purpose, size = _EXTRAS[package]
        tell(f"Adding fonts for {purpose}, once; this takes {size} of disk.")
        program = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
        settings = ("--retries", "1", "--timeout", "20", "--constraint", str(ROOT / "constraints.txt"))
        try:
            subprocess.run([*program, *settings, package], cwd=ROOT, capture_output=True, check=False)
        except OSError:
            pass
        importlib.invalidate_caches()
        folder_of.cache_clear()
        if folder_of(package) is None and not _system_draws(letters_of(names, package)):
            raise FontsMissing(
                f"{next(name for name in names if fonts_for([name]))!r} needs a font that could not be installed; "
                f"check the internet connection and run this again, or install it: "
                f"{install_extra(extra)}"
            )


def _system_draws(letters: str) -> bool:
    """Whether fonts of the system have all of these letters, as far as its program fc-list knows."""
    if shutil.which("fc-list") is None:
        return False
    found = (
        subprocess.run(["fc-list", f":charset={ord(letter):x}", "family"], capture_output=True) for letter in letters
    )
    return all(one.returncode == 0 and one.stdout.strip() for one in found)
