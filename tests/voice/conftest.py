"""The real voice, with speech that all these tests share; phonemes, and a recogniser, to hear what it says."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from scenes.voice.utterance import Voice
from scenes.voice.voices import find_voice

# Piper's own phonemes for each line, from a program of its own: what is under the GPL is never imported here.
_PHONEMES = """
import json, sys
from piper.phonemize_espeak import EspeakPhonemizer
phonemizer = EspeakPhonemizer()
texts = json.load(sys.stdin)
print(json.dumps(["".join(sum(phonemizer.phonemize("en-us", text), [])) for text in texts]))
"""


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The speech cache of this run."""
    return tmp_path_factory.mktemp("speech")


@pytest.fixture(scope="session")
def joe(speech: Path) -> Voice:
    return find_voice("joe", speech)


@pytest.fixture(scope="session")
def phonemes() -> Callable[[list[str]], list[str]]:
    """What Piper gives for texts, without stress marks and spaces, so that only the sounds are compared."""

    def ask(texts: list[str]) -> list[str]:
        asked = [sys.executable, "-c", _PHONEMES]
        answer = subprocess.run(asked, input=json.dumps(texts), capture_output=True, text=True, check=True)
        return ["".join(sound for sound in said if sound not in "ˈˌ ʲ.,;:") for said in json.loads(answer.stdout)]

    return ask


def samples_of(file: Path) -> NDArray[np.float64]:
    """The samples of a WAV file of the speech cache, from −1 to 1."""
    with wave.open(str(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 48_000)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / 32768


def word_times(file: Path, text: str) -> list[tuple[str, float]]:
    """When each word begins, in seconds, as pocketsphinx hears it; it is told the words."""
    from pocketsphinx import Decoder
    from scipy.signal import resample_poly

    padded = np.concatenate([np.zeros(4000), 2 * resample_poly(samples_of(file), 1, 3), np.zeros(4000)])
    decoder = Decoder(samprate=16_000, loglevel="FATAL", bestpath=False)
    decoder.set_align_text(text)
    decoder.start_utt()
    decoder.process_raw((np.clip(padded, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    return [
        (heard.word.partition("(")[0], heard.start_frame / 100 - 0.25)
        for heard in decoder.seg()
        if heard.word[0].isalpha()
    ]


def heard_words(file: Path) -> list[str]:
    """The words that pocketsphinx hears in a WAV file; it is told nothing."""
    from pocketsphinx import Decoder
    from scipy.signal import resample_poly

    padded = np.concatenate([np.zeros(4000), 2 * resample_poly(samples_of(file), 1, 3), np.zeros(4000)])
    decoder = Decoder(samprate=16_000, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw((np.clip(padded, -1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    return decoder.hyp().hypstr.split()
