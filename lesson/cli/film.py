"""`knobs film`: the whole lesson as one film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.clips import print_dry_run, render_clips, retold_clips
from lesson.cli.options import SUBTITLES_OPTION, RenderOptions, render_options, with_options
from lesson.cli.progress import tell
from network.paths import display_path
from scenes.language import told_in

if TYPE_CHECKING:
    from lesson.render.film import FilmClip
    from scenes.settings import LessonContext


@click.command()
@render_options("h")
@with_options(SUBTITLES_OPTION)
@click.option("--publish", is_flag=True, help="Also write a thumbnail, a description and subtitles for a video site.")
def command(options: RenderOptions, publish: bool) -> None:
    """Join all scenes into one film, with chapters and captions.

    Clips that are out of date are rendered first. Each part begins with a title card. The captions are in the film,
    where the player can show them, and beside it as .srt and .vtt files; so are --subtitles in further languages.
    """
    from lesson.render import film, rendering
    from lesson.render.jobs import clip_states
    from scenes.syllabus import with_cards

    context = options.context()
    script = with_cards(rendering.find_scenes((), context.data))
    names = [scene.name for _, scene in script]
    if options.dry_run:
        print_dry_run(names, options)
        return
    clips = [film.FilmClip(part, scene, options.clip_file(scene)) for part, scene in script]
    if any(reason for _, reason in clip_states(names, options)):
        render_clips(names, options)

    reported = False

    def on_wait() -> None:
        nonlocal reported
        if not reported:
            click.echo("Waiting for another process that is joining the film", err=True)
        reported = True

    with told_in(context.language):
        _join(clips, options, context, publish, on_wait)


def _join(
    clips: Sequence[FilmClip],
    options: RenderOptions,
    context: LessonContext,
    publish: bool,
    on_wait: Callable[[], None],
) -> None:
    """Join the clips unless that was done, and say where the film is."""
    from lesson.render import film, rendering
    from lesson.render.durations import format_duration
    from scenes.syllabus import FILM_NAME, SceneEntry, is_card
    from scenes.voice.speech_cache import speech_folder

    file, sources = film.film_file(options.quality, options.media, context.language), [clip.clip for clip in clips]
    retold = retold_clips([(clip.part, clip.scene) for clip in clips], options)
    subtitles = film.subtitles_of_film(clips, retold)
    state = ", up to date"
    if options.force or not film.is_up_to_date(file, sources, subtitles):
        with rendering.render_lock(SceneEntry(FILM_NAME, "", ""), options.quality, options.media, on_wait):
            if options.force or not film.is_up_to_date(file, sources, subtitles):
                state = ""
                speech, burned = speech_folder(options.media), context.captions == "burned"
                film.make_film(file, clips, *film.told_of_network(context), speech, burned, subtitles)
    scenes = sum(not is_card(clip.part) for clip in clips)
    if publish:
        _publish(file, clips, context)
    click.echo(f"{display_path(file)}  ({format_duration(film.film_seconds(file))}, {scenes} scenes{state})")


def _publish(film: Path, clips: Sequence[FilmClip], context: LessonContext) -> None:
    """Write what a video site asks for into a folder beside the film, and say where it is."""
    from lesson.export import publishing
    from lesson.render.film import metadata_of_film, told_of_network
    from lesson.render.fonts import set_up_fonts_of

    set_up_fonts_of(context, tell)
    subtitle, _, data = told_of_network(context)
    metadata = metadata_of_film(clips, subtitle)
    published = publishing.publish(metadata, film.parent / "publish", [clip.clip for clip in clips], data)
    for file in (published.description, published.thumbnail, *published.subtitles):
        click.echo(display_path(file))
