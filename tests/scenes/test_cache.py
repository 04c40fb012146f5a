"""manim's cache never shows what is no longer so: another network, another colour or other code is another clip."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import Animation, AnimationGroup, FadeIn, Mobject, Transform, Wait, linear, tempconfig
from manim.utils.hashing import get_hash_from_play_call

from network import Network
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit.animations.forward_pass import GrowConnections, PropagateActivations, ShowContributions
from scenes.kit.animations.replay_training import ReplayTraining
from scenes.kit.camera import LessonCamera
from scenes.kit.mobjects import outlines
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.connections import Connections
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.pixel_grid import PixelGrid
from scenes.kit.mobjects.text import Words
from scenes.kit.mobjects.weight_heatmap import WeightHeatmap
from scenes.language import translated
from scenes.settings import NO_VOICE, LessonContext
from scenes.stage import code_fingerprint
from scenes.stage.lesson_scene import LessonScene
from scenes.syllabus import Part, SceneEntry, all_scenes, module_of
from tests.scenes.conftest import make_checkpoint

SMALL = {"pixel_height": 120, "pixel_width": 214, "frame_rate": 8}
SIZES = [784, 6, 10]


@pytest.fixture(scope="module")
def networks() -> tuple[Checkpoint, Checkpoint]:
    """Before and after training, say."""
    first, second = (make_checkpoint(Network.random(SIZES, np.random.default_rng(seed))) for seed in (0, 1))
    return first, second


def propagate(checkpoint: Checkpoint, digits: Digits) -> Iterator[tuple[list[Mobject], Animation]]:
    forward = checkpoint.network.forward(digits.images[0])
    diagram = NetworkDiagram(checkpoint.network).show(forward)
    yield [diagram], PropagateActivations(diagram.connections[1], diagram.columns[2], forward.output)


def contributions(checkpoint: Checkpoint, digits: Digits) -> Iterator[tuple[list[Mobject], Animation]]:
    forward = checkpoint.network.forward(digits.images[0])
    diagram = NetworkDiagram(checkpoint.network)
    yield [diagram], GrowConnections(diagram.connections[0])
    yield [], ShowContributions(diagram, forward, layer=1)


def replay(checkpoint: Checkpoint, digits: Digits) -> Iterator[tuple[list[Mobject], Animation]]:
    diagram = NetworkDiagram(checkpoint.network)
    picture = WeightHeatmap(checkpoint.network.layers[0].weights[0], extent=2).to_edge((1, 0, 0))
    yield [diagram, picture], ReplayTraining(checkpoint, diagram.connections, [picture])


def connections_change(checkpoint: Checkpoint, digits: Digits) -> Iterator[tuple[list[Mobject], Animation]]:
    """The same before, and others after."""
    lines = Connections([[-2, y, 0] for y in range(6)], [[2, y / 2, 0] for y in range(10)], np.ones((10, 6)))
    yield [lines], Transform(lines, lines.copy().set_values(checkpoint.network.layers[1].weights))


def cells_change(checkpoint: Checkpoint, digits: Digits) -> Iterator[tuple[list[Mobject], Animation]]:
    cells = Cells([[x, 0, 0] for x in range(6)], 0.8)
    weights = checkpoint.network.layers[1].weights[0]
    yield [cells], Transform(cells, cells.copy().set_signed(weights, np.abs(weights).max()))


def numbers_change(checkpoint: Checkpoint, digits: Digits) -> Iterator[tuple[list[Mobject], Animation]]:
    numbers = Numbers(np.zeros(4), [[x, 0, 0] for x in range(4)])
    yield [numbers], Transform(numbers, numbers.copy().set_values(checkpoint.network.layers[1].weights[0, :4]))


PLAYS = [propagate, contributions, replay, connections_change, cells_change, numbers_change]


def render(media: Path, scene: type[LessonScene] | Callable[[LessonScene], None]) -> tuple[np.ndarray, set[str]]:
    """The frames of a scene with manim's cache on, and the names of all segments that are kept then."""

    class Played(LessonScene):
        def construct(self) -> None:
            scene(self)

    with tempconfig({"media_dir": str(media), "disable_caching": False, **SMALL}):
        played = scene() if isinstance(scene, type) else Played()
        played.render()
        writer: Any = played.renderer.file_writer
    with av.open(str(writer.movie_file_path)) as container:
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    return frames, {file.name for file in writer.partial_movie_directory.glob("*.mp4")}


