"""`knobs film`: the whole lesson as one film."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.cli.render import (
    RenderOptions,
    narration_option,
    render_options,
    render_scenes,
    say_what_to_render,
    spoken_words,
)
from network.files import display_path


@click.command()
@render_options("h")
@narration_option
def command(wanted: RenderOptions, narration: Path | None) -> None:
    """Join all scenes into one film, with chapters and captions.

    What is out of date is rendered first. Before each part stands a card with its title. The captions are inside, to be
    switched on in the player, and beside the film as .srt and .vtt.
    """
    from lesson.importing import datasets
    from lesson.render import clip_cache, film, rendering
    from scenes.syllabus import FILM_NAME, SceneEntry, is_card, with_cards

    script = with_cards(rendering.find_scenes(()))
    names = [scene.name for _, scene in script]
    if wanted.dry_run:
        say_what_to_render(names, wanted)
        return
    spoken = spoken_words(narration, check=False)
    quality, force = wanted.quality, wanted.force
    context = datasets.context_of(wanted.checkpoint, wanted.data, quality)
    media = wanted.media.resolve()
    pieces = [
        film.Piece(part, scene, rendering.clip_file(scene, quality, media), spoken.get(scene.name))
        for part, scene in script
    ]
    inputs = clip_cache.input_fingerprints(context)
    if force or any(clip_cache.stale_reason(piece.clip, inputs) for piece in pieces):
        spoken_words(narration)  # whether they can be used is better known before hours of work
        render_scenes(names, wanted)

    said: list[str] = []

    def wait() -> None:
        if not said:
            said.append("Another process joins the film here; waiting for that")
            click.echo(said[0], err=True)

    file, clips = film.film_file(quality, media), [piece.joined for piece in pieces]
    state = ", up to date"
    if force or not film.is_joined(file, clips):
        with rendering.render_lock(SceneEntry(FILM_NAME, "", ""), quality, media, wait):
            if force or not film.is_joined(file, clips):
                state = ""
                for sentence in film.make_film(file, pieces, *film.names_and_comment(context.checkpoint)):
                    click.echo(sentence, err=True)
    scenes = sum(not is_card(part) for part, _ in script)
    click.echo(f"{display_path(file)}  ({clock(film.seconds_of_film(file))}, {scenes} scenes{state})")


def clock(seconds: float) -> str:
    """Seconds as a person reads them: 14:05, or 1:02:03."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
