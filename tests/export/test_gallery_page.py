"""The gallery as a page: whoever copies the code below a picture can run it."""

from __future__ import annotations

import ast
import builtins

import pytest

from lesson.export.gallery_page import code_of, gallery_page
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes import kit
from scenes.kit.gallery import entries
from tests.scenes.conftest import checkpoint, digits, network

__all__ = ["checkpoint", "digits", "network"]  # fixtures
# What the head of the page defines.
GIVEN = {"checkpoint", "network", "digits", "forward"}


@pytest.mark.parametrize("name", sorted(entries()))
def test_the_code_of_a_picture_imports_all_that_it_uses(name: str) -> None:
    tree = ast.parse(code_of(entries()[name]))
    known = GIVEN | set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            known |= {alias.asname or alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module == "scenes.kit":
                assert all(hasattr(kit, alias.name) or alias.name == "theme" for alias in node.names)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert used <= known, f"{used - known} must be imported"


@pytest.mark.slow
def test_every_picture_stands_above_its_code(checkpoint: Checkpoint, digits: Digits) -> None:
    page = gallery_page(checkpoint, digits, "my-signs")
    assert page.count('<section class="entry"') == len(entries())
    assert page.count("data:image/webp;base64,") >= len(entries())
    assert "NetworkPath(diagram, [406, 3, 7, forward.answer])" in page
    assert "the pictures are those of my-signs and belong to those who made them" in page
