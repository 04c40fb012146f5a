"""`knobs live`: a preview that follows the network and the code."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.cli.render import NETWORK_OPTIONS, with_options
from network.files import display_path
from scenes.settings import ROOT, LessonContext


@click.command()
@click.argument("scene")
@click.option("--at", type=click.FloatRange(min=0), metavar="SECONDS", help="Which moment to draw.  [default: the end]")
@click.option("--height", type=click.IntRange(90, 2160), default=480, show_default=True, help="Of the picture.")
@click.option("--clip", is_flag=True, help="Render a small clip, too, after each still.")
@click.option("--once", is_flag=True, help="Draw it once and leave.")
@click.option("--media", type=click.Path(path_type=Path), metavar="FOLDER", default=ROOT / "media")
@with_options(NETWORK_OPTIONS)
def command(
    scene: str,
    at: float | None,
    height: int,
    clip: bool,
    once: bool,
    media: Path,
    checkpoint: Path | None,
    data: Path | None,
) -> None:
    """Draw a scene again whenever its network or the code changes.

    SCENE is a name from `./knobs scenes`. The picture stays in one file, which an image viewer shows anew. Ctrl-C ends.
    """
    from lesson.importing import datasets
    from lesson.render.preview import Previewer, changes
    from lesson.render.rendering import RenderError, find_scenes

    if len(found := find_scenes([scene])) != 1:
        raise RenderError(f"{scene} is a whole part; choose one of its scenes: {', '.join(s.name for _, s in found)}")
    name = found[0][1].name
    context = datasets.context_of(checkpoint, data)
    picture = media.resolve() / "live" / f"{name}.png"
    previewer = Previewer()
    for changed in changes(lambda: _watched(context)):
        if changed:
            click.echo(f"{', '.join(display_path(file) for file in changed[:3])} changed")
        made = previewer.still(context, name, at, height, picture)
        if made.problem:
            click.echo(f"knobs: {made.problem}", err=True)
        else:
            moment = f"{made.reached:.1f} s, {made.beat}" if made.beat else f"{made.reached:.1f} s"
            click.echo(f"{display_path(picture)}  ({moment}; drawn in {made.seconds:.1f} s)")
        if clip and not made.problem:
            _render_clip(context, name, media)
        if once:
            click.get_current_context().exit(1 if made.problem else 0)


def _watched(context: LessonContext) -> list[Path]:
    """The files that a scene may come from."""
    network, data = context.checkpoint, context.data
    sources = [file for folder in ("network", "scenes") for file in (ROOT / folder).rglob("*.py")]
    companions = network.parent.glob(f"{network.stem}.*.npz")
    return [*sources, ROOT / "manim.cfg", network, *companions, *(data.iterdir() if data.is_dir() else ())]


def _render_clip(context: LessonContext, name: str, media: Path) -> None:
    """Render a clip in a program of its own, which reads the code as it is now."""
    import subprocess
    import sys

    files = ["--checkpoint", str(context.checkpoint), "--data", str(context.data)]
    words = ["-m", "lesson", "render", name, "-q", "l", "--media", str(media), *files]
    subprocess.run([sys.executable, "-P", *words], check=False)
