from __future__ import annotations

import dataclasses
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network import Network
from network.checkpoint import Checkpoint, CheckpointError, Metadata, load_checkpoint, of_run
from network.digits import Digits
from network.distortion import Distortion
from network.training import TrainingSettings, best_of, train

ROOT = Path(__file__).resolve().parents[2]
DATE = "2026-01-02T03:04:05Z"
Arrays = dict[str, Any]


def metadata(classes: int = 3, **changes: Any) -> Metadata:
    whole = Metadata(
        settings=dataclasses.asdict(TrainingSettings(distortion=Distortion())),
        seed=7,
        epoch=2,
        train_accuracy=0.75,
        validation_accuracy=None,
        test_accuracy=0.5,
        data_name="tiny",
        data_md5={"train-images-idx3-ubyte": "0" * 32},
        class_names=tuple(f"class {k}" for k in range(classes)),
        versions={"numpy": np.__version__},
        date=DATE,
    )
    return dataclasses.replace(whole, **changes)


def a_checkpoint(
    sizes: tuple[int, ...] = (4, 5, 3), seed: int = 0, hidden: str = "sigmoid", shots: int = 4
) -> Checkpoint:
    rng = np.random.default_rng(seed)
    network = Network.random(sizes, rng, hidden)
    history = rng.uniform(0, 1, (3, 3))
    history[:, 2] = np.nan
    parameters = rng.normal(size=(shots, network.parameter_count)).astype(np.float32)
    return Checkpoint(network, metadata(sizes[-1]), history, np.arange(shots), np.arange(shots) / 2, parameters)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "network.npz"
    a_checkpoint().save(path)
    return path


def change(path: Path, edit: Callable[[Arrays], Any]) -> None:
    """Rewrite the archive with its arrays edited."""
    with np.load(path) as archive:
        arrays = dict(archive)
    edit(arrays)
    np.savez(path, **arrays)


def change_metadata(path: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    def edit_array(arrays: Arrays) -> None:
        told = json.loads(str(arrays["metadata"]))
        edit(told)
        arrays["metadata"] = np.array(json.dumps(told))

    change(path, edit_array)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(1, 7), min_size=2, max_size=5),
    seed=st.integers(0, 2**32 - 1),
    hidden=st.sampled_from(["sigmoid", "relu", "identity"]),
    shots=st.integers(0, 5),
)
def test_what_is_saved_is_loaded_again(tmp_path: Path, sizes: list[int], seed: int, hidden: str, shots: int) -> None:
    path = tmp_path / "x.npz"
    before = a_checkpoint(tuple(sizes), seed, hidden, shots)
    before.save(path)
    after = load_checkpoint(path)
    assert after.metadata == before.metadata
    assert after.network.sizes == tuple(sizes)
    assert after.network.activations == before.network.activations
    assert after.network.parameters().tobytes() == before.network.parameters().tobytes()
    for name in ("history", "snapshot_steps", "snapshot_epochs", "snapshot_parameters"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
        assert not getattr(after, name).flags.writeable
    assert after.fingerprint == before.fingerprint
    assert [file.name for file in tmp_path.iterdir()] == ["x.npz"]


def test_a_network_of_doubles_stays_one(tmp_path: Path) -> None:
    network = Network.random([2, 1], np.random.default_rng(0), dtype=np.float64)
    checkpoint = Checkpoint(network, metadata(1), np.zeros((1, 3)), np.zeros(0), np.zeros(0), np.zeros((0, 3)))
    checkpoint.save(tmp_path / "x.npz")
    again = load_checkpoint(tmp_path / "x.npz")
    assert again.network.dtype == np.float64
    assert again.fingerprint == checkpoint.fingerprint


def test_the_fingerprint_is_of_the_network_and_not_of_its_training() -> None:
    one = a_checkpoint()
    assert len(one.fingerprint) == 64
    assert dataclasses.replace(one, metadata=metadata(seed=8)).fingerprint == one.fingerprint
    knobs = one.network.parameters()
    knobs[3] = np.nextafter(knobs[3], np.float32(9))
    others = [
        Network.from_parameters(knobs, one.network.sizes, one.network.activations),
        Network.from_parameters(one.network.parameters(), one.network.sizes, ("relu", "sigmoid")),
    ]
    prints = {dataclasses.replace(one, network=network).fingerprint for network in others}
    assert len(prints | {one.fingerprint}) == 3


def test_other_keys_in_the_metadata_do_no_harm(saved: Path) -> None:
    change_metadata(saved, lambda told: told.update(note="by a later version", teacher=None))
    assert load_checkpoint(saved).metadata == metadata()


def test_the_settings_come_back_as_settings(saved: Path) -> None:
    assert load_checkpoint(saved).training_settings() == TrainingSettings(distortion=Distortion())
    change_metadata(saved, lambda told: told["settings"].update(momentum=0.9))
    with pytest.raises(CheckpointError, match=r"settings that this version cannot use.*momentum"):
        load_checkpoint(saved).training_settings()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 100_000))
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, cut: int) -> None:
    path, whole = tmp_path / "x.npz", io.BytesIO()
    np.savez_compressed(whole, **a_checkpoint()._arrays())
    data = whole.getvalue()
    path.write_bytes(data[: cut % len(data)])
    with pytest.raises(CheckpointError, match=r"x\.npz is (cut off|not a checkpoint|damaged)"):
        load_checkpoint(path)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 100_000), value=st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_changes_nothing(tmp_path: Path, place: int, value: int) -> None:
    path = tmp_path / "x.npz"
    before = a_checkpoint()
    before.save(path)
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= value
    path.write_bytes(data)
    try:
        after = load_checkpoint(path)
    except CheckpointError as problem:
        assert "x.npz" in str(problem)
        assert "\n" not in str(problem)
    else:  # a byte that nobody reads, like a date in the archive
        assert after.fingerprint == before.fingerprint


