"""Exports for a command: in each language that was asked for, with progress, and what it prints of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lesson.cli.clips import render_clips, retold_clips
from lesson.cli.options import each_language
from lesson.cli.progress import tell
from lesson.render.jobs import RenderOptions
from network.paths import display_path
from scenes.catalogue import language_codes
from scenes.wording import count

if TYPE_CHECKING:
    from lesson.export.build import FinishedExport


def export_languages(names: Sequence[str], options: RenderOptions, output: Path | None, **formats: Any) -> None:
    """Export in each language that was asked for; the pages of each link to those of the others.

    A language that the folder already has is linked to as well, from the pages that are written now.
    """
    from lesson.export.build import languages_there

    wanted = each_language(options)
    there = languages_there(output, wanted[0])
    codes = [code for code in language_codes() if code in {*there, *(one.language_code for one in wanted)}]
    if len(codes) > 1:
        formats["languages"] = codes
    for one in wanted:
        export_clips(names, one, output, **formats)
    linked = {*codes} - {one.language_code for one in wanted}
    if linked and len(codes) > 1:
        again = ",".join(codes)
        click.echo(f"Pages in {', '.join(sorted(linked))} stay as they are; --language {again} makes them link back.")


def export_clips(
    names: Sequence[str],
    options: RenderOptions,
    output: Path | None,
    pptx: bool,
    **formats: Any,
) -> None:
    """Render what is out of date, export it with a progress bar, and print where the export is."""
    from lesson.export.build import export_folder

    place = export_folder(output, options)
    export = _export(names, options, place, {"slides": pptx, **formats})
    state = ", up to date" if export.was_up_to_date else ""
    click.echo(f"\nThe lesson is in {display_path(place)}: {count(len(export.manifest['clips']), 'clip')}{state}.")
    for note in export.notes:
        click.echo(note)
    click.echo(f"  to read and watch:     {display_path(place / 'index.html')}")
    click.echo(f"  to show it elsewhere:  {display_path(place / 'use.html')}")
    click.echo(f"  to teach with it:      {display_path(place / 'present.html')}")


def present_clips(names: Sequence[str], options: RenderOptions, output: Path | None, pptx: bool, **talk: Any) -> None:
    """Render what is out of date, make the pages to teach with, and print where they are."""
    from lesson.export.build import export_folder

    place = export_folder(output, options, "present")
    export = _export(names, options, place, {"slides": pptx, "talk": True, **talk})
    state = ", up to date" if export.was_up_to_date else ""
    beats = sum(max(1, len(clip["beats"])) for clip in export.manifest["clips"])
    clips = count(len(export.manifest["clips"]), "scene")
    click.echo(f"\nThe talk is in {display_path(place)}: {clips}, {count(beats, 'beat')}{state}.")
    click.echo(f"  to teach with:  {display_path(place / 'present.html')}")
    click.echo(f"  to print:       {display_path(place / 'handout.html')}")
    if pptx:
        click.echo(f"  as slides:      {display_path(place / 'lesson.pptx')}")


def _export(names: Sequence[str], options: RenderOptions, place: Path, formats: dict[str, Any]) -> FinishedExport:
    from lesson.export.build import export_lesson

    def on_wait() -> None:
        click.echo(f"Waiting for another process that is exporting to {display_path(place)}", err=True)

    return export_lesson(
        names,
        options,
        place,
        formats,
        render=lambda: render_clips(names, options),
        retold=lambda scenes: retold_clips(scenes, options),
        on_wait=on_wait,
        progress=_export_progress,
        tell=tell,
    )


@contextmanager
def _export_progress(clips: int) -> Iterator[Callable[[object], object]]:
    """Gives the function to call for each exported clip."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Exporting", total=clips)
        yield lambda _: progress.advance(task)
