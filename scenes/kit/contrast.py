"""Which colours of text can be read on which greys."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb

# On this grey, 0 black to 1 white, black text and white text have the same contrast: 4.6 to 1 (WCAG 2.1).
_EVEN_GREY = 0.457
# And on this share of the red of numbers below 0.
_EVEN_RED = 0.8
# The darkest grey in which small text can be read on black.
_FAINTEST_TEXT = 0.65


def relative_luminance(colours: ArrayLike) -> NDArray[np.float64]:
    """How bright colours (…, 3), 0 to 255, look: (…), 0 to 1, as WCAG 2 defines it."""
    share = np.asarray(colours, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def reads_in_black(brightness: ArrayLike) -> NDArray[np.bool_]:
    """Whether black text is easier to read than white text on these greys, 0 black to 1 white, and reds, to −1."""
    share = np.asarray(brightness)
    return np.asarray((share > _EVEN_GREY) | (share < -_EVEN_RED))


def text_colours(brightness: ArrayLike) -> NDArray[np.float32]:
    """Colours (n, 3), 0 to 255, for text on greys (n,): black on the bright ones, white on the dark ones."""
    dark = reads_in_black(brightness)[:, None]
    return np.where(dark, rgb(theme.BACKGROUND), rgb(theme.TEXT))


def readable_greys(brightness: NDArray[np.floating]) -> NDArray[np.floating]:
    """Colours (n, 3), 0 to 255, for text on black as bright as greys (n,), but never too dark to read."""
    grey = _FAINTEST_TEXT + (1 - _FAINTEST_TEXT) * brightness
    return np.asarray(grey[:, None] * rgb(theme.TEXT))
