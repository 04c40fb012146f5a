"""`knobs compare`: two networks side by side, as a clip and a still."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from lesson.cli.options import (
    LANGUAGE_OPTION,
    MEDIA_OPTION,
    NARRATION_OPTIONS,
    FilePath,
    quality_option,
    tell_missing_voice,
    with_options,
)
from lesson.cli.progress import tell
from network.paths import display_path
from scenes.settings import DEFAULT_DATA, LessonContext, NarrationOptions


@click.command()
@click.argument("one", type=FilePath(), metavar="A.npz")
@click.argument("other", type=FilePath(), metavar="B.npz")
@click.option("--data", type=FilePath(), metavar="FOLDER_OR_FILE", help="The pictures or the table to compare them on.")
@quality_option("h")
@MEDIA_OPTION
@with_options(*NARRATION_OPTIONS, LANGUAGE_OPTION)
@click.option("--still", "only_still", is_flag=True, help="Draw only the still, which is quick.")
def command(
    one: Path,
    other: Path,
    data: Path | None,
    quality: str,
    media: Path,
    only_still: bool,
    **narration: Any,
) -> None:
    """Show two networks side by side, as a clip and a still.

    It shows their weights, how well each reads the test pictures, and pictures on which they disagree.
    """
    from lesson.importing import datasets
    from lesson.render import rendering
    from lesson.render.fonts import set_up_fonts_of
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits

    tell_missing_voice(narration["voice"], narration["language"])
    own = datasets.data_of(one, data)
    data = own or datasets.data_of(other, None)
    test = load_digits(data or DEFAULT_DATA, "test")
    if test.inputs:
        of_rows = one if own else other
        load_checkpoint(of_rows, "name another file").check_fits(test, of_rows)  # --data may be a table of neither
        raise rendering.RenderError(
            f"{display_path(of_rows)} takes the rows of a table, and the comparison shows pictures; measure each of "
            f"them with ./knobs evaluate --checkpoint FILE"
        )
    for file in (one, other):
        load_checkpoint(file, "name another file").check_fits(test, file)
    told = LessonContext.of(one, data or DEFAULT_DATA, quality, NarrationOptions(**narration))
    context = replace(told, compared=(other.resolve(),))
    set_up_fonts_of(context, tell)
    clip, still = rendering.render_comparison(context, media.resolve(), only_still)
    if clip is not None:
        click.echo(f"{display_path(clip.file)}  ({clip.seconds:.0f} s)")
    click.echo(display_path(still))
