"""The catalogue of a language: begun, brought up to date with the program, and checked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from lesson.translation.extraction import template
from network.errors import one_line
from network.files import atomic_write
from network.paths import display_path
from scenes.catalogue import PSEUDO_CODE, catalogue_file
from scenes.language import LanguageError

_WIDTH = 110
_LEFT_OUT = (b'"POT-Creation-Date:', b'"PO-Revision-Date:', b'"Report-Msgid', b'"Last-Translator:', b'"Language-Team:')
_TAG = re.compile(r"<[^<>]*>")
_FORM = re.compile(r"[|]\s*([\w-]+)\s*=")


@dataclass(frozen=True)
class Fault:
    """Something wrong with a translation. kind: "missing", "fuzzy", "places", "picture". sentence: what and where."""

    kind: str
    sentence: str


def begin(code: str) -> Path:
    """Write an empty catalogue for a language. LanguageError for a language that is not known, or is there."""
    file = catalogue_file(code)
    if file.exists():
        raise LanguageError(
            f"{display_path(file)} already exists; ./knobs translate --update brings all catalogues up to date"
        )
    try:
        locale = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise LanguageError(f"there is no language {code!r}; name it as web pages do, such as fr or pt-BR") from None
    found = Catalog(locale=locale, project="Knobs", charset="utf-8", fuzzy=False)
    _write(found, template(), file)
    return file


def update(code: str) -> tuple[Path, int, int]:
    """Bring a catalogue up to date with the program.

    Gives its file, how many messages it has, and how many of them are still to be translated. A message whose English
    has changed keeps its old translation, marked as fuzzy; one that is not used any more is left out.
    """
    found, file = read(code), catalogue_file(code)
    _write(found, template(), file)
    left = sum(not _is_translated(message) for message in _messages(found))
    return file, sum(1 for _ in _messages(found)), left


def read(code: str) -> Catalog:
    """A catalogue as people edit it. LanguageError if there is none, or it cannot be read."""
    file = catalogue_file(code)
    try:
        return read_po(io.BytesIO(file.read_bytes()))
    except FileNotFoundError:
        raise LanguageError(
            f"there is no catalogue {display_path(file)}; ./knobs translate --new {code} begins one"
        ) from None
    except (ValueError, UnicodeDecodeError) as problem:
        raise LanguageError(
            f"{display_path(file)} cannot be read: {one_line(str(problem))}; correct it there, or restore it with git"
        ) from problem


def faults(code: str) -> list[Fault]:
    """What is wrong with a catalogue, in the order of the program's files. Pictures are looked at elsewhere."""
    if code == PSEUDO_CODE:
        return []
    found, wanted = read(code), template()
    forms = {form for message in _messages(found) for text in _texts(message.string) for form in _FORM.findall(text)}
    told = []
    for message in _messages(wanted):
        there = found.get(message.id, context=message.context)
        told += list(_faults_of(message, there, forms))
    return told


def _faults_of(wanted: Message, there: Message | None, forms: set[str]) -> Iterator[Fault]:
    where = f"{wanted.auto_comments[0]}: " if wanted.auto_comments else ""
    source = _texts(wanted.id)
    which = f"{where}{_begin(source[0])}"
    if there is None or not _is_there(there):
        yield Fault("missing", which)
        return
    if there.fuzzy:
        yield Fault("fuzzy", which)
        return  # the English is shown; its places are looked at when it is translated again
    names = {name for text in source for name in _places(text)}
    # A plural may do without its number: "a neuron" for one.
    optional = {"n"} if isinstance(wanted.id, tuple) else set()
    for text in _texts(there.string):
        try:
            own = _places(text)
        except ValueError as problem:
            yield Fault("places", f"{which} has a brace without its other half: {problem}")
            continue
        if others := sorted(own.keys() - names):
            yield Fault("places", f"{which} has {_named(others)}, which the source does not have")
        if left := sorted(names - own.keys() - optional):
            yield Fault("places", f"{which} leaves out {_named(left)}")
        unknown = sorted({form.removeprefix("^") for forms_ in own.values() for form in forms_} - forms - {""})
        if unknown:
            yield Fault("places", f"{which} asks for the form {unknown[0]}, which no translation of a word has")
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(source[-1])):
            yield Fault("places", f"{which} has other tags than the source: {_tags(source[-1], text)}")


def _write(found: Catalog, wanted: Catalog, file: Path) -> None:
    found.update(wanted, update_header_comment=True)
    found.obsolete.clear()
    written = io.BytesIO()
    write_po(written, found, width=_WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = written.getvalue().splitlines(keepends=True)
    # Dates and addresses that nobody fills in would differ with every update.
    kept = b"".join(line for line in lines if not line.startswith(_LEFT_OUT))
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(file, kept)


def _messages(found: Catalog) -> Iterable[Message]:
    return (message for message in found if message.id)


def _texts(message: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [message] if isinstance(message, str) else list(message or ())


def _is_there(message: Message) -> bool:
    return bool(message.string) and all(_texts(message.string))


def _is_translated(message: Message) -> bool:
    return _is_there(message) and not message.fuzzy


def _places(text: str) -> dict[str, set[str]]:
    """The names of the places of a message, and the forms that are asked for in each."""
    found: dict[str, set[str]] = {}
    for _, name, form, _ in Formatter().parse(text):
        if name is not None:
            found.setdefault(name, set()).add(form or "")
    return found


def _begin(text: str) -> str:
    plain = one_line(_TAG.sub("", text))
    return f"“{plain if len(plain) <= 60 else plain[:59] + '…'}”"


def _named(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _tags(source: str, text: str) -> str:
    ours, theirs = _TAG.findall(source), _TAG.findall(text)
    missing = [tag for tag in ours if tag not in theirs]
    other = [tag for tag in theirs if tag not in ours]
    told = [f"{' '.join(missing)} missing"] if missing else []
    return "; ".join([*told, *([f"{' '.join(other)} added"] if other else [])]) or "one of them twice"
