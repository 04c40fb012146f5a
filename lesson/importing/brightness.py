"""Pictures of any kind as squares of one size, bright ink on dark."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.bounds import MOST_PIXELS, refusal, unpacks_to_much

# Square pictures that are all of one size stay as they are up to this side; others get the side of MNIST.
_LARGEST_SIDE, _USUAL_SIDE = 64, 28
# While others are read, a picture is kept at this size at most.
_KEPT_SIDE = 4 * _USUAL_SIDE
# A picture is paper with ink on it if so much of its border is bright, and the more so most of the rest.
_MIDDLE, _CLEARLY = 127, 0.95
_GREY = (0.299, 0.587, 0.114)

Grey = NDArray[np.uint8]


class Unreadable(ValueError):
    """A picture that cannot be read; the message says why, as the end of a sentence."""


def read_picture(source: Path | bytes) -> Grey:
    """A picture in grey, (height, width), as large as it is kept; `Unreadable` if it is none.

    Where it is transparent, paper shows through: dark under bright ink, bright under dark ink.
    """
    from PIL import Image, ImageOps

    if isinstance(source, Path) and (reason := refusal(source)):
        raise Unreadable(reason)
    try:
        with warnings.catch_warnings(), Image.open(source if isinstance(source, Path) else BytesIO(source)) as opened:
            warnings.simplefilter("ignore")  # about details of the file that do not matter here
            if opened.width * opened.height > MOST_PIXELS:
                raise Unreadable(f"has {opened.width}×{opened.height} pixels, too many for a picture of one thing")
            if max(opened.size) > 8 * _KEPT_SIDE:
                opened.draft("RGB", (2 * _KEPT_SIDE, 2 * _KEPT_SIDE))  # a JPEG is decoded at an eighth of its size
            packed = source.stat().st_size if isinstance(source, Path) else len(source)
            if reason := unpacks_to_much(packed, opened.width * opened.height * len(opened.getbands())):
                raise Unreadable(reason)
            ImageOps.exif_transpose(opened, in_place=True)
            image: Image.Image = opened
            if (factor := max(image.size) // (4 * _KEPT_SIDE)) > 1 and image.mode in ("L", "RGB", "RGBA"):
                image = image.reduce(factor)  # before anything else touches so many pixels
            if image.mode.startswith(("I", "F")):
                return _kept(Image.fromarray(_of_deep(np.asarray(image))))
            image = image.convert("RGBA" if image.has_transparency_data else "L")
            return on_paper(np.asarray(image := _small(image))) if image.mode == "RGBA" else _kept(image)
    except Unreadable:
        raise
    except (Exception, Image.DecompressionBombError) as problem:  # each kind of damage has an error of its own
        raise Unreadable("is not a picture that can be read") from problem


def on_paper(rgba: NDArray[Any]) -> Grey:
    """Grey pictures, (…, height, width), from red, green, blue and opacity in the last axis, 0 to 255."""
    grey, opacity = rgba[..., :3] @ np.array(_GREY, np.float32), rgba[..., 3].astype(np.float32) / 255
    covered = np.maximum(opacity.sum(axis=(-2, -1), keepdims=True), 1e-6)
    ink = (grey * opacity).sum(axis=(-2, -1), keepdims=True) / covered
    paper = np.where(ink > _MIDDLE, 0, 255)
    result: Grey = np.round(grey * opacity + paper * (1 - opacity)).astype(np.uint8)
    return result


def in_grey(colours: NDArray[Any]) -> NDArray[Any]:
    """Pictures without their colours: (n, height, width, 3) to (n, height, width), in the range they had."""
    grey = (colours @ np.array(_GREY, np.float32)).astype(np.float32)
    return np.round(grey).astype(np.uint8) if colours.dtype.kind in "iu" else grey


def alike(pictures: Sequence[Grey]) -> tuple[NDArray[np.uint8], list[str]]:
    """All pictures as squares of one size, bright on dark: (n, side, side), 0 to 255; and what was done."""
    notes = []
    is_paper = papers(pictures)
    shown = [255 - picture if paper else picture for picture, paper in zip(pictures, is_paper, strict=True)]
    if is_paper.all():
        notes.append("The pictures are dark on bright; they were inverted, because the network expects bright on dark.")
    elif is_paper.any():
        notes.append(
            f"{int(is_paper.sum()):,} of {len(pictures):,} pictures are dark on bright; these were inverted, because "
            f"the network expects bright on dark."
        )
    (height, width), *others = {picture.shape for picture in shown}
    if others or width != height or width > _LARGEST_SIDE:
        shown = [_padded(picture, _USUAL_SIDE) for picture in shown]
        notes.append(
            f"The pictures were scaled to {_USUAL_SIDE}×{_USUAL_SIDE}, with dark margins where they were not square."
        )
    return np.stack(shown), notes


def papers(pictures: Sequence[Grey]) -> NDArray[np.bool_]:
    """Which pictures are dark ink on bright paper, (n,).

    The edges of most pictures decide for all, except for those that are clearly of the other kind: nearly the whole
    border, and most of the picture.
    """
    borders = [np.concatenate([one[0], one[-1], one[:, 0], one[:, -1]]) for one in pictures]
    most = bool(np.median([border.mean() for border in borders]) > _MIDDLE)
    bright = np.array([(border > _MIDDLE).mean() for border in borders])
    middle = np.array([np.median(one) > _MIDDLE for one in pictures])
    clearly_paper, clearly_not = (bright >= _CLEARLY) & middle, (bright <= 1 - _CLEARLY) & ~middle
    return ~clearly_not if most else clearly_paper


def _of_deep(array: NDArray[Any]) -> Grey:
    """From pictures of 16 or 32 bits, or of fractions, to bytes."""
    numbers = np.nan_to_num(array.astype(np.float64))
    highest = float(numbers.max(initial=0))
    white = 1.0 if array.dtype.kind == "f" and highest <= 1 else 255.0 if highest <= 255 else max(highest, 65535.0)
    return np.round(np.clip(numbers / white, 0, 1) * 255).astype(np.uint8)


def _small(image: Any) -> Any:
    """A picture no larger than it is kept."""
    width, height = image.size
    factor = max(width, height) / _KEPT_SIDE
    if factor <= 1:
        return image
    from PIL import Image

    size = max(round(width / factor), 1), max(round(height / factor), 1)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _kept(image: Any) -> Grey:
    return np.asarray(_small(image), np.uint8)


def _padded(picture: Grey, side: int) -> Grey:
    """Scaled so that it fits into a square, with dark margins."""
    from PIL import Image

    height, width = picture.shape
    factor = side / max(height, width)
    size = max(round(width * factor), 1), max(round(height * factor), 1)
    scaled = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))
    padded = np.zeros((side, side), np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    padded[top : top + size[1], left : left + size[0]] = scaled
    return padded
