"""Data in the ways that people keep it: every kind becomes the right pictures, and what was changed is said."""

from __future__ import annotations

import gzip
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from lesson.importing import datasets
from lesson.importing.found_data import lies_on_its_side
from lesson.render import clip_cache
from network.digits import Digits, load_digits
from network.errors import DataError
from network.idx_names import is_idx_file
from scenes.settings import DEFAULT_DATA
from tests.network.conftest import pictures, write_idx


def loaded(data: Path) -> tuple[Digits, Digits, str]:
    """The training set, the test set, and all that was said."""
    found = datasets.as_idx_folder(data)
    return load_digits(found.folder, "train"), load_digits(found.folder, "test"), " ".join(found.notes)


def drawn(place: Path, n: int, classes: str = "ab", draw: Callable[[int], NDArray[np.uint8]] | None = None) -> Path:
    """A folder of n pictures for each class: a bright bar, in another place in every picture."""
    for number in range(n * len(classes)):
        array = np.zeros((12, 12), np.uint8)
        array[2:10, 2 + number % 8] = 255
        file = place / classes[number % len(classes)] / f"{number // len(classes)}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw(number) if draw else array).save(file)
    return place


@pytest.mark.parametrize("ink", [255, 0])
def test_ink_on_transparent_is_seen_whatever_its_colour(tmp_path: Path, ink: int) -> None:
    def draw(number: int) -> NDArray[np.uint8]:
        array = np.full((12, 12, 4), ink, np.uint8)
        array[..., 3] = 0
        array[2:10, 2 + number % 8, 3] = 255
        return array

    train, test, _ = loaded(drawn(tmp_path / "set", 8, draw=draw))
    images = np.concatenate([train.images, test.images])
    assert (images.sum(axis=(1, 2)) == 8).all() and (images[:, 0] == 0).all()


def test_each_picture_is_turned_by_its_own_border(tmp_path: Path) -> None:
    def draw(number: int) -> NDArray[np.uint8]:
        array = np.zeros((12, 12), np.uint8)
        array[2:10, 2 + number % 8] = 255
        return array if number % 4 else 255 - array

    train, test, said = loaded(drawn(tmp_path / "set", 8, draw=draw))
    images = np.concatenate([train.images, test.images])
    assert (images.sum(axis=(1, 2)) == 8).all()
    assert "4 of 16 pictures are dark on bright" in said


def test_a_few_bad_files_are_named_counted_and_left_out(tmp_path: Path) -> None:
    data = drawn(tmp_path / "set", 20)
    (data / "a" / "0.png").write_bytes(b"nothing")
    os.remove(data / "b" / "1.png")
    os.mkfifo(data / "b" / "1.png")
    (data / "a" / "more").mkdir()
    Image.new("L", (5, 5)).save(data / "a" / "more" / "x.png")
    (data / "a" / "notes.docx").write_text("hello")
    train, test, said = loaded(data)
    assert len(train) + len(test) == 38
    assert "2 files were left out, because they are damaged, or no pictures: a/0.png, b/1.png." in said
    assert "1 file was left out, because it is in no folder of a class: x.png." in said
    assert "notes.docx" in said


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (1, "0.png is not a picture that can be read; "),
        (2, ", and 1 other cannot"),
        (3, ", and 2 others cannot be read either; "),
    ],
)
def test_many_bad_files_are_counted_and_refused(tmp_path: Path, bad: int, said: str) -> None:
    data = drawn(tmp_path / "set", 4)
    for number in range(bad):
        (data / "a" / f"{number}.png").write_bytes(b"nothing")
    with pytest.raises(DataError, match=f"{said}.*remove or replace it"):
        datasets.as_idx_folder(data)


