"""How long the weighted sums of a layer take: number by number in plain Python, and as one matrix product."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from network.files import atomic_write
from network.network import Array, Layer


def sums_by_loop(weights: Sequence[Sequence[float]], biases: Sequence[float], inputs: Sequence[float]) -> list[float]:
    """z = W a + b, one number after another."""
    sums = []
    for row, bias in zip(weights, biases, strict=True):
        total = bias
        for w, a in zip(row, inputs, strict=True):
            total += w * a
        sums.append(total)
    return sums


@dataclass(frozen=True)
class Timing:
    """How long both ways took for the same layer and input, and how far apart their results are.

    loop, product: seconds, the best of several runs. difference: the greatest |difference| between two sums.
    """

    loop: float
    product: float
    difference: float

    @property
    def ratio(self) -> float:
        """How many matrix products fit into the time of one loop."""
        return self.loop / self.product


def time_weighted_sums(layer: Layer, activations: Array, runs: int = 15) -> Timing:
    """Compute the weighted sums of one input (n_in,) both ways and time them; the best of `runs` counts.

    The loop gets plain Python numbers, so that taking them out of arrays does not slow it down.
    """
    if runs < 1:
        raise ValueError(f"runs must be 1 or more; got {runs}")
    given = np.asarray(activations, layer.weights.dtype)
    if given.shape != (layer.n_in,):
        raise ValueError(f"activations must have the shape ({layer.n_in},); got {given.shape}")
    weights, biases, inputs = layer.weights.tolist(), layer.biases.tolist(), given.tolist()
    difference = np.abs(np.array(sums_by_loop(weights, biases, inputs)) - layer.weighted_sums(given)).max()
    loop = best_time(lambda: sums_by_loop(weights, biases, inputs), runs)
    product = best_time(lambda: layer.weighted_sums(given), 20 * runs)
    return Timing(loop, product, float(difference))


def kept_timing(layer: Layer, activations: Array, folder: Path) -> Timing:
    """As `time_weighted_sums`, but measured only once on each machine: the result is kept in a file in `folder`.

    It counts for layers of this size and type of number, on this machine, with this Python and NumPy. Anything else is
    measured again, and so is a timing whose file is missing or damaged. If no file can be written, nothing is kept.
    """
    machine = [platform.node(), platform.machine(), platform.python_version(), np.__version__]
    what = json.dumps([*layer.weights.shape, str(layer.weights.dtype), *machine])
    file = folder / f"{hashlib.sha256(what.encode()).hexdigest()[:16]}.json"
    try:
        kept = Timing(**json.loads(file.read_text()))
        if kept.loop > 0 and kept.product > 0 and np.isfinite([kept.loop, kept.product, kept.difference]).all():
            return kept
    except (OSError, ValueError, TypeError):
        pass
    timing = time_weighted_sums(layer, activations)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic_write(file, json.dumps(asdict(timing)).encode())
    except OSError:
        pass
    return timing


def best_time(work: Callable[[], object], runs: int) -> float:
    """The shortest of several runs, in seconds: whatever else the machine does only adds to a run."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return max(min(times), 1e-9)
