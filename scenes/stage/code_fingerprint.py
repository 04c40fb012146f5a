"""Which code the pictures come from, told by its text: it can be asked without manim.

manim's cache goes by what the mobjects of a play hold, not by the code that moves and draws them. With these
fingerprints beside it, a change of that code is a change of the picture, too. And a clip that keeps beside it which
names of which files its scene came from (`of_scene`) tells what has changed of them, and whether anything has.
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
# They name scenes, show the kit or keep account; no clip is drawn by them.
_NOT_DRAWING = (
    "scenes/syllabus.py",
    "scenes/kit/gallery.py",
    "scenes/stage/code_fingerprint.py",
    "scenes/stage/input_log.py",
)
# They tell what is drawn by what, and say so for others.
_KEEPING_ACCOUNT = ("scenes/stage/code_fingerprint.py", "scenes/stage/input_log.py")
# What stands in these belongs to the scenes in the same file.
_SCENES = ("scenes/part_", "scenes/cards")


@lru_cache(maxsize=4)
def digests(root: Path = ROOT) -> dict[str, str]:
    """The sha256 of every source of network/ and scenes/ and of manim.cfg, by its path below `root`.

    They are read once, as early as possible, since what runs is what was there when the program started.
    """
    files = [file for folder in _FOLDERS for file in (root / folder).rglob("*.py")] + [root / _SETTINGS]
    return {path: _digest(_text(root, path)) for path in sorted(file.relative_to(root).as_posix() for file in files)}


def of_everything(root: Path = ROOT) -> str:
    """A fingerprint of all sources of network/ and scenes/."""
    return _together(digests(root))


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

    It is that of the kit and of every module besides, in which one of the classes or of their bases stands, be it a
    part of the lesson or a file of one's own. Of installed packages only the version counts, for manim's.
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
            own[file.name] = known.get(path) or _digest(file.read_bytes())
    return _together({"the kit": of_kit(), "manim": version("manim"), **own})


# ------------------------------------------------------------------------------------------ what a scene comes from

# A name of a file, or one of these: what runs when the module is imported, beside its definitions, and all of it.
ON_IMPORT, EVERYTHING = "on import", "everything"
# Where one of these is spoken of, names are found in ways that the text does not show.
_ROUNDABOUT = {"__subclasses__", "eval", "exec", "globals", "import_module", "__import__", "locals"}
# Source, by the path below the root: its sha256, and that of each of its names.
Names = dict[str, dict[str, str]]
WHOLE_FILE = ""


def of_scene(*wanted: tuple[str, str], root: Path = ROOT) -> Names:
    """Fingerprints of all code of this project that these need, each a module and a name in it, as its text tells.

    By path below `root`: that of the whole file under `WHOLE_FILE`, and those of the definitions in it that the wanted
    ones speak of, or what they speak of does, and so on. Of modules that are imported on the way, what runs on import
    counts, too; and of course manim.cfg. All that stands in none of these may change, and the scene is the same.
    """
    reached = {(_SETTINGS, EVERYTHING)}
    waiting: list[tuple[str, str]] = []
    for module, name in wanted:
        path = _path_of(module, root)
        if path is None:
            raise ValueError(f"{module} is no module of this project")
        waiting += [(path, name), (path, ON_IMPORT)]
    while waiting:
        here = waiting.pop()
        if here not in reached and here[0] not in _KEEPING_ACCOUNT:
            reached.add(here)
            waiting += _source(root, here[0]).leads_to(here[1])
    names: Names = {}
    for path, name in sorted(reached):
        whole = names.setdefault(path, {WHOLE_FILE: _source(root, path).digest})
        whole[name] = _source(root, path).digest_of(name)
    return names


def changes(names: Names, root: Path = ROOT) -> list[str]:
    """What of `of_scene`'s sources is no longer as it was, as words: "scenes/part_06_edges.py has changed: Bar"."""
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
    """A source file and the names it defines, each with the statements that do so."""

    def __init__(self, root: Path, path: str, text: bytes | None) -> None:
        self.root, self.path = root, path
        self.exists = text is not None
        self._text = text or b""
        self._digests: dict[str, str] = {}
        self._leads: dict[str, list[tuple[str, str]]] = {}
        self.digest = _digest(self._text) if self.exists else ""

    @cached_property
    def _tree(self) -> ast.Module | None:
        """None where it is no Python that can be understood: then all of it counts."""
        try:
            return ast.parse(self._text)
        except (SyntaxError, ValueError):
            return None

    @property
    def is_python(self) -> bool:
        return self._tree is not None

    @cached_property
    def _defined(self) -> dict[str, list[ast.stmt]]:
        """The statements that define each name, and under ON_IMPORT those that do something else."""
        found: dict[str, list[ast.stmt]] = {}
        statements = list(self._tree.body) if self._tree else []
        if statements and isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Constant):
            del statements[0]  # what the module says of itself
        for statement in statements:
            for name in _defined_by(statement) or [ON_IMPORT]:
                found.setdefault(name, []).append(statement)
        return found

    def digest_of(self, name: str) -> str:
        """A fingerprint of what defines a name; empty where nothing does."""
        if name == EVERYTHING or (self.exists and self._tree is None):
            return self.digest
        if name not in self._digests:
            statements = [_only(statement, name) for statement in self._defined.get(name, [])]
            text = "\n".join(ast.dump(statement) for statement in statements)
            self._digests[name] = _digest(text.encode())[:16] if statements else ""
        return self._digests[name]

    def leads_to(self, name: str) -> list[tuple[str, str]]:
        """The names, here and elsewhere, that what defines this one speaks of."""
        if name not in self._leads:
            self._leads[name] = list(dict.fromkeys(self._found_from(name)))
        return self._leads[name]

    def _found_from(self, name: str) -> Iterator[tuple[str, str]]:
        if self._tree is None or (name not in self._defined and name not in (ON_IMPORT, EVERYTHING)):
            return
        statements = self._tree.body if name == EVERYTHING else self._defined.get(name, [])
        for statement in statements:
            yield from self._spoken_of(statement, name)
        if name == ON_IMPORT:
            # Whatever is imported here is run, too, if it is of this project.
            for statement in self._tree.body:
                if isinstance(statement, ast.Import | ast.ImportFrom):
                    for path, _, _ in self._imports(statement):
                        yield path, ON_IMPORT

    def _spoken_of(self, statement: ast.stmt, name: str) -> Iterator[tuple[str, str]]:
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
                # One that is built in may be defined here one day.
                yield self.path, node.id
            spoken = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if spoken in _ROUNDABOUT and name != EVERYTHING:
                yield self.path, EVERYTHING

    def _imports(self, statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str, str]]:
        """For each thing that is imported from this project: its file, its name there, and its name here."""
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                parts = alias.name.split(".")
                for count in range(1, len(parts) + 1):
                    path = _path_of(".".join(parts[:count]), self.root)
                    if path is not None:
                        yield path, EVERYTHING, alias.asname or parts[0]
            return
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
                yield path, EVERYTHING, bound  # made in some other way


_BUILT_IN = frozenset(dir(builtins))


def _defined_by(statement: ast.stmt) -> list[str]:
    """The names that a statement of a module defines, if it does nothing else."""
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
    """Of an import of many things the one that gets this name."""
    if isinstance(statement, ast.Import):
        return ast.Import([a for a in statement.names if name in (a.asname, a.name, a.name.split(".")[0])])
    if isinstance(statement, ast.ImportFrom):
        here = [alias for alias in statement.names if name in (alias.asname, alias.name, ON_IMPORT)]
        return ast.ImportFrom(statement.module, here, statement.level)
    return statement


def _path_of(module: str, root: Path) -> str | None:
    """The file of a module of this project, below `root`; None for one of another."""
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
    """The text of a source as it was when it was first asked for; None where there is none."""
    try:
        return (root / path).read_bytes()
    except (OSError, ValueError):
        return None


def forget() -> None:
    """Read all sources again when they are asked for, as in a program that starts anew."""
    for cached in (digests, _of_files, _text, _parsed):
        cached.cache_clear()


def _together(digests: dict[str, str]) -> str:
    lines = "".join(f"{digest} {path}\n" for path, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _digest(text: bytes | None) -> str:
    return hashlib.sha256(text or b"").hexdigest()
