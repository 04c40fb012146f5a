"""`knobs render`: scenes as clips."""

from __future__ import annotations

import click

from lesson.cli.options import RenderOptions, render_options
from lesson.cli.progress import print_dry_run, render_clips


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("h")
def command(names: tuple[str, ...], options: RenderOptions) -> None:
    """Render scenes as video.

    SCENE is a name from `./knobs scenes` or the number of a part. Without one, all scenes are rendered. Clips that are
    up to date are skipped.
    """
    if options.dry_run:
        print_dry_run(names, options)
    else:
        render_clips(names, options)
