"""Where a sentence may be cut, for subtitles: their lines, and how good it is to end one after a word.

How long a line may be, and which words lean on the next one, depends on the language that is told in. In a language
without spaces every letter is a word of its own, but for numbers and Latin words, which stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from scenes.language import current
from scenes.voice.leaning_words import CONJUNCTIONS, PREPOSITIONS, WEAK

# How bad it is to cut somewhere; 0 is best.
_SENTENCE, _CLAUSE, _COMMA = 0.0, 1.0, 2.0
_BEFORE_CONJUNCTION, _BEFORE_PREPOSITION, _ANYWHERE = 4.0, 6.0, 9.0
_AFTER_WEAK, _NEVER = 16.0, 40.0

_SIGNS = {"=", "≈", "+", "−", "×", "·", "≥", "≤", "<", ">", "→", "/", "&"}
_QUOTES = "\"'“”‘’()[]«»（）《》〈〉「」『』【】"
_STOPS = ".?!…。？！؟"
_PUNCTUATION = ".,;:?!…。，、；：？！،؛؟"
# Letters that are written without spaces between words.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_OPENING, _CLOSING = "（《〈「『【“‘", "，。、；：？！）》〉」』】”’…—"
_UNSPACED = re.compile(rf"[{_OPENING}]*(?:[{CJK}]|[^\s{CJK}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*\s*")
# Marks for the direction of text, which nobody sees, and the one that a line from right to left begins with.
_MARKS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_RIGHT_TO_LEFT, _END = "\u202b", "\u202c"


def units(text: str) -> list[str]:
    """The words of a text, each with the space after it: it may be cut between them.

    >>> units("a short text")
    ['a ', 'short ', 'text']
    """
    if current().between:
        return re.findall(r"\S+\s*", text)
    return [unit for unit in _UNSPACED.findall(text) if unit]


def in_letters(text: str) -> int:
    """How many letters of a text are read: signs above and below others do not count, nor do marks for direction."""
    return sum(unicodedata.category(letter) not in ("Mn", "Cf") for letter in text)


def without_marks(text: str) -> str:
    """A text without marks for its direction, as it is said."""
    return text.translate(_MARKS)


def cut_cost(before: str, after: str) -> float:
    """How bad it is to cut a text between two words, from 0 between sentences to 40 inside a number and its sign."""
    before, after = before.strip(), after.strip()
    end = before.rstrip(_QUOTES)[-1:]
    bare, following = before.strip(_QUOTES + _PUNCTUATION).lower(), after.strip(_QUOTES + _PUNCTUATION).lower()
    if after in {"=", "≈", "→"}:
        return _BEFORE_PREPOSITION  # a formula may go on with its result
    if after[:1] == "%" or before in _SIGNS or after in _SIGNS:
        return _NEVER
    if end and end in _STOPS:
        return _SENTENCE
    if end and end in ":;：；؛" or before in {"—", "–"} or before.endswith("——"):
        return _CLAUSE
    if after in {"—", "–"}:
        return _AFTER_WEAK  # a dash ends a line, it does not begin one
    if end and end in ",，،":
        return _COMMA
    if end == "、":
        return _BEFORE_CONJUNCTION
    code = current().code.split("-")[0]
    if bare in WEAK.get(code, ()):
        return _AFTER_WEAK
    if bare[:1].isdigit() and following[:1].isalpha():
        return _AFTER_WEAK  # a number and what it counts
    if following in CONJUNCTIONS.get(code, ()):
        return _BEFORE_CONJUNCTION
    if following in PREPOSITIONS.get(code, ()):
        return _BEFORE_PREPOSITION
    if not current().between:
        # Any two letters may be of one word; a particle ends a phrase, and so it never begins a line.
        return _BEFORE_CONJUNCTION if bare in _PARTICLES else _NEVER if following in _PARTICLES else _INSIDE
    return _ANYWHERE


_PARTICLES = frozenset("的了着过吗呢吧们地得个の")
_INSIDE = 26.0


def lines(text: str) -> list[str]:
    """The text of a subtitle in one line, or in two that are about as long and no longer than the language allows.

    A text that does not fit is still cut into two lines as well as can be; `fits` tells.
    """
    words = units(" ".join(text.split()))
    whole = "".join(words).strip()
    if in_letters(whole) <= current().line or len(words) < 2:
        return [whole]
    at = min(range(1, len(words)), key=lambda place: _line_cost(words, place))
    return ["".join(words[:at]).strip(), "".join(words[at:]).strip()]


def written_lines(text: str) -> str:
    """The lines of a subtitle as they stand in a file, from right to left where the language is written so.

    A player that does not know the language takes the direction of a line from its first letter, which may be Latin.
    """
    broken = lines(text)
    if current().direction == "rtl":
        broken = [f"{_RIGHT_TO_LEFT}{line}{_END}" for line in broken]
    return "\n".join(broken)


def fits(text: str) -> bool:
    """Whether a text fits into the two lines of a subtitle."""
    return all(in_letters(line) <= current().line for line in lines(text))


def line_cost(text: str) -> float:
    """How bad the best break of a text into lines is; 0 for one line."""
    words, broken = units(text), lines(text)
    return _line_cost(words, len(units(broken[0]))) if len(broken) > 1 else 0.0


def _line_cost(words: Sequence[str], at: int) -> float:
    line = current().line
    upper, lower = in_letters("".join(words[:at]).strip()), in_letters("".join(words[at:]).strip())
    too_long = max(0, upper - line) + max(0, lower - line)
    # A longer second line reads better, and hides less of the picture.
    uneven = (max(0, lower - upper) * 0.25 + max(0, upper - lower) * 0.35) * (_ENGLISH_LINE / line)
    return 1000.0 * too_long + cut_cost(words[at - 1], words[at]) + uneven


_ENGLISH_LINE = 42
