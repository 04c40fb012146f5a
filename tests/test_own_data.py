"""Pictures by class and NumPy archives are converted to the right IDX files, once."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lesson.cli.program import main
from lesson.importing import datasets
from network.checkpoint import load_checkpoint
from network.digits import load_digits
from network.errors import DataError


def picture(place: Path, value: int, size: tuple[int, int] = (10, 10), paper: int = 0) -> Path:
    """A square of brightness `value` in the middle of a frame."""
    array = np.full((size[1], size[0]), paper, np.uint8)
    array[size[1] // 4 : -size[1] // 4, size[0] // 4 : -size[0] // 4] = value
    place.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(place)
    return place


def test_folders_train_and_test_with_a_folder_a_class(tmp_path: Path) -> None:
    for split, counts in (("train", (3, 4)), ("Test", (1, 2))):
        for name, count in zip(("cat", "dog"), counts, strict=True):
            for n in range(count):
                picture(tmp_path / "pets" / split / name / f"{n}.png", 100 + 10 * n + (5 if name == "dog" else 0))
    (tmp_path / "pets" / "train" / "cat" / ".hidden.png").write_text("no picture")
    found = datasets.as_idx_folder(tmp_path / "pets")
    train, test = load_digits(found.folder, "train"), load_digits(found.folder, "test")
    assert train.class_names == test.class_names == ("cat", "dog")
    assert train.labels.tolist() == [0, 0, 0, 1, 1, 1, 1] and test.labels.tolist() == [0, 1, 1]
    assert (255 * train.images[:, 5, 5]).round().tolist() == [100, 110, 120, 105, 115, 125, 135]
    assert found.notes == ()


def test_without_them_one_in_six_of_each_class_is_for_testing_and_classes_count_as_people_do(tmp_path: Path) -> None:
    for name in ("10", "9", "2"):
        for n in range(12):
            picture(tmp_path / "mine" / name / f"{n}.png", 200 + n)
    found = datasets.as_idx_folder(tmp_path / "mine")
    train, test = load_digits(found.folder, "train"), load_digits(found.folder, "test")
    assert train.class_names == ("2", "9", "10")
    assert np.bincount(train.labels).tolist() == [10, 10, 10] and np.bincount(test.labels).tolist() == [2, 2, 2]
    assert "One picture in 6" in found.notes[0]


def test_paper_is_turned_dark_and_other_sizes_are_brought_to_one(tmp_path: Path) -> None:
    picture(tmp_path / "scans" / "a" / "1.jpg", 20, (90, 60), paper=250)
    picture(tmp_path / "scans" / "a" / "2.png", 30, (60, 90), paper=255)
    picture(tmp_path / "scans" / "b" / "1.png", 0, (40, 40), paper=255)
    transparent = np.zeros((40, 40, 4), np.uint8)
    transparent[10:30, 10:30, 3] = 255  # black ink on nothing
    Image.fromarray(transparent).save(tmp_path / "scans" / "b" / "2.png")
    found = datasets.as_idx_folder(tmp_path / "scans")
    digits = load_digits(found.folder, "train")
    assert digits.side == 28
    assert (digits.images[:, 14, 14] > 0.8).all() and (digits.images[:, 0, 0] < 0.1).all()
    assert len(found.notes) == 3


def test_what_was_converted_once_is_not_converted_again_until_it_changes(tmp_path: Path) -> None:
    for name in "ab":
        for n in range(2):
            picture(tmp_path / "mine" / name / f"{n}.png", (200 if name == "a" else 220) + n)
    first = datasets.as_idx_folder(tmp_path / "mine")
    state = [(file.name, file.stat().st_mtime_ns) for file in sorted(first.folder.iterdir())]
    assert datasets.as_idx_folder(tmp_path / "mine") == first
    assert [(file.name, file.stat().st_mtime_ns) for file in sorted(first.folder.iterdir())] == state
    changed = picture(tmp_path / "mine" / "a" / "0.png", 90)
    os.utime(changed, ns=(0, changed.stat().st_mtime_ns + 10_000_000))  # also where two times are the same to the clock
    other = datasets.as_idx_folder(tmp_path / "mine")
    assert other.folder != first.folder
    assert not [file for file in datasets.CONVERTED.iterdir() if file.name.startswith(".")]


def test_two_data_sets_whose_files_look_the_same_from_outside_are_two(tmp_path: Path) -> None:
    for data, value in (("mnist", 50), ("fashion", 200)):
        for name in ("cat", "dog"):
            for n in range(4):
                os.utime(picture(tmp_path / data / "raw" / name / f"{n}.pgm", value + n), (1, 1))
    brightest = []
    for data in ("mnist", "fashion"):
        found = datasets.as_idx_folder(tmp_path / data / "raw")
        brightest.append(round(255 * float(load_digits(found.folder, "train").images.max())) // 50)
    assert brightest == [1, 4]


@pytest.mark.parametrize(
    "names",
    [("x_train", "y_train", "x_test", "y_test"), ("train_images", "train_labels", "test_images", "test_labels")],
)
@pytest.mark.parametrize("labels", ["numbers", "rows", "names"])
def test_an_archive(tmp_path: Path, names: tuple[str, ...], labels: str) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (9, 6, 6), np.uint8)
    classes = np.arange(9) % 3
    shown = {"numbers": classes, "rows": np.eye(3)[classes], "names": np.array(["ape", "bee", "cow"])[classes]}[labels]
    arrays = (images, shown, images[:3], shown[:3])
    np.savez(tmp_path / "set.npz", **dict(zip(names, arrays, strict=True)))
    found = load_digits(datasets.as_idx_folder(tmp_path / "set.npz").folder, "train")
    np.testing.assert_allclose(found.images, images / 255, atol=1e-7)
    assert found.labels.tolist() == classes.tolist()
    assert found.class_names == (("ape", "bee", "cow") if labels == "names" else ("0", "1", "2"))


@pytest.mark.parametrize("white", [1, 255])
def test_an_archive_of_fractions_in_one_piece(tmp_path: Path, white: int) -> None:
    images = np.random.default_rng(0).random((12, 36)).astype(np.float32)
    np.savez(tmp_path / "set.npz", images=images * white, labels=np.arange(12) % 2, class_names=["no", "yes"])
    folder = datasets.as_idx_folder(tmp_path / "set.npz").folder
    train, test = load_digits(folder, "train"), load_digits(folder, "test")
    both = np.concatenate([train.vectors, test.vectors])
    np.testing.assert_allclose(np.sort(both, axis=None), np.sort(images, axis=None), atol=1e-6)
    assert np.bincount(test.labels).tolist() == [1, 1] and train.class_names == ("no", "yes")


def bad(folder: Path, kind: str) -> Path:
    images, labels = np.zeros((4, 6, 6), np.uint8), np.arange(4)
    archive = folder / "set.npz"
    if kind == "nothing there":
        return folder / "nowhere"
    if kind == "a text":
        (folder / "a.txt").write_text("hello")
        return folder / "a.txt"
    if kind == "an empty folder":
        (folder / "empty").mkdir()
        return folder / "empty"
    if kind == "no archive":
        archive.write_bytes(b"PK\x03\x04 and then nothing")
    elif kind == "other arrays":
        np.savez(archive, a=images)
    elif kind == "an oblong":
        np.savez(archive, images=np.zeros((4, 6, 5)), labels=labels)
    elif kind == "a NaN":
        np.savez(archive, images=np.full((4, 6, 6), np.nan), labels=labels)
    elif kind == "too few labels":
        np.savez(archive, images=images, labels=labels[:3])
    elif kind == "labels below 0":
        np.savez(archive, images=images, labels=labels - 1)
    elif kind == "an object":
        np.savez(archive, images=np.array([{}], object), labels=labels, allow_pickle=True)
    elif kind == "an unknown name":
        np.savez(archive, images=images, labels=np.array(list("abcd")), class_names=list("abc"))
    elif kind == "one class":
        picture(folder / "mine" / "a" / "1.png", 9)
        return folder / "mine"
    elif kind == "a broken picture":
        for place in ("a/1.png", "a/2.png", "b/2.png"):
            picture(folder / "mine" / place, 9)
        whole = picture(folder / "mine" / "b" / "1.png", 9).read_bytes()
        (folder / "mine" / "b" / "1.png").write_bytes(whole[:40])
        return folder / "mine"
    elif kind == "different depths":
        picture(folder / "mine" / "a" / "1.png", 9)
        picture(folder / "mine" / "b" / "c" / "1.png", 9)
        return folder / "mine"
    elif kind == "no training pictures":
        picture(folder / "mine" / "train" / "a" / "1.png", 9)
        picture(folder / "mine" / "test" / "b" / "1.png", 9)
        return folder / "mine"
    elif kind == "only test pictures":
        picture(folder / "mine" / "test" / "a" / "1.png", 9)
        picture(folder / "mine" / "test" / "b" / "1.png", 19)
        return folder / "mine"
    return archive


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("nothing there", "there is no data folder"),
        ("a text", "neither a folder nor an .npz file"),
        ("an empty folder", "neither IDX files nor folders of pictures"),
        ("no archive", "damaged or not a NumPy archive"),
        ("other arrays", "expected train_images"),
        ("an oblong", "grey and square"),
        ("a NaN", "scale them to 0 black"),
        ("too few labels", "4 images but 3 labels"),
        ("labels below 0", "whole numbers from 0"),
        ("an object", "holds Python objects, which could run any program"),
        ("an unknown name", "the label 'd', which is not in class_names"),
        ("one class", "only one class, a"),
        ("a broken picture", "1.png is not a picture"),
        ("different depths", "at different depths"),
        ("no training pictures", "no training pictures of the class b"),
        ("only test pictures", "only pictures for test"),
    ],
)
def test_bad_data_is_told_in_a_sentence_and_leaves_nothing(tmp_path: Path, kind: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        datasets.as_idx_folder(bad(tmp_path, kind))
    assert not list(datasets.CONVERTED.glob("*")), "nothing half made is left"


def test_a_network_finds_the_pictures_it_was_trained_on(tmp_path: Path) -> None:
    for name, value in (("dim", 90), ("bright", 250)):
        for n in range(12):
            picture(tmp_path / "mine" / name / f"{n}.png", value - n)
    file = tmp_path / "my.npz"
    with pytest.raises(SystemExit) as left:
        main(["train", "--data", str(tmp_path / "mine"), "--epochs", "2", "--hidden", "4", "--output", str(file)])
    assert left.value.code == 0
    assert load_checkpoint(file).metadata.data_name == "mine"
    folder = datasets.data_of(file, None)
    assert folder is not None and load_digits(folder, "test").class_names == ("bright", "dim")
    assert datasets.data_of(None, None) is None


def test_the_same_pictures_with_other_names_are_other_data(tmp_path: Path) -> None:
    """Two folders that differ only in their classes.txt were once confused."""
    for names in (("dim", "bright"), ("low", "high")):
        for name, value in zip(names, (90, 250), strict=True):
            for n in range(12):
                picture(tmp_path / names[0] / "train" / name / f"{n}.png", value - n)
                picture(tmp_path / names[0] / "test" / name / f"{n}.png", value - n)
        words = ("--data", str(tmp_path / names[0]), "--epochs", "1", "--hidden", "4")
        with pytest.raises(SystemExit):
            main(["train", *words, "--output", str(tmp_path / f"{names[0]}.npz")])
    for file, names in (("dim.npz", ("bright", "dim")), ("low.npz", ("high", "low"))):
        folder = datasets.data_of(tmp_path / file, None)
        assert folder is not None and load_digits(folder, "test").class_names == names
