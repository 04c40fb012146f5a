"""Before a scene is drawn, its words are spoken, once, by one process, in the order of the film."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest

from lesson.render import clip_cache, segments
from lesson.render.clip_metadata import read_metadata
from lesson.render.dask_pool import SpeechBundle, pack_inputs, pack_speech, settings_there
from lesson.render.preparation import Preparation, known_preparation, prepare
from lesson.render.rendering import clip_file
from lesson.render.scheduler import RenderJob, Scheduler, SerialExecutor
from lesson.render.segments import RenderSettings
from lesson.render.worker_pool import WorkerPool
from scenes.settings import LessonContext, NarrationOptions
from scenes.stage import code_fingerprint
from scenes.syllabus import SceneEntry
from scenes.voice.kept import NotSpoken
from scenes.voice.markup import NarrationError
from scenes.voice.speech_cache import speech_folder
from tests.processes import lives, start, until
from tests.test_command_line import run
from tests.tiny_lesson import LONG, PART, PLAIN, teach

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.needs("voice")


def settings(media: Path, checkpoint: Path, data: Path, voice: str = "joe", quality: str = "l") -> RenderSettings:
    context = LessonContext.of(checkpoint, data, quality, NarrationOptions(voice=voice))
    return RenderSettings(context, media, clip_cache.input_fingerprints(context), code_fingerprint.of_program())


def nobody(_: float) -> None:
    pass


@pytest.fixture(scope="module")
def spoken(data: Path, checkpoints: Any, tmp_path_factory: pytest.TempPathFactory) -> RenderSettings:
    """The settings with which Long was prepared."""
    made = settings(tmp_path_factory.mktemp("spoken"), checkpoints[0], data)
    prepare(nobody, made, PART, LONG)
    return made


def sounds(media: Path) -> dict[str, int]:
    """The files of the speech cache, and when each was written."""
    return {file.name: file.stat().st_mtime_ns for file in speech_folder(media).glob("*.wav")}


# ------------------------------------------------------------------------------------------ what is prepared


def test_a_scene_that_was_prepared_is_as_long_as_its_clip(spoken: RenderSettings) -> None:
    found = known_preparation(LONG, spoken.inputs, spoken.media)
    assert found is not None and found.is_spoken(spoken.media)
    before = sounds(spoken.media)
    # Three clauses, the beginnings of them up to their bookmark, and their common end.
    assert set(found.speech) == before.keys() and len(before) == 7
    clip, plays = segments.draw_clip(nobody, spoken, PART, LONG)
    assert sounds(spoken.media) == before, "whoever draws speaks nothing"
    assert (found.seconds, found.plays_at(15)) == (clip.seconds, plays)
    metadata = read_metadata(clip.file)
    assert metadata is not None
    heard = [clause.sound for beat in metadata.beats for clause in beat.clauses]
    assert len(heard) == 3 and set(heard) < before.keys()
    with av.open(clip.file) as film:
        assert film.streams.audio, "and it is heard"


def test_what_was_prepared_serves_every_quality(spoken: RenderSettings, checkpoints: Any, data: Path) -> None:
    high = settings(spoken.media, checkpoints[0], data, quality="h")
    found = known_preparation(LONG, high.inputs, spoken.media)
    assert found is not None
    low, most = (sum(found.plays_at(rate).frames) for rate in (15, 60))
    assert most == 4 * low


@pytest.mark.parametrize("change", ["the voice", "the network", "a sound is gone", "the record is damaged"])
def test_what_has_changed_is_prepared_again(
    change: str, data: Path, checkpoints: Any, tmp_path: Path, spoken: RenderSettings
) -> None:
    made = settings(tmp_path, checkpoints[0], data)
    speech_folder(tmp_path).mkdir(parents=True)
    for file in speech_folder(spoken.media).glob("*.wav"):
        (speech_folder(tmp_path) / file.name).write_bytes(file.read_bytes())
    prepare(nobody, made, PART, LONG)
    found = known_preparation(LONG, made.inputs, tmp_path)
    assert found is not None and found.is_spoken(tmp_path)
    if change == "a sound is gone":
        (speech_folder(tmp_path) / found.speech[0]).unlink()
        assert not found.is_spoken(tmp_path)
    elif change == "the record is damaged":
        (tmp_path / "cache" / "prepared" / "Long.json").write_text('{"format": 1}')
        assert known_preparation(LONG, made.inputs, tmp_path) is None
    else:
        which = (checkpoints[0], data, "none") if change == "the voice" else (checkpoints[1], data)
        assert known_preparation(LONG, settings(tmp_path, *which).inputs, tmp_path) is None
        other_words = settings(tmp_path, checkpoints[1], data)
        plain = known_preparation(PLAIN, other_words.inputs, tmp_path)
        assert plain is None, "it was never prepared"


# ------------------------------------------------------------------------------------------ the order of work


class Events:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def speaking(self, job: RenderJob, number: int, of: int) -> None:
        self.heard.append(("speaking", f"{job.scene.name} {number} of {of}"))

    def spoken(self, job: RenderJob, number: int, of: int) -> None:
        self.heard.append(("spoken", job.scene.name))

    def started(self, job: RenderJob) -> None:
        self.heard.append(("drawing", job.scene.name))

    def waiting(self, job: RenderJob) -> None:
        pass

    def progressed(self, job: RenderJob, frames: float) -> None:
        pass

    def finished(self, job: RenderJob, seconds: float, was_rendered: bool) -> None:
        self.heard.append(("drawn", job.scene.name))

    def failed(self, job: RenderJob, problem: Exception) -> None:
        self.heard.append(("failed", job.scene.name))


class Drawing(SerialExecutor):
    """Draws nothing. The next scene must have been spoken while one is drawn."""

    def __init__(self, events: Events, others: dict[str, str]) -> None:
        self.events, self.others = events, others

    def submit(self, function: Any, *arguments: Any, on_progress: Any = None) -> Future[Any]:
        scene: SceneEntry = arguments[2]
        if scene.name in self.others:
            until(lambda: ("spoken", self.others[scene.name]) in self.events.heard)
        raise NothingDrawn


class NothingDrawn(Exception):
    pass


def jobs_of(made: RenderSettings, *entries: SceneEntry) -> list[RenderJob]:
    return [RenderJob(PART, entry, clip_file(entry, "l", made.media), "not rendered yet") for entry in entries]


@pytest.mark.slow
def test_a_scene_is_drawn_after_it_was_spoken_and_while_the_next_one_is(
    data: Path, checkpoints: Any, tmp_path: Path
) -> None:
    made, events = settings(tmp_path, checkpoints[0], data), Events()
    with WorkerPool(1) as speaker, pytest.raises(Exception, match="could not be rendered"):
        Scheduler(Drawing(events, {"Plain": "Long"}), made, events, speaker=speaker).render(jobs_of(made, PLAIN, LONG))
    heard = events.heard
    assert [what for what in heard if what[0] == "speaking"] == [
        ("speaking", "Plain 1 of 2"),
        ("speaking", "Long 2 of 2"),
    ]
    for name in ("Plain", "Long"):
        assert heard.index(("spoken", name)) < heard.index(("drawing", name))
    assert heard.index(("drawing", "Plain")) < heard.index(("spoken", "Long")) < heard.index(("drawing", "Long"))
    # Nothing is spoken twice.
    with pytest.raises(Exception, match="could not be rendered"):
        Scheduler(Drawing(events, {}), made, events, speaker=NoSpeaker()).render(jobs_of(made, PLAIN, LONG))


class NoSpeaker(SerialExecutor):
    def submit(self, function: Any, *arguments: Any, on_progress: Any = None) -> Future[Any]:
        raise AssertionError("there is nothing to speak")


class Failing(SerialExecutor):
    """Cannot speak."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem

    def submit(self, function: Any, *arguments: Any, on_progress: Any = None) -> Future[Any]:
        future: Future[Preparation] = Future()
        future.set_exception(self.problem)
        return future


