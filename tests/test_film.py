"""The film: its frames and words are those of the clips, and it is complete or absent."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lesson.export.publishing import PublishingError, chapters_of, description
from lesson.render.clip_metadata import Chapter, ClipMetadata, read_metadata
from lesson.render.durations import format_duration
from lesson.render.film import film_file, film_seconds
from lesson.render.subtitles import as_srt, as_webvtt, cues
from scenes.licence import licence
from scenes.stage.mp4 import is_whole
from scenes.syllabus import all_scenes, is_card, with_cards
from scenes.voice.cues import Caption
from scenes.voice.narration import Beat, Clause
from tests.test_command_line import run
from tests.test_rendering import (  # noqa: F401 (fixtures)
    ROOT,
    frames,
    leftovers,
    nothing_stays,
    the_sentence,
    words,
)
from tests.tiny_film import SCENES, names, teach


@pytest.fixture(scope="session")
def made(data: Path, checkpoints: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The media folder of the tiny film, finished."""
    media = tmp_path_factory.mktemp("film") / "media"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA"):
            patch.setenv(name, "")
        teach(patch.setattr)
        network = ["--data", str(data), "--checkpoint", str(checkpoints[0])]
        assert run("film", "-j", "1", "-q", "l", *network, "--media", str(media)) == 0
    return media


