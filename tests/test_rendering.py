"""Rendering from the command line: finished files, and no incomplete one, whatever happens."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import Scene, tempconfig

from lesson.render.rendering import QUALITIES, clip_file, manim_set_up
from network.files import remove_abandoned_files, temporary_name
from scenes.stage.file_writer import WholeSegmentEncoder
from scenes.stage.inputs import lesson_checkpoint
from scenes.stage.mp4 import is_whole
from tests.conftest import network
from tests.processes import start
from tests.test_command_line import run
from tests.tiny_lesson import ENTRY, teach

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is restored after every test, and tests do not depend on the caller's."""
    for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA", "KNOBS_DEBUG"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def words(data: Path, checkpoints: tuple[Path, Path], tmp_path: Path) -> list[str]:
    """The arguments that render the tiny lesson with the first network into tmp_path/media."""
    return [
        "-j",
        "1",
        "-q",
        "l",
        "--data",
        str(data),
        "--checkpoint",
        str(checkpoints[0]),
        "--media",
        str(tmp_path / "media"),
    ]


@pytest.fixture(scope="session")
def finished(data: Path, checkpoints: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The media folders of the tiny lesson, rendered with the first and with the second network."""
    folders = []
    for file in checkpoints:
        media = tmp_path_factory.mktemp("finished") / "media"
        with pytest.MonkeyPatch.context() as patch:
            for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA"):
                patch.setenv(name, "")
            teach(patch.setattr)
            words = ["-j", "1", "-q", "l", "--data", str(data), "--checkpoint", str(file), "--media", str(media)]
            assert run("render", *words) == 0
        folders.append(media)
    return folders


def started(*words: str, dies: str = "") -> subprocess.Popen[str]:
    """The program with the tiny lesson, in a process of its own."""
    return start(
        [sys.executable, "-W", "ignore", "-m", "tests.tiny_lesson", "render", *words],
        cwd=ROOT,
        env={**os.environ, "TINY_LESSON_DIES": dies, "KNOBS_CHECKPOINT": "", "KNOBS_DATA": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def program(*words: str, dies: str = "") -> subprocess.CompletedProcess[str]:
    process = started(*words, dies=dies)
    out, error = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, error)


def clip_in(media: Path) -> Path:
    return clip_file(ENTRY, "l", media)


def frames(clip: Path) -> np.ndarray:
    with av.open(str(clip)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def segments(media: Path) -> list[Path]:
    return [file for file in (media / "cache" / "480p15" / "Tiny").glob("*.mp4") if not file.name.startswith(".")]


def leftovers(media: Path) -> list[Path]:
    """Files whose names show that they are unfinished."""
    return [file for file in media.rglob(".*") if file.is_file()]


def the_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line at the end; it also checks that there is at most a heading before it."""
    lines = capsys.readouterr().err.strip().splitlines()
    assert lines[-1].startswith("knobs: "), lines
    assert all(line.startswith("Scene ") for line in lines[:-1]), lines
    return lines[-1]


# ------------------------------------------------------------------------------------------ finished files


def test_a_clip_and_what_lies_beside_it(finished: list[Path]) -> None:
    clip = clip_in(finished[0])
    beside = [f"Tiny{ending}" for ending in (".made-from.json", ".mp4", ".srt", ".story.json")]
    assert sorted(file.name for file in clip.parent.iterdir()) == beside
    assert len(frames(clip)) == pytest.approx(1.2 * 15, abs=1)
    assert is_whole(clip)
    data = clip.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert len(segments(finished[0])) == 4
    assert not leftovers(finished[0])
    assert not np.array_equal(frames(clip), frames(clip_in(finished[1])))


@pytest.mark.parametrize("quality", QUALITIES)
def test_clips_are_where_manim_puts_them(quality: str, tmp_path: Path) -> None:
    """`clip_file` knows it without manim; this checks that it is right."""
    from tests.tiny_lesson import Tiny

    with manim_set_up(quality, tmp_path):
        writer = Tiny().renderer.file_writer
    assert Path(writer.movie_file_path) == clip_file(ENTRY, quality, tmp_path)


def test_what_is_up_to_date_is_not_rendered_again(
    finished: list[Path], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    teach(monkeypatch.setattr)
    shutil.copytree(finished[0], tmp_path / "media")
    with monkeypatch.context() as patch:
        patch.setattr("lesson.render.rendering.manim_set_up", lambda *_: pytest.fail("manim is not needed for this"))
        assert run("render", *words) == 0
        assert capsys.readouterr().out.endswith("Tiny.mp4  (1 s, up to date)\n")
    before = clip_in(tmp_path / "media").stat()
    assert run("render", "--force", *words) == 0
    said = capsys.readouterr()
    assert "up to date" not in said.out
    assert "Scene 1 of 1: Tiny (forced)" in said.err
    assert clip_in(tmp_path / "media").stat().st_mtime_ns > before.st_mtime_ns


def test_it_is_said_at_once_without_manim() -> None:
    """Importing manim takes longer than all the rest."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom lesson.render import clip_cache, rendering\n"
        "from scenes.settings import LessonContext\n"
        "inputs = clip_cache.input_fingerprints(LessonContext.of())\n"
        "clip_cache.stale_reason(Path('nowhere.mp4'), inputs)\nrendering.find_scenes(())\n"
        "heavy = {'manim', 'numpy', 'scipy', 'numba', 'av'} & sys.modules.keys()\nassert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


# ------------------------------------------------------------------------------------------ full disks and kills


class FullDisk(WholeSegmentEncoder):
    """Nothing can be written after the third frame."""

    def write_frame(self, pixels: Any, *, repeat: int = 1) -> None:
        super().write_frame(pixels, repeat=repeat)
        if self._next_pts >= 3:
            cause = OSError(errno.ENOSPC, "No space left on device", str(self.target))
            raise self._operation_error("encode", cause) from cause


def test_a_disk_that_fills_up_in_a_play(
    finished: list[Path],
    words: list[str],
    checkpoints: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    teach(monkeypatch.setattr)
    media = tmp_path / "media"
    shutil.copytree(finished[0], media)
    clip, known = clip_in(media).read_bytes(), segments(media)
    monkeypatch.setattr("scenes.stage.file_writer.WholeSegmentEncoder", FullDisk)
    assert run("render", *words, "--checkpoint", str(checkpoints[1])) == 1
    sentence = the_sentence(capsys)
    assert "No space left on device; free some space or choose another folder with --media FOLDER" in sentence
    assert clip_in(media).read_bytes() == clip, "the clip that was finished before stays as it was"
    assert all(is_whole(file) for file in segments(media))
    assert len(segments(media)) <= len(known) + 1  # the wait is of one frame only
    assert not leftovers(media)


@pytest.mark.parametrize("room", [0, 6_000, 30_000, 60_000])
def test_a_full_disk(
    room: int,
    finished: list[Path],
    words: list[str],
    checkpoints: tuple[Path, Path],
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Room for nothing, for half a segment, for the segments without the clip, for one clip and not two."""
    teach(monkeypatch.setattr)
    media = small_disk / "media"
    shutil.copytree(finished[0], media)
    clip = clip_in(media).read_bytes()
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        state = os.statvfs(small_disk)
        ballast.write(bytes(max(0, state.f_bavail * state.f_frsize - room)))
    code = run("render", *words[:-1], str(media), "--checkpoint", str(checkpoints[1]))
    if code == 0:  # there was room enough
        assert np.array_equal(frames(clip_in(media)), frames(clip_in(finished[1])))
        assert room > 30_000
        return
    assert code == 1
    sentence = the_sentence(capsys)
    assert "o space left" in sentence or "disk is full" in sentence or "to the end" in sentence, sentence
    assert "free some space" in sentence
    assert clip_in(media).read_bytes() == clip
    assert all(is_whole(file) for file in segments(media))
    assert not leftovers(media)
    # With room again it goes on, and comes to the same pictures.
    (small_disk / "ballast").unlink()
    assert run("render", *words[:-1], str(media), "--checkpoint", str(checkpoints[1])) == 0
    assert np.array_equal(frames(clip_in(media)), frames(clip_in(finished[1])))


@pytest.mark.parametrize(
    "moment",
    [
        "in a segment",
        "joining",
        pytest.param("in a play", marks=pytest.mark.slow),
        pytest.param("at the end", marks=pytest.mark.slow),
    ],
)
def test_killed(
    moment: str,
    finished: list[Path],
    words: list[str],
    checkpoints: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """manim writes a segment under its name in the cache, so one cut off by a kill was taken for whole from then on."""
    media = tmp_path / "media"
    shutil.copytree(finished[0], media)
    clip = clip_in(media).read_bytes()
    killed = program(*words, "--checkpoint", str(checkpoints[1]), dies=moment)
    assert killed.returncode == -9, killed.stderr
    assert all(is_whole(file) for file in segments(media))
    if moment == "at the end":
        assert is_whole(clip_in(media))
    else:
        assert clip_in(media).read_bytes() == clip
    if moment in ("in a segment", "joining"):
        assert leftovers(media), "the process must be killed while it writes, or this tests nothing"
    teach(monkeypatch.setattr)
    assert run("render", *words, "--checkpoint", str(checkpoints[1])) == 0
    assert "up to date" not in capsys.readouterr().out
    assert np.array_equal(frames(clip_in(media)), frames(clip_in(finished[1])))
    assert not leftovers(media), "what the killed process left is removed"


def test_a_segment_that_was_cut_off_is_made_anew(
    finished: list[Path], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As manim's own command leaves it behind when killed."""
    teach(monkeypatch.setattr)
    media = tmp_path / "media"
    shutil.copytree(finished[0], media)
    victim = max(segments(media), key=lambda file: file.stat().st_size)
    whole = victim.read_bytes()
    for left in (len(whole) // 2, 0):
        victim.write_bytes(whole[:left])
        assert run("render", "--force", *words) == 0
        assert victim.read_bytes() == whole
        assert np.array_equal(frames(clip_in(media)), frames(clip_in(finished[0])))


def test_type_that_was_cut_off_is_set_anew(tmp_path: Path) -> None:
    """manim takes any existing picture of text for whole: half a formula would stay for good."""
    from scenes.kit.mobjects.text import formula

    with manim_set_up("l", tmp_path):
        points = formula("a = sigma(W a + b)").get_all_points()
    (picture,) = (tmp_path / "cache" / "typst").glob("*.svg")
    picture.write_bytes(picture.read_bytes()[:-300])
    with manim_set_up("l", tmp_path):
        assert np.array_equal(formula("a = sigma(W a + b)").get_all_points(), points)


@pytest.mark.slow
def test_two_at_once_with_one_network(finished: list[Path], words: list[str], tmp_path: Path) -> None:
    """The second waits, and then finds it done."""
    both = [started(*words), started(*words)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("up to date" in out for out, _ in said) == 1
    assert np.array_equal(frames(clip_in(tmp_path / "media")), frames(clip_in(finished[0])))
    assert not leftovers(tmp_path / "media")


@pytest.mark.slow
def test_two_at_once_with_two_networks(
    finished: list[Path],
    words: list[str],
    checkpoints: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One after the other: the clip is of the last, and is known to be."""
    both = [started(*words), started(*words, "--checkpoint", str(checkpoints[1]))]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    shown = frames(clip_in(tmp_path / "media"))
    last = [np.array_equal(shown, frames(clip_in(media))) for media in finished]
    assert sum(last) == 1
    teach(monkeypatch.setattr)
    assert run("render", *words, "--checkpoint", str(checkpoints[last.index(True)])) == 0
    assert "up to date" in capsys.readouterr().out


def test_parts_of_living_processes_are_left_alone(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    number = int(gone.stdout)
    mine = temporary_name(tmp_path / "Tiny.mp4")
    names = ("Tiny.mp4", "Tiny_temp.mp4", "Tiny.wav", "Tiny.srt", "a.npz", f".knobs-{number}-Tiny.mp4", "no ending")
    unrelated = [
        tmp_path / name
        for name in (
            *(".holiday.2019.mp4", f".Tiny.{number}.mp4", f"Tiny.{number}.mp4", f".Tiny.{number}.part", ".DS_Store"),
            *(f".knobs-{number}", f".knobs-x{number}-Tiny.mp4", f"knobs-{number}-Tiny.mp4", f".knobs-{10**20}-a.mp4"),
        )
    ]
    for file in (mine, *(tmp_path / f".knobs-{number}-{name}" for name in names), *unrelated):
        file.touch()
    (tmp_path / f".knobs-{number}-data" / "classes").mkdir(parents=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").touch()
    (tmp_path / f".knobs-{number}-link").symlink_to(elsewhere)
    remove_abandoned_files(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([mine, elsewhere, *unrelated])
    assert (elsewhere / "mine.txt").exists()


@pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
)
def test_a_scene_with_sound_is_whole_and_starts_at_once(
    words: list[str], checkpoints: tuple[Path, Path], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """manim joins the clip without its sound under its own name first, and its index goes last with the sound."""
    import wave

    from tests.tiny_lesson import Tiny

    with wave.open(str(tmp_path / "beep.wav"), "wb") as sound:
        sound.setparams((1, 2, 44100, 0, "NONE", ""))
        sound.writeframes(np.zeros(4410, "<i2").tobytes())
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(checkpoints[0]))
    monkeypatch.setenv("KNOBS_DATA", str(data))

    class Loud(Tiny):
        def construct(self) -> None:
            Scene.add_sound(self, str(tmp_path / "beep.wav"))  # manim's own, which a LessonScene does without
            super().construct()

    with manim_set_up("l", tmp_path / "media"), tempconfig({"pixel_height": 90, "pixel_width": 160}):
        scene = Loud()
        scene.render()
    clip = Path(scene.renderer.file_writer.final_file_path)
    assert clip.name == "Loud.mp4"
    data_of_clip = clip.read_bytes()
    assert 0 < data_of_clip.find(b"moov") < data_of_clip.find(b"mdat")
    with av.open(str(clip)) as container:
        assert len(container.streams.audio) == 1
    assert sorted(file.name for file in clip.parent.iterdir()) == ["Loud.mp4", "Loud.srt"]


def test_a_network_trained_anew_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It used to be cached by the name of its file, whatever the file contained."""
    file = tmp_path / "a.npz"
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(file))
    prints = []
    for seed in (0, 1):
        network(seed).save(file)
        prints.append(lesson_checkpoint().fingerprint)
    assert prints == [network(0).fingerprint, network(1).fingerprint]


# ------------------------------------------------------------------------------------------ folders with odd names


@pytest.mark.parametrize("name", ["Anna's clips", '50% # of \\it"', "ünï & co; $x"])
def test_a_folder_with_an_odd_name(
    name: str, finished: list[Path], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # manim lists the segments for FFmpeg in quotes, which an apostrophe in the path ended.
    teach(monkeypatch.setattr)
    media = tmp_path / name / "media"
    assert run("render", *words[:-1], str(media)) == 0
    assert clip_in(media).read_bytes() == clip_in(finished[0]).read_bytes()
    assert not leftovers(media)
