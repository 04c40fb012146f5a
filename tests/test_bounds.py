"""Whatever small file comes: it is judged before it is read, and damage is told in one sentence, never as a fault."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import struct
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h5py
import numpy as np
import onnx
import pytest
import scipy.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from PIL import Image
from safetensors.numpy import save_file

from lesson.importing import datasets
from lesson.importing.arrays import layers_of_arrays
from lesson.importing.brightness import Unreadable, read_picture
from lesson.importing.model import ImportRefused
from lesson.importing.readers import read_model
from network import Network
from network.checkpoint import load_checkpoint
from network.digits import load_digits, read_idx
from network.errors import CheckpointError, DataError, KnobsError
from network.metadata import read_metadata
from tests.network.conftest import idx_bytes, pictures, write_idx
from tests.scenes.conftest import make_checkpoint

LAYERS = {"fc1.weight": (4, 16), "fc1.bias": (4,), "fc2.weight": (3, 4), "fc2.bias": (3,)}


def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in LAYERS.items()}


# ----------------------------------------------------------------------------------------- pipes and devices


@pytest.mark.parametrize(
    "read",
    [load_checkpoint, read_idx, read_model, datasets.as_idx_folder],
    ids=["checkpoint", "idx", "network", "data"],
)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    os.mkfifo(tmp_path / "x.npz")
    for file in (tmp_path / "x.npz", Path("/dev/zero")):
        with pytest.raises(KnobsError, match="is a pipe or a device, not a file"):
            read(file)
    assert read_metadata(tmp_path / "x.npz") is None


# ----------------------------------------------------------------------------------- what unpacks to too much


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 70 kB with 70 MB of zeros."""
    file = tmp_path_factory.mktemp("bomb") / "x.npz"
    np.savez_compressed(file, images=np.zeros((70, 1000, 1000), np.uint8))
    assert file.stat().st_size < 100_000
    return file


@pytest.mark.parametrize("read", [load_checkpoint, read_model, datasets.as_idx_folder])
def test_an_archive_that_unpacks_to_too_much_is_refused(bomb: Path, read: Callable[[Path], Any]) -> None:
    with pytest.raises(KnobsError, match=r"would unpack from .* kB to 70.0 MB"):
        read(bomb)
    assert read_metadata(bomb) is None


def test_idx_files_that_unpack_to_too_much_are_refused(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "train-images-idx3-ubyte.gz", "wb", compresslevel=1) as file:
        file.write(struct.pack(">4B3I", 0, 0, 8, 3, 70, 1000, 1000))
        for _ in range(70):
            file.write(bytes(1_000_000))
    with pytest.raises(DataError, match="would unpack to over 64 MB"):
        read_idx(tmp_path / "train-images-idx3-ubyte.gz")


def test_variables_of_matlab_that_unpack_to_too_much_are_refused(tmp_path: Path) -> None:
    scipy.io.savemat(tmp_path / "x.mat", {"W1": np.zeros((9_000_000, 1), np.uint8)}, do_compression=True)
    with pytest.raises(ImportRefused, match=r"would unpack from .* kB to 72\.0 MB"):
        read_model(tmp_path / "x.mat")


def test_a_file_far_larger_than_a_network_is_not_read(tmp_path: Path) -> None:
    for name in ("x.npy", "x.pt2", "x.eqx", "x.msgpack", "x.safetensors"):
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, 251_000_000)
        with pytest.raises(ImportRefused, match="is 0.3 GB, far larger than any network that can be drawn"):
            read_model(tmp_path / name)


@pytest.mark.parametrize("kind", ["lazy", "external", "virtual"])
def test_hdf5_that_is_lazy_or_lies_elsewhere_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "secret").write_bytes(bytes(64 * 4))
    with h5py.File(tmp_path / "x.h5", "w") as file:
        if kind == "lazy":
            file.create_dataset("layer/kernel", (30_000, 30_000), "f4", chunks=(100, 100))
        elif kind == "external":
            file.create_dataset("layer/kernel", (16, 4), "f4", external=[(str(tmp_path / "secret"), 0, 64 * 4)])
        else:
            layout = h5py.VirtualLayout((16, 4), "f4")
            layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "kernel", (16, 4))
            file.create_virtual_dataset("layer/kernel", layout)
    said = r"would unpack from .* to 3\.6 GB" if kind == "lazy" else "lies in another file, which is not opened"
    with pytest.raises(ImportRefused, match=said):
        read_model(tmp_path / "x.h5")


