"""The light around connections."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy import ndimage

from scenes.kit.camera import View
from scenes.kit.mobjects.connections import Connections
from scenes.kit.rasteriser import HUES, add_light, ink_lines, new_ink


class Shine(Connections):
    """A soft light around connections, in their colours, without the lines themselves; it lights up what lies below.

    connections: those that shine; later changes of them change nothing here, but `set_pulse` and the like do.

    >>> Shine(NetworkDiagram(network).show_contributions(forward, 1).connections[1])
    """

    # The light is not the same in a band of the frame alone: it comes from lines in other bands, too.
    IN_BANDS: ClassVar[bool] = False
    # It is worked out for points this far apart, in units.
    STEP: ClassVar[float] = 0.03
    # How far near and wide light reach, in units, and how strong each is.
    REACHES: ClassVar[tuple[tuple[float, float], ...]] = ((0.15, 1.0), (0.6, 1.1), (1.6, 0.6))

    def __init__(self, connections: Connections) -> None:
        n_out, n_in = connections.shape
        super().__init__(
            connections.points[:n_in],
            connections.points[n_in:],
            connections.values.reshape(n_out, n_in),
            1.0,
            connections.contrast,
            connections.width_of_lines,
        )
        self.neutral = connections.neutral
        self.own_hues, self.own_colours = connections.own_hues, connections.own_colours
        self.emphasis, self.profile = connections.emphasis.copy(), connections.profile.copy()

    def draw(self, view: View) -> None:
        height, width = view.frame.shape[:2]
        step = max(round(self.STEP * view.scale[0]), 1)
        ink = new_ink(-(-height // step), -(-width // step))
        # Lines narrower than such a step are as much dimmer.
        widths = view.width(self.widths).astype(np.float32) / step
        ink_lines(
            ink,
            *self._ends_of_lines(view.pixels(self.points) / np.float32(step)),
            np.maximum(widths, np.float32(1)),
            self.opacities * np.minimum(widths, np.float32(1)),
            self.hues,
            self.profile,
        )
        margin = (ink.shape[0] - -(-height // step)) // 2
        inner = ink[margin:-margin, margin:-margin]
        alpha = (inner // HUES).astype(np.float32) / (np.iinfo(np.uint16).max // HUES)
        light = self.palette()[inner % HUES] * alpha[..., None]
        total = np.zeros_like(light)
        for reach, strength in self.REACHES:
            cells = max(round(reach * view.scale[0] / step), 1)
            spread = ndimage.uniform_filter(light, (cells, cells, 1), mode="constant")
            total += strength * ndimage.uniform_filter(spread, (cells, cells, 1), mode="constant")
        add_light(view.frame, total, step)
