"""A neuron that one only hopes for: a hollow, dashed ring."""

from __future__ import annotations

from manim import Circle, DashedVMobject
from numpy.typing import ArrayLike

from scenes.kit import theme

_DASHES_A_UNIT = 5.0


def hoped_neuron(centre: ArrayLike, diameter: float, colour: str = theme.QUIET_TEXT) -> DashedVMobject:
    """A dashed ring around a place; real neurons have a whole outline and are filled by their activation."""
    ring = Circle(diameter / 2, color=colour, stroke_width=theme.MARK_WIDTH)
    dashes = max(round(_DASHES_A_UNIT * 3.14 * diameter), 8)
    return DashedVMobject(ring, num_dashes=dashes, dashed_ratio=0.6).move_to(centre)