def test_a_picture_of_too_many_pixels_is_not_decoded_and_a_large_one_is_kept_small(tmp_path: Path) -> None:
    Image.new("1", (8_000, 7_000)).save(tmp_path / "x.png")
    with pytest.raises(Unreadable, match="has 8000×7000 pixels"):
        read_picture(tmp_path / "x.png")
    Image.new("1", (4_000, 3_000), 1).save(tmp_path / "y.png")
    assert max(read_picture(tmp_path / "y.png").shape) < 200
    # Twelve of these took 20 seconds.
    Image.new("RGBA", (6_000, 6_000), (255, 255, 255, 255)).save(tmp_path / "z.png")
    with pytest.raises(Unreadable, match=r"would unpack from .* to 144\.0 MB"):
        read_picture(tmp_path / "z.png")


@pytest.mark.parametrize("size", [(1, 400), (400, 1), (1, 1)])
def test_pictures_of_any_shape_fit_into_a_square(tmp_path: Path, size: tuple[int, int]) -> None:
    for number in range(4):
        for name in "ab":
            (tmp_path / name).mkdir(exist_ok=True)
            Image.new("L", size, 60 + 40 * number).save(tmp_path / name / f"{number}.png")
    Image.new("L", (30, 20), 90).save(tmp_path / "a" / "other.png")
    assert load_digits(datasets.as_idx_folder(tmp_path).folder, "train").side == 28


# -------------------------------------------------------------------------------------------- chains and graphs


def test_an_order_of_many_layers_is_found_or_not_without_trying_all() -> None:
    rng = np.random.default_rng(0)
    layers = {f"{n:02}.weight": np.zeros((8, 8)) for n in range(60)}
    with pytest.raises(ImportRefused, match="do not fit one after the other"):
        layers_of_arrays({**layers, "zz.weight": np.zeros((5, 7))}, None, "x")
    widths = [30, 8, 8, 12, 8, 5]
    mixed = {f"{rng.integers(10**9)}.weight": np.zeros((o, i)) for i, o in zip(widths, widths[1:], strict=False)}
    for _ in range(20):
        names = list(mixed)
        rng.shuffle(names)
        found = layers_of_arrays({name: mixed[name] for name in names}, "out, in", "x")
        assert sorted(layer.name for layer in found) == sorted(names)
        assert found[0].weights.shape[1] == 30 and len(found[-1].weights) == 5
        assert all(len(a.weights) == b.weights.shape[1] for a, b in zip(found, found[1:], strict=False))


def onnx_model(*first: Any, constants: dict[str, np.ndarray] | None = None) -> Any:
    """A network of two layers, with these nodes before it."""
    given = {name.replace(".", "_"): array for name, array in arrays().items()} | (constants or {})
    nodes = [
        helper.make_node("Gemm", ["x", "fc1_weight", "fc1_bias"], ["g"], transB=1),
        helper.make_node("Sigmoid", ["g"], ["s"]),
        helper.make_node("Gemm", ["s", "fc2_weight", "fc2_bias"], ["y"], transB=1),
    ]
    graph = helper.make_graph(
        [*first, *nodes],
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 16])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])],
        [onnx.numpy_helper.from_array(array, name) for name, array in given.items()],
    )
    return helper.make_model(graph)


def test_an_onnx_graph_is_judged_before_it_is_run(tmp_path: Path) -> None:
    body = helper.make_graph([], "body", [], [])
    long = np.zeros((5_000, 1), np.float32)
    for nodes, constants, runs in (
        ([], {}, True),
        ([helper.make_node("MatMul", ["l", "w"], ["big"])], {"l": long[:9], "w": long.T}, True),
        ([helper.make_node("MatMul", ["l", "w"], ["big"])], {"l": long, "w": long.T}, False),
        ([helper.make_node("Loop", ["m", "c"], [], body=body)], {"m": np.array(10**12), "c": np.array(True)}, False),
        ([helper.make_node("ConstantOfShape", ["m"], ["big"])], {"m": np.array([10**9])}, False),
        (
            [helper.make_node("Concat", [f"m{n}"] * 2, [f"m{n + 1}"], axis=0) for n in range(40)],
            {"m0": np.zeros(9, np.float32)},
            False,
        ),
    ):
        onnx.save(onnx_model(*nodes, constants=constants), tmp_path / "x.onnx")
        model = read_model(tmp_path / "x.onnx")
        assert len(model.layers) == 2 and (model.run is not None) is runs
    many = [helper.make_node("Identity", ["m"], [f"i{n}"]) for n in range(2_001)]
    onnx.save(onnx_model(*many, constants={"m": np.array(1)}), tmp_path / "x.onnx")
    with pytest.raises(ImportRefused, match="2004 nodes"):
        read_model(tmp_path / "x.onnx")


# ------------------------------------------------------------------------------------------------ mutated files


