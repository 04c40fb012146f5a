"""A voice of Piper, which runs as a program of its own and is never imported (it is under the GPL)."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING

from network.errors import SoundError
from scenes.voice.markup import NarrationError
from scenes.voice.pronunciation import as_spoken
from scenes.voice.speech_cache import SpeechCache
from scenes.voice.utterance import Spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Without noise, the same text gives the same sound. Without its levelling of each sentence, a short "yes" is not as
# loud as a shout; at half its volume nothing is clipped.
# A little slower than the voice speaks by itself, so that a newcomer can follow, and read the subtitles.
OPTIONS = ("--noise-scale", "0", "--noise-w-scale", "0", "--length-scale", "1.05", "--no-normalize", "--volume", "0.5")


class PiperVoice:
    """A voice that Piper speaks with.

    name: what is told of it. model: its .onnx file, with the .onnx.json beside it. fingerprint: changes whenever the
    same text could sound different.
    """

    def __init__(self, name: str, model: Path, fingerprint: str, cache: SpeechCache) -> None:
        self.name = name
        self.model = model
        self.fingerprint = fingerprint
        self.cache = cache

    def speak(self, text: str) -> Spoken:
        """Say a text in one breath. Piper starts when the first text is not in the cache."""
        words = as_spoken(text)
        if not any(letter.isalnum() for letter in words):
            return Spoken(0.0)  # Piper would wait for words
        return self.cache.get(self.fingerprint, words, lambda: piper(self.model, os.getpid()).say(words))


@lru_cache
def piper(model: Path, process: int) -> PiperProgram:
    """The program that speaks for the process with this number: one for each voice."""
    return PiperProgram(model)


class PiperProgram:
    """The Piper program, waiting for texts. It ends with this process, also where that is killed: its input ends."""

    def __init__(self, model: Path) -> None:
        self.model = model
        launcher = Path(__file__).with_name("piper_program.py")
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(launcher), "--model", str(model), *OPTIONS],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUTF8": "1"},
            encoding="utf-8",
            errors="replace",
        )
        self.close = Finalize(self, _end, (self.process,), exitpriority=1)

    def say(self, words: str) -> tuple[NDArray[np.float32], int]:
        """Samples (n,) from −1 to 1, and their number per second. NarrationError if the program fails."""
        from network.wav import read_wav

        assert self.process.stdin and self.process.stderr
        said = ""
        try:
            self.process.stdin.write(" ".join(words.split()) + "\n")
            self.process.stdin.flush()
            for line in self.process.stderr:
                said = line.strip() or said
                before, found, path = said.partition(":Wrote ")
                if found and before.startswith("INFO"):
                    samples, rate = read_wav(Path(path))
                    os.unlink(path)
                    return samples[:, 0], rate
        except (BrokenPipeError, SoundError):
            pass  # the program has ended; what it said last tells why
        except BaseException:
            # Whoever was interrupted does not hear the answer. The next text must not get it.
            self._start_again()
            raise
        self._start_again()
        raise NarrationError(
            f"the voice {self.model.name} cannot say {words[:40]!r} ({said or 'Piper has stopped'}); "
            "choose another voice with --voice, or none with --voice none"
        )

    def _start_again(self) -> None:
        """End this program; the next text starts another."""
        piper.cache_clear()
        self.close()


def _end(process: subprocess.Popen[str]) -> None:
    """End the program: without input it has nothing to do."""
    for pipe in (process.stdin, process.stderr):
        if pipe:
            try:
                pipe.close()
            except OSError:
                pass  # it has ended already
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
