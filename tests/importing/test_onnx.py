"""An ONNX graph is a chain of layers, or is refused with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.importing.inference import sums, work_out
from lesson.importing.model import ImportRefused, apply
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling
from network import Network
from network.digits import Digits


def onnx_model(onnx: Any, network: Network, wide: bool) -> Any:
    """With Gemm, as PyTorch writes it, or with MatMul and Add behind a division by 255, as others do."""
    helper, nodes, values, at = onnx.helper, [], [], "x"

    def value(name: str, array: np.ndarray) -> str:
        values.append(onnx.numpy_helper.from_array(np.asarray(array, np.float32), name))
        return name

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [f"t{len(nodes)}"], **attributes))
        return f"t{len(nodes) - 1}"

    if not wide:
        at = node("Div", at, value("white", np.float32(255).reshape(1)))
    at = node("Flatten", at)
    for n, layer in enumerate(network.layers):
        if wide:
            at = node("Gemm", at, value(f"w{n}", layer.weights), value(f"b{n}", layer.biases), transB=1)
        else:
            at = node("Add", node("MatMul", at, value(f"w{n}", layer.weights.T)), value(f"b{n}", layer.biases))
        at = node({"relu": "Relu", "sigmoid": "Sigmoid"}[layer.activation], at)
    made = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "g", [made("x", 1, ["n", 1, 8, 8])], [made(at, 1, ["n", network.sizes[-1]])], values
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_onnx(wide: bool, activation: str, trained: Any, digits: Digits, tmp_path: Path) -> None:
    import onnx

    onnx.save(onnx_model(onnx, trained(activation), wide), tmp_path / "x.onnx")
    model = read_model(tmp_path / "x.onnx")
    done = work_out(model, digits, digits, scaling=Scaling("", 1 if wide else 255, 0))
    assert done.difference is not None and done.difference < 1e-4
    np.testing.assert_allclose(
        done.network.predict(digits.vectors), trained(activation).predict(digits.vectors), atol=1e-4
    )


def test_onnx_with_a_convolution(trained: Any, tmp_path: Path) -> None:
    import onnx

    model = onnx_model(onnx, trained("relu"), True)
    model.graph.node.insert(0, onnx.helper.make_node("Conv", ["x", "w0"], ["c"], name="conv1"))
    model.graph.node[1].input[0] = "c"
    onnx.save(model, tmp_path / "x.onnx")
    with pytest.raises(ImportRefused, match="a convolution of the kind Conv .conv1"):
        read_model(tmp_path / "x.onnx")


def chain(onnx: Any, width: int, *nodes: tuple[str, tuple[str, ...], str, dict[str, Any]], **values: Any) -> Any:
    """A model from x (n, 64) to y, with these nodes (kind, inputs, output, attributes) and arrays."""
    helper = onnx.helper
    made = [helper.make_node(kind, list(given), [out], **attributes) for kind, given, out, attributes in nodes]
    arrays = [onnx.numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in values.items()]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(made, "g", [value("x", 1, ["n", 64])], [value("y", 1, ["n", width])], arrays)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def test_onnx_functions_in_parts_and_what_is_folded(digits: Digits, tmp_path: Path) -> None:
    import onnx

    rng = np.random.default_rng(3)
    w, v = rng.normal(0, 0.4, (5, 64)), rng.normal(0, 1, (3, 5))
    parts = {"s": rng.normal(size=5), "b": rng.normal(size=5), "m": rng.normal(size=5), "q": 0.5 + rng.random(5)}
    gelu = (
        ("Div", ("h", "root"), "h1", {}), ("Erf", ("h1",), "h2", {}), ("Add", ("h2", "one"), "h3", {}),
        ("Mul", ("h", "h3"), "h4", {}), ("Mul", ("h4", "half"), "k", {}),
    )  # fmt: skip
    silu = (("Sigmoid", ("h",), "h1", {}), ("Mul", ("h", "h1"), "k", {}))
    for function, nodes in (
        ("gelu", gelu),
        ("silu", silu),
        ("leaky_relu(0.3)", (("LeakyRelu", ("h",), "k", {"alpha": 0.3}),)),
    ):
        model = chain(
            onnx,
            3,
            ("Gemm", ("x", "w"), "z", {"transB": 1}),
            ("BatchNormalization", ("z", "s", "b", "m", "q"), "h", {"epsilon": 0.01}),
            *nodes,
            ("Gemm", ("k", "v"), "y0", {"transB": 1}),
            ("Softmax", ("y0",), "y", {"axis": 1}),
            **{"w": w, "v": v, "root": np.sqrt(2), "one": 1.0, "half": 0.5, **parts},
        )
        onnx.save(model, tmp_path / "x.onnx")
        found = read_model(tmp_path / "x.onnx")
        assert [layer.function for layer in found.layers] == [function, "softmax"]
        assert found.run is not None
        ours = apply("softmax", sums(found, digits.vectors, Scaling("", 1, 0)))
        np.testing.assert_allclose(ours, found.run(digits.vectors), atol=1e-5)


def test_onnx_skip_connections_are_refused_and_odd_nodes_not_run(tmp_path: Path) -> None:
    import onnx

    product = ("Gemm", ("x", "w"), "h", {"transB": 1})
    end = ("Gemm", ("k", "v"), "y", {"transB": 1})
    arrays = {"w": np.ones((64, 64)), "v": np.ones((3, 64))}
    onnx.save(chain(onnx, 3, product, ("Add", ("x", "h"), "k", {}), end, **arrays), tmp_path / "x.onnx")
    with pytest.raises(ImportRefused, match="such as a skip connection"):
        read_model(tmp_path / "x.onnx")
    beside = ("ConstantOfShape", ("size",), "unused", {})
    onnx.save(
        chain(onnx, 3, product, ("Relu", ("h",), "k", {}), beside, end, size=[9.0], **arrays), tmp_path / "x.onnx"
    )
    found = read_model(tmp_path / "x.onnx")
    assert found.run is None and found.why_not_run == "onnx cannot run all of its nodes"
