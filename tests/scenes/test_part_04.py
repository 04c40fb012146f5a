"""Part 4 shows the network as it is, and outputs that are the network's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig

from network import Network
from network.analysis.examples import clear_torn_and_unsure
from network.network import Layer
from scenes.kit.layout import SHOWN_AT_EACH_END
from scenes.part_04_layers.layers_of_neurons import LayersOfNeurons
from scenes.part_04_layers.the_outputs import TheOutputs
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from tests.scenes.conftest import make_checkpoint


def test_the_layers_are_those_of_the_network() -> None:
    with tempconfig({"dry_run": True}):
        scene = LayersOfNeurons(skip_animations=True)
        scene.render()
    sizes = lesson_checkpoint().network.sizes
    assert [len(column) for column in scene.diagram.columns] == list(sizes)
    assert [count.value for count in scene.counts] == list(sizes[1:-1])
    assert [count.value for count in scene.diagram.counts] == list(sizes)
    _, column_of_input, dots, brace = scene.input
    assert brace[1].value == sizes[0] and len(dots) == 3
    # The column holds the pixels: the first and the last ones are seen, in order from the top.
    shown = np.flatnonzero(column_of_input.stroke_opacities)
    assert shown.tolist() == [*range(SHOWN_AT_EACH_END), *range(sizes[0] - SHOWN_AT_EACH_END, sizes[0])]
    assert (np.diff(column_of_input.centres[shown, 1]) < 0).all()
    assert column_of_input.colours.max(axis=1) == pytest.approx(255 * scene.image.ravel(), abs=1e-3)


def test_numbers_and_sums_are_those_of_the_outputs() -> None:
    with tempconfig({"dry_run": True}):
        scene = TheOutputs(skip_animations=True)
        scene.render()
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    outputs = network.predict(digits.vectors)
    clear, torn, unsure = (outputs[index] for index in clear_torn_and_unsure(network, digits))
    assert scene.values.values == pytest.approx(unsure, abs=1e-6)
    assert scene.total.values == pytest.approx([unsure.sum()], abs=1e-6)
    _, of_the_sum, of_two, _ = scene.words
    assert f"{clear.sum():.2f}" in of_the_sum
    for value in np.sort(torn)[-2:]:
        assert f"{value:.2f}" in of_two


@pytest.mark.parametrize(
    ("bias", "second", "third"),
    [
        (-3, "for the second the two brightest have ", "for the third none is."),
        (3, "for the second two outputs are bright,", "for the third they are least bright of all."),
    ],
)
def test_the_alternative_text_says_no_more_than_is_shown(
    bias: float, second: str, third: str, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to say of every network that two outputs are bright, and then none."""
    *hidden, last = network.layers
    shifted = Network([*hidden, Layer(last.weights, last.biases + bias, last.activation)])
    make_checkpoint(shifted).save(tmp_path / "shifted.npz")
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "shifted.npz"))
    scene = TheOutputs()
    assert second in scene.alternative_text() and third in scene.alternative_text()
    outputs = scene.passes[1].output
    assert outputs[list(scene.two_brightest)].tolist() == np.sort(outputs)[:-3:-1].tolist()
