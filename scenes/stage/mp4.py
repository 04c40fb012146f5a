"""MP4 files: their boxes, whether a file is complete, and how its index comes first."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

import av

from network.files import unfinished_file


class Box(NamedTuple):
    """A box of an MP4, and where its content starts and stops in the file."""

    kind: bytes
    start: int
    stop: int


def boxes(file: BinaryIO, start: int, stop: int) -> list[Box]:
    """The boxes between two places of an MP4, up to the first that is damaged; the last one may reach beyond `stop`."""
    found = []
    while start + 8 <= stop:
        file.seek(start)
        head = file.read(16)
        length, content = int.from_bytes(head[:4]), start + 8
        if length == 1:  # a 64-bit length follows
            length, content = int.from_bytes(head[8:16]), start + 16
        if length < 8:
            break
        found.append(Box(head[4:8], content, start + length))
        start += length
    return found


def is_whole(film: Path) -> bool:
    """Whether an MP4 or MOV ends where its last box ends, and holds its index and pictures.

    For other kinds of files, it only checks that they exist.
    """
    if film.suffix not in (".mp4", ".mov"):
        return film.exists()
    try:
        with open(film, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            found = boxes(file, 0, size)
    except OSError:
        return False
    return bool(found) and found[-1].stop == size and {b"ftyp", b"moov", b"mdat"} <= {box.kind for box in found}


def make_fast_start(file: Path) -> None:
    """Rewrite an MP4 with its index first, without encoding anything again.

    OSError if it cannot be written; then the old file stays.
    """
    with unfinished_file(file) as rewritten:
        options = {"movflags": "faststart"}
        with av.open(file) as source, av.open(rewritten, "w", format="mp4", options=options) as target:
            for name, value in source.metadata.items():
                target.metadata[name] = value
            streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    target.mux(packet)
        if not is_whole(rewritten):
            raise OSError(errno.EIO, "it could not be written to the end", str(file))
        os.replace(rewritten, file)
