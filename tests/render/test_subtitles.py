"""Subtitles can be read: two short lines at a time, cut by sense, in time with the voice, with no word lost."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import srt
from hypothesis import given
from hypothesis import strategies as st

from lesson.render.subtitles import as_srt, as_webvtt, cue_text, from_webvtt
from scenes.language import ENGLISH, language_like, told_in
from scenes.voice.cues import FASTEST, GAP, SHORTEST, Caption, cues, faults, reading_speed
from scenes.voice.narration import Beat, Clause
from scenes.voice.phrasing import cut_cost, lines
from tests.export.conftest import HOSTILE

# What the voice says in the tests that are about sense: letters a second, as a calm speaker has them.
_CALM = 14.0


def beat(text: str, start: float = 0.0, speed: float = _CALM, name: str = "told", moves: str = "") -> Beat:
    """A text that is spoken in clauses, one a sentence, at a number of letters a second."""
    clauses, time = [], start
    for sentence in re.findall(r"\S.*?[.?!](?=\s|$)|\S.*$", text):
        clauses.append(Clause(sentence, time, time + len(sentence) / speed))
        time = clauses[-1].stop
    return Beat(name, text, start, time, moves, tuple(clauses))


def shown(text: str, speed: float = _CALM) -> list[str]:
    return [cue_text(cue) for cue in cues([beat(text, speed=speed)], seconds=1000)]


# ---------------------------------------------------------------------------------------------------- sense


def test_cues_end_where_a_sentence_or_a_clause_does() -> None:
    assert shown(
        "Here is a three. Whoever wrote it was in a hurry: it is a blur of twenty-eight by twenty-eight grey squares, "
        "and you read it before you could have counted them."
    ) == [
        "Here is a three.",
        "Whoever wrote it was in a hurry:",
        "it is a blur of twenty-eight\nby twenty-eight grey squares,",
        "and you read it before\nyou could have counted them.",
    ]


def test_an_article_stays_with_its_noun() -> None:
    text = "It looks at every one of the pixels that the first of the sixteen neurons in the hidden layer is joined to"
    for cue in shown(text):
        for line in cue.split("\n"):
            assert line.split()[-1] not in {"a", "an", "the", "of", "in", "every"}, cue


def test_a_number_stays_with_its_sign_and_with_what_it_counts() -> None:
    text = (
        "It reads 97.4 % of all of the test pictures right, and it has 12,960 weights that were learned from pictures."
    )
    broken = [line for cue in shown(text) for line in cue.split("\n")]
    assert not [line for line in broken if line.startswith(("%", "weights"))], broken


def test_a_formula_is_cut_before_its_result() -> None:
    assert cut_cost("10", "=") < cut_cost("=", "12,960")
    assert cut_cost("97.4", "%") > cut_cost("of", "the")


@pytest.mark.parametrize(
    ("before", "after"), [("three.", "So"), ("hurry:", "it"), ("squares,", "and"), ("bright", "because"), ("it", "is")]
)
def test_any_place_is_better_than_after_an_article(before: str, after: str) -> None:
    assert cut_cost(before, after) <= cut_cost("the", "loop")


def test_lines_are_about_as_long_and_the_second_one_rather_longer() -> None:
    assert lines("a short text") == ["a short text"]
    upper, lower = lines("So is this, and square by square they have almost nothing in common.")
    assert upper == "So is this, and square by square"
    assert abs(len(upper) - len(lower)) < 12


# ---------------------------------------------------------------------------------------------------- time


def test_a_cue_begins_with_its_clause() -> None:
    told = beat(
        "First of all this is said, and it is rather long. And then, after a while, something else is said.", start=2.5
    )
    first, second = cues([told])
    assert second.sentence.startswith("And then")
    assert first.start == told.clauses[0].start
    assert second.start == pytest.approx(told.clauses[1].start)


def test_a_pause_is_not_read_over() -> None:
    pause = Beat("told", "Look at it. Three.", 0, 9, "", (Clause("Look at it.", 0, 1.2), Clause("Three.", 7.5, 8.2)))
    first, second = cues([pause], seconds=9)
    assert (first.sentence, second.sentence) == ("Look at it.", "Three.")
    assert second.start == 7.5 and first.stop < 3


def test_numbers_take_the_time_of_their_words() -> None:
    """784 × 16 + 16 × 16 has few letters, and takes long to say."""
    text = "That makes 784 × 16 + 16 × 16 + 16 × 10 of them, and nobody could set all of these by hand, could they"
    told = Beat("told", text, 0, 12, "", (Clause(text, 0, 12),))
    after = next(cue for cue in cues([told]) if cue.sentence.startswith("and nobody"))
    assert after.start > 12 * 0.5, "by its letters the first half would end at 4.7 s"


def test_a_short_pause_between_cues_is_closed_to_the_gap() -> None:
    one, two = cues([beat("Three is what it says here.", 0), beat("And it says so twice in a row.", 2.3)])
    assert two.start - one.stop == pytest.approx(GAP)


def test_the_last_cue_may_stand_until_the_clip_ends() -> None:
    told = [beat("Three.", 5, speed=12)]
    assert cues(told)[0].stop == pytest.approx(5.5)
    assert cues(told, seconds=20)[0].stop == pytest.approx(5 + SHORTEST)


def test_what_moves_is_told_once_a_beat_after_its_words() -> None:
    text = "Here is a three. Whoever wrote it was in a hurry, and it is a blur of grey squares that you read at once."
    found = cues([beat(text, moves="A digit appears."), beat("So is this.", 20)])
    assert [cue.moves for cue in found] == [""] * (len(found) - 2) + ["A digit appears.", ""]


def test_a_beat_in_which_nothing_is_said_has_no_subtitle() -> None:
    assert cues([Beat("pause", "", 0, 3, "It moves.", ())]) == ()
    assert cues([]) == ()


def test_a_beat_without_clauses_is_one_clause() -> None:
    assert cues([Beat("told", "Here is a three.", 1, 3, "", ())], seconds=5)[0].start == 1


def test_a_word_with_a_bookmark_inside_is_not_torn() -> None:
    told = Beat("told", "the loop, and", 0, 2, "", (Clause("the loop", 0, 1), Clause(", and", 1, 2)))
    assert cues([told])[0].sentence == "the loop, and"


def test_too_fast_too_short_and_too_long_are_faults() -> None:
    assert not faults(cues([beat("Here is a three, and it is calmly read.")], seconds=10))
    fast = cues([beat("Here is a three, and it is read by nobody at all, since it is gone at once.", speed=30)])
    assert [fault for fault in faults(fast) if "letters a second; pause after" in fault]
    short = cues([beat("Three.", speed=12)])
    assert faults(short) == ["the subtitle 'Three.' at 0.0 s stands for only 0.5 s; pause after these words"]
    assert "a line of over 42" in faults(cues([beat("x" * 60)]))[0]
    assert reading_speed([Caption("x" * 30, 0, 2)]) == 15
    assert reading_speed([]) == 0


# ---------------------------------------------------------------------------------------------------- every text

WORDS = st.from_regex(r"[a-zA-Zσ0-9&<>'%×−-]{1,14}[.,;:?!]?", fullmatch=True) | st.sampled_from(
    ["the", "a", "and", "because", "of", "784", "12,960", "97.4 %", "=", "×", "-->", "—", "“three”", "it.", "So"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


@st.composite
def told(draw: st.DrawFn) -> list[Beat]:
    """Beats, one after the other, of clauses with pauses between, at speeds from slow to far too fast."""
    beats, time = [], 0.0
    for number in range(draw(st.integers(1, 4))):
        time += draw(st.floats(0, 3))
        clauses, start = [], time
        for text in draw(st.lists(TEXTS, min_size=0, max_size=3)):
            seconds = max(0.05, len(text) / draw(st.floats(5, 40)))
            clauses.append(Clause(text, time, time + seconds))
            time += seconds + draw(st.floats(0, 1))
        words = " ".join(clause.text for clause in clauses)
        beats.append(Beat(f"beat_{number}", words, start, time, "", tuple(clauses)))
    return beats


@given(told())
def test_whatever_is_told_is_read_whole_in_order_and_on_two_lines_in_every_program(beats: list[Beat]) -> None:
    """In one test, since to make up what is told takes most of the time."""
    found = cues(beats)
    assert_no_word_is_lost_or_doubled(found, beats)
    assert_in_order_and_apart(found)
    assert_of_two_lines(found)
    assert_every_program_reads_back(found)


def assert_no_word_is_lost_or_doubled(found: list[Caption], beats: list[Beat]) -> None:
    assert " ".join(c.sentence for c in found).split() == " ".join(b.text for b in beats).split()


def assert_in_order_and_apart(found: list[Caption]) -> None:
    for cue in found:
        assert 0 <= cue.start < cue.stop, cue
    for one, other in pairwise(found):
        assert one.stop <= other.start + 1e-9 and one.start <= other.start


def assert_of_two_lines(found: list[Caption]) -> None:
    for cue in found:
        broken = cue_text(cue).split("\n")
        assert len(broken) <= 2 and all(len(line) <= ENGLISH.line for line in broken), broken
        assert " ".join(broken) == cue.sentence


def assert_every_program_reads_back(found: list[Caption]) -> None:
    read = list(srt.parse(as_srt(found)))
    assert len(read) == len(found)
    for cue, back in zip(found, read, strict=True):
        assert back.content == cue_text(cue).replace("-->", "→")
        assert back.start.total_seconds() == pytest.approx(cue.start, abs=0.0006)
    blocks = as_webvtt(found).split("\n\n")
    assert len(blocks) == len(found) + 1
    assert as_webvtt(found).count("-->") == len(found), "an arrow in the words is escaped"


@given(st.lists(TEXTS, min_size=1, max_size=4), st.floats(5, 13))
def test_what_is_spoken_slowly_enough_can_be_read(texts: list[str], speed: float) -> None:
    """With a pause after each beat, nothing that a voice says at this speed stands too short."""
    beats, time = [], 0.0
    for text in texts:
        beats.append(
            Beat("told", text, time, time + len(text) / speed + 2, "", (Clause(text, time, time + len(text) / speed),))
        )
        time += len(text) / speed + 2
    for cue in cues(beats):
        assert cue.stop - cue.start >= SHORTEST - 0.001, cue
    assert reading_speed(cues(beats)) < FASTEST


@pytest.mark.parametrize("code", ["en", "ar", "zh-Hans"])
def test_webvtt_is_read_as_it_was_written(code: str) -> None:
    told = [Caption(f"{n}: {sentence}", 61.5 * n, 61.5 * n + 1.25) for n, sentence in enumerate(HOSTILE)]
    with told_in(language_like(code)):
        written = as_webvtt(told)
    read = from_webvtt(written)
    assert [(c.start, c.stop) for c in read] == [(c.start, c.stop) for c in told]
    assert as_webvtt(read, lambda caption: caption.sentence) == written
    assert "<script>" in read[0].sentence


def test_webvtt_escapes() -> None:
    text = as_webvtt([Caption("a < b & c --> d", 0, 2)])
    assert "a &lt; b &amp; c --&gt; d" in text and text.startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n")
