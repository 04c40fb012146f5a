"""What a picture is, and what it was read as."""

from __future__ import annotations

from manim import RIGHT, UP, Mobject

from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.text import Words
from scenes.language import _

_SIZE = 44


class Verdict(Words):
    """The words "3, read as 5: wrong", in red if the answer is wrong; above a picture, if one is given.

    Long names begin at the edge of the stage.

    >>> Verdict("3", "5")
    """

    def __init__(self, truth: str, answer: str, above: Mobject | None = None, size: float = _SIZE) -> None:
        right = truth == answer
        sentence = (
            _("{truth}, read as {answer}", truth=truth, answer=answer)
            if right
            else _("{truth}, read as {answer}: wrong", truth=truth, answer=answer)
        )
        super().__init__(sentence, size, theme.TEXT if right else theme.WRONG)
        if above is not None:
            self.next_to(above, UP, buff=0.3)
            self.shift(max(SAFE_MARGIN - FRAME_WIDTH / 2 - float(self.get_left()[0]), 0) * RIGHT)
