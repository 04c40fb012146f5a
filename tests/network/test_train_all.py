"""`knobs train --all` makes a checkpoint and all its companions, and loses nothing that was finished."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from lesson.cli import train
from lesson.render.companion_recipes import COMPANIONS, Companion, Data, companion_path
from network.analysis.depth import load_comparison
from network.checkpoint import Checkpoint, load_checkpoint
from network.digits import md5_of_data

from .conftest import write_idx
from .test_commands import QUICK, run, sentence, start_interruptible


def test_a_companion_stands_beside_its_checkpoint() -> None:
    assert companion_path(Path("a/b.npz"), "depth") == Path("a/b.depth.npz")


def test_all_makes_every_companion(data_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "one.npz"
    result = run(train.command, "--data", data_folder, "--output", output, "--seed", 4, "--all", *QUICK)
    assert result.exit_code == 0, result.output
    made = {companion_path(output, kind) for kind in COMPANIONS}
    assert {output, *made} == set(tmp_path.glob("*.npz"))
    comparison, metadata = load_comparison(companion_path(output, "depth")), load_checkpoint(output).metadata
    assert comparison.sizes == (64, *[6] * 8, 3)  # as wide as the network's hidden layer
    assert comparison.settings.epochs == 3  # no more than the network itself had
    assert comparison.provenance.data_md5 == metadata.data_md5
    assert (comparison.provenance.data_name, comparison.provenance.seed) == ("tiny", 4)
    for kind in COMPANIONS:
        assert f"Saved as {companion_path(output, kind)}" in result.output
    runs = comparison.settings.runs
    assert f"depth: {runs} of {runs}" in result.output


def test_without_all_there_are_no_companions(data_folder: Path, tmp_path: Path) -> None:
    assert run(train.command, "--data", data_folder, "--output", tmp_path / "x.npz", *QUICK).exit_code == 0
    assert [file.name for file in tmp_path.glob("*.npz")] == ["x.npz"]


@pytest.fixture
def trained(data_folder: Path, tmp_path: Path) -> Path:
    output = tmp_path / "one.npz"
    assert run(train.command, "--data", data_folder, "--output", output, *QUICK).exit_code == 0
    return output


def test_like_goes_with_all(data_folder: Path, tmp_path: Path, trained: Path) -> None:
    again = tmp_path / "again.npz"
    result = run(train.command, "--data", data_folder, "--output", again, "--like", trained, "--all")
    assert result.exit_code == 0, result.output
    assert load_checkpoint(again).fingerprint == load_checkpoint(trained).fingerprint
    assert companion_path(again, "depth").is_file()


def test_companions_of_a_checkpoint_that_is_there(data_folder: Path, trained: Path) -> None:
    before = trained.read_bytes()
    words = ("--companions", "all", "--data", data_folder, "--output", trained)
    assert run(train.command, *words).exit_code == 0
    first = companion_path(trained, "depth")
    made = first.read_bytes()
    again = sentence(run(train.command, *words))
    assert "there is already a file" in again and "--overwrite" in again
    assert first.read_bytes() == made
    assert run(train.command, *words, "--overwrite").exit_code == 0
    assert trained.read_bytes() == before


def test_a_companion_in_the_way_is_found_before_any_training(data_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.npz"
    companion_path(output, "depth").write_text("mine")
    result = run(train.command, "--data", data_folder, "--output", output, "--all", *QUICK)
    assert "there is already a file" in sentence(result)
    assert not output.exists()
    assert companion_path(output, "depth").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--companions", "depth"), "--companions needs --output FILE"),
        (("--companions", "width", "--output", "x.npz"), "there is no companion 'width'; choose from local, depth"),
        (("--companions", "all", "--hidden", "4", "--output", "x.npz"), "so --hidden has no meaning"),
        (("--companions", "all", "--learning-rate", "4", "--output", "x.npz"), "so --learning-rate has no meaning"),
        (("--companions", "all", "--all", "--output", "x.npz"), "so --all has no meaning"),
        (("--companions", "all", "--output", "gone.npz"), "there is no checkpoint gone.npz"),
    ],
)
def test_what_cannot_be_made_is_told(data_folder: Path, words: tuple[str, ...], told: str) -> None:
    assert told in " ".join(sentence(run(train.command, "--data", data_folder, *words)).split())


def test_data_that_does_not_fit_is_told(tmp_path: Path, trained: Path) -> None:
    result = run(train.command, "--companions", "all", "--output", trained)
    assert "takes 64 numbers an image, but the images have 28×28" in sentence(result)
    assert not companion_path(trained, "depth").exists()


def test_other_data_is_told_and_recorded(data_folder: Path, trained: Path) -> None:
    write_idx(data_folder / "t10k-labels-idx1-ubyte", np.zeros(30, np.uint8))
    result = run(train.command, "--companions", "all", "--data", data_folder, "--output", trained)
    assert "is not the data that" in result.output
    recorded = load_comparison(companion_path(trained, "depth")).provenance.data_md5
    assert recorded == md5_of_data(data_folder) != load_checkpoint(trained).metadata.data_md5


def test_a_new_kind_is_one_line(data_folder: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Two:
        def save(self, path: Path) -> None:
            path.write_text("two")

    def make(checkpoint: Checkpoint, data: Data, progress: object) -> Two:
        assert checkpoint.network.sizes == (64, 6, 3) and len(data.train) == 120 and len(data.test) == 30
        return Two()

    monkeypatch.setitem(COMPANIONS, "two", Companion("the word two", make))
    result = run(train.command, "--companions", "two", "--data", data_folder, "--output", trained)
    assert "Companion two: the word two." in result.output
    assert companion_path(trained, "two").read_text() == "two"


def test_ctrl_c_keeps_the_finished_and_says_how_to_go_on(data_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.npz"
    words = ["train", "--data", data_folder, "--output", output, "--all", *QUICK, "--epochs", "200"]
    command = [sys.executable, "-m", "lesson", *map(str, words)]
    process = start_interruptible(command)
    assert process.stdout
    while not process.stdout.readline().startswith("depth: 1 of"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, problem = process.communicate(timeout=60)
    assert process.returncode == 130, problem
    assert "Traceback" not in problem
    assert f"./knobs train --companions depth,rules,sizes --data {data_folder} --output {output}" in problem
    load_checkpoint(output)
    assert sorted(os.listdir(tmp_path)) == ["tiny", "x.local.npz", "x.npz"]
