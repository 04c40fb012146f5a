"""Rendering clips for a command: what it prints of them, and what a person sees meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lesson.cli.progress import LINE_EVERY, step_progress, tell
from lesson.render import clip_cache, jobs, own_scenes
from lesson.render.durations import estimated_seconds
from lesson.render.jobs import RenderOptions
from lesson.render.recorded_clips import check_recordings_of, not_heard
from lesson.render.rendering import QUALITIES, told_of_left_out
from network.paths import display_path

if TYPE_CHECKING:
    from lesson.render.other_subtitles import Retold
    from lesson.render.scheduler import ProgressListener, RenderJob
    from scenes.syllabus import Part, SceneEntry


def print_dry_run(names: Sequence[str], options: RenderOptions) -> None:
    """Print for each clip whether it would be rendered, and why; nothing is rendered."""
    for clip, reason in jobs.clip_states(names, options):
        click.echo(f"{display_path(clip)}  ({reason or 'up to date'})")


def render_clips(names: Sequence[str], options: RenderOptions) -> list[Path]:
    """Render what is out of date, print where each clip is, and return the files of all clips."""
    plan = jobs.plan_rendering(names, options)
    if left_out := told_of_left_out(names, plan.context.data):
        tell(left_out)
    for clip in plan.current:
        _print_clip(clip, clip_cache.recorded_seconds(clip) or 0.0, was_rendered=False)
    if plan.jobs:
        for sentence in check_recordings_of([job.clip for job in plan.jobs], plan.context.narration):
            tell(sentence)
        with _render_listener(plan.jobs, options) as listener:
            jobs.render_plan(plan, options, listener, tell)
    for sentence in not_heard(plan.clips, plan.context.narration):
        tell(sentence)
    return plan.clips


def retold_clips(scenes: Sequence[tuple[Part, SceneEntry]], options: RenderOptions) -> list[list[Retold]]:
    """What clips say in the further languages of --subtitles, a list for each; with progress while scenes are run.

    LanguageError for a language that there is not.
    """
    if not options.subtitles:
        return [[] for _ in scenes]
    from rich.console import Console

    from lesson.render.other_subtitles import retell_clips

    with step_progress(Console(stderr=True), "Scenes read in other languages") as show:
        return retell_clips(scenes, options, show)


def write_subtitles(names: Sequence[str], options: RenderOptions) -> None:
    """Write the subtitles in further languages beside the clips, and say where they are."""
    if not options.subtitles:
        return
    from lesson.render.other_subtitles import write_beside
    from lesson.render.rendering import find_scenes

    scenes = find_scenes(names, options.context().data)
    for (_, scene), retold in zip(scenes, retold_clips(scenes, options), strict=True):
        for file in write_beside(options.clip_file(scene), retold):
            click.echo(display_path(file))


def render_own_clips(file: Path, names: Sequence[str], options: RenderOptions) -> None:
    """Render the scenes of somebody's own file that are out of date, and print where each clip is."""
    if options.dask is not None:
        raise click.UsageError("--dask renders scenes of the lesson only; leave it out for a file of your own")
    with own_scenes.imported(file, options) as scenes:
        chosen = scenes.chosen(names)
        reasons = {name: scenes.stale_reason(name) for name in chosen}
        if options.dry_run:
            for name, reason in reasons.items():
                click.echo(f"{name}  ({reason or 'up to date'})")
            return
        headings = {name: f"Scene {number} of {len(chosen)}: {name}" for number, name in enumerate(chosen, 1)}
        stale = [name for name in chosen if reasons[name]]

        def on_start(name: str) -> None:
            click.echo(f"{headings[name]} ({reasons[name]})", err=True)

        def on_wait(name: str) -> None:
            click.echo(f"{headings[name]}: waiting for another process", err=True)

        for name in chosen:
            if reasons[name] is None and (kept := scenes.finished(name)):
                _print_clip(kept.file, kept.seconds, was_rendered=False)
        with closing(scenes.render_all(stale, on_start, on_wait, tell)) as rendered:
            for clip in rendered:
                _print_clip(clip.file, clip.seconds, was_rendered=True)


def _print_clip(clip: Path, seconds: float, was_rendered: bool) -> None:
    click.echo(f"{display_path(clip)}  ({seconds:.0f} s{'' if was_rendered else ', up to date'})")


