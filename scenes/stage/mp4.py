"""MP4 files: whether one is whole, and its index put first."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import av

from network.files import temporary_name


def is_whole(film: Path) -> bool:
    """Whether an MP4 or MOV reaches to the end of its last box, and holds its index and pictures.

    Files of other kinds are taken as they are.
    """
    if film.suffix not in (".mp4", ".mov"):
        return film.exists()
    try:
        with open(film, "rb") as file:
            size, place, kinds = os.fstat(file.fileno()).st_size, 0, set()
            while place < size:
                file.seek(place)
                head = file.read(16)
                length, kind = int.from_bytes(head[:4]), head[4:8]
                if length == 1:  # a 64-bit length follows
                    length = int.from_bytes(head[8:16])
                if length < 8:
                    return False
                kinds.add(kind)
                place += length
            return place == size and {b"ftyp", b"moov", b"mdat"} <= kinds
    except OSError:
        return False


def make_fast_start(file: Path) -> None:
    """Rewrite an MP4 with its index first; the pictures stay as they are, the old file until the new one is whole."""
    rewritten = temporary_name(file)
    try:
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
    finally:
        rewritten.unlink(missing_ok=True)
