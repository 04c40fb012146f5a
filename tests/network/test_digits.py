from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.digits import Digits, load_digits, md5_of_data, read_idx
from network.errors import DataError

from .conftest import idx_bytes, pictures, write_idx

ROOT = Path(__file__).resolve().parents[2]


def test_gzipped_and_plain_files_are_read_alike(data_folder: Path) -> None:
    before = load_digits(data_folder, "train")
    for file in list(data_folder.iterdir()):
        if file.suffix == ".gz":
            file.with_suffix("").write_bytes(gzip.decompress(file.read_bytes()))
            file.unlink()
        else:
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
            file.unlink()
    after = load_digits(data_folder, "train")
    assert np.array_equal(before.images, after.images)
    assert np.array_equal(before.labels, after.labels)


def test_black_is_0_and_white_exactly_1(data_folder: Path) -> None:
    images, labels = pictures(120, seed=1)
    images[0, 1, 1] = 0
    write_idx(data_folder / "train-images-idx3-ubyte.gz", images)
    digits = load_digits(data_folder, "train")
    assert digits.images.dtype == np.float32
    assert (digits.images.min(), digits.images.max()) == (0, 1)
    assert np.array_equal(digits.labels, labels)
    np.testing.assert_allclose(digits.images, images / 255, atol=1e-7)
    assert digits.vectors.shape == (120, 64)
    assert np.shares_memory(digits.vectors, digits.images)


def test_in_sets_of_17_grey_levels_white_is_16(data_folder: Path) -> None:
    images = np.arange(120 * 64, dtype=np.uint8).reshape(120, 8, 8) % 17
    write_idx(data_folder / "train-images-idx3-ubyte.gz", images)
    assert load_digits(data_folder, "train").images.max() == 1
    assert np.unique(load_digits(data_folder, "train").images).size == 17


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_brightness_may_be_told_in_fractions(data_folder: Path, kind: type) -> None:
    images = np.random.default_rng(0).uniform(0, 1, (120, 8, 8)).astype(kind)
    write_idx(data_folder / "train-images-idx3-ubyte.gz", images)
    np.testing.assert_allclose(load_digits(data_folder, "train").images, images, atol=1e-7)


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32])
def test_whole_numbers_of_any_size_are_read(data_folder: Path, kind: type) -> None:
    images = (pictures(120, seed=1)[0] // 3).astype(kind)
    write_idx(data_folder / "train-images-idx3-ubyte.gz", images)
    np.testing.assert_allclose(load_digits(data_folder, "train").images, images / 255, atol=1e-7)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (np.float32(1.5), "not between 0 for black and 1"),
        (np.float32("nan"), "not between 0"),
        (np.int16(-1), "negative"),
        (np.int16(256), "a brightness of 256"),
    ],
)
def test_impossible_brightness_is_refused(data_folder: Path, value: np.generic, sentence: str) -> None:
    images = np.zeros((120, 8, 8), value.dtype)
    images[3, 3, 3] = value
    write_idx(data_folder / "train-images-idx3-ubyte.gz", images)
    with pytest.raises(DataError, match=sentence):
        load_digits(data_folder, "train")