@contextmanager
def _render_listener(render_jobs: Sequence[RenderJob], options: RenderOptions) -> Iterator[ProgressListener]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if options.verbose or not console.is_terminal:
        yield RenderLines(render_jobs)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} {task.fields[unit]}"),
        TimeRemainingColumn(),
    )
    # The lines about finished clips go to standard output, which may be this terminal or a file.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        yield RenderBar(render_jobs, options.quality, progress)


class RenderLines:
    """Prints one line for each event."""

    def __init__(self, render_jobs: Sequence[RenderJob]) -> None:
        self.numbers = {job.scene.name: number for number, job in enumerate(render_jobs, 1)}
        self._spoke_last = -LINE_EVERY

    def speaking(self, job: RenderJob, number: int, of: int) -> None:
        if time.monotonic() - self._spoke_last >= LINE_EVERY:
            self._spoke_last = time.monotonic()
            click.echo(f"Speaking {number} of {of}: {job.scene.name}", err=True)

    def spoken(self, job: RenderJob, number: int, of: int) -> None:
        pass

    def started(self, job: RenderJob) -> None:
        click.echo(f"{self._heading(job)} ({job.reason})", err=True)

    def waiting(self, job: RenderJob) -> None:
        click.echo(self._waiting_line(job), err=True)

    def progressed(self, job: RenderJob, frames: float) -> None:
        pass

    def finished(self, job: RenderJob, seconds: float, was_rendered: bool) -> None:
        _print_clip(job.clip, seconds, was_rendered)

    def failed(self, job: RenderJob, problem: Exception) -> None:
        pass  # reported at the end

    def _heading(self, job: RenderJob) -> str:
        return f"Scene {self.numbers[job.scene.name]} of {len(self.numbers)}: {job.scene.name}"

    def _waiting_line(self, job: RenderJob) -> str:
        return f"{self._heading(job)}: waiting for another process that is rendering it"


class RenderBar(RenderLines):
    """Shows how many frames of all are finished, and which scenes are being rendered."""

    def __init__(self, render_jobs: Sequence[RenderJob], quality: str, progress: Any) -> None:
        super().__init__(render_jobs)
        rate = int(QUALITIES[quality][1].split("p")[1])
        self.progress, self.running = progress, dict[str, None]()
        # Of a scene that was never rendered, only an estimate is known.
        self.total = {
            job.scene.name: float(sum(job.plays.frames))
            if job.plays and job.plays.frames
            else estimated_seconds(job.scene) * rate
            for job in render_jobs
        }
        self.done = dict.fromkeys(self.total, 0.0)
        self.task = progress.add_task("Starting", total=sum(self.total.values()), unit="frames")
        self.speech: Any = None

    def speaking(self, job: RenderJob, number: int, of: int) -> None:
        if self.speech is None:
            self.speech = self.progress.add_task("", total=of, unit="spoken")
        self.progress.update(self.speech, description=f"Speaking {job.scene.name}", completed=number - 1)

    def spoken(self, job: RenderJob, number: int, of: int) -> None:
        if job.plays and job.plays.frames:
            self.total[job.scene.name] = float(sum(job.plays.frames))
        self.progress.update(self.speech, completed=number, visible=number < of)
        self._show()

    def started(self, job: RenderJob) -> None:
        self.running[job.scene.name] = None
        self._show()

    def waiting(self, job: RenderJob) -> None:
        self.progress.console.print(self._waiting_line(job))

    def progressed(self, job: RenderJob, frames: float) -> None:
        name = job.scene.name
        if job.plays and job.plays.frames:
            self.total[name] = float(sum(job.plays.frames))
        self.done[name] = frames
        self.total[name] = max(frames, self.total[name])
        self._show()

    def finished(self, job: RenderJob, seconds: float, was_rendered: bool) -> None:
        self._close(job)
        super().finished(job, seconds, was_rendered)

    def failed(self, job: RenderJob, problem: Exception) -> None:
        self._close(job)

    def _close(self, job: RenderJob) -> None:
        name = job.scene.name
        self.total[name] = self.done[name]
        self.running.pop(name, None)
        self._show()

    def _show(self) -> None:
        words = ", ".join(self.running) or "Starting"
        self.progress.update(
            self.task, description=words, completed=sum(self.done.values()), total=sum(self.total.values())
        )
