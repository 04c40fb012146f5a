"""Two deep networks, one above the other, and a change that runs through them.

With the end of it one scene ends, and the next begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Group, Line, Rectangle, VGroup
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison
from network.analysis.ripple import Ripple, both_ripples, passed_on, start_of
from scenes.kit import theme
from scenes.kit.layout import FRAME_WIDTH, SAFE_MARGIN, STAGE_MIDDLE, STAGE_TOP, ColumnLayout, column, picture_or_column
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.dials import Dials
from scenes.kit.mobjects.network_diagram import NeuronColumn
from scenes.kit.mobjects.text import Number, Words, size_that_fits
from scenes.language import _c, _w
from scenes.part_12_relu.two_functions import COLOURS, names
from scenes.wording import significant

# The picture that both networks look at: its middle and how large it is; and the knob below it.
_INPUT, _EXTENT, _DIAL = (-5.25, STAGE_MIDDLE + 1.1), 3.1, 1.15
# The networks, one above the other: their middles, their height, and their first and last columns; and how much larger
# than elsewhere their neurons are, which are many and close together.
_MIDDLES, _HEIGHT, _FROM, _TO = (STAGE_TOP - 1.25, STAGE_TOP - 4.3), 2.5, -2.75, 3.2
_LARGER = 1.28
# Beneath so many layers of each, evenly spaced, stands how much weaker the change is there; how far beneath.
_NOTED, _NOTE_BELOW = 3, 0.14
# What stands to the right of each: its left edge, its room, and the size of the factor.
_VERDICT_X, _FACTOR_SIZE = 3.8, 112
_VERDICT_ROOM = FRAME_WIDTH / 2 - SAFE_MARGIN - _VERDICT_X
# The knob is turned all the way by a weight of this size.
REACH = 0.5
# Behind each layer light spreads: how bright it is where the change is as large as in the first layer.
_BEAM = 0.62
# Screens show the value v as v^2.2 of their light.
_GAMMA = 2.2
# A change that becomes weaker by less than this factor counts as no weaker.
_LEAST_LOSS = 1.05


class RippleStage:
    """The networks of a comparison before their training, dark, and the picture that they look at.

    columns: the neurons of each network, layer by layer. plain: its lines. titles: what it computes with. nudged: the
    lines of the weight that is turned, dial and number: that weight; weight, turned: its values before and after.
    """

    def __init__(self, comparison: DepthComparison, image: NDArray[np.floating]) -> None:
        self.sizes = comparison.sizes
        self.ripples, self.networks = both_ripples(comparison, image), start_of(comparison)
        self.places = [self.layout(y) for y in _MIDDLES]
        self.picture = NeuronColumn(self.places[0][0]).show(image)
        self.columns = [[NeuronColumn(place).stand_out() for place in places[1:]] for places in self.places]
        found = self.ripples[0]
        self.plain = [
            [
                Connections(start.centres, end.centres, np.zeros((len(end.centres), len(start.centres)))).set_equal(0.5)
                for start, end in pairwise(places[1:])
            ]
            for places in self.places
        ]
        called = names()
        size = size_that_fits(called, _VERDICT_ROOM, theme.TITLE_SIZE)
        self.titles = VGroup(
            *(
                Words(name, size, colour).move_to((_VERDICT_X, y + 0.8, 0), aligned_edge=LEFT)
                for name, colour, y in zip(called, COLOURS, _MIDDLES, strict=True)
            )
        )
        self.nudged = VGroup(
            *(
                Line(
                    self.places[0][0].centres[found.source],
                    places[1].centres[found.neuron] + places[1].diameter / 2 * LEFT,
                    color=theme.ANSWER,
                    stroke_width=8,
                )
                for places in self.places
            )
        )
        self.weight = weight = float(self.networks[0].layers[0].weights[found.neuron, found.source])
        self.dial = dial = Dials((_INPUT[0] - 0.75, _INPUT[1] - _EXTENT / 2 - 0.85, 0), _DIAL, [weight], REACH)
        self.number = Number(weight, 2, theme.CAPTION_SIZE, theme.ANSWER, sign=True).next_to(dial, RIGHT, buff=0.25)
        self.turned = weight + found.nudge

    def layout(self, middle: float) -> list[ColumnLayout]:
        """The input as a picture, and the other columns evenly spaced around this height."""
        sizes = self.sizes
        x = np.linspace(_FROM, _TO, len(sizes) - 1)
        rest = [column(size, (float(at), middle), _HEIGHT) for at, size in zip(x, sizes[1:], strict=True)]
        larger = (replace(place, diameter=_LARGER * place.diameter) for place in rest)
        return [picture_or_column(sizes[0], _INPUT, _EXTENT), *larger]

    def steps(self, kind: int) -> Iterator[tuple[NeuronColumn, Connections | None, Rectangle]]:
        """Layer by layer, its neurons with as much light as they change, what flows to them, and the light behind them.

        kind: 0 for the upper network, 1 for the lower one.
        """
        found, columns, places = self.ripples[kind], self.columns[kind], self.places[kind]
        whole = float(found.largest[0]) or 1.0
        flows = passed_on(self.networks[kind], found)
        limit = max(float(np.abs(flow).max()) for flow in flows) or 1.0
        width = (_TO - _FROM) / max(len(columns) - 1, 1)
        for layer, change in enumerate(found.changes):
            neurons = columns[layer].copy().set_brightness((np.abs(change) / whole) ** (1 / _GAMMA), COLOURS[kind])
            flow = None
            if layer:
                start, end = places[layer], places[layer + 1]
                flow = Connections(start.centres, end.centres, np.abs(flows[layer - 1]), limit, 1 / _GAMMA, width=7)
                flow.neutral = True
            light = float(np.abs(change).max() / whole) ** (1 / _GAMMA)
            beam = Rectangle(width=width, height=_HEIGHT, stroke_width=0)
            beam.move_to((columns[layer].get_x(), _MIDDLES[kind], 0)).set_fill(COLOURS[kind], _BEAM * min(light, 1))
            yield neurons, flow, beam

    def notes(self, kind: int) -> dict[int, Words]:
        """Beneath some layers, how many times weaker the change is there than in the first, where it is weaker."""
        found, notes = self.ripples[kind], {}
        within = range(1, len(found.changes) - 1)
        for layer in sorted({within[i] for i in np.linspace(0, len(within) - 1, _NOTED + 1)[1:].round().astype(int)}):
            factor = times_weaker(replace(found, changes=found.changes[: layer + 1]))
            if factor:
                note = Words(f"÷ {factor}", theme.CAPTION_SIZE, COLOURS[kind])
                foot = _MIDDLES[kind] - _HEIGHT / 2 - _NOTE_BELOW
                notes[layer] = note.move_to((self.columns[kind][layer].get_x(), foot, 0), aligned_edge=UP)
        return notes

    def verdict(self, kind: int) -> VGroup:
        """How much weaker the change has become, in large type beside the network."""
        return verdict(self.ripples[kind], COLOURS[kind]).next_to(self.titles[kind], DOWN, buff=0.3, aligned_edge=LEFT)

    def at_the_end(self) -> Group:
        """All of it when the change has run through both networks."""
        beams, flows, neurons = Group(), Group(), Group()
        for kind in (0, 1):
            for changed, flow, beam in self.steps(kind):
                beams.add(beam)
                neurons.add(changed)
                if flow is not None:
                    flows.add(flow)
        plain = [lines for of_one in self.plain for lines in of_one]
        dial = self.dial.copy().set_values([self.turned], REACH)
        number = self.number.copy().set_value(self.turned)
        verdicts = [self.verdict(kind) for kind in (0, 1)]
        notes = [note for kind in (0, 1) for note in self.notes(kind).values()]
        return Group(
            beams, self.picture, *plain, flows, neurons, self.titles, self.nudged, dial, number, *notes, *verdicts
        )


def verdict(found: Ripple, colour: str) -> VGroup:
    """How much weaker the change is: the factor large, if there is one."""
    factor = times_weaker(found)
    told = _c("below a large number", "times weaker") if factor else weaker(found)
    words = Words(told, size_that_fits([told], _VERDICT_ROOM, theme.CAPTION_SIZE), colour)
    if not factor:
        return VGroup(words)
    return VGroup(Words(factor, _FACTOR_SIZE, colour), words).arrange(DOWN, buff=0.2, aligned_edge=LEFT)


def weaker(found: Ripple) -> str:
    """How much weaker the change of the outputs is than that of the first layer."""
    if not found.arriving:
        return _w("what becomes of a change", "lost completely")
    if factor := times_weaker(found):
        return _w("what becomes of a change", "{factor} times weaker", factor=factor)
    return _w("what becomes of a change", "no weaker at all")


def times_weaker(found: Ripple) -> str:
    """How many times weaker it is; empty where it is lost, or no weaker."""
    ratio = 1 / found.arriving if found.arriving else 0.0
    return significant(ratio, 1 if ratio >= 100 else 2) if ratio >= _LEAST_LOSS else ""
