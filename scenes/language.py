"""The language that a lesson is told in: `_` and its sisters translate whole sentences by gettext's catalogues.

    _("Take one square of {whose}.", whose=name)                      a sentence with named places
    _n("{n} neuron", "{n} neurons", amount)                           one or several; {n} is the amount, in figures
    _c("the verb", "light")                                           a word that means two things in English
    _w("one picture of a class", "a three")                           words that stand in other sentences: see `Word`
    N_("A title")                                                     only marks it, for `_(title)` elsewhere

English is in the code. The other languages are in lesson/locale, in a file for each, which `scenes.catalogue` reads.
Which language counts is said once, around whatever makes something to see, hear or read: `with told_in("de"):`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from network.errors import KnobsError, one_line
from scenes import catalogue
from scenes.catalogue import BETWEEN, ENGLISH_CODE, PSEUDO_CODE, language_codes

# What a language has for one word: its usual form, then others by name, as in "eine Drei|dative=einer Drei".
_FORMS, _NAME = "|", "="
_CAPITAL = "^"
# A number with its sign, or several with what is between them; but for what is marked already.
_NUMBER = r"\d+(?:[.,٫٬]\d+)*"
_FORMULA = re.compile(
    rf"(?<![\w\u2066.,])(?:[−+±]?{_NUMBER}(?: ?[−+×·/=→–-] ?[−+]?{_NUMBER})+|[−+±]{_NUMBER})(?![\w\u2069])"
)


class LanguageError(KnobsError):
    """A language that is not there, or a translation that cannot be used; one sentence with the remedy."""


@dataclass(frozen=True)
class Language:
    """A language, and what follows from it where something is shown, written or said.

    code: as on web pages (BCP 47), and as its folder in lesson/locale is called. name: what its speakers call it.
    between: what stands between two sentences. line: letters in a line of subtitles. fastest: letters of a subtitle
    that can be read in a second. narrow: how much a letter as narrow as a Latin one counts for in both. a_letter:
    seconds that a letter takes to say. a_figure: how many Latin letters take as long to say as a figure of a number.
    ungrouped: whole numbers of so many figures have no sign between the thousands. ten_thousand: a word for 10,000 that
    shortens round numbers, if there is one. fonts: families for letters that the lesson's own font does not have.
    """

    code: str
    between: str = " "
    line: int = 42
    fastest: float = 21.0
    a_letter: float = 0.06
    a_figure: float = 6.5
    ungrouped: int = 3
    narrow: float = 1.0
    ten_thousand: str = ""
    fonts: tuple[str, ...] = ()

    @property
    def is_english(self) -> bool:
        return self.code == ENGLISH_CODE

    @property
    def name(self) -> str:
        return catalogue.name_of(self.code)

    @property
    def english_name(self) -> str:
        return catalogue.english_name_of(self.code)

    @property
    def three_letters(self) -> str:
        """Its code in three letters, as the tracks of a film have it (ISO 639-2)."""
        return catalogue.three_letters_of(self.code)

    @property
    def signs(self) -> str:
        """The signs that it writes numbers with: ten figures, the decimal sign, and the one between thousands."""
        return catalogue.signs_of(self.code)

    @property
    def direction(self) -> str:
        """ "ltr" for a language that is written from left to right, else "rtl", as HTML names them."""
        return catalogue.direction_of(self.code)


# Where a language differs from what `Language` takes for granted, by the first part of its code.
_OWN: dict[str, dict[str, Any]] = {
    "zh": {
        "between": "",
        "line": 16,
        "narrow": 0.5,
        "fastest": 9.0,
        "a_letter": 0.15,
        "a_figure": 5.5,
        "ungrouped": 4,
        "ten_thousand": "万",
        "fonts": ("Noto Sans CJK SC",),
    },
    "ja": {
        "between": "",
        "line": 16,
        "narrow": 0.5,
        "fastest": 8.0,
        "a_letter": 0.15,
        "a_figure": 5.5,
        "fonts": ("Noto Sans CJK JP",),
    },
    "ko": {
        "line": 16,
        "narrow": 0.5,
        "fastest": 12.0,
        "a_letter": 0.15,
        "a_figure": 5.5,
        "fonts": ("Noto Sans CJK KR",),
    },
    "ar": {"a_letter": 0.08, "fonts": ("Noto Sans Arabic",)},
    "es": {"ungrouped": 4},
}

ENGLISH = Language(ENGLISH_CODE)
_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)
_on_use: ContextVar[Callable[[str], object] | None] = ContextVar("on_use", default=None)


def language_named(code: str) -> Language:
    """The language with this code. LanguageError, which names the others, where there is no catalogue of it."""
    known = {one.lower(): one for one in (*language_codes(), PSEUDO_CODE)}
    found = known.get(code.replace("_", "-").lower())
    if found is None:
        there = ", ".join(language_codes())
        raise LanguageError(
            f"there is no language {code!r}; there are {there}, and ./knobs translate --new LANGUAGE begins another"
        )
    return language_like(found)


def language_like(code: str) -> Language:
    """The language with this code, whether there is a catalogue of it or not."""
    return Language(code, **_OWN.get(code.split("-")[0], {}))


def current() -> Language:
    """The language that is told in now."""
    return _current.get()


@contextmanager
def told_in(language: Language | str, on_use: Callable[[str], object] | None = None) -> Iterator[Language]:
    """Inside the `with` block, everything is in this language.

    on_use: called with the key of each message of its catalogue that is used, as `catalogue.fingerprints` has it.
    """
    language = language_named(language) if isinstance(language, str) else language
    before, noted = _current.set(language), _on_use.set(on_use or _on_use.get())
    try:
        yield language
    finally:
        _current.reset(before)
        _on_use.reset(noted)


# ------------------------------------------------------------------------------------------ sentences


def _(message: str, /, **places: object) -> str:
    """A message in the current language, with its places filled in: whole sentences, never halves of one.

    >>> _("The first layer has {neurons} neurons.", neurons="16")
    'The first layer has 16 neurons.'
    """
    return _filled(translated(message), message, places)


def _n(one: str, several: str, amount: int, /, **places: object) -> str:
    """The message for one, or for several; {n} is the amount in figures, unless another `n` is given.

    >>> _n("{n} neuron", "{n} neurons", 1200)
    '1,200 neurons'
    """
    found = translated_for(one, several, amount)
    if "n" not in places:
        places["n"] = in_figures(f"{amount:,}" if abs(amount) >= 10 ** current().ungrouped else f"{amount}")
    return _filled(found, several, places)


def _c(context: str, message: str, /, **places: object) -> str:
    """A message with a context, for translators, and where one English word has two meanings."""
    return _filled(translated(message, context), message, places)


def _w(context: str, message: str, /, **places: object) -> Word:
    """Words to stand in a place of another message; see `Word`. The context says which words these are."""
    return Word(_filled(translated(message, context), message, places))


def N_(message: str, /) -> str:
    """Mark a message that is translated later, where it is shown."""
    return message


def NC_(context: str, message: str, /) -> str:
    """Mark a message with its context."""
    return message


def translated(message: str, context: str = "") -> str:
    """A message in the current language, with its places as they are."""
    if current().is_english:
        return message
    _note(context, message)
    messages = catalogue.messages_of(current().code)
    return messages.pgettext(context, message) if context else messages.gettext(message)


def translated_for(one: str, several: str, amount: int) -> str:
    """The message for one, or for several, in the current language, with its places as they are."""
    if current().is_english:
        return one if amount == 1 else several
    _note("", one)
    return catalogue.messages_of(current().code).ngettext(one, several, amount)


def in_figures(written: str) -> str:
    """A number as English writes it, with the signs of the current language."""
    return written.translate(str.maketrans(catalogue.ENGLISH_SIGNS, current().signs))


def left_to_right(text: str) -> str:
    """A formula, or numbers with signs, that keeps its order in a language that is written from right to left."""
    return f"\u2066{text}\u2069" if current().direction == "rtl" else text


def in_order(text: str) -> str:
    """A text in whose formulas, such as 784 × 16 or −1/2, the order is kept where it is read from right to left."""
    return _FORMULA.sub(lambda part: left_to_right(part[0]), text) if current().direction == "rtl" else text


def together(*sentences: str) -> str:
    """Whole sentences one after the other; empty ones are left out."""
    return current().between.join(filter(None, sentences))


def listed(items: Iterable[object]) -> str:
    """Things one after the other, with the comma of the language: "16, 16, 10"."""
    return _c("between the items of a list", ", ").join(map(str, items))


def one_or_another(items: Iterable[str]) -> str:
    """One or more things to choose from: "a one, a four or a seven"."""
    *some, last = items
    return _w("one or another", "{some} or {last}", some=listed(some), last=last) if some else last


def one_and_another(items: Iterable[str]) -> str:
    """One or more things together: "12 sevens, 3 nines and 1 other"."""
    *some, last = items
    return _w("one and another", "{some} and {last}", some=listed(some), last=last) if some else last


def clauses(parts: Iterable[str]) -> str:
    """Parts of a sentence one after the other, with the semicolon of the language."""
    return _c("between the clauses of a sentence", "; ").join(parts)


def question_mark() -> str:
    """A question mark that stands alone in a picture."""
    return _c("a large question mark, alone in a picture", "?")


class Word(str):
    """Words that stand in a place of other messages, in one form or several.

    A catalogue may have more forms of them, "eine Drei|dative=einer Drei", and a sentence asks for one of them by its
    name, {digit:dative}; the name of a class, or a figure, has no others, and is the same in all. With ^ before the
    form, or alone, they begin with a capital letter: {digit:^}.
    """

    forms: dict[str, str]

    def __new__(cls, written: str) -> Word:
        usual, *others = written.split(_FORMS)
        word = super().__new__(cls, usual.strip())
        word.forms = {name.strip(): form.strip() for name, _, form in (one.partition(_NAME) for one in others)}
        return word

    def __format__(self, form: str) -> str:
        name = form.removeprefix(_CAPITAL)
        if name and self.forms and name not in self.forms:
            known = ", ".join(self.forms)
            raise LanguageError(
                f"{str(self)!r} has no form {name!r} in {current().english_name} (its forms: {known}); "
                f"add it to its translation, as in: {self}|{name}=…"
            )
        found = self.forms.get(name, str(self))
        return found[:1].upper() + found[1:] if form.startswith(_CAPITAL) else found

    def __reduce__(self) -> tuple[Any, ...]:
        return Word, (_FORMS.join([str(self), *(f"{name}{_NAME}{form}" for name, form in self.forms.items())]),)


def _note(context: str, message: str) -> None:
    on_use = _on_use.get()
    if on_use is not None:
        on_use(catalogue.key_of(f"{context}{BETWEEN}{message}" if context else message))


def _filled(found: str, message: str, places: dict[str, object]) -> str:
    try:
        return in_order(found.format(**places))
    except (KeyError, IndexError, ValueError) as problem:
        if current().is_english:
            raise
        raise LanguageError(
            f"the {current().english_name} for {one_line(message)[:60]!r} has a place that cannot be filled "
            f"({problem}); ./knobs translate --check {current().code} lists such places"
        ) from problem
