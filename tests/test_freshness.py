"""A clip is up to date only if it is whole and nothing that it was made from has changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lesson import freshness
from lesson.freshness import REASONS, made_from, record_of, remember, seconds_of, why_render
from scenes import sources

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the project's sources, a network and data, from which clips are made here."""
    for folder in ("network", "scenes"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manim.cfg", tmp_path)
    (tmp_path / "a.npz").write_bytes(b"a network")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "t10k-images-idx3-ubyte").write_bytes(b"pictures")

    everything = sources.of_everything
    monkeypatch.setattr(sources, "of_everything", lambda: everything(tmp_path))
    sources.digests.cache_clear()
    yield tmp_path
    sources.digests.cache_clear()


def inputs(project: Path, quality: str = "l", network: str = "a.npz") -> dict[str, str]:
    """As a program sees them that starts now."""
    sources.digests.cache_clear()
    return made_from(quality, project / network, project / "data")


@pytest.fixture
def clip(project: Path) -> Path:
    """A finished clip, with what it was made from beside it."""
    file = project / "Scene.mp4"
    file.write_bytes(b"moving pictures")
    file.with_suffix(".srt").write_text("words")
    remember(file, 12.5, inputs(project))
    return file


def test_nothing_changed(clip: Path, project: Path) -> None:
    assert why_render(clip, inputs(project)) is None
    assert seconds_of(clip) == 12.5


def test_a_scene_that_was_never_rendered(clip: Path, project: Path) -> None:
    assert why_render(project / "Other.mp4", inputs(project)) == "it is not there yet"
    assert seconds_of(project / "Other.mp4") is None


CHANGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a kit source": ("sources", lambda p: (p / "scenes/mobjects/cells.py").open("a").write("# another\n")),
    "a scene": ("sources", lambda p: (p / "scenes/part_04_layers.py").open("a").write("# another\n")),
    "the mathematics": ("sources", lambda p: (p / "network/network.py").open("a").write("# another\n")),
    "a new source": ("sources", lambda p: (p / "scenes/new.py").write_text("")),
    "a source that is gone": ("sources", lambda p: (p / "scenes/animations.py").unlink()),
    "manim's settings": ("sources", lambda p: (p / "manim.cfg").open("a").write("# another\n")),
    "the network": ("network", lambda p: (p / "a.npz").write_bytes(b"a netwosk")),
    "the network is gone": ("network", lambda p: (p / "a.npz").unlink()),
    "the data": ("data", lambda p: (p / "data/t10k-images-idx3-ubyte").write_bytes(b"pictuses")),
    "the names of the classes": ("data", lambda p: (p / "data/classes.txt").write_text("shoe")),
    "the data is gone": ("data", lambda p: shutil.rmtree(p / "data")),
}


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("change", CHANGES)
def test_something_changed(change: str, clip: Path, project: Path) -> None:
    reason, make = CHANGES[change]
    make(project)
    assert why_render(clip, inputs(project)) == REASONS[reason]


def test_another_quality(clip: Path, project: Path) -> None:
    assert why_render(clip, inputs(project, "h")) == REASONS["quality"]


def test_the_same_network_by_another_path_is_another_file(clip: Path, project: Path) -> None:
    """Only what is certain is up to date; the copy is rendered once more and then known."""
    shutil.copy(project / "a.npz", project / "b.npz")
    assert why_render(clip, inputs(project, network="b.npz")) == REASONS["network"]


def test_another_manim(clip: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "version", lambda name: "99")
    assert why_render(clip, inputs(project)) == REASONS["versions"]


@pytest.mark.parametrize("left", [0, 5, -1])
@pytest.mark.parametrize("name", ["Scene.mp4", "Scene.srt"])
def test_a_clip_that_was_cut_off(left: int, name: str, clip: Path, project: Path) -> None:
    file = clip.with_name(name)
    file.write_bytes(file.read_bytes()[:left])
    assert why_render(clip, inputs(project)) == f"{name} is not as it was rendered"


def test_a_clip_that_was_written_by_somebody_else(clip: Path, project: Path) -> None:
    clip.write_bytes(b"moving picturez")
    assert why_render(clip, inputs(project)) == "Scene.mp4 is not as it was rendered"


def test_a_clip_that_is_gone(clip: Path, project: Path) -> None:
    clip.with_suffix(".srt").unlink()
    assert why_render(clip, inputs(project)) == "Scene.srt is not as it was rendered"
    clip.unlink()
    assert why_render(clip, inputs(project)) == "it is not there yet"


def test_a_record_that_is_damaged(clip: Path, project: Path) -> None:
    """Cut off anywhere, or of another kind, it is as good as none; nothing is raised."""
    file = record_of(clip)
    whole = file.read_text()
    cut_off = [whole[:length] for length in range(0, len(whole) - 1, 7)]
    other = ["[]", "{}", "null", '"x"', "\0", json.dumps({**json.loads(whole), "format": 2})]
    wrong = [json.dumps({**json.loads(whole), name: None}) for name in json.loads(whole)]
    for text in (*cut_off, *other, *wrong):
        file.write_text(text)
        assert why_render(clip, inputs(project)) == "it is not known what it was made from", text
        assert seconds_of(clip) is None
    file.write_bytes(b"\xff\xfe")
    assert why_render(clip, inputs(project)) is not None
    file.unlink()
    assert why_render(clip, inputs(project)) is not None


def test_what_is_missing_is_never_up_to_date(clip: Path, project: Path) -> None:
    """Two missing networks are alike, and yet no reason to show an old clip."""
    (project / "a.npz").unlink()
    remember(clip, 1.0, inputs(project))
    assert why_render(clip, inputs(project)) == REASONS["network"]
