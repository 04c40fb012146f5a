"""How long a frame takes to draw: dense networks by plain manim, by Knobs, and the encoder alone with ready frames."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from manim import Animation, AnimationGroup, Line, Scene, Transform, VGroup, linear, tempconfig
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from manim.utils.hashing import get_hash_from_play_call
from numpy.typing import NDArray

from benchmarks.encoder import settings_of, with_old_settings
from benchmarks.table import Row, Section, at_most
from lesson.render.rendering import manim_set_up
from network import Network
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.weight_heatmap import WeightWall
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.segment_encoder import WholeSegmentEncoder

SENTENCE = (
    "wall time of a frame, drawn and encoded at 30 frames a second, against encoding the same frames alone: by manim's "
    "encoder with the old settings and by the present one, all by turns in one process; the ratio of processor times "
    "in brackets."
)
RATE = 30
SIZES = (784, 16, 16, 10)

Times = NDArray[np.float64]


class Stage(LessonScene):
    """Plays one animation, and keeps its frames if asked to."""

    def __init__(self, make: Callable[[Scene], list[Animation]], frames: int, keep: bool = False) -> None:
        super().__init__()
        self.make, self.seconds = make, frames / RATE
        self.kept: list[NDArray[np.uint8]] = []
        if keep:
            writer = self.renderer.file_writer
            writer.converter = None  # so that it is given frames, not pictures
            write = writer.write_frame

            def keep_and_write(frame: NDArray[np.uint8], repeat: int = 1) -> None:
                self.kept.append(frame.copy())
                write(frame, repeat=repeat)

            writer.write_frame = keep_and_write

    def construct(self) -> None:
        play_timed(self)


class PlainStage(Scene):
    """The same on manim's own stage."""

    def __init__(self, make: Callable[[Scene], list[Animation]], frames: int) -> None:
        super().__init__()
        self.make, self.seconds = make, frames / RATE

    def construct(self) -> None:
        play_timed(self)


def play_timed(scene: Any) -> None:
    """Build, then play to the last encoded frame, and keep what playing took."""
    animations = scene.make(scene)
    started = now()
    scene.play(*animations, run_time=scene.seconds, rate_func=linear)
    scene.renderer.file_writer.join_all_encode_jobs()
    scene.playing = now() - started


def now() -> Times:
    """The wall time and the processor time of this process, in seconds."""
    return np.array([time.perf_counter(), time.process_time()])


def two_networks() -> tuple[Network, Network]:
    rng = np.random.default_rng(0)
    return Network.random(SIZES, rng), Network.random(SIZES, rng)


def plain_lines(scene: Scene) -> list[Animation]:
    """All connections as manim's Lines, each changing its colour, width and opacity."""
    one, other = two_networks()
    diagram = NetworkDiagram(one)
    bundles = []
    for connections, layer in zip(diagram.connections, other.layers, strict=True):
        bundles.append((lines_of(connections), lines_of(connections.copy().set_values(layer.weights))))
    scene.add(*(start for start, _ in bundles))
    return [Transform(start, target) for start, target in bundles]


def lines_of(connections: Any) -> VGroup:
    colours = [theme.POSITIVE if hue == 0 else theme.NEGATIVE for hue in connections.hues]
    looks = zip(connections.starts, connections.ends, colours, connections.widths, connections.opacities, strict=True)
    return VGroup(
        *(
            Line(start, end, stroke_color=colour, stroke_width=float(width), stroke_opacity=float(opacity))
            for start, end, colour, width, opacity in looks
        )
    )


def our_connections(scene: Scene) -> list[Animation]:
    """All connections, every one of them changing in every frame."""
    one, other = two_networks()
    diagram = NetworkDiagram(one)
    scene.add(diagram)
    changes = []
    for connections, layer in zip(diagram.connections, other.layers, strict=True):
        limits = np.abs(layer.weights).max(axis=1, keepdims=True)
        changes.append(Transform(connections, connections.copy().set_values(layer.weights, limits)))
    return changes


def forward_pass(scene: Scene) -> list[Animation]:
    """A pulse through a still network."""
    one, _ = two_networks()
    forward = one.forward(np.random.default_rng(1).random(784))
    diagram = NetworkDiagram(one).show(forward)
    scene.add(diagram)
    steps = [
        PropagateActivations(diagram.connections[layer], diagram.columns[layer + 1], forward.activations[layer])
        for layer in range(3)
    ]
    return [AnimationGroup(*steps, lag_ratio=1)]


def wall_of_pictures(scene: Scene) -> list[Animation]:
    """Sixteen weight pictures, morphing into others."""
    one, other = two_networks()
    wall = WeightWall(one.layers[0].weights)
    scene.add(wall)
    return [Transform(wall, wall.copy().show(other.layers[0].weights))]


