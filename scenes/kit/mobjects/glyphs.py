"""Characters of numbers drawn from one large picture of each, at any place and size, compiled by Numba.

A picture holds, for every texel, how much the character covers of it and of all texels to the left and above. The
coverage of a pixel is then the difference between four such sums. It is exact at every size and between pixels, so no
picture has to be made again while numbers grow, move or count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cairo
import numpy as np
from manim import VMobject
from numba import njit
from numpy.typing import NDArray

from scenes.kit.mobjects.text import digit_height, number_glyphs
from scenes.language import ENGLISH

# Texels per em of the large pictures.
TEXELS = 640
_INVISIBLE = 0.4 / 255


@dataclass(frozen=True)
class Alphabet:
    """The pictures of all characters of numbers.

    sums: every picture's sums of coverage (0 to 255 for each texel), one after another. starts, rows, columns: (m,),
    where a picture begins and how many sums it has. lefts, tops: (m,), its corner in texels from the pen's place on the
    baseline, y down. advances: (m,), how far a character moves the pen, in ems. numbers: character -> its number.
    """

    sums: NDArray[np.int32]
    starts: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    lefts: NDArray[np.float64]
    tops: NDArray[np.float64]
    advances: NDArray[np.float64]
    numbers: dict[str, int]
    digit_height: float


@lru_cache(maxsize=4)
def alphabet(signs: str = ENGLISH.signs) -> Alphabet:
    """The characters of numbers as Typst typesets them; the first call takes a moment.

    signs: the figures and signs of a language, as `Language` has them.
    """
    glyphs = number_glyphs(signs)
    sums, starts, rows, columns, lefts, tops = [], [], [], [], [], []
    start = 0
    for points in (glyph.outline * TEXELS for glyph in glyphs.values()):
        if not len(points):  # a space
            points = np.zeros((4, 3))
        left, top = int(np.floor(points[:, 0].min())) - 1, int(np.floor(-points[:, 1].max())) - 1
        width, height = int(np.ceil(points[:, 0].max())) + 1 - left, int(np.ceil(-points[:, 1].min())) + 1 - top
        total = np.zeros((height + 1, width + 1), np.int32)
        total[1:, 1:] = _coverage(points, left, top, width, height).cumsum(0).cumsum(1)
        sums.append(total.ravel())
        starts.append(start)
        rows.append(height + 1)
        columns.append(width + 1)
        lefts.append(left)
        tops.append(top)
        start += total.size
    return Alphabet(
        np.concatenate(sums),
        np.array(starts),
        np.array(rows),
        np.array(columns),
        np.array(lefts, float),
        np.array(tops, float),
        np.array([glyph.advance for glyph in glyphs.values()]),
        {character: number for number, character in enumerate(glyphs)},
        digit_height(),
    )


def _coverage(points: NDArray[np.float64], left: int, top: int, width: int, height: int) -> NDArray[np.int32]:
    """How much an outline covers of each texel, (height, width), 0 to 255."""
    surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
    context = cairo.Context(surface)
    outline = VMobject()
    outline.points = points
    for path in outline.get_subpaths():
        for number, (_, *curve) in enumerate(outline.gen_cubic_bezier_tuples_from_points(path)):
            if number == 0:
                context.move_to(path[0][0] - left, -path[0][1] - top)
            context.curve_to(*(place for x, y, _ in curve for place in (x - left, -y - top)))
        context.close_path()
    context.set_source_rgba(1, 1, 1, 1)
    context.fill()
    surface.flush()
    texels = np.frombuffer(surface.get_data(), np.uint8).reshape(height, surface.get_stride())
    return texels[:, :width].astype(np.int32)


def draw_characters(
    frame: NDArray[np.uint8],
    characters: NDArray[np.int64],
    pens: NDArray[np.float64],
    sizes: NDArray[np.float64],
    colours: NDArray[np.float32],
    opacities: NDArray[np.float32],
    a: Alphabet,
) -> None:
    """Draw characters of an alphabet into a frame.

    characters: (n,), numbers in the alphabet. pens: (n, 2), their places on the baseline, in pixels. sizes: (n,),
    pixels per em. colours: (n, 3), 0 to 255. opacities: (n,).
    """
    _draw(frame, a.sums, a.starts, a.rows, a.columns, a.lefts, a.tops, characters, pens, sizes, colours, opacities)


@njit(cache=True, nogil=True, boundscheck=False)
def _draw(frame, sums, starts, rows, columns, lefts, tops, characters, pens, sizes, colours, opacities):
    height, width = frame.shape[:2]
    above = np.zeros(width + 1, np.float64)  # the sums along the upper edge of the row of pixels being drawn
    for n in range(characters.size):
        size, opacity = sizes[n], opacities[n]
        if opacity < _INVISIBLE or not size > 0.01:
            continue
        c = characters[n]
        step = TEXELS / size  # texels per pixel
        share = opacity / (255.0 * step * step)
        start, stride, high = starts[c], columns[c], rows[c]
        x_origin, y_origin = pens[n, 0] + lefts[c] / step, pens[n, 1] + tops[c] / step
        x_end, y_end = x_origin + (stride - 1) / step, y_origin + (high - 1) / step
        if not (x_end > 0 and y_end > 0 and x_origin < width and y_origin < height):
            continue
        x_first, x_last = int(np.floor(max(x_origin, 0.0))), int(np.ceil(min(x_end, float(width))))
        y_first, y_last = int(np.floor(max(y_origin, 0.0))), int(np.ceil(min(y_end, float(height))))
        red, green, blue = colours[n, 0], colours[n, 1], colours[n, 2]
        for y in range(y_first, y_last + 1):
            v = min(max((y - y_origin) * step, 0.0), high - 1.0)
            row = min(int(v), high - 2)
            v -= row
            at_row = start + row * stride
            before_here = before_above = 0.0
            for x in range(x_first, x_last + 1):
                u = min(max((x - x_origin) * step, 0.0), stride - 1.0)
                column = min(int(u), stride - 2)
                u -= column
                at = at_row + column
                upper = sums[at] + (sums[at + 1] - sums[at]) * u
                lower = sums[at + stride] + (sums[at + stride + 1] - sums[at + stride]) * u
                here = upper + (lower - upper) * v
                up = above[x]
                if y > y_first and x > x_first:
                    covered = (here - before_here - up + before_above) * share
                    if covered > 0.001:
                        covered = min(covered, opacity)
                        pixel = frame[y - 1, x - 1]
                        pixel[0] = np.uint8(pixel[0] + (red - pixel[0]) * covered + 0.5)
                        pixel[1] = np.uint8(pixel[1] + (green - pixel[1]) * covered + 0.5)
                        pixel[2] = np.uint8(pixel[2] + (blue - pixel[2]) * covered + 0.5)
                        pixel[3] = np.uint8(pixel[3] + (255.0 - pixel[3]) * covered + 0.5)
                before_here, before_above = here, up
                above[x] = here
