"""`knobs lesson`: the main job, from the network to the clips."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.commands.render import (
    add_narration,
    narration_option,
    render_options,
    render_scenes,
    say_what_to_render,
    spoken_words,
)
from lesson.paths import shown


@click.command()
@render_options("m")
@narration_option
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
) -> None:
    """Render every scene and say where the clips are."""
    if dry_run:
        say_what_to_render((), quality, checkpoint, data, media, force)
        return
    spoken = spoken_words(narration)
    files = render_scenes((), quality, checkpoint, data, media, force, verbose, jobs, dask)
    add_narration(files, spoken)
    click.echo(f"\nThe lesson is ready: {len(files)} clip{'' if len(files) == 1 else 's'} in {shown(files[0].parent)}")
