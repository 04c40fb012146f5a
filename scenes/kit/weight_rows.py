"""Where the weight pictures of a first layer stand, wherever the lesson shows them all large."""

from __future__ import annotations

from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP

# The room for the weight pictures where nothing else is said: its width, from the left edge of the stage; its height,
# and its middle. And the share of their places that the pictures take.
_WIDTH, _HEIGHT = 10.9, STAGE_TOP - STAGE_BOTTOM
_MIDDLE = SAFE_MARGIN - FRAME_WIDTH / 2 + _WIDTH / 2, STAGE_MIDDLE
_SHARE = 0.93


def places_in_rows(
    number: int,
    beneath: float = 0.0,
    middle: tuple[float, float] = _MIDDLE,
    width: float = _WIDTH,
    height: float = _HEIGHT,
) -> list[tuple[float, float, float]]:
    """The x, y and extent of square pictures in rows of nearly equal length, as large as the room allows.

    The longest rows are in the middle. How many rows there are depends on the number alone, so that each neuron has
    the same place in smaller rooms. beneath: room that is left beneath each row, for a line of text.
    """
    rows = max(range(1, number + 1), key=lambda rows: min(_WIDTH / -(-number // rows), _HEIGHT / rows))

    def step_of(rows: int) -> float:
        return min(width / -(-number // rows), height / rows - beneath)

    step = step_of(rows)
    short, longer = divmod(number, rows)
    lengths = [short] * rows
    for row in sorted(range(rows), key=lambda row: abs(row - (rows - 1) / 2))[:longer]:
        lengths[row] += 1
    return [
        (
            middle[0] + (place - (length - 1) / 2) * step,
            middle[1] + ((rows - 1) / 2 - row) * (step + beneath) + beneath / 2,
            _SHARE * step,
        )
        for row, length in enumerate(lengths)
        for place in range(length)
    ]
