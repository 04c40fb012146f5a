"""The words that recordings say. A small file beside each has them, so that it is never heard for other words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from network.files import atomic_write, digest_of_file, file_state

_NOTE_FORMAT = 1
# A note that cannot be understood.
_DAMAGED: dict[str, Any] = {}


def note_file(wav: Path) -> Path:
    """Where the words of a recording are kept: `the_loop.words.json` beside `the_loop.wav`."""
    return wav.with_name(f"{wav.stem}.words.json")


def noted_words(wav: Path) -> dict[str, str] | None:
    """The words of a recording, by beat, in order; None if nobody has noted them since it was made."""
    note = note_of(wav)
    return None if note is None else note["words"]


def is_damaged(wav: Path) -> bool:
    """Whether there is a note about the words of a recording, but it cannot be understood."""
    return _read_note(wav) is _DAMAGED


def note_of(wav: Path) -> dict[str, Any] | None:
    """What is noted of a recording; None if that is damaged, or of an earlier recording."""
    note = _read_note(wav)
    return note if note and note["wav"] == digest_of_recording(wav) else None


def _read_note(wav: Path) -> dict[str, Any] | None:
    """What is noted of a recording or an earlier one; `_DAMAGED` if that cannot be understood; None without a note."""
    try:
        note = json.loads(note_file(wav).read_bytes())
        words = {str(beat): str(text) for beat, text in note["words"].items()}
        return {**note, "words": words} if note["format"] == _NOTE_FORMAT and note["wav"] else _DAMAGED
    except OSError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return _DAMAGED


def note_words(wav: Path, words: Mapping[str, str], confirmed: bool = False) -> None:
    """Note that a recording says these words, by beat. OSError if that cannot be written.

    confirmed: whether a person says so.
    """
    note = {"format": _NOTE_FORMAT, "wav": digest_of_recording(wav), "words": dict(words), "confirmed": confirmed}
    atomic_write(note_file(wav), (json.dumps(note, indent=1, ensure_ascii=False) + "\n").encode())


def same_words(one: str, other: str) -> bool:
    """Whether two texts are said alike: letters, digits and signs count, punctuation and capitals do not."""
    return _said(one) == _said(other)


def digest_of_recording(wav: Path) -> str:
    """The sha256 of a recording. OSError if it cannot be read."""
    stamp = file_state(wav)
    return _digest(wav, tuple(stamp) if stamp else ())


@lru_cache(maxsize=1000)
def _digest(wav: Path, stamp: tuple[int, ...]) -> str:
    return digest_of_file(wav)


def _said(text: str) -> str:
    words = "".join(letter if letter.isalnum() or letter in ".,%×·=≈+−≥≤<>→σ" else " " for letter in text.lower())
    return " ".join(filter(None, (word.strip(".,") for word in words.split())))
