"""`knobs lesson`: the main job, from the network to pages with clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lesson.commands.export import export_options, export_scenes
from lesson.commands.render import narration_option, render_options, say_what_to_render


@click.command()
@render_options("m")
@narration_option
@export_options()
def command(
    quality: str,
    checkpoint: Path | None,
    data: Path | None,
    media: Path,
    narration: Path | None,
    dry_run: bool,
    force: bool,
    verbose: bool,
    jobs: int | None,
    dask: str | None,
    output: Path | None,
    **wishes: Any,
) -> None:
    """Render every scene and make the pages of the lesson."""
    if dry_run:
        say_what_to_render((), quality, checkpoint, data, media, force)
        return
    export_scenes((), quality, checkpoint, data, media, narration, force, verbose, output, jobs, dask, **wishes)
