"""The film script: the parts of the lesson and their scenes, in order. It can be read without manim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SceneEntry:
    """A scene: the name of its class, and what a viewer is told of it."""

    name: str
    title: str
    summary: str


@dataclass(frozen=True)
class Part:
    """A part of the lesson; its scenes are classes of `scenes.<module>`."""

    number: int
    title: str
    module: str
    scenes: tuple[SceneEntry, ...]


SYLLABUS = (
    Part(
        4,
        "Layers",
        "part_04_layers",
        (
            SceneEntry(
                "ForwardPassOfADigit",
                "A digit goes through the network",
                "Pixels become neurons, and one real forward pass runs along every connection to the ten outputs.",
            ),
        ),
    ),
)


def all_scenes() -> list[tuple[Part, SceneEntry]]:
    """Every scene with its part, in order."""
    return [(part, scene) for part in SYLLABUS for scene in part.scenes]
