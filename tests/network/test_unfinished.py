"""A run that was stopped goes on as though it had never stopped, and no network is lost for want of a place."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result

from lesson.cli import train as train_command
from lesson.cli.saving import KeptRun, save_somewhere
from lesson.importing import datasets
from network import Network
from network.checkpoint import Checkpoint, load_checkpoint
from network.digits import Digits, load_digits, md5_of_data
from network.distortion import Distortion
from network.errors import CheckpointError
from network.paths import display_path
from network.training import RECIPE, TrainingSettings, train
from network.unfinished import Recipe, load_unfinished, save_unfinished, unfinished_path
from tests.processes import start
from tests.scenes.conftest import make_checkpoint

SETTINGS = TrainingSettings(epochs=7, batch_size=16, validation=20, snapshots=9, distortion=Distortion())


def begun(digits: Digits, settings: TrainingSettings) -> tuple[Network, np.random.Generator]:
    rng = np.random.default_rng(5)
    return Network.random([digits.side**2, 6, len(digits.class_names)], rng), rng


@pytest.mark.parametrize("optimiser", ["muon", "adam", "sgd"])
@pytest.mark.parametrize("averaging", [0.0, 0.9])
def test_a_run_goes_on_bit_for_bit(
    make_digits: Callable[..., Digits], tmp_path: Path, optimiser: str, averaging: float
) -> None:
    digits = make_digits(120)
    settings = replace(SETTINGS, optimiser=optimiser, averaging=averaging)
    start, rng = begun(digits, settings)
    whole = list(train(start, digits, settings, rng))
    recipe = Recipe(start, settings, 5, {"x": "y"})
    run = KeptRun(tmp_path / "x.npz.unfinished", recipe, every=0)
    for report in train(*begun(digits, settings)[:1], digits, settings, begun(digits, settings)[1], with_state=True):
        run.add(report)
        if report.epoch == 4:
            break
    again = KeptRun(run.path, recipe)
    state = again.resume()
    assert state.epoch == 4 and [report.epoch for report in again.reports] == [0, 1, 2, 3, 4]
    start, rng = begun(digits, settings)
    for report in train(start, digits, settings, rng, state, with_state=True):
        again.add(report)
    for one, other in zip(whole, again.reports, strict=True):
        assert (one.epoch, one.cost, one.validation_accuracy) == (other.epoch, other.cost, other.validation_accuracy)
        assert [shot.step for shot in one.snapshots] == [shot.step for shot in other.snapshots]
        for shot, same in zip(one.snapshots, other.snapshots, strict=True):
            np.testing.assert_array_equal(shot.parameters, same.parameters)
    np.testing.assert_array_equal(whole[-1].network.parameters(), again.reports[-1].network.parameters())


def test_what_is_saved_is_whole_wherever_ctrl_c_comes(make_digits: Callable[..., Digits], tmp_path: Path) -> None:
    digits = make_digits(120)
    start, rng = begun(digits, SETTINGS)
    recipe = Recipe(start, SETTINGS, 5, {"x": "y"})
    reports = list(train(start, digits, SETTINGS, rng, with_state=True))[:3]
    lines, first = inspect.getsourcelines(KeptRun.add)
    for line in range(first + 1, first + len(lines)):
        run = KeptRun(tmp_path / f"{line}.unfinished", recipe)
        run.add(reports[0])
        run.add(reports[1])

        def interrupt(frame: FrameType, event: str, _: object, line: int = line) -> Any:
            if frame.f_code is KeptRun.add.__code__:
                if event == "line" and frame.f_lineno == line:
                    raise KeyboardInterrupt
                return interrupt
            return None

        with suppress(KeyboardInterrupt):
            before = sys.gettrace()
            sys.settrace(interrupt)
            try:
                run.add(reports[2])
            finally:
                sys.settrace(before)
        assert run.save()
        kept, state = load_unfinished(run.path, recipe)
        assert [report.epoch for report in kept] == list(range(state.epoch + 1)), f"stopped before line {line}"


def test_other_settings_and_damaged_runs_are_refused(make_digits: Callable[..., Digits], tmp_path: Path) -> None:
    digits = make_digits(120)
    start, rng = begun(digits, SETTINGS)
    reports = [
        report for report, _ in zip(train(start, digits, SETTINGS, rng, with_state=True), range(3), strict=False)
    ]
    recipe, file = Recipe(start, SETTINGS, 5, {"x": "y"}), tmp_path / "x.npz.unfinished"
    assert reports[-1].state is not None
    save_unfinished(file, recipe, reports, reports[-1].state)
    for other, said in (
        (replace(recipe, settings=replace(SETTINGS, epochs=9)), "other epochs: 7, not 9"),
        (replace(recipe, seed=6), "other seed: 5, not 6"),
        (replace(recipe, data_md5={"x": "z"}), "other data"),
    ):
        with pytest.raises(CheckpointError, match=said):
            load_unfinished(file, other)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(CheckpointError, match="cut off"):
        load_unfinished(file, recipe)
    with pytest.raises(CheckpointError, match="there is no unfinished run"):
        KeptRun(tmp_path / "nowhere", recipe).resume()


def test_the_command_goes_on_with_a_run(data_folder: Path, tmp_path: Path) -> None:
    words = ["--data", data_folder, "--epochs", 6, "--batch-size", 16, "--hidden", 6, "--snapshots", 5]
    straight, output = tmp_path / "straight.npz", tmp_path / "x.npz"
    assert trained(*words, "--output", straight).exit_code == 0
    digits = load_digits(data_folder, "train")
    settings = replace(RECIPE, epochs=6, batch_size=16, snapshots=5, validation=20)
    rng = np.random.default_rng(0)
    start = Network.random((64, 6, 3), rng)
    run = KeptRun(unfinished_path(output), Recipe(start, settings, 0, md5_of_data(data_folder)), every=0)
    for report in train(start, digits, settings, rng, with_state=True):
        run.add(report)
        if report.epoch == 2:
            break
    result = trained(*words, "--output", output, "--resume")
    assert result.exit_code == 0, result.output
    assert "epoch 3 of 6" in result.output and "epoch 1 of 6" not in result.output
    assert load_checkpoint(output).fingerprint == load_checkpoint(straight).fingerprint
    np.testing.assert_array_equal(load_checkpoint(output).history, load_checkpoint(straight).history)
    assert not run.path.exists()
    assert "there is no unfinished run" in str(trained(*words, "--output", output, "--resume").exception)


def trained(*words: Any) -> Any:
    return CliRunner().invoke(train_command.command, [str(word) for word in words])


def test_a_network_that_cannot_be_written_finds_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = make_checkpoint(Network.random([4, 2], np.random.default_rng(0)))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.npz").write_text("another file, which stays")
    saved = save_somewhere(checkpoint.save, tmp_path / "gone" / "x.npz")
    assert saved == tmp_path / "x-2.npz" and load_checkpoint(saved).fingerprint == checkpoint.fingerprint
    told = capsys.readouterr().err
    assert "gone/x.npz cannot be written" in told and f"it was saved as {saved} instead" in told
    assert (tmp_path / "x.npz").read_text() == "another file, which stays"


def asked_where_to_save(checkpoint: Checkpoint, answers: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Save a network where a file stands in the way, at a terminal, where these answers are typed."""
    (folder / "file").write_text("no folder")

    @click.command()
    def ask() -> None:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        click.echo(f"saved: {save_somewhere(checkpoint.save, folder / 'file' / 'x.npz')}")

    result = CliRunner().invoke(ask, input=answers)
    assert result.exit_code == 0, result.output
    return result


