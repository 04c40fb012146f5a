"""Scenes read the files of their own context, once, whatever else goes on in the process."""

from __future__ import annotations

import ast
import pickle
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import tempconfig

from network import Network
from network.analysis.examples import hero
from network.errors import CheckpointError
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA, ROOT, LessonContext
from scenes.stage import input_log, inputs
from scenes.stage.inputs import Inputs, lesson_checkpoint
from scenes.stage.lesson_scene import LessonScene
from tests.network.conftest import pictures, write_idx
from tests.scenes.conftest import make_checkpoint

VARIABLES = ("KNOBS_CHECKPOINT", "KNOBS_DATA", "KNOBS_COMPARED")


@pytest.fixture
def contexts(tmp_path: Path) -> list[LessonContext]:
    """Two networks, each with data of its own."""
    made = []
    for seed in (1, 2):
        folder = tmp_path / f"data {seed}"
        folder.mkdir()
        for split in ("train", "t10k"):
            images, labels = pictures(12 * seed, classes=3)
            write_idx(folder / f"{split}-images-idx3-ubyte", images)
            write_idx(folder / f"{split}-labels-idx1-ubyte", labels)
        network = Network.random([64, 4 * seed, 3], np.random.default_rng(seed))
        make_checkpoint(network).save(tmp_path / f"{seed}.npz")
        made.append(LessonContext(tmp_path / f"{seed}.npz", folder))
    return made


class Told(LessonScene):
    """It tells what it was given, at two times."""

    def construct(self) -> None:
        self.told = [self.tell()]
        self.wait(0.1)
        self.told.append(self.tell())

    def tell(self) -> tuple[str, int, int]:
        return self.checkpoint.fingerprint, self.network.sizes[1], len(self.digits())


def told(scene: Told) -> list[tuple[str, int, int]]:
    scene.render()
    return scene.told


def expected(context: LessonContext) -> list[tuple[str, int, int]]:
    checkpoint, test = Inputs(context).checkpoint, Inputs(context).digits()
    return 2 * [(checkpoint.fingerprint, checkpoint.network.sizes[1], len(test))]


def test_a_context_goes_to_other_processes_as_it_is(contexts: list[LessonContext]) -> None:
    context = replace(contexts[0], quality="l", compared=(contexts[1].checkpoint,))
    assert pickle.loads(pickle.dumps(context)) == context


def test_two_scenes_in_one_process_do_not_mix(contexts: list[LessonContext], monkeypatch: Any) -> None:
    """What one render was asked to draw stayed in the environment, and the next one drew it, too."""
    monkeypatch.setenv("KNOBS_CHECKPOINT", str(contexts[1].checkpoint))
    one, other = contexts
    with tempconfig({"dry_run": True, "disable_caching": True, "pixel_height": 36, "pixel_width": 64}):
        scenes = [Told(context=context, skip_animations=True) for context in (one, other, one)]
        assert [told(scene) for scene in scenes] == [expected(context) for context in (one, other, one)]
        # No context left anything behind.
        monkeypatch.setenv("KNOBS_CHECKPOINT", "")
        assert Told(context=LessonContext(), skip_animations=True).checkpoint == Inputs(LessonContext()).checkpoint


def test_a_scene_that_shows_the_films_picture_depends_on_network_and_test_data(contexts: list[LessonContext]) -> None:
    context = contexts[1]
    scene = LessonScene(context=context, skip_animations=True)
    with input_log.noting() as read:
        assert scene.hero == hero(Inputs(context).network, Inputs(context).digits())
    assert read == {input_log.NETWORK, input_log.data("test")}