def shown(plays: Any, checkpoint: Checkpoint, digits: Digits) -> Callable[[LessonScene], None]:
    def construct(scene: LessonScene) -> None:
        for mobjects, animation in plays(checkpoint, digits):
            scene.add(*mobjects)
            scene.play(animation, run_time=0.5)

    return construct


@pytest.mark.parametrize("plays", PLAYS)
def test_after_training_anew_the_clip_is_that_of_the_new_network(
    plays: Any, networks: tuple[Checkpoint, Checkpoint], digits: Digits, tmp_path: Path
) -> None:
    """The stale-clip trap: rendered into the folder of the old network, and into an empty one."""
    old, _ = render(tmp_path / "used", shown(plays, networks[0], digits))
    new, known = render(tmp_path / "used", shown(plays, networks[1], digits))
    fresh, alone = render(tmp_path / "empty", shown(plays, networks[1], digits))
    assert np.array_equal(new, fresh)
    assert not np.array_equal(old, new)
    assert alone < known
    again, still = render(tmp_path / "used", shown(plays, networks[0], digits))
    assert np.array_equal(again, old)
    assert still == known, "what was rendered before is used again"


@pytest.mark.slow
@pytest.mark.parametrize(("part", "entry"), [pytest.param(*both, id=both[1].name) for both in all_scenes()])
def test_after_training_anew_every_scene_is_that_of_the_new_network(
    part: Part, entry: SceneEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene_class = getattr(importlib.import_module(module_of(part, entry)), entry.name)
    file = tmp_path / "network.npz"
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(file))
    for seed in (0, 1):
        make_checkpoint(Network.random([784, 16, 16, 10], np.random.default_rng(seed))).save(file)
        new, _ = render(tmp_path / "used", scene_class)
    fresh, _ = render(tmp_path / "empty", scene_class)
    assert np.array_equal(new, fresh)


def test_a_lost_segment_is_made_again_and_no_other(
    networks: tuple[Checkpoint, Checkpoint], digits: Digits, tmp_path: Path
) -> None:
    """What was drawn before, or was not since it was kept, is no part of what a play shows.

    The ink that connections are drawn with hung at the camera from the first drawing on, and manim hashed it.
    """

    def several(scene: LessonScene) -> None:
        forward = networks[0].network.forward(digits.images[0])
        diagram = NetworkDiagram(networks[0].network).show(forward)
        scene.add(Words("Tiny"))
        scene.wait(0.25)
        scene.add(diagram)
        for _ in range(2):
            scene.play(PropagateActivations(diagram.connections[1], diagram.columns[2], forward.output), run_time=0.25)
        scene.wait(0.25)

    whole, names = render(tmp_path, several)
    assert len(names) == 4
    (folder,) = (file.parent for file in tmp_path.rglob(next(iter(names))))
    for lost in names:
        (folder / lost).unlink()
        assert_same(render(tmp_path, several), (whole, names))


def assert_same(one: tuple[np.ndarray, set[str]], other: tuple[np.ndarray, set[str]]) -> None:
    assert one[1] == other[1]
    assert np.array_equal(one[0], other[0])


# ------------------------------------------------------------------------------------------ what a hash sees


def hashed(*mobjects: Mobject, animation: Animation | None = None) -> str:
    """manim's name for a play of these."""
    camera = LessonCamera(pixel_height=90, pixel_width=160)
    return str(
        get_hash_from_play_call(
            object(),
            camera,
            [animation or Wait(1)],
            list(mobjects),
            backend="cairo",
            encoder_fingerprint="x",
            renderer_state=(),
        )
    )


