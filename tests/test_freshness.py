"""A clip is up to date if it is complete and nothing that it was made from has changed, and only then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.cli import live
from lesson.render import clip_cache, rendering
from lesson.render.clip_cache import (
    build_record_file,
    code_of,
    input_fingerprints,
    recorded_seconds,
    stale_reason,
    write_build_record,
)
from network import Network
from network.checkpoint import Checkpoint
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint, input_log
from scenes.stage.code_fingerprint import Names
from scenes.syllabus import Part, SceneEntry, all_scenes, file_stem, module_of
from tests.scenes.conftest import make_checkpoint

ROOT = Path(__file__).resolve().parent.parent

FOLDER = "scenes/part_98_made_up"
ONE, OTHER, SHARED = (f"{FOLDER}/{name}.py" for name in ("one_scene", "other_scene", "shared"))
# A part of the lesson, for this test.
SOURCES = {
    f"{FOLDER}/__init__.py": "",
    ONE: '''"""The first scene."""

from manim import FadeIn

from scenes.kit import theme
from scenes.part_98_made_up.shared import row
from scenes.stage.lesson_scene import LessonScene

_WIDE = 3


class OneScene(LessonScene):
    """The first."""

    def construct(self):
        self.play(FadeIn(row(_WIDE)))
''',
    OTHER: '''"""The second scene."""

from manim import FadeIn

from scenes.kit import theme
from scenes.part_98_made_up.shared import high
from scenes.stage.lesson_scene import LessonScene


class OtherScene(LessonScene):
    """The second."""

    def construct(self):
        from scenes.kit.mobjects.pixel_grid import PixelGrid

        self.play(FadeIn(PixelGrid(high())), run_time=theme.QUICK)
''',
    SHARED: '''"""What both need."""

from scenes.kit.mobjects.cells import Cells

_HIGH = 2


def row(count):
    return Cells(places(count))


def places(count):
    return [[x, 0, 0] for x in range(count)]


def high():
    return [[0] * _HIGH]
''',
}
ENTRY = SceneEntry("OneScene", "One", "One of two.")


def checkpoint(seed: int = 0, **changes: Any) -> Checkpoint:
    made = make_checkpoint(Network.random([4, 3, 2], np.random.default_rng(seed)))
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the project's sources, with a network and data, from which clips are made here."""
    for folder in ("network", "scenes", "lesson"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "part_*"))
    shutil.copy(ROOT / "manim.cfg", tmp_path)
    (tmp_path / FOLDER).mkdir()
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text)
    checkpoint().save(tmp_path / "a.npz")
    (tmp_path / "a.local.npz").write_bytes(b"measured")
    (tmp_path / "data").mkdir()
    for name in ("train-images", "train-labels", "t10k-images", "t10k-labels"):
        (tmp_path / "data" / f"{name}-idx-ubyte").write_bytes(name.encode())
    (tmp_path / "bell.wav").write_bytes(b"a sound")

    for function in (code_fingerprint.of_scene, code_fingerprint.changes):
        monkeypatch.setattr(code_fingerprint, function.__name__, partial(function, root=tmp_path))
    monkeypatch.setattr(rendering, "all_scenes", lambda: [(Part(98, "A part", "part_98_made_up", (ENTRY,)), ENTRY)])
    code_fingerprint.forget()
    yield tmp_path
    code_fingerprint.forget()


def inputs(project: Path, quality: str = "l", network: str = "a.npz") -> dict[str, str]:
    """As a program that starts now sees them."""
    code_fingerprint.forget()
    return input_fingerprints(LessonContext(project / network, project / "data", quality))


def render(project: Path, *read: str, scene: str = "OneScene", code: Callable[[str], Names] = lambda _: {}) -> Path:
    """A finished clip of a scene that read this and came from this code, with what it was made from beside it."""
    file = project / f"{scene}.mp4"
    file.write_bytes(b"moving pictures")
    file.with_suffix(".srt").write_text("words")
    write_build_record(file, 12.5, inputs(project), read, code(scene))
    return file


def code_now(scene: str) -> Names:
    """The code of a scene of the project as it is."""
    return code_of(f"scenes.part_98_made_up.{file_stem(scene)}", scene)


@cache
def code_at_first(scene: str) -> Names:
    """The code of a scene of the project as the fixture makes it, looked at once for all tests."""
    return code_now(scene)


