"""The box of the puzzle: numbers go in, an answer comes out, and nobody knows yet what is inside."""

from __future__ import annotations

from typing import ClassVar

from manim import RoundedRectangle, VGroup

from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.text import Words
from scenes.language import question_mark


class QuestionBox(VGroup):
    """A box with a large question mark, in the middle of the stage.

    outline: the box itself, whose inside is filled with the background, so that what goes in disappears.
    mark: the question mark.

    >>> QuestionBox()
    """

    # How wide and high it is, and where its middle is.
    EXTENT: ClassVar[float] = 3.4
    PLACE: ClassVar[tuple[float, float, float]] = (0.0, STAGE_MIDDLE, 0.0)

    def __init__(self) -> None:
        self.outline = RoundedRectangle(
            corner_radius=0.25, width=self.EXTENT, height=self.EXTENT, color=theme.TEXT, stroke_width=theme.MARK_WIDTH
        )
        self.outline.set_fill(theme.BACKGROUND, 1)
        self.mark = Words(question_mark(), 3.6 * theme.TITLE_SIZE, theme.UNKNOWN)
        super().__init__(self.outline, self.mark)
        self.move_to(self.PLACE)
