"""Captions drawn into the picture, for formats that have no sound and no subtitles, such as GIF."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
import typst
from numpy.typing import NDArray
from PIL import Image

from lesson.render.subtitles import cue_text
from scenes.kit.fonts import folders_for, text_preamble
from scenes.voice.cues import Caption

Frame = NDArray[np.uint8]

# Everything below is in pixels of a frame 1080 pixels high, in which the band for captions is below row 965.
_HEIGHT, _BOTTOM, _SIDE, _SIZE = 1080, 16, 115, 46
# The type of the scenes. A cue has at most two lines of 42 letters, which fit into the band at this size.
_PAGE = """
#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)
{text}
#set text(size: {size}pt, fill: white)
#set par(leading: 0.4em)
#place(bottom + center, dy: -{bottom}pt, block(
  width: {room}pt, align(center, box(fill: black.transparentize(20%), inset: (x: 10pt, y: 6pt), sys.inputs.sentence)),
))
"""


def caption_at(captions: tuple[Caption, ...], moment: float) -> str:
    """The words that stand at a moment, in seconds from the start, in one or two lines; empty if there are none."""
    return next((cue_text(c) for c in captions if c.start <= moment < c.stop), "")


def burn(frame: Frame, sentence: str, size: int = _SIZE) -> Frame:
    """The frame, (height, width, 3), with words in the band at its bottom.

    size: of the type, in pixels of a frame 1080 pixels high.
    """
    if not sentence:
        return frame
    first, colour, cover = _drawn(sentence, frame.shape[1], frame.shape[0], size)
    burned = frame.copy()
    burned[first:] = np.round(frame[first:] * (1 - cover) + colour * cover)
    return burned


@lru_cache(maxsize=4)  # a caption stands for many frames
def _drawn(sentence: str, width: int, height: int, size: int) -> tuple[int, NDArray[np.float32], NDArray[np.float32]]:
    """The first row of the words in a frame, and from there on their colours and how much they cover, from 0 to 1."""
    across = _HEIGHT * width / height
    fonts = typst.Fonts(font_paths=[str(folder) for folder in folders_for(sentence).values()])
    page = _PAGE.format(
        text=text_preamble(sentence), width=across, height=_HEIGHT, size=size, bottom=_BOTTOM, room=across - 2 * _SIDE
    )
    inputs = {"sentence": sentence.replace("'", "’")}
    png = typst.compile(page.encode(), format="png", ppi=72 * height / _HEIGHT, sys_inputs=inputs, font_paths=fonts)
    with Image.open(io.BytesIO(png)) as picture:
        drawn = np.asarray(picture.convert("RGBA").resize((width, height)), np.float32)
    rows = np.flatnonzero(drawn[..., 3].any(axis=1))
    first = int(rows[0]) if rows.size else height
    return first, drawn[first:, :, :3], drawn[first:, :, 3:] / np.float32(255)
