from __future__ import annotations

import numpy as np

from network.analysis.pushed import Push


def test_a_picture_is_pushed_by_one_pixel_after_another() -> None:
    image = np.zeros((5, 5), np.float32)
    image[1, 3] = 1
    for (rows, columns), places in (((2, 0), [(2, 3), (3, 3)]), ((0, -3), [(1, 2), (1, 1), (1, 0)])):
        pixels = max(abs(rows), abs(columns))
        push = Push(pixels, "", rows, columns, np.roll(image, (rows, columns), (0, 1)), 0, 1.0)
        steps = push.steps(image)
        assert [tuple(map(int, np.argwhere(step)[0])) for step in steps] == places
        assert np.array_equal(steps[-1], push.image) and steps.sum() == pixels
