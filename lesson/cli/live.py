"""`knobs live`: a preview that is drawn again when the network or the code changes."""

from __future__ import annotations

from glob import escape
from pathlib import Path
from typing import Any

import click

from lesson.cli.options import (
    LANGUAGE_OPTION,
    MEDIA_OPTION,
    NARRATION_OPTIONS,
    NETWORK_OPTIONS,
    FiniteRange,
    tell_missing_voice,
    with_options,
)
from lesson.cli.progress import tell
from network.paths import display_path
from scenes.catalogue import catalogue_file
from scenes.settings import ROOT, LessonContext, NarrationOptions


@click.command()
@click.argument("scene")
@click.option(
    "--at",
    type=FiniteRange(min=0),
    metavar="SECONDS",
    help="Draw the end of the animation or pause at this moment.  [default: the end of the scene]",
)
@click.option(
    "--height", type=click.IntRange(90, 2160), default=480, show_default=True, help="Height of the picture in pixels."
)
@click.option("--clip", is_flag=True, help="Also render a small clip after each still.")
@click.option("--once", is_flag=True, help="Draw it once and stop.")
@with_options(MEDIA_OPTION, *NETWORK_OPTIONS, *NARRATION_OPTIONS, LANGUAGE_OPTION)
def command(
    scene: str,
    at: float | None,
    height: int,
    clip: bool,
    once: bool,
    media: Path,
    checkpoint: Path | None,
    data: Path | None,
    **narration: Any,
) -> None:
    """Draw a scene again whenever its network or the code changes.

    SCENE is a name from `./knobs scenes`. The picture is always written to the same file; open it in an image viewer
    that reloads it. Ctrl-C stops.
    """
    from lesson.importing import datasets
    from lesson.render.fonts import set_up_fonts_of
    from lesson.render.preview import Previewer, changes
    from lesson.render.rendering import RenderError, find_scenes

    if len(found := find_scenes([scene])) != 1:
        raise RenderError(f"{scene} is a whole part; choose one of its scenes: {', '.join(s.name for _, s in found)}")
    tell_missing_voice(narration["voice"], narration["language"])
    name = found[0][1].name
    context = datasets.context_of(checkpoint, data, narration=NarrationOptions(**narration))
    set_up_fonts_of(context, tell)
    picture = media.resolve() / "live" / f"{name}.png"
    previewer = Previewer()
    for changed in changes(lambda: _watched(context)):
        if changed:
            click.echo(f"{', '.join(display_path(file) for file in changed[:3])} changed")
        preview = previewer.still(context, name, at, height, picture, media.resolve())
        if preview.problem:
            click.echo(f"knobs: {preview.problem}", err=True)
        else:
            if at is not None and preview.reached < at - 0.05:
                click.echo(f"knobs: {name} has only {preview.reached:.1f} s, so this is its end", err=True)
            moment = "the end" if at is None else f"{preview.reached:.1f} s"
            moment += f", {preview.chapter}" if preview.chapter else ""
            click.echo(f"{display_path(picture)}  ({moment}; drawn in {preview.seconds:.1f} s)")
        if clip and not preview.problem:
            _render_clip(context, name, media)
        if once:
            click.get_current_context().exit(1 if preview.problem else 0)


def _watched(context: LessonContext) -> list[Path]:
    """The files that a scene may depend on."""
    network, data = context.checkpoint, context.data
    catalogue = catalogue_file(context.language)
    sources = [file for folder in ("network", "scenes") for file in (ROOT / folder).rglob("*.py")]
    companions = network.parent.glob(f"{escape(network.stem)}.*.npz")
    return [
        *sources,
        *([catalogue] if catalogue.is_file() else ()),
        ROOT / "manim.cfg",
        network,
        *companions,
        *(data.iterdir() if data.is_dir() else ()),
    ]


def _render_clip(context: LessonContext, name: str, media: Path) -> None:
    """Render in a new process, which reads the code as it is now."""
    import subprocess
    import sys

    files = ["--checkpoint", str(context.checkpoint), "--data", str(context.data), "--voice", context.voice]
    files += ["--narration", str(context.narration), "--captions", context.captions, "--language", context.language]
    words = ["-m", "lesson", "render", name, "-q", "l", "--media", str(media), *files]
    subprocess.run([sys.executable, "-P", *words], check=False)
