"""The command line: its help, its speed, and its errors in one sentence."""

from __future__ import annotations

import ast
import errno
import importlib
import pkgutil
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import lesson.cli
from lesson.cli import program
from lesson.cli.program import COMMANDS, explain, main, module_of
from network.paths import display_path

ROOT = Path(__file__).resolve().parent.parent


def run(*words: str) -> int:
    """The exit code of `knobs` with these words."""
    with pytest.raises(SystemExit) as stop:
        main(words)
    return int(stop.value.code or 0)


def failing(monkeypatch: pytest.MonkeyPatch, problem: BaseException, words: tuple[str, ...] = ("scenes",)) -> int:
    """The exit code if the command raises `problem`."""

    @click.command()
    @click.option("--verbose", is_flag=True)
    def command(verbose: bool) -> None:
        raise problem

    monkeypatch.setattr(program.Commands, "get_command", lambda self, ctx, name: command)
    return run(*words)


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from lesson.cli.program import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit as stop:\n"
        "    assert not stop.code\n"
        "heavy = {'manim', 'numpy', 'scipy', 'numba', 'rich', 'network', 'scenes'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
        "assert not [name for name in sys.modules if name.startswith('lesson.cli.') and name != 'lesson.cli.program']\n"
    )
    result = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_program_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """It once printed all of it on one line, as an error: the first thing that a curious person tries."""
    assert run() == 0
    said = capsys.readouterr()
    assert said.out.startswith("Usage: knobs") and "\n  lesson " in said.out and not said.err