def numbers_of_a_matrix(scene: Scene) -> list[Animation]:
    """Five hundred numbers, all counting."""
    rng = np.random.default_rng(2)
    places = np.stack(np.meshgrid(np.linspace(-6.3, 6.3, 20), np.linspace(3.5, -3.5, 25)), axis=-1).reshape(-1, 2)
    places = np.c_[places, np.zeros(500)]
    one, other = (Numbers(rng.normal(0, 3, 500), places, places=2, size=24) for _ in range(2))
    scene.add(one)
    return [Transform(one, other)]


DENSE, FORWARD, NUMBERS = "12,960 connections, all changing", "forward pass", "500 numbers"
CASES = {
    DENSE: our_connections,
    FORWARD: forward_pass,
    "16 weight pictures": wall_of_pictures,
    NUMBERS: numbers_of_a_matrix,
}
# The reaches, against the old encoder alone at 480p.
MOST = {(480, DENSE): 1.4, (480, FORWARD): 1.4, (480, NUMBERS): 1.4}


def measure(quick: bool = False) -> Section:
    """Measure every case at both heights, plain manim, and hashing for manim's cache."""
    frames, rounds, heights = (15, 2, (480,)) if quick else (60, 5, (480, 1080))
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for height in heights:
            for case in CASES:
                seconds, found = compare(height, case, frames, rounds, folder)
                rows += found
                if case == DENSE:
                    plain = time_of_plain_manim(height, 3 if quick else 10, folder)
                    what = f"{height}p, {case}"
                    rows.append(Row(what, ms(seconds), f"plain manim: {ms(plain)}", seconds / plain))
        rows.append(Row("hashing a play of 12,960 connections", ms(time_of_hashing(folder))))
    return Section("drawing", SENTENCE, rows)


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


@contextmanager
def quality(height: int, folder: Path) -> Iterator[None]:
    width = {480: 854}.get(height, round(height * 16 / 9))
    size = {"pixel_height": height, "pixel_width": width, "frame_rate": RATE, "disable_caching": True}
    with manim_set_up("l", folder), tempconfig(size):
        yield


def compare(height: int, case: str, frames: int, rounds: int, folder: Path) -> tuple[float, list[Row]]:
    """Our seconds a frame, and the rows against both encoders alone."""
    with quality(height, folder):
        first = Stage(CASES[case], frames, keep=True)
        first.render()  # also compiles what is not compiled yet
        spec = first.session_spec.video_encoder
        old_spec = with_old_settings(spec)
        drawn, ours, old, new = first.kept, [], [], []
        for _ in range(rounds):
            stage = Stage(CASES[case], frames)
            stage.render()
            ours.append(stage.playing / len(drawn))
            old.append(encode(drawn, VideoSegmentEncoder(target=folder / "old.mp4", spec=old_spec)))
            new.append(encode(drawn, WholeSegmentEncoder(target=folder / "new.mp4", spec=spec)))
    here, rows = float(np.median(ours, axis=0)[0]), []
    for alone, name, limit in ((old, settings_of(old_spec), MOST.get((height, case))), (new, settings_of(spec), None)):
        # The ratio of each round, then their median: what slows a whole round does not count.
        ratio, processor_ratio = np.median(np.array(ours) / np.array(alone), axis=0).tolist()
        reach, met = ("", None) if limit is None else at_most(ratio, limit)
        what = f"{height}p, {case} ({settings_of(spec)})"
        compared = f"encoder alone ({name}): {ms(np.median(alone, axis=0)[0])} ({processor_ratio:.2f})"
        rows.append(Row(what, ms(here), compared, ratio, reach, met))
    return here, rows


def encode(frames: list[NDArray[np.uint8]], encoder: VideoSegmentEncoder) -> Times:
    """What it takes, a frame, to encode frames that are there already, to a finished file."""
    started = now()
    for frame in frames:
        encoder.write_frame(frame)
    encoder.finish()
    return (now() - started) / len(frames)


def time_of_plain_manim(height: int, frames: int, folder: Path) -> float:
    """Seconds a frame with one Line for each connection; it takes seconds, so it gets fewer frames."""
    with quality(height, folder):
        stage = PlainStage(plain_lines, frames)
        stage.render()
    return float(stage.playing[0] / frames)


def time_of_hashing(folder: Path) -> float:
    """Seconds to hash a play of the whole network for manim's cache."""
    with quality(480, folder):
        stage = Stage(our_connections, 2)
        animations = our_connections(stage)
        started = time.perf_counter()
        get_hash_from_play_call(
            stage,
            stage.camera,
            animations,
            stage.mobjects,
            backend="cairo",
            encoder_fingerprint="none",
            renderer_state=(),
        )
        return time.perf_counter() - started
