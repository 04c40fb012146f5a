"""Many processes make the same clips as one would, and if one dies, another makes up for it."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import tempconfig

from lesson.render import clip_cache, rendering, scheduler, segments, threads
from lesson.render.preparation import prepare
from lesson.render.rendering import clip_file
from lesson.render.segments import Plays, RenderSettings, split_plays
from lesson.render.threads import MATRIX_THREADS
from lesson.render.worker_pool import WorkerLost, WorkerPool
from network import Network
from network.checkpoint import load_checkpoint
from scenes.catalogue import PSEUDO_CODE
from scenes.language import current, told_in
from scenes.settings import DEFAULT_CHECKPOINT, NO_VOICE, LessonContext, NarrationOptions
from scenes.stage import code_fingerprint, input_log
from scenes.stage.mp4 import is_whole
from scenes.syllabus import Part, SceneEntry, all_scenes, module_of
from scenes.voice.cues import cues
from scenes.voice.narration import Beat, Clause
from tests.export.conftest import make_clip
from tests.processes import lives, start, until
from tests.test_command_line import run
from tests.test_rendering import frames, leftovers, the_sentence
from tests.tiny_lesson import ENTRY, LONG, PART, PLAIN, UNSTEADY, teach

ROOT = Path(__file__).resolve().parent.parent


def interrupts(on_progress: object) -> tuple[bool, bool]:
    """Whether this process ignores Ctrl-C, and whether it holds it back for later."""
    is_ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return is_ignored, signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_process_that_is_still_starting_hears_no_ctrl_c(capfd: pytest.CaptureFixture[str]) -> None:
    """It printed a traceback, once in eight times."""
    pool = WorkerPool(1)
    process, pipe = pool._start()
    assert process.pid
    os.kill(process.pid, signal.SIGINT)
    try:
        pipe.send((interrupts, ()))
        assert pipe.recv() == ("done", (True, False))
    finally:
        pool._end(process, pipe)
        pool.close()
    assert not capfd.readouterr().err
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ()), "this process still hears it"


def nobody(frames: float) -> None:
    """To whom nothing need be told."""


def settings(media: Path, checkpoint: Path | None = None, data: Path | None = None) -> RenderSettings:
    context = LessonContext.of(checkpoint, data, "l")
    return RenderSettings(context, media, clip_cache.input_fingerprints(context), code_fingerprint.of_program())


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA", "KNOBS_DEBUG"):
        monkeypatch.setenv(name, "")


# ------------------------------------------------------------------------------------------ pieces


@given(st.lists(st.tuples(st.integers(1, 500), st.booleans()), min_size=1, max_size=40), st.integers(1, 9))
def test_stretches_lie_end_to_end_and_cost_about_the_same(plays: list[tuple[int, bool]], wanted: int) -> None:
    found = Plays(tuple(n for n, _ in plays), tuple(still for _, still in plays))
    stretches = split_plays(found, wanted)
    assert 1 <= len(stretches) <= wanted
    assert stretches[0][0] == 0 and stretches[-1][1] is None
    assert all(one[1] == other[0] for one, other in zip(stretches, stretches[1:], strict=False))
    costs = found.costs()
    assert all(stop is None or start < stop for start, stop in stretches)
    largest = max(sum(costs[start:stop]) for start, stop in stretches)
    assert largest <= sum(costs) / wanted + max(costs) + 1e-9


def assert_same_in_pieces(settings_of: Any, part: Part, entry: SceneEntry, count: int) -> Plays:
    whole, plays = segments.draw_clip(nobody, settings_of("whole"), part, entry)
    assert prepare(nobody, settings_of("pieces"), part, entry).plays_at(15) == plays
    stretches = split_plays(plays, count)
    assert len(stretches) > 1
    # The last first: no piece may lean on what another has left in the folder.
    drawn = [
        segments.draw_stretch(nobody, settings_of("pieces"), part, entry, *stretch) for stretch in reversed(stretches)
    ]
    joined = segments.join_stretches(nobody, settings_of("pieces"), part, entry, drawn[::-1])
    assert joined is not None
    assert (joined.seconds, joined.read) == (whole.seconds, whole.read)
    assert np.array_equal(frames(whole.file), frames(joined.file))
    for beside in sorted(file.name for file in whole.file.parent.iterdir()):
        assert (joined.file.parent / beside).read_bytes() == (whole.file.parent / beside).read_bytes(), beside
    return plays


@pytest.mark.parametrize("captions", ["track", "burned"])
@pytest.mark.parametrize("entry", [ENTRY, LONG], ids=lambda entry: entry.name)
def test_a_clip_made_in_pieces_is_that_made_alone(
    entry: SceneEntry,
    captions: str,
    environment: None,
    checkpoints: Any,
    data: Path,
    tmp_path: Path,
) -> None:
    """Byte by byte, with its captions and chapters."""

    def how(name: str) -> RenderSettings:
        found = settings(tmp_path / name, checkpoints[0], data)
        context = replace(found.context, captions=captions)
        return replace(found, context=context, inputs=clip_cache.input_fingerprints(context))

    plays = assert_same_in_pieces(how, PART, entry, 3)
    assert sum(plays.frames) > 10 and any(plays.still)


def test_a_clip_made_in_pieces_is_in_its_language(environment: None, tmp_path: Path) -> None:
    """Whoever joins the pieces has not run the scene, and cuts its words into subtitles."""
    context = LessonContext.of(None, None, "l", NarrationOptions(NO_VOICE, language=PSEUDO_CODE))
    how = RenderSettings(context, tmp_path, clip_cache.input_fingerprints(context), code_fingerprint.of_program())
    text = "One two. " * 9
    with rendering.manim_set_up("l", tmp_path):
        stage = rendering.scene_class(PART, LONG)(context=replace(context, language="de"))
    stage.beats = [Beat("told", text, 0, 9, "", (Clause(text, 0, 9),))]
    stage.renderer.time = 9.0
    beside = stage.captions_beside()
    with told_in("de"):
        assert beside == cues(stage.beats, 9.0)
    with segments.set_up(how):
        assert current().code == PSEUDO_CODE
    assert current().is_english
    clip = make_clip(tmp_path / "clip.mp4", [(200, 40, 40)] * 9)
    stage.finish_clip(clip)
    with av.open(clip) as film:
        assert [stream.language for stream in film.streams.subtitles] == ["deu"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "entry"),
    # ShortAndFast measures its times anew, so it is never made in pieces.
    [pytest.param(*both, id=both[1].name) for both in all_scenes() if both[1].name != "ShortAndFast"],
)
def test_every_clip_made_in_pieces_is_that_made_alone(
    part: Part, entry: SceneEntry, environment: None, tmp_path: Path
) -> None:
    assert getattr(importlib.import_module(module_of(part, entry)), entry.name).IN_PIECES
    assert_same_in_pieces(lambda name: settings(tmp_path / name), part, entry, 4)


def test_pieces_that_depend_on_frames_before_them_are_not_joined(environment: None, tmp_path: Path) -> None:
    how = settings(tmp_path)
    drawn = [segments.draw_stretch(nobody, how, PART, UNSTEADY, *stretch) for stretch in ((0, 1), (1, None))]
    assert segments.join_stretches(nobody, how, PART, UNSTEADY, drawn) is None
    drawn = [segments.draw_stretch(nobody, how, PART, UNSTEADY, 0, None)]
    assert segments.join_stretches(nobody, how, PART, UNSTEADY, drawn) is not None


def test_pieces_that_do_not_tell_the_same_are_not_joined(
    environment: None,
    checkpoints: Any,
    data: Path,
    tmp_path: Path,
) -> None:
    """For example when a scene shows what it measures: each process measures for itself."""
    how = settings(tmp_path, checkpoints[0], data)
    stretches = split_plays(prepare(nobody, how, PART, LONG).plays_at(15), 2)
    one, other = (segments.draw_stretch(nobody, how, PART, LONG, *stretch) for stretch in stretches)
    assert segments.join_stretches(nobody, how, PART, LONG, [one, other]) is not None
    wrong = replace(one, beats=(replace(one.beats[0], text="Another."),))
    assert segments.join_stretches(nobody, how, PART, LONG, [wrong, other]) is None
    (tmp_path / "cache" / "480p15" / "Long" / one.segments[0]).unlink()
    assert segments.join_stretches(nobody, how, PART, LONG, [one, other]) is None


def test_a_network_that_changes_meanwhile(
    environment: None,
    checkpoints: Any,
    data: Path,
    tmp_path: Path,
) -> None:
    """No clip may mix two networks."""
    file = tmp_path / "network.npz"
    file.write_bytes(checkpoints[0].read_bytes())
    how = settings(tmp_path / "media", file, data)
    file.write_bytes(checkpoints[1].read_bytes())
    with pytest.raises(Exception, match="the network has changed during rendering; run this again"):
        segments.draw_stretch(nobody, how, PART, LONG, 0, 2)


# ------------------------------------------------------------------------------------------ retraining


def rendering_of(media: Path, network: Path, folder: Path) -> list[str]:
    return ["render", "-q", "l", "--data", str(folder), "--checkpoint", str(network), "--media", str(media)]


def media_rendered(media: Path, network: Path, folder: Path, *words: str) -> dict[str, bool]:
    """Render the tiny lesson; which clips were rendered."""
    clips = {entry.name: clip_file(entry, "l", media) for entry in (ENTRY, LONG, PLAIN)}
    times = {name: file.stat().st_mtime_ns if file.exists() else 0 for name, file in clips.items()}
    assert run(*rendering_of(media, network, folder), *words) == 0
    return {name: file.stat().st_mtime_ns != times[name] for name, file in clips.items()}


@pytest.mark.slow
def test_after_retraining_only_what_shows_the_network_is_rendered(
    environment: None,
    checkpoints: Any,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And it looks as if it had been rendered from nothing; with two processes, as with one."""
    teach(monkeypatch.setattr, ENTRY, LONG, PLAIN)
    network = tmp_path / "network.npz"
    network.write_bytes(checkpoints[0].read_bytes())
    assert all(media_rendered(tmp_path / "used", network, data, "-j", "2").values())
    assert not any(media_rendered(tmp_path / "used", network, data).values())
    network.write_bytes(checkpoints[1].read_bytes())
    capsys.readouterr()
    assert run(*rendering_of(tmp_path / "used", network, data), "--dry-run") == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[1] for line in said] == ["(the network has changed)"] * 2 + ["(up to date)"]
    assert media_rendered(tmp_path / "used", network, data, "-j", "2") == {"Tiny": True, "Long": True, "Plain": False}
    assert all(media_rendered(tmp_path / "empty", network, data, "-j", "1").values())
    for entry in (ENTRY, LONG, PLAIN):
        used, fresh = (frames(clip_file(entry, "l", tmp_path / name)) for name in ("used", "empty"))
        assert np.array_equal(used, fresh), entry.name
    assert not leftovers(tmp_path / "used")