def test_at_a_terminal_the_user_is_asked_until_the_network_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = make_checkpoint(Network.random([4, 2], np.random.default_rng(0)))
    result = asked_where_to_save(checkpoint, f"\n{tmp_path / 'other' / 'y.npz'}\n", tmp_path, monkeypatch)
    assert f"saved: {tmp_path / 'other' / 'y.npz'}" in result.output
    assert load_checkpoint(tmp_path / "other" / "y.npz").fingerprint == checkpoint.fingerprint


@pytest.mark.parametrize("answer", [".", "~nosuchuser/x.npz", "a\0b"])
def test_an_answer_that_names_no_file_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    checkpoint = make_checkpoint(Network.random([4, 2], np.random.default_rng(0)))
    monkeypatch.chdir(tmp_path)
    result = asked_where_to_save(checkpoint, f"{answer}\n{tmp_path / 'y.npz'}\n", tmp_path, monkeypatch)
    # In a folder, the network keeps its name.
    saved = Path("x.npz") if answer == "." else tmp_path / "y.npz"
    assert f"saved: {saved}" in result.output
    assert load_checkpoint(saved).fingerprint == checkpoint.fingerprint


def test_a_network_is_saved_where_neither_the_current_folder_nor_a_home_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    checkpoint = make_checkpoint(Network.random([4, 2], np.random.default_rng(0)))
    (tmp_path / "gone").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    saved = save_somewhere(checkpoint.save, Path("x.npz"))
    assert saved == tmp_path / "temporary" / "x.npz" and display_path(saved) == str(saved)
    assert load_checkpoint(saved).fingerprint == checkpoint.fingerprint


def test_a_run_outlives_whoever_reads_its_lines(data_folder: Path, tmp_path: Path) -> None:
    words = ["--data", data_folder, "--epochs", 300, "--batch-size", 16, "--hidden", 4, "--output", tmp_path / "x.npz"]
    process = start(
        [sys.executable, "-P", "-m", "lesson", "train", *map(str, words)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("epoch 1 "):
        assert process.poll() is None
    process.stdout.close()
    process.wait(timeout=120)
    assert load_checkpoint(tmp_path / "x.npz").metadata.settings["epochs"] == 300


def test_that_the_data_cannot_be_noted_is_told_and_loses_nothing(
    data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(datasets, "CONVERTED", tmp_path / "file" / "data")
    result = trained("--data", data_folder, "--epochs", 1, "--hidden", 4, "--output", tmp_path / "x.npz")
    assert result.exit_code == 0, result.output
    assert f"use it with --data {data_folder}" in result.output and "Saved as" in result.output
    load_checkpoint(tmp_path / "x.npz")
