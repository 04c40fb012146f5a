"""The facts of part 9 are the network's."""

from __future__ import annotations

import numpy as np
import pytest
from manim import linear, tempconfig
from scipy.special import expit

from network import ForwardPass, Layer, Network
from network.analysis.cut_out import cut_out
from network.analysis.neurons import row_to_show
from network.analysis.rounding import places_that_add_up, places_that_multiply, rounded_terms_add_up
from network.digits import Digits, Split
from scenes.kit.animations.pixels import in_one_line
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.kit.mobjects.matrix import MatrixVectorProduct
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.race import Race
from scenes.kit.mobjects.running_sum import RunningSum
from scenes.part_09_notation import short_and_fast
from scenes.part_09_notation.a_row_times_a_column import numeric_product
from scenes.part_09_notation.first_terms import FirstTermsFirst, LargeTerm, shown_first
from scenes.part_09_notation.layer_in_blocks import LayerInBlocks
from scenes.part_09_notation.one_layer_in_one_line import OneLayerInOneLine
from scenes.part_09_notation.short_and_fast import round_down, rounded
from scenes.part_09_notation.sum_in_numbers import sum_in_place
from scenes.part_09_notation.unrolled_layer import UnrolledLayer
from scenes.wording import number


def test_the_biases_end_in_the_index_of_the_last_row(forward: ForwardPass) -> None:
    product = MatrixVectorProduct(forward, 0, symbols=True)
    assert product.biases.entries.texts[-1] == "b_(15)^((1))"
    assert product.result.entries.texts[-1] == "a_(15)^((1))"
    assert product.vector.entries.texts[-1] == "a_(783)^((0))"


@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 30, 10], [64, 10], [784, 32, 16, 16, 10]])
def test_the_row_shown_is_the_one_with_most_to_add(sizes: list[int]) -> None:
    rng = np.random.default_rng(3)
    forward = Network.random(sizes, rng).forward(rng.random(sizes[0]))
    layer, row = row_to_show(forward)
    totals = np.abs(forward.contributions(layer)).sum(axis=1)
    assert layer == min(1, len(sizes) - 2)
    assert totals[row] == totals.max()
    product = numeric_product(forward, layer, row)
    assert row in product.weights.rows
    running = RunningSum(product, row)
    bias = forward.network.layers[layer].biases[row]
    assert running.partial_sums[-1] + bias == pytest.approx(forward.weighted_sums[layer][row], abs=1e-4)


def test_rounded_numbers_on_screen_add_up(forward: ForwardPass) -> None:
    for layer in range(3):
        for row in range(forward.network.layers[layer].n_out):
            places = places_that_add_up(forward, layer, row)
            terms = round(float(forward.contributions(layer)[row].sum(dtype=float)), places)
            bias = round(float(forward.network.layers[layer].biases[row]), places)
            z = round(float(forward.weighted_sums[layer][row]), places)
            assert places == 5 or round(terms + bias, places) == z


def test_the_terms_written_out_multiply_and_add_up_as_they_are_written(forward: ForwardPass) -> None:
    small = cut_out(forward).forward
    for row, products in zip(small.network.layers[0].weights, small.contributions(0), strict=True):
        shown = [float(number(value, 2).replace("−", "-")) for value in products]
        assert round(sum(shown), 2) == round(float(products.sum(dtype=float)), 2)
        factors = [round(float(w), 2) * round(float(a), 2) for w, a in zip(row, small.input, strict=True)]
        assert shown == pytest.approx(factors, abs=0.00501)
    weights = np.array([[0.1, 0.1], [0.104, 0.104]])
    assert rounded_terms_add_up(weights[:1], np.ones(2)) and not rounded_terms_add_up(weights, np.ones(2))