def test_threads_do_not_mix(contexts: list[LessonContext]) -> None:
    """Each reads its own files and notes its own reads, though both take turns in the middle."""
    turns, found = threading.Barrier(2), {}

    def look(number: int) -> None:
        files = Inputs(contexts[number])
        with input_log.noting() as read:
            seen = set()
            for _ in range(3):
                turns.wait(timeout=60)
                seen.add((files.checkpoint.fingerprint, len(files.digits("train" if number else "test"))))
        found[number] = seen, read

    threads = [threading.Thread(target=look, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, split in enumerate(("test", "train")):
        files = Inputs(contexts[number])
        assert found[number][0] == {(files.checkpoint.fingerprint, len(files.digits("test")))}
        assert found[number][1] == {input_log.NETWORK, input_log.TRAINING, input_log.data(split)}


def test_the_environment_counts_only_where_nothing_was_given(
    contexts: list[LessonContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = contexts
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert LessonContext.of_environment() == LessonContext.of() == LessonContext(DEFAULT_CHECKPOINT, DEFAULT_DATA)
    for name, file in zip(VARIABLES, (other.checkpoint, other.data, one.checkpoint), strict=True):
        monkeypatch.setenv(name, str(file))
    assert LessonContext.of_environment() == replace(other, compared=(one.checkpoint,))
    assert LessonContext.of(one.checkpoint, one.data) == one
    assert LessonContext.of(one.checkpoint) == LessonContext(one.checkpoint, other.data)
    assert Told().context == LessonContext.of_environment()
    assert Told(context=one).context == one
    assert lesson_checkpoint().fingerprint == Inputs(other).checkpoint.fingerprint


def test_a_file_is_read_once_and_again_when_it_changes(
    contexts: list[LessonContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, reads = Inputs(contexts[0]), []

    def load(file: Path) -> Any:
        reads.append(file)
        return original(file)

    original = inputs.load_checkpoint
    monkeypatch.setattr(inputs, "load_checkpoint", load)
    before = files.network
    assert files.checkpoint.network is before and len(reads) == 1
    make_checkpoint(Network.random([64, 5, 3], np.random.default_rng(3))).save(contexts[0].checkpoint)
    assert files.network.sizes[1] == 5 and len(reads) == 2


def test_what_is_noted_is_what_was_asked_for(contexts: list[LessonContext], tmp_path: Path) -> None:
    files = Inputs(replace(contexts[0], compared=(contexts[1].checkpoint,)))
    asked: dict[str, Any] = {
        input_log.NETWORK: lambda: files.network,
        input_log.data("test"): lambda: files.digits(),
        input_log.data("train"): lambda: files.data_md5(),
        input_log.DATA_NAME: lambda: files.data_name,
        input_log.companion("local"): lambda: files.companion_file("local"),
        input_log.file_named(contexts[1].checkpoint): lambda: files.compared,
    }
    for name, ask in asked.items():
        with input_log.noting() as read:
            ask()
        assert read == {name}
    (tmp_path / "1.local.npz").write_bytes(b"")
    assert files.companion_file("local") == tmp_path / "1.local.npz"
    assert files.companion_file("depth") == DEFAULT_CHECKPOINT.with_suffix(".depth.npz")


def test_data_that_does_not_fit_the_network_is_refused(contexts: list[LessonContext]) -> None:
    with pytest.raises(CheckpointError, match="takes 64 numbers an image, but the images have 28×28 pixels"):
        Inputs(replace(contexts[0], data=DEFAULT_DATA)).digits()


# Who may use the environment, and for what; whoever else read a variable KNOBS_* would not go by the context.
ENVIRONMENT_USERS = {
    "scenes/settings.py": "reads the variables KNOBS_*",
    "lesson/render/threads.py": "sets the numbers of threads of numerical libraries",
    "lesson/cli/program.py": "sets KNOBS_DEBUG, and does without PYTHONWARNINGS",
    "scenes/voice/piper.py": "hands all of it on to the process that speaks",
}
_DOORS = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


def uses_the_environment(text: str) -> bool:
    """Whether a file's code names a door to the environment: os.environ and the like, or click's envvar."""
    nodes = list(ast.walk(ast.parse(text)))
    named = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    named |= {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    words = {node.arg or "" for node in nodes if isinstance(node, ast.keyword)}
    return bool(named & _DOORS) or any("envvar" in word for word in words)


def test_only_the_settings_read_the_variables() -> None:
    files = [file for folder in ("network", "scenes", "lesson") for file in (ROOT / folder).rglob("*.py")]
    users = {file.relative_to(ROOT).as_posix() for file in files if uses_the_environment(file.read_text("utf-8"))}
    assert users == set(ENVIRONMENT_USERS)


@pytest.mark.parametrize(
    "code",
    [
        "import os\nNAME = 'KNOBS_DATA'\nos.environ[NAME]",
        "import os as system\nsystem.getenv('KNOBS_DATA')",
        "from os import environ",
        "import click\nclick.option('--data', envvar='KNOBS_DATA')",
    ],
)
def test_every_door_to_the_environment_is_seen(code: str) -> None:
    assert uses_the_environment(code)
    assert not uses_the_environment("import os\nenviron = os.sep  # not os.environ")
