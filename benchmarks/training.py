"""How long one epoch of training takes here, in scikit-learn and in PyTorch, and how much memory training needs.

All train 784-16-16-10 sigmoid networks on the same images with Adam at batch 64, without distortion or validation.
Each runs in a process of its own that has read the data and warmed up; they take turns, one epoch at a time, so that
a busy machine slows all of them alike. The others run with one thread and with two; ours learns in one, while another
fetches the images that come next.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.processes import ROOT, ProcessError
from benchmarks.table import Row, Section

SENTENCE = (
    "wall time of one epoch of 784-16-16-10 at batch 64, against scikit-learn and PyTorch on the same images, by turns."
)
DATA = ROOT / "assets" / "mnist"
SIZES = (784, 16, 16, 10)
BATCH, RATE = 64, 0.005
# Name, worker, the module it needs, threads; the reach: how many times our time each should take.
CONTESTANTS = (
    ("scikit-learn, 1 thread", "sklearn", "sklearn", 1, 4.0),
    ("scikit-learn, 2 threads", "sklearn", "sklearn", 2, None),
    ("PyTorch, 1 thread", "torch", "torch", 1, 6.0),
    ("PyTorch, 2 threads", "torch", "torch", 2, None),
    ("PyTorch, 1 thread, fused Adam", "torch-fused", "torch", 1, None),
)


def measure(quick: bool = False, data: Path = DATA) -> Section:
    """Train an epoch with each of those that are installed, by turns, and measure the memory."""
    there = [one for one in CONTESTANTS if importlib.util.find_spec(one[2]) is not None]
    mine, workers = start("ours", data, 1), [start(worker, data, threads) for _, worker, _, threads, _ in there]
    ours: list[float] = []
    times: list[list[float]] = [[] for _ in workers]
    for _ in range(3 if quick else 7):
        ours.append(one_epoch(mine))
        for worker, seconds in zip(workers, times, strict=True):
            seconds.append(one_epoch(worker))
    for worker in (mine, *workers):
        worker.communicate("stop\n")
    here = f"{statistics.median(ours):.3f} s, best {min(ours):.3f} s"
    rows = [Row("an epoch", here)]
    for (name, _, _, _, wanted), seconds in zip(there, times, strict=True):
        # The ratio of each round, then their median: what slows a whole round does not count.
        ratio = statistics.median(own / other for own, other in zip(ours, seconds, strict=True))
        reach, met = ("", None) if wanted is None else (f"≥ {wanted:g} × as fast", 1 / ratio >= wanted)
        compared = (
            f"{name}: {statistics.median(seconds):.3f} s, best {min(seconds):.3f} s; ours is {1 / ratio:.1f} × as fast"
        )
        rows.append(Row("an epoch", here, compared, ratio, reach, met))
    for name, module in (("scikit-learn", "sklearn"), ("PyTorch", "torch")):
        if importlib.util.find_spec(module) is None:
            remedy = f"{name} is not installed; run .venv/bin/python -m pip install -r benchmarks/requirements.txt"
            rows.append(Row("NOT RUN", remedy))
    memory, _ = start("memory", data, 1).communicate()
    rows.append(Row("peak memory of training with distortion", memory.strip()))
    return Section("training", SENTENCE, rows)


def start(worker: str, data: Path, threads: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "benchmarks.training", worker, str(data)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def one_epoch(worker: subprocess.Popen[str]) -> float:
    assert worker.stdin and worker.stdout
    worker.stdin.write("epoch\n")
    worker.stdin.flush()
    answer = worker.stdout.readline()
    if not answer:
        raise ProcessError("a worker ended before its time; its message is above")
    return float(answer)


def work(worker: str, data: Path) -> None:
    """Train an epoch for each line on standard input, and answer with the seconds it took."""
    epoch = {"ours": ours, "sklearn": scikit_learn, "torch": pytorch, "torch-fused": lambda d: pytorch(d, fused=True)}[
        worker
    ](data)
    epoch()
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        before = perf_counter()
        epoch()
        print(perf_counter() - before, flush=True)


def ours(data: Path) -> Callable[[], Any]:
    import numpy as np

    from network.digits import load_digits
    from network.network import Network
    from network.training import TrainingSettings, train

    digits = load_digits(data, "train")
    rng = np.random.default_rng(0)
    settings = TrainingSettings(epochs=1_000_000, batch_size=BATCH, learning_rate=RATE, validation=0, snapshots=0)
    run = train(Network.random(SIZES, rng), digits, settings, rng)
    next(run)
    # Each report also measures accuracy and cost, which is more than the others do.
    return lambda: next(run)


def scikit_learn(data: Path) -> Callable[[], Any]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    from network.digits import load_digits

    warnings.simplefilter("ignore", ConvergenceWarning)  # of one epoch none converges
    digits = load_digits(data, "train")
    images, labels = digits.vectors, digits.labels

    def epoch() -> None:
        MLPClassifier(
            SIZES[1:-1],
            activation="logistic",
            solver="adam",
            batch_size=BATCH,
            learning_rate_init=RATE,
            alpha=0,
            max_iter=1,
            shuffle=True,
        ).fit(images, labels)

    return epoch


def pytorch(data: Path, fused: bool = False) -> Callable[[], Any]:
    import torch

    from network.digits import load_digits
    from network.gradients import one_hot

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    digits = load_digits(data, "train")
    # A copy: PyTorch wants arrays that it may write to.
    images, targets = torch.from_numpy(digits.vectors.copy()), torch.from_numpy(one_hot(digits.labels, SIZES[-1]))
    parts: list[torch.nn.Module] = []
    for n_in, n_out in zip(SIZES, SIZES[1:], strict=False):
        parts += [torch.nn.Linear(n_in, n_out), torch.nn.Sigmoid()]
    network = torch.nn.Sequential(*parts[:-1])  # the loss has the last sigmoid in it
    optimiser = torch.optim.Adam(network.parameters(), RATE, fused=fused or None)
    cost = torch.nn.BCEWithLogitsLoss()

    def epoch() -> None:
        # Indexing tensors: a DataLoader takes several times as long.
        order = torch.randperm(len(images))
        for first in range(0, len(images), BATCH):
            chosen = order[first : first + BATCH]
            optimiser.zero_grad()
            cost(network(images.index_select(0, chosen)), targets.index_select(0, chosen)).backward()
            optimiser.step()

    return epoch


def measure_memory(data: Path) -> None:
    """Train for two epochs with distortion, validation and snapshots, and say what it took at most."""
    import resource
    from dataclasses import replace

    import numpy as np

    from network.digits import load_digits
    from network.distortion import Distortion
    from network.network import Network
    from network.training import TrainingSettings, train

    rng = np.random.default_rng(0)
    settings = replace(TrainingSettings(), epochs=2, distortion=Distortion())
    for _ in train(Network.random(SIZES, rng), load_digits(data, "train"), settings, rng):
        pass
    # ru_maxrss counts kilobytes on Linux and bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"{peak / 1e6:.0f} MB")


if __name__ == "__main__":
    chosen, folder = sys.argv[1], Path(sys.argv[2])
    if chosen == "memory":
        measure_memory(folder)
    else:
        work(chosen, folder)