@pytest.mark.parametrize("name", ["val", "valid", "validation", "test"])
def test_a_second_folder_of_any_name_is_for_testing(tmp_path: Path, name: str) -> None:
    drawn(tmp_path / "set" / "train", 6)
    drawn(tmp_path / "set" / name, 2)
    train, test, _ = loaded(tmp_path / "set")
    assert (len(train), len(test)) == (12, 4)


def test_validation_beside_a_test_set_is_for_training_and_train_alone_is_divided(tmp_path: Path) -> None:
    for name, n in (("train", 6), ("valid", 2), ("test", 1)):
        drawn(tmp_path / "three" / name, n)
    train, test, said = loaded(tmp_path / "three")
    assert (len(train), len(test)) == (16, 2) and "The validation pictures joined those for training" in said
    drawn(tmp_path / "one" / "train", 12)
    train, test, said = loaded(tmp_path / "one")
    assert (len(train), len(test)) == (20, 4) and "was set aside for testing" in said


def test_pictures_in_a_folder_within_a_class_are_told_or_refused(tmp_path: Path) -> None:
    """They were a class of their own, and the test pictures were learned from, if the first picture lay in one."""
    drawn(tmp_path / "few" / "train", 20)
    drawn(tmp_path / "few" / "test", 4)
    old = tmp_path / "few" / "test" / "a" / "0 old"
    old.mkdir()
    (tmp_path / "few" / "test" / "a" / "0.png").rename(old / "0.png")
    train, test, notes = loaded(tmp_path / "few")
    assert train.class_names == ("a", "b")
    assert np.bincount(train.labels).tolist() == [20, 20] and np.bincount(test.labels).tolist() == [3, 4]
    assert "1 file was left out, because it is in no folder of a class: 0.png." in notes
    drawn(tmp_path / "many" / "train", 4)
    drawn(tmp_path / "many" / "train" / "c", 2, "xy")
    with pytest.raises(DataError, match="pictures at different depths"):
        datasets.as_idx_folder(tmp_path / "many")


def test_names_of_classes_that_cannot_be_lines_are_changed_and_told(tmp_path: Path) -> None:
    data = drawn(tmp_path / "set", 6)
    os.rename(data / "a", data / "two\nlines")
    os.rename(data / "b", os.path.join(os.fsencode(data), b"caf\xe9"))
    train, _, said = loaded(data)
    assert train.class_names == ("caf", "two lines")
    assert "'two\\nlines' is called 'two lines'" in said and "is called 'caf'" in said


def test_two_classes_of_one_name_are_refused(tmp_path: Path) -> None:
    data = drawn(tmp_path / "set", 6)
    os.rename(data / "a", data / "two\nlines")
    os.rename(data / "b", data / "two lines")
    with pytest.raises(DataError, match="two classes the name two lines"):
        datasets.as_idx_folder(data)


@pytest.mark.parametrize("kind", ["pictures", "npz", "idx"])
def test_pictures_that_are_all_alike_are_refused(tmp_path: Path, kind: str) -> None:
    if kind == "pictures":
        drawn(tmp_path / "set", 6, draw=lambda number: np.zeros((12, 12), np.uint8))
    elif kind == "npz":
        np.savez(tmp_path / "set.npz", images=np.ones((9, 6, 6)), labels=np.arange(9) % 3)
    else:
        (tmp_path / "set").mkdir()
        for split in ("train", "t10k"):
            write_idx(tmp_path / "set" / f"{split}-images-idx3-ubyte", np.full((6, 4, 4), 7, np.uint8))
            write_idx(tmp_path / "set" / f"{split}-labels-idx1-ubyte", np.arange(6, dtype=np.uint8) % 2)
    with pytest.raises(DataError, match=r"all .* pictures of .* are of one brightness"):
        loaded(tmp_path / ("set.npz" if kind == "npz" else "set"))


# ---------------------------------------------------------------------------------------------------- arrays


