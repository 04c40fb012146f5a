"""What made one output brighter than another, neuron by neuron, as bars that add up."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, Group, Line, VGroup, linear
from numpy.typing import NDArray

from scenes.kit import theme
from scenes.kit.colour import rgb
from scenes.kit.layout import PIXELS_A_UNIT
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number, Words


class TermsChart(Group):
    """What each neuron adds to the lead of one output over another, as bars to the right and to the left.

    terms: (n,), one for each neuron. bias: what the biases add. Rows: the neurons, the one that did most for the answer
    first, and the biases. most: if there are more neurons than this, only the strongest have a row of their own, and
    the others share one. answer, other: the names of the two outputs.

    values: (rows,), which add up to the lead. neurons: those with a row of their own.

    >>> from network.analysis.explain import lead_over
    >>> lead = lead_over(forward, 0, 1)
    >>> TermsChart(lead.terms, lead.bias, 18, "0", "1")
    """

    # The places of the columns of names and numbers, and the edges of the bars.
    NAMES, NUMBERS = -6.0, -4.9
    LEFT_EDGE, RIGHT_EDGE, TOP, BOTTOM = -3.9, 6.6, 2.85, -2.75
    # The rule above the sum, from edge to edge, and the height of the heads' middle and of the axis's end.
    RULE_EDGE, HEADS_Y, AXIS_TOP = 6.6, 3.25, 3.5

    def __init__(self, terms: NDArray[np.floating], bias: float, most: int, answer: str, other: str) -> None:
        order = np.argsort(-terms, kind="stable")
        if len(order) > most:
            strongest = np.argsort(-np.abs(terms), kind="stable")[: most - 1]
            order = order[np.isin(order, strongest)]
        self.neurons = order
        rest = terms.sum() - terms[order].sum()
        left_out = len(terms) - len(order)
        extra = [(f"{left_out} others", rest, theme.QUIET_TEXT)] if left_out else []
        extra.append(("biases", bias, theme.BIASES_SYMBOL))
        self.values = np.array([*terms[order], *(value for _, value, _ in extra)])
        self.sum = float(terms.sum() + bias)
        rows = len(self.values)
        step = min((self.TOP - self.BOTTOM) / (rows + 1.8), 0.55)
        self.y = self.TOP - (np.arange(rows) + 0.5) * step
        self.thickness = 0.7 * step
        foot = self.y[-1] - 1.5 * step
        size = float(np.clip(0.75 * PIXELS_A_UNIT * step, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
        # There is room for all bars, and for the one at the foot at every sum along the way.
        sums = np.cumsum(self.values)
        low, high = (float(limit(0.0, *self.values, *sums)) for limit in (min, max))
        self.unit = (self.RIGHT_EDGE - self.LEFT_EDGE) / max(high - low, 1e-9)
        self.zero = self.LEFT_EDGE - low * self.unit
        self.bars = Cells(np.zeros((rows, 3)), 1, 0, stroke_width=0)
        self.total_bar = Cells(np.zeros((1, 3)), 1, 0, stroke_width=0)
        self.foot = foot
        centres = np.stack([np.full(rows, self.NUMBERS), self.y, np.zeros(rows)], axis=1)
        self.numbers = Numbers(self.values, centres, 2, size, widths=np.full(rows, 1.0), alignment=1.0, sign=True)
        self.names = VGroup(
            *(
                Words(name, size, colour).move_to((self.NAMES, self.y[len(order) + n], 0))
                for n, (name, _, colour) in enumerate(extra)
            )
        )
        self.heads = VGroup(
            Words(f"for {other}", theme.LABEL_SIZE).move_to((self.zero - 0.35, self.HEADS_Y, 0), RIGHT),
            Words(f"for {answer}", theme.LABEL_SIZE).move_to((self.zero + 0.35, self.HEADS_Y, 0), LEFT),
        )
        self.heads[1].align_to(self.heads[0], UP)  # both begin with an f, which is as tall as any letter
        self.axis = Line((self.zero, self.AXIS_TOP, 0), (self.zero, self.y[-1] - 0.5 * step, 0), stroke_width=2)
        self.axis.set_color(theme.NEURON_OUTLINE)
        self.rule = Line(
            (-self.RULE_EDGE, foot + 0.75 * step, 0), (self.RULE_EDGE, foot + 0.75 * step, 0), stroke_width=2
        )
        self.rule.set_color(theme.QUIET_TEXT)
        self.total_name = Words("together", theme.NOTE_SIZE).move_to((self.NAMES, foot, 0))
        self.total = Number(0, 2, theme.LABEL_SIZE, sign=True)
        self.total.move_to((self.NUMBERS + 0.5, foot, 0), RIGHT)
        self.colours = (theme.WRONG, theme.ANSWER)
        super().__init__(self.bars, self.total_bar, self.numbers, self.names, self.heads, self.axis, self.rule)
        self.add(self.total_name, self.total)
        self.grow(1)
        self.add_up(0)

    def colour(self, answer: str, other: str) -> None:
        """Give the two outputs' sides and heads these colours."""
        self.colours = (answer, other)
        self.heads[0].set_fill(other)
        self.heads[1].set_fill(answer)
        self.grow(1)

    def discs(self, column: Cells, at_rows: bool = True) -> Cells:
        """Copies of the neurons of a column that have a row, in their rows or in their places in the column."""
        places, size = column.centres[self.neurons], 2 * column.radii[self.neurons]
        discs = Cells(places, size, 1, column.colours[self.neurons], stroke_colour=theme.NEURON_OUTLINE)
        discs.stroke_widths[:] = theme.NEURON_OUTLINE_WIDTH
        if at_rows:
            rows = np.stack([np.full(len(places), self.NAMES), self.y[: len(places)], np.zeros(len(places))], axis=1)
            discs.place(rows, np.full(len(places), min(1.25 * self.thickness, 0.4)))
        return discs

    def without_a_row(self, column: Cells) -> Cells:
        """A copy of the column that shows only its other neurons."""
        others = column.copy()
        others.opacities[self.neurons] = others.stroke_opacities[self.neurons] = 0
        return others

    def grow(self, share: float) -> None:
        """Draw the bars with this share of their length."""
        self._stretch(self.bars, self.values * share, self.y)

    def add_up(self, count: float) -> None:
        """Show the sum of the first `count` rows at the foot; a fraction takes that share of the next row."""
        sums = np.concatenate([[0.0], np.cumsum(self.values)])
        value = float(np.interp(count, np.arange(len(sums)), sums)) if count < len(self.values) else self.sum
        self._stretch(self.total_bar, np.array([value]), np.array([self.foot]))
        self.total.set_value_from_right(value)

    def _stretch(self, bars: Cells, values: NDArray[Any], y: NDArray[Any]) -> None:
        ends = self.zero + values * self.unit
        bars.points[0::2, 0], bars.points[1::2, 0] = np.minimum(ends, self.zero), np.maximum(ends, self.zero)
        bars.points[0::2, 1], bars.points[1::2, 1] = y - self.thickness / 2, y + self.thickness / 2
        bars.colours = np.where(values[:, None] >= 0, rgb(self.colours[0]), rgb(self.colours[1])).astype(np.float32)


