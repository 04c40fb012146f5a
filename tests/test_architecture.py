"""The architecture is as CONTRIBUTING.md says: imports run one way, and scenes do not import each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import grimp
import pytest
from importlinter import cli

from scenes.syllabus import SYLLABUS, module_of

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("network", "scenes", "lesson")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Which module imports which."""
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_imports_run_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The contracts are in pyproject.toml."""
    monkeypatch.chdir(ROOT)
    found = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert found == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_module_has_a_layer(graph: grimp.ImportGraph) -> None:
    """The contract says nothing of a module that is in none of its layers."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    in_a_layer = {module for layer in layers for module in re.split(r" [|:] ", layer)}
    assert {module for package in PACKAGES for module in graph.find_children(package)} == in_a_layer


def test_no_scene_imports_another_scene_of_its_part(graph: grimp.ImportGraph) -> None:
    for part in SYLLABUS:
        modules = [module_of(part, scene) for scene in part.scenes]
        assert set(modules) <= graph.modules, "every scene has a file of its own"
        for module in modules:
            others = graph.find_modules_directly_imported_by(module) & set(modules)
            assert not others, f"{module} imports {others}; what two scenes share is a file named after its subject"


def test_the_syllabus_imports_nothing_of_ours(graph: grimp.ImportGraph) -> None:
    assert not graph.find_modules_directly_imported_by("scenes.syllabus")


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "shared", "misc"])
def test_no_file_is_named_after_nothing(name: str) -> None:
    assert not [file for folder in PACKAGES for file in (ROOT / folder).rglob(f"*{name}.py")]
