"""What stands in a matrix is what the network holds; where it stands, nothing else does."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manim import FadeIn, FadeOut, Group, Transform

from network import Layer, Network
from scenes.kit import theme
from scenes.kit.animations.matrix_sweep import AccumulateDotProduct, SweepRow
from scenes.kit.colour import rgb
from scenes.kit.gallery import picture
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH
from scenes.kit.matrix_layout import first_and_last, slots
from scenes.kit.mobjects.matrix import DIMMED, ActivationColumn, BiasColumn, Matrix, MatrixVectorProduct, Vector
from scenes.kit.mobjects.numbers import Numbers, width_of
from scenes.kit.mobjects.running_sum import RunningSum
from scenes.kit.mobjects.symbols import Symbol, Symbols
from scenes.kit.mobjects.text import Number
from scenes.wording import number as format_number


@pytest.fixture(scope="module")
def forward():
    """A pass through a network of the lesson's shape, with biases that can be seen."""
    rng = np.random.default_rng(1)
    layers = [
        Layer(rng.normal(0, 1, (n_out, n_in)).astype(np.float32), rng.normal(0, 2, n_out).astype(np.float32))
        for n_in, n_out in ((784, 16), (16, 16), (16, 10))
    ]
    return Network(tuple(layers)).forward(rng.random(784))


def number(text: str) -> float:
    """A number from how it is written on the stage."""
    return float(text.replace("−", "-").replace(",", ""))


# Numbers


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20),
    st.integers(0, 5),
    st.booleans(),
)
def test_numbers_show_what_numpy_would(values, places, sign):
    shown = Numbers(values, places=places, sign=sign)
    for value, text in zip(values, shown.texts, strict=True):
        assert number(text) == float(np.format_float_positional(value, places, unique=False))
        assert text[0] in ("−" if value < 0 and number(text) != 0 else "+" if sign else "0123456789")


def test_there_is_no_negative_zero_and_thousands_are_parted():
    assert Numbers([-0.001, 12345.5, -1234.0], places=2).texts == ["0.00", "12,345.50", "−1,234.00"]
    assert Numbers([12345], places=0, thousands=False).texts == ["12345"]


@pytest.mark.parametrize("height", [480, 1080, 2160])
@pytest.mark.parametrize("size", [24, 36, 144])
def test_numbers_look_as_cairo_draws_them(height, size):
    by_cairo = Number(-1234.56, places=2, size=size).shift((0.1234, 0.0567, 0))
    ours = Numbers([-1234.56], size=size)
    ours.points += by_cairo.points[0] - ours.points[0]
    one, other = (picture([shown], height)[..., 0].astype(int) for shown in (by_cairo, ours))
    ink = (one > 0) | (other > 0)
    assert ink.sum() > 50
    difference = np.abs(one - other)[ink]
    assert difference.mean() < 5  # cairo itself knows only some 17 shades of coverage
    assert difference.max() < 40
    assert abs(one.sum() - other.sum()) < 0.02 * one.sum()


def test_numbers_have_colours_and_opacities_of_their_own():
    shown = Numbers([1, 1, 1], [[-3, 0, 0], [0, 0, 0], [3, 0, 0]], 0, 200, [[255, 0, 0], [0, 255, 0], [0, 0, 255]])
    shown.set_opacities([1, 0.5, 0])
    drawn = picture([shown], 360).reshape(360, 640, 4)[..., :3].max(axis=0)
    assert drawn[:213].max(axis=0).tolist() == [255, 0, 0]
    assert drawn[213:427, 1].max() == pytest.approx(128, abs=1)
    assert drawn[427:].max() == 0


def test_numbers_move_scale_and_copy():
    shown = Numbers([1.5, -2.25], [[-1, 0, 0], [2, 1, 0]], size=48)
    other = shown.copy().scale(2, about_point=(0, 0, 0)).shift((1, 0, 0))
    assert other.texts == shown.texts
    np.testing.assert_allclose(other.centres, shown.centres * 2 + (1, 0, 0))
    np.testing.assert_allclose(other.sizes, 2 * shown.sizes)
    other.set_values([0, 0])
    assert shown.texts == ["1.50", "−2.25"]


