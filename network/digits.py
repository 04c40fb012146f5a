"""Labelled pictures from IDX files, the format in which MNIST is published (LeCun, Cortes and Burges 1998).

A table of named numbers is kept in the same format, with two dimensions and the names in inputs.txt.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from network.bounds import HIGHEST_LABEL, MOST_CLASSES, allowed_size, gunzipped, refusal
from network.class_names import named_classes, named_lines
from network.errors import DataError
from network.idx_names import is_idx_file
from network.network import Array
from network.tables import INPUTS

Split = Literal["train", "test"]
_NAMES: dict[Split, tuple[str, ...]] = {"train": ("train",), "test": ("t10k", "test")}
# md5 of the uncompressed files of MNIST, as they have been published since 1998.
MNIST_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
_IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


@dataclass(frozen=True, eq=False)
class Digits:
    """Square greyscale pictures, or rows of named numbers, and the class of each.

    images: (n, side, side) float32, 0 black to 1 white; or (n, 1, n_in), any finite numbers, with `inputs`.
    labels: (n,) integers from 0.
    class_names: one name for each class.
    inputs: the name of each number of a row; empty for pictures.
    """

    images: Array
    labels: NDArray[np.integer[Any]]
    class_names: tuple[str, ...] = field(default=())
    inputs: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.inputs and self.images.shape[1:] != (1, len(self.inputs)):
            raise DataError(f"{len(self.inputs)} named numbers need rows of as many; got {self.images.shape}")
        if not self.inputs and (self.images.ndim != 3 or self.images.shape[1] != self.images.shape[2]):
            raise DataError(f"images must be square, of shape (n, side, side); got {self.images.shape}")
        if self.labels.shape != self.images.shape[:1]:
            raise DataError(f"{len(self.images)} images need as many labels; there are {self.labels.size}")
        if len(self.labels) and self.labels.min() < 0:
            raise DataError(f"labels count from 0; there is a label {self.labels.min()}")
        if not self.class_names:
            names = tuple(str(k) for k in range(int(self.labels.max(initial=-1)) + 1))
            object.__setattr__(self, "class_names", names)
        if len(self.labels) and self.labels.max() >= len(self.class_names):
            raise DataError(
                f"there is a label {self.labels.max()}, but there are only {len(self.class_names)} class names"
            )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def side(self) -> int:
        """The pixels along a side. DataError if these are no pictures."""
        if self.inputs:
            raise DataError(f"the data is a table of {len(self.inputs)} numbers a row, not pictures; give pictures")
        return int(self.images.shape[1])

    @property
    def n_in(self) -> int:
        """How many numbers a network takes for each."""
        return int(np.prod(self.images.shape[1:]))

    @property
    def vectors(self) -> Array:
        """The images as a network takes them, (n, n_in); a view."""
        return self.images.reshape(len(self), self.n_in)

    @property
    def places(self) -> tuple[int, ...]:
        """How many digits after the point the numbers of each column need: at most 2, and fewer for large ones."""
        found = []
        for column in self.vectors.T:
            largest = float(np.abs(column).max())
            most = 0 if largest >= 1000 else 1 if largest >= 100 else 2
            needed = (n for n in range(most) if np.allclose(column.round(n), column, 1e-6, 1e-6))
            found.append(next(needed, most))
        return tuple(found)

    def brightness(self, inputs: Array) -> Array:
        """How bright neurons are that hold these inputs, (…, n_in), 0 to 1: pixels as they are, and each number of a
        row as its share of the way from the lowest number of its column in these data to the highest.
        """
        if not self.inputs:
            return inputs
        lowest = self.vectors.min(axis=0)
        reach = self.vectors.max(axis=0) - lowest
        shares = np.divide(inputs - lowest, reach, out=np.zeros_like(inputs - lowest), where=reach > 0)
        return np.asarray(shares.clip(0, 1))

    @property
    def never_lit(self) -> NDArray[np.bool_]:
        """Which pixels are black in every image, (side²,); the weights of such a pixel mean nothing."""
        return np.asarray(self.vectors.max(axis=0, initial=0) == 0)

    def subset(self, indices: NDArray[np.integer[Any]] | slice) -> Digits:
        """Only the images at `indices`, in that order."""
        return Digits(self.images[indices], self.labels[indices], self.class_names, self.inputs)


def load_digits(folder: Path, split: Split) -> Digits:
    """The training or test set of a folder of IDX files, gzipped or not.

    A file is found by its name: "train", "t10k" or "test", and "images" or "labels". A file classes.txt beside them
    names the classes, one on each line; without it they are numbered. A file inputs.txt names the numbers of a table,
    which then has a row of numbers for each image. DataError if the files cannot be used.
    """
    images_file, labels_file = data_files(folder, split)
    images, labels = read_idx(images_file), read_idx(labels_file)
    inputs = named_lines(folder / INPUTS, "inputs")
    if inputs:
        if images.ndim != 2 or images.shape[1] != len(inputs) or not np.isfinite(images).all():
            raise DataError(
                f"{images_file} holds no rows of {len(inputs)} numbers, as {folder / INPUTS} names them; make it again "
                f"from the table"
            )
        images = images[:, None, :]
    elif images.ndim != 3 or 0 in images.shape:
        raise DataError(f"{images_file} holds no pictures: its shape is {images.shape}; expected (n, side, side)")
    elif images.shape[1] != images.shape[2]:
        raise DataError(
            f"{images_file} holds pictures of {images.shape[1]}×{images.shape[2]}; only square ones can be read; "
            "crop or pad them"
        )
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise DataError(f"{labels_file} holds no labels: expected a row of whole numbers, got shape {labels.shape}")
    if len(images) != len(labels):
        raise DataError(
            f"{images_file.name} holds {len(images)} images, but {labels_file.name} holds {len(labels)} labels; "
            f"they do not belong together: copy both from the same source to {folder}"
        )
    if split == "train":
        check_not_all_alike(images, images_file, "rows" if inputs else "pictures")
    names, numbers = _classes(folder, labels_file, labels, split)
    read = images.astype(np.float32) if inputs else _brightness(images, images_file)
    return Digits(read, np.searchsorted(numbers, labels), names, inputs)


def check_not_all_alike(images: NDArray[Any], source: Path, things: str = "pictures") -> None:
    """DataError where all pictures, (n, height, width), or rows, (n, n_in), are the same: none can be told from others.

    So they are when transparent ink was lost.
    """
    if len(images) > 1 and (images[1] == images[0]).all() and (images == images[0]).all():
        one = things == "pictures" and (images == images[0].flat[0]).all()
        what = f"of one brightness, {images[0].flat[0]:g}" if one else "the same"
        raise DataError(f"all {len(images):,} {things} of {source} are {what}; nothing can be learned from them")


def check_labels(labels: NDArray[Any], source: Path | str) -> NDArray[Any]:
    """The different labels, sorted. DataError where they cannot be the numbers of classes.

    labels: (n,) whole numbers, at least one.
    """
    numbers: NDArray[Any] = np.unique(labels)
    wrong = numbers[0] if numbers[0] < 0 else numbers[-1]
    if not 0 <= wrong <= HIGHEST_LABEL:
        raise DataError(f"{source} has a label {wrong}, which is not the number of a class; expected 0, 1, 2 and so on")
    if len(numbers) > MOST_CLASSES:
        raise DataError(
            f"{source} has {len(numbers):,} different labels; a label is the number of a class, and there may be "
            f"{MOST_CLASSES:,} classes"
        )
    return numbers


def data_files(folder: Path, split: Split) -> tuple[Path, Path]:
    """The images file and the labels file of one split."""
    if not folder.is_dir():
        raise DataError(
            f"there is no data folder {folder}; name a folder of IDX files with --data FOLDER, or with "
            "KNOBS_DATA for manim's own command"
        )
    return _find(folder, split, "images"), _find(folder, split, "labels")


def md5_of_data(folder: Path) -> dict[str, str]:
    """The md5 of each data file of a folder, uncompressed, as MNIST's are usually given."""
    files = [path for split in _NAMES for path in data_files(folder, split)]
    return {
        path.name.removesuffix(".gz"): hashlib.md5(_read(path), usedforsecurity=False).hexdigest() for path in files
    }


