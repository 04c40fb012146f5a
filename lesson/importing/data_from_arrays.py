"""Data from a NumPy archive: pictures and labels, under the names that people give them, or under none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lesson.importing.brightness import in_grey, on_paper, papers
from lesson.importing.found_data import TEST, TRAIN, VALIDATION, Arrays, FoundData, split_named
from lesson.importing.python_objects import holds_objects
from network.bounds import refusal
from network.errors import DataError, is_of_the_system

_IMAGES = r"image|img|pixel|pict|feature|sample|^data$|^x|_x$|^data_"
_LABELS = r"label|target|^y|_y$|^class(es)?$|digit"
_NAMES = ("class_names", "classes", "label_names", "target_names", "names")
# So many pictures, of a hundred, must clearly be ink on paper before arrays are inverted.
_CLEARLY = 90


def from_archive(file: Path) -> FoundData:
    """Pictures, labels and class names from an .npz file."""
    if reason := refusal(file):
        raise DataError(f"{file} {reason}; save it again with numpy.savez")
    try:
        if holds_objects(file):
            raise DataError(
                f"{file} holds Python objects, which could run any program when they are opened; save plain arrays of "
                f"numbers with numpy.savez"
            )
        with open(file, "rb") as opened, np.load(opened, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except DataError:
        raise
    except Exception as problem:  # a damaged archive fails in many ways
        if is_of_the_system(problem):
            raise
        raise DataError(f"{file} is damaged or not a NumPy archive; save it again with numpy.savez") from problem
    names, arrays = _class_names(arrays)
    pairs = _by_name(arrays) or _by_shape(arrays)
    if not pairs:
        shown = ", ".join(f"{name} {array.shape}" for name, array in sorted(arrays.items())[:8]) or "(none)"
        raise DataError(
            f"{file} has the arrays {shown}; expected train_images, train_labels, test_images and test_labels, "
            f"or x_train and so on, or images and labels"
        )
    notes: list[str] = []
    splits = {
        split: (squares(arrays[images], f"{images} in {file}", notes), arrays[labels])
        for split, (images, labels) in pairs.items()
    }
    return FoundData(_bright_on_dark(splits, notes), names, tuple(dict.fromkeys(notes)))


def _class_names(arrays: dict[str, NDArray[Any]]) -> tuple[tuple[str, ...], dict[str, NDArray[Any]]]:
    """The names of the classes, if there is an array of texts for them; and the other arrays."""
    for name in _NAMES:
        if name in arrays and arrays[name].dtype.kind in "US" and arrays[name].ndim <= 1:
            given = arrays[name].ravel()
            if given.dtype.kind == "S":
                given = np.char.decode(given, "utf-8", "replace")
            # An array `classes` as long as there are pictures holds their labels.
            if name != "classes" or len(given) not in {len(one) for key, one in arrays.items() if key != name}:
                return tuple(map(str, given)), {key: one for key, one in arrays.items() if key != name}
    return (), arrays


def _by_name(arrays: dict[str, NDArray[Any]]) -> dict[str, tuple[str, str]]:
    """The names of images and labels of each split; empty where the names do not tell."""
    found: dict[str, dict[str, str]] = {}
    for name, array in arrays.items():
        if not array.ndim:
            continue
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        kind = "labels" if re.search(_LABELS, plain) else "images" if re.search(_IMAGES, plain) else None
        split = split_named(plain) or (TRAIN if not re.search("train|test|val", plain) else None)
        if kind and split:
            found.setdefault(split, {}).setdefault(kind, name)
    whole = {split: (kinds["images"], kinds["labels"]) for split, kinds in found.items() if len(kinds) == 2}
    return whole if TRAIN in whole else {}


def _by_shape(arrays: dict[str, NDArray[Any]]) -> dict[str, tuple[str, str]]:
    """Images are what could be pictures, labels what is as long; the larger set is for training."""
    images = [name for name, array in arrays.items() if array.ndim >= 3 or array.ndim == 2 and _side(array.shape[1])]
    pairs = []
    left = [name for name in arrays if name not in images and arrays[name].ndim]
    for name in images:
        fitting = [one for one in left if len(arrays[one]) == len(arrays[name])]
        if not fitting:
            return {}
        left.remove(fitting[0])
        pairs.append((name, fitting[0]))
    if not 1 <= len(pairs) <= 3 or left:
        return {}
    if len(pairs) == 3:  # as they are saved: for training, for validation, for testing
        return dict(zip((TRAIN, VALIDATION, TEST), pairs, strict=True))
    pairs.sort(key=lambda pair: -len(arrays[pair[0]]))
    return dict(zip((TRAIN, TEST), pairs, strict=False))


def _side(numbers: int) -> int:
    """The side of a square of so many pixels; 0 if it is none, or too small for a picture."""
    side = round(numbers**0.5)
    return side if side >= 4 and side * side == numbers else 0


def squares(images: NDArray[Any], what: str, notes: list[str]) -> NDArray[Any]:
    """Pictures as (n, side, side), 0 to 255 in bytes or 0 to 1 in fractions."""
    given = images.shape
    if images.dtype.kind not in "iubf":
        raise DataError(f"{what} holds {images.dtype}, which is not brightness; expected 0 to 255, or 0 to 1")
    if images.dtype.kind == "f" and images.size and not np.isfinite(images).all():
        raise DataError(f"{what} holds numbers outside 0 to 1; scale them to 0 black … 1 white")
    if images.ndim == 4 and images.shape[1] in (1, 3, 4) and images.shape[-1] not in (1, 3, 4):
        images = images.transpose(0, 2, 3, 1)  # from channels first, as PyTorch has them
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    elif images.ndim == 4 and images.shape[-1] in (3, 4):
        if images.shape[-1] == 4 and images.dtype == np.uint8:
            images = on_paper(images)
        else:
            images = in_grey(images[..., :3])
        notes.append("The pictures are in colour; their brightness was kept.")
    if images.ndim == 2 and (side := _side(images.shape[1])):
        images = images.reshape(-1, side, side)
    if images.ndim != 3 or images.shape[1] != images.shape[2] or 0 in images.shape:
        raise DataError(f"{what} has the shape {given}; expected (n, side, side), grey and square")
    if images.dtype.kind == "f":
        if images.min() < 0 or images.max() > 255:
            raise DataError(f"{what} holds numbers outside 0 to 1; scale them to 0 black … 1 white")
        if images.max() > 1:
            if (images != np.round(images)).any():
                return np.asarray(images / np.float32(255), np.float32)
            return images.astype(np.uint8)
        return images.astype(np.float32)
    if images.min() < 0 or images.max() > 255:
        raise DataError(f"{what} holds numbers outside 0 to 255; expected 0 black … 255 white")
    return images.astype(np.uint8)


def _bright_on_dark(splits: dict[str, Arrays], notes: list[str]) -> dict[str, Arrays]:
    """The same pictures, inverted where nearly all are clearly dark ink on paper."""
    images = np.concatenate([images[:1000] for images, _ in splits.values()])
    white = 1.0 if images.dtype.kind == "f" else 255 if images.max() > 16 else 16
    shown = list((images * (255 / white)).astype(np.uint8))
    borders = np.stack([np.concatenate([one[0], one[-1], one[:, 0], one[:, -1]]) for one in shown])
    clear = (borders > 127).mean(axis=1) >= 0.95
    if not clear.mean() * 100 >= _CLEARLY or not papers(shown).mean() * 100 >= _CLEARLY:
        return splits
    notes.append("The pictures are dark on bright; they were inverted, because the network expects bright on dark.")
    return {split: ((white - images).astype(images.dtype), labels) for split, (images, labels) in splits.items()}