class GrowTerms(Animation):
    """The bars of a chart of terms grow from nothing.

    >>> from network.analysis.explain import lead_over
    >>> lead = lead_over(forward, 0, 1)
    >>> GrowTerms(TermsChart(lead.terms, lead.bias, 18, "0", "1"))
    """

    def __init__(self, chart: TermsChart, **options: Any) -> None:
        self.chart = chart
        super().__init__(chart.bars, **{"introducer": True, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.chart.grow(self.rate_func(alpha))


class AddUpTerms(Animation):
    """Row after row is added to the bar at the foot of a chart of terms; rows not yet added are dimmed.

    >>> from network.analysis.explain import lead_over
    >>> lead = lead_over(forward, 0, 1)
    >>> AddUpTerms(TermsChart(lead.terms, lead.bias, 18, "0", "1"))
    """

    def __init__(self, chart: TermsChart, **options: Any) -> None:
        self.chart = chart
        super().__init__(Group(chart.bars, chart.total_bar, chart.total), **{"rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        count = self.rate_func(alpha) * len(self.chart.values)
        self.chart.add_up(count)
        done = np.clip(count - np.arange(len(self.chart.values)), 0, 1)
        self.chart.bars.opacities = (
            (0.3 + 0.7 * done).astype(np.float32) if alpha > 0 else np.ones_like(done, np.float32)
        )
