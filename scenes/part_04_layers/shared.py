"""What several scenes of this part need."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.kit import theme
from scenes.kit.mobjects.text import Words


def widest(names: Sequence[str]) -> float:
    """How much room the longest name needs as a label, in units."""
    return max(Words(name, theme.LABEL_SIZE).width for name in names)
