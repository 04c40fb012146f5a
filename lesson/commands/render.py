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
    click.option(
        "--data",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="The data to show it with, instead of what it was trained on.",
    ),
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
            click.option("--force", is_flag=True, help="Render what is up to date, too."),
            click.option("--verbose", is_flag=True, help="Print manim's log instead of a progress bar."),
        )
    )


narration_option = click.option(
    "--narration",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Spoken words: WAV files named after scenes, instead of those in assets/narration.",
)


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("h")
@narration_option
def command(
    names: tuple[str, ...],
    quality: str,
    checkpoint: Path | None,
    data: Path | None,
    media: Path,
    narration: Path | None,
    force: bool,
    verbose: bool,
) -> None:
    """Render scenes as video.

    SCENE is a name from `./knobs scenes`, or the number of a part. Without one, all are rendered, but for those whose
    clips are up to date. Where there is a narration for a scene, its clip is written once more, with sound.
    """
    spoken = spoken_words(narration)
    add_narration(render_scenes(names, quality, checkpoint, data, media, force, verbose), spoken)


def render_scenes(
    names: Sequence[str],
    quality: str,
    checkpoint: Path | None,
    data: Path | None,
    media: Path,
    force: bool = False,
    verbose: bool = False,
) -> list[Path]:
    """Render what is out of date with a progress bar, print where each clip is, and return the files."""
    from lesson import freshness, own_data, rendering

    scenes = rendering.find_scenes(names)
    data = own_data.data_of(checkpoint, data)
    media = media.resolve()
    inputs = freshness.made_from(quality, checkpoint, data)  # before anything is read for the pictures
    clips = [rendering.clip_file(scene, quality, media) for _, scene in scenes]
    if not force and all(freshness.why_render(clip, inputs) is None for clip in clips):
        for clip in clips:
            _say_up_to_date(clip)
        return clips
    rendering.use_network(checkpoint, data)
    with rendering.manim_set_up(quality, media, verbose):
        for number, ((part, scene), clip) in enumerate(zip(scenes, clips, strict=True), 1):
            heading = f"Scene {number} of {len(scenes)}: {scene.name}"

            def wait(heading: str = heading) -> None:
                click.echo(f"{heading}: another process renders it here; waiting for that", err=True)

            with rendering.only_here(scene, quality, media, wait):
                reason = "as was asked" if force else freshness.why_render(clip, inputs)
                if reason is None:
                    _say_up_to_date(clip)
                    continue
                if verbose:
                    click.echo(f"{heading} ({reason})")
                    made = rendering.render(part, scene)
                else:
                    made = _with_progress(heading, reason, part, scene, freshness.seconds_of(clip))
                freshness.remember(made.file, made.seconds, inputs)
            click.echo(f"{shown(made.file)}  ({made.seconds:.0f} s)")
    return clips


def spoken_words(folder: Path | None, check: bool = True) -> dict[str, Path]:
    """The WAV files by the scenes that they are for, from a folder given by --narration, or the project's own.

    check: NarrationError for one that cannot be used; that is better known before hours of work.
    """
    from lesson.narration import find_narration
    from lesson.rendering import find_scenes
    from scenes.film_script import with_cards

    spoken = find_narration(folder, [scene.name for _, scene in with_cards(find_scenes(()))])
    if check and spoken:
        from lesson.sound import check_sounds

        check_sounds(spoken.values())
    return spoken


def add_narration(clips: Sequence[Path], spoken: dict[str, Path]) -> None:
    """Write those clips that are spoken over once more, with their sound, and say where they are."""
    from lesson import film

    for clip in clips:
        if clip.stem not in spoken:
            continue
        narrated, wav = film.narrated_file(clip), spoken[clip.stem]
        state = "up to date"
        if not film.is_joined(narrated, [(clip, wav)]):
            state = f"with {wav.name}"
            for sentence in film.narrate(clip, wav):
                click.echo(sentence, err=True)
        click.echo(f"{shown(narrated)}  ({film.seconds_of_film(narrated):.0f} s, {state})")


def _say_up_to_date(clip: Path) -> None:
    from lesson import freshness

    click.echo(f"{shown(clip)}  ({freshness.seconds_of(clip):.0f} s, up to date)")


def _with_progress(heading: str, reason: str, part: Any, scene: Any, before: float | None) -> Any:
    """Render with a progress bar on a terminal; `before`: how long the clip was the last time."""
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
        console.print(f"{heading} ({reason})", soft_wrap=True)
        return rendering.render(part, scene)
    with Progress(*columns, console=console, transient=True) as progress:
        # To go through the scene takes a while; most changes leave its length as it was, or nearly so.
        total = rendering.frames(rendering.length_of(part, scene) if before is None else before)
        task = progress.add_task(heading, total=total)

        def show(seconds: float) -> None:
            done = rendering.frames(seconds)
            progress.update(task, completed=done, total=max(done, total))

        return rendering.render(part, scene, show)
