"""Captions in files, read back as players read them."""

from __future__ import annotations

import html

import pytest
import srt as srt_reader
from hypothesis import given
from hypothesis import strategies as st

from lesson.export import captions
from lesson.export.captions import chapters_webvtt, clock, srt, transcript, webvtt
from lesson.render.clip_metadata import Caption, Chapter, ClipMetadata, beat_of
from lesson.render.subtitles import as_webvtt
from scenes.voice.narration import Beat, Clause
from tests.export.conftest import HOSTILE, make_metadata

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


def metadata_of(sentences: list[str]) -> ClipMetadata:
    beats = tuple(beat_of(Caption(text, 1.5 * n, 1.5 * n + 1.25), f"beat_{n}") for n, text in enumerate(sentences))
    return ClipMetadata("S", "T", "", 100.0, "A", beats, (Chapter("All", 0, 100),))


def cues(text: str) -> list[tuple[float, float, str]]:
    """The cues that a reader of WebVTT finds: a line with an arrow begins one, an empty line ends it."""
    blocks = text.split("\n\n")
    assert blocks[0] == "WEBVTT"
    found = []
    for block in blocks[1:]:
        _, times, *words = block.strip("\n").split("\n")
        assert not any("-->" in line for line in words)
        start, stop = (
            sum(float(part) * 60**n for n, part in enumerate(reversed(time.split(":"))))
            for time in times.split(" --> ")
        )
        found.append((start, stop, html.unescape("\n".join(words))))
    return found


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_cues_are_the_captions_whatever_they_say(sentences: list[str]) -> None:
    metadata = metadata_of(sentences)
    told = cues(webvtt(metadata))
    assert [word for _, _, text in told for word in text.split()] == " ".join(sentences).split(), "all that is said"
    assert [" ".join(text.split()) for _, _, text in told] == [caption.sentence for caption in metadata.captions]
    times = [time for start, stop, _ in told for time in (start, stop)]
    assert times == pytest.approx([time for one in metadata.captions for time in (one.start, one.stop)], abs=0.0006)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_subrip_is_read_back(sentences: list[str]) -> None:
    metadata = metadata_of(sentences)
    told = list(srt_reader.parse(srt(metadata)))
    wanted = [caption.sentence.replace("-->", "→") for caption in metadata.captions]
    assert [" ".join(one.content.split()) for one in told] == wanted
    starts = [caption.start for caption in metadata.captions]
    assert [one.start.total_seconds() for one in told] == pytest.approx(starts, abs=0.0006)


def test_nothing_in_a_caption_is_markup() -> None:
    text = webvtt(make_metadata("S", 4))
    payload = [line for line in text.splitlines() if "alert" in line]
    assert payload and "<" not in "".join(payload)
    assert [name for _, _, name in cues(chapters_webvtt(make_metadata("S", 4)))] == [
        " ".join(f"Beat {n}: {text}".split()) for n, text in enumerate(HOSTILE)
    ]


def test_the_transcript_tells_all_as_it_is_said() -> None:
    """Plain text, with nothing escaped: MkDocs, Sphinx, Hugo and MyST would make a page of a file in Markdown."""
    metadata = make_metadata("S", 4)
    text = transcript(metadata)
    for beat, chapter in zip(metadata.beats, metadata.chapters, strict=True):
        assert f"\n\n{' '.join(beat.text.split())}\n\n[{' '.join(beat.moves.split())}]\n" in text
        assert f"\n\n{clock(chapter.start)}  {' '.join(chapter.name.split())}\n" in text
    assert captions.WORDS["transcript"][0].endswith(".txt")


def test_a_transcript_says_where_it_is() -> None:
    assert clock(0) == "0:00"
    assert clock(65.9) == "1:05"
    assert clock(600) == "10:00"
    assert transcript(make_metadata("S", 3)).count("\n0:02  ") == 1


def test_a_transcript_reads_as_prose() -> None:
    """Beat by beat, whole sentences however they are cut into subtitles, with what moves in between."""
    clauses = (Clause("Here is a three:", 0.0, 1.5), Clause("you read it at once.", 1.5, 4.0))
    beats = (
        Beat("a_three", "Here is a three: you read it at once.", 0.0, 4.0, "A three appears.", clauses, "joe"),
        Beat("how", "So try to say how.", 4.0, 6.0, "", (Clause("So try to say how.", 4.0, 6.0),), "joe"),
    )
    metadata = ClipMetadata("S", "T", "", 6.0, "A", beats, (Chapter("All", 0, 6),))
    assert transcript(metadata).split("\n\n")[2:] == [
        "Here is a three: you read it at once.",
        "[A three appears.]",
        "So try to say how.\n",
    ]


@pytest.mark.parametrize("seconds", [0.0004, 59.9996, 3599.9999, 3600.0])
def test_times_never_have_sixty_seconds(seconds: float) -> None:
    written = as_webvtt([Caption("x", 0, seconds)])
    (cue,) = cues(written)
    assert cue[1] == pytest.approx(seconds, abs=0.0005)
    assert ":60" not in written