def test_numbers_stay_at_their_right_edge():
    shown = Numbers([1.0], [[0, 0, 0]], alignment=1.0)
    right = shown.extents()[0, 2]
    assert shown.set_values([-1000]).extents()[0, 2] == pytest.approx(right)


def test_transform_counts_up_and_ends_at_the_very_number():
    start, target = Numbers([0.0, 1.0]), Numbers([0.1 + 0.2, -7.77])
    going = Transform(start, target)
    going.begin()
    going.interpolate(0.5)
    assert 0 < start.values[0] < target.values[0]
    going.finish()
    assert start.values.tolist() == target.values.tolist()


def test_numbers_fade():
    shown = Numbers([8.0], size=200)
    fade = FadeOut(shown)
    fade.begin()
    fade.interpolate(1)
    assert picture([shown], 120)[..., :3].max() == 0
    fade = FadeIn(Numbers([8.0], size=200), scale=0)
    fade.begin()
    for alpha in (0, 0.5, 1):
        fade.interpolate(alpha)
        picture([fade.mobject], 120)


@pytest.mark.parametrize("place", [(7, 0, 0), (-7.2, 4, 0), (0, -4.1, 0), (50, 50, 0)])
def test_numbers_over_the_edge_of_the_frame(place):
    picture([Numbers([-1234.5], [place], size=150)], 240)
    picture([Numbers([-1234.5], [place], size=20000)], 240)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"values": []}, "values"),
        ({"values": [[1.0]]}, "values"),
        ({"values": [np.nan]}, "values"),
        ({"values": [np.inf]}, "values"),
        ({"values": [1e300]}, "values"),
        ({"values": [1.0], "places": -1}, "places"),
        ({"values": [1.0], "size": 0}, "size"),
        ({"values": [1.0], "opacities": [1, 1]}, "opacities"),
        ({"values": [1.0, 2.0], "centres": [[0, 0, 0]] * 3}, "centres"),
        ({"values": [1.0, 2.0], "widths": [1.0]}, "widths"),
        ({"values": [1.0, 2.0], "colours": [[1, 2, 3]] * 3}, "colours"),
    ],
)
def test_numbers_refuse_what_they_cannot_show(arguments, named):
    with pytest.raises(ValueError, match=named):
        Numbers(**arguments)


def test_numbers_refuse_other_values_of_another_number():
    with pytest.raises(ValueError, match="values"):
        Numbers([1.0, 2.0]).set_values([1.0])


# Which entries are shown


@settings(deadline=None)
@given(st.integers(1, 1000), st.integers(1, 8), st.integers(0, 4))
def test_dots_stand_for_two_or_more(count, first, last):
    shown = first_and_last(count, first, last)
    assert list(shown) == sorted(set(shown))
    assert shown[0] == 0
    assert count - len(shown) != 1
    where = slots(shown, count, "rows")
    assert [slot for slot in where if slot is not None] == list(shown)
    assert where.count(None) == (len(shown) < count)


@pytest.mark.parametrize("indices", [[], [-1], [5], [1, 0], [2, 2]])
def test_slots_refuse_indices_that_are_not_there(indices):
    with pytest.raises(ValueError, match="rows"):
        slots(indices, 5, "rows")


# Matrices and vectors


def test_entries_are_found_by_the_indices_of_the_full_matrix(forward):
    weights = forward.network.layers[0].weights
    shown = Matrix(weights, columns=[0, 300, 301, 783])
    for j in (0, 3, 14, 15):
        for i in (0, 300, 301, 783):
            assert number(shown.text(j, i)) == pytest.approx(round(float(weights[j, i]), 2), abs=1e-9)
            colour = shown.entries.colours[shown.item(j, i)]
            assert colour.tolist() == rgb(theme.POSITIVE if weights[j, i] >= 0 else theme.NEGATIVE).tolist()
    with pytest.raises(ValueError, match="column 5"):
        shown.item(0, 5)
    with pytest.raises(ValueError, match="row 7"):
        shown.text(7, 0)


