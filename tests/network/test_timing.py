"""The two ways to compute weighted sums agree, and both are timed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from network import Network
from network.analysis import timing
from network.analysis.timing import Timing, best_time, kept_timing, sums_by_loop, time_weighted_sums


def test_the_loop_gives_the_sums_of_the_matrix_product() -> None:
    rng = np.random.default_rng(0)
    layer = Network.random([30, 7], rng, dtype=np.float64).layers[0]
    activations = rng.random(30)
    sums = sums_by_loop(layer.weights.tolist(), layer.biases.tolist(), activations.tolist())
    np.testing.assert_allclose(sums, layer.weighted_sums(activations), rtol=1e-12)


class Clock:
    """A clock that goes on by given steps between two looks at it, over and over."""

    def __init__(self, *steps: float) -> None:
        self.steps, self.now, self.looks = steps, 0.0, 0

    def __call__(self) -> float:
        if self.looks % 2:
            self.now += self.steps[self.looks // 2 % len(self.steps)]
        self.looks += 1
        return self.now


def test_both_ways_are_timed_for_the_same_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as often as is said, the best run of each counts, and their sums are compared."""
    rng = np.random.default_rng(0)
    layer, activations = Network.random([784, 16], rng).layers[0], rng.random(784)
    clock = Clock(0.5, 0.25, 0.75)
    monkeypatch.setattr(timing, "perf_counter", clock)
    found = time_weighted_sums(layer, activations, runs=3)
    assert clock.looks == 2 * 3 * (1 + 20)
    assert found.loop == found.product == 0.25
    assert found.ratio == 1
    given = activations.astype(np.float32)
    exact = layer.weights.astype(float) @ given.astype(float) + layer.biases
    rounded = float(np.abs(exact - layer.weighted_sums(given)).max())
    assert found.difference == pytest.approx(rounded, rel=1e-6)
    assert 0 < found.difference < 1e-4


def test_the_ratio_is_how_many_products_fit_into_a_loop() -> None:
    assert Timing(loop=0.003, product=0.000002, difference=0).ratio == pytest.approx(1500)


def test_a_timing_is_kept_until_its_file_is_gone_or_damaged(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    layer, activations = Network.random([784, 16], rng).layers[0], rng.random(784)
    first = kept_timing(layer, activations, tmp_path / "timings")
    assert kept_timing(layer, rng.random(784), tmp_path / "timings") == first
    (file,) = (tmp_path / "timings").iterdir()
    for damage in ("", "{", "[1, 2]", '{"loop": 1}', '{"loop": -1, "product": 1, "difference": 0}'):
        file.write_text(damage)
        again = kept_timing(layer, activations, tmp_path / "timings")
        assert again.loop > 0 and again.product > 0
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


def test_the_best_of_several_runs_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    monkeypatch.setattr(timing, "perf_counter", Clock(0.5, 0.25, 1.0))
    assert best_time(lambda: runs.append(1), 5) == 0.25
    assert len(runs) == 5


def test_a_clock_that_stands_still_gives_no_ratio_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "perf_counter", Clock(0.0))
    assert best_time(lambda: None, 2) > 0
