"""A sound as a picture: how far it swings up and down, from moment to moment."""

from __future__ import annotations

import numpy as np
from manim import VMobject
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.validation import validate_finite

# Swings drawn for each unit of width: at 1080p, one in two pixels.
_SWINGS_A_UNIT = 68
# Silence is drawn this high, in units.
_THINNEST = 0.014


class Waveform(VMobject):
    """The samples of a sound, (n,), −1 to 1, from left to right: at each place, an area from the lowest to the highest.

    width, height: in units; a swing from −1 to 1 is `height` high. Its middle line is at height 0.

    >>> Waveform(np.sin(np.arange(4000) / 30) * np.hanning(4000), width=9, height=4)
    """

    def __init__(self, samples: ArrayLike, width: float, height: float, colour: str = theme.NEUTRAL) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        heard = validate_finite(samples, "samples")
        if heard.ndim != 1 or not len(heard):
            raise ValueError(f"samples must have the shape (n,), n at least 1; got {heard.shape}")
        columns = max(min(round(width * _SWINGS_A_UNIT), len(heard)), 2)
        starts = np.linspace(0, len(heard), columns, endpoint=False).astype(int)
        high = np.maximum.reduceat(heard, starts) * height / 2 + _THINNEST / 2
        low = np.minimum.reduceat(heard, starts) * height / 2 - _THINNEST / 2
        x = np.linspace(-width / 2, width / 2, columns)
        outline = np.zeros((2 * columns + 1, 3))
        outline[:, 0] = np.concatenate([x, x[::-1], x[:1]])
        outline[:, 1] = np.concatenate([high, low[::-1], high[:1]])
        self.set_points_as_corners(outline)
