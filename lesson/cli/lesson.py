"""`knobs lesson`: the main job, from the network to pages with clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lesson.cli.clips import print_dry_run
from lesson.cli.exports import export_languages
from lesson.cli.options import EXPORT_OPTIONS, RenderOptions, each_language, render_options, with_options


@click.command()
@render_options("m")
@with_options(*EXPORT_OPTIONS)
def command(options: RenderOptions, output: Path | None, **formats: Any) -> None:
    """Render every scene and make the pages of the lesson."""
    if options.dry_run:
        for one in each_language(options):
            print_dry_run((), one)
    else:
        export_languages((), options, output, **formats)
