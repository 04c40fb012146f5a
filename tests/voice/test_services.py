"""Voices of manim-voiceover, which is not installed here: a stand-in does what manim-voiceover 0.4.0 does.

It follows manim_voiceover/services/base.py of that version. VoiceoverScene calls `_wrap_generate_from_text`; the answer
names the sound that is to be heard, "final_audio", after the speed of the service was applied. The "original_audio" of
`generate_from_text` is slower. A service asks by input() for packages that it misses.
"""

from __future__ import annotations

import sys
import textwrap
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scenes.voice.markup import NarrationError
from scenes.voice.voices import find_voice, voice_fingerprint

RATE, SLOW, FAST = 24_000, 440, 880  # as gTTS has it: samples a second; Hz of the sound before and after
FILES = {
    "manim_voiceover/__init__.py": "",
    "manim_voiceover/services/__init__.py": "",
    "manim_voiceover/services/base.py": """
        class SpeechService:
            said = []

            def __init__(self, cache_dir=None, **kwargs):
                self.cache_dir = cache_dir

            def _wrap_generate_from_text(self, text, **kwargs):
                text = " ".join(text.split())
                self.said.append(text)
                answer = self.generate_from_text(text, cache_dir=None, path=None, **kwargs)
                write(f"{self.cache_dir}/adjusted_" + answer["original_audio"], FAST, 0.5)
                return {**answer, "final_audio": "adjusted_" + answer["original_audio"]}

            def generate_from_text(self, text, cache_dir=None, path=None, **kwargs):
                write(f"{self.cache_dir}/speech.mp3", SLOW, 1)
                return {"input_text": text, "original_audio": "speech.mp3"}

        def write(file, frequency, seconds):
            samples = np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)
            with av.open(file, "w") as container:
                stream = container.add_stream("mp3", rate=RATE, layout="mono")
                frame = av.AudioFrame.from_ndarray(samples[None] / 2, format="fltp", layout="mono")
                frame.sample_rate = RATE
                for packets in stream.encode(frame), stream.encode():
                    container.mux(packets)
        """,
    "manim_voiceover/services/tone.py": """
        from manim_voiceover.services.base import SpeechService

        class ToneService(SpeechService):
            pass
        """,
    "manim_voiceover/services/asking.py": """
        from manim_voiceover.services.base import SpeechService

        class AskingService(SpeechService):
            def __init__(self, **kwargs):
                if input().lower() != "n":
                    raise SystemExit
        """,
    "manim_voiceover/services/offline.py": """
        from manim_voiceover.services.base import SpeechService

        class OfflineService(SpeechService):
            def generate_from_text(self, text, **kwargs):
                raise ConnectionError("no network")
        """,
    "manim_voiceover/services/wanting.py": "import a_package_that_nobody_has",
    "of_my_own.py": """
        from manim_voiceover.services.base import SpeechService

        class Mine(SpeechService):
            pass
        """,
}


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the stand-in, which can be imported now."""
    folder = tmp_path / "packages"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    base = folder / "manim_voiceover/services/base.py"
    figures = f"RATE, SLOW, FAST = {RATE}, {SLOW}, {FAST}\n"
    base.write_text(f"import av\nimport numpy as np\n{figures}{base.read_text()}")
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] in ("manim_voiceover", "of_my_own")]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["ToneService", "of_my_own.Mine"])
def test_what_a_service_says_is_heard_at_its_speed_and_asked_for_once(
    services: Path, tmp_path: Path, name: str
) -> None:
    voice = find_voice(f"manim_voiceover:{name}", tmp_path / "cache")
    assert voice.name == name
    words = "With ReLU,\n one digit  comes out."
    spoken = voice.speak(words)
    said = sys.modules["manim_voiceover.services.base"].SpeechService.said
    assert said == ["With relloo, one digit comes out."]
    assert spoken.sound is not None
    with wave.open(str(spoken.sound)) as sound:
        rate, samples = sound.getframerate(), np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    loudest = np.abs(np.fft.rfft(samples)).argmax() * rate / len(samples)
    assert loudest == pytest.approx(FAST, rel=0.01)
    assert spoken.seconds == len(samples) / rate == pytest.approx(0.5, abs=0.1)  # what an MP3 adds is quiet
    assert np.abs(samples).max() / 32767 == pytest.approx(0.5, abs=0.05)
    assert voice.speak(words) == spoken
    assert len(said) == 1
    # Its own folder is gone: all that is kept is in the cache.
    assert [file.suffix for file in (tmp_path / "cache").iterdir() if file.name != "speaking.lock"] == [".wav"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("AskingService", "AskingService of manim-voiceover asks for a package or a key that it needs; set it up as"),
        ("OfflineService", r"OfflineService of manim-voiceover cannot speak \(ConnectionError: no network\); put that"),
    ],
)
def test_a_service_that_cannot_speak(
    services: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sentence: str
) -> None:
    voice = find_voice(f"manim_voiceover:{name}", tmp_path / "cache")
    # Whoever sits there is not asked: an answer would be taken from what they type next.
    (tmp_path / "typed").write_text("y\n")
    with open(tmp_path / "typed") as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        with pytest.raises(NarrationError, match=sentence) as told:
            voice.speak("A loop.")
        assert sys.stdin is typed and typed.read() == "y\n"
    assert "\n" not in str(told.value)
    assert not list((tmp_path / "cache").glob("*.wav"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("NoService", "manim-voiceover has no speech service 'NoService'; write the name of its class"),
        ("of_my_own.Yours", "manim-voiceover has no speech service 'of_my_own.Yours'"),
        ("WantingService", "WantingService of manim-voiceover cannot be loaded .*a_package_that_nobody_has"),
    ],
)
def test_a_service_that_is_not_there(services: Path, tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(NarrationError, match=sentence):
        find_voice(f"manim_voiceover:{name}", tmp_path / "cache")


def test_two_services_are_two_voices(services: Path) -> None:
    one, other = (voice_fingerprint(f"manim_voiceover:{name}") for name in ("ToneService", "OfflineService"))
    assert one != other
    assert one.partition("\n")[0] == "ToneService"
