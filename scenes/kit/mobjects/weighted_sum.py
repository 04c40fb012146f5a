"""A neuron's weighted sum as three pictures: the activations, the weights on them, and their products, which add up."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import DOWN, UP, Animation, Group, Square, VGroup, linear
from numpy.typing import ArrayLike

from scenes.kit import theme
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.symbols import Symbol, set_together
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.kit.validation import validate_array
from scenes.language import _


class WeightedSum(Group):
    """Activations times weights, pixel by pixel, give the products; the products add up to the number below them.

    activations, weights: (side²,), of one picture and one neuron. limit: the size drawn in full colour, for the weights
    and the products. weights_name: the title above the weights. never_seen: as for `WeightHeatmap`.

    pixels, weight_picture, product_picture: the three pictures. equation: w₀a₀ + … =, and total after it.

    >>> WeightedSum(digits.images[0].ravel(), network.layers[0].weights[0])
    """

    EXTENT, STEP = 4.1, 4.75

    def __init__(
        self,
        activations: ArrayLike,
        weights: ArrayLike,
        limit: float | None = None,
        weights_name: str | None = None,
        never_seen: ArrayLike | None = None,
        places: int = 1,
        height: float = 0.95,
    ) -> None:
        own_weights = np.asarray(weights, np.float64).ravel()
        values = np.asarray(activations, np.float64).ravel()
        validate_array(values, own_weights.shape, "activations")
        self.activations, self.own_weights = values, own_weights
        centres = [(x, height) for x in (-self.STEP, 0.0, self.STEP)]
        self.pixels = PixelGrid(values, self.EXTENT, centres[0])
        self.weight_picture = WeightHeatmap(own_weights, limit, never_seen, self.EXTENT, centres[1])
        self.limit = self.weight_picture.limit
        self.product_picture = WeightHeatmap(self.products, self.limit, None, self.EXTENT, centres[2])
        pictures = (self.pixels, self.weight_picture, self.product_picture)
        self.frames = VGroup(
            *(
                Square(self.EXTENT + 0.06, color=theme.NEURON_OUTLINE, stroke_width=1.5).move_to((*centre, 0))
                for centre in centres
            )
        )
        names = (
            (_("activations"), theme.ACTIVATIONS_SYMBOL),
            (_("weights") if weights_name is None else weights_name, theme.WEIGHTS_SYMBOL),
            (_("products"), theme.SUMS_SYMBOL),
        )
        size = size_that_fits([name for name, _colour in names], self.EXTENT, theme.LABEL_SIZE)
        self.names = VGroup(
            *(
                Words(name, size, colour).next_to(frame, UP, buff=0.22)
                for (name, colour), frame in zip(names, self.frames, strict=True)
            )
        )
        foot = max(name.get_y() for name in self.names)
        for name in self.names:
            name.set_y(foot)
        self.signs = VGroup(
            Symbol("times", theme.TITLE_SIZE).put((-self.STEP / 2, height, 0)),
            Symbol("=", theme.TITLE_SIZE).put((self.STEP / 2, height, 0)),
        )
        self.equation = sum_of_products(len(values))
        self.total = Number(self.sum, places, theme.TITLE_SIZE)
        row = VGroup(self.equation, self.total)
        self.total.next_to(self.equation[-1], buff=0.22)
        row.next_to(self.frames, DOWN, buff=0.55).set_x(0)
        self.total.shift((self.equation[0].middle[1] - self.total.get_y()) * UP)
        super().__init__(*pictures, self.frames, self.names, self.signs, self.equation, self.total)

    @property
    def products(self) -> Any:
        """The product w·a for every pixel, (side²,)."""
        return self.own_weights * self.activations

    @property
    def sum(self) -> float:
        """The sum of all the products."""
        return float(self.products.sum())

    def show(self, activations: ArrayLike | None = None, weights: ArrayLike | None = None) -> Self:
        """Show other activations or weights; the products and their sum stay until an animation changes them."""
        if activations is not None:
            self.activations = np.asarray(activations, np.float64).ravel()
            self.pixels.values = validate_array(self.activations, (len(self.pixels),), "activations")
            self.pixels.set_brightness(self.activations)
        if weights is not None:
            self.own_weights = np.asarray(weights, np.float64).ravel()
            self.weight_picture.show(self.own_weights, self.limit)
        return self

    def clear_sum(self) -> Self:
        """Show no products yet."""
        self.product_picture.show(np.zeros(len(self.pixels)), self.limit)
        self.total.set_value(0)
        return self


class AddUpProducts(Animation):
    """Pixel after pixel is multiplied by its weight, in reading order, and the product is added to the sum.

    Pixels whose product is 0 are passed over quickly.

    >>> AddUpProducts(WeightedSum(digits.images[0].ravel(), network.layers[0].weights[0]))
    """

    def __init__(self, stage: WeightedSum, **options: Any) -> None:
        self.stage = stage
        self.products = stage.products
        self.partial_sums = np.concatenate([[0.0], np.cumsum(self.products)])
        busy = (np.abs(self.products) > 0) + 0.06
        self.reached = np.cumsum(busy) / busy.sum()
        size = 1.7 * 2 * float(stage.pixels.radii[0])
        self.cursor = Cells(
            np.zeros((3, 3)), size, 0, opacities=0.0, stroke_colour=theme.ANSWER, stroke_width=0.6 * theme.MARK_WIDTH
        )
        super().__init__(
            Group(stage.product_picture, stage.total, self.cursor),
            **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options},
        )

    def interpolate_mobject(self, alpha: float) -> None:
        alpha = self.rate_func(alpha)
        done = len(self.products) if alpha >= 1 else int(np.searchsorted(self.reached, alpha, side="right"))
        stage = self.stage
        shown = np.where(np.arange(len(self.products)) < done, self.products, 0)
        stage.product_picture.show(shown, stage.limit)
        stage.total.set_value(stage.sum if alpha >= 1 else float(self.partial_sums[done]))
        here = min(done, len(self.products) - 1)
        places = [picture.centres[here] for picture in (stage.pixels, stage.weight_picture, stage.product_picture)]
        self.cursor.place(places, 2 * float(self.cursor.radii[0]))
        self.cursor.stroke_opacities = np.full(3, float(0 < alpha < 1), np.float32)

    def clean_up_from_scene(self, scene: Any) -> None:
        super().clean_up_from_scene(scene)
        scene.remove(self.cursor)


class ChangeProducts(Animation):
    """All products change at once from those shown to the present ones, and the sum counts along.

    >>> stage = WeightedSum(digits.images[0].ravel(), network.layers[0].weights[0])
    >>> ChangeProducts(stage.show(weights=network.layers[0].weights[1]))
    """

    def __init__(self, stage: WeightedSum, **options: Any) -> None:
        self.stage = stage
        self.before, self.after = stage.product_picture.weights.astype(float), stage.products
        super().__init__(Group(stage.product_picture, stage.total), **options)

    def interpolate_mobject(self, alpha: float) -> None:
        share = self.rate_func(alpha)
        products = self.before + (self.after - self.before) * share
        self.stage.product_picture.show(products, self.stage.limit)
        self.stage.total.set_value(self.stage.sum if alpha >= 1 else float(products.sum()))


def sum_of_products(count: int, size: float = theme.CAPTION_SIZE, end: str = "=") -> VGroup:
    """w₀a₀ + w₁a₁ + … =, for this many products, in the colours of a formula; its parts are `Symbol`s on one line."""
    weight, activation, plain = theme.WEIGHTS_SYMBOL, theme.ACTIVATIONS_SYMBOL, theme.SUMS_SYMBOL
    parts: list[tuple[str, str]] = []
    shown = list(range(count)) if count <= 3 else [0, 1, count - 1]
    for index in shown:
        if parts:
            parts.append(("+ dots.c +" if index == count - 1 and count > 3 else "+", plain))
        parts += [(f"w_{index}", weight), (f"a_{index}", activation)]
    if end:
        parts.append((end, plain))
    set_together([source for source, _ in parts])
    em = size / PIXELS_A_UNIT
    row, pen = VGroup(), 0.0
    for number, (source, colour) in enumerate(parts):
        symbol = Symbol(source, size, colour)
        room = 0.08 if source.startswith("a_") else 0.3
        pen += room * em if number else 0
        symbol.put((pen + symbol.width / 2, 0, 0))
        pen += symbol.width
        row.add(symbol)
    return row.shift(-pen / 2 * np.array([1.0, 0, 0]))
