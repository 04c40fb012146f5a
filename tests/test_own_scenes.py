"""./knobs render FILE.py: anybody's scenes, in any folder, with errors of their code told in one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from lesson.cli.clips import render_own_clips
from lesson.cli.program import explain
from lesson.render import own_scenes
from lesson.render.jobs import RenderOptions
from lesson.render.rendering import RenderError
from lesson.render.threads import available_cores
from network import Network
from network.files import file_lock
from tests.scenes.conftest import make_checkpoint

ROOT = Path(__file__).resolve().parent.parent

TINY = """
import numpy as np
from manim import *

from network import Network
from scenes.kit import NetworkDiagram

config.pixel_width, config.pixel_height, config.frame_rate = 128, 72, 5
"""
MINE = (
    TINY
    + """
from colours import SQUARE

from pathlib import Path
SIZE = float(Path("size.txt").read_text())

class Base(Scene):
    pass

class Plain(Scene):
    def construct(self):
        network = Network.random([9, 4, 2], np.random.default_rng(0))
        self.add(NetworkDiagram(network, input_as="column").show(network.forward(np.ones(9, np.float32))))
        self.play(FadeIn(Square(SIZE, color=SQUARE, fill_opacity=1)), run_time=0.4)
        self.wait(0.2)

class Follows(MovingCameraScene, Base):
    def construct(self):
        self.add(Square(1, color=SQUARE, fill_opacity=1))
        self.play(self.camera.frame.animate.scale(0.25), run_time=0.4)
        self.wait(0.2)

class Picture(Scene):
    def construct(self):
        self.add(Square(8, color=SQUARE, fill_opacity=1))
"""
)


@pytest.fixture(autouse=True)
def imports_are_undone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the files import is imported anew by the next test, as by the next command."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("own_") or name in ("colours", "network_of_mine"):
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has nothing to do with this project, written an hour ago."""
    place = tmp_path / "my scenes"
    place.mkdir()
    write(place / "mine.py", MINE)
    write(place / "colours.py", "SQUARE = '#FF0000'\n")
    write(place / "size.txt", "2")
    monkeypatch.chdir(place)
    return place


def write(file: Path, text: str) -> Path:
    file.write_text(textwrap.dedent(text))
    hour_ago = file.stat().st_mtime - 3600
    os.utime(file, (hour_ago, hour_ago))
    return file


def options(folder: Path, jobs: int = 1, **others: bool) -> RenderOptions:
    return RenderOptions("l", None, None, folder.parent / "media", voice="none", jobs=jobs, **others)


def render(folder: Path, *names: str, capsys: pytest.CaptureFixture[str], **others: Any) -> list[str]:
    """The lines that the command prints, without the folder."""
    for name in ("own_mine", "colours"):
        sys.modules.pop(name, None)
    render_own_clips(folder / "mine.py", names, options(folder, **others))
    return [line.split("/")[-1] for line in capsys.readouterr().out.splitlines()]


def last_frame(clip: Path) -> np.ndarray:
    with av.open(str(clip)) as video:
        return list(video.decode(video=0))[-1].to_ndarray(format="rgb24")


def red(picture: np.ndarray) -> float:
    """The share of pixels that are red."""
    return float(((picture[..., 0] > 200) & (picture[..., 1] < 60)).mean())


def test_scenes_of_every_kind_are_drawn_and_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = render(folder, capsys=capsys)
    assert lines[:2] == ["Plain.mp4  (1 s)", "Follows.mp4  (1 s)"]
    assert lines[2].startswith("Picture") and ".png" in lines[2] and len(lines) == 3
    clips = folder.parent / "media" / "own" / "mine" / "480p15"
    plain, follows = last_frame(clips / "Plain.mp4"), last_frame(clips / "Follows.mp4")
    assert plain.shape == (72, 128, 3)
    assert red(plain) == pytest.approx(2 * 2 / (8 * 128 / 9), rel=0.25)
    assert plain.max(axis=-1)[:, :40].max() > 100, "the diagram is not there"
    assert red(follows) == pytest.approx(4 * 4 / (8 * 128 / 9), rel=0.25), "the camera did not move"
    still = np.asarray(Image.open(next(clips.glob("Picture*.png"))).convert("RGB"))
    assert red(still) == pytest.approx(8 / (128 / 9), rel=0.1)

    assert all("up to date" in line for line in render(folder, capsys=capsys))
    assert render(folder, "Plain", capsys=capsys, force=True) == ["Plain.mp4  (1 s)"]


