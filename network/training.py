"""How the knobs are found: many small steps downhill, on a few images at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.linalg import get_blas_funcs

from network.digits import Digits
from network.distortion import Distortion
from network.gradients import COSTS, Backpropagation, one_hot
from network.helping_threads import helping_threads
from network.network import Array, Network, views_of_parameters
from network.penalties import gathered, smoothed

# Images fetched at a time: few enough to stay near the processor. Distorted ones come in larger chunks, since many
# warps at once cost less each; a different number there means different random numbers, and so another network.
_CHUNK, _DISTORTED_CHUNK = 256, 1024
# A cost this high tells of knobs that only grow; the costs of networks that learn stay below a thousand.
_SENSELESS = 1e9
# Images judged at a time.
_JUDGED = 500


@dataclass(frozen=True)
class TrainingSettings:
    """All that decides a training run, besides the network it starts from and the random numbers.

    optimiser: "muon" (Jordan et al. 2024), "adam" (Kingma and Ba 2015) or "sgd".
    schedule: "cosine" falls from the learning rate to 0, "constant" stays.
    centring: whether gradients are taken as though the inputs of every layer had been centred; see `_Centring`.
    weight_decay: share of itself that every weight loses at each step, per unit of learning rate; biases lose nothing.
    smoothness, locality: strengths of the penalties on roughness and spread of the first layer's weight pictures; see
    `network.penalties`. 0 for none. The cost that is reported has no part of them.
    cost, competition: see `network.gradients`.
    validation: number of training images set aside to choose the best epoch by.
    averaging: share of the old value that a running average of the knobs keeps at each step; 0 for no average.
    snapshots: about how many states of the run are kept for replay: the first and the last in any case, and fewer in a
    short run; 0 for none.
    """

    epochs: int = 20
    batch_size: int = 64
    optimiser: str = "adam"
    learning_rate: float = 0.005
    schedule: str = "cosine"
    centring: bool = False
    weight_decay: float = 0.0
    smoothness: float = 0.0
    locality: float = 0.0
    cost: str = "cross_entropy"
    competition: float = 0.0
    distortion: Distortion | None = None
    validation: int = 5000
    averaging: float = 0.0
    snapshots: int = 48

    def __post_init__(self) -> None:
        for name in ("epochs", "validation", "snapshots"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more; got {getattr(self, name)}")
        if self.batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more; got {self.batch_size}")
        if not (np.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate must be a number above 0; got {self.learning_rate}")
        for name in ("competition", "weight_decay", "smoothness", "locality"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ValueError(f"{name} must be a number of 0 or more; got {getattr(self, name)}")
        if not 0 <= self.averaging < 1:
            raise ValueError(f"averaging must be at least 0 and below 1; got {self.averaging}")
        for name, choices in (("optimiser", tuple(_OPTIMISERS)), ("schedule", tuple(_SCHEDULES)), ("cost", COSTS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"there is no {name} {getattr(self, name)!r}; there are {', '.join(choices)}")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The knobs at one moment of the run.

    step: mini-batches seen. epoch: the same in epochs, with fractions. parameters: (parameter_count,).
    """

    step: int
    epoch: float
    parameters: Array


@dataclass(frozen=True, eq=False)
class TrainingState:
    """What a run needs to go on after an epoch as though it had never stopped.

    arrays: copies of the knobs, their average and what the optimiser remembers, each (parameter_count,). generators:
    the states of the random numbers for the order of the images and for their distortion, which JSON can hold.
    """

    epoch: int
    step: int
    arrays: dict[str, Array]
    generators: list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class EpochReport:
    """Where training stands after an epoch; epoch 0 is the network it started from.

    cost: on the validation images, or on training images where none are set aside.
    train_accuracy: on at most 10,000 training images, undistorted. validation_accuracy: NaN without validation images.
    snapshots: those taken since the last report. step: mini-batches seen. state: what the run needs to go on from here,
    where that was asked for.
    """

    epoch: int
    cost: float
    train_accuracy: float
    validation_accuracy: float
    network: Network
    snapshots: tuple[Snapshot, ...] = field(default=())
    step: int = 0
    state: TrainingState | None = None