@pytest.fixture(scope="module")
def middle_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default network as it was in the middle of its training, with its history until then."""
    whole = load_checkpoint(DEFAULT_CHECKPOINT)
    last = len(whole.snapshot_steps) * 2 // 3
    past, epoch = slice(0, last + 1), float(whole.snapshot_epochs[last])
    network = Network.from_parameters(whole.snapshot_parameters[last], whole.network.sizes, whole.network.activations)
    file = tmp_path_factory.mktemp("middle") / "middle.npz"
    replace(
        whole,
        network=network,
        metadata=replace(whole.metadata, epoch=int(epoch)),
        history=whole.history[: int(np.ceil(epoch)) + 1],
        snapshot_steps=whole.snapshot_steps[past],
        snapshot_epochs=whole.snapshot_epochs[past],
        snapshot_parameters=whole.snapshot_parameters[past],
    ).save(file)
    return file


@pytest.mark.slow
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for _, entry in all_scenes()])
def test_after_retraining_every_clip_is_that_of_the_new_network(
    entry: SceneEntry,
    middle_of_the_run: Path,
    environment: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whether it was rendered again, with manim's cached segments, or counted as up to date."""
    monkeypatch.setattr(rendering, "QUALITIES", {"l": ("low_quality", "120p6")})
    set_up = rendering.manim_set_up

    @contextmanager
    def small(*how: Any) -> Iterator[None]:
        with set_up(*how), tempconfig({"pixel_height": 120, "pixel_width": 214, "frame_rate": 6}):
            yield

    monkeypatch.setattr(rendering, "manim_set_up", small)
    network = tmp_path / "network.npz"
    for weights, folder in ((middle_of_the_run, "used"), (DEFAULT_CHECKPOINT, "used"), (DEFAULT_CHECKPOINT, "empty")):
        network.write_bytes(weights.read_bytes())
        words = ["-j", "1", "-q", "l", "--checkpoint", str(network), "--media", str(tmp_path / folder)]
        assert run("render", entry.name, *words) == 0
    used, fresh = (clip_file(entry, "l", tmp_path / folder) for folder in ("used", "empty"))
    told = {frozenset(json.loads(clip_cache.build_record_file(clip).read_text())["inputs"]) for clip in (used, fresh)}
    assert len(told) == 1
    assert np.array_equal(frames(used), frames(fresh))
    if input_log.NETWORK not in told.pop():
        assert "up to date" in capsys.readouterr().out


