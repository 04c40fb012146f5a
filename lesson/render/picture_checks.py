"""What makes a picture good, as far as a machine can tell: checked in every scene after every beat."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from manim import ManimColor, Mobject, Rectangle, Typst, VMobject
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.contrast import relative_luminance
from scenes.kit.gallery import picture
from scenes.kit.layout import CAPTION_HEIGHT, CAPTION_Y, FRAME_HEIGHT, FRAME_WIDTH, PIXELS_A_UNIT
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.symbols import Symbol
from scenes.kit.mobjects.text import Number, Words
from scenes.stage.lesson_scene import LessonScene

MARGIN = 0.25  # units from the edge of the frame
LEAST_CONTRAST = 4.5
# Standard deviation of the luminance behind a text from which on it is hard to read.
BUSY = 0.12


@dataclass
class Findings:
    """What is wrong with a scene's pictures: one sentence each, with the time."""

    sentences: list[str] = field(default_factory=list)

    def add(self, scene: LessonScene, sentence: str) -> None:
        self.sentences.append(f"{scene.time:6.2f} s: {sentence}")


def check_stage(scene: LessonScene, findings: Findings) -> None:
    """Look at what stands on the stage now."""
    texts = shown_texts(scene)
    check_layout(scene, texts, findings)
    check_readable(scene, texts, findings)


def check_layout(scene: LessonScene, texts: list[VMobject], findings: Findings) -> None:
    """Whether each text is within the frame, large enough, and clear of the others and of the band of the captions."""
    textures = {id(text) for text in texts if getattr(text, "is_texture", False)}
    boxes = [box(text) for text in texts]
    for text, (left, bottom, right, top) in zip(texts, boxes, strict=True):
        edge_x, edge_y = FRAME_WIDTH / 2 - MARGIN, FRAME_HEIGHT / 2 - MARGIN
        if left < -edge_x or right > edge_x or bottom < -edge_y or top > edge_y:
            findings.add(scene, f"{name(text)} leaves the frame or its margin")
        if id(text) not in textures and em(text) < theme.SMALLEST_SIZE - 0.5:
            findings.add(scene, f"{name(text)} is only {em(text):.0f} px high")
    for (one, its_box), (other, other_box) in combinations(zip(texts, boxes, strict=True), 2):
        if overlap(its_box, other_box) > 0.02:
            findings.add(scene, f"{name(one)} and {name(other)} overlap")
    top = CAPTION_Y + CAPTION_HEIGHT / 2
    for text, (_, bottom, _, _) in zip(texts, boxes, strict=True):
        if bottom < top - 0.01:
            findings.add(scene, f"{name(text)} stands in the band of the captions")


def check_readable(scene: LessonScene, texts: list[VMobject], findings: Findings) -> None:
    """Contrast with what lies behind the text, and how restless that is."""
    hidden = {id(part) for text in texts for part in text.get_family()}
    shown = [m for m in family(scene) if id(m) not in hidden and m.has_points() and not isinstance(m, Numbers)]
    behind = picture(shown, 270)
    check_band(scene, behind, findings)
    luminance = relative_luminance(behind[..., :3])
    for text in texts:
        left, bottom, right, top = box(text)
        columns = slice(*pixel_range(left, right, 270 / FRAME_HEIGHT, 480 / 2, 480))
        rows = slice(*pixel_range(-top, -bottom, 270 / FRAME_HEIGHT, 270 / 2, 270))
        patch = luminance[rows, columns]
        if patch.size == 0:
            continue
        own = float(relative_luminance(255 * np.array(text.get_fill_color().to_rgb())))
        bright, dark = max(own, patch.mean()), min(own, patch.mean())
        contrast = (bright + 0.05) / (dark + 0.05)
        if contrast < LEAST_CONTRAST:
            findings.add(scene, f"{name(text)} has a contrast of only {contrast:.1f}:1")
        if patch.std() > BUSY:
            findings.add(scene, f"{name(text)} stands on a busy ground")


def check_band(scene: LessonScene, behind: NDArray[Any], findings: Findings) -> None:
    """Captions may be drawn into the band at the bottom, so nothing else stands there.

    behind: (270, 480, channels), the picture without its texts.
    """
    top = CAPTION_Y + CAPTION_HEIGHT / 2
    first, last = pixel_range(-top, FRAME_HEIGHT / 2, 270 / FRAME_HEIGHT, 270 / 2, 270)
    band = behind[first + 1 : last, :, :3].astype(int) - np.array(picture([], 9))[0, 0, :3].astype(int)
    if np.abs(band).max() > 30:
        findings.add(scene, "a part of the picture stands in the band of the captions")


