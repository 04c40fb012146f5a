"""A narration is cut into clauses, and nothing is lost: neither words nor bookmarks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.voice.markup import MarkedText, NarrationError, read_marked
from scenes.voice.silent import SilentVoice
from scenes.voice.utterance import clause_ranges, pause_after, utter

WORDS = st.sampled_from(
    ["the", "loop", "97.38", "%", "e.g.", "a", "σ(1)", "12,960", "“Yes?”", "I.", "—", "no", "784-16", "3s", "(so)", "…"]
)
SIGNS = st.sampled_from(["", "", "", ".", "?", "!", ",", ";", ":", " —", "..."])
GAPS = st.sampled_from([" ", "  ", "\n        ", "\t"])


@st.composite
def narrations(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    """A text with bookmarks as it is written, without them and with single spaces, and the names of the bookmarks."""
    written, plain, names = "", [], []
    for number in range(draw(st.integers(1, 25))):
        if draw(st.booleans()) and draw(st.booleans()):
            names.append(f"mark {number}")
            gap = draw(st.sampled_from(["", " ", "\n   "]))
            quote = draw(st.sampled_from("'\""))
            written += f"<bookmark{draw(GAPS)}mark={quote}mark {number}{quote}{gap}/>{gap}"
        word = draw(WORDS) + draw(SIGNS)
        plain.append(word)
        written += word + draw(GAPS)
    return written, " ".join(plain), names


@given(narrations())
def test_no_word_and_no_bookmark_is_lost(narration: tuple[str, str, list[str]]) -> None:
    written, plain, names = narration
    marked = read_marked(written)
    assert marked.text == plain
    assert [name for name, _ in marked.bookmarks] == names
    assert all(at == 0 or marked.text[at - 1] == " " or at == len(plain) for _, at in marked.bookmarks)


@given(narrations())
def test_clauses_follow_each_other_and_are_the_whole_text(narration: tuple[str, str, list[str]]) -> None:
    marked = read_marked(narration[0])
    ranges = clause_ranges(marked)
    if not ranges:
        assert not any(letter.isalnum() for letter in marked.text)
        return
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(marked.text)
    assert all(one[1] == other[0] for one, other in zip(ranges, ranges[1:], strict=False))
    assert all(any(letter.isalnum() for letter in marked.text[start:stop]) for start, stop in ranges)


@given(narrations())
def test_times_go_forward(narration: tuple[str, str, list[str]]) -> None:
    marked = read_marked(narration[0])
    spoken = utter(marked, SilentVoice())
    times = [time for clause in spoken.clauses for time in (clause.start, clause.stop)]
    assert times == sorted(times)
    assert not times or times[-1] < spoken.seconds
    reached = [spoken.bookmarks[name] for name, _ in marked.bookmarks]
    assert reached == sorted(reached)
    assert all(0 <= time <= spoken.seconds for time in reached)


def clauses(written: str) -> list[str]:
    marked = read_marked(written)
    return [marked.text[start:stop].strip() for start, stop in clause_ranges(marked)]


def test_sentences_are_clauses() -> None:
    assert clauses("Is it a 3? No! It is… well. A 97.38 % sure 8.") == [
        "Is it a 3?",
        "No!",
        "It is…",
        "well.",
        "A 97.38 % sure 8.",
    ]


@pytest.mark.parametrize("short", ["e.g.", "i.e.", "vs.", "etc.", "Dr.", "A."])
def test_a_short_form_ends_no_sentence(short: str) -> None:
    assert len(clauses(f"A curve, {short} Loops, is one clause.")) == 1


def test_a_quotation_ends_with_its_sentence() -> None:
    assert clauses("“Sixteen?” It fits. (Or does it?) Yes.") == ["“Sixteen?”", "It fits.", "(Or does it?)", "Yes."]


def test_a_comma_is_spoken_over_unless_a_bookmark_stands_there() -> None:
    assert clauses("First the loop, then the line.") == ["First the loop, then the line."]
    assert clauses("First the loop, <bookmark mark='line'/>then the line.") == ["First the loop,", "then the line."]


def test_a_long_sentence_takes_a_breath_and_a_short_one_does_not() -> None:
    assert len(clauses("One thing: a loop.")) == 1
    assert len(clauses(f"One thing: {'a loop and ' * 12} a line; and more.")) == 3


def test_a_bookmark_inside_a_clause_does_not_cut_it() -> None:
    assert len(clauses("First the <bookmark mark='loop'/>loop of it.")) == 1


def test_a_bookmark_across_line_breaks_is_found() -> None:
    marked = read_marked("First the\n    <bookmark\n    mark='loop'\n    />\n    loop.")
    assert marked == MarkedText("First the loop.", (("loop", 10),))


@pytest.mark.parametrize("tag", ["<bookmark mark=loop/>", "<bookmark mark='loop'>", "<bookmark/>", "a</bookmark>"])
def test_a_tag_that_cannot_be_read_is_never_read_aloud(tag: str) -> None:
    with pytest.raises(NarrationError, match="tag that cannot be read"):
        read_marked(f"First {tag} the loop.")


def test_a_question_is_followed_by_a_longer_pause_than_a_comma() -> None:
    assert pause_after("Is it?") > pause_after("It is.") > pause_after("it is:") > pause_after("it is,") > 0.1
    assert pause_after("“Is it?”") == pause_after("Is it?")


def test_bookmarks_before_the_first_word_and_after_the_last_one() -> None:
    spoken = utter(read_marked("<bookmark mark='start'/>A loop. <bookmark mark='end'/>"), SilentVoice())
    assert spoken.bookmarks == {"start": 0.0, "end": spoken.clauses[-1].stop}
    assert not re.search("mark", spoken.text)