@pytest.mark.parametrize("shape", ["n,1,s,s", "n,s,s,1", "n,3,s,s", "n,s,s,3", "n,s*s"])
@pytest.mark.parametrize("labels", ["bytes", "floats", "from 1", "column"])
def test_arrays_of_any_layout_with_labels_of_any_kind(tmp_path: Path, shape: str, labels: str) -> None:
    images, classes = pictures(18)
    given = {
        "n,1,s,s": images[:, None],
        "n,s,s,1": images[..., None],
        "n,3,s,s": np.repeat(images[:, None], 3, axis=1),
        "n,s,s,3": np.repeat(images[..., None], 3, axis=3),
        "n,s*s": images.reshape(18, -1),
    }[shape]
    shown = {
        "bytes": classes,
        "floats": classes.astype(float),
        "from 1": classes.astype(np.int64) + 1,
        "column": classes[:, None],
    }[labels]
    np.savez(tmp_path / "set.npz", X=given, y=shown)
    train, test, _ = loaded(tmp_path / "set.npz")
    assert train.class_names == (("1", "2", "3") if labels == "from 1" else ("0", "1", "2"))
    order = np.concatenate([train.labels, test.labels])
    assert sorted(order) == sorted(classes)
    both = np.concatenate([train.images, test.images])
    for image, label in zip(both, order, strict=True):
        assert (classes[(np.abs(images / 255 - image) < 0.01).all(axis=(1, 2))] == label).all()


@pytest.mark.parametrize(
    "names",
    [
        ("arr_0", "arr_1", "arr_2", "arr_3"),
        ("trainImages", "trainLabels", "testImages", "testLabels"),
        ("train_x", "train_y", "val_x", "val_y"),
        ("foo", "bar", "baz", "qux"),
    ],
)
def test_arrays_of_any_names_or_none(tmp_path: Path, names: tuple[str, ...]) -> None:
    images, labels = pictures(18)
    np.savez(tmp_path / "set.npz", **dict(zip(names, (images, labels, images[:6], labels[:6]), strict=True)))
    train, test, _ = loaded(tmp_path / "set.npz")
    assert (len(train), len(test)) == (18, 6)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (np.arange(18) % 3 + 0.5, "labels that are not whole numbers"),
        (np.where(np.arange(18), np.arange(18) % 3, 10**9), "has a label 1000000000"),
        (np.arange(18) % 3 + 2**32, "has a label 4294967298"),
        (np.zeros(18, int), "pictures of only one class"),
    ],
)
def test_labels_that_are_no_classes_are_refused(tmp_path: Path, labels: NDArray[np.float64], said: str) -> None:
    np.savez(tmp_path / "set.npz", images=pictures(18)[0], labels=labels)
    with pytest.raises(DataError, match=said):
        datasets.as_idx_folder(tmp_path / "set.npz")


# ------------------------------------------------------------------------------------------------- IDX files


def test_idx_labels_need_not_begin_at_0(tmp_path: Path) -> None:
    images, labels = pictures(12)
    for split in ("train", "t10k"):
        write_idx(tmp_path / f"{split}-images-idx3-ubyte", images)
        write_idx(tmp_path / f"{split}-labels-idx1-ubyte", labels * 2 + 1)
    train = load_digits(tmp_path, "train")
    assert train.class_names == ("1", "3", "5") and train.labels.tolist() == labels.tolist()
    write_idx(tmp_path / "train-labels-idx1-ubyte", labels + 1)
    write_idx(tmp_path / "t10k-labels-idx1-ubyte", labels + 1)
    (tmp_path / "classes.txt").write_text("a\nb\nc\n")
    train = load_digits(tmp_path, "train")
    assert train.class_names == ("a", "b", "c") and train.labels.tolist() == labels.tolist()


def test_idx_files_for_training_alone_are_divided(tmp_path: Path) -> None:
    images, labels = pictures(18)
    write_idx(tmp_path / "train-images-idx3-ubyte", images)
    write_idx(tmp_path / "train-labels-idx1-ubyte", labels)
    train, test, said = loaded(tmp_path)
    assert (len(train), len(test)) == (15, 3) and "set aside" in said


