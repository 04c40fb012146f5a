"""`knobs translate`: the catalogues of other languages."""

from __future__ import annotations

import click

from network.files import display_path
from scenes.wording import count


@click.command()
@click.option("--new", "begun", metavar="LANGUAGE", help="Begin the catalogue of a language, such as fr or pt-BR.")
@click.option("--update", "updated", is_flag=True, help="Bring all catalogues up to date with the program.")
@click.option("--check", "checked", metavar="LANGUAGE", help="List what is wrong with a language.")
@click.pass_context
def command(ctx: click.Context, begun: str | None, updated: bool, checked: str | None) -> None:
    """Begin a language, bring its catalogue up to date, or check it.

    A catalogue is a file lesson/locale/LANGUAGE/LC_MESSAGES/knobs.po, for Poedit, Weblate or a text editor. --check
    lists what is not translated, what is marked as fuzzy because its English has changed, and what has other places
    than its English. Its exit code is 0 if there is nothing to do, and 3 otherwise.
    """
    from lesson.translation import catalogues
    from scenes.catalogue import language_codes
    from scenes.language import language_named

    if sum(map(bool, (begun, updated, checked))) != 1:
        raise click.UsageError("add one of --new LANGUAGE, --update and --check LANGUAGE")
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
        kinds = {kind: sum(fault.kind == kind for fault in found) for kind in ("missing", "fuzzy", "places")}
        told = ", ".join(f"{amount:,} {kind}" for kind, amount in kinds.items() if amount)
        click.echo(f"{language.english_name}: {told or 'nothing to do'}", err=True)
        ctx.exit(3 if found else 0)