def test_every_array_is_needed_and_no_other_is_taken(saved: Path) -> None:
    whole = saved.read_bytes()
    with np.load(saved) as archive:
        names = archive.files
    assert len(names) == 9
    for name in names:
        saved.write_bytes(whole)
        change(saved, lambda arrays, name=name: arrays.pop(name))
        with pytest.raises(
            CheckpointError, match="it has no metadata" if name == "metadata" else f"lacks the array {name}"
        ):
            load_checkpoint(saved)
    saved.write_bytes(whole)
    change(saved, lambda arrays: arrays.update(weights_3=np.zeros((3, 3))))
    with pytest.raises(CheckpointError, match="holds an array weights_3, which does not belong to its 2 layers"):
        load_checkpoint(saved)


@pytest.mark.parametrize(
    ("name", "array", "sentence"),
    [
        ("weights_1", np.zeros((5, 3), np.float32), r"weights_1 has the shape \(5, 3\); expected \(5, 4\)"),
        ("weights_2", np.zeros(15, np.float32), r"weights_2 has the shape \(15,\); expected \(3, 5\)"),
        ("biases_2", np.zeros(4, np.float32), r"biases_2 has the shape \(4,\)"),
        ("weights_1", np.zeros((5, 4), np.int64), "weights_1 holds int64 numbers"),
        ("weights_1", np.full((5, 4), np.nan, np.float32), "weights_1 holds a NaN"),
        ("biases_1", np.full(5, np.inf, np.float32), "biases_1 holds a NaN or an infinity"),
        ("history", np.zeros((3, 2)), r"history has the shape \(3, 2\); expected \(any, 3\)"),
        (
            "snapshots_parameters",
            np.zeros((4, 42), np.float32),
            r"snapshots_parameters has the shape \(4, 42\); expected \(4, 43\)",
        ),
        ("snapshots_parameters", np.zeros((3, 43), np.float32), "snapshots_parameters has the shape"),
        ("snapshots_parameters", np.full((4, 43), np.nan, np.float32), "snapshots_parameters holds a NaN"),
        ("snapshots_epochs", np.zeros(3), "snapshots_epochs has the shape"),
        ("snapshots_steps", np.zeros((4, 1), int), "snapshots_steps has the shape"),
        ("snapshots_steps", np.zeros(4), "snapshots_steps holds float64 numbers"),
        ("metadata", np.array("{"), "the metadata of .* is damaged"),
        ("metadata", np.array("[]"), "unknown format None"),
        ("metadata", np.zeros(3), "it has no metadata"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(saved: Path, name: str, array: np.ndarray, sentence: str) -> None:
    change(saved, lambda arrays: arrays.update({name: array}))
    with pytest.raises(CheckpointError, match=sentence) as caught:
        load_checkpoint(saved)
    assert str(saved) in str(caught.value)
    assert "./knobs train" in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("format", 2, "is of format 2, newer than this program reads .*; update Knobs"),
        ("format", "one", "unknown format 'one'"),
        ("sizes", [4, 5], "2 activations for sizes"),
        ("sizes", [4, 5.0, 3], "an unusable sizes"),
        ("sizes", [4, 5, 2], "names 3 classes for 2 outputs"),
        ("activations", ["sigmoid", "mish"], "the activation 'mish'; this program knows sigmoid"),
        ("seed", -1, "an unusable seed"),
        ("seed", True, "an unusable seed"),
        ("test_accuracy", 97.2, "an unusable test_accuracy"),
        ("class_names", ["a", "b", 3], "an unusable class_names"),
        ("class_names", ["a", "b"], "names 2 classes for 3 outputs"),
        ("date", None, "an unusable date"),
    ],
)
def test_metadata_that_makes_no_sense_is_refused(saved: Path, key: str, value: Any, sentence: str) -> None:
    change_metadata(saved, lambda told: told.update({key: value}))
    with pytest.raises(CheckpointError, match=sentence):
        load_checkpoint(saved)


@pytest.mark.parametrize("key", [field.name for field in dataclasses.fields(Metadata)])
def test_every_known_key_of_the_metadata_is_needed(saved: Path, key: str) -> None:
    change_metadata(saved, lambda told: told.pop(key))
    with pytest.raises(CheckpointError, match=f"has no {key}"):
        load_checkpoint(saved)


def test_what_is_no_checkpoint_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError, match=r"there is no checkpoint .*gone.npz; choose one with --checkpoint FILE, or train"
    ):
        load_checkpoint(tmp_path / "gone.npz")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(tmp_path)
    other = tmp_path / "other.npz"
    other.write_text("hello")
    with pytest.raises(CheckpointError, match="is not a checkpoint; choose one"):
        load_checkpoint(other)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(CheckpointError, match="not a checkpoint made by Knobs"):
        load_checkpoint(other)
    np.savez(other, metadata=np.array({"a": 1}, dtype=object))
    with pytest.raises(CheckpointError, match="damaged"):  # never unpickled
        load_checkpoint(other)


