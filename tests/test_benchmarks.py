"""The arithmetic of the benchmarks, without a clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import run
from benchmarks.encoder import ssim
from benchmarks.growth import line_through
from benchmarks.table import Row, Section, markdown


def test_a_line_goes_through_times_that_grow_evenly_and_misses_others() -> None:
    counts = [10_000, 100_000, 1_000_000]
    base, slope, residual = line_through(counts, [5 + 5e-5 * count for count in counts])
    assert (base, slope) == pytest.approx((5, 5e-5)) and residual < 1e-9
    *_, residual = line_through(counts, [5 + 5e-11 * count**2 for count in counts])
    assert residual > 0.1


def test_likeness_falls_with_noise() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (50, 83), dtype=np.uint8)
    assert ssim(picture, picture) == pytest.approx(1)
    slightly, strongly = (
        ssim(picture, np.clip(picture + rng.normal(0, noise, picture.shape), 0, 255).astype(np.uint8))
        for noise in (3, 60)
    )
    assert 0 < strongly < slightly < 1


def test_the_table_is_put_between_the_markers_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run.README.read_text()
    assert page.count(run.BEGIN) == page.count(run.END) == 1
    monkeypatch.setattr(run, "README", tmp_path / "README.md")
    run.README.write_text(page)
    table = markdown([Section("drawing", "how long.", [Row("a frame", "3 ms", "old: 6 ms", 0.5, "≤ 1", True)])])
    run.write("an older table")
    run.write(table)
    written = run.README.read_text()
    assert "| drawing | a frame | 3 ms" in written and "an older table" not in written
    assert written.split(run.BEGIN)[0] == page.split(run.BEGIN)[0]
    assert written.split(run.END)[1] == page.split(run.END)[1]