ALL = (
    input_log.NETWORK,
    input_log.TRAINING,
    input_log.data("test"),
    input_log.data("train"),
    input_log.companion("local"),
)


@pytest.fixture
def clip(project: Path) -> Path:
    return render(project, *ALL)


def test_nothing_changed(clip: Path, project: Path) -> None:
    assert stale_reason(clip, inputs(project)) is None
    assert recorded_seconds(clip) == 12.5


def test_a_scene_that_was_never_rendered(clip: Path, project: Path) -> None:
    assert stale_reason(project / "Other.mp4", inputs(project)) == "not rendered yet"
    assert recorded_seconds(project / "Other.mp4") is None


# ------------------------------------------------------------------------------------------ what scenes read


def retrained(project: Path) -> None:
    checkpoint(1).save(project / "a.npz")


def same_network_of_another_run(project: Path) -> None:
    checkpoint(0, history=np.zeros((2, 3))).save(project / "a.npz")


def write(name: str, text: str = "another") -> Callable[[Path], object]:
    return lambda project: (project / name).write_text(text)


READS: dict[str, tuple[Callable[[Path], object], dict[str, str]]] = {
    "another network": (
        retrained,
        {input_log.NETWORK: "the network has changed", input_log.TRAINING: "the network's training has changed"},
    ),
    "the same network of another run": (
        same_network_of_another_run,
        {input_log.TRAINING: "the network's training has changed"},
    ),
    "the network is gone": (
        lambda project: (project / "a.npz").unlink(),
        {input_log.NETWORK: "the network has changed", input_log.TRAINING: "the network's training has changed"},
    ),
    "test pictures": (
        write("data/t10k-images-idx-ubyte"),
        {input_log.data("test"): "the data has changed", input_log.data("train"): "the data has changed"},
    ),
    "training pictures": (write("data/train-images-idx-ubyte"), {input_log.data("train"): "the data has changed"}),
    "class names": (
        write("data/classes.txt", "shoe"),
        {input_log.data("test"): "the data has changed", input_log.data("train"): "the data has changed"},
    ),
    "the data is gone": (
        lambda project: shutil.rmtree(project / "data"),
        {input_log.data("test"): "the data has changed", input_log.data("train"): "the data has changed"},
    ),
    "what was measured": (
        write("a.local.npz"),
        {input_log.companion("local"): "the measurements of the network have changed (local)"},
    ),
    "more that was measured": (
        write("a.depth.npz"),
        {input_log.companion("depth"): "the measurements of the network have changed (depth)"},
    ),
}


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("change", READS)
def test_only_what_a_scene_read_can_make_it_old(change: str, project: Path) -> None:
    make, expected = READS[change]
    names = (*ALL, input_log.companion("depth"))
    clips = {name: render(project, name, scene=f"Scene{n}") for n, name in enumerate(names)}
    clips["nothing"] = render(project, scene="Sigmoid")
    make(project)
    now = inputs(project)
    said = {name: stale_reason(clip, now) for name, clip in clips.items()}
    assert {name: words for name, words in said.items() if words} == expected


def test_a_sound_that_changed(project: Path) -> None:
    clip = render(project, input_log.file_named(str(project / "bell.wav")))
    assert stale_reason(clip, inputs(project)) is None
    (project / "bell.wav").write_bytes(b"another")
    assert stale_reason(clip, inputs(project)) == f"{project / 'bell.wav'} has changed"


def test_a_file_that_a_scene_films(project: Path) -> None:
    """Its text and line numbers are in the picture, so a comment above or inside it counts, too."""
    film = input_log.file_named(project / SHARED)
    for change in (
        replace(SHARED, "_HIGH = 2", "# in all\n_HIGH = 2"),
        replace(SHARED, "return Cells", "# some\n    return Cells"),
    ):
        clips = render(project, film, code=code_now), render(project, code=code_now, scene="OtherScene")
        change(project)
        now = inputs(project)
        assert [stale_reason(clip, now) for clip in clips] == [f"{project / SHARED} has changed", None]


def test_the_name_of_the_data_where_it_is_shown(project: Path) -> None:
    card = render(project, input_log.DATA_NAME, input_log.data("test"))
    scene = render(project, input_log.data("test"), scene="OtherScene")
    (project / "data").rename(project / "renamed")
    now = input_fingerprints(LessonContext(project / "a.npz", project / "renamed", "l"))
    assert [stale_reason(clip, now) for clip in (card, scene)] == ["the data has changed", None]