def nudged(mobject: Mobject) -> Iterator[str]:
    """Makes the least change to one entry of each array of a mobject in turn, and tells of which."""
    for name, array in list(vars(mobject).items()):
        if not isinstance(array, np.ndarray) or array.size == 0:
            continue
        changed = array.copy()
        last = (-1,) * array.ndim
        if array.dtype.kind == "f":
            changed[last] = np.nextafter(array[last], array.dtype.type(np.inf))
        else:
            changed[last] = array[last] + 1 if array.dtype.kind in "iu" else not array[last]
        setattr(mobject, name, changed)
        yield name
        setattr(mobject, name, array)


def many_connections() -> Connections:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 3))
    return Connections(points[:40], points[40:], rng.normal(size=(20, 40)))


MOBJECTS: dict[str, tuple[Callable[[], Mobject], set[str]]] = {
    "connections": (many_connections, {"points", "values", "emphasis", "profile", "visibility"}),
    "cells": (
        lambda: Cells(np.random.default_rng(0).normal(size=(700, 3)), 0.1),
        {"points", "roundness", "colours", "opacities", "stroke_colours", "stroke_opacities", "stroke_widths"},
    ),
    "a grid": (lambda: PixelGrid(np.random.default_rng(0).random((28, 28))), {"points", "colours", "visibility"}),
    "a weight picture": (lambda: WeightHeatmap(np.random.default_rng(0).normal(size=784)), {"points", "colours"}),
    "numbers": (lambda: Numbers(np.arange(600.0), np.zeros((600, 3))), {"points", "values", "places", "colours"}),
}


@pytest.mark.parametrize("name", MOBJECTS)
def test_the_least_change_of_one_item_is_another_play(name: str) -> None:
    """Arrays over 1,000 entries used to be cut short before they were hashed."""
    make, expected = MOBJECTS[name]
    mobject = make()
    before = hashed(mobject)
    assert hashed(make()) == before, "the same mobject made anew is the same play"
    seen = set()
    for array in nudged(mobject):
        assert hashed(mobject) != before, f"a change of {array} is not seen"
        seen.add(array)
    assert expected <= seen
    assert hashed(mobject) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.focus_on(into=3),
        lambda lines: lines.set_pulse(0.4, 1.0),
        lambda lines: lines.show_until(0.5),
        lambda lines: lines.set_equal(),
        lambda lines: lines.shift((1e-9, 0, 0)),
        lambda lines: lines.fade(0.01),
        lambda lines: setattr(lines, "contrast", 1.01),
        lambda lines: setattr(lines, "width_of_lines", 0.76),
        lambda lines: setattr(lines, "z_index", -9),
    ],
)
def test_another_look_is_another_play(change: Callable[[Connections], object]) -> None:
    lines = many_connections()
    before = hashed(lines)
    change(lines)
    assert hashed(lines) != before


def test_what_an_animation_leads_to_is_part_of_the_play(networks: tuple[Checkpoint, Checkpoint]) -> None:
    lines, cells = many_connections(), Cells(np.zeros((20, 3)))
    values = np.linspace(0, 1, 20, dtype=np.float32)

    def play(activations: np.ndarray = values, **options: Any) -> str:
        animation = PropagateActivations(lines, cells, activations, **options)
        return hashed(lines, cells, animation=animation)

    other = values.copy()
    other[7] = np.nextafter(other[7], np.float32(1))
    plays = [play(), play(other), play(run_time=3), play(rate_func=lambda t: t**2)]
    assert len(set(plays)) == len(plays)
    assert play() == plays[0]
    # A weight in the middle of the run, that no mobject shows at the start.
    hashes = set()
    for step in (0, 1):
        checkpoint = make_checkpoint(networks[0].network)
        run = checkpoint.snapshot_parameters.copy()
        run[1, 1234] = np.nextafter(run[1, 1234], np.float32(9)) if step else run[1, 1234]
        object.__setattr__(checkpoint, "snapshot_parameters", run)
        hashes.add(hashed(lines, animation=ReplayTraining(checkpoint, [lines], rate_func=linear)))
    assert len(hashes) == 2


