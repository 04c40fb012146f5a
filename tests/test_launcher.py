"""The program ./knobs on machines that lack something, played by small fake tools on PATH."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.processes import start, until

ROOT = Path(__file__).resolve().parent.parent
TOOLS = (
    *("sh", "cat", "chmod", "cp", "date", "dirname", "env", "grep", "ln", "mkdir", "mktemp", "mv", "ps", "readlink"),
    *("rm", "rmdir", "sed", "sleep", "tail", "tr", "true", "uname"),
)

Result = subprocess.CompletedProcess[str]

# A Python that answers questions truly, makes a .venv with itself in it, notes what pip is asked for, and runs nothing.
PYTHON = f"""#!/bin/sh
[ ! -e "$MACHINE/python-script" ] || . "$MACHINE/python-script"
case "$*" in
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip install "*) echo "$*" >>"$MACHINE/pip-runs"; [ ! -e "$MACHINE/pip-script" ] || . "$MACHINE/pip-script" ;;
    "-P -m lesson"*) shift 3; echo "lesson, $# words:"; for word in "$@"; do echo "<$word>"; done ;;
    *_base_executable*) command -v python3 ;;
    *) exec '{sys.executable}' "$@" ;;
esac
"""


@dataclass
class Machine:
    """A project folder and a machine with only `bin` on its PATH."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "my knobs"

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def tool(self, name: str, script: str) -> None:
        file = self.bin / name
        file.unlink(missing_ok=True)
        file.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": str(self.bin), "MACHINE": str(self.folder), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}

    def knobs(self, *words: str, program: Path | None = None, cwd: Path | None = None) -> Result:
        return subprocess.run(
            [str(program or self.project / "knobs"), *words],
            cwd=cwd or self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def pip_runs(self) -> list[str]:
        file = self.folder / "pip-runs"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Everything is there except a .venv; the user is not root, and there is no sudo."""
    machine = Machine(tmp_path)
    machine.bin.mkdir()
    (machine.project / "media").mkdir(parents=True)
    shutil.copy(ROOT / "knobs", machine.project / "knobs")
    (machine.project / "pyproject.toml").write_text("[project]\n")
    (machine.project / "constraints.txt").write_text("manim==0.22.0\n")
    for name in TOOLS:
        if path := shutil.which(name, path="/usr/bin:/bin"):
            (machine.bin / name).symlink_to(path)
    machine.tool("python3", PYTHON)
    machine.tool("cc", "exit 0")
    machine.tool("pkg-config", "exit 0")
    machine.tool("id", "echo 1000")
    return machine


def old_python(machine: Machine) -> None:
    machine.tool("python3", 'case "$2" in *print*) echo 3.9.2 ;; *) exit 1 ;; esac')


def without_pango(machine: Machine) -> None:
    """apt-get brings it."""
    machine.tool("pkg-config", 'test -e "$MACHINE/pango"')
    machine.tool(
        "apt-get", 'echo "$*" >>"$MACHINE/apt-runs"; case "$*" in *libpango1.0-dev*) : >"$MACHINE/pango" ;; esac'
    )


def the_sentence(result: Result) -> str:
    """The last line on stderr, which is the only one that says `knobs:`; nothing goes to stdout."""
    lines = result.stderr.strip().splitlines()
    assert result.returncode == 1, result
    assert result.stdout == ""
    assert [line for line in lines if line.startswith("knobs:")] == lines[-1:]
    return lines[-1]


def test_an_old_python_is_named(machine: Machine) -> None:
    old_python(machine)
    sentence = the_sentence(machine.knobs("--help"))
    assert "Python 3.11 or newer is needed (here python3 is 3.9.2)" in sentence
    assert not (machine.project / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_found(machine: Machine) -> None:
    old_python(machine)
    machine.tool("python3.12", PYTHON.replace("command -v python3", "command -v python3.12"))
    assert machine.knobs("--help").returncode == 0


def test_no_python(machine: Machine) -> None:
    (machine.bin / "python3").unlink()
    machine.tool("dnf", "exit 1")
    sentence = the_sentence(machine.knobs())
    assert "there is no Python" in sentence
    assert "sudo dnf install python3.12" in sentence


def test_missing_packages_without_a_package_manager(machine: Machine) -> None:
    machine.tool("pkg-config", "exit 1")
    sentence = the_sentence(machine.knobs())
    assert "Pango's development files must be installed" in sentence
    assert "no apt-get, dnf, pacman or brew" in sentence


def test_missing_packages_without_sudo(machine: Machine) -> None:
    without_pango(machine)
    machine.tool("cc", "exit 1")
    sentence = the_sentence(machine.knobs())
    assert sentence.endswith("as root run: apt-get install -y --no-install-recommends gcc libc6-dev libpango1.0-dev")
    assert not (machine.folder / "apt-runs").exists()


def test_missing_packages_where_sudo_wants_a_password(machine: Machine) -> None:
    without_pango(machine)
    machine.tool("sudo", "exit 1")
    sentence = the_sentence(machine.knobs())
    assert sentence.endswith("run: sudo apt-get install -y --no-install-recommends libpango1.0-dev")


@pytest.mark.parametrize(
    ("missing", "packages"), [("sysconfig", "-dev"), ("ensurepip", "-venv")], ids=["headers", "venv"]
)
def test_a_python_without_its_parts(machine: Machine, missing: str, packages: str) -> None:
    machine.tool("apt-get", "exit 1")
    (machine.folder / "python-script").write_text(f'case "$2" in *{missing}*) exit 1 ;; esac')
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"python{version}{packages}" in the_sentence(machine.knobs())


@pytest.mark.parametrize(
    ("manager", "package"),
    [("apt-get", "libpango1.0-dev"), ("dnf", "pango-devel"), ("pacman", "pango"), ("brew", "pango")],
)
def test_missing_packages_are_installed(machine: Machine, manager: str, package: str) -> None:
    machine.tool("pkg-config", 'test -e "$MACHINE/pango"')
    machine.tool(manager, f'case "$*" in *install*{package}*|*-S*{package}*) : >"$MACHINE/pango" ;; esac')
    machine.tool("sudo", 'shift; exec "$@"')  # sudo -n
    result = machine.knobs("doctor")
    assert result.returncode == 0, result.stderr
    assert f"system packages: {package} (with {manager})" in result.stderr
    assert result.stdout == "lesson, 1 words:\n<doctor>\n"


def test_a_package_that_cannot_be_installed(machine: Machine) -> None:
    machine.tool("pkg-config", "exit 1")
    machine.tool("apt-get", "echo E: Unable to locate package >&2; exit 100")
    machine.tool("id", "echo 0")
    result = machine.knobs()
    assert "E: Unable to locate package" in result.stderr
    assert "or run this yourself: apt-get install" in the_sentence(result)


def test_it_is_set_up_once(machine: Machine) -> None:
    first, second = machine.knobs("scenes"), machine.knobs("scenes")
    assert "Setting up Knobs" in first.stderr
    assert "Ready after" in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout == "lesson, 1 words:\n<scenes>\n"
    assert len(machine.pip_runs()) == 1
    assert machine.pip_runs()[0].endswith("--constraint constraints.txt --editable .")


def test_from_elsewhere_through_links_with_odd_words(machine: Machine) -> None:
    elsewhere = machine.folder / "else where"
    elsewhere.mkdir()
    (elsewhere / "first").symlink_to(machine.project / "knobs")
    (elsewhere / "second").symlink_to("first")
    result = machine.knobs("train", "--output", "a b", "", "*", program=elsewhere / "second", cwd=elsewhere)
    assert result.stdout.splitlines()[1:] == ["<train>", "<--output>", "<a b>", "<>", "<*>"]
    assert (machine.project / ".venv").is_dir()
    assert len(list(elsewhere.iterdir())) == 2


def test_changed_pins_are_installed_into_the_same_environment(machine: Machine) -> None:
    machine.knobs()
    (machine.project / ".venv" / "mine").touch()
    (machine.project / "constraints.txt").write_text("manim==0.22.1\n")
    assert "up to date" in machine.knobs().stderr
    assert (machine.project / ".venv" / "mine").exists()
    assert len(machine.pip_runs()) == 2
    assert machine.knobs().stderr == ""


def test_a_moved_folder_is_set_up_anew(machine: Machine) -> None:
    machine.knobs()
    (machine.project / ".venv" / "old").touch()
    moved = machine.folder / "moved"
    machine.project.rename(moved)
    result = machine.knobs("scenes", program=moved / "knobs", cwd=moved)
    assert "Setting up Knobs" in result.stderr
    assert not (moved / ".venv" / "old").exists()
    assert "<scenes>" in result.stdout


def test_an_environment_made_by_hand_is_kept(machine: Machine) -> None:
    (machine.project / ".venv" / "bin").mkdir(parents=True)
    machine.tool("python3", PYTHON)
    shutil.copy(machine.bin / "python3", machine.project / ".venv" / "bin" / "python")
    (machine.project / ".venv" / "mine").touch()
    assert machine.knobs("scenes").returncode == 0
    assert (machine.project / ".venv" / "mine").exists()


def test_an_environment_made_by_hand_that_does_not_work_is_not_removed(machine: Machine) -> None:
    (machine.project / ".venv" / "mine").mkdir(parents=True)
    assert "was not made by Knobs" in the_sentence(machine.knobs("scenes"))
    assert (machine.project / ".venv" / "mine").exists()


@pytest.mark.parametrize("words", [("test",), ("--verbose", "test", "-k", "x")])
def test_the_tests_need_more(machine: Machine, words: tuple[str, ...]) -> None:
    machine.knobs("scenes")
    machine.knobs(*words)
    machine.knobs(*words)
    machine.knobs("scenes", "test")
    assert [run.split("--editable ")[1] for run in machine.pip_runs()] == [".", ".[test]"]


@pytest.mark.parametrize("words", [("test", "--help"), ("test", "--all", "-h")])
def test_reading_the_help_of_the_tests_installs_no_more(machine: Machine, words: tuple[str, ...]) -> None:
    machine.knobs("doctor")
    result = machine.knobs(*words)
    assert result.stderr == "", result.stderr
    assert not (machine.project / ".venv-all").exists()


def test_all_tests_have_an_environment_of_their_own(machine: Machine) -> None:
    """Its size is announced before anything is installed, and an existing set-up stays as it is."""
    machine.knobs("scenes")
    machine.tool("chromium", "exit 0")
    (machine.folder / "pip-script").write_text('echo "pip starts" >&2')
    result = machine.knobs("--verbose", "test", "-k", "x", "--all")
    assert result.stdout == "lesson, 5 words:\n<--verbose>\n<test>\n<-k>\n<x>\n<--all>\n"
    assert "about 3 GB of disk" in result.stderr.splitlines()[0]
    assert "Python environment: .venv-all" in result.stderr
    assert machine.knobs("test", "--all").stderr == ""
    assert machine.knobs("scenes", "--all").stderr == ""
    assert [run.split("--editable ")[1] for run in machine.pip_runs()] == [".", ".[all-tests]"]
    assert (machine.project / ".venv-all" / "bin" / "python").exists()


@pytest.mark.parametrize(
    ("manager", "words"),
    [
        ("apt-get", "apt-get install -y --no-install-recommends chromium"),
        ("dnf", "dnf install -y chromium"),
        ("pacman", "pacman -S --needed --noconfirm chromium"),
        ("brew", "brew install --cask chromium"),
    ],
)
def test_the_tests_need_a_browser(machine: Machine, manager: str, words: str) -> None:
    """It is installed; if that fails, the message says how to install it, and everything else goes on."""
    assert "chromium" not in machine.knobs("scenes").stderr, "nothing but the tests needs it"
    machine.tool(manager, f'echo "{manager} $*" >>"$MACHINE/runs"; exit 1')
    machine.tool("sudo", 'shift; exec "$@"')  # sudo -n
    result = machine.knobs("test")
    assert result.returncode == 0, result.stderr
    assert (machine.folder / "runs").read_text().splitlines()[-1] == words
    remedy = words if manager == "brew" else f"sudo {words}"
    assert "NO BROWSER: the tests of the pages will be listed as NOT RUN." in result.stderr
    assert f"To run them, install Chromium: {remedy}\n" in result.stderr
    assert result.stdout == "lesson, 1 words:\n<test>\n"


def test_a_browser_that_is_there_is_enough(machine: Machine) -> None:
    machine.tool("google-chrome", "exit 0")
    machine.tool("apt-get", "exit 1")
    assert "BROWSER" not in machine.knobs("test").stderr


def test_packages_that_cannot_be_installed(machine: Machine) -> None:
    (machine.folder / "pip-script").write_text("echo ERROR: no matching distribution; exit 1")
    result = machine.knobs()
    assert "ERROR: no matching distribution" in result.stderr
    assert "check the internet connection" in the_sentence(result)
    (machine.folder / "pip-script").unlink()
    again = machine.knobs("scenes")  # from nothing, for pip may have left anything behind
    assert "Setting up Knobs" in again.stderr
    assert again.returncode == 0


def test_a_full_disk(machine: Machine) -> None:
    (machine.folder / "pip-script").write_text("echo 'OSError: [Errno 28] No space left on device'; exit 1")
    assert "the disk is full" in the_sentence(machine.knobs())


def test_a_killed_set_up_is_repeated(machine: Machine) -> None:
    (machine.folder / "pip-script").write_text('kill -9 "$(sed -n 1p media/.setup.lock/owner)"; sleep 0.2; exit 1')
    assert machine.knobs().returncode == -signal.SIGKILL
    assert (machine.project / "media" / ".setup.lock").exists()
    (machine.folder / "pip-script").unlink()
    (machine.project / ".venv" / "half").touch()
    result = machine.knobs("scenes")
    assert "Setting up Knobs" in result.stderr
    assert result.stdout == "lesson, 1 words:\n<scenes>\n"
    assert not (machine.project / ".venv" / "half").exists()
    assert not (machine.project / "media" / ".setup.lock").exists()


def test_two_at_once_wait_for_each_other(machine: Machine) -> None:
    # pip goes on when the second start has said that it waits; if it never says so, after a minute.
    waits = 'n=0; while [ ! -e "$MACHINE/go-on" ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done'
    (machine.folder / "pip-script").write_text(waits)
    program = [str(machine.project / "knobs"), "scenes"]
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    first = start(program, env=machine.environment, text=True, **pipes)
    owner = machine.project / "media" / ".setup.lock" / "owner"
    until(lambda: owner.exists() and owner.read_text().count("\n") == 2)
    second = start(program, env=machine.environment, text=True, **pipes)
    assert f"Another set-up of Knobs is running (process {first.pid}); waiting for it." in second.stderr.readline()
    (machine.folder / "go-on").touch()
    told = [process.communicate(timeout=60) for process in (first, second)]
    assert [out for out, _ in told] == ["lesson, 1 words:\n<scenes>\n"] * 2
    assert "Setting up" not in told[1][1]
    assert len(machine.pip_runs()) == 1


def test_help_is_there_at_once() -> None:
    """What the launcher starts, with the real command: nothing slow is loaded."""
    told = {**os.environ, "PYTHONPROFILEIMPORTTIME": "1"}
    words = [sys.executable, "-P", "-m", "lesson", "--help"]
    result = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=told)
    assert result.returncode == 0, result.stderr
    assert "lesson" in result.stdout
    loaded = {line.rsplit("|", 1)[-1].strip() for line in result.stderr.splitlines() if line.startswith("import time:")}
    assert "click" in loaded
    assert not loaded & {"manim", "numpy", "scipy", "numba", "av", "rich", "jinja2"}


@pytest.mark.needs("shellcheck")
@pytest.mark.parametrize("script", ["knobs", ".ci/run"])
def test_shellcheck(script: str) -> None:
    result = subprocess.run(["shellcheck", str(ROOT / script)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("file", ["knobs", ".ci/run"])
def test_programs_can_be_run(file: str) -> None:
    assert os.access(ROOT / file, os.X_OK)


@pytest.mark.parametrize(
    ("words", "is_wanted"),
    [
        (("lesson",), True),
        (("--verbose", "render", "BarDetector", "--voice", "joe"), True),
        (("film", "--voice", "my voice.onnx"), True),
        (("live", "BarDetector"), True),
        (("present",), True),
        (("lesson", "--language", "en,de"), True),
        (("lesson", "--language", "de"), False),
        (("lesson", "--language=de"), False),
        (("film", "--language", "de", "--voice", "thorsten.onnx"), True),
        (("export", "--check"), False),
        (("render", "mine.py", "Mine", "--voice", "joe"), True),
        (("render", "mine.py", "Mine"), False),
        (("lesson", "--voice", "none"), False),
        (("lesson", "--voice=none"), False),
        (("film", "--voice", "manim_voiceover:GTTSService"), False),
        (("lesson", "--help"), False),
        (("lesson", "--dry-run"), False),
        (("scenes", "lesson"), False),
        (("train",), False),
    ],
)
def test_the_commands_that_speak_bring_the_voice(machine: Machine, words: tuple[str, ...], is_wanted: bool) -> None:
    first, second = machine.knobs(*words), machine.knobs(*words)
    asked = [run for run in machine.pip_runs() if run.endswith("--editable .[voice]")]
    assert len(asked) == is_wanted, "and only once"
    assert ("190 MB" in first.stderr) == is_wanted
    assert second.stderr == ""
    assert first.stdout == second.stdout


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("pptx", ("present", "7", "--pptx", "--voice", "none")),
        ("pptx", ("export", "--pptx", "--voice", "none")),
        ("import", ("import", "{}/there.onnx", "--output", "my.npz")),
        ("import", ("export-network", "{}/new.safetensors")),
        (None, ("import", "{}/there.json")),
        (None, ("import", "{}/missing.onnx")),
        (None, ("import", "{}/there.onnx", "--help")),
        (None, ("export-network", "{}/new.json")),
        (None, ("evaluate", "{}/there.onnx")),
        (None, ("lesson", "--voice", "none")),
    ],
)
def test_a_command_brings_the_packages_that_it_needs(
    machine: Machine, extra: str | None, words: tuple[str, ...]
) -> None:
    for name in ("there.onnx", "there.json"):
        (machine.folder / name).write_text("a network")
    told = [word.replace("{}", str(machine.folder)) for word in words]
    first, second = machine.knobs(*told), machine.knobs(*told)
    asked = [run for run in machine.pip_runs() if ".[" in run]
    assert [run.partition("--editable ")[2] for run in asked] == ([f".[{extra}]"] if extra else []), "and only once"
    assert ("once; this takes about" in first.stderr) == (extra is not None)
    assert second.stderr == ""


def test_without_the_voice_the_command_still_runs(machine: Machine) -> None:
    (machine.folder / "pip-script").write_text('case "$*" in *voice*) echo "no network"; exit 1 ;; esac\n')
    result = machine.knobs("lesson")
    assert result.stdout == "lesson, 1 words:\n<lesson>\n"
    assert "It could not be installed" in result.stderr
    assert "no network" in (machine.project / "media" / "setup.log").read_text()
    (machine.folder / "pip-script").unlink()
    assert "It could not be installed" not in machine.knobs("lesson").stderr
    assert machine.knobs("lesson").stderr == ""
