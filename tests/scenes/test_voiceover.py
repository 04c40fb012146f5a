"""Narration drives time: scenes speak, wait for bookmarks, and go on when everything has been said."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srt  # type: ignore[import-untyped]
from manim import FadeIn, Square, tempconfig

from lesson.render.rendering import manim_set_up
from scenes.kit import theme
from scenes.settings import LessonContext
from scenes.stage.lesson_scene import LessonScene
from scenes.voice.bookmark_check import check_bookmarks
from scenes.voice.cues import cues
from scenes.voice.markup import MarkedText, NarrationError
from scenes.voice.narration import Clause
from scenes.voice.utterance import Utterance

ODD = 1.2345  # seconds that no frame rate divides


class Spoken(LessonScene):
    """A scene whose every text takes so long as it says, as in "2.5 s": by that, times can be foretold."""

    plays: Callable[[Any], None] = staticmethod(lambda scene: None)

    def utterance(self, beat: str, text: MarkedText) -> Utterance:
        seconds = float(re.search(r"([\d.]+) s", text.text)[1])  # type: ignore[index]
        bookmarks = {name: seconds * at / len(text.text) for name, at in text.bookmarks}
        return Utterance(text.text, seconds, (Clause(text.text, 0, seconds),), bookmarks, "somebody")

    def construct(self) -> None:
        type(self).plays(self)


def played(plays: Callable[[Any], None], rate: float = 30, context: LessonContext | None = None) -> Spoken:
    """A scene that has run without being drawn."""
    kind = type("Played", (Spoken,), {"plays": staticmethod(plays)})
    with tempconfig({"dry_run": True, "disable_caching": True, "frame_rate": rate}):
        scene: Spoken = kind(skip_animations=True, context=context)
        scene.render()
    return scene


# ------------------------------------------------------------------------------------------ time


@pytest.mark.parametrize("rate", [15, 30, 60])
def test_the_scene_goes_on_when_everything_has_been_said(rate: int) -> None:
    def plays(scene: Spoken) -> None:
        with scene.voiceover(f"{ODD} s", moves="A square appears.") as tracker:
            assert tracker.duration == ODD
            assert tracker.get_remaining_duration() == ODD
            scene.play(FadeIn(Square()), run_time=0.4)
            assert tracker.get_remaining_duration(buff=1) == pytest.approx(ODD + 1 - scene.time)

    scene = played(plays, rate)
    assert scene.time == pytest.approx(ODD + theme.BREATH, abs=0.5 / rate + 1e-9)
    (beat,) = scene.beats
    assert (beat.start, beat.stop, beat.text, beat.moves) == (0, scene.time, f"{ODD} s", "A square appears.")
    assert (beat.clauses, beat.voice) == ((Clause(f"{ODD} s", 0, ODD),), "somebody")
    assert scene.words == [f"{ODD} s"]


def test_a_block_may_say_that_it_can_be_repeated() -> None:
    def plays(scene: Spoken) -> None:
        with scene.voiceover("1 s"):
            pass
        with scene.voiceover("2 s", loops=True):
            pass

    assert [beat.loops for beat in played(plays).beats] == [False, True]


def test_a_block_that_takes_longer_than_its_words_is_not_lengthened() -> None:
    def plays(scene: Spoken) -> None:
        with scene.voiceover("1 s") as tracker:
            scene.wait(3)
            assert tracker.get_remaining_duration() == 0

    assert played(plays).time == pytest.approx(3)


@pytest.mark.parametrize("rate", [15, 30, 60])
@pytest.mark.parametrize("moving", [True, False])
def test_sound_and_picture_never_drift_apart(rate: int, moving: bool) -> None:
    """After fifty texts of odd lengths every bookmark is still met to half a frame."""
    found: list[tuple[float, float]] = []

    def plays(scene: Spoken) -> None:
        square = Square()
        scene.add(square)
        if moving:
            square.add_updater(lambda square, dt: square.shift((dt / 100, 0, 0)))
        for number in range(50):
            with scene.voiceover(
                f"<bookmark mark='start'/>{1 + number / 7:.4f} s <bookmark mark='mid'/> and on"
            ) as said:
                scene.wait_until_bookmark("mid")
                found.append((scene.time, said.bookmark_time("mid")))
                scene.play(FadeIn(Square()), run_time=0.1)

    scene = played(plays, rate)
    assert len(found) == 50
    assert max(abs(reached - wanted) for reached, wanted in found) <= 0.5 / rate + 1e-9 < 0.04
    frames = [round(beat.start * rate) for beat in scene.beats]
    assert [beat.start for beat in scene.beats] == pytest.approx([frame / rate for frame in frames])


@pytest.mark.parametrize("rate", [6, 15, 24, 25, 30, 50, 60])
def test_a_wait_has_the_frames_that_it_should(rate: int) -> None:
    """manim rounds the frames of still pictures down and those of moving ones up, and loses some in rounding."""

    def plays(scene: Spoken) -> None:
        square = Square()
        scene.add(square)
        for frames in range(1, 200, 7):
            scene.wait_until(scene.time + frames / rate)
            assert scene.renderer.plays[-1].frames == frames
        square.add_updater(lambda square, dt: square.shift((dt / 100, 0, 0)))
        for frames in range(1, 60, 7):
            scene.wait_until(scene.time + frames / rate)
            assert scene.renderer.plays[-1].frames == frames

    assert played(plays, rate).renderer.plays


def test_nothing_overlaps() -> None:
    """What begins inside the block of another text, or before it is over, waits for it."""

    def plays(scene: Spoken) -> None:
        with scene.voiceover("2 s of the outer"):
            scene.wait(0.5)
            with scene.voiceover("1 s of the inner <bookmark mark='in'/>"):
                scene.wait_until_bookmark("in")
            with scene.voiceover("1 s more"):
                pass
        with scene.voiceover("1 s afterwards"):
            pass

    scene = played(plays)
    assert scene.words == ["2 s of the outer", "1 s of the inner", "1 s more", "1 s afterwards"]
    starts = [beat.start for beat in scene.beats]
    lengths = [2, 1, 1, 1]
    assert starts == pytest.approx([sum(lengths[:n]) + n * theme.BREATH for n in range(4)], abs=0.02 * 4)
    for one, other in zip(scene.beats, scene.beats[1:], strict=False):
        assert one.clauses[-1].stop < one.stop <= other.start


def test_waiting_for_the_voice_and_for_a_while() -> None:
    def plays(scene: Spoken) -> None:
        scene.wait_for_voiceover()
        scene.safe_wait(0.001)
        assert scene.time == 0
        with scene.voiceover(text="2 s"):
            scene.wait_for_voiceover()
            assert scene.time == pytest.approx(2)
            scene.safe_wait(0.5)
            assert scene.time == pytest.approx(2.5)

    played(plays)


# ------------------------------------------------------------------------------------------ bookmarks


def test_how_long_it_is_until_a_bookmark() -> None:
    def plays(scene: Spoken) -> None:
        with scene.voiceover("2.0 s<bookmark mark='half'/>.....") as tracker:
            assert tracker.time_until_bookmark("half") == pytest.approx(1)
            assert tracker.time_until_bookmark("half", buff=0.25) == pytest.approx(1.25)
            assert tracker.time_until_bookmark("half", limit=0.5) == 0.5
            scene.wait(1.5)
            assert tracker.time_until_bookmark("half") == 0
            scene.wait_until_bookmark("half")
            assert scene.time == pytest.approx(1.5)

    played(plays)


def test_a_bookmark_is_found_where_the_text_wraps() -> None:
    def plays(scene: Spoken) -> None:
        with scene.voiceover(
            """2 s and
            <bookmark
              mark='loop' />the loop"""
        ):
            scene.wait_until_bookmark("loop")

    scene = played(plays)
    assert scene.words == ["2 s and the loop"] and scene.renderer.plays


def test_a_bookmark_that_is_not_there_is_named_when_the_scene_runs() -> None:
    missing = "lo" + "p"  # put together here, so that the source does not tell

    class Wrong(Spoken):
        def construct(self) -> None:
            self.the_loop()

        def the_loop(self) -> None:
            with self.voiceover("2 s <bookmark mark='loop'/> and <bookmark mark='end'/>"):
                self.wait_until_bookmark(missing)

    with tempconfig({"dry_run": True, "disable_caching": True}), pytest.raises(NarrationError) as caught:
        Wrong(skip_animations=True).render()
    lines, first = inspect.getsourcelines(Wrong)
    line = first + next(n for n, text in enumerate(lines) if "(missing)" in text)
    assert str(caught.value) == (
        f"Wrong.the_loop (tests/scenes/test_voiceover.py, line {line}) waits for the bookmark 'lop', which is not in "
        "what is said there; it has 'loop', 'end': wait for one of them or put <bookmark mark='lop'/> into the text"
    )


def test_a_bookmark_before_anything_is_said() -> None:
    with pytest.raises(NarrationError, match="waits for a bookmark before it says anything; wait inside a block"):
        played(lambda scene: scene.wait_until_bookmark("a"))


SCENE = """
class TheScene(LessonScene):
    def beat(self):
        with self.voiceover({text}) as tracker:
            self.play(FadeIn(a), run_time=tracker.time_until_bookmark({mark}))
