"""Your own data: turns pictures by class, archives and tables into IDX files; and finds the data of a network.

Everything else reads only IDX files, so data is converted once and loads quickly after that.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from network.idx_names import is_idx_file
from network.metadata import read_metadata
from network.paths import display_path
from network.tables import INPUTS
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA, ROOT, LessonContext, NarrationOptions, environment_data

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lesson.importing.found_data import FoundData

CONVERTED = ROOT / "media" / "data"
# Where on this machine the data of each network was: by the md5 of its files and the names of its classes.
_SEEN = "seen.json"
# Data that an older version converted is converted again.
_VERSION = "2"
# How many pictures are looked at to see whether IDX files hold transposed ones, and how deep IDX files are looked for.
_LOOKED_AT, _DEEP = 3_000, 4
_TABLES = (".csv", ".parquet")
_USUAL = "IDX files, pictures by class, an .npz file, or a table as CSV or Parquet"
# Files that people have data in, but that are not opened; and what to do instead.
_NOT_OPENED = {
    (
        ".pkl",
        ".pickle",
        ".pkl.gz",
        ".joblib",
        ".p",
    ): "is a pickle, and opening a pickle can run any program; {mnist}open "
    "it where you trust it, and save its arrays with numpy.savez(FILE, train_images=…, train_labels=…, …)",
    (".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar"): "is packed; unpack it, and give the folder",
    (".csv.gz", ".csv.zip", ".npz.gz"): "is packed; unpack it first",
    (".npy",): "holds one array, so either pictures or labels; save both with numpy.savez(FILE, images=…, labels=…)",
    (".mat", ".pt", ".pth", ".h5", ".hdf5", ".arff", ".json"): "is not read as data; save its arrays with "
    "numpy.savez(FILE, images=…, labels=…)",
}


@dataclass(frozen=True)
class Conversion:
    """A folder of IDX files, and sentences that say how the data was changed."""

    folder: Path
    notes: tuple[str, ...] = field(default=())


def as_idx_folder(data: Path, converted: Path | None = None) -> Conversion:
    """The folder of IDX files for this data: the data itself, or a folder below `converted`, made now if necessary.

    data: a folder of IDX files, or one that has such a folder somewhere in it; a folder with a folder of pictures for
    each class, or with two of those, train and test; or an .npz, CSV or Parquet file, or a folder of tables. DataError
    says what is wrong with it.
    """
    from network.errors import DataError

    if not data.exists():
        raise DataError(f"there is no data folder {data}; give {_USUAL} with --data FOLDER_OR_FILE")
    if data.resolve() == DEFAULT_DATA:
        return Conversion(data)
    if not data.is_dir():
        return _of_files(data, [data], converted)
    if _has_idx(data):
        return _of_idx(data, converted)
    from lesson.importing.data_from_pictures import from_pictures, pictures_below

    pictures, others = pictures_below(data)
    in_classes = [file for file in pictures if file.parent != data]
    if (tables := _tables_in(data)) and not in_classes:
        return _of_files(data, tables, converted)
    if below := [] if in_classes else _idx_folders_below(data):
        if len(below) > 1:
            from lesson.importing.found_data import listed

            raise DataError(f"{data} has several data sets; choose one of them: {listed(below, 6)}")
        return _of_idx(below[0], converted)
    if in_classes:
        return _converted(data, [*pictures, *others], converted, partial(from_pictures, data, pictures, others))
    for file in sorted(data.iterdir()):
        if remedy := _not_opened(file):
            raise DataError(f"{file} {remedy}")
    if pictures:
        raise DataError(f"the pictures in {data} are not sorted by class; put each into a folder named after its class")
    raise DataError(
        f"{data} has neither IDX files nor folders of pictures; give a folder of PNG or JPEG files for each class, "
        f"or files like train-images-idx3-ubyte.gz"
    )


def _of_files(data: Path, files: list[Path], converted: Path | None) -> Conversion:
    """What one file, or the tables in a folder, become."""
    from network.bounds import refusal
    from network.errors import DataError

    kinds = {file.suffix.lower() for file in files}
    if remedy := _not_opened(files[0]):
        raise DataError(f"{files[0]} {remedy}")
    if reason := refusal(files[0]):
        raise DataError(f"{files[0]} {reason}; give {_USUAL}")
    if kinds == {".npz"}:
        from lesson.importing.data_from_arrays import from_archive

        if len(files) > 1:
            raise DataError(f"{data} has {len(files)} archives; choose one of them with --data FILE")
        return _converted(data, files, converted, partial(from_archive, files[0]))
    if kinds == {".csv"} or kinds == {".parquet"}:
        from lesson.importing.data_from_tables import from_csv, from_parquet

        return _converted(data, files, converted, partial(from_csv if kinds == {".csv"} else from_parquet, files))
    if len(kinds) > 1:
        raise DataError(f"{data} has data of several kinds ({', '.join(sorted(kinds))}); choose one with --data FILE")
    raise DataError(
        f"{data} is neither a folder nor an .npz file, nor a table; give {_USUAL} with --data FOLDER_OR_FILE"
    )


def _not_opened(file: Path) -> str | None:
    """What to say about a file of a kind that is not opened."""
    name = file.name.lower()
    known = "mnist itself is what is used without --data; for others, " if "mnist.pkl" in name else ""
    for endings, remedy in _NOT_OPENED.items():
        if name.endswith(endings):
            return remedy.format(mnist=known)
    return None


def _tables_in(data: Path) -> list[Path]:
    """The tables or archives in a folder, or in a folder `data` in it; no other files count."""
    for folder in (data, data / "data"):
        if folder.is_dir():
            files = sorted(file for file in folder.iterdir() if not file.name.startswith((".", "_")) and file.is_file())
            for endings in (_TABLES, (".npz",)):
                if found := [file for file in files if file.suffix.lower() in endings]:
                    named = [file for file in found if "submission" not in file.name.lower()]
                    return named or found
    return []


def _has_idx(folder: Path) -> bool:
    return any(is_idx_file(file) for file in folder.iterdir() if file.is_file())


def _idx_folders_below(data: Path) -> list[Path]:
    """Folders of IDX files in a folder, as torchvision makes MNIST/raw."""
    found = []
    for folder, folders, files in os.walk(data):
        inside = Path(folder)
        if len(inside.relative_to(data).parts) >= _DEEP:
            folders.clear()
        if any(is_idx_file(inside / name) and "images" in name.lower() for name in files):
            found.append(inside)
    return sorted(found)


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


def remember(folder: Path, md5: dict[str, str], class_names: Sequence[str]) -> str | None:
    """Note where on this machine the data with this md5 and these class names is.

    What to say where that cannot be noted, which is no reason to lose a network; else None.
    """
    from network.files import atomic_write

    place = folder
    try:
        place = folder.resolve()
        CONVERTED.mkdir(parents=True, exist_ok=True)
        seen = {**_seen(), _key(md5, class_names): str(place)}
        atomic_write(CONVERTED / _SEEN, json.dumps(seen, indent=1).encode())
    except OSError as problem:
        if place == DEFAULT_DATA:
            return None  # every command finds it by itself
        data = shlex.quote(display_path(folder))
        return (
            f"Which data it belongs to could not be noted in {display_path(CONVERTED)} "
            f"({problem.strerror or problem}); use it with --data {data}"
        )
    return None


def _seen() -> dict[str, str]:
    try:
        found = json.loads((CONVERTED / _SEEN).read_bytes())
    except (OSError, ValueError):
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _key(md5: dict[str, str], class_names: Sequence[str]) -> str:
    text = "\n".join((*sorted(map(str, md5.values())), *class_names))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ---------------------------------------------------------------------------------------------- conversion


def _of_idx(data: Path, converted: Path | None) -> Conversion:
    """IDX files stay as they are, unless there is no test set or the pictures are transposed.

    To know that, test pictures are looked at, once: it takes NumPy, which a command with nothing to do should not load.
    """
    own = sorted(file for file in data.iterdir() if is_idx_file(file) or file.name == "classes.txt")
    mark = f".as-it-is-{_digest(data, own)}"
    if any((place / mark).exists() for place in _places(converted)):
        return Conversion(data)
    from lesson.importing.found_data import TEST, TRAIN, FoundData, lies_on_its_side
    from network.class_names import named_classes
    from network.digits import Split, data_files, read_idx
    from network.errors import DataError

    splits: dict[str, Split] = {TRAIN: "train", TEST: "test"}
    try:
        files = {split: data_files(data, name) for split, name in splits.items() if split == TRAIN or _has_test(data)}
    except DataError:
        return Conversion(data)  # who loads it says what is missing

    def read() -> FoundData:
        arrays = {split: (read_idx(images), read_idx(labels)) for split, (images, labels) in files.items()}
        return FoundData(arrays, named_classes(data))

    if TEST in files:
        try:
            images, labels = (read_idx(file, most=_LOOKED_AT) for file in files[TEST])
            names = [str(number) for number in set(labels.tolist())]
            square = images.ndim == 3 and images.shape[1] == images.shape[2] and 0 not in images.shape
            if not square or labels.ndim != 1 or not lies_on_its_side(images, labels, named_classes(data) or names):
                _make(mark, _places(converted))
                return Conversion(data)
        except (DataError, ValueError, TypeError, IndexError):
            return Conversion(data)  # as above
    every = [file for pair in files.values() for file in pair]
    return _converted(data, [*every, *data.glob("classes.txt")], converted, read)


def _has_test(data: Path) -> bool:
    names = [file.name.lower() for file in data.iterdir() if is_idx_file(file)]
    return any("t10k" in name or "test" in name for name in names)


def _digest(data: Path, files: Sequence[Path]) -> str:
    """Another one if the place of some data, or the name, the size or the date of one of its files, has changed.

    The place counts, because unpacked MNIST and Fashion-MNIST have files of the same names, sizes and dates.
    """
    states = (f"{file.relative_to(data.parent)} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)
    return hashlib.sha256(os.fsencode("\n".join((_VERSION, str(data.resolve()), *states)))).hexdigest()[:12]


def _places(converted: Path | None) -> tuple[Path, Path]:
    """Where converted data is kept. Where the media folder cannot be written, the user's own cache will do."""
    return converted or CONVERTED, Path.home() / ".cache" / "knobs" / "data"


