"""Networks in ONNX, of whichever program: the nodes from the picture to the outputs, one after the other.

A graph is read before it is run, and run only if all of its nodes are of the kinds that a network of layers needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.arrays import Normalisation, fold
from lesson.importing.model import (
    Floats,
    FoundLayer,
    FoundModel,
    ImportRefused,
    apply,
    as_json,
    function_named,
    named_classes,
    other_kind,
    scaled_outputs,
)
from lesson.importing.onnx_limits import costs_too_much
from lesson.importing.packages import optional, require
from network.activations import ACTIVATIONS

_SILENT = ("Flatten", "Reshape", "Identity", "Dropout", "Cast", "Squeeze", "Unsqueeze", "Constant")
# These come after the network and pick the answer from its outputs.
_AFTER = ("ArgMax", "ZipMap", "ArrayFeatureExtractor", "TopK", "Max", "ReduceMax")
_RECURRENT = ("LSTM", "GRU", "RNN")
_ARITHMETIC = ("Add", "Sub", "Mul", "Div")
# What functions are written in when there is no node for them; each of its numbers depends on one number only.
_ELEMENTWISE = (
    *_ARITHMETIC, "Erf", "Sigmoid", "Tanh", "Relu", "Clip", "Max", "Min", "Exp", "Log", "Softplus", "Pow", "Sqrt",
    "Neg", "Where", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Constant", "Cast", "Identity", "HardSigmoid",
    "Abs",
)  # fmt: skip
_RUNNABLE = {
    *_SILENT, *_ELEMENTWISE, "Shape", "Gemm", "MatMul", "BatchNormalization", "Softmax", "LogSoftmax", "LeakyRelu",
    "Elu", "Selu", "Gelu", "Gather", "Concat", "Slice", "ArgMax", "Scaler",
}  # fmt: skip
_MOST_NODES = 500


def read_onnx(file: Path) -> FoundModel:
    """The layers of a graph, with the functions that its nodes apply."""
    onnx = require("onnx", file)
    model = onnx.load(file)
    graph = model.graph
    if len(graph.node) > _MOST_NODES:
        raise ImportRefused(
            f"{file} has {len(graph.node)} nodes, more than a network of fully connected layers "
            "needs; export only the network itself"
        )
    values = {one.name: onnx.numpy_helper.to_array(one).astype(float) for one in graph.initializer if one.dims}
    values |= {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer if not one.dims}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute and node.attribute[0].name == "value":
            values[node.output[0]] = onnx.numpy_helper.to_array(node.attribute[0].t)
    given = [one for one in graph.input if one.name not in values]
    if len(given) != 1:
        raise ImportRefused(
            f"{file} takes {len(given)} inputs; only a network with one input, the picture, can be imported"
        )
    walk = _Walk(onnx, file, model, values, given[0].name)
    for node in graph.node:
        walk.take(node)
    layers = walk.layers
    if not layers:
        raise ImportRefused(f"{file} holds no fully connected layers, and no others can be imported")
    for before, after in zip(layers, layers[1:], strict=False):
        if len(before.weights) != after.weights.shape[1]:
            raise ImportRefused(f"the layers of {file} do not fit one after the other; save one network")
    run = _run(onnx, model, given[0], walk.current)
    names = next((one.value for one in model.metadata_props if one.key == "class_names"), "")
    return FoundModel(
        "ONNX",
        tuple(layers),
        walk.scale,
        walk.shift,
        named_classes(as_json(names)),
        run=run,
        why_not_run="onnx cannot run all of its nodes",
    )


class _Walk:
    """The way through a graph: what has been found so far, and the name of the signal that comes next."""

    def __init__(self, onnx: Any, file: Path, model: Any, values: dict[str, NDArray[Any]], start: str) -> None:
        self.onnx, self.file, self.model, self.values = onnx, file, model, values
        self.current = start
        self.scale: Any = np.array(1.0)
        self.shift: Any = np.array(0.0)
        self.layers: list[FoundLayer] = []
        self.done: set[str] = set()

    def take(self, node: Any) -> None:
        """One node more; those that are not on the way are passed over."""
        kind = node.op_type
        if self.current not in node.input or kind == "Shape" or kind in _AFTER or node.output[0] in self.done:
            return
        others = [self.values[name] for name in node.input if name != self.current and name in self.values]
        attributes = {one.name: self.onnx.helper.get_attribute_value(one) for one in node.attribute}
        if kind in ("Gemm", "MatMul") and others and others[0].ndim == 2 and node.input[0] == self.current:
            self._product(node, attributes, others)
        elif kind in _SILENT:
            pass
        elif self.layers and self._is_used_twice() and self._function_by_trying():
            return
        elif (
            self.layers and self.layers[-1].function == "identity" and (function := _function(kind, attributes, others))
        ):
            self.layers[-1] = self.layers[-1].but(function=function)
        elif kind in _ARITHMETIC and others and len(others) == len(node.input) - 1:
            self._arithmetic(node, others[0])
        elif kind == "BatchNormalization" and len(others) == 4:
            self._normalise(node, others, float(attributes.get("epsilon", 1e-5)))
        elif kind == "Scaler" and not self.layers:
            offset, factor = (np.asarray(attributes[key], float) for key in ("offset", "scale"))
            self.scale, self.shift = self.scale * factor, (self.shift - offset) * factor
        elif kind in _ARITHMETIC:
            raise other_kind(f"a {kind} of two signals, such as a skip connection,", node.name or kind, self.file.name)
        else:
            what = "a convolution" if "Conv" in kind else "a recurrent layer" if kind in _RECURRENT else "a node"
            raise other_kind(f"{what} of the kind {kind}", node.name or kind, self.file.name)
        self.current = node.output[0]

    def _product(self, node: Any, attributes: dict[str, Any], others: list[NDArray[Any]]) -> None:
        weights = others[0] if attributes.get("transB") else others[0].T
        biases = others[1].ravel() if len(others) > 1 else np.zeros(len(weights))
        alpha, beta = attributes.get("alpha", 1.0), attributes.get("beta", 1.0)
        biases = np.broadcast_to(beta * biases, (len(weights),)).copy()
        self.layers.append(FoundLayer(node.name or node.op_type, alpha * weights, biases, "identity"))

    def _arithmetic(self, node: Any, term: NDArray[Any]) -> None:
        """A number, or one for each neuron, that is added, or that multiplies."""
        kind, name = node.op_type, node.name or node.op_type
        number = term.ravel().astype(float) if term.size > 1 else float(term.ravel()[0])
        if node.input[0] != self.current and kind in ("Sub", "Div"):
            if kind == "Div" or self.layers:
                raise other_kind(f"a {kind} of a number and the signal", name, self.file.name)
            self.scale, self.shift = -self.scale, number - self.shift
            return
        factor: Any = number if kind == "Mul" else 1 / np.asarray(number) if kind == "Div" else 1.0
        offset: Any = number if kind == "Add" else -np.asarray(number) if kind == "Sub" else 0.0
        if not self.layers:
            self.scale, self.shift = self.scale * factor, self.shift * factor + offset
        elif self.layers[-1].function == "identity":
            last = self.layers[-1]
            width = np.ones(len(last.weights))
            self.layers[-1] = scaled_outputs(last, width * factor, width * offset)
        else:
            raise other_kind(f"a {kind} between its layers", name, self.file.name)

    def _normalise(self, node: Any, parts: list[NDArray[Any]], epsilon: float) -> None:
        gamma, beta, mean, variance = parts
        name = node.name or "BatchNormalization"
        norm = Normalisation.of_statistics(name, gamma, beta, mean, variance, epsilon)
        if not self.layers:
            self.scale, self.shift = self.scale * norm.scale, self.shift * norm.scale + norm.shift
        elif self.layers[-1].function == "identity":
            self.layers = fold(self.layers, norm, len(self.layers) - 1, after=False)
        else:
            raise other_kind("batch normalisation behind an activation", norm.name, self.file.name)

    def _is_used_twice(self) -> bool:
        return sum(self.current in node.input for node in self.model.graph.node) > 1

    def _function_by_trying(self) -> bool:
        """Whether the nodes up to the next layer are one of the known functions, in its parts: z Φ(z), z σ(z), …"""
        nodes = self._part_up_to_next_layer()
        reference = optional("onnx.reference")
        if not nodes or reference is None or self.layers[-1].function != "identity":
            return False
        helper, end = self.onnx.helper, nodes[-1].output[0]
        wide, number = len(self.layers[-1].weights), self.onnx.TensorProto.FLOAT
        used = {name for node in nodes for name in node.input}
        if any(self.values[name].size not in (1, wide) for name in used if name in self.values):
            return False
        graph = helper.make_graph(
            nodes,
            "function",
            [helper.make_tensor_value_info(self.current, number, [None, wide])],
            [helper.make_tensor_value_info(end, number, None)],
            [one for one in self.model.graph.initializer if one.name in used]
            + [
                self.onnx.numpy_helper.from_array(self.values[name], name)
                for name in used
                if name in self.values and name not in {one.name for one in self.model.graph.initializer}
            ],
        )
        part = helper.make_model(graph, opset_imports=self.model.opset_import, ir_version=self.model.ir_version)
        sums = np.linspace(-8, 8, 33, dtype=np.float32)
        try:
            (found,) = reference.ReferenceEvaluator(part).run(None, {self.current: np.tile(sums[:, None], (1, wide))})
        except Exception:  # what cannot be run is not known either
            return False
        for name, activation in ACTIVATIONS.items():
            if found.shape != (len(sums), wide) or activation.together:
                continue
            if np.allclose(found, apply(name, sums.astype(float))[:, None], atol=1e-5):
                self.layers[-1] = self.layers[-1].but(function=name)
                self.done |= {output for node in nodes for output in node.output}
                self.current = end
                return True
        return False

    def _part_up_to_next_layer(self) -> list[Any]:
        """The nodes that depend on the signal, up to the next layer or the output, if all are elementwise."""
        part, known = [], {self.current}
        for node in self.model.graph.node:
            if not known & set(node.input):
                continue
            if node.op_type in ("Gemm", "MatMul") or node.op_type in _AFTER:
                break
            if node.op_type not in _ELEMENTWISE or not set(node.input) <= known | set(self.values) | {""}:
                return []
            part.append(node)
            known |= set(node.output)
        return part


def _function(kind: str, attributes: dict[str, Any], others: Sequence[NDArray[Any]]) -> str | None:
    if kind in ("LeakyRelu", "Elu"):
        return function_named(kind, attributes.get("alpha", 0.01 if kind == "LeakyRelu" else 1.0))
    if kind == "HardSigmoid":
        middle = attributes.get("beta", 0.5)
        return function_named(kind, attributes.get("alpha", 0.2)) if middle == 0.5 else None
    if kind == "Gelu":
        return "gelu_tanh" if attributes.get("approximate", b"none") in (b"tanh", "tanh") else "gelu"
    if kind == "Clip":
        ends: list[Any] = [float(one.ravel()[0]) for one in others] or [attributes.get(key) for key in ("min", "max")]
        known: dict[tuple[Any, ...], str] = {(-1.0, 1.0): "hard_tanh", (0.0, 6.0): "relu6"}
        return known.get(tuple(ends))
    if kind == "Selu":
        return "selu" if not attributes or abs(attributes.get("alpha", 1.6732632) - 1.6732632) < 1e-5 else None
    plain = ("Relu", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus")
    return function_named(kind) if kind in plain else None


def _run(onnx: Any, model: Any, given: Any, final: str) -> Callable[[Floats], NDArray[Any]] | None:
    if final not in [one.name for one in model.graph.output]:
        return None
    if any(node.op_type not in _RUNNABLE for node in model.graph.node) or costs_too_much(model):
        return None
    reference = optional("onnx.reference")
    if reference is None:
        return None

    def run(inputs: Floats) -> NDArray[Any]:
        evaluator = reference.ReferenceEvaluator(model)
        shape = [one.dim_value or -1 for one in given.type.tensor_type.shape.dim][1:]
        kind = onnx.helper.tensor_dtype_to_np_dtype(given.type.tensor_type.elem_type)
        fixed = given.type.tensor_type.shape.dim[0].dim_value if given.type.tensor_type.shape.dim else 0

        def outputs(part: Floats) -> NDArray[Any]:
            found = evaluator.run([final], {given.name: part.reshape(len(part), *shape).astype(kind)})[0]
            if len(found) != len(part):
                raise ValueError("the graph takes one picture at a time")
            return np.asarray(found)

        try:
            return np.concatenate([outputs(part) for part in _parts(inputs, fixed or len(inputs))])
        except Exception:  # a graph may hold the number of pictures as a constant: then it takes one at a time
            return np.concatenate([outputs(part) for part in _parts(inputs, 1)])

    return run


def _parts(inputs: Floats, size: int) -> list[Floats]:
    return [inputs[first : first + size] for first in range(0, len(inputs), size)]
