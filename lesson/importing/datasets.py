"""Your own data: turns pictures by class, or a NumPy archive, into IDX files; and finds the data of a network.

Everything else reads only IDX files, so data is converted once and loads quickly after that.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from network.files import display_path
from network.metadata import read_metadata
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA, ROOT, LessonContext, NarrationOptions, environment_data

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONVERTED = ROOT / "media" / "data"
# Where on this machine the data of each network was: by the md5 of its files and the names of its classes.
_SEEN = "seen.json"
_PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm"}
_TRAIN, _TEST = ("train", "training"), ("test", "testing", "t10k", "val", "validation")
# Square pictures that are all of one size stay as they are up to this side; others get the side of MNIST.
_LARGEST_SIDE, _USUAL_SIDE = 64, 28
# Without a test set, one picture in this many of each class is set aside.
_TEST_ONE_IN = 6
_NPZ_NAMES = {
    "train_images": ("train_images", "x_train", "X_train"),
    "train_labels": ("train_labels", "y_train"),
    "test_images": ("test_images", "x_test", "X_test"),
    "test_labels": ("test_labels", "y_test"),
    "images": ("images", "x", "X", "data"),
    "labels": ("labels", "y", "target"),
}


@dataclass(frozen=True)
class Conversion:
    """A folder of IDX files, and sentences that say how the data was changed."""

    folder: Path
    notes: tuple[str, ...] = field(default=())


def as_idx_folder(data: Path, converted: Path | None = None) -> Conversion:
    """The folder of IDX files for this data: the data itself, or a folder below `converted`, made now if necessary.

    data: a folder of IDX files; a folder with a folder of pictures for each class, or with two of those, train and
    test; or an .npz file. DataError says what is wrong with it.
    """
    from network.errors import DataError

    if data.is_file() and data.suffix == ".npz":
        return _converted(data, [data], converted or CONVERTED)
    if not data.is_dir():
        what = f"{data} is neither a folder nor an .npz file" if data.exists() else f"there is no data folder {data}"
        raise DataError(f"{what}; give IDX files, pictures by class or an .npz file with --data FOLDER_OR_FILE")
    if any("idx" in file.name.lower() for file in data.iterdir() if file.is_file()):
        return Conversion(data)
    pictures = sorted(_pictures_below(data))
    if not pictures:
        raise DataError(
            f"{data} has neither IDX files nor folders of pictures; give a folder of PNG or JPEG files for each class, "
            f"or files like train-images-idx3-ubyte.gz"
        )
    return _converted(data, pictures, converted or CONVERTED)


def context_of(
    checkpoint: Path | None, data: Path | None, quality: str = "h", narration: NarrationOptions | None = None
) -> LessonContext:
    """The context for the options of a command, with the data that `data_of` finds.

    CheckpointError for a network that cannot be read, also where no clip would have to be rendered because of it.
    """
    named = LessonContext.of(checkpoint).checkpoint
    if named != DEFAULT_CHECKPOINT and read_metadata(named) is None:
        from network.checkpoint import CheckpointError, load_checkpoint

        try:
            load_checkpoint(named)
        except CheckpointError as problem:
            if checkpoint is not None:
                raise
            raise CheckpointError(f"{problem}; the variable KNOBS_CHECKPOINT names it") from problem
    return LessonContext.of(checkpoint, data_of(checkpoint, data) or DEFAULT_DATA, quality, narration)


def data_of(checkpoint: Path | None, data: Path | None) -> Path | None:
    """The folder of IDX files to show a network with: `data`, or the data that the network was trained on.

    None if neither is known, which means MNIST.
    """
    if (given := data or environment_data()) is not None:
        return as_idx_folder(given).folder
    checkpoint = LessonContext.of(checkpoint).checkpoint
    if checkpoint == DEFAULT_CHECKPOINT:
        return None
    metadata = read_metadata(checkpoint) or {}
    md5, class_names = metadata.get("data_md5"), metadata.get("class_names")
    if not isinstance(md5, dict) or not isinstance(class_names, list):
        return None  # the code that draws the network reports what is wrong
    folder = Path(_seen().get(_key(md5, [str(name) for name in class_names]), ""))
    return folder if folder != Path() and folder.is_dir() and folder.resolve() != DEFAULT_DATA else None


def remember(folder: Path, md5: dict[str, str], class_names: Sequence[str]) -> None:
    """Note where on this machine the data with this md5 and these class names is."""
    from network.files import atomic_write

    CONVERTED.mkdir(parents=True, exist_ok=True)
    seen = {**_seen(), _key(md5, class_names): str(folder.resolve())}
    atomic_write(CONVERTED / _SEEN, json.dumps(seen, indent=1).encode())


def _seen() -> dict[str, str]:
    try:
        found = json.loads((CONVERTED / _SEEN).read_bytes())
    except (OSError, ValueError):
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _key(md5: dict[str, str], class_names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join((*sorted(map(str, md5.values())), *class_names)).encode()).hexdigest()


# ---------------------------------------------------------------------------------------------- conversion


def _converted(data: Path, files: Sequence[Path], converted: Path) -> Conversion:
    """The IDX files made from these files; made again only if a name, a size or a date has changed."""
    from network.files import atomic_write

    states = (f"{file.relative_to(data.parent)} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    digest = hashlib.sha256("\n".join(states).encode()).hexdigest()[:12]
    folder = converted / f"{data.stem}-{digest}"
    told = folder / "made-from.json"
    if told.exists():
        return Conversion(folder, tuple(json.loads(told.read_bytes())))
    splits, names, notes = _of_archive(data) if data.is_file() else _of_pictures(data, files)
    half = folder.with_name(f".{folder.name}.{os.getpid()}")
    half.mkdir(parents=True)
    try:
        for split, (images, labels) in splits.items():
            (half / f"{split}-images-idx3-ubyte").write_bytes(_idx(images))
            (half / f"{split}-labels-idx1-ubyte").write_bytes(_idx(labels))
        if names:
            (half / "classes.txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        atomic_write(half / told.name, json.dumps(notes).encode())
        if not folder.exists():
            os.replace(half, folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Conversion(folder, tuple(notes))


_Arrays = tuple["NDArray[Any]", "NDArray[Any]"]
_Found = tuple[dict[str, _Arrays], list[str], list[str]]


def _pictures_below(data: Path) -> Iterable[Path]:
    hidden = re.compile(r"(^|/)[._]")
    for file in data.rglob("*"):
        inside = file.relative_to(data)
        if file.suffix.lower() in _PICTURES and len(inside.parts) in (2, 3) and not hidden.search(inside.as_posix()):
            yield file


def _of_pictures(data: Path, files: Sequence[Path]) -> _Found:
    """Pictures, labels and class names from FOLDER/class/x.png, or FOLDER/train/class/x.png and FOLDER/test/…"""
    import numpy as np

    from network.errors import DataError

    places = [file.relative_to(data).parts[:-1] for file in files]
    notes: list[str] = []
    if all(len(place) == 2 for place in places):
        kinds = {place[0]: _split_named(place[0], data) for place in places}
        if set(kinds.values()) != {"train", "t10k"}:
            raise DataError(f"{data} has only pictures for {' and '.join(kinds)}; give it two folders, train and test")
        splits = [kinds[place[0]] for place in places]
        classes = [place[1] for place in places]
    elif all(len(place) == 1 for place in places):
        classes = [place[0] for place in places]
        splits = _chosen_for_testing([(c, f.name) for c, f in zip(classes, files, strict=True)])
        notes.append(
            f"One picture in {_TEST_ONE_IN} of each class was set aside for testing; "
            "to choose them yourself, use two folders, train and test."
        )
    else:
        raise DataError(
            f"{data} has pictures at different depths; put each into a folder named after its class, "
            f"and these folders, if you like, into train and test"
        )
    names = sorted(set(classes), key=_natural_order)
    if len(names) < 2:
        raise DataError(
            f"{data} has pictures of only one class, {names[0]}; give at least two, each in a folder of its own"
        )
    if missing := [name for name in names if (name, "train") not in set(zip(classes, splits, strict=True))]:
        raise DataError(f"{data} has no training pictures of the class {missing[0]}; give each class at least two")
    images, more = _alike([_brightness(file) for file in files])
    labels = np.array([names.index(name) for name in classes], np.int32 if len(names) > 256 else np.uint8)
    for_split = np.array(splits)
    arrays = {s: (images[for_split == s], labels[for_split == s]) for s in ("train", "t10k")}
    return arrays, names, notes + more


def _split_named(name: str, data: Path) -> str:
    from network.errors import DataError

    if name.lower() in _TRAIN:
        return "train"
    if name.lower() in _TEST:
        return "t10k"
    raise DataError(
        f"{data / name} is neither train nor test; give the two folders in {data} these names, each with all classes"
    )


def _chosen_for_testing(named: Sequence[tuple[str, str]]) -> list[str]:
    """Chosen by a digest of the names: the same on every machine, whatever the order of the files."""
    order = sorted(range(len(named)), key=lambda n: hashlib.sha256("/".join(named[n]).encode()).digest())
    splits = ["train"] * len(named)
    for name in {name for name, _ in named}:
        of_class = [n for n in order if named[n][0] == name]
        for n in of_class[: -(-len(of_class) // _TEST_ONE_IN)]:
            splits[n] = "t10k"
    return splits


def _natural_order(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts 2 before 10."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts]


def _brightness(file: Path) -> Any:
    """A picture in grey, as Pillow's image; white shows through where it is transparent."""
    from PIL import Image, UnidentifiedImageError

    from network.errors import DataError

    try:
        with Image.open(file) as opened:
            if opened.has_transparency_data:
                seen = opened.convert("RGBA")
                paper = Image.new("RGBA", seen.size, "white")
                return Image.alpha_composite(paper, seen).convert("L")
            return opened.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise DataError(f"{file} is not a picture that can be read; remove or replace it") from problem