def test_the_companion_of_a_network_is_found_whatever_its_name(tmp_path: Path) -> None:
    """Brackets in a name are no pattern."""
    network, beside = tmp_path / "net[1].npz", tmp_path / "net[1].depth.npz"
    for file in (network, beside, tmp_path / "net1.depth.npz"):
        file.write_bytes(b"measured")
    assert clip_cache.companions(network)["depth"] == beside
    watched = live._watched(LessonContext(network, tmp_path / "data"))
    assert [file for file in watched if file.parent == tmp_path] == [network, beside]


def test_another_quality(clip: Path, project: Path) -> None:
    assert stale_reason(clip, inputs(project, "h")) == "the quality has changed"


def test_a_copy_of_the_network_is_the_same_network(project: Path) -> None:
    clip = render(project, input_log.NETWORK, input_log.TRAINING)
    shutil.copy(project / "a.npz", project / "b.npz")
    assert stale_reason(clip, inputs(project, network="b.npz")) is None


def test_another_manim(clip: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_cache, "version", lambda name: "99")
    assert stale_reason(clip, inputs(project)) == "manim or a package that it uses has changed"


NAMES = "一\n二\n"
MESSAGE = input_log.message("a key")
# A language and the names of the classes; what a scene read; whose upgrades date its clip.
WRITING = {
    "English": ("en", "", MESSAGE, set()),
    "English with data": ("en", "", input_log.data("test"), set()),
    "English with names in Chinese": ("en", NAMES, input_log.data("test"), {"manimgx-fonts-cjk"}),
    "English with names in Chinese that it does not show": ("en", NAMES, input_log.NETWORK, set()),
    "German": ("de", "", MESSAGE, {"babel"}),
    "German without words": ("de", "", input_log.NETWORK, set()),
    "German with names in Chinese": ("de", NAMES, input_log.data("test"), {"babel", "manimgx-fonts-cjk"}),
    "Chinese": ("zh-Hans", "", MESSAGE, {"babel", "manimgx-fonts-cjk"}),
    "Arabic": ("ar", "", MESSAGE, {"babel", "manimgx-fonts"}),
}


