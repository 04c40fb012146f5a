"""Files that torch.export, Equinox and Flax wrote, which are kept in tests/files."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from lesson.importing.inference import sums
from lesson.importing.model import ImportRefused, apply
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling
from tests.importing.conftest import FILES


@pytest.mark.parametrize(
    ("name", "program", "functions"),
    [
        ("exported.pt2", "pt2", [None, None, None]),
        ("leaves.eqx", "eqx", ["tanh", "tanh", "identity"]),
        ("leaves_and_optimiser.eqx", "eqx", ["tanh", "tanh", "identity"]),
        ("train_state.msgpack", "net", ["relu", "relu", "identity"]),
        ("batch_norm.msgpack", "bn", ["relu", "identity"]),
    ],
)
def test_files_that_torch_export_equinox_and_flax_wrote(name: str, program: str, functions: list[str | None]) -> None:
    """Programs of PyTorch 2.13, Equinox 0.13 and Flax 0.12 gave these outputs."""
    with np.load(FILES / "jax_and_torch.npz") as known:
        inputs, outputs = known["x"], known[program]
    model = read_model(FILES / name)
    if program == "pt2":
        assert [one.function for one in model.layers] == ["leaky_relu(0.2)", "leaky_relu", "softmax"]
    else:
        assert all(one.function is None for one in model.layers)
    model = model.with_functions(functions)
    found = sums(model, inputs, Scaling("", 1, 0))
    np.testing.assert_allclose(apply(model.layers[-1].function or "identity", found), outputs, atol=1e-5)
    if "optimiser" in name:
        assert model.notes == ("Of its 18 arrays the first 6 are the network; the others seem its optimiser's.",)


def test_leaves_behind_a_line_of_json_and_those_that_are_no_network(tmp_path: Path) -> None:
    leaves, file = (FILES / "leaves.eqx").read_bytes(), tmp_path / "x.eqx"
    file.write_bytes(b'{"width": 6}\n' + leaves)
    np.testing.assert_array_equal(
        read_model(file).layers[1].weights, read_model(FILES / "leaves.eqx").layers[1].weights
    )
    slope, long = io.BytesIO(), io.BytesIO()
    np.save(slope, np.float32(0.25))
    np.lib.format.write_array_header_1_0(long, {"descr": "<f4", "fortran_order": False, "shape": (10**6, 10**6)})
    for held, said in (
        (leaves[:1000], "an array of the file is longer than the file"),
        (leaves + long.getvalue(), "an array of the file is longer than the file"),
        (leaves + slope.getvalue(), "such as the slope of a PReLU"),
        (b"hello", "holds no leaves of Equinox"),
    ):
        file.write_bytes(held)
        with pytest.raises(ImportRefused, match=said):
            read_model(file)


def test_a_msgpack_of_lists_in_lists_takes_no_memory(tmp_path: Path) -> None:
    """Each list says that it is as long as the file."""
    (tmp_path / "x.msgpack").write_bytes(b"\xdd\x00\x00\xff\xff" * 200_000)
    with pytest.raises(ImportRefused, match="cannot be read as .msgpack"):
        read_model(tmp_path / "x.msgpack")