def test_idx_files_are_found_in_the_folder_that_torchvision_makes(tmp_path: Path) -> None:
    for name in ("MNIST", "FashionMNIST"):
        folder = tmp_path / "root" / name / "raw"
        folder.mkdir(parents=True)
        for split in ("train", "t10k"):
            write_idx(folder / f"{split}-images-idx3-ubyte", pictures(6)[0])
            write_idx(folder / f"{split}-labels-idx1-ubyte", pictures(6)[1])
    assert datasets.as_idx_folder(tmp_path / "root" / "MNIST").folder == folder.parent.parent / "MNIST" / "raw"
    with pytest.raises(DataError, match="several data sets"):
        datasets.as_idx_folder(tmp_path / "root")


def test_lists_of_classes_beside_pictures_and_hidden_files_beside_idx_files_are_no_data(tmp_path: Path) -> None:
    """torchvision's users write class_to_idx.json; macOS puts ._x beside x where it unpacks."""
    drawn(tmp_path / "set", 12)
    for name in ("class_to_idx.json", "idx2label.txt", "idx_to_labels.json"):
        (tmp_path / "set" / name).write_text("{}")
    train, test, _ = loaded(tmp_path / "set")
    assert train.class_names == ("a", "b") and (len(train), len(test)) == (20, 4)
    idx = tmp_path / "idx"
    idx.mkdir()
    for split in ("train", "t10k"):
        images, labels = pictures(12, classes=3)
        for name, array in ((f"{split}-images-idx3-ubyte", images), (f"{split}-labels-idx1-ubyte", labels)):
            write_idx(idx / name, array)
            (idx / f"._{name}").write_bytes(b"Mac OS X")
    assert datasets.as_idx_folder(idx).folder == idx
    assert [len(load_digits(idx, split)) for split in ("train", "test")] == [12, 12]
    assert [file.name[0] for file in clip_cache.data_files(idx)] == ["t", "t", "t", "t"]


@pytest.mark.parametrize(
    "name", ["{}-images-idx3-ubyte.gz", "{}-images.idx3-ubyte", "EMNIST_{}_Images.IDX", "{}-images-ubyte"]
)
def test_names_of_idx_files(name: str) -> None:
    assert all(is_idx_file(Path(name.format(split))) for split in ("train", "test"))


def test_transposed_digits_are_noticed_and_upright_ones_are_not(tmp_path: Path) -> None:
    digits = load_digits(DEFAULT_DATA, "test").subset(slice(600))
    assert not lies_on_its_side(digits.images, digits.labels, digits.class_names)
    assert lies_on_its_side(digits.images.transpose(0, 2, 1), digits.labels, digits.class_names)
    images = np.round(255 * digits.images).astype(np.uint8)
    for split in ("train", "t10k"):
        write_idx(tmp_path / f"emnist-{split}-images-idx3-ubyte", images.transpose(0, 2, 1))
        write_idx(tmp_path / f"emnist-{split}-labels-idx1-ubyte", digits.labels.astype(np.uint8))
    train, test, said = loaded(tmp_path)
    assert "turned upright" in said
    np.testing.assert_allclose(train.images, digits.images, atol=1e-6)
    np.testing.assert_allclose(test.images, digits.images, atol=1e-6)


# ---------------------------------------------------------------------------------------------------- tables


