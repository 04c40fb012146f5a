"""`knobs render`: scenes as clips."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.cli.clips import print_dry_run, render_clips, render_own_clips, write_subtitles
from lesson.cli.options import SUBTITLES_OPTION, RenderOptions, render_options, with_options
from lesson.render import own_scenes


@click.command()
@click.argument("names", nargs=-1, metavar="[FILE.py] [SCENE]...")
@render_options("h")
@with_options(SUBTITLES_OPTION)
def command(names: tuple[str, ...], options: RenderOptions) -> None:
    """Render scenes as video.

    SCENE is a name from `./knobs scenes` or the number of a part. Without one, all scenes are rendered. Clips that are
    up to date are skipped.

    For a GIF of a scene use `./knobs export --gif SCENE`, or manim's own command with --format gif.

    FILE.py is a file of your own, in any folder, with any scenes of manim's; SCENE is then one of its classes. Its
    clips go to media/own. See examples/ for what the kit draws in such scenes.
    """
    if names and own_scenes.is_file_of_scenes(names[0]):
        if options.subtitles:
            raise click.UsageError("--subtitles is for scenes of the lesson; leave it out for a file of your own")
        render_own_clips(Path(names[0]), names[1:], options)
    elif options.dry_run:
        print_dry_run(names, options)
    else:
        render_clips(names, options)
        write_subtitles(names, options)
