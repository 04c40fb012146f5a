"""`knobs scenes`: the lesson's scenes, in order."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them for a program to read.")
def command(as_json: bool) -> None:
    """List the scenes of the lesson, in order."""
    from scenes.syllabus import SYLLABUS

    if as_json:
        listed = [
            {"part": part.number, "part_title": part.title, **asdict(scene)}
            for part in SYLLABUS
            for scene in part.scenes
        ]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    for part in SYLLABUS:
        if not part.scenes:
            continue
        click.secho(f"Part {part.number}. {part.title}", bold=True)
        for scene in part.scenes:
            click.echo(f"  {scene.name}  {scene.title}")
            click.echo(f"      {scene.summary}")