def test_what_is_left_out_is_at_its_dots(forward):
    shown = Matrix(forward.network.layers[0].weights, columns=[1, 300, 301]).shift((2, 1, 0)).scale(0.8)
    x = [shown.place(0, i)[0] for i in (0, 1, 2, 299, 300, 301, 302, 783)]
    assert x == sorted(x)
    assert x[2] == x[3]
    assert x[6] == x[7]
    y = [shown.place(j, 300)[1] for j in (3, 4, 13, 14)]
    assert y[0] > y[1] == y[2] > y[3]
    # Both left out, and in line with what is shown.
    np.testing.assert_allclose(shown.place(7, 100)[1], y[1])
    np.testing.assert_allclose(shown.place(7, 100)[0], x[2])
    for row, column in ((16, 0), (-1, 0), (0, 784)):
        with pytest.raises(ValueError, match="must be from 0"):
            shown.place(row, column)


def test_a_matrix_follows_other_values(forward):
    weights = forward.network.layers[1].weights
    shown = Matrix(np.zeros_like(weights), widest=float(np.abs(weights).max())).set_values(weights)
    assert number(shown.text(15, 14)) == pytest.approx(round(float(weights[15, 14]), 2), abs=1e-9)
    assert_clear(shown)
    with pytest.raises(ValueError, match="values"):
        shown.set_values(weights[:3])


def test_matrix_transforms_into_another_of_its_layout(forward):
    start = Matrix(np.zeros((16, 16)), widest=9)
    target = Matrix(forward.network.layers[1].weights, widest=9).shift((1, 0, 0))
    change = Transform(start, target)
    change.begin()
    for alpha in (0, 0.5, 1):
        change.interpolate(alpha)
        picture([start], 120)
    assert start.entries.texts == target.entries.texts
    np.testing.assert_allclose(start.entries.centres, target.entries.centres)


def test_an_activation_column_is_as_bright_as_its_numbers(forward):
    shown = ActivationColumn(forward.output, shown=range(10))
    np.testing.assert_allclose(shown.neurons.colours[:, 0] / 255, forward.output, atol=1e-6)
    assert [number(text) for text in shown.entries.texts] == pytest.approx(
        np.round(forward.output, 2).tolist(), abs=0.006
    )
    shown.set_values(np.zeros(10))
    assert shown.neurons.colours.max() == 0
    twin = shown.copy().shift((1, 0, 0)).scale(2)
    gap = twin.entries.centres[:, 0] - twin.neurons.centres[:, 0]
    np.testing.assert_allclose(gap, 2 * (shown.entries.centres[:, 0] - shown.neurons.centres[:, 0]))


def test_brackets_are_thin_and_stand_around_everything(forward):
    for shown in (Matrix(forward.network.layers[1].weights), BiasColumn(["b_0", "b_1"]), ActivationColumn([0.5])):
        left, right = shown.brackets.get_left()[0], shown.brackets.get_right()[0]
        extents = shown.entries.extents()
        assert left < extents[:, 0].min() - 0.2 * shown.em
        assert right > extents[:, 2].max() + 0.2 * shown.em
        assert shown.brackets.get_top()[1] > extents[:, 3].max()
        assert shown.brackets.get_bottom()[1] < extents[:, 1].min()
        assert 1 <= 0.05 * shown.em * 135 <= 3
        assert shown.copy().scale(0.5).em == pytest.approx(shown.em / 2)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Matrix([1.0, 2.0]), "entries"),
        (lambda: Matrix(np.zeros((0, 3))), "entries"),
        (lambda: Matrix([[np.nan]]), "entries"),
        (lambda: Matrix([["a", "b"]], columns=[2]), "columns"),
        (lambda: Matrix([[1.0]], rows=[]), "rows"),
        (lambda: Matrix([[1.0]], size=20), "size"),
        (lambda: Matrix([[1e40]]), "values"),
        (lambda: Vector([]), "entries"),
        (lambda: Vector([[1.0]]), "entries"),
        (lambda: Vector([np.inf]), "entries"),
        (lambda: Vector([1.0]).set_values([1.0, 2.0]), "values"),
        (lambda: Symbols([]), "sources"),
        (lambda: Symbol("quad"), "sources"),
    ],
)
def test_matrices_refuse_what_they_cannot_show(make, named):
    with pytest.raises(ValueError, match=named):
        make()


# The product


