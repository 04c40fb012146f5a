"""The two ways to compute weighted sums give the same, and take their time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from network import Network
from network.analysis.timing import best_time, kept_timing, sums_by_loop, time_weighted_sums


def test_the_loop_gives_the_sums_of_the_matrix_product() -> None:
    rng = np.random.default_rng(0)
    layer = Network.random([30, 7], rng, dtype=np.float64).layers[0]
    activations = rng.random(30)
    sums = sums_by_loop(layer.weights.tolist(), layer.biases.tolist(), activations.tolist())
    np.testing.assert_allclose(sums, layer.weighted_sums(activations), rtol=1e-12)


def test_the_matrix_product_is_quicker_and_says_how_far_apart_they_are() -> None:
    rng = np.random.default_rng(0)
    timing = time_weighted_sums(Network.random([784, 16], rng).layers[0], rng.random(784), runs=3)
    assert timing.loop > timing.product > 0
    assert timing.ratio == timing.loop / timing.product
    assert 0 <= timing.difference < 1e-4


def test_a_timing_is_kept_until_its_file_is_gone_or_damaged(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    layer, activations = Network.random([784, 16], rng).layers[0], rng.random(784)
    first = kept_timing(layer, activations, tmp_path / "timings")
    assert kept_timing(layer, rng.random(784), tmp_path / "timings") == first
    (file,) = (tmp_path / "timings").iterdir()
    for damage in ("", "{", "[1, 2]", '{"loop": 1}', '{"loop": -1, "product": 1, "difference": 0}'):
        file.write_text(damage)
        again = kept_timing(layer, activations, tmp_path / "timings")
        assert again.loop > again.product > 0
        assert kept_timing(layer, activations, tmp_path / "timings") == again
    kept_timing(Network.random([64, 16], rng).layers[0], rng.random(64), tmp_path / "timings")
    assert len(list((tmp_path / "timings").iterdir())) == 2


def test_where_nothing_can_be_kept_it_is_measured(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    (tmp_path / "file").write_text("no folder")
    assert kept_timing(Network.random([64, 4], rng).layers[0], rng.random(64), tmp_path / "file").loop > 0


def test_bad_input_is_named() -> None:
    layer = Network.random([4, 2], np.random.default_rng(0)).layers[0]
    with pytest.raises(ValueError, match="activations"):
        time_weighted_sums(layer, np.zeros(3))
    with pytest.raises(ValueError, match="runs"):
        time_weighted_sums(layer, np.zeros(4), runs=0)


def test_the_best_of_several_runs_counts() -> None:
    runs: list[int] = []
    assert best_time(lambda: runs.append(1), 5) > 0
    assert len(runs) == 5
