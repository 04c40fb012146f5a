"""Part 11, Hope against reality: what the trained network has found, measured, and what it makes of noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    DashedLine,
    DashedVMobject,
    FadeIn,
    FadeOut,
    Group,
    LaggedStart,
    Line,
    Rectangle,
    Square,
    SurroundingRectangle,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
)

from network.checkpoint import Checkpoint, load_checkpoint
from network.detectors import bar_detector
from network.digits import Digits
from network.evaluation import Evaluation, confusion_of, evaluate
from network.locality import LOCAL, Locality, locality
from network.loops import best_split, correlations, hidden_activations, pixel_correlations
from network.noise import SURE, Sureness, shuffled, smooth_noise, sureness, uniform_noise
from network.parts import count_holes, hole_cells
from scenes import theme
from scenes.animations import PropagateActivations, ReplayTraining, ShowContributions
from scenes.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_BOTTOM, STAGE_TOP, network_layout
from scenes.lesson_scene import LessonScene, lesson_companion
from scenes.mobjects.array_mobject import rgb
from scenes.mobjects.cells import Cells
from scenes.mobjects.confusion import ConfusionMatrix
from scenes.mobjects.network_diagram import NetworkDiagram
from scenes.mobjects.numbers import Numbers
from scenes.mobjects.pixel_grid import PixelGrid
from scenes.mobjects.plots import Axes
from scenes.mobjects.typesetting import Number, Words
from scenes.mobjects.weight_heatmap import WeightHeatmap, WeightScale, WeightWall, full_colour

_MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
# From this correlation on, a neuron is said to find loops.
_FINDS_LOOPS = 0.8
# The detector set by hand, beside the wall of weight pictures: as large as there is room for, up to this.
_LARGEST_DETECTOR, _SMALLEST_DETECTOR = 3.2, 1.6
_EXAMPLES, _MISTAKES, _NOISES, _SEED = 10, 8, 1000, 11
_BINS, _FIELD_COLUMNS = 20, 40
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


class LookingForEdges(LessonScene):
    """The weight pictures of the whole first layer, and how much of each neuron's weight lies in one place."""

    def construct(self) -> None:
        self.weights = self.network.layers[0].weights
        self.never_seen = self.digits("train").vectors.max(axis=0) == 0
        self.measured = locality(self.weights, self.never_seen)
        self.accuracy = evaluate(self.network, self.digits()).accuracy

        self.the_hope()
        self.what_there_is()
        self.where_the_weight_is()
        self.what_it_means()
        self.end()

    def alternative_text(self) -> str:
        weights = self.network.layers[0].weights
        measured = locality(weights, self.digits("train").vectors.max(axis=0) == 0)
        return (
            f"The weight pictures of all {len(weights)} neurons of the first layer in blue and red. In each, the "
            f"{measured.window} by {measured.window} pixels with the most weight are framed; they hold "
            f"{_range(measured.shares)} percent of it. An edge detector set by hand has 100 percent there."
        )

    def the_hope(self) -> None:
        self.next_section("The hope")
        share = Words(_percent(self.accuracy, 2), 150, theme.ANSWER).move_to((0, _MIDDLE, 0))
        note = Words("of the test pictures are read right", theme.LABEL_SIZE, theme.QUIET_TEXT)
        note.next_to(share, DOWN, buff=0.45)
        side = round(self.weights.shape[1] ** 0.5)
        detector = bar_detector(side, surround=True).weights
        self.hand_measured = locality(detector)
        self.by_hand = WeightHeatmap(detector[0], extent=4.8, centre=(0, _MIDDLE - 0.3))
        self.border = SurroundingRectangle(self.by_hand, color=theme.CELL_OUTLINE, stroke_width=2, buff=0)
        self.title = Words("the hope: an edge detector, set by hand", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.short_title = Words("the hope", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.title.next_to(self.by_hand, UP, buff=0.3)
        with self.caption(
            f"It reads {_percent(self.accuracy, 2)} right. Does its {_first_layer(self.network.sizes)} look for edges?",
            FadeIn(share, note),
            moves="The share of right answers stands large in the middle. In its place comes a picture of weights: a "
            "blue bar between two red ones, on black.",
        ):
            self.wait(1.5 * theme.STEP)
            self.play(
                FadeOut(share, note, rate_func=squish_rate_func(smooth, 0, 0.5)),
                FadeIn(Group(self.by_hand, self.border), self.title, rate_func=squish_rate_func(smooth, 0.4, 1)),
            )

    def what_there_is(self) -> None:
        self.next_section("What there is")
        self.wall, self.places = wall_with_room(self.weights, self.never_seen)
        note = "black in all training pictures" if self.never_seen.any() else ""
        pictures = Group(*self.wall.pictures)
        scale = WeightScale(self.wall.limit, 3.2, note, beyond=True)
        # The detector stays beside the wall, to compare the others with it.
        gaps, widest = (0.45, 0.7), FRAME_WIDTH - 2 * SAFE_MARGIN
        extent = widest - pictures.width - scale.width - sum(gaps)
        extent = float(np.clip(extent, _SMALLEST_DETECTOR, _LARGEST_DETECTOR))
        left = -(pictures.width + scale.width + sum(gaps) + extent) / 2
        self.places[:, 0] += left - pictures.get_left()[0]
        pictures.align_to((left, 0, 0), LEFT)
        scale.next_to(pictures, RIGHT, buff=gaps[0])
        small = self.by_hand.copy().scale_to_fit_width(extent).next_to(scale, RIGHT, buff=gaps[1])
        small.set_y(pictures.get_y() + 0.3).show(small.weights, self.wall.limit)
        border = self.border.copy().scale_to_fit_width(extent).move_to(small)
        self.short_title.next_to(small, UP, buff=0.2)
        sentence = f"Here are the weights that its {len(self.weights)} neurons have learnt."
        if black := int(self.never_seen.sum()):
            sentence = f"The weights of its {len(self.weights)} neurons. Grey: {black} pixels always black in training."
        with self.caption(
            sentence,
            FadeOut(self.title),
            FadeIn(self.short_title, rate_func=squish_rate_func(smooth, 0.5, 1)),
            Transform(self.by_hand, small, run_time=theme.STEP),
            Transform(self.border, border, run_time=theme.STEP),
            moves="It goes to the right and makes room for the weight pictures of all neurons of the layer.",
        ):
            appear = (FadeIn(picture, scale=0.8) for picture in self.wall.pictures)
            self.play(LaggedStart(*appear, lag_ratio=0.15, run_time=theme.FLOW), FadeIn(scale))

    def where_the_weight_is(self) -> None:
        self.next_section("Where the weight is")
        measured = self.measured
        self.frames = VGroup(*(window_frame(p, measured, j) for j, p in enumerate(self.wall.pictures)))
        self.numbers = Numbers(100 * measured.shares, self.places, 0, theme.NOTE_SIZE)
        frame = window_frame(self.by_hand, self.hand_measured, 0)
        by_hand = VGroup(
            VGroup(
                Words("set by hand:", theme.NOTE_SIZE, theme.QUIET_TEXT),
                Number(100 * self.hand_measured.shares[0], size=theme.NOTE_SIZE),
            ).arrange(RIGHT, buff=0.15),
            VGroup(
                Words("spread evenly:", theme.NOTE_SIZE, theme.QUIET_TEXT),
                Number(100 * measured.even, size=theme.NOTE_SIZE),
            ).arrange(RIGHT, buff=0.15),
        ).arrange(DOWN, buff=0.2, aligned_edge=RIGHT)
        by_hand.next_to(self.by_hand, DOWN, buff=0.15)
        with self.caption(
            f"Framed: the {measured.window} × {measured.window} pixels with most weight, in percent of all.",
            moves="A yellow frame comes into each picture, and a number beneath it.",
        ):
            frames = (Create(frame) for frame in self.frames)
            self.play(LaggedStart(Create(frame), *frames, lag_ratio=0.1, run_time=theme.FLOW))
            self.play(FadeIn(self.numbers), FadeIn(by_hand))

    def what_it_means(self) -> None:
        self.next_section("What it means")
        local = self.measured.shares >= LOCAL
        dimmed = [frame.animate.set_stroke(opacity=0.25) for frame, is_local in zip(self.frames, local, strict=True)
                  if not is_local]  # fmt: skip
        with self.caption(
            edges_verdict(self.measured.shares),
            *dimmed,
            moves=f"Frames go pale where the number is below {100 * LOCAL:.0f}.",
        ):
            pass


class LookingForLoops(LessonScene):
    """Holes are counted in every test picture; no, or which, hidden neuron's activation goes with having one."""

    def construct(self) -> None:
        self.test = self.digits()
        self.names = self.test.class_names
        self.has_loop = count_holes(self.test.images) > 0
        self.measured = correlations(self.network, self.test.vectors, self.has_loop)

        self.what_a_loop_is()
        if self.measured and 0 < self.has_loop.sum() < len(self.has_loop):
            self.every_neuron()
            self.the_best()
            self.with_and_without()
        else:
            self.nothing_to_find()
        self.end()

    def alternative_text(self) -> str:
        digits = self.digits()
        has_loop = count_holes(digits.images) > 0
        measured = correlations(self.network, digits.vectors, has_loop)
        text = f"In {int(has_loop.sum()):,} of {len(has_loop):,} test pictures a loop is counted."
        if measured and 0 < has_loop.sum() < len(has_loop):
            layer, neuron = best_neuron(measured)
            text += (
                f" A bar chart shows how the activation of each hidden neuron goes with it; the farthest from 0 is "
                f"{_name(layer, neuron)}, with {_signed(measured[layer][neuron])}."
            )
        return text

    def what_a_loop_is(self) -> None:
        self.next_section("What a loop is")
        chosen = first_of_each_class(self.test, _EXAMPLES)
        counts = count_holes(self.test.images[chosen])
        inside = hole_cells(self.test.images[chosen])
        columns = -(-len(chosen) // 2)
        pitch = min(2.55, 13 / columns)
        self.pictures, self.counts = Group(), VGroup()
        for number, index in enumerate(chosen):
            row, column = divmod(number, columns)
            x, y = (column - (columns - 1) / 2) * pitch, _MIDDLE + 1.9 - row * 3.2
            self.pictures.add(PixelGrid(self.test.images[index], min(2.2, 0.9 * pitch), (x, y)))
            label = Number(int(counts[number]), size=44, colour=theme.ANSWER if counts[number] else theme.QUIET_TEXT)
            self.counts.add(label.next_to(self.pictures[-1], DOWN, buff=0.16))
        filled = []
        for picture, pixels in zip(self.pictures, inside, strict=True):
            target = picture.copy()
            target.colours[pixels.ravel()] = rgb(theme.ANSWER)
            filled.append(Transform(picture, target))
        with self.caption(
            f"A loop: dark ground with ink all around. {int(self.has_loop.sum()):,} of {len(self.has_loop):,} test "
            "pictures have one.",
            FadeIn(self.pictures),
            moves="One test picture of each class; the holes in them fill with yellow, and their number appears.",
        ):
            self.play(LaggedStart(*filled, lag_ratio=0.15, run_time=theme.FLOW))
            self.play(FadeIn(self.counts))

    def nothing_to_find(self) -> None:
        self.next_section("Nothing to find")
        sentence = "There are no hidden neurons here that could look for them."
        if self.measured:
            sentence = "All pictures are alike in this: there is nothing that a neuron could tell apart."
        with self.caption(sentence, moves="The pictures stand."):
            pass

    def every_neuron(self) -> None:
        self.next_section("Every neuron")
        rows = len(self.measured)
        height = (STAGE_TOP - STAGE_BOTTOM) / rows
        self.charts = [
            SignedBars(len(values), STAGE_TOP - (row + 0.55) * height, 0.76 * height)
            for row, values in enumerate(self.measured)
        ]
        titles = VGroup()
        for row, chart in enumerate(self.charts):
            title = Words(f"{_ordinal(row)} hidden layer", theme.NOTE_SIZE, theme.QUIET_TEXT)
            titles.add(title.move_to(chart.axis_end + 0.12 * UP, aligned_edge=DOWN + RIGHT))
        self.titles = titles
        with self.caption(
            "How closely does each hidden neuron follow loops? 1 or −1 would be perfect.",
            FadeOut(self.pictures),
            FadeOut(self.counts),
            *(FadeIn(chart.axes) for chart in self.charts),
            FadeIn(titles),
            moves="Charts take the place of the pictures, one for each hidden layer, and a bar grows for each neuron.",
        ):
            for chart, values in zip(self.charts, self.measured, strict=True):
                self.play(GrowTo(chart, values))

    def the_best(self) -> None:
        self.next_section("The best")
        layer, neuron = best_neuron(self.measured)
        chart = self.charts[layer]
        count = sum(len(values) for values in self.measured)
        pixels = pixel_correlations(self.test.vectors, self.has_loop)
        with self.caption(
            loops_verdict(float(self.measured[layer][neuron]), count, float(np.abs(pixels).max())),
            Transform(chart.bars, chart.marked(neuron)),
            moves="The bar farthest from 0 turns yellow.",
        ):
            pass

    def with_and_without(self) -> None:
        self.next_section("With a loop and without")
        layer, neuron = best_neuron(self.measured)
        values = hidden_activations(self.network, self.test.vectors)[layer][:, neuron]
        right, cut = best_split(values, self.has_loop)
        plot = TwoHistograms(values, self.has_loop).move_to((0, _MIDDLE - 0.3, 0))
        title = Words(_name(layer, neuron), theme.LABEL_SIZE).move_to((0, STAGE_TOP - 0.15, 0))
        charts = Group(*(Group(chart.axes, chart.bars, chart.numbers) for chart in self.charts), self.titles)
        # The neuron's own bar is cut into slices, and these become the bars of its activations.
        with_loop, without = plot.bars
        slices = sliced(self.charts[layer].bars.item(neuron), with_loop)
        self.charts[layer].bars.opacities[neuron] = 0
        self.add(slices)
        flat = without.copy()
        flat.points[1::2, 1] = flat.points[0::2, 1]
        share = float(self.has_loop.mean())
        guess = "loop" if share > 0.5 else "no loop"
        with self.caption(
            f"Split at the best place, it tells {_percent(right, 0)} right. Always “{guess}”: "
            f"{_percent(max(share, 1 - share), 0)}.",
            FadeOut(charts, rate_func=squish_rate_func(smooth, 0, 0.5), run_time=theme.FLOW),
            Transform(slices, with_loop, run_time=theme.FLOW),
            FadeIn(Group(plot.axes, plot.key, title), rate_func=squish_rate_func(smooth, 0.4, 1), run_time=theme.FLOW),
            moves="The charts go, and the yellow bar comes apart into a histogram: the activations of this neuron for "
            "pictures with a loop. Grey bars grow beside them, for those without; a dashed line splits both at the "
            "best place.",
        ):
            self.play(Transform(flat, without))
            if np.isfinite(cut):
                self.play(Create(plot.split(cut)))


class WhereItErrs(LessonScene):
    """The confusion matrix of the test set, and the mistakes that the network is surest of."""

    def construct(self) -> None:
        self.test = self.digits()
        self.names = self.test.class_names
        self.found = evaluate(self.network, self.test)

        self.the_matrix()
        self.the_most_frequent()
        self.the_surest()
        self.end()

    def alternative_text(self) -> str:
        found = evaluate(self.network, self.digits())
        text = f"A table of true classes and answers for {len(found.answers):,} test pictures."
        if len(found.mistakes):
            ((true, answer), *_), count = most_frequent_mistakes(found)
            names = found.class_names
            text += (
                f" No mistake is more frequent than {names[true]} read as {names[answer]}, {_times(count)}. Then the "
                f"mistakes with the greatest outputs, of {len(found.mistakes):,} in all."
            )
        return text

    def the_matrix(self) -> None:
        self.next_section("The matrix")
        self.matrix = ConfusionMatrix(self.found.confusion, self.names, 6.4)
        self.counter = Number(len(self.test), size=56)
        note = Words(f"of {len(self.test):,} read", theme.NOTE_SIZE, theme.QUIET_TEXT)
        self.counted = VGroup(self.counter, note).arrange(DOWN, buff=0.2, aligned_edge=LEFT)
        Group(self.counted, self.matrix).arrange(RIGHT, buff=0.5).move_to((0, _MIDDLE, 0))
        self.matrix.show(np.zeros_like(self.found.confusion))
        self.counter.set_value(0)
        with self.caption(
            "Each row is a class; along it stand the answers it got.",
            FadeIn(self.matrix),
            FadeIn(self.counted),
            moves="A black table fills as the test pictures are read: blue on the diagonal, red mistakes off it.",
        ):
            self.play(ReadTestSet(self.matrix, self.counter, self.test.labels, self.found.answers))

    def the_most_frequent(self) -> None:
        self.next_section("The most frequent mistake")
        if not len(self.found.mistakes):
            with self.caption("Nothing stands off the diagonal: it reads every test picture right."):
                pass
            return
        cells, count = most_frequent_mistakes(self.found)
        named = " and ".join(f"{self.names[true]} read as {self.names[answer]}" for true, answer in cells[:2])
        sentence = f"Its most frequent mistake: {named}, {_times(count)}."
        if len(cells) == 2:
            sentence = f"Its most frequent mistakes: {named}, {_times(count)} each."
        elif len(cells) > 2:
            sentence = f"No mistake is made more often than {_times(count)}."
        self.marks = VGroup(*(self.matrix.mark(true, answer) for true, answer in cells))
        with self.caption(sentence, moves="A frame marks the cell of the greatest count off the diagonal."):
            self.play(*(Create(mark) for mark in self.marks))

    def the_surest(self) -> None:
        self.next_section("The surest mistakes")
        mistakes = self.found.mistakes[:_MISTAKES]
        if not len(mistakes):
            return
        outputs = self.network.predict(self.test.vectors[self.found.mistakes]).max(axis=1)
        columns = min(4, len(mistakes))
        rows = -(-len(mistakes) // columns)
        pitch, height, extent = 3.3, 3.2, 2.05
        pictures, labels = Group(), VGroup()
        for number, index in enumerate(mistakes):
            row, column = divmod(number, columns)
            x, y = (column - (columns - 1) / 2) * pitch, _MIDDLE + 0.45 - (row - (rows - 1) / 2) * height
            picture = PixelGrid(self.test.images[index], extent, (x, y))
            truth, answer = self.names[self.test.labels[index]], self.names[self.found.answers[index]]
            said = Words(f"{truth}, read as {answer}", 30, width=pitch - 0.2).next_to(picture, DOWN, buff=0.14)
            value = Number(float(outputs[number]), 3, 30, theme.WRONG).next_to(said, DOWN, buff=0.12)
            pictures.add(picture)
            labels.add(said, value)
        above = int((outputs > SURE).sum())
        told = {0: "none has", 1: "1 has"}.get(above, f"{above:,} have")
        sentence = f"The surest of its {len(outputs):,} mistakes; {told} an output above {SURE}."
        places = [self.matrix.cell(int(self.test.labels[i]), int(self.found.answers[i])) for i in mistakes]
        with self.caption(
            sentence,
            FadeOut(self.matrix, self.counted),
            FadeOut(self.marks),
            *(FadeIn(p, target_position=place, scale=0.2, run_time=theme.STEP)
              for p, place in zip(pictures, places, strict=True)),
            moves="Test pictures come out of the cells of the table, with their class, the answer and its output.",
        ):  # fmt: skip
            self.play(FadeIn(labels))


class SureOfNoise(LessonScene):
    """Pictures of nothing go through the network: its real answers, and how often it is sure of them."""

    def construct(self) -> None:
        self.test = self.digits()
        self.names = self.test.class_names
        self.kinds = noise_to_show(self.test)
        self.judged = [sureness(self.network, images) for _, images in self.kinds]
        surest = self.judged[0].surest
        self.forward = self.network.forward(self.kinds[0][1][surest])
        # Outputs stand as far to the left as their names and values need room.
        widest = max(Words(name, theme.LABEL_SIZE).width for name in self.names)
        right = min(4.9, FRAME_WIDTH / 2 - SAFE_MARGIN - widest - 1.5)
        self.diagram = NetworkDiagram(self.network, self.names, network_layout(self.network.sizes, right=right))
        for connections in self.diagram.connections:
            connections.set_values(np.zeros(connections.shape))

        self.noise_in()
        self.an_answer_out()
        self.how_often()
        self.other_kinds()
        self.no_output_for_nothing()
        self.end()

    def alternative_text(self) -> str:
        kinds = noise_to_show(self.digits())
        judged = [sureness(self.network, images) for _, images in kinds]
        shares = "; ".join(f"{name}: {_percent(j.share)}" for (name, _), j in zip(kinds, judged, strict=True))
        first = judged[0].outputs[judged[0].surest]
        return (
            f"A picture of noise goes through the network, which answers {self.digits().class_names[first.argmax()]} "
            f"with an output of {first.max():.2f}. Shares of pictures with an output above {SURE}: {shares}."
        )

    def noise_in(self) -> None:
        self.next_section("Noise in")
        self.diagram.columns[0].show(self.forward.input)
        with self.caption(
            "Every pixel is drawn at random. What will the network say?",
            *(FadeIn(neurons) for neurons in self.diagram.columns),
            FadeIn(self.diagram.dots),
            FadeIn(self.diagram.labels),
            moves="Grey noise stands where a digit should be; the other neurons are dark.",
        ):
            pass

    def an_answer_out(self) -> None:
        self.next_section("An answer out")
        diagram, forward = self.diagram, self.forward
        outputs = diagram.columns[-1]
        edge = diagram.labels.get_right()[0] + 0.3
        values = VGroup(*(Number(value, 2, theme.NOTE_SIZE) for value in forward.output))
        for value, centre, shown in zip(values, outputs.centres, outputs.layout.shown, strict=True):
            value.move_to((edge, centre[1], 0), aligned_edge=LEFT).set_opacity(float(shown))
        self.ring = diagram.winner_mark(forward)
        self.values = values
        value = float(forward.output.max())
        tail = "" if value > SURE else ", the surest of all of them"
        with self.caption(
            f"It answers {self.names[forward.answer]}, with an output of {value:.2f}{tail}.",
            moves="Lines light up, pulses run through the layers, and a ring marks the brightest output.",
        ):
            for layer, connections in enumerate(diagram.connections):
                self.add(connections)
                self.play(ShowContributions(diagram, forward, layer), run_time=theme.QUICK)
                self.play(
                    PropagateActivations(connections, diagram.columns[layer + 1], forward.activations[layer]),
                    run_time=theme.STEP,
                )
            marked = (diagram.labels[forward.answer], values[forward.answer])
            self.play(FadeIn(values), Create(self.ring))
            self.play(*(part.animate.set_fill(theme.ANSWER) for part in marked), run_time=theme.QUICK)

    def how_often(self) -> None:
        self.next_section("How often")
        diagram = self.diagram
        rest = Group(*diagram.connections, *diagram.columns[1:], diagram.dots, diagram.labels, self.values, self.ring)
        count = round(self.judged[0].share * _NOISES)
        told = {0: "None of them gets", 1: "1 of them gets"}.get(count, f"{count} of them get")
        self.panels = [
            Panel(name, images[judged.surest], judged, self.names, (column - (len(self.kinds) - 1) / 2) * 3.4)
            for column, ((name, images), judged) in enumerate(zip(self.kinds, self.judged, strict=True))
        ]
        with self.caption(
            f"The surest of {_NOISES:,} such pictures. {told} more than {SURE}.",
            FadeOut(rest),
            Transform(diagram.columns[0], self.panels[0].picture, run_time=theme.STEP),
            moves="The noise goes to the left. Beside it a field of squares fills, one for each picture, as bright as "
            "its greatest output, and yellow where it is sure.",
        ):
            self.field = field_of_outputs(self.judged[0].outputs.max(axis=1))
            note = Words("a square for each, as bright as its greatest output", theme.NOTE_SIZE, theme.QUIET_TEXT)
            self.field_note = note.next_to(self.field, UP, buff=0.2)
            self.play(FadeIn(*self.panels[0].words, note, run_time=theme.STEP), OneByOne(self.field))
            self.play(FadeIn(self.panels[0].share))

    def other_kinds(self) -> None:
        self.next_section("Other kinds")
        most = max(judged.share for judged in self.judged[1:-1])
        with self.caption(
            f"Other noise: up to {_percent(most)}. Real test pictures: {_percent(self.judged[-1].share)}.",
            FadeOut(self.field, self.field_note),
            moves="Two more kinds of noise appear, each with the picture the network is surest of; then a real test "
            "picture.",
        ):
            for panel in self.panels[1:]:
                self.play(FadeIn(panel.picture, *panel.words, panel.share), run_time=theme.STEP)

    def no_output_for_nothing(self) -> None:
        self.next_section("No output for nothing")
        words, names, gap, missing = outputs_in_rows(self.names, (STAGE_BOTTOM - 0.9) / 2)
        answered = sorted({int(judged.outputs[judged.surest].argmax()) for judged in self.judged[:-1]})
        with self.caption(
            noise_verdict(max(judged.share for judged in self.judged[:-1])),
            *(FadeOut(panel.share) for panel in self.panels),
            FadeIn(words),
            LaggedStart(*(FadeIn(name) for name in names), lag_ratio=0.1),
            moves="In place of the shares stand the names of all outputs; those that noise has got turn yellow. After "
            "the last one an empty place is drawn: there is none for “nothing”.",
        ):
            self.play(*(names[answer].animate.set_fill(theme.ANSWER) for answer in answered))
            self.play(Create(gap), FadeIn(missing))


class StrokesOnRequest(LessonScene):
    """A second network, asked in training for smooth and local weights, and what it costs."""

    MIDDLE_OF_SIDE = 3.55

    def construct(self) -> None:
        self.companion = load_checkpoint(lesson_companion("local"))
        self.same_data = self.companion.metadata.data_md5 == self.checkpoint.metadata.data_md5
        never_seen = self.digits("train").vectors.max(axis=0) == 0
        self.sides = [
            Side(
                self.checkpoint,
                never_seen,
                -self.MIDDLE_OF_SIDE,
                "the lesson's network",
                self.accuracy_of(self.checkpoint),
            ),
            Side(
                self.companion,
                never_seen if self.same_data else None,
                self.MIDDLE_OF_SIDE,
                "trained for smooth, local weights",
                self.accuracy_of(self.companion),
            ),
        ]

        self.a_second_network()
        self.how_local()
        self.nearer()
        self.what_it_costs()
        self.end()

    def accuracy_of(self, checkpoint: Checkpoint) -> float | None:
        """On the lesson's test set where it was made for that data, else what was measured after its training."""
        if checkpoint.metadata.data_md5 == self.checkpoint.metadata.data_md5:
            return evaluate(checkpoint.network, self.digits()).accuracy
        return checkpoint.metadata.test_accuracy

    def alternative_text(self) -> str:
        companion = load_checkpoint(lesson_companion("local"))
        own, other = self.accuracy_of(self.checkpoint), self.accuracy_of(companion)
        accuracies = f"{_percent(own, 2)} and {_percent(other, 2)}" if own and other else "not all measured"
        return (
            "The first-layer weight pictures of two networks side by side: the network of the lesson, and one that was "
            f"trained for smooth and local weights. Their test accuracies: {accuracies}."
        )

    def a_second_network(self) -> None:
        self.next_section("A second network")
        one, other = self.sides
        first = Group(one.heading, one.wall)
        first.shift(self.MIDDLE_OF_SIDE * RIGHT)
        moves = "The weight pictures of the network go to the left; on the right appear those of a second network"
        replayed = len(self.companion.snapshot_parameters) >= 2
        if replayed:
            for picture, row in zip(other.pictures, self.companion.snapshot(0).layers[0].weights, strict=True):
                picture.show(row, other.limit)
        alike = self.same_data and self.companion.network.sizes == self.network.sizes
        whose = "The same training, but it also asks" if alike else "A second network was also asked"
        with self.caption(
            f"{whose} for smooth and gathered weights.",
            FadeIn(first),
            moves=moves + (", random at first; strokes form as it trains." if replayed else "."),
        ):
            self.play(
                first.animate.shift(self.MIDDLE_OF_SIDE * LEFT),
                FadeIn(Group(other.heading, other.wall), rate_func=squish_rate_func(smooth, 0.6, 1)),
                run_time=theme.STEP,
            )
            if replayed:
                self.play(ReplayTraining(self.companion, pictures=other.pictures, run_time=4 * theme.STEP))
        if not self.same_data:
            data, own = self.companion.metadata.data_name, self.checkpoint.metadata.data_name
            with self.caption(f"It was trained on other pictures: {data}, not {own}.", moves="The pictures stand."):
                pass
        elif not alike:
            sizes = ", ".join(str(size) for size in self.companion.network.sizes)
            with self.caption(f"It has other layers, of {sizes} neurons.", moves="The pictures stand."):
                pass

    def how_local(self) -> None:
        self.next_section("How local")
        one, other = (_mean(side.measured) for side in self.sides)
        with self.caption(
            f"On average, the frames hold {one} of the weight; on the right, {other}.",
            moves="A yellow frame comes into each picture, and the averages stand beneath.",
        ):
            frames = [Create(frame) for side in self.sides for frame in side.frames]
            self.play(LaggedStart(*frames, lag_ratio=0.03, run_time=theme.FLOW))
            self.play(*(FadeIn(side.local) for side in self.sides))

    def nearer(self) -> None:
        self.next_section("Nearer")
        walls = [Group(*side.pictures) for side in self.sides]
        chosen = [int(side.measured.shares.argmax()) for side in self.sides]
        near = [side.pictures[neuron].copy() for side, neuron in zip(self.sides, chosen, strict=True)]
        large = [
            one.copy().scale_to_fit_width(wall.height).move_to(wall) for one, wall in zip(near, walls, strict=True)
        ]
        shares = [f"{100 * side.measured.shares[n]:.0f} %" for side, n in zip(self.sides, chosen, strict=True)]
        frames = VGroup(
            *(window_frame(one, side.measured, n) for one, side, n in zip(large, self.sides, chosen, strict=True))
        ).set_z_index(2)
        # Above the wall, so that it covers what it grows over.
        Group(*near, *large).set_z_index(1)
        with self.caption(
            f"The most gathered of either: {shares[0]} in its frame, and {shares[1]}.",
            *(FadeOut(side.frames) for side in self.sides),
            *(Transform(one, other, run_time=theme.FLOW) for one, other in zip(near, large, strict=True)),
            *(FadeOut(wall) for wall in walls),
            moves="One weight picture on either side grows until it stands in place of all, with its frame.",
        ):
            self.play(*(Create(frame) for frame in frames))
        self.near, self.near_frames = near, frames

    def what_it_costs(self) -> None:
        self.next_section("What it costs")
        small = [side.pictures[int(side.measured.shares.argmax())].copy() for side in self.sides]
        with self.caption(
            strokes_verdict(self.sides[0], self.sides[1], self.same_data),
            FadeOut(self.near_frames, rate_func=squish_rate_func(smooth, 0, 0.4)),
            *(Transform(one, other, run_time=theme.STEP) for one, other in zip(self.near, small, strict=True)),
            *(
                FadeIn(Group(*side.pictures), run_time=theme.STEP, rate_func=squish_rate_func(smooth, 0.5, 1))
                for side in self.sides
            ),
            moves="The large pictures go back to their places. The share of right answers appears beneath each wall.",
        ):
            self.remove(*self.near)
            self.play(*(FadeIn(side.good) for side in self.sides))


class Side:
    """One of the two networks of `StrokesOnRequest`: its wall of weight pictures at x, and what was measured."""

    def __init__(
        self, checkpoint: Checkpoint, never_seen: np.ndarray | None, x: float, title: str, accuracy: float | None
    ) -> None:
        weights = checkpoint.network.layers[0].weights
        self.n, self.accuracy = len(weights), accuracy
        self.measured = locality(weights, never_seen)
        columns = max(int(np.ceil(self.n**0.5)), 1)
        seen = weights if never_seen is None else weights[:, ~never_seen]
        wall = WeightWall(weights, never_seen, columns, 4.9, 4.9, full_colour(seen))
        self.limit, self.pictures = wall.limit, wall.pictures
        Group(*wall.pictures).move_to((x - 0.8, _MIDDLE + 0.12, 0))
        masked = never_seen is not None and bool(never_seen.any())
        high = Group(*wall.pictures).height
        self.scale = WeightScale(self.limit, 0.78 * high, "never lit" if masked else "", beyond=True)
        self.scale.next_to(Group(*wall.pictures), RIGHT, buff=0.3).align_to(wall.pictures[0], UP)
        self.wall = Group(*wall.pictures, self.scale)
        self.heading = Words(title, theme.LABEL_SIZE).move_to((x - 0.8, STAGE_TOP, 0), aligned_edge=UP)
        self.frames = VGroup(*(window_frame(p, self.measured, j) for j, p in enumerate(self.pictures)))
        y = STAGE_BOTTOM + 0.1
        self.local = Words(f"{_mean(self.measured)} in one place", theme.LABEL_SIZE, theme.QUIET_TEXT)
        self.local.move_to((x - 0.8, y, 0), aligned_edge=RIGHT)
        self.good = Words("" if accuracy is None else f"{_percent(accuracy, 2)} right", theme.LABEL_SIZE, theme.ANSWER)
        self.good.move_to((x - 0.35, y, 0), aligned_edge=LEFT)


class Panel:
    """A kind of picture at x: its name, the one the network is surest of, the answer, and the share of sure ones."""

    def __init__(self, name: str, image: np.ndarray, judged: Sureness, class_names: tuple[str, ...], x: float) -> None:
        outputs = judged.outputs[judged.surest]
        self.picture = PixelGrid(image, 2.85, (x, _MIDDLE + 0.8))
        title = Words(name, theme.NOTE_SIZE, theme.QUIET_TEXT)
        title.move_to((x, self.picture.get_top()[1] + 0.5, 0), aligned_edge=UP)
        said = Words(f"{class_names[int(outputs.argmax())]}: {outputs.max():.2f}", theme.LABEL_SIZE, theme.ANSWER)
        said.move_to((x, self.picture.get_bottom()[1] - 0.25, 0), aligned_edge=UP)
        number = Words(_percent(judged.share), 64).move_to((x, STAGE_BOTTOM + 0.95, 0))
        note = Words(f"above {SURE}", theme.NOTE_SIZE, theme.QUIET_TEXT).next_to(number, DOWN, buff=0.18)
        self.words = (title, said)
        self.share = VGroup(number, note)


class SignedBars(Group):
    """A bar from −1 to 1 for each of n neurons, around a line at 0, with its value at its end where there is room.

    y, height: of the whole. axes: the lines; limits: those at 1 and −1.
    """

    LEFT_EDGE, RIGHT_EDGE = -6.1, 6.6

    def __init__(self, n: int, y: float, height: float) -> None:
        self.y, self.reach = y, height / 2
        self.pitch = (self.RIGHT_EDGE - self.LEFT_EDGE) / n
        self.x = self.LEFT_EDGE + (np.arange(n) + 0.5) * self.pitch
        ends = self.LEFT_EDGE * RIGHT, self.RIGHT_EDGE * RIGHT
        zero = Line(*ends, color=theme.NEURON_OUTLINE, stroke_width=2).shift(y * UP)
        self.limits = VGroup(
            *(
                DashedLine(*ends, color=theme.CELL_OUTLINE, stroke_width=2, dash_length=0.12).shift(
                    (y + sign * self.reach) * UP
                )
                for sign in (1, -1)
            )
        )
        marks = VGroup(
            *(
                Number(value, size=theme.NOTE_SIZE, colour=theme.QUIET_TEXT).move_to(
                    (self.LEFT_EDGE - 0.15, y + value * self.reach, 0), aligned_edge=RIGHT
                )
                for value in (1, 0, -1)
            )
        )
        self.axes = VGroup(zero, self.limits, marks)
        self.axis_end = np.array([self.RIGHT_EDGE, y + self.reach, 0])
        centres = np.stack([self.x, np.full(n, y)], axis=1)
        self.bars = Cells(centres, 0.62 * min(self.pitch, 1), 0, rgb(theme.NEUTRAL), stroke_width=0)
        self.numbers = Numbers(np.zeros(n), np.append(centres, np.zeros((n, 1)), axis=1), 2, theme.SMALLEST_SIZE)
        super().__init__(self.axes, self.bars, self.numbers)
        self.show(np.zeros(n))

    def show(self, values: np.ndarray) -> Self:
        """Give the bars these values, (n,), −1 to 1. Without room for all numbers, only the greatest has its own."""
        self.values = np.asarray(values, float)
        tips = self.y + self.values * self.reach
        self.bars.points[0::2, 1] = np.minimum(tips, self.y)
        self.bars.points[1::2, 1] = np.maximum(tips, self.y)
        self.numbers.set_values(self.values)
        away = np.where(self.values >= 0, 0.16, -0.16)
        self.numbers.place(np.stack([self.x, tips + away, np.zeros(len(tips))], axis=1))
        if self.pitch < 0.55:
            self.numbers.set_opacities(np.arange(len(tips)) == np.abs(self.values).argmax())
        return self

    def marked(self, neuron: int | None) -> Cells:
        """The bars with one of them in the colour of an answer, or with none."""
        bars = self.bars.copy()
        bars.colours[:] = rgb(theme.NEUTRAL)
        if neuron is not None:
            bars.colours[neuron] = rgb(theme.ANSWER)
        return bars


class ReadTestSet(Animation):
    """A confusion matrix fills with the answers to the first pictures, one by one at first, then ever more at a time.

    labels, answers: (n,), of all pictures in their order. counter: how many are read.
    """

    def __init__(
        self, matrix: ConfusionMatrix, counter: Number, labels: np.ndarray, answers: np.ndarray, **options: Any
    ) -> None:
        self.matrix, self.counter, self.labels, self.answers = matrix, counter, labels, answers
        options = {"run_time": 5 * theme.STEP, "rate_func": rushing, **options}
        super().__init__(Group(matrix, counter), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        read = round(len(self.labels) * self.rate_func(alpha))
        classes = len(self.matrix.counts)
        self.matrix.show(confusion_of(self.labels[:read], self.answers[:read], classes))
        self.counter.set_value(read)


def rushing(share: float) -> float:
    """A rate function that begins very slowly, as 1, 2, 3 of thousands, and comes gently to its end."""
    return float(smooth(share) ** 2)


class GrowTo(Animation):
    """Bars grow from some values, 0 if not given, to others."""

    def __init__(self, bars: SignedBars, values: np.ndarray, start: np.ndarray | None = None) -> None:
        self.values = np.asarray(values, float)
        self.start = np.zeros(len(values)) if start is None else np.asarray(start, float)
        super().__init__(bars, run_time=theme.FLOW)

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.show(self.start + (self.values - self.start) * self.rate_func(alpha))


class TwoHistograms(Group):
    """How often a neuron has each activation, in pictures with a loop and in those without, as shares of each kind.

    values: (n,) activations. has_loop: (n,).
    """

    WIDTH, HEIGHT = 9.0, 4.0

    def __init__(self, values: np.ndarray, has_loop: np.ndarray) -> None:
        low, high = min(0.0, float(values.min())), max(1.0, float(values.max()))
        edges = np.linspace(low, high, _BINS + 1)
        self.shares = np.stack([np.histogram(values[kind], edges)[0] / kind.sum() for kind in (has_loop, ~has_loop)])
        top = float(np.ceil(100 * self.shares.max() / 10) * 10)
        axes = Axes((low, high), (0, top), "activation", "% of the pictures", self.WIDTH, self.HEIGHT)
        step = self.WIDTH / _BINS
        self.axes, self.top = axes, top
        self.bars = []
        for shares, colour, side in zip(self.shares, (theme.ANSWER, theme.NEUTRAL), (-1, 1), strict=True):
            middles = axes.point((edges[:-1] + edges[1:]) / 2, np.zeros(_BINS)) + side * 0.2 * step * RIGHT
            bars = Cells(middles, 0.38 * step, 0, rgb(colour), stroke_width=0)
            bars.points[0::2, 1] = middles[:, 1]
            bars.points[1::2, 1] = axes.point(edges[:-1], 100 * shares)[:, 1]
            self.bars.append(bars)
        key = VGroup(
            Words("with a loop", theme.NOTE_SIZE, theme.ANSWER), Words("without", theme.NOTE_SIZE, theme.NEUTRAL)
        )
        key.arrange(DOWN, buff=0.15, aligned_edge=RIGHT)
        key.move_to(axes.point(high, top) + 0.1 * UP, aligned_edge=UP + RIGHT)
        self.key = key
        super().__init__(axes, *self.bars, key)

    def split(self, activation: float) -> DashedLine:
        """A dashed line across the plot at an activation."""
        ends = self.axes.point(activation, 0), self.axes.point(activation, self.top)
        return DashedLine(*ends, color=theme.TEXT, stroke_width=theme.MARK_WIDTH, dash_length=0.14)


def sliced(bar: Cells, like: Cells) -> Cells:
    """One bar as the upright slices it is made of, side by side, as many as `like` has and in its colours."""
    slices = like.copy()
    edges = np.linspace(bar.points[0, 0], bar.points[1, 0], len(like) + 1)
    slices.points[0::2] = np.stack([edges[:-1], np.full(len(like), bar.points[0, 1]), np.zeros(len(like))], axis=1)
    slices.points[1::2] = np.stack([edges[1:], np.full(len(like), bar.points[1, 1]), np.zeros(len(like))], axis=1)
    return slices


class OneByOne(Animation):
    """Cells appear one after another, in their order."""

    def __init__(self, cells: Cells, **options: Any) -> None:
        self.opacities = cells.opacities.copy()
        options = {"run_time": theme.FLOW, "rate_func": linear, "introducer": True, **options}
        super().__init__(cells, **options)

    def interpolate_mobject(self, alpha: float) -> None:
        there = np.arange(len(self.opacities)) < self.rate_func(alpha) * len(self.opacities)
        self.mobject.opacities = np.where(there, self.opacities, 0).astype(np.float32)


def window_frame(picture: WeightHeatmap, measured: Locality, neuron: int) -> Square:
    """A frame around a neuron's heaviest window in its weight picture."""
    row, column = measured.corners[neuron]
    centres = picture.centres.reshape(picture.side, picture.side, 3)
    reach = measured.window - 1
    middle = (centres[row, column] + centres[row + reach, column + reach]) / 2
    size = 2 * float(picture.radii[0]) * measured.window
    return Square(size, color=theme.ANSWER, stroke_width=2.5).move_to(middle)


def wall_with_room(weights: np.ndarray, never_seen: np.ndarray) -> tuple[WeightWall, np.ndarray]:
    """The weight pictures with a line of room beneath each row, and the places (n, 3) for numbers there."""
    room = 0.28
    wall = WeightWall(weights, never_seen, width=8.3, height=5.4, limit=full_colour(weights[:, ~never_seen]))
    heights = np.array([picture.get_y() for picture in wall.pictures])
    rows = np.unique(-heights.round(6), return_inverse=True)[1]
    for picture, row in zip(wall.pictures, rows, strict=True):
        picture.shift((rows.max() / 2 - row) * room * UP)
    pictures = Group(*wall.pictures)
    pictures.move_to((-6.7, _MIDDLE + 0.12, 0), aligned_edge=LEFT)
    return wall, np.array([picture.get_bottom() + 0.17 * DOWN for picture in wall.pictures])


def first_of_each_class(digits: Digits, most: int) -> np.ndarray:
    """The first picture of each class that has one, of at most so many classes: indices."""
    classes = [k for k in range(len(digits.class_names)) if (digits.labels == k).any()][:most]
    return np.array([int(np.argmax(digits.labels == k)) for k in classes])


def best_neuron(measured: Iterable[np.ndarray]) -> tuple[int, int]:
    """The hidden layer, from 0, and the neuron whose correlation is farthest from 0."""
    farthest = [
        (float(np.abs(values).max()), layer, int(np.abs(values).argmax())) for layer, values in enumerate(measured)
    ]
    _, layer, neuron = max(farthest, key=lambda found: found[0])
    return layer, neuron


def most_frequent_mistakes(found: Evaluation) -> tuple[list[tuple[int, int]], int]:
    """The true class and the answer of the greatest count off the diagonal, or of all equal ones; and that count."""
    off = found.confusion.copy()
    np.fill_diagonal(off, 0)
    most = int(off.max())
    return [(int(true), int(answer)) for true, answer in np.argwhere(off == most)], most


def noise_to_show(digits: Digits) -> list[tuple[str, np.ndarray]]:
    """Kinds of pictures and their names: three of noise, from a fixed seed, and the test set itself."""
    rng = np.random.default_rng(_SEED)
    shuffled_from = digits.images[:_NOISES]
    return [
        ("every pixel at random", uniform_noise(_NOISES, digits.side, rng)),
        ("soft blots at random", smooth_noise(_NOISES, digits.side, rng)),
        ("real pixels, shuffled", shuffled(shuffled_from, rng)),
        ("real test pictures", digits.images),
    ]


def outputs_in_rows(names: Sequence[str], y: float) -> tuple[Words, VGroup, DashedVMobject, Words]:
    """All names of outputs around a height, with words before and, after the last one, an empty place for nothing.

    In one row, or in as many as they need.
    """
    words = Words("the outputs:", theme.NOTE_SIZE, theme.QUIET_TEXT)
    texts = VGroup(*(Words(name, 52 if _short(names) else theme.LABEL_SIZE) for name in names))
    missing = Words("none for “nothing”", theme.NOTE_SIZE, theme.QUIET_TEXT)
    place = Rectangle(width=1.2, height=0.7, color=theme.QUIET_TEXT, stroke_width=3)
    between, pitch, most = 0.55, 0.75, FRAME_WIDTH - 2 * SAFE_MARGIN
    rows: list[list[VMobject]] = [[]]
    for part in (words, *texts, place):
        if sum(other.width + between for other in rows[-1]) + part.width > most:
            rows.append([])
        rows[-1].append(part)
    for number, row in enumerate(rows):
        left = -(sum(part.width + between for part in row) - between) / 2
        for part in row:
            part.move_to((left + part.width / 2, y + ((len(rows) - 1) / 2 - number) * pitch, 0))
            left += part.width + between
    missing.next_to(place, DOWN, buff=0.12)
    missing.shift(min(0, most / 2 - missing.get_right()[0]) * RIGHT)
    return words, texts, DashedVMobject(place, num_dashes=24), missing


def field_of_outputs(outputs: np.ndarray) -> Cells:
    """A square for each picture, row by row: as bright as its greatest output, (n,), and yellow above `SURE`."""
    left, right, top, bottom = -3.0, 6.7, STAGE_TOP - 0.5, STAGE_BOTTOM + 0.1
    step = min((right - left) / _FIELD_COLUMNS, (top - bottom) / -(-len(outputs) // _FIELD_COLUMNS))
    row, column = np.divmod(np.arange(len(outputs)), _FIELD_COLUMNS)
    centres = np.stack([left + (column + 0.5) * step, top - (row + 0.5) * step], axis=1)
    field = Cells(centres, 0.8 * step, stroke_width=0).set_brightness(outputs, theme.NEUTRAL)
    field.colours[outputs > SURE] = rgb(theme.ANSWER)
    return field


def edges_verdict(shares: np.ndarray) -> str:
    """What can be said of the hope for edges, by how many neurons have three quarters of their weight in one place."""
    n, local, most = len(shares), int((shares >= LOCAL).sum()), f"{100 * LOCAL:.0f}"
    if local == 0:
        return f"Learnt: {_range(shares)}; set by hand: 100. Clean edge detectors they are not."
    if local == n:
        return f"Learnt: {_range(shares)}. Each looks at one small place, as was hoped."
    return f"Learnt: {_range(shares)}. Of {n}, {local} {'has' if local == 1 else 'have'} {most} or more, as was hoped."


def loops_verdict(value: float, count: int, pixel: float) -> str:
    """What can be said of the hope for loops: the correlation farthest from 0 of so many neurons, and of the pixels."""
    reached = f"The farthest of {count} reaches {_signed(value)}"
    if abs(value) >= _FINDS_LOOPS:
        return f"{reached}: it follows loops, as was hoped."
    return f"{reached}; the best single pixel, {_signed(pixel)}."


def noise_verdict(share: float) -> str:
    """How sure the network is of noise, by the greatest share of sure answers of any kind."""
    if share < 0.01:
        return "Hardly ever is it that sure of noise. Yet no output says “nothing”."
    if share < 0.5:
        return "Now and then it is sure of noise: no output says “nothing”."
    return "It can be as sure of noise as of anything: no output says “nothing”."


def strokes_verdict(one: Side, other: Side, same_data: bool) -> str:
    """What the second network shows, by how many of its neurons are local, and what both read right where known."""
    come = other.measured.local > one.measured.local and other.measured.local > other.n / 2
    verdict = "Strokes come if asked for" if come else "Here strokes have not come"
    if one.accuracy is None or other.accuracy is None:
        return f"{verdict}."
    own, asked = _percent(one.accuracy, 2), _percent(other.accuracy, 2)
    if not same_data:
        return f"{verdict}. Each on its own pictures: {own} right, and {asked}."
    return f"{verdict}: {asked} right, {'instead of' if come else 'not'} {own}."


def _short(names: Sequence[str]) -> bool:
    return max(map(len, names)) <= 2


def _first_layer(sizes: tuple[int, ...]) -> str:
    return "first hidden layer" if len(sizes) > 2 else "only layer"


def _ordinal(layer: int) -> str:
    return _ORDINALS[layer] if layer < len(_ORDINALS) else f"{layer + 1}th"


def _name(layer: int, neuron: int) -> str:
    return f"neuron {neuron} of the {_ordinal(layer)} hidden layer"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _range(shares: np.ndarray) -> str:
    low, high = f"{100 * shares.min():.0f}", f"{100 * shares.max():.0f}"
    return low if low == high else f"{low} to {high}"


def _mean(measured: Locality) -> str:
    return _percent(float(measured.shares.mean()), 0)


def _percent(share: float, places: int = 1) -> str:
    return f"{100 * share:.{places}f} %"


def _signed(value: float, places: int = 2) -> str:
    return f"{round(float(value), places) + 0.0:.{places}f}".replace("-", "−")
