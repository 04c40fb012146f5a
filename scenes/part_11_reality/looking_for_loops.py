"""Looking for loops: which pictures light the hidden neuron that follows loops best, and how many have a loop."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    GrowFromEdge,
    LaggedStart,
    Rectangle,
    SurroundingRectangle,
    Transform,
    VGroup,
    there_and_back,
)
from numpy.typing import NDArray

from network.analysis.examples import first_of_each_class
from network.analysis.favourites import LoopFavourites, loop_favourites
from network.analysis.loops import FOLLOWS_LOOPS, correlations
from network.analysis.parts import count_holes, has_upper_hole, hole_cells, upper_hole_cells, with_gaps_closed
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE, STAGE_TOP
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import capitalised, in_words, percent, several_in_words

# How many classes are shown with their holes at most, and the distance of the two rows in which they stand.
_MOST_CLASSES, _ROW_STEP = 10, 3.2
# The longest step from picture to picture, the width of a row, and the width of the largest picture.
_WIDEST_STEP, _ROW_WIDTH, _LARGEST_PICTURE = 2.55, 13, 2.2
# The favourites of a neuron: how many, in how many columns, how far apart, and how large.
_FAVOURITES, _COLUMNS, _STEP, _EXTENT = 20, 7, 1.9, 1.72
# The bars: how long one of 100 percent is, and how high.
_BAR_LENGTH, _BAR_HEIGHT = 11.2, 1.3
# How bright the inside of a ring is that does not quite close.
_NEARLY = 0.55


class LookingForLoops(LessonScene):
    """Which pictures light the best loop neuron most, and how many of them have a loop."""

    def construct(self) -> None:
        self.what_a_loop_is()
        if self.any_loop is None:
            self.nothing_to_find()
        else:
            self.its_favourites()
            self.the_impostors()
            self.by_it_alone()
            self.the_upper_loop()
            self.what_they_are()
        self.end()

    def alternative_text(self) -> str:
        text = f"In {int(self.has_loop.sum()):,} of {len(self.has_loop):,} test pictures a loop is counted."
        if (found := self.any_loop) is not None:
            text += (
                f" Of the {len(found.pictures)} pictures that light the best loop neuron most, {found.with_loop} have "
                f"one. By its activation alone, {percent(found.split, 0)} of all pictures are sorted right."
            )
        return text

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def has_loop(self) -> NDArray[np.bool_]:
        """(n,) in which test pictures a hole is counted."""
        return np.asarray(count_holes(self.test.images) > 0)

    @cached_property
    def any_loop(self) -> LoopFavourites | None:
        """The hidden neuron that follows loops most closely; None if there is nothing to find."""
        return loop_favourites(self.network, self.test, _FAVOURITES)

    @cached_property
    def upper_loop(self) -> LoopFavourites | None:
        """The one that follows loops in the upper half of the picture."""
        return loop_favourites(self.network, self.test, _FAVOURITES, upper=True)

    @property
    def hidden(self) -> int:
        """The number of hidden neurons, all of which are asked."""
        return sum(layer.n_out for layer in self.network.layers[:-1])

    @cached_property
    def does_its_job(self) -> bool:
        """Whether the network reads most of the test pictures right, as was said in part 2."""
        return evaluate(self.network, self.test).accuracy >= 0.5

    def what_a_loop_is(self) -> None:
        self.next_section("What a loop is")
        chosen = first_of_each_class(self.test, _MOST_CLASSES)
        counts = count_holes(self.test.images[chosen])
        columns = -(-len(chosen) // 2)
        pitch = min(_WIDEST_STEP, _ROW_WIDTH / columns)
        self.pictures, self.counts = Group(), VGroup()
        for place, index in enumerate(chosen):
            row, column = divmod(place, columns)
            x, y = (column - (columns - 1) / 2) * pitch, STAGE_MIDDLE + 1.9 - row * _ROW_STEP
            self.pictures.add(PixelGrid(self.test.images[index], min(_LARGEST_PICTURE, 0.9 * pitch), (x, y)))
            label = Number(int(counts[place]), size=44, colour=theme.ANSWER if counts[place] else theme.QUIET_TEXT)
            self.counts.add(label.next_to(self.pictures[-1], DOWN, buff=0.16))
        with self.voiceover(
            "And loops? We hoped for a neuron that lights up for any loop at all. "
            "<bookmark mark='holes'/> Where the loops are, we know: fill the holes, <bookmark mark='many'/> and count "
            "them.",
            moves="One test picture of each class; the holes in them fill with yellow, and their number appears.",
        ):
            self.play(FadeIn(self.pictures))
            self.wait_until_bookmark("holes")
            self.play(LaggedStart(*_filled(self.pictures, self.test.images[chosen]), lag_ratio=0.15))
            self.wait_until_bookmark("many")
            self.play(FadeIn(self.counts))

    def nothing_to_find(self) -> None:
        self.next_section("Nothing to find")
        sentence = "But there are no hidden neurons here that could look for them."
        if len(self.network.layers) > 1:
            sentence = "But all pictures are alike in this, so there is nothing that a neuron could tell apart."
        with self.voiceover(sentence, moves="The pictures stand."):
            pass

    def its_favourites(self) -> None:
        self.next_section("Its favourites")
        found = self.any_loop
        assert found is not None
        self.favourites = _pictures_in_rows(self.test.images[found.pictures])
        self.heading = _heading("a loop detector", self.hidden)
        neurons, best = self.neurons_asked()
        title = Words("brighter: follows loops more closely", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.asked = Group(neurons, title.move_to((0, STAGE_TOP, 0), aligned_edge=UP))
        with self.voiceover(
            f"{_asked(self.hidden)} <bookmark mark='top'/> {_liked(found)} "
            "<bookmark mark='loops'/> Now colour the loops.",
            moves="In place of the pictures stand all hidden neurons, the brighter, the more closely they follow "
            "loops; the best is ringed. Then come the test pictures that light it most, in rows, and every hole in "
            "them turns yellow.",
        ):
            self.play(FadeOut(self.pictures), FadeOut(self.counts), FadeIn(self.asked))
            self.wait_until_bookmark("best")
            self.play(Create(best))
            self.wait_until_bookmark("top")
            self.play(FadeOut(self.asked), FadeOut(best), FadeIn(self.heading), run_time=theme.QUICK)
            self.play(LaggedStart(*(FadeIn(picture, scale=0.7) for picture in self.favourites), lag_ratio=0.1))
            self.wait_until_bookmark("loops")
            self.play(*_filled(self.favourites, self.test.images[found.pictures]), run_time=theme.STEP)

    def neurons_asked(self) -> tuple[Cells, Circle]:
        """All hidden neurons, a layer in each row, as bright as they follow loops; and a ring around the best."""
        measured = correlations(self.network, self.test.vectors, self.has_loop)
        widest = max(len(values) for values in measured)
        step = min(_ROW_WIDTH / widest, 5.5 / len(measured), 1.6)
        places = [
            ((j - (len(values) - 1) / 2) * step, STAGE_MIDDLE + ((len(measured) - 1) / 2 - i) * max(step, 1.6), 0)
            for i, values in enumerate(measured)
            for j in range(len(values))
        ]
        strengths = np.abs(np.concatenate(measured))
        neurons = Cells(places, 0.8 * step, 1.0, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
        neurons.set_brightness(strengths / strengths.max())
        ring = Circle(0.47 * step, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        return neurons, ring.move_to(places[int(strengths.argmax())])

    def the_impostors(self) -> None:
        self.next_section("The impostors")
        found = self.any_loop
        assert found is not None
        loops = found.loops[found.pictures]
        self.rings = VGroup(*(_ring(picture) for picture, loop in zip(self.favourites, loops, strict=True) if loop))
        with self.voiceover(
            favourites_verdict(found, self.test),
            moves="The pictures that really have a loop are framed in yellow; the others go pale, and swell in turn.",
        ):
            pale = [
                picture.animate.set_opacity(0.45)
                for picture, loop in zip(self.favourites, loops, strict=True)
                if not loop
            ]
            self.play(*(FadeIn(ring) for ring in self.rings), *pale)
            others = [picture for picture, loop in zip(self.favourites, loops, strict=True) if not loop]
            if others:
                swell = (picture.animate(rate_func=there_and_back).scale(1.15) for picture in others)
                self.play(LaggedStart(*swell, lag_ratio=0.1, run_time=2 * theme.FLOW))

    def by_it_alone(self) -> None:
        self.next_section("By it alone")
        found = self.any_loop
        assert found is not None
        guess = "no loop" if found.loops.mean() < 0.5 else "loop"
        self.bars = VGroup(
            _bar("by this neuron alone", found.split, theme.ANSWER, STAGE_MIDDLE + 1.5),
            _bar(f"always saying “{guess}”", found.always, theme.NEUTRAL, STAGE_MIDDLE - 1.5),
        )
        with self.voiceover(
            alone_told(found, guess),
            moves="The pictures give way to two bars: the share that is sorted right by the neuron, and by always "
            "giving the same answer.",
        ):
            self.play(FadeOut(self.favourites), FadeOut(self.rings), FadeIn(*(bar[0] for bar in self.bars)))
            for bar, mark in zip(self.bars, ("split", "always"), strict=True):
                self.wait_until_bookmark(mark)
                self.play(GrowFromEdge(bar[1], LEFT), FadeIn(bar[2]), run_time=theme.STEP)

    def the_upper_loop(self) -> None:
        self.next_section("The upper loop")
        found = self.upper_loop
        self.upper = Group()
        if found is None:
            return
        favourites, heading = (
            _pictures_in_rows(self.test.images[found.pictures]),
            _heading("an upper-loop detector", self.hidden),
        )
        with self.voiceover(
            f"And a loop on top{', as in our nine' if '9' in self.test.class_names else ''}? "
            f"<bookmark mark='best'/> Here's the best neuron for that. <bookmark mark='verdict'/> "
            f"{upper_verdict(found, self.test)}",
            moves="In place of the bars stand the pictures that light another neuron most; loops in their upper half "
            "turn yellow, and the insides of rings that do not quite close a darker yellow.",
        ):
            self.play(FadeOut(self.bars, self.heading))
            self.play(FadeIn(heading), LaggedStart(*(FadeIn(one, scale=0.7) for one in favourites), lag_ratio=0.1))
            self.wait_until_bookmark("verdict")
            self.play(*_filled_above(favourites, self.test.images[found.pictures]), run_time=theme.STEP)
        self.upper = favourites

    def what_they_are(self) -> None:
        self.next_section("What they are")
        found = self.any_loop
        assert found is not None
        swell = (one.animate(rate_func=there_and_back).scale(1.15) for one in self.upper)
        with self.voiceover(
            loops_verdict([one for one in (found, self.upper_loop) if one is not None], self.does_its_job),
            moves="The pictures swell, one after another.",
        ):
            if len(self.upper):
                self.play(LaggedStart(*swell, lag_ratio=0.1, run_time=2 * theme.FLOW))


def _pictures_in_rows(images: NDArray[np.float32]) -> Group:
    """Pictures (n, side, side) in rows that fill the stage."""
    rows = -(-len(images) // _COLUMNS)
    group = Group()
    for place, image in enumerate(images):
        row, column = divmod(place, _COLUMNS)
        in_row = min(_COLUMNS, len(images) - row * _COLUMNS)
        x, y = (column - (in_row - 1) / 2) * _STEP, STAGE_MIDDLE - 0.3 + ((rows - 1) / 2 - row) * _STEP
        group.add(PixelGrid(image, _EXTENT, (x, y)).without_outlines())
    return group


def _filled(pictures: Group, images: NDArray[np.float32]) -> list[Animation]:
    """Animations that turn the holes of pictures yellow."""
    moves: list[Animation] = []
    for picture, pixels in zip(pictures, hole_cells(images), strict=True):
        target = picture.copy()
        target.colours[pixels.ravel()] = rgb(theme.ANSWER)
        moves.append(Transform(picture, target))
    return moves


def _filled_above(pictures: Group, images: NDArray[np.float32]) -> list[Animation]:
    """Animations that turn holes in the upper half yellow; where there is none, those that a small gap leaves open."""
    moves: list[Animation] = []
    closed, nearly = upper_hole_cells(images), upper_hole_cells(with_gaps_closed(images))
    for picture, inside, almost in zip(pictures, closed, nearly, strict=True):
        target = picture.copy()
        if inside.any():
            target.colours[inside.ravel()] = rgb(theme.ANSWER)
        else:
            dark = almost.ravel()
            target.colours[dark] = np.maximum(target.colours[dark], _NEARLY * rgb(theme.ANSWER))
        moves.append(Transform(picture, target))
    return moves


def _heading(detector: str, hidden: int) -> Words:
    """Which neuron it is, above its favourites: the best of all hidden ones."""
    title = f"most like {detector}: the best of {hidden}"
    return Words(title, theme.LABEL_SIZE, theme.QUIET_TEXT).move_to((0, STAGE_TOP, 0), aligned_edge=UP)


def _ring(picture: PixelGrid) -> SurroundingRectangle:
    return SurroundingRectangle(picture, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH, buff=0.02)


def _bar(label: str, share: float, colour: str, y: float) -> VGroup:
    """A bar for a share of the pictures, with its label above it and the percentage at its end."""
    bar = Rectangle(width=_BAR_LENGTH * share, height=_BAR_HEIGHT, stroke_width=0, fill_color=colour, fill_opacity=1)
    bar.move_to((-_ROW_WIDTH / 2, y - 0.4, 0), aligned_edge=LEFT)
    words = Words(label, 52).next_to(bar, UP, buff=0.25).align_to(bar, LEFT)
    return VGroup(words, bar, Words(percent(share, 0), 64, colour).next_to(bar, RIGHT, buff=0.3))


def _asked(hidden: int) -> str:
    if hidden == 1:
        return "So let's ask the one hidden <bookmark mark='best'/> neuron."
    return "So let's ask all hidden neurons, and take <bookmark mark='best'/> the one that follows loops best."


def _liked(found: LoopFavourites) -> str:
    """Which pictures are shown, by whether the neuron is bright or dark where there are loops."""
    if found.correlation < 0:
        return "It goes dark for them, rather than bright. These pictures leave it darkest."
    return "These pictures light it most."


def favourites_verdict(found: LoopFavourites, digits: Digits) -> str:
    """How many of the favourites of the best loop neuron have a loop, and what the others are."""
    count, loops = len(found.pictures), found.with_loop
    if loops == count:
        return "Every single one has a loop!"
    told = {0: "Not one of them has a loop", 1: "Only one of them has a loop"}.get(
        loops, f"{capitalised(in_words(loops))} of them have a loop"
    )
    told += "!" if loops < count / 4 else "."
    if len(found.impostors) == 1:
        return f"{told} The other one is an impostor."
    names = digits.class_names
    classes = np.bincount(digits.labels[found.impostors], minlength=len(names))
    most = int(classes.argmax())
    others = "The others are impostors" if loops else "They are impostors"
    if classes[most] == len(found.impostors):
        return f"{told} {others}, and all of them are {several_in_words(names[most])}."
    return f"{told} {others}{'' if loops else ', all of them'}."


def alone_told(found: LoopFavourites, guess: str) -> str:
    """How well the best loop neuron alone sorts all pictures, against always giving the same answer."""
    gain = found.split - found.always
    better = "far better" if gain > 0.2 else "better" if gain > 0.05 else "hardly better" if gain > 0 else "no better"
    return (
        f"Now sort all pictures <bookmark mark='split'/> by it alone. That's {better} than always saying "
        f"<bookmark mark='always'/> “{guess}”."
    )


def upper_verdict(found: LoopFavourites, digits: Digits) -> str:
    """How many of the favourites of the best neuron for upper loops have one, or nearly do."""
    count, loops = len(found.pictures), found.with_loop
    if loops == count:
        return "All of its favourites have their loop on top."
    told = {0: "None of its favourites has one", 1: "One of its favourites has one"}.get(
        loops, f"{capitalised(in_words(loops))} of its favourites have one"
    )
    nearly = int(np.count_nonzero(has_upper_hole(with_gaps_closed(digits.images[found.pictures])))) - loops
    if nearly < 2:
        return f"{told}."
    return f"{told}; in {in_words(nearly)}, a ring doesn't quite close."


def loops_verdict(found: Sequence[LoopFavourites], does_its_job: bool = True) -> str:
    """What became of the hope for loops: for any loop, and, if there is a second, for loops in the upper half.

    does_its_job: whether the network reads well in spite of that.
    """
    follow = [abs(one.correlation) >= FOLLOWS_LOOPS for one in found]
    if follow[0]:
        return "So, yes: there is a neuron that follows loops, much as we had hoped."
    if any(follow):
        return "So, partly: the second of them follows the upper loop. The first looks for something else."
    who, they = (
        ("It isn't a loop neuron", "it is instead")
        if len(found) == 1
        else ("Neither is a loop neuron", "they are instead")
    )
    job = "The network does its job, and not in the way we hoped" if does_its_job else "It isn't what we hoped for"
    return f"{who}; what {they} has no name. {job}. That's the disappointment I promised."
