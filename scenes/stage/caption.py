"""A caption, as scenes tell it and as everything made from their words reads it. Needs no manim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Caption:
    """A sentence of a scene, from when to when it is shown, in seconds from the start, and what moves meanwhile."""

    sentence: str
    start: float
    stop: float
    moves: str = ""
