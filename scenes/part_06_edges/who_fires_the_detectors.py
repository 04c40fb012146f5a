"""WhoFiresTheDetectors: real digits at a gate, which lets those pass whose sum is above a threshold."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from manim import DOWN, LEFT, UP, Create, FadeIn, Group, Indicate, LaggedStart, Rectangle, Transform, VGroup, VMobject
from numpy.typing import NDArray

from network.analysis.detectors import edge_place, shares_kept
from network.analysis.gate import Gate, first_of, gate
from scenes.kit import theme
from scenes.kit.animations.count_up import CountUp
from scenes.kit.layout import in_rows
from scenes.kit.mobjects.counter import Counter
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.picture_frames import frame_of_weights
from scenes.part_06_edges.hand_set_weights import BY_HAND
from scenes.part_06_edges.thumbnails import MoveThumbnails, Thumbnails
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import count, number, percent, several_in_words


class WhoFiresTheDetectors(LessonScene):
    """Test digits fly through a gate that a hand-set neuron keeps, without its surround and with it."""

    # The gate on the left, and the columns in which the pictures that pass pile up.
    GATE, GATE_EXTENT = (-5.1, 1.3), 3.1
    LEFT_EDGE, RIGHT_EDGE, FOOT, PILE = -3.2, 6.8, -1.9, 3.75
    OVER, HEADING_Y = 0.42, 3.25
    # The width of the first picture at the gate, and of the later ones, which come closer together.
    AT_GATE, LATER = 2.7, 0.85
    # Where the pictures wait: the middle of their rows, and the room for them.
    WAITING, ROOM = (1.8, 1.35), (9.8, 3.9)
    # Pictures of each class at the gate, how many are side by side in a pile, and how many classes there is room for.
    EACH, ABREAST, MOST_CLASSES = 14, 2, 10

    @cached_property
    def gates(self) -> tuple[Gate, Gate]:
        """Without and with the surround."""
        return gate(self.digits(), False), gate(self.digits(), True)

    @cached_property
    def present(self) -> NDArray[np.intp]:
        """The classes that are shown: those that have pictures, the two that are spoken of among them."""
        classes = np.flatnonzero(~np.isnan(self.gates[0].shares))
        if len(classes) <= self.MOST_CLASSES:
            return classes
        spoken_of = {self.most_lost, self.most}
        others = [int(k) for k in classes if int(k) not in spoken_of][: self.MOST_CLASSES - len(spoken_of)]
        return np.array(sorted([*others, *spoken_of]), np.intp)

    @property
    def most_lost(self) -> int:
        """The class that keeps the smallest share of what passes when the surround is added."""
        without, with_it = (np.nan_to_num(one.shares) for one in self.gates)
        return int(np.argmin(shares_kept(without, with_it)))

    @property
    def most(self) -> int:
        """The class of which most pass with the surround."""
        return int(np.nanargmax(self.gates[1].shares))

    @cached_property
    def shown(self) -> NDArray[np.intp]:
        """The first pictures of each class, in the order of the data."""
        return np.sort(np.concatenate([first_of(self.digits(), self.EACH, int(k)) for k in self.present]))

    def construct(self) -> None:
        self.names = self.digits().class_names
        self.threshold_text = number(self.gates[0].threshold)
        self.lay_out()

        self.the_rule()
        self.bar_alone()
        self.with_the_surround()
        self.what_it_says()
        self.end()

    def alternative_text(self) -> str:
        names = self.digits().class_names
        listed = ", ".join(
            f"{names[k]} {number(100 * self.gates[0].shares[k])} and {number(100 * self.gates[1].shares[k])}"
            for k in self.present
        )
        return (
            "Test digits fly through a gate; those whose weighted sum is above a threshold pile up by class, the "
            f"others drop. The percentage of each class that passes, without and with the surround: {listed}."
        )

    def lay_out(self) -> None:
        """The gate, and the columns with their names, their percentages, and the places of the pictures in them."""
        weights = self.gates[0].detector.weights[0]
        self.picture = WeightHeatmap(weights, 1.0, None, self.GATE_EXTENT, self.GATE)
        self.frame = frame_of_weights(self.picture)
        self.by_hand = Words(BY_HAND, theme.NOTE_SIZE, theme.WEIGHTS_SYMBOL).next_to(self.frame, UP, buff=0.2)
        self.total = Number(0, 1, 1.5 * theme.TITLE_SIZE)
        self.rule = Words(f"sum above {self.threshold_text}?", theme.CAPTION_SIZE).next_to(self.frame, DOWN, buff=0.3)
        self.total.next_to(self.rule, DOWN, buff=0.35)
        self.counter = Counter(self.gates[0].passing, f"of {len(self.digits()):,} pass", size=1.5 * theme.TITLE_SIZE)
        self.counter.next_to(self.rule, DOWN, buff=0.4)

        step = (self.RIGHT_EDGE - self.LEFT_EDGE) / len(self.present)
        self.middles = self.LEFT_EDGE + (np.arange(len(self.present)) + 0.5) * step
        self.extent = min(0.88 * step / self.ABREAST, self.PILE / -(-self.EACH // self.ABREAST))
        self.base = VMobject(stroke_color=theme.NEURON_OUTLINE, stroke_width=2)
        self.base.set_points_as_corners([(self.LEFT_EDGE, self.FOOT, 0), (self.RIGHT_EDGE, self.FOOT, 0)])
        texts = [self.names[k] for k in self.present]
        long = max(len(text) for text in texts) > 2
        self.labels = VGroup()
        for place, (text, x) in enumerate(zip(texts, self.middles, strict=True)):
            label = Words(text, theme.SMALLEST_SIZE if long else theme.CAPTION_SIZE, width=2 * step if long else None)
            # Long names stand in two rows, by turns.
            label.move_to((x, self.FOOT - 0.32 - (0.42 if long and place % 2 else 0), 0))
            label.shift(max(label.get_right()[0] - self.RIGHT_EDGE, 0) * LEFT)
            self.labels.add(label)
        self.heading = Words(
            f"% of all {len(self.digits()):,} test pictures that pass, by class", theme.LABEL_SIZE, theme.QUIET_TEXT
        ).move_to(((self.LEFT_EDGE + self.RIGHT_EDGE) / 2, self.HEADING_Y, 0))
        places = np.stack([self.middles, np.full(len(self.middles), self.FOOT + self.OVER), 0 * self.middles], axis=1)
        self.percents = Numbers(np.zeros(len(self.middles)), places, 0, theme.TITLE_SIZE, theme.TEXT)

        images = self.digits().vectors[self.shown]
        waiting, step = in_rows(len(images), self.WAITING, *self.ROOM)
        # The lowest row goes first.
        self.pictures = Thumbnails(images, waiting[::-1], min(0.95 * step, self.extent))
        self.labels_of_shown = self.digits().labels[self.shown]

    def piled(self, passes: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Where the shown pictures lie that pass, (n, 2); the others drop below the gate or below their place."""
        places = self.pictures.places - np.array([0, 1.2])
        for k, x in zip(self.present, self.middles, strict=True):
            own = np.flatnonzero((self.labels_of_shown == k) & passes)
            row, column = np.divmod(np.arange(len(own)), self.ABREAST)
            places[own, 0] = x + (column - (self.ABREAST - 1) / 2) * self.extent
            places[own, 1] = self.FOOT + 0.04 + (row + 0.5) * self.extent
        return places

    def over_piles(self, passes: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Places just above the columns of the shown pictures that pass, (classes, 3)."""
        heights = [
            -(-np.count_nonzero(passes & (self.labels_of_shown == k)) // self.ABREAST) * self.extent
            for k in self.present
        ]
        y = self.FOOT + np.array(heights) + self.OVER
        return np.stack([self.middles, y, np.zeros(len(y))], axis=1)

    def the_rule(self) -> None:
        self.next_section("The rule")
        squares = f"fully white square{'' if self.threshold_text == '1' else 's'}"
        passes = self.gates[0].passes[self.shown]
        places = self.piled(passes)
        places[~passes] = self.GATE[0], self.FOOT + 0.2
        with self.voiceover(
            f"Now put our neuron <bookmark mark='go'/> at a gate. A picture may pass if its sum is above "
            f"{self.threshold_text}: about as much as {self.threshold_text} {squares} on the bar.",
            moves="The picture of weights stands at the left as a gate, with a crowd of digits waiting on the right. "
            "They fly through it, one after another, faster and faster, and the sum of each is shown. Those above the "
            "threshold pile up on the right, by class; the others drop.",
        ) as tracker:
            self.play(
                FadeIn(self.picture, self.frame, self.by_hand),
                FadeIn(self.base, self.labels, self.rule, self.pictures),
                run_time=theme.QUICK,
            )
            self.wait_until_bookmark("go")
            self.add(self.total)
            flight = ThroughTheGate(self, places, passes)
            self.play(flight, run_time=max(tracker.get_remaining_duration(0.2), 7.0))

    def bar_alone(self) -> None:
        self.next_section("The bar alone")
        first = self.gates[0]
        share = first.passing / len(first.sums)
        much = "nearly everything gets through" if share > 0.85 else "most of them get through" if share > 0.5 else ""
        begin = f"With the blue bar alone, {much}: " if much else "With the blue bar alone, these get through: "
        even = "Even" if first.shares[self.most_lost] < 0.5 else "Among them"
        shares = 100 * first.shares[self.present]
        target = self.percents.copy().set_values(shares).place(self.over_piles(first.passes[self.shown]))
        with self.voiceover(
            f"{begin}{first.passing:,} of all {count(len(first.sums), 'test picture')}. <bookmark mark='lost'/> {even} "
            f"{percent(first.shares[self.most_lost], 0)} of all {several_in_words(self.names[self.most_lost])}.",
            moves="The percentage that passes is counted over each column, and how many of all under the gate.",
        ) as tracker:
            self.remove(self.total)
            self.percents.place(target.centres)
            self.add(self.percents, self.counter)
            self.play(
                FadeIn(self.heading),
                Transform(self.percents, target),
                CountUp(self.counter, 0, first.passing),
                run_time=max(tracker.time_until_bookmark("lost"), 2 * theme.STEP),
            )
            self.wait_until_bookmark("lost")
            self.point_at(self.most_lost)

    def point_at(self, label: int) -> None:
        """The percentage and the name of a class are marked."""
        place = int(np.flatnonzero(self.present == label)[0])
        colours = self.percents.colours.copy()
        colours[:] = (255, 255, 255)
        marked = self.percents.copy().set_colours(colours)
        marked.colours[place] = (255, 211, 77)
        self.play(Transform(self.percents, marked), Indicate(self.labels[place], 1.4, theme.ANSWER))

    def with_the_surround(self) -> None:
        self.next_section("With the surround")
        first, second = self.gates
        lost = self.most_lost
        before, passes = first.passes[self.shown], second.passes[self.shown]
        fallen = percent(second.shares[lost], 0)
        left = "not one of them passes" if second.shares[lost] == 0 else f"{fallen} of them still pass"
        then = (
            ""
            if self.most == lost
            else f"And {percent(second.shares[self.most], 0)} of the {several_in_words(self.names[self.most])}, "
            "because so many of them have a bar up there."
        )
        target = self.picture.copy().show(second.detector.weights[0], 1.0)
        opacities = np.where(before & passes, 1.0, 0.0)
        moved = np.where(passes[:, None], self.piled(passes), self.pictures.places - (0, 0.5))
        shares = 100 * second.shares[self.present]
        target_numbers = self.percents.copy().set_values(shares).place(self.over_piles(before & passes))
        with self.voiceover(
            f"Now with the red strips. <bookmark mark='drop'/> Of the {several_in_words(self.names[lost])}, {left}. "
            f"<bookmark mark='best'/> {then}",
            moves="Red strips appear around the blue bar. In the columns the pictures below the threshold drop out; "
            "the percentages fall.",
        ):
            self.play(Transform(self.picture, target))
            self.wait_until_bookmark("drop")
            self.play(
                MoveThumbnails(self.pictures, moved, self.extent, opacities, lag=0.5),
                Transform(self.percents, target_numbers),
                CountUp(self.counter, first.passing, second.passing),
                run_time=2 * theme.STEP,
            )
            self.wait_until_bookmark("best")
            if then:
                self.point_at(self.most)
                own = self.places_of_edges(self.most)
                self.play(LaggedStart(*(Create(mark) for mark in own), lag_ratio=0.3), run_time=theme.FLOW)

    def what_it_says(self) -> None:
        self.next_section("What it says")
        thing = "digit" if all(name.isdigit() for name in self.names) else "class"
        marks = [mark for k in self.present for mark in self.places_of_edges(int(k)) if k != self.marked]
        with self.voiceover(
            f"So it doesn't know a single {thing}. All it says is: there's an edge, right here.",
            moves="In every picture that passes, a frame marks where the bar and its surround lie.",
        ) as tracker:
            whole = self.place_of_edge(self.picture.get_center(), self.GATE_EXTENT)
            run_time = max(tracker.get_remaining_duration(), theme.FLOW)
            lag = 0.8 / max(len(marks), 1)
            self.play(Create(whole), LaggedStart(*(Create(mark) for mark in marks), lag_ratio=lag), run_time=run_time)

    @property
    def marked(self) -> int | None:
        """The class whose pictures have been marked before the others."""
        return self.most if self.most != self.most_lost else None

    def places_of_edges(self, label: int) -> list[Rectangle]:
        """A frame for every picture of a class that passes with the surround, where the edge lies."""
        kept = self.gates[1].passes[self.shown] & self.gates[0].passes[self.shown] & (self.labels_of_shown == label)
        return [self.place_of_edge((*place, 0), self.extent, 2) for place in self.pictures.places[kept]]

    def place_of_edge(self, centre: Any, extent: float, stroke_width: float = theme.MARK_WIDTH) -> Rectangle:
        """A frame around the bar and its surround in a picture with this centre and width."""
        side = self.digits().side
        rows, columns = edge_place(side)
        frame = Rectangle(
            width=extent * (columns.stop - columns.start) / side,
            height=extent * (rows.stop - rows.start) / side,
            color=theme.ANSWER,
            stroke_width=stroke_width,
        )
        across, down = (columns.start + columns.stop) / 2 / side - 0.5, 0.5 - (rows.start + rows.stop) / 2 / side
        return frame.move_to(np.asarray(centre, float) + extent * np.array([across, down, 0]))


class ThroughTheGate(MoveThumbnails):
    """The pictures fly through the gate; the sum of the one that is there is shown, yellow if it may pass."""

    def __init__(
        self, scene: WhoFiresTheDetectors, places: NDArray[np.float64], passes: NDArray[np.bool_], **options: Any
    ) -> None:
        self.scene = scene
        self.sums = scene.gates[0].sums[scene.shown]
        self.passes = passes
        super().__init__(
            scene.pictures, places, scene.extent, passes.astype(float), scene.GATE, ~passes, lag=0.86, **options
        )
        self.at_gate = np.maximum(scene.AT_GATE / (1 + 0.12 * np.arange(len(passes))), scene.LATER)
        # Slowly at first.
        self.delay = self.lag * np.sqrt(np.arange(len(passes)) / max(len(passes) - 1, 1))
        self.mobject = Group(scene.pictures, scene.total)
        self.starting_mobject = self.mobject

    def interpolate_mobject(self, alpha: float) -> None:
        group, self.mobject = self.mobject, self.scene.pictures
        super().interpolate_mobject(alpha)
        self.mobject = group
        pictures, way = self.scene.pictures, self.arrived(alpha)
        # The nearer to the gate, the larger.
        grown = pictures.extents + (self.at_gate - pictures.extents) * np.sin(np.pi * way) ** 2
        pictures.lay_out(pictures.places, grown, pictures.strengths)
        at_gate = int(np.flatnonzero(np.append(True, way >= 0.5))[-1]) - 1
        shown = max(at_gate, 0)
        self.scene.total.set_value(float(self.sums[shown]))
        self.scene.total.set_color(theme.ANSWER if self.passes[shown] else theme.QUIET_TEXT)
        self.scene.total.set_x(self.scene.GATE[0]).set_opacity(float(at_gate >= 0))
