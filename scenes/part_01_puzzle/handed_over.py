"""What one scene of this part hands over to the next: the same picture ends the one and begins the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import DOWN, Group, VGroup
from numpy.typing import ArrayLike, NDArray

from network.analysis.examples import among_others
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, PIXELS_A_UNIT, SAFE_MARGIN, STAGE_MIDDLE, field
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words, as_texture, size_that_fits
from scenes.language import _
from scenes.part_01_puzzle.wall import framed, wall

# A picture made of its numbers: its middle and its width; how many they are stands to the left, with so much room.
_NUMBERS_PLACE, _NUMBERS_EXTENT = (2.6, STAGE_MIDDLE), 6.4
_COUNT_X, _COUNT_ROOM = -3.7, 5.6
# What the light of other pictures goes down to, where one class is looked for.
DIM = 0.22
# So many pictures stand for all of them; the field of those to learn from: its left edge, middle, width and height.
_STAND_INS, _FIELD_LEFT, _FIELD_Y, _FIELD_WIDTH, _FIELD_HEIGHT = 70, -6.6, STAGE_MIDDLE + 0.95, 8.3, 4.4
# From one field to the other, and how high the number and the words below them stand.
_BETWEEN, _NUMBER_Y, _WORDS_Y = 1.6, -1.3, -2.05


class MadeOfNumbers(Group):
    """How many numbers a picture is made of; to the right the numbers, each in its square, and the picture itself.

    numbers: all equally bright at first, so that nothing can be seen in them. count, words: how many they are.
    """

    def __init__(self, image: ArrayLike) -> None:
        self.picture = PixelGrid(image, _NUMBERS_EXTENT, _NUMBERS_PLACE).tint(theme.TEXT)
        size = min(0.68 * _NUMBERS_EXTENT / self.picture.side * PIXELS_A_UNIT, theme.LABEL_SIZE)
        # With one decimal: there is no room for more in a square.
        self.numbers = Numbers(self.picture.values, self.picture.centres, 1, size)
        if size < theme.SMALLEST_SIZE:
            as_texture(self.numbers)
        self.count = Number(len(self.picture), size=3.4 * theme.TITLE_SIZE, colour=theme.ANSWER)
        self.words = Words(word := _("numbers"), size_that_fits([word], _COUNT_ROOM, 1.6 * theme.TITLE_SIZE))
        VGroup(self.count, self.words).arrange(DOWN, buff=0.4).move_to((_COUNT_X, STAGE_MIDDLE, 0))
        super().__init__(self.picture, self.numbers, self.count, self.words)

    def lit(self) -> Numbers:
        """The numbers, each as bright as its square."""
        return self.numbers.copy().set_opacities(self.picture.values)


@dataclass(frozen=True)
class FoundAmongAll:
    """A wall of pictures of all classes, in which those of one class are framed.

    own: the pictures of that class; others: all the others; frames: those around the own ones.
    """

    own: list[PixelGrid]
    others: list[PixelGrid]
    frames: list[Cells]

    @classmethod
    def of(cls, digits: Digits, label: int, images: NDArray[np.float32]) -> FoundAmongAll:
        """images: (n, side, side), pictures of the class, the first of which stand in the wall."""
        chosen = among_others(digits, label, np.random.default_rng(0))
        places = np.flatnonzero(digits.labels[chosen] == label)
        shown = digits.images[chosen].copy()
        first = min(len(places), len(images))
        shown[places[:first]] = images[:first]
        pictures = wall(shown, first=0)
        own = [pictures[at] for at in places]
        others = [picture for at, picture in enumerate(pictures) if at not in places]
        return cls(own, others, [framed(picture) for picture in own])

    def dimmed(self) -> FoundAmongAll:
        """The same, with little light left of the others."""
        for picture in self.others:
            picture.set_opacity(DIM)
        return self


class TwoCrowds(Group):
    """Pictures to learn from at the left, and pictures kept for the exam at the right, in the share that there are.

    example: the index in the test set of the first picture at the right; first: that picture alone, in its place.
    """

    def __init__(self, train: Digits, test: Digits, example: int) -> None:
        exam = int(np.clip(round(_STAND_INS * len(test) / (len(train) + len(test))), 1, _STAND_INS - 1))
        places, step = field(_STAND_INS - exam, (_FIELD_LEFT, _FIELD_Y), _FIELD_WIDTH, _FIELD_HEIGHT)
        self.to_learn = Pictures(_first(train, _STAND_INS - exam), places, 0.9 * step)
        rows = len(np.unique(places[:, 1].round(6)))
        columns = -(-exam // rows)
        left = float(places[:, 0].max()) + step / 2 + _BETWEEN
        there, _width = field(exam, (left, _FIELD_Y), columns * step, rows * step)
        self.exam = Pictures(_first(test, exam, example), there, 0.9 * step)
        self.first = Pictures(test.images[[example]], there[:1], 0.9 * step)
        self.said_to_learn = _counted(len(train), _("to learn from"), self.to_learn)
        self.said_exam = _counted(len(test), _("for the exam"), self.exam)
        super().__init__(self.to_learn, self.exam, self.said_to_learn, self.said_exam)


def _first(digits: Digits, count: int, first: int | None = None) -> NDArray[np.float32]:
    """The first pictures of a set, (count, side, side), with one of them before the others; some twice if too few."""
    order = np.arange(len(digits))
    if first is not None:
        order = np.concatenate([[first], order[order != first]])
    return np.asarray(digits.images[np.resize(order[:count], count)], np.float32)


def _counted(count: int, words: str, crowd: Pictures) -> VGroup:
    """How many pictures a crowd stands for, and what for, below it."""
    x = float(crowd.get_x())
    number = Number(count, size=1.9 * theme.TITLE_SIZE, colour=theme.ANSWER).move_to((x, _NUMBER_Y, 0))
    room = 2 * (FRAME_WIDTH / 2 - SAFE_MARGIN - abs(x))
    said = Words(words, size_that_fits([words], room, 1.3 * theme.TITLE_SIZE))
    return VGroup(number, said.move_to((x, _WORDS_Y, 0)))
