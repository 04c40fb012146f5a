"""A cat, drawn with arithmetic: a picture that is no digit, made by the project itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def drawn_cat(side: int = 120) -> NDArray[np.float32]:
    """The head of a cat in shades of grey, (side, side), 0 black to 1 white."""
    y, x = (np.mgrid[:side, :side] + 0.5) / side * 2 - 1  # −1 to 1, to the right and downwards
    soft = 3 / side
    image = 0.10 + 0.06 * (1 - y)

    def lay(distance: NDArray[np.float64], shade: NDArray[np.float64] | float) -> None:
        """Paint over what is inside, where the distance from the outline is below 0."""
        nonlocal image
        covered = np.clip(0.5 - distance / soft, 0, 1)
        image = image + (shade - image) * covered

    def ellipse(middle: tuple[float, float], radii: tuple[float, float]) -> NDArray[np.float64]:
        distance: NDArray[np.float64] = (np.hypot((x - middle[0]) / radii[0], (y - middle[1]) / radii[1]) - 1) * min(
            radii
        )
        return distance

    def triangle(corners: list[tuple[float, float]]) -> NDArray[np.float64]:
        """Below 0 inside; the corners go clockwise, as they are seen."""
        sides = []
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            length = np.hypot(x1 - x0, y1 - y0)
            sides.append(((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length)
        distance: NDArray[np.float64] = np.max(sides, axis=0)
        return distance

    fur = 0.52 + 0.16 * (-x - y) / 2
    lay(ellipse((0, 1.25), (0.62, 0.75)), 0.8 * fur)
    for hand in (-1, 1):
        ear = [(0.66 * hand, -0.85), (0.74 * hand, -0.1), (0.16 * hand, -0.5)]
        inner = [(0.60 * hand, -0.66), (0.64 * hand, -0.26), (0.30 * hand, -0.48)]
        lay(triangle(ear if hand > 0 else ear[::-1]), fur)
        lay(triangle(inner if hand > 0 else inner[::-1]), 0.28)
    lay(ellipse((0, 0.08), (0.78, 0.66)), fur)
    # The stripes on the forehead, the muzzle, the eyes, the nose and the mouth.
    for place, length in ((-0.2, 0.13), (0.0, 0.19), (0.2, 0.13)):
        lay(ellipse((place, -0.42 + abs(place) * 0.3), (0.045, length)), 0.22)
    for hand in (-1, 1):
        lay(ellipse((0.17 * hand, 0.38), (0.23, 0.19)), 0.82)
        lay(ellipse((0.36 * hand, -0.04), (0.18, 0.15)), 0.95)
        lay(ellipse((0.36 * hand, -0.04), (0.065, 0.14)), 0.03)
    lay(triangle([(-0.1, 0.2), (0.1, 0.2), (0.0, 0.31)]), 0.1)
    for hand in (-1, 1):
        for slope in (-0.16, 0.02, 0.2):
            reach = (hand * x - 0.3) / 0.62
            line = np.abs(y - 0.36 - slope * (hand * x - 0.3)) - 0.011
            lay(np.where((reach >= 0) & (reach <= 1), line, 1.0), 0.98)
    lay(np.where((np.abs(x) < 0.012) & (y > 0.3) & (y < 0.46), -1.0, 1.0), 0.1)
    picture: NDArray[np.float32] = np.clip(image, 0, 1).astype(np.float32)
    return picture