def _alike(pictures: list[Any]) -> tuple[NDArray[np.uint8], list[str]]:
    """All pictures as squares of one size, bright on dark: (n, side, side), 0 to 255."""
    import numpy as np
    from PIL import Image, ImageOps

    notes = []
    sizes = {picture.size for picture in pictures}
    # If the edges are bright in most pictures, they are paper, and the drawing is dark.
    edges = [np.concatenate([a[0], a[-1], a[:, 0], a[:, -1]]).mean() for a in map(np.asarray, pictures)]
    paper = bool(np.median(edges) > 127)
    if paper:
        pictures = [ImageOps.invert(picture) for picture in pictures]
        notes.append("The pictures are dark on bright; they were inverted, because the network expects bright on dark.")
    (width, height), *others = sizes
    side = width
    if others or width != height or width > _LARGEST_SIDE:
        side = _USUAL_SIDE
        pictures = [ImageOps.pad(p, (side, side), Image.Resampling.LANCZOS, color=0) for p in pictures]
        notes.append(f"The pictures were scaled to {side}×{side}, with dark margins where they were not square.")
    return np.stack([np.asarray(picture, np.uint8) for picture in pictures]), notes


def _of_archive(file: Path) -> _Found:
    """Pictures, labels and class names from an .npz file: train_images, … or x_train, …, or images and labels."""
    import zipfile

    import numpy as np

    from network.errors import DataError

    try:
        with open(file, "rb") as opened, np.load(opened, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        raise DataError(f"{file} is damaged or not a NumPy archive; save it again with numpy.savez") from problem
    found = {}
    for name, aliases in _NPZ_NAMES.items():
        here = [alias for alias in aliases if alias in arrays]
        if here:
            found[name] = arrays[here[0]]
    notes: list[str] = []
    if {"train_images", "train_labels", "test_images", "test_labels"} <= found.keys():
        pairs = {"train": ("train_images", "train_labels"), "t10k": ("test_images", "test_labels")}
    elif {"images", "labels"} <= found.keys():
        pairs = {"all": ("images", "labels")}
    else:
        raise DataError(
            f"{file} has the arrays {', '.join(sorted(arrays)) or '(none)'}; expected train_images, train_labels, "
            f"test_images and test_labels, or x_train and so on, or images and labels"
        )
    given = arrays.get("class_names")
    names = [str(name) for name in given.ravel()] if given is not None else []
    kinds = [found[labels] for _, labels in pairs.values()]
    if not names and any(labels.dtype.kind in "US" for labels in kinds):
        names = sorted({str(label) for labels in kinds for label in labels.ravel()}, key=_natural_order)
    splits = {
        split: (_square(found[images], images, file), _numbered(found[labels], labels, names, file))
        for split, (images, labels) in pairs.items()
    }
    for images, labels in splits.values():
        if len(images) != len(labels):
            raise DataError(f"{file} has {len(images)} images but {len(labels)} labels; save as many of each")
    if "all" in splits:
        images, labels = splits["all"]
        chosen = _chosen_for_testing([(str(label), str(n)) for n, label in enumerate(labels)])
        is_test = np.array(chosen) == "t10k"
        splits = {"train": (images[~is_test], labels[~is_test]), "t10k": (images[is_test], labels[is_test])}
        notes.append(f"One picture in {_TEST_ONE_IN} of each class was set aside for testing.")
    return splits, names, notes


def _square(images: NDArray[Any], name: str, file: Path) -> NDArray[Any]:
    import numpy as np

    from network.errors import DataError

    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim == 2:
        side = round(images.shape[1] ** 0.5)
        if side * side == images.shape[1]:
            images = images.reshape(-1, side, side)
    if images.ndim != 3 or images.shape[1] != images.shape[2] or 0 in images.shape:
        raise DataError(f"{name} in {file} has the shape {images.shape}; expected (n, side, side), grey and square")
    if images.dtype.kind == "f":
        if not np.isfinite(images).all() or images.min() < 0 or images.max() > 255:
            raise DataError(f"{name} in {file} holds numbers outside 0 to 1; scale them to 0 black … 1 white")
        if images.max() > 1:
            if (images != np.round(images)).any():
                images = images / np.float32(255)
            else:
                images = images.astype(np.uint8)
    elif images.dtype.kind in "iub":
        if images.min() < 0 or images.max() > 255:
            raise DataError(f"{name} in {file} holds numbers outside 0 to 255; expected 0 black … 255 white")
        images = images.astype(np.uint8)
    else:
        raise DataError(f"{name} in {file} holds {images.dtype}, which is not brightness; expected 0 to 255, or 0 to 1")
    return images


def _numbered(labels: NDArray[Any], name: str, names: list[str], file: Path) -> NDArray[np.int32]:
    """Labels as numbers from 0, from numbers, names, or rows with a 1 at the class."""
    import numpy as np

    from network.errors import DataError

    if labels.ndim == 2 and labels.shape[1] > 1 and labels.dtype.kind in "iufb":
        labels = labels.argmax(axis=1)
    labels = labels.ravel()
    if labels.dtype.kind in "US":
        known = {one: number for number, one in enumerate(names)}
        if unknown := sorted({str(label) for label in labels} - known.keys()):
            raise DataError(f"{name} in {file} has the label {unknown[0]!r}, which is not in class_names; add it there")
        return np.array([known[str(label)] for label in labels], np.int32)
    if labels.dtype.kind not in "iu" or not len(labels) or labels.min() < 0:
        raise DataError(f"{name} in {file} holds {labels.dtype}; expected whole numbers from 0, or names")
    return labels.astype(np.int32)


def _idx(array: NDArray[Any]) -> bytes:
    """An array in the IDX format: bytes, 32-bit whole numbers or 32-bit floating-point numbers."""
    code, kind = {"u": (0x08, ">u1"), "i": (0x0C, ">i4"), "f": (0x0D, ">f4")}[array.dtype.kind]
    return bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(kind).tobytes()


def told(conversion: Conversion) -> str:
    """What to say about a conversion, a line for each change; empty if the data was read as it is."""
    return (
        "\n".join((*conversion.notes, f"As IDX files: {display_path(conversion.folder)}")) if conversion.notes else ""
    )
