"""Fonts for writing that the usual one lacks: which of them a text needs, and where they are.

They come in two packages of Noto fonts, which are installed only where a text needs them. Their letters are shapes of
one colour, emoji too.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from scenes.language import Language, current

NOTO, NOTO_CJK = "manimgx-fonts", "manimgx-fonts-cjk"
# The first words of the names that Unicode gives to letters.
_SCRIPTS = (
    "ARABIC", "ARMENIAN", "BENGALI", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GUJARATI", "GURMUKHI", "HEBREW", "KANNADA",
    "KHMER", "LAO", "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAI",
)  # fmt: skip
_CJK = (
    "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH",
)  # fmt: skip
FONT, _FORMULA_FONT = "New Computer Modern", "New Computer Modern Math"
# The usual font for its own alphabets alone, since it has some letters of others that it cannot join. In Chinese and
# its sisters, quotation marks and dashes are those of their own font.
_OWN_LETTERS = 'regex("[\\u{0}-\\u{4ff}\\u{1e00}-\\u{25ff}]")'
_OWN_BESIDE_CJK = '"latin-in-cjk"'


def preamble_for(language: Language) -> str:
    """For a text that needs them: the fonts of all scripts, those of a language first, as Typst is told."""
    usual = f'(name: "{FONT}", covers: {_OWN_BESIDE_CJK if _is_cjk(language) else _OWN_LETTERS})'
    return f"#set text(font: ({usual}, {_families(language)}))"


def text_preamble(text: str) -> str:
    """How a text is set in the language that is told in, with the fonts that it needs, as Typst is told."""
    return "\n".join([language_preamble(current()), *([preamble_for(current())] if folders_for(text) else ())])


def language_preamble(language: Language) -> str:
    """The usual font, and the language, by which Typst breaks lines and knows their direction."""
    if not language.fonts and language.direction == "ltr":
        return f'#set text(font: "{FONT}")'
    return f'#set text(font: "{FONT}", lang: "{language.code.split("-")[0]}")'


def formula_preamble_for(language: Language) -> str:
    """The same for a formula that has words in it."""
    return f'#show math.equation: set text(font: ("{_FORMULA_FONT}", {_families(language)}))'


def _families(language: Language) -> str:
    scripts = (*(f"Noto Sans {name.title()}" for name in _SCRIPTS), "Noto Sans CJK JP", "Noto Emoji")
    return ", ".join(f'"{family}"' for family in dict.fromkeys((*language.fonts, *scripts)))


def _is_cjk(language: Language) -> bool:
    return any("CJK" in family for family in language.fonts)


@lru_cache(maxsize=10_000)
def _font_of(letter: str) -> str | None:
    """The package with the font for a letter; None if the usual font has it, or no package does."""
    if letter < "\u0500":  # Latin, Greek and Cyrillic
        return None
    kind = unicodedata.name(letter, "").partition(" ")[0]
    if kind in _CJK:
        return NOTO_CJK
    is_emoji = unicodedata.category(letter) == "So" and (letter >= "\U0001f000" or "\u2600" <= letter < "\u27c0")
    return NOTO if kind in _SCRIPTS or is_emoji else None


def fonts_for(texts: Iterable[str]) -> tuple[str, ...]:
    """The packages whose fonts these texts need; none for most."""
    return tuple(sorted({font for text in texts for letter in text if (font := _font_of(letter))}))


def letters_of(texts: Iterable[str], package: str) -> str:
    """The letters in texts for which a package has the font, each once."""
    return "".join(sorted({letter for text in texts for letter in text if _font_of(letter) == package}))


@lru_cache
def folder_of(package: str) -> Path | None:
    """Where the fonts of a package are; None if it is not installed."""
    found = importlib.util.find_spec(package.replace("-", "_"))
    return Path(found.origin).parent if found and found.origin else None


def folders_for(text: str) -> dict[str, Path]:
    """The folders of the fonts that a text needs, by package and version, of those that are installed."""
    found = ((package, folder_of(package)) for package in fonts_for([text]))
    return {f"{package} {version(package)}": folder for package, folder in found if folder}
