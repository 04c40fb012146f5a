"""The weight pictures of the first layer as part 8 left them: its places, its scale and its colours."""

from __future__ import annotations

import numpy as np
from manim import Group
from numpy.typing import NDArray

from network.network import Array
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, full_colour
from scenes.kit.weight_rows import places_in_rows

# The room beneath each row, for a line of text.
ROOM_BENEATH = 0.34


def first_layer_pictures(weights: Array, never_seen: NDArray[np.bool_]) -> Group:
    """The weights (n, side²) of a first layer as pictures in rows, all on one scale, with room beneath each row."""
    limit = full_colour(weights[:, ~never_seen])
    return Group(
        *(
            WeightHeatmap(row, limit, never_seen, extent, (x, y))
            for row, (x, y, extent) in zip(weights, places_in_rows(len(weights), ROOM_BENEATH), strict=True)
        )
    )