FILES = (
    *("checkpoint.npz", "data.npz", "data.csv", "images", "images.gz"),
    *(f"network.{kind}" for kind in ("npz", "npy", "mat", "json", "safetensors", "onnx", "h5", "skops")),
    *("network.pt2", "network.eqx", "network.msgpack"),
    *(f"picture.{kind}" for kind in ("png", "jpg", "gif", "tiff", "webp", "bmp")),
)


@cache
def whole_files() -> dict[str, bytes]:
    """A good file of every kind that is read, by its name."""
    import skops.io
    from sklearn.neural_network import MLPClassifier

    with TemporaryDirectory() as place:
        folder = Path(place)
        images, labels = pictures(12, side=4)
        make_checkpoint(Network.random([16, 4, 3], np.random.default_rng(0))).save(folder / "checkpoint.npz")
        np.savez(folder / "network.npz", **arrays())
        np.save(folder / "network.npy", arrays()["fc1.weight"])
        scipy.io.savemat(folder / "network.mat", {f"{n[4]}{n[2]}": a for n, a in arrays().items()}, do_compression=True)
        listed = {f"{name[4]}{name[2]}": array.tolist() for name, array in arrays().items()}
        (folder / "network.json").write_text(json.dumps(listed))
        np.savez_compressed(folder / "data.npz", images=images, labels=labels)
        save_file(arrays(), folder / "network.safetensors")
        onnx.save(onnx_model(), folder / "network.onnx")
        for made, kind in (("exported", "pt2"), ("leaves", "eqx"), ("batch_norm", "msgpack")):
            shutil.copy(Path(__file__).parent / "files" / f"{made}.{kind}", folder / f"network.{kind}")
        with h5py.File(folder / "network.h5", "w") as file:
            for name, array in arrays().items():
                file[name.replace(".", "/")] = array.T
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it may stop before it has learned
            classifier = MLPClassifier((4,), max_iter=1).fit(images.reshape(12, -1), labels)
        skops.io.dump(classifier, folder / "network.skops")
        rows = np.column_stack([labels, images.reshape(12, -1)]).tolist()
        (folder / "data.csv").write_text("\n".join(",".join(map(str, row)) for row in rows))
        write_idx(folder / "images.gz", images)
        (folder / "images").write_bytes(idx_bytes(images))
        for kind in ("png", "jpg", "gif", "tiff", "webp", "bmp"):
            Image.fromarray(np.kron(images[0], np.ones((4, 4), np.uint8))).save(folder / f"picture.{kind}")
        return {file.name: file.read_bytes() for file in folder.iterdir()}


def read_any(file: Path) -> None:
    """Read a file as its name says."""
    kind = file.name.split(".")[0]
    if kind == "network":
        read_model(file)
    elif kind == "checkpoint":
        read_metadata(file)
        load_checkpoint(file)
    elif kind == "data":
        datasets.as_idx_folder(file, converted=file.parent / "converted")
    elif kind == "images":
        read_idx(file)
    else:
        read_picture(file)


changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "repeat", "number"]),
        st.floats(0, 1),
        st.integers(0, 255),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=4,
)


def changed(data: bytes, ways: list[tuple[str, float, int, int]]) -> bytes:
    for way, where, value, length in ways:
        at = int(where * len(data))
        if way == "set":
            data = data[:at] + bytes([value]) + data[at + 1 :]
        elif way == "cut":
            data = data[:at] + data[at + length :] if value % 4 else data[:at]
        elif way == "repeat":
            data = data[:at] + data[at : at + length] + data[at:]
        else:
            data = data[:at] + struct.pack("<I", 2 ** (value % 32)) + data[at + 4 :]
    return data


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=int(os.environ.get("KNOBS_MUTATIONS", "25")), suppress_health_check=list(HealthCheck))
@given(ways=changes)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, ways: list[tuple[str, float, int, int]]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "mutated"
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(changed(whole_files()[name], ways))
    try:
        read_any(file)
    except (KnobsError, Unreadable) as problem:
        assert "\n" not in str(problem).strip()
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"metadata": np.array("[" * 100_000)}, "is damaged"),
        ({"metadata": np.array("{}")}, "of an unknown format"),
    ],
)
def test_metadata_of_any_text_is_refused_in_a_sentence(
    tmp_path: Path, arrays: dict[str, np.ndarray], said: str
) -> None:
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(CheckpointError, match=said):
        load_checkpoint(tmp_path / "x.npz")


def test_a_good_file_of_every_kind_is_read(tmp_path: Path) -> None:
    assert set(whole_files()) == set(FILES)
    for name, data in whole_files().items():
        (tmp_path / name).write_bytes(data)
        read_any(tmp_path / name)
