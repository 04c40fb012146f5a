"""Names in any script are drawn in letters, and whoever needs no further fonts installs none."""

from __future__ import annotations

import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from manim import RIGHT, VGroup

from lesson.cli.clips import RenderLines
from lesson.cli.program import main
from lesson.render import fonts as setting_up
from lesson.render.jobs import RenderOptions, plan_rendering, render_plan
from scenes import wording
from scenes.catalogue import language_codes, messages_of
from scenes.kit import fonts
from scenes.kit.fonts import NOTO, NOTO_CJK, fonts_for, language_preamble, letters_of
from scenes.kit.gallery import picture
from scenes.kit.mobjects.numbers import Numbers, width_of
from scenes.kit.mobjects.outlines import glyph_outlines
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words, as_read, formula, line_start
from scenes.language import current, in_order, language_like, language_named, told_in
from scenes.settings import LessonContext
from scenes.voice.phrasing import without_marks


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


# ------------------------------------------------------------------------------------------ languages

# Letters, signs and a formula of each script, as the lesson has them.
CHINESE = "神经网络认出手写数字，第二层有 16 个神经元：“权重”与偏置……（ReLU、sigmoid）——对吗？97.4%"
ARABIC = "الشبكة العصبية تتعرّف على الأرقام المكتوبة: أوزان، وانحياز؛ هل تكفي 784 بكسلًا؟ (ReLU) «نعم»"


def glyphs(text: str) -> list[np.ndarray]:
    """The outline of each glyph, from its own lower left corner."""
    drawn = glyph_outlines(text, language_preamble(current()), 96)
    return [outline - outline.min(axis=0) for outline in drawn]


@pytest.mark.needs("fonts")
@pytest.mark.parametrize(("code", "text"), [("zh-Hans", CHINESE), ("ar", ARABIC)], ids=["zh-Hans", "ar"])
def test_no_letter_of_a_language_is_a_box(code: str, text: str) -> None:
    with told_in(language_like(code)):
        # No font has these letters, so what is drawn for both stands for those that are missing.
        drawn = glyphs(f"\u0378\u0379{text[0]}")
        box = next(one for one, other in combinations(drawn, 2) if one.shape == other.shape and np.allclose(one, other))
        found = glyphs(text)
    letters = sum(not letter.isspace() for letter in text)
    assert len(found) >= 0.7 * letters, "in Arabic, some letters are drawn as one"
    assert not [one for one in found if one.shape == box.shape and np.allclose(one, box, atol=1e-3)]


@pytest.mark.needs("fonts")
def test_every_letter_of_a_catalogue_is_in_the_fonts_of_its_language() -> None:
    """Those that the lesson's own font has not."""
    for code in (code for code in language_codes() if language_named(code).fonts):
        texts = [text for text in getattr(messages_of(code), "_catalog", {}).values() if isinstance(text, str)]
        letters = {letter for letter in "".join(texts) if fonts_for([letter])}
        known: set[int] = set()
        for file in (file for folder in map(fonts.folder_of, (NOTO, NOTO_CJK)) for file in folder.glob("*.tt?")):
            known |= TTFont(file, fontNumber=0).getBestCmap().keys()
        assert len(letters) > 20 and not {letter for letter in letters if ord(letter) not in known}, code


@pytest.mark.needs("fonts")
def test_a_text_of_arabic_runs_from_right_to_left_and_its_lines_begin_at_the_right() -> None:
    def left_of(text: str, width: int) -> float:
        """Where the narrow first line, a Latin word, stands: −1 at the left edge of the text, 1 at the right."""
        drawn = glyph_outlines(text, language_preamble(current()), 96)
        whole = np.concatenate(drawn)[:, 0]
        word = np.concatenate(drawn[:width])[:, 0]
        return float((word.mean() - (whole.min() + whole.max()) / 2) / np.ptp(whole))

    lines = "ReLU \\\nهذا سطر ثان أطول من الأول بكثير"
    with told_in(language_like("ar")):
        assert left_of(lines, 4) > 0.3
        first = glyph_outlines("ReLU بكسل", language_preamble(current()), 96)
    assert left_of(lines, 4) < -0.3  # in English it is the other way round
    latin = [one for one in first if np.ptp(one[:, 1]) > 0.55][:1]
    assert latin and latin[0][:, 0].min() > 0, "the first word stands at the right"