def test_a_product_shows_the_networks_own_numbers(forward):
    for layer, knobs in enumerate(forward.network.layers):
        product = MatrixVectorProduct(forward, layer)
        for j in product.weights.rows:
            for i in product.weights.columns:
                assert product.weights.text(j, i) == format_number(float(knobs.weights[j, i]), 2)
            assert product.biases.text(j) == format_number(float(knobs.biases[j]), 2)
            assert product.result.text(j) == format_number(float(forward.activations[layer][j]), 2)
        for i in product.vector.rows:
            assert product.vector.text(i) == format_number(float(forward.inputs_of(layer)[i]), 2)
        assert product.vector.rows == product.weights.columns
        assert product.biases.rows == product.result.rows == product.weights.rows


def test_symbols_have_the_right_indices(forward):
    product = MatrixVectorProduct(forward, 0, symbols=True)
    assert product.weights.text(0, 0) == "w_(0,0)^((1))"
    assert product.weights.text(15, 783) == "w_(15,783)^((1))"
    assert product.vector.text(783) == "a_(783)^((0))"
    assert product.biases.text(15) == "b_(15)^((1))"
    assert product.result.text(15) == "a_(15)^((1))"
    small = MatrixVectorProduct(Network.random([2, 3], np.random.default_rng(0)).forward([0, 1]), symbols=True)
    assert small.biases.entries.texts == ["b_(0)^((1))", "b_(1)^((1))", "b_(2)^((1))"]
    assert small.weights.text(2, 1) == "w_(2,1)^((1))"


def test_signs_go_with_the_activation_function():
    rng = np.random.default_rng(0)
    for name, function in (("sigmoid", "sigma"), ("relu", '"ReLU"'), ("identity", None)):
        product = MatrixVectorProduct(Network.random([2, 2], rng, output=name).forward([0, 1]))
        assert product.function_name == function
        assert (len(product.parentheses) == 2) == (function is not None)


@functools.cache
def network_of(n_in: int, n_out: int, scale: float) -> Network:
    rng = np.random.default_rng(n_in * 1000 + n_out)
    return Network((Layer(rng.normal(0, scale, (n_out, n_in)), rng.normal(0, scale, n_out)),))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(1, 16),
    st.integers(1, 784),
    st.sampled_from([0.01, 1.0, 100.0, 1e8]),
    st.booleans(),
)
def test_every_product_fits_the_frame_and_nothing_overlaps(n_out, n_in, scale, symbols):
    network = network_of(n_in, n_out, scale)
    product = MatrixVectorProduct(network.forward(np.linspace(0, 1, n_in)), symbols=symbols)
    assert_fits(product)
    assert_clear(product)
    product.open_lane(1)
    assert_fits(product)
    if scale <= 100:
        assert product.weights.em * 135 >= theme.TEXTURE_SIZE


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 16), st.integers(1, 784), st.data())
def test_a_running_sum_is_the_true_partial_sum(n_out, n_in, data):
    network = network_of(n_in, n_out, 1.0)
    forward = network.forward(np.linspace(0, 1, n_in))
    row = data.draw(st.integers(0, n_out - 1))
    running = RunningSum(MatrixVectorProduct(forward), row)
    assert_fits(running)
    terms = data.draw(st.integers(0, n_in))
    running.show(terms)
    weights, inputs = network.layers[0].weights, forward.input
    true = float(np.sum(weights[row, :terms].astype(float) * inputs[:terms]))
    assert running.numbers.values[3] == pytest.approx(true, abs=1e-9 * max(1, n_in))
    assert running.numbers.texts[0] == f"{terms:,}"
    running.show(n_in, 1, 1)
    assert running.partial_sums[-1] == pytest.approx(forward.weighted_sums[0][row] - network.layers[0].biases[row])
    assert running.numbers.texts[5] == format_number(float(forward.weighted_sums[0][row]), 2)
    assert running.numbers.texts[6] == format_number(float(forward.activations[0][row]), 2)
    assert_clear(running)


