"""The architecture is as CONTRIBUTING.md says: imports run one way, and scenes do not import each other."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest
from importlinter import cli

from scenes.syllabus import SYLLABUS, module_of

ROOT = Path(__file__).resolve().parent.parent


def test_imports_run_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The contracts are in pyproject.toml."""
    monkeypatch.chdir(ROOT)
    found = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert found == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_no_scene_imports_another_scene_of_its_part() -> None:
    graph = grimp.build_graph("network", "scenes", "lesson", cache_dir=None)
    for part in SYLLABUS:
        modules = [module_of(part, scene) for scene in part.scenes]
        assert set(modules) <= graph.modules, "every scene has a file of its own"
        for module in modules:
            others = graph.find_modules_directly_imported_by(module) & set(modules)
            assert not others, f"{module} imports {others}; what two scenes share is a file named after its subject"


def test_the_syllabus_imports_nothing_of_ours() -> None:
    graph = grimp.build_graph("network", "scenes", "lesson", cache_dir=None)
    assert not graph.find_modules_directly_imported_by("scenes.syllabus")


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "shared", "misc"])
def test_no_file_is_named_after_nothing(name: str) -> None:
    assert not [file for folder in ("network", "scenes", "lesson") for file in (ROOT / folder).rglob(f"*{name}.py")]
