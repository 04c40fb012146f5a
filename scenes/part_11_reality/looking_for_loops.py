"""Looking for loops: which pictures light the hidden neuron that follows loops best, and how many have a loop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from manim import (
    RIGHT,
    UP,
    Animation,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Mobject,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network.analysis.examples import TakenApart, digits_taken_apart, first_of_each_class
from network.analysis.favourites import LoopFavourites, loop_favourites
from network.analysis.loops import FOLLOWS_LOOPS, Ring, correlations, kinds_of_ring
from network.analysis.parts import count_holes, has_upper_hole
from network.digits import Digits
from network.evaluation import evaluate
from scenes.kit import theme
from scenes.kit.animations.swell_in_turn import SwellInTurn
from scenes.kit.contrast import reads_in_black
from scenes.kit.layout import STAGE_BOTTOM, STAGE_MIDDLE, STAGE_TOP, in_rows
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Number, words_that_fit
from scenes.language import _, _n, together
from scenes.part_11_reality.first_layer import FirstLayerBesideOurs
from scenes.part_11_reality.loop_pictures import (
    FAVOURITES,
    HALF_ASIDE,
    LARGEST_PICTURE,
    ROW_WIDTH,
    filled,
    filled_above,
    in_half,
    pictures_in_rows,
    ring,
    rings_of,
)
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import amount, class_in_words, in_words, is_digit, number, several_in_words

# How many classes are shown with their holes at most.
_MOST_CLASSES = 10
# The greatest step from one hidden neuron to the next.
_WIDEST_STEP = 1.6
# The room that captions of two lines take above the foot of the stage.
_CAPTIONS = 0.25
# The picture of part 5, large.
_OUR_EXTENT = 5.6


class LookingForLoops(LessonScene):
    """Which pictures light the best loop neuron most, and how many of them have a loop."""

    def construct(self) -> None:
        self.what_a_loop_is()
        if self.any_loop is None:
            self.nothing_to_find()
        else:
            self.its_favourites()
            self.the_impostors()
            self.the_upper_loop()
            self.what_they_are()
        self.end()

    def alternative_text(self) -> str:
        found = self.any_loop
        return together(
            _(
                "In {some} of {all} test pictures a loop is counted.",
                some=number(self.has_loop.sum()),
                all=amount(len(self.has_loop)),
            ),
            ""
            if found is None
            else _(
                "Of the {favourites} pictures that light the best loop neuron most, {some} have one.",
                favourites=len(found.pictures),
                some=found.with_loop,
            ),
        )

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
        return loop_favourites(self.network, self.test, FAVOURITES)

    @cached_property
    def upper_loop(self) -> LoopFavourites | None:
        """The one that follows loops in the upper half of the picture."""
        return loop_favourites(self.network, self.test, FAVOURITES, upper=True)

    @cached_property
    def with_upper_loop(self) -> TakenApart | None:
        """The picture of part 5 that falls into a loop and a line, if its loop is on top, and its class a figure."""
        example = digits_taken_apart(self.test)[0]
        on_top = is_digit(example.name) and has_upper_hole(example.parts.image[None])[0]
        return example if on_top else None

    @property
    def hidden(self) -> int:
        """The number of hidden neurons, all of which are asked."""
        return sum(layer.n_out for layer in self.network.layers[:-1])

    @cached_property
    def does_its_job(self) -> bool:
        """Whether the network reads most of the test pictures right, as was said in part 2."""
        return evaluate(self.network, self.test).accuracy >= 0.5

    def what_a_loop_is(self) -> None:
        self.next_section(_("What a loop is"))
        chosen = first_of_each_class(self.test, _MOST_CLASSES)
        places, step = in_rows(len(chosen), (0, STAGE_MIDDLE), ROW_WIDTH, STAGE_TOP - STAGE_BOTTOM)
        self.pictures = Group(
            *(
                PixelGrid(self.test.images[index], min(LARGEST_PICTURE, 0.9 * step), (x, y)).without_outlines()
                for index, (x, y, _) in zip(chosen, places, strict=True)
            )
        )
        before = FirstLayerBesideOurs(self.network, self.digits("train").never_lit).at_the_end()
        with self.voiceover(
            _("And loops? We hoped for a neuron that <bookmark mark='holes'/> lights up for any loop."),
            moves=_(
                "The weight pictures give way to one test picture of each class; the holes in them fill with orange."
            ),
        ) as tracker:
            self.add(before)
            self.play(FadeOut(before), FadeIn(self.pictures))
            length = max(tracker.time_until_bookmark("holes"), 1.5)
            self.play(SwellInTurn(self.pictures, 1.1, lag_ratio=0.2), run_time=length)
            self.play(
                LaggedStart(*_become(self.pictures, filled(self.pictures, self.test.images[chosen])), lag_ratio=0.15)
            )

    def nothing_to_find(self) -> None:
        self.next_section(_("Nothing to find"))
        sentence = _("But there are no hidden neurons here that could look for them.")
        if len(self.network.layers) > 1:
            sentence = _("But all pictures are alike in this, so there is nothing that a neuron could tell apart.")
        with self.voiceover(sentence, moves=_("The pictures stand.")):
            pass

    def its_favourites(self) -> None:
        self.next_section(_("Its favourites"))
        found = self.any_loop
        assert found is not None
        self.favourites = pictures_in_rows(self.test.images[found.pictures])
        neurons, best, notes = self.neurons_asked()
        with self.voiceover(
            together(_asked(self.hidden, found), _liked(found)),
            moves=_(
                "In place of the pictures stand all hidden neurons, the brighter, the more closely they follow loops; "
                "the best is ringed. Then come the test pictures that light it most, in rows."
            ),
        ):
            self.play(
                FadeOut(self.pictures, run_time=theme.QUICK),
                FadeIn(neurons, notes[0], rate_func=squish_rate_func(smooth, 0.35, 1), run_time=1.2),
            )
            self.wait_until_bookmark("best")
            self.play(Create(best), FadeIn(notes[1]))
            self.wait_until_bookmark("top")
            self.play(
                FadeOut(neurons, best, notes, run_time=theme.QUICK),
                LaggedStart(
                    *(FadeIn(picture, scale=0.3, target_position=best.get_center()) for picture in self.favourites),
                    lag_ratio=0.1,
                    run_time=2.2,
                ),
            )

    def neurons_asked(self) -> tuple[Cells, Circle, VGroup]:
        """All hidden neurons, layer by layer, as bright as they follow loops, and a ring around the best.

        And notes: what the brightness means, and how closely the best one follows loops, written on it.
        """
        strengths = np.abs(np.concatenate(correlations(self.network, self.test.vectors, self.has_loop)))
        meaning = _("the brighter, the more closely it follows loops; 1 would be perfect")
        note = words_that_fit(meaning, ROW_WIDTH, theme.CAPTION_SIZE)
        note.move_to((0, STAGE_TOP, 0), aligned_edge=UP)
        top, foot = STAGE_TOP - note.height - 0.2, STAGE_BOTTOM + _CAPTIONS
        places, step = in_rows(len(strengths), (0, (top + foot) / 2), ROW_WIDTH, top - foot)
        step = min(step, _WIDEST_STEP)
        neurons = Cells(places, 0.8 * step, 1.0, stroke_colour=theme.NEURON_OUTLINE, stroke_width=2)
        neurons.set_brightness(strengths)
        ring = Circle(0.47 * step, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        best = places[int(strengths.argmax())]
        strongest = float(strengths.max())
        colour = theme.BACKGROUND if reads_in_black(strongest) else theme.TEXT
        written = Number(strongest, 2, theme.LABEL_SIZE, colour).move_to(best)
        if written.width > 0.75 * step:
            written.set_fill(theme.TEXT).next_to(note, RIGHT, buff=0.4)
        return neurons, ring.move_to(best), VGroup(note, written)

    def the_impostors(self) -> None:
        self.next_section(_("The impostors"))
        found = self.any_loop
        assert found is not None
        loops = found.loops[found.pictures]
        self.rings = VGroup(*(ring(picture) for picture, loop in zip(self.favourites, loops, strict=True) if loop))
        with self.voiceover(
            favourites_verdict(found, self.test),
            moves=_(
                "Every hole in them turns orange. The pictures that really have a loop are framed in yellow; the "
                "others swell in turn."
            ),
        ) as tracker:
            rings = (Create(ring) for ring in self.rings)
            self.play(
                *_become(self.favourites, filled(self.favourites, self.test.images[found.pictures])),
                *rings,
                run_time=theme.STEP,
            )
            self.wait_until_bookmark("others")
            others = [picture for picture, loop in zip(self.favourites, loops, strict=True) if not loop]
            length = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(SwellInTurn(others or [*self.favourites], run_time=length))

    def the_upper_loop(self) -> None:
        self.next_section(_("The upper loop"))
        found = self.upper_loop
        self.upper, self.upper_rings = Group(), VGroup()
        if found is None:
            return
        images = self.test.images[found.pictures]
        self.upper = favourites = pictures_in_rows(images)
        kinds = kinds_of_ring(images)
        ours = self.with_upper_loop
        with self.voiceover(
            together(
                _("And a loop on top, as in our {digit}?", digit=class_in_words(ours.name))
                if ours
                else _("And a loop on top?"),
                _("<bookmark mark='best'/> Here's the best for that."),
                upper_verdict(found, self.test),
            ),
            moves=_(
                "In their place stand the pictures that light another neuron most; loops in their upper half turn "
                "orange, and the insides of rings that do not quite close a darker orange, with their gaps in yellow, "
                "and these swell. Then all others are framed."
            ),
        ) as tracker:
            before = Group(*self.favourites, *self.rings)
            if ours:
                large = PixelGrid(ours.parts.image, _OUR_EXTENT, (0, STAGE_MIDDLE)).without_outlines()
                self.play(FadeOut(before, run_time=theme.QUICK), FadeIn(large, scale=0.7))
                self.play(*_become([large], filled([large], ours.parts.image[None])), run_time=theme.QUICK)
                before = Group(large)
            self.wait_until_bookmark("best")
            length = max(tracker.time_until_bookmark("verdict"), 1.2)
            come = LaggedStart(*(FadeIn(one, scale=0.7) for one in favourites), lag_ratio=0.1, run_time=length)
            self.play(FadeOut(before, run_time=theme.QUICK), come)
            self.play(*_become(favourites, filled_above(favourites, images)), run_time=theme.STEP)
            self.wait_until_bookmark("nearly")
            if nearly := [one for one, kind in zip(favourites, kinds, strict=True) if kind is Ring.NEARLY]:
                length = max(tracker.time_until_bookmark("others"), theme.STEP)
                self.play(SwellInTurn(nearly, run_time=length))
            self.wait_until_bookmark("others")
            self.upper_rings = rings_of(favourites, kinds)
            self.play(LaggedStart(*(Create(one) for one in self.upper_rings), lag_ratio=0.15, run_time=1.5))

    def what_they_are(self) -> None:
        self.next_section(_("What they are"))
        found = self.any_loop
        assert found is not None
        with self.voiceover(
            loops_verdict([one for one in (found, self.upper_loop) if one is not None], self.does_its_job),
            moves=_(
                "The pictures that the two neurons like most stand side by side, those without a loop in grey frames. "
                "The frames swell, one after another."
            ),
        ) as tracker:
            both: list[Mobject] = [*self.favourites]
            if len(self.upper):
                left, right = in_half(self.favourites, -HALF_ASIDE), in_half(self.upper, HALF_ASIDE)
                rings = [
                    rings_of(group, kinds_of_ring(self.test.images[liked.pictures], any_loop))
                    for group, liked, any_loop in ((left, found, True), (right, self.upper_loop, False))
                    if liked is not None
                ]
                self.play(
                    *(Transform(one, other) for one, other in zip(self.upper, right, strict=True)),
                    Transform(self.upper_rings, rings[1]),
                    LaggedStart(*(FadeIn(one, scale=0.7) for one in left), lag_ratio=0.05),
                    FadeIn(rings[0], rate_func=squish_rate_func(smooth, 0.6, 1)),
                    run_time=1.2,
                )
                both = [*rings[0], *self.upper_rings]
            self.play(SwellInTurn(both, run_time=max(tracker.get_remaining_duration() - 0.3, theme.FLOW)))


def _become(pictures: Iterable[PixelGrid], others: Iterable[PixelGrid]) -> list[Animation]:
    """Animations that turn each picture into another."""
    return [Transform(one, other) for one, other in zip(pictures, others, strict=True)]


def _asked(hidden: int, found: LoopFavourites) -> str:
    if hidden == 1:
        return _("So ask the one hidden <bookmark mark='best'/> neuron.")
    if abs(found.correlation) < FOLLOWS_LOOPS:
        return _(
            "So ask all hidden neurons: <bookmark mark='best'/> this one follows loops best, but only weakly: "
            "{likeness}.",
            likeness=number(abs(found.correlation), 2),
        )
    return _("So ask all hidden neurons: <bookmark mark='best'/> this one follows loops best.")


def _liked(found: LoopFavourites) -> str:
    """Which pictures are shown, by whether the neuron is bright or dark where there are loops."""
    if found.correlation < 0:
        return _("<bookmark mark='top'/> It goes dark for them, rather than bright. These pictures leave it darkest.")
    return _("<bookmark mark='top'/> These pictures light it most.")


def favourites_verdict(found: LoopFavourites, digits: Digits) -> str:
    """How many of the favourites of the best loop neuron have a loop, and what the others are."""
    count, loops = len(found.pictures), found.with_loop
    if loops == count:
        return _("<bookmark mark='others'/> Every single one has a loop!")
    if not loops:
        told = _("Not one of them has a loop!")
    elif loops < count / 4:
        told = _n("Only {n} of them has a loop!", "{n:^} of them have a loop!", loops, n=in_words(loops))
    else:
        told = _n("Only {n} of them has a loop.", "{n:^} of them have a loop.", loops, n=in_words(loops))
    return together(told, _impostors(found, digits))


def _impostors(found: LoopFavourites, digits: Digits) -> str:
    """What those of the favourites are that have no loop."""
    if len(found.impostors) == 1:
        return _("<bookmark mark='others'/> The other one is an impostor.")
    names = digits.class_names
    classes = np.bincount(digits.labels[found.impostors], minlength=len(names))
    most = int(classes.argmax())
    if classes[most] == len(found.impostors):
        which = several_in_words(names[most])
        if found.with_loop:
            return _("<bookmark mark='others'/> The others are impostors: {digits}, all of them.", digits=which)
        return _("<bookmark mark='others'/> They are impostors: {digits}, all of them.", digits=which)
    if found.with_loop:
        return _("<bookmark mark='others'/> The others are impostors.")
    return _("<bookmark mark='others'/> They are impostors, all of them.")


def upper_verdict(found: LoopFavourites, digits: Digits) -> str:
    """How many of the favourites of the best neuron for upper loops have one, or nearly do.

    The bookmark "nearly" stands before those that nearly do, "others" before those that have nothing of the kind.
    """
    count, loops = len(found.pictures), found.with_loop
    if loops == count:
        return _(
            "<bookmark mark='verdict'/> All of its favourites have their loop on top. <bookmark mark='nearly'/> "
            "<bookmark mark='others'/>"
        )
    none = _("<bookmark mark='verdict'/> None of its favourites has a closed one up there.")
    some = _n(
        "<bookmark mark='verdict'/> {n:^} of its favourites has a closed one up there.",
        "<bookmark mark='verdict'/> {n:^} of its favourites have a closed one up there.",
        loops,
        n=in_words(loops),
    )
    nearly = kinds_of_ring(digits.images[found.pictures]).count(Ring.NEARLY)
    return together(some if loops else none, _come_close(nearly, count - loops))


def _come_close(nearly: int, without: int) -> str:
    """How many of the favourites without a closed loop come close, by the test that closes small gaps."""
    if nearly < 2:
        return "<bookmark mark='nearly'/> <bookmark mark='others'/>"
    if nearly == without:
        return _("<bookmark mark='nearly'/> The others come close. <bookmark mark='others'/>")
    return _n(
        "<bookmark mark='nearly'/> {nearly:^} miss it by a pixel or two; <bookmark mark='others'/> the other {n} "
        "misses by more.",
        "<bookmark mark='nearly'/> {nearly:^} miss it by a pixel or two; <bookmark mark='others'/> the other {n}, by "
        "more.",
        without - nearly,
        n=in_words(without - nearly),
        nearly=in_words(nearly),
    )


def loops_verdict(found: Sequence[LoopFavourites], does_its_job: bool = True) -> str:
    """What became of the hope for loops: for any loop, and, if there is a second, for loops in the upper half.

    does_its_job: whether the network reads well in spite of that.
    """
    follow = [abs(one.correlation) >= FOLLOWS_LOOPS for one in found]
    if follow[0]:
        return _("So, yes: there is a neuron that follows loops, much as we had hoped.")
    if any(follow):
        return _("So, partly: the second of them follows the upper loop. The first looks for something else.")
    return together(
        _("So it isn't a loop neuron.") if len(found) == 1 else _("So neither is a loop neuron."),
        _("The network does its job, just not as we hoped: the disappointment I promised.")
        if does_its_job
        else _("It isn't what we hoped for: the disappointment I promised."),
    )
