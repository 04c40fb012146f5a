"""Numbers, shares, plurals and functions in words, for captions, pictures and alternative texts. Needs no manim.

All of it is in the language that is told in: see `scenes.language`. Only `count` and `count_in_words` are English, for
what commands print; a sentence that is shown or said takes its plural from `_n`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scenes.catalogue import ENGLISH_SIGNS, day_in, percent_pattern_of
from scenes.language import NC_, Word, _c, _n, _w, current, in_figures, left_to_right

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# A language may write any of these in figures.
_UP_TO_TWENTY = (
    NC_("a number in words", "zero"),
    NC_("a number in words", "one"),
    NC_("a number in words", "two"),
    NC_("a number in words", "three"),
    NC_("a number in words", "four"),
    NC_("a number in words", "five"),
    NC_("a number in words", "six"),
    NC_("a number in words", "seven"),
    NC_("a number in words", "eight"),
    NC_("a number in words", "nine"),
    NC_("a number in words", "ten"),
    NC_("a number in words", "eleven"),
    NC_("a number in words", "twelve"),
    NC_("a number in words", "thirteen"),
    NC_("a number in words", "fourteen"),
    NC_("a number in words", "fifteen"),
    NC_("a number in words", "sixteen"),
    NC_("a number in words", "seventeen"),
    NC_("a number in words", "eighteen"),
    NC_("a number in words", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    NC_("which one", "first"),
    NC_("which one", "second"),
    NC_("which one", "third"),
    NC_("which one", "fourth"),
    NC_("which one", "fifth"),
    NC_("which one", "sixth"),
    NC_("which one", "seventh"),
    NC_("which one", "eighth"),
    NC_("which one", "ninth"),
    NC_("which one", "tenth"),
)
# The digits as classes of pictures: the name of the class, one picture of it, the one that was spoken of, several.
_DIGITS = (
    (
        NC_("a class", "zero"),
        NC_("one picture of a class", "a zero"),
        NC_("the picture of a class", "the zero"),
        NC_("several pictures of a class", "zeros"),
    ),
    (
        NC_("a class", "one"),
        NC_("one picture of a class", "a one"),
        NC_("the picture of a class", "the one"),
        NC_("several pictures of a class", "ones"),
    ),
    (
        NC_("a class", "two"),
        NC_("one picture of a class", "a two"),
        NC_("the picture of a class", "the two"),
        NC_("several pictures of a class", "twos"),
    ),
    (
        NC_("a class", "three"),
        NC_("one picture of a class", "a three"),
        NC_("the picture of a class", "the three"),
        NC_("several pictures of a class", "threes"),
    ),
    (
        NC_("a class", "four"),
        NC_("one picture of a class", "a four"),
        NC_("the picture of a class", "the four"),
        NC_("several pictures of a class", "fours"),
    ),
    (
        NC_("a class", "five"),
        NC_("one picture of a class", "a five"),
        NC_("the picture of a class", "the five"),
        NC_("several pictures of a class", "fives"),
    ),
    (
        NC_("a class", "six"),
        NC_("one picture of a class", "a six"),
        NC_("the picture of a class", "the six"),
        NC_("several pictures of a class", "sixes"),
    ),
    (
        NC_("a class", "seven"),
        NC_("one picture of a class", "a seven"),
        NC_("the picture of a class", "the seven"),
        NC_("several pictures of a class", "sevens"),
    ),
    (
        NC_("a class", "eight"),
        NC_("one picture of a class", "an eight"),
        NC_("the picture of a class", "the eight"),
        NC_("several pictures of a class", "eights"),
    ),
    (
        NC_("a class", "nine"),
        NC_("one picture of a class", "a nine"),
        NC_("the picture of a class", "the nine"),
        NC_("several pictures of a class", "nines"),
    ),
)


def number(value: float, places: int = 0, sign: bool = False, thousands: bool = True) -> str:
    """A number with this many decimal places, a true minus sign and never −0; with `sign`, a + before the others.

    thousands: whether to put commas between thousands.

    >>> number(-1234.5, 1), number(0.25, 2, sign=True)
    ('−1,234.5', '+0.25')
    """
    found = written(value, places, sign, thousands)
    return left_to_right(found) if found[0] in "−+" else found


def written(
    value: float, places: int = 0, sign: bool = False, thousands: bool = True, signs: str = "", ungrouped: int = 0
) -> str:
    """A number as `number` has it, but without marks for its direction, as it is drawn.

    signs, ungrouped: those of a `Language`; if they are not given, of the one that is told in.
    """
    value = round(float(value), places) + 0.0
    thousands = thousands and abs(value) >= 10 ** (ungrouped or current().ungrouped)
    english = f"{value:{'+' if sign else ''}{',' if thousands else ''}.{places}f}".replace("-", "−")
    return english.translate(str.maketrans(ENGLISH_SIGNS, signs or current().signs))


def places_that_tell(values: Iterable[float]) -> int:
    """How many decimals to write these values with: two, or up to four until the greatest can be told from the others.

    >>> places_that_tell([0.9, 0.33]), places_that_tell([0.034, 0.033])
    (2, 3)
    """
    other, greatest = sorted([-math.inf, *map(float, values)])[-2:]
    return next((places for places in (2, 3) if round(greatest, places) != round(other, places)), 4)


def percent(share: float, places: int = 1) -> str:
    """A share from 0 to 1 as a percentage, in English with a space before the sign: 97.4 %. See `percentage`."""
    return percent_pattern_of(current().code).format(number=percentage(share, places))


def percentage(share: float, places: int = 1) -> str:
    """The same without the sign.

    A share that is not 0 or 1 should not look like it: it has as many more places as that takes, up to three.

    >>> percentage(0.0041, 0), percentage(0.996, 0), percentage(1, 0)
    ('0.4', '99.6', '100')
    """
    for more in (0, 1, 2, 3):
        figures = f"{100 * share:.{places + more}f}"
        if share in (0, 1) or float(figures) not in (0, 100):
            return in_figures(figures)
    return in_figures(f"{100 * share:.{places}f}")


def percent_range(low: float, high: float) -> str:
    """Two shares as a range of whole percentages, without the sign: "38 to 61", or "40" where both round to 40."""
    one, other = (in_figures(f"{100 * share:.0f}") for share in (low, high))
    return one if one == other else _c("a range of numbers", "{low} to {high}", low=one, high=other)


def date_in_words(date: str) -> str:
    """The day of a date (ISO 8601), in English as it is written there: 2026-11-29."""
    return day_in(current().code, date[:10])


def significant(value: float, digits: int = 2) -> str:
    """A positive number with this many significant digits, and commas between thousands: 0.29, 150, 1,200.

    >>> significant(0.0123), significant(1234), significant(9.96)
    ('0.012', '1,200', '10')
    """
    # The power of ten after rounding: with two digits 9.96 is 10, not 10.0.
    power = int(f"{value:.{digits - 1}e}".split("e")[1])
    places = digits - 1 - power
    rounded = round(value, places)
    return _in_ten_thousands(rounded) or number(rounded, max(places, 0))


def amount(how_many: int) -> str:
    """How many there are, in figures, as it is said: "60,000", and in Chinese 6万."""
    return _in_ten_thousands(how_many) or number(how_many)


def count(amount: int, thing: str) -> str:
    """A count and its noun, in English, in figures: "1 layer", "12,960 weights"."""
    return f"{amount:,} {thing}{'' if amount == 1 else 's'}"


def count_in_words(amount: int, thing: str) -> str:
    """A count and its noun, in English, in words up to ten: "two layers", "no holes", "12 layers"."""
    word = _COUNTS[amount] if amount < len(_COUNTS) else f"{amount:,}"
    return f"{word} {thing}{'' if amount == 1 else 's'}"


def times(amount: int) -> str:
    """How often: "once", "twice", "3 times"."""
    if amount == 1:
        return _c("how often", "once")
    return _c("how often", "twice") if amount == 2 else _n("{n} time", "{n} times", amount)


def ordinal(index: int) -> str:
    """The ordinal of an index counted from 0: "first", "second", … "tenth", "11th"."""
    if index < len(_ORDINALS):
        return _w("which one", _ORDINALS[index])
    place = index + 1
    if not current().is_english:
        return _w("which one", "{place}th", place=number(place))
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10 if place % 100 not in (11, 12, 13) else 0, "th")
    return Word(f"{place}{ending}")


def several(class_name: str) -> str:
    """Several pictures of a class in a sentence, by figure: "7s", "pictures of Bag"."""
    if is_digit(class_name):
        return _w("several pictures of a class, with its figure", "{name}s", name=class_name)
    return _w("several pictures of a class", "pictures of {name}", name=class_name)


def several_in_words(class_name: str) -> str:
    """Several pictures of a class in a sentence, in words: "sevens", "pictures of Bag"."""
    if is_digit(class_name):
        return _w("several pictures of a class", _DIGITS[int(class_name)][3])
    return _w("several pictures of a class", "pictures of {name}", name=class_name)


def one_in_words(class_name: str) -> str:
    """One picture of a class in a sentence, with its article: "a three", "an eight", "a picture of Bag"."""
    if is_digit(class_name):
        return _w("one picture of a class", _DIGITS[int(class_name)][1])
    return _w("one picture of a class", "a picture of {name}", name=class_name)


def the_one_in_words(class_name: str) -> str:
    """The picture of a class that was spoken of: "the seven", "the picture of Bag"."""
    if is_digit(class_name):
        return _w("the picture of a class", _DIGITS[int(class_name)][2])
    return _w("the picture of a class", "the picture of {name}", name=class_name)


def our_one_in_words(class_name: str) -> str:
    """The picture of a class that is followed: "our seven", "our picture of Bag"."""
    if is_digit(class_name):
        return _w("our picture of a class", "our {digit}", digit=class_in_words(class_name))
    return _w("our picture of a class", "our picture of {name}", name=class_name)


def this_one_in_words(class_name: str) -> str:
    """The picture of a class that is seen: "this seven", "this picture of Bag"."""
    if is_digit(class_name):
        return _w("this picture of a class", "this {digit}", digit=class_in_words(class_name))
    return _w("this picture of a class", "this picture of {name}", name=class_name)


def class_in_words(class_name: str) -> str:
    """A class as an answer in a sentence: "three", "Bag"."""
    return _w("a class", _DIGITS[int(class_name)][0]) if is_digit(class_name) else Word(class_name)


def is_digit(class_name: str) -> bool:
    """Whether the name of a class is a single figure."""
    return len(class_name) == 1 and class_name in "0123456789"


def in_words(amount: int) -> str:
    """A whole number in words, as far as it is said in one breath: "twenty-eight", "sixty thousand"; else in figures.

    In other languages, numbers of twenty and more are in figures.

    >>> in_words(16), in_words(10_000), in_words(784)
    ('sixteen', 'ten thousand', '784')
    """
    if 0 <= amount < len(_UP_TO_TWENTY):
        return _w("a number in words", _UP_TO_TWENTY[amount])
    if not current().is_english:
        return Word(_in_ten_thousands(amount) or number(amount))
    if 20 <= amount < 100:
        tens, ones = divmod(amount, 10)
        return Word(_TENS[tens] + (f"-{_UP_TO_TWENTY[ones]}" if ones else ""))
    if amount % 1000 == 0 and 0 < amount < 100_000:
        return Word(f"{in_words(amount // 1000)} thousand")
    return Word(number(amount))


def shortened(name: str, most: int = 20) -> str:
    """A name with at most so many letters, and … for those left out."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _in_ten_thousands(amount: float) -> str:
    """A round number of 10,000 or more in ten thousands, in a language that has a word for them; else an empty text.

    As in Chinese: 60,000 is 6万, and 13,000 is 1.3万. Only whole multiples of 1,000 are written in this way, exactly.
    """
    word = current().ten_thousand
    if not word or amount < 10_000 or amount % 1000:
        return ""
    return f"{number(amount / 10_000, 1 if amount % 10_000 else 0)}{word}"


