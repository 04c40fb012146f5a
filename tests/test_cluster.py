"""Clips from a Dask cluster are the same as those made here: a real scheduler and two workers, one killed halfway."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lesson.render import clip_cache
from lesson.render.dask_pool import DaskPool, pack_inputs
from lesson.render.rendering import RenderError, clip_file
from lesson.render.segments import RenderSettings
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint
from tests.processes import start, until
from tests.test_parallel import knobs
from tests.test_rendering import leftovers
from tests.tiny_lesson import ENTRY, LONG, PLAIN

ROOT = Path(__file__).resolve().parent.parent
pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("dask"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::FutureWarning"),
]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    process = started(words, tmp_path)
    yield f"tcp://127.0.0.1:{port}"
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two processes that share nothing on disk with the program but the installation; the first to draw Long dies."""
    processes = []
    for number in range(2):
        place = tmp_path / f"worker {number}"
        place.mkdir()
        words = ["distributed.cli.dask_worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        dies = {"TINY_LESSON_DIES": "a worker once", "TINY_LESSON_MARK": str(tmp_path / "mark")}
        processes.append(started([*words, "--local-directory", str(place)], place, dies))
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def started(words: list[str], folder: Path, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return start(
        [sys.executable, "-W", "ignore", "-m", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=open(folder / "log.txt", "wb"),
    )


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False, timeout=60) as client:
        client.wait_for_workers(count, timeout=120)


def test_a_cluster_that_loses_a_worker(
    scheduler: str,
    workers: list[subprocess.Popen[bytes]],
    checkpoints: tuple[Path, Path],
    data: Path,
    tmp_path: Path,
) -> None:
    wait_for_workers(scheduler, 2)
    words = ["render", "-q", "l", "--data", str(data), "--checkpoint", str(checkpoints[0]), "--media"]
    away = knobs([*words, str(tmp_path / "away"), "--dask", scheduler], tmp_path / "none")
    out, error = away.communicate(timeout=280)
    assert away.returncode == 0, error
    assert (tmp_path / "mark").exists(), "a worker must be killed, or this tests nothing"
    until(lambda: sum(worker.poll() is not None for worker in workers) == 1)
    assert len(out.splitlines()) == 3
    here = knobs([*words, str(tmp_path / "here"), "-j", "1"], tmp_path / "none")
    _, error = here.communicate(timeout=280)
    assert here.returncode == 0, error
    for entry in (ENTRY, LONG, PLAIN):
        one, other = (clip_file(entry, "l", tmp_path / name) for name in ("away", "here"))
        assert one.read_bytes() == other.read_bytes(), entry.name
    assert not leftovers(tmp_path / "away")
    again = knobs([*words, str(tmp_path / "away")], tmp_path / "none")
    assert again.communicate(timeout=60)[0].count("up to date") == 3


CONTEXT = LessonContext(quality="l")


def settings(**changes: Any) -> RenderSettings:
    return replace(
        RenderSettings(CONTEXT, Path("nowhere"), clip_cache.input_fingerprints(CONTEXT), code_fingerprint.of_program()),
        **changes,
    )


def test_who_cannot_help(
    scheduler: str, workers: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_workers(scheduler, 2)
    with pytest.raises(RenderError, match="has other sources of Knobs; update them to those on this machine"):
        DaskPool(scheduler, settings(code="another"))
    other = {**clip_cache.input_fingerprints(CONTEXT), "versions": clip_cache.versions().replace("manim-0", "manim-99")}
    with pytest.raises(RenderError, match=r"has other package versions \(manim-0\S+ instead of manim-99\S+\)"):
        DaskPool(scheduler, settings(inputs=other))
    for worker in workers:
        worker.kill()
        worker.wait()
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:
        until(lambda: not client.scheduler_info(n_workers=-1)["workers"])
    with pytest.raises(RenderError, match="has no workers; start some with: dask worker tcp://"):
        DaskPool(scheduler, settings())


def test_no_cluster() -> None:
    with pytest.raises(RenderError, match="there is no Dask scheduler at tcp://127.0.0.1:9; start one with"):
        DaskPool("tcp://127.0.0.1:9", settings())


def test_what_goes_there_is_all_that_scenes_may_read(
    checkpoints: tuple[Path, Path], data: Path, tmp_path: Path
) -> None:
    network = tmp_path / "mine.npz"
    network.write_bytes(checkpoints[0].read_bytes())
    (tmp_path / "mine.local.npz").write_bytes(b"measured")
    found = pack_inputs(LessonContext(network, data))
    assert found.networks["network.npz"] == network.read_bytes()
    assert found.networks["network.local.npz"] == b"measured"
    assert {name.split("-")[0] for name in found.data} == {"train", "t10k"}
    assert found.digest != pack_inputs(LessonContext(checkpoints[1], data)).digest
    # A scene may show the name of the folder.
    (tmp_path / "moved").symlink_to(data)
    assert found.data_name == data.name
    assert found.digest != pack_inputs(LessonContext(network, tmp_path / "moved")).digest
