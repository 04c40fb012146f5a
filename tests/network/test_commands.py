from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from lesson.cli import compare, evaluate, train
from lesson.cli.training_options import SETTINGS, STRENGTHS
from network.checkpoint import CheckpointError, load_checkpoint
from network.distortion import Distortion
from network.errors import DataError
from network.training import TrainingSettings
from tests.processes import start

from .conftest import write_idx

ROOT = Path(__file__).resolve().parents[2]
QUICK = ("--epochs", "3", "--batch-size", "16", "--hidden", "6", "--snapshots", "5")


def run(command: Any, *words: object) -> Result:
    result = CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=True)
    if result.exception and not isinstance(result.exception, SystemExit | CheckpointError | DataError):
        raise result.exception
    return result


def sentence(result: Result) -> str:
    """What the program would print for a failure."""
    assert result.exit_code != 0, result.output
    if isinstance(result.exception, CheckpointError | DataError):
        return str(result.exception)
    return result.output


@pytest.fixture
def trained(data_folder: Path, tmp_path: Path) -> Path:
    output = tmp_path / "one.npz"
    result = run(train.command, "--data", data_folder, "--output", output, *QUICK)
    assert result.exit_code == 0, result.output
    return output


def test_training_saves_a_checkpoint_and_tells_how_to_use_it(data_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "new folder" / "one.npz"
    result = run(train.command, "--data", data_folder, "--output", output, "--seed", 4, *QUICK)
    assert result.exit_code == 0, result.output
    checkpoint = load_checkpoint(output)
    told = checkpoint.metadata
    assert checkpoint.network.sizes == (64, 6, 3)
    assert (told.seed, told.data_name, told.class_names) == (4, "tiny", ("0", "1", "2"))
    assert told.settings["epochs"] == 3
    assert told.settings["validation"] == 20  # a sixth of so small a data set
    assert len(told.data_md5) == 4
    assert len(checkpoint.history) == 4
    assert told.epoch == int(np.lexsort((checkpoint.history[:, 0], -checkpoint.history[:, 2]))[0])
    assert "epoch 3 of 3" in result.output
    assert f"./knobs evaluate --checkpoint '{output}'" in result.output, "a path with a space is quoted"


def test_the_recorded_settings_give_the_same_weights_again(data_folder: Path, tmp_path: Path, trained: Path) -> None:
    again = tmp_path / "again.npz"
    result = run(train.command, "--data", data_folder, "--output", again, "--like", trained)
    assert "the same, bit for bit" in result.output
    assert load_checkpoint(again).fingerprint == load_checkpoint(trained).fingerprint
    assert load_checkpoint(again).metadata.settings == load_checkpoint(trained).metadata.settings
    other = run(train.command, "--data", data_folder, "--output", tmp_path / "o.npz", "--like", trained, "--seed", 9)
    assert "different from" in other.output
    assert load_checkpoint(tmp_path / "o.npz").metadata.seed == 9


def test_other_data_than_recorded_is_told(data_folder: Path, tmp_path: Path, trained: Path) -> None:
    write_idx(data_folder / "t10k-labels-idx1-ubyte", np.zeros(30, np.uint8))
    result = run(train.command, "--data", data_folder, "--output", tmp_path / "o.npz", "--like", trained)
    assert "is not the data that" in result.output


def test_every_setting_can_be_given(data_folder: Path, tmp_path: Path) -> None:
    assert list(SETTINGS) == [f.name for f in dataclasses.fields(TrainingSettings) if f.name != "distortion"]
    assert list(STRENGTHS) == [f.name for f in dataclasses.fields(Distortion)]
    words = {"epochs": 2, "batch_size": 7, "optimiser": "sgd", "learning_rate": 0.125, "schedule": "constant",
             "cost": "squared_error", "competition": 0.25, "validation": 11, "averaging": 0.5, "snapshots": 3,
             "rotation": 1.5, "scale": 0.01, "shear": 0.02, "shift": 0.75, "elastic": 0.3,
             "smoothing": 2.5}  # fmt: skip
    words |= {name: kind(1) for name, (kind, _) in SETTINGS.items() if name not in words}
    options: list[object] = []
    for name, value in words.items():
        options += [f"--{name.replace('_', '-')}"] + ([] if isinstance(value, bool) else [value])
    output = tmp_path / "x.npz"
    result = run(
        train.command, "--data", data_folder, "--output", output, "--hidden", "4,3", "--activation", "relu", *options
    )
    assert result.exit_code == 0, result.output
    told = load_checkpoint(output).metadata.settings
    assert {**told, **told["distortion"]} == {**words, "distortion": told["distortion"]}
    assert load_checkpoint(output).network.activations == ("relu", "relu", "sigmoid")


def test_distortion_can_be_left_out(data_folder: Path, tmp_path: Path) -> None:
    result = run(train.command, "--data", data_folder, "--output", tmp_path / "x.npz", *QUICK, "--no-distortion")
    assert result.exit_code == 0, result.output
    assert load_checkpoint(tmp_path / "x.npz").metadata.settings["distortion"] is None


def test_help_tells_the_recipe() -> None:
    told = run(train.command, "--help").output
    assert "The recipe" in told
    assert "learning-rate" in told
    assert all(f"--{name.replace('_', '-')}" in told for name in (*SETTINGS, *STRENGTHS))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--hidden", "16,x"), "--hidden takes whole numbers above 0, separated by commas, such as 16,16; got '16,x'"),
        (("--hidden", "0"), "--hidden takes whole numbers"),
        (("--optimiser", "newton"), "there is no optimiser 'newton'; there are"),
        (("--batch-size", "0"), "batch_size must be 1 or more"),
        (("--validation", "120"), "of 120 images, 120 cannot be set aside"),
        (("--smoothing", "0"), "the distortion's smoothing must be above 0"),
        (("--shift", "nan"), "the distortion's shift must be a finite number, 0 or more; it is nan"),
        (("--no-distortion", "--shift", "1"), "--no-distortion and --shift contradict each other"),
        (("--like", "gone.npz"), "there is no checkpoint gone.npz"),
        (("--data", "gone"), "there is no data folder gone"),
    ],
)
def test_what_cannot_be_trained_is_told_and_nothing_is_written(
    data_folder: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    output = tmp_path / "x.npz"
    result = run(train.command, "--data", data_folder, "--output", output, "--epochs", 1, *words)
    assert told in " ".join(sentence(result).split())
    assert not output.exists()


def test_unwritable_output_is_found_before_any_training(
    data_folder: Path, tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import network.training

    def never(*args: object) -> None:
        raise AssertionError("it trained")

    monkeypatch.setattr(network.training, "train", never)
    (tmp_path / "file").write_text("")
    before = trained.read_bytes()
    for output, told in (
        (tmp_path / "file" / "x.npz", "cannot be written"),
        (tmp_path, "is a folder"),
        (trained, "there is already a file"),
    ):
        result = run(train.command, "--data", data_folder, "--output", output, *QUICK)
        assert told in sentence(result)
        assert "--output FILE" in sentence(result)
    assert trained.read_bytes() == before


def test_overwrite_replaces_the_file(data_folder: Path, trained: Path) -> None:
    before = load_checkpoint(trained).fingerprint
    result = run(train.command, "--data", data_folder, "--output", trained, *QUICK, "--seed", 8, "--overwrite")
    assert result.exit_code == 0, result.output
    assert load_checkpoint(trained).fingerprint != before


def test_a_learning_rate_that_explodes_leaves_the_old_file(data_folder: Path, trained: Path) -> None:
    before = trained.read_bytes()
    words = ("--activation", "relu", "--optimiser", "sgd", "--cost", "softmax_cross_entropy", "--learning-rate", 1e38)
    result = run(train.command, "--data", data_folder, "--output", trained, *QUICK, "--overwrite", *words)
    assert "use a lower learning rate" in sentence(result)
    assert trained.read_bytes() == before


def test_a_learning_rate_that_explodes_within_a_step_is_told_in_our_words(data_folder: Path, tmp_path: Path) -> None:
    """The library that turns Muon's steps said: Eigenvalues did not converge."""
    words = ("--optimiser", "muon", "--learning-rate", 1e38, "--activation", "relu")
    result = run(train.command, "--data", data_folder, "--output", tmp_path / "x.npz", *QUICK, *words)
    assert "the cost grows without end in epoch 1; use a lower learning rate" in sentence(result)


def test_one_epoch_is_not_epochs(data_folder: Path, tmp_path: Path) -> None:
    result = run(train.command, "--data", data_folder, "--output", tmp_path / "x.npz", *QUICK, "--epochs", 1)
    assert result.exit_code == 0 and ": 1 epoch on" in result.output
    assert " %" in result.output and "%" not in result.output.replace(" %", "")


def test_a_checkpoint_is_named_like_one(data_folder: Path, tmp_path: Path) -> None:
    result = run(train.command, "--data", data_folder, "--output", tmp_path / "x.txt", *QUICK)
    assert "x.txt is not the name of a checkpoint; end it in .npz" in sentence(result)
    assert not (tmp_path / "x.txt").exists()


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--like", "{}"), "choose one with --like FILE"),
        (("--companions", "all", "--output", "{}"), "choose one with --output FILE"),
    ],
)
def test_the_option_that_a_message_names_is_one_of_the_command(
    words: tuple[str, ...], remedy: str, data_folder: Path, tmp_path: Path
) -> None:
    file = str(tmp_path / "none.npz")
    result = run(train.command, "--data", data_folder, *(word.format(file) for word in words))
    assert sentence(result).startswith(f"there is no checkpoint {file}; {remedy}")
    result = run(compare.command, file, file, "--data", data_folder)
    assert sentence(result).startswith(f"there is no checkpoint {file}; name another file, or")