"""


@pytest.mark.parametrize(
    ("text", "mark", "found"),
    [
        ("\"A <bookmark mark='x'/> b\"", '"x"', None),
        ("f\"A {n} <bookmark mark='x'/> b\"", '"x"', None),
        ("\"A <bookmark mark='x'/>\" if a else \"B <bookmark mark='x'/>\"", 'mark="x"', None),
        ('text="A " + "<bookmark\\nmark=\'x\'/>"', '"x"', None),
        ("sentence_of(numbers)", '"x"', "it has none"),
        ("f\"A <bookmark mark='{name}'/>\"", '"x"', None),
        ("\"A <bookmark mark='x'/> b\"", "name", None),
        ('"A b"', '"x"', "it has none"),
        ("\"A <bookmark mark='x'/><bookmark mark='z'/> b\"", '"y"', "it has 'x', 'z'"),
        ("f\"A {n} <bookmark mark='x'/> b\"", '"y"', "it has 'x'"),
    ],
)
def test_a_bookmark_that_is_not_there_is_found_in_the_source(
    text: str, mark: str, found: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "scene.py"
    file.write_text(SCENE.format(text=text, mark=mark))
    if found is None:
        check_bookmarks(file)
        return
    with pytest.raises(NarrationError) as caught:
        check_bookmarks(file)
    assert f"TheScene.beat ({file}, line 5) waits for the bookmark" in str(caught.value)
    assert found in str(caught.value)


def test_a_text_from_elsewhere_may_have_any_bookmark_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "scene.py"
    file.write_text("SENTENCE = \"A <bookmark mark='x'/> b\"\n" + SCENE.format(text="SENTENCE", mark='"x"'))
    check_bookmarks(file)


def test_no_scene_of_the_lesson_waits_for_what_is_not_said() -> None:
    for file in sorted((Path(__file__).parents[2] / "scenes").rglob("*.py")):
        check_bookmarks(file)


def test_nothing_is_drawn_before_the_bookmarks_are_checked() -> None:
    drawn: list[str] = []

    class Misspelt(Spoken):
        def construct(self) -> None:
            drawn.append("something")
            with self.voiceover("2 s <bookmark mark='loop'/>"):
                self.wait_until_bookmark("lop")

    with tempconfig({"dry_run": True, "disable_caching": True}), pytest.raises(NarrationError, match="'lop'.*'loop'"):
        Misspelt(skip_animations=True).render()
    assert not drawn


# ------------------------------------------------------------------------------------------ names


def test_a_beat_is_named_after_the_method_that_speaks() -> None:
    class Named(Spoken):
        def construct(self) -> None:
            with self.voiceover("0.1 s"):
                pass
            self.the_loop()
            self.the_loop()
            self.the_edge()
            self.the_loop_2()

        def the_loop(self) -> None:
            with self.voiceover("0.1 s"):
                self._helper()

        def the_edge(self) -> None:
            [self._helper() for _ in range(2)]
            (lambda: self._helper())()

        def the_loop_2(self) -> None:
            with self.voiceover("0.1 s"):
                pass

        def _helper(self) -> None:
            with self.voiceover("0.1 s"):
                pass

    with tempconfig({"dry_run": True, "disable_caching": True}):
        scene = Named(skip_animations=True)
        scene.render()
    assert [beat.name for beat in scene.beats] == [
        "construct",
        *("the_loop", "the_loop_2", "the_loop_3", "the_loop_4"),
        *("the_edge", "the_edge_2", "the_edge_3"),
        "the_loop_2_2",
    ]


# ------------------------------------------------------------------------------------------ drawn and from the cache


def drawn(
    plays: Callable[[Any], None], media: Path, captions: str = "track", cached: bool = True, form: str = "mp4"
) -> Spoken:
    """A scene that was drawn, in a small picture."""
    kind = type("Drawn", (Spoken,), {"plays": staticmethod(plays)})
    small = {"pixel_height": 216, "pixel_width": 384, "disable_caching": not cached, "format": form}
    with manim_set_up("l", media), tempconfig(small):
        scene: Spoken = kind(context=LessonContext(captions=captions))
        scene.render()
    return scene


def two_texts(scene: Spoken) -> None:
    square = Square(2)
    with scene.voiceover("1.5 s is what this takes, and it moves <bookmark mark='end'/> on."):
        scene.play(FadeIn(square), run_time=0.55)
        scene.wait_until_bookmark("end")
        scene.play(square.animate.shift((1, 0, 0)), run_time=0.3)
    with scene.voiceover("0.8 s more."):
        pass
    scene.wait(0.4)


@pytest.mark.parametrize("captions", ["track", "burned"])
def test_the_clip_from_the_cache_is_the_one_that_was_drawn(captions: str, tmp_path: Path) -> None:
    first = drawn(two_texts, tmp_path / "one", captions)
    again = drawn(two_texts, tmp_path / "one", captions)
    assert all(play in again.renderer.animations_hashes for play in first.renderer.animations_hashes)
    uncached = drawn(two_texts, tmp_path / "other", captions, cached=False)
    assert first.clip_file.read_bytes() == uncached.clip_file.read_bytes()
    assert first.beats == again.beats == uncached.beats
    assert first.clip_file.read_bytes() == again.clip_file.read_bytes()


def frames_of(clip: Path) -> Any:
    import av
    import numpy as np

    with av.open(str(clip)) as container:
        return np.array([frame.to_ndarray(format="gray") for frame in container.decode(video=0)])


def test_burned_captions_stand_in_their_band_while_they_are_said(tmp_path: Path) -> None:
    """And change neither the time nor the rest of the picture."""
    plain, burned = (drawn(two_texts, tmp_path / captions, captions) for captions in ("track", "burned"))
    assert plain.beats == burned.beats
    one, other = frames_of(plain.clip_file), frames_of(burned.clip_file)
    assert one.shape == other.shape
    band = round((4 - (-3.0)) * 216 / 8)  # its upper edge, in rows
    differs = abs(one.astype(int) - other) > 60
    assert not differs[:, : band - 2].any()
    shown = differs[:, band:].any(axis=(1, 2))
    rate = 15
    for number, is_shown in enumerate(shown):
        said = any(
            round(cue.start * rate) <= number < round(cue.stop * rate)
            for beat in plain.beats
            for cue in cues([beat], beat.clauses[-1].stop + theme.BREATH)
        )
        assert is_shown == said, f"frame {number}"


def subtitles_in(clip: Path) -> list[tuple[float, str]]:
    """When each subtitle of a clip begins, in seconds, and what it says."""
    import av

    with av.open(str(clip)) as film:
        if not film.streams.subtitles:
            return []
        packets = [packet for packet in film.demux(subtitles=0) if packet.size > 2]
        return [(float(packet.pts * packet.time_base), bytes(packet)[2:].decode()) for packet in packets]


def test_the_file_beside_a_clip_has_the_same_captions_as_the_clip(tmp_path: Path) -> None:
    scene = drawn(two_texts, tmp_path)
    inside = subtitles_in(scene.clip_file)
    beside = list(srt.parse(scene.clip_file.with_suffix(".srt").read_text("utf-8")))
    assert [(cue.start.total_seconds(), cue.content) for cue in beside] == inside
    cut = cues(scene.beats, scene.time)
    assert [text.replace("\n", " ") for _, text in inside] == [cue.sentence for cue in cut] and len(cut) == 2
    assert [cue.end.total_seconds() for cue in beside] == [round(cue.stop, 3) for cue in cut]


def test_captions_in_the_picture_are_not_shown_a_second_time(tmp_path: Path) -> None:
    """Neither from a track of the clip nor from a file beside it, not even one of an earlier clip."""
    beside = drawn(two_texts, tmp_path).clip_file.with_suffix(".srt")
    assert beside.exists()
    clip = drawn(two_texts, tmp_path, "burned").clip_file
    assert clip == beside.with_suffix(".mp4") and not beside.exists()
    assert not subtitles_in(clip)


@pytest.mark.parametrize(("form", "burns"), [("gif", True), ("webm", True), ("mov", True), ("mp4", False)])
def test_a_format_without_sound_has_its_captions_in_the_picture(form: str, burns: bool, tmp_path: Path) -> None:
    """A newcomer made a GIF with manim's own command: it had neither voice nor captions."""
    with manim_set_up("l", tmp_path), tempconfig({"format": form}):
        assert Spoken(context=LessonContext(captions="track")).burns_captions == burns
        assert Spoken(context=LessonContext(captions="burned")).burns_captions


