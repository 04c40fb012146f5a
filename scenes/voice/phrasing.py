"""Where a sentence may be cut, for subtitles: their lines, and how good it is to end one after a word."""

from __future__ import annotations

from collections.abc import Sequence

# The longest line of a subtitle, in letters.
LINE = 42

# How bad it is to cut somewhere; 0 is best.
_SENTENCE, _CLAUSE, _COMMA = 0.0, 1.0, 2.0
_BEFORE_CONJUNCTION, _BEFORE_PREPOSITION, _ANYWHERE = 4.0, 6.0, 9.0
_AFTER_WEAK, _NEVER = 16.0, 40.0


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CONJUNCTIONS = _set(
    """
    and but or nor because that which who whose so when if while as where than until unless though although then
    whether before after since how what why
    """
)
_PREPOSITIONS = _set(
    """
    in on at to from with for by of into onto over under between through about against without inside across along
    around behind below above near towards is are was were has have does do can will would could should must may
    might
    """
)
# Words that lean on the next one.
_WEAK = _set(
    """
    a an the this that these those my your his her its our their every each no any some such and but or nor
    because if so as than which who whose when while where until whether though although of in on at to from with
    for by into onto over under between through about against without inside across along around behind below
    above near towards is are was were be been has have had do does did can cannot will would could should must
    may might not very more most less i you he she it we they there let's it's that's we're you're i'm only just
    even how what why
    """
)
_SIGNS = {"=", "≈", "+", "−", "×", "·", "≥", "≤", "<", ">", "→", "/", "&"}
_QUOTES = "\"'“”‘’()[]«»"


def cut_cost(before: str, after: str) -> float:
    """How bad it is to cut a text between two words, from 0 between sentences to 40 inside a number and its sign."""
    end = before.rstrip(_QUOTES)[-1:]
    bare, following = before.strip(_QUOTES + ".,;:?!…").lower(), after.strip(_QUOTES + ".,;:?!…").lower()
    if after in {"=", "≈", "→"}:
        return _BEFORE_PREPOSITION  # a formula may go on with its result
    if after[:1] == "%" or before in _SIGNS or after in _SIGNS:
        return _NEVER
    if end in set(".?!…"):
        return _SENTENCE
    if end in set(":;") or before in {"—", "–"}:
        return _CLAUSE
    if after in {"—", "–"}:
        return _AFTER_WEAK  # a dash ends a line, it does not begin one
    if end == ",":
        return _COMMA
    if bare in _WEAK:
        return _AFTER_WEAK
    if bare[:1].isdigit() and following[:1].isalpha():
        return _AFTER_WEAK  # a number and what it counts
    if following in _CONJUNCTIONS:
        return _BEFORE_CONJUNCTION
    return _BEFORE_PREPOSITION if following in _PREPOSITIONS else _ANYWHERE


def lines(text: str) -> list[str]:
    """The text of a subtitle in one line, or in two of at most 42 letters that are about as long.

    A text that does not fit is still cut into two lines as well as can be; `fits` tells.
    """
    words = text.split()
    if len(" ".join(words)) <= LINE or len(words) < 2:
        return [" ".join(words)]
    at = min(range(1, len(words)), key=lambda place: _line_cost(words, place))
    return [" ".join(words[:at]), " ".join(words[at:])]


def fits(text: str) -> bool:
    """Whether a text fits into the two lines of a subtitle."""
    return all(len(line) <= LINE for line in lines(text))


def line_cost(text: str) -> float:
    """How bad the best break of a text into lines is; 0 for one line."""
    words, broken = text.split(), lines(text)
    return _line_cost(words, len(broken[0].split())) if len(broken) > 1 else 0.0


def _line_cost(words: Sequence[str], at: int) -> float:
    upper, lower = len(" ".join(words[:at])), len(" ".join(words[at:]))
    too_long = max(0, upper - LINE) + max(0, lower - LINE)
    # A longer second line reads better, and hides less of the picture.
    uneven = max(0, lower - upper) * 0.25 + max(0, upper - lower) * 0.35
    return 1000.0 * too_long + cut_cost(words[at - 1], words[at]) + uneven
