"""How long one epoch of training takes here, in scikit-learn and in PyTorch, and how much memory training needs.

    python benchmarks/training.py [--rounds 7] [--data assets/mnist]

All train 784-16-16-10 sigmoid networks on the same images with Adam at batch 64, without distortion or validation.
Each runs in a process of its own that has read the data and warmed up; they take turns, one epoch at a time, so that
a busy machine slows all of them alike. The others run with one thread and with two; ours learns in one, while another
fetches the images that come next.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SIZES = (784, 16, 16, 10)
BATCH, RATE = 64, 0.005
# Name, worker, threads.
CONTESTANTS = (
    ("Knobs", "ours", 1),
    ("scikit-learn, 1 thread", "sklearn", 1),
    ("scikit-learn, 2 threads", "sklearn", 2),
    ("PyTorch, 1 thread", "torch", 1),
    ("PyTorch, 2 threads", "torch", 2),
    ("PyTorch, 1 thread, fused Adam", "torch-fused", 1),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7, help="epochs each of them trains for the clock (7)")
    options.add_argument("--data", type=Path, default=ROOT / "assets" / "mnist", help="folder of IDX files")
    options.add_argument("--worker", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.worker == "memory":
        measure_memory(chosen.data)
    elif chosen.worker:
        work(chosen.worker, chosen.data)
    else:
        for module in ("sklearn", "torch"):
            if importlib.util.find_spec(module) is None:
                sys.exit(
                    f"{module} is not installed; run: {sys.executable} -m pip install -r benchmarks/requirements.txt"
                )
        compare(chosen.data, chosen.rounds)


def compare(data: Path, rounds: int) -> None:
    workers = [start(worker, data, threads) for _, worker, threads in CONTESTANTS]
    times: list[list[float]] = [[] for _ in workers]
    for _ in range(rounds):
        for worker, seconds in zip(workers, times, strict=True):
            seconds.append(one_epoch(worker))
    for worker in workers:
        worker.communicate("stop\n")
    print(f"One epoch of {'-'.join(map(str, SIZES))} at batch {BATCH}, {rounds} rounds by turns")
    print(f"{'':32}{'median s':>10}{'min s':>10}{'× ours (median)':>18}{'× ours (min)':>16}")
    ours = times[0]
    for (name, _, _), seconds in zip(CONTESTANTS, times, strict=True):
        # The ratio of each round, then their median: what slows a whole round does not count.
        by_round = statistics.median(other / own for other, own in zip(seconds, ours, strict=True))
        by_best = min(seconds) / min(ours)
        print(f"{name:32}{statistics.median(seconds):10.3f}{min(seconds):10.3f}{by_round:18.1f}{by_best:16.1f}")
    memory = start("memory", data, 1)
    out, _ = memory.communicate()
    print(out.strip())


def start(worker: str, data: Path, threads: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
    }
    command = [sys.executable, __file__, "--worker", worker, "--data", str(data)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def one_epoch(worker: subprocess.Popen[str]) -> float:
    assert worker.stdin and worker.stdout
    worker.stdin.write("epoch\n")
    worker.stdin.flush()
    answer = worker.stdout.readline()
    if not answer:
        sys.exit("a worker ended before its time; its message is above")
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
        before = time.perf_counter()
        epoch()
        print(time.perf_counter() - before, flush=True)


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
    print(f"Peak memory of training with distortion on {data.name}: {peak / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
