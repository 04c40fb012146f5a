"""Data as people keep pictures: a folder for each class, alone or in folders train and test."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lesson.importing.brightness import Grey, Unreadable, alike, read_picture
from lesson.importing.found_data import (
    SET_ASIDE,
    TEST,
    TRAIN,
    FoundData,
    chosen_for_testing,
    listed,
    natural_order,
    split_named,
)
from network.errors import DataError
from scenes.wording import count

PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm"}
# How many files in each hundred may be left out, because they cannot be read or lie elsewhere; more are a mistake.
_MAY_BE_LEFT_OUT = 10
# What systems put into folders by themselves.
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini"}


def pictures_below(data: Path) -> tuple[list[Path], list[Path]]:
    """The pictures up to three folders deep, and other files beside them, sorted; hidden files are neither."""
    pictures: list[Path] = []
    others: list[Path] = []
    for folder, folders, files in os.walk(data, followlinks=True):
        depth = len(Path(folder).relative_to(data).parts)
        folders[:] = [] if depth >= 3 else [name for name in folders if name[0] not in "._"]
        for name in files:
            if name[0] in "._" or name.lower() in _OF_THE_SYSTEM:
                continue
            file = Path(folder, name)
            (pictures if file.suffix.lower() in PICTURES else others).append(file)
    return sorted(pictures), sorted(others)


def from_pictures(data: Path, files: Sequence[Path], others: Sequence[Path]) -> FoundData:
    """Pictures and names of classes from FOLDER/class/x.png, or FOLDER/train/class/x.png and FOLDER/test/…

    files: the pictures below `data`, and others: what lies beside them.
    """
    files, notes = _in_place(data, files)
    if in_classes := [file for file in others if len(file.relative_to(data).parts) > 1]:
        notes.append(_left_out(len(in_classes), "not pictures that can be read", [f.name for f in in_classes]))
    places = [file.relative_to(data).parts[:-1] for file in files]
    classes = [place[-1] for place in places]
    names = tuple(sorted(set(classes), key=natural_order))
    if len(names) < 2:
        raise DataError(
            f"{data} has pictures of only one class, {names[0]}; give at least two, each in a folder of its own"
        )
    if len(places[0]) == 2:
        splits = [_split(place[0], data) for place in places]
        if TRAIN not in splits:
            given = " and ".join(sorted({place[0] for place in places}))
            raise DataError(f"{data} has only pictures for {given}; give it two folders, train and test")
    else:
        splits = [TRAIN] * len(files)
    pictures, kept = _read(files, data, notes)
    if set(splits) == {TRAIN}:
        splits = chosen_for_testing([(c, f.name) for c, f in zip(classes, files, strict=True)])
        notes.append(f"{SET_ASIDE}; to choose them yourself, use two folders, train and test.")
    images, more = alike(pictures)
    at = {name: number for number, name in enumerate(names)}
    labels, for_split = np.array([at[name] for name in classes])[kept], np.array(splits)[kept]
    arrays = {split: (images[for_split == split], labels[for_split == split]) for split in dict.fromkeys(for_split)}
    if TRAIN not in arrays or TEST not in arrays and len(arrays) < 2:
        raise DataError(f"{data} has too few pictures; give each class at least two")
    return FoundData({str(split): pair for split, pair in arrays.items()}, names, (*notes, *more))


def _in_place(data: Path, files: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The pictures that lie where those of classes do, all as deep; a few that lie elsewhere are left out, and told."""
    depths = [len(file.relative_to(data).parts) for file in files]
    usual = max((2, 3), key=depths.count)
    stray = [file for file, depth in zip(files, depths, strict=True) if depth != usual]
    kept = sorted(set(files) - set(stray))
    if not kept or len(stray) * 100 > _MAY_BE_LEFT_OUT * len(files):
        raise DataError(
            f"{data} has pictures at different depths, such as {listed(stray[:1])} and {listed(kept[:1])}; put each "
            f"into a folder named after its class, and these folders, if you like, into train and test"
            if kept
            else f"the pictures in {data} are not sorted by class; put each into a folder named after its class"
        )
    return kept, [_left_out(len(stray), "in no folder of a class", [f.name for f in stray])] if stray else []


def _read(files: Sequence[Path], data: Path, notes: list[str]) -> tuple[list[Grey], list[int]]:
    """The pictures that can be read, and their numbers among the files; the notes tell which cannot."""
    pictures, kept, bad = [], [], []
    for number, file in enumerate(files):
        try:
            pictures.append(read_picture(file))
            kept.append(number)
        except Unreadable as reason:
            bad.append((file, reason))
    if len(bad) * 100 > _MAY_BE_LEFT_OUT * len(files):
        file, problem = bad[0]
        others = f", and {count(len(bad) - 1, 'other')} cannot be read either" if len(bad) > 1 else ""
        raise DataError(f"{file} {problem}{others}; remove or replace it") from problem
    if bad:
        notes.append(_left_out(len(bad), "damaged, or no pictures", [str(f.relative_to(data)) for f, _ in bad]))
    return pictures, kept


def _left_out(number: int, why: str, names: Sequence[str]) -> str:
    shown = listed(ascii(name)[1:-1] if not name.isprintable() else name for name in names)
    files = "1 file was left out, because it is" if number == 1 else f"{number:,} files were left out, because they are"
    return f"{files} {why}: {shown}."


def _split(name: str, data: Path) -> str:
    split = split_named(name)
    if split is None:
        raise DataError(
            f"{data / name} is neither train nor test; give the two folders in {data} these names, each with all "
            f"classes"
        )
    return split
