"""`./knobs test`: ruff, mypy and pytest, one after the other."""

from __future__ import annotations

import importlib.util
import runpy
import subprocess
import sys

import click

from scenes.settings import ROOT

NEEDED = ("ruff", "mypy", "pytest", "hypothesis", "pytest_timeout", "xdist")
NEEDED_BY_ALL = (*NEEDED, "distributed", "torch", "keras", "sphinx")
# The exit code of pytest if nothing failed but some tests could not be run; see tests/needs.py.
NOT_RUN = 8


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]})
@click.option(
    "--all", "everything", is_flag=True, help="Run every test: slow ones too, and those with PyTorch, Keras and Dask."
)
@click.option("--without", multiple=True, metavar="NAME", help="Leave out the tests that need NAME, such as chromium.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, everything: bool, without: tuple[str, ...], pytest_arguments: tuple[str, ...]) -> None:
    """Check the code: ruff, mypy and pytest.

    All three run, whatever the others find. PYTEST_ARGUMENTS go to pytest, such as -k name or
    tests/network/test_network.py. Tests that need something this machine lacks are listed as NOT RUN, with the command
    that installs it. With --all the exit code is then 1, unless --without NAME leaves those tests out.
    """
    needed = NEEDED_BY_ALL if everything else NEEDED
    absent = [name for name in needed if importlib.util.find_spec(name) is None]
    if absent:
        words = "./knobs test --all" if everything else "./knobs test"
        are, them = ("is", "it") if len(absent) == 1 else ("are", "them")
        raise click.ClickException(
            f"{', '.join(absent)} {are} missing; {words} in the project's folder installs {them}"
        )
    known = _known_needs() if without else []
    if unknown := [name for name in without if name not in known]:
        raise click.UsageError(f"no test needs {unknown[0]!r}; --without takes {', '.join(known)}")
    # An empty marker expression takes the place of "not slow" in pyproject.toml.
    chosen = ["-m", "", "--nothing-left-out"] if everything else []
    chosen += [f"--without={name}" for name in without]
    # All cores; tests that share something slow to make, such as a browser, stay together.
    spread = ("-n", "auto", "--dist", "loadgroup")
    failed = []
    for tool in (("ruff", "check", "."), ("mypy",), ("pytest", *spread, *chosen, *pytest_arguments)):
        click.secho(" ".join(("$", *(word or "''" for word in tool))), bold=True)
        sys.stdout.flush()
        # -P: the current folder does not come before the installed packages.
        result = subprocess.run([sys.executable, "-P", "-m", *tool], cwd=ROOT, check=False)
        if result.returncode < 0 or result.returncode == 130:
            raise click.Abort
        if result.returncode:
            failed.append("tests that were not run" if result.returncode == NOT_RUN else f"problems found by {tool[0]}")
    if failed:
        click.echo(f"knobs: {' and '.join(failed)}; see above", err=True)
        ctx.exit(1)


def _known_needs() -> list[str]:
    """The names in tests/needs.py of what a test may need of the machine."""
    return list(runpy.run_path(str(ROOT / "tests" / "needs.py"))["NEEDS"])