# ------------------------------------------------------------------------------------------ workers


def add(on_progress: Any, one: int, other: int) -> tuple[int, int]:
    on_progress(1.5)
    return one + other, os.getpid()


def fail(on_progress: Any) -> None:
    raise ValueError("it does not work")


def die(on_progress: Any, mark: str) -> str:
    """Killed the first time; with an empty mark, every time."""
    if not mark or not Path(mark).exists():
        if mark:
            Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def drawing_threads(on_progress: Any) -> str | None:
    return os.environ.get("KNOBS_THREADS")


def answers_to_noise(on_progress: Any = None) -> str:
    """A fingerprint of the last bit of every output for so many pictures that their sums could be shared out."""
    network = load_checkpoint(DEFAULT_CHECKPOINT).network
    noise = np.random.default_rng(1).random((1000, network.sizes[0]))
    return hashlib.md5(network.predict(noise).tobytes()).hexdigest()


def sleep(on_progress: Any, mark: str) -> None:
    Path(mark).write_text(str(os.getpid()))
    time.sleep(600)


@pytest.mark.slow
def test_workers_do_many_things_and_lose_one(tmp_path: Path) -> None:
    told: list[float] = []
    with WorkerPool(2) as pool:
        sums = [pool.submit(add, n, n, on_progress=told.append) for n in range(6)]
        failed, lost = pool.submit(fail), pool.submit(die, "")
        again = pool.submit(die, str(tmp_path / "mark"))
        share = pool.submit(drawing_threads)
        more = [pool.submit(add, n, 1) for n in range(3)]
        wait([*sums, failed, lost, again, share, *more], timeout=60)
        assert [future.result()[0] for future in sums] == [0, 2, 4, 6, 8, 10]
        assert told == [1.5] * 6
        assert len({future.result()[1] for future in sums}) <= 2, "they stay warm"
        with pytest.raises(ValueError, match="it does not work"):
            failed.result()
        with pytest.raises(WorkerLost):
            lost.result()
        assert again.result() == "done"
        assert share.result() == os.environ.get("KNOBS_THREADS", str(max(1, threads.available_cores() // 2)))
        assert [future.result()[0] for future in more] == [1, 2, 3]


@pytest.mark.slow
def test_a_worker_that_is_killed_while_idle_takes_nothing_along() -> None:
    # pebble's pool could not be used any more after that.
    with WorkerPool(2) as pool:
        workers = {future.result(timeout=60)[1] for future in [pool.submit(add, n, n) for n in range(6)]}
        os.kill(min(workers), signal.SIGKILL)
        until(lambda: not lives(min(workers)))
        assert [future.result(timeout=60)[0] for future in [pool.submit(add, n, n) for n in range(6)]] == [
            2 * n for n in range(6)
        ]


@pytest.mark.slow
def test_a_number_does_not_depend_on_how_many_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    # SureOfNoise was another film with one process than with two: its 1,000 pictures were multiplied by as many
    # threads as a process had cores, which rounds otherwise, and a colour on the edge between two became the other.
    for name in MATRIX_THREADS:
        monkeypatch.delenv(name, raising=False)
    told = set()
    for count in 1, 2:
        with WorkerPool(count) as pool:
            told.add(pool.submit(answers_to_noise).result(timeout=120))
    alone = (
        "from lesson.cli.program import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "from tests.test_parallel import answers_to_noise; print(answers_to_noise())"
    )
    said = subprocess.run([sys.executable, "-c", alone], cwd=ROOT, capture_output=True, text=True, check=True)
    told.add(said.stdout.split()[-1])
    assert len(told) == 1


def test_workers_that_are_at_something_can_be_sent_home(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    with WorkerPool(1) as pool:
        pool.submit(sleep, str(mark))
        until(lambda: mark.exists() and mark.read_text() != "")
    until(lambda: not lives(int(mark.read_text())))


class ClosedMeanwhile(WorkerPool):
    """A pool that is closed while its process starts, and so before `close` can know of it."""

    def _start(self) -> Any:
        found = super()._start()
        self._closed = True
        return found


def test_a_worker_that_was_just_starting_is_sent_home_too(tmp_path: Path) -> None:
    with ClosedMeanwhile(1) as pool:
        assert isinstance(pool.submit(sleep, str(tmp_path / "pid")).exception(timeout=60), WorkerLost)


def test_as_many_as_there_is_memory_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "available_cores", lambda: 8)
    for free, count in ((100, 1), (1000, 1), (3500, 3), (100_000, 8), (None, 8)):
        monkeypatch.setattr(threads, "free_megabytes", lambda free=free: free)
        assert threads.worker_count(1000) == count


# ------------------------------------------------------------------------------------------ processes that are killed


def children_of(process: subprocess.Popen[str]) -> list[int]:
    by_thread = Path(f"/proc/{process.pid}/task").glob("*/children")
    children = [int(number) for file in by_thread for number in file.read_text().split()]
    assert children
    return children


def knobs(words: list[str], mark: Path, dies: str = "", reached_by_ctrl_c: bool = False) -> subprocess.Popen[str]:
    quiet = [] if reached_by_ctrl_c else ["-W", "ignore"]
    return start(
        [sys.executable, *quiet, "-m", "tests.tiny_lesson", *words],
        reached_by_ctrl_c,
        cwd=ROOT,
        env={
            **os.environ,
            "TINY_LESSON_DIES": dies,
            "TINY_LESSON_MARK": str(mark),
            "KNOBS_CHECKPOINT": "",
            "KNOBS_DATA": "",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def words(checkpoints: Any, data: Path, tmp_path: Path) -> list[str]:
    media = str(tmp_path / "media")
    return ["render", "-j", "2", "-q", "l", "--data", str(data), "--checkpoint", str(checkpoints[0]), "--media", media]


@pytest.mark.slow
def test_a_worker_that_is_killed_once_is_not_noticed(words: list[str], tmp_path: Path) -> None:
    process = knobs(words, tmp_path / "mark", dies="a worker once")
    out, error = process.communicate(timeout=200)
    assert process.returncode == 0, error
    assert (tmp_path / "mark").exists(), "a worker must be killed, or this tests nothing"
    assert len(out.splitlines()) == 3
    assert not leftovers(tmp_path / "media")


@pytest.mark.slow
def test_a_worker_that_is_always_killed_costs_one_clip(words: list[str], tmp_path: Path) -> None:
    process = knobs(words, tmp_path / "mark", dies="a worker always")
    out, error = process.communicate(timeout=200)
    assert process.returncode == 1
    assert [Path(line.split("  ")[0]).name for line in sorted(out.splitlines())] == ["Plain.mp4", "Tiny.mp4"]
    assert error.splitlines()[-1] == (
        "knobs: Long could not be rendered: its process was killed twice, perhaps because memory ran out; "
        "run this again with --jobs 1"
    )
    process = knobs(words, tmp_path / "mark")
    out, error = process.communicate(timeout=200)
    assert process.returncode == 0, error
    assert sum("up to date" in line for line in out.splitlines()) == 2
    assert not leftovers(tmp_path / "media")


@pytest.mark.slow
def test_ctrl_c_leaves_no_process_and_says_one_word(words: list[str], tmp_path: Path) -> None:
    """Python once warned of a leaked semaphore of each worker: it was a progress bar's."""
    process = knobs(words, tmp_path / "mark", reached_by_ctrl_c=True)
    until(lambda: any((tmp_path / "media" / "cache").rglob("*.mp4")), 120)
    children = children_of(process)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert [line for line in error.splitlines() if line and not line.startswith("Scene ")] == ["knobs: interrupted"]
    until(lambda: not any(map(lives, children)))


@pytest.mark.slow
def test_workers_end_with_the_program_that_was_killed(words: list[str], tmp_path: Path) -> None:
    process = knobs(words, tmp_path / "mark")
    try:
        until(lambda: any((tmp_path / "media" / "cache").rglob("*.mp4")), 120)
        children = children_of(process)
    finally:
        process.kill()
        process.communicate()
    until(lambda: not any(map(lives, children)))
    process = knobs(words, tmp_path / "mark")
    out, error = process.communicate(timeout=200)
    assert process.returncode == 0, error
    assert not leftovers(tmp_path / "media")


# ------------------------------------------------------------------------------------------ full disks, two at once


@pytest.fixture(scope="module")
def alone(data: Path, checkpoints: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The media folder of the three scenes, rendered by one process."""
    media = tmp_path_factory.mktemp("alone") / "media"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA"):
            patch.setenv(name, "")
        teach(patch.setattr, ENTRY, LONG, PLAIN)
        assert run(*rendering_of(media, checkpoints[0], data), "-j", "1") == 0
    return media


def assert_whole_and_same(media: Path, alone: Path) -> None:
    for entry in (ENTRY, LONG, PLAIN):
        one, other = clip_file(entry, "l", media), clip_file(entry, "l", alone)
        for beside in (".mp4", ".srt", ".story.json"):
            assert one.with_suffix(beside).read_bytes() == other.with_suffix(beside).read_bytes(), entry.name + beside
    assert not leftovers(media)


@pytest.mark.slow
@pytest.mark.parametrize("room", [0, 30_000, 150_000])
def test_a_full_disk(
    room: int,
    alone: Path,
    small_disk: Path,
    environment: None,
    checkpoints: Any,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two processes fill it, with segments of clips too."""
    teach(monkeypatch.setattr, ENTRY, LONG, PLAIN)
    monkeypatch.setattr(scheduler, "_LEAST_FRAMES", 10)
    media = small_disk / "media"
    media.mkdir()
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        state = os.statvfs(small_disk)
        ballast.write(bytes(max(0, state.f_bavail * state.f_frsize - room)))
    words = [*rendering_of(media, checkpoints[0], data), "-j", "2"]
    assert run(*words) == 1
    sentence = the_sentence(capsys)
    assert "free some space" in sentence, sentence
    # What a process had in hand when it was ended bears a name with a dot, and is taken for nothing.
    assert all(is_whole(file) for file in media.rglob("*.mp4") if not file.name.startswith("."))
    # With room again it goes on, and comes to the same files.
    (small_disk / "ballast").unlink()
    assert run(*words) == 0
    assert_whole_and_same(media, alone)


@pytest.mark.slow
def test_two_at_once_with_two_processes_each(words: list[str], alone: Path, tmp_path: Path) -> None:
    """Each clip is made by one of the two; the other waits and finds it done."""
    both = [knobs(words, tmp_path / "mark") for _ in range(2)]
    said = [process.communicate(timeout=200) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum(out.count("up to date") for out, _ in said) == 3
    assert_whole_and_same(tmp_path / "media", alone)