def test_the_first_terms_are_large_and_real_and_then_the_running_numbers_come(forward: ForwardPass) -> None:
    layer, row = row_to_show(forward)
    product = numeric_product(forward, layer, row)
    few = shown_first(product)
    assert 1 < few <= 3 and list(product.weights.columns[:few]) == list(range(few))
    running = RunningSum(product, row)
    large = LargeTerm(running, few)
    adding = FirstTermsFirst(product, row, running, large, rate_func=linear)
    adding.begin()
    flows = forward.contributions(layer)[row].astype(float)
    a_term = adding.SUMMED / len(flows)
    for term in range(few):
        adding.interpolate((term + 0.5) * a_term)
        shown = [forward.network.layers[layer].weights[row, term], forward.inputs_of(layer)[term], flows[term]]
        assert large.numbers.values == pytest.approx([*shown, flows[: term + 1].sum()], abs=1e-5)
        assert (large.numbers.opacities == 1).all() and (running.numbers.opacities == 0).all()
    adding.interpolate(1)
    assert (large.numbers.opacities == 0).all() and running.numbers.opacities[3] == 1


def test_a_product_is_only_called_equal_where_the_rounded_numbers_multiply() -> None:
    for weights, inputs, sign in (([0.5, -1.5], [0.5, 1.0], "="), ([0.9149, 1.0], [0.7849, 1.0], "approx")):
        network = Network((Layer(np.array([[*weights, 0.1, 0.1, 0.1]]), np.zeros(1)),))
        product = MatrixVectorProduct(network.forward(np.array([*inputs, 0.0, 0.0, 0.0])), 0)
        assert LargeTerm(RunningSum(product, 0), 2).signs[1].source == sign


def test_the_large_terms_have_enough_decimals_for_their_products(forward: ForwardPass) -> None:
    layer, row = row_to_show(forward)
    w, a = (
        values.astype(float)[:3] for values in (forward.network.layers[layer].weights[row], forward.inputs_of(layer))
    )
    places = places_that_multiply(w, a)
    assert np.round(np.round(w, places) * np.round(a, places), places) == pytest.approx(np.round(w * a, places))
    assert places_that_multiply(np.array([0.91329]), np.array([0.78343])) == 3
    assert places_that_multiply(np.array([0.5]), np.array([0.5])) == 2


def test_how_much_the_race_is_slowed_down_has_two_figures() -> None:
    assert [rounded(ratio) for ratio in (0.7, 7.4, 74.4, 14_251.0, 99_600.0)] == [1, 7, 74, 14_000, 100_000]


def test_the_lines_hold_the_layers_products_and_results(forward: ForwardPass) -> None:
    layer = UnrolledLayer(forward, np.zeros(784, bool))
    for product, flow in zip(layer.products, forward.contributions(0), strict=True):
        dark = product.colours.max(axis=1) == 0
        assert dark[forward.input == 0].all() and not dark[np.abs(flow) > 0.01].any()
    sums, biases, _ = (column[0] for column in layer.columns)
    assert sums.values + biases.values == pytest.approx(forward.weighted_sums[0], abs=1e-4)
    assert layer.neurons.colours[:, 0] / 255 == pytest.approx(forward.activations[0], abs=1e-5)


def test_the_race_shows_the_ratio_of_the_times() -> None:
    race = Race(loop=1.9e-3, product=7e-6, products=12544)
    race.show(0.5)
    assert race.count.value == 6272
    assert race.done.value == 135  # 1900 / 7 = 271.4
    race.show(1)
    assert race.count.value == 12544 and race.done.value == 271
    assert len(race.squares) == 271 and (race.squares.opacities == 1).all()


@pytest.mark.parametrize(
    ("ratio", "told"), [(0.9, 1), (1.9, 1), (4.9, 2), (99, 50), (207, 200), (291.4, 200), (600, 500)]
)
def test_what_is_said_of_the_times_stays_true_when_they_waver(ratio: float, told: int) -> None:
    assert round_down(ratio) == told


def test_the_sum_of_the_few_and_that_of_all_pixels_have_their_own_results(forward: ForwardPass) -> None:
    cut = cut_out(forward)
    few, every = sum_in_place(cut, cut.forward.activations[0][0]), sum_in_place(cut, 0.86, more=True)
    assert len(few.dots) == 0 and len(every.dots) == 1 and len(few.parts) == len(every.parts)
    terms = sum(w.value * a.value for w, a in zip(few.weights, few.activations, strict=True))
    assert expit(terms + few.bias.value) == pytest.approx(few.result.value, abs=1e-5) and every.result.value == 0.86


