"""`knobs export`: the lesson as a folder of pages and clips, to open, to put on a server or to upload."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from lesson.cli.clips import print_dry_run
from lesson.cli.exports import export_languages
from lesson.cli.options import EXPORT_OPTIONS, RenderOptions, each_language, render_options, with_options
from network.paths import display_path
from scenes.settings import ROOT
from scenes.wording import count


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("m")
@with_options(*EXPORT_OPTIONS)
@click.option("--check", is_flag=True, help="Only check that the export is complete and shows this network.")
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    options: RenderOptions,
    output: Path | None,
    check: bool,
    **formats: Any,
) -> None:
    """Make a folder of pages and clips, for a class or a course.

    Clips that are out of date are rendered first. SCENE is a name from `./knobs scenes` or the number of a part;
    without one, the whole lesson is exported. index.html is the lesson; use.html explains how to show the clips
    elsewhere.
    """
    if check:
        from lesson.export.build import check_export, export_folder

        place = export_folder(output, options)
        problems, fingerprint = check_export(place, options.checkpoint)
        for problem in problems:
            click.echo(problem)
        if problems:
            click.echo(f"knobs: {count(len(problems), 'problem')}; run {_again(options, output)}", err=True)
            ctx.exit(1)
        click.echo(f"{display_path(place)} is complete and shows the network {fingerprint[:12]}.")
    elif options.dry_run:
        for one in each_language(options):
            print_dry_run(names, one)
    else:
        export_languages(names, options, output, **formats)


def _again(options: RenderOptions, output: Path | None) -> str:
    """The command that makes this export again."""
    media = None if options.media == ROOT / "media" else options.media
    given = {"--checkpoint": options.checkpoint, "--data": options.data, "--media": media, "--output": output}
    words = [f"{option} {shlex.quote(display_path(file))}" for option, file in given.items() if file]
    return " ".join(["./knobs export", *words])
