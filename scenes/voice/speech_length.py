"""How long words take to say, compared with each other: numbers and signs count as the words that they are."""

from __future__ import annotations

import re

from scenes.language import current

_SIGNS = {
    "%": "percent",
    "×": "times",
    "·": "times",
    "=": "equals",
    "≈": "is about",
    "+": "plus",
    "−": "minus",
    "≥": "is at least",
    "≤": "is at most",
    "<": "is less than",
    ">": "is more than",
    "→": "to",
    "&": "and",
    "°": "degrees",
    "σ": "sigma",
    "Σ": "the sum of",
}
_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSANDS = ("", "thousand", "million", "billion")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# A number in any language, with the signs that may stand between its figures.
_ANY_NUMBER = re.compile(r"\d+(?:[.,٫٬\u00a0\u202f]\d+)*")
# A pause after punctuation, in letters.
_PAUSES = {
    **dict.fromkeys(".?!…。？！؟", 7.0),
    **dict.fromkeys(":;：；؛", 6.0),
    **dict.fromkeys("—–", 5.0),
    **dict.fromkeys(",，،、", 4.0),
}
# A letter of these stands for a syllable, which takes as long to say as so many Latin letters.
_SYLLABLES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SYLLABLE = 3.5


def speech_length(text: str) -> float:
    """About how long a text takes to say, in letters, without the pause after it; 1 or more.

    In English, a number counts as its words. In other languages each of its figures counts as so many letters as
    `Language.a_figure` says, and the zeros at its end together as one figure: 60,000 takes no longer than 61.

    >>> speech_length("12,960") == len("twelvethousandninehundredandsixty")
    True
    """
    figures = 0
    if current().is_english:
        words = _NUMBER.sub(lambda number: f" {_said(number[0])} ", text)
    else:
        figures = sum(_figures_said(number) for number in _ANY_NUMBER.findall(text))
        words = _ANY_NUMBER.sub(" ", text)
    words = "".join(f" {_SIGNS[letter]} " if letter in _SIGNS else letter for letter in words)
    syllables = len(_SYLLABLES.findall(words))
    letters = sum(letter.isalnum() for letter in words) + (_SYLLABLE - 1) * syllables
    return max(1.0, letters + current().a_figure * figures)


def pause_after(text: str) -> float:
    """The pause that the punctuation at the end of a text makes, in the letters of `speech_length`; 0 without any."""
    return _PAUSES.get(text.rstrip("\"'”’)»）》」』")[-1:], 0.0)


def length_with_pauses(text: str) -> float:
    """How long a text takes to say, with the pauses in it and after it, in letters; 1 or more."""
    words = text.split()
    return max(1.0, sum(speech_length(word) + pause_after(word) for word in words))


def _figures_said(number: str) -> int:
    figures = [int(figure) for figure in number if figure.isdigit()]
    ending = next((n for n, figure in enumerate(reversed(figures)) if figure), len(figures))
    return len(figures) - max(ending - 1, 0)


def _said(number: str) -> str:
    """A number in words: "12,960.5" is "twelve thousand nine hundred and sixty point five"."""
    whole, _, decimals = number.replace(",", "").partition(".")
    if len(whole) > 3 * len(_THOUSANDS) or (whole.startswith("0") and len(whole) > 1):
        words = [_SMALL[int(figure)] for figure in whole]
    else:
        words = _whole(int(whole))
    if decimals:
        words += ["point", *(_SMALL[int(figure)] for figure in decimals)]
    return " ".join(words)


def _whole(value: int) -> list[str]:
    if value < 20:
        return [_SMALL[value]]
    if value < 100:
        return [_TENS[value // 10], *(_whole(value % 10) if value % 10 else ())]
    if value < 1000:
        return [_SMALL[value // 100], "hundred", *(["and", *_whole(value % 100)] if value % 100 else ())]
    for power in range(len(_THOUSANDS) - 1, 0, -1):
        high, rest = divmod(value, 1000**power)
        if high:
            between = ["and"] if 0 < rest < 100 else []
            return [*_whole(high), _THOUSANDS[power], *between, *(_whole(rest) if rest else ())]
    raise AssertionError(value)
