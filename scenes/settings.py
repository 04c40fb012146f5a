"""What a lesson is made from: the network, the data and the quality, as one value that travels to scenes and workers.

This is the only module that reads the variables KNOBS_*. The lesson's own ones count where nothing was given: by
manim's own command, in a notebook, or on a command line without --checkpoint or --data. KNOBS_DEBUG and KNOBS_THREADS
are about the program and the process, not about the lesson, so they are not part of a context.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CHECKPOINT = ROOT / "assets" / "weights" / "default.npz"
DEFAULT_DATA = ROOT / "assets" / "mnist"
# Where trained networks go.
TRAINED = ROOT / "media" / "weights"

# Set if a program and the processes it starts should show tracebacks.
DEBUG = "KNOBS_DEBUG"
# How many threads a process may draw with; all cores if it is not set.
THREADS = "KNOBS_THREADS"


@dataclass(frozen=True)
class LessonContext:
    """What a lesson is made from. It can be pickled, so that it goes to other processes as it is.

    checkpoint: the file of the network. data: a folder of IDX files. quality: one of manim's letters l, m, h and k.
    compared: files of further networks, for scenes that compare. captions: "track" beside the picture, or "burned" in.
    """

    checkpoint: Path = DEFAULT_CHECKPOINT
    data: Path = DEFAULT_DATA
    quality: str = "h"
    compared: tuple[Path, ...] = ()
    captions: str = "track"

    @classmethod
    def of(cls, checkpoint: Path | None = None, data: Path | None = None, quality: str = "h") -> LessonContext:
        """The context of these files. For None: those of KNOBS_CHECKPOINT and KNOBS_DATA, or the ones of Knobs."""
        checkpoint, data = checkpoint or _file_of("KNOBS_CHECKPOINT"), data or environment_data()
        return cls(
            checkpoint.resolve() if checkpoint else DEFAULT_CHECKPOINT,
            data.resolve() if data else DEFAULT_DATA,
            quality,
        )

    @classmethod
    def of_environment(cls) -> LessonContext:
        """The context given by the variables KNOBS_CHECKPOINT, KNOBS_DATA and KNOBS_COMPARED."""
        found, compared = cls.of(), _file_of("KNOBS_COMPARED")
        return cls(found.checkpoint, found.data, compared=(compared.resolve(),) if compared else ())


def environment_data() -> Path | None:
    """The data of KNOBS_DATA; None if it is not set."""
    return _file_of("KNOBS_DATA")


def shows_tracebacks() -> bool:
    """Whether errors are shown with a traceback, as KNOBS_DEBUG says."""
    return bool(os.environ.get(DEBUG))


def drawing_threads() -> int:
    """How many threads this process may draw with: KNOBS_THREADS, or one for each core."""
    return int(os.environ.get(THREADS) or os.cpu_count() or 1)


def _file_of(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None
