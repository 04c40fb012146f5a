"""A caption, for the scenes that show it and for everything made from their words. Needs no manim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Caption:
    """A sentence of a scene, when it is shown, in seconds from the start, and what moves meanwhile."""

    sentence: str
    start: float
    stop: float
    moves: str = ""
