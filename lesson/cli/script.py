"""`knobs script`: what is said in the lesson, to read aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.options import (
    LANGUAGE_OPTION,
    MEDIA_OPTION,
    NETWORK_OPTIONS,
    VOICE_NAME,
    FilePath,
    cannot_write,
    check_output,
    tell_missing_voice,
    with_options,
)
from lesson.cli.progress import step_progress
from network.files import atomic_write
from network.paths import display_path
from scenes.language import _, told_in
from scenes.wording import count

if TYPE_CHECKING:
    from lesson.render.script import ScriptScene
    from scenes.settings import LessonContext
    from scenes.syllabus import Part, SceneEntry

# The exit code of --changed if something must be recorded again.
CHANGED = 3
_FORMS = {".md": "markdown", ".txt": "markdown", ".csv": "csv", ".html": "teleprompter"}


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(dict.fromkeys(_FORMS.values()))),
    help="Text to read, a table for a spreadsheet, or a page that moves on by itself.  [default: by the ending of the "
    "output: .md or .txt, .csv or .html]",
)
@click.option("-o", "--output", type=FilePath(), metavar="FILE", help="Where to write it.  [default: the screen]")
@click.option("--overwrite", is_flag=True, help="Replace a file that is already there.")
@click.option("--changed", is_flag=True, help="List what was recorded with other words than are said now.")
@click.option("--recorded", is_flag=True, help="Note that the recordings say the words that are said now.")
@click.option(
    "--narration",
    type=FilePath(),
    metavar="FOLDER",
    help="Your own recordings.  [default: assets/narration]",
)
@click.option(
    "--voice", type=VOICE_NAME, metavar="VOICE", help="Whose times to write; as for ./knobs render.  [default: none]"
)
@with_options(*NETWORK_OPTIONS, LANGUAGE_OPTION, MEDIA_OPTION)
@click.pass_context
def command(
    click_context: click.Context,
    names: tuple[str, ...],
    form: str | None,
    output: Path | None,
    overwrite: bool,
    changed: bool,
    recorded: bool,
    narration: Path | None,
    voice: str | None,
    checkpoint: Path | None,
    data: Path | None,
    language: str | None,
    media: Path,
) -> None:
    """Write what is said, to read it aloud or record it.

    SCENE is a name from `./knobs scenes` or the number of a part. Without one, all scenes are written. The times are
    those that the words take; with --voice joe, those of the voice.

    Record a beat as assets/narration/en/SCENE/BEAT.wav, or a whole scene as assets/narration/en/SCENE.wav. After the
    network has changed, --changed lists the beats to record again. Its exit code is 0 if there are none, and 3 if there
    are.
    """
    from lesson.importing import datasets
    from lesson.render import rendering
    from lesson.render.script import confirm_recordings, with_recordings
    from scenes.settings import NO_VOICE, NarrationOptions

    if changed and (recorded or output or form):
        raise click.UsageError("--changed only lists, so leave --recorded, --format and --output out")
    if recorded and (output or form):
        raise click.UsageError("--recorded writes no script, so leave --format and --output out")
    form = form or _form_of(output)
    if output is not None:
        check_output(output, overwrite, is_checkpoint=False)
    if voice:
        tell_missing_voice(voice, language)
    rendering.find_scenes(names)  # an unknown name is told first
    told = NarrationOptions(voice or NO_VOICE, narration, language=language)
    context = datasets.context_of(checkpoint, data, "l", told)
    scenes = rendering.find_scenes(names, context.data)
    folder = context.narration
    if changed or recorded:
        scenes = with_recordings(scenes, folder)
        if not scenes:
            click.echo(f"there are no recordings of {'these scenes' if names else 'the lesson'}", err=True)
            return
    script = _run(scenes, context, media.resolve(), folder)
    if recorded:
        _confirm(lambda: confirm_recordings(script, folder), folder)
    elif changed:
        click_context.exit(CHANGED if _list_changed(script) else 0)
    else:
        with told_in(context.language):
            text = _text(script, form, context)
        _write(text, form, output, script)


def _form_of(output: Path | None) -> str:
    if output is None:
        return "markdown"
    if (found := _FORMS.get(output.suffix.lower())) is None:
        raise click.UsageError(
            f"the ending of {output} does not say what to write; end it with .md, .txt, .csv or .html, or add --format"
        )
    return found


def _run(
    scenes: Sequence[tuple[Part, SceneEntry]], context: LessonContext, media: Path, folder: Path
) -> list[ScriptScene]:
    """The script, with a progress bar while the scenes run."""
    from rich.console import Console

    from lesson.render.script import read_script

    script = []
    with step_progress(Console(stderr=True), "Scenes read") as show:
        for done, scene in enumerate(read_script(scenes, context, media, folder), 1):
            script.append(scene)
            show(done, len(scenes))
    return script


def _text(script: Sequence[ScriptScene], form: str, context: LessonContext) -> str:
    from lesson.export.teleprompter import teleprompter
    from lesson.render.script import as_csv, as_markdown
    from scenes.settings import NO_VOICE
    from scenes.voice.voices import voice_name

    network = context.checkpoint.stem
    told = (
        _("For the network {network}, with the times that words take.", network=network)
        if context.voice == NO_VOICE
        else _(
            "For the network {network}, with the times of the voice {voice}.",
            network=network,
            voice=voice_name(context.voice),
        )
    )
    if form == "csv":
        return as_csv(script)
    return as_markdown(script, told) if form == "markdown" else teleprompter(script, told)


def _write(text: str, form: str, output: Path | None, script: Sequence[ScriptScene]) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    # Spreadsheets take a table for UTF-8 only if it begins with this mark.
    mark = "\N{ZERO WIDTH NO-BREAK SPACE}" if form == "csv" else ""
    try:
        atomic_write(output, (mark + text).encode())
    except OSError as problem:
        raise cannot_write(output, problem, "--output FILE") from problem
    beats = [line for scene in script for line in scene.beats]
    recorded = sum(line.state == "recorded" for line in beats)
    state = f", {recorded} of them recorded" if recorded else ""
    click.echo(f"{display_path(output)}  ({count(len(script), 'scene')}, {count(len(beats), 'beat')}{state})")


def _confirm(confirm: Callable[[], list[Path]], folder: Path) -> None:
    try:
        noted = confirm()
    except OSError as problem:
        raise cannot_write(Path(problem.filename or folder), problem, "--narration FOLDER") from problem
    for wav in noted:
        click.echo(display_path(wav))
    now = "the words that are said now"
    click.echo(
        f"{count(len(noted), 'recording')} noted with {now}" if noted else f"all were noted with {now}", err=True
    )


def _list_changed(script: Sequence[ScriptScene]) -> bool:
    """Print the beats to record again, and say what is not recorded; whether there are any to record again."""
    from scenes.voice.recorded_words import note_file

    beats = [(scene, line) for scene in script for line in scene.beats]
    changed = [(scene, line) for scene, line in beats if line.state == "changed"]
    for scene, line in changed:
        click.echo(f"{line.number} {scene.scene.name}/{line.beat.name}  ({display_path(line.file)})")
        was = line.recorded_words or f"unknown, as {display_path(note_file(line.file))} is damaged"
        click.echo(f"  was: {was}\n  now: {line.beat.text}")
    recorded = sum(line.state == "recorded" for _, line in beats)
    missing = sum(line.state == "missing" for _, line in beats)
    rest = f"{missing} not recorded" + (f" in {count(len(script), 'scene')} with recordings" if missing else "")
    click.echo(f"{len(changed)} to record again, {recorded} as recorded, {rest}", err=True)
    return bool(changed)
