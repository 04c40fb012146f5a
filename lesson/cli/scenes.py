"""`knobs scenes`: the lesson's scenes, in order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.options import MEDIA_OPTION, NETWORK_OPTIONS, with_options
from lesson.cli.progress import step_progress
from network.paths import display_path
from scenes.wording import count

if TYPE_CHECKING:
    from lesson.render.durations import SceneLength
    from scenes.settings import LessonContext
    from scenes.syllabus import Part, SceneEntry

    Scenes = Sequence[tuple[Part, SceneEntry]]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.option("--exact", is_flag=True, help="Measure the lengths that are only estimated: about 2 s a scene, once.")
@click.option("--quick", is_flag=True, hidden=True, help="Measure nothing, which is the default.")
@click.option("--save-estimates", is_flag=True, hidden=True, help="Keep the exact lengths as the estimates.")
@with_options(*NETWORK_OPTIONS, MEDIA_OPTION)
def command(
    as_json: bool,
    exact: bool,
    quick: bool,
    save_estimates: bool,
    checkpoint: Path | None,
    data: Path | None,
    media: Path,
) -> None:
    """List the scenes in order, and how long they are.

    The length of a scene without an up-to-date clip is an estimate, marked ~ (in JSON: "seconds_from": "estimate").
    With --exact, such a scene is run without being drawn to measure it, and the length is kept.
    """
    from lesson.importing import datasets
    from lesson.render.durations import ESTIMATES, scene_lengths, write_estimates
    from lesson.render.rendering import find_scenes, left_out
    from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA

    if quick and (exact or save_estimates):
        raise click.UsageError("--quick and --exact contradict each other; leave one of them out")
    context = datasets.context_of(checkpoint, data)
    scenes, media = find_scenes((), context.data), media.resolve()
    if save_estimates and (context.checkpoint, context.data) != (DEFAULT_CHECKPOINT, DEFAULT_DATA):
        raise click.UsageError("estimates are the lengths with the default network and data; leave the others out")
    lengths = scene_lengths(scenes, context, media)
    if exact or save_estimates:
        lengths = _measured(scenes, lengths, context, media)
    if save_estimates:
        write_estimates({scene.name: length.seconds for (_, scene), length in zip(scenes, lengths, strict=True)})
        click.echo(f"Saved as {display_path(ESTIMATES)}", err=True)
    if as_json:
        _print_json(scenes, lengths)
    else:
        _print_table(scenes, lengths)
        _print_left_out([scene for _, scene in left_out((), context.data)])


def _print_left_out(scenes: Sequence[SceneEntry]) -> None:
    """Which scenes cannot be shown for the rows of a table, and why."""
    if scenes:
        click.echo(f"\nThis network takes the rows of a table, so {count(len(scenes), 'scene')} cannot be shown:")
    for scene in scenes:
        click.echo(f"  {scene.name}: {scene.needs_pictures}")


def _measured(scenes: Scenes, lengths: list[SceneLength], context: LessonContext, media: Path) -> list[SceneLength]:
    """The same lengths, with dry runs in place of estimates; shows how far it is."""
    from rich.console import Console

    from lesson.render.durations import measure_lengths

    unknown = [n for n, length in enumerate(lengths) if length.known_from == "estimate"]
    if not unknown:
        return lengths
    click.echo(f"Running {count(len(unknown), 'scene')} without drawing: about {2 + 2 * len(unknown)} s", err=True)
    lengths = list(lengths)
    with step_progress(Console(stderr=True), "Scenes measured") as show:
        measured = measure_lengths([scenes[n] for n in unknown], context, media)
        for done, (n, length) in enumerate(zip(unknown, measured, strict=True), 1):
            lengths[n] = length
            show(done, len(unknown))
    return lengths


def _print_json(scenes: Scenes, lengths: list[SceneLength]) -> None:
    listed = [
        {
            "part": part.number,
            "part_title": part.title,
            "name": scene.name,
            "title": scene.title,
            "summary": scene.summary,
            "seconds": round(length.seconds, 3),
            "seconds_from": length.known_from,
        }
        for (part, scene), length in zip(scenes, lengths, strict=True)
    ]
    click.echo(json.dumps(listed, indent=2, ensure_ascii=False))


def _print_table(scenes: Scenes, lengths: list[SceneLength]) -> None:
    from lesson.render.durations import format_duration

    heading = 0
    for (part, scene), length in zip(scenes, lengths, strict=True):
        if part.number != heading:
            click.secho(f"Part {part.number}. {part.title}", bold=True)
            heading = part.number
        shown = ("~" if length.known_from == "estimate" else "") + format_duration(length.seconds)
        click.echo(f"  {shown:>5}  {scene.name}  {scene.title}\n         {scene.summary}")
    click.echo(f"\n{_summary(lengths)}")


def _summary(lengths: list[SceneLength]) -> str:
    """How many scenes, how long in all, and how that is known."""
    from lesson.render.durations import format_duration

    total = format_duration(sum(length.seconds for length in lengths))
    dry_runs = sum(length.known_from == "dry run" for length in lengths)
    estimates = sum(length.known_from == "estimate" for length in lengths)
    words = f"{count(len(lengths), 'scene')}, {'about ' if estimates else ''}{total} in all"
    if dry_runs:
        words += f"; {dry_runs if dry_runs < len(lengths) else 'all'} measured by a dry run, not rendered yet"
    if estimates:
        how_many = "all lengths are" if estimates == len(lengths) else f"~ marks {estimates} that are"
        words += f"; {how_many} estimated, and ./knobs scenes --exact measures them"
    return words
