"""`knobs translate`: the catalogues of other languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lesson.cli.options import MEDIA_OPTION
from lesson.cli.progress import step_progress, tell
from network.paths import display_path
from scenes.wording import count

if TYPE_CHECKING:
    from lesson.translation.catalogues import Fault
    from scenes.language import Language


@click.command()
@click.option("--new", "begun", metavar="LANGUAGE", help="Begin the catalogue of a language, such as fr or pt-BR.")
@click.option("--update", "updated", is_flag=True, help="Bring all catalogues up to date with the program.")
@click.option("--check", "checked", metavar="LANGUAGE", help="List what is wrong with a language.")
@click.option("--pictures", is_flag=True, help="With --check: also list what does not fit its picture; takes minutes.")
@click.argument("names", nargs=-1, metavar="[SCENE]...")
@MEDIA_OPTION
@click.pass_context
def command(
    ctx: click.Context,
    begun: str | None,
    updated: bool,
    checked: str | None,
    pictures: bool,
    names: tuple[str, ...],
    media: Path,
) -> None:
    """Begin a language, or update or check its catalogue.

    A catalogue is a file lesson/locale/LANGUAGE/LC_MESSAGES/knobs.po, for Poedit, Weblate or a text editor. --check
    lists what is not translated, what is marked as fuzzy because its English has changed, and what has other places
    than its English. Its exit code is 0 if there is nothing to do, and 3 otherwise. With --pictures it also runs the
    scenes, all or those that are named, and lists words that leave the frame, lie over each other or are too small; a
    scene takes a few seconds, and the lesson some minutes.
    """
    from lesson.translation import catalogues
    from scenes.catalogue import language_codes
    from scenes.language import language_named

    if sum(map(bool, (begun, updated, checked))) != 1:
        raise click.UsageError("add one of --new LANGUAGE, --update and --check LANGUAGE")
    if (pictures or names) and not (checked and pictures):
        raise click.UsageError("scenes are looked at with --check LANGUAGE --pictures")
    if begun:
        click.echo(display_path(catalogues.begin(begun)))
    elif updated:
        for code in language_codes()[1:]:
            file, messages, left = catalogues.update(code)
            state = f"{left:,} to translate" if left else "all translated"
            click.echo(f"{display_path(file)}  ({count(messages, 'message')}, {state})")
    elif checked:
        language = language_named(checked)
        found = catalogues.faults(language.code)
        for fault in found:
            click.echo(f"{fault.kind}: {fault.sentence}")
        if pictures:
            found += _list_picture_faults(names, language, media.resolve())
        kinds = {kind: sum(fault.kind == kind for fault in found) for kind in ("missing", "fuzzy", "places", "picture")}
        told = ", ".join(f"{amount:,} {kind}" for kind, amount in kinds.items() if amount)
        click.echo(f"{language.english_name}: {told or 'nothing to do'}", err=True)
        ctx.exit(3 if found else 0)


def _list_picture_faults(names: Sequence[str], language: Language, media: Path) -> list[Fault]:
    """Run scenes in a language, with a progress bar, and list what does not fit their pictures."""
    from rich.console import Console

    from lesson.render.fonts import set_up_fonts_of
    from lesson.render.rendering import find_scenes
    from lesson.translation.pictures import picture_faults
    from scenes.settings import LessonContext, NarrationOptions
    from scenes.syllabus import with_cards

    scenes = find_scenes(names) if names else with_cards(find_scenes(()))
    set_up_fonts_of(LessonContext.of(narration=NarrationOptions(language=language.code)), tell)
    found: list[Fault] = []
    with step_progress(Console(stderr=True), "Scenes looked at") as show:
        for number, (_, faults) in enumerate(picture_faults(scenes, language.code, media), 1):
            for fault in faults:
                click.echo(f"{fault.kind}: {fault.sentence}")
            found += faults
            show(number, len(scenes))
    return found
