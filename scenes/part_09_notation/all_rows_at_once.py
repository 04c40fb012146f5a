"""AllRowsAtOnce: a picture and all weights of a layer, unrolled into lines: products, sums, biases, activations."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, FadeOut, Group, Indicate, LaggedStart, Transform

from network.analysis.favourites import clearest_favourites
from scenes.kit import theme
from scenes.kit.animations.appearing import OneByOne
from scenes.kit.animations.pixels import Unroll
from scenes.kit.mobjects.text import Words
from scenes.language import _, _n
from scenes.part_09_notation.one_picture_scene import OnePictureScene
from scenes.part_09_notation.unrolled_layer import UnrolledLayer
from scenes.wording import function_name, in_words, number

# So many favourites decide which neuron is shown large, as where the film has looked at one (`ANeuronOfTheNetwork`).
_FAVOURITES = 20


class AllRowsAtOnce(OnePictureScene):
    """The picture and every neuron's weights as lines of all their numbers: products, sums, activations."""

    def construct(self) -> None:
        self.layer = UnrolledLayer(self.forward, self.digits("train").never_lit)
        self.the_lines()
        self.the_products()
        self.the_results()
        self.end()

    @cached_property
    def row(self) -> int:
        """The row whose numbers are shown large: that of the neuron that the film has looked at, if there is one."""
        if self.takes_numbers:
            return int(np.argmax(np.abs(self.forward.weighted_sums[0])))
        return clearest_favourites(self.network, self.digits(), _FAVOURITES, self.hero).neuron

    def alternative_text(self) -> str:
        layer = self.network.layers[0]
        return _(
            "A picture is unrolled into one line of {pixels} pixels, and the weight pictures of {neurons} neurons into "
            "as many coloured lines beneath it. Multiplied by the pixels only some stretches stay lit; every line then "
            "shrinks into its sum, a bias is added, and each sum becomes an activation.",
            pixels=number(layer.n_in, thousands=False),
            neurons=number(layer.n_out, thousands=False),
        )

    def the_lines(self) -> None:
        self.next_section(_("The lines"))
        layer, n = self.layer, self.network.layers[0].n_out
        with self.voiceover(
            _n(
                "The first layer looks frightening, but it's the same. <bookmark mark='line'/> Lay out the picture as "
                "one long line, <bookmark mark='rows'/> and the weights of the neuron: {n} row.",
                "The first layer looks frightening, but it's the same. <bookmark mark='line'/> Lay out the picture as "
                "one long line, <bookmark mark='rows'/> and the weights of every neuron: {n} rows.",
                n,
                n=in_words(n),
            ),
            moves=_(
                "Beside the picture the weight pictures of all neurons appear. The picture's rows of pixels are laid "
                "end to end in one long line at the top; then each weight picture is, one beneath another."
            ),
        ) as tracker:
            self.add(layer.pixels)
            appear = [FadeIn(picture, scale=0.8) for picture in layer.pictures]
            length = max(tracker.time_until_bookmark("line"), theme.FLOW)
            self.play(LaggedStart(*appear, lag_ratio=0.3), run_time=length)
            self.play(Unroll(layer.pixels, layer.line, run_time=1.9), FadeIn(layer.name_of_pixels))
            self.wait_until_bookmark("rows")
            moves = [Unroll(one, line) for one, line in zip(layer.pictures, layer.lines, strict=True)]
            self.play(LaggedStart(*moves, lag_ratio=0.04), run_time=1.6 * theme.FLOW)

    def the_products(self) -> None:
        self.next_section(_("The products"))
        layer = self.layer
        black = bool((self.forward.input == 0).any())
        with self.voiceover(
            _("Multiply: wherever the picture is black, nothing is left.")
            if black
            else _("Multiply: no pixel is black, so every one counts."),
            moves=_("From top to bottom, the lines go dark wherever the pixel above is black."),
        ) as tracker:
            moves = [Transform(line, product) for line, product in zip(layer.pictures, layer.products, strict=True)]
            length = max(tracker.get_remaining_duration(), 2 * theme.STEP)
            self.play(LaggedStart(*moves, lag_ratio=0.1, run_time=length))

    def the_results(self) -> None:
        self.next_section(_("The results"))
        layer = self.layer
        sums, biases, activations = layer.columns
        with self.voiceover(
            self.what_is_made(),
            moves=_(
                "A copy of every line shrinks to the right into one number, its sum; then the biases appear. Beside "
                "each of them a neuron lights up as brightly as its activation. The numbers of one row stand large "
                "above."
            ),
        ):
            gathered = [line.copy() for line in layer.pictures]
            moves = [Transform(line, target) for line, target in zip(gathered, layer.gathered(), strict=True)]
            self.play(LaggedStart(*moves, lag_ratio=0.03), run_time=1.2)
            one, frames = layer.large_row(self.row), layer.frames_of(self.row)
            self.play(
                FadeIn(sums, *self.which_rows(), one[0], frames),
                *(FadeOut(line) for line in gathered),
                run_time=theme.QUICK,
            )
            self.wait_until_bookmark("bias")
            self.play(FadeIn(biases, one[1], shift=0.2 * LEFT), run_time=0.7)
            self.wait_until_bookmark("bent")
            self.play(FadeIn(activations[1]), FadeIn(one[2]), OneByOne(layer.neurons, run_time=theme.FLOW))
            self.add(activations)
            self.wait_until_bookmark("more")
            self.play(Indicate(layer.neurons, 1.06, None))
            self.play(FadeOut(one, frames), run_time=theme.QUICK)

    def what_is_made(self) -> str:
        """How activations come from rows, and how many there are."""
        knobs = self.network.layers[0]
        function, n = function_name(knobs.activation), knobs.n_out
        if knobs.activation == "sigmoid":
            return _n(
                "Add up each row, <bookmark mark='bias'/> add its bias, <bookmark mark='bent'/> squash: "
                "<bookmark mark='more'/> {n} activation.",
                "Add up each row, <bookmark mark='bias'/> add its bias, <bookmark mark='bent'/> squash: "
                "<bookmark mark='more'/> {n} activations.",
                n,
                n=in_words(n),
            )
        if function.sign:
            return _n(
                "Add up each row, <bookmark mark='bias'/> add its bias, <bookmark mark='bent'/> take {function}: "
                "<bookmark mark='more'/> {n} activation.",
                "Add up each row, <bookmark mark='bias'/> add its bias, <bookmark mark='bent'/> take {function}: "
                "<bookmark mark='more'/> {n} activations.",
                n,
                n=in_words(n),
                function=function.spoken,
            )
        return _n(
            "Add up each row, <bookmark mark='bias'/> add its bias<bookmark mark='bent'/>: "
            "<bookmark mark='more'/> {n} activation.",
            "Add up each row, <bookmark mark='bias'/> add its bias<bookmark mark='bent'/>: "
            "<bookmark mark='more'/> {n} activations.",
            n,
            n=in_words(n),
        )

    def which_rows(self) -> list[Words]:
        """What is said of the numbers if not every line has one."""
        if self.layer.every == 1:
            return []
        words = Words(_("1 row in {n}", n=number(self.layer.every)), theme.LABEL_SIZE)
        return [words.next_to(Group(*self.layer.columns[:2]), LEFT).set_y(self.layer.name_of_pixels.get_y())]