def capitalised(sentence: str) -> str:
    """The sentence with a capital letter at the start; the rest stays as it is."""
    return sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True)
class FunctionName:
    """The names of an activation function.

    name: as in a heading, "sigmoid". with_article: as in a sentence, "the sigmoid". sign: as it is written, "σ"; empty
    for the identity, which changes nothing. typst: the sign in Typst's notation. spoken: as it is read aloud.
    """

    name: str
    with_article: str
    sign: str
    typst: str
    spoken: str


_FUNCTIONS = {
    "sigmoid": FunctionName(
        NC_("a function", "sigmoid"),
        NC_("a function in a sentence", "the sigmoid"),
        "σ",
        "sigma",
        NC_("a function read aloud", "sigma"),
    ),
    "relu": FunctionName(
        NC_("a function", "ReLU"),
        NC_("a function in a sentence", "ReLU"),
        "ReLU",
        '"ReLU"',
        NC_("a function read aloud", "ReLU"),
    ),
    "identity": FunctionName(
        NC_("a function", "identity"), NC_("a function in a sentence", "the identity"), "", "", ""
    ),
    "softmax": FunctionName(
        NC_("a function", "softmax"),
        NC_("a function in a sentence", "the softmax"),
        "softmax",
        '"softmax"',
        NC_("a function read aloud", "softmax"),
    ),
    "tanh": FunctionName(
        NC_("a function", "tanh"),
        NC_("a function in a sentence", "the hyperbolic tangent"),
        "tanh",
        '"tanh"',
        NC_("a function read aloud", "tanh"),
    ),
    "leaky_relu": FunctionName(
        NC_("a function", "leaky ReLU"),
        NC_("a function in a sentence", "the leaky ReLU"),
        "LReLU",
        '"LReLU"',
        NC_("a function read aloud", "leaky ReLU"),
    ),
    "elu": FunctionName(
        NC_("a function", "ELU"),
        NC_("a function in a sentence", "ELU"),
        "ELU",
        '"ELU"',
        NC_("a function read aloud", "ELU"),
    ),
    "selu": FunctionName(
        NC_("a function", "SELU"),
        NC_("a function in a sentence", "SELU"),
        "SELU",
        '"SELU"',
        NC_("a function read aloud", "SELU"),
    ),
    "gelu": FunctionName(
        NC_("a function", "GELU"),
        NC_("a function in a sentence", "GELU"),
        "GELU",
        '"GELU"',
        NC_("a function read aloud", "GELU"),
    ),
    "gelu_tanh": FunctionName(
        NC_("a function", "GELU"),
        NC_("a function in a sentence", "GELU"),
        "GELU",
        '"GELU"',
        NC_("a function read aloud", "GELU"),
    ),
    "silu": FunctionName(
        NC_("a function", "SiLU"),
        NC_("a function in a sentence", "SiLU"),
        "SiLU",
        '"SiLU"',
        NC_("a function read aloud", "SiLU"),
    ),
    "softplus": FunctionName(
        NC_("a function", "softplus"),
        NC_("a function in a sentence", "softplus"),
        "softplus",
        '"softplus"',
        NC_("a function read aloud", "softplus"),
    ),
    "hard_tanh": FunctionName(
        NC_("a function", "hard tanh"),
        NC_("a function in a sentence", "the hard tanh"),
        "htanh",
        '"htanh"',
        NC_("a function read aloud", "hard tanh"),
    ),
    "relu6": FunctionName(
        NC_("a function", "ReLU6"),
        NC_("a function in a sentence", "ReLU6"),
        "ReLU6",
        '"ReLU6"',
        NC_("a function read aloud", "ReLU six"),
    ),
    "hard_sigmoid": FunctionName(
        NC_("a function", "hard sigmoid"),
        NC_("a function in a sentence", "the hard sigmoid"),
        "hσ",
        "h sigma",
        NC_("a function read aloud", "hard sigma"),
    ),
}
# How they are written in a formula, in Typst's notation.
FUNCTION_SYMBOLS = tuple(one.typst for one in _FUNCTIONS.values() if one.typst)


def function_name(activation: str) -> FunctionName:
    """The names of an activation function of `network.activations`, whatever its parameter; any other has its own."""
    found = _FUNCTIONS.get(activation.split("(")[0])
    if found is None:
        return FunctionName(activation, f"the {activation}", activation, f'"{activation}"', activation)
    return replace(
        found,
        name=_w("a function", found.name),
        with_article=_w("a function in a sentence", found.with_article),
        spoken=_c("a function read aloud", found.spoken) if found.spoken else "",
    )
