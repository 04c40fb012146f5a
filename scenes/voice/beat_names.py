"""The names that the beats of a scene may have, found in its source, before it runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

# What the second and later beats of one method have at their end.
_NUMBER = re.compile(r"_\d+$")


def possible_beats(file: Path, scene: str, wanted: Iterable[str]) -> list[str] | None:
    """The names that beats of a scene in a source file may have: those of its public methods, and of `wanted` those
    that are one of them with a number.

    None if its source does not tell, as where the scene has methods from other files.
    """
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None  # importing it says what is wrong
    kinds = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    methods: dict[str, None] = {}
    waiting = [scene]
    while waiting:
        name = waiting.pop()
        if name == "LessonScene":
            continue
        if name not in kinds:
            return None
        functions = [node for node in ast.walk(kinds[name]) if isinstance(node, ast.FunctionDef)]
        methods.update(dict.fromkeys(node.name for node in functions if not node.name.startswith("_")))
        waiting += [base.id if isinstance(base, ast.Name) else "" for base in kinds[name].bases]
    return [*methods, *(name for name in wanted if _NUMBER.sub("", name) in methods)]