@pytest.mark.needs("fonts")
def test_chinese_has_its_own_signs_and_latin_words_their_own_font() -> None:
    with told_in(language_like("zh-Hans")):
        own, latin = Words("“网”", 100), Words("sigmoid", 100)
    assert Words("“网”", 100).width != pytest.approx(own.width, abs=0.01), "quotation marks as wide as a letter"
    assert np.allclose(latin.points, Words("sigmoid", 100).points)


@pytest.mark.needs("fonts")
def test_a_formula_has_words_in_any_script() -> None:
    def ink(source: str) -> int:
        return sum(len(part.points) for part in formula(source).family_members_with_points())

    assert ink('sigma(W a + "权重")') > ink('sigma(W a + "一")') + 40
    with told_in(language_like("ar")):
        # Joined letters are fewer glyphs wide than apart.
        assert Symbol('"وزن"').width < Symbol('"و ز ن"').width
        assert formula("W a + b").get_left()[0] < 0  # from left to right in every language


@pytest.mark.parametrize(
    ("code", "value", "places", "written"),
    [
        ("en", -12960.5, 1, "−12,960.5"),
        ("de", 0.86, 2, "0,86"),
        ("de", -12960.5, 1, "−12.960,5"),
        ("es", 1234.5, 1, "1234,5"),
        ("es", 12345.5, 1, "12.345,5"),
        ("fr", 12345.5, 1, "12\u202f345,5"),
        ("zh-Hans", -12960.5, 1, "−12,960.5"),
        ("ar", -12960.5, 1, "−12,960.5"),
    ],
)
def test_numbers_are_drawn_with_the_signs_of_their_language(code: str, value: float, places: int, written: str) -> None:
    with told_in(language_like(code)):
        single, several = Number(value, places, 72), Numbers([value], places=places, size=72)
        assert single.shown == written and several.texts == [written]
        assert several.advances()[0] == pytest.approx(width_of(written))
    # Also where the language is no longer told in: what is drawn is what manim's cache has seen.
    # In the Chinese film a count from 0 had German dots: its segment was taken from the cache of the German film.
    assert several.texts == [written] and single.set_value(value).shown == written
    assert picture([several], 90).max() == 255


@pytest.mark.needs("fonts")
def test_figures_of_another_script_are_as_wide_as_each_other() -> None:
    with told_in(language_like("ar-EG")):
        assert Number(0.86, 2).shown == "٠٫٨٦" and wording.percent(0.974) == "٩٧٫٤٪\u061c"
        widths = {round(width_of(figure), 6) for figure in "٠١٢٣٤٥٦٧٨٩"}
        assert len(widths) == 1


def test_a_sign_stays_left_of_its_number_in_a_text_from_right_to_left() -> None:
    with told_in(language_like("ar")):
        assert wording.number(-1.5, 1) == "\u2066−1.5\u2069" and wording.number(1.5, 1) == "1.5"
        assert "\u200e%" in wording.percent(0.5)
        assert without_marks(wording.number(-1.5, 1)) == "−1.5"
        for text, marked in (
            ("1 here, −1/2 there", "1 here, \u2066−1/2\u2069 there"),
            ("784 × 16 + 16 of them.", "\u2066784 × 16 + 16\u2069 of them."),
            ("layers of 784-16-16-10, or 12,960", "layers of \u2066784-16-16-10\u2069, or 12,960"),
        ):
            assert in_order(text) == marked
        assert in_order(f"it is {wording.number(-1.5, 1)}.") == "it is \u2066−1.5\u2069."
        assert Words("784 × 16:").shown == Words(in_order("784 × 16:")).shown == "\u2066784 × 16\u2069:"
    assert wording.number(-1.5, 1) == "−1.5" and Words("784 × 16:").shown == "784 × 16:"