# ------------------------------------------------------------------------------------------ the code that draws

MOTION = """
from manim import Animation
from scenes.kit.mobjects.cells import Cells

WAY = {way}

class Push(Animation):
    def interpolate_mobject(self, alpha):
        self.mobject.move_to((WAY * alpha, 0, 0))
"""


def motion(way: float, folder: Path) -> Any:
    """A motion in a file of its own, as a scene's author writes one."""
    file = folder / "motion_of_mine.py"
    file.write_text(MOTION.format(way=way))
    spec = importlib.util.spec_from_file_location("motion_of_mine", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_another_motion_is_another_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """manim's cache does not know the code of animations and mobjects: a changed motion went on to show the old one."""
    media, clips = tmp_path / "media", []
    for way in (1, -2, 1):
        module = motion(way, tmp_path)
        monkeypatch.setitem(sys.modules, "motion_of_mine", module)
        code_fingerprint._of_files.cache_clear()  # as if the program had just started

        def construct(scene: LessonScene, module: Any = module) -> None:
            cells = Cells([[0, 0, 0]])
            scene.add(cells)
            scene.play(AnimationGroup(module.Push(cells)), run_time=0.5)

        clips.append(render(media, construct))
    assert not np.array_equal(clips[0][0], clips[1][0])
    assert np.array_equal(clips[0][0], clips[2][0])
    assert len(clips[2][1]) == 2


def test_two_files_of_one_name_both_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one overwrote the fingerprint of the other, whose changes were then not seen."""
    kinds = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        module = motion(1, tmp_path / name)
        module.Push.__module__ = f"{name}_of_mine"
        monkeypatch.setitem(sys.modules, f"{name}_of_mine", module)
        kinds.append(module.Push)
    told = []
    for changed in (None, "one", "two"):
        if changed:
            (tmp_path / changed / "motion_of_mine.py").write_text(MOTION.format(way=2))
        code_fingerprint._of_files.cache_clear()  # as if the program had just started
        told.append(code_fingerprint.of_kinds(kinds))
    code_fingerprint._of_files.cache_clear()
    assert len(set(told)) == 3


def test_other_drawing_code_is_another_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def construct(scene: LessonScene) -> None:
        scene.add(Cells([[0, 0, 0]]))
        scene.wait(0.25)

    _, first = render(tmp_path, construct)
    known = code_fingerprint.digests()
    monkeypatch.setattr(code_fingerprint, "digests", lambda *_: {**known, "scenes/kit/rasteriser.py": "another"})
    code_fingerprint._of_files.cache_clear()
    _, second = render(tmp_path, construct)
    # The list of scenes, and scenes that are not played here, draw nothing.
    for file in ("scenes/syllabus.py", "scenes/kit/gallery.py", "scenes/part_99_none.py", "network/training.py"):
        monkeypatch.setattr(code_fingerprint, "digests", lambda *_, file=file: {**known, file: "another"})
        code_fingerprint._of_files.cache_clear()
        _, third = render(tmp_path, construct)
        assert third == second
    code_fingerprint._of_files.cache_clear()
    assert first < second


def test_a_part_counts_for_what_it_draws_itself() -> None:
    from scenes.part_04_layers.forward_pass_of_a_digit import ForwardPassOfADigit

    plain = code_fingerprint.of_kinds({Cells, Wait})
    assert code_fingerprint.of_kinds({Wait, Cells, Mobject}) == plain
    assert code_fingerprint.of_kinds({Cells, ForwardPassOfADigit}) != plain


# ------------------------------------------------------------------------------------------ type that is kept


@pytest.fixture
def type_folder(tmp_path: Path) -> Iterator[Path]:
    with tempconfig({"tex_dir": str(tmp_path / "typst")}):
        yield tmp_path / "typst"


def test_type_is_set_once(type_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = outlines.glyph_outlines("784", "", 96)
    assert len(first) == 3
    monkeypatch.setattr(outlines, "Typst", lambda *_, **__: pytest.fail("it is there already"))
    again = outlines.glyph_outlines("784", "", 96)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert [file.suffix for file in type_folder.iterdir()] == [".npy"]


def test_other_type_is_set_anew(type_folder: Path) -> None:
    for markup, preamble, size in itertools.product(("7", "8"), ("", "#set text(weight: 700)"), (48, 96)):
        outlines.glyph_outlines(markup, preamble, size)
    assert len(list(type_folder.iterdir())) == 8


def test_type_on_disk_that_is_damaged_is_written_anew(type_folder: Path) -> None:
    good = outlines.glyph_outlines("784", "", 96)
    (file,) = type_folder.iterdir()
    data = file.read_bytes()
    flipped = bytearray(data)
    flipped[200] ^= 1
    for damaged in (b"", data[:20], data[:-40], bytes(flipped), data + b"more"):
        file.write_bytes(damaged)
        again = outlines.glyph_outlines("784", "", 96)
        assert all(np.array_equal(one, other) for one, other in zip(good, again, strict=True))
        assert file.read_bytes() == data


def test_type_is_set_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with tempconfig({"tex_dir": str(tmp_path / "file" / "typst")}):
        assert len(outlines.glyph_outlines("784", "", 96)) == 3
        assert outlines.glyph_outlines("#h(1em)", "", 96) == []


def test_the_clock_tells_the_same_from_the_cache_as_when_drawn(tmp_path: Path) -> None:
    """A wait that ends a caption was a frame longer where the plays before it had come from the cache."""
    times: list[float] = []

    def uneven(scene: LessonScene) -> None:
        scene.add(Words("Tiny"))
        for seconds in (0.3, 0.7, 1.1):
            scene.wait(seconds)
            scene.play(FadeIn(Words(f"{seconds}").shift((0, seconds, 0))), run_time=seconds + 0.05)
        times.append(scene.time)

    for _ in range(2):
        render(tmp_path, uneven)
    assert times[0] == times[1] > 4


# ------------------------------------------------------------------------------------------ languages


def told_in_pictures(media: Path, language: str) -> tuple[np.ndarray, set[str]]:
    """A scene of three plays in a language: without words, with numbers, and with words."""

    class InLanguage(LessonScene):
        def construct(self) -> None:
            self.play(FadeIn(Cells([[-4, 0, 0]], 0.8)), run_time=0.25)
            self.play(FadeIn(Numbers([0.86, 1234], [[0, 1, 0], [0, -1, 0]], size=200)), run_time=0.25)
            self.play(FadeIn(Words(translated("input layer"), 120).shift((3, 2, 0))), run_time=0.25)

    InLanguage.__name__ = "Played"
    with tempconfig({"media_dir": str(media), "disable_caching": False, **SMALL}):
        played = InLanguage(context=LessonContext(voice=NO_VOICE, language=language))
        played.render()
        writer: Any = played.renderer.file_writer
    with av.open(str(writer.movie_file_path)) as container:
        frames = np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])
    return frames, {file.name for file in writer.partial_movie_directory.glob("*.mp4")}


def test_languages_share_the_segments_in_which_nothing_is_written(tmp_path: Path) -> None:
    english, kept = told_in_pictures(tmp_path / "one", "en")
    german, then = told_in_pictures(tmp_path / "one", "de")
    assert (len(kept), len(then)) == (3, 5), "the play without words is drawn once"
    assert np.array_equal(german[:2], english[:2]) and not np.array_equal(german, english)
    # From the cache or not, a language has its own signs and words.
    assert np.array_equal(german, told_in_pictures(tmp_path / "other", "de")[0])
    assert np.array_equal(english, told_in_pictures(tmp_path / "one", "en")[0])