def train(
    network: Network,
    digits: Digits,
    settings: TrainingSettings,
    rng: np.random.Generator,
    resume: TrainingState | None = None,
    with_state: bool = False,
) -> Iterator[EpochReport]:
    """Train a copy of `network` on `digits`, and report after every epoch.

    The same network, digits, settings and state of `rng` give the same numbers, bit for bit, on one machine.
    Stop whenever you like: each report has a whole network. resume: the state of a run with the same network, digits,
    settings and generator; the first report is of the next epoch. with_state: whether reports hold the state, which
    takes memory: do not keep many.

    ValueError where digits and network do not fit, when the first report is asked for; or where the cost grows without
    end, in place of the report of that epoch.
    """
    if network.sizes[0] != digits.n_in:
        have = f"rows have {digits.n_in}" if digits.inputs else f"images have {digits.side}×{digits.side} pixels"
        raise ValueError(f"the network takes {network.sizes[0]} numbers; the {have}")
    if network.sizes[-1] != len(digits.class_names):
        raise ValueError(f"the network has {network.sizes[-1]} outputs; the data has {len(digits.class_names)} classes")
    if len(digits) <= settings.validation:
        of = f"of {len(digits)} {'rows' if digits.inputs else 'images'}"
        raise ValueError(f"{of}, {settings.validation} cannot be set aside for validation; set fewer aside")
    split_rng, order_rng, distortion_rng = rng.spawn(3)
    order = split_rng.permutation(len(digits))
    held_out, kept = order[: settings.validation], order[settings.validation :]
    learner = _Learner(network, digits, settings, kept)
    measure = _Measure(digits, kept, held_out, settings)
    moments = set(snapshot_steps(settings.epochs * learner.steps_an_epoch, settings.snapshots))
    if resume is None:
        taken = [learner.snapshot()] if moments else []
        yield measure.report(0, learner, taken)
    else:
        learner.restore(resume)
        for generator, state in zip((order_rng, distortion_rng), resume.generators, strict=True):
            generator.bit_generator.state = state
    for epoch in range(resume.epoch + 1 if resume else 1, settings.epochs + 1):
        try:
            taken = learner.epoch(moments, order_rng, distortion_rng)
        except np.linalg.LinAlgError as problem:  # Muon's, for a gradient that is not finite
            raise _diverged(epoch) from problem
        report = measure.report(epoch, learner, taken)
        yield replace(report, state=learner.state(epoch, order_rng, distortion_rng)) if with_state else report


def snapshot_steps(steps: int, count: int) -> list[int]:
    """At which steps of a run to keep the knobs: the first and last, and between them ever less densely."""
    if count == 0:
        return []
    return sorted({round(step) for step in np.geomspace(1, steps + 1, count) - 1} | {0, steps})


def best_of(reports: list[EpochReport]) -> EpochReport:
    """The report to keep: highest validation accuracy, then lowest cost. The test set has no say."""
    return max(reports, key=lambda report: (np.nan_to_num(report.validation_accuracy), -report.cost))


def _diverged(epoch: int) -> ValueError:
    return ValueError(f"the cost grows without end in epoch {epoch}; use a lower learning rate")