def _make(mark: str, places: Sequence[Path]) -> None:
    """Make an empty file in the first of these places that can be written, if any can."""
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            (place / mark).touch()
            return
        except OSError:
            continue


def _converted(data: Path, files: Sequence[Path], converted: Path | None, read: Callable[[], FoundData]) -> Conversion:
    """The IDX files made from these files; made again only if a place, a name, a size or a date has changed."""
    from lesson.importing.found_data import finished
    from network.errors import DataError
    from network.files import atomic_write, remove_abandoned_files, temporary_name

    places = _places(converted)
    named = f"{data.resolve().stem}-{_digest(data, files)}"
    for place in places:
        if (told := place / named / "made-from.json").exists():
            return Conversion(place / named, tuple(json.loads(told.read_bytes())))
    found = finished(read(), data)
    for place in places:
        folder = place / named
        half = temporary_name(folder)
        try:
            place.mkdir(parents=True, exist_ok=True)
            remove_abandoned_files(place)
            half.mkdir()
            for split, (images, labels) in found.splits.items():
                (half / f"{split}-images-idx{images.ndim}-ubyte").write_bytes(_idx(images))
                (half / f"{split}-labels-idx1-ubyte").write_bytes(_idx(labels))
            if found.names != tuple(map(str, range(len(found.names)))):
                (half / "classes.txt").write_text("".join(f"{name}\n" for name in found.names), encoding="utf-8")
            if found.inputs:
                (half / INPUTS).write_text("".join(f"{name}\n" for name in found.inputs), encoding="utf-8")
            atomic_write(half / told.name, json.dumps(found.notes).encode())
            if not folder.exists():
                os.replace(half, folder)
            return Conversion(folder, found.notes)
        except OSError as problem:
            failed = problem
        finally:
            shutil.rmtree(half, ignore_errors=True)
    raise DataError(
        f"the converted data cannot be written to {places[0]} ({failed.strerror or failed}); "
        f"make room, or allow writing there"
    ) from failed


def _idx(array: NDArray[Any]) -> bytes:
    """An array in the IDX format: bytes, 32-bit whole numbers or 32-bit floating-point numbers."""
    code, kind = {"u": (0x08, ">u1"), "i": (0x0C, ">i4"), "f": (0x0D, ">f4")}[array.dtype.kind]
    return bytes([0, 0, code, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(kind).tobytes()


def told(conversion: Conversion) -> str:
    """What to say about a conversion, a line for each change; empty if the data was read as it is."""
    return (
        "\n".join((*conversion.notes, f"As IDX files: {display_path(conversion.folder)}")) if conversion.notes else ""
    )
