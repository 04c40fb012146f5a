"""Networks for other programs: the layers of a network as ONNX, safetensors and JSON, all of which `readers` reads.

All three hold weights as (n_out, n_in), in 32 bits as in a checkpoint, the activation functions and the names of the
classes; the input is brightness from 0 (black) to 1 (white), row by row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lesson.importing.packages import require
from network import Layer, Network
from network.activations import parameter_of
from network.files import atomic_write

INPUT, OUTPUT = "brightness", "outputs"
# The first opset with a node for GELU.
_OPSET = 20


def write_onnx(file: Path, network: Network, class_names: Sequence[str]) -> None:
    """A graph from `INPUT` (n, n_in) to `OUTPUT` (n, n_out), for any number of pictures n."""
    onnx = require("onnx", file, "writing")
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    nodes: list[Any] = []
    arrays: list[Any] = []
    signal = INPUT
    for place, layer in enumerate(network.layers, 1):
        names = f"weights_{place}", f"biases_{place}"
        for name, array in zip(names, (layer.weights, layer.biases), strict=True):
            arrays.append(onnx.numpy_helper.from_array(np.asarray(array, np.float32), name))
        ends = f"activations_{place}" if place < len(network.layers) else OUTPUT
        sums = ends if layer.activation == "identity" else f"sums_{place}"
        nodes.append(helper.make_node("Gemm", [signal, *names], [sums], f"layer {place}", transB=1))
        nodes += _function_nodes(onnx, layer, sums, ends, arrays)
        signal = ends
    ends_of = {INPUT: network.sizes[0], OUTPUT: network.sizes[-1]}
    given, made = (helper.make_tensor_value_info(name, number, ["n", size]) for name, size in ends_of.items())
    graph = helper.make_graph(nodes, "network", [given], [made], arrays)
    model = helper.make_model(
        graph, producer_name="knobs", opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9
    )
    helper.set_model_props(model, {"class_names": json.dumps(list(class_names), ensure_ascii=False)})
    onnx.checker.check_model(model)
    atomic_write(file, model.SerializeToString())


def _function_nodes(onnx: Any, layer: Layer, sums: str, ends: str, arrays: list[Any]) -> list[Any]:
    """The nodes of a layer's activation function, from its sums to its activations."""
    family, parameter = parameter_of(layer.activation)

    def node(kind: str, **settings: Any) -> list[Any]:
        return [onnx.helper.make_node(kind, [sums], [ends], **settings)]

    def clipped(low: float, high: float) -> list[Any]:
        limits = [f"{ends} from", f"{ends} to"]
        values = zip(limits, (low, high), strict=True)
        arrays.extend(onnx.numpy_helper.from_array(np.float32(value), name) for name, value in values)
        return [onnx.helper.make_node("Clip", [sums, *limits], [ends])]

    def gated() -> list[Any]:
        gate = f"{ends} gate"
        return [
            onnx.helper.make_node("Sigmoid", [sums], [gate]),
            onnx.helper.make_node("Mul", [sums, gate], [ends]),
        ]

    return {
        "identity": list,
        "sigmoid": lambda: node("Sigmoid"),
        "relu": lambda: node("Relu"),
        "softmax": lambda: node("Softmax", axis=-1),
        "tanh": lambda: node("Tanh"),
        "leaky_relu": lambda: node("LeakyRelu", alpha=parameter),
        "elu": lambda: node("Elu", alpha=parameter),
        "hard_sigmoid": lambda: node("HardSigmoid", alpha=parameter, beta=0.5),
        "selu": lambda: node("Selu"),
        "gelu": lambda: node("Gelu", approximate="none"),
        "gelu_tanh": lambda: node("Gelu", approximate="tanh"),
        "silu": gated,
        "softplus": lambda: node("Softplus"),
        "hard_tanh": lambda: clipped(-1, 1),
        "relu6": lambda: clipped(0, 6),
    }[family]()


def write_safetensors(file: Path, network: Network, class_names: Sequence[str]) -> None:
    """Tensors named as in torch.nn.Sequential(Linear, function, Linear, …): 0.weight, 0.bias, 2.weight, …"""
    numpy = require("safetensors.numpy", file, "writing")
    tensors = {}
    for place, layer in enumerate(network.layers):
        tensors[f"{2 * place}.weight"] = np.array(layer.weights, np.float32)
        tensors[f"{2 * place}.bias"] = np.array(layer.biases, np.float32)
    told = {
        "activations": json.dumps(network.activations),
        "class_names": json.dumps(list(class_names), ensure_ascii=False),
    }
    atomic_write(file, numpy.save(tensors, told))


def write_json(file: Path, network: Network, class_names: Sequence[str]) -> None:
    """Lists of numbers, each as short as it can be to give the same 32 bits."""
    held = {
        "sizes": network.sizes,
        "activations": network.activations,
        "class_names": list(class_names),
        "weights": [[_numbers(row) for row in layer.weights] for layer in network.layers],
        "biases": [_numbers(layer.biases) for layer in network.layers],
    }
    atomic_write(file, json.dumps(held, ensure_ascii=False).encode())


def _numbers(array: Any) -> list[float]:
    return [float(str(number)) for number in np.asarray(array, np.float32)]


WRITERS: dict[str, Callable[[Path, Network, Sequence[str]], None]] = {
    ".onnx": write_onnx,
    ".safetensors": write_safetensors,
    ".json": write_json,
}


def _in_torch(network: Network) -> str:
    """The layers as PyTorch writes them, for which the tensors of `write_safetensors` are named."""
    parts = []
    for layer in network.layers:
        family, parameter = parameter_of(layer.activation)
        if layer.activation.startswith("hard_sigmoid("):
            return "Linear layers, 0, 2, 4, … of a Sequential; PyTorch has no such hard sigmoid between them"
        parts += [f"Linear({layer.n_in}, {layer.n_out})", _IN_TORCH[family].format(parameter)]
    return f"Sequential({', '.join(parts)})"


_IN_TORCH = {
    "identity": "Identity()", "sigmoid": "Sigmoid()", "relu": "ReLU()", "softmax": "Softmax(-1)", "tanh": "Tanh()",
    "leaky_relu": "LeakyReLU({})", "elu": "ELU({})", "hard_sigmoid": "Hardsigmoid()", "selu": "SELU()",
    "gelu": "GELU()", "gelu_tanh": "GELU('tanh')", "silu": "SiLU()", "softplus": "Softplus()",
    "hard_tanh": "Hardtanh()", "relu6": "ReLU6()",
}  # fmt: skip

# One sentence on each kind of file for those who open it.
HOW_TO_USE: dict[str, Callable[[Network], str]] = {
    ".onnx": lambda network: (
        f"It takes {INPUT!r} (n, {network.sizes[0]}) and gives {OUTPUT!r} (n, {network.sizes[-1]})."
    ),
    ".safetensors": lambda network: f"In PyTorch it is the state dict of {_in_torch(network)}.",
    ".json": lambda network: "weights[l][j][i] is the weight from neuron i to neuron j of layer l, counted from 0.",
}