@pytest.mark.needs("fonts")
def test_figures_alone_are_drawn_from_left_to_right_in_arabic() -> None:
    def first_is_wider(text: str) -> bool:
        drawn = sorted(Words(text, 100).get_subpaths(), key=lambda path: float(path[:, 0].min()))
        return float(np.ptp(drawn[0][:, 0])) > float(np.ptp(drawn[-1][:, 0]))

    with told_in(language_like("ar")):
        assert first_is_wider("7 − 1") and not first_is_wider("1 − 7")


def test_rows_of_words_and_numbers_are_mirrored_where_they_are_read_from_the_right() -> None:
    def row() -> VGroup:
        return as_read(VGroup(Words("sum", 60), Number(8, size=60)).arrange(RIGHT, buff=0.3).shift(2 * RIGHT))

    english = row()
    assert english[0].get_x() < english[1].get_x() and line_start()[0] == -1
    with told_in(language_like("ar")):
        mirrored = row()
        assert line_start()[0] == 1
    assert mirrored[0].get_x() > mirrored[1].get_x()
    assert mirrored.get_left()[0] == pytest.approx(english.get_left()[0]) and mirrored.width == pytest.approx(
        english.width
    )


def test_a_language_brings_its_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(setting_up, "folder_of", lambda package: None)
    monkeypatch.setattr(setting_up.folder_of, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(setting_up, "_system_draws", lambda letters: True)
    monkeypatch.setattr(subprocess, "run", lambda program, **_: asked.append(program[-1]))
    told: list[str] = []
    for code, package in (("en", []), ("de", []), ("zh-Hans", [NOTO_CJK]), ("ar", [NOTO])):
        asked.clear()
        setting_up.set_up_fonts_of(LessonContext(language=code), told.append)
        assert asked == package, code
    assert len(told) == 2 and "33 MB" in told[0] and "7 MB" in told[1]


@pytest.mark.parametrize("of_their_own", [False, True])
def test_what_is_only_listed_installs_no_fonts(
    of_their_own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--dry-run, which is to render nothing, loaded 33 MB."""
    monkeypatch.setattr(setting_up, "folder_of", lambda package: None)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was installed"))
    mine = tmp_path / "mine.py"
    mine.write_text("from manim import *\nclass A(Scene):\n    def construct(self):\n        self.wait()\n")
    names = [str(mine)] if of_their_own else ["2"]
    with pytest.raises(SystemExit) as left:
        main(["render", *names, "--dry-run", "--language", "zh-Hans", "--media", str(tmp_path / "media")])
    assert not left.value.code and "(not rendered yet)" in capsys.readouterr().out


def test_fonts_are_there_before_a_scene_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_up, "folder_of", lambda package: None)
    monkeypatch.setattr(setting_up.folder_of, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(setting_up, "_system_draws", lambda letters: False)
    monkeypatch.setattr(subprocess, "run", lambda program, **_: subprocess.CompletedProcess(program, 1, b"", b""))
    options, told = RenderOptions("l", None, None, tmp_path, language="zh-Hans", voice="none", jobs=1), list[str]()
    plan = plan_rendering(["2"], options)
    assert not told
    with pytest.raises(setting_up.FontsMissing, match=r"'.\[fonts-cjk\]'"):
        render_plan(plan, options, RenderLines(plan.jobs), told.append)
    assert len(told) == 1 and not list(tmp_path.rglob("*.mp4"))


def test_fonts_are_installed_only_where_names_need_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    told: list[str] = []

    def run(program: Any, **_: Any) -> subprocess.CompletedProcess[bytes]:
        asked.append(program)
        return subprocess.CompletedProcess(program, 1, b"", b"")

    monkeypatch.setattr(fonts.folder_of, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(setting_up, "folder_of", lambda package: None)
    monkeypatch.setattr(setting_up.folder_of, "cache_clear", lambda: None, raising=False)
    monkeypatch.setattr(subprocess, "run", run)
    setting_up.set_up_fonts(["cat", "Ωβ"], told.append)
    assert not asked and not told
    with pytest.raises(setting_up.FontsMissing, match=r"'猫' needs a font .*'.\[fonts-cjk\]'"):
        setting_up.set_up_fonts(["cat", "猫"], told.append)
    assert asked[0][-1] == NOTO_CJK and "33 MB" in told[0]
