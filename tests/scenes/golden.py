"""Compares a picture with the one that was kept, tile by tile, and shows where they differ."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GOLDEN = Path(__file__).parent / "golden"
TILE = 8  # pixels
# The mean difference that is allowed in any one tile, of 255. Between machines, rounding moves edges by less than a
# hundredth of a pixel. Everything moved by that much differs by 0.3 to 2.3 in its worst tile (measured over all
# goldens); the least change of meaning, a minus sign that is missing in small type, by 4.8.
TOLERANCE = 3.5


def tile_differences(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The mean absolute difference of each tile, (rows, columns), of two pictures (height, width, 3)."""
    difference = np.abs(one.astype(int) - other).mean(axis=-1)
    height, width = difference.shape
    padded = np.pad(difference, ((0, -height % TILE), (0, -width % TILE)))
    return padded.reshape(padded.shape[0] // TILE, TILE, -1, TILE).mean(axis=(1, 3))


def same_to_the_eye(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """Whether no tile of two pictures (height, width, 3) differs by more than the tolerance."""
    return one.shape == other.shape and bool(tile_differences(one, other).max() <= TOLERANCE)


def kept(name: str) -> NDArray[np.uint8]:
    """The golden picture of a name, (height, width, 3)."""
    return np.asarray(Image.open(GOLDEN / f"{name}.png").convert("RGB"))


def assert_like_golden(name: str, drawn: NDArray[np.uint8], folder: Path) -> None:
    """Fail if a picture (height, width, 3) is not the golden one; a picture of the difference is left in `folder`.

    With KNOBS_NEW_GOLDEN=1 in the environment the picture becomes the golden one instead.
    """
    file = GOLDEN / f"{name}.png"
    if os.environ.get("KNOBS_NEW_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        Image.fromarray(drawn).save(file, optimize=True)
    assert file.exists(), f"there is no {file}; see the head of test_gallery.py"
    golden = kept(name)
    assert golden.shape == drawn.shape, f"{name} is {drawn.shape} now; {file.name} is {golden.shape}"
    if same_to_the_eye(golden, drawn):
        return
    tiles = tile_differences(golden, drawn)
    row, column = np.unravel_index(int(tiles.argmax()), tiles.shape)
    shown = folder / f"{name}-difference.png"
    Image.fromarray(difference_picture(golden, drawn)).save(shown)
    raise AssertionError(
        f"{name} differs from {file.name} by {tiles.max():.1f} of 255 around x = {column * TILE}, y = {row * TILE}, "
        f"and in {(tiles > TOLERANCE).sum()} tiles in all; see {shown}: kept, drawn now, difference"
    )


def difference_picture(golden: NDArray[np.uint8], drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Kept, drawn now, and four times their difference with a frame around the tiles that fail, one below the other."""
    difference = (4 * np.abs(golden.astype(int) - drawn)).clip(0, 255).astype(np.uint8)
    failing = np.kron(tile_differences(golden, drawn) > TOLERANCE, np.ones((TILE, TILE), bool))
    failing = failing[: drawn.shape[0], : drawn.shape[1]]
    inside: Any = failing.copy()
    for axis in (0, 1):
        for step in (1, -1):
            inside &= np.roll(failing, step, axis)
    difference[failing & ~inside] = (255, 255, 0)
    return np.concatenate([golden, drawn, difference])