def test_the_bar_ends_where_the_sum_is(forward):
    running = RunningSum(MatrixVectorProduct(forward, 1), 3).scale(0.7).shift((0.3, -1, 0))
    for terms in (0, 5, 16):
        running.show(terms)
        zero = running.bar.centres[1, 0]
        unit = running.bar.points[1, 0] - running.bar.points[0, 0]
        low, high = running.range
        ends = running.bar.points[5, 0]
        assert (ends - zero) / unit * (high - low) == pytest.approx(running.partial_sums[terms], abs=1e-6)
    with pytest.raises(ValueError, match="terms"):
        running.show(17)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda f: MatrixVectorProduct(f, 3), "layer"),
        (lambda f: MatrixVectorProduct(f, rows=[16]), "rows"),
        (lambda f: MatrixVectorProduct(f, columns=[784]), "columns"),
        (lambda f: RunningSum(MatrixVectorProduct(f), 16), "row"),
        (lambda f: SweepRow(MatrixVectorProduct(f), 8), "row"),
        (lambda f: AccumulateDotProduct(MatrixVectorProduct(f), 8), "row"),
        (
            lambda f: AccumulateDotProduct(MatrixVectorProduct(f), 0, RunningSum(MatrixVectorProduct(f), 1)),
            "running",
        ),
    ],
)
def test_products_refuse_what_is_not_there(forward, make, named):
    with pytest.raises(ValueError, match=named):
        make(forward)


# The motions


@pytest.mark.parametrize("symbols", [False, True])
@pytest.mark.parametrize("layer", [0, 1])
def test_a_swept_row_stands_beside_its_vector(forward, layer, symbols):
    product = MatrixVectorProduct(forward, layer, symbols)
    before = product.weights.entries.centres
    sweep = SweepRow(product, 1)
    sweep.begin()
    for alpha in (0.0, 0.2, 0.35):
        sweep.interpolate(alpha)
        assert_fits(product)
    sweep.interpolate(SweepRow.ARRIVED)
    np.testing.assert_allclose(sweep.travellers.centres[:, 1], product.vector.entries.centres[:, 1], atol=1e-6)
    assert sweep.travellers.texts == [product.weights.text(1, i) for i in product.weights.columns]
    extents = sweep.travellers.extents()
    assert extents[:, 0].min() > product.weights.get_right()[0]
    assert extents[:, 2].max() < product.vector.get_left()[0]
    sweep.interpolate(1)
    np.testing.assert_allclose(product.weights.entries.centres, before, atol=1e-6)
    assert product.weights.opacities[1].min() == 1
    assert product.weights.dots.opacities.max() == 1
    assert product.weights.dots.opacities.min() < 1
    assert product.weights.opacities[0].max() == pytest.approx(DIMMED)
    assert sweep.travellers.opacities.max() == 0
    assert sweep.lights.opacities.max() == 0


def test_a_sweep_lights_every_pair_once_and_together(forward):
    sweep = SweepRow(MatrixVectorProduct(forward, 1), 0)
    sweep.begin()
    seen = []
    for alpha in np.linspace(SweepRow.ARRIVED, SweepRow.LIT, 200):
        sweep.interpolate(alpha)
        one, other = np.split(sweep.lights.opacities, 2)
        np.testing.assert_array_equal(one, other)
        seen.append(int(one.argmax()) if one.max() > 0.1 else -1)
    order = [pair for pair in dict.fromkeys(seen) if pair >= 0]
    assert order == list(range(len(sweep.items)))


def test_accumulation_shows_true_sums_in_the_order_of_the_columns(forward):
    product = MatrixVectorProduct(forward, 0).hide_result()
    motion = AccumulateDotProduct(product, 15)
    motion.begin()
    sums = np.concatenate([[0], np.cumsum(forward.contributions(0)[15].astype(float))])
    for alpha in np.linspace(0, 1, 30):
        motion.interpolate(alpha)
        terms, _, _, total, *_ = motion.running.numbers.texts
        assert total == format_number(sums[int(number(terms))], 2)
        # The light is on the pair that is named, or on the dots that stand for it.
        lit = motion.lights.centres[1]
        column = max(int(number(terms)) - 1, 0)
        assert lit[1] == pytest.approx(product.vector.place(column)[1], abs=1e-6)
    assert product.result.opacities.ravel().tolist() == [0, 0, 0, 0, 0, 1]
    assert motion.lights.opacities.max() == 0
    assert motion.running.numbers.texts[6] == product.result.text(15)


