"""How long a frame takes: dense networks drawn by plain manim, by ours, and the encoder alone with frames ready-made.

    .venv/bin/python benchmarks/rendering.py [--frames 60] [--rounds 3] [--plain-frames 10] [--heights 480 1080]

All run by turns in one process, at manim's own encoder settings, so that the ratios hold on any machine. Plain manim
draws one Line a connection and is given fewer frames, since one takes it seconds.
"""

from __future__ import annotations

import argparse
import resource
import statistics
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

from lesson.render.rendering import manim_set_up
from network import Network
from scenes.kit import theme
from scenes.kit.animations.forward_pass import PropagateActivations
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.weight_heatmap import WeightWall
from scenes.stage.lesson_scene import LessonScene

RATE = 30
SIZES = (784, 16, 16, 10)


class Stage(LessonScene):
    """Plays one animation, and keeps its frames if asked to."""

    def __init__(self, make: Callable[[Scene], list[Animation]], frames: int, keep: bool = False) -> None:
        super().__init__()
        self.make, self.seconds, self.kept = make, frames / RATE, []
        if keep:
            write = self.renderer.file_writer.write_frame
            self.renderer.file_writer.write_frame = lambda frame, repeat=1: (
                self.kept.append(frame.copy()),
                write(frame, repeat=repeat),
            )

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
    """Build, then play to the last encoded frame, and keep both times."""
    started = time.perf_counter()
    animations = scene.make(scene)
    scene.building = time.perf_counter() - started
    started = time.perf_counter()
    scene.play(*animations, run_time=scene.seconds, rate_func=linear)
    scene.renderer.file_writer.join_all_encode_jobs()
    scene.playing = time.perf_counter() - started


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
    from scenes.kit.mobjects.numbers import Numbers

    rng = np.random.default_rng(2)
    places = np.stack(np.meshgrid(np.linspace(-6.3, 6.3, 20), np.linspace(3.5, -3.5, 25)), axis=-1).reshape(-1, 2)
    places = np.c_[places, np.zeros(500)]
    one, other = (Numbers(rng.normal(0, 3, 500), places, places=2, size=24) for _ in range(2))
    scene.add(one)
    return [Transform(one, other)]


CASES = {
    "12,960 connections": our_connections,
    "forward pass": forward_pass,
    "16 weight pictures": wall_of_pictures,
    "500 numbers": numbers_of_a_matrix,
}


@contextmanager
def quality(height: int, folder: Path) -> Iterator[None]:
    width = {480: 854}.get(height, round(height * 16 / 9))
    size = {"pixel_height": height, "pixel_width": width, "frame_rate": RATE, "disable_caching": True}
    with manim_set_up("l", folder), tempconfig(size):
        yield


def encode(frames: list[NDArray[np.uint8]], scene: Scene, folder: Path) -> float:
    """Seconds to encode frames that are there already, by the encoder that the scene used."""
    started = time.perf_counter()
    encoder = VideoSegmentEncoder(target=folder / "floor.mp4", spec=scene.session_spec.video_encoder)
    for frame in frames:
        encoder.write_frame(frame)
    encoder.finish()
    return time.perf_counter() - started


def measure(height: int, name: str, frames: int, rounds: int, folder: Path) -> float:
    """Print ours against the encoder alone; returns our seconds a frame."""
    with quality(height, folder):
        first = Stage(CASES[name], frames, keep=True)
        first.render()  # also compiles what is not compiled yet
        drawn, ours, floor = first.kept, [], []
        for _ in range(rounds):
            stage = Stage(CASES[name], frames)
            stage.render()
            ours.append(stage.playing / len(drawn))
            floor.append(encode(drawn, stage, folder) / len(drawn))
    ratio = statistics.median(a / b for a, b in zip(ours, floor, strict=True))
    print(
        f"{height:5d}  {name:20s} ours {statistics.median(ours):.4f} s   encoder alone {statistics.median(floor):.4f} s"
        f"   ratio {ratio:.2f}   building {stage.building:.2f} s",
        flush=True,
    )
    return statistics.median(ours)


def measure_plain(height: int, frames: int, folder: Path) -> float:
    with quality(height, folder):
        stage = PlainStage(plain_lines, frames)
        stage.render()
    return float(stage.playing / frames)


def hashing(folder: Path) -> float:
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain-frames", type=int, default=10, help="0 leaves plain manim out")
    parser.add_argument("--heights", type=int, nargs="+", default=[480, 1080])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for height in arguments.heights:
            for case in CASES:
                ours = measure(height, case, arguments.frames, arguments.rounds, folder)
                if case == "12,960 connections" and arguments.plain_frames:
                    plain = measure_plain(height, arguments.plain_frames, folder)
                    print(f"{height:5d}  plain manim {plain:.3f} s a frame: ours is {plain / ours:.0f} times as fast")
        print(f"hashing a play of the whole network: {hashing(folder):.3f} s")
        print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
