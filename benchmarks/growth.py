"""How the time and the memory of rendering grow with the number of connections, up to a million."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.processes import Usage, run_measured
from benchmarks.table import Row, Section, at_most
from scenes.settings import THREADS

SENTENCE = (
    "one scene (ForwardPassOfADigit, 480p) rendered with ever larger networks, each in a fresh process that draws on "
    "all cores; the straight line through the processor times."
)
NETWORKS = (
    (784, 16, 16, 10),
    (784, 64, 32, 10),
    (784, 128, 64, 10),
    (784, 256, 128, 10),
    (784, 512, 256, 10),
    (784, 1024, 256, 10),
)
QUICK = (NETWORKS[0], NETWORKS[2], NETWORKS[3])
# The reaches: how far a time may lie from the line, as a share of itself, and MB.
MOST_OFF_THE_LINE, MOST_MEMORY = 0.1, 1000


def measure(quick: bool = False) -> Section:
    """Render with each of the networks and fit a line."""
    rows, counts, times = [], [], []
    networks = QUICK if quick else NETWORKS
    with tempfile.TemporaryDirectory() as folder:
        render(networks[0], Path(folder))  # sets the type, compiles the loops
        for sizes in networks:
            usage = render(sizes, Path(folder))
            counts.append(sum(n_in * n_out for n_in, n_out in zip(sizes, sizes[1:], strict=False)))
            times.append(usage.processor_seconds)
            reach, met = f"≤ {MOST_MEMORY} MB", usage.peak_megabytes <= MOST_MEMORY
            rows.append(
                Row(
                    f"{'-'.join(map(str, sizes))}: {counts[-1]:,} connections",
                    f"{usage.processor_seconds:.1f} s, {usage.peak_megabytes:.0f} MB",
                    reach=reach,
                    met=met,
                )
            )
    base, slope, residual = line_through(counts, times)
    reach, met = at_most(residual, MOST_OFF_THE_LINE)
    line = f"{base:.1f} s + {1e6 * slope:.1f} s per million"
    rows.append(Row("line", line, "farthest from it, as a share of the time", residual, reach, met))
    return Section("growth", SENTENCE, rows)


def line_through(counts: list[int], times: list[float]) -> tuple[float, float, float]:
    """The line that is nearest to the times, as shares of them: time at 0, time for one, and the greatest distance."""
    x, y = np.array(counts, float), np.array(times)
    terms = np.stack([np.ones_like(x), x], axis=1)
    (base, slope), *_ = np.linalg.lstsq(terms / y[:, None], np.ones_like(y), rcond=None)
    return float(base), float(slope), float(np.abs((base + slope * x) / y - 1).max())


def render(sizes: tuple[int, ...], folder: Path) -> Usage:
    """Render the scene in a process of its own, with a random network of these sizes."""
    network = "-".join(map(str, sizes))
    command = [sys.executable, "-m", "benchmarks.growth", network, str(folder)]
    return run_measured(command, environment={THREADS: ""})  # each thread that draws needs memory of its own


def work(network: str, folder: Path) -> None:
    """Render the scene with a network of sizes such as "784-16-10", whole, without what was drawn before."""
    import shutil
    from dataclasses import replace

    from lesson.render import clip_cache, rendering, segments
    from network import Network
    from network.checkpoint import load_checkpoint
    from scenes.settings import DEFAULT_CHECKPOINT, LessonContext
    from scenes.stage import code_fingerprint

    sizes = tuple(map(int, network.split("-")))
    checkpoint = folder / f"{network}.npz"
    known = load_checkpoint(DEFAULT_CHECKPOINT)
    random = Network.random(sizes, np.random.default_rng(0))
    replace(
        known,
        network=random,
        snapshot_steps=known.snapshot_steps[-1:],
        snapshot_epochs=known.snapshot_epochs[-1:],
        snapshot_parameters=random.parameters()[None],
    ).save(checkpoint)
    part, scene = rendering.find_scenes(["ForwardPassOfADigit"])[0]
    context = LessonContext.of(checkpoint, quality="l")
    inputs = clip_cache.input_fingerprints(context)
    shutil.rmtree(folder / "cache" / rendering.QUALITIES["l"][1], ignore_errors=True)
    settings = segments.RenderSettings(context, folder, inputs, code_fingerprint.of_program())
    segments.draw_clip(lambda _: None, settings, part, scene)


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]))
