"""`knobs gallery`: the whole kit on one picture."""

from __future__ import annotations

import io
from pathlib import Path

import click

from lesson.cli.render import NETWORK_OPTIONS, with_options
from network.files import display_path
from scenes.settings import ROOT


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
    from PIL import Image

    from lesson.importing import datasets
    from lesson.render.rendering import check_network, manim_set_up
    from network.files import atomic_write
    from scenes.kit.gallery import contact_sheet
    from scenes.stage.inputs import Inputs

    kind = Image.registered_extensions().get(output.suffix.lower())
    if kind not in Image.SAVE:
        raise click.BadParameter(f"{output.name} names no kind of picture; end it in .png", param_hint="--output")
    context = datasets.context_of(checkpoint, data)
    check_network(context)
    inputs = Inputs(context)
    with manim_set_up("h", ROOT / "media"):
        sheet = contact_sheet(inputs.checkpoint, inputs.digits("test"))
    whole = io.BytesIO()
    sheet.save(whole, kind)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(output, whole.getvalue())
    except OSError as problem:
        raise click.ClickException(
            f"{output} cannot be written: {problem.strerror or problem}; choose another place by --output FILE"
        ) from problem
    click.echo(display_path(output))
