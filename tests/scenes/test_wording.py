"""Numbers, shares and plurals read well, at the edges too."""

from __future__ import annotations

import doctest
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.network import ACTIVATIONS
from scenes import wording


def test_the_examples_in_the_docstrings_are_true() -> None:
    done = doctest.testmod(wording)
    assert done.attempted >= 2 and done.failed == 0


def test_words_need_no_manim() -> None:
    code = "import sys, scenes.wording; sys.exit('manim' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_greatest_value_can_be_told_from_its_number() -> None:
    assert wording.places_that_tell([0.9, 0.33, 0.0]) == wording.places_that_tell([0.2]) == 2
    assert wording.places_that_tell(np.array([0.034, 0.033])) == 3
    assert wording.places_that_tell([0.0326, 0.0, 0.0331]) == 4


@pytest.mark.parametrize(
    ("value", "places", "sign", "said"),
    [
        (1234567, 0, False, "1,234,567"),
        (-0.5, 2, False, "−0.50"),
        (0.5, 1, True, "+0.5"),
        (-0.004, 2, False, "0.00"),
        (-0.004, 2, True, "+0.00"),
        (0, 0, True, "+0"),
    ],
)
def test_a_number_has_a_true_minus_sign_and_is_never_minus_0(value: float, places: int, sign: bool, said: str) -> None:
    assert wording.number(value, places, sign) == said


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_a_number_read_back_is_the_number_that_was_written(value: float, places: int) -> None:
    written = wording.number(value, places)
    assert float(written.replace(",", "").replace("−", "-")) == pytest.approx(round(value, places), abs=1e-9)
    assert "-" not in written


def test_shares_as_percentages() -> None:
    assert wording.percent(0.9738) == "97.4 %"
    assert wording.percent(0.9738, 2) == "97.38 %"
    assert wording.percent(1, 0) == "100 %" and wording.percent(0, 2) == "0.00 %"


@pytest.mark.parametrize(
    ("share", "places", "shown"),
    [
        (0.0041, 0, "0.4 %"),
        (0.996, 0, "99.6 %"),
        (0.994, 0, "99 %"),
        (0.99996, 2, "99.996 %"),
        (0.005, 0, "0.5 %"),
        (1e-9, 1, "0.0 %"),  # no figures can be read that are as long as that
        (1 - 1e-9, 0, "100 %"),
    ],
)
def test_what_is_not_nothing_or_all_does_not_look_like_it(share: float, places: int, shown: str) -> None:
    assert wording.percent(share, places) == shown


def test_two_shares_as_a_range() -> None:
    assert wording.percent_range(0.381, 0.612) == "38 to 61"
    assert wording.percent_range(0.396, 0.404) == "40"


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0.2894, 2, "0.29"),
        (1234, 2, "1,200"),
        (150.4, 2, "150"),
        (0.001, 2, "0.0010"),
        (1e6, 1, "1,000,000"),
        # Rounded up to the next power of ten, a number has no more digits than others: these were 10.0 and 0.100.
        (9.96, 2, "10"),
        (0.0996, 2, "0.10"),
    ],
)
def test_a_number_with_so_many_significant_digits(value: float, digits: int, said: str) -> None:
    assert wording.significant(value, digits) == said


@given(st.floats(1e-6, 1e12), st.integers(1, 4))
def test_significant_digits_are_as_many_as_asked_for(value: float, digits: int) -> None:
    written = wording.significant(value, digits)
    assert float(written.replace(",", "")) == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits))
    if "." in written:
        assert len(written.replace(".", "").replace(",", "").lstrip("0")) == digits
    else:
        assert float(written.replace(",", "")) >= 10.0 ** (digits - 1)


def test_one_thing_is_no_plural() -> None:
    assert [wording.count(amount, "weight") for amount in (0, 1, 12960)] == ["0 weights", "1 weight", "12,960 weights"]
    words = [wording.count_in_words(amount, "layer") for amount in (0, 1, 2, 10, 11, 1200)]
    assert words == ["no layers", "one layer", "two layers", "ten layers", "11 layers", "1,200 layers"]
    assert [wording.times(amount) for amount in (0, 1, 2, 3, 1000)] == [
        "0 times",
        "once",
        "twice",
        "3 times",
        "1,000 times",
    ]


