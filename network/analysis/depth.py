"""Sigmoid against ReLU: the same networks, shallow and deep, trained both ways and measured.

Both kinds start from exactly the same weights and see the same images in the same order. They are trained with plain
stochastic gradient descent. At each depth, each kind is trained with several learning rates, and the one is kept that
ends with the lowest cost on images set aside. The test set is used only once, after that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.archive import (
    ArchiveKind,
    Arrays,
    as_metadata,
    expect,
    first_line,
    metadata_of,
    read_archive,
    write_archive,
)
from network.digits import Digits
from network.errors import CheckpointError
from network.evaluation import evaluate
from network.gradients import Backpropagation, one_hot
from network.network import Activation, Network, views_of_parameters
from network.training import EpochReport, TrainingSettings, train

FORMAT = 1
# The hidden layers' activations that are compared, in the order of the first axis of all results.
COMPARED = ("sigmoid", "relu")
_KIND = ArchiveKind("comparison of depths", "choose a checkpoint with one beside it", "make it by ./knobs train --all")
_ARRAYS = ("metadata", "learning_rates", "costs", "test_accuracies", "adam_accuracies", "gradient_sizes")
# If there are few images, each run takes at least this many steps, but no more than this many epochs.
_STEPS, _MOST_EPOCHS = 4000, 200

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class DepthSettings:
    """What is trained, and how.

    depths: numbers of hidden layers, rising; gradients are measured in the deepest network. width: neurons in each.
    learning_rates: tried with plain gradient descent at every depth. adam_rates: tried with Adam, at the deepest.
    validation: training images set aside. probe: training images on which gradients are measured.
    """

    depths: tuple[int, ...] = (1, 2, 3, 4, 6, 8)
    width: int = 16
    epochs: int = 12
    batch_size: int = 64
    learning_rates: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0, 3.0)
    adam_rates: tuple[float, ...] = (0.001, 0.003, 0.01)
    validation: int = 5000
    probe: int = 1000

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.depths, self.depths[1:], strict=False))
        if not self.depths or self.depths[0] < 1 or not rising:
            raise ValueError(f"depths must be rising numbers of 1 or more; got {self.depths}")
        for name in ("width", "epochs", "batch_size", "probe"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more; got {getattr(self, name)}")
        if self.validation < 0:
            raise ValueError(f"validation must be 0 or more; got {self.validation}")
        for name in ("learning_rates", "adam_rates"):
            rates = getattr(self, name)
            if not rates or not all(np.isfinite(rate) and rate > 0 for rate in rates):
                raise ValueError(f"{name} must be numbers above 0; got {rates}")

    @classmethod
    def for_images(cls, count: int, width: int = 16, most_epochs: int = _MOST_EPOCHS) -> DepthSettings:
        """Settings for this many training images. If there are few, each is seen more often."""
        plain = cls(width=width, validation=min(cls.validation, count // 6))
        enough = -(-_STEPS * plain.batch_size // max(count - plain.validation, 1))
        epochs = min(max(plain.epochs, enough), _MOST_EPOCHS, max(most_epochs, 1))
        return dataclasses.replace(plain, epochs=epochs)

    @property
    def runs(self) -> int:
        """The number of networks that are trained in all."""
        return len(COMPARED) * (len(self.depths) * len(self.learning_rates) + len(self.adam_rates))


@dataclass(frozen=True)
class Provenance:
    """Where results come from: the data, the random seed, the versions of the libraries, and the date.

    data_md5: of each data file, uncompressed. versions: of Python and the libraries. date: ISO 8601.
    """

    data_name: str
    data_md5: dict[str, str]
    seed: int
    versions: dict[str, str]
    date: str


@dataclass(frozen=True, eq=False)
class DepthComparison:
    """The two kinds of networks beside each other, in the order of `COMPARED`. All arrays are read-only float64.

    sizes: of the deepest network, the input first. commonest: the share of test images in the most common class, which
    is the accuracy of always giving that answer. d depths, layers L = deepest + 1, epochs E.
    learning_rates: (2, d), the best of those tried. costs: (2, d, E + 1), on images set aside, row 0 before training.
    test_accuracies: (2, d), shares from 0 to 1 after the last epoch. adam_accuracies: (2,), the same for the deepest
    network trained by Adam. gradient_sizes: (2, E + 1, L), in the deepest network: the root mean square of ∂C/∂w over
    the weights of each layer. start_gradients[l]: (2, n_out, n_in), ∂C/∂w of each weight of layer l before training.
    """

    settings: DepthSettings
    provenance: Provenance
    sizes: tuple[int, ...]
    commonest: float
    learning_rates: NDArray[np.float64]
    costs: NDArray[np.float64]
    test_accuracies: NDArray[np.float64]
    adam_accuracies: NDArray[np.float64]
    gradient_sizes: NDArray[np.float64]
    start_gradients: tuple[NDArray[np.float64], ...]

    def __post_init__(self) -> None:
        def frozen(array: Any) -> NDArray[np.float64]:
            copy = np.array(array, np.float64)
            copy.flags.writeable = False
            return copy

        for name in _ARRAYS[1:]:
            object.__setattr__(self, name, frozen(getattr(self, name)))
        object.__setattr__(self, "start_gradients", tuple(frozen(array) for array in self.start_gradients))

    @property
    def deepest(self) -> int:
        """The number of hidden layers of the deepest network."""
        return self.settings.depths[-1]

    def save(self, path: Path) -> None:
        """Write the whole file, or nothing. CheckpointError if it cannot be written."""
        metadata = {
            "format": FORMAT,
            "kind": "depth",
            "sizes": self.sizes,
            "commonest": self.commonest,
            "settings": dataclasses.asdict(self.settings),
            "provenance": dataclasses.asdict(self.provenance),
        }
        arrays: dict[str, Any] = {"metadata": as_metadata(metadata)}
        arrays |= {name: getattr(self, name) for name in _ARRAYS[1:]}
        for number, array in enumerate(self.start_gradients, 1):
            arrays[f"start_gradients_{number}"] = array.astype(np.float32)
        write_archive(path, arrays)


def start_networks(sizes: tuple[int, ...], rng: np.random.Generator) -> tuple[Network, Network]:
    """The same random network twice, with sigmoids and with ReLU in its hidden layers.

    Hidden weights are normal with variance 2/n_in (He et al. 2015), and biases are 0. That rule was made for ReLU. The
    rule for sigmoids (Glorot and Bengio 2010) gives smaller weights, with which their gradients vanish even sooner.
    """
    relu = Network.random(sizes, rng, hidden="relu")
    *hidden, output = relu.layers
    sigmoid = Network((*(dataclasses.replace(layer, activation="sigmoid") for layer in hidden), output))
    return sigmoid, relu


def steepest(activation: Activation, reach: float = 8.0) -> tuple[float, float]:
    """Where the function is steepest between −reach and reach, and its slope there, found by trying many places."""
    z = np.linspace(-reach, reach, 16001)
    slopes = activation.slope_at(z)
    place = int(np.argmax(slopes))
    return float(z[place]), float(slopes[place])


def gradient_by_layer(network: Network, digits: Digits) -> list[NDArray[np.floating[Any]]]:
    """∂C/∂w of every weight, (n_out, n_in) for each layer: C is the mean cross-entropy over these pictures."""
    backpropagation = Backpropagation(network, "cross_entropy")
    backpropagation.run(digits.vectors, one_hot(digits.labels, network.sizes[-1], network.dtype))
    return [weights for weights, _ in views_of_parameters(backpropagation.gradient, network.sizes)]


def sizes_of_gradient(network: Network, digits: Digits) -> NDArray[np.float64]:
    """The root mean square of ∂C/∂w over the weights of each layer, (layers,)."""
    slopes = gradient_by_layer(network, digits)
    return np.array([np.sqrt(np.mean(np.square(slope, dtype=np.float64))) for slope in slopes])


def compare_activations(
    digits: Digits,
    test: Digits,
    settings: DepthSettings,
    provenance: Provenance,
    on_run: Progress = lambda done, runs: None,
) -> DepthComparison:
    """Train every depth both ways, and measure.

    on_run: called after each run with the number of runs done so far and the number of all runs.
    The same digits, settings and seed give the same numbers on one machine. ValueError if the digits and the settings
    do not fit, or if every learning rate is too high.
    """
    done = 0

    def best_run(start: Network, optimiser: str, rates: tuple[float, ...]) -> tuple[float, list[EpochReport]]:
        nonlocal done
        found: list[tuple[float, float, list[EpochReport]]] = []
        problem: ValueError | None = None
        for rate in rates:
            training = TrainingSettings(
                epochs=settings.epochs,
                batch_size=settings.batch_size,
                optimiser=optimiser,
                learning_rate=rate,
                validation=settings.validation,
                snapshots=0,
            )
            try:
                # Every run gets the same images in the same order.
                reports = list(train(start, digits, training, np.random.default_rng(provenance.seed)))
                found.append((reports[-1].cost, rate, reports))
            except ValueError as too_high:
                problem = too_high
            done += 1
            on_run(done, settings.runs)
        if not found:
            assert problem is not None
            raise problem
        _, rate, reports = min(found, key=lambda run: run[:2])
        return rate, reports

    def starts(depth: int) -> tuple[Network, Network]:
        sizes = (digits.side**2, *[settings.width] * depth, len(digits.class_names))
        return start_networks(sizes, np.random.default_rng([provenance.seed, depth]))

    rates, costs, accuracies = [], [], []
    for depth in settings.depths:
        runs = [best_run(start, "sgd", settings.learning_rates) for start in starts(depth)]
        rates.append([rate for rate, _ in runs])
        costs.append([[report.cost for report in reports] for _, reports in runs])
        accuracies.append([evaluate(reports[-1].network, test).accuracy for _, reports in runs])
    probe = digits.subset(slice(settings.probe))
    deepest = starts(settings.depths[-1])
    slopes = [gradient_by_layer(start, probe) for start in deepest]
    with_adam = [best_run(start, "adam", settings.adam_rates)[1][-1].network for start in deepest]
    return DepthComparison(
        settings,
        provenance,
        deepest[0].sizes,
        float(np.bincount(test.labels).max() / len(test)),
        np.array(rates).T,
        np.array(costs).transpose(1, 0, 2),
        np.array(accuracies).T,
        np.array([evaluate(network, test).accuracy for network in with_adam]),
        np.array([[sizes_of_gradient(report.network, probe) for report in reports] for _, reports in runs]),
        tuple(np.array(pair) for pair in zip(*slopes, strict=True)),
    )


def load_comparison(path: Path) -> DepthComparison:
    """Read a comparison from a file. CheckpointError if that fails; its message says why and what to do."""
    path = Path(path)
    arrays = read_archive(path, _KIND)
    settings, provenance, sizes, commonest = _read_metadata(arrays, path)
    expected = {*_ARRAYS, *(f"start_gradients_{number}" for number in range(1, len(sizes)))}
    if missing := sorted(expected - arrays.keys()):
        raise CheckpointError(f"{path} lacks the array {missing[0]}; copy it again, or {_KIND.renew}")
    depths, epochs = len(settings.depths), settings.epochs
    shapes: dict[str, tuple[int, ...]] = {
        "learning_rates": (2, depths),
        "costs": (2, depths, epochs + 1),
        "test_accuracies": (2, depths),
        "adam_accuracies": (2,),
        "gradient_sizes": (2, epochs + 1, len(sizes) - 1),
    }
    read = {name: expect(arrays, name, shape, path, _KIND) for name, shape in shapes.items()}
    for name in ("test_accuracies", "adam_accuracies"):
        if read[name].min() < 0 or read[name].max() > 1:
            raise CheckpointError(f"in {path} {name} are not shares from 0 to 1; copy it again, or {_KIND.renew}")
    slopes = (
        expect(arrays, f"start_gradients_{number}", (2, n_out, n_in), path, _KIND)
        for number, (n_in, n_out) in enumerate(zip(sizes, sizes[1:], strict=False), 1)
    )
    return DepthComparison(settings, provenance, sizes, commonest, **read, start_gradients=tuple(slopes))


def _read_metadata(arrays: Arrays, path: Path) -> tuple[DepthSettings, Provenance, tuple[int, ...], float]:
    metadata = metadata_of(arrays, path, _KIND, "depth", FORMAT)
    try:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in metadata["settings"].items()}
        settings = DepthSettings(**values)
        provenance = Provenance(**metadata["provenance"])
        sizes = tuple(int(size) for size in metadata["sizes"])
        commonest = float(metadata["commonest"])
        if not 0 <= commonest <= 1:
            raise ValueError(f"commonest must be a share from 0 to 1; got {commonest}")
        if not isinstance(provenance.data_name, str) or not isinstance(provenance.data_md5, dict):
            raise TypeError("unusable names of the data")
        if len(sizes) != settings.depths[-1] + 2 or sizes[1:-1] != (settings.width,) * settings.depths[-1]:
            raise ValueError(f"sizes {sizes} do not belong to its settings")
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        raise CheckpointError(
            f"the metadata of {path} is damaged ({first_line(problem)}); copy it again, or {_KIND.renew}"
        ) from problem
    return settings, provenance, sizes, commonest
