"""A picture times weights set by hand: the three pictures of the detectors, with their sum large below."""

from __future__ import annotations

from manim import DOWN, LEFT, RIGHT, VGroup
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.mobjects.text import Words, words_that_fit
from scenes.kit.mobjects.weighted_sum import WeightedSum
from scenes.language import _
from scenes.part_06_edges.hand_set_weights import BY_HAND, frame_of_bar


class SumByHand(WeightedSum):
    """A weighted sum with weights set by hand; the sum stands large under the products.

    sum_name: beside the sum. sizes: of the weights, below them, in the place of sum_name, so they stand there by turns;
    only sum_name is there at first. place: a frame around the bar's place in the picture.
    """

    # The height of the three pictures, and the size of the sum, as a multiple of a title.
    PICTURES_Y, SUM_SIZE = 0.88, 3.3

    def __init__(self, image: ArrayLike, weights: ArrayLike) -> None:
        super().__init__(image, weights, 1.0, _(BY_HAND), height=self.PICTURES_Y)
        self.remove(self.equation)
        for name in self.names:
            name.scale(theme.TITLE_SIZE / theme.LABEL_SIZE, about_edge=DOWN)
        self.sum_name = Words(_("weighted sum"), 1.2 * theme.TITLE_SIZE)
        widest = self.total.copy().set_value(-88.8).scale(self.SUM_SIZE)
        self.total.scale(self.SUM_SIZE)
        # The number stands at the right in every language: the rule needs the room to its left.
        row = VGroup(self.sum_name, widest).arrange(RIGHT, buff=0.45)
        row.next_to(self.frames, DOWN, buff=0.38).align_to(self.frames, RIGHT)
        self.total.move_to(widest).align_to(widest, LEFT)
        self.sum_name.set_y(self.total.get_y())
        # As far to the left of the middle as to the right of it there is room before the sum.
        room = 2 * (widest.get_left()[0] - 0.7)
        self.sizes = words_that_fit(
            _("1 on the bar, −1/2 above and below"), room, theme.TITLE_SIZE, theme.WEIGHTS_SYMBOL
        )
        self.sizes.next_to(self.frames[1], DOWN, buff=0.3)
        self.place = frame_of_bar(self.pixels)
        self.add(self.sum_name, self.place)
