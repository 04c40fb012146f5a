"""No clip flashes more than three times a second."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.settings import ROOT
from tests.export.flashes import luminance, most_flashes


@pytest.mark.parametrize(("times", "share", "found"), [(5, 1, 5), (2, 1, 2), (5, 0.02, 0), (5, 0.05, 5)])
def test_flashes_are_counted(times: int, share: float, found: float) -> None:
    rate = 60
    frames = []
    for n in range(3 * rate):
        frame = np.full((90, 160), 0.05, np.float32)
        if int(2 * times * n / rate) % 2:
            frame.ravel()[: int(share * frame.size)] = 0.9
        frames.append(frame)
    assert most_flashes(frames, rate) == pytest.approx(found, abs=0.5)


def test_a_slow_change_is_no_flash() -> None:
    frames = [np.full((90, 160), 0.5 + 0.45 * np.sin(2 * np.pi * n / 60), np.float32) for n in range(300)]
    assert most_flashes(frames, 60) < 2


@pytest.mark.slow
@pytest.mark.needs("clips")
def test_the_clips_that_were_rendered_do_not_flash() -> None:
    clips = sorted((ROOT / "media" / "clips" / "480p15").glob("*.mp4"))
    assert clips
    found = {clip.stem: most_flashes(*luminance(clip)) for clip in clips}
    assert not {scene: flashes for scene, flashes in found.items() if flashes > 3}