@pytest.mark.parametrize("name", ["sigmoid", "relu", "identity"])
@pytest.mark.parametrize("symbols", [False, True])
def test_accumulation_works_for_every_activation_and_for_symbols(name, symbols):
    network = Network.random([3, 5], np.random.default_rng(0), output=name)
    product = MatrixVectorProduct(network.forward([0, 0.5, 1]), symbols=symbols).hide_result().shift((0, 1, 0))
    motion = AccumulateDotProduct(product, 4)
    motion.begin()
    for alpha in (0, 0.4, 0.8, 1):
        motion.interpolate(alpha)
        assert picture([motion.mobject], 120)[..., :3].max() > 100
    assert_clear(motion.mobject)
    assert_fits(motion.mobject)
    assert product.result.opacities.ravel().tolist() == [0] * (len(product.result.rows) - 1) + [1]


def test_motions_are_functions_of_alpha_alone(forward):
    for make in (lambda p: SweepRow(p, 2), lambda p: AccumulateDotProduct(p, 2)):
        there, back = (make(MatrixVectorProduct(forward, 1).hide_result()) for _ in range(2))
        there.begin()
        back.begin()
        for alpha in (0.9, 0.1, 0.45, 1.0, 0.6):
            back.interpolate(alpha)
        there.interpolate(0.6)
        np.testing.assert_allclose(picture([there.mobject], 240).astype(int), picture([back.mobject], 240), atol=1)


def test_a_product_copies_moves_and_scales(forward):
    product = MatrixVectorProduct(forward, 1)
    twin = product.copy().scale(0.5).shift((1, 1, 0))
    assert twin.weights.entries is not product.weights.entries
    assert twin.weights.text(2, 3) == product.weights.text(2, 3)
    np.testing.assert_allclose(twin.weights.place(2, 3), product.weights.place(2, 3) * 0.5 + (1, 1, 0), atol=1e-9)
    sweep = SweepRow(twin, 2)
    sweep.begin()
    sweep.interpolate(0.5)
    np.testing.assert_allclose(sweep.travellers.sizes, product.weights.entries.sizes[0] / 2)


# What makes a picture legible


def assert_fits(shown: Group) -> None:
    """Everything lies inside the frame."""
    points = shown.get_all_points()
    assert np.abs(points[:, 0]).max() <= FRAME_WIDTH / 2
    assert np.abs(points[:, 1]).max() <= FRAME_HEIGHT / 2


def assert_clear(shown: Group) -> None:
    """No piece of text, no neuron and no bracket lies over another."""
    boxes = []
    for part in shown.get_family():
        if isinstance(part, Numbers):
            boxes += part.extents().tolist()
        elif isinstance(part, Symbol):
            low, high = part.points[:, :2].min(0), part.points[:, :2].max(0)
            boxes.append([*low, *high])
    for part in shown.get_family():
        if isinstance(part, ActivationColumn) and part.neurons is not None:
            low, high = part.neurons.points[0::2, :2], part.neurons.points[1::2, :2]
            boxes += np.concatenate([low, high], axis=1).tolist()
        if isinstance(part, Matrix):
            left, right, reach = part.brackets.get_left(), part.brackets.get_right(), 0.05 * part.em
            bottom, top = part.brackets.get_bottom()[1], part.brackets.get_top()[1]
            boxes += [[left[0], bottom, left[0] + reach, top], [right[0] - reach, bottom, right[0], top]]
    a = np.array(boxes)
    across = np.minimum(a[:, None, 2], a[:, 2]) - np.maximum(a[:, None, 0], a[:, 0])
    down = np.minimum(a[:, None, 3], a[:, 3]) - np.maximum(a[:, None, 1], a[:, 1])
    over = (across > 1e-6) & (down > 1e-6)
    np.fill_diagonal(over, False)
    assert not over.any(), a[over.any(axis=1)]


def test_the_check_for_overlaps_finds_one():
    with pytest.raises(AssertionError):
        assert_clear(Group(Numbers([1.0, 2.0], [[0, 0, 0], [0.1, 0, 0]])))
    assert width_of("−1.00") > width_of("1.00")
