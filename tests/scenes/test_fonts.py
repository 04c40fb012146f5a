"""Names in any script are drawn in letters, and whoever needs no further fonts installs none."""

from __future__ import annotations

import subprocess
from typing import Any

import numpy as np
import pytest

from lesson.render import fonts as setting_up
from scenes.kit import fonts
from scenes.kit.fonts import NOTO, NOTO_CJK, fonts_for, letters_of
from scenes.kit.mobjects.text import Words


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("plain, Ωβ, Ж, é → ½ ′", ()),
        ("日本", (NOTO_CJK,)),
        ("かな", (NOTO_CJK,)),
        ("한국", (NOTO_CJK,)),
        ("مرحبا", (NOTO,)),
        ("नमस्ते", (NOTO,)),
        ("שלום", (NOTO,)),
        ("cat 🐈", (NOTO,)),
        ("猫 🐈", (NOTO, NOTO_CJK)),
    ],
)
def test_the_fonts_that_a_name_needs_are_known(name: str, needed: tuple[str, ...]) -> None:
    assert fonts_for([name, "a"]) == needed
    assert all(letters_of([name], package) for package in needed)


def parts(text: str) -> int:
    """How many closed curves are drawn."""
    return len(Words(text, 100).get_subpaths())


@pytest.mark.needs("fonts")
def test_letters_are_drawn_joined_and_none_is_a_box() -> None:
    for text in ("猫犬", "שב", "ไก", "🐈🐕"):
        one, other = (Words(letter, 100) for letter in text)
        assert one.points.shape != other.points.shape or not np.allclose(one.points, other.points)
    # Alone, letters of Arabic have other forms than joined; in Devanagari two letters become one.
    assert abs(Words("ببب", 100).width - 3 * Words("ب", 100).width) > 0.1
    assert Words("क्ष", 100).width < 0.9 * (Words("क", 100).width + Words("ष", 100).width)
    # From right to left: the first letter, the widest, is on the right.
    mixed = Words("של", 100)
    assert mixed.width > 0 and parts("של") == parts("ש") + parts("ל")


def test_fonts_are_installed_only_where_names_need_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def run(program: Any, **_: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append(program)
        return subprocess.CompletedProcess(program, 1, b"", b"")

    monkeypatch.setattr(fonts.folder_of, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(setting_up, "folder_of", lambda package: None)
    monkeypatch.setattr(setting_up.folder_of, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(subprocess, "run", run)
    setting_up.set_up_fonts(["cat", "Ωβ"])
    assert not asked and not capsys.readouterr().err
    with pytest.raises(setting_up.FontsMissing, match=r"'猫' needs a font .*'.\[fonts-cjk\]'"):
        setting_up.set_up_fonts(["cat", "猫"])
    assert asked[0][-1] == NOTO_CJK and "33 MB" in capsys.readouterr().err
