"""Captions that are drawn into the picture, for places where nothing is heard.

They are no part of the scene: they are drawn over each frame, in the band that every stage leaves free. What is drawn
over a play depends only on its cues, which the camera knows and manim's cache therefore looks at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from manim import Mobject, Rectangle

from scenes.kit import theme
from scenes.kit.layout import CAPTION_HEIGHT, CAPTION_Y, FRAME_WIDTH, SAFE_MARGIN
from scenes.kit.mobjects.text import Words
from scenes.voice.cues import Caption
from scenes.voice.phrasing import lines

# A caption within a play: its words, its first frame, and the one after its last; frames count from the play's first.
FramedCaption = tuple[str, int, int]
_TOP = CAPTION_Y + CAPTION_HEIGHT / 2
_BOTTOM = -4 + SAFE_MARGIN


def in_frames(captions: Sequence[Caption], start: float, frames: int, rate: float) -> list[FramedCaption]:
    """The captions of a play that begins at `start` seconds and has so many frames, at `rate` of them a second."""
    before = round(start * rate)
    found = [
        (one.sentence, max(round(one.start * rate) - before, 0), min(round(one.stop * rate) - before, frames))
        for one in captions
    ]
    return [(sentence, first, stop) for sentence, first, stop in found if first < stop]


def runs(captions: Sequence[FramedCaption], first: int, count: int) -> Iterator[tuple[str, int]]:
    """The captions of the next `count` frames from `first` on: each with its number of frames, "" for none."""
    edges = {first, first + count, *(edge for _, *both in captions for edge in both if first < edge < first + count)}
    ordered = sorted(edges)
    for start, stop in zip(ordered, ordered[1:], strict=False):
        shown = [sentence for sentence, begins, ends in captions if begins <= start < ends]
        yield (shown[-1] if shown else ""), stop - start


@lru_cache(maxsize=4)
def drawn(sentence: str) -> tuple[Mobject, ...]:
    """A caption as it stands in its band: one line or two, on a ground that quiets what a stage may have there."""
    words = Words("\n".join(lines(sentence)), theme.BURNED_SIZE, width=FRAME_WIDTH - 2 * SAFE_MARGIN)
    words.move_to((0, (_TOP + _BOTTOM) / 2, 0))
    ground = Rectangle(width=words.width + 0.5, height=CAPTION_HEIGHT, stroke_width=0)
    ground.set_fill(theme.BACKGROUND, 0.8).move_to((0, CAPTION_Y, 0))
    return ground, words