def write_csv(file: Path, images: NDArray[np.uint8], labels: NDArray[np.generic] | None, header: bool = True) -> None:
    rows = images.reshape(len(images), -1).tolist()
    if labels is not None:
        rows = [[label, *row] for label, row in zip(labels.tolist(), rows, strict=True)]
    named = [*(["label"] if labels is not None else []), *(f"pixel{n}" for n in range(images[0].size))]
    file.write_text("\n".join(",".join(map(str, row)) for row in ([named] if header else []) + rows) + "\n")


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("letters", [False, True])
def test_csv_as_on_kaggle(tmp_path: Path, header: bool, letters: bool) -> None:
    images, labels = pictures(18)
    shown = np.array(list("xyz"))[labels] if letters else labels
    write_csv(tmp_path / "my.csv", images, shown, header)
    train, test, said = loaded(tmp_path / "my.csv")
    assert (len(train), len(test)) == (15, 3) and "set aside" in said
    assert train.class_names == (tuple("xyz") if letters else ("0", "1", "2"))
    both = np.concatenate([train.vectors, test.vectors])
    np.testing.assert_allclose(np.sort(both, axis=None), np.sort(images / 255, axis=None), atol=1e-6)


def test_names_of_classes_that_python_would_read_as_numbers_stay_names(tmp_path: Path) -> None:
    """1_1 was the class 11, and the Arabic ١ was the class 1."""
    labels = np.array(["1_1", "11", "2", "\N{ARABIC-INDIC DIGIT ONE}"] * 12)
    images = np.arange(len(labels), dtype=np.uint8)[:, None, None] + np.zeros((4, 4), np.uint8)
    write_csv(tmp_path / "train.csv", images, labels)
    train, _, _ = loaded(tmp_path / "train.csv")
    assert set(train.class_names) == set(labels.tolist())


def test_a_folder_of_csv_files_and_one_without_labels(tmp_path: Path) -> None:
    images, labels = pictures(18)
    write_csv(tmp_path / "train.csv", images, labels)
    write_csv(tmp_path / "test.csv", images[:6], None)
    train, test, said = loaded(tmp_path)
    assert (len(train), len(test)) == (15, 3) and "test.csv has no labels, so it was left out" in said
    write_csv(tmp_path / "test.csv", images[:6], labels[:6])
    train, test, said = loaded(tmp_path)
    assert (len(train), len(test)) == (18, 6)
    with pytest.raises(DataError, match="has pictures but no labels"):
        write_csv(tmp_path / "alone.csv", images, None)
        datasets.as_idx_folder(tmp_path / "alone.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (",".join(f"c{n}" for n in range(90)) + "\n", "has 90 columns"),
        ("label," + ",".join(f"p{n}" for n in range(16)) + "\n1,2\n", "row 2 of .* has 2 cells, not 17"),
        ("label," + ",".join(f"p{n}" for n in range(16)) + "\n" + "x," * 16 + "x\n", "a cell that is not a brightness"),
        ("label," + ",".join(f"p{n}" for n in range(16)) + "\n", "no rows of pictures"),
    ],
)
def test_a_csv_that_is_no_table_of_pictures_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "my.csv").write_text(text)
    with pytest.raises(DataError, match=said):
        datasets.as_idx_folder(tmp_path / "my.csv")


def test_pickles_and_packed_files_are_refused_with_a_way_out(tmp_path: Path) -> None:
    file = tmp_path / "mnist.pkl.gz"
    file.write_bytes(gzip.compress(pickle.dumps([os.getcwd])))
    for data in (file, tmp_path):
        with pytest.raises(DataError, match=r"can run any program; mnist itself is what is used without --data.*savez"):
            datasets.as_idx_folder(data)
    (tmp_path / "x.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="is packed; unpack it"):
        datasets.as_idx_folder(tmp_path / "x.zip")


def test_converted_data_finds_another_place_where_the_usual_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HOME", str(tmp_path))
    data = drawn(tmp_path / "set", 8)
    found = datasets.as_idx_folder(data, tmp_path / "file" / "data")
    assert found.folder.parent == tmp_path / ".cache" / "knobs" / "data"
    assert datasets.as_idx_folder(data, tmp_path / "file" / "data") == found
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"converted data cannot be written to .*file/data"):
        datasets.as_idx_folder(data, tmp_path / "file" / "data")
