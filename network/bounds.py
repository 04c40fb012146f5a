"""What a file may cost: judged before it is opened, so that a small file cannot fill the memory or hang the program."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zipfile
from pathlib import Path

# What a file may unpack to: this many bytes, or this many times its own size, whichever is more. Sets of pictures
# shrink to a fifth when they are packed, and those kept as 64-bit numbers to a thirtieth.
_ALWAYS_ALLOWED, _TIMES_ALLOWED = 64_000_000, 50
# A network that can be drawn takes megabytes; the checkpoint of its training some times as much.
MOST_BYTES = 250_000_000
# The largest published sets of written characters have fewer classes; each needs a neuron, and a share of every target.
MOST_CLASSES = 4_000
# The highest number that labels are given in practice: that of the last Unicode character.
HIGHEST_LABEL = 0x10FFFF
# A picture of more pixels is no picture of a digit, and its decoding takes hundreds of megabytes.
MOST_PIXELS = 50_000_000


def allowed_size(packed: int) -> int:
    """How many bytes a file of `packed` bytes may unpack to."""
    return max(_ALWAYS_ALLOWED, _TIMES_ALLOWED * packed)


def unpacks_to_much(packed: int, unpacked: int) -> str | None:
    """Why a file of `packed` bytes is not unpacked, as the end of a sentence; None if it may be."""
    if unpacked <= allowed_size(packed):
        return None
    return f"would unpack from {_in_words(packed)} to {_in_words(unpacked)}, far more than a real file holds"


def refusal(path: Path) -> str | None:
    """Why a file should not even be opened, as the end of a sentence that begins with its name; None if it may be.

    A pipe or a device might never end, and a small archive might unpack to gigabytes. OSError if there is no such file.
    """
    found = os.stat(path)
    if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
        return "is a pipe or a device, not a file"
    if stat.S_ISREG(found.st_mode) and zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                return unpacks_to_much(found.st_size, sum(entry.file_size for entry in archive.infolist()))
        except Exception:  # damaged in one of many ways: whoever reads it says so in its own words
            return None
    return None


def gunzipped(packed: bytes) -> bytes | None:
    """What a gzip file holds; None if that is more than such a file may unpack to. Errors are those of gzip."""
    limit = allowed_size(len(packed))
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as opened:
        data = opened.read(limit + 1)
    return data if len(data) <= limit else None


def _in_words(size: int) -> str:
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} bytes"
