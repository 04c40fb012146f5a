"""`knobs present`: the lesson in a talk, where every beat waits for the speaker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lesson.cli.clips import print_dry_run
from lesson.cli.exports import present_clips
from lesson.cli.options import SUBTITLES_OPTION, FilePath, RenderOptions, each_language, render_options, with_options


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("m")
@with_options(SUBTITLES_OPTION)
@click.option(
    "-o",
    "--output",
    type=FilePath(),
    metavar="FOLDER",
    help="Where to write the pages.  [default: present in the media folder]",
)
@click.option("--auto", type=click.FloatRange(0), metavar="SECONDS", help="Go on by itself, so long after each beat.")
@click.option("--mute", "muted", is_flag=True, help="Begin with the voice off, to speak yourself.")
@click.option("--pptx", is_flag=True, help="Also write a PowerPoint file, a slide for each beat (needs python-pptx).")
def command(names: tuple[str, ...], options: RenderOptions, output: Path | None, **talk: Any) -> None:
    """Make pages to teach with, which wait after every beat.

    Clips that are out of date are rendered first. SCENE is a name from `./knobs scenes` or the number of a part;
    without one, it is the whole lesson. present.html shows the lesson, with a second window for the speaker;
    handout.html is to print. Both open from disk, and play the clips in their folder: take the whole folder along.
    The key C shows captions, also in the languages of --subtitles.
    """
    wanted = each_language(options)
    if len(wanted) > 1:
        talk["languages"] = [one.language_code for one in wanted]
    for one in wanted:
        if options.dry_run:
            print_dry_run(names, one)
        else:
            present_clips(names, one, output, **talk)
