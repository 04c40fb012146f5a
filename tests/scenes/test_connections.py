"""A connection i→j looks as weights[j, i] says, whatever is done to the mobject."""

from __future__ import annotations

import copy
import tracemalloc
from collections.abc import Callable
from typing import Any

import cairo
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import FadeOut, Transform

from scenes.kit import theme
from scenes.kit.camera import LessonCamera
from scenes.kit.colour import rgb
from scenes.kit.gallery import picture
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.shine import Shine
from scenes.kit.rasteriser import HUES, ink_lines, lay_ink, new_ink, wipe_ink

STARTS = np.array([[-2, 1.5, 0], [-2, 0, 0], [-2, -1.5, 0]])
ENDS = np.array([[2, 1, 0], [2, -1, 0]])
WEIGHTS = np.array([[0.5, -1.0, 0.25], [-2.0, 0.0, 1.0]])


def connections(**options: Any) -> Connections:
    return Connections(STARTS, ENDS, WEIGHTS, **options)


def assert_shows(mobject: Connections, weights: np.ndarray, limit: float) -> None:
    for j in range(len(ENDS)):
        for i in range(len(STARTS)):
            n, share = mobject.index(j, i), abs(weights[j, i]) / limit
            assert mobject.opacities[n] == pytest.approx(share, abs=1e-6)
            assert mobject.widths[n] == pytest.approx(theme.CONNECTION_WIDTH * (0.5 + 0.5 * share), abs=1e-6)
            colour = theme.NEGATIVE if weights[j, i] < 0 else theme.POSITIVE
            assert (mobject.palette()[mobject.hues[n]] == rgb(colour)).all()


def test_each_connection_has_the_colour_width_opacity_and_ends_of_its_weight() -> None:
    drawn = connections()
    assert_shows(drawn, WEIGHTS, 2.0)
    for j, end in enumerate(ENDS):
        for i, start in enumerate(STARTS):
            assert (drawn.starts[drawn.index(j, i)] == start).all()
            assert (drawn.ends[drawn.index(j, i)] == end).all()


CHANGES: list[Callable[[Connections], Connections]] = [
    lambda c: c.copy(),
    copy.deepcopy,
    lambda c: c.shift((1, 2, 0)),
    lambda c: c.scale(0.5),
    lambda c: c.rotate(0.3),
    lambda c: c.stretch(2, 1),
]


@pytest.mark.parametrize("change", CHANGES, ids=["copy", "deepcopy", "shift", "scale", "rotate", "stretch"])
def test_a_moved_or_copied_bundle_still_shows_its_weights(change: Callable[[Connections], Connections]) -> None:
    assert_shows(change(connections()), WEIGHTS, 2.0)


def test_shift_and_scale_move_the_ends() -> None:
    moved = connections().scale(0.5, about_point=(0, 0, 0)).shift((1, 0, 0))
    assert np.allclose(moved.starts[moved.index(0, 1)], STARTS[1] * 0.5 + (1, 0, 0))
    assert np.allclose(moved.ends[moved.index(1, 0)], ENDS[1] * 0.5 + (1, 0, 0))


def test_a_transform_ends_in_the_other_weights_and_is_half_way_in_between() -> None:
    other = np.array([[-1.0, 1.0, 0.5], [2.0, 1.0, -1.0]])
    start, animation = connections(), None
    animation = Transform(start, Connections(STARTS + 1, ENDS, other))
    animation.begin()
    animation.interpolate(0.5)
    assert np.allclose(start.values.reshape(2, 3), (WEIGHTS + other) / 4, atol=1e-6)
    animation.interpolate(1)
    assert_shows(start, other, 2.0)
    assert np.allclose(start.starts[0], STARTS[0] + 1)


def test_a_fade_takes_the_opacity_and_leaves_the_weights() -> None:
    drawn = connections()
    fade = FadeOut(drawn)
    fade.begin()
    fade.interpolate(1)
    assert drawn.opacities.max() == 0
    assert np.allclose(drawn.values.reshape(2, 3), WEIGHTS / 2)


