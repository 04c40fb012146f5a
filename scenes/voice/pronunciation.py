"""What the voice says for what is written: signs, formulas, numbers and names. Captions keep what is written.

The voice reads plain words, whole numbers, decimals and percentages by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scenes.language import current
from scenes.voice.phrasing import without_marks

# Names, and short forms with full stops in them.
_NAMES = {
    "ReLU": "relloo",
    "ReLUs": "relloos",
    "ReLU6": "relloo six",
    "tanh": "tanch",
    "ELU": "elloo",
    "SELU": "selloo",
    "GELU": "gelloo",
    "SiLU": "silloo",
    "3Blue1Brown": "3 Blue 1 Brown",
    "e.g.": "for example",
    "i.e.": "that is",
    "vs.": "versus",
    "etc.": "et cetera",
    "n-th": "enth",
    "i-th": "eyeth",
}
# Signs, where no rule below has found more to say for them.
_SIGNS = {
    "×": "times",
    "·": "times",
    "⋅": "times",
    "∗": "times",
    "÷": "divided by",
    "+": "plus",
    "−": "minus",
    "±": "plus or minus",
    "=": "equals",
    "≠": "is not equal to",
    "≈": "is about",
    "≥": "is at least",
    "≤": "is at most",
    ">": "is greater than",
    "<": "is less than",
    "→": "to",
    "∞": "infinity",
    "√": "the square root of",
    "∂": "partial",
    "∇": "the gradient of",
    "Σ": "the sum of",
    "∑": "the sum of",
    "%": "percent",
    "‰": "per thousand",
    "°": "degrees",
    "~": "about",
    "′": "prime",
    "&": "and",
    "½": "one half",
    "¼": "one quarter",
    "¾": "three quarters",
    "ᵀ": "transposed",
}
_PLURALS = ("zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines")
_FRACTIONS = {"1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter", "3/4": "three quarters"}
_POWERS = {"2": "squared", "3": "cubed"}

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾ⁿᵀ", "0123456789−+()nT")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ", "0123456789ijkn")
# Signs beside which a lone letter is a variable.
_BESIDE = "=·⋅×÷+−<>≥≤≠≈^"
_LETTER = "a-zA-Zα-ωΑ-Ω"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"


def _power(found: re.Match[str]) -> str:
    """What is said for an exponent, or for the number of a layer, which stands in brackets."""
    raised = found[1].translate(_RAISED).strip("{}")
    if raised.startswith("("):
        return f" superscript {raised.strip('()')} "
    if raised == "T":
        return " transposed "
    return f" {_POWERS[raised]} " if raised in _POWERS else f" to the {raised.replace('-', '−')} "


def _fraction(found: re.Match[str]) -> str:
    return f" {_FRACTIONS.get(found[0], f'{found[1]} over {found[2]}')} "


# In this order, each on what the one before left.
_RULES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # What only marks up: code, emphasis, and brackets that Piper would take for phonemes.
    (r"[`*\[\]{}]", " "),
    (r"[\u00a0\u2009\u202f]", " "),
    # 784-16-16-10, 28×28, 3–5, 1/2
    (r"\b\d+(?:[-–]\d+){2,}\b", lambda found: re.sub("[-–]", ", ", found[0])),
    (r"(?<=\d)×(?=\d)", " by "),
    (r"(?<=\d) × (?=\d+[ -](?:pixels?|squares?|pictures?|images?|grids?|grey)\b)", " by "),
    (r"(?<=\d)[-–](?=\d)", " to "),
    (r"\b(\d+)/(\d+)\b", _fraction),
    # 7s
    (r"\b(\d)['’]?s\b", lambda found: _PLURALS[int(found[1])]),
    # a_0, w₁, a⁽¹⁾, 10^−5, x²
    (rf"(?<![{_LETTER}])([{_LETTER}])_\{{?([\w,]{{1,3}}?)\}}?(?![^\W_])", r"\1 sub \2 "),
    (r"([₀-₉ᵢⱼₖₙ]+)", lambda found: f" sub {found[1].translate(_LOWERED)} "),
    (r"\^(\([^()]*\)|[−-]?\w+)", _power),
    (r"([⁰¹²³⁴-⁹⁻⁺⁽⁾ⁿᵀ]+)", _power),
    # Wa is a product; and the letter a is no article where it stands in a formula.
    (r"\bWa\b", "W eh"),
    (rf"(?<![{_LETTER}])([{_LETTER}]\s?[·⋅×])\s?[aA]\b", r"\1 eh"),
    (rf"\b[aA]\b(?=\s*[{_BESIDE})]|\s+su(?:b|perscript)\s|\s+transposed)", "eh"),
    (rf"(?<=[{_BESIDE}(])(\s*)[aA]\b(?!\s+[a-z]{{2}})", r"\1eh"),
    # σ(1), f(x)
    (rf"(?<![{_LETTER}])([{_LETTER}]|relloo|max|min|exp|log|cost?|sin|tanh)\(([^()]*)\)", r"\1 of \2 "),
    # −0.5 with a plain hyphen
    (rf"(?<![\w)])-(?={_NUMBER})", " minus "),
)


def as_spoken(text: str) -> str:
    """The words to say for a text.

    In other languages than English, the voice is given what is written.

    >>> as_spoken("σ(1) ≥ 0.73, for 97.38 % of the 7s")
    'σ of 1 is at least 0.73, for 97.38 percent of the sevens'
    """
    if not current().is_english:
        return without_marks(text)
    for written, said in _NAMES.items():
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", said, text)
    for pattern, words in _RULES:
        text = re.sub(pattern, words, text)
    for sign, said in _SIGNS.items():
        text = text.replace(sign, f" {said} ")
    text = text.replace("_", " ")
    return re.sub(r"\s+([,.;:?!)])", r"\1", " ".join(text.split()))
