"""How manim keeps the pictures of type."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from manim import MathTypst, tempconfig
from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP

from scenes.kit.mobjects.text import formula
from scenes.stage.file_writer import remove_half_written_svgs


def test_use_svg_cache() -> None:
    """A formula is neither put into manim's cache nor taken from it, and is the same every time."""
    known = set(SVG_HASH_TO_MOB_MAP)
    one, other = (formula("a = sigma(W a + b)") for _ in range(2))
    assert set(SVG_HASH_TO_MOB_MAP) == known
    pairs = zip(one.family_members_with_points(), other.family_members_with_points(), strict=True)
    assert all(np.array_equal(a.points, b.points) for a, b in pairs)
    MathTypst("x + y")
    assert set(SVG_HASH_TO_MOB_MAP) != known, "with it, manim keeps what it has read"


def test_the_svg_files_of_type(tmp_path: Path) -> None:
    """They lie in `tex_dir`, end in </svg>, and are taken by their names alone, whatever is in them."""
    folder = tmp_path / "typst"
    with tempconfig({"tex_dir": str(folder)}):
        whole = formula("x^2")
        (file,) = folder.glob("*.svg")
        text = file.read_bytes()
        assert text[-16:].strip().endswith(b"</svg>")
        file.write_bytes(text[:-20])
        with pytest.raises(Exception):  # noqa: B017  # manim reads the half file, and fails
            formula("x^2")
        assert file.read_bytes() == text[:-20], "and would do so for ever"
        remove_half_written_svgs(folder)
        assert not file.exists()
        again = formula("x^2")
        assert np.array_equal(again.get_all_points(), whole.get_all_points())
        remove_half_written_svgs(folder)
        assert file.exists()
