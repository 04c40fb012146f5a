"""What people add to the diagram of a network, and the colours, directions and animations that they give it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import ORIGIN, Create, FadeToColor, Mobject, Uncreate
from numpy.typing import NDArray

from network import Layer, Network
from scenes.kit.colour import rgb
from scenes.kit.gallery import picture
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH, upward_layout
from scenes.kit.mobjects.diagram_marks import (
    ActivationSymbols,
    BiasNodes,
    LayerNames,
    NetworkPath,
    activation_symbol,
    frame_around,
    outputs_in_numbers,
)
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap

SIZES = (3, 5, 2)


@pytest.fixture
def small() -> Network:
    generator = np.random.default_rng(4)
    return Network(
        tuple(
            Layer(generator.normal(size=(n_out, n_in)), generator.normal(size=n_out), activation)
            for n_in, n_out, activation in ((3, 5, "relu"), (5, 2, "sigmoid"))
        )
    )


@pytest.fixture(params=[False, True], ids=["rightward", "upward"])
def diagram(small: Network, request: pytest.FixtureRequest) -> NetworkDiagram:
    shown = NetworkDiagram(small, ["cat", "dog"], input_names=["age", "height", "weight"], upward=request.param)
    return shown.show(small.forward(np.array([1, 0.5, 0.1])))


def drawn(*mobjects: Mobject) -> NDArray[np.int_]:
    return picture(list(mobjects), 270)[..., :3].astype(int)


def pixel(place: Any) -> tuple[int, int]:
    """The row and column of a place in `drawn`."""
    return round((FRAME_HEIGHT / 2 - place[1]) * 270 / FRAME_HEIGHT), round(
        (place[0] + FRAME_WIDTH / 2) * 480 / FRAME_WIDTH
    )


def test_upward_goes_from_the_inputs_below_to_the_outputs_above(diagram: NetworkDiagram) -> None:
    along = 1 if diagram.upward else 0
    for place in diagram.layout:
        assert np.ptp(place.centres[:, along]) < 1e-9
    assert np.all(np.diff([place.centres[0, along] for place in diagram.layout]) > 1)
    first = diagram.layout[1].centres
    assert (np.diff(first[:, 0]) > 0).all() if diagram.upward else (np.diff(first[:, 1]) < 0).all()


def test_a_picture_stands_upright_in_an_upward_layout() -> None:
    first, *_ = upward_layout([49, 4, 3])
    rows = first.centres.reshape(7, 7, 3)
    assert (np.diff(rows[:, :, 0], axis=1) > 0).all() and (np.diff(rows[:, :, 1], axis=0) < 0).all()
    assert first.centres[:, 1].max() < upward_layout([49, 4, 3])[1].centres[0, 1]


def test_all_labels_are_upright_beside_their_neurons_and_in_the_frame(diagram: NetworkDiagram) -> None:
    for labels, column in ((diagram.input_labels, 0), (diagram.labels, -1)):
        for label, centre in zip(labels, diagram.layout[column].centres, strict=True):
            across = 0 if diagram.upward else 1
            assert abs(label.get_center()[across] - centre[across]) < 0.1
            assert label.width > label.height
            assert abs(label.get_left()[0]) < FRAME_WIDTH / 2 and abs(label.get_bottom()[1]) < FRAME_HEIGHT / 2
    if diagram.upward:  # g reaches below the line on which the others stand
        age, height, weight = (label.get_bottom()[1] for label in diagram.input_labels)
        assert age == pytest.approx(height, abs=0.02) and height == pytest.approx(weight, abs=0.02)
        cat, dog = (label.get_bottom()[1] for label in diagram.labels)
        assert dog < cat - 0.04


def test_long_class_names_are_not_cut_off(small: Network) -> None:
    for inputs in ([], ["age", "height", "weight"]):
        diagram = NetworkDiagram(small, ["exactly one of the two", "no"], input_names=inputs)
        assert diagram.get_right()[0] < FRAME_WIDTH / 2 and diagram.get_left()[0] > -FRAME_WIDTH / 2
    ordinary = NetworkDiagram(small, ["Ankle boot", "no"])
    assert ordinary.columns[-1].get_x() == pytest.approx(NetworkDiagram(small).columns[-1].get_x())


def test_names_that_are_too_few_are_refused(small: Network) -> None:
    with pytest.raises(ValueError, match="input_names must be 3 names; got 1"):
        NetworkDiagram(small, input_names=["age"])
    with pytest.raises(ValueError, match="names must be 3, one for each layer; got 1"):
        LayerNames(NetworkDiagram(small), ["in"])
    with pytest.raises(ValueError, match="neurons must be 3, one of each layer; got 2"):
        NetworkPath(NetworkDiagram(small), [0, 1])


def test_layer_names_stand_in_one_line_clear_of_all_neurons(diagram: NetworkDiagram) -> None:
    bias = BiasNodes(diagram)
    names = LayerNames(diagram, ["input", "hidden", "output"], clear_of=bias)
    for name, place in zip(names, diagram.layout, strict=True):
        if diagram.upward:
            assert name.get_left()[0] == pytest.approx(names[0].get_left()[0])
            assert name.get_left()[0] > max(bias.get_right()[0], *(c.get_right()[0] for c in diagram.columns))
            assert name.get_center()[1] == pytest.approx(place.centres[0, 1])
        else:
            assert name.get_top()[1] < min(bias.get_bottom()[1], *(c.get_bottom()[1] for c in diagram.columns))
            assert name.get_center()[0] == pytest.approx(place.centres[0, 0])


def test_labels_inside_neurons(diagram: NetworkDiagram) -> None:
    for label, centre in zip(diagram.labels_of(1, ["a", "b"], ORIGIN), diagram.layout[1].centres, strict=False):
        np.testing.assert_allclose(label.get_center(), centre, atol=1e-9)


def test_bias_nodes_draw_the_biases(diagram: NetworkDiagram) -> None:
    bias = BiasNodes(diagram)
    for layer, connections, end in zip(diagram.network.layers, bias.connections, diagram.layout[1:], strict=True):
        np.testing.assert_allclose(connections.values, layer.biases / np.abs(layer.biases).max(), rtol=1e-6)
        np.testing.assert_allclose(connections.ends, end.centres)


def test_a_path_goes_from_ring_to_ring(diagram: NetworkDiagram) -> None:
    path = NetworkPath(diagram, [2, 4, 1])
    first, there, second, further, last = path
    for ring, (column, neuron) in zip((first, second, last), ((0, 2), (1, 4), (2, 1)), strict=True):
        np.testing.assert_allclose(ring.get_center(), diagram.layout[column].centres[neuron], atol=1e-6)
    for line, (start, end) in ((there, (first, second)), (further, (second, last))):
        assert np.linalg.norm(line.get_start() - start.get_center()) == pytest.approx(start.width / 2, rel=1e-3)
        assert np.linalg.norm(line.get_end() - end.get_center()) == pytest.approx(end.width / 2, rel=1e-3)


def test_dropout_dims_the_neuron_and_all_that_it_is_joined_to(diagram: NetworkDiagram) -> None:
    before = [connections.opacities.copy() for connections in diagram.connections]
    crosses = diagram.drop_out(1, [3])
    into, out = (c.opacities.reshape(c.shape) for c in diagram.connections)
    was_into, was_out = (o.reshape(c.shape) for o, c in zip(before, diagram.connections, strict=True))
    np.testing.assert_allclose(into[3], 0.08 * was_into[3], rtol=1e-5)
    np.testing.assert_allclose(out[:, 3], 0.08 * was_out[:, 3], rtol=1e-5)
    others = [0, 1, 2, 4]
    np.testing.assert_array_equal(into[others], was_into[others])
    np.testing.assert_array_equal(out[:, others], was_out[:, others])
    np.testing.assert_allclose(crosses.get_center(), diagram.layout[1].centres[3], atol=1e-6)
    assert diagram.columns[1].opacities[3] < 0.1 < diagram.columns[1].opacities[0]


# ---- colours


def test_one_connection_and_those_of_a_neuron_have_colours_of_ones_own(small: Network) -> None:
    connections = NetworkDiagram(small).connections[0]
    connections.set_color("#00FF00", into=2, out_of=1).set_color("#FF00FF", into=4)
    hues, palette = connections.hues.reshape(connections.shape), connections.palette()
    assert (palette[hues[2, 1]] == (0, 255, 0)).all() and (palette[hues[4]] == (255, 0, 255)).all()
    signs = np.where(small.layers[0].weights[0] < 0, 1, 0)
    np.testing.assert_array_equal(hues[0], signs)
    connections.set_color(None)
    np.testing.assert_array_equal(connections.hues, np.where(connections.values < 0, 1, 0))


def test_the_colour_is_seen_in_the_picture(diagram: NetworkDiagram) -> None:
    diagram.stand_out().connections[1].set_color("#00FF00")
    connections = diagram.connections[1]
    strongest = int(np.argmax(np.abs(connections.values)))
    place = (connections.starts[strongest] + connections.ends[strongest]) / 2
    row, column = pixel(place)
    near = drawn(diagram)[row - 3 : row + 4, column - 3 : column + 4]
    assert near[..., 1].max() > 120 > near[..., [0, 2]].max()


def test_six_colours_are_one_too_many(small: Network) -> None:
    connections = NetworkDiagram(small).connections[0]
    for k in range(5):
        connections.set_color(f"#0000{k + 1:02d}", into=k)
    connections.set_color("#000003", into=0)  # one of the five
    with pytest.raises(ValueError, match="5 colours of your own at once"):
        connections.set_color("#123456", into=2, out_of=0)
        connections.set_color("#123457", into=1, out_of=0)


def test_a_neuron_keeps_its_colour_when_other_activations_are_shown(diagram: NetworkDiagram) -> None:
    hidden = diagram.columns[1]
    hidden.set_color("#00FF80", item=2)
    hidden.show([1, 1, 0.5, 0, 0])
    np.testing.assert_allclose(hidden.colours[2], 0.5 * rgb("#00FF80"))
    np.testing.assert_allclose(hidden.colours[0], 255)
    later = hidden.copy().set_color("#FF0000", item=2)
    hidden.interpolate(hidden.copy(), later, 1)
    np.testing.assert_allclose(hidden.show([0, 0, 1, 0, 0]).colours[2], (255, 0, 0))


def test_manims_animations_of_colour_work(diagram: NetworkDiagram) -> None:
    animation = FadeToColor(diagram, "#FF0000")
    animation.begin()
    animation.interpolate(1)
    assert all((part.palette()[part.hues] == (255, 0, 0)).all() for part in diagram.connections)
    seen = drawn(diagram)
    assert seen[..., 0].max() > 150 and seen[..., 1:].max() < 40


def test_what_takes_its_colours_from_what_it_shows_says_so() -> None:
    for shown in (PixelGrid(np.eye(3)), WeightHeatmap(np.eye(3))):
        kind = type(shown).__name__
        with pytest.raises(TypeError, match=f"cannot change the colours of {kind}, which come from what it shows"):
            shown.set_color("#FF0000")
    numbers = Numbers([1.0, 2.0], [[0, 0, 0], [1, 0, 0]]).set_color("#FF0000")
    assert (numbers.colours == (255, 0, 0)).all()


def test_fill_and_stroke_do_what_manims_methods_do_or_say_so(diagram: NetworkDiagram) -> None:
    """Of a method set_… that it does not know, manim makes an attribute, and nothing is seen."""
    hidden = diagram.columns[1].set_fill("#00FF00", opacity=0.5).set_stroke("#0000FF", width=3)
    assert (hidden.colours == (0, 255, 0)).all() and (hidden.opacities == 0.5).all()
    assert (hidden.stroke_colours == (0, 0, 255)).all() and (hidden.stroke_widths == 3).all()
    lines = diagram.connections[0].set_stroke("#00FF00", width=4, opacity=0.5)
    assert (lines.palette()[lines.hues] == (0, 255, 0)).all() and lines.widths.max() == 4
    assert lines.opacities.max() == pytest.approx(0.5)
    with pytest.raises(TypeError, match="Connections has no fill that set_fill could change; use set_color"):
        lines.set_fill("#00FF00")
    with pytest.raises(TypeError, match="Numbers has no stroke that set_stroke could change"):
        Numbers([1.0], [[0, 0, 0]]).set_stroke(width=3)
    with pytest.raises(TypeError, match="cannot change the colours of PixelGrid"):
        PixelGrid(np.eye(3)).set_fill("#00FF00")


# ---- drawing it


@pytest.mark.parametrize("animation", [Create, Uncreate])
def test_create_and_uncreate_draw_it_bit_by_bit(diagram: NetworkDiagram, animation: type[Create]) -> None:
    whole = (drawn(diagram) > 40).any(axis=-1)
    act = animation(diagram)
    act.begin()
    seen = []
    for moment in (0.02, 0.35, 0.7, 1.0):
        act.interpolate(moment)
        seen.append(int((drawn(diagram) > 40).any(axis=-1).sum()))
    grown = seen if animation is Create else seen[::-1]
    assert grown == sorted(grown) and grown[0] < 0.2 * whole.sum() < grown[-1]
    if animation is Create:
        np.testing.assert_array_equal((drawn(diagram) > 40).any(axis=-1), whole)


# ---- activation functions


@pytest.mark.parametrize("name", ["relu", "sigmoid", "identity"])
def test_a_symbol_is_the_curve_of_the_function(name: str) -> None:
    layer = Layer(np.ones((2, 1)), np.zeros(2), name)
    curve = activation_symbol(layer)[1]
    x, y = np.array(curve.get_anchors())[:, :2].T
    z = 4 * x / x.max()
    values = layer.activate(np.stack([z, z], axis=1))[:, 0]
    share = (values - values.min()) / np.ptp(values)
    np.testing.assert_allclose((y - y.min()) / np.ptp(y), share, atol=1e-3)


def test_every_layer_has_the_symbol_of_its_own_function(diagram: NetworkDiagram) -> None:
    hidden, output = ActivationSymbols(diagram)
    flat = np.diff(np.array(hidden[1].get_anchors())[:20, 1])
    assert np.abs(flat).max() < 1e-6, "ReLU is flat at first"
    assert (np.diff(np.array(output[1].get_anchors())[::2, 1]) > -1e-9).all()
    for symbol, count in zip((hidden, output), diagram.counts[1:], strict=True):
        assert np.linalg.norm(symbol.get_center() - count.get_center()) < 1


def test_a_frame_stands_off_its_column_by_the_margin(diagram: NetworkDiagram) -> None:
    neurons = diagram.columns[1]
    for margin in (0.1, 0.3):
        frame = frame_around(neurons, margin)
        assert (frame.width, frame.height) == pytest.approx((neurons.width + 2 * margin, neurons.height + 2 * margin))
        assert frame.get_center() == pytest.approx(neurons.get_center())


def test_each_output_has_its_number_beside_it() -> None:
    network = Network.random([3, 40], np.random.default_rng(0))
    diagram = NetworkDiagram(network)
    outputs = network.forward(np.ones(3)).output
    numbers = outputs_in_numbers(diagram, outputs, 6.0, 3, 40)
    assert numbers.values == pytest.approx(outputs) and (numbers.places == 3).all()
    assert numbers.centres[:, 0] == pytest.approx(6) and numbers.centres[:, 1] == pytest.approx(
        diagram.layout[-1].centres[:, 1]
    )
    assert not diagram.layout[-1].shown.all() and np.array_equal(numbers.opacities > 0, diagram.layout[-1].shown)
