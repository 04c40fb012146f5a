"""`knobs test`: ruff, mypy and pytest, one after the other."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import click

from scenes.settings import ROOT

NEEDED = ("ruff", "mypy", "pytest", "hypothesis", "pytest_timeout", "xdist")


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["-h", "--help"]})
@click.option("--all", "everything", is_flag=True, help="Run the tests that are marked slow, too.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def command(ctx: click.Context, everything: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Check the code: ruff, mypy and pytest.

    All three run, whatever the others find. PYTEST_ARGUMENTS go to pytest, such as -k name or tests/test_network.py.
    """
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if absent:
        raise click.ClickException(f"{', '.join(absent)} missing; ./knobs test in the project's folder installs them")
    # An empty marker expression takes the place of "not slow" in pyproject.toml.
    marker = ("-m", "") if everything else ()
    # All cores; what shares something that takes long to make, such as a browser, stays together.
    spread = ("-n", "auto", "--dist", "loadgroup")
    failed = []
    for tool in (("ruff", "check", "."), ("mypy",), ("pytest", *spread, *marker, *pytest_arguments)):
        click.secho(" ".join(("$", *(word or "''" for word in tool))), bold=True)
        sys.stdout.flush()
        # -P: the folder is not put before the installed packages.
        result = subprocess.run([sys.executable, "-P", "-m", *tool], cwd=ROOT, check=False)
        if result.returncode < 0 or result.returncode == 130:
            raise click.Abort
        if result.returncode:
            failed.append(tool[0])
    if failed:
        click.echo(f"knobs: {' and '.join(failed)} found something to mend; see above", err=True)
        ctx.exit(1)
