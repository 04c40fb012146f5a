"""The kit's public face, and that it stands by itself."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import pytest

import scenes.kit
from scenes.kit.gallery import entries

ROOT = Path(__file__).resolve().parent.parent.parent
KIT = ROOT / "scenes" / "kit"
# All that the kit may import of this project besides itself.
ALLOWED = {
    *("network", "network.errors", "network.files", "network.network"),
    *("scenes.language", "scenes.settings", "scenes.wording"),
}


def test_the_public_face_gives_what_it_lists() -> None:
    for name in scenes.kit.__all__:
        exec(f"from scenes.kit import {name}", {})
    assert set(scenes.kit.__all__) <= set(dir(scenes.kit))
    with pytest.raises(ImportError, match="cannot import name 'Nonsense' from 'scenes.kit'"):
        exec("from scenes.kit import Nonsense", {})


def test_everything_in_the_gallery_is_public() -> None:
    for name, thing in entries().items():
        assert name in scenes.kit.__all__, f"{name} is in the gallery, and not in scenes/kit/__init__.py"
        assert getattr(scenes.kit, name) is thing


def test_layout_and_theme_load_without_manim() -> None:
    program = (
        "import sys; from scenes.kit import grid, layout, theme, ticks, validation; assert 'manim' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_the_kit_knows_no_lesson() -> None:
    for file in KIT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported = [node.module or ""]
            elif isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            else:
                continue
            for module in imported:
                own = module.split(".")[0] in {"network", "scenes", "lesson"}
                if own and not module.startswith("scenes.kit"):
                    assert module in ALLOWED, f"{file.relative_to(ROOT)} imports {module}"


SCENE = """
import numpy as np
from manim import DOWN, UP, Scene
from network import Network
from scenes.kit import NetworkDiagram, Numbers, Words

class Mine(Scene):
    def construct(self):
        network = Network.random([25, 6, 3], np.random.default_rng(0))
        shown = network.forward(np.linspace(0, 1, 25, dtype=np.float32))
        self.add(NetworkDiagram(network).show(shown), Words("Three outputs").to_edge(UP))
        self.add(Numbers(shown.output, [[-2, -3, 0], [0, -3, 0], [2, -3, 0]]))
        self.wait(0.4)
"""


@pytest.mark.slow
@pytest.mark.needs("setuptools")
def test_a_wheel_installed_elsewhere_draws_in_a_plain_scene(tmp_path: Path) -> None:
    """Built from a copy, so that nothing is left among the sources, and run with nothing of the checkout in reach."""
    source, site, elsewhere = tmp_path / "source", tmp_path / "site", tmp_path / "elsewhere"
    for name in ("network", "scenes", "lesson"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    build = [*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(source)]
    built = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("knobs-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], check=True)

    elsewhere.mkdir()
    (elsewhere / "mine.py").write_text(SCENE)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNOBS_")}
    environment |= {"PYTHONPATH": str(site), "PYTHONSAFEPATH": "1"}
    where = subprocess.run(
        [sys.executable, "-c", "import scenes.kit; print(scenes.kit.__file__)"],
        cwd=elsewhere, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(site)
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "manim", "render", "-ql", "mine.py", "Mine"],
        cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    clip = next(file for file in (elsewhere / "media").rglob("Mine.mp4"))
    with av.open(str(clip)) as video:
        picture = next(video.decode(video=0)).to_ndarray(format="rgb24")
    height = picture.shape[0]
    for part in (picture[: height // 8], picture[height // 4 : -height // 4], picture[-height // 5 : -height // 20]):
        assert (part.max(axis=-1) > 100).mean() > 0.002, "words, network or numbers are not drawn"
