"""`knobs gallery`: the whole kit in one picture, or on one page with the code of each."""

from __future__ import annotations

import io
from pathlib import Path

import click

from lesson.cli.options import LANGUAGE_OPTION, NETWORK_OPTIONS, FilePath, cannot_write, with_options
from lesson.cli.progress import tell
from network.paths import display_path
from scenes.settings import ROOT, NarrationOptions


@click.command()
@click.option(
    "-o",
    "--output",
    type=FilePath(dir_okay=False),
    metavar="FILE",
    default=ROOT / "media" / "gallery.png",
    help="Where to write the picture, or, if it ends in .html, the page with the code.  [default: media/gallery.png]",
)
@with_options(*NETWORK_OPTIONS, LANGUAGE_OPTION)
def command(output: Path, checkpoint: Path | None, data: Path | None, language: str | None) -> None:
    """Draw every mobject and animation of the kit in one picture.

    With --output FILE.html it is a page that shows beside each picture the code that draws it.
    """
    from PIL import Image

    from lesson.export.gallery_page import gallery_page
    from lesson.importing import datasets
    from lesson.render.fonts import set_up_fonts_of
    from lesson.render.rendering import check_network, manim_set_up
    from network.files import atomic_write
    from scenes.kit.gallery import contact_sheet
    from scenes.language import told_in
    from scenes.licence import data_name
    from scenes.stage.inputs import Inputs

    is_page = output.suffix.lower() == ".html"
    kind = Image.registered_extensions().get(output.suffix.lower(), "")
    if not is_page and kind not in Image.SAVE:
        raise click.BadParameter(
            f"{output.name} is not a kind of picture that can be written; end it in .png or .html",
            param_hint="--output",
        )
    context = datasets.context_of(checkpoint, data, narration=NarrationOptions(language=language))
    set_up_fonts_of(context, tell)
    check_network(context)
    inputs = Inputs(context)
    encoded = io.BytesIO()
    with manim_set_up("h", ROOT / "media"), told_in(context.language):
        if is_page:
            shown = data_name(inputs.checkpoint.metadata, inputs)
            encoded.write(gallery_page(inputs.checkpoint, inputs.digits("test"), shown).encode())
        else:
            contact_sheet(inputs.checkpoint, inputs.digits("test")).save(encoded, kind)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(output, encoded.getvalue())
    except OSError as problem:
        raise cannot_write(output, problem, "--output FILE") from problem
    click.echo(display_path(output))
