"""Rendering on a Dask cluster. Only bytes are sent; no disk is shared.

What a scene says is spoken here and goes along with its work, and so do its recordings: the workers need no voice.

Dask gives the task of a lost worker to another one. Every worker needs this project in the same state; if it is not,
rendering is refused.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from lesson.render import clip_cache, preparation, rendering, segments
from lesson.render.rendering import Clip, RenderError
from lesson.render.segments import RenderSettings
from lesson.render.worker_pool import Progress, WorkerLost, WorkerPool
from network.files import atomic_write, temporary_name
from scenes.installing import install_extra, program
from scenes.settings import NO_VOICE, LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.syllabus import Part, SceneEntry
from scenes.voice.kept import NotSpoken
from scenes.voice.recorded_words import note_file
from scenes.voice.recordings import recordings_of
from scenes.voice.speech_cache import speech_folder
from scenes.voice.voices import KEPT

_TOPIC = "knobs"
_START = "dask worker {address} --nworkers 2 --nthreads 1"


@dataclass(frozen=True)
class InputBundle:
    """The files of the network, its companions and the data: their contents by name.

    data_name: of the folder of the data, which a scene may show.
    """

    networks: dict[str, bytes]
    data: dict[str, bytes]
    data_name: str

    @property
    def digest(self) -> str:
        digest = hashlib.sha256(self.data_name.encode())
        for files in (self.networks, self.data):
            for name, content in sorted(files.items()):
                digest.update(f"{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()[:16]


def pack_inputs(context: LessonContext) -> InputBundle:
    """Everything that scenes may read, taken before it is known what they will read."""
    networks = {"network.npz": context.checkpoint.read_bytes()}
    for kind, file in clip_cache.companions(context.checkpoint).items():
        networks[f"network.{kind}.npz"] = file.read_bytes()
    data = {file.name: file.read_bytes() for file in clip_cache.data_files(context.data)}
    return InputBundle(networks, data, context.data.name)


@dataclass(frozen=True)
class SpeechBundle:
    """What is heard in a scene: files of the speech cache, by name; and its recordings with their words, by path."""

    spoken: dict[str, bytes]
    recorded: dict[str, bytes]


def pack_speech(settings: RenderSettings, scene: str) -> SpeechBundle:
    """What is heard in a scene, as far as it was spoken."""
    spoken = (speech_folder(settings.media) / name for name in settings.speech)
    folder = settings.context.narration
    recordings = recordings_of(folder, scene)
    recorded = [file for wav in recordings.wavs for file in (wav, note_file(wav))] if recordings else []
    return SpeechBundle(
        {file.name: file.read_bytes() for file in spoken if file.is_file()},
        {file.relative_to(folder).as_posix(): file.read_bytes() for file in recorded if file.is_file()},
    )


class DaskPool:
    """The workers of a Dask scheduler, as an `Executor`. RenderError if there are none, or if their versions differ.

    address: that of the scheduler, such as tcp://host:8786.
    """

    def __init__(self, address: str, settings: RenderSettings) -> None:
        try:
            from distributed import Client
        except ImportError as problem:
            raise RenderError(
                f"--dask needs the package distributed; install it with: {install_extra('cluster')}"
            ) from problem
        try:
            self._client = Client(address, timeout=10, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise RenderError(
                f"there is no Dask scheduler at {address}; start one with: {program('dask')} scheduler"
            ) from problem
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
            if not workers:
                start = _START.format(address=address)
                raise RenderError(f"the Dask cluster at {address} has no workers; start some with: {start}")
            expected = (settings.code, settings.inputs["versions"])
            for worker, found in self._client.run(_worker_state, on_error="return").items():
                _check_worker(worker, found, expected)
            self.slots = len(workers)
            self._inputs = pack_inputs(settings.context)
            self._sent: Any = None
            self._listeners: dict[str, Progress] = {}
            self._lock = threading.Lock()
            self._client.subscribe_topic(_TOPIC, self._forward_progress)
        except BaseException:
            self._client.close()
            raise
        self._local_pool = WorkerPool(1)  # prepares scenes, and joins the segments that come back

    def submit(self, function: Callable[..., Any], *arguments: Any, on_progress: Progress | None = None) -> Future[Any]:
        if function in (preparation.prepare, segments.join_stretches):
            return self._local_pool.submit(function, *arguments, on_progress=on_progress)
        future: Future[Any] = Future()
        threading.Thread(target=self._run, args=(future, function, arguments, on_progress), daemon=True).start()
        return future

    def close(self) -> None:
        self._local_pool.close()
        self._client.close()

    def _run(
        self,
        future: Future[Any],
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        on_progress: Progress | None,
    ) -> None:
        from distributed import KilledWorker

        settings: RenderSettings = arguments[0]
        scene: SceneEntry = arguments[2]
        token = f"{id(future)}"
        if on_progress is not None:
            self._listeners[token] = on_progress
        try:
            for _ in range(3):
                sent, speech = self._send(), pack_speech(settings, scene.name)
                there = self._client.submit(_run_on_worker, sent, speech, token, function, *arguments, pure=False)
                try:
                    result, files = there.result()
                    break
                except CancelledError:
                    # All workers that held the inputs are gone, and so are the tasks that waited for them.
                    self._forget(sent)
            else:
                raise WorkerLost("its workers were lost")
            for name, content in files.items():
                _write(settings.media / name, content)
            if isinstance(result, tuple) and isinstance(result[0], Clip):
                # The file now lies here.
                clip, *others = result
                file = rendering.clip_file(clip.scene, settings.quality, settings.media, settings.context.language)
                result = (replace(clip, file=file), *others)
            future.set_result(result)
        except NotSpoken:
            # What it says is measured on each machine anew.
            done = self._local_pool.submit(function, *arguments, on_progress=on_progress)
            done.add_done_callback(partial(_hand_on, future))
        except KilledWorker:
            future.set_exception(WorkerLost("its workers were killed"))
        except BaseException as problem:
            future.set_exception(problem)
        finally:
            self._listeners.pop(token, None)

    def _send(self) -> Any:
        with self._lock:
            if self._sent is None:
                self._sent = self._client.scatter(self._inputs, broadcast=True, hash=False)
            return self._sent

    def _forget(self, sent: Any) -> None:
        with self._lock:
            if self._sent is sent:
                self._sent = None

    def _forward_progress(self, event: tuple[float, Any]) -> None:
        _, (token, frames) = event
        on_progress = self._listeners.get(token)
        if on_progress is not None:
            on_progress(frames)


def _hand_on(future: Future[Any], done: Future[Any]) -> None:
    """Give a future what another one has."""
    problem = done.exception()
    if problem is None:
        future.set_result(done.result())
    else:
        future.set_exception(problem)


def _write(file: Path, content: bytes) -> None:
    with rendering.os_errors_as_render_errors():
        file.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(file, content)


def _check_worker(worker: str, found: Any, expected: tuple[str, str]) -> None:
    if isinstance(found, BaseException):
        raise RenderError(
            f"the Dask worker {worker} does not have Knobs ({found}); install the same version of it there"
        )
    if found[0] != expected[0]:
        raise RenderError(f"the Dask worker {worker} has other sources of Knobs; update them to those on this machine")
    if found[1] != expected[1]:
        pairs = zip(found[1].split(), expected[1].split(), strict=False)
        other = ", ".join(f"{there} instead of {here}" for there, here in pairs if there != here)
        raise RenderError(
            f"the Dask worker {worker} has other package versions ({other}); install those of this machine"
        )


# ------------------------------------------------------------------------------------------ what runs on the workers

_one_at_a_time = threading.Lock()  # manim has one configuration for the whole process


def _worker_state() -> tuple[str, str]:
    return code_fingerprint.of_program(), clip_cache.versions()


def _run_on_worker(
    inputs: InputBundle,
    speech: SpeechBundle,
    token: str,
    function: Callable[..., Any],
    settings: RenderSettings,
    part: Part,
    scene: SceneEntry,
    *arguments: Any,
) -> tuple[Any, dict[str, bytes]]:
    """The result of a task of `lesson.render.segments`, and the files it wrote by their paths below media."""
    from distributed import get_worker

    worker, last = get_worker(), 0.0

    def on_progress(frames: float) -> None:
        nonlocal last
        if monotonic() - last > 0.5:
            last = monotonic()
            worker.log_event(_TOPIC, (token, frames))

    with _one_at_a_time, TemporaryDirectory(dir=worker.local_directory) as media:
        folder = _unpack(inputs, Path(worker.local_directory))
        there = settings_there(settings, inputs, speech, folder, Path(media))
        result = function(on_progress, there, part, scene, *arguments)
        made = [file for file in Path(media).rglob("*") if file.is_file() and not file.name.startswith(".")]
        folders = {"clips", "cache"} if function is segments.draw_stretch else {"clips"}
        files = {
            file.relative_to(media).as_posix(): file.read_bytes()
            for file in made
            if file.relative_to(media).parts[0] in folders and file.suffix in (".mp4", ".srt", ".json")
        }
    return result, files


def settings_there(
    settings: RenderSettings, inputs: InputBundle, speech: SpeechBundle, folder: Path, media: Path
) -> RenderSettings:
    """The settings on a worker. folder: where its inputs are. media: an empty folder; what is heard is put there."""
    spoken, narration = speech_folder(media), media / "narration"
    narration.mkdir(parents=True)
    for place, files in ((spoken, speech.spoken), (narration, speech.recorded)):
        for name, content in files.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
    context = replace(
        settings.context,
        checkpoint=folder / "network.npz",
        data=folder / "data" / inputs.data_name,
        narration=narration,
        voice=NO_VOICE if settings.context.voice == NO_VOICE else KEPT + settings.inputs[input_log.VOICE],
    )
    return replace(settings, media=media, context=context)


def _unpack(inputs: InputBundle, place: Path) -> Path:
    """The folder of these inputs on the worker; its name has their digest."""
    folder = place / f"knobs-{inputs.digest}"
    if not folder.exists():
        temporary = temporary_name(folder)
        data = temporary / "data" / inputs.data_name
        data.mkdir(parents=True, exist_ok=True)
        for name, content in inputs.networks.items():
            (temporary / name).write_bytes(content)
        for name, content in inputs.data.items():
            (data / name).write_bytes(content)
        os.replace(temporary, folder)
    return folder