@pytest.fixture
def media(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in the folder that `words` name."""
    teach(monkeypatch.setattr)
    shutil.copytree(made, tmp_path / "media")
    return tmp_path / "media"


def clips(media: Path) -> list[Path]:
    return [media / "clips" / "480p15" / f"{name}.mp4" for name in names()]


def metadata_of_clips(media: Path) -> list[ClipMetadata]:
    found = [read_metadata(clip) for clip in clips(media)]
    assert None not in found
    return [metadata for metadata in found if metadata is not None]


# ---------------------------------------------------------------------------------------------------- what is in it


def test_the_order_of_the_film() -> None:
    assert names() == ["TitleCard", "PartCard1", "One", "PartCard2", "Two", "EndCard"]


def test_every_part_of_the_lesson_has_its_card() -> None:
    import scenes.cards

    film = with_cards(all_scenes())
    assert [scene for part, scene in film if not is_card(part)] == [scene for _, scene in all_scenes()]
    for part, scene in film:
        if is_card(part):
            card = getattr(scenes.cards, scene.name)
            assert getattr(card, "number", 0) == part.number


def test_the_frames_are_those_of_the_clips(made: Path) -> None:
    """Bit by bit, each once, in order, at an even pace."""
    film = film_file("l", made)
    assert np.array_equal(frames(film), np.concatenate([frames(clip) for clip in clips(made)]))
    with av.open(film) as container:
        times = [frame.time for frame in container.decode(video=0)]
        assert container.duration == pytest.approx(len(times) / 15 * 1e6, abs=2e3)
    assert np.allclose(times, np.arange(len(times)) / 15, atol=1e-4)


def test_it_is_a_correct_file(made: Path) -> None:
    from tests.scenes.test_every_scene import assert_correct_file

    assert_correct_file(film_file("l", made))
    assert is_whole(film_file("l", made))
    assert not leftovers(made)


def test_nothing_heavy_is_loaded_if_nothing_has_changed(media: Path, words: list[str]) -> None:  # noqa: F811
    from tests.export.test_nothing_changed import run_light

    assert run("film", *words) == 0  # the data is looked at, once
    assert ", 2 scenes, up to date)" in run_light(SCENES, "film", *words)


def starts(media: Path) -> list[float]:
    """When each clip begins, calculated from the numbers of frames."""
    counts = [len(frames(clip)) for clip in clips(media)]
    return [sum(counts[:number]) / 15 for number in range(len(counts) + 1)]


def test_every_scene_is_a_chapter(made: Path) -> None:
    """The card of a part belongs to its first scene; title and end have chapters of their own."""
    begin = dict(zip([*names(), "the end"], starts(made), strict=True))
    expected = [
        ("Knobs", "TitleCard", "PartCard1"),
        ("1. Beginning: The first scene", "PartCard1", "PartCard2"),
        ("2. End: The second & last scene", "PartCard2", "EndCard"),
        ("Sources", "EndCard", "the end"),
    ]
    with av.open(film_file("l", made)) as film:
        chapters = film.chapters()
        assert film.metadata["title"] == "Knobs: inside a network that reads handwritten digits"
        assert film.metadata["comment"].startswith("Drawn from the network ")
        assert "this film under CC BY-SA 4.0" in film.metadata["copyright"]
    assert [chapter["metadata"]["title"] for chapter in chapters] == [name for name, _, _ in expected]
    for chapter, (_, start, stop) in zip(chapters, expected, strict=True):
        assert float(chapter["start"] * chapter["time_base"]) == pytest.approx(begin[start], abs=0.002)
        assert float(chapter["end"] * chapter["time_base"]) == pytest.approx(begin[stop], abs=0.002)


def captions_of(media: Path) -> list[Caption]:
    """What the metadata beside the clips say, at the times of the film; the end of a clip cuts no caption short."""
    return [
        replace(later, start=start + caption.start, stop=start + later.stop)
        for metadata, start in zip(metadata_of_clips(media), starts(media), strict=False)
        for caption, later in zip(metadata.captions, cues(metadata.beats, metadata.seconds + 60), strict=True)
    ]


def test_the_captions_are_inside(made: Path) -> None:
    told = captions_of(made)
    assert len(told) == 2
    with av.open(film_file("l", made)) as film:
        (stream,) = film.streams.subtitles
        assert stream.metadata["language"] == "eng"
        # The voice says the same sentences, so the track is not on by itself.
        assert not stream.disposition & av.stream.Disposition.default
        found = [(bytes(p), p.pts, p.duration) for p in film.demux(stream) if p.pts is not None and p.size > 2]
    for (text, start, length), caption in zip(found, told, strict=True):
        assert text[2 : 2 + int.from_bytes(text[:2], "big")].decode() == caption.sentence
        assert start == pytest.approx(1000 * caption.start, abs=2)
        assert length == pytest.approx(1000 * (caption.stop - caption.start), abs=2)


def test_the_captions_are_beside_it(made: Path) -> None:
    film, (first, second) = film_file("l", made), captions_of(made)
    vtt, srt = film.with_suffix(".vtt").read_text(), film.with_suffix(".srt").read_text()
    assert vtt == as_webvtt([first, second]) and srt == as_srt([first, second])
    assert vtt.startswith("WEBVTT\n\n1\n00:00:01.8") and "A square --&gt; bright." in vtt
    assert "Less &lt; more &amp; more." in vtt
    assert "A square → bright." in srt and "Less < more & more." in srt


def test_subtitles_in_a_further_language(media: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """They are inside the film and beside it, at the times of what is told; with them it is another film."""
    monkeypatch.setattr("lesson.render.jobs.render_plan", lambda *_: pytest.fail("something was rendered"))
    film = film_file("l", media)
    assert run("film", "--subtitles", "de", *words) == 0
    with av.open(film) as opened:
        assert [stream.language for stream in opened.streams.subtitles] == ["eng", "deu"]
    # What the scenes say is not translated, so it stays in English.
    assert film.with_suffix(".de.srt").read_text() == film.with_suffix(".srt").read_text()
    assert film.with_suffix(".de.vtt").is_file()
    before = film.stat()
    assert run("film", "--subtitles", "de", *words) == 0
    assert film.stat() == before
    assert run("film", *words) == 0
    with av.open(film) as opened:
        assert [stream.language for stream in opened.streams.subtitles] == ["eng"]


@given(st.lists(st.builds(Caption, st.text(min_size=1), st.floats(0, 1e5), st.floats(0, 1e5)), max_size=4))
def test_no_sentence_can_be_taken_for_times(captions: list[Caption]) -> None:
    for written in (as_srt(captions), as_webvtt(captions)):
        assert written.count("-->") == len(captions)


# ---------------------------------------------------------------------------------------------- when it is made again


def test_nothing_changed(media: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # noqa: F811
    film = film_file("l", media)
    before = film.stat()
    monkeypatch.setattr("lesson.render.film.make_film", lambda *_: pytest.fail("it was joined again"))
    monkeypatch.setattr("lesson.render.jobs.render_plan", lambda *_: pytest.fail("something was rendered"))
    assert run("film", *words) == 0
    assert capsys.readouterr().out == f"{film}  ({format_duration(film_seconds(film))}, 2 scenes, up to date)\n"
    assert film.stat() == before


def test_it_is_known_without_manim(made: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom lesson.render import clip_cache, film, rendering\n"
        "from scenes.syllabus import with_cards\nfrom lesson.cli.film import command\n"
        f"assert not film.is_up_to_date(film.film_file('l', Path({str(made)!r})), [])\n"
        "with_cards(rendering.find_scenes(()))\n"
        "heavy = {'manim', 'numpy', 'scipy', 'numba', 'av'} & sys.modules.keys()\nassert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr


def written_by_other_code(film: Path) -> None:
    """As if `build_timeline`, which lays out the clips, had been another function then."""
    file = film.with_name("Knobs.joined-from.json")
    record = json.loads(file.read_text())
    of_muxing = record["code"]["lesson/render/muxing.py"]
    of_muxing.update({"": "another text", "build_timeline": "another function"})
    file.write_text(json.dumps(record))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a clip": lambda media: os.utime(clips(media)[2], ns=(1, 1)),
    "the words of a clip": lambda media: os.utime(clips(media)[2].with_suffix(".story.json"), ns=(1, 1)),
    "the film": lambda media: film_file("l", media).write_bytes(b"half"),
    "its captions": lambda media: film_file("l", media).with_suffix(".vtt").unlink(),
    "the code that joins it": lambda media: written_by_other_code(film_file("l", media)),
    "its record": lambda media: film_file("l", media).with_name("Knobs.joined-from.json").write_text("{"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_something_changed(change: str, made: Path, media: Path) -> None:
    from lesson.render.film import is_up_to_date

    made_of = clips(media)
    assert is_up_to_date(film_file("l", media), made_of)
    CHANGES[change](media)
    assert not is_up_to_date(film_file("l", media), made_of)
    assert not is_up_to_date(film_file("l", media), made_of[1:])


def test_clips_of_another_kind_are_not_joined(media: Path, tmp_path: Path, checkpoints, data) -> None:
    """Their packets would be misread."""
    from lesson.render.muxing import JoinError, build_timeline

    other = tmp_path / "Other.mp4"
    with av.open(clips(media)[0]) as source, av.open(other, "w") as target:
        stream = target.add_stream("libx264", rate=15, options={"bf": "0", "refs": "1"})
        stream.width, stream.height, stream.pix_fmt = 854, 480, "yuv420p"
        for frame in source.decode(video=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    with pytest.raises(JoinError, match=r"Other.mp4 is encoded differently from .* ./knobs render Other --force"):
        build_timeline([clips(media)[0], other])
    other.write_bytes(b"no film")
    with pytest.raises(JoinError, match=r"Other.mp4 cannot be read; .* ./knobs render Other --force"):
        build_timeline([clips(media)[0], other])


# -------------------------------------------------------------------------------------------- kills and full disks


def program(*arguments: str, dies: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.tiny_film", *arguments],
        cwd=ROOT,
        env={**os.environ, "TINY_LESSON_DIES": dies, "KNOBS_CHECKPOINT": "", "KNOBS_DATA": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["half a film", "before the words"])
def test_killed(moment: str, media: Path, words: list[str], made: Path) -> None:  # noqa: F811
    film = film_file("l", media)
    shutil.rmtree(film.parent)
    assert program("film", *words, dies=moment).returncode == -9
    assert film.exists() == (moment == "before the words")
    assert not film.exists() or is_whole(film)
    result = program("film", *words)
    assert result.returncode == 0 and "up to date" not in result.stdout, result
    assert not leftovers(media)
    assert film.read_bytes() == film_file("l", made).read_bytes()
    assert "up to date" in program("film", *words).stdout


@pytest.mark.parametrize("room", [0, 20_000, 60_000, 150_000])
def test_a_full_disk(room: int, media: Path, small_disk: Path, words: list[str], made: Path, capsys) -> None:  # noqa: F811
    place = small_disk / "media"
    shutil.copytree(media / "clips", place / "clips")
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        state = os.statvfs(small_disk)
        ballast.write(bytes(max(0, state.f_bavail * state.f_frsize - room)))
    film = film_file("l", place)
    code = run("film", *words[:-1], str(place))
    if code == 0:
        assert room >= 60_000
    else:
        sentence = the_sentence(capsys)
        assert "free some space" in sentence, sentence
        assert not leftovers(place)
        # There may have been room for the film, and not for its words.
        assert not film.exists() or film.read_bytes() == film_file("l", made).read_bytes()
        (small_disk / "ballast").unlink()
        assert run("film", *words[:-1], str(place)) == 0
    assert film.read_bytes() == film_file("l", made).read_bytes()


def test_a_folder_that_cannot_be_written(media: Path, small_disk: Path, words: list[str], capsys) -> None:  # noqa: F811
    """What is finished there is still known; what is not, cannot be."""
    place = small_disk / "media"
    shutil.copytree(media, place)
    for finished in (True, False):
        if not finished:
            film_file("l", place).unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
        try:
            assert run("film", *words[:-1], str(place)) == (0 if finished else 1)
        finally:
            subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
        said = capsys.readouterr()
        assert "up to date" in said.out if finished else "Read-only file system; choose another" in said.err


def test_a_file_in_the_way(media: Path, words: list[str], capsys) -> None:  # noqa: F811
    shutil.rmtree(media / "film")
    (media / "film").write_text("mine")
    assert run("film", *words) == 1
    assert "media/film" in the_sentence(capsys)
    assert (media / "film").read_text() == "mine"


def test_cards_are_found_by_name(media: Path, words: list[str], capsys) -> None:  # noqa: F811
    assert run("render", "partcard2", *words) == 0
    assert "PartCard2.mp4  (1 s, up to date)" in capsys.readouterr().out
    assert run("render", *words) == 0
    assert "Card" not in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------ for a video site


def test_a_film_is_ready_for_a_video_site(
    media: Path,
    words: list[str],  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("film", *words, "--publish") == 0
    folder = film_file("l", media).parent / "publish"
    text = (folder / "description.txt").read_text()
    assert text.startswith("Knobs: inside a network that reads ")
    times = re.findall(r"^(\d+:\d\d) (.+)$", text, re.MULTILINE)
    assert times[0][0] == "0:00"
    said = capsys.readouterr().out
    assert all(name in said for name in ("description.txt", "thumbnail.jpg", "subtitles.en.srt", "subtitles.en.vtt"))
    with Image.open(folder / "thumbnail.jpg") as thumbnail:
        assert thumbnail.size == (1280, 720)
        assert np.asarray(thumbnail.convert("L"))[600:].max() > 200  # its words
    assert (folder / "thumbnail.jpg").stat().st_size < 2_000_000
    assert (folder / "subtitles.en.srt").read_text() == film_file("l", media).with_suffix(".srt").read_text()


@given(st.lists(st.floats(0.5, 60), min_size=1, max_size=40))
def test_chapters_of_a_video_site_are_long_enough_and_cover_the_film(lengths: list[float]) -> None:
    ends = [0.0, *np.cumsum(lengths).tolist()]
    chapters = tuple(Chapter(f"Chapter {n}", start, stop) for n, (start, stop) in enumerate(pairwise(ends)))
    film = ClipMetadata("Knobs", "Knobs: a film", "", ends[-1], "", (), chapters)
    found = chapters_of(film)
    assert found[0].start == chapters[0].start and found[-1].stop == chapters[-1].stop
    assert all(one.stop == other.start for one, other in pairwise(found))
    assert len(found) == 1 or all(one.stop - one.start >= 10 for one in found)


def test_a_description_that_is_too_long_is_refused() -> None:
    chapters = tuple(Chapter("Long " * 40, 20.0 * n, 20.0 * (n + 1)) for n in range(40))
    with pytest.raises(PublishingError, match="video sites take 5,000; give the scenes"):
        description(ClipMetadata("Knobs", "Knobs: a film", "", 800.0, "", (), chapters), "MNIST")


def test_a_description_thanks_whose_data_and_voice_they_are() -> None:
    beat = Beat("one", "One.", 0.0, 1.0, "", (Clause("One.", 0.0, 1.0, "x.wav"),), "joe")
    film = ClipMetadata("Knobs", "Knobs: <a> film", "", 60.0, "", (beat,), (Chapter("All", 0.0, 60.0),))
    text = description(film, "MNIST")
    assert licence("MNIST", ["joe"], "this film") in text and "<" not in text
    assert "MNIST" not in description(film, "fashion")
