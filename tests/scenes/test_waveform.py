"""A waveform is as wide as it was asked to be, and as high as its samples."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.kit.mobjects.waveform import Waveform


def test_it_reaches_as_far_as_the_samples() -> None:
    samples = np.zeros(5000)
    samples[1000], samples[4000] = 0.5, -1
    wave = Waveform(samples, width=10, height=4)
    assert wave.width == pytest.approx(10)
    assert wave.get_top()[1] == pytest.approx(1, abs=0.01)
    assert wave.get_bottom()[1] == pytest.approx(-2, abs=0.01)
    highest = wave.points[np.argmax(wave.points[:, 1]), 0]
    assert highest == pytest.approx(-3, abs=0.05)


@pytest.mark.parametrize("samples", [[], [[0.0, 1.0]], [0.0, np.nan]])
def test_what_is_no_sound(samples: list[float]) -> None:
    with pytest.raises(ValueError, match="samples"):
        Waveform(samples, 1, 1)