def check_beats(scene: LessonScene, findings: Findings) -> None:
    """Every beat has a name of its own and words, and nothing else is said before it is over."""
    over, names = 0.0, set()
    for beat in scene.beats:
        if beat.name in names:
            findings.sentences.append(f"two beats are named {beat.name!r}")
        names.add(beat.name)
        if not any(letter.isalnum() for letter in beat.text):
            findings.sentences.append(f"the beat {beat.name!r} says nothing")
        for start, stop, what in [
            *((clause.start, clause.stop, f"{clause.text!r} is said") for clause in beat.clauses),
            (beat.clauses[-1].stop if beat.clauses else over, beat.stop, f"the beat {beat.name!r} ends"),
        ]:
            if start < over - 1e-6 or stop < start - 1e-6:
                findings.sentences.append(f"{start:6.2f} s: {what} before the previous words are over, at {over:.2f} s")
            over = max(over, stop)
    if over > scene.time + 1e-6:
        findings.sentences.append(f"the voice speaks until {over:.2f} s, the scene ends at {scene.time:.2f} s")


def longest_emptiness(frames: list[NDArray[np.uint8]], rate: float) -> float:
    """For how many seconds the frame is black at a stretch."""
    longest = run = 0
    for frame in frames:
        run = run + 1 if frame.max() < 40 else 0
        longest = max(longest, run)
    return longest / rate


def shown_texts(scene: LessonScene) -> list[VMobject]:
    """Everything to be read that can be seen; what is part of a texture says so in `is_texture`."""
    texts: list[VMobject] = []
    for mobject in family(scene):
        if getattr(mobject, "is_texture", False):
            for part in mobject.get_family():
                part.is_texture = True
    inside: set[int] = set()
    for mobject in family(scene):
        if isinstance(mobject, Numbers):
            texts += single_numbers(mobject)
        elif isinstance(mobject, Words | Number | Symbol | Typst) and id(mobject) not in inside:
            inside |= {id(part) for part in mobject.get_family()}
            if len(mobject.get_all_points()) and opacity(mobject) > 0.3:
                texts.append(mobject)
    return texts


def single_numbers(numbers: Numbers) -> list[VMobject]:
    """Each number that can be seen of many in one mobject, as one of its own."""
    singles = []
    for shown, extent, colour, opacity_of_one, size in zip(
        numbers.texts, numbers.extents(), numbers.colours, numbers.opacities, numbers.sizes, strict=True
    ):
        if opacity_of_one * numbers.get_opacity() > 0.3:
            left, bottom, right, top = extent
            single = Rectangle(width=right - left, height=top - bottom, fill_opacity=1)
            single.move_to(((left + right) / 2, (bottom + top) / 2, 0))
            single.set_fill(ManimColor.from_rgb(tuple(int(c) for c in colour)))
            single.shown, single.em = shown, float(size)
            single.is_texture = getattr(numbers, "is_texture", False)
            singles.append(single)
    return singles


def family(scene: LessonScene) -> list[Mobject]:
    return [part for mobject in scene.mobjects for part in mobject.get_family()]


def opacity(mobject: VMobject) -> float:
    return max((part.get_fill_opacity() for part in mobject.family_members_with_points()), default=0.0)


def em(text: Any) -> float:
    return float(text.em) * PIXELS_A_UNIT if hasattr(text, "em") else float(text.font_size) / 96 * PIXELS_A_UNIT


def name(text: Any) -> str:
    return repr(getattr(text, "shown", getattr(text, "source", str(text))))


def box(mobject: Mobject) -> tuple[float, float, float, float]:
    """Left, bottom, right and top."""
    points = mobject.get_all_points()
    (left, bottom), (right, top) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return left, bottom, right, top


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """How far two boxes reach into each other, in units; 0 or less if they do not."""
    return min(
        min(one[2], other[2]) - max(one[0], other[0]),
        min(one[3], other[3]) - max(one[1], other[1]),
    )


def pixel_range(low: float, high: float, scale: float, origin: float, limit: int) -> tuple[int, int]:
    return max(int(low * scale + origin), 0), min(int(np.ceil(high * scale + origin)), limit)
