"""`knobs gallery`: the whole kit on one picture."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.commands.render import NETWORK_OPTIONS, with_options
from lesson.paths import ROOT, shown


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    default=ROOT / "media" / "gallery.png",
    help="Where the picture goes, instead of media/gallery.png.",
)
@with_options(NETWORK_OPTIONS)
def command(output: Path, checkpoint: Path | None, data: Path | None) -> None:
    """Draw every mobject and animation of the kit on one picture."""
    from lesson.rendering import manim_set_up, use_network
    from scenes.gallery import contact_sheet
    from scenes.lesson_scene import lesson_checkpoint, lesson_digits

    use_network(checkpoint, data)
    output.parent.mkdir(parents=True, exist_ok=True)
    with manim_set_up("h", ROOT / "media"):
        contact_sheet(lesson_checkpoint(), lesson_digits("test")).save(output)
    click.echo(shown(output))