def test_a_voice_that_cannot_speak_ends_it_with_its_sentence(data: Path, checkpoints: Any, tmp_path: Path) -> None:
    made, events = settings(tmp_path, checkpoints[0], data), Events()
    sentence = NarrationError("speech cannot be kept; free some space")
    with pytest.raises(NarrationError, match="speech cannot be kept"):
        Scheduler(NoSpeaker(), made, events, speaker=Failing(sentence)).render(jobs_of(made, PLAIN, LONG))
    assert ("failed", "Plain") in events.heard and not [what for what in events.heard if what[0] == "drawing"]


def test_a_fault_in_one_scene_stops_no_other(data: Path, checkpoints: Any, tmp_path: Path) -> None:
    made, events = settings(tmp_path, checkpoints[0], data), Events()
    prepare(nobody, made, PART, PLAIN)
    with pytest.raises(Exception, match="could not be rendered"):
        Scheduler(Drawing(events, {}), made, events, speaker=Failing(ZeroDivisionError("by zero"))).render(
            jobs_of(made, PLAIN, LONG)
        )
    assert [what for what in events.heard if what[0] == "drawing"] == [("drawing", "Plain")]


# ------------------------------------------------------------------------------------------ the program


@pytest.fixture
def words(data: Path, checkpoints: Any, tmp_path: Path) -> list[str]:
    places = ["--data", str(data), "--checkpoint", str(checkpoints[0]), "--media", str(tmp_path / "media")]
    return ["-q", "l", *places, "--voice", "joe"]


