"""manim.cfg: what you get when you render with manim's own command in this folder."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

import av
import pytest

from scenes.kit import theme

ROOT = Path(__file__).resolve().parent.parent
SCENE = """
from manim import Scene, Square
class Blue(Scene):
    def construct(self):
        self.add(Square(side_length=4, color="#58C4DD", fill_opacity=1, stroke_width=0))
        self.wait(0.2)
"""


def test_the_background_is_that_of_the_scenes() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "manim.cfg")
    assert settings["CLI"]["background_color"].upper() == theme.BACKGROUND.upper()


@pytest.mark.parametrize("quality", ["l", "h"])
def test_films_say_which_colours_they_hold(quality: str, tmp_path: Path) -> None:
    """Without tags, the colours are shown correctly at 480 lines, but not from 720 lines up."""
    (tmp_path / "blue.py").write_text(SCENE)
    (tmp_path / "manim.cfg").write_text((ROOT / "manim.cfg").read_text())
    manim = [sys.executable, "-P", "-W", "ignore", "-m", "manim", f"-q{quality}", "--fps", "15", "blue.py", "Blue"]
    result = subprocess.run(manim, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    (file,) = tmp_path.glob("media/**/Blue.mp4")
    with av.open(str(file)) as film:
        stream = film.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        frame = next(film.decode(video=0))
    # In the numbers of the H.264 standard: matrix 6 is BT.601, primaries and transfer 1 are BT.709, range 1 is "tv".
    tags = [int(tag) for tag in (frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range)]
    assert tags == [6, 1, 1, 1]
    picture = frame.to_ndarray(format="rgb24").astype(int)
    middle = picture[picture.shape[0] // 2, picture.shape[1] // 2]
    assert abs(middle - [0x58, 0xC4, 0xDD]).max() <= 3


WAVES = """
import hashlib, sys
from pathlib import Path
import numpy as np
from manim import Scene, config
from manim.scene.video_segment_encoder import VideoSegmentEncoder
config.verbosity = "ERROR"
config.digest_file(sys.argv[1])
config.quality = "low_quality"
y, x = np.mgrid[:480, :854]
file = Path("waves.mp4")
encoder = VideoSegmentEncoder(target=file, spec=Scene().renderer.file_writer.video_encoder)
for time in range(0, 135, 5):
    grey = 127 + 127 * np.sin((x + time) * y / 9000)
    encoder.write_frame(np.dstack([grey, grey, grey, grey * 0 + 255]).astype(np.uint8))
encoder.finish()
print(hashlib.sha256(file.read_bytes()).hexdigest())
"""


def test_the_same_pictures_are_the_same_film(tmp_path: Path) -> None:
    """Whatever stood in the memory before: x264 reads some that it has not written, where it looks ahead.

    glibc fills what it gives out with the byte that is named here.
    """
    films = set()
    for byte in ("85", "170"):
        waves = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-c", WAVES, str(ROOT / "manim.cfg")],
            cwd=tmp_path,
            env={**os.environ, "MALLOC_PERTURB_": byte},
            capture_output=True,
            text=True,
        )
        assert waves.returncode == 0, waves.stderr
        films.add(waves.stdout.splitlines()[-1])
    assert len(films) == 1