def is_mnist(folder: Path) -> bool:
    """Whether the test pictures and labels of a folder are those of MNIST."""
    try:
        files = data_files(folder, "test")
        return {hashlib.md5(_read(file), usedforsecurity=False).hexdigest() for file in files} <= {*MNIST_MD5.values()}
    except DataError:
        return False


def _find(folder: Path, split: Split, kind: str) -> Path:
    found = sorted(
        path
        for path in folder.iterdir()
        if is_idx_file(path) and kind in path.name.lower() and any(name in path.name.lower() for name in _NAMES[split])
    )
    plain = {path.name.removesuffix(".gz"): path for path in found}  # x and x.gz are the same file
    if not plain:
        raise DataError(
            f"{folder} has no {split} {kind}: expected a file like "
            f"{_NAMES[split][0]}-{kind}-idx{3 if kind == 'images' else 1}-ubyte.gz"
        )
    if len(plain) > 1:
        raise DataError(
            f"{folder} has several files of {split} {kind}: {', '.join(plain)}; keep one data set in each folder"
        )
    return next(iter(plain.values()))


def read_idx(path: Path, most: int | None = None) -> NDArray[Any]:
    """The array of an IDX file, gzipped or not, in its own type. DataError if it is damaged or not an IDX file.

    most: only so many of its first pictures or labels.
    """
    data = _read(path)
    # No set of pictures has more than 4 dimensions, and NumPy allows nothing like 255.
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in _IDX_TYPES or not 1 <= data[3] <= 4:
        raise DataError(f"{path} is not an IDX file; fetch it again from its source")
    dtype, dimensions = np.dtype(_IDX_TYPES[data[2]]), data[3]
    header = 4 + 4 * dimensions
    if len(data) < header:
        raise DataError(f"{path} is cut off in its header; fetch it again from its source")
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    expected = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if len(data) - header != expected:
        state = "cut off" if len(data) - header < expected else "too long"
        raise DataError(
            f"{path} is {state}: its header promises {expected:,} bytes, there are {len(data) - header:,}; "
            "fetch it again from its source"
        )
    return np.frombuffer(data, dtype, offset=header).reshape(shape)[:most]


