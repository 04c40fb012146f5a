"""`knobs doctor`: does this machine have all that is needed, and if not, what to do?"""

from __future__ import annotations

import shutil
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import click

from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA, ROOT, LessonContext

MEDIA = ROOT / "media"
FREE_BYTES = 2_000_000_000  # the lesson at 1080p60 with manim's segments takes about half of it
REINSTALL = "remove the folder .venv and run ./knobs doctor again"


@dataclass(frozen=True)
class Finding:
    """What one check found: `what` was looked at, how it is, and for a failure what to do."""

    what: str
    state: str
    remedy: str | None = None


class Problem(Exception):
    """A failed check: what is wrong, and the remedy."""

    def __init__(self, state: str, remedy: str) -> None:
        super().__init__(state)
        self.remedy = remedy


@click.command()
def command() -> None:
    """Check that this machine has all that is needed.

    Each line is one thing, with a remedy where it fails. The exit code is 0 if all is well, else 1.
    """
    failures = 0
    width = max(len(what) for what, _ in CHECKS) + 2
    for finding in findings():
        mark = click.style("✗", fg="red") if finding.remedy else click.style("✓", fg="green")
        click.echo(f"{mark} {finding.what:<{width}}{_wrapped(finding.state, width + 2)}")
        if finding.remedy:
            failures += 1
            click.echo(f"  {'':<{width}}→ {_wrapped(finding.remedy, width + 4)}")
    click.echo()
    if failures:
        click.echo(f"{failures} of {len(CHECKS)} checks failed; each → says what to do.")
        click.get_current_context().exit(1)
    click.echo(f"All {len(CHECKS)} checks passed.")


def _wrapped(sentence: str, indent: int) -> str:
    width = max(40, shutil.get_terminal_size().columns - indent)
    # Paths and file names stay whole, to be copied.
    lines = textwrap.wrap(sentence, width, break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)


def findings() -> Iterator[Finding]:
    """Each check's finding, as soon as it is known."""
    for what, check in CHECKS:
        try:
            yield Finding(what, check())
        except Problem as problem:
            yield Finding(what, str(problem), problem.remedy)
        except Exception as problem:  # a broken installation can fail in any way
            first_line = next(iter(str(problem).splitlines()), "")
            yield Finding(what, f"{type(problem).__name__}: {first_line}", REINSTALL)


def _python() -> str:
    # That it is new enough, ./knobs has seen to.
    return f"{'.'.join(str(number) for number in sys.version_info[:3])} ({sys.executable})"


def _packages() -> str:
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in requires("knobs") or ()]
    except PackageNotFoundError:
        raise Problem("the project itself is not installed", REINSTALL) from None
    told, wrong = [], []
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue  # for tests only
        try:
            have = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} is missing")
            continue
        told.append(f"{requirement.name} {have}")
        if not requirement.specifier.contains(have, prereleases=True):
            wrong.append(f"{requirement.name} is {have}, but {requirement.specifier} is needed")
    if wrong:
        raise Problem("; ".join(wrong), REINSTALL)
    return ", ".join(told)


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
        raise Problem("compiled code computes wrongly", REINSTALL)
    return "compiles and runs a loop"


def _typst() -> str:
    import typst

    picture = typst.compile(b"#set page(width: auto, height: auto)\n$ a = sigma(W a + b) $", format="svg")
    if b"<svg" not in bytes(picture):
        raise Problem("sets no formula", REINSTALL)
    return "sets a formula"


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
            raise Problem("an encoded frame cannot be read back", REINSTALL)
    return f"encodes H.264 (PyAV {av.__version__})"


def _data() -> str:
    from network.digits import MNIST_MD5, md5_of_data
    from network.errors import DataError

    remedy = "git checkout -- assets/mnist brings the files back"
    try:
        have = md5_of_data(DEFAULT_DATA)
    except DataError as problem:
        raise Problem(str(problem), remedy) from None
    damaged = [name for name, md5 in MNIST_MD5.items() if have.get(name) != md5]
    if damaged:
        raise Problem(f"not as published: {', '.join(damaged)}", remedy)
    return "60,000 and 10,000 digits, as published"


def _checkpoint() -> str:
    from network.checkpoint import CheckpointError, load_checkpoint

    file = LessonContext.of().checkpoint
    ours = file == DEFAULT_CHECKPOINT
    remedy = "git checkout -- assets/weights brings it back" if ours else "unset KNOBS_CHECKPOINT"
    try:
        checkpoint = load_checkpoint(file)
    except CheckpointError as problem:
        raise Problem(str(problem), remedy) from None
    network, accuracy = checkpoint.network, checkpoint.metadata.test_accuracy
    sizes = "-".join(str(size) for size in network.sizes)
    measured = f", {accuracy:.2%} of the test digits" if accuracy is not None else ""
    return f"{sizes}, {network.parameter_count:,} parameters{measured}"


def _media() -> str:
    try:
        MEDIA.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=MEDIA) as file:
            file.write(b"a picture")
    except OSError as problem:
        raise Problem(
            f"{MEDIA} cannot be written: {problem.strerror}", "give yourself permission to write there"
        ) from None
    return f"{MEDIA} can be written"


def _disk() -> str:
    free = shutil.disk_usage(MEDIA if MEDIA.exists() else ROOT).free
    if free < FREE_BYTES:
        raise Problem(f"only {free / 1e9:.1f} GB free", f"free {FREE_BYTES / 1e9:.0f} GB; old films are in {MEDIA}")
    return f"{free / 1e9:.0f} GB free"


CHECKS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Python", _python),
    ("packages", _packages),
    ("manim", _manim),
    ("Numba", _numba),
    ("Typst", _typst),
    ("video encoder", _encoder),
    ("training data", _data),
    ("network", _checkpoint),
    ("media folder", _media),
    ("disk", _disk),
)
