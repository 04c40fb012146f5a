"""What a file of another program holds: its layers, as that program wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from network.errors import KnobsError
from network.network import ACTIVATIONS

Floats = NDArray[np.float64]

# What a layer of another program may apply to its weighted sums, (n, n_out): the functions of Knobs, and three more.
FUNCTIONS: dict[str, Callable[..., NDArray[Any]]] = {
    **{name: activation.function for name, activation in ACTIVATIONS.items()},
    "tanh": np.tanh,
    "softmax": lambda z: softmax(z, axis=1),
    "log_softmax": lambda z: log_softmax(z, axis=1),
}
# Other names of these functions, in small letters: of Keras, scikit-learn and ONNX.
_OTHER_NAMES = {"linear": "identity", "logistic": "sigmoid", "logsoftmax": "log_softmax"}


def function_named(name: str) -> str | None:
    """The name in `FUNCTIONS` of what another program calls `name`; None if there is no such function."""
    name = _OTHER_NAMES.get(name.lower(), name.lower())
    return name if name in FUNCTIONS else None


class ImportRefused(KnobsError, ValueError):
    """A file that cannot be imported; the message says why, and what to do."""


@dataclass(frozen=True, eq=False)
class FoundLayer:
    """A layer. weights: (n_out, n_in). biases: (n_out,). function: a name in `FUNCTIONS`; None if the file has none."""

    name: str
    weights: Floats
    biases: Floats
    function: str | None = None


@dataclass(frozen=True, eq=False)
class FoundModel:
    """A network as a file holds it.

    scale, shift: numbers or (n_in,); the model first turns its input x into scale · x + shift.
    run: the program's own outputs (n, n_out) for its own inputs (n, n_in); None if the program is not installed.
    """

    framework: str
    layers: tuple[FoundLayer, ...]
    scale: Floats | float = 1.0
    shift: Floats | float = 0.0
    class_names: tuple[str, ...] = ()
    run: Callable[[Floats], NDArray[Any]] | None = None

    def with_functions(self, hidden: str | None, output: str | None) -> FoundModel:
        """The same model, with these functions for the layers that have none in the file."""
        last = len(self.layers) - 1
        layers = tuple(
            FoundLayer(one.name, one.weights, one.biases, one.function or (output if n == last else hidden))
            for n, one in enumerate(self.layers)
        )
        return FoundModel(self.framework, layers, self.scale, self.shift, self.class_names, self.run)


# Names that give away layers of other kinds.
_OTHER_KINDS = (
    (r"weight_[ih]h|bias_[ih]h|recurrent_kernel|lstm|gru|rnn", "a recurrent layer"),
    (r"running_(mean|var)|num_batches|moving_(mean|var)|batch_?norm", "batch normalisation"),
    (r"in_proj|attn|attention|q_proj|query", "an attention layer"),
    (r"embed", "an embedding"),
)
_ROLES = r"weights?|biases|bias|kernel|coefs?_?|intercepts?_?|(?<![a-z])[wb](?![a-z])"


def layers_of_arrays(arrays: Mapping[str, NDArray[Any]], orientation: str | None, what: str) -> tuple[FoundLayer, ...]:
    """Sort arrays by name and shape into layers, each of which takes the outputs of the one before.

    orientation: "out, in" or "in, out", as the program stores weights; None to infer it. what: the file, for messages.
    ImportRefused names the first array that does not belong to a fully connected layer.
    """
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in arrays.items():
        for pattern, kind in _OTHER_KINDS:
            if re.search(pattern, name.lower()):
                raise other_kind(kind, name, what)
        if array.ndim > 2:
            raise other_kind(f"a convolution or another layer of shape {array.shape}", name, what)
    pairs = _paired({name: array for name, array in arrays.items() if array.ndim}, what)
    for way in ("out, in", "in, out") if orientation is None else (orientation,):
        turned = [(name, w if way == "out, in" else w.T, b) for name, w, b in pairs]
        if all(b is None or b.shape == (len(w),) for _, w, b in turned):
            chain = _chained(turned)
            if chain:
                return tuple(
                    FoundLayer(name, _finite(w, name, what), _finite(np.zeros(len(w)) if b is None else b, name, what))
                    for name, w, b in chain
                )
    shapes = ", ".join(f"{name} {w.shape}" for name, w, _ in pairs)
    raise ImportRefused(
        f"the layers of {what} do not fit one after the other ({shapes}); save one network of fully connected layers"
    )


def other_kind(kind: str, name: str, what: str) -> ImportRefused:
    """The error for a layer that is not fully connected."""
    return ImportRefused(
        f"{what} has {kind} ({name}); only networks of fully connected layers can be imported, so choose one of those"
    )


_Pair = tuple[str, NDArray[Any], NDArray[Any] | None]


def _paired(arrays: Mapping[str, NDArray[Any]], what: str) -> list[_Pair]:
    """Weights with their biases: matched by name, or else by their order."""
    if not any(array.ndim == 2 for array in arrays.values()):
        raise ImportRefused(f"{what} holds no weights of fully connected layers; save the network's own weights")
    stems: dict[str, dict[int, list[str]]] = {}
    for name, array in arrays.items():
        stems.setdefault(re.sub(_ROLES, "", name.lower()), {}).setdefault(array.ndim, []).append(name)
    if all(len(kinds.get(2, [])) == 1 and len(kinds.get(1, [])) <= 1 for kinds in stems.values()):
        return [
            (kinds[2][0], arrays[kinds[2][0]], arrays[kinds[1][0]] if 1 in kinds else None) for kinds in stems.values()
        ]
    pairs: list[_Pair] = []
    for name in sorted(arrays, key=natural_order):
        if arrays[name].ndim == 2:
            pairs.append((name, arrays[name], None))
        elif pairs and pairs[-1][2] is None and arrays[name].size in pairs[-1][1].shape:
            pairs[-1] = (*pairs[-1][:2], arrays[name])
        else:
            raise other_kind(f"a layer of shape {arrays[name].shape}", name, what)
    return pairs


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts dense_2 before dense_10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.findall(r"\d+|\D+", name)]


def _chained(pairs: Sequence[_Pair]) -> list[_Pair] | None:
    """The layers in an order in which they fit: as they came, by name, or any other; None if there is none."""
    for order in (list(pairs), sorted(pairs, key=lambda pair: natural_order(pair[0]))):
        if all(before[1].shape[0] == after[1].shape[1] for before, after in zip(order, order[1:], strict=False)):
            return order

    return _in_one_line(sorted(pairs, key=lambda pair: -pair[1].shape[1]))


def _in_one_line(pairs: Sequence[_Pair]) -> list[_Pair] | None:
    """Every layer once, each taking as many numbers as the one before gives; None if there is no such order.

    A layer is an arrow from its number of inputs to its number of outputs, so the order is a walk along every arrow
    (Hierholzer 1873), and is found in a time that grows with the number of layers, not with that of their orders.
    """
    leaving: dict[int, list[_Pair]] = {}
    for pair in reversed(pairs):
        leaving.setdefault(pair[1].shape[1], []).append(pair)
    more_leave = Counter(pair[1].shape[1] for pair in pairs)
    more_leave.subtract(pair[1].shape[0] for pair in pairs)
    starts = [width for width, surplus in more_leave.items() if surplus > 0] or [pairs[0][1].shape[1]]
    walk: list[_Pair] = []
    open_ends: list[tuple[int, _Pair | None]] = [(starts[0], None)]
    while open_ends:
        width, last = open_ends[-1]
        if leaving.get(width):
            follower = leaving[width].pop()
            open_ends.append((follower[1].shape[0], follower))
        else:
            open_ends.pop()
            if last is not None:
                walk.append(last)
    walk.reverse()
    fits = all(before[1].shape[0] == after[1].shape[1] for before, after in zip(walk, walk[1:], strict=False))
    return walk if fits and len(walk) == len(pairs) else None


def _finite(array: NDArray[Any], name: str, what: str) -> Floats:
    if array.dtype.kind not in "fiu":
        raise ImportRefused(f"{name} of {what} holds {array.dtype}; expected numbers, so save the network unquantised")
    numbers = np.array(array, np.float64)
    if not np.isfinite(numbers).all():
        raise ImportRefused(
            f"{name} of {what} holds a NaN or an infinity; train the network again, or choose another file"
        )
    return numbers
