"""Fresh, mild distortions of training images: each epoch sees every digit as if written anew.

A warp is an affine map about the centre (rotation, scale, shear, shift) and an elastic field: random arrows,
smoothed (Simard, Steinkraus and Platt 2003). It is applied as one sparse matrix of bilinear interpolation weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from network.network import Array

IMAGES_A_WARP = 32


@dataclass(frozen=True)
class Distortion:
    """How far images are distorted. Each value is drawn uniformly from its range, for every warp anew.

    rotation: degrees, ±. scale, shear: shares of the size, ±. shift: pixels, ±.
    elastic: root mean square length of the elastic arrows in pixels; smoothing: their reach in pixels, above 0.
    ValueError for anything else.
    """

    rotation: float = 5.0
    scale: float = 0.06
    shear: float = 0.06
    shift: float = 0.5
    elastic: float = 0.5
    smoothing: float = 4.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"the distortion's {name} must be a finite number, 0 or more; it is {value}")
        if self.elastic and not self.smoothing:
            raise ValueError("the distortion's smoothing must be above 0; it may be 0 only where elastic is 0")

    def apply(self, images: Array, rng: np.random.Generator) -> Array:
        """Distorted copies of images (n, side·side), as a new array (n, side·side) of values in the same range.

        To be fast, one warp serves `IMAGES_A_WARP` images that stand far apart in the batch; shuffle before.
        """
        n, pixels = images.shape
        side = round(pixels**0.5)
        if side * side != pixels:
            raise ValueError(f"only square images can be distorted; {pixels} pixels do not make a square")
        if n == 0:
            return images.copy()
        warps = -(-n // IMAGES_A_WARP)
        matrix = self._interpolation(warps, side, rng).astype(images.dtype)
        padded: Array = np.zeros((IMAGES_A_WARP * warps, pixels), images.dtype)
        padded[:n] = images
        # Image i is given warp i mod warps: as columns of that warp's block, (warps · pixels, images a warp).
        columns = padded.reshape(IMAGES_A_WARP, warps * pixels).T
        warped: Array = (matrix @ np.ascontiguousarray(columns)).T.reshape(-1, pixels)
        return np.ascontiguousarray(warped[:n])

    def _interpolation(self, warps: int, side: int, rng: np.random.Generator) -> csr_array:
        """A block-diagonal matrix (warps · side², warps · side²): each warped pixel from four around its source."""
        y, x = self._sources(warps, side, rng)
        row, column = np.floor(y).astype(np.int32), np.floor(x).astype(np.int32)
        down, right = y - row, x - column
        corners = (
            (row, column, (1 - down) * (1 - right)),
            (row, column + 1, (1 - down) * right),
            (row + 1, column, down * (1 - right)),
            (row + 1, column + 1, down * right),
        )
        pixels = side * side
        first = (np.arange(warps, dtype=np.int32) * pixels)[:, None]
        indices = np.empty((warps, pixels, 4), np.int32)
        shares: NDArray[np.float32] = np.empty((warps, pixels, 4), np.float32)
        for corner, (i, j, share) in enumerate(corners):
            inside = (i >= 0) & (i < side) & (j >= 0) & (j < side)  # outside the image all is black
            indices[..., corner] = first + i.clip(0, side - 1) * side + j.clip(0, side - 1)
            shares[..., corner] = share * inside
        starts = np.arange(0, indices.size + 1, 4, dtype=np.int32)
        return csr_array((shares.ravel(), indices.ravel(), starts), shape=(warps * pixels, warps * pixels))

    def _sources(self, warps: int, side: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Where each pixel of each warp is taken from: rows and columns, each (warps, side²)."""

        def draw(limit: float, *shape: int) -> NDArray[np.float32]:
            return rng.uniform(-limit, limit, (warps, *shape, 1)).astype(np.float32)

        angle, shear, scale = np.radians(draw(self.rotation)), draw(self.shear), 1 + draw(self.scale, 2)
        centre = (side - 1) / 2
        y, x = (np.mgrid[:side, :side].reshape(2, -1) - centre).astype(np.float32)
        turned_x = np.cos(angle) * x - np.sin(angle) * y + shear * y
        turned_y = np.sin(angle) * x + np.cos(angle) * y
        arrows = self._elastic_field(warps, side, rng)
        shift = draw(self.shift, 2)
        return (
            centre + turned_y * scale[:, 0] + shift[:, 0] + arrows[:, 0],
            centre + turned_x * scale[:, 1] + shift[:, 1] + arrows[:, 1],
        )

    def _elastic_field(self, warps: int, side: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Smooth random arrows, (warps, 2, side²), in pixels."""
        if not self.elastic:
            return np.zeros((warps, 2, side * side), np.float32)
        places = np.arange(side)
        blur = np.exp(-((places[:, None] - places) ** 2) / (2 * self.smoothing**2))
        # Rows of unit length keep the variance of white noise at 1 everywhere, at the border too.
        blur = (blur / np.linalg.norm(blur, axis=1, keepdims=True)).astype(np.float32)
        noise = rng.standard_normal((warps, 2, side, side), np.float32)
        return (np.float32(self.elastic / np.sqrt(2)) * (blur @ noise @ blur.T)).reshape(warps, 2, -1)