def start_interruptible(command: list[str]) -> subprocess.Popen[str]:
    """A program that Ctrl-C reaches."""
    return start(command, reached_by_ctrl_c=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def start_training(data_folder: Path, output: Path) -> subprocess.Popen[str]:
    words = ["train", "--data", data_folder, "--output", output, *QUICK, "--epochs", "1000000"]
    command = [sys.executable, "-m", "lesson", *map(str, words)]
    return start_interruptible(command)


def test_ctrl_c_keeps_the_best_so_far(data_folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.npz"
    process = start_training(data_folder, output)
    assert process.stdout
    while not process.stdout.readline().startswith("epoch 1 "):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, problem = process.communicate(timeout=60)
    assert process.returncode == 130, problem
    assert "the best epoch was saved" in problem
    assert "Traceback" not in problem
    checkpoint = load_checkpoint(output)
    assert 1 <= len(checkpoint.history) - 1 < 1_000_000
    assert checkpoint.metadata.test_accuracy is not None
    assert f"Saved as {output}" in out
    assert "the same command with --resume goes on" in problem
    assert sorted(os.listdir(tmp_path)) == ["tiny", "x.npz", "x.npz.unfinished"]


def test_evaluation_prints_accuracy_classes_and_an_aligned_matrix(data_folder: Path, trained: Path) -> None:
    result = run(evaluate.command, "--checkpoint", trained, "--data", data_folder)
    assert result.exit_code == 0, result.output
    accuracy = load_checkpoint(trained).metadata.test_accuracy
    assert f"Accuracy {100 * accuracy:.2f} %:" in result.output
    assert "%" not in result.output.replace(" %", "")
    lines = result.output.splitlines()
    matrix = lines[lines.index(next(line for line in lines if line.startswith("Confusion"))) + 2 :]
    assert [line.split()[0] for line in matrix] == ["0", "0", "1", "2"]
    assert len({len(line) for line in matrix}) == 1
    counts = [[int(cell.replace("·", "0")) for cell in line.split()[1:]] for line in matrix[1:]]
    assert np.sum(counts) == 30
    assert np.trace(counts) == round(accuracy * 30)


def test_class_names_are_printed_as_they_are(data_folder: Path, tmp_path: Path) -> None:
    (data_folder / "classes.txt").write_text("[bold]T-shirt\nankle boot\n[/]\n")
    output = tmp_path / "x.npz"
    assert run(train.command, "--data", data_folder, "--output", output, *QUICK).exit_code == 0
    result = run(evaluate.command, "--checkpoint", output, "--data", data_folder, "--plot", tmp_path / "x.svg")
    assert result.exit_code == 0, result.output
    assert result.output.count("[bold]T-shirt") >= 3
    (data_folder / "classes.txt").unlink()
    assert "has the classes [bold]T-shirt" in sentence(
        run(evaluate.command, "--checkpoint", output, "--data", data_folder)
    )


@pytest.mark.parametrize(
    ("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")]
)
def test_the_plot_is_of_the_kind_its_name_says(
    data_folder: Path, tmp_path: Path, trained: Path, suffix: str, start: bytes
) -> None:
    plot = tmp_path / f"plot.{suffix}"
    result = run(evaluate.command, "--checkpoint", trained, "--data", data_folder, "--plot", plot)
    assert result.exit_code == 0, result.output
    assert plot.read_bytes().startswith(start)


def test_many_classes_are_told_by_their_commonest_confusions(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for split, n in (("train", 300), ("test", 120)):
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", rng.integers(0, 256, (n, 6, 6), np.uint8))
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", (np.arange(n) % 30).astype(np.uint8))
    output, plot = tmp_path / "x.npz", tmp_path / "x.png"
    assert run(train.command, "--data", tmp_path, "--output", output, *QUICK).exit_code == 0
    result = run(evaluate.command, "--checkpoint", output, "--data", tmp_path, "--plot", plot)
    assert result.exit_code == 0, result.output
    assert "most common confusions" in result.output
    assert "read as" in result.output
    assert plot.stat().st_size > 10_000


def test_the_checkpoint_can_come_from_the_environment(
    data_folder: Path, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(trained))
    assert str(trained) in run(evaluate.command, "--data", data_folder).output


def test_what_cannot_be_evaluated_or_drawn_is_told(data_folder: Path, tmp_path: Path, trained: Path) -> None:
    words = ("--checkpoint", trained, "--data", data_folder)
    assert "takes 64 numbers an image, but the images have 28×28" in sentence(
        run(evaluate.command, "--checkpoint", trained, "--data", ROOT / "assets" / "mnist")
    )
    assert "must end in .png, .svg or .pdf" in sentence(run(evaluate.command, *words, "--plot", tmp_path / "x.jpg"))
    assert "there is no folder" in sentence(run(evaluate.command, *words, "--plot", tmp_path / "no" / "x.png"))
    (tmp_path / "x.png").mkdir()
    assert "x.png is a folder" in sentence(run(evaluate.command, *words, "--plot", tmp_path / "x.png"))
    refused = run(evaluate.command, *words, "--plot", "/proc/x.png")
    assert "cannot be written: " in sentence(refused) and "Accuracy" not in refused.output
    assert "there is no checkpoint" in sentence(run(evaluate.command, "--checkpoint", tmp_path / "gone.npz"))


def test_a_network_is_trained_for_at_least_one_epoch(data_folder: Path, tmp_path: Path) -> None:
    """With 0, random knobs were saved as a trained network."""
    output = tmp_path / "x.npz"
    assert "'--epochs'" in sentence(run(train.command, "--data", data_folder, "--output", output, "--epochs", 0))
    assert not output.exists()


@pytest.mark.parametrize("name", ["train", "evaluate"])
def test_a_commands_module_loads_nothing_heavy(name: str) -> None:
    heavy = {"numpy", "scipy", "matplotlib", "manim"}
    code = f"import sys, lesson.cli.{name}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
