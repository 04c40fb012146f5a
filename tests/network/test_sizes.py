"""Networks of other sizes are trained in the same way as the lesson's own, and belong to it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.cli import train as train_command
from lesson.render.companion_recipes import COMPANIONS, Data, companion_path
from network import Network
from network.analysis.sizes import SizesComparison, load_sizes, other_sizes, settings_of, sizes_of, train_size
from network.checkpoint import Checkpoint, Metadata, load_checkpoint, of_run
from network.digits import Digits, load_digits, md5_of_data
from network.errors import CheckpointError
from network.evaluation import evaluate
from network.training import TrainingSettings, best_of, train

from .test_commands import run
from .test_depth import metadata_with, rewritten

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "assets" / "weights"
MakeDigits = Callable[..., Digits]
SETTINGS = TrainingSettings(epochs=3, batch_size=16, learning_rate=0.05, validation=12, snapshots=4)


def test_half_and_twice_as_many_neurons() -> None:
    assert other_sizes((784, 16, 16, 10)) == ((784, 8, 8, 10), (784, 32, 32, 10))
    assert other_sizes((784, 30, 10)) == ((784, 15, 10), (784, 60, 10))
    assert other_sizes((9, 1, 2)) == ((9, 2, 2),)
    assert other_sizes((784, 10)) == ()


def trained(digits: Digits, sizes: tuple[int, ...], hidden: str = "relu") -> Checkpoint:
    rng = np.random.default_rng(4)
    reports = list(train(Network.random(sizes, rng, hidden), digits, SETTINGS, rng))
    story = Metadata(asdict(SETTINGS), 4, 3, 1.0, 1.0, 1.0, "made up", {}, digits.class_names, {}, "2026-01-01")
    return of_run(reports, reports[-1], story)


def made_for(checkpoint: Checkpoint, digits: Digits, test: Digits) -> SizesComparison:
    steps: list[tuple[int, int]] = []
    found = COMPANIONS["sizes"].make(
        checkpoint, Data("tiny", {"a": "1"}, digits, test), lambda done, all_: steps.append((done, all_))
    )
    assert isinstance(found, SizesComparison)
    if found.trained:
        assert steps[-1] == (6, 6) and steps == sorted(steps)
    return found


def test_only_the_sizes_differ(make_digits: MakeDigits) -> None:
    digits, test = make_digits(120, seed=1), make_digits(30, seed=2)
    own = trained(digits, (64, 6, 4, 3))
    found = made_for(own, digits, test)
    assert found.made_for == own.fingerprint
    assert [one.hidden for one in found.trained] == [(3, 2), (12, 8)]
    for one in found.trained:
        assert one.network.activations == own.network.activations
        assert one.metadata.settings == asdict(replace(SETTINGS, snapshots=0))
        assert one.metadata.seed == own.metadata.seed
        assert one.metadata.test_accuracy == evaluate(one.network, test).accuracy
        reports = list(train_size(own, one.network.sizes, digits))
        assert best_of(reports).epoch == one.metadata.epoch
        np.testing.assert_array_equal(best_of(reports).network.parameters(), one.network.parameters())
    # The same way of training gives the checkpoint itself again, where the sizes are its own.
    again = list(train_size(own, own.network.sizes, digits))
    np.testing.assert_array_equal(again[-1].network.parameters(), own.network.parameters())


def test_it_is_what_train_like_gives(data_folder: Path, tmp_path: Path) -> None:
    digits, test = load_digits(data_folder, "train"), load_digits(data_folder, "test")
    own = trained(digits, (64, 6, 3))
    own.save(tmp_path / "own.npz")
    other = tmp_path / "other.npz"
    words = ("--like", tmp_path / "own.npz", "--hidden", "12", "--data", data_folder, "--output", other)
    assert run(train_command.command, *words).exit_code == 0
    twice = made_for(own, digits, test).trained[1]
    np.testing.assert_array_equal(load_checkpoint(other).network.parameters(), twice.network.parameters())


def test_what_is_saved_is_loaded_for_its_own_network_only(make_digits: MakeDigits, tmp_path: Path) -> None:
    digits, test = make_digits(120, seed=1), make_digits(30, seed=2)
    own, other = trained(digits, (64, 6, 3)), trained(digits, (64, 6, 3), "sigmoid")
    found, file = made_for(own, digits, test), tmp_path / "x.sizes.npz"
    found.save(file)
    loaded = load_sizes(file)
    for one, two in zip(loaded.trained, found.trained, strict=True):
        np.testing.assert_array_equal(one.network.parameters(), two.network.parameters())
        assert (one.metadata, one.network.activations) == (two.metadata, two.network.activations)
    assert len(sizes_of(file, own)) == 2
    assert sizes_of(file, other) == () == sizes_of(tmp_path / "gone.npz", own)


def test_a_network_without_hidden_layers_has_no_other_sizes(make_digits: MakeDigits, tmp_path: Path) -> None:
    digits = make_digits(120)
    found = made_for(trained(digits, (64, 3)), digits, digits)
    found.save(tmp_path / "x.npz")
    assert load_sizes(tmp_path / "x.npz").trained == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"parameters_2": None}, "is damaged"),
        ({"parameters_2": np.zeros(4)}, "is damaged .*size 4"),
        ({"parameters_1": np.full(213, np.nan)}, "holds a NaN"),
        ({"metadata": None}, "it has no metadata"),
    ],
)
def test_a_damaged_file_is_told(make_digits: MakeDigits, tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    digits = make_digits(120)
    made_for(trained(digits, (64, 6, 3)), digits, digits).save(tmp_path / "x.npz")
    with pytest.raises(CheckpointError, match=told) as error:
        load_sizes(rewritten(tmp_path / "x.npz", **changes))
    assert str(error.value).count(str(tmp_path)) == 1, "it is told once"
    with pytest.raises(CheckpointError, match="damaged|no metadata|NaN"):
        load_sizes(tmp_path / "x.npz")


def test_another_kind_of_file_is_told(make_digits: MakeDigits, tmp_path: Path) -> None:
    digits, file = make_digits(120), tmp_path / "x.npz"
    made_for(trained(digits, (64, 6, 3)), digits, digits).save(file)
    with pytest.raises(CheckpointError, match="holds 'rules', not a comparison of sizes"):
        load_sizes(rewritten(file, metadata=metadata_with(file, kind="rules")))


def test_the_sizes_that_come_along_belong_to_the_lessons_network() -> None:
    own, file = load_checkpoint(WEIGHTS / "default.npz"), companion_path(WEIGHTS / "default.npz", "sizes")
    found = sizes_of(file, own)
    assert [one.hidden for one in found] == [(8, 8), (32, 32)]
    assert file.stat().st_size < 200_000
    test = load_digits(ROOT / "assets" / "mnist", "test")
    for one in found:
        assert one.metadata.data_md5 == md5_of_data(ROOT / "assets" / "mnist") == own.metadata.data_md5
        assert one.metadata.settings == asdict(settings_of(own)) and one.metadata.seed == own.metadata.seed
        assert one.metadata.test_accuracy == pytest.approx(evaluate(one.network, test).accuracy, abs=2e-4)
    small, large = (one.metadata.test_accuracy or 0 for one in found)
    assert small < (own.metadata.test_accuracy or 0) < large
