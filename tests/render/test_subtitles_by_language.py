"""Subtitles of other languages: lines as long and as fast as their readers are used to, in their direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import srt

from lesson.render.subtitles import as_srt, as_webvtt
from scenes.language import Language, language_like, told_in
from scenes.voice.cues import Caption, cues, faults
from scenes.voice.markup import read_marked
from scenes.voice.narration import Beat
from scenes.voice.phrasing import cut_cost, in_letters, lines, units
from scenes.voice.silent import SilentVoice
from scenes.voice.utterance import clause_ranges, utter

CHINESE = (
    "这是一个“3”。写它的人很匆忙：它只是 28 乘 28 个灰色方格的一团模糊，可是你还没数完这些方格，就已经认出它来了。"
    "第一层有 16 个神经元，一共 12,960 个权重；它能读对 97.4% 的测试图片，用的函数叫 sigmoid。"
)
ARABIC = (
    "هذه ثلاثة. من كتبها كان مستعجلًا: إنها مربعات رمادية من 28 في 28، وقد قرأتها قبل أن تستطيع عدّها. "
    "ReLU هي دالة بسيطة، فهل تكفي 784 بكسلًا؟"
)


@pytest.fixture
def chinese() -> Iterator[Language]:
    with told_in(language_like("zh-Hans")) as language:
        yield language


@pytest.fixture
def arabic() -> Iterator[Language]:
    with told_in(language_like("ar")) as language:
        yield language


def silently(text: str) -> tuple[Caption, ...]:
    said = utter(read_marked(text), SilentVoice())
    return cues([Beat("told", said.text, 0, said.seconds, "", said.clauses)], said.seconds + 2)


def test_chinese_has_at_most_sixteen_letters_a_line_and_nine_a_second(chinese: Language) -> None:
    found = silently(CHINESE)
    assert "".join(cue.sentence for cue in found).replace(" ", "") == CHINESE.replace(" ", "")
    assert faults(found) == []
    for cue in found:
        broken = lines(cue.sentence)
        assert len(broken) <= 2 and all(len(line) <= 16 for line in broken), broken
        assert len(cue.sentence) / (cue.stop - cue.start) <= 9
    for one, other in pairwise(found):
        assert one.stop <= other.start


def test_a_line_of_chinese_begins_with_no_sign_and_tears_no_number_or_latin_word(chinese: Language) -> None:
    broken = [line for cue in silently(CHINESE) for line in lines(cue.sentence)]
    assert len(broken) > 8
    assert not [line for line in broken if re.match(r"[，。、；：？！”）%…—]", line)], broken
    assert not [line for line in broken if re.search(r"[“（]$", line)], broken
    whole = "".join(broken)
    for kept in ("12,960", "97.4%", "sigmoid", "28", "“3”"):
        assert kept in whole and any(kept in line for line in broken), kept
    assert cut_cost("模糊，", "可") < cut_cost("模", "糊")
    assert cut_cost("好的", "人") <= cut_cost("好", "的")


def test_a_fault_of_chinese_names_its_own_limits(chinese: Language) -> None:
    (fast,) = faults([Caption("十二个字的句子一秒念不完", 0, 1)])
    assert "has 12 letters a second" in fast
    (long,) = faults([Caption("x" * 40, 0, 20)])
    assert "a line of over 16 letters" in long


def test_the_clauses_of_chinese_end_without_spaces(chinese: Language) -> None:
    marked = read_marked("先看圈。<bookmark mark='a'/>它亮吗？很亮，<bookmark mark='b'/>真的。")
    assert [marked.text[start:stop] for start, stop in clause_ranges(marked)] == [
        "先看圈。",
        "它亮吗？",
        "很亮，",
        "真的。",
    ]
    said = utter(marked, SilentVoice())
    assert said.bookmarks == {"a": said.clauses[1].start, "b": said.clauses[3].start}


def test_words_take_the_time_of_their_language() -> None:
    with told_in(language_like("zh-Hans")) as language:
        # A Latin letter is no syllable; but it must be read as well.
        assert SilentVoice().speak("sigmoid").seconds == pytest.approx(0.05 + 7 / language.fastest, abs=0.001)
        assert SilentVoice().speak("神经网络").seconds == pytest.approx(0.05 + 4 * language.a_letter)
    slow = Language("xx", fastest=4.0, a_letter=0.01)
    with told_in(slow):
        assert SilentVoice().speak("a word").seconds == pytest.approx(0.05 + 6 / 4)


def test_arabic_stands_from_right_to_left_in_files_of_subtitles(arabic: Language) -> None:
    found = silently(ARABIC)
    assert faults(found) == []
    assert " ".join(cue.sentence for cue in found) == ARABIC
    texts = [block.split("\n", 2)[2].strip() for block in as_webvtt(found).split("\n\n")[1:]]
    assert texts == [one.content for one in srt.parse(as_srt(found))]
    written = [line for text in texts for line in text.split("\n")]
    # Embedded as right to left: a line that begins with a Latin word would else be laid from left to right.
    assert written and all(line[0] == "\u202b" and line[-1] == "\u202c" for line in written)
    assert any(re.match("\u202b[A-Za-z0-9]", line) for line in written), "a case that needs it"


def test_signs_above_letters_and_marks_are_not_counted_as_letters() -> None:
    assert in_letters("بكسلًا") == 5 and in_letters("\u2066−1\u2069") == 2


def test_words_are_cut_at_spaces_where_there_are_spaces(arabic: Language) -> None:
    assert units("من كتبها كان") == ["من ", "كتبها ", "كان"]


def test_german_lines_do_not_end_with_an_article() -> None:
    with told_in("de"):
        assert cut_cost("unsere", "Gewichte") > cut_cost("Netz", "unsere")
        assert cut_cost("Gewichte,", "und") < cut_cost("die", "Gewichte")
