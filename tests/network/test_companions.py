from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from network import Network
from network.analysis.locality import locality
from network.checkpoint import Metadata, load_checkpoint, of_run
from network.companions import local_settings, train_local
from network.digits import Digits
from network.training import TrainingSettings, best_of, train

MakeDigits = Callable[..., Digits]
SETTINGS = TrainingSettings(epochs=8, batch_size=16, optimiser="muon", learning_rate=0.05, validation=12, snapshots=6)
WEIGHTS = Path(__file__).resolve().parents[2] / "assets" / "weights"


@pytest.mark.parametrize(("sizes", "hidden"), [((64, 7, 5, 3), "relu"), ((64, 3), "sigmoid")])
def test_the_companion_is_trained_alike_but_for_the_penalties(
    make_digits: MakeDigits, sizes: tuple[int, ...], hidden: str
) -> None:
    digits, rng = make_digits(120), np.random.default_rng(4)
    start = Network.random(sizes, rng, hidden)
    reports = list(train(start, digits, SETTINGS, rng))
    metadata = Metadata(asdict(SETTINGS), 4, 8, 1.0, 1.0, 1.0, "made up", {}, digits.class_names, {}, "2026-01-01")
    own = of_run(reports, reports[-1], metadata)

    told = list(train_local(own, digits))
    settings = local_settings(own)
    other = of_run(told, best_of(told), replace(metadata, settings=asdict(settings)))
    assert (other.network.sizes, other.network.activations) == (own.network.sizes, own.network.activations)
    assert np.array_equal(told[0].network.parameters(), start.parameters())  # from the same weights
    assert other.training_settings() == settings
    assert replace(settings, smoothness=0, locality=0, snapshots=SETTINGS.snapshots) == SETTINGS
    assert len(told) == SETTINGS.epochs + 1
    gathered = [locality(checkpoint.network.layers[0].weights).shares.mean() for checkpoint in (own, other)]
    assert gathered[1] > gathered[0]


def test_the_companion_that_comes_along_has_strokes_for_weights() -> None:
    own, other = load_checkpoint(WEIGHTS / "default.npz"), load_checkpoint(WEIGHTS / "default.local.npz")
    assert other.network.sizes == own.network.sizes
    assert other.metadata.data_md5 == own.metadata.data_md5
    assert other.training_settings() == local_settings(own)
    assert np.array_equal(other.snapshot_parameters[0], own.snapshot_parameters[0])
    one, two = (locality(checkpoint.network.layers[0].weights) for checkpoint in (own, other))
    assert one.local == 0
    assert two.local > len(two.shares) / 2
    assert two.smoothness.mean() > one.smoothness.mean()
    assert (other.metadata.test_accuracy or 0) > 0.95
    assert (WEIGHTS / "default.local.npz").stat().st_size < 400_000
