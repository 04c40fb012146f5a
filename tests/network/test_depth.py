"""The comparison of sigmoids and ReLU is measured on networks that differ in nothing else, and its file is whole."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.analysis.depth import (
    DepthComparison,
    DepthSettings,
    Provenance,
    compare_activations,
    gradient_by_layer,
    load_comparison,
    sizes_of_gradient,
    start_networks,
    steepest,
)
from network.checkpoint import CheckpointError
from network.digits import Digits
from network.gradients import cost, one_hot
from network.network import ACTIVATIONS, Network

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = DepthSettings(
    depths=(1, 3),
    width=5,
    epochs=2,
    batch_size=8,
    learning_rates=(0.1, 0.5),
    adam_rates=(0.01,),
    validation=10,
    probe=30,
)
SOURCE = Provenance("made up", {"train-images": "0" * 32}, 3, {"numpy": np.__version__}, "2026-01-01T00:00:00Z")


@pytest.fixture(scope="module")
def comparison() -> DepthComparison:
    return compare_activations(*both_sets(), SETTINGS, SOURCE)


def both_sets() -> tuple[Digits, Digits]:
    from .conftest import pictures

    sets = []
    for n, seed in ((60, 1), (30, 2)):
        images, labels = pictures(n, seed=seed)
        sets.append(Digits((images / 255).astype(np.float32), labels.astype(np.int64), ("0", "1", "2")))
    return sets[0], sets[1]


def test_the_two_networks_differ_in_their_hidden_activations_only() -> None:
    sigmoid, relu = start_networks((20, 8, 8, 3), np.random.default_rng(0))
    assert sigmoid.activations == ("sigmoid", "sigmoid", "sigmoid")
    assert relu.activations == ("relu", "relu", "sigmoid")
    np.testing.assert_array_equal(sigmoid.parameters(), relu.parameters())


def test_the_slope_of_a_function_is_its_rate_of_change() -> None:
    z = np.array([-3.7, -0.7, 0.4, 2.5])
    for activation in (one for one in ACTIVATIONS.values() if not one.together):
        step = 1e-6
        measured = (activation.function(z + step) - activation.function(z - step)) / (2 * step)
        np.testing.assert_allclose(activation.slope_at(z), measured, atol=1e-8)


def test_the_sigmoid_is_a_quarter_steep_at_most_and_relu_one() -> None:
    assert steepest(ACTIVATIONS["sigmoid"]) == (0.0, 0.25)
    assert steepest(ACTIVATIONS["relu"])[1] == 1


def test_gradients_are_the_change_of_the_cost(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(12)
    network = Network.random((64, 4, 4, 3), np.random.default_rng(0), "relu", dtype=np.float64)
    slopes = gradient_by_layer(network, digits)
    targets = one_hot(digits.labels, 3, np.float64)

    def cost_with(layer: int, step: float) -> float:
        changed = list(network.layers)
        weights = changed[layer].weights.copy()
        weights[1, 2] += step
        changed[layer] = dataclasses.replace(changed[layer], weights=weights)
        return cost(Network(tuple(changed)), digits.vectors, targets, "cross_entropy")

    for layer in range(3):
        measured = (cost_with(layer, 1e-6) - cost_with(layer, -1e-6)) / 2e-6
        assert slopes[layer][1, 2] == pytest.approx(measured, rel=1e-4, abs=1e-8)
    expected = [np.sqrt(np.mean(slope**2)) for slope in slopes]
    np.testing.assert_allclose(sizes_of_gradient(network, digits), expected)


def test_a_deep_network_of_sigmoids_loses_its_gradient_on_the_way_back(make_digits: Callable[..., Digits]) -> None:
    digits = make_digits(60)
    sigmoid, relu = (
        sizes_of_gradient(start, digits) for start in start_networks((64, *[16] * 8, 3), np.random.default_rng(0))
    )
    assert sigmoid[-1] / sigmoid[0] > 1000
    assert relu[-1] / relu[0] < 100


def test_results_belong_together(comparison: DepthComparison) -> None:
    digits, test = both_sets()
    assert comparison.sizes == (64, 5, 5, 5, 3)
    assert comparison.costs.shape == (2, 2, 3)
    assert comparison.gradient_sizes.shape == (2, 3, 4)
    assert comparison.commonest == pytest.approx(10 / 30)
    assert set(comparison.learning_rates.ravel()) <= set(SETTINGS.learning_rates)
    rights = comparison.test_accuracies * len(test)
    np.testing.assert_allclose(rights, rights.round())
    # What is drawn connection by connection before training is what the sizes were taken of.
    for layer, slopes in enumerate(comparison.start_gradients):
        sizes = np.sqrt(np.mean(slopes**2, axis=(1, 2)))
        np.testing.assert_allclose(sizes, comparison.gradient_sizes[:, 0, layer], rtol=1e-5)
    start = start_networks(comparison.sizes, np.random.default_rng([SOURCE.seed, 3]))
    for kind, network in enumerate(start):
        probe = digits.subset(slice(SETTINGS.probe))
        np.testing.assert_allclose(sizes_of_gradient(network, probe), comparison.gradient_sizes[kind, 0], rtol=1e-5)


def test_the_best_learning_rate_is_kept(comparison: DepthComparison) -> None:
    for rate in SETTINGS.learning_rates:
        alone = compare_activations(*both_sets(), dataclasses.replace(SETTINGS, learning_rates=(rate,)), SOURCE)
        assert (comparison.costs[:, :, -1] <= alone.costs[:, :, -1] + 1e-12).all()
        same = comparison.learning_rates == rate
        np.testing.assert_array_equal(comparison.costs[same], alone.costs[same])


def test_every_run_is_told() -> None:
    told: list[tuple[int, int]] = []
    compare_activations(*both_sets(), SETTINGS, SOURCE, lambda done, runs: told.append((done, runs)))
    assert told == [(n, SETTINGS.runs) for n in range(1, SETTINGS.runs + 1)]


def test_rates_that_explode_are_passed_over_unless_all_do() -> None:
    one_bad = dataclasses.replace(SETTINGS, depths=(2,), learning_rates=(0.1, 1e38), adam_rates=(0.01, 1e38))
    assert (compare_activations(*both_sets(), one_bad, SOURCE).learning_rates == 0.1).all()
    with pytest.raises(ValueError, match="use a lower learning rate"):
        compare_activations(*both_sets(), dataclasses.replace(one_bad, learning_rates=(1e38,)), SOURCE)


@settings(deadline=None)
@given(st.integers(1, 200_000), st.integers(1, 500))
def test_small_sets_are_seen_more_often(count: int, most: int) -> None:
    chosen = DepthSettings.for_images(count, 7, most)
    assert 1 <= chosen.epochs <= min(most, 200)
    assert chosen.validation < max(count, 2)
    assert chosen.epochs >= min(12, most)


@pytest.mark.parametrize(
    "wrong",
    [{"depths": ()}, {"depths": (3, 2)}, {"depths": (0,)}, {"width": 0}, {"epochs": 0}, {"validation": -1},
     {"learning_rates": ()}, {"adam_rates": (-1.0,)}, {"learning_rates": (float("nan"),)}],
)  # fmt: skip
def test_settings_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        DepthSettings(**wrong)


def test_what_is_saved_is_loaded(comparison: DepthComparison, tmp_path: Path) -> None:
    comparison.save(tmp_path / "x.depth.npz")
    loaded = load_comparison(tmp_path / "x.depth.npz")
    assert (loaded.settings, loaded.provenance, loaded.sizes) == (SETTINGS, SOURCE, comparison.sizes)
    assert loaded.commonest == comparison.commonest
    for name in ("learning_rates", "costs", "test_accuracies", "adam_accuracies", "gradient_sizes"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(comparison, name))
        assert not getattr(loaded, name).flags.writeable
    for one, other in zip(loaded.start_gradients, comparison.start_gradients, strict=True):
        np.testing.assert_array_equal(one, other.astype(np.float32))


def test_the_committed_file_is_small_and_of_the_lessons_data() -> None:
    file = ROOT / "assets" / "weights" / "default.depth.npz"
    assert file.stat().st_size < 200_000
    found = load_comparison(file)
    assert found.provenance.data_name == "mnist"
    assert found.deepest == 8


@pytest.fixture
def saved(comparison: DepthComparison, tmp_path: Path) -> Path:
    comparison.save(tmp_path / "x.npz")
    return tmp_path / "x.npz"


def rewritten(file: Path, **changes: Any) -> Path:
    """The same file with other arrays; None leaves one out."""
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files} | changes
    whole = io.BytesIO()
    np.savez(whole, **{name: array for name, array in arrays.items() if array is not None})
    file.write_bytes(whole.getvalue())
    return file


def metadata_with(file: Path, **changes: Any) -> np.ndarray:
    with np.load(file) as archive:
        return np.array(json.dumps(json.loads(str(archive["metadata"])) | changes))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"costs": None}, "lacks the array costs"),
        ({"start_gradients_2": None}, "lacks the array start_gradients_2"),
        ({"costs": np.zeros((2, 2, 9))}, r"costs has the shape \(2, 2, 9\); expected \(2, 2, 3\)"),
        ({"gradient_sizes": np.full((2, 3, 4), np.nan)}, "gradient_sizes holds a NaN"),
        ({"costs": np.array([[["a"] * 3] * 2] * 2)}, "costs holds <U1 numbers"),
        ({"test_accuracies": np.full((2, 2), 1.5)}, "test_accuracies are not shares from 0 to 1"),
        ({"metadata": None}, "it has no metadata"),
        ({"metadata": np.array("{")}, "is not a comparison of depths made by Knobs"),
        ({"metadata": np.array("[]")}, "is not a comparison of depths made by Knobs"),
    ],
)
def test_a_wrong_array_is_told(saved: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(CheckpointError, match=told) as problem:
        load_comparison(rewritten(saved, **changes))
    assert str(saved) in str(problem.value) and "./knobs train --all" in str(problem.value)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": 2}, "is of format 2; this program reads 1"),
        ({"kind": "local"}, "holds 'local', not a comparison of depths"),
        ({"sizes": [64, 5, 3]}, "is damaged .*do not belong to its settings"),
        ({"settings": {"colour": 3}}, "is damaged"),
        ({"provenance": None}, "is damaged"),
        ({"commonest": 7}, "is damaged .*commonest"),
    ],
)
def test_wrong_metadata_is_told(saved: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(CheckpointError, match=told):
        load_comparison(rewritten(saved, metadata=metadata_with(saved, **changes)))


def test_a_file_that_is_cut_off_damaged_or_none(saved: Path, tmp_path: Path) -> None:
    data = saved.read_bytes()
    (tmp_path / "cut.npz").write_bytes(data[: len(data) // 2])
    with pytest.raises(CheckpointError, match=r"cut\.npz is cut off"):
        load_comparison(tmp_path / "cut.npz")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(CheckpointError, match=r"text\.npz is not a comparison of depths"):
        load_comparison(tmp_path / "text.npz")
    with pytest.raises(CheckpointError, match=r"there is no comparison of depths .*gone\.npz"):
        load_comparison(tmp_path / "gone.npz")
    with zipfile.ZipFile(saved) as archive:
        place = archive.getinfo("costs.npy").header_offset + 60
    damaged = bytearray(data)
    damaged[place : place + 20] = bytes(20)
    (tmp_path / "bad.npz").write_bytes(damaged)
    with pytest.raises(CheckpointError, match=r"bad\.npz is damaged"):
        load_comparison(tmp_path / "bad.npz")


def test_pickles_are_never_opened(saved: Path) -> None:
    with pytest.raises(CheckpointError, match="is damaged"):
        load_comparison(rewritten(saved, costs=np.array([{"a": 1}], dtype=object)))


def test_where_it_cannot_be_written_is_told(comparison: DepthComparison, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"cannot be written.*--output FILE"):
        comparison.save(tmp_path / "no folder" / "x.npz")
