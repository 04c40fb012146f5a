"""The messages of the program, found in its sources by Babel, each with the scene and the beat it belongs to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from scenes.catalogue import ROOT
from scenes.language import LanguageError
from scenes.syllabus import CARD_SUMMARY, SYLLABUS, all_scenes, file_stem, film_subtitle, is_card, with_cards

_MAPPING = ROOT / "babel.cfg"
# The functions that mark messages, and which of their arguments are the message, its plural and its context.
_KEYWORDS = {
    "_": None,
    "_n": (1, 2),
    "_c": ((1, "c"), 2),
    "_w": ((1, "c"), 2),
    "_h": None,
    "_hn": (1, 2),
    "_e": None,
    "N_": None,
    "NC_": ((1, "c"), 2),
}
_HEADER = """\
# Knobs in another language.
# CONTRIBUTING.md has a screen for translators: how to see the pictures, and what {places} and <bookmarks> are."""
# Where a message stands in the code, and what that is to people.
_ROLES = {
    "voiceover": "what is said",
    "moves": "what moves, for people who cannot see it",
    "next_section": "the name of a chapter",
    "alternative_text": "the alternative text of the clip",
}


def template(root: Path = ROOT) -> Catalog:
    """All messages, in the order of the files. LanguageError for a message that cannot be read."""
    found = Catalog(project="Knobs", header_comment=_HEADER, charset="utf-8", fuzzy=False)
    for title, where, path in _titles():
        found.add(title, locations=[(path, 1)], auto_comments=[where])
    written = {}
    for file in sorted(path for folder in ("scenes", "lesson") for path in (root / folder).rglob("*.py")):
        written.update(_written_in(file, root))
    with open(root / _MAPPING.name, encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    for path, line, message, comments, context in extract_from_dir(
        root, methods, options, keywords=_KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        where = place_in_picture(root / path, line) if path.endswith(".py") else ""
        notes = [*([where] if where else []), *comments]
        found.add(message, locations=[(path, line)], auto_comments=notes, context=context)
    for (context, text), where in written.items():
        if found.get(text, context=context or None) is None:
            raise LanguageError(
                f"{where}: Babel does not find the message {text[:40]!r}, because one message stands inside another "
                "or in an f-string; give the inner one a name, before"
            )
    return found


def place_in_picture(file: Path, line: int) -> str:
    """Which scene and beat a message in this line belongs to, and what it is there; empty for other messages."""
    return _places_of(file, file.stat().st_mtime_ns).get(line, "")


def _titles() -> Iterator[tuple[str, str, str]]:
    """Titles and summaries: the text, what it is, and the file that it stands in."""
    for part in SYLLABUS:
        yield part.title, f"the title of part {part.number}", "scenes/syllabus.py"
        for scene in part.scenes:
            yield scene.title, f"{scene.name}: its title", "scenes/syllabus.py"
            yield scene.summary, f"{scene.name}: its summary", "scenes/syllabus.py"
            for text in scene.for_rows or ():
                yield text, f"{scene.name}: its title or summary for the rows of a table", "scenes/syllabus.py"
    for part, scene in with_cards(all_scenes()):
        if is_card(part) and not part.number:
            yield scene.title, f"{scene.name}: its title", "scenes/syllabus.py"
            yield scene.summary, f"{scene.name}: its summary", "scenes/syllabus.py"
    yield CARD_SUMMARY, "the summary of the card before each part", "scenes/syllabus.py"
    for names in (("0",), ("Bag",)):
        yield film_subtitle(names), "the subtitle of the film", "scenes/syllabus.py"
    yield film_subtitle((), takes_rows=True), "the subtitle of the film", "scenes/syllabus.py"


def _written_in(file: Path, root: Path) -> dict[tuple[str, str], str]:
    """The messages of a module, each with its context, and where it is.

    LanguageError for one that nobody can read: an f-string, or one whose context is not written there.
    """
    found = {}
    for node in ast.walk(ast.parse(file.read_bytes())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS):
            continue
        has_context = node.func.id in ("_c", "_w", "NC_")
        texts = node.args[: 2 if has_context or node.func.id == "_n" else 1]
        where = f"{file.relative_to(root)}, line {node.lineno}"
        if any(isinstance(text, ast.JoinedStr | ast.BinOp) for text in texts):
            raise LanguageError(f"{where}: a message is put together; write it out, with {{places}}")
        if has_context and isinstance(texts[-1], ast.Constant) and not isinstance(texts[0], ast.Constant):
            raise LanguageError(f"{where}: the context of a message is not written there; write it out")
        written = [text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]
        if len(written) == len(texts):
            context, text = written if has_context else ("", written[0])
            found[context, text] = where
    return found


@lru_cache(maxsize=500)
def _places_of(file: Path, stamp: int) -> dict[int, str]:
    """For each line in which a call of gettext begins: the scene, the beat, and what the message is there."""
    found: dict[int, str] = {}
    scenes = {file_stem(scene.name): scene.name for _, scene in with_cards(all_scenes())}

    def visit(node: ast.AST, kind: str, method: str, role: str) -> None:
        if isinstance(node, ast.ClassDef):
            kind = node.name
        elif isinstance(node, ast.FunctionDef):
            method = node.name
            role = _ROLES.get(method, "")
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in _KEYWORDS and kind:
                what = role or "words in the picture"
                told = f"{kind}, {method}: {what}" if method != "alternative_text" else f"{kind}: {what}"
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found[line] = told  # Babel names the line of the text, if that is not the line of the call
            role = _ROLES.get(name, role)
        elif isinstance(node, ast.keyword) and node.arg in _ROLES:
            role = _ROLES[node.arg]
        for child in ast.iter_child_nodes(node):
            visit(child, kind, method, role)

    tree = ast.parse(file.read_bytes())
    if file.stem in scenes or any(part.startswith("part_") for part in file.parts) or file.stem == "cards":
        visit(tree, "", "", "")
    return found
