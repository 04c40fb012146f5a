"""`knobs export`: the lesson as a folder of pages and clips, to open, to put on a server or to upload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from lesson.cli.render import (
    RenderOptions,
    narration_option,
    render_options,
    render_scenes,
    say_what_to_render,
    spoken_words,
    with_options,
)
from network.files import display_path

F = TypeVar("F", bound=Callable[..., Any])


def export_options() -> Callable[[F], F]:
    """The options of every command that exports."""
    return with_options(
        (
            click.option(
                "-o",
                "--output",
                type=click.Path(path_type=Path),
                metavar="FOLDER",
                help="Where the export goes, instead of export/ in the media folder.",
            ),
            click.option("--address", default="", metavar="URL", help="Where the folder will be found, for snippets."),
            click.option("--webm", is_flag=True, help="Each clip as WebM (VP9), too; takes long."),
            click.option("--webp", is_flag=True, help="Each clip as an animated WebP, too."),
            click.option("--gif", is_flag=True, help="Each clip as a GIF, too."),
            click.option("--sections", is_flag=True, help="Each chapter of a clip as a clip of its own, too."),
            click.option("--pptx", is_flag=True, help="A PowerPoint file with the clips, too (needs python-pptx)."),
        )
    )


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("m")
@narration_option
@export_options()
@click.option("--check", is_flag=True, help="Make nothing; say whether the export is whole and shows this network.")
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    wanted: RenderOptions,
    narration: Path | None,
    output: Path | None,
    check: bool,
    **wishes: Any,
) -> None:
    """Make a folder of pages and clips, for a class or a course.

    What is out of date is rendered first. SCENE is a name from `./knobs scenes`, or the number of a part; without one,
    the whole lesson is exported. index.html is the lesson, use.html tells how to show the clips elsewhere.
    """
    if check:
        problems = check_export(output or wanted.media / "export", wanted.checkpoint)
        for problem in problems:
            click.echo(problem)
        if problems:
            click.echo(f"knobs: {_count(len(problems), 'problem')}; ./knobs export makes it anew", err=True)
            ctx.exit(1)
        return
    if wanted.dry_run:
        say_what_to_render(names, wanted)
        return
    export_scenes(names, wanted, narration, output, **wishes)


def export_scenes(
    names: Sequence[str], wanted: RenderOptions, narration: Path | None, output: Path | None, pptx: bool, **wishes: Any
) -> Path:
    """Render what is out of date, export it with a progress bar, say where it is, and return the folder."""
    from lesson.export import folder
    from lesson.render import rendering

    if pptx:
        from lesson.export.slides import require

        require()
    place = (output or wanted.media / "export").resolve()
    folder.refuse_others(place)  # before an hour is spent on rendering
    scenes = rendering.find_scenes(names)
    spoken = spoken_words(narration)
    drawn = _load(wanted.checkpoint).fingerprint
    clips = render_scenes(names, wanted)

    from lesson.export import package

    network = _load(wanted.checkpoint)
    if network.fingerprint != drawn:
        raise folder.ExportError("the network was trained anew while the clips were rendered; run this again")
    train, test = (_digits(wanted, split) for split in ("train", "test"))
    rendered = [
        package.Rendered(part, clip, spoken.get(clip.stem)) for (part, _), clip in zip(scenes, clips, strict=True)
    ]

    def wait() -> None:
        click.echo(f"another process exports to {display_path(place)}; waiting for that", err=True)

    with folder.open_folder(place, wait) as opened, _progress(len(clips)) as on_clip:
        made = package.export(
            opened, rendered, network, train, test, package.ExportOptions(slides=pptx, **wishes), on_clip
        )
    click.echo(f"\nThe lesson is in {display_path(place)}: {_count(len(made['clips']), 'clip')}.")
    click.echo(f"  to read and watch:     {display_path(place / 'index.html')}")
    click.echo(f"  to show it elsewhere:  {display_path(place / 'use.html')}")
    return place


def check_export(place: Path, checkpoint: Path | None) -> list[str]:
    """What is wrong with an export, a sentence each."""
    from lesson.export.manifest import check

    network = _load(checkpoint)
    problems = check(place.resolve(), network)
    if not problems:
        click.echo(f"{display_path(place)} is whole, and shows the network {network.fingerprint[:12]}.")
    return problems


def _load(checkpoint: Path | None) -> Any:
    from network.checkpoint import load_checkpoint
    from scenes.settings import LessonContext

    return load_checkpoint(LessonContext.of(checkpoint).checkpoint)


def _digits(wanted: RenderOptions, split: Any) -> Any:
    from lesson.importing.datasets import context_of
    from network.digits import load_digits

    return load_digits(context_of(wanted.checkpoint, wanted.data).data, split)


def _progress(clips: int) -> Any:
    """A progress bar on a terminal, as a context that gives what is to be called for each clip."""
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def bar() -> Any:
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("Exporting", total=clips)
            yield lambda scene: progress.advance(task)

    return bar()


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
