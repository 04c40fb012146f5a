"""Words, formulas and numbers, all typeset with Typst. Sizes are in pixels an em, in a frame 1080 pixels high."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
from manim import RIGHT, MathTypst, Mobject, VMobject
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.fonts import FONT, folders_for, formula_preamble_for, language_preamble
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.outlines import glyph_outlines, typesetting
from scenes.language import ENGLISH, current, in_order, left_to_right
from scenes.wording import written as format_number

AnyMobject = TypeVar("AnyMobject", bound=Mobject)
_PREAMBLE = f'#set text(font: "{FONT}")'
# The font size at which manim draws an em one unit high.
_FONT_SIZE_A_UNIT = 96
_SPECIAL = re.compile(r"([\\*_`$#\[\]<>@~=+\-/'\"])")
# How far a character of a number moves the pen, in ems (Computer Modern).
NUMBER_ADVANCES = {".": 0.278, ",": 0.278, "−": 0.778, "+": 0.778}
_SPACES = {"\u202f": 0.2, " ": 0.25}
# The room beside the ink of other characters, in ems.
_BESIDE = 0.1
# Thickness of a fraction's bar, in ems (Computer Modern).
_RULE = 0.04
NUMBER_CHARACTERS = "0123456789.,−+"


class Words(VMobject):
    """Text as one outline, fast to copy, to hash and to draw.

    A line break in the sentence is one in the picture. If `width` is given, lines are centred, and no wider than that
    many units. `shown` is the text as typeset.

    >>> Words("All 784 pixels")
    """

    def __init__(
        self,
        sentence: str,
        size: float = theme.LABEL_SIZE,
        colour: str = theme.TEXT,
        width: float | None = None,
    ) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        self.shown = sentence = in_order(sentence)
        em = size / PIXELS_A_UNIT
        # A typographic apostrophe instead of the straight one.
        markup = _SPECIAL.sub(r"\\\1", sentence.replace("'", "’")).replace("\n", " \\\n")
        if width is not None:
            markup = f"#block(width: {width / em:.3f}em)[#set align(center)\n{markup}]"
        self.points = _outline(markup, language_preamble(current())) * em
        self._ems_high = self.height / em

    @property
    def em(self) -> float:
        """The size of the type as it stands now, in units."""
        return float(self.height / self._ems_high)


def depth(text: str, size: float) -> float:
    """How far words reach below their baseline, in units; they are 0 units deep without letters such as g."""
    beside = Words(left_to_right(f"x{text}"), size)
    letter = min(beside.get_subpaths(), key=lambda path: path[:, 0].min())
    return max(float(letter[:, 1].min() - beside.get_bottom()[1]), 0.0)


def as_texture(mobject: AnyMobject) -> AnyMobject:
    """Mark a mobject whose figures only show how many there are; they may be smaller than `theme.SMALLEST_SIZE`."""
    setattr(mobject, "is_texture", True)  # noqa: B010 (mypy knows no such attribute)
    return mobject


def as_read(row: AnyMobject) -> AnyMobject:
    """Mirror a row of words and numbers in a language that is read from right to left. A formula is not mirrored."""
    if current().direction == "rtl":
        ends = float(row.get_left()[0] + row.get_right()[0])
        for part in row.submobjects:
            part.set_x(ends - part.get_x())
    return row


def line_start() -> NDArray[np.float64]:
    """The edge at which the lines of a text begin: LEFT, or RIGHT in a language that is read from right to left."""
    return np.array(RIGHT if current().direction == "rtl" else -RIGHT)


def size_that_fits(texts: Iterable[str], room: float, largest: float) -> float:
    """The size of type at which the widest of these texts is `room` units wide: `SMALLEST_SIZE` to `largest`."""
    widest = max(Words(text, largest).width for text in texts)
    return float(np.clip(largest * room / widest, theme.SMALLEST_SIZE, largest))


def words_that_fit(text: str, room: float, largest: float, colour: str = theme.TEXT) -> Words:
    """Words at the size of `size_that_fits`; in several lines where they are too wide even at the smallest."""
    words = Words(text, size_that_fits([text], room, largest), colour)
    return words if words.width <= room else Words(text, theme.SMALLEST_SIZE, colour, width=room)


def formula(source: str, size: float = theme.LABEL_SIZE, colour: str = theme.TEXT) -> MathTypst:
    """Mathematics in Typst's notation; `{{ part : name }}` makes a part that `.select("name")` finds.

    >>> formula("a = sigma(W a + b)")
    """
    em = size / PIXELS_A_UNIT
    # Without manim's cache: outlines from the cache have a different orientation from those read for the first time.
    with typesetting():
        size_of_font = em * _FONT_SIZE_A_UNIT
        drawn = MathTypst(source, font_size=size_of_font, color=colour, use_svg_cache=False, **fonts_of_formula(source))
    for part in drawn.family_members_with_points():
        if part.get_stroke_width() > 0:  # rules, such as a fraction's bar, which manim draws as hairlines
            part.set_stroke(width=100 * _RULE * em)
    return drawn


def fonts_of_formula(source: str) -> dict[str, Any]:
    """What manim's MathTypst is told of fonts, for a formula with words in another script; nothing for others."""
    folders = folders_for(source)
    if not folders:
        return {}
    return {"typst_preamble": formula_preamble_for(current()), "font_paths": list(folders.values())}