class _Measure:
    """Accuracy and cost on fixed images, in batches that take little memory."""

    def __init__(
        self, digits: Digits, kept: NDArray[np.intp], held_out: NDArray[np.intp], settings: TrainingSettings
    ) -> None:
        self.settings = settings
        self.seen = digits.subset(np.sort(kept[:10_000]))
        self.unseen = digits.subset(np.sort(held_out))

    def report(self, epoch: int, learner: _Learner, snapshots: list[Snapshot]) -> EpochReport:
        cost, validation_accuracy = np.nan, np.nan
        if np.isfinite(learner.knobs).all():
            network = learner.network()
            cost, train_accuracy = self._judge(network, self.seen)
            if len(self.unseen):
                cost, validation_accuracy = self._judge(network, self.unseen)
        if not cost < _SENSELESS:  # nor is a NaN
            raise _diverged(epoch)
        return EpochReport(epoch, cost, train_accuracy, validation_accuracy, network, tuple(snapshots), learner.step)

    def _judge(self, network: Network, digits: Digits) -> tuple[float, float]:
        """The mean cost, and the share of right answers."""
        batches = [slice(first, first + _JUDGED) for first in range(0, len(digits), _JUDGED)]
        split = batches[: len(batches) // 2], batches[len(batches) // 2 :]
        # Each of two threads judges half of the batches: NumPy lets both work at once.
        with helping_threads(2) as pool:
            halves = list(pool.map(lambda half: self._judge_batches(network, digits, half), split))
        cost, right = 0.0, 0
        # Added up in the order of the images, the cost has the same bits as from a single thread.
        for batch_cost, batch_right in chain.from_iterable(halves):
            cost += batch_cost
            right += batch_right
        return cost / len(digits), right / len(digits)

    # NumPy keeps this setting for each thread by itself.
    @np.errstate(over="ignore", invalid="ignore")
    def _judge_batches(self, network: Network, digits: Digits, batches: list[slice]) -> list[tuple[float, int]]:
        """For each batch, the sum of its costs, and the number of right answers."""
        judge = Backpropagation(network, self.settings.cost, self.settings.competition)
        judged = []
        for batch in batches:
            images, labels = digits.vectors[batch], digits.labels[batch]
            cost = judge.cost(images, one_hot(labels, network.sizes[-1])) * len(labels)
            judged.append((cost, int(np.count_nonzero(judge.outputs.argmax(axis=1) == labels))))
        return judged


class _Learner:
    """The network in training: its knobs, the optimiser's memory, and the images in their new order."""

    def __init__(self, network: Network, digits: Digits, settings: TrainingSettings, kept: NDArray[np.intp]) -> None:
        self.start = network
        self.settings = settings
        self.kept = kept
        self.images = digits.vectors
        self.targets = one_hot(digits.labels, network.sizes[-1], network.dtype)
        self.backpropagation = Backpropagation(network, settings.cost, settings.competition)
        # Views by layer, made once: to make them takes longer than many a sum on them.
        self.layers = views_of_parameters(self.backpropagation.parameters, network.sizes)
        self.slots = views_of_parameters(self.backpropagation.gradient, network.sizes)
        self.optimiser = _OPTIMISERS[settings.optimiser](network.sizes, network.dtype)
        self.centring = _Centring(network, self.images[np.sort(kept)].mean(axis=0)) if settings.centring else None
        self.steps_an_epoch = -(-len(kept) // settings.batch_size)
        self.step = 0
        self.average = self.backpropagation.parameters.copy()

    @property
    def knobs(self) -> Array:
        """What there is to show of the run so far: the averaged knobs, where averaging is on."""
        return self.average if self.settings.averaging else self.backpropagation.parameters

    def network(self) -> Network:
        return Network.from_parameters(self.knobs, self.start.sizes, self.start.activations)

    def state(self, epoch: int, *generators: np.random.Generator) -> TrainingState:
        arrays = {name: array.copy() for name, array in self._remembered().items()}
        return TrainingState(epoch, self.step, arrays, [dict(one.bit_generator.state) for one in generators])

    def restore(self, state: TrainingState) -> None:
        """Go on from a state; ValueError if it is of another network or optimiser."""
        here = self._remembered()
        if {name: array.shape for name, array in here.items()} != {n: a.shape for n, a in state.arrays.items()}:
            raise ValueError("the run to go on with is of another network or optimiser")
        for name, array in here.items():
            array[:] = state.arrays[name]
        self.step = self.optimiser.steps = state.step

    def _remembered(self) -> dict[str, Array]:
        return {"knobs": self.backpropagation.parameters, "average": self.average, **self.optimiser.remembered()}

    def snapshot(self) -> Snapshot:
        return Snapshot(self.step, self.step / self.steps_an_epoch, self.knobs.copy())

    # A run that goes out of bounds is told once, by the report; NumPy need not warn of every step.
    @np.errstate(over="ignore", invalid="ignore")
    def epoch(
        self, moments: set[int], order_rng: np.random.Generator, distortion_rng: np.random.Generator
    ) -> list[Snapshot]:
        """One pass over the training images, in a new order; returns the snapshots of the steps in `moments`."""
        settings, taken = self.settings, []
        total = settings.epochs * self.steps_an_epoch
        rate_at = _SCHEDULES[settings.schedule]
        # Closed at once when Ctrl-C ends the loop, so that no helper still works while Python shuts down.
        with closing(self._batches(order_rng.permutation(self.kept), distortion_rng)) as batches:
            for images, targets in batches:
                self.backpropagation.run(images, targets)
                self._turn_knobs(settings.learning_rate * rate_at(self.step / total))
                self.step += 1
                if settings.averaging:
                    # Early in the run the average must not lag behind a network that has only begun to learn.
                    keep = min(settings.averaging, self.step / (self.step + 9))
                    self.average += (1 - keep) * (self.backpropagation.parameters - self.average)
                if self.step in moments:
                    taken.append(self.snapshot())
        return taken

    def _batches(self, order: NDArray[np.intp], rng: np.random.Generator) -> Generator[tuple[Array, Array]]:
        """Mini-batches of images (n, n_in) and targets (n, n_out), in that order; the next may overwrite the last."""
        size = self.settings.batch_size
        chunk = max((_DISTORTED_CHUNK if self.settings.distortion else _CHUNK) // size, 1) * size
        parts = [order[start : start + chunk] for start in range(0, len(order), chunk)]
        rooms = [np.empty_like(self.images[: len(parts[0])]) for _ in range(2)]
        # While the network learns from one chunk, a second thread fetches the next: NumPy lets both work at once.
        with helping_threads(1) as helper:
            coming = helper.submit(self._fetch, parts[0], rooms[0], rng)
            for number in range(1, len(parts) + 1):
                images, targets = coming.result()
                if number < len(parts):
                    coming = helper.submit(self._fetch, parts[number], rooms[number % 2], rng)
                for first in range(0, len(images), size):
                    yield images[first : first + size], targets[first : first + size]

    def _fetch(self, chosen: NDArray[np.intp], room: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        """The images at `chosen`, distorted if that is asked for, and their targets; `room` may hold the images."""
        # mode="clip" lets NumPy write straight into the room; the indices are all within bounds.
        images = np.take(self.images, chosen, axis=0, out=room[: len(chosen)], mode="clip")
        images = images.astype(self.targets.dtype, copy=False)
        if self.settings.distortion is not None:
            images = self.settings.distortion.apply(images, rng)
        return images, self.targets[chosen]

    def _turn_knobs(self, rate: float) -> None:
        """One step of the optimiser, from the gradient that backpropagation has left."""
        settings = self.settings
        if self.centring:
            self.centring.centre(self.slots)
        # The change takes the place of the gradient, and from here on `slots` hold it layer by layer.
        change = self.optimiser.change(self.backpropagation.gradient, rate)
        if settings.weight_decay:
            for (turn, _), (weights, _) in zip(self.slots, self.layers, strict=True):
                turn += rate * settings.weight_decay * weights
        if settings.smoothness or settings.locality:
            self._penalise_pictures(rate)
        if self.centring:
            self.centring.restore(self.slots)
        self.backpropagation.parameters -= change

    def _penalise_pictures(self, rate: float) -> None:
        """Let the step end in first-layer weights that are smoother and more local."""
        pictures, turn = self.layers[0][0], self.slots[0][0]
        if self.settings.smoothness:
            turn[:] = pictures - smoothed(pictures - turn, rate * self.settings.smoothness)
        if self.settings.locality:
            turn[:] = pictures - gathered(pictures - turn, rate * self.settings.locality)


class _Centring:
    """Lets a network learn as though the inputs of every layer had the mean 0, without changing what it computes.

    With c for the mean input, W a + b = W (a − c) + (b + W c). Learning goes better in W and b + W c than in W and b,
    where inputs of one sign make every weight pull at the bias (LeCun, Bottou, Orr and Müller 1998). c is the mean
    training image, then ½ for sigmoids and 0 for other activations.
    """

    def __init__(self, network: Network, mean_image: Array) -> None:
        self.means = [mean_image.astype(network.dtype)]
        for layer in network.layers[:-1]:
            self.means.append(np.full(layer.n_out, 0.5 if layer.activation == "sigmoid" else 0, network.dtype))

    def centre(self, gradient: list[tuple[Array, Array]]) -> None:
        """From slopes for W and b of each layer to those for W and b + W c, in place."""
        for (weights, biases), mean in zip(gradient, self.means, strict=True):
            weights -= np.outer(biases, mean)

    def restore(self, change: list[tuple[Array, Array]]) -> None:
        """From changes of W and b + W c of each layer to those of W and b, in place."""
        for (weights, biases), mean in zip(change, self.means, strict=True):
            biases -= weights @ mean


class _GradientDescent:
    """Each knob turned against its slope."""

    def __init__(self, sizes: Sequence[int], dtype: DTypeLike) -> None:
        self.steps = 0

    def remembered(self) -> dict[str, Array]:
        return {}

    def change(self, gradient: Array, rate: float) -> Array:
        """What to subtract from the knobs, in the array of the gradient, which is used up."""
        gradient *= rate
        return gradient


class _Adam:
    """A step of its own length for each knob, from running means of its slopes and of their squares."""

    mean_decay, square_decay, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, sizes: Sequence[int], dtype: DTypeLike) -> None:
        self.sizes = sizes
        count = sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:], strict=False))
        self.mean: Array = np.zeros(count, dtype)
        self.square: Array = np.zeros(count, dtype)
        self.steps = 0
        self._axpy = get_blas_funcs("axpy", (self.mean,))

    def remembered(self) -> dict[str, Array]:
        """What later steps need of those before, besides their number."""
        return {"mean": self.mean, "square": self.square}

    def change(self, gradient: Array, rate: float) -> Array:
        """What to subtract from the knobs, in the array of the gradient, which is used up."""
        self.steps += 1
        # axpy is "a times x plus y", into y: one pass over the memory where NumPy needs two.
        self.mean *= self.mean_decay
        self._axpy(gradient, self.mean, a=1 - self.mean_decay)
        np.multiply(gradient, gradient, out=gradient)
        self.square *= self.square_decay
        self._axpy(gradient, self.square, a=1 - self.square_decay)
        # mean / (1 − 0.9ᵗ) over √(square / (1 − 0.999ᵗ)) + ε, with the corrections drawn into the rate and ε.
        square_correction = math.sqrt(1 - self.square_decay**self.steps)
        change = np.sqrt(self.square, out=gradient)
        change += self.epsilon * square_correction
        np.divide(self.mean, change, out=change)
        change *= rate * square_correction / (1 - self.mean_decay**self.steps)
        return change


