"""Loops and lines in sentences: one of them, this one, another, and how many there are."""

from __future__ import annotations

from network.analysis.parts import Kind
from scenes import wording
from scenes.language import NC_, Word, _n, _w

_KIND: dict[Kind, str] = {"loop": NC_("a part of a digit", "loop"), "line": NC_("a part of a digit", "line")}
_ONE: dict[Kind, str] = {"loop": NC_("one part of a digit", "a loop"), "line": NC_("one part of a digit", "a line")}
_ANOTHER: dict[Kind, str] = {
    "loop": NC_("another part of a digit", "another loop"),
    "line": NC_("another part of a digit", "another line"),
}
_THE: dict[Kind, str] = {"loop": NC_("the part of a digit", "the loop"), "line": NC_("the part of a digit", "the line")}
_THIS: dict[Kind, str] = {
    "loop": NC_("this part of a digit", "this loop"),
    "line": NC_("this part of a digit", "this line"),
}


def kind_in_words(kind: Kind) -> Word:
    """A kind of part alone, as it is written beside a picture: "loop"."""
    return _w("a part of a digit", _KIND[kind])


def one_part(kind: Kind) -> Word:
    """One part, in a sentence: "a loop"."""
    return _w("one part of a digit", _ONE[kind])


def another_part(kind: Kind) -> Word:
    """One more part of a kind: "another loop"."""
    return _w("another part of a digit", _ANOTHER[kind])


def the_part(kind: Kind) -> Word:
    """The part that was spoken of: "the loop"."""
    return _w("the part of a digit", _THE[kind])


def this_part(kind: Kind) -> Word:
    """The part that is seen: "this loop"."""
    return _w("this part of a digit", _THIS[kind])


def few_in_words(amount: int) -> Word:
    """An amount in words up to ten, and in figures beyond: "two", "12"."""
    return Word(wording.in_words(amount)) if amount <= 10 else Word(wording.number(amount))


def so_many(kind: Kind, amount: int) -> str:
    """So many parts of a kind, in figures: "1 loop", "2 loops"."""
    if kind == "loop":
        return _n("{n} loop", "{n} loops", amount)
    return _n("{n} line", "{n} lines", amount)


def so_many_in_words(kind: Kind, amount: int) -> Word:
    """So many parts of a kind, in words: "one loop", "two loops"."""
    if kind == "loop":
        return Word(_n("{n} loop", "{n} loops", amount, n=few_in_words(amount)))
    return Word(_n("{n} line", "{n} lines", amount, n=few_in_words(amount)))
