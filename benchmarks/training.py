"""How long one epoch of training takes here, in scikit-learn and in PyTorch, and how much memory training needs.

All train 784-16-16-10 sigmoid networks on the same images with Adam at batch 64, without distortion or validation.
Each runs in a process of its own that has read the data and warmed up; they take turns, one epoch at a time, so that
a busy machine slows all of them alike. Beside the time on the clock stands the processor time of all threads, which
other work on the machine hardly touches: on one processor it is what an idle machine would take.

Each runs on one processor, and with two threads on all processors, and is compared with ours on as many. Ours learns
in one thread, while another fetches the images that come next; on one processor the two share it.

The floor is what an epoch must cost at least while its results keep the same bits: the matrix products, fetching the
images and the sums of Adam, one after another on one processor, and nothing else. Those are calls of BLAS and NumPy,
and to replace them would add numbers up in another order. An epoch takes longer by the sigmoids, the small sums, the
Python between them, and judging the network at its end.
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

from benchmarks.processes import ROOT, ProcessError, run_measured
from benchmarks.table import Row, Section

SENTENCE = (
    "wall time of one epoch of 784-16-16-10 at batch 64, against scikit-learn and PyTorch on the same images, by "
    "turns; the ratio of processor times in brackets."
)
DATA = ROOT / "assets" / "mnist"
SIZES = (784, 16, 16, 10)
BATCH, RATE = 64, 0.005
OURS, FLOOR = "ours", "floor"
# Name, worker, the module it needs, threads.
CONTESTANTS = (
    ("Knobs, 1 processor", OURS, "numpy", 1),
    ("Knobs, 2 threads", OURS, "numpy", 2),
    ("the floor, 1 processor", FLOOR, "numpy", 1),
    ("scikit-learn, 1 processor", "sklearn", "sklearn", 1),
    ("scikit-learn, 2 threads", "sklearn", "sklearn", 2),
    ("PyTorch, 1 processor", "torch", "torch", 1),
    ("PyTorch, 2 threads", "torch", "torch", 2),
    ("PyTorch, fused Adam, 1 processor", "torch-fused", "torch", 1),
    ("PyTorch, fused Adam, 2 threads", "torch-fused", "torch", 2),
)
# The reaches: how many times as fast as these ours should be, threads for threads.
WANTED = {"sklearn": 4.0, "torch": 6.0}


def main() -> None:
    """Be one of the processes that `measure` starts."""
    options = argparse.ArgumentParser(description="The comparison is run by benchmarks/run.py --only training.")
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--worker", required=True)
    chosen = options.parse_args()
    if chosen.worker == "memory":
        measure_memory(chosen.data)
    else:
        work(chosen.worker, chosen.data)


def measure(quick: bool = False, data: Path = DATA) -> Section:
    """Train an epoch with each of those that are installed, by turns, and measure the memory."""
    there = [one for one in CONTESTANTS if importlib.util.find_spec(one[2]) is not None]
    workers = [start(worker, data, threads) for _, worker, _, threads in there]
    # For each: wall time and processor time of every round.
    times: list[list[tuple[float, float]]] = [[] for _ in workers]
    for _ in range(3 if quick else 7):
        for process, found in zip(workers, times, strict=True):
            found.append(one_epoch(process))
    for process in workers:
        process.communicate("stop\n")
    ours = {threads: found for (_, worker, _, threads), found in zip(there, times, strict=True) if worker == OURS}
    floor = next(found for (_, worker, _, _), found in zip(there, times, strict=True) if worker == FLOOR)
    rows = []
    for (name, worker, _, threads), found in zip(there, times, strict=True):
        if worker != OURS:
            rows.append(compare("an epoch", name, ours[threads], found, WANTED.get(worker)))
        if threads == 1 and worker in WANTED:
            rows.append(compare("the floor alone", name, floor, found))
    for name, module in (("scikit-learn", "sklearn"), ("PyTorch", "torch")):
        if importlib.util.find_spec(module) is None:
            remedy = f"{name} is not installed; run .venv/bin/python -m pip install -r benchmarks/requirements.txt"
            rows.append(Row("NOT RUN", remedy))
    memory = run_measured([sys.executable, __file__, "--worker", "memory", "--data", str(data)])
    rows.append(Row("peak memory of training with distortion", f"{memory.peak_megabytes:.0f} MB"))
    return Section("training", SENTENCE, rows)


def compare(
    what: str,
    name: str,
    ours: list[tuple[float, float]],
    theirs: list[tuple[float, float]],
    wanted: float | None = None,
) -> Row:
    """The row for one of the others, against ours on as many threads."""
    (wall, processor), (their_wall, their_processor) = zip(*ours, strict=True), zip(*theirs, strict=True)
    # The ratio of each round, then their median: what slows a whole round does not count.
    ratio = statistics.median(one / other for one, other in zip(wall, their_wall, strict=True))
    processor_ratio = min(processor) / min(their_processor)
    here = f"{statistics.median(wall):.3f} s, best {min(wall):.3f} s"
    compared = f"{name}: {statistics.median(their_wall):.3f} s, best {min(their_wall):.3f} s ({processor_ratio:.2f})"
    reach, met = ("", None) if wanted is None else (f"≤ 1/{wanted:g}", ratio <= 1 / wanted)
    return Row(what, here, compared, ratio, reach, met)


def start(worker: str, data: Path, threads: int) -> subprocess.Popen[str]:
    multiplying = (
        "1" if worker in (OURS, FLOOR) else str(threads)
    )  # as ./knobs train has it; the second thread fetches images
    environment = {
        **os.environ,
        "OPENBLAS_NUM_THREADS": multiplying,
        "OMP_NUM_THREADS": multiplying,
        "MKL_NUM_THREADS": multiplying,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "benchmarks.training", "--worker", worker, "--data", str(data)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
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
        raise ProcessError("a worker ended before its time; its message is above")
    wall, processor = answer.split()
    return float(wall), float(processor)


def work(worker: str, data: Path) -> None:
    """Train an epoch for each line on standard input, and answer with the seconds it took."""
    makers: dict[str, Callable[[Path], Callable[[], Any]]] = {
        OURS: ours,
        FLOOR: floor,
        "sklearn": scikit_learn,
        "torch": pytorch,
        "torch-fused": lambda data: pytorch(data, fused=True),
    }
    epoch = makers[worker](data)
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


def floor(data: Path) -> Callable[[], Any]:
    import numpy as np

    from network.digits import load_digits
    from network.training import _CHUNK, _Adam

    images = load_digits(data, "train").vectors
    rng = np.random.default_rng(0)
    # Arrays of the shapes that training has; what is in them makes no difference to the time.
    columns = [rng.random((BATCH, size), np.float32) for size in SIZES]
    weights = [rng.random((n_out, n_in), np.float32) for n_in, n_out in zip(SIZES, SIZES[1:], strict=False)]
    slopes, results = [np.empty_like(one) for one in weights], [np.empty_like(one) for one in columns]
    knobs = rng.random(sum((n_in + 1) * n_out for n_in, n_out in zip(SIZES, SIZES[1:], strict=False)), np.float32)
    gradient, adam = np.full_like(knobs, 1e-3), _Adam(SIZES, np.float32)
    room = np.empty((_CHUNK, SIZES[0]), np.float32)

    def step() -> None:
        for number, layer in enumerate(weights):
            np.dot(columns[number], layer.T, out=results[number + 1])
        for number in reversed(range(len(weights))):
            np.dot(columns[number + 1].T, columns[number], out=slopes[number])
            if number:
                np.dot(columns[number + 1], weights[number], out=results[number])
        np.subtract(knobs, adam.change(gradient, RATE), out=knobs)

    def epoch() -> None:
        order = rng.permutation(len(images))
        for start in range(0, len(order), _CHUNK):
            chosen = order[start : start + _CHUNK]
            np.take(images, chosen, axis=0, out=room[: len(chosen)], mode="clip")
            for _ in range(-(-len(chosen) // BATCH)):
                step()

    return epoch


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
    """Train for two epochs with distortion, validation and snapshots; the peak memory of this process counts."""
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


if __name__ == "__main__":
    main()
