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
from scenes.wording import count

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
            click.echo(f"knobs: {count(len(problems), 'problem')}; ./knobs export makes the export again", err=True)
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
    scenes = rendering.find_scenes(names)
    folder.refuse_others(place, [entry.name for _, entry in scenes])  # before an hour is spent on rendering
    spoken = spoken_words(narration)
    drawn = _load(wanted.checkpoint).fingerprint
    clips = render_scenes(names, wanted)

    from lesson.export import exporting

    network = _load(wanted.checkpoint)
    if network.fingerprint != drawn:
        raise folder.ExportError("the network was trained anew while the clips were rendered; run this again")
    train, test = (_digits(wanted, split) for split in ("train", "test"))
    rendered = [
        exporting.Rendered(part, clip, spoken.get(clip.stem)) for (part, _), clip in zip(scenes, clips, strict=True)
    ]

    def wait() -> None:
        click.echo(f"another process is exporting to {display_path(place)}; waiting for it", err=True)

    with folder.open_folder(place, wait) as opened, _progress(len(clips)) as on_clip:
        made = exporting.export(
            opened, rendered, network, train, test, exporting.ExportOptions(slides=pptx, **wishes), on_clip
        )
        before = opened.before
    click.echo(f"\nThe lesson is in {display_path(place)}: {count(len(made['clips']), 'clip')}.")
    for sentence in _other_clips(before, made, {clip.stem for clip in clips}):
        click.echo(sentence)
    click.echo(f"  to read and watch:     {display_path(place / 'index.html')}")
    click.echo(f"  to show it elsewhere:  {display_path(place / 'use.html')}")
    return place


def _other_clips(before: dict[str, Any], now: dict[str, Any], exported: set[str]) -> list[str]:
    """What became of the clips of an earlier export of this folder, in sentences."""
    kept = [clip for clip in now["clips"] if clip["scene"] not in exported]
    names = {str(clip["scene"]) for clip in now["clips"]}
    removed = [str(clip.get("scene")) for clip in before.get("clips", ()) if isinstance(clip, dict)]
    removed = [scene for scene in removed if scene not in names]
    old = [clip["scene"] for clip in kept if clip["network"] != now["model"]["fingerprint"]]
    sentences = []
    if kept:
        what = count(len(kept), "clip")
        sentences.append(f"Kept from the last export: {what}. To leave a clip out, delete its folder and export again.")
    if old:
        sentences.append(f"These show another network; ./knobs export {' '.join(old)} makes them again.")
    if removed:
        sentences.append(
            f"Left out: {', '.join(removed)}. The lesson no longer has the scene, or a file of the clip was missing or "
            f"changed; ./knobs export with the scene's name makes a clip again."
        )
    return sentences


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
    from scenes.settings import checkpoint_place

    return load_checkpoint(checkpoint_place(checkpoint))


def _digits(wanted: RenderOptions, split: Any) -> Any:
    from lesson.importing.datasets import data_of
    from network.digits import load_digits
    from scenes.settings import DEFAULT_DATA

    return load_digits(data_of(wanted.checkpoint, wanted.data) or DEFAULT_DATA, split)


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
