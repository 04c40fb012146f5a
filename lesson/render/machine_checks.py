"""Checks of this machine: whether it has everything that rendering needs, and if not, what to do."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA, ROOT, LessonContext
from scenes.wording import percent

MEDIA = ROOT / "media"
FREE_BYTES = 2_000_000_000  # the lesson at 1080p60, with manim's segments, takes about half of it
REINSTALL = "remove the folder .venv and run ./knobs doctor again"


@dataclass(frozen=True)
class Finding:
    """The result of one check. what: the name of the check. remedy: what to do; None if the check passed."""

    what: str
    state: str
    remedy: str | None = None


class Problem(Exception):
    """A failed check: what is wrong, and the remedy."""

    def __init__(self, state: str, remedy: str) -> None:
        super().__init__(state)
        self.remedy = remedy


def findings() -> Iterator[Finding]:
    """The result of each check, as soon as it is known."""
    for what, check in CHECKS:
        try:
            yield Finding(what, check())
        except Problem as problem:
            yield Finding(what, str(problem), problem.remedy)
        except Exception as problem:  # a broken installation can fail in any way
            first_line = next(iter(str(problem).splitlines()), "")
            yield Finding(what, f"{type(problem).__name__}: {first_line}", REINSTALL)


def _python() -> str:
    # ./knobs has checked that it is new enough.
    return f"{'.'.join(str(number) for number in sys.version_info[:3])} ({sys.executable})"


def _packages() -> str:
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    try:
        requirements = [Requirement(line) for line in requires("knobs") or ()]
    except PackageNotFoundError:
        raise Problem("the project itself is not installed", REINSTALL) from None
    found, wrong = [], []
    for requirement in requirements:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue  # for tests only
        try:
            have = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        found.append(f"{requirement.name} {have}")
        if not requirement.specifier.contains(have, prereleases=True):
            wrong.append(f"{requirement.name} is {have}, but {requirement.specifier} is needed")
    if wrong:
        raise Problem("; ".join(wrong), REINSTALL)
    return ", ".join(found)


def _manim() -> str:
    import cairo
    import manim  # loads cairo, Pango and the graphics libraries

    return f"{manim.__version__} starts, with cairo {cairo.cairo_version_string()}"


def _numba() -> str:
    import numba
    import numpy as np

    @numba.njit
    def total(numbers: Any) -> float:
        sum_ = 0.0
        for number in numbers:
            sum_ += number
        return sum_

    if total(np.arange(5.0)) != 10:
        raise Problem("compiled code gives a wrong result", REINSTALL)
    return "compiles and runs a loop"


def _typst() -> str:
    import typst

    picture = typst.compile(b"#set page(width: auto, height: auto)\n$ a = sigma(W a + b) $", format="svg")
    if b"<svg" not in bytes(picture):
        raise Problem("cannot typeset a formula", REINSTALL)
    return "typesets a formula"


def _words() -> str:
    # As rendering does it: by manim, in the folder for temporary files.
    try:
        from manim import logger

        from scenes.kit.mobjects.outlines import typeset

        logger.setLevel("ERROR")  # it would tell between the lines what it compiles
        drawn = typeset("a few words", "", 48)
        folder = tempfile.gettempdir()
    except OSError as problem:
        raise Problem(
            f"there is no folder for temporary files that can be written ({problem.strerror or problem})",
            "let the variable TMPDIR name one, or free some space in /tmp",
        ) from None
    if not len(drawn):
        raise Problem("words come out empty", REINSTALL)
    return f"drawn, by way of {os.fsencode(folder).decode(errors='replace')}"


def _encoder() -> str:
    import io

    import av
    import numpy as np

    try:
        av.codec.Codec("libx264", "w")
    except av.error.FFmpegError:
        raise Problem("PyAV has no H.264 encoder (libx264)", REINSTALL) from None
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 128, np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r") as container:
        if len(list(container.decode(video=0))) != 1:
            raise Problem("an encoded frame cannot be decoded", REINSTALL)
    return f"encodes H.264 (PyAV {av.__version__})"


def _data() -> str:
    from network.digits import MNIST_MD5, md5_of_data
    from network.errors import DataError

    remedy = "restore the files with: git checkout -- assets/mnist"
    try:
        have = md5_of_data(DEFAULT_DATA)
    except DataError as problem:
        raise Problem(str(problem), remedy) from None
    damaged = [name for name, md5 in MNIST_MD5.items() if have.get(name) != md5]
    if damaged:
        raise Problem(f"differs from the published files: {', '.join(damaged)}", remedy)
    return "60,000 training and 10,000 test digits, as published"


def _checkpoint() -> str:
    from network.checkpoint import CheckpointError, load_checkpoint

    file = LessonContext.of().checkpoint
    ours = file == DEFAULT_CHECKPOINT
    remedy = "restore it with: git checkout -- assets/weights" if ours else "unset KNOBS_CHECKPOINT"
    try:
        checkpoint = load_checkpoint(file)
    except CheckpointError as problem:
        raise Problem(str(problem), remedy) from None
    network, accuracy = checkpoint.network, checkpoint.metadata.test_accuracy
    sizes = "-".join(str(size) for size in network.sizes)
    measured = f", {percent(accuracy, 2)} of the test digits" if accuracy is not None else ""
    return f"{sizes}, {network.parameter_count:,} knobs{measured}"


def _voice() -> str:
    from pathlib import Path

    from network.errors import KnobsError
    from scenes.settings import NO_VOICE, wanted_voice
    from scenes.voice.voices import find_voice, missing

    setting = wanted_voice(None)
    if missing(setting):
        return "none is installed; ./knobs lesson sets it up, or makes a silent lesson with --voice none"
    if setting == NO_VOICE:
        return "none, as KNOBS_VOICE says"
    with tempfile.TemporaryDirectory() as folder:
        try:
            voice = find_voice(setting, Path(folder))
            spoken = voice.speak("Hello.")
        except KnobsError as problem:
            raise Problem(str(problem), f"unset KNOBS_VOICE, or {REINSTALL}") from None
    return f"{voice.name} says hello in {spoken.seconds:.1f} seconds"


def _media() -> str:
    from lesson.render.rendering import RenderError, check_media_path

    try:
        check_media_path(MEDIA)
    except RenderError as problem:
        raise Problem(
            str(problem).partition(";")[0], "move the project to another folder, or render with --media FOLDER"
        ) from None
    try:
        MEDIA.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=MEDIA) as file:
            file.write(b"a picture")
    except OSError as problem:
        raise Problem(
            f"{MEDIA} cannot be written: {problem.strerror}",
            "give yourself write permission for it, or render with --media FOLDER",
        ) from None
    return f"{MEDIA} is writable"


def _disk() -> str:
    free = shutil.disk_usage(MEDIA if MEDIA.exists() else ROOT).free
    if free < FREE_BYTES:
        raise Problem(f"only {free / 1e9:.1f} GB free", f"free {FREE_BYTES / 1e9:.0f} GB; old clips are in {MEDIA}")
    return f"{free / 1e9:.0f} GB free"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Python", _python),
    ("packages", _packages),
    ("manim", _manim),
    ("Numba", _numba),
    ("Typst", _typst),
    ("words", _words),
    ("video encoder", _encoder),
    ("training data", _data),
    ("network", _checkpoint),
    ("voice", _voice),
    ("media folder", _media),
    ("disk", _disk),
)
