"""`knobs doctor`: does this machine have everything that is needed, and if not, what to do?"""

from __future__ import annotations

import shutil
import textwrap

import click

from lesson.render import machine_checks


@click.command()
def command() -> None:
    """Check that this machine has everything that is needed.

    Each line is one check; a check that fails says what to do. The exit code is 0 if all checks pass, otherwise 1.
    """
    failures = 0
    width = max(len(what) for what, _ in machine_checks.CHECKS) + 2
    for finding in machine_checks.findings():
        mark = click.style("✗", fg="red") if finding.remedy else click.style("✓", fg="green")
        click.echo(f"{mark} {finding.what:<{width}}{_wrapped(finding.state, width + 2)}")
        if finding.remedy:
            failures += 1
            click.echo(f"  {'':<{width}}→ {_wrapped(finding.remedy, width + 4)}")
    click.echo()
    if failures:
        click.echo(f"{failures} of {len(machine_checks.CHECKS)} checks failed; follow each → to fix them.")
        click.get_current_context().exit(1)
    click.echo(f"All {len(machine_checks.CHECKS)} checks passed.")


def _wrapped(sentence: str, indent: int) -> str:
    width = max(40, shutil.get_terminal_size().columns - indent)
    # Paths and file names stay whole, to be copied.
    lines = textwrap.wrap(sentence, width, break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)
