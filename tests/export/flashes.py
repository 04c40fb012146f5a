"""Does a film flash? Flashes are counted as in the guidelines for web content (WCAG 2.2, success criterion 2.3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

# A change counts from a tenth of the greatest luminance on, if the darker side is below 0.8; a flash is two such
# changes in opposite directions. An area counts if it is a quarter of 341×256 of 1024×768 pixels.
STEP, DARK = 0.1, 0.8
AREA = 341 * 256 / 4 / (1024 * 768)
_ROWS = 90


def luminance(film: Path) -> tuple[list[NDArray[np.float32]], float]:
    """Relative luminance of every frame, shrunk, and the frames a second."""
    with av.open(film) as source:
        stream = source.streams.video[0]
        stream.thread_type = "AUTO"
        frames = []
        for frame in source.decode(stream):
            width = round(_ROWS * frame.width / frame.height)
            rgb = frame.reformat(width, _ROWS, "rgb24", interpolation="AREA").to_ndarray().astype(np.float32) / 255
            linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
            frames.append((linear @ np.array([0.2126, 0.7152, 0.0722])).astype(np.float32))
        assert stream.guessed_rate is not None
        return frames, float(stream.guessed_rate)


def most_flashes(frames: Iterable[NDArray[np.float32]], rate: float) -> float:
    """The most flashes in any second, over an area large enough to count."""
    extreme: NDArray[np.float32] | None = None
    window = round(rate)
    recent: list[NDArray[np.int8]] = []
    most = 0.0
    for frame in frames:
        if extreme is None:
            extreme, going = frame.copy(), np.zeros(frame.shape, np.int8)
            count = np.zeros(frame.shape, np.int16)
            continue
        change = frame - extreme
        turned = (np.abs(change) >= STEP) & (np.minimum(frame, extreme) < DARK) & (np.sign(change) != going)
        going = np.where(turned, np.sign(change), going).astype(np.int8)
        # Along the same way the extreme moves on; a change counts once, where it turns.
        onward = turned | (np.sign(change) == going)
        extreme = np.where(onward, frame, extreme)
        recent.append(turned.astype(np.int8))
        count = count + turned
        if len(recent) > window:
            count = count - recent.pop(0)
        # As many changes as the area that counts has seen at least.
        ranked = np.sort(count, axis=None)[::-1]
        most = max(most, float(ranked[int(AREA * count.size)]) / 2)
    return most
