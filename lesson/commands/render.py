"""`knobs render`: scenes as clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from lesson.paths import ROOT, shown

F = TypeVar("F", bound=Callable[..., Any])


NETWORK_OPTIONS = (
    click.option("--checkpoint", type=click.Path(path_type=Path), metavar="FILE", help="The network to draw."),
    click.option("--data", type=click.Path(path_type=Path), metavar="FOLDER", help="The data to show it with."),
)


def with_options(options: tuple[Callable[[F], F], ...]) -> Callable[[F], F]:
    """Several options at once."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def render_options(quality: str) -> Callable[[F], F]:
    """The options of every command that renders; `quality` is its default."""
    return with_options(
        (
            click.option(
                "-q",
                "--quality",
                type=click.Choice(["l", "m", "h", "k"]),
                default=quality,
                show_default=True,
                help="480p15, 720p30, 1080p60 or 2160p60.",
            ),
            *NETWORK_OPTIONS,
            click.option(
                "--media",
                type=click.Path(path_type=Path),
                metavar="FOLDER",
                default=ROOT / "media",
                help="Where the clips go, instead of media/.",
            ),
            click.option("--verbose", is_flag=True, help="Print manim's log instead of a progress bar."),
        )
    )


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("h")
def command(
    names: tuple[str, ...], quality: str, checkpoint: Path | None, data: Path | None, media: Path, verbose: bool
) -> None:
    """Render scenes as video.

    SCENE is a name from `./knobs scenes`, or the number of a part. Without one, all are rendered.
    """
    render_scenes(names, quality, checkpoint, data, media, verbose)


def render_scenes(
    names: Sequence[str], quality: str, checkpoint: Path | None, data: Path | None, media: Path, verbose: bool
) -> list[Path]:
    """Render with a progress bar, print where each clip is, and return the files."""
    from lesson import rendering

    try:
        scenes = rendering.find_scenes(names)
    except rendering.RenderError as problem:
        raise click.ClickException(str(problem)) from problem
    media = media.resolve()
    media.mkdir(parents=True, exist_ok=True)
    rendering.use_network(checkpoint, data)
    files = []
    with rendering.manim_set_up(quality, media, verbose):
        for number, (part, scene) in enumerate(scenes, 1):
            heading = f"Scene {number} of {len(scenes)}: {scene.name}"
            try:
                if verbose:
                    click.echo(heading)
                    clip = rendering.render(part, scene)
                else:
                    clip = _with_progress(heading, part, scene)
            except rendering.RenderError as problem:
                raise click.ClickException(str(problem)) from problem
            click.echo(f"{shown(clip.file)}  ({clip.seconds:.0f} s)")
            files.append(clip.file)
    return files


def _with_progress(heading: str, part: Any, scene: Any) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from lesson import rendering

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} frames"),
        TimeRemainingColumn(),
    )
    if not console.is_terminal:
        console.print(heading)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        total = rendering.frames(rendering.length_of(part, scene))
        task = progress.add_task(heading, total=total)
        return rendering.render(
            part, scene, lambda seconds: progress.update(task, completed=min(rendering.frames(seconds), total))
        )
