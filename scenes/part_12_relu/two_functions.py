"""The two functions that part 12 compares: what they are called and how they are drawn, in the order of `COMPARED`."""

from __future__ import annotations

from network.analysis.depth import COMPARED
from network.network import ACTIVATIONS
from scenes.kit import theme
from scenes.wording import function_name

SIGMOID, RELU = (ACTIVATIONS[name] for name in COMPARED)
COLOURS = (theme.SIGMOID, theme.RELU)


def names() -> tuple[str, ...]:
    """What both are called, in the language that is told in."""
    return tuple(function_name(name).name for name in COMPARED)
