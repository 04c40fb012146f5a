"""`knobs scenes`: the lesson's scenes, in order."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.options import MEDIA_OPTION, NETWORK_OPTIONS, with_options
from lesson.cli.progress import count

if TYPE_CHECKING:
    from lesson.render.durations import SceneLength


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.option("--quick", is_flag=True, help="Skip the lengths that are not known yet.")
@with_options(*NETWORK_OPTIONS, MEDIA_OPTION)
def command(as_json: bool, quick: bool, checkpoint: Path | None, data: Path | None, media: Path) -> None:
    """List the scenes of the lesson, in order, and how long they are.

    The length of a scene without a clip is found by a dry run, which takes a few seconds, once.
    """
    from lesson.importing import datasets
    from lesson.render.durations import format_duration, scene_lengths
    from lesson.render.rendering import find_scenes

    scenes = find_scenes(())
    found = scene_lengths(scenes, datasets.context_of(checkpoint, data), media.resolve(), dry_run=not quick)
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
    listed_lengths: list[SceneLength] = []
    heading = 0
    for (part, scene), length in zip(scenes, found, strict=True):
        if part.number != heading:
            click.secho(f"Part {part.number}. {part.title}", bold=True)
            heading = part.number
        shown = "?" if length.seconds is None else format_duration(length.seconds)
        click.echo(f"  {shown:>5}  {scene.name}  {scene.title}\n         {scene.summary}")
        listed_lengths.append(length)
    click.echo(f"\n{_summary(listed_lengths)}")


def _summary(found: list[SceneLength]) -> str:
    """How many scenes, how long in all, and how that was measured."""
    from lesson.render.durations import format_duration

    seconds = sum(length.seconds or 0 for length in found)
    dry_runs = sum(length.known_from == "dry run" for length in found)
    unknown = sum(length.known_from is None for length in found)
    words = f"{count(len(found), 'scene')}, {format_duration(seconds)} in all"
    if unknown:
        words += f"; the length of {unknown} is not known yet"
    if dry_runs:
        words += f"; {dry_runs if dry_runs < len(found) else 'all'} measured by a dry run, not rendered yet"
    return words
