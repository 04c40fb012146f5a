"""The colours of this part: loops have one, lines another, and edges one for each way they run."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.analysis.parts import Kind, Parts
from scenes.kit import theme
from scenes.kit.colour import rgb

OF_KIND: dict[Kind, str] = {"loop": theme.LOOP, "line": theme.LINE}


def part_tints(parts: Parts) -> NDArray[np.float32]:
    """The colour of each cell of a picture by the kind of part that it belongs to, (side², 3), 0 to 255."""
    of_part = np.array([rgb(theme.TEXT), *(rgb(OF_KIND[kind]) for kind in parts.kinds)], np.float32)
    tints: NDArray[np.float32] = of_part[parts.places.ravel()]
    return tints


def direction_tints(directions: ArrayLike) -> NDArray[np.float32]:
    """The colours of directions, whole numbers from 0, as (…, 3), 0 to 255."""
    colours = np.array([rgb(colour) for colour in theme.DIRECTIONS], np.float32)
    tints: NDArray[np.float32] = colours[np.asarray(directions)]
    return tints
