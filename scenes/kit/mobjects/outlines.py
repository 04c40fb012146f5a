"""Outlines of text typeset with Typst, kept on disk: reading them is a hundred times faster than typesetting."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import numpy as np
from manim import Typst, config, tempconfig
from numpy.typing import NDArray

from network.files import atomic_write, file_lock
from scenes.kit.fonts import folders_for, preamble_for
from scenes.language import current

_DIGEST = 32  # bytes of the sha256 that follows the array


@contextmanager
def typesetting(folder: Path | None = None) -> Iterator[None]:
    """Hold manim's folder for text, or this one, while the block runs; other processes wait.

    manim writes each formula into a file named after its text, and a second one beside it for a moment. Two processes
    that typeset the same formula at the same time would take that file away from each other.
    """
    folder = Path(config.get_dir("tex_dir")) if folder is None else folder
    with file_lock(folder / "typst.lock", lambda: None):
        yield


def glyph_outlines(markup: str, preamble: str, font_size: float) -> list[NDArray[np.float64]]:
    """The curves of each glyph of Typst markup, (n, 3), in units; the whole is centred.

    They are kept in manim's folder for text, one file for each markup, size and version of Typst and manim. A damaged
    file is written again; if no file can be written, the text is typeset every time.
    """
    fonts = folders_for(markup)
    if fonts:
        preamble += f"\n{preamble_for(current())}"
    made_with = [markup, preamble, font_size, version("typst"), version("manim"), *fonts]
    name = hashlib.sha256(json.dumps(made_with).encode()).hexdigest()[:32]
    file = Path(config.get_dir("tex_dir")) / f"{name}.npy"
    kept = _read(file)
    if kept is None:
        kept = typeset(markup, preamble, font_size, list(fonts.values()))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(file, kept)
        except OSError:
            pass
    ends = np.flatnonzero(np.diff(kept[:, 3])) + 1
    return [glyph[:, :3].copy() for glyph in np.split(kept, ends)] if len(kept) else []


def typeset(markup: str, preamble: str, font_size: float, fonts: Sequence[Path] = ()) -> NDArray[np.float64]:
    """The points of all glyphs, and the number of the glyph that each belongs to, (n, 4). fonts: folders of more."""
    # In a folder of its own: manim would take a picture that a killed process left half written for a whole one.
    with TemporaryDirectory(dir=_plain_temporary_folder()) as folder, tempconfig({"tex_dir": folder}):
        drawn = Typst(markup, typst_preamble=preamble, font_size=font_size, font_paths=list(fonts))
    glyphs = [part.points for part in drawn.family_members_with_points()]
    numbered = [np.column_stack([points, np.full(len(points), float(n))]) for n, points in enumerate(glyphs)]
    return np.concatenate(numbered) if numbered else np.zeros((0, 4))


def _plain_temporary_folder() -> str | None:
    """Where manim can write for a moment: it takes braces in a path for placeholders. None for the usual place."""
    return "/tmp" if set("{}") & set(gettempdir()) else None


def _write(file: Path, array: NDArray[np.float64]) -> None:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    data = buffer.getvalue()
    atomic_write(file, data + hashlib.sha256(data).digest())


def _read(file: Path) -> NDArray[np.float64] | None:
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if len(data) < _DIGEST or hashlib.sha256(data[:-_DIGEST]).digest() != data[-_DIGEST:]:
        return None
    array: NDArray[np.float64] = np.load(io.BytesIO(data[:-_DIGEST]), allow_pickle=False)
    return array