@pytest.mark.parametrize("case", WRITING)
def test_packages_that_words_are_written_with(case: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of numbers, dates and fonts: they date the clips that show something of them, and no others."""
    language, names, read, expected = WRITING[case]
    if names:
        (project / "data/classes.txt").write_text(names, encoding="utf-8")
    context = LessonContext(project / "a.npz", project / "data", "l", language=language)
    made = dict.fromkeys(("babel", "manimgx-fonts", "manimgx-fonts-cjk"), "1.0")
    monkeypatch.setattr(clip_cache, "version", lambda name: made.get(name, "1.0"))
    clip = project / "OneScene.mp4"
    clip.write_bytes(b"moving pictures")
    before = {**input_fingerprints(context), MESSAGE: "as translated"}
    write_build_record(clip, 12.5, before, [read], {})
    assert stale_reason(clip, before) is None
    assert ("writing" in json.loads(build_record_file(clip).read_text())["inputs"]) == bool(expected)
    for package in list(made):
        made[package] = "1.1"
        now = {**input_fingerprints(context), MESSAGE: "as translated"}
        made[package] = "1.0"
        said = "how words and numbers are written has changed" if package in expected else None
        assert stale_reason(clip, now) == said, package


def test_fonts_that_are_installed_later(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then, letters were those of the system's fonts. Names that cannot be read are told by who reads them."""

    def missing(name: str) -> str:
        if name.startswith("manimgx"):
            raise PackageNotFoundError(name)
        return "1.0"

    (project / "data/classes.txt").write_text(NAMES, encoding="utf-8")
    with monkeypatch.context() as before:
        before.setattr(clip_cache, "version", missing)
        clip = render(project, input_log.data("test"))
        assert stale_reason(clip, inputs(project)) is None
    monkeypatch.setattr(clip_cache, "version", lambda name: "1.0")
    assert stale_reason(clip, inputs(project)) == "how words and numbers are written has changed"
    (project / "data/classes.txt").write_bytes(b"\xff\xfe")
    assert stale_reason(clip, inputs(project)) is not None


def test_another_title(clip: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = SceneEntry("OneScene", "Another title", "One of two.")
    monkeypatch.setattr(rendering, "all_scenes", lambda: [(Part(98, "A part", "part_98_made_up", (other,)), other)])
    assert stale_reason(clip, inputs(project)) == "its title or summary has changed"


def test_what_is_missing_is_never_up_to_date(project: Path) -> None:
    """Two missing networks are the same, but that is no reason to show an old clip."""
    (project / "a.npz").unlink()
    clip = render(project, input_log.NETWORK)
    assert stale_reason(clip, inputs(project)) == "the network has changed"


# ------------------------------------------------------------------------------------------ what scenes come from


def replace(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        text = (project / name).read_text()
        assert old in text
        (project / name).write_text(text.replace(old, new))

    return change


CODE: dict[str, tuple[Callable[[Path], object], str | None, str | None]] = {
    # What is done; what is said of OneScene, and of OtherScene.
    "the scene's text": (replace(ONE, "The first.", "Number one."), f"{ONE} has changed: OneScene", None),
    "the other's text": (replace(OTHER, "QUICK", "STEP"), None, f"{OTHER} has changed: OtherScene"),
    "a function it calls": (replace(SHARED, "Cells(places", "Cells(2 * places"), f"{SHARED} has changed: row", None),
    "one that is called by that": (replace(SHARED, "[x, 0, 0]", "[x, 1, 0]"), f"{SHARED} has changed: places", None),
    "a constant": (replace(ONE, "_WIDE = 3", "_WIDE = 4"), f"{ONE} has changed: _WIDE", None),
    "the other's constant": (replace(SHARED, "_HIGH = 2", "_HIGH = 4"), None, f"{SHARED} has changed: _HIGH"),
    "a comment": (replace(ONE, "_WIDE = 3", "# in all\n_WIDE = 3"), None, None),
    "a comment in a shared file": (replace(SHARED, "return Cells", "# some\n    return Cells"), None, None),
    "what the file says of itself": (replace(ONE, "The first scene", "Scene number one"), None, None),
    "a new function": (replace(SHARED, "def row", "def third():\n    pass\n\n\ndef row"), None, None),
    "a new scene": (write(f"{FOLDER}/third_scene.py", "class ThirdScene: ..."), None, None),
    "a function that was built in": (
        replace(SHARED, "def high", "def range(count):\n    return [count]\n\n\ndef high"),
        f"{SHARED} has changed: range",
        None,
    ),
    "something that runs on import": (
        replace(SHARED, "_HIGH = 2", "_HIGH = 2\nCells.WIDTH = 7"),
        f"{SHARED} has changed",
        f"{SHARED} has changed",
    ),
    "an import": (
        replace(SHARED, "import Cells", "import Cells as Boxes, Cells"),
        f"{SHARED} has changed: Cells",
        None,
    ),
    "an import of more": (replace(ONE, "import FadeIn", "import FadeIn, FadeOut"), None, None),
    "no Python any more": (
        replace(SHARED, "_HIGH = 2", "_HIGH = = 2"),
        f"{SHARED} has changed",
        f"{SHARED} has changed",
    ),
    "what only one draws with": (
        replace("scenes/kit/mobjects/pixel_grid.py", "class PixelGrid(", "class PixelGrid(object, "),
        None,
        "scenes/kit/mobjects/pixel_grid.py has changed: PixelGrid",
    ),
    "what all are drawn with": (
        replace("scenes/kit/mobjects/cells.py", "class Cells(", "class Cells(object, "),
        "scenes/kit/mobjects/cells.py has changed: Cells",
        "scenes/kit/mobjects/cells.py has changed: Cells",
    ),
    "the stage": (
        replace("scenes/stage/lesson_scene.py", "self.wait(theme.TAIL)", "self.wait(theme.TAIL + 1)"),
        "scenes/stage/lesson_scene.py has changed: LessonScene",
        "scenes/stage/lesson_scene.py has changed: LessonScene",
    ),
    "how manim is set up": (
        replace("lesson/render/rendering.py", "encoder_queue_size = 2", "encoder_queue_size = 3"),
        "lesson/render/rendering.py has changed: manim_set_up",
        "lesson/render/rendering.py has changed: manim_set_up",
    ),
    "manim's settings": (
        replace("manim.cfg", "smpte170m", "bt709"),
        "manim.cfg has changed",
        "manim.cfg has changed",
    ),
    "a source is gone": (
        lambda project: (project / "scenes/kit/theme.py").unlink(),
        "scenes/kit/theme.py is gone",
        "scenes/kit/theme.py is gone",
    ),
    "what nothing is drawn with": (write("scenes/kit/gallery.py"), None, None),
    "a source that nobody speaks of": (write("scenes/new.py"), None, None),
    "the training": (replace("network/training.py", "def train(", "def train(more, "), None, None),
}


@pytest.mark.parametrize("change", CODE)
def test_only_code_that_a_scene_comes_from_can_make_it_old(change: str, project: Path) -> None:
    make, one, other = CODE[change]
    clips = render(project, code=code_at_first), render(project, scene="OtherScene", code=code_at_first)
    make(project)
    now = inputs(project)
    for clip, expected in zip(clips, (one, other), strict=True):
        said = stale_reason(clip, now)
        assert (said or "").startswith(expected or "") and bool(said) == bool(expected), said


def test_code_that_asks_for_names_by_other_names_is_taken_whole(project: Path) -> None:
    replace(SHARED, "return Cells(places(count))", "return globals()['Cells'](places(count))")(project)
    clip = render(project, code=code_now)
    replace(SHARED, "_HIGH = 2", "_HIGH = 4")(project)
    assert stale_reason(clip, inputs(project)) == f"{SHARED} has changed: _HIGH"


def test_every_scene_comes_from_its_part_and_from_the_stage() -> None:
    """And not from other parts, nor from code that only lists scenes."""
    for part, scene in {part.number: (part, scene) for part, scene in all_scenes()}.values():  # one of each part
        code = code_of(module_of(part, scene), scene.name)
        own = f"{module_of(part, scene).replace('.', '/')}.py"
        folder = own.rpartition("/")[0]
        assert scene.name in code[own]
        assert "LessonScene" in code["scenes/stage/lesson_scene.py"]
        assert "Network" in code["network/network.py"]
        assert "manim_set_up" in code["lesson/render/rendering.py"]
        assert {
            "manim.cfg",
            "scenes/kit/theme.py",
            "scenes/kit/camera.py",
        } <= code.keys()
        assert "scenes/kit/gallery.py" not in code
        assert "SYLLABUS" not in code.get("scenes/syllabus.py", {})
        scenes = {f"{folder}/{file_stem(other.name)}.py" for other in part.scenes} - {own}
        others = [file for file in code if file.startswith("scenes/part_") and not file.startswith(f"{folder}/")]
        others += scenes & code.keys()
        assert not others, f"{scene.name} is rendered again whenever {others} changes"


# ------------------------------------------------------------------------------------------ files that are not whole


@pytest.mark.parametrize("left", [0, 3, -1])
@pytest.mark.parametrize("name", ["OneScene.mp4", "OneScene.srt"])
def test_a_clip_that_was_cut_off(left: int, name: str, clip: Path, project: Path) -> None:
    file = clip.with_name(name)
    file.write_bytes(file.read_bytes()[:left])
    assert stale_reason(clip, inputs(project)) == f"{name} has changed since it was rendered"


def test_a_clip_that_was_written_by_somebody_else(clip: Path, project: Path) -> None:
    clip.write_bytes(b"moving picturez")
    assert stale_reason(clip, inputs(project)) == "OneScene.mp4 has changed since it was rendered"


def test_a_clip_that_is_gone(clip: Path, project: Path) -> None:
    clip.with_suffix(".srt").unlink()
    assert stale_reason(clip, inputs(project)) == "OneScene.srt has changed since it was rendered"
    clip.unlink()
    assert stale_reason(clip, inputs(project)) == "not rendered yet"


def test_a_record_that_is_damaged(clip: Path, project: Path) -> None:
    """Cut off anywhere, or of another kind, it counts as missing; nothing is raised."""
    file = build_record_file(clip)
    whole = file.read_text()
    cut_off = [whole[:length] for length in range(0, len(whole) - 1, 997)]
    other = ["[]", "{}", "null", '"x"', "\0", json.dumps({**json.loads(whole), "format": 1})]
    wrong = [json.dumps({**json.loads(whole), name: None}) for name in json.loads(whole)]
    now = inputs(project)
    for text in (*cut_off, *other, *wrong, json.dumps({**json.loads(whole), "code": {"a": 1}})):
        file.write_text(text)
        assert stale_reason(clip, now) == "no build record", text
        assert recorded_seconds(clip) is None
    file.write_bytes(b"\xff\xfe")
    assert stale_reason(clip, now) is not None
    file.unlink()
    assert stale_reason(clip, now) is not None
