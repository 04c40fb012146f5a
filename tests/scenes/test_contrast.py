"""Text on grey has the contrast that WCAG 2.1 asks for, 4.5 to 1, on every grey."""

from __future__ import annotations

import numpy as np

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.contrast import readable_greys, reads_in_black, text_colours

GREYS = np.linspace(0, 1, 256)
LEAST = 4.5


def luminance(colours: np.ndarray) -> np.ndarray:
    """The relative luminance of sRGB colours (n, 3), 0 to 255."""
    shares = colours / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    bright, dark = np.maximum(luminance(one), luminance(other)), np.minimum(luminance(one), luminance(other))
    return (bright + 0.05) / (dark + 0.05)


def test_text_can_be_read_on_every_grey() -> None:
    behind = np.repeat(255 * GREYS, 3).reshape(-1, 3)
    chosen = text_colours(GREYS)
    assert (contrast(chosen, behind) >= LEAST).all()
    # The other colour would be no better.
    assert (contrast(chosen, behind) >= contrast(255 - chosen, behind) - 0.05).all()
    assert reads_in_black([0, 0.4, 0.5, 1]).tolist() == [False, False, True, True]


def test_grey_text_can_be_read_on_black_and_is_brighter_where_the_grey_is() -> None:
    colours = readable_greys(GREYS)
    assert (contrast(colours, np.zeros(3)) >= LEAST).all()
    assert (np.diff(colours[:, 0]) > 0).all() and colours[-1].tolist() == [255, 255, 255]


def test_text_can_be_read_on_every_red_of_a_number_below_zero() -> None:
    behind = GREYS[:, None] * rgb(theme.NEGATIVE)
    chosen = text_colours(-GREYS)
    assert (contrast(chosen, behind) >= LEAST).all()
    assert (contrast(chosen, behind) >= contrast(255 - chosen, behind) - 0.05).all()
