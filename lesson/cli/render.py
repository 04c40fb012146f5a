"""`knobs render`: scenes as clips."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from lesson.render.rendering import QUALITIES
from network.files import display_path
from scenes.settings import ROOT

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


@dataclass(frozen=True)
class RenderOptions:
    """What the options of a command that renders say: which clips, of what, and how they are made.

    jobs: how many processes render; as many as there are cores and memory for, where that is not said.
    dask: the address of a scheduler whose workers do it instead.
    """

    quality: str
    checkpoint: Path | None
    data: Path | None
    media: Path
    dry_run: bool = False
    force: bool = False
    verbose: bool = False
    jobs: int | None = None
    dask: str | None = None


def render_options(quality: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options of every command that renders, which is given them as `wanted`; `quality` is its default."""

    def gather(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def command(**given: Any) -> Any:
            return function(
                wanted=RenderOptions(**{field.name: given.pop(field.name) for field in fields(RenderOptions)}), **given
            )

        return _with_render_options(quality)(command)

    return gather


def _with_render_options(quality: str) -> Callable[[F], F]:
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
            click.option("--dry-run", is_flag=True, help="Only say which clips would be rendered, and why."),
            click.option("--force", is_flag=True, help="Render what is up to date, too."),
            click.option("--verbose", is_flag=True, help="Print manim's log instead of a progress bar."),
            click.option(
                "-j",
                "--jobs",
                type=click.IntRange(1),
                metavar="N",
                help="Processes to render with.  [default: by cores and memory]",
            ),
            click.option("--dask", metavar="ADDRESS", help="Render on the cluster of this Dask scheduler."),
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
def command(names: tuple[str, ...], wanted: RenderOptions, narration: Path | None) -> None:
    """Render scenes as video.

    SCENE is a name from `./knobs scenes`, or the number of a part. Without one, all are rendered, but for those whose
    clips are up to date. Where there is a narration for a scene, its clip is written once more, with sound.
    """
    if wanted.dry_run:
        say_what_to_render(names, wanted)
        return
    spoken = spoken_words(narration)
    add_narration(render_scenes(names, wanted), spoken)


def say_what_to_render(names: Sequence[str], wanted: RenderOptions) -> None:
    """Say for each clip whether it would be rendered, and why; nothing is done."""
    from lesson.importing import datasets
    from lesson.render import clip_cache, rendering

    inputs = clip_cache.input_fingerprints(datasets.context_of(wanted.checkpoint, wanted.data, wanted.quality))
    for _, scene in rendering.find_scenes(names):
        clip = rendering.clip_file(scene, wanted.quality, wanted.media.resolve())
        reason = "as was asked" if wanted.force else clip_cache.stale_reason(clip, inputs)
        click.echo(f"{display_path(clip)}  ({reason or 'up to date'})")


def render_scenes(names: Sequence[str], wanted: RenderOptions) -> list[Path]:
    """Render what is out of date with a progress bar, print where each clip is, and return the files."""
    from lesson.importing import datasets
    from lesson.render import clip_cache, rendering
    from lesson.render.scheduler import RenderJob, Scheduler
    from lesson.render.segments import Plays, RenderSettings
    from scenes.stage import code_fingerprint

    scenes = rendering.find_scenes(names)
    media, quality = wanted.media.resolve(), wanted.quality
    context = datasets.context_of(wanted.checkpoint, wanted.data, quality)
    inputs = clip_cache.input_fingerprints(context)  # before anything is read for the pictures
    clips = [rendering.clip_file(scene, quality, media) for _, scene in scenes]
    orders = []
    for (part, scene), clip in zip(scenes, clips, strict=True):
        reason = "as was asked" if wanted.force else clip_cache.stale_reason(clip, inputs)
        if reason is None:
            _say_made(clip, clip_cache.recorded_seconds(clip) or 0.0, False)
        else:
            plays = clip_cache.recorded_plays(clip)
            known = Plays(tuple(n for n, _ in plays), tuple(bool(still) for _, still in plays)) if plays else None
            orders.append(RenderJob(part, scene, clip, reason, known))
    if not orders:
        return clips
    rendering.check_network(context)
    settings = RenderSettings(context, media, inputs, code_fingerprint.of_program(), wanted.verbose)
    with _crew(wanted, settings) as crew, _watching(orders, quality, wanted.verbose) as watcher:
        Scheduler(crew, settings, watcher, wanted.force).make(orders)
    return clips


def spoken_words(folder: Path | None, check: bool = True) -> dict[str, Path]:
    """The WAV files by the scenes that they are for, from a folder given by --narration, or the project's own.

    check: raise SoundError for one that cannot be used, before hours of work are spent.
    """
    from lesson.render.narration import find_narration
    from lesson.render.rendering import find_scenes
    from scenes.syllabus import with_cards

    spoken = find_narration(folder, [scene.name for _, scene in with_cards(find_scenes(()))])
    if check and spoken:
        from lesson.render.audio import check_sounds

        check_sounds(spoken.values())
    return spoken


def add_narration(clips: Sequence[Path], spoken: dict[str, Path]) -> None:
    """Write those clips that are spoken over once more, with their sound, and say where they are."""
    from lesson.render import film

    for clip in clips:
        if clip.stem not in spoken:
            continue
        narrated, wav = film.narrated_file(clip), spoken[clip.stem]
        state = "up to date"
        if not film.is_joined(narrated, [(clip, wav)]):
            state = f"with {wav.name}"
            for sentence in film.narrate(clip, wav):
                click.echo(sentence, err=True)
        click.echo(f"{display_path(narrated)}  ({film.seconds_of_film(narrated):.0f} s, {state})")


@contextmanager
def _crew(wanted: RenderOptions, settings: Any) -> Iterator[Any]:
    """Who renders."""
    from lesson.render import rendering
    from lesson.render.scheduler import SerialExecutor
    from lesson.render.worker_pool import WorkerPool, how_many

    crew: Any
    if wanted.dask is not None:
        from lesson.render.dask_pool import DaskPool

        crew = DaskPool(wanted.dask, settings)
    else:
        # manim's log is of use only in order.
        count = 1 if wanted.verbose else wanted.jobs or how_many(rendering.MEMORY[wanted.quality])
        crew = SerialExecutor() if count == 1 else WorkerPool(count)
    try:
        yield crew
    finally:
        crew.close()


def _say_made(clip: Path, seconds: float, was_rendered: bool) -> None:
    click.echo(f"{display_path(clip)}  ({seconds:.0f} s{'' if was_rendered else ', up to date'})")


@contextmanager
def _watching(orders: Sequence[Any], quality: str, verbose: bool) -> Iterator[Any]:
    """A progress bar over all clips on a terminal; else a line where a clip is begun."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} frames"),
        TimeRemainingColumn(),
    )
    if verbose or not console.is_terminal:
        yield _Lines(orders)
        return
    # What is said of finished clips goes where it was sent, be it this terminal or a file.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        yield _Bar(orders, quality, progress)


class _Lines:
    """Says what happens, a line each."""

    def __init__(self, orders: Sequence[Any]) -> None:
        self.numbers = {order.scene.name: number for number, order in enumerate(orders, 1)}

    def begun(self, order: Any) -> None:
        click.echo(f"{self._heading(order)} ({order.reason})", err=True)

    def waits(self, order: Any) -> None:
        click.echo(f"{self._heading(order)}: another process renders it here; waiting for that", err=True)

    def drawn(self, order: Any, frames: float) -> None:
        pass

    def made(self, order: Any, seconds: float, was_rendered: bool) -> None:
        _say_made(order.clip, seconds, was_rendered)

    def failed(self, order: Any, problem: Exception) -> None:
        pass  # it is said at the end

    def _heading(self, order: Any) -> str:
        return f"Scene {self.numbers[order.scene.name]} of {len(self.numbers)}: {order.scene.name}"


class _Bar(_Lines):
    """Shows how many frames of all are done, and which scenes are in work."""

    def __init__(self, orders: Sequence[Any], quality: str, progress: Any) -> None:
        super().__init__(orders)
        rate = int(QUALITIES[quality][1].split("p")[1])
        self.progress, self.in_work = progress, dict[str, None]()
        # Of a scene that was never rendered it is not known how long it is; most take half a minute.
        self.total = {
            order.scene.name: float(sum(order.plays.frames)) if order.plays and order.plays.frames else 30.0 * rate
            for order in orders
        }
        self.done = dict.fromkeys(self.total, 0.0)
        self.task = progress.add_task("Starting", total=sum(self.total.values()))

    def begun(self, order: Any) -> None:
        self.in_work[order.scene.name] = None
        self._show()

    def waits(self, order: Any) -> None:
        self.progress.console.print(f"{self._heading(order)}: another process renders it here; waiting for that")

    def drawn(self, order: Any, frames: float) -> None:
        name = order.scene.name
        if order.plays and order.plays.frames:
            self.total[name] = float(sum(order.plays.frames))
        self.done[name] = frames
        self.total[name] = max(frames, self.total[name])
        self._show()

    def made(self, order: Any, seconds: float, was_rendered: bool) -> None:
        self._over(order)
        super().made(order, seconds, was_rendered)

    def failed(self, order: Any, problem: Exception) -> None:
        self._over(order)

    def _over(self, order: Any) -> None:
        name = order.scene.name
        self.total[name] = self.done[name]
        self.in_work.pop(name, None)
        self._show()

    def _show(self) -> None:
        words = ", ".join(self.in_work) or "Starting"
        self.progress.update(
            self.task, description=words, completed=sum(self.done.values()), total=sum(self.total.values())
        )
