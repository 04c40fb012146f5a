"""How much room the names of the outputs take beside them."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.kit import theme
from scenes.kit.mobjects.text import Words


def label_width(names: Sequence[str]) -> float:
    """How wide the longest name is as a label of a `NetworkDiagram`, in units."""
    return max(Words(name, theme.LABEL_SIZE).width for name in names)
