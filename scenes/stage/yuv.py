"""Frames as most videos hold them: brightness for every pixel, colour for every four (YUV 4:2:0)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

# ITU-R BT.601 in its limited range, which manim.cfg names in the file: black is Y = 16, white 235, grey U = V = 128.
# All in 1/2¹⁶. Each row of colours adds up to 0, so that grey stays grey.
_LUMA = 16829, 33039, 6416
_BLUE = -9714, -19070, 28784
_RED = 28784, -24103, -4681
_HALF = 1 << 15


@njit(cache=True, nogil=True, boundscheck=False)
def _convert(pixels, luma, blue, red):
    """pixels: (height, width) uint32, RGBA from the lowest byte up. Colour is the mean of two by two pixels."""
    eight, byte, sixteen = np.uint32(8), np.uint32(255), np.uint32(16)
    luma_r, luma_g, luma_b = np.uint32(_LUMA[0]), np.uint32(_LUMA[1]), np.uint32(_LUMA[2])
    black = np.uint32((16 << 16) + _HALF)
    blue_r, blue_g, blue_b = np.int32(_BLUE[0]), np.int32(_BLUE[1]), np.int32(_BLUE[2])
    red_r, red_g, red_b = np.int32(_RED[0]), np.int32(_RED[1]), np.int32(_RED[2])
    grey, eighteen = np.int32((128 << 18) + (_HALF << 2)), np.int32(18)
    height, width = luma.shape
    for y in range(height):
        row, bright = pixels[y], luma[y]
        for x in range(width):
            p = row[x]
            bright[x] = np.uint8(
                (luma_r * (p & byte) + luma_g * ((p >> eight) & byte) + luma_b * ((p >> sixteen) & byte) + black)
                >> sixteen
            )
    # Red and blue of a pixel are added up at once, each in a half of a 32-bit number.
    odd, low = np.uint32(0xFF00FF), np.uint32(0xFFFF)
    for y in range(height // 2):
        above, below, u, v = pixels[2 * y], pixels[2 * y + 1], blue[y], red[y]
        for x in range(width // 2):
            a, b, c, d = above[2 * x], above[2 * x + 1], below[2 * x], below[2 * x + 1]
            both = (a & odd) + (b & odd) + (c & odd) + (d & odd)
            r, b_ = np.int32(both & low), np.int32(both >> sixteen)
            g = np.int32(((a >> eight) & byte) + ((b >> eight) & byte) + ((c >> eight) & byte) + ((d >> eight) & byte))
            u[x] = np.uint8((blue_r * r + blue_g * g + blue_b * b_ + grey) >> eighteen)
            v[x] = np.uint8((red_r * r + red_g * g + red_b * b_ + grey) >> eighteen)


def to_yuv420(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A frame, (height, width, 4) RGBA with even sides, as (3/2 height, width) uint8: the planes Y, U and V in turn."""
    height, width = frame.shape[:2]
    planes = np.empty((height * 3 // 2, width), np.uint8)
    chroma = planes[height:].reshape(2, height // 2, width // 2)
    _convert(frame.view(np.uint32)[..., 0], planes[:height], chroma[0], chroma[1])
    return planes
