"""Part 7 counts what is there."""

from __future__ import annotations

import numpy as np
import pytest
from manim import RIGHT, VGroup, tempconfig

from network import Network
from network.digits import Digits
from scenes.kit.animations.counting import CountConnections, CountDots, appeared
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.text import Number
from scenes.part_07_knobs import counting_the_knobs
from scenes.part_07_knobs.counting_the_knobs import CountingTheKnobs, Tally


@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 30, 10], [784, 32, 16, 16, 10], [64, 10]])
def test_the_tally_is_the_networks(sizes: list[int]) -> None:
    network = Network.random(sizes, np.random.default_rng(0))
    tally = Tally([layer.weights.shape for layer in network.layers])
    assert [number.value for number in tally.numbers] == [layer.weights.size for layer in network.layers]
    assert tally.weights.value == sum(number.value for number in tally.numbers) == network.weight_count
    assert tally.biases.value == network.bias_count
    assert tally.total.value == network.parameters().size
    if sizes == [784, 16, 16, 10]:
        assert (tally.weights.shown, tally.biases.shown, tally.total.shown) == ("12,960", "42", "13,002")


def test_as_many_connections_are_seen_as_the_number_says(network: Network) -> None:
    diagram, number = NetworkDiagram(network), Number(0)
    counting = CountConnections(diagram, 1, 0, network.layers[1].weights.size, number, diagram.ring(2, 0))
    counting.begin()
    edge = number.get_right()[0]
    for alpha in (0, 0.01, 0.3, 0.5, 0.77, 1):
        counting.interpolate(alpha)
        assert number.get_right()[0] == pytest.approx(edge), "the last figure stays in its place"
        assert np.count_nonzero(diagram.connections[1].emphasis) == number.value
    assert number.value == network.layers[1].weights.size


def test_biases_are_counted_column_by_column() -> None:
    sizes = [16, 40, 10]
    dots = Cells(np.zeros((sum(sizes), 3)), 0.1)
    numbers = VGroup(*(Number(0) for _ in sizes)).arrange(RIGHT)
    places = [number.get_x() for number in numbers]
    shown = np.arange(len(dots)) % 7 != 6
    counting = CountDots(dots, shown, numbers, sizes)
    for alpha, expected in ((0, [0, 0, 0]), (8 / 66, [8, 0, 0]), (20 / 66, [16, 4, 0]), (1, sizes)):
        counting.interpolate_mobject(alpha)
        assert [number.value for number in numbers] == expected
        assert dots.opacities.sum() == np.count_nonzero(shown[: sum(expected)])
        assert [number.get_x() for number in numbers] == pytest.approx(places)


def test_neuron_by_neuron(network: Network) -> None:
    connections = NetworkDiagram(network).connections[1]
    n_out, n_in = connections.shape
    emphasis = appeared(connections, 2 * n_in + 3, earlier=0.5).reshape(n_out, n_in)
    assert (emphasis[:2] == 0.5).all() and (emphasis[2, :3] == 1).all()
    assert not emphasis[2, 3:].any() and not emphasis[3:].any()
    assert counting_the_knobs.slow_start(0) == 0 and counting_the_knobs.slow_start(1) == 1


@pytest.mark.parametrize("sizes", [[784, 16, 16, 10], [784, 1], [64, 30, 10]])
def test_the_neuron_close_up_is_the_first_one(sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fan is that of the whole network's first neuron, which takes its place."""
    network = Network.random(sizes, np.random.default_rng(0))
    side, classes = round(sizes[0] ** 0.5), sizes[-1]
    pictures = Digits(
        np.random.default_rng(1).random((20, side, side)).astype(np.float32), np.arange(20) % max(classes, 2)
    )
    monkeypatch.setattr(CountingTheKnobs, "network", network)
    monkeypatch.setattr(CountingTheKnobs, "digits", lambda self, split="test": pictures)
    with tempconfig({"dry_run": True}):
        scene = CountingTheKnobs(skip_animations=True)
        scene.render()
    assert scene.close.network.layers[0].weights.tolist() == network.layers[0].weights[:1].tolist()
    assert scene.close.columns[0] not in scene.mobjects and scene.diagram.columns[0] in scene.mobjects
    assert scene.tally.total.value == network.parameter_count
