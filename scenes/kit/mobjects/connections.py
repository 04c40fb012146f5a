"""All connections of a layer as one mobject over arrays."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import Mobject
from manim.utils.paths import straight_path
from numpy.typing import ArrayLike, NDArray

from scenes.kit import theme
from scenes.kit.camera import View
from scenes.kit.colour import rgb
from scenes.kit.mobjects.array_mobject import ArrayMobject
from scenes.kit.rasteriser import HUES, Floats, ink_lines, lay_ink, wipe_ink
from scenes.kit.validation import validate_array, validate_finite

_POSITIVE, _NEGATIVE, _NEUTRAL = 0, 1, 2
# The hues that are left for colours of one's own.
_FIRST_OWN = 3
# The places along a connection, as shares of its length, at which a profile has a value.
_PLACES = np.linspace(0, 1, 41)


class Connections(ArrayMobject):
    """Every connection from one column of neurons to the next, with a signed value that sets its colour and width.

    starts: (n_in, 3), the neurons they come from. ends: (n_out, 3), those they go to.
    values: (n_out, n_in), one for each connection, like a layer's weights; connection i→j is item j·n_in + i.

    The sign of a value gives the colour; its size, as a share of `limit`, gives the opacity and the width:

        share = min(|value| / limit, 1);  opacity = share^`contrast`;  width = `width` · (½ + ½ share)

    By default, `limit` is the greatest |value|; (n_out, 1) gives every neuron a limit of its own. Where connections
    cross, the strongest is on top. Equal values give equal lines.

    `points` holds the places of the neurons, (n_in + n_out, 3), starts first: two for each connection would take up
    most of the memory of a large network.

    The values can be weights, or w·a, what flows. `focus_on`, `show_strongest`, `set_pulse` and `show_until` choose
    which connections are seen, and how much of each.

    >>> Connections([[-2, 1, 0], [-2, -1, 0]], [[2, 0, 0]], values=[[0.5, -1.0]], width=4)
    """

    ITEM_ARRAYS = ("values", "emphasis")

    def __init__(
        self,
        starts: ArrayLike,
        ends: ArrayLike,
        values: ArrayLike,
        limit: ArrayLike | None = None,
        contrast: float = 1.0,
        width: float = theme.CONNECTION_WIDTH,
    ) -> None:
        super().__init__()
        self.z_index = theme.CONNECTIONS_LEVEL  # behind the neurons they join
        starts, ends = np.atleast_2d(np.asarray(starts, float)), np.atleast_2d(np.asarray(ends, float))
        for name, points in (("starts", starts), ("ends", ends)):
            if points.ndim != 2 or points.shape[1] != 3 or len(points) == 0:
                raise ValueError(f"{name} must have the shape (n, 3), n at least 1; got {points.shape}")
            validate_finite(points, name)
        self.shape = (len(ends), len(starts))
        self.points = np.concatenate([starts, ends])
        self.contrast = contrast
        self.width_of_lines = width
        self.profile = np.ones(1, np.float32)
        self.neutral = False
        self.own_hues = np.zeros(len(starts) * len(ends), np.uint8)
        self.own_colours = np.zeros((HUES - _FIRST_OWN, 3), np.float32)
        self.values = np.zeros(0, np.float32)
        self.emphasis = np.ones(len(starts) * len(ends), np.float32)
        self.set_values(values, limit)

    def set_values(self, values: ArrayLike, limit: ArrayLike | None = None) -> Self:
        """Show other values (n_out, n_in), as shares of `limit`, by default the greatest |value|."""
        array = validate_array(values, self.shape, "values")
        greatest = np.abs(array).max() if limit is None else np.asarray(limit, np.float32)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(greatest > 0, array / greatest, 0)
        self.values = shares.clip(-1, 1).astype(np.float32).ravel()
        self.neutral = False
        return self

    def set_equal(self, opacity: float = 0.5) -> Self:
        """Show all connections alike and without a sign, only to show that they exist."""
        self.neutral = True
        self.values = np.full(self.values.shape, opacity ** (1 / self.contrast), np.float32)
        return self

    def focus_on(self, into: int | None = None, out_of: int | None = None, rest: float = 0.08) -> Self:
        """Dim all connections to a share `rest`, except those into or out of one neuron; both None undoes it."""
        emphasis = np.full(self.shape, 1.0 if into is None and out_of is None else rest, np.float32)
        for index, count, name in ((into, self.shape[0], "into"), (out_of, self.shape[1], "out_of")):
            if index is not None and not 0 <= index < count:
                raise ValueError(f"{name} must be from 0 to {count - 1}; got {index}")
        if into is not None:
            emphasis[into] = 1
        if out_of is not None:
            emphasis[:, out_of] = 1
        self.emphasis = emphasis.ravel()
        return self

    def set_color(
        self, color: Any = None, family: bool = True, *, into: int | None = None, out_of: int | None = None
    ) -> Self:
        """Give connections a colour that says nothing of the sign: all of them, those of a neuron, or a single one.

        into, out_of: as in `focus_on`; both together name one connection. None for the colour gives back those of the
        signs. There can be five colours at once; ValueError for more.
        """
        chosen = np.zeros(self.shape, bool)
        rows, columns = (slice(None) if one is None else one for one in (into, out_of))
        chosen[rows, columns] = True
        hues, colours = np.where(chosen.ravel(), 0, self.own_hues).astype(np.uint8), self.own_colours.copy()
        if color is not None:
            wanted = rgb(color)
            same = [k for k in range(len(colours)) if k + _FIRST_OWN in hues and np.array_equal(colours[k], wanted)]
            free = [k for k in range(len(colours)) if k + _FIRST_OWN not in hues]
            if not same + free:
                raise ValueError(f"connections can have {len(colours)} colours of your own at once; this is one more")
            place = (same + free)[0]
            colours[place] = wanted
            hues[chosen.ravel()] = place + _FIRST_OWN
        self.own_hues, self.own_colours = hues, colours
        return self

    def set_stroke(
        self, color: Any = None, width: float | None = None, opacity: float | None = None, family: bool = True
    ) -> Self:
        """Give all connections one colour, greatest width or opacity, as manim's method of this name does."""
        if color is not None:
            self.set_color(color)
        if width is not None:
            self.width_of_lines = width
        return self if opacity is None else self.set_opacity(opacity)

    def show_strongest(self, count: int, rest: float = 0.0) -> Self:
        """Dim all connections to a share `rest`, except the `count` with the greatest |value| / limit."""
        if count < 0:
            raise ValueError(f"count must be 0 or more; got {count}")
        self.emphasis = np.full(self.values.shape, rest, np.float32)
        self.emphasis[np.argsort(-np.abs(self.values), kind="stable")[:count]] = 1
        return self

    def __len__(self) -> int:
        return len(self.values)

    @property
    def starts(self) -> Floats:
        """Where each connection begins, (n_out · n_in, 3)."""
        return self._ends_of_lines(self.points)[0]

    @property
    def ends(self) -> Floats:
        """Where each connection ends, (n_out · n_in, 3)."""
        return self._ends_of_lines(self.points)[1]

    def _ends_of_lines(self, neurons: Floats) -> tuple[Floats, Floats]:
        """Where each connection begins and ends, from the places of the neurons, those of the first column first."""
        n_out, n_in = self.shape
        return np.tile(neurons[:n_in], (n_out, 1)), np.repeat(neurons[n_in:], n_in, axis=0)

    def index(self, neuron: int, source: int) -> int:
        """The item from neuron `source` to `neuron` of the next column, which shows weights[neuron, source]."""
        n_out, n_in = self.shape
        if not (0 <= neuron < n_out and 0 <= source < n_in):
            raise ValueError(f"there is no connection {source}→{neuron} among {n_in}→{n_out} neurons")
        return neuron * n_in + source

    @property
    def opacities(self) -> NDArray[np.float32]:
        """The opacity of each connection, (n_out · n_in,), 0 to 1."""
        share = np.abs(self.values)
        opacity = share if self.contrast == 1 else share ** np.float32(self.contrast)
        return opacity * self.emphasis * self.visibility

    @property
    def widths(self) -> NDArray[np.float32]:
        """The width of each connection, (n_out · n_in,), in manim's unit."""
        return np.float32(self.width_of_lines) * (np.float32(0.5) + np.float32(0.5) * np.abs(self.values))

    @property
    def hues(self) -> NDArray[np.uint8]:
        """The colour of each connection, (n_out · n_in,), as an index into `palette`."""
        by_sign = np.where(self.values < 0, np.uint8(_NEGATIVE), np.uint8(_NEUTRAL if self.neutral else _POSITIVE))
        return np.where(self.own_hues > 0, self.own_hues, by_sign)

    def palette(self) -> NDArray[np.float32]:
        """The colours of the hues, (HUES, 3), 0 to 255: positive, negative, neutral, and those of `set_color`."""
        colours = np.zeros((HUES, 3), np.float32)
        for hue, colour in ((_POSITIVE, theme.POSITIVE), (_NEGATIVE, theme.NEGATIVE), (_NEUTRAL, theme.NEUTRAL)):
            colours[hue] = rgb(colour)
        colours[_FIRST_OWN:] = self.own_colours
        return colours

    def set_profile(self, profile: ArrayLike) -> Self:
        """Shade all connections along their length: (m,) factors of the opacity, from start to end."""
        array = np.asarray(profile, np.float32)
        self.profile = validate_array(array, (array.size,), "profile")
        return self

    def show_until(self, share: float) -> Self:
        """Draw each connection from its start to this share of its length, 0 to 1."""
        self.profile = np.clip((share - _PLACES) * len(_PLACES) + 0.5, 0, 1).astype(np.float32)
        if share >= 1:
            self.profile = np.ones(1, np.float32)
        return self

    def set_pulse(self, place: float, ahead: float, behind: float | None = None, length: float = 0.25) -> Self:
        """Light a pulse at a share `place` of the length, with shares of the opacity `ahead` of it and `behind` it."""
        passed = np.clip((place - _PLACES) / length + 0.5, 0, 1)
        rest = ahead + ((ahead if behind is None else behind) - ahead) * passed
        bump = np.exp(-(((_PLACES - place) / (length / 2)) ** 2))
        self.profile = (rest + (1 - rest) * bump).astype(np.float32)
        return self

    def interpolate(self, start: Mobject, target: Mobject, alpha: float, path_func: Any = straight_path()) -> Self:
        """Become a mixture of two. What has no middle changes halfway: own colours, and the sign if only one has it."""
        super().interpolate(start, target, alpha, path_func)
        assert isinstance(start, Connections) and isinstance(target, Connections)
        self.width_of_lines = start.width_of_lines + (target.width_of_lines - start.width_of_lines) * alpha
        self.contrast = start.contrast + (target.contrast - start.contrast) * alpha
        self.profile = start.profile + (target.profile - start.profile) * np.float32(alpha)
        nearer = start if alpha < 0.5 else target
        self.neutral, self.own_hues, self.own_colours = nearer.neutral, nearer.own_hues, nearer.own_colours
        if start.neutral != target.neutral:
            signs = target.values if start.neutral else start.values
            strengths = np.abs(start.values) + (np.abs(target.values) - np.abs(start.values)) * np.float32(alpha)
            self.values = strengths if self.neutral else np.copysign(strengths, signs)
        return self

    def align_points(self, mobject: Mobject) -> Self:
        """ValueError unless the other joins columns of the same numbers of neurons."""
        assert isinstance(mobject, Connections)
        if self.shape != mobject.shape:
            (n_out, n_in), (other_out, other_in) = self.shape, mobject.shape
            raise ValueError(
                f"connections from {n_in} to {n_out} neurons cannot become those from {other_in} to {other_out}; "
                "use a fade instead"
            )
        return self

    def pointwise_become_partial(self, mobject: ArrayMobject, a: float, b: float) -> Self:
        """Show only the part of every connection from share a to share b, for manim's Create and similar animations."""
        self.profile = ((a <= _PLACES) & (b >= _PLACES)).astype(np.float32)
        return self

    def draw(self, view: View) -> None:
        kept = view.kept_ink(self)
        neurons = view.pixels(self.points)
        looks = (
            view.width(self.widths).astype(np.float32),
            self.opacities,
            self.hues,
            self.profile.copy(),
        )
        if not kept.is_of((neurons, *looks)):
            wipe_ink(kept.ink, *kept.part)
            kept.part = ink_lines(kept.ink, *self._ends_of_lines(neurons), *looks)
            kept.keep((neurons, *looks))
        lay_ink(view.frame, kept.ink, self.palette(), *kept.part)
