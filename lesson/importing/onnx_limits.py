"""Judges an ONNX graph before it is run: whether it could go on for ever, or fill the memory."""

from __future__ import annotations

from math import prod
from typing import Any

_MOST_NUMBERS = 10_000_000
_OUR_DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
# These may give as many numbers as the product of what they take; all others that are run give no more than the sum.
_MAY_GROW = (
    *("Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Where", "Gather"),
    *("Less", "Greater", "LessOrEqual", "GreaterOrEqual", "BatchNormalization", "Scaler"),
)


def costs_too_much(model: Any) -> bool:
    """Whether running the graph of a model could take for ever, or fill the memory.

    Its nodes must be of kinds that neither loop nor make numbers out of nothing. What depends on the picture is as
    large as the layers that were read; what is computed from constants alone is bounded here.
    """
    sizes = {one.name: prod(one.dims) for one in model.graph.initializer}
    for node in model.graph.node:
        if node.domain not in _OUR_DOMAINS or any(one.HasField("g") or one.graphs for one in node.attribute):
            return True
        given = [sizes[name] for name in node.input if name in sizes]
        if len(given) < sum(map(bool, node.input)):
            continue
        if node.op_type == "Constant":
            size = sum(prod(one.t.dims) for one in node.attribute)
        else:
            size = prod(given) if node.op_type in _MAY_GROW else sum(given)
        if size > _MOST_NUMBERS:
            return True
        sizes.update(dict.fromkeys(node.output, size))
    return False
