"""Judges an ONNX graph before it is run: no loops, and nothing that grows beyond its weights."""

from __future__ import annotations

from math import prod
from typing import Any

from lesson.importing.model import ImportRefused, other_kind

_MOST_NODES, _MOST_NUMBERS = 2_000, 10_000_000
_OUR_DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
# They give as many numbers as they take, or fewer.
_NEVER_GROW = (
    *("Constant", "Shape", "Size", "Concat", "Slice", "Split", "Squeeze", "Unsqueeze", "Cast", "CastLike", "Identity"),
    *("Transpose", "Reshape", "Flatten", "Dropout", "Relu", "LeakyRelu", "PRelu", "ThresholdedRelu", "Elu", "Selu"),
    *(
        "Celu",
        "Gelu",
        "Mish",
        "Swish",
        "Sigmoid",
        "HardSigmoid",
        "HardSwish",
        "Tanh",
        "Softplus",
        "Softsign",
        "Softmax",
    ),
    *("LogSoftmax", "Clip", "Erf", "Exp", "Log", "Sqrt", "Neg", "Abs", "Reciprocal", "Not", "BatchNormalization"),
    *("LayerNormalization", "Scaler", "Normalizer", "ArgMax", "TopK", "ReduceMax", "ReduceMean", "ReduceSum", "ZipMap"),
    *("ReduceL2", "Binarizer", "ArrayFeatureExtractor"),
)
# They may give as many numbers as the product of what they take.
_MAY_GROW = (
    *("Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean", "Gather", "Where"),
    *("Equal", "Less", "Greater"),
)


def check_graph(onnx: Any, model: Any, file: str) -> None:
    """ImportRefused where running the graph of a model could take for ever, or fill the memory."""
    graph = model.graph
    if len(graph.node) > _MOST_NODES:
        raise ImportRefused(
            f"{file} has {len(graph.node):,} nodes, and at most {_MOST_NODES:,} can be imported; choose a smaller one"
        )
    # How many numbers each constant holds; what depends on the picture is not in it.
    sizes = {one.name: prod(one.dims) for one in graph.initializer}
    for node in graph.node:
        has_graph = any(one.HasField("g") or one.graphs for one in node.attribute)
        if has_graph or node.domain not in _OUR_DOMAINS or node.op_type not in (*_NEVER_GROW, *_MAY_GROW):
            what = "a loop or a branch" if has_graph else f"a node of the kind {node.op_type}"
            raise other_kind(what, node.name or node.op_type, file)
        given = [sizes[name] for name in node.input if name in sizes]
        if len(given) < sum(map(bool, node.input)):
            continue
        if node.op_type == "Constant":
            size = sum(prod(one.t.dims) for one in node.attribute)
        else:
            size = prod(given) if node.op_type in _MAY_GROW else sum(given)
        if size > _MOST_NUMBERS:
            raise ImportRefused(f"{file} makes up to {size:,} numbers out of its constants; export the network alone")
        sizes.update(dict.fromkeys(node.output, size))
