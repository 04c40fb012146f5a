"""How long one epoch of training takes here, in scikit-learn and in PyTorch, and how much memory training needs.

    python benchmarks/training.py [--rounds 7] [--data assets/mnist]
    python benchmarks/training.py --step

All train 784-16-16-10 sigmoid networks on the same images with Adam at batch 64, without distortion or validation.
Each runs in a process of its own that has read the data and warmed up; they take turns, one epoch at a time, so that
a busy machine slows all of them alike. Beside the time on the clock stands the processor time of all threads, which
other work on the machine hardly touches: on one processor it is what an idle machine would take.

Each runs on one processor, and with two threads on all processors, and is compared with ours on as many. Ours learns
in one thread, while another fetches the images that come next; on one processor the two share it.

--step says instead what each part of one of our steps costs, in processor time.
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
    ("Knobs, 1 processor", "ours", 1),
    ("Knobs, 2 threads", "ours", 2),
    ("scikit-learn, 1 processor", "sklearn", 1),
    ("scikit-learn, 2 threads", "sklearn", 2),
    ("PyTorch, 1 processor", "torch", 1),
    ("PyTorch, 2 threads", "torch", 2),
    ("PyTorch, fused, 1 processor", "torch-fused", 1),
    ("PyTorch, fused, 2 threads", "torch-fused", 2),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=7, help="epochs each of them trains for the clock (7)")
    options.add_argument("--data", type=Path, default=ROOT / "assets" / "mnist", help="folder of IDX files")
    options.add_argument("--step", action="store_true", help="what each part of a step costs")
    options.add_argument("--worker", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.worker == "memory":
        measure_memory(chosen.data)
    elif chosen.worker == "step":
        measure_step(chosen.data)
    elif chosen.worker:
        work(chosen.worker, chosen.data)
    elif chosen.step:
        print(start("step", chosen.data, 1).communicate()[0].strip())
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
    processor_times: list[list[float]] = [[] for _ in workers]
    for _ in range(rounds):
        for worker, seconds, processor_seconds in zip(workers, times, processor_times, strict=True):
            wall, processor = one_epoch(worker)
            seconds.append(wall)
            processor_seconds.append(processor)
    for worker in workers:
        worker.communicate("stop\n")
    print(f"One epoch of {'-'.join(map(str, SIZES))} at batch {BATCH}, {rounds} rounds by turns")
    print(f"{'':32}{'median s':>10}{'min s':>10}{'processor s':>13}{'× ours: median':>16}{'min':>8}{'processor':>11}")
    for number, (name, _, threads) in enumerate(CONTESTANTS):
        ours = next(i for i, contestant in enumerate(CONTESTANTS) if contestant[1:] == ("ours", threads))
        seconds, processor = times[number], min(processor_times[number])
        # The ratio of each round, then their median: what slows a whole round does not count.
        by_round = statistics.median(other / own for other, own in zip(seconds, times[ours], strict=True))
        by_best, by_processor = min(seconds) / min(times[ours]), processor / min(processor_times[ours])
        print(
            f"{name:32}{statistics.median(seconds):10.3f}{min(seconds):10.3f}{processor:13.3f}"
            f"{by_round:16.1f}{by_best:8.1f}{by_processor:11.1f}"
        )
    memory = start("memory", data, 1)
    out, _ = memory.communicate()
    print(out.strip())


def start(worker: str, data: Path, threads: int) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        # Our second thread fetches; within a product two threads would cost more than they save.
        "OPENBLAS_NUM_THREADS": str(1 if worker == "ours" else threads),
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
    }
    command = [sys.executable, __file__, "--worker", worker, "--data", str(data)]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if threads == 1 and hasattr(os, "sched_setaffinity"):  # not on macOS and Windows
        os.sched_setaffinity(process.pid, {max(os.sched_getaffinity(0))})
    return process


def one_epoch(worker: subprocess.Popen[str]) -> tuple[float, float]:
    """Seconds on the clock, and seconds of processor time."""
    assert worker.stdin and worker.stdout
    worker.stdin.write("epoch\n")
    worker.stdin.flush()
    answer = worker.stdout.readline()
    if not answer:
        sys.exit("a worker ended before its time; its message is above")
    wall, processor = answer.split()
    return float(wall), float(processor)


def work(worker: str, data: Path) -> None:
    """Train an epoch for each line on standard input, and answer with the seconds it took."""
    epoch = {"ours": ours, "sklearn": scikit_learn, "torch": pytorch, "torch-fused": lambda d: pytorch(d, fused=True)}[
        worker
    ](data)
    epoch()
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        before, processor_before = time.perf_counter(), time.process_time()
        epoch()
        print(time.perf_counter() - before, time.process_time() - processor_before, flush=True)


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


def measure_step(data: Path) -> None:
    """Say what the parts of one training step cost, each repeated on data near the processor."""
    import numpy as np
    from scipy.special import expit

    from network.digits import load_digits
    from network.network import Network
    from network.training import TrainingSettings, _Learner

    digits, rng = load_digits(data, "train"), np.random.default_rng(0)
    network = Network.random(SIZES, rng)
    learner = _Learner(network, digits, TrainingSettings(batch_size=BATCH, validation=0), np.arange(len(digits)))
    order = rng.permutation(len(digits))
    starts = iter(np.tile(np.arange(0, len(order) - BATCH, BATCH), 1000))
    room = np.empty_like(digits.vectors[:BATCH])

    def fetch() -> Any:
        first = int(next(starts))
        return learner._fetch(order[first : first + BATCH], room, rng)

    images, targets = (array.copy() for array in fetch())
    backpropagation = learner.backpropagation
    delta: Any = rng.standard_normal((BATCH, SIZES[1])).astype(np.float32)
    sums, weights, slot = delta.copy(), learner.layers[0][0], learner.slots[0][0]
    first_products = 2 * BATCH * SIZES[0] * SIZES[1]
    sigmoids = [delta[:, :n].copy() for n in SIZES[1:]]
    parts: list[tuple[str, Callable[[], Any], float, str]] = [
        ("gathering the images (second thread)", fetch, images.nbytes / 1e9, "GB/s"),
        ("forward and backward", lambda: backpropagation.run(images, targets), 0, ""),
        ("  product of the first layer", lambda: np.dot(images, weights.T, out=sums), first_products / 1e9, "GFLOP/s"),
        ("  its gradient", lambda: np.dot(delta.T, images, out=slot), first_products / 1e9, "GFLOP/s"),
        ("  sigmoids of three layers", lambda: [expit(z, out=z) for z in sigmoids], 0, ""),
        ("optimiser, and turning the knobs", lambda: learner._turn_knobs(1e-9), 0, ""),
    ]
    for name, part, amount, unit in parts:
        seconds = min(processor_time(part, 100) for _ in range(50))
        print(f"{name:40}{seconds * 1e6:8.1f} µs" + (f"{amount / seconds:10.1f} {unit}" if unit else ""))


def processor_time(part: Callable[[], Any], times: int) -> float:
    """Seconds of processor time that one call takes; other work on the machine hardly counts in it."""
    before = time.thread_time()
    for _ in range(times):
        part()
    return (time.thread_time() - before) / times


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
