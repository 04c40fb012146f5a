"""Brackets around a matrix and parentheses around a formula: outlines that are equally thin at every size."""

from __future__ import annotations

import numpy as np
from manim import VGroup, VMobject

from scenes.kit import theme
from scenes.kit.matrix_layout import BRACKET_ROOM


class Brackets(VMobject):
    """A pair of thin square brackets around a width and height, in units of length; em: the size of the text inside.

    >>> Brackets(2, 4, em=0.6)
    """

    def __init__(self, width: float, height: float, em: float, colour: str = theme.TEXT) -> None:
        super().__init__(fill_color=colour, fill_opacity=1, stroke_width=0)
        thick, serif = 0.05 * em, 0.24 * em
        x, y = width / 2 + BRACKET_ROOM * em, height / 2 + 0.08 * em
        upper = np.array([(0, 0), (serif, 0), (serif, thick), (thick, thick)])
        corners = np.concatenate([upper, (0, 2 * y) + (1, -1) * upper[::-1]])
        for side in (-1, 1):
            path = np.zeros((len(corners), 3))
            path[:, 0], path[:, 1] = side * (x - corners[:, 0]), corners[:, 1] - y
            self.start_new_path(path[0])
            self.add_points_as_corners([*path[1:], path[0]])
        self.thickness_in_ems = thick / em

    @property
    def em(self) -> float:
        """The present length of an em, in units, from the thickness of the bracket."""
        thick = self.points[4:8, 1]
        return float(np.abs(thick.max() - thick.min()) / self.thickness_in_ems)


class Parentheses(VGroup):
    """A tall pair of parentheses around a width, in units of length: the opening one and the closing one.

    They are thick in the middle and fine at the ends; em: the size of the text inside.

    >>> Parentheses(2, 4, em=0.6)
    """

    def __init__(self, width: float, height: float, em: float, colour: str = theme.TEXT) -> None:
        reach, thick, fine = 0.2 * em + 0.055 * height, 0.085 * em, 0.03 * em
        pair = []
        for side in (1, -1):
            paren = VMobject(fill_color=colour, fill_opacity=1, stroke_width=0)
            half = height / 2
            outer = [(reach, half), (0.1 * reach, 0.62 * half), (0, 0.3 * half), (0, 0)]
            inner = [(thick, 0), (thick, 0.3 * half), (0.1 * reach + thick, 0.6 * half), (reach + fine, half)]
            lower_inner = [(x, -y) for x, y in reversed(inner)]
            lower_outer = [(x, -y) for x, y in reversed(outer)]
            paren.points = np.zeros((24, 3))
            curves = [
                outer,
                lower_outer,
                [lower_outer[-1]] * 2 + [lower_inner[0]] * 2,
                lower_inner,
                inner,
                [inner[-1]] * 2 + [outer[0]] * 2,
            ]
            paren.points[:, :2] = np.concatenate(curves)
            paren.points[:, 0] = side * (paren.points[:, 0] - width / 2 - reach)
            pair.append(paren)
        super().__init__(*pair)
