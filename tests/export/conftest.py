"""Small clips with their metadata, made without manim, and an export of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lesson.export.exporting import ExportOptions, Rendered, export
from lesson.export.folder import open_folder
from lesson.render.clip_metadata import Caption, Chapter, ClipMetadata, beat_of, write_metadata
from lesson.render.other_subtitles import Retold
from network import Network
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.syllabus import SYLLABUS, Part, SceneEntry
from tests.network.conftest import pictures
from tests.scenes.conftest import make_checkpoint

RATE = 15
# What has broken pages and captions of others.
HOSTILE = (
    'If a < b & b > "c": it\'s <b>bold</b>, <script>alert(1)</script>',
    "00:00:01.000 --> 00:00:02.000 and on --> and on",
    "שלום עולם, \u200fשכבה 1 מתוך 3",
    "{{ title }} | `code` * _em_ # $x$ [a](b) ~ \\ % ::: ``` :math:`x` |s|",
)


def make_clip(
    file: Path,
    colours: list[tuple[int, int, int]],
    size: tuple[int, int] = (160, 90),
    keyframe_each: int = RATE,
) -> Path:
    """A film with a second of each colour, encoded as manim.cfg says, a keyframe at the start of every second."""
    file.parent.mkdir(parents=True, exist_ok=True)
    options = {"crf": "12", "g": str(keyframe_each), "keyint_min": str(keyframe_each), "sc_threshold": "0"}
    with av.open(file, "w", container_options={"movflags": "+faststart"}) as film:
        stream = film.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        context = stream.codec_context
        context.colorspace, context.color_primaries, context.color_trc, context.color_range = 6, 1, 1, 1
        for colour in colours:
            picture = np.full((size[1], size[0], 3), colour, np.uint8)
            picture[:, : size[0] // 8] = 255  # something to be seen at the edge
            for _ in range(RATE):
                film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        film.mux(stream.encode())
    return file


def make_metadata(
    scene: str, seconds: int = 3, title: str = "", sentences: tuple[str, ...] = HOSTILE, voice: str = ""
) -> ClipMetadata:
    """A beat and a chapter every second."""
    told = [sentences[n % len(sentences)] for n in range(seconds)]
    captions = (Caption(text, n, n + 1, f"Moves: {text}") for n, text in enumerate(told))
    beats = tuple(replace(beat_of(caption, f"beat_{n}"), voice=voice) for n, caption in enumerate(captions))
    chapters = tuple(Chapter(f"Beat {n}: {text}", n, n + 1) for n, text in enumerate(told))
    return ClipMetadata(
        scene,
        title or HOSTILE[0],
        HOSTILE[3],
        float(seconds),
        f"Shown is {HOSTILE[0]}, and {HOSTILE[1]}.",
        beats,
        chapters,
    )


def part_with(module: str, *scenes: str) -> Part:
    """A part of the lesson, with scenes of these names instead of its own."""
    part = next(part for part in SYLLABUS if part.module == module)
    return Part(part.number, part.title, module, tuple(SceneEntry(name, name, name) for name in scenes))


@pytest.fixture
def checkpoint() -> Checkpoint:
    return checkpoint_of((64, 8, 3))


def checkpoint_of(
    sizes: tuple[int, ...],
    seed: int = 0,
    names: tuple[str, ...] | None = None,
    hidden: str = "sigmoid",
    output: str = "sigmoid",
) -> Checkpoint:
    rng = np.random.default_rng(seed)
    return make_checkpoint(Network.random(list(sizes), rng, hidden=hidden, output=output), names)


def digits_for(checkpoint: Checkpoint) -> Digits:
    """Pictures that fit a network, of all of its classes."""
    side, classes = round(checkpoint.network.sizes[0] ** 0.5), checkpoint.network.sizes[-1]
    rng = np.random.default_rng(0)
    if classes * 2 > side:
        images = rng.integers(0, 256, (60, side, side), np.uint8)
        return Digits((images / 255).astype(np.float32), np.arange(60) % classes, checkpoint.metadata.class_names)
    images, labels = pictures(60, side, classes)
    return Digits((images / 255).astype(np.float32), labels.astype(np.int64), checkpoint.metadata.class_names)


@pytest.fixture
def clips(tmp_path: Path) -> list[tuple[Part, Path]]:
    """Two clips of three seconds, from two parts, with their metadata."""
    made = []
    for module, scene, colour in (
        ("part_01_puzzle", "ADigitAtAGlance", (200, 40, 40)),
        ("part_06_edges", "BarDetector", (40, 90, 200)),
    ):
        clip = make_clip(tmp_path / "clips" / f"{scene}.mp4", [colour, (0, 0, 0), (90, 90, 90)])
        write_metadata(clip, make_metadata(scene))
        made.append((part_with(module, scene), clip))
    return made


@pytest.fixture
def exported(clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path) -> Path:
    """Those clips, exported."""
    return export_to(tmp_path / "export", clips, checkpoint)


def export_to(
    place: Path,
    clips: list[tuple[Part, Path]],
    checkpoint: Checkpoint,
    burned: bool = False,
    retold: tuple[Retold, ...] = (),
    **options: Any,
) -> Path:
    """An export of clips. retold: what each of them says in further languages."""
    with open_folder(place) as folder:
        digits = digits_for(checkpoint)
        export(
            folder,
            [Rendered(part, clip, burned, retold) for part, clip in clips],
            checkpoint,
            digits,
            digits,
            ExportOptions(**options),
        )
    return place


def snapshot(place: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder with its time and content."""
    return {
        str(file.relative_to(place)): (file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(place.rglob("*"))
        if file.is_file()
    }
