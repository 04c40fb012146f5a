"""Part 4 shows the network as it is, says what it does, and hands its last picture on to the next scene."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from manim import tempconfig

from network import Network
from network.analysis.examples import clear_torn_and_unsure, hero
from network.analysis.neurons import held_down_neuron, pushed_up
from network.analysis.sizes import sizes_of
from network.network import Layer
from scenes.kit.gallery import picture
from scenes.part_04_layers.forward_pass_of_a_digit import ForwardPassOfADigit
from scenes.part_04_layers.layers_of_neurons import LayersOfNeurons
from scenes.part_04_layers.the_outputs import TheOutputs
from scenes.stage.inputs import lesson_checkpoint, lesson_digits
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import percent
from tests.scenes.conftest import make_checkpoint

_Scene = TypeVar("_Scene", bound=LessonScene)


def played(kind: type[_Scene]) -> _Scene:
    """A scene after its last beat."""
    with tempconfig({"dry_run": True}):
        scene = kind(skip_animations=True)
        scene.render()
    return scene


def test_the_layers_are_those_of_the_network() -> None:
    scene = played(LayersOfNeurons)
    sizes = lesson_checkpoint().network.sizes
    assert [len(column) for column in scene.diagram.columns] == list(sizes)
    assert [count.value for count in scene.diagram.counts] == list(sizes)
    digits = lesson_digits("test")
    pixels = digits.vectors[hero(lesson_checkpoint().network, digits)]
    assert scene.diagram.columns[0].colours.max(axis=1) == pytest.approx(255 * pixels, abs=1e-3)


def test_other_sizes_get_the_scores_of_their_training() -> None:
    scene = played(LayersOfNeurons)
    checkpoint = lesson_checkpoint()
    trained = sizes_of(scene.companion_file("sizes"), checkpoint)
    assert [other.hidden for other in trained] == [(8, 8), (32, 32)]
    said = " ".join(scene.words)
    shown = {words.shown for line in scene.scores for words in line}
    for other in (*trained, checkpoint):
        score = other.metadata.test_accuracy or 0
        assert percent(score, 2) in shown
    assert said.endswith("Try 8 in each. That one says two. Or 32. Better, but crowded. But let's look inside ours.")


def test_without_other_sizes_nothing_is_said_of_them(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_checkpoint(network).save(tmp_path / "alone.npz")
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "alone.npz"))
    scene = played(LayersOfNeurons)
    assert not any("%" in words for words in scene.words)
    assert any("try it" in words for words in scene.words)


@pytest.mark.parametrize(
    ("before", "after"), [(LayersOfNeurons, ForwardPassOfADigit), (ForwardPassOfADigit, TheOutputs)]
)
def test_the_last_picture_of_a_scene_is_the_first_of_the_next(
    before: type[LessonScene], after: type[LessonScene]
) -> None:
    last = picture(played(before).mobjects, 270)
    first: list[np.ndarray] = []

    class OnlyItsStart(after):  # type: ignore[misc, valid-type]
        def voiceover(self, *args: str, **kwargs: str) -> object:
            first.append(picture(self.mobjects, 270))
            raise StopIteration

    with pytest.raises(StopIteration):
        played(OnlyItsStart)
    assert np.abs(last.astype(int) - first[0]).max() <= 8


def test_the_neurons_light_up_as_the_network_says() -> None:
    scene = played(ForwardPassOfADigit)
    forward = scene.forward
    for neurons, activations in zip(scene.diagram.columns, forward.columns, strict=True):
        assert neurons.colours.max(axis=1) == pytest.approx(255 * activations, abs=1e-3)
    assert scene.values.values == pytest.approx(forward.output)
    assert any(f"{scene.network.weight_count:,} connections" in words for words in scene.words)
    assert "The brightest is the three." in scene.words[-1]


def test_what_pushes_a_neuron_up_and_what_holds_it_down(network: Network) -> None:
    forward = network.forward(np.linspace(0, 1, network.sizes[0]))
    neuron = held_down_neuron(forward)
    layer = network.layers[0]
    flows = layer.weights[neuron] * forward.input
    expected = layer.activate(flows[flows > 0].sum() + layer.biases[neuron])
    assert pushed_up(forward, neuron) == pytest.approx(float(expected), rel=1e-5)
    assert pushed_up(forward, neuron) >= forward.activations[0][neuron]
    others = np.abs(forward.activations[0] - 0.25)
    assert others[neuron] == others.min()


def test_what_pushes_up_an_output_that_is_a_share_of_all() -> None:
    forward = Network.random((9, 3), np.random.default_rng(4), output="softmax").forward(np.linspace(0, 1, 9))
    sums = forward.weighted_sums[0].astype(float)
    sums[1] = forward.contributions(0)[1].clip(min=0).sum()
    assert pushed_up(forward, 1) == pytest.approx(np.exp(sums[1]) / np.exp(sums).sum(), rel=1e-5)
    assert pushed_up(forward, 1) > forward.activations[0][1]


def test_the_numbers_are_those_of_the_outputs() -> None:
    scene = played(TheOutputs)
    digits, network = lesson_digits("test"), lesson_checkpoint().network
    outputs = network.predict(digits.vectors)
    clear, torn, unsure = (outputs[index] for index in clear_torn_and_unsure(network, digits))
    assert scene.values.values == pytest.approx(unsure, abs=1e-6)
    added = scene.sum_of_two()
    one, other = np.sort(torn)[-2:][::-1]
    assert added is not None and added.shown == f"{one:.2f} + {other:.2f} = {one + other:.2f}"
    said = " ".join(scene.words)
    for values in (clear, torn):
        for value in np.sort(values)[-2:]:
            assert f"{value:.2f} for " in said
    assert f"a brightest one: {['zero', 'one', 'two', 'three'][unsure.argmax()]}" in said


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
    assert outputs[list(scene.two_brightest(1))].tolist() == np.sort(outputs)[:-3:-1].tolist()


@pytest.mark.parametrize(
    ("activation", "bias", "said"),
    [
        ("sigmoid", -12, "Nothing lights up at all."),
        ("sigmoid", 3, "For no other picture are they so dark."),
        ("softmax", 0, "For no other picture are they so dark."),
        ("tanh", -12, "All of them say no."),
    ],
)
def test_outputs_are_called_dark_only_if_they_are(
    activation: str, bias: float, said: str, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a softmax, where one output had 0.27, it said that nothing lights up at all."""
    *hidden, last = network.layers
    make_checkpoint(Network([*hidden, Layer(last.weights, last.biases + bias, activation)])).save(tmp_path / "x.npz")
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(tmp_path / "x.npz"))
    assert TheOutputs().how_dark_it_is() == said
