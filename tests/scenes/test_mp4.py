"""The boxes of an MP4, and what they say of the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from scenes.stage.mp4 import Box, boxes, is_whole


def box(kind: bytes, content: bytes = b"", long: bool = False) -> bytes:
    if long:
        return (1).to_bytes(4) + kind + (16 + len(content)).to_bytes(8) + content
    return (8 + len(content)).to_bytes(4) + kind + content


INNER = box(b"trak", b"12345") + box(b"udta")
FILE = box(b"ftyp", b"isom") + box(b"moov", INNER) + box(b"mdat", b"pictures", long=True)


def test_boxes_lie_one_behind_the_other_and_inside_each_other() -> None:
    file = io.BytesIO(FILE)
    found = boxes(file, 0, len(FILE))
    assert [one.kind for one in found] == [b"ftyp", b"moov", b"mdat"]
    assert FILE[found[2].start : found[2].stop] == b"pictures"
    inner = boxes(file, found[1].start, found[1].stop)
    assert [(one.kind, FILE[one.start : one.stop]) for one in inner] == [(b"trak", b"12345"), (b"udta", b"")]
    assert boxes(io.BytesIO(b"\0\0\0\3abcd"), 0, 8) == [], "a box is never shorter than its head"
    assert boxes(io.BytesIO(box(b"free") + b"\0\0"), 0, 10) == [Box(b"free", 8, 8)]


@pytest.mark.parametrize("length", range(len(FILE)))
def test_a_file_that_is_cut_off_is_not_whole(length: int, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(FILE[:length])
    assert not is_whole(tmp_path / "a.mp4")


def test_a_whole_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(FILE)
    assert is_whole(tmp_path / "a.mp4")
    (tmp_path / "b.mp4").write_bytes(box(b"ftyp") + box(b"mdat"))
    assert not is_whole(tmp_path / "b.mp4"), "without its index"
    assert not is_whole(tmp_path / "none.mp4")
    assert not is_whole(tmp_path / "none.gif")