@pytest.mark.parametrize(
    "words", [["render", "BarDetector"], ["lesson", "--dry-run"], ["scenes"], ["film", "--dry-run"]]
)
@pytest.mark.parametrize("given", ["--checkpoint", "KNOBS_CHECKPOINT"])
def test_a_network_that_cannot_be_read_is_refused_even_where_nothing_needs_it(
    words: list[str], given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clip whose weights are set by hand was called up to date with a network that is not there."""
    file = tmp_path / "nothing.npz"
    if given == "KNOBS_CHECKPOINT":
        monkeypatch.setenv(given, str(file))
    else:
        words = [*words, given, str(file)]
    assert run(*words) == 1
    said = capsys.readouterr()
    assert f"there is no checkpoint {file}" in said.err
    assert ("KNOBS_CHECKPOINT names it" in said.err) == (given == "KNOBS_CHECKPOINT")


@pytest.mark.parametrize(
    "words",
    [["scenes", "--media", ""], ["render", "--data="], ["train", "--output", ""], ["script", "x", "--narration="]],
)
def test_an_empty_path_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It once meant the current folder, where a script had a variable that was not set."""
    assert run(*words) == 2
    assert "the name is empty; give one, or leave the option out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["import", ""], 2, "the name is empty; give one (see"),
        (["export-network", ""], 2, "the name is empty; give one (see"),
        (["render", ""], 1, "the name of a scene is empty; ./knobs scenes lists the names"),
        (["render", "--language", ""], 2, "the name is empty; write one such as en or de, or leave the option out"),
        (["render", "--subtitles="], 2, "the name is empty; write languages such as de or de,es, or leave"),
    ],
)
def test_another_empty_word_is_refused_with_what_to_write(
    words: list[str], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == code
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["scenes", "--media", "loop"],
        ["compare", "loop", "loop"],
        ["evaluate", "--checkpoint", "loop/x.npz"],
        ["render"],
    ],
)
def test_links_that_lead_round_in_a_circle_are_told(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("other")
    (tmp_path / "other").symlink_to("loop")
    if words == ["render"]:
        monkeypatch.setenv("KNOBS_CHECKPOINT", "loop")
    assert run(*words) in (1, 2)
    assert "cannot be opened, because a link leads back to itself; put the link right" in capsys.readouterr().err
    assert display_path(Path("loop")) == "loop"


def test_a_need_that_no_test_has_is_refused_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("test", "--without", "chromium", "--without", "foo") == 2
    said = capsys.readouterr()
    assert "no test needs 'foo'; --without takes chromium, firefox, " in said.err
    assert "ruff" not in said.out, "nothing was run before"


def test_a_closed_output_is_no_error() -> None:
    command = f"exec {shlex.quote(sys.executable)} -P -m lesson scenes >&-"
    result = subprocess.run(["sh", "-c", command], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert "unexpected" not in result.stderr and "Traceback" not in result.stderr


def test_the_network_and_the_layout_know_nothing_of_manim() -> None:
    program = "import network, network.checkpoint, scenes.kit.layout, sys; assert 'manim' not in sys.modules"
    result = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_every_command_is_in_the_table() -> None:
    names = ("program", "options", "training_options", "clips", "exports", "progress", "saving")
    shared = {f"lesson.cli.{name}" for name in names}
    modules = {f"lesson.cli.{module.name}" for module in pkgutil.iter_modules(lesson.cli.__path__)}
    assert modules - shared == {module_of(name) for name in COMMANDS}


def imports_of(file: Path) -> set[str]:
    """The modules that a file imports, also within functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{name.name}" for name in node.names)})
    return found


def test_nothing_imports_a_command() -> None:
    # Commands imported each other, and the engine took constants and functions from the command line.
    commands = {module_of(name) for name in COMMANDS}
    for file in [*(ROOT / "lesson").rglob("*.py"), *(ROOT / "scenes").rglob("*.py"), *(ROOT / "network").rglob("*.py")]:
        imported = imports_of(file)
        assert not imported & commands, file
        if "cli" not in file.parts and file.name != "__main__.py":
            assert not [name for name in imported if name.startswith("lesson.cli")], file


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = importlib.import_module(module_of(name)).command
    first_paragraph = " ".join((command.help or "").split("\n\n")[0].split())
    assert COMMANDS[name] == first_paragraph
    # click cuts longer ones off; the column must hold on a terminal of 80 characters.
    assert len(COMMANDS[name]) <= 66


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "train"])
def test_the_help_of_a_command_loads_nothing_heavy(name: str) -> None:
    """The help of `train` shows the recipe, which is in code that imports NumPy."""
    program = (
        "import sys\n"
        "from lesson.cli.program import main\n"
        "try:\n"
        f"    main(['{name}', '--help'])\n"
        "except SystemExit as stop:\n"
        "    assert not stop.code\n"
        "heavy = {'manim', 'numpy', 'scipy', 'numba', 'rich', 'av'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    result = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    assert COMMANDS[name].split()[0] in capsys.readouterr().out


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    out = capsys.readouterr().out
    for name, line in COMMANDS.items():
        assert f"{name} " in out
        assert line in out


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("trian", "did you mean train?"), ("Doctor", "did you mean doctor?"), ("xyzzy", "the commands are lesson,")],
)
def test_an_unknown_command(typed: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(typed) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"knobs: there is no command {typed}; {hint}")
    assert error.count("\n") == 1


def test_an_unknown_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor", "--colour") == 2
    error = capsys.readouterr().err
    assert error.startswith("knobs: ")
    assert "see ./knobs doctor --help" in error


def data_error() -> Exception:
    from network.errors import DataError

    return DataError("there is no data folder x; give one by --data FOLDER")


def checkpoint_error() -> Exception:
    from network.checkpoint import CheckpointError

    return CheckpointError("x.npz is damaged; train a new one")


def render_error() -> Exception:
    from lesson.render.rendering import RenderError

    return RenderError("there is no scene 'X'; ./knobs scenes lists them")


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (render_error, 1, "there is no scene 'X'"),
        (data_error, 1, "there is no data folder x"),
        (checkpoint_error, 1, "x.npz is damaged"),
        (lambda: click.ClickException("no such scene.\n"), 1, "no such scene"),
        (lambda: click.UsageError("choose one"), 2, "choose one"),
        (lambda: OSError(errno.ENOSPC, "No space left on device", "a.mp4"), 1, "the disk is full, writing a.mp4"),
        (lambda: OSError(errno.ENOSPC, "No space left on device"), 1, "the disk is full; free some space"),
        (lambda: PermissionError(errno.EACCES, "Permission denied", "a.mp4"), 1, "no permission for a.mp4"),
        (lambda: FileNotFoundError(errno.ENOENT, "No such file", "a.npz"), 1, "there is no a.npz"),
        (lambda: IsADirectoryError(errno.EISDIR, "Is a directory", "a"), 1, "Is a directory: a"),
        (lambda: MemoryError(), 1, "not enough memory"),
        (lambda: KeyboardInterrupt(), 130, "interrupted"),
        (lambda: ZeroDivisionError("by\nzero"), 1, "unexpected error: ZeroDivisionError: by zero; set KNOBS_DEBUG=1"),
    ],
)
def test_every_error_is_one_sentence(
    problem: Callable[[], BaseException],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("KNOBS_DEBUG", raising=False)
    assert failing(monkeypatch, problem()) == code
    error = capsys.readouterr().err
    lines = error.strip().splitlines()
    assert lines[-1].startswith("knobs: ")
    assert words in lines[-1]
    assert "Traceback" not in error


@pytest.mark.parametrize("words", [("scenes", "--verbose"), ("--verbose", "scenes")])
def test_verbose_shows_where(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNOBS_DEBUG", "")  # put back afterwards
    assert failing(monkeypatch, ZeroDivisionError("division by zero"), words) == 1
    error = capsys.readouterr().err
    assert "Traceback (most recent call last)" in error
    assert error.strip().splitlines()[-1].startswith("knobs: ")


def test_an_error_is_explained_without_numpy() -> None:
    program = (
        "import sys\n"
        "from lesson.cli.program import explain\n"
        "assert explain(ValueError('x'))[0] == 1\n"
        "assert not {'numpy', 'manim'} & sys.modules.keys()\n"
    )
    assert subprocess.run([sys.executable, "-P", "-c", program]).returncode == 0


def test_a_reader_that_goes_away_gets_no_words() -> None:
    for words in (["--help"], ["train", "--help"]):
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lesson", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=60) == 1
        assert error == ""


def test_a_folder_called_lesson_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "lesson").mkdir()
    (tmp_path / "lesson" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    program = [sys.executable, "-P", "-m", "lesson", "--version"]
    result = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True)
    assert result.stdout.startswith("knobs "), result.stderr


def test_explain_names_no_network_error_for_other_values() -> None:
    code, sentence = explain(ValueError("x"))
    assert code == 1
    assert "ValueError: x" in sentence


def test_knobs_test_runs_all_three_and_says_which_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from lesson.cli import test as command_test

    ran: list[list[str]] = []

    def fake(arguments: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        ran.append(arguments[3:])
        return subprocess.CompletedProcess(arguments, 1 if "mypy" in arguments else 0)

    monkeypatch.setattr(command_test.subprocess, "run", fake)
    monkeypatch.setattr(command_test.importlib.util, "find_spec", lambda name: object())
    assert run("test", "--all", "--without", "chromium", "-k", "forward") == 1
    spread = ["-n", "auto", "--dist", "loadgroup"]
    chosen = ["-m", "", "--nothing-left-out", "--without=chromium"]
    assert ran == [["ruff", "check", "."], ["mypy"], ["pytest", *spread, *chosen, "-k", "forward"]]
    assert "knobs: problems found by mypy; see above" in capsys.readouterr().err