def test_a_gif_of_manims_own_command_shows_what_is_said(tmp_path: Path) -> None:
    scene = drawn(two_texts, tmp_path, form="gif")
    assert scene.clip_file.suffix == ".gif" and not scene.clip_file.with_suffix(".srt").exists()
    band = round((4 - (-3.0)) * 216 / 8)
    import av

    with av.open(str(scene.clip_file)) as film:
        first = next(film.decode(video=0)).to_ndarray(format="gray")
    assert first[band:].max() > 150, "a caption, on a dark ground"


def test_what_a_burned_caption_says_is_part_of_the_cache(tmp_path: Path) -> None:
    def saying(words: str) -> Callable[[Spoken], None]:
        def plays(scene: Spoken) -> None:
            with scene.voiceover(f"1 s, {words}."):
                scene.play(FadeIn(Square()), run_time=0.4)

        return plays

    one, other = (drawn(saying(words), tmp_path / words, "burned") for words in ("one", "other"))
    assert not set(one.renderer.animations_hashes) & set(other.renderer.animations_hashes)
    assert (frames_of(one.clip_file) != frames_of(other.clip_file)).any()
    one, other = (drawn(saying(words), tmp_path / words) for words in ("one", "other"))
    assert one.renderer.animations_hashes == other.renderer.animations_hashes, "what only is said is not drawn anew"