@lru_cache(maxsize=1000)
def _outline(markup: str, preamble: str) -> NDArray[np.float64]:
    """The curves of all glyphs of Typst markup, centred, with an em of one unit."""
    glyphs = glyph_outlines(markup, preamble, _FONT_SIZE_A_UNIT)
    return np.concatenate(glyphs) if glyphs else np.zeros((0, 3))


class Number(VMobject):
    """A number that can change in every frame: one mobject, whose digits stay in place as they change.

    places: digits after the point. sign: put a + before numbers that are not negative. The left edge stays in place.

    >>> Number(0.98, places=2)
    """

    def __init__(
        self,
        value: float,
        places: int = 0,
        size: float = theme.LABEL_SIZE,
        colour: str = theme.TEXT,
        sign: bool = False,
        thousands: bool = True,
    ) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        self.places, self.sign, self.thousands = places, sign, thousands
        # It is drawn with the signs that it holds, so that manim's cache sees them.
        self.signs, self.ungrouped = current().signs, current().ungrouped
        em = size / PIXELS_A_UNIT
        # Two curves that draw nothing, at the foot and head of the pen's start: they move with the number.
        self.points = np.repeat([[0.0, 0, 0], [0, digit_height() * em, 0]], 4, axis=0)
        self.set_value(value)
        self.center()

    def set_value(self, value: float) -> Self:
        """Show another number, with the same left edge. ValueError if it is not finite."""
        foot, em = self.points[0].copy(), self.em
        parts, pen, glyphs = [self.points[:8]], 0.0, number_glyphs(self.signs)
        if not np.isfinite(value):
            raise ValueError(f"value must be a finite number; got {value}")
        self.shown = format_number(value, self.places, self.sign, self.thousands, self.signs, self.ungrouped)
        for character in self.shown:
            glyph = glyphs[character]
            parts.append(glyph.outline * em + foot + (pen * em, 0, 0))
            pen += glyph.advance
        self.points = np.concatenate(parts)
        self.value = float(value)
        return self

    def set_value_from_right(self, value: float) -> Self:
        """Show another number, with the same right edge. ValueError if it is not finite."""
        right = self.get_right()
        self.set_value(value)
        self.shift((right - self.get_right()) * RIGHT)
        return self

    @property
    def em(self) -> float:
        """The size of the type as it stands now, in units."""
        return float(np.linalg.norm(self.points[4] - self.points[0])) / digit_height()


class NumberGlyph(NamedTuple):
    """A character of numbers: its outline in ems from the pen's place on the baseline, and how far it moves the pen."""

    outline: NDArray[np.float64]
    advance: float


@lru_cache(maxsize=8)
def number_glyphs(signs: str = ENGLISH.signs) -> dict[str, NumberGlyph]:
    """The characters of numbers. signs: the figures and signs of a language; those of English are always there."""
    drawn = glyph_outlines(NUMBER_CHARACTERS, _PREAMBLE, _FONT_SIZE_A_UNIT)
    baseline = drawn[1][:, 1].min()
    glyphs = {
        character: _in_its_room(glyph, baseline, NUMBER_ADVANCES.get(character, 0.5))
        for character, glyph in zip(NUMBER_CHARACTERS, drawn, strict=True)
    }
    glyphs |= {space: NumberGlyph(np.zeros((0, 3)), width) for space, width in _SPACES.items()}
    others = {}
    for sign in set(signs) - glyphs.keys():
        one, *parts = glyph_outlines(f"1 {sign}", _PREAMBLE, _FONT_SIZE_A_UNIT)  # on one baseline
        others[sign] = np.concatenate(parts), one[:, 1].min()
    # All figures are as wide as the widest, so that a number keeps its place while it changes.
    widest = max((np.ptp(glyph[:, 0]) for sign, (glyph, _) in others.items() if sign in signs[:10]), default=0.0)
    for sign, (glyph, baseline) in others.items():
        ink = widest if sign in signs[:10] else np.ptp(glyph[:, 0])
        glyphs[sign] = _in_its_room(glyph, baseline, float(ink) + _BESIDE)
    return glyphs


def _in_its_room(glyph: NDArray[np.float64], baseline: float, advance: float) -> NumberGlyph:
    room = advance - np.ptp(glyph[:, 0])
    return NumberGlyph(glyph - (glyph[:, 0].min() - room / 2, baseline, 0), advance)


def digit_height() -> float:
    """The height of a figure, in ems."""
    return float(number_glyphs()["1"].outline[:, 1].max())


class Inscriptions(VMobject):
    """Several pieces of text as one outline of one colour, each in its place. `shown` holds the texts.

    This makes many numbers one mobject, fast to copy, to hash and to draw.
    """

    def __init__(self, pieces: Iterable[VMobject], colour: str = theme.TEXT, shown: Sequence[str] = ()) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        self.shown = tuple(shown)
        outlines = [part.points for piece in pieces for part in piece.family_members_with_points()]
        self.points = np.concatenate(outlines) if outlines else np.zeros((0, 3))


def words_or_formula(text: str | VMobject, size: float, colour: str = theme.QUIET_TEXT) -> VMobject:
    """A sentence or a formula as one outline."""
    return Words(text, size, colour) if isinstance(text, str) else Inscriptions([text], colour)
