"""What the voice says for what is written: by the phonemes that Piper gives, and by what a recogniser hears."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scenes.voice.pronunciation import as_spoken
from scenes.voice.utterance import Voice
from tests.voice.conftest import heard_words

pytestmark = pytest.mark.needs("voice")

# What is written in a narration, and the same in plain words, which Piper says rightly.
WRITTEN_AND_SAID = {
    "784 × 16": "seven hundred eighty four times sixteen",
    "σ(1)": "sigma of one",
    "σ(z)": "sigma of z",
    "w·a": "w times eh",
    "w × a is a product": "w times eh is a product",
    "3 + a few": "three plus a few",
    "z ≥ 0.5": "z is at least zero point five",
    "z ≤ 3": "z is at most three",
    "4 > 2": "four is greater than two",
    "0 < 1": "zero is less than one",
    "x = 4": "x equals four",
    "y ≠ 5": "y is not equal to five",
    "−1/2": "minus one half",
    "−0.5": "minus zero point five",
    "from -5 to 5": "from minus five to five",
    "well-known": "well known",
    "97.38 %": "ninety seven point three eight percent",
    "97.38%": "ninety seven point three eight percent",
    "97.38\u202f%": "ninety seven point three eight percent",
    "12,960": "twelve thousand nine hundred sixty",
    "13,002": "thirteen thousand two",
    "28×28": "twenty eight by twenty eight",
    "28 × 28 pixels": "twenty eight by twenty eight pixels",
    "28 × 28 = 784": "twenty eight times twenty eight equals seven hundred eighty four",
    "784-16-16-10": "seven hundred eighty four sixteen sixteen ten",
    "rows 3–5": "rows three to five",
    "W⁽¹⁾": "w superscript one",
    "a_0": "eh sub zero",
    "a₀⁽¹⁾": "eh sub zero superscript one",
    "w₁a₁ + w₂a₂": "w sub one eh sub one plus w sub two eh sub two",
    "z = Wa + b": "z equals w eh plus b",
    "a = σ(z)": "eh equals sigma of z",
    "ReLU": "relloo",
    "ReLU6 and GELU": "relloo six and gelloo",
    "tanh of W": "tanch of W",
    "ReLU(x)": "relloo of x",
    "3Blue1Brown": "three blue one brown",
    "MNIST": "emnist",
    "NumPy": "num pie",
    "a 3": "a three",
    "3s": "threes",
    "7s beside 4s": "sevens beside fours",
    "0.97": "zero point nine seven",
    "1.43": "one point four three",
    "10^−5": "ten to the minus five",
    "10⁻⁵": "ten to the minus five",
    "x²": "x squared",
    "e.g. a loop": "for example a loop",
    "`weights`": "weights",
    "[[loop]]": "loop",
}


def test_signs_numbers_and_names_sound_like_their_words(phonemes: Callable[[list[str]], list[str]]) -> None:
    written = phonemes([as_spoken(text) for text in WRITTEN_AND_SAID])
    said = phonemes(list(WRITTEN_AND_SAID.values()))
    different = [text for text, one, other in zip(WRITTEN_AND_SAID, written, said, strict=True) if one != other]
    assert not different, {text: as_spoken(text) for text in different}


def test_relu_and_the_letter_a_have_the_sounds_that_people_give_them(
    phonemes: Callable[[list[str]], list[str]],
) -> None:
    assert phonemes([as_spoken("ReLU"), as_spoken("a_0"), as_spoken("a 3")]) == ["ɹɛluː", "eɪsʌbziəɹoʊ", "ɐθɹiː"]


@pytest.mark.parametrize(
    "sentence",
    [
        "And yet nobody told it what a loop is.",
        "Is that a loop, or a line? It's both: a loop - and a line!",
        "“Sixteen?” It fits the screen.",
    ],
)
def test_plain_words_are_said_as_they_are(sentence: str) -> None:
    assert as_spoken(sentence) == sentence


@pytest.mark.needs("recogniser")
@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("There are 13,002 knobs.", "thirteen thousand two knobs"),
        ("It reads 97.38 % of the test digits.", "ninety seven point three eight percent of the test digits"),
        ("A picture of 28×28 pixels.", "picture of twenty eight by twenty eight pixels"),
        ("The first layer has 784 × 16 weights.", "seven hundred eighty four times"),
        ("−1/2 or −0.5", "minus one half or minus zero point five"),
    ],
)
def test_a_recogniser_hears_the_words(joe: Voice, written: str, heard: str) -> None:
    sound = joe.speak(written).sound
    assert sound is not None
    assert heard in " ".join(heard_words(sound))
