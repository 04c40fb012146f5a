"""SpeechInLayers: a spoken phrase is cut into words, syllables and sounds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from manim import (
    DOWN,
    LEFT,
    UP,
    Animation,
    Create,
    FadeIn,
    Transform,
    VGroup,
    VMobject,
)

from network.analysis.speech import (
    Sound,
    SpeechUnit,
    cut_into_sounds,
    levels_of,
    parents_of,
    read_speech,
    sounding,
)
from scenes.kit import theme
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.waveform import Waveform
from scenes.settings import ROOT
from scenes.stage import input_log
from scenes.stage.lesson_scene import LessonScene

PHRASE = ROOT / "assets" / "sounds" / "numbers-become-patterns.wav"
# How far letters like p reach below the line, in ems (Computer Modern).
_DESCENT = 0.194


class SpeechInLayers(LessonScene):
    """A spoken phrase falls into words, syllables and sounds, by computation on its waveform."""

    # Where the phrase begins, how wide it is, and how high its waveforms are.
    LEFT_EDGE, WIDTH, HEIGHT = -5.0, 9.5, 0.95
    # The height of the first level, and the step from one to the next.
    TOP, PITCH = 2.95, 1.62
    NAMES = ("phrase", "words", "syllables", "sounds")
    # How far the units of each level are apart.
    GAPS = (0.0, 0.5, 0.3, 0.13)

    @cached_property
    def spoken(self) -> tuple[Sound, SpeechUnit]:
        return spoken_phrase()

    @cached_property
    def levels(self) -> list[tuple[SpeechUnit, ...]]:
        """The phrase, its words, their syllables, and their sounds."""
        return levels_of(self.spoken[1])

    def construct(self) -> None:
        self.sound, _ = self.spoken
        self.scale = self.WIDTH / len(self.sound.samples)
        # Where every unit begins, level by level.
        self.lefts = [
            [self.LEFT_EDGE + self._centring(level) + self.scale * unit.start + gap * place for place, unit in units]
            for level, (gap, units) in enumerate(zip(self.GAPS, map(enumerate, self.levels), strict=True))
        ]
        self.waves: list[VGroup] = []
        self.texts: list[VGroup] = []

        self.a_phrase()
        self.into_words()
        self.into_syllables()
        self.into_sounds()
        self.layer_upon_layer()
        self.end()

    def alternative_text(self) -> str:
        (phrase,), words, syllables, sounds = self.levels
        return (
            f"The waveform of the spoken phrase “{phrase.text}” comes apart, row under row, into {len(words)} words, "
            f"{len(syllables)} syllables ({', '.join(unit.text for unit in syllables)}) and {len(sounds)} sounds."
        )

    def a_phrase(self) -> None:
        self.next_section("A phrase")
        waves, (texts, name) = self._waves(0, self.lefts[0]), self._writing(0)
        self.waves.append(waves)
        self.at_first = VGroup(waves, texts)
        self.above = self.at_first.copy()
        self.at_first.scale(1.2).move_to((0, STAGE_MIDDLE, 0))
        self.name = name
        with self.voiceover(
            "Other things have layers, too: a phrase, spoken by a synthesiser.",
            moves="A waveform appears, and beneath it the words it says.",
        ):
            self.play(FadeIn(waves))
            self.play(FadeIn(texts))

    def into_words(self) -> None:
        self.next_section("Words")
        to_its_place = Transform(self.at_first, self.above, run_time=theme.STEP), FadeIn(self.name)
        self._come_apart(1, f"Cut at the long silences: {len(self.levels[1])} words.", *to_its_place)

    def into_syllables(self) -> None:
        self.next_section("Syllables")
        self._come_apart(2, f"Cut at the faintest place between two peaks: {len(self.levels[2])} syllables.")

    def into_sounds(self) -> None:
        self.next_section("Sounds")
        self._come_apart(3, f"Cut where the tone changes most: {len(self.levels[3])} sounds, as many as are spelled.")

    def layer_upon_layer(self) -> None:
        self.next_section("Layer upon layer")
        with self.voiceover(
            "Each layer joins what the one below found: sounds, syllables, words, a phrase.",
            moves="From below, a bracket gathers the sounds of each syllable, then the syllables, then the words.",
        ):
            for level in (3, 2, 1):
                self.play(*(Create(bracket) for bracket in self._brackets(level)), run_time=theme.STEP)

    def _come_apart(self, level: int, sentence: str, *before: Animation) -> None:
        """A copy of the row above slides down and comes apart into the units of this level."""
        parents = parents_of(self.levels[level - 1], self.levels[level])
        lefts = [
            self.lefts[level - 1][parent] + self.scale * (unit.start - self.levels[level - 1][parent].start)
            for parent, unit in zip(parents, self.levels[level], strict=True)
        ]
        waves = self._waves(level, lefts).shift(self.PITCH * UP)
        colours = [wave.get_fill_color() for wave in waves]
        for wave, parent in zip(waves, parents, strict=True):
            wave.set_fill(self.waves[level - 1][parent].get_fill_color())
        with self.voiceover(
            sentence,
            moves=f"A copy of the row above slides down and comes apart into {self.NAMES[level]}, named beneath.",
        ):
            if before:
                self.play(*before)
            self.play(waves.animate.shift(self.PITCH * DOWN), run_time=theme.STEP)
            apart = self._waves(level, self.lefts[level])
            for wave, colour in zip(apart, colours, strict=True):
                wave.set_fill(colour)
            self.play(Transform(waves, apart), run_time=theme.STEP)
            self.play(FadeIn(*self._writing(level)))
        self.waves.append(waves)

    def _centring(self, level: int) -> float:
        """How far a row is shifted to the right, so that all rows have the same middle."""
        widest = max(gap * (len(units) - 1) for gap, units in zip(self.GAPS, self.levels, strict=True))
        return (widest - self.GAPS[level] * (len(self.levels[level]) - 1)) / 2

    def _y(self, level: int) -> float:
        return self.TOP - level * self.PITCH

    def _waves(self, level: int, lefts: Sequence[float]) -> VGroup:
        """The waveforms of the units of a level, each from its place on, without the silence at its ends."""
        loudest = float(np.abs(self.sound.samples).max())
        waves = VGroup()
        for left, unit in zip(lefts, self.levels[level], strict=True):
            start, stop = sounding(self.sound, unit) if level else (unit.start, unit.stop)
            width = self.scale * (stop - start)
            word = next(n for n, word in enumerate(self.levels[1]) if unit.start < word.stop)
            colour = theme.PARTS[word % len(theme.PARTS)] if level else theme.NEUTRAL
            wave = Waveform(self.sound.samples[start:stop] / loudest, width, self.HEIGHT, colour)
            waves.add(wave.shift((left + self.scale * (start - unit.start) + width / 2, self._y(level), 0)))
        return waves

    def _writing(self, level: int) -> tuple[VGroup, Words]:
        """What the units of a level say, each beneath its waveform; and the name of the level."""
        texts = VGroup()
        for wave, unit in zip(self._waves(level, self.lefts[level]), self.levels[level], strict=True):
            size = theme.LABEL_SIZE if level < 3 else theme.NOTE_SIZE
            text = Words(unit.text, size, wave.get_fill_color())
            texts.add(_on_baseline(text, (wave.get_x(), self._y(level) - 0.9)))
        self.texts.append(texts)
        name = Words(self.NAMES[level], theme.NOTE_SIZE, theme.QUIET_TEXT)
        return texts, name.move_to((-6.65, self._y(level), 0), aligned_edge=LEFT)

    def _brackets(self, level: int) -> list[VMobject]:
        """A bracket over the units of a level that make up one of the level above, from the first to the last."""
        parents = np.array(parents_of(self.levels[level - 1], self.levels[level]))
        foot, top = self._y(level) + 0.52 * self.HEIGHT, self._y(level) + 0.52 * self.HEIGHT + 0.1
        brackets = []
        for parent in range(len(self.levels[level - 1])):
            waves = [self.waves[level][int(n)] for n in np.flatnonzero(parents == parent)]
            left, right = waves[0].get_left()[0], waves[-1].get_right()[0]
            bracket = VMobject(stroke_color=theme.ANSWER, stroke_width=3)
            bracket.set_points_as_corners([(left, foot, 0), (left, top, 0), (right, top, 0), (right, foot, 0)])
            brackets.append(bracket)
        return brackets


def spoken_phrase() -> tuple[Sound, SpeechUnit]:
    """The phrase that comes with the project: the recording, and the units it is made of."""
    input_log.note(input_log.file_named(PHRASE), input_log.file_named(PHRASE.with_suffix(".txt")))
    return _read_phrase()


@lru_cache(maxsize=1)
def _read_phrase() -> tuple[Sound, SpeechUnit]:
    sound = read_speech(PHRASE)
    return sound, cut_into_sounds(sound, PHRASE.with_suffix(".txt").read_text(encoding="utf-8"))


def _on_baseline(text: Words, foot: tuple[float, float]) -> Words:
    """Move a word so that its letters stand on a line; some may reach below it."""
    below = _DESCENT * text.em if set(text.shown) & set("gjpqy") else 0.0
    return text.move_to((foot[0], foot[1] - below, 0), aligned_edge=DOWN)
