"""The example notebook, run cell by cell as Jupyter does."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lesson.cli.clips import render_own_clips
from lesson.cli.program import cli
from lesson.render.jobs import RenderOptions
from lesson.render.rendering import find_scenes
from tests.export.conftest import (
    checkpoint_of,
    digits_for,
    export_to,
    make_clip,
    make_metadata,
    part_with,
    write_metadata,
)
from tests.network.conftest import write_idx

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "examples" / "lesson_in_a_notebook.ipynb"

# Runs every cell, stops at the first that fails, and tells what each showed.
RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
told = []
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] != "code":
        continue
    source = "".join(cell["source"])
    with capture_output() as out:
        result = shell.run_cell(source)
    if not result.success:
        sys.exit(f"{source}\\n{result.error_before_exec or result.error_in_exec!r}")
    shown = [kind for output in out.outputs for kind in output.data]
    told.append([out.stdout, shown, repr(result.result)[:2000]])
print("\\n" + json.dumps(told))
"""


def test_every_cell_runs(tmp_path: Path) -> None:
    checkpoint = checkpoint_of((64, 8, 3))
    digits = digits_for(checkpoint)
    data = tmp_path / "data"
    data.mkdir()
    for split in ("train", "t10k"):
        write_idx(data / f"{split}-images-idx3-ubyte", (digits.images * 255).round().astype("uint8"))
        write_idx(data / f"{split}-labels-idx1-ubyte", digits.labels.astype("uint8"))
    checkpoint.save(tmp_path / "a.npz")
    clip = make_clip(tmp_path / "ANeuron.mp4", [(90, 90, 200)])
    write_metadata(clip, make_metadata("ANeuron", 1, title="A clip"))
    export_to(tmp_path / "export", [(part_with("part_03_neuron", "ANeuron"), clip)], checkpoint)
    # In a copy of what it needs, so that nothing is left in the project's own media folder.
    project = tmp_path / "project"
    (project / "examples").mkdir(parents=True)
    for name in ("manim.cfg", "scenes", "network"):
        (project / name).symlink_to(ROOT / name)
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN, str(NOTEBOOK)],
        cwd=project / "examples",
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "KNOBS_CHECKPOINT": str(tmp_path / "a.npz"),
            "KNOBS_DATA": str(data),
            "KNOBS_EXPORT": str(tmp_path / "export"),
            "IPYTHONDIR": str(tmp_path / "ipython"),
        },
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    _, listed, shown, drawn, numbers = json.loads(result.stdout.strip().splitlines()[-1])
    assert f"{checkpoint.network.parameter_count} knobs that read a digit" in listed[0]
    assert "ANeuron" in listed[0]
    assert "HTML" in shown[2]
    assert "text/html" in drawn[1] or "video/mp4" in drawn[1]
    outputs = checkpoint.network.forward(digits.images[7]).output
    assert numbers[2] == repr({name: round(float(a), 3) for name, a in zip(digits.class_names, outputs, strict=True)})
    assert list((project / "media" / "clips").rglob("OnePicture.mp4"))


@pytest.mark.parametrize("notebook", sorted(NOTEBOOK.parent.glob("*.ipynb")), ids=lambda file: file.stem)
def test_a_notebook_is_kept_without_what_it_showed(notebook: Path) -> None:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert not cell.get("execution_count")


COLAB = NOTEBOOK.with_name("a_clip_in_colab.ipynb")


def test_the_notebook_for_colab_asks_for_commands_and_scenes_that_exist() -> None:
    cells = [cell["source"] for cell in json.loads(COLAB.read_text(encoding="utf-8"))["cells"]]
    commands = [line.strip()[1:] for cell in cells for line in cell.splitlines() if line.strip().startswith("!./knobs")]
    assert len(commands) == 3
    for command in commands:
        name, *words = shlex.split(command)[1:]
        context = cli.get_command(click.Context(cli), name).make_context(name, words)  # a usage error if it is wrong
        names = context.params.get("names", ())
        if names and not names[0].endswith(".py"):
            assert find_scenes(names)


def test_the_file_that_the_notebook_for_colab_writes_can_be_rendered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [cell["source"] for cell in json.loads(COLAB.read_text(encoding="utf-8"))["cells"]]
    (first,) = (cell for cell in cells if cell.startswith("%%writefile mine.py\n"))
    small = "from manim import config\nconfig.pixel_width, config.pixel_height, config.frame_rate = 128, 72, 2\n"
    (tmp_path / "mine.py").write_text(small + first.split("\n", 1)[1])
    monkeypatch.chdir(tmp_path)
    render_own_clips(Path("mine.py"), (), RenderOptions("l", None, None, tmp_path / "media", voice="none"))
    assert "media/own/mine/480p15/Mine.mp4" in capsys.readouterr().out
    assert any('"media/own/mine/480p15/Mine.mp4"' in cell for cell in cells)
