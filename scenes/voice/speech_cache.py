"""Speech that was spoken before: a WAV file for each text, as one voice says it.

All qualities, all processes and all later runs share it. A file is complete or not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING

from network.files import atomic_write, file_lock
from network.paths import display_path
from scenes.voice.markup import NarrationError
from scenes.voice.utterance import Spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Of every file: mono, 16 bits, this many samples a second.
RATE = 48_000
# Changes when the same words, said by the same voice, are kept in another way.
FORMAT = 1

# Silence at both ends is cut down to this, so that only `utterance` decides how long a pause is.
_BEFORE, _AFTER = 0.02, 0.04  # seconds
# What is quieter than this share of the loudest moment (−60 dB) is silence.
_SILENCE = 0.001
# Both ends fade, so that no piece begins or stops with a click.
_FADE_IN, _FADE_OUT = 0.004, 0.012  # seconds


_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


def speech_folder(media: Path) -> Path:
    """Where speech is kept, below the folder of the media."""
    return media / "cache" / "voice"


@contextmanager
def noting() -> Iterator[set[str]]:
    """Gives the names of all files that are asked for in the block."""
    noted: set[str] = set()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


class SpeechCache:
    """The speech that is kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, fingerprint: str, text: str, speak: Callable[[], tuple[NDArray[np.float32], int]]) -> Spoken:
        """What the voice with this fingerprint says for a text.

        speak: says it, if it is not here yet: samples (n,) from −1 to 1, and their number per second. While one process
        speaks, others wait. NarrationError if nothing can be written here.
        """
        file = self.folder / f"{_key(fingerprint, text)}.wav"
        seconds = _seconds(file)
        if (noted := _noted.get()) is not None:
            noted.add(file.name)
        if seconds is None:
            try:
                with file_lock(self.folder / "speaking.lock", lambda: None):
                    if _seconds(file) is None:  # nobody else has said it meanwhile
                        atomic_write(file, _wav(prepare(*speak())))
            except OSError as problem:
                raise NarrationError(
                    f"speech cannot be kept in {display_path(self.folder)}: {problem.strerror or problem}; "
                    "free some space or choose another folder with --media FOLDER"
                ) from problem
            seconds = _seconds(file)
            assert seconds is not None
        return Spoken(seconds, file, file.name)


def prepare(samples: NDArray[np.float32], rate: int) -> NDArray[np.int16]:
    """Samples (n,) from −1 to 1 as they are kept: at `RATE`, with little silence at the ends, and faded there."""
    import numpy as np
    from scipy.signal import resample_poly

    common = gcd(rate, RATE)
    if rate != RATE:
        samples = resample_poly(samples, RATE // common, rate // common)
    level = np.abs(samples)
    loud = np.flatnonzero(level > _SILENCE * level.max(initial=0.0))
    if not loud.size:
        return np.zeros(round(RATE * (_BEFORE + _AFTER)), np.int16)
    start = max(0, loud[0] - round(RATE * _BEFORE))
    stop = min(len(samples), loud[-1] + 1 + round(RATE * _AFTER))
    kept = samples[start:stop].astype(np.float64)
    rise, fall = (np.linspace(0, 1, min(len(kept), round(RATE * seconds))) for seconds in (_FADE_IN, _FADE_OUT))
    kept[: len(rise)] *= rise
    kept[len(kept) - len(fall) :] *= fall[::-1]
    return np.round(np.clip(kept, -1, 1) * 32767).astype(np.int16)


def _key(fingerprint: str, text: str) -> str:
    return hashlib.sha256(json.dumps([FORMAT, fingerprint, text]).encode()).hexdigest()[:32]


def _seconds(file: Path) -> float | None:
    """How long a file of the cache is; None if it is missing or damaged."""
    try:
        with wave.open(str(file)) as sound:
            form = (sound.getnchannels(), sound.getsampwidth(), sound.getframerate())
            samples = sound.getnframes()
        if form != (1, 2, RATE) or not samples or os.path.getsize(file) != 44 + 2 * samples:
            return None
    except (OSError, wave.Error, EOFError):
        return None
    return samples / RATE


def _wav(samples: NDArray[np.int16]) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()
