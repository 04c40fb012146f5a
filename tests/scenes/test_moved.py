"""Somebody's own scene, written for the old layout, is told where each name is now."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import network.moved
import scenes.moved

ROOT = Path(__file__).resolve().parent.parent.parent
OLD = {**network.moved.MODULES, **scenes.moved.MODULES}
# What a scene of one's own was likely to import, from every old module that it could: (module, name, new module).
IMPORTS = [
    ("network.comparison", "compare", "network.analysis.comparison"),
    ("network.depth", "compare_activations", "network.analysis.depth"),
    ("network.detectors", "bar_place", "network.analysis.detectors"),
    ("network.parts", "take_apart", "network.analysis.parts"),
    ("scenes.animations", "ShowContributions", "scenes.kit.animations.forward_pass"),
    ("scenes.animations", "PixelsBecomeNeurons", "scenes.kit.animations.pixels"),
    ("scenes.animations", "ReplayTraining", "scenes.kit.animations.replay_training"),
    ("scenes.camera", "LessonCamera", "scenes.kit.camera"),
    ("scenes.camera", "View", "scenes.kit.camera"),
    ("scenes.caption", "Caption", "scenes.voice.cues"),
    ("scenes.film_script", "SYLLABUS", "scenes.syllabus"),
    ("scenes.gallery", "picture", "scenes.kit.gallery"),
    ("scenes.layout", "picture", "scenes.kit.layout"),
    ("scenes.layout", "STAGE_TOP", "scenes.kit.layout"),
    ("scenes.layout", "STAGE_BOTTOM", "scenes.kit.layout"),
    ("scenes.lesson_scene", "LessonScene", "scenes.stage.lesson_scene"),
    ("scenes.lesson_scene", "LessonRenderer", "scenes.stage.renderer"),
    ("scenes.lesson_scene", "lesson_digits", "scenes.stage.inputs"),
    ("scenes.matrix_animations", "SweepRow", "scenes.kit.animations.matrix_sweep"),
    ("scenes.mobjects.cells", "Cells", "scenes.kit.mobjects.cells"),
    ("scenes.mobjects.drawing", "draw_cells", "scenes.kit.rasteriser"),
    ("scenes.mobjects.network_diagram", "NetworkDiagram", "scenes.kit.mobjects.network_diagram"),
    ("scenes.mobjects.plots", "Axes", "scenes.kit.mobjects.axes"),
    ("scenes.mobjects.plots", "Inscriptions", "scenes.kit.mobjects.text"),
    ("scenes.mobjects.plots", "CURVE_COLOURS", "scenes.kit.mobjects.plot_lines"),
    ("scenes.mobjects.plots", "CountUp", "scenes.kit.animations.count_up"),
    ("scenes.mobjects.typesetting", "Words", "scenes.kit.mobjects.text"),
    ("scenes.part_03_neuron", "ANeuron", "scenes.part_03_neuron.a_neuron"),
    ("scenes.part_04_layers", "ForwardPassOfADigit", "scenes.part_04_layers.forward_pass_of_a_digit"),
    ("scenes.part_12_relu", "SigmoidAndReLU", "scenes.part_12_relu.sigmoid_and_relu"),
    ("scenes.places", "ROOT", "scenes.settings"),
    ("scenes.theme", "POSITIVE", "scenes.kit.theme"),
]


def told(statement: str) -> str:
    """What an import that fails says."""
    with pytest.raises(ImportError) as error:
        exec(statement, {})
    return str(error.value)


@pytest.mark.parametrize(("module", "name", "new"), IMPORTS)
def test_an_old_import_names_the_new_place(module: str, name: str, new: str) -> None:
    assert told(f"from {module} import {name}") == f"{module}.{name} has moved; write: from {new} import {name}"
    assert hasattr(importlib.import_module(new), name), "what it says is not so"


@pytest.mark.parametrize("module", sorted(OLD))
def test_every_old_module_is_replaced_by_modules_that_there_are(module: str) -> None:
    assert importlib.util.find_spec(module).loader.__class__ is network.moved.MovedModules, f"{module} is there again"
    for new in OLD[module]:
        assert importlib.import_module(new)
    if OLD[module]:
        assert OLD[module][0] in told(f"from {module} import *")
        assert OLD[module][0] in told(f"from {module} import NothingOfThatName")


@pytest.mark.parametrize(("old", "new"), {**network.moved.RENAMED, **scenes.moved.RENAMED}.items())
def test_what_was_renamed_is_told_by_its_new_name(old: tuple[str, str], new: tuple[str, str]) -> None:
    assert told(f"from {old[0]} import {old[1]}").endswith(f"write: from {new[0]} import {new[1]}")
    assert hasattr(importlib.import_module(new[0]), new[1])


def test_an_old_module_asked_for_by_itself_tells_at_the_first_name() -> None:
    assert "from scenes.kit.theme import POSITIVE" in told("from scenes import theme; theme.POSITIVE")
    assert "scenes.kit.mobjects.cells" in told("import scenes.mobjects.cells as cells; cells.Cells")
    assert "from scenes.kit.mobjects.cells import Cells" in told("from scenes.mobjects import Cells")


def test_a_name_that_never_was_is_not_invented() -> None:
    assert told("from scenes.part_04_layers import Nonsense").startswith("cannot import name 'Nonsense'")
    with pytest.raises(ModuleNotFoundError, match="No module named 'scenes.nonsense'"):
        importlib.import_module("scenes.nonsense")


def test_a_module_of_a_part_is_found_as_before() -> None:
    exec("from scenes.part_04_layers import forward_pass_of_a_digit", {})


def test_it_costs_no_import_of_manim() -> None:
    program = "import scenes, sys; assert 'manim' not in sys.modules; from scenes.mobjects.plots import nothing"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert "scenes.mobjects.plots is gone" in result.stderr, result.stderr


# For each row of the CHANGELOG's table, by the beginning of its left side, one import that its user wrote at least.
ROWS = {
    "scenes.mobjects.NAME": [("scenes.mobjects.matrix", "Matrix"), ("scenes.mobjects", "Cells")],
    "scenes.mobjects.plots": [
        ("scenes.mobjects.plots", "LearningCurve"),
        ("scenes.mobjects.plots", "NumberLineSquish"),
    ],
    "scenes.mobjects.plots: RunAlong": [
        ("scenes.mobjects.plots", name) for name in ("RunAlong", "Squish", "RevealCurves", "CountUp")
    ],
    "scenes.mobjects.typesetting": [("scenes.mobjects.typesetting", "Words")],
    "scenes.mobjects.drawing": [("scenes.mobjects.drawing", "draw_cells")],
    "scenes.mobjects.array_mobject.checked": [("scenes.mobjects.array_mobject", "checked")],
    "scenes.mobjects.array_mobject.rgb": [("scenes.mobjects.array_mobject", "rgb")],
    "scenes.mobjects.numbers.written": [("scenes.mobjects.numbers", "written")],
    "scenes.animations": [("scenes.animations", "PropagateActivations")],
    "scenes.matrix_animations": [("scenes.matrix_animations", "SweepRow")],
    "scenes.theme": [
        ("scenes.theme", "STEP"),
        ("scenes.layout", "picture"),
        ("scenes.matrix_layout", "slots"),
        ("scenes.camera", "View"),
        ("scenes.gallery", "picture"),
    ],
    "scenes.lesson_scene: LessonScene": [("scenes.lesson_scene", "LessonScene"), ("scenes.lesson_scene", "Beat")],
    "scenes.lesson_scene: lesson_checkpoint": [
        ("scenes.lesson_scene", "lesson_checkpoint"),
        ("scenes.lesson_scene", "lesson_digits"),
    ],
    "scenes.lesson_scene: LessonRenderer": [
        ("scenes.lesson_scene", name) for name in ("LessonRenderer", "LessonFileWriter", "is_whole", "make_fast_start")
    ],
    "scenes.caption": [("scenes.caption", "Caption"), ("scenes.reads", "noting"), ("scenes.sources", "of_scene")],
    "scenes.places": [("scenes.places", "DEFAULT_DATA")],
    "scenes.film_script": [("scenes.film_script", "with_cards")],
    "scenes.part_06_edges.BarDetector": [
        ("scenes.part_06_edges", "BarDetector"),
        ("scenes.part_10_functions", "ANeuronIsAFunction"),
    ],
    "mobjects and animations of a part": [
        ("scenes.part_09_notation", "Race"),
        ("scenes.part_03_neuron", "ChangeActivations"),
    ],
    "rules of a part that choose": [("scenes.part_09_notation", "row_to_show")],
    "percent": [("scenes.part_08_learning", "percent")],
    "network.comparison": [
        ("network.comparison", "only_right"),
        ("network.depth", "load_comparison"),
        ("network.detectors", "bar_detector"),
        ("network.distances", "nearest_pair"),
        ("network.explain", "decision_to_explain"),
        ("network.knobs", "scores"),
        ("network.locality", "locality"),
        ("network.loops", "best_neuron"),
        ("network.noise", "sureness"),
        ("network.parts", "holes_of"),
        ("network.timing", "best_time"),
    ],
    "scenes.lesson_scene: part_of": [
        ("scenes.lesson_scene", "part_of"),
        ("scenes.lesson_scene", "remove_abandoned_parts"),
    ],
    "network.parts: gradient": [("network.parts", name) for name in ("gradient", "edge_directions", "little_edges")],
    "network.explain: Comparison": [("network.explain", "Comparison"), ("network.explain", "compare")],
    "network.sound": [("network.sound", "take_apart"), ("network.sound", "read_wav"), ("network.sound", "SoundError")],
    "network.checkpoint.write_whole": [("network.checkpoint", "write_whole")],
}


def rows_of_the_changelog() -> list[str]:
    """The left side of each row of the table of moved imports."""
    table = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("| old | new |\n|---|---|\n")[1].split("\n\n")[0]
    return [row.split("|")[1].replace("`", "").strip() for row in table.splitlines()]


def test_every_row_of_the_changelog_is_tried() -> None:
    tried = list(ROWS)
    for row in rows_of_the_changelog():
        # The longest beginning is its own: "scenes.mobjects.plots: RunAlong" also begins with "scenes.mobjects.plots".
        own = max((known for known in ROWS if row.startswith(known)), key=len, default=None)
        assert own, f"no import of this row is tried: {row}"
        tried.remove(own)
    assert not tried, "these are not in the table any more"


@pytest.mark.parametrize("row", ROWS)
def test_an_old_import_names_the_new_place_in_a_fresh_process(row: str) -> None:
    """Whatever was imported before: here, nothing was."""
    for module, name in ROWS[row]:
        run = subprocess.run(
            [sys.executable, "-c", f"from {module} import {name}"], cwd=ROOT, capture_output=True, text=True
        )
        told = re.search(r"ImportError: (\S+) has moved; write: from (\S+) import (\S+)\n$", run.stderr)
        assert told, run.stderr
        assert told[1] == f"{module}.{name}"
        assert hasattr(importlib.import_module(told[2]), told[3]), "what it says is not so"


def test_a_scene_that_calls_caption_is_told_what_to_write() -> None:
    from manim import Square, tempconfig

    from scenes.stage.lesson_scene import LessonScene

    class Mine(LessonScene):
        def construct(self) -> None:
            with self.caption("A square.", Square(), moves="It turns."):
                self.wait()

    with tempconfig({"dry_run": True}), pytest.raises(scenes.moved.CaptionError) as error:
        Mine().render()
    assert str(error.value) == (
        "Mine calls caption, which is gone; write: with self.voiceover('A square.', moves=\"...\"), "
        "and play inside the block what was given to caption besides the sentence"
    )