def test_places_are_counted_from_0() -> None:
    assert [wording.ordinal(index) for index in (0, 1, 9)] == ["first", "second", "tenth"]
    assert [wording.ordinal(index) for index in (10, 11, 12, 20, 21, 22, 23)] == [
        *("11th", "12th", "13th"),
        *("21st", "22nd", "23rd", "24th"),
    ]
    assert [wording.ordinal(index) for index in (100, 110, 111, 112, 120)] == [
        *("101st", "111th", "112th", "113th", "121st"),
    ]


def test_several_pictures_of_a_class() -> None:
    assert wording.several("7") == "7s" and wording.several("Bag") == "pictures of Bag"
    assert wording.several("A") == "pictures of A"  # one letter is no digit
    assert wording.several_in_words("0") == "zeros" and wording.several_in_words("6") == "sixes"
    assert wording.one_in_words("7") == "a seven" and wording.one_in_words("8") == "an eight"
    assert wording.one_in_words("Bag") == "a picture of Bag"
    assert wording.the_one_in_words("4") == "the four" and wording.the_one_in_words("Bag") == "the picture of Bag"
    assert wording.several_in_words("A") == "pictures of A" and wording.several_in_words("12") == "pictures of 12"


def test_one_picture_of_a_class() -> None:
    assert wording.one_in_words("8") == "an eight" and wording.one_in_words("9") == "a nine"
    assert wording.one_in_words("Bag") == "a picture of Bag" and wording.one_in_words("12") == "a picture of 12"
    assert wording.class_in_words("0") == "zero" and wording.class_in_words("Bag") == "Bag"


def test_one_picture_of_a_class_and_its_class_as_an_answer() -> None:
    assert [wording.one_in_words(name) for name in ("0", "3", "8")] == ["a zero", "a three", "an eight"]
    assert wording.one_in_words("Bag") == "a picture of Bag" and wording.one_in_words("12") == "a picture of 12"
    assert [wording.class_in_words(name) for name in ("0", "8", "Ankle boot")] == ["zero", "eight", "Ankle boot"]


def test_numbers_in_words_as_far_as_they_are_short() -> None:
    said = [wording.in_words(n) for n in (0, 1, 10, 16, 19, 20, 28, 99)]
    assert said == ["zero", "one", "ten", "sixteen", "nineteen", "twenty", "twenty-eight", "ninety-nine"]
    assert [wording.in_words(n) for n in (784, 1000, 1009, 10_000, 60_000, 100_000)] == [
        *("784", "one thousand", "1,009", "ten thousand", "sixty thousand", "100,000"),
    ]
    assert wording.class_in_words("0") == "zero" and wording.class_in_words("3") == "three"
    assert wording.class_in_words("Bag") == "Bag" and wording.class_in_words("12") == "12"
    assert wording.one_in_words("3") == "a three" and wording.one_in_words("8") == "an eight"
    assert wording.one_in_words("Bag") == "a picture of Bag"


def test_a_capital_letter_changes_nothing_else() -> None:
    assert wording.capitalised("the ReLU of a MNIST 3") == "The ReLU of a MNIST 3"
    assert wording.capitalised("") == ""


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_activation_function_has_its_names(activation: str) -> None:
    known = wording.function_name(activation)
    assert known.name and known.with_article
    assert bool(known.sign) == bool(known.typst) == bool(known.spoken)
    # An identity is not written: a = Wa + b.
    is_identity = all(math.isclose(np.ravel(ACTIVATIONS[activation].function(z))[0], z) for z in (-2.0, 0.5, 3.0))
    assert (known.sign == "") == is_identity


def test_a_function_that_is_not_known_goes_by_its_own_name() -> None:
    name = wording.function_name("mish")
    assert (name.name, name.with_article, name.typst) == ("mish", "the mish", '"mish"')
    assert wording.function_name("leaky_relu(0.3)").name == "leaky ReLU"