@pytest.mark.slow
def test_one_process_or_two_make_the_same_clips(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    teach(monkeypatch.setattr, PLAIN, LONG)
    made = []
    for jobs in ("1", "2"):
        assert run("render", *words, "-j", jobs, "--media", str(tmp_path / jobs)) == 0
        assert "Speaking 1 of 2: Plain" in capsys.readouterr().err
        made.append([clip_file(entry, "l", tmp_path / jobs).read_bytes() for entry in (PLAIN, LONG)])
    assert made[0] == made[1]
    assert run("render", *words, "--force", "-j", "1", "--media", str(tmp_path / "1")) == 0
    assert "Speaking" not in capsys.readouterr().err, "all of it was spoken before"
    assert [clip_file(entry, "l", tmp_path / "1").read_bytes() for entry in (PLAIN, LONG)] == made[0]


def test_without_a_voice_nothing_is_prepared(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    teach(monkeypatch.setattr, PLAIN)
    assert run("render", *words, "--voice", "none", "-j", "1") == 0
    assert "Speaking" not in capsys.readouterr().err
    assert not (tmp_path / "media" / "cache" / "prepared").exists()


@pytest.mark.needs("small-disk")
def test_a_full_disk_while_speaking(
    words: list[str], small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    teach(monkeypatch.setattr, PLAIN, LONG)
    room = os.statvfs(small_disk)
    (small_disk / "full").write_bytes(bytes(room.f_bavail * room.f_frsize - 40_000))
    assert run("render", *words, "-j", "1", "--media", str(small_disk / "media")) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("knobs: speech cannot be kept in ") and "free some space" in last
    assert not list(speech_folder(small_disk / "media").glob(".*"))


@pytest.fixture
def speaking(words: list[str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The program, which has begun to speak. Its temporary files are in tmp_path/temporary."""
    (tmp_path / "temporary").mkdir()
    environment = {"TINY_LESSON_MARK": str(tmp_path / "mark"), "TMPDIR": str(tmp_path / "temporary")}
    process = start(
        [sys.executable, "-m", "tests.tiny_lesson", "render", *words, "-j", "1"],
        reached_by_ctrl_c=True,
        cwd=ROOT,
        env={**os.environ, "KNOBS_CHECKPOINT": "", "KNOBS_DATA": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: any((tmp_path / "temporary").glob("knobs-voice-*")), 120)
    yield process
    process.kill()
    process.communicate()


def below(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    by_thread = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(number) for file in by_thread for number in file.read_text().split()]
    return [number for child in children for number in (child, *below(child))]


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_nothing_is_left_running(end: signal.Signals, speaking: subprocess.Popen[str], tmp_path: Path) -> None:
    children = below(speaking.pid)
    assert len(children) > 1
    speaking.send_signal(end)
    _, error = speaking.communicate(timeout=60)
    if end == signal.SIGINT:
        assert speaking.returncode == 130
        assert error.splitlines()[-1] == "knobs: interrupted" and "Traceback" not in error
    until(lambda: not any(map(lives, children)), 60)
    until(lambda: not any((tmp_path / "temporary").glob("knobs-voice-*")), 60)


# ------------------------------------------------------------------------------------------ a cluster


def test_a_worker_elsewhere_needs_no_voice(spoken: RenderSettings, tmp_path: Path, monkeypatch: Any) -> None:
    """What is sent to it makes the same clip, byte by byte."""
    known = known_preparation(LONG, spoken.inputs, spoken.media)
    assert known is not None
    here, _ = segments.draw_clip(nobody, spoken, PART, LONG)
    sent = replace(spoken, speech=known.speech)
    files, speech = pack_inputs(spoken.context), pack_speech(sent, LONG.name)
    monkeypatch.setattr("scenes.settings.find_spec", lambda name: None)
    monkeypatch.setattr("scenes.voice.piper.piper", lambda *_: pytest.fail("there is no Piper on that machine"))
    folder = tmp_path / "inputs"
    (folder / "data" / files.data_name).mkdir(parents=True)
    for name, content in files.networks.items():
        (folder / name).write_bytes(content)
    for name, content in files.data.items():
        (folder / "data" / files.data_name / name).write_bytes(content)
    there = settings_there(sent, files, speech, folder, tmp_path / "media")
    clip, _ = segments.draw_clip(nobody, there, PART, LONG)
    assert clip.file.read_bytes() == here.file.read_bytes()
    with pytest.raises(NotSpoken, match="was not spoken before"):
        segments.draw_clip(
            nobody, settings_there(sent, files, SpeechBundle({}, {}), folder, tmp_path / "mute"), PART, LONG
        )