def test_several_processes_render_the_scenes_of_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its share of the cores; a clip that another command is rendering is waited for, and that is told."""
    monkeypatch.delenv("KNOBS_THREADS", raising=False)
    (folder / "mine.py").write_text(
        TINY
        + """
import multiprocessing
import os
from pathlib import Path

class First(Scene):
    def construct(self):
        process = multiprocessing.get_context("fork").Process(target=str)
        process.start()
        process.join()
        Path(__file__).with_name("first").write_text(f"{os.getpid()} {os.environ['KNOBS_THREADS']}")
        self.wait(0.4)

class Second(Scene):
    def construct(self):
        Path(__file__).with_name("second").write_text(f"{os.getpid()} {os.environ['KNOBS_THREADS']}")
        self.wait(0.2)
"""
    )
    held, waited = threading.Event(), threading.Event()

    def other_command() -> None:
        with file_lock(folder.parent / "media" / "cache" / "own" / "mine.Second.lock", lambda: None):
            held.set()
            waited.wait(60)

    threading.Thread(target=other_command).start()
    assert held.wait(60)
    told: list[str] = []

    def on_wait(name: str) -> None:
        told.append(f"{name} waits")
        time.sleep(0.5)
        waited.set()

    with own_scenes.imported(folder / "mine.py", options(folder, jobs=2)) as scenes:
        clips = list(scenes.render_all(["First", "Second"], told.append, on_wait, pytest.fail))
    assert sorted(told) == ["First", "Second", "Second waits"]
    assert [clip.file.name for clip in clips] == ["First.mp4", "Second.mp4"]
    numbers = [(folder / name).read_text().split() for name in ("first", "second")]
    assert len({numbers[0][0], numbers[1][0], str(os.getpid())}) == 3
    assert {share for _, share in numbers} == {str(max(1, available_cores() // 2))}


def test_a_scene_that_fails_stops_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those after it were neither rendered nor named."""
    (folder / "mine.py").write_text(
        TINY
        + """
class Fails(Scene):
    def construct(self):
        self.wait(0.2)
        1 / 0

class Passes(Scene):
    def construct(self):
        self.wait(0.4)

class FailsToo(Scene):
    def construct(self):
        self.nothing()
"""
    )
    several = r"^Fails, FailsToo could not be rendered; the first error: .*mine.py, line \d+: ZeroDivisionError"
    with pytest.raises(RenderError, match=several):
        render(folder, capsys=capsys)
    said = capsys.readouterr()
    assert "Passes.mp4  (0 s)" in said.out and "Scene 3 of 3: FailsToo" in said.err
    with pytest.raises(RenderError, match=r"^mine.py, line \d+: AttributeError"):
        render(folder, "Passes", "FailsToo", capsys=capsys)
    assert "Passes.mp4  (0 s, up to date)" in capsys.readouterr().out


@pytest.mark.slow
def test_what_was_under_way_is_finished_where_a_scene_of_another_process_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.py").write_text(
        TINY
        + """
class Passes(Scene):
    def construct(self):
        self.wait(0.2)

class Fails(Scene):
    def construct(self):
        1 / 0
"""
    )
    with pytest.raises(RenderError, match=r"mine.py, line \d+: ZeroDivisionError"):
        render(folder, "Fails", "Passes", capsys=capsys, jobs=2)
    assert next((folder.parent / "media").rglob("Passes.mp4")).exists()


def test_the_sketch_of_a_scene_in_contributing_works_as_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sketch = told[told.index("    from manim import FadeIn\n") : told.index("\n\nAdd it to `scenes/syllabus.py`")]
    write(folder / "mine.py", sketch)
    assert render(folder, capsys=capsys) == ["MyScene.mp4  (2 s)"]