def test_a_square_stands_for_several_layers_where_there_would_be_too_many() -> None:
    race = Race(loop=1.0, product=1e-4, products=10)
    assert len(race.squares) <= Race.MOST
    assert (race.show(0.5).squares.opacities == 1).mean() == pytest.approx(0.5, abs=0.01)


def test_a_layer_of_one_neuron_has_no_further_rows(digits: Digits) -> None:
    """It ended in "Trying to play LaggedStart(Group) without animations"."""

    class OfOneNeuron(OneLayerInOneLine):
        @property
        def network(self) -> Network:
            return Network.random([784, 1, 10], np.random.default_rng(0))

        def digits(self, split: Split = "test") -> Digits:
            return digits

    with tempconfig({"dry_run": True}):
        scene = OfOneNeuron(skip_animations=True)
        scene.render()
    assert len(scene.words) == 5


def test_the_code_shown_is_what_runs() -> None:
    line = short_and_fast.lines_of(Layer.weighted_sums, "return", "return")
    panel = CodePanel(Layer.weighted_sums, lines=line)
    layer, inputs = Layer(np.arange(6.0).reshape(2, 3), np.ones(2)), np.array([[1.0, 2, 3], [0, 1, 0]])
    said = eval(panel.text.removeprefix("return "), {"self": layer, "activations": inputs})
    np.testing.assert_array_equal(said, layer.weighted_sums(inputs))
    np.testing.assert_allclose(said, [layer.weights @ row + layer.biases for row in inputs])


@pytest.mark.parametrize("sizes", [[784, 16, 10], [64, 30, 10], [5, 4], [2, 1]])
def test_the_piece_in_numbers_is_cut_from_the_real_layer(sizes: list[int]) -> None:
    rng = np.random.default_rng(1)
    forward = Network.random(sizes, rng).forward(rng.random(sizes[0]) * (rng.random(sizes[0]) > 0.5))
    cut = cut_out(forward)
    full, small = forward.network.layers[0], cut.forward.network.layers[0]
    assert small.weights.shape == (min(2, sizes[1]), min(3, sizes[0])) and len(set(cut.inputs)) == len(cut.inputs)
    np.testing.assert_array_equal(small.weights, full.weights[np.ix_(cut.neurons, cut.inputs)])
    np.testing.assert_array_equal(cut.forward.input, forward.input[[*cut.inputs]])
    np.testing.assert_allclose(
        cut.forward.weighted_sums[0],
        small.weights @ forward.input[[*cut.inputs]] + full.biases[[*cut.neurons]],
        rtol=1e-6,
    )


def test_the_blocks_hold_every_number_of_the_layer(forward: ForwardPass) -> None:
    blocks, layer = LayerInBlocks(forward, 0, "sigma"), forward.network.layers[0]
    assert (len(blocks.weights), len(blocks.vector), len(blocks.result)) == (layer.weights.size, 784, 16)
    blue = blocks.weights.colours[:, 2] > blocks.weights.colours[:, 0]
    strong = np.abs(layer.weights.ravel()) > 1e-3
    np.testing.assert_array_equal(blue[strong], (layer.weights.ravel() > 0)[strong])
    np.testing.assert_allclose(blocks.result.colours[:, 0] / 255, forward.activations[0], atol=1e-5)


def test_a_line_has_its_cells_side_by_side_in_order() -> None:
    laid = in_one_line(PixelGrid(np.linspace(0, 1, 784)), -6.0, 2.0, 1.0, 0.3)
    assert laid.points[0, 0] == -6.0 and laid.points[-1, 0] == 2.0
    assert (np.diff(laid.centres[:, 0]) > 0).all()
    assert laid.centres[:, 1] == pytest.approx(1.0)
