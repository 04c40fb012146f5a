"""The catalogues of translations in lesson/locale: which there are, and what is in one. Needs Babel, but for English.

A catalogue is a file that people edit, with Poedit or Weblate, or by hand. It is compiled when it is used, and what
was compiled is kept in media/cache.
"""

from __future__ import annotations

import gettext
import hashlib
import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from network.files import atomic_write

if TYPE_CHECKING:
    from babel import Locale

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "lesson" / "locale"
DOMAIN = "knobs"
ENGLISH_CODE = "en"
# Long, with accents on all letters: it shows what is not in the catalogue, and what has too little room.
PSEUDO_CODE = "en-XA"
# The signs that numbers are written with: ten figures, the decimal sign, and the one between thousands.
ENGLISH_SIGNS = "0123456789.,"
# The zeros of other figures, which Babel does not know, by its names for them.
_ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०", "mymr": "၀", "nkoo": "߀"}
# Codes of three letters that mean the same as others: those that libraries use (ISO 639-2/B), and those of the main one
# of several languages that have one name, such as Standard Arabic.
_OTHER_THREE_LETTERS = (
    "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel "
    "arb cmn ekk khk lvs mol npi ory pes plt swc swh uzn ydd zsm"
)
# Between context and message, as in gettext's files.
BETWEEN = "\x04"
_COMPILED = ROOT / "media" / "cache" / "locale"


def language_codes() -> list[str]:
    """The languages that there are: English, and those that have a catalogue."""
    return [ENGLISH_CODE, *sorted(file.parent.parent.name for file in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))]


def catalogue_file(code: str) -> Path:
    """Where the catalogue of a language is, or belongs."""
    return LOCALE / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def locale_of(code: str) -> Locale:
    """What Babel knows of a language. ValueError or UnknownLocaleError if that is nothing."""
    from babel import Locale

    return Locale.parse(ENGLISH_CODE if code == PSEUDO_CODE else code, sep="-")


def is_language(code: str) -> bool:
    """Whether Babel knows a language with this code."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return True
    from babel import UnknownLocaleError

    try:
        locale_of(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def name_of(code: str) -> str:
    """What the speakers of a language call it."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return "English" if code == ENGLISH_CODE else "Ëñĝļîšĥ"
    name = locale_of(code).get_display_name() or code
    return name[:1].upper() + name[1:]


def english_name_of(code: str) -> str:
    """What a language is called in English."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return "English" if code == ENGLISH_CODE else "pseudo-English"
    return locale_of(code).get_display_name("en") or code


@lru_cache(maxsize=16)
def direction_of(code: str) -> str:
    """Whether a language is written from left to right ("ltr") or from right to left ("rtl")."""
    return "ltr" if code in (ENGLISH_CODE, PSEUDO_CODE) else locale_of(code).text_direction


@lru_cache(maxsize=16)
def three_letters_of(code: str) -> str:
    """A language in the three letters that films name it by (ISO 639-2/T, or 639-3); "und" if it has none there."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return "eng"
    from babel.core import get_global

    two = code.partition("-")[0].lower()
    if len(two) == 3:
        return two
    others = get_global("language_aliases")
    return next((three for three, found in others.items() if found == two and _is_in_films(three)), "und")


def _is_in_films(three: str) -> bool:
    return len(three) == 3 and three not in _OTHER_THREE_LETTERS


@lru_cache(maxsize=8)
def signs_of(code: str) -> str:
    """The ten figures of a language, its decimal sign and its sign between thousands; in English `ENGLISH_SIGNS`."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return ENGLISH_SIGNS
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = locale_of(code)
    zero = _ZEROS.get(locale.default_numbering_system, "0")
    figures = "".join(chr(ord(zero) + figure) for figure in range(10))
    signs = (find(locale, numbering_system="default") for find in (get_decimal_symbol, get_group_symbol))
    return figures + "".join(signs).replace("\xa0", "\u202f")


@lru_cache(maxsize=8)
def percent_pattern_of(code: str) -> str:
    """How a percentage is written, with {number} for the number."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return "{number} %"
    locale = locale_of(code)
    pattern = locale.percent_formats[None].pattern.partition(";")[0]
    number = "".join(letter for letter in pattern if letter in "#,0.")
    # In a language that is written from right to left, the sign has marks around it that keep it beside its number.
    sign = locale.number_symbols.get(locale.default_numbering_system, {}).get("percentSign", "%")
    return pattern.replace(number, "{number}").replace("\xa0", " ").replace("%", sign)


def day_in(code: str, day: str) -> str:
    """A day (ISO 8601) as a language writes it, with the name of the month; as it is, if it is none."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return day
    from datetime import date

    from babel.dates import format_date

    try:
        return format_date(date.fromisoformat(day), "long", locale_of(code))
    except ValueError:
        return day


def messages_of(code: str) -> gettext.NullTranslations:
    """The messages of a language. CatalogueError for a file that cannot be read."""
    if code == ENGLISH_CODE:
        return gettext.NullTranslations()
    if code == PSEUDO_CODE:
        from scenes.pseudo import PseudoTranslations

        return PseudoTranslations()
    file = catalogue_file(code)
    found = file.stat()
    return _messages(file, (found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=8)
def _messages(file: Path, stamp: tuple[int, int]) -> gettext.NullTranslations:
    return gettext.GNUTranslations(io.BytesIO(_compiled(file)))


def _compiled(file: Path) -> bytes:
    """A catalogue as gettext reads it; kept, because reading what people edit takes half a second."""
    written = file.read_bytes()
    kept = _COMPILED / f"{hashlib.sha256(written).hexdigest()[:24]}.mo"
    try:
        return kept.read_bytes()
    except OSError:
        pass
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(written)))  # what is fuzzy is left out, and shown in English
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(kept, compiled.getvalue())
    except OSError:
        pass
    return compiled.getvalue()


def key_of(message: str) -> str:
    """A short name for a message, with its context before it if it has one."""
    return hashlib.sha256(message.encode()).hexdigest()[:16]


def fingerprints(code: str) -> dict[str, str]:
    """For the key of each message that is translated: a fingerprint of its translation."""
    if code in (ENGLISH_CODE, PSEUDO_CODE):
        return {}
    entries: dict[str, list[str]] = {}
    for message, translation in getattr(messages_of(code), "_catalog", {}).items():
        one = message[0] if isinstance(message, tuple) else message  # a plural has an entry for each of its forms
        if not one:
            continue  # the catalogue's head, with the time when it was compiled
        entries.setdefault(key_of(one), []).append(translation)
    return {key: key_of(BETWEEN.join(found)) for key, found in entries.items()}


def digest_of(code: str) -> str:
    """Changes with any translation into a language; empty for English."""
    found = sorted(fingerprints(code).items())
    return key_of(repr(found)) if found else ""
