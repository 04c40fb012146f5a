"""Fingerprints of the code that pictures come from, found in its text, so that manim is not needed to ask.

manim's cache depends on what the mobjects of a play hold, not on the code that moves and draws them. These
fingerprints make a change of that code a change of the picture, too. And a clip keeps beside it which names in which
files its scene came from (`of_scene`), so that it is known later whether any of them has changed.

A library such as grimp tells which modules import which. That is too coarse here: all scenes import the stage and the
theme, so that a new function there would make every clip out of date. Here names are followed, not modules.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path

from scenes.settings import ROOT

_FOLDERS = ("network", "scenes")
_SETTINGS = "manim.cfg"
# They name scenes, show the kit or keep records; no clip is drawn by them.
_NOT_DRAWING = (
    "scenes/syllabus.py",
    "scenes/kit/gallery.py",
    "scenes/stage/code_fingerprint.py",
    "scenes/stage/input_log.py",
)
# They record what other code draws.
_KEEPING_RECORDS = ("scenes/stage/code_fingerprint.py", "scenes/stage/input_log.py")
# The code in these belongs to the scenes beside it.
_SCENES = ("scenes/part_", "scenes/cards")


@lru_cache(maxsize=4)
def digests(root: Path = ROOT) -> dict[str, str]:
    """The sha256 of every source of network/ and scenes/ and of manim.cfg, by its path below `root`.

    They are read once, as early as possible, because what runs is what was there when the program started.
    """
    files = [file for folder in _FOLDERS for file in (root / folder).rglob("*.py")] + [root / _SETTINGS]
    return {path: _digest(_text(root, path)) for path in sorted(file.relative_to(root).as_posix() for file in files)}


def of_program(root: Path = ROOT) -> str:
    """A fingerprint of the sources of the whole program, for processes that must not mix two states of it."""
    own = {
        path.relative_to(root).as_posix(): _digest(_text(root, path.relative_to(root).as_posix()))
        for path in sorted((root / "lesson").rglob("*.py"))
    }
    return _together({**digests(root), **own})


def of_kit(root: Path = ROOT) -> str:
    """A fingerprint of the sources that all scenes are drawn with: scenes/ without the parts and cards."""
    return _together(
        {
            path: digest
            for path, digest in digests(root).items()
            if path.startswith("scenes/") and not path.startswith(_SCENES) and path not in _NOT_DRAWING
        }
    )


def of_kinds(kinds: Iterable[type]) -> str:
    """A fingerprint of the code that moves and draws things of these classes.

    It covers the kit, and every other module that defines one of the classes or their bases: in a part of the lesson,
    or in somebody's own file. Of installed packages only manim counts, by its version.
    """
    modules = {base.__module__ for kind in kinds for base in kind.__mro__}
    files = {getattr(sys.modules.get(module), "__file__", None) for module in modules}
    return _of_files(frozenset(Path(file) for file in files if file))


@lru_cache(maxsize=1000)
def _of_files(files: frozenset[Path]) -> str:
    from importlib.metadata import version

    known = digests()
    own = {}
    for file in sorted(files):
        installed = {"site-packages", "dist-packages"} & set(file.parts) or file.is_relative_to(sys.base_prefix)
        if installed or not file.exists():
            continue
        path = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)
        if path.startswith(_SCENES) or path not in known:
            own[path] = known.get(path) or _digest(file.read_bytes())
    return _together({"the kit": of_kit(), "manim": version("manim"), **own})


# ------------------------------------------------------------------------------------------ the code of a scene

# Beside the names that a file defines: what else runs when it is imported, and all of the file.
ON_IMPORT, EVERYTHING = "on import", "everything"
# Code that uses one of these finds names in ways that the text does not show.
_DYNAMIC = {"__subclasses__", "eval", "exec", "globals", "import_module", "__import__", "locals"}
# For each source file, by its path below the root: its sha256 (under WHOLE_FILE), and that of each of its names.
Names = dict[str, dict[str, str]]
WHOLE_FILE = ""
# A path below the root, and a name in that file, ON_IMPORT or EVERYTHING.
Reached = tuple[str, str]


def of_scene(*wanted: tuple[str, str], root: Path = ROOT) -> Names:
    """Fingerprints of all code of this project that these need, each a module and a name in it.

    They cover the definitions that the wanted ones mention, what those mention, and so on; what runs when a module is
    imported on the way; and manim.cfg. Any other code may change without changing the scene. Comments never count.
    ValueError for a module that is not of this project.
    """
    reached = {(_SETTINGS, EVERYTHING)}
    waiting: list[Reached] = []
    for module, name in wanted:
        path = _path_of(module, root)
        if path is None:
            raise ValueError(f"{module} is not a module of this project")
        waiting += [(path, name), (path, ON_IMPORT)]
    while waiting:
        here = waiting.pop()
        if here not in reached and here[0] not in _KEEPING_RECORDS:
            reached.add(here)
            waiting += _source(root, here[0]).leads_to(here[1])
    names: Names = {}
    for path, name in sorted(reached):
        whole = names.setdefault(path, {WHOLE_FILE: _source(root, path).digest})
        whole[name] = _source(root, path).digest_of(name)
    return names


def changes(names: Names, root: Path = ROOT) -> list[str]:
    """What has changed of the code that `of_scene` found, in words: "scenes/kit/theme.py has changed: STEP"."""
    changed = []
    for path, before in names.items():
        now = _source(root, path)
        if now.digest == before.get(WHOLE_FILE):
            continue
        if not now.exists:
            changed.append(f"{path} is gone")
            continue
        others = [name for name, digest in before.items() if name != WHOLE_FILE and now.digest_of(name) != digest]
        if others:
            told = [name for name in others if now.is_python and name not in (ON_IMPORT, EVERYTHING)]
            changed.append(f"{path} has changed{': ' if told else ''}{_listed(told)}")
    return changed


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


class _Source:
    """A source file and the names it defines, each with the statements that define it."""

    def __init__(self, root: Path, path: str, text: bytes | None) -> None:
        self.root, self.path = root, path
        self.exists = text is not None
        self._text = text or b""
        self._digests: dict[str, str] = {}
        self._leads: dict[str, list[Reached]] = {}
        self.digest = _digest(self._text) if self.exists else ""

    @cached_property
    def _tree(self) -> ast.Module | None:
        """None if it is not valid Python; then the whole file counts."""
        try:
            return ast.parse(self._text)
        except (SyntaxError, ValueError):
            return None

    @property
    def is_python(self) -> bool:
        return self._tree is not None

    @cached_property
    def _defined(self) -> dict[str, list[ast.stmt]]:
        """The statements that define each name; under ON_IMPORT those that define none."""
        found: dict[str, list[ast.stmt]] = {}
        statements = list(self._tree.body) if self._tree else []
        if statements and isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
            del statements[0]  # the module's docstring
        for statement in statements:
            for name in _defined_by(statement) or [ON_IMPORT]:
                found.setdefault(name, []).append(statement)
        return found

    def digest_of(self, name: str) -> str:
        """A fingerprint of the definition of a name; empty if there is none."""
        if name == EVERYTHING or (self.exists and self._tree is None):
            return self.digest
        if name not in self._digests:
            statements = [_only(statement, name) for statement in self._defined.get(name, [])]
            text = "\n".join(ast.dump(statement) for statement in statements)
            self._digests[name] = _digest(text.encode())[:16] if statements else ""
        return self._digests[name]

    def leads_to(self, name: str) -> list[Reached]:
        """The names, here and elsewhere, that the definition of this one mentions."""
        if name not in self._leads:
            self._leads[name] = list(dict.fromkeys(self._found_from(name)))
        return self._leads[name]

    def _found_from(self, name: str) -> Iterator[Reached]:
        if self._tree is None or (name not in self._defined and name not in (ON_IMPORT, EVERYTHING)):
            return
        statements = self._tree.body if name == EVERYTHING else self._defined.get(name, [])
        for statement in statements:
            yield from self._mentioned(statement, name)
        if name == ON_IMPORT:
            # Whatever this module imports from the project runs, too.
            for statement in self._tree.body:
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    for path, _, _ in self._imports(statement):
                        yield path, ON_IMPORT

    def _mentioned(self, statement: ast.stmt, name: str) -> Iterator[Reached]:
        """The names that a statement mentions; of an import at the top of the module, only that of `name`."""
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for path, wanted, bound in self._imports(statement):
                if bound == name or name in (ON_IMPORT, EVERYTHING):
                    yield path, ON_IMPORT
                    yield path, wanted
            return
        for node in ast.walk(statement):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for path, wanted, _ in self._imports(node):
                    yield path, ON_IMPORT
                    yield path, wanted
            elif isinstance(node, ast.Name) and (node.id in self._defined or node.id in _BUILT_IN):
                # The module may define a built-in name itself one day.
                yield self.path, node.id
            word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if word in _DYNAMIC and name != EVERYTHING:
                yield self.path, EVERYTHING

    def _imports(self, statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str, str]]:
        """For each thing that is imported from this project: its file, its name there, and its name here."""
        if isinstance(statement, ast.Import):
            yield from self._whole_imports(statement)
        else:
            yield from self._imports_from(statement)

    def _whole_imports(self, statement: ast.Import) -> Iterator[tuple[str, str, str]]:
        for alias in statement.names:
            parts = alias.name.split(".")
            for count in range(1, len(parts) + 1):
                path = _path_of(".".join(parts[:count]), self.root)
                if path is not None:
                    yield path, EVERYTHING, alias.asname or parts[0]

    def _imports_from(self, statement: ast.ImportFrom) -> Iterator[tuple[str, str, str]]:
        module = statement.module or ""
        if statement.level:
            folder = self.path.split("/")[: -statement.level]
            module = ".".join([*folder, *([module] if module else [])])
        path = _path_of(module, self.root)
        for alias in statement.names:
            bound = alias.asname or alias.name
            below = _path_of(f"{module}.{alias.name}", self.root)
            if below is not None:
                yield below, EVERYTHING, bound
            if path is None:
                continue
            if alias.name == "*":
                yield path, EVERYTHING, ON_IMPORT
            elif alias.name in _source(self.root, path)._defined:
                yield path, alias.name, bound
            elif below is None:
                yield path, EVERYTHING, bound  # defined in a way that the text does not show


_BUILT_IN = frozenset(dir(builtins))


def _defined_by(statement: ast.stmt) -> list[str]:
    """The names that a statement of a module defines; none if it does anything else."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import):
        return [alias.asname or alias.name.split(".")[0] for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        names = [alias.asname or alias.name for alias in statement.names]
        return [] if "*" in names else names
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        flat = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
        if all(isinstance(part, ast.Name) for part in flat):
            return [part.id for part in flat if isinstance(part, ast.Name)]
    return []


def _only(statement: ast.stmt, name: str) -> ast.stmt:
    """An import cut down to the thing that it binds to this name; other statements as they are."""
    if isinstance(statement, ast.Import):
        return ast.Import([a for a in statement.names if name in (a.asname, a.name, a.name.split(".")[0])])
    if isinstance(statement, ast.ImportFrom):
        here = [alias for alias in statement.names if name in (alias.asname, alias.name, ON_IMPORT)]
        return ast.ImportFrom(statement.module, here, statement.level)
    return statement


def _path_of(module: str, root: Path) -> str | None:
    """The file of a module of this project, below `root`; None for other modules."""
    base = module.replace(".", "/")
    for path in (f"{base}.py", f"{base}/__init__.py"):
        if _text(root, path) is not None:
            return path
    return None


def _source(root: Path, path: str) -> _Source:
    return _parsed(root, path, _text(root, path))


@lru_cache(maxsize=500)
def _parsed(root: Path, path: str, text: bytes | None) -> _Source:
    return _Source(root, path, text)


@lru_cache(maxsize=2000)
def _text(root: Path, path: str) -> bytes | None:
    """The text of a source file as it was at the first call; None if there is no such file."""
    try:
        return (root / path).read_bytes()
    except (OSError, ValueError):
        return None


def forget() -> None:
    """Forget all sources that were read, as if the program had just started."""
    for cached in (digests, _of_files, _text, _parsed):
        cached.cache_clear()


def _together(digests: dict[str, str]) -> str:
    lines = "".join(f"{digest} {path}\n" for path, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _digest(text: bytes | None) -> str:
    return hashlib.sha256(text or b"").hexdigest()