def test_a_limit_for_each_neuron_gives_each_its_own_scale() -> None:
    drawn = connections(limit=np.abs(WEIGHTS).max(axis=1, keepdims=True))
    assert np.allclose(drawn.opacities.reshape(2, 3), np.abs(WEIGHTS) / [[1], [2]])


def test_focus_keeps_one_fan_and_dims_the_others() -> None:
    into = connections().focus_on(into=1, rest=0).opacities.reshape(2, 3)
    assert np.allclose(into, [[0, 0, 0], [1, 0, 0.5]])
    out = connections().focus_on(out_of=0, rest=0).opacities.reshape(2, 3)
    assert np.allclose(out, [[0.25, 0, 0], [1, 0, 0]])
    assert_shows(connections().focus_on(into=1).focus_on(), WEIGHTS, 2.0)


def test_the_strongest_are_those_of_greatest_weight() -> None:
    shown = connections().show_strongest(3).opacities.reshape(2, 3) > 0
    assert (shown == [[False, True, False], [True, False, True]]).all()


def test_equal_weights_are_equal_lines_and_zero_weights_none() -> None:
    equal = Connections(STARTS, ENDS, np.full((2, 3), 0.7))
    assert np.ptp(equal.opacities) == 0 and np.ptp(equal.widths) == 0 and np.ptp(equal.hues) == 0
    assert Connections(STARTS, ENDS, np.zeros((2, 3))).opacities.max() == 0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((STARTS, ENDS, np.zeros((3, 2))), "values"),
        ((STARTS, ENDS, np.array([[np.nan, 0, 0], [0, 0, 0]])), "values"),
        ((STARTS, ENDS, np.array([[np.inf, 0, 0], [0, 0, 0]])), "values"),
        ((np.zeros((0, 3)), ENDS, np.zeros((2, 0))), "starts"),
        ((STARTS, ENDS * np.nan, WEIGHTS), "ends"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(arguments: tuple[np.ndarray, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Connections(*arguments)


def cairo_lines(starts: np.ndarray, ends: np.ndarray, width: float, colours: np.ndarray, size: tuple[int, int]) -> Any:
    frame = np.zeros((*size, 4), np.uint8)
    frame[..., 3] = 255
    surface = cairo.ImageSurface.create_for_data(frame.data, cairo.FORMAT_ARGB32, size[1], size[0])
    context = cairo.Context(surface)
    context.set_line_width(width)
    for start, end, colour in zip(starts, ends, colours, strict=True):
        context.set_source_rgba(*(colour[::-1] / 255))
        context.move_to(*start)
        context.line_to(*end)
        context.stroke()
    return frame


@settings(deadline=None, max_examples=40)
@given(
    angle=st.floats(0, np.pi),
    width=st.floats(0.3, 12),
    zoom=st.floats(0.3, 6),
    seed=st.integers(0, 1000),
)
def test_lines_look_as_cairo_draws_them(angle: float, width: float, zoom: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    size, n = (270, 480), 12
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    apart = width + 8 * zoom  # so that none lies on another, whose order is ours alone
    middles = np.array([240, 135]) + np.outer((np.arange(n) - n / 2) * apart, across)
    reach = zoom * rng.uniform(20, 200, (n, 1))
    starts, ends = (middles - reach * along).astype(np.float32), (middles + reach * along).astype(np.float32)
    hues = rng.integers(0, 2, n).astype(np.uint8)
    palette = np.zeros((HUES, 3), np.float32)
    palette[:2] = rgb(theme.POSITIVE), rgb(theme.NEGATIVE)
    ours = np.zeros((*size, 4), np.uint8)
    ours[..., 3] = 255
    ink = new_ink(*size)
    one = np.ones(n, np.float32)
    part = ink_lines(ink, starts, ends, one * np.float32(width), one, hues, np.ones(1, np.float32))
    lay_ink(ours, ink, palette, *part)
    theirs = cairo_lines(starts, ends, width, palette[hues], size)
    down, right = np.indices(size)
    from_middle = np.stack([right + 0.5 - 240, down + 0.5 - 135], axis=-1)
    nearest = np.rint(from_middle @ across / apart + n / 2).astype(int).clip(0, n - 1)
    # Ours end along the frame, cairo's at right angles to the line.
    at_an_end = np.abs(np.abs(from_middle @ along) - reach[nearest, 0]) < width + 2
    ours_lit, theirs_lit = (np.where(at_an_end[..., None], 0, drawn[..., :3].astype(int)) for drawn in (ours, theirs))
    difference = np.abs(ours_lit - theirs_lit)
    assert theirs_lit.sum() > 50_000
    # A line that is thinner than a pixel is shared out among its pixels in another way, most of all along a diagonal.
    assert difference.sum() < 0.55 * theirs_lit.sum()
    assert difference.max() < 70  # even the thinnest line has brighter pixels
    assert abs(ours_lit.sum() - theirs_lit.sum()) < 0.06 * theirs_lit.sum()
    wipe_ink(ink, *part)
    assert ink.max() == 0, "the ink must be dry for the next mobject"


def test_the_strongest_line_lies_on_top_in_any_order(frame_of: Any) -> None:
    cross = np.array([[-2, 0, 0.0], [0, -2, 0]]), np.array([[2, 0, 0.0], [0, 2, 0]])
    pictures = []
    for values in ([[1.0, 0], [0, -0.5]], [[-0.5, 0], [0, 1.0]]):
        order = [0, 1] if values[0][0] == 1 else [1, 0]
        mobject = Connections(cross[0][order], cross[1][order], values, width=6)
        pictures.append(frame_of([mobject], 270))
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[0][135, 240, :3] == rgb(theme.POSITIVE).astype(int)).all()


def test_lines_that_leave_the_frame_are_drawn_as_far_as_it_goes(frame_of: Any) -> None:
    outside = Connections([[-50, 30, 0]], [[50, -30, 0]], [[1.0]], width=8)
    assert frame_of([outside], 270)[135, 240, :3].max() > 200
    assert frame_of([Connections([[-50, 30, 0]], [[50, 30, 0]], [[1.0]])], 270)[..., :3].max() == 0


def test_a_pulse_is_brightest_where_it_is_and_growing_lines_end_where_they_have_come(frame_of: Any) -> None:
    line = Connections([[-7, 0, 0]], [[7, 0, 0]], [[1.0]], width=10)
    lit = frame_of([line.set_pulse(0.25, ahead=0.2, behind=0.6)], 270)[135, :, 2].astype(int)
    assert abs(int(np.argmax(lit)) - 126) < 12
    assert lit[400] == pytest.approx(0.2 * 255, abs=3) and lit[20] == pytest.approx(0.6 * 255, abs=8)
    grown = frame_of([line.show_until(0.5)], 270)[135, :, 2]
    assert grown[200] == 255 and grown[260] == 0


def test_ink_that_stays_wet_draws_what_fresh_ink_would(frame_of: Any) -> None:
    """A mobject's ink is kept while it looks the same: a change of any kind, and of the camera, must be seen."""
    rng = np.random.default_rng(3)
    camera = LessonCamera(pixel_height=108, pixel_width=192)

    def drawn() -> np.ndarray:
        camera.reset()
        camera.capture_mobjects(lines)
        return camera.pixel_array.copy()

    # More of them than ink is kept of.
    lines = [
        Connections(rng.uniform(-6, 6, (9, 3)), rng.uniform(-4, 4, (4, 3)), rng.normal(size=(4, 9))) for _ in range(11)
    ]
    changes: list[Callable[[], object]] = [
        lambda: None,
        lambda: lines[0].shift((0.5, 0.2, 0)),
        lambda: lines[1].set_values(-lines[1].values.reshape(4, 9)),
        lambda: lines[2].focus_on(into=1),
        lambda: lines[3].set_pulse(0.3, 0.2),
        lambda: lines[4].fade(0.5),
        lambda: lines[5].set_equal(),
        lambda: setattr(lines[6], "width_of_lines", 9),
        lambda: lines.append(lines.pop(0)),
        lambda: setattr(camera, "frame_center", np.array([0.4, 0, 0])),
        lambda: setattr(camera, "frame_width", 9),
    ]
    for change in changes:
        change()
        first, again = drawn(), drawn()
        camera._scratch.kept.clear()
        assert (first == drawn()).all() and (again == first).all()
    assert first.any()


def test_little_is_kept_of_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million of them took more than 1 GB on four cores: every band of the frame kept a copy of all their points."""
    monkeypatch.setattr("scenes.kit.camera._most_bands", lambda: 1)
    rng = np.random.default_rng(0)
    camera = LessonCamera(pixel_height=54, pixel_width=96)
    many = Connections(rng.uniform(-6, 6, (400, 3)), rng.uniform(-4, 4, (100, 3)), rng.normal(size=(100, 400)))
    camera.capture_mobjects([connections()])  # compiles what is not compiled yet
    tracemalloc.start()
    try:
        camera.capture_mobjects([many])
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 16 * len(many)


def test_a_copy_of_many_connections_takes_little() -> None:
    """An animation of a million of them keeps up to ten copies, which took 56 bytes a connection, mostly for places."""
    rng = np.random.default_rng(0)
    many = Connections(rng.uniform(-6, 6, (400, 3)), rng.uniform(-4, 4, (100, 3)), rng.normal(size=(100, 400)))
    copied = many.copy().shift((1, 0, 0))
    assert sum(array.nbytes for array in vars(copied).values() if isinstance(array, np.ndarray)) < 12 * len(many)


def test_connections_of_other_columns_are_no_target() -> None:
    """Both join five neurons by six connections, but connection i→j of the one is another in the other."""
    turned = Connections(ENDS, STARTS, WEIGHTS.T)
    with pytest.raises(ValueError, match="from 3 to 2 neurons cannot become those from 2 to 3; use a fade instead"):
        Transform(connections(), turned).begin()


def test_bands_of_rows_make_the_same_picture_as_the_whole(monkeypatch: pytest.MonkeyPatch, frame_of: Any) -> None:
    rng = np.random.default_rng(0)
    starts, ends = rng.uniform(-6, 6, (30, 3)), rng.uniform(-6, 6, (20, 3))
    drawn = [Connections(starts, ends, rng.normal(size=(20, 30)), width=3), Cells(ends, 0.7, 1, stroke_width=3)]
    pictures = []
    for bands in (1, 2, 3):
        monkeypatch.setattr("scenes.kit.camera._most_bands", lambda bands=bands: bands)
        pictures.append(frame_of(drawn, 270).astype(int))
    for other in pictures[1:]:
        assert np.abs(other - pictures[0]).max() <= 1


@pytest.mark.parametrize("back", [False, True])
def test_lines_without_a_sign_turn_into_lines_with_one(back: bool) -> None:
    """They once kept the colour of lines without a sign, so that positive ones stayed grey."""
    signed, plain = connections(width=2.0), connections(width=1.0).set_equal(0.4)
    start, target = (signed, plain) if back else (plain, signed)
    moving = start.copy()
    for alpha in (0.0, 0.25, 0.75, 1.0):
        moving.interpolate(start, target, alpha)
        nearer = start if alpha < 0.5 else target
        np.testing.assert_array_equal(moving.hues, nearer.hues)
    np.testing.assert_allclose(moving.opacities, target.opacities, atol=1e-6)
    np.testing.assert_allclose(moving.widths, target.widths, atol=1e-6)


@pytest.mark.parametrize(("weight", "strong", "weak"), [(1.0, 2, 0), (-1.0, 0, 2)])
def test_light_surrounds_a_connection_in_its_colour_and_fades(weight: float, strong: int, weak: int) -> None:
    line = Connections([[-2, 0, 0]], [[2, 0, 0]], [[weight]], width=8)
    dark = picture([], 270).astype(int)
    light = picture([Shine(line)], 270)[:, 240, :3] - dark[:, 240, :3]
    near, farther, far = light[135 - 7], light[135 - 12], light[135 - 120]
    assert near[strong] > near[weak] > 0 and near[strong] > farther[strong] > 0, "around the line, and fading"
    assert not far.any()
