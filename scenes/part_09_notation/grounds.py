"""Dark grounds in the colours of the symbols, so that the blocks of a product are told apart at a glance."""

from __future__ import annotations

from manim import Rectangle

from scenes.kit import theme
from scenes.kit.mobjects.matrix import Matrix, MatrixVectorProduct

# How bright they are.
_GROUND = 0.17


def ground(part: Matrix, colour: str) -> Rectangle:
    """A dark ground for a block, in its colour."""
    made = Rectangle(width=part.brackets.width, height=part.brackets.height, stroke_width=0)
    return made.set_fill(colour, _GROUND).move_to(part.brackets)


def grounds_of(product: MatrixVectorProduct) -> list[Rectangle]:
    """The grounds of all blocks of a product, in the order in which these appear."""
    return [
        ground(product.vector, theme.ACTIVATIONS_SYMBOL),
        ground(product.weights, theme.WEIGHTS_SYMBOL),
        ground(product.biases, theme.BIASES_SYMBOL),
        ground(product.result, theme.ACTIVATIONS_SYMBOL),
    ]


def put_on_grounds(product: MatrixVectorProduct) -> MatrixVectorProduct:
    """Give every block of a product a ground that moves with it."""
    for part, colour in (
        (product.weights, theme.WEIGHTS_SYMBOL),
        (product.vector, theme.ACTIVATIONS_SYMBOL),
        (product.biases, theme.BIASES_SYMBOL),
        (product.result, theme.ACTIVATIONS_SYMBOL),
    ):
        part.add_to_back(ground(part, colour))
    return product
