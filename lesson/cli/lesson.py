"""`knobs lesson`: the main job, from the network to pages with clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lesson.cli.export import export_options, export_scenes
from lesson.cli.render import RenderOptions, narration_option, render_options, say_what_to_render


@click.command()
@render_options("m")
@narration_option
@export_options()
def command(wanted: RenderOptions, narration: Path | None, output: Path | None, **wishes: Any) -> None:
    """Render every scene and make the pages of the lesson."""
    if wanted.dry_run:
        say_what_to_render((), wanted)
        return
    export_scenes((), wanted, narration, output, **wishes)