def test_a_checkpoint_says_when_it_does_not_fit_the_data(saved: Path) -> None:
    checkpoint = load_checkpoint(saved)
    names = checkpoint.metadata.class_names
    images, labels = np.zeros((3, 2, 2), np.float32), np.arange(3)
    checkpoint.check_fits(Digits(images, labels, names))
    with pytest.raises(
        CheckpointError, match="mine.npz takes 4 numbers an image, but the images have 3×3 pixels; choose"
    ):
        checkpoint.check_fits(Digits(np.zeros((3, 3, 3), np.float32), labels, names), "mine.npz")
    with pytest.raises(CheckpointError, match="has 3 outputs, but the data has 4 classes"):
        checkpoint.check_fits(Digits(images, labels, (*names, "more")))
    with pytest.raises(CheckpointError, match="has the classes class 0, class 1, class 2, but the data has a, b, c"):
        checkpoint.check_fits(Digits(images, labels, ("a", "b", "c")))


def failing(monkeypatch: pytest.MonkeyPatch, function: str, number: int) -> None:
    def fail(*args: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, function, fail)


@pytest.mark.parametrize(("function", "number"), [("fsync", errno.ENOSPC), ("replace", errno.EACCES)])
def test_a_failure_while_saving_leaves_the_old_file_whole(
    saved: Path, monkeypatch: pytest.MonkeyPatch, function: str, number: int
) -> None:
    before = saved.read_bytes()
    failing(monkeypatch, function, number)
    with pytest.raises(
        CheckpointError, match=f"network.npz cannot be written: {os.strerror(number)}; choose another place"
    ):
        a_checkpoint(seed=1).save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_full_disk_leaves_the_old_file_whole(saved: Path, small_disk: Path) -> None:
    file = Path(shutil.copy(saved, small_disk))
    before = file.read_bytes()
    room = os.statvfs(small_disk)
    (small_disk / "full").write_bytes(bytes(room.f_bavail * room.f_frsize))
    with pytest.raises(CheckpointError, match=os.strerror(errno.ENOSPC)):
        a_checkpoint(seed=1).save(file)
    assert file.read_bytes() == before
    assert sorted(small_disk.iterdir()) == [small_disk / "full", file]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "x.npz", tmp_path / "nowhere" / "x.npz"):
        with pytest.raises(
            CheckpointError, match=r"x.npz cannot be written: .*; choose another place with --output FILE"
        ):
            a_checkpoint().save(path)
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(CheckpointError, match="folder.npz cannot be written"):
        a_checkpoint().save(tmp_path / "folder.npz")
    assert {file.name for file in tmp_path.iterdir()} == {"file", "folder.npz"}


