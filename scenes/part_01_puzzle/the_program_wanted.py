"""TheProgramWanted: Honest rules race on the real test set. The best one has to keep 60,000 pictures: at what price?"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Arrow,
    FadeIn,
    FadeOut,
    Group,
    GrowArrow,
    Indicate,
    LaggedStart,
    Mobject,
    Succession,
    Transform,
    UpdateFromAlphaFunc,
    VGroup,
    Wait,
    rush_into,
)
from numpy.typing import NDArray

from network.analysis.rules import RulesRace, average_pictures, blended, race_of, stand_ins
from network.digits import Digits
from scenes import wording
from scenes.kit import theme
from scenes.kit.animations.pixels_to_numbers import StreamIn
from scenes.kit.animations.sort_pictures import SortPictures
from scenes.kit.animations.storm import Storm
from scenes.kit.layout import (
    FRAME_WIDTH,
    PIXELS_A_UNIT,
    SAFE_MARGIN,
    STAGE_BOTTOM,
    STAGE_MIDDLE,
    STAGE_TOP,
    column,
)
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pictures import Pictures
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.question_box import QuestionBox
from scenes.kit.mobjects.text import Words, as_texture, size_that_fits
from scenes.language import Word, _, _n, _w, together
from scenes.part_01_puzzle.handed_over import TwoCrowds
from scenes.part_01_puzzle.race_lane import STEP, RaceLane
from scenes.part_01_puzzle.rule_pictures import DRAWN, Averages, InkBars, KeptPictures
from scenes.stage.lesson_scene import LessonScene

# Where the picture and the possible answers stand, left and right of the box.
_PICTURE_X, _PICTURE_EXTENT, _ANSWERS_X = -4.95, 3.9, 4.9
# Where the box stands during the race, and the picture that goes first; and where the box's answer appears, below it.
_RACE_X, _ANSWER_Y = -2.72, -2.1
_FIRST_X, _FIRST_EXTENT = -5.75, 2.4
# The room over which the heap of pictures spreads.
_HEAP_LEFT, _HEAP_RIGHT = -6.85, -0.95


class TheProgramWanted(LessonScene):
    """A box between 28×28 numbers and one digit: what to write inside? Honest rules are tried on the test set."""

    def construct(self) -> None:
        # What stuck to the lanes, and what shows the answer in the box now.
        self.stuck: list[Pictures] = []
        self.marked: Group = Group()
        self.the_task()
        self.amount_of_ink()
        self.nearest_average()
        self.nearest_picture()
        self.something_small()
        self.end()

    def alternative_text(self) -> str:
        race = self.race
        shares = {name: wording.percent(rule.share) for name, rule in race.rules.items()}
        return _(
            "A box with a question mark takes a picture and gives one answer. Four rules race in it on {pictures} real "
            "test pictures; each row of pictures that are right grows as long as its share: the amount of ink {ink}, "
            "the nearest average picture {average}, the nearest of {kept} training pictures {nearest}, and the "
            "network {own}.",
            pictures=wording.amount(race.pictures),
            kept=wording.amount(race.kept),
            own=wording.percent(self.own_share),
            **shares,
        )

    @cached_property
    def test(self) -> Digits:
        return self.digits()

    @cached_property
    def race(self) -> RulesRace:
        inputs = self.lesson_inputs
        return race_of(self.companion_file("rules"), lambda: self.digits("train"), self.test, inputs.data_md5())

    @cached_property
    def leader(self) -> int:
        """The place in the race of the picture that goes first."""
        return self.race.leader(self.hero, self.test.labels)

    @cached_property
    def example(self) -> int:
        """The index in the test set of the picture that goes first."""
        return int(self.race.tested[self.leader])

    @cached_property
    def name(self) -> str:
        return self.test.class_names[self.test.labels[self.example]]

    @cached_property
    def own_answers(self) -> NDArray[np.intp]:
        """The network's answers to the pictures of the race."""
        return np.asarray(self.network.classify(self.test.vectors)[self.race.tested], np.intp)

    @cached_property
    def own_share(self) -> float:
        return float((self.own_answers == self.test.labels[self.race.tested]).mean())

    @cached_property
    def averages(self) -> NDArray[np.floating]:
        """The average training picture of each class."""
        return average_pictures(self.digits("train"))

    def the_task(self) -> None:
        self.next_section(_("The task"))
        n, names = self.digits().side ** 2, self.test.class_names
        self.picture = PixelGrid(self.test.images[self.example], _PICTURE_EXTENT, (_PICTURE_X, STAGE_MIDDLE))
        self.box = QuestionBox()
        self.names, dots = self.possible_answers()
        all_digits = all(map(wording.is_digit, names))
        into, out = self.arrow(self.picture, self.box), self.arrow(self.box, self.names)
        going_in = Words(self.keeps(n), self.size_above(self.keeps(n), _PICTURE_X)).next_to(self.picture, UP, buff=0.35)
        one = _("one digit") if all_digits else _("one name")
        coming_out = Words(one, self.size_above(one, _ANSWERS_X)).next_to(self.names, UP, buff=0.25)
        coming_out.set_y(max(coming_out.get_y(), going_in.get_y()))
        self.around = Group(into, out, going_in, coming_out, self.names, dots)
        comes_out = (
            _n("{n} number goes in, and one digit comes out.", "{n} numbers go in, and one digit comes out.", n)
            if all_digits
            else _n("{n} number goes in, and one name comes out.", "{n} numbers go in, and one name comes out.", n)
        )
        with self.voiceover(
            together(
                comes_out,
                _("<bookmark mark='easy'/> For you that's nothing."),
                _("<bookmark mark='box'/> But what program goes in the box?"),
            ),
            moves=_(
                "Of two crowds of pictures, one remains and grows. Row by row its bright squares turn into numbers, "
                "which run in lanes into a box with a question mark. On the other side stand the possible answers, and "
                "the right one lights up."
            ),
        ):
            stream = StreamIn(self.picture, self.box, run_time=2 * theme.STEP)
            as_texture(stream.numbers)
            # As the scene before leaves it.
            crowds = TwoCrowds(self.digits("train"), self.test, self.example)
            self.add(crowds, crowds.first)
            self.play(
                FadeOut(crowds, run_time=theme.QUICK),
                Transform(crowds.first, self.picture_in_front(), run_time=0.7 * theme.STEP),
                FadeIn(self.box, going_in, run_time=0.7 * theme.STEP),
            )
            self.remove(crowds.first)
            self.add(self.picture)
            self.play(GrowArrow(into, run_time=0.25))
            self.add(stream.numbers, self.box)
            # The picture is back while its last numbers run in.
            self.first = self.picture_in_front()
            self.play(
                stream,
                LaggedStart(FadeIn(self.names, coming_out, dots), GrowArrow(out), lag_ratio=0.2),
                Succession(Wait(1.4 * theme.STEP), FadeIn(self.first, run_time=0.6 * theme.STEP)),
            )
            self.remove(self.picture, stream.numbers)
            answer = self.names[self.test.labels[self.example]]
            self.wait_until_bookmark("easy")
            lit = answer.animate.set_color(theme.ANSWER).scale(1.5, about_edge=LEFT)
            self.play(lit, run_time=theme.QUICK)
            self.wait_until_bookmark("box")
            self.play(Indicate(self.box.mark, 1.35, theme.ANSWER), run_time=theme.FLOW)
            self.make_room_for_the_race()

    def size_above(self, words: str, x: float) -> float:
        """The size of words that stand above something, in the middle between it and the edge of the stage."""
        return size_that_fits([words], 2 * (FRAME_WIDTH / 2 - SAFE_MARGIN - abs(x)), theme.TITLE_SIZE)

    def possible_answers(self) -> tuple[VGroup, Cells | Group]:
        """The names of the classes in a column, and the dots for those there is no room for, if any."""
        names = self.test.class_names
        places = column(len(names), (_ANSWERS_X, STAGE_MIDDLE - 0.15), 5.4, most=14)
        most = theme.TITLE_SIZE if max(map(len, names)) == 1 else theme.LABEL_SIZE + 8
        size = float(np.clip(0.95 * PIXELS_A_UNIT * places.diameter, theme.SMALLEST_SIZE, most))
        answers = VGroup()
        for name, centre, shown in zip(names, places.centres, places.shown, strict=True):
            word = Words(name, size, theme.QUIET_TEXT).move_to(centre)
            if len(name) > 1:
                word.align_to(centre - 0.3 * RIGHT, LEFT)
            answers.add(word.set_opacity(float(shown)))
        return answers, Cells(places.dots, 0.07, 1, stroke_width=0) if len(places.dots) else Group()

    def arrow(self, start: Mobject, end: Mobject) -> Arrow:
        """An arrow from one mobject to the next one to its right."""
        ends = start.get_right()[0] + 0.2, end.get_left()[0] - 0.35
        return Arrow(
            (ends[0], STAGE_MIDDLE, 0),
            (ends[1], STAGE_MIDDLE, 0),
            buff=0,
            color=theme.NEUTRAL,
            stroke_width=theme.MARK_WIDTH,
            tip_length=0.28,
            max_tip_length_to_length_ratio=1,
        )

    def make_room_for_the_race(self) -> None:
        """The box goes to the left, and the first picture before it."""
        self.small_box = self.box.copy().move_to((_RACE_X, STAGE_MIDDLE, 0))
        self.tracks = [RaceLane(place, "", 0, "").track for place in range(4)]
        waiting = self.first.copy().set_places([[_FIRST_X, STAGE_MIDDLE, 0]], _FIRST_EXTENT)
        self.play(
            FadeOut(self.around),
            Transform(self.box, self.small_box),
            Transform(self.first, waiting),
            LaggedStart(*map(FadeIn, self.tracks), lag_ratio=0.2, run_time=theme.STEP),
        )

    def picture_in_front(self) -> Pictures:
        """The first picture, as large as it was before its squares ran into the box."""
        return Pictures(self.test.images[[self.example]], [[_PICTURE_X, STAGE_MIDDLE, 0]], _PICTURE_EXTENT)

    def amount_of_ink(self) -> None:
        self.next_section(_("Amount of ink"))
        names, race = self.test.class_names, self.race
        ink = self.averages.sum(axis=1)
        least, most = int(np.nanargmin(ink)), int(np.nanargmax(ink))
        bars = InkBars(ink, names, (_RACE_X, STAGE_MIDDLE))
        rule = race.rules["ink"]
        own = float(self.test.vectors[self.example].sum())
        share = wording.percentage(rule.share, 0) if rule.share > 0.1 else spoken(rule.share)
        in_the_exam = (
            _("<bookmark mark='race'/> In the exam: {share} percent.", share=share)
            if race.complete
            else _(
                "<bookmark mark='race'/> Over {pictures} new pictures: {share} percent.",
                pictures=wording.amount(race.pictures),
                share=share,
            )
        )
        lane = RaceLane(0, _("amount of ink"), rule.share, self.keeps(rule.numbers))
        with self.voiceover(
            together(
                _(
                    "You could measure the ink: <bookmark mark='little'/> {little} need little, "
                    "<bookmark mark='lot'/> {a_lot} a lot.",
                    little=wording.several_in_words(names[least]),
                    a_lot=wording.several_in_words(names[most]),
                ),
                self.comes_out(int(rule.answers[self.leader])),
                in_the_exam,
            ),
            moves=_(
                "In the box stand bars for the average ink of each class. The first picture goes in, and a line rises "
                "to its ink. Then a hundred pictures fly through the box, one for each percent: the right ones stick "
                "to the first lane of a race, the others fall."
            ),
        ):
            self.play(FadeOut(self.box.mark), FadeIn(bars, lane))
            for mark, label in ("little", least), ("lot", most):
                self.wait_until_bookmark(mark)
                lit = bars.marked(label)
                self.play(FadeIn(lit), run_time=0.25)
                self.play(FadeOut(lit), run_time=0.25)
            self.wait_until_bookmark("first")
            self.let_the_first_in()
            self.play(UpdateFromAlphaFunc(bars, lambda some, alpha: some.set_line(alpha * own)), run_time=theme.QUICK)
            self.let_the_first_out(lane, rule.answers, bars.marked(int(rule.answers[self.leader])))
            self.wait_until_bookmark("race")
            self.race_on(lane, rule.right)
            if rule.share < 0.45:
                self.play(
                    FadeIn(lane.mark(race.guessing, _("guessing: {share}", share=wording.percent(race.guessing, 0))))
                )
        self.inside: Mobject = bars

    def nearest_average(self) -> None:
        self.next_section(_("Nearest average"))
        race = self.race
        centre = (_RACE_X, STAGE_MIDDLE)
        averages = Averages(self.averages, centre)
        rule = race.rules["average"]
        lane = RaceLane(1, _("nearest average"), rule.share, self.keeps(rule.numbers))
        kind = self.test.class_names[int(np.flatnonzero(~np.isnan(self.averages[:, 0]))[0])]
        several = wording.several_in_words(kind)
        blend = (
            _(
                "Or <bookmark mark='blend'/> blend all the {several} into one average {digit}, and so on: which comes "
                "nearest?",
                several=several,
                digit=wording.class_in_words(kind),
            )
            if wording.is_digit(kind)
            else _(
                "Or <bookmark mark='blend'/> blend all the {several} into one average picture, and so on: which comes "
                "nearest?",
                several=several,
            )
        )
        answer = int(rule.answers[self.leader])
        with self.voiceover(
            together(blend, self.comes_out(answer), self.so_many(answer, rule.share)),
            moves=_(
                "In the box pictures of each class blend into blurred averages. The first picture goes in, "
                "the nearest average is framed, and again a hundred pictures fly through the box into the second lane."
            ),
        ):
            stages = [Averages(blended(self.digits("train"), most), centre) for most in (1, 3, 10, 100)]
            self.play(FadeOut(self.inside), FadeIn(lane, stages[0]), run_time=theme.QUICK)
            self.bring_the_first_back()
            self.wait_until_bookmark("blend")
            for stage in (*stages[1:], averages):
                self.play(Transform(stages[0], stage), run_time=0.5 * theme.STEP)
            self.wait_until_bookmark("first")
            self.let_the_first_in()
            self.let_the_first_out(lane, rule.answers, averages.marked(answer))
            self.wait_until_bookmark("race")
            self.race_on(lane, rule.right)
        self.inside = stages[0]

    def nearest_picture(self) -> None:
        self.next_section(_("Nearest picture"))
        race, train = self.race, self.digits("train")
        rule = race.rules["nearest"]
        kept = KeptPictures(
            train.images[race.searched[:DRAWN]], train.images[race.nearest[self.leader]], (_RACE_X, STAGE_MIDDLE)
        )
        kept_in_figures = wording.amount(race.kept)
        lane = RaceLane(2, _("nearest of {n}", n=kept_in_figures), rule.share, self.keeps(rule.numbers))
        keep = (
            _("Or keep all {n}, and find the nearest one.", n=kept_in_figures)
            if race.kept == race.of_training
            else _(
                "Or keep {n} of {all} pictures, and find the nearest one.",
                n=kept_in_figures,
                all=wording.amount(race.of_training),
            )
        )
        amount = in_millions(rule.numbers)
        price = (
            _(
                "<bookmark mark='price'/> But what a price: <bookmark mark='numbers'/> {amount} numbers, "
                "<bookmark mark='all'/> all compared for every answer.",
                amount=amount,
            )
            if rule.numbers > self.network.parameter_count
            else _(
                "<bookmark mark='price'/> The price: <bookmark mark='numbers'/> {amount} numbers, "
                "<bookmark mark='all'/> all compared for every answer.",
                amount=amount,
            )
        )
        with self.voiceover(
            together(keep, self.nearest_comes_out(int(rule.answers[self.leader]), rule.share), price),
            moves=_(
                "In the box is a heap of small pictures. The first picture goes in, the nearest one comes out of the "
                "heap, and a hundred pictures fly through the box into the third lane. Then the heap bursts out of the "
                "box and fills the left half of the stage; light runs through it."
            ),
        ):
            self.play(FadeOut(self.inside), FadeIn(lane, kept))
            self.bring_the_first_back()
            self.wait_until_bookmark("first")
            self.let_the_first_in()
            self.play(FadeIn(kept.found, scale=0.2), run_time=0.25)
            self.let_the_first_out(lane, rule.answers, kept.frame)
            self.wait_until_bookmark("race")
            self.race_on(lane, rule.right, FadeOut(kept.found, run_time=theme.QUICK))
            self.kept, self.price = kept, lane.kept
            self.wait_until_bookmark("price")
            self.burst()

    def burst(self) -> None:
        """The heap of pictures bursts out of the box, and light runs through it."""
        heap, box = self.kept.heap, self.box.outline
        middle = (_HEAP_LEFT + _HEAP_RIGHT) / 2
        spread = self.kept.spread((middle, STAGE_MIDDLE), _HEAP_RIGHT - _HEAP_LEFT, STAGE_TOP - STAGE_BOTTOM)
        self.play(FadeOut(box), Transform(heap, spread))
        self.wait_until_bookmark("numbers")
        self.play(self.price.animate.set_color(theme.ANSWER), run_time=theme.QUICK)
        self.wait_until_bookmark("all")
        self.play(Storm(heap, theme.ANSWER, run_time=theme.FLOW))

    def something_small(self) -> None:
        self.next_section(_("Something small"))
        count, share = self.network.parameter_count, self.own_share
        lane = RaceLane(3, _("our machine"), share, self.keeps(count))
        with self.voiceover(
            self.ours_in_the_race(count, share),
            moves=_(
                "The heap goes, and the box with the question mark is back. A hundred pictures fly through it into the "
                "fourth lane. At the end the box stands in the middle again, with a picture before it and the right "
                "answer behind it."
            ),
        ):
            # One by one: together they would become one group, which goes as a whole at the end.
            self.play(FadeOut(self.kept.heap), FadeIn(self.box.outline), FadeIn(self.box.mark), FadeIn(lane))
            self.bring_the_first_back()
            self.wait_until_bookmark("race")
            # Both prices are yellow now: that of the heap, and ours.
            self.play(lane.kept.animate.set_color(theme.ANSWER), run_time=0.25)
            self.let_the_first_in()
            right = self.own_answers == self.test.labels[self.race.tested]
            self.let_the_first_out(lane, self.own_answers)
            self.race_on(lane, right)
            self.wait_until_bookmark("how")
            self.back_to_the_question(count)

    def ours_in_the_race(self, count: int, share: float) -> str:
        """How good the network is with so many numbers, and what we ask."""
        fewer = count < self.race.rules["nearest"].numbers
        poor = share < self.race.rules["average"].share
        holds = {"numbers": wording.number(count), "share": spoken(share)}
        digit = wording.one_in_words(self.name)
        how = (
            _("<bookmark mark='how'/> How could they know what {digit} looks like?", digit=digit)
            if poor
            else _("<bookmark mark='how'/> How can they know what {digit} looks like?", digit=digit)
        )
        return together(
            _("We'd like something smaller that learns.") if fewer else _("We'd like something that learns."),
            _("<bookmark mark='race'/> Ours holds {numbers} numbers, and gets only {share} percent right.", **holds)
            if poor
            else _("<bookmark mark='race'/> Ours holds {numbers} numbers, and gets {share} percent right.", **holds),
            how,
        )

    @property
    def ours(self) -> Word:
        """The first picture, in a sentence."""
        if wording.is_digit(self.name):
            return _w("the picture that is looked at", "our {digit}", digit=wording.class_in_words(self.name))
        return _w("the picture that is looked at", "our picture")

    def called(self, answer: int) -> str:
        """An answer, in a sentence."""
        name = self.test.class_names[answer]
        return wording.one_in_words(name) if wording.is_digit(name) else Word(name)

    def comes_out(self, answer: int) -> str:
        """What the first picture is read as."""
        if answer == self.test.labels[self.example]:
            return _("<bookmark mark='first'/> {ours:^} is right.", ours=self.ours)
        return _("<bookmark mark='first'/> {ours:^} comes out as {answer}.", ours=self.ours, answer=self.called(answer))

    def so_many(self, answer: int, share: float) -> str:
        """How many of all pictures are read right, after what the first one is read as."""
        if answer == self.test.labels[self.example]:
            return _("<bookmark mark='race'/> And so are {share} percent.", share=spoken(share))
        if self.is_poor(share):
            return _("<bookmark mark='race'/> And only {share} percent are right.", share=spoken(share))
        return _("<bookmark mark='race'/> But {share} percent are right.", share=spoken(share))

    def nearest_comes_out(self, answer: int, share: float) -> str:
        """What the first picture is read as by the nearest one that was kept, and how many are read right."""
        truth = self.test.labels[self.example]
        places: dict[str, str] = {"ours": self.ours, "share": spoken(share)}
        if answer == truth and self.race.rules["average"].answers[self.leader] == truth:
            return _(
                "<bookmark mark='first'/> {ours:^} is right, <bookmark mark='race'/> and so are {share} percent.",
                **places,
            )
        if answer == truth:
            return _(
                "<bookmark mark='first'/> Now {ours} is right, <bookmark mark='race'/> and so are {share} percent.",
                **places,
            )
        places["answer"] = self.called(answer)
        if self.is_poor(share):
            return _(
                "<bookmark mark='first'/> {ours:^} comes out as {answer}, <bookmark mark='race'/> and only {share} "
                "percent are right.",
                **places,
            )
        return _(
            "<bookmark mark='first'/> {ours:^} comes out as {answer}, <bookmark mark='race'/> but {share} percent are "
            "right.",
            **places,
        )

    def is_poor(self, share: float) -> bool:
        """Whether a share of right answers is not much better than guessing."""
        return bool(share <= 3 * self.race.guessing)

    @staticmethod
    def keeps(numbers: int) -> str:
        """How many numbers a rule keeps, beside its lane."""
        return _n("{n} number", "{n} numbers", numbers)

    def bring_the_first_back(self) -> None:
        """The first picture stands before the box again."""
        self.first = Pictures(self.test.images[[self.example]], [[_FIRST_X, STAGE_MIDDLE, 0]], _FIRST_EXTENT)
        self.play(FadeIn(self.first), run_time=theme.QUICK)

    def let_the_first_in(self) -> None:
        inside = self.first.copy().set_places([self.box.outline.get_center()], 0.4).show(0.5)
        self.play(Transform(self.first, inside), run_time=theme.QUICK)
        self.remove(self.first)

    def let_the_first_out(self, lane: RaceLane, answers: NDArray[np.intp], marked: Cells | None = None) -> None:
        """The first picture leaves the box: to the first place of the lane, or down if the answer was wrong.

        answers: to every picture of the race. marked: what shows the answer in the box. Both it and the answer in
        words, below the box, stay until the race goes on.
        """
        answer, truth = int(answers[self.leader]), int(self.test.labels[self.example])
        name, right = self.test.class_names[answer], answer == truth
        size = size_that_fits([name], self.box.outline.width, 2.2 * theme.TITLE_SIZE)
        said = Words(name, size, theme.ANSWER if right else theme.WRONG).move_to((_RACE_X, _ANSWER_Y, 0))
        self.marked = Group(said) if marked is None else Group(marked, said)
        self.play(FadeIn(self.marked), run_time=0.25)
        gate = self.box.outline.get_right()
        self.first.set_places([gate], SortPictures.ON_THE_WAY).show(1.0)
        gone = self.first.copy().set_places([gate + SortPictures.FALLS * DOWN], SortPictures.ON_THE_WAY).show(0.0)
        there = self.first.copy().set_places([lane.goals[0]], 0.94 * STEP)
        self.add(self.first)
        options = {"path_arc": -0.8} if right else {"rate_func": rush_into}
        self.play(Transform(self.first, there if right else gone, **options), run_time=theme.QUICK)
        if right:
            self.stuck.append(self.first)
        else:
            self.remove(self.first)

    def race_on(self, lane: RaceLane, right: NDArray[np.bool_], *meanwhile: Animation) -> None:
        """A picture for each other percent flies through the box; the right ones stick to the lane."""
        others = stand_ins(right, self.leader)[1:]
        sticks = right[others]
        free = lane.goals[int(right[self.leader]) :]
        goals = np.zeros((len(others), 3))
        goals[sticks] = free[: sticks.sum()]
        flock = Pictures(self.test.images[self.race.tested[others]], goals, SortPictures.ON_THE_WAY).show(0.0)
        self.add(lane.share, lane.sign)
        self.play(
            SortPictures(flock, self.box.outline, sticks, goals, 0.94 * STEP, lane.share, lane.percent),
            FadeOut(self.marked, run_time=theme.QUICK),
            *meanwhile,
        )
        self.stuck.append(flock)

    def back_to_the_question(self, count: int) -> None:
        """The race goes; the box stands in the middle again, between a picture and the possible answers."""
        lanes = [thing for thing in self.mobjects if thing not in (self.box.outline, self.box.mark)]
        box = QuestionBox()
        picture = PixelGrid(self.test.images[self.example], _PICTURE_EXTENT, (_PICTURE_X, STAGE_MIDDLE))
        held = Words(self.keeps(count), 72, theme.ANSWER).next_to(box.outline, UP, buff=0.25)
        moves = Transform(self.box.outline, box.outline), Transform(self.box.mark, box.mark)
        self.play(FadeOut(*lanes, run_time=theme.QUICK), *moves, FadeIn(picture, self.around))
        self.play(FadeIn(held), Indicate(self.box.mark, 1.35, theme.ANSWER), run_time=1.3 * theme.STEP)


def in_millions(numbers: int) -> str:
    """A large number in millions, as it is said: "47 million"; a smaller one in figures."""
    if numbers >= 5e6:
        return _w("an amount of numbers", "{n} million", n=wording.number(numbers / 1e6, thousands=False))
    return Word(wording.number(numbers))


def spoken(share: float) -> str:
    """A share as percent, to a tenth, without a sign: "22.3", "82"."""
    percents = round(100 * share, 1)
    return wording.percentage(share, 0 if percents.is_integer() else 1)
