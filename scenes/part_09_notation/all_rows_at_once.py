"""AllRowsAtOnce: a picture and all weights of a layer, unrolled into lines: products, sums, biases, activations."""

from __future__ import annotations

import numpy as np
from manim import (
    LEFT,
    FadeIn,
    FadeOut,
    Group,
    Indicate,
    LaggedStart,
    Transform,
)

from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.pixels import Unroll, in_one_line
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT, STAGE_MIDDLE
from scenes.kit.mobjects.cells import Cells, sign_colours
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap, WeightScale, full_colour
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.wording import function_name, in_words

# The type of the names beside the lines, in pixels an em.
NAME_SIZE = 76


class AllRowsAtOnce(OnePictureScene):
    """The picture and every neuron's weights as lines of all their numbers: products, sums, activations."""

    LEFT_EDGE, RIGHT_EDGE = -6.65, 2.3
    # The middles of what stands to the right of the lines: W a, + b, = z, σ(z).
    RESULTS = (3.05, 4.1, 5.15, 6.25)
    TOP, BOTTOM = 2.1, -2.65

    def construct(self) -> None:
        self.knobs = self.network.layers[0]
        n = self.knobs.n_out
        self.step = min((self.TOP - self.BOTTOM) / n, 0.4)
        middle = (self.TOP + self.BOTTOM) / 2
        self.lines = middle + ((n - 1) / 2 - np.arange(n)) * self.step
        self.line_of_pixels = self.lines[0] + self.step / 2 + 0.45
        self.the_picture()
        self.the_weights()
        self.the_products()
        self.the_results()
        self.end()

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        return (
            f"A picture is unrolled into one line of {layer.n_in} pixels, and the weight pictures of {layer.n_out} "
            f"neurons into as many coloured lines beneath it. Multiplied by the pixels only some stretches stay lit; "
            f"every line then shrinks into its sum, and each sum becomes an activation."
        )

    def laid_out(self, cells: Cells, y: float, height: float) -> Cells:
        """A copy whose cells stand side by side in one line from edge to edge."""
        return in_one_line(cells, self.LEFT_EDGE, self.RIGHT_EDGE, y, height)

    def the_picture(self) -> None:
        self.next_section("The picture")
        self.pixels = PixelGrid(self.forward.input, 4.6, (0, STAGE_MIDDLE))
        name = Symbol("a^((0))", NAME_SIZE, theme.ACTIVATIONS_SYMBOL)
        name.put((self.LEFT_EDGE + name.width / 2, self.line_of_pixels + 0.65, 0))
        self.name_of_pixels = name
        with self.voiceover(
            "The first layer looks frightening, but it's just the same. Lay out the picture "
            "<bookmark mark='line'/> as one long line.",
            moves="The picture's rows of pixels are laid end to end in one long line at the top.",
        ) as tracker:
            faint = self.pixels.copy().fade(0.65)
            self.add(faint)
            self.play(OneByOne(self.pixels), run_time=tracker.time_until_bookmark("line", limit=3.5))
            self.wait_until_bookmark("line")
            self.remove(faint)
            line = self.laid_out(self.pixels, self.line_of_pixels, 0.42)
            self.play(Unroll(self.pixels, line, run_time=1.9), FadeIn(name))

    def the_weights(self) -> None:
        self.next_section("The weights")
        n = self.knobs.n_out
        columns = min(n, 8 if n <= 16 else 12 if n <= 36 else 20)
        rows = -(-n // columns)
        room = min((self.RIGHT_EDGE - self.LEFT_EDGE) / columns, (self.lines[0] - self.lines[-1] + self.step) / rows)
        left = (self.LEFT_EDGE + self.RIGHT_EDGE) / 2 - (columns - 1) / 2 * room
        middle = float(self.lines.mean())
        black = self.digits("train").never_lit
        limit = full_colour(self.knobs.weights[:, ~black], 0.99)
        self.strips = [
            WeightHeatmap(
                row,
                limit,
                black,
                0.9 * room,
                (left + j % columns * room, middle + ((rows - 1) / 2 - j // columns) * room),
            )
            for j, row in enumerate(self.knobs.weights)
        ]
        for strip in self.strips:
            strip.opacities[black] = 0.45  # they carry no information and should not catch the eye first
        height = 0.86 * self.step
        unseen = "always black in training" if black.any() else ""
        self.name_of_weights = Symbol("W^((1))", NAME_SIZE, theme.WEIGHTS_SYMBOL)
        self.name_of_weights.put((self.RIGHT_EDGE + 0.85, middle, 0))
        with self.voiceover(
            f"Lay out the weights of every neuron in the same way: <bookmark mark='rows'/> "
            f"{'one long row' if n == 1 else in_words(n) + ' long rows'}.",
            moves="The weight pictures of all neurons appear, and each is laid out as one line, one beneath another.",
        ):
            self.play(LaggedStart(*(FadeIn(strip) for strip in self.strips), lag_ratio=0.05))
            self.wait_until_bookmark("rows")
            targets = [self.laid_out(s, y, height) for s, y in zip(self.strips, self.lines, strict=True)]
            moves = [Unroll(strip, target) for strip, target in zip(self.strips, targets, strict=True)]
            self.play(LaggedStart(*moves, lag_ratio=0.04), run_time=1.6 * theme.FLOW)
            self.scale = WeightScale(limit, 2.6, unseen, beyond=True).move_to(
                (self.name_of_weights.get_x() + 1.9, middle, 0)
            )
            self.play(FadeIn(self.name_of_weights, self.scale), run_time=theme.QUICK)

    def the_products(self) -> None:
        self.next_section("The products")
        flows = self.forward.contributions(0)
        limit = full_colour(flows[:, self.forward.input > 0], 0.8)
        products = [strip.copy().set_signed(flow, limit) for strip, flow in zip(self.strips, flows, strict=True)]
        for product in products:
            product.opacities = np.ones(len(product), np.float32)
        lit = int(np.count_nonzero(self.forward.input))
        with self.voiceover(
            f"Now multiply. {has_a_say(lit, flows.shape[1])}",
            moves="From top to bottom, the lines go dark wherever the pixel above is black; a new scale is beside.",
        ):
            self.play(FadeOut(self.name_of_weights, self.scale))
            name = Symbol("w a", NAME_SIZE).put(self.name_of_weights.middle)
            scale = WeightScale(limit, 2.6, beyond=True).move_to(self.scale)
            self.scale = Group(name, scale)
            moves = [Transform(strip, product) for strip, product in zip(self.strips, products, strict=True)]
            self.play(LaggedStart(*moves, lag_ratio=0.1, run_time=4), FadeIn(self.scale))

    def the_results(self) -> None:
        self.next_section("The results")
        columns, neurons = self.columns_of_results()
        targets = self.gathered_at(self.RESULTS[0])
        function, a = function_name(self.knobs.activation), self.forward.activations[0]
        apart = round(len(a) / len(columns[0][0]))
        note = [] if apart == 1 else [Words(f"1 row in {apart}", theme.NOTE_SIZE, theme.QUIET_TEXT)]
        for words in note:
            words.move_to((np.mean(self.RESULTS), self.line_of_pixels + 0.65, 0))
        squash = ", squash" if function.name == "sigmoid" else f", take {function.spoken}" if function.sign else ""
        made = f"{in_words(len(a))} activation{'' if len(a) == 1 else 's'}"
        with self.voiceover(
            f"Add up each row, <bookmark mark='bias'/> add its bias{squash}: <bookmark mark='done'/> {made}. "
            "Nothing new; there's only more of it.",
            moves="A copy of every line shrinks to the right into one number, its sum; the biases appear, and the "
            "weighted sums z. Beside each of them a neuron lights up as brightly as its activation.",
        ):
            gathered = [strip.copy() for strip in self.strips]
            moves = [Transform(strip, target) for strip, target in zip(gathered, targets, strict=True)]
            dimmed = [strip.animate.set_opacity(0.8) for strip in self.strips]
            self.play(LaggedStart(*moves, lag_ratio=0.03), FadeOut(self.scale), *dimmed, run_time=1.4)
            self.play(FadeIn(columns[0], *note), *(FadeOut(strip) for strip in gathered), run_time=theme.QUICK)
            self.wait_until_bookmark("bias")
            self.play(
                LaggedStart(*(FadeIn(column, shift=0.2 * LEFT) for column in columns[1:]), lag_ratio=0.4), run_time=1.2
            )
            self.wait_until_bookmark("done")
            self.play(neurons.animate.set_brightness(a), run_time=theme.STEP)
            self.play(Indicate(neurons, 1.08, None))

    def columns_of_results(self) -> tuple[list[Group], Cells]:
        """W a, b, z and σ(z), each with its title; and the last of them, the neurons, which are still dark."""
        z, biases = self.forward.weighted_sums[0], self.knobs.biases
        sums = self.forward.contributions(0).sum(axis=1, dtype=np.float64)
        neurons = Cells(
            np.stack([np.full(len(z), self.RESULTS[3]), self.lines, np.zeros(len(z))], axis=1),
            0.8 * self.step,
            1,
            stroke_colour=theme.NEURON_OUTLINE,
            stroke_width=theme.NEURON_OUTLINE_WIDTH,
        ).set_brightness(np.zeros(len(z)))
        function = function_name(self.knobs.activation).typst
        columns = [
            Group(self.numbers(sums, self.RESULTS[0], sign_colours(sums)), self.title("W a", 0)),
            Group(self.numbers(biases, self.RESULTS[1], rgb(theme.BIASES_SYMBOL)), self.title("+ b", 1)),
            Group(self.numbers(z, self.RESULTS[2], sign_colours(z)), self.title("= z", 2)),
            Group(neurons, self.title(f"{function}(z)" if function else "a", 3)),
        ]
        return columns, neurons

    def gathered_at(self, x: float) -> list[Cells]:
        """Copies of the lines, each shrunk to a point in its own row at x."""
        targets = []
        for strip, y in zip(self.strips, self.lines, strict=True):
            target = strip.copy()
            target.points[:, 0] = x + 0.1 * (target.points[:, 0] - self.LEFT_EDGE) / (self.RIGHT_EDGE - self.LEFT_EDGE)
            target.points[:, 1] = y + 0.7 * (target.points[:, 1] - y)
            targets.append(target)
        return targets

    def numbers(self, values: np.ndarray, x: float, colours: np.ndarray) -> Numbers:
        """A number for each line, right-aligned around x; where lines are too close, for every second, third, …"""
        shown = every_nth(len(values), self.step, 26 / PIXELS_A_UNIT)
        size = float(np.clip(0.8 * PIXELS_A_UNIT * self.step, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        places = np.stack([np.full(len(shown), x), self.lines[shown], np.zeros(len(shown))], axis=1)
        hues = np.broadcast_to(colours, (len(values), 3))[shown]
        return Numbers(values[shown], places, 2, size, hues, widths=np.full(len(shown), 0.8), alignment=1.0)

    def title(self, source: str, place: int) -> Symbol:
        """The title over a column of results."""
        colour = (theme.TEXT, theme.BIASES_SYMBOL, theme.SUMS_SYMBOL, theme.ACTIVATIONS_SYMBOL)[place]
        return Symbol(source, 38, colour).put((self.RESULTS[place] + (0.1 if place < 3 else 0), self.line_of_pixels, 0))


def has_a_say(lit: int, pixels: int) -> str:
    """How many pixels count."""
    if lit == pixels:
        return "No pixel is quite black here, so all of them have a say."
    return (
        f"Wherever the picture is black, nothing is left: only {lit:,} pixel{' has' if lit == 1 else 's have'} a say."
    )


def every_nth(count: int, step: float, least: float) -> np.ndarray:
    """Indices of the lines that get a number: all, or every second, third, … where they are closer than `least`."""
    return np.arange(0, count, max(int(np.ceil(least / step)), 1))
