"""`knobs test`: ruff, mypy and pytest, one after the other."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import click

from scenes.settings import ROOT

NEEDED = ("ruff", "mypy", "pytest", "hypothesis", "pytest_timeout", "xdist")


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]})
@click.option("--all", "everything", is_flag=True, help="Also run the slow tests.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, everything: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Check the code: ruff, mypy and pytest.

    All three run, even if one of them fails. PYTEST_ARGUMENTS are passed to pytest, such as -k name or
    tests/test_film.py.
    """
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if absent:
        raise click.ClickException(
            f"{', '.join(absent)} missing; run ./knobs test in the folder of the project, which installs them"
        )
    # An empty marker expression replaces "not slow" in pyproject.toml.
    marker = ("-m", "") if everything else ()
    # On all cores; tests that share something slow to create, such as a browser, stay together.
    spread = ("-n", "auto", "--dist", "loadgroup")
    failed = []
    for tool in (("ruff", "check", "."), ("mypy",), ("pytest", *spread, *marker, *pytest_arguments)):
        click.secho(" ".join(("$", *(word or "''" for word in tool))), bold=True)
        sys.stdout.flush()
        # -P: the current folder does not come before the installed packages.
        result = subprocess.run([sys.executable, "-P", "-m", *tool], cwd=ROOT, check=False)
        if result.returncode < 0 or result.returncode == 130:
            raise click.Abort
        if result.returncode:
            failed.append(tool[0])
    if failed:
        click.echo(f"knobs: {' and '.join(failed)} failed; see above", err=True)
        ctx.exit(1)
