"""Every entry of the kit draws its own example, and draws it as it did before.

After a change that is meant to be seen: KNOBS_NEW_GOLDEN=1 ./knobs test tests/scenes/test_gallery.py, and look at the
pictures in tests/scenes/golden/ before they are committed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit.gallery import MOMENTS, contact_sheet, entries, example, names_for_examples, stills

GOLDEN = Path(__file__).parent / "golden"
HEIGHT = 270
# Mean difference allowed, of 255: between machines, text and curves differ in a few edge pixels.
TOLERANCE = 0.5


@pytest.fixture(scope="module")
def names(checkpoint: Checkpoint, digits: Digits) -> dict[str, Any]:
    return names_for_examples(checkpoint, digits)


@pytest.mark.parametrize("name", sorted(entries()))
def test_an_example_draws_what_it_drew_before(name: str, names: dict[str, Any]) -> None:
    drawn = [picture[..., :3] for picture in stills(example(entries()[name], names), HEIGHT)]
    assert len(drawn) in (1, len(MOMENTS))
    assert max(picture.max() for picture in drawn) > 40, "the example shows nothing"
    strip = np.concatenate(drawn, axis=1)
    file = GOLDEN / f"{name}.png"
    if os.environ.get("KNOBS_NEW_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        Image.fromarray(strip).save(file, optimize=True)
    assert file.exists(), f"there is no {file}; see the head of this file"
    golden = np.asarray(Image.open(file).convert("RGB"))
    assert golden.shape == strip.shape
    difference = np.abs(golden.astype(int) - strip).mean()
    assert difference < TOLERANCE, f"{name} differs from {file.name} by {difference:.2f} of 255"


def test_the_contact_sheet_has_a_tile_for_every_still(checkpoint: Checkpoint, digits: Digits) -> None:
    sheet = np.asarray(contact_sheet(checkpoint, digits))
    assert sheet.shape[1] > 4 * 640 and sheet.max() == 255
