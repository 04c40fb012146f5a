"""What a caption is, for scenes and for all that is made of their words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Caption:
    """A sentence of a scene, what is seen to move while it stands there, and when, in seconds from the start."""

    sentence: str
    start: float
    stop: float
    moves: str = ""
