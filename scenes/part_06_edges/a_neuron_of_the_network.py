"""ANeuronOfTheNetwork: a trained neuron, the pictures that light it most and least, and its sum for one picture."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    Transform,
    VGroup,
    smooth,
    squish_rate_func,
)
from numpy.typing import NDArray

from network import ForwardPass
from network.analysis.favourites import Favourites, brightness_where, clearest_favourites
from network.network import Layer
from scenes.kit import theme
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, full_colour
from scenes.kit.picture_frames import LARGE_CENTRE, LARGE_EXTENT, frame_of_weights
from scenes.language import _, _c, _n, _w, one_and_another, together
from scenes.part_06_edges.bias_stage import BiasStage
from scenes.part_06_edges.gate_stage import GateStage
from scenes.part_06_edges.thumbnails import MoveThumbnails, Thumbnails
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import amount, class_in_words, function_name, is_digit, number, our_one_in_words, several_in_words


class ANeuronOfTheNetwork(LessonScene):
    """A neuron of the trained network: its real weights, what it likes and dislikes, and its sum on one picture."""

    # How many favourites and opposites are shown, how many are in a row, and how many others are in the crowd.
    COUNT, IN_A_ROW, OTHERS = 20, 10, 60
    # Where the weights stand beside the pictures; the two blocks of pictures, their width and the size of a picture.
    WEIGHTS, WEIGHTS_EXTENT = (-4.45, 1.05), 4.6
    BLOCKS_X, MOST_Y, LEAST_Y, STEP = 2.45, 2.0, -1.15, 0.86
    # Where the picture that the film follows stands, and the row of numbers.
    HERO, HERO_EXTENT, ROW_Y = (0.85, 1.05), 4.6, -1.98
    NEURON, NEURON_SIZE = (5.25, 1.05), 2.7

    @cached_property
    def favourites(self) -> Favourites:
        return clearest_favourites(self.network, self.digits(), self.COUNT, self.hero)

    @property
    def neuron(self) -> int:
        return self.favourites.neuron

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().vectors[self.hero])

    @property
    def total(self) -> float:
        """The sum of the products, before the bias is added."""
        return float(self.forward.contributions(0)[self.neuron].sum())

    @property
    def bias(self) -> float:
        return float(self.network.layers[0].biases[self.neuron])

    @property
    def z(self) -> float:
        return float(self.forward.weighted_sums[0][self.neuron])

    @property
    def activation(self) -> float:
        return float(self.forward.activations[0][self.neuron])

    @property
    def places(self) -> int:
        """The digits after the point with which the numbers that are shown add up: as few as possible."""
        # The sigmoid's activation has two; that of another function may be z itself, and then looks like it.
        fewest = 1 if self.layer.activation == "sigmoid" else 2
        for places in range(fewest, 5):
            total, bias, z = (round(value, places) for value in (self.total, self.bias, self.z))
            if abs(total + bias - z) < 0.1 * 10**-places:
                return places
        return fewest

    @property
    def limit(self) -> float:
        """The size of a weight in full colour: a few are greater, so that the others are not dark."""
        return full_colour(self.layer.weights[self.neuron][~self.never_seen], 0.97)

    @property
    def layer(self) -> Layer:
        return self.network.layers[0]

    def construct(self) -> None:
        self.names = self.digits().class_names
        self.never_seen = self.digits("train").never_lit

        self.a_real_one()
        self.what_it_likes()
        self.its_sum()
        self.end()

    def alternative_text(self) -> str:
        return together(
            _(
                "The {weights} real weights of neuron {neuron} of the first hidden layer as a picture, with the "
                "{count} test pictures that light it most ({most}) and least ({least}).",
                weights=number(self.network.sizes[0], thousands=False),
                neuron=number(self.neuron, thousands=False),
                count=number(self.COUNT),
                most=self.in_words(True),
                least=self.in_words(False),
            ),
            _(
                "On one picture its sum is {total}; with the bias {bias} that is {z}, and the activation is "
                "{activation}.",
                total=number(self.total, self.places),
                bias=number(self.bias, self.places),
                z=number(self.z, self.places),
                activation=number(self.activation, 2),
            ),
        )

    def in_words(self, most: bool) -> str:
        """Which classes its favourites or its opposites are of: "16 twos and 4 threes"; the rest as "others"."""
        counts = self.favourites.classes_of_most(self.COUNT) if most else self.favourites.classes_of_least(self.COUNT)
        order = [int(k) for k in np.argsort(-counts, kind="stable") if counts[k]]
        parts = [
            _c(
                "how many pictures of a class",
                "{n} {pictures}",
                n=number(counts[k], thousands=False),
                pictures=self.kind(k, int(counts[k])),
            )
            for k in order[:2]
        ]
        rest = int(sum(counts[k] for k in order[2:]))
        if rest:
            parts.append(_n("{n} other", "{n} others", rest))
        return one_and_another(parts)

    @property
    def least_lie_on_the_red(self) -> bool:
        """Whether more than half of all the brightness of its opposites is where its weights are negative."""
        opposites = self.digits().vectors[self.favourites.least(self.COUNT)]
        return brightness_where(opposites, self.layer.weights[self.neuron] < 0) > 0.5

    def kind(self, label: int, count: int) -> str:
        """The pictures of a class, one or several: "three", "threes"."""
        name = self.names[label]
        if count > 1:
            return several_in_words(name)
        if is_digit(name):
            return class_in_words(name)
        return _w("one picture of a class, after its number", "picture of {name}", name=name)

    def a_real_one(self) -> None:
        self.next_section(_("A real one"))
        weights = self.layer.weights[self.neuron]
        self.picture = WeightHeatmap(weights, self.limit, self.never_seen, LARGE_EXTENT, LARGE_CENTRE)
        self.frame = frame_of_weights(self.picture)
        masked = _("black in all\ntraining pictures") if self.never_seen.any() else ""
        self.scale_bar = WeightScale(self.limit, 4.0, masked, 1, beyond=True, size=theme.LABEL_SIZE)
        self.scale_bar.next_to(self.picture, RIGHT, buff=0.4)
        count = Number(self.layer.n_in, 0, 2.6 * theme.TITLE_SIZE)
        noun = Words(_c("after their number", "weights"), 1.2 * theme.TITLE_SIZE, theme.WEIGHTS_SYMBOL)
        bias = Number(self.bias, self.places, 2.6 * theme.TITLE_SIZE, theme.BIASES_SYMBOL, sign=True)
        bias_noun = Words(_("bias"), 1.2 * theme.TITLE_SIZE, theme.BIASES_SYMBOL)
        column = VGroup(VGroup(count, noun).arrange(DOWN), VGroup(bias, bias_noun).arrange(DOWN))
        column.arrange(DOWN, buff=0.9).move_to((5.0, LARGE_CENTRE[1], 0))
        self.facts = Group(column, self.scale_bar)
        before = BiasStage(GateStage(self.digits()))
        around = before.at_the_end()
        made_up, frame = before.upright, before.frame
        around.remove(made_up, frame)
        self.add(around, made_up, frame)
        with self.voiceover(
            together(
                _("That one we made up."),
                _n(
                    "<bookmark mark='real'/> Here's a real one, as training left it: <bookmark mark='weights'/> {n} "
                    "weight, <bookmark mark='bias'/> and a bias.",
                    "<bookmark mark='real'/> Here's a real one, as training left it: <bookmark mark='weights'/> {n} "
                    "weights, <bookmark mark='bias'/> and a bias.",
                    self.layer.n_in,
                    n=number(self.layer.n_in, thousands=False),
                ),
            ),
            moves=_(
                "The picture of the weights set by hand grows, and turns into that of a trained neuron: blotches of "
                "blue and red. Then come how many they are, and the bias."
            ),
        ):
            large = WeightHeatmap(made_up.weights, 1.0, None, LARGE_EXTENT, LARGE_CENTRE)
            self.play(FadeOut(around), Transform(made_up, large), Transform(frame, self.frame))
            self.wait_until_bookmark("real")
            self.play(Transform(made_up, self.picture))
            self.remove(made_up, frame)
            self.add(self.picture, self.frame)
            self.wait_until_bookmark("weights")
            self.play(FadeIn(column[0], shift=0.3 * LEFT), FadeIn(self.scale_bar))
            self.wait_until_bookmark("bias")
            self.play(FadeIn(column[1], shift=0.3 * LEFT))

    def what_it_likes(self) -> None:
        self.next_section(_("What it likes"))
        self.crowd, places = self.lay_out_crowd()
        most, least = places
        small = WeightHeatmap(
            self.layer.weights[self.neuron], self.limit, self.never_seen, self.WEIGHTS_EXTENT, self.WEIGHTS
        )
        self.captions = [
            Words(text, theme.TITLE_SIZE).move_to((self.BLOCKS_X, y + self.STEP + 0.4, 0))
            for text, y in ((_("light it most"), self.MOST_Y), (_("light it least"), self.LEAST_Y))
        ]
        with self.voiceover(
            together(
                _(
                    "Of all {pictures} test pictures, <bookmark mark='most'/> these light it most: {counts}.",
                    pictures=amount(len(self.digits())),
                    counts=self.in_words(True),
                ),
                _("<bookmark mark='least'/> And these least: {counts}.", counts=self.in_words(False)),
                _("<bookmark mark='red'/> Most of their ink lies on the red.") if self.least_lie_on_the_red else "",
            ),
            moves=together(
                _(
                    "A crowd of digits fills the right side. Those that light the neuron most go to the top, those "
                    "that light it least below them; the others go away."
                ),
                _(
                    "Of the weights only those remain that lie under the picture that lights it least, each as bright "
                    "as the picture is there; then all are back."
                ),
            ),
        ) as tracker:
            self.play(
                FadeOut(self.facts, run_time=theme.QUICK),
                Transform(self.picture, small),
                Transform(self.frame, frame_of_weights(small)),
            )
            self.add(self.crowd)
            order = np.random.default_rng(0).permutation(self.crowd.count)
            start = self.crowd.places.copy()
            appear = MoveThumbnails(self.crowd, start, 0.62, 1.0, order=order, lag=0.8)
            self.play(appear, run_time=max(tracker.time_until_bookmark("most"), theme.FLOW))
            run_time = max(tracker.time_until_bookmark("least"), theme.FLOW)
            gather = MoveThumbnails(self.crowd, *most, lag=0.6, run_time=run_time)
            # The words come when the others have made room.
            self.play(gather, FadeIn(self.captions[0], run_time=run_time, rate_func=squish_rate_func(smooth, 0.7, 1)))
            self.play(MoveThumbnails(self.crowd, *least, lag=0.5), FadeIn(self.captions[1]), run_time=theme.FLOW)
            if self.least_lie_on_the_red:
                self.wait_until_bookmark("red")
            least_liked = self.digits().vectors[self.favourites.least(1)[0]]
            under = small.copy().show(self.layer.weights[self.neuron] * least_liked, self.limit)
            self.play(Transform(self.picture, under), run_time=theme.STEP)
            self.wait_until(self.time + max(tracker.get_remaining_duration(), theme.STEP))
            self.play(Transform(self.picture, small), run_time=theme.QUICK)

    def lay_out_crowd(
        self,
    ) -> tuple[Thumbnails, list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]]:
        """A crowd of favourites, opposites and others on the right, invisible; and where it goes in two steps."""
        images = self.digits().vectors
        n = min(self.COUNT, len(images) // 2)
        middle = self.favourites.order[n : len(images) - n]
        others = middle[np.linspace(0, len(middle) - 1, min(self.OTHERS, len(middle))).astype(int)]
        chosen = np.concatenate([self.favourites.most(n), self.favourites.least(n), others])
        total = len(chosen)
        columns = 12
        index = np.random.default_rng(1).permutation(total)
        row, column = np.divmod(index, columns)
        rows = -(-total // columns)
        start = np.stack(
            [self.BLOCKS_X + (column - (columns - 1) / 2) * 0.7, 0.55 + ((rows - 1) / 2 - row) * 0.7], axis=1
        )
        crowd = Thumbnails(images[chosen], start, 0.3).lay_out(start, 0.3, 0.0)
        place, down = np.arange(n) % self.IN_A_ROW, np.arange(n) // self.IN_A_ROW
        block = np.stack([(place - (self.IN_A_ROW - 1) / 2) * self.STEP, (0.5 - down) * self.STEP], axis=1)
        steps = []
        for both in (False, True):
            places = start.copy()
            extents, opacities = np.full(total, 0.62), np.full(total, 0.0)
            blocks = [(slice(0, n), self.MOST_Y)] + ([(slice(n, 2 * n), self.LEAST_Y)] if both else [])
            for part, y in blocks:
                places[part] = block + np.array([self.BLOCKS_X, y])
                extents[part], opacities[part] = 0.95 * self.STEP, 1.0
            if not both:
                # The opposites wait where they are to appear.
                places[n : 2 * n] = block + np.array([self.BLOCKS_X, self.LEAST_Y])
            steps.append((places, extents, opacities))
        return crowd, steps

    def its_sum(self) -> None:
        self.next_section(_("Its sum"))
        self.lay_out_row()
        row = self.row
        name = self.names[int(self.digits().labels[self.hero])]
        grid_of_hero = PixelGrid(self.forward.input, self.HERO_EXTENT, self.HERO)
        signs = Symbol("times", 1.3 * theme.TITLE_SIZE).put(((self.WEIGHTS[0] + self.HERO[0]) / 2, self.WEIGHTS[1], 0))
        lit = self.disc.copy().set_brightness([self.activation])
        with self.voiceover(
            self.sum_told(name),
            moves=_(
                "The digit that we follow stands beside the weights. Its sum appears, the bias is added, and the "
                "neuron lights up as much as its activation."
            ),
        ) as tracker:
            self.play(FadeOut(self.crowd, *self.captions, run_time=theme.QUICK), FadeIn(grid_of_hero, signs))
            self.wait_until_bookmark("sum")
            self.play(FadeIn(row[0], self.labels[0], shift=0.2 * UP), FadeIn(self.disc))
            self.wait_until_bookmark("bias")
            self.play(FadeIn(row[1:4], self.labels[1:], shift=0.2 * LEFT))
            self.wait_until_bookmark("lit")
            self.play(Transform(self.disc, lit), FadeIn(self.arrow, self.result, shift=0.2 * LEFT))
            run_time = max(tracker.get_remaining_duration(), theme.FLOW)
            self.play(*(Indicate(part, 1.08, color=None) for part in (self.picture, self.row)), run_time=run_time)

    def sum_told(self, class_name: str) -> str:
        """Its sum on a picture of a class, and what the activation function makes of it."""
        places = {
            "our_digit": our_one_in_words(class_name),
            "total": number(self.total, self.places),
            "z": number(self.z, self.places),
        }
        written = number(self.activation, 2)
        if self.layer.activation != "sigmoid":
            return _(
                "On {our_digit} its sum is <bookmark mark='sum'/> {total}; with the bias, <bookmark mark='bias'/> {z}; "
                "and <bookmark mark='lit'/> {function} makes that {activation}.",
                function=function_name(self.layer.activation).with_article,
                activation=written,
                **places,
            )
        if round(self.activation, 2) == 1:
            return _(
                "On {our_digit} its sum is <bookmark mark='sum'/> {total}; with the bias, <bookmark mark='bias'/> {z}; "
                "and <bookmark mark='lit'/> squashed, as good as one.",
                **places,
            )
        if round(self.activation, 2) == 0:
            return _(
                "On {our_digit} its sum is <bookmark mark='sum'/> {total}; with the bias, <bookmark mark='bias'/> {z}; "
                "and <bookmark mark='lit'/> squashed, as good as zero.",
                **places,
            )
        return _(
            "On {our_digit} its sum is <bookmark mark='sum'/> {total}; with the bias, <bookmark mark='bias'/> {z}; "
            "and <bookmark mark='lit'/> squashed, {activation}.",
            activation=written,
            **places,
        )

    def lay_out_row(self) -> None:
        """sum + bias = z and the activation below the pictures, the parts with their names; the neuron, still dark."""
        size = 2.3 * theme.TITLE_SIZE
        row = VGroup(
            Number(self.total, self.places, size),
            Number(self.bias, self.places, size, theme.BIASES_SYMBOL, sign=True),
            Symbol("=", size),
            Number(self.z, self.places, size),
        ).arrange(RIGHT, buff=0.45)
        row.move_to(((self.WEIGHTS[0] + self.HERO[0]) / 2, self.ROW_Y, 0))
        texts = (_("sum"), theme.TEXT), (_("bias"), theme.BIASES_SYMBOL)
        self.labels = VGroup(
            *(
                Words(text, theme.TITLE_SIZE, colour).next_to(part, DOWN, buff=0.16)
                for (text, colour), part in zip(texts, row[:2], strict=True)
            )
        )
        foot = min(label.get_y() for label in self.labels)
        for label in self.labels:
            label.set_y(foot)
        self.row = row
        self.disc = Cells([[*self.NEURON, 0]], self.NEURON_SIZE, 1, stroke_colour=theme.NEURON_OUTLINE, stroke_width=4)
        self.disc.set_brightness([0.0])
        self.result = Number(self.activation, 2, size).move_to((self.NEURON[0], self.ROW_Y, 0))
        self.arrow = Symbol("arrow.r", 1.3 * size)
        self.arrow.put(((row.get_right()[0] + self.result.get_left()[0]) / 2, self.ROW_Y, 0))
