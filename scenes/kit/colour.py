"""Colours as numbers."""

from __future__ import annotations

import numpy as np
from manim.utils.color import ManimColor
from numpy.typing import NDArray


def rgb(colour: str | ManimColor) -> NDArray[np.float32]:
    """The red, green and blue of a colour, (3,), 0 to 255."""
    return (ManimColor(colour).to_rgb() * 255).astype(np.float32)
