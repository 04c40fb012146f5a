"""Every entry of the kit draws its own example, and draws it as it did before.

After a change that is meant to be seen: KNOBS_NEW_GOLDEN=1 ./knobs test tests/scenes/test_gallery.py, and look at the
pictures in tests/scenes/golden/ before they are committed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import Animation
from numpy.typing import NDArray
from PIL import Image

from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.gallery import MOMENTS, contact_sheet, entries, example, names_for_examples, picture, stills
from scenes.kit.mobjects import numbers, text
from scenes.kit.mobjects.text import Words
from tests.scenes import golden
from tests.scenes.golden import TILE, assert_like_golden, kept, same_to_the_eye

HEIGHT = 270
Draw = Callable[[str], NDArray[np.uint8]]


@pytest.fixture(scope="module")
def names(checkpoint: Checkpoint, digits: Digits) -> dict[str, Any]:
    return names_for_examples(checkpoint, digits)


@pytest.fixture(scope="module")
def draw(names: dict[str, Any]) -> Draw:
    """Draws an entry's example as it is now: its stills side by side, (HEIGHT, width, 3)."""

    def strip(name: str) -> NDArray[np.uint8]:
        drawn = [still[..., :3] for still in stills(example(entries()[name], names), HEIGHT)]
        assert len(drawn) in (1, len(MOMENTS))
        return np.concatenate(drawn, axis=1)

    return strip


@pytest.fixture(scope="module")
def drawn_before(draw: Draw) -> Draw:
    """The same, drawn once and kept, for comparison with a mutation."""
    return cache(draw)


@pytest.mark.parametrize("name", sorted(entries()))
def test_an_example_draws_what_it_drew_before(name: str, drawn_before: Draw, tmp_path: Path) -> None:
    drawn = drawn_before(name)
    assert drawn.max() > 40, "the example shows nothing"
    assert_like_golden(name, drawn, tmp_path)


def test_there_is_no_golden_picture_without_an_entry() -> None:
    assert {file.stem for file in golden.GOLDEN.glob("*.png")} == entries().keys()


# ---- the comparison itself

_as_it_is = text.format_number


def add_one_to_every_number(patch: pytest.MonkeyPatch) -> None:
    for module in (text, numbers):
        patch.setattr(module, "format_number", lambda value, *how, **more: _as_it_is(value + 1, *how, **more))


def turn_every_sign(patch: pytest.MonkeyPatch) -> None:
    for module in (text, numbers):
        patch.setattr(module, "format_number", lambda value, *how, **more: _as_it_is(-value, *how, **more))


def swap_the_colours_of_the_signs(patch: pytest.MonkeyPatch) -> None:
    positive, negative = theme.POSITIVE, theme.NEGATIVE
    patch.setattr(theme, "POSITIVE", negative)
    patch.setattr(theme, "NEGATIVE", positive)


def swap_the_colours_of_symbols(patch: pytest.MonkeyPatch) -> None:
    weights, biases = theme.WEIGHTS_SYMBOL, theme.BIASES_SYMBOL
    patch.setattr(theme, "WEIGHTS_SYMBOL", biases)
    patch.setattr(theme, "BIASES_SYMBOL", weights)


# What each is at least seen in.
MUTATIONS = {
    add_one_to_every_number: {"Matrix", "Numbers", "Number", "Counter", "NetworkDiagram", "ConfusionMatrix"},
    turn_every_sign: {"Matrix", "Numbers", "Number", "ActivationColumn", "RunningSum"},
    swap_the_colours_of_the_signs: {"Connections", "Dials", "Matrix", "NetworkDiagram", "WeightHeatmap"},
    swap_the_colours_of_symbols: {"Symbols"},
}
# Those that are quick to draw, and all that a mutation must be seen in, go into every run of the tests.
QUICK = {"Symbols", "Connections", "Numbers", "Number", "Counter", "ActivationColumn", "Dials"}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in sorted(entries())]
)
def test_a_change_of_meaning_is_seen_in_every_golden(
    name: str,
    mutation: Callable[[pytest.MonkeyPatch], None],
    draw: Draw,
    drawn_before: Draw,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mean over the whole picture once let most of these pass: 1 added to every number, in 11 goldens of 13."""
    before = drawn_before(name)
    mutation(monkeypatch)
    now = draw(name)
    if np.array_equal(before, now):  # nothing of that kind is in the picture
        assert name not in MUTATIONS[mutation], "the mutation does not reach what it is about"
    else:
        assert not same_to_the_eye(kept(name), now)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name in entries() if not issubclass(entries()[name], Animation)))
def test_the_rounding_of_another_machine_is_not_a_change(name: str, names: dict[str, Any]) -> None:
    """Stood in for by a hundredth of a pixel, sideways and upwards, which changes every edge a little."""
    shown = example(entries()[name], names)
    shown.shift((0.01 * 8 / HEIGHT, 0.01 * 8 / HEIGHT, 0))
    moved = np.concatenate([still[..., :3] for still in stills(shown, HEIGHT)], axis=1)
    assert same_to_the_eye(kept(name), moved)


def test_a_failure_shows_the_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KNOBS_NEW_GOLDEN", raising=False)  # else the spot goes into the kept picture
    picture_now = kept("Number").copy()
    picture_now[100:110, 200:206] = (255, 0, 0)
    with pytest.raises(AssertionError, match=r"Number differs from Number\.png by .* around x = 200, y = 104") as error:
        assert_like_golden("Number", picture_now, tmp_path)
    file = tmp_path / "Number-difference.png"
    assert str(file) in str(error.value)
    shown = np.asarray(Image.open(file))
    assert shown.shape[0] == 3 * HEIGHT
    np.testing.assert_array_equal(shown[HEIGHT : 2 * HEIGHT], picture_now)
    marked = (shown[2 * HEIGHT :] == (255, 255, 0)).all(axis=-1)
    assert marked.any() and not marked[: 100 - TILE].any()


# ---- the contact sheet


@pytest.mark.slow
def test_the_contact_sheet_has_a_tile_for_every_still(checkpoint: Checkpoint, digits: Digits) -> None:
    sheet = np.asarray(contact_sheet(checkpoint, digits, columns=4))
    titles = [name for name, thing in entries().items() for _ in range(3 if issubclass(thing, Animation) else 1)]
    rows = -(-len(titles) // 4)
    width, height = sheet.shape[1] // 4, sheet.shape[0] // rows
    assert sheet.shape[:2] == (rows * height, 4 * width)
    assert width == 640 + 8
    brightest: dict[str, int] = {}
    for number, title in enumerate(titles):
        row, column = divmod(number, 4)
        tile = sheet[row * height : (row + 1) * height, column * width + 4 : (column + 1) * width - 4]
        words = title_band(title)
        np.testing.assert_array_equal(tile[4 : 4 + len(words)], words, err_msg=f"tile {number} is not titled {title}")
        still = tile[4 + len(words) : 4 + len(words) + 360]
        brightest[title] = max(brightest.get(title, 0), int(still.max()))
    # An animation may end in the dark, as one that takes pixels away does.
    assert not [title for title, most in brightest.items() if most <= 20]
    beyond = sheet[-height:, (len(titles) % 4 or 4) * width :]
    assert (beyond == rgb(theme.CELL_OUTLINE).astype(np.uint8)).all()


def title_band(name: str) -> NDArray[np.uint8]:
    """The rows of a tile that its name stands in."""
    drawn = picture([Words(name, 2 * theme.LABEL_SIZE)], 360)[..., :3]
    rows = np.flatnonzero(drawn.any(axis=(1, 2)))
    return drawn[rows[0] - 6 : rows[-1] + 8]
