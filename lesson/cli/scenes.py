"""`knobs scenes`: the lesson's scenes, in order."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.film import clock
from lesson.cli.render import NETWORK_OPTIONS, with_options
from scenes.settings import ROOT

if TYPE_CHECKING:
    from lesson.render.durations import Length


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them for a program to read.")
@click.option("--quick", is_flag=True, help="Leave out the lengths that are not known yet.")
@with_options(NETWORK_OPTIONS)
@click.option(
    "--media",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    default=ROOT / "media",
    help="Where the clips are, instead of media/.",
)
def command(as_json: bool, quick: bool, checkpoint: Path | None, data: Path | None, media: Path) -> None:
    """List the scenes of the lesson, in order, and how long they are.

    The length of a scene that is not rendered is found by going through it, which takes a few seconds once.
    """
    from lesson.importing import datasets
    from lesson.render.durations import lengths
    from lesson.render.rendering import find_scenes

    scenes = find_scenes(())
    found = lengths(scenes, datasets.context_of(checkpoint, data), media.resolve(), rehearse=not quick)
    if as_json:
        listed = [
            {
                "part": part.number,
                "part_title": part.title,
                **asdict(scene),
                "seconds": None if length.seconds is None else round(length.seconds, 3),
                "seconds_from": length.known_from,
            }
            for (part, scene), length in zip(scenes, found, strict=True)
        ]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    listed_lengths: list[Length] = []
    heading = 0
    for (part, scene), length in zip(scenes, found, strict=True):
        if part.number != heading:
            click.secho(f"Part {part.number}. {part.title}", bold=True)
            heading = part.number
        shown = "?" if length.seconds is None else clock(length.seconds)
        click.echo(f"  {shown:>5}  {scene.name}  {scene.title}\n         {scene.summary}")
        listed_lengths.append(length)
    click.echo(f"\n{_summary(listed_lengths)}")


def _summary(found: list[Length]) -> str:
    """How many scenes, how long in all, and where that is known from."""
    seconds = sum(length.seconds or 0 for length in found)
    rehearsed = sum(length.known_from == "rehearsal" for length in found)
    unknown = sum(length.known_from is None for length in found)
    words = f"{len(found)} scene{'' if len(found) == 1 else 's'}, {clock(seconds)} in all"
    if unknown:
        words += f"; of {unknown} the length is not known yet"
    if rehearsed:
        words += f"; {rehearsed if rehearsed < len(found) else 'all'} not rendered yet, but gone through"
    return words
