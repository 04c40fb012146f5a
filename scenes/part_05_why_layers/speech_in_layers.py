"""SpeechInLayers: a spoken sentence is cut into words, syllables and sounds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Transform,
    VGroup,
    VMobject,
    linear,
    smooth,
    squish_rate_func,
    there_and_back,
)
from numpy.typing import NDArray

from network.analysis.edges import little_edges
from network.analysis.examples import TakenApart, digits_taken_apart
from network.analysis.parts import square_around
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
from scenes.kit.animations.swell_in_turn import SwellInTurn
from scenes.kit.colour import rgb
from scenes.kit.layout import STAGE_MIDDLE
from scenes.kit.mobjects.pixel_grid import InkGrid
from scenes.kit.mobjects.text import Words, size_that_fits
from scenes.kit.mobjects.waveform import Waveform
from scenes.language import NC_, _, _c, _n, current, listed, together
from scenes.part_05_why_layers.colours import OF_KIND
from scenes.part_05_why_layers.hoped_neuron import hoped_neuron
from scenes.settings import ROOT
from scenes.stage import input_log
from scenes.stage.lesson_scene import LessonScene
from scenes.wording import number

PHRASE = ROOT / "assets" / "sounds" / "numbers-become-patterns.wav"
# How far letters like p reach below the line, in ems (Computer Modern).
_DESCENT = 0.194


class SpeechInLayers(LessonScene):
    """A spoken sentence falls into words, syllables and sounds, by computation on its waveform, and is rebuilt."""

    # Where the sentence begins, how wide it is, and how high its waveforms are.
    LEFT_EDGE, WIDTH, HEIGHT = -4.75, 9.35, 1.05
    # At first, while it is heard.
    HEARD_WIDTH, HEARD_HEIGHT, HEARD_Y = 13.0, 4.8, 1.0
    # The height of the first level, the step to the second, and from there on; and how far below a level its letters
    # stand. The first has none: the words below it say the same.
    TOP, FIRST_STEP, PITCH, LETTERS = 3.05, 1.35, 1.73, 0.97
    NAMES = (
        NC_("a level of speech", "sentence"),
        NC_("a level of speech", "words"),
        NC_("a level of speech", "syllables"),
        NC_("a level of speech", "sounds"),
    )
    SIZES = (theme.TITLE_SIZE, 1.15 * theme.TITLE_SIZE, theme.TITLE_SIZE, 50)
    # Where the names of the levels begin, and the room for them.
    NAMES_X, NAMES_ROOM = -6.75, 1.8
    # How far the units of each level are apart.
    GAPS = (0.0, 0.5, 0.3, 0.13)
    # What is hoped for: the places across of an edge, a part and a digit, and their width.
    SMALL_TO_LARGE, EXTENT = (-4.4, 0.0, 4.4), 3.4

    @cached_property
    def spoken(self) -> tuple[Sound, SpeechUnit]:
        return spoken_phrase()

    @cached_property
    def levels(self) -> list[tuple[SpeechUnit, ...]]:
        """The sentence, its words, their syllables, and their sounds."""
        return levels_of(self.spoken[1])

    @cached_property
    def example(self) -> TakenApart:
        return digits_taken_apart(self.digits())[0]

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
        self.row_names: list[Words] = []
        self.brackets: list[VGroup] = []

        self.listen()
        self.smaller_and_smaller()
        self.from_small_to_large()
        self.how_one_edge()
        self.end()

    def alternative_text(self) -> str:
        (sentence,), words, syllables, sounds = self.levels
        return together(
            _(
                "The spoken sentence “{sentence}” is heard, and its waveform comes apart, row under row, into {words} "
                "words, {syllables} syllables ({listed}) and {sounds} sounds.",
                sentence=sentence.text,
                words=number(len(words)),
                syllables=number(len(syllables)),
                listed=listed(unit.text for unit in syllables),
                sounds=number(len(sounds)),
            ),
            _("From the bottom up they are joined again."),
            _("One edge is left, in a hollow neuron."),
        )

    def listen(self) -> None:
        """The sentence is heard, while a line runs along its waveform."""
        self.next_section(_("A sentence"))
        loudest = float(np.abs(self.sound.samples).max())
        self.heard = Waveform(self.sound.samples / loudest, self.HEARD_WIDTH, self.HEARD_HEIGHT)
        self.heard.move_to((0, self.HEARD_Y, 0))
        hope = self.edge_part_and_digit()
        self.add(*hope)
        with self.voiceover(
            _(
                "It would be good if it were true: <bookmark mark='edges'/>edges could help with any picture, "
                "<bookmark mark='things'/>and so many things are built in layers. Listen."
            ),
            moves=_(
                "An edge, the part it belongs to and a digit stand side by side, and go. The waveform of a sentence "
                "fills the stage. As “{sentence}” is heard, a line runs along it.",
                sentence=self.levels[0][0].text,
            ),
        ):
            self.wait_until_bookmark("edges")
            edge, *others = hope
            self.play(edge.animate(rate_func=there_and_back).scale(1.3), run_time=theme.STEP)
            self.play(SwellInTurn(others, 1.3, lag_ratio=0.3), run_time=theme.STEP)
            self.wait_until_bookmark("things")
            silence = self.heard.copy().stretch(0.01, 1)
            self.play(*map(FadeOut, hope), FadeIn(silence), run_time=theme.STEP)
            self.play(Transform(silence, self.heard), run_time=theme.STEP)
            self.remove(silence)
            self.add(self.heard)
        now = Line(UP, DOWN, color=theme.ANSWER, stroke_width=theme.MARK_WIDTH)
        now.stretch_to_fit_height(self.HEARD_HEIGHT).move_to((-self.HEARD_WIDTH / 2, self.HEARD_Y, 0))
        self.add(now)
        self.add_sound(str(PHRASE))
        self.play(now.animate(rate_func=linear, run_time=self.sound.seconds).shift(self.HEARD_WIDTH * RIGHT))
        self.remove(now)

    def smaller_and_smaller(self) -> None:
        self.next_section(_("Smaller and smaller"))
        waves, (_texts, name) = self._waves(0, self.lefts[0]), self._writing(0)
        self.waves.append(waves)
        large = Words(self.levels[0][0].text, 1.8 * theme.TITLE_SIZE).next_to(self.heard, DOWN, buff=0.2)
        with self.voiceover(
            together(
                # Translators: say in your language what the English sentence means.
                ""
                if current().is_english
                else _("That was a computer's voice, speaking English: “Numbers become patterns.”"),
                _n(
                    "<bookmark mark='level0'/>A sentence is <bookmark mark='level1'/>made of words, "
                    "<bookmark mark='level2'/>words of syllables, <bookmark mark='level3'/>and syllables of single "
                    "sounds: {n} of them here.",
                    "<bookmark mark='level0'/>A sentence is <bookmark mark='level1'/>made of words, "
                    "<bookmark mark='level2'/>words of syllables, <bookmark mark='level3'/>and syllables of single "
                    "sounds: {n} of them here.",
                    len(self.levels[3]),
                ),
            ),
            moves=_(
                "The words “{sentence}” appear beneath the waveform, which goes to the top. A copy of it slides down "
                "and comes apart into words at the long silences; one of these into syllables, at the quiet dips "
                "between their peaks; and one of these into sounds, where the sound changes most.",
                sentence=self.levels[0][0].text,
            ),
        ) as tracker:
            self.play(FadeIn(large, shift=0.2 * UP), run_time=theme.QUICK)
            self.wait_until_bookmark("level0")
            self.play(Transform(self.heard, waves[0]), FadeIn(name), run_time=0.8 * theme.STEP)
            self.remove(self.heard)
            self.add(waves)
            for level in (1, 2, 3):
                self.wait_until_bookmark(f"level{level}")
                room = (
                    tracker.time_until_bookmark(f"level{level + 1}") if level < 3 else tracker.get_remaining_duration()
                )
                gone = [FadeOut(large, run_time=theme.QUICK)] if level == 1 else []
                self.come_apart(level, float(np.clip(room - 0.1, 1.4 * theme.STEP, 1.3 * theme.FLOW)), gone)

    def come_apart(self, level: int, run_time: float, meanwhile: Sequence[Animation] = ()) -> None:
        """A copy of the row above slides down, comes apart into the units of this level, and is named."""
        waves = self._waves(level, self._places_above(level)).shift(self._up(level))
        texts, name = self._writing(level)
        self.play(
            Transform(waves, self._waves(level, self.lefts[level]), run_time=run_time),
            FadeIn(texts, name, rate_func=squish_rate_func(smooth, 0.5, 1), run_time=run_time),
            *meanwhile,
        )
        self.waves.append(waves)

    def from_small_to_large(self) -> None:
        self.next_section(_("From small to large"))
        above = [*self.waves[:3], *self.texts[1:3]]
        with self.voiceover(
            _("From small to large, layer by layer."),
            moves=_(
                "The upper rows pale. From below, brackets gather the sounds of each syllable, and copies of them "
                "rise and join; then the syllables, and then the words. Row after row grows bright again."
            ),
        ):
            self.play(*(thing.animate.set_opacity(0.35) for thing in above), run_time=0.3 * theme.STEP)
            for level in (3, 2, 1):
                self.join(level)

    def join(self, level: int) -> None:
        """Copies of a row rise, and join to the row above, which grows bright."""
        rising = self.waves[level].copy().set_fill(theme.ANSWER)
        joined = self._waves(level, self._places_above(level)).shift(self._up(level)).set_fill(theme.ANSWER)
        brackets = VGroup(*self._brackets(level))
        self.play(
            LaggedStart(*map(Create, brackets), lag_ratio=0.1),
            Transform(rising, joined),
            run_time=0.8 * theme.STEP,
        )
        self.play(
            FadeOut(rising),
            self.waves[level - 1].animate.set_opacity(1),
            *([self.texts[level - 1].animate.set_opacity(1)] if level > 1 else []),
            run_time=0.35 * theme.STEP,
        )
        self.brackets.append(brackets)

    def how_one_edge(self) -> None:
        """The smallest of what we hope for, alone, in a hollow neuron."""
        self.next_section(_("How one edge?"))
        edge = self.edge_part_and_digit()[0]
        edge.scale(1.6).move_to((0, STAGE_MIDDLE, 0))
        ring = hoped_neuron((0, STAGE_MIDDLE, 0), 1.75 * self.EXTENT)
        speech = [*self.waves, *self.texts[1:], *self.row_names, *self.brackets]
        with self.voiceover(
            _("But how could a neuron find <bookmark mark='edge'/>even one little edge?"),
            moves=_("The speech fades. A single edge is left, in a hollow neuron; it lights up."),
        ):
            self.play(*map(FadeOut, speech), FadeIn(ring, edge.set_opacity(0.25)))
            self.wait_until_bookmark("edge")
            self.play(edge.animate.set_opacity(1), ring.animate.rotate(-0.5), run_time=theme.FLOW)

    def edge_part_and_digit(self) -> list[InkGrid]:
        """The largest edge of the first part of the example, near; that part; and the whole; side by side."""
        parts = self.example.parts
        edges, directions = little_edges(parts.pictures[0])
        largest = int(np.argmax(edges.sum(axis=(1, 2))))
        self.direction = int(directions[largest])
        square = square_around(parts.image)
        shown = [
            (edges[largest][square_around(edges[largest])], rgb(theme.DIRECTIONS[self.direction])),
            (parts.pictures[0][square_around(parts.pictures[0])], rgb(OF_KIND[parts.kinds[0]])),
            (parts.image[square], rgb(theme.TEXT)),
        ]
        return [
            InkGrid(picture, self.EXTENT, (x, STAGE_MIDDLE), tint)
            for x, (picture, tint) in zip(self.SMALL_TO_LARGE, shown, strict=True)
        ]

    def _places_above(self, level: int) -> list[float]:
        """Where the units of a level begin while they are still joined, as in the row above."""
        parents = parents_of(self.levels[level - 1], self.levels[level])
        return [
            self.lefts[level - 1][parent] + self.scale * (unit.start - self.levels[level - 1][parent].start)
            for parent, unit in zip(parents, self.levels[level], strict=True)
        ]

    def _centring(self, level: int) -> float:
        """How far a row is shifted to the right, so that all rows have the same middle."""
        widest = max(gap * (len(units) - 1) for gap, units in zip(self.GAPS, self.levels, strict=True))
        return (widest - self.GAPS[level] * (len(self.levels[level]) - 1)) / 2

    def _y(self, level: int) -> float:
        return self.TOP if level == 0 else self.TOP - self.FIRST_STEP - (level - 1) * self.PITCH

    def _up(self, level: int) -> NDArray[np.float64]:
        """From a level to the one above it."""
        return np.array([0, self._y(level - 1) - self._y(level), 0])

    def _waves(self, level: int, lefts: Sequence[float]) -> VGroup:
        """The waveforms of the units of a level, each from its place on, without the silence at its ends."""
        loudest = float(np.abs(self.sound.samples).max())
        waves = VGroup()
        for left, unit in zip(lefts, self.levels[level], strict=True):
            start, stop = sounding(self.sound, unit) if level else (unit.start, unit.stop)
            width = self.scale * (stop - start)
            wave = Waveform(self.sound.samples[start:stop] / loudest, width, self.HEIGHT)
            waves.add(wave.shift((left + self.scale * (start - unit.start) + width / 2, self._y(level), 0)))
        return waves

    def _writing(self, level: int) -> tuple[VGroup, Words]:
        """What the units of a level say, each beneath its waveform; and the name of the level."""
        texts = VGroup()
        for wave, unit in zip(self._waves(level, self.lefts[level]), self.levels[level], strict=True):
            text = Words(unit.text, self.SIZES[level])
            texts.add(_on_baseline(text, (wave.get_x(), self._y(level) - self.LETTERS)))
        self.texts.append(texts)
        names = [_c("a level of speech", name) for name in self.NAMES]
        name = Words(names[level], size_that_fits(names, self.NAMES_ROOM, theme.TITLE_SIZE))
        self.row_names.append(name)
        return texts, name.move_to((self.NAMES_X, self._y(level), 0), aligned_edge=LEFT)

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
    """The sentence that comes with the project: the recording, and the units it is made of."""
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