def _read(path: Path) -> bytes:
    try:
        if reason := refusal(path):
            raise DataError(f"{path} {reason}; fetch it again from its source")
        data = path.read_bytes()
        if data[:2] != b"\x1f\x8b":
            return data
        unpacked = gunzipped(data)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise DataError(f"{path} is damaged or cut off ({problem}); fetch it again from its source") from problem
    except OSError as problem:
        raise DataError(f"{path} cannot be read: {problem.strerror}") from problem
    if unpacked is None:
        raise DataError(
            f"{path} would unpack to over {allowed_size(len(data)) / 1e6:,.0f} MB, far more than a real one; "
            f"fetch it again from its source"
        )
    return unpacked


def _brightness(images: NDArray[Any], path: Path) -> Array:
    """Brightness from 0 black to 1 white. In whole numbers white is 255, or 16 in sets like the 8×8 digits."""
    if np.issubdtype(images.dtype, np.integer):
        if images.min() < 0:
            raise DataError(f"{path} holds negative brightness; expected 0 for black to 255 for white")
        brightest = int(images.max())
        if brightest > 255:
            raise DataError(f"{path} holds a brightness of {brightest}; expected 0 for black to 255 for white")
        white = 16 if brightest <= 16 else 255
        return np.divide(images, np.float32(white), dtype=np.float32)
    if not (np.isfinite(images).all() and images.min() >= 0 and images.max() <= 1):
        raise DataError(
            f"{path} holds numbers that are not between 0 for black and 1 for white; scale them, or save "
            "whole numbers from 0 to 255"
        )
    return images.astype(np.float32)


def _classes(
    folder: Path, labels_file: Path, labels: NDArray[Any], split: Split
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The name of each class, and its number among the labels, ascending.

    Numbers that no picture has are no classes, so that labels from 1 to 26 are 26 classes. The two splits together
    decide, since the test set may lack a class.
    """
    numbers = check_labels(labels, labels_file)
    try:
        other_file = data_files(folder, "test" if split == "train" else "train")[1]
    except DataError:
        pass  # there is only one split
    else:
        others = read_idx(other_file)
        if others.size and np.issubdtype(others.dtype, np.integer):
            numbers = np.union1d(numbers, check_labels(others, other_file))
    numbers = numbers.astype(np.int64)
    names = named_classes(folder)
    if not names:
        return tuple(str(number) for number in numbers), numbers
    file = folder / "classes.txt"
    first = 1 if numbers[0] == 1 and numbers[-1] == len(names) else 0  # some count their classes from 1
    if numbers[-1] - first >= len(names):
        raise DataError(
            f"{labels_file.name} has a label {numbers[-1]}, but {file} names only {len(names)} classes; "
            "add the others, one name on each line"
        )
    return names, np.arange(first, first + len(names))
