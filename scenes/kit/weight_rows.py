"""Where the weight pictures of a first layer stand, wherever the lesson shows them all large."""

from __future__ import annotations

from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP

# The room for the weight pictures: its left edge and its width; and the share of it that they take.
_LEFT, _WIDTH, _SHARE = SAFE_MARGIN - FRAME_WIDTH / 2, 10.9, 0.93


def places_in_rows(number: int, beneath: float = 0.0) -> list[tuple[float, float, float]]:
    """The x, y and extent of square pictures in rows of nearly equal length, as large as the room allows.

    The longest rows are in the middle. beneath: room that is left beneath each row, for a line of text.
    """
    height = STAGE_TOP - STAGE_BOTTOM

    def step_of(rows: int) -> float:
        return min(_WIDTH / -(-number // rows), height / rows - beneath)

    rows = max(range(1, number + 1), key=step_of)
    step = step_of(rows)
    short, longer = divmod(number, rows)
    lengths = [short] * rows
    for row in sorted(range(rows), key=lambda row: abs(row - (rows - 1) / 2))[:longer]:
        lengths[row] += 1
    return [
        (
            _LEFT + _WIDTH / 2 + (place - (length - 1) / 2) * step,
            STAGE_MIDDLE + ((rows - 1) / 2 - row) * (step + beneath) + beneath / 2,
            _SHARE * step,
        )
        for row, length in enumerate(lengths)
        for place in range(length)
    ]