def test_what_a_scene_was_made_from_dates_its_clip(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def states() -> list[str]:
        return render(folder, "Plain", capsys=capsys, dry_run=True)

    assert states() == ["Plain  (not rendered yet)"]
    render(folder, "Plain", capsys=capsys)
    assert states() == ["Plain  (up to date)"]
    (folder / "mine.py").touch()
    assert states() == ["Plain  (up to date)"], "a new date is no change"
    for name, text in (("colours.py", "SQUARE = '#00FF00'\n"), ("size.txt", "3"), ("mine.py", MINE + "\n# later\n")):
        file = folder / name
        before = file.read_text()
        write(file, text)
        assert states() == [f"Plain  ({name} has changed)"]
        write(file, before)
    next((folder.parent / "media" / "own").rglob("Plain.mp4")).unlink()
    assert states() == ["Plain  (not rendered yet)"]


def test_another_file_of_the_same_name_has_a_folder_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each replaced the clips of the other, so that both were rendered again and again."""
    other = folder.parent / "other"
    other.mkdir()
    for file in folder.iterdir():
        write(other / file.name, file.read_text())
    write(other / "colours.py", "SQUARE = '#0000FF'\n")
    for place in folder, other:
        assert render(place, "Plain", capsys=capsys, dry_run=True) == ["Plain  (not rendered yet)"]
        render(place, "Plain", capsys=capsys)
    for place in folder, other:
        assert render(place, "Plain", capsys=capsys, dry_run=True) == ["Plain  (up to date)"]
    first, second = sorted((folder.parent / "media" / "own").rglob("Plain.mp4"))
    assert first.parts[-3] == "mine" and re.fullmatch("mine-[0-9a-f]{8}", second.parts[-3])
    assert red(last_frame(first)) > 0 == red(last_frame(second))
    # It stays where it is when the first file goes.
    (folder / "mine.py").unlink()
    assert render(other, "Plain", capsys=capsys, dry_run=True) == ["Plain  (up to date)"]
    (folder / "mine.py").write_text(MINE)
    (state,) = render(folder.rename(folder.parent / "moved"), "Plain", capsys=capsys, dry_run=True)
    assert state.startswith("Plain  (it was made from another file")


def test_a_folder_that_cannot_be_written_is_not_a_fault_of_the_scene(folder: Path) -> None:
    (folder.parent / "media").mkdir()
    (folder.parent / "media" / "own").write_text("a file")
    with pytest.raises(RenderError, match=r"cannot be written: .*; choose another folder with --media FOLDER"):
        render_own_clips(folder / "mine.py", ("Plain",), options(folder))


def test_a_file_that_changes_while_it_is_rendered_is_not_taken_for_the_one_that_was(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder / "mine.py", MINE.replace("self.play(FadeIn", "Path('size.txt').write_text('3'); self.play(FadeIn"))
    render(folder, "Plain", capsys=capsys)
    assert render(folder, "Plain", capsys=capsys, dry_run=True) != ["Plain  (up to date)"]


def told(folder: Path, text: str, name: str = "mine.py") -> str:
    """The sentence about a file."""
    write(folder / name, text)
    with pytest.raises(RenderError) as problem:
        render_own_clips(folder / name, (), options(folder))
    code, sentence = explain(problem.value)
    assert code == 1
    return sentence


SCENE = "from manim import *\nclass A(Scene):\n    def construct(self):\n        "


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SCENE + "self.add(Circl())", r"mine.py, line 4: NameError: name 'Circl' is not defined; set KNOBS_DEBUG=1 "),
        ("from manim import *\nclass A(Scene:\n    pass", r"mine.py, line 2: "),
        ("\nimport torchy.nn", r"mine.py, line 2: there is no module torchy; if it belongs to a package, install"),
        (SCENE + "np.load('w.npz')", r"mine.py, line 4: there is no w.npz"),
        (SCENE + "MathTex('x')", r"mine.py, line 4: this needs LaTeX, which is not installed; use Typst"),
        ("import colours\nimport sys\nsys.exit(3)", r"mine.py, line 3: SystemExit: 3"),
        ("X = 1", r"mine.py holds no scene; write a class that is a Scene"),
        (SCENE + "import colours; colours.fail()", r"colours.py, line 2: ZeroDivisionError: division by zero"),
        (
            "from manim import *\nconfig.renderer = 'opengl'\nfrom scenes.kit import Cells\n"
            "class A(Scene):\n    def construct(self):\n        self.add(Cells([[0, 0, 0]]))",
            r"leave out --renderer=opengl",
        ),
    ],
)
def test_errors_of_their_code_are_told_with_file_and_line(
    folder: Path, text: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))  # there is no LaTeX, on no machine
    write(folder / "colours.py", "def fail():\n    1 / 0\n")
    said = told(folder, text)
    assert re.search(sentence, said), said
    assert "\n" not in said


def test_a_file_with_the_name_of_a_package_of_ours_is_named(folder: Path) -> None:
    write(folder / "network.py", "layers = 3\n")
    said = told(folder, "from manim import *\nfrom network import layers\n")
    assert said.startswith("mine.py, line 2: network.py beside it has the name of a package of Knobs")
    assert said.endswith("rename yours, for example my_network.py")


@pytest.mark.parametrize(("setting", "ending"), [("transparent = True", "mov"), ("format = 'gif'", "gif")])
def test_settings_that_the_file_makes_count(
    setting: str, ending: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder / "mine.py", f"{MINE}\nconfig.{setting}\n")
    for state in ("(1 s)", "(1 s, up to date)"):
        (line,) = render(folder, "Plain", capsys=capsys)
        assert line.startswith("Plain") and line.endswith(f".{ending}  {state}")


def test_a_file_called_scenes_can_be_rendered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TINY + "class A(Scene):\n    def construct(self):\n        self.add(Square())\n"
    write(folder / "scenes.py", text)
    render_own_clips(folder / "scenes.py", (), options(folder))
    assert "/own/scenes/480p15/A" in capsys.readouterr().out


def test_unknown_scenes_and_files(folder: Path) -> None:
    for name, words, sentence in (
        ("mine.py", ("Plane",), "there is no scene 'Plane' in mine.py; did you mean Plain?"),
        ("other.py", (), "there is no file .*other.py; ./knobs scenes lists"),
        (".", (), "is a folder; name a .py file of it"),
        ("colours.txt", (), "is not a Python file"),
        ("{a}.py", (), "a brace or a line break in the name of '{a}.py'; rename the file"),
    ):
        if name.startswith("{"):
            write(folder / name, MINE)
        with pytest.raises(RenderError, match=sentence):
            render_own_clips(folder / name, words, options(folder))
    assert own_scenes.is_file_of_scenes("mine.py") and own_scenes.is_file_of_scenes("../x/y")
    for name in ("BarDetector", "3", "it's a folder"):
        (folder / name).mkdir()
        assert own_scenes.is_file_of_scenes(name) == (name == "it's a folder")
    assert not own_scenes.is_file_of_scenes("")


def test_a_network_that_is_named_is_the_one_that_scenes_draw(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also in a plain scene, by `lesson_checkpoint`, and another network dates the clip."""
    write(
        folder / "mine.py",
        TINY
        + """
from scenes.stage.inputs import lesson_checkpoint

class Sizes(Scene):
    def construct(self):
        print(lesson_checkpoint().network.sizes)
        self.add(Square())
""",
    )
    files = [folder / "a.npz", folder / "b.npz"]
    for hidden, file in enumerate(files, 3):
        make_checkpoint(Network.random([784, hidden, 10], np.random.default_rng(0))).save(file)
    given = options(folder)
    for file, sizes in zip(files, ("(784, 3, 10)", "(784, 4, 10)"), strict=True):
        render_own_clips(folder / "mine.py", (), replace(given, checkpoint=file, data=ROOT / "assets" / "mnist"))
        assert sizes in capsys.readouterr().out
    assert "KNOBS_CHECKPOINT" not in os.environ


def test_a_scene_of_the_lessons_kind_tells_its_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        folder / "mine.py",
        TINY
        + """
from scenes.stage.lesson_scene import LessonScene

class Told(LessonScene):
    def construct(self):
        with self.voiceover("Two words."):
            self.add(Square())
""",
    )
    assert render(folder, capsys=capsys)[0].startswith("Told.mp4  (")
    clip = next((folder.parent / "media" / "own").rglob("Told.mp4"))
    assert "Two words." in clip.with_suffix(".srt").read_text()


def test_the_command_line_takes_a_file(folder: Path) -> None:
    from click.testing import CliRunner

    from lesson.cli.program import cli

    write(folder / "mine.py", SCENE + "self.add(Square(1))\n")
    media = str(folder.parent / "media")
    result = CliRunner().invoke(cli, ["render", "mine.py", "A", "-q", "l", "--media", media, "--dry-run"])
    assert result.output == "A  (not rendered yet)\n" and result.exit_code == 0


def test_in_manims_own_command_too_a_file_called_network_is_named(tmp_path: Path) -> None:
    theirs = write(tmp_path / "network.py", "layers = 3\n")
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    result = subprocess.run(
        [sys.executable, "-c", "from scenes.kit import NetworkDiagram"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert result.stderr.splitlines()[-1] == (
        f"ImportError: {theirs} has the name of a package of Knobs and is found before it; rename yours, for example "
        "my_network.py"
    )
