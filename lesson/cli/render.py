"""`knobs render`: scenes as clips."""

from __future__ import annotations

import click

from lesson.cli.options import RenderOptions, render_options
from lesson.cli.progress import print_dry_run, render_clips
from network.files import display_path


@click.command()
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@render_options("h")
def command(names: tuple[str, ...], options: RenderOptions) -> None:
    """Render scenes as video.

    SCENE is a name from `./knobs scenes` or the number of a part. Without one, all scenes are rendered. Clips that are
    up to date are skipped. If there is a narration for a scene, a second clip with sound is written.
    """
    from lesson.render import film
    from lesson.render.jobs import clip_states
    from lesson.render.narration import lesson_narration

    if options.dry_run:
        print_dry_run(names, options)
        return
    wavs = lesson_narration(options.narration, check=False)
    if wavs and any(reason for _, reason in clip_states(names, options)):
        lesson_narration(options.narration)  # check the WAV files before hours of rendering
    for clip in render_clips(names, options):
        if clip.stem not in wavs:
            continue
        narrated, wav = film.narrated_file(clip), wavs[clip.stem]
        state = "up to date"
        if not film.is_up_to_date(narrated, [(clip, wav)]):
            state = f"with {wav.name}"
            for sentence in film.narrate(clip, wav):
                click.echo(sentence, err=True)
        click.echo(f"{display_path(narrated)}  ({film.film_seconds(narrated):.0f} s, {state})")
