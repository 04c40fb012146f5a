"""Numbers, shares, plurals and functions in words, for captions, pictures and alternative texts. Needs no manim."""

from __future__ import annotations

from dataclasses import dataclass

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UP_TO_TWENTY = (
    *("zero", *_COUNTS[1:], "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_PLURAL_DIGITS = ("zeros", "ones", "twos", "threes", "fours", "fives", "sixes", "sevens", "eights", "nines")


def number(value: float, places: int = 0, sign: bool = False, thousands: bool = True) -> str:
    """A number with this many decimal places, a true minus sign and never −0; with `sign`, a + before the others.

    thousands: whether to put commas between thousands.

    >>> number(-1234.5, 1), number(0.25, 2, sign=True)
    ('−1,234.5', '+0.25')
    """
    return f"{round(float(value), places) + 0.0:{'+' if sign else ''}{',' if thousands else ''}.{places}f}".replace(
        "-", "−"
    )


def percent(share: float, places: int = 1) -> str:
    """A share from 0 to 1 as a percentage, with a space before the sign: 97.4 %."""
    return f"{100 * share:.{places}f} %"


def percent_range(low: float, high: float) -> str:
    """Two shares as a range of whole percentages, without the sign: "38 to 61", or "40" where both round to 40."""
    one, other = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return one if one == other else f"{one} to {other}"


def significant(value: float, digits: int = 2) -> str:
    """A positive number with this many significant digits, and commas between thousands: 0.29, 150, 1,200.

    >>> significant(0.0123), significant(1234), significant(9.96)
    ('0.012', '1,200', '10')
    """
    # The power of ten after rounding: with two digits 9.96 is 10, not 10.0.
    power = int(f"{value:.{digits - 1}e}".split("e")[1])
    places = digits - 1 - power
    return f"{round(value, places):,.{max(places, 0)}f}"


def count(amount: int, thing: str) -> str:
    """A count and its noun, in figures: "1 layer", "12,960 weights"."""
    return f"{amount:,} {thing}{'' if amount == 1 else 's'}"


def count_in_words(amount: int, thing: str) -> str:
    """A count and its noun, in words up to ten: "two layers", "no holes", "12 layers"."""
    word = _COUNTS[amount] if amount < len(_COUNTS) else f"{amount:,}"
    return f"{word} {thing}{'' if amount == 1 else 's'}"


def times(amount: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(amount, f"{amount:,} times")


def ordinal(index: int) -> str:
    """The ordinal of an index counted from 0: "first", "second", … "tenth", "11th"."""
    if index < len(_ORDINALS):
        return _ORDINALS[index]
    place = index + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10 if place % 100 not in (11, 12, 13) else 0, "th")
    return f"{place}{ending}"


def several(class_name: str) -> str:
    """Several pictures of a class in a sentence, by figure: "7s", "pictures of Bag"."""
    return f"{class_name}s" if len(class_name) == 1 else f"pictures of {class_name}"


def several_in_words(class_name: str) -> str:
    """Several pictures of a class in a sentence, in words: "sevens", "pictures of Bag"."""
    return _PLURAL_DIGITS[int(class_name)] if is_digit(class_name) else f"pictures of {class_name}"


def one_in_words(class_name: str) -> str:
    """One picture of a class in a sentence, with its article: "a three", "an eight", "a picture of Bag"."""
    name = class_in_words(class_name)
    return f"{'an' if name == 'eight' else 'a'} {name}" if is_digit(class_name) else f"a picture of {name}"


def the_one_in_words(class_name: str) -> str:
    """The picture of a class that was spoken of: "the seven", "the picture of Bag"."""
    return f"the {one_in_words(class_name).split(' ', 1)[1]}"


def class_in_words(class_name: str) -> str:
    """A class as an answer in a sentence: "three", "Bag"."""
    return _UP_TO_TWENTY[int(class_name)] if is_digit(class_name) else class_name


def is_digit(class_name: str) -> bool:
    """Whether the name of a class is a single figure."""
    return len(class_name) == 1 and class_name in "0123456789"


def in_words(amount: int) -> str:
    """A whole number in words, as far as it is said in one breath: "twenty-eight", "sixty thousand"; else in figures.

    >>> in_words(16), in_words(10_000), in_words(784)
    ('sixteen', 'ten thousand', '784')
    """
    if 0 <= amount < len(_UP_TO_TWENTY):
        return _UP_TO_TWENTY[amount]
    if 20 <= amount < 100:
        tens, ones = divmod(amount, 10)
        return _TENS[tens] + (f"-{_UP_TO_TWENTY[ones]}" if ones else "")
    if amount % 1000 == 0 and 0 < amount < 100_000:
        return f"{in_words(amount // 1000)} thousand"
    return f"{amount:,}"


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
    "sigmoid": FunctionName("sigmoid", "the sigmoid", "σ", "sigma", "sigma"),
    "relu": FunctionName("ReLU", "ReLU", "ReLU", '"ReLU"', "ReLU"),
    "identity": FunctionName("identity", "the identity", "", "", ""),
    "softmax": FunctionName("softmax", "the softmax", "softmax", '"softmax"', "softmax"),
    "tanh": FunctionName("tanh", "the hyperbolic tangent", "tanh", '"tanh"', "tanh"),
    "leaky_relu": FunctionName("leaky ReLU", "the leaky ReLU", "LReLU", '"LReLU"', "leaky ReLU"),
    "elu": FunctionName("ELU", "ELU", "ELU", '"ELU"', "ELU"),
    "selu": FunctionName("SELU", "SELU", "SELU", '"SELU"', "SELU"),
    "gelu": FunctionName("GELU", "GELU", "GELU", '"GELU"', "GELU"),
    "gelu_tanh": FunctionName("GELU", "GELU", "GELU", '"GELU"', "GELU"),
    "silu": FunctionName("SiLU", "SiLU", "SiLU", '"SiLU"', "SiLU"),
    "softplus": FunctionName("softplus", "softplus", "softplus", '"softplus"', "softplus"),
    "hard_tanh": FunctionName("hard tanh", "the hard tanh", "htanh", '"htanh"', "hard tanh"),
    "relu6": FunctionName("ReLU6", "ReLU6", "ReLU6", '"ReLU6"', "ReLU six"),
    "hard_sigmoid": FunctionName("hard sigmoid", "the hard sigmoid", "hσ", "h sigma", "hard sigma"),
}
# How they are written in a formula, in Typst's notation.
FUNCTION_SYMBOLS = tuple(one.typst for one in _FUNCTIONS.values() if one.typst)


def function_name(activation: str) -> FunctionName:
    """The names of an activation function of `network.activations`, whatever its parameter; any other has its own."""
    return _FUNCTIONS.get(activation.split("(")[0]) or (
        FunctionName(activation, f"the {activation}", activation, f'"{activation}"', activation)
    )
