"""A network written for other programs is the same network when it is read again, there and here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from lesson.cli.program import main
from lesson.importing.readers import read_model
from lesson.importing.writers import WRITERS
from network import Layer, Network
from network.activations import ACTIVATIONS
from network.checkpoint import load_checkpoint

KINDS = (*ACTIVATIONS, "leaky_relu(0.3)", "elu(0.5)", "hard_sigmoid(0.2)")
NAMES = ("a|b*<x>", "二", "c")


def network_with(activation: str) -> Network:
    """9-4-3, with these functions: of the hidden layer as it is asked for, unless that needs all sums together."""
    rng = np.random.default_rng(4)
    hidden = "relu" if activation == "softmax" else activation
    layers = Network.random([9, 4, 3], rng).layers
    changed = [Layer(3 * one.weights, rng.normal(size=one.n_out).astype(np.float32)) for one in layers]
    first, last = changed
    return Network((Layer(first.weights, first.biases, hidden), Layer(last.weights, last.biases, activation)))


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("activation", KINDS)
def test_what_is_written_is_read_as_the_same_network(activation: str, suffix: str, tmp_path: Path) -> None:
    network, file = network_with(activation), tmp_path / f"mine{suffix}"
    WRITERS[suffix](file, network, NAMES)
    found = read_model(file)
    assert tuple(layer.function for layer in found.layers) == network.activations
    assert found.class_names == NAMES
    for ours, theirs in zip(network.layers, found.layers, strict=True):
        np.testing.assert_array_equal(theirs.weights.astype(np.float32), ours.weights)
        np.testing.assert_array_equal(theirs.biases.astype(np.float32), ours.biases)
    if suffix == ".onnx":
        images = np.random.default_rng(1).random((5, 9))
        assert found.run is not None
        np.testing.assert_allclose(found.run(images), network.predict(images), atol=1e-5)


@pytest.mark.needs("pytorch")
@pytest.mark.parametrize("activation", [name for name in KINDS if name != "hard_sigmoid(0.2)"])
def test_pytorch_runs_the_tensors_in_the_layers_that_are_told(activation: str, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from lesson.importing.writers import HOW_TO_USE, write_safetensors

    network, file = network_with(activation), tmp_path / "mine.safetensors"
    write_safetensors(file, network, NAMES)
    told = HOW_TO_USE[".safetensors"](network).partition("state dict of ")[2].rstrip(".")
    model = eval(told, dict(vars(torch.nn)))
    model.load_state_dict(load_file(file))
    images = np.random.default_rng(1).random((5, 9), dtype=np.float32)
    with torch.no_grad():
        np.testing.assert_allclose(model(torch.tensor(images)).numpy(), network.predict(images), atol=1e-5)


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


def test_the_command_writes_all_kinds_at_once_and_overwrites_nothing(
    checkpoints: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / f"mine{suffix}" for suffix in WRITERS]
    assert run("export-network", *files, "--checkpoint", checkpoints[0]) == 0
    told = capsys.readouterr().out
    assert all(str(file) in told for file in files) and "Sequential(Linear(" in told
    network = load_checkpoint(checkpoints[0]).network
    held = json.loads(files[-1].read_text())
    assert tuple(held["sizes"]) == network.sizes
    before = files[0].read_bytes()
    assert run("export-network", files[0], "--checkpoint", checkpoints[0]) == 1
    assert "another FILE, or add --overwrite" in capsys.readouterr().err
    assert files[0].read_bytes() == before
    assert run("export-network", tmp_path / "mine.pt") == 2
    assert "must end in .onnx, .safetensors or .json" in capsys.readouterr().err


def test_a_package_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(SystemExit):
        main(["export-network", str(tmp_path / "a.onnx")])
    assert "writing a.onnx needs the package onnx; install it with" in capsys.readouterr().err
