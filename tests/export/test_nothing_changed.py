"""An export with nothing changed is known at once, without NumPy; every kind of change makes it run again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lesson.export import TEMPLATES, export_record
from lesson.importing import datasets
from network.checkpoint import load_checkpoint
from tests.export.test_command import network_and_data
from tests.sounds import noise, write
from tests.test_command_line import run
from tests.tiny_lesson import ENTRY, PART, teach

HEAVY = {"manim", "numpy", "numba", "scipy", "av", "PIL", "jinja2", "rich"}
# The program with the tiny lesson, which it knows without importing manim.
LIGHT_PROGRAM = """
import json, pathlib, sys
import lesson.importing.datasets
import lesson.render.rendering
from lesson.cli.program import main
from scenes.syllabus import Part, SceneEntry
heavy, scenes, words, converted = map(json.loads, sys.argv[1:])
lesson.importing.datasets.CONVERTED = pathlib.Path(converted)
lesson.render.rendering.all_scenes = lambda: [
    (Part(number, title, module, ()), SceneEntry(*scene)) for number, title, module, scene in scenes
]
try:
    main(words)
except SystemExit as end:
    assert end.code == 0, end.code
loaded = set(heavy) & sys.modules.keys()
assert not loaded, loaded
"""


def run_light(scenes: list[Any], *words: str) -> str:
    """What a command prints in a process of its own. It fails if it imports anything heavy."""
    told = [(part.number, part.title, part.module, (e.name, e.title, e.summary)) for part, e in scenes]
    arguments = (json.dumps(value) for value in (sorted(HEAVY), told, words, str(datasets.CONVERTED)))
    result = subprocess.run(
        [sys.executable, "-P", "-c", LIGHT_PROGRAM, *arguments], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


class Lesson:
    """A folder with the tiny lesson, rendered and exported, and what to do with it."""

    def __init__(self, folder: Path, words: list[str]) -> None:
        self.folder, self.words = folder, words
        self.place = folder / "media" / "export"

    def export(self, *more: str) -> None:
        assert run("export", *self.words, *more) == 0

    @property
    def page(self) -> Path:
        return self.place / "index.html"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lesson]:
    folder = tmp_path_factory.mktemp("unchanged")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA", "KNOBS_DEBUG"):
            patch.setenv(name, "")
        teach(patch.setattr)
        yield Lesson(folder, ["-j", "1", *network_and_data(folder)])


@pytest.fixture
def lesson(rendered: Lesson) -> Lesson:
    """The lesson with an export that is up to date."""
    rendered.export()
    return rendered


@pytest.fixture
def was_up_to_date(capsys: pytest.CaptureFixture[str]) -> Callable[[], bool]:
    """Whether the last export says that there was nothing to do."""

    def read() -> bool:
        (said,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("The lesson is in")]
        return said.endswith(": 1 clip, up to date.")

    return read


@pytest.mark.parametrize("command", ["lesson", "export", "render"])
def test_nothing_heavy_is_loaded(command: str, lesson: Lesson) -> None:
    """It took 1.8 s of processor time to find out, with NumPy and PyAV, that all files were as they should be."""
    before = {file: file.stat().st_mtime_ns for file in lesson.place.rglob("*")}
    assert "up to date" in run_light([(PART, ENTRY)], command, *lesson.words)
    assert {file: file.stat().st_mtime_ns for file in lesson.place.rglob("*")} == before


def test_the_scenes_are_listed_without_anything_heavy(lesson: Lesson) -> None:
    listed = json.loads(run_light([(PART, ENTRY)], "scenes", "--json", *lesson.words[4:]))
    assert [scene["seconds_from"] for scene in listed] == ["clip"]


def test_a_network_of_ones_own_and_its_data_are_found_without_anything_heavy(lesson: Lesson) -> None:
    """NumPy was loaded to read where the data of a network lies."""
    own = ["--checkpoint", str(lesson.folder / "0.npz"), "--media", str(lesson.folder / "elsewhere")]
    listed = json.loads(run_light([(PART, ENTRY)], "scenes", "--json", *own))
    assert [scene["seconds_from"] for scene in listed] == ["estimate"]


def render_again(lesson: Lesson) -> None:
    assert run("render", "--force", *lesson.words) == 0


def train_again(lesson: Lesson) -> None:
    """The same network, with another score."""
    found = load_checkpoint(lesson.folder / "0.npz")
    replace(found, metadata=replace(found.metadata, test_accuracy=0.123)).save(lesson.folder / "0.npz")


def change_the_data(lesson: Lesson) -> None:
    file = lesson.folder / "data" / "train-labels-idx1-ubyte"
    file.write_bytes(file.read_bytes()[:-1] + b"\0")


def edit_a_page(lesson: Lesson) -> None:
    lesson.page.write_text("mine", encoding="utf-8")


def delete_a_file(lesson: Lesson) -> None:
    next((lesson.place / "Tiny").glob("*.vtt")).unlink()


def damage_the_record(lesson: Lesson) -> None:
    for file in (lesson.folder / "media" / "cache" / "exports").iterdir():
        file.write_text("{")


def leave_a_file_unfinished(lesson: Lesson) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    (lesson.place / f".knobs-{process.pid}-index.html").write_text("half")


CHANGES = (
    render_again,
    train_again,
    change_the_data,
    edit_a_page,
    delete_a_file,
    damage_the_record,
    leave_a_file_unfinished,
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_it_run(
    change: Callable[[Lesson], None], lesson: Lesson, was_up_to_date: Callable[[], bool], capsys: Any
) -> None:
    change(lesson)
    capsys.readouterr()
    lesson.export()
    assert not was_up_to_date()
    assert lesson.page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert not list(lesson.place.glob(".knobs-*"))
    lesson.export()
    assert was_up_to_date()


@pytest.mark.parametrize("options", [["--webp"], ["--sections"], ["--address", "https://example.org/"], ["--force"]])
def test_other_options_make_it_run(
    options: list[str], lesson: Lesson, was_up_to_date: Callable[[], bool], capsys: Any
) -> None:
    capsys.readouterr()
    lesson.export(*options)
    assert not was_up_to_date()
    lesson.export(*(option for option in options if option != "--force"))
    assert was_up_to_date()


def test_a_narration_makes_it_run(
    lesson: Lesson, was_up_to_date: Callable[[], bool], tmp_path: Path, capsys: Any
) -> None:
    wav = write(tmp_path / "Tiny.wav", noise(1))
    capsys.readouterr()
    lesson.export("--narration", str(tmp_path))
    assert not was_up_to_date()
    lesson.export("--narration", str(tmp_path))
    assert was_up_to_date()
    assert run("render", *lesson.words, "--narration", str(tmp_path)) == 0
    for command in ("export", "render"):
        assert "up to date" in run_light([(PART, ENTRY)], command, *lesson.words, "--narration", str(tmp_path))
    capsys.readouterr()
    os.utime(wav, (0, 0))
    lesson.export("--narration", str(tmp_path))
    assert was_up_to_date(), "it is the same recording"
    write(wav, noise(1, seed=1))
    lesson.export("--narration", str(tmp_path))
    assert not was_up_to_date()


def test_another_template_version_or_code_makes_it_run(
    lesson: Lesson,
    was_up_to_date: Callable[[], bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    style = tmp_path / "templates" / "style.css"
    style.write_text(style.read_text(encoding="utf-8") + "/* mine */", encoding="utf-8")
    for name, value in (
        ("TEMPLATES", tmp_path / "templates"),
        ("version", lambda package: "0.1"),
        ("code_fingerprint.of_program", lambda: "edited"),
    ):
        lesson.export()
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setattr(f"{export_record.__name__}.{name}", value)
            lesson.export()
            assert not was_up_to_date(), name
            lesson.export()
            assert was_up_to_date(), name


def test_a_place_for_records_that_cannot_be_written(
    lesson: Lesson, was_up_to_date: Callable[[], bool], capsys: Any
) -> None:
    """Then it takes longer the next time, and nothing else."""
    folder = lesson.folder / "media" / "cache" / "exports"
    shutil.rmtree(folder)
    folder.write_text("mine")
    capsys.readouterr()
    for _ in range(2):
        lesson.export()
        assert not was_up_to_date()
    folder.unlink()
