"""Lines and cells drawn from arrays straight into a frame, compiled by Numba.

A frame is manim's pixel array, (height, width, 4) uint8. Places are in pixels, x to the right and y down, with
(0, 0) the outer corner of the first pixel. The loops run without Python's lock, beside the video encoder.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]

# One pixel of the ink that lines leave: the strength in the upper bits, the number of its hue in the lower ones. So
# the strongest line has the greatest number, whatever its hue, and stays on top whatever the order of drawing.
HUES = 8
_HUE_BITS = 3
_STRENGTH_BITS = 16 - _HUE_BITS
_HALF_ALPHA = 1 << (_STRENGTH_BITS - 1)
_NO_HUE = ~(HUES - 1)
_FULL = (1 << _STRENGTH_BITS) - 1
# Ink has a margin around the frame, so that lines can cross its edge without checking every pixel.
MARGIN = 4
# Below this opacity no eight-bit pixel changes.
_INVISIBLE = 0.4 / 255
_ONE = 1 << 16  # fixed-point 1.0: thickness and coverage of a pixel
_NONE, _HALF, _ALL = np.float32(0), np.float32(0.5), np.float32(1)


def new_ink(height: int, width: int) -> NDArray[np.uint16]:
    """Empty ink for a frame of the given size."""
    return np.zeros((height + 2 * MARGIN, width + 2 * MARGIN), np.uint16)


@njit(cache=True, nogil=True, boundscheck=False)
def _ink_stretch(ink, at, step_u, step_v, count, v, slope, thickness, room, strength, hue):
    """Ink `count` pixels along a line. `at` is the first one's index for v = 0; v is in 1/2³² pixels.

    thickness, and room across the frame with its margins, are in 1/2¹⁶ pixels.

    Thin lines, by far the most, need no branch: they touch two pixels across, or three.
    """
    strength <<= _HUE_BITS
    whole = (((thickness * strength) >> 16) & _NO_HUE) | hue
    if thickness <= _ONE:
        both = whole + hue  # what the two pixels share, with the hue of each
        for _ in range(count):
            low = v >> 16
            place = at + (low >> 16) * step_v
            covered = min(_ONE - (low & (_ONE - 1)), thickness)
            first = (((covered * strength) >> 16) & _NO_HUE) | hue
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), first)
            place += step_v
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), both - first)
            v += slope
            at += step_u
    elif thickness <= 2 * _ONE:
        all_three = whole + 2 * hue
        for _ in range(count):
            low = v >> 16
            place = at + (low >> 16) * step_v
            covered = _ONE - (low & (_ONE - 1))
            first = (((covered * strength) >> 16) & _NO_HUE) | hue
            second = (((min(thickness - covered, _ONE) * strength) >> 16) & _NO_HUE) | hue
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), first)
            place += step_v
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), second)
            place += step_v
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), all_three - first - second)
            v += slope
            at += step_u
    else:
        for _ in range(count):
            low = max(v >> 16, 0)
            place = at + (low >> 16) * step_v
            rest = min((v >> 16) + thickness, room) - low
            covered = min(_ONE - (low & (_ONE - 1)), rest)
            while rest > 0:
                ink[place] = max(np.int64(ink[place]), (((covered * strength) >> 16) & _NO_HUE) | hue)
                rest -= covered
                covered = min(rest, _ONE)
                place += step_v
            v += slope
            at += step_u


@njit(cache=True, nogil=True, boundscheck=False)
def _ink_ramp(ink, at, step_u, step_v, count, v, slope, thickness, room, strength, growth, hue):
    """Like `_ink_stretch`, with a strength in 1/2¹⁶ that grows by `growth` from pixel to pixel."""
    if thickness <= _ONE:
        for _ in range(count):
            low = v >> 16
            place = at + (low >> 16) * step_v
            covered = min(_ONE - (low & (_ONE - 1)), thickness)
            now = (max(strength, 0) >> 16) << _HUE_BITS
            first = (((covered * now) >> 16) & _NO_HUE) | hue
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), first)
            place += step_v
            second = ((((thickness - covered) * now) >> 16) & _NO_HUE) | hue
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), second)
            strength += growth
            v += slope
            at += step_u
        return
    for _ in range(count):
        low = max(v >> 16, 0)
        place = at + (low >> 16) * step_v
        rest = min((v >> 16) + thickness, room) - low
        covered = min(_ONE - (low & (_ONE - 1)), rest)
        now = (max(strength, 0) >> 16) << _HUE_BITS
        while rest > 0:
            ink[np.uintp(place)] = max(np.int64(ink[np.uintp(place)]), (((covered * now) >> 16) & _NO_HUE) | hue)
            rest -= covered
            covered = min(rest, _ONE)
            place += step_v
        strength += growth
        v += slope
        at += step_u


@njit(cache=True, nogil=True, boundscheck=False)
def ink_lines(ink, starts, ends, widths, opacities, hues, profile):
    """Draw straight lines into `ink` (see `new_ink`), each pixel keeping the strongest.

    starts, ends: (n, 2). widths, opacities: (n,). hues: (n,), below HUES. profile: (m,), a factor of the opacity at m
    evenly spaced places along every line, from start to end, linear in between; (1,) for the same factor everywhere.
    Returns the part of the frame that may have been touched: rows from, to; columns from, to.
    """
    stride = ink.shape[1]
    height, width = ink.shape[0] - 2 * MARGIN, stride - 2 * MARGIN
    flat = ink.reshape(-1)
    top, bottom, left, right = height, 0, width, 0
    knots = profile.size
    for n in range(starts.shape[0]):
        opacity = opacities[n] * (profile[0] if knots == 1 else np.float32(1))
        if opacity < _INVISIBLE or widths[n] <= 0.0:
            continue
        hue = np.int64(hues[n])
        x0, y0 = float(starts[n, 0]), float(starts[n, 1])
        x1, y1 = float(ends[n, 0]), float(ends[n, 1])
        # Walk along the longer axis, u, from the lower end to the higher; v is the other axis.
        steep = abs(y1 - y0) > abs(x1 - x0)
        if steep:
            u0, v0, u1, v1 = y0, x0, y1, x1
            limit_u, limit_v, step_u, step_v = height, width, stride, 1
        else:
            u0, v0, u1, v1 = x0, y0, x1, y1
            limit_u, limit_v, step_u, step_v = width, height, 1, stride
        backwards = u1 < u0
        if backwards:
            u0, v0, u1, v1 = u1, v1, u0, v0
        length = u1 - u0
        if length <= 0.0:
            continue
        slope = (v1 - v0) / length
        thick = widths[n] * np.sqrt(1.0 + slope * slope)
        # The part of the line, with its thickness, that is in the frame.
        from_u, to_u = max(u0, 0.0), min(u1, float(limit_u))
        lowest, highest = -0.5 * thick, limit_v + 0.5 * thick
        if slope == 0.0:
            if v0 < lowest or v0 > highest:
                continue
        else:
            one, other = u0 + (lowest - v0) / slope, u0 + (highest - v0) / slope
            from_u, to_u = max(from_u, min(one, other)), min(to_u, max(one, other))
        first, last = int(np.floor(from_u)), min(int(np.ceil(to_u)), limit_u)
        if first >= last:
            continue
        thickness = np.int64(thick * _ONE + 0.5)
        room = np.int64(limit_v + 2 * MARGIN) * _ONE
        slope_fixed = np.int64(np.floor(slope * _ONE * _ONE + 0.5))
        v_first = v0 + slope * (first + 0.5 - u0) - 0.5 * thick + MARGIN
        v_fixed = np.int64(v_first * _ONE * _ONE)
        origin = MARGIN * step_u
        if knots > 1:
            for stretch in range(knots - 1):
                one, other = profile[stretch], profile[stretch + 1]
                if backwards:
                    one, other = profile[knots - 1 - stretch], profile[knots - 2 - stretch]
                if max(one, other) * opacity < _INVISIBLE:
                    continue
                start, width_u = u0 + length * stretch / (knots - 1), length / (knots - 1)
                begin, end = max(int(start), first), min(int(start + width_u), last)
                if stretch == knots - 2:
                    end = last
                if begin >= end:
                    continue
                scale = opacity * _FULL * _ONE
                at_begin = one + (other - one) * (begin + 0.5 - start) / width_u
                growth = np.int64((other - one) / width_u * scale)
                v = v_fixed + (begin - first) * slope_fixed
                at = origin + begin * step_u
                _ink_ramp(
                    flat, at, step_u, step_v, end - begin, v, slope_fixed, thickness, room,
                    np.int64(at_begin * scale), growth, hue,
                )  # fmt: skip
        else:
            begin, end = first, last
            # The ends of the line cover their pixels partly.
            for u in (first, last - 1):
                covered = min(u + 1.0, u1) - max(float(u), u0)
                if covered < 1.0 and begin < end:
                    part = np.int64(opacity * max(covered, 0.0) * _FULL + 0.5)
                    v, at = v_fixed + (u - first) * slope_fixed, origin + u * step_u
                    _ink_stretch(flat, at, step_u, step_v, 1, v, slope_fixed, thickness, room, part, hue)
                    if u == begin:
                        begin += 1
                    else:
                        end -= 1
            if begin < end:
                strength = np.int64(opacity * _FULL + 0.5)
                v, at = v_fixed + (begin - first) * slope_fixed, origin + begin * step_u
                _ink_stretch(flat, at, step_u, step_v, end - begin, v, slope_fixed, thickness, room, strength, hue)
        top = min(top, max(int(min(y0, y1) - thick - 1.0), 0))
        bottom = max(bottom, min(int(max(y0, y1) + thick + 2.0), height))
        left = min(left, max(int(min(x0, x1) - thick - 1.0), 0))
        right = max(right, min(int(max(x0, x1) + thick + 2.0), width))
    return top, bottom, left, right


@njit(cache=True, nogil=True, boundscheck=False)
def lay_ink(frame, ink, palette, top, bottom, left, right):
    """Lay the ink of a part of the frame over it in the colours of its hues; it stays wet.

    palette: (HUES, 3), 0 to 255.
    """
    colours = palette.astype(np.int64)
    for y in range(top, bottom):
        wet, row = ink[y + MARGIN], frame[y]
        for x in range(left, right):
            v = np.int64(wet[x + MARGIN])
            if v < HUES:
                continue
            hue = v & (HUES - 1)
            alpha = v >> _HUE_BITS
            alpha += alpha >> (_STRENGTH_BITS - 1)  # so that full strength is a whole 2¹³
            for channel in range(3):
                under = np.int64(row[x, channel])
                row[x, channel] = under + (((colours[hue, channel] - under) * alpha + _HALF_ALPHA) >> _STRENGTH_BITS)
            under = np.int64(row[x, 3])
            row[x, 3] = under + (((255 - under) * alpha + _HALF_ALPHA) >> _STRENGTH_BITS)


@njit(cache=True, nogil=True, boundscheck=False)
def wipe_ink(ink, top, bottom, left, right):
    """Dry the ink of a part of the frame, and of the margin around it."""
    ink[top : bottom + 2 * MARGIN, left : right + 2 * MARGIN] = 0


@njit(cache=True, nogil=True, boundscheck=False)
def add_light(frame, light, step):
    """Add light to a frame, as if from a second projector: what is bright already changes the least.

    light: (rows, columns, 3), 0 to 255, for every `step` pixels of the frame; in between it is linear.
    """
    rows, columns = light.shape[0], light.shape[1]
    for y in range(frame.shape[0]):
        v = min(max((y + _HALF) / step - _HALF, _NONE), np.float32(rows - 1))
        row = min(int(v), max(rows - 2, 0))
        low = np.float32(v - row)
        below = min(row + 1, rows - 1)
        for x in range(frame.shape[1]):
            u = min(max((x + _HALF) / step - _HALF, _NONE), np.float32(columns - 1))
            column = min(int(u), max(columns - 2, 0))
            far = np.float32(u - column)
            beside = min(column + 1, columns - 1)
            for channel in range(3):
                upper = light[row, column, channel] * (_ALL - far) + light[row, beside, channel] * far
                lower = light[below, column, channel] * (_ALL - far) + light[below, beside, channel] * far
                added = upper * (_ALL - low) + lower * low
                if added < _HALF:
                    continue
                under = np.float32(frame[y, x, channel])
                frame[y, x, channel] = np.uint8(under + (np.float32(255) - under) * min(added / 255, _ALL) + _HALF)


@njit(cache=True, nogil=True, boundscheck=False)
def draw_cells(frame, first, lows, highs, roundness, fills, fill_opacities, strokes, stroke_opacities, stroke_widths):
    """Draw boxes with rounded corners, in order, from square (roundness 0) to circle (1).

    frame: rows of the whole frame, from row `first`; places are in the whole frame, so that they are rounded the same.
    lows, highs: (n, 2), opposite corners. roundness, fill_opacities, stroke_opacities, stroke_widths: (n,).
    fills, strokes: (n, 3), 0 to 255. A stroke is half inside and half outside the edge.
    """
    height, width = frame.shape[:2]
    for n in range(lows.shape[0]):
        fill_opacity, stroke_opacity = fill_opacities[n], stroke_opacities[n]
        stroke_half = _HALF * stroke_widths[n]
        if stroke_half <= 0:
            stroke_opacity = np.float32(0)
        if fill_opacity < _INVISIBLE and stroke_opacity < _INVISIBLE:
            continue
        x0, x1 = min(lows[n, 0], highs[n, 0]), max(lows[n, 0], highs[n, 0])
        y0, y1 = min(lows[n, 1], highs[n, 1]), max(lows[n, 1], highs[n, 1])
        half_x, half_y = _HALF * (x1 - x0), _HALF * (y1 - y0)
        centre_x, centre_y = _HALF * (x0 + x1), _HALF * (y0 + y1)
        corner = roundness[n] * min(half_x, half_y)
        # A stroke thinner than a pixel covers no pixel completely.
        stroke_share = min(np.float32(2) * stroke_half, _ALL)
        reach = stroke_half + _ALL
        # Within this distance from the middle of a corner there is only the fill.
        inner = max(corner - stroke_half - _HALF, _NONE)
        plain = fill_opacity == _ALL
        for row in range(max(int(y0 - reach) - first, 0), min(int(y1 + reach) + 1 - first, height)):
            y = row + first
            out_y = abs(np.float32(y + 0.5) - centre_y) - half_y + corner
            for x in range(max(int(x0 - reach), 0), min(int(x1 + reach) + 1, width)):
                out_x = abs(np.float32(x + 0.5) - centre_x) - half_x + corner
                # The signed distance from the edge, negative inside.
                if out_x > 0 and out_y > 0:
                    square = out_x * out_x + out_y * out_y
                    if square > (corner + reach) * (corner + reach):
                        continue
                    if plain and square < inner * inner:
                        for channel in range(3):
                            frame[row, x, channel] = np.uint8(fills[n, channel] + _HALF)
                        frame[row, x, 3] = 255
                        continue
                    distance = np.sqrt(square) - corner
                else:
                    distance = max(out_x, out_y) - corner
                if distance >= reach:
                    continue
                covered = min(max(_HALF - distance, _NONE), _ALL) * fill_opacity
                on_stroke = min(max(stroke_half + _HALF - abs(distance), _NONE), stroke_share) * stroke_opacity
                if covered == _ALL and on_stroke == 0:
                    for channel in range(3):
                        frame[row, x, channel] = np.uint8(fills[n, channel] + _HALF)
                    frame[row, x, 3] = 255
                    continue
                left = (_ALL - covered) * (_ALL - on_stroke)
                for channel in range(3):
                    own = fills[n, channel] * covered * (_ALL - on_stroke) + strokes[n, channel] * on_stroke
                    frame[row, x, channel] = np.uint8(np.float32(frame[row, x, channel]) * left + own + _HALF)
                frame[row, x, 3] = np.uint8(
                    np.float32(frame[row, x, 3]) * left + np.float32(255) * (_ALL - left) + _HALF
                )
