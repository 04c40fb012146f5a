"""What to type to install what is missing, from whichever folder Knobs was called."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from network.paths import display_path, quoted
from scenes.settings import ROOT


def program(name: str) -> str:
    """A program of the environment that Knobs runs in, such as pip, as a person would type it."""
    return quoted(Path(sys.prefix) / "bin" / name)


def install_command(package: str) -> str:
    """The command that installs a package, in the version that Knobs is tested with if it names one."""
    return f"{program('pip')} install -c {quoted(ROOT / 'constraints.txt')} {package}"


def install_extra(extra: str) -> str:
    """The command that installs Knobs itself with one of the extras of pyproject.toml."""
    return install_command(f"-e {shlex.quote(f'{display_path(ROOT)}[{extra}]')}")
