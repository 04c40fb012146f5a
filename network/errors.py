"""Errors that are reported in one sentence: what is wrong, where, and how to put it right."""

from __future__ import annotations

import errno
from collections.abc import Iterable

from network.files import final_name


class KnobsError(Exception):
    """The base of every error that is reported in one sentence, without a traceback."""


class CheckpointError(KnobsError, ValueError):
    """A checkpoint, or a file beside one, that cannot be read, written or used; the message says which and why."""


class DataError(KnobsError, ValueError):
    """Data files that are missing, damaged or do not fit; the message says which and how to put it right."""


class SoundError(KnobsError, ValueError):
    """A sound file that cannot be used, or that does not match its spelling; the message says what to do."""


def is_expected(problem: BaseException) -> bool:
    """Whether the sentence for an exception names the cause; everything else is a fault in the code."""
    return isinstance(problem, KnobsError | OSError | MemoryError)


def is_of_the_system(problem: BaseException) -> bool:
    """Whether the system refused something, or has no more memory, rather than a library given a damaged file.

    Libraries raise an OSError without a number, or have the system seek to a place that no file has.
    """
    return isinstance(problem, MemoryError) or (
        isinstance(problem, OSError) and problem.errno not in (None, errno.EINVAL)
    )


def explain(problem: BaseException) -> str:
    """The one sentence for an exception."""
    if isinstance(problem, KnobsError):
        return one_line(str(problem))
    if isinstance(problem, OSError):
        return _explain_os_error(problem)
    if isinstance(problem, MemoryError):
        return "there is not enough memory; close other programs, or choose a lower quality"
    what = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    return f"unexpected error: {one_line(what)}; set KNOBS_DEBUG=1 for a traceback"


def _explain_os_error(problem: OSError) -> str:
    file = final_name(problem.filename2 or problem.filename)
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{f', writing {file}' if file else ''}; free some space and run this again"
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission for {file or 'a file'}; change the permission or choose another place"
    if problem.errno == errno.ENOENT and file:
        return f"there is no {file}; check the path"
    return one_line(f"{problem.strerror or problem}{f': {file}' if file else ''}")


def one_line(text: str) -> str:
    """A text on one line, without the full stop at its end."""
    return " ".join(text.split()).removesuffix(".")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that somebody may have meant, upper and lower case alike; None if none is near.

    First one that begins with what was written, such as BiasIsAThreshold for Bias, or holds it; then one that is
    spelled much the same.
    """
    from difflib import get_close_matches  # only for whoever has made a mistake

    wanted, names = name.lower(), {one.lower(): one for one in known}
    if len(wanted) >= 3:
        holding = [one for one in names if wanted in one]
        if holding:
            return names[min(holding, key=lambda one: (not one.startswith(wanted), len(one)))]
    near = get_close_matches(wanted, names, n=1, cutoff=0.6)
    return names[near[0]] if near else None
