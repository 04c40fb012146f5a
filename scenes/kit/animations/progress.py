"""Values between a start and a stop, for animations."""

from __future__ import annotations


def between(start: float, stop: float, share: float) -> float:
    """`start` for 0, `stop` for 1, both exactly."""
    return stop if share == 1 else start + (stop - start) * share