def test_classes_are_named_by_a_file_or_else_numbered(data_folder: Path) -> None:
    assert load_digits(data_folder, "train").class_names == ("0", "1", "2")
    (data_folder / "classes.txt").write_text("Hose\n\nHemd \nMäntel\nSchuh\n", encoding="utf-8")
    assert load_digits(data_folder, "test").class_names == ("Hose", "Hemd", "Mäntel", "Schuh")
    (data_folder / "classes.txt").write_text("one\ntwo\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"has a label 2, but .*classes.txt names only 2 classes; add the others"):
        load_digits(data_folder, "train")
    (data_folder / "classes.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not text in UTF-8"):
        load_digits(data_folder, "train")


def test_a_test_set_without_the_last_class_still_knows_it(data_folder: Path) -> None:
    write_idx(data_folder / "t10k-labels-idx1-ubyte", np.zeros(30, np.uint8))
    assert load_digits(data_folder, "test").class_names == ("0", "1", "2")


def test_other_names_and_sizes_are_found(tmp_path: Path) -> None:
    for split in ("train", "test"):
        images, labels = pictures(20, side=12, classes=5)
        write_idx(tmp_path / f"emnist-{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"emnist-{split}-labels-idx1-ubyte", labels)
    digits = load_digits(tmp_path, "test")
    assert (len(digits), digits.side, len(digits.class_names)) == (20, 12, 5)


def test_every_way_to_be_missing_is_told_with_the_remedy(data_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"there is no data folder .*nowhere; name a folder of IDX files with --data FOLDER, or"
    ):
        load_digits(tmp_path / "nowhere", "train")
    (data_folder / "copy-train-images-idx3-ubyte").write_bytes(b"")
    with pytest.raises(DataError, match="several files of train images"):
        load_digits(data_folder, "train")
    (data_folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="has no test labels: expected a file like t10k-labels-idx1-ubyte.gz"):
        load_digits(data_folder, "test")


def test_images_and_labels_of_different_sets_are_refused(data_folder: Path) -> None:
    write_idx(data_folder / "train-labels-idx1-ubyte", np.zeros(119, np.uint8))
    with pytest.raises(DataError, match=r"holds 120 images, but .* holds 119 labels; they do not belong together"):
        load_digits(data_folder, "train")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not an IDX file"),
        (b"\0\0\x08", "not an IDX file"),
        (b"<html>404</html>", "not an IDX file"),
        (b"\0\0\x07\x01" + bytes(8), "not an IDX file"),
        (b"\0\0\x08\x00", "not an IDX file"),
        (b"\0\0\x08\xff" + b"\0\0\0\x01" * 255 + b"x", "not an IDX file"),
        (b"\0\0\x08\x03\0\0", "cut off in its header"),
        (b"\0\0\x08\x01\0\0\0\x05abcd", "is cut off: its header promises 5 bytes, there are 4"),
        (b"\0\0\x08\x01\0\0\0\x03abcd", "is too long"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "is cut off"),
        (gzip.compress(b"\0\0\x08\x01\0\0\0\x01a", mtime=0)[:-4], "damaged or cut off"),
        (b"\x1f\x8bnonsense", "damaged or cut off"),
    ],
)
def test_damaged_files_are_refused_in_a_sentence_that_names_them(tmp_path: Path, data: bytes, sentence: str) -> None:
    file = tmp_path / "train-images-idx3-ubyte.gz"
    file.write_bytes(data)
    with pytest.raises(DataError, match=sentence) as caught:
        read_idx(file)
    assert str(file) in str(caught.value)
    assert "fetch it again" in str(caught.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10_000), zipped=st.booleans())
def test_a_file_cut_anywhere_is_never_taken_for_whole(tmp_path: Path, cut: int, zipped: bool) -> None:
    whole = idx_bytes(pictures(20)[0])
    data = gzip.compress(whole, mtime=0) if zipped else whole
    file = tmp_path / "x"
    file.write_bytes(data[: cut % len(data)])
    with pytest.raises(DataError):
        read_idx(file)


def test_pictures_that_are_not_square_or_none_are_refused(data_folder: Path) -> None:
    file = data_folder / "train-images-idx3-ubyte.gz"
    for shape, sentence in (
        ((120, 8, 9), "8×9; only square"),
        ((120, 64), "holds no pictures"),
        ((0, 8, 8), "holds no pictures"),
    ):
        write_idx(file, np.zeros(shape, np.uint8))
        with pytest.raises(DataError, match=sentence):
            load_digits(data_folder, "train")
    write_idx(file, pictures(120)[0])
    write_idx(data_folder / "train-labels-idx1-ubyte", np.zeros(120, np.float32))
    with pytest.raises(DataError, match="holds no labels"):
        load_digits(data_folder, "train")


def test_labels_must_fit_the_names_and_the_images() -> None:
    images = np.zeros((2, 3, 3), np.float32)
    with pytest.raises(DataError, match="there is a label 5, but there are only 2 class names"):
        Digits(images, np.array([0, 5]), ("a", "b"))
    with pytest.raises(DataError, match="labels count from 0"):
        Digits(images, np.array([0, -1]))
    with pytest.raises(DataError, match="2 images need as many labels; there are 3"):
        Digits(images, np.array([0, 1, 1]))


def test_a_subset_keeps_order_and_names() -> None:
    digits = Digits(np.arange(4, dtype=np.float32).reshape(4, 1, 1), np.arange(4), ("a", "b", "c", "d"))
    part = digits.subset(np.array([2, 0]))
    assert part.labels.tolist() == part.images.ravel().tolist() == [2, 0]
    assert part.class_names == digits.class_names


def test_md5_is_of_the_uncompressed_files(data_folder: Path) -> None:
    sums = md5_of_data(data_folder)
    whole = gzip.decompress((data_folder / "train-images-idx3-ubyte.gz").read_bytes())
    assert sums["train-images-idx3-ubyte"] == hashlib.md5(whole).hexdigest()
    assert sorted(sums) == [f"{s}-{k}-ubyte" for s in ("t10k", "train") for k in ("images-idx3", "labels-idx1")]


def test_mnist_is_here_as_it_was_published() -> None:
    test = load_digits(ROOT / "assets" / "mnist", "test")
    assert (len(test), test.side, test.class_names) == (10_000, 28, tuple("0123456789"))
    assert test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert (test.images.min(), test.images.max()) == (0, 1)