class _Muon(_Adam):
    """A layer's weights turned as one: by the same amount in every direction their gradient has (Jordan et al. 2024).

    Gradients of a layer lie mostly along a few directions, and neurons that follow them learn the same. So the running
    mean M of the weights' gradient is replaced by (M Mᵀ)^−½ M, its nearest matrix of orthonormal rows. Biases follow
    Adam. The first layer takes twice the step of the others, since its inputs are mostly black.
    """

    def change(self, gradient: Array, rate: float) -> Array:
        change = super().change(gradient, rate)
        layers = zip(views_of_parameters(self.mean, self.sizes), views_of_parameters(change, self.sizes), strict=True)
        for number, ((mean, _), (turn, _)) in enumerate(layers):
            turn[:] = orthonormal(mean) * (rate if number == 0 else rate / 2)
        return change


def orthonormal(matrix: Array) -> Array:
    """(M Mᵀ)^−½ M: a matrix as M, (n_out, n_in), with every singular value 1; those next to nothing stay small."""
    squares, directions = np.linalg.eigh((matrix @ matrix.T).astype(np.float64))
    # A singular value of a thousandth of the largest is rounding and noise: it is not blown up to 1.
    root = np.sqrt(np.maximum(squares, 0) + 1e-6 * squares[-1] + np.finfo(np.float32).tiny)
    whitening = ((directions / root) @ directions.T).astype(matrix.dtype)
    result: Array = whitening @ matrix
    return result


_OPTIMISERS: dict[str, type[_Adam | _GradientDescent]] = {"muon": _Muon, "adam": _Adam, "sgd": _GradientDescent}
_SCHEDULES: dict[str, Callable[[float], float]] = {
    "cosine": lambda share: 0.5 + 0.5 * math.cos(math.pi * share),
    "constant": lambda share: 1.0,
}

# What `knobs train` uses for all that it is not told.
RECIPE = TrainingSettings(
    epochs=400,
    batch_size=256,
    optimiser="muon",
    learning_rate=0.05,
    centring=True,
    weight_decay=0.01,
    cost="cross_entropy",
    competition=10,
    distortion=Distortion(),
)