def test_an_interruption_while_saving_leaves_no_litter(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def interrupt(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        a_checkpoint(seed=1).save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_kill_half_way_leaves_the_old_file_whole(saved: Path) -> None:
    # The process dies when the new file has been written in part: nothing gets the chance to tidy up.
    code = f"""
import os, signal, sys
from pathlib import Path
from network.checkpoint import load_checkpoint
import builtins
path = Path({str(saved)!r})
checkpoint = load_checkpoint(path)
class Killed:
    def __init__(self, file): self.file = file
    def __enter__(self): return self
    def __exit__(self, *problem): pass
    def write(self, data):
        self.file.write(data[: len(data) // 2])
        self.file.flush()
        os.kill(os.getpid(), signal.SIGKILL)
opened = open
builtins.open = lambda name, mode: Killed(opened(name, mode))
checkpoint.save(path)
"""
    before = saved.read_bytes()
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list(saved.parent.glob(".knobs-*"))) == 1  # it did get half way
    assert saved.read_bytes() == before
    load_checkpoint(saved)
    a_checkpoint(seed=1).save(saved)
    assert load_checkpoint(saved).fingerprint == a_checkpoint(seed=1).fingerprint


def test_the_checkpoint_of_a_run_ends_at_the_chosen_network(make_digits: Callable[..., Digits], tmp_path: Path) -> None:
    digits, rng = make_digits(), np.random.default_rng(0)
    run_settings = TrainingSettings(epochs=6, batch_size=16, validation=12, snapshots=10)
    reports = list(train(Network.random([64, 6, 3], rng), digits, run_settings, rng))
    for chosen in (reports[3], reports[0], best_of(reports), reports[-1]):
        checkpoint = of_run(reports, chosen, metadata(epoch=chosen.epoch))
        assert np.array_equal(checkpoint.snapshot(-1).parameters(), chosen.network.parameters())
        assert np.array_equal(checkpoint.snapshot(0).parameters(), reports[0].network.parameters())
        assert (checkpoint.snapshot_steps[-1], checkpoint.snapshot_epochs[-1]) == (chosen.step, chosen.epoch)
        assert (np.diff(checkpoint.snapshot_steps) > 0).all()
        np.testing.assert_allclose(checkpoint.snapshot_epochs, checkpoint.snapshot_steps / 3)
        assert checkpoint.history.shape == (7, 3)
        assert checkpoint.history[4].tolist() == [
            reports[4].cost,
            reports[4].train_accuracy,
            reports[4].validation_accuracy,
        ]
        checkpoint.save(tmp_path / "x.npz")
        assert load_checkpoint(tmp_path / "x.npz").fingerprint == checkpoint.fingerprint


def test_the_lessons_checkpoint_is_small_enough_to_commit(tmp_path: Path) -> None:
    a_checkpoint((784, 16, 16, 10), shots=48).save(tmp_path / "x.npz")
    assert (tmp_path / "x.npz").stat().st_size < 2_500_000
