"""Voices of manim-voiceover: its speech services (Azure, ElevenLabs, gTTS, …), for those who have installed it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenes.installing import program
from scenes.voice.markup import NarrationError
from scenes.voice.pronunciation import as_spoken
from scenes.voice.speech_cache import SpeechCache
from scenes.voice.utterance import Spoken

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SERVICES = "manim_voiceover.services"


class ServiceVoice:
    """A speech service of manim-voiceover, made without arguments; it reads its keys from the environment.

    name: the name of its class, such as GTTSService, or module.Class for a service of one's own. fingerprint: changes
    whenever the same text could sound different.
    """

    def __init__(self, name: str, fingerprint: str, cache: SpeechCache) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.cache = cache
        self._class = _service_class(name)

    def speak(self, text: str) -> Spoken:
        """Say a text in one breath. The service is asked when it is not in the cache."""
        words = as_spoken(text)
        return self.cache.get(self.fingerprint, words, lambda: self._ask(words))

    def _ask(self, words: str) -> tuple[NDArray[np.float32], int]:
        try:
            with tempfile.TemporaryDirectory() as folder, _nobody_to_ask():
                service = self._class(cache_dir=folder)
                # What its own VoiceoverScene calls: it also applies the service's speed.
                answer = service._wrap_generate_from_text(words)
                return _decoded(Path(folder) / answer["final_audio"])
        except EOFError as problem:
            raise NarrationError(
                f"{self.name} of manim-voiceover asks for a package or a key that it needs; set it up as its "
                "documentation says, or choose another voice with --voice"
            ) from problem
        except Exception as problem:  # a service can fail in any way
            raise NarrationError(
                f"{self.name} of manim-voiceover cannot speak ({type(problem).__name__}: {problem}); put that right or "
                "choose another voice with --voice"
            ) from problem


@contextmanager
def _nobody_to_ask() -> Iterator[None]:
    """Services ask at the terminal for what they need; but speech is made in the background."""
    before = sys.stdin
    with open(os.devnull) as sys.stdin:
        try:
            yield
        finally:
            sys.stdin = before


def check_installed(name: str) -> None:
    """NarrationError where manim-voiceover, which has the voice of this name, is not installed; it is not imported."""
    if not name:
        raise NarrationError(
            "--voice manim_voiceover: names no speech service; write the name of its class after the colon, as in "
            "--voice manim_voiceover:GTTSService"
        )
    if find_spec("manim_voiceover") is None:
        raise NarrationError(
            f"the voice {name} belongs to manim-voiceover, which is not installed; install it with: "
            f"{program('pip')} install manim-voiceover, or choose another voice with --voice"
        )


def own_source(name: str) -> Path | None:
    """The file that has the class of somebody's own service, module.Class; None for one of manim-voiceover's.

    The module is looked for but not imported.
    """
    module = name.rpartition(".")[0]
    if not module or module.partition(".")[0] == "manim_voiceover":
        return None
    file, places = Path(), sys.path
    for part in module.split("."):
        spec = PathFinder.find_spec(part, places)
        if spec is None:
            return None
        file, places = Path(spec.origin or ""), spec.submodule_search_locations or []
    return file if file.is_file() else None


def _service_class(name: str) -> Any:
    """The class of a service. NarrationError where there is none of that name, or where it cannot be loaded."""
    check_installed(name)
    module, _, class_name = name.rpartition(".")
    try:
        services = importlib.import_module(_SERVICES)
        # Only the service that is wanted is loaded: each needs packages of its own.
        own = [info.name for info in pkgutil.iter_modules(services.__path__) if name.lower().startswith(info.name)]
        for place in [module] if module else [f"{_SERVICES}.{one}" for one in own]:
            if find_spec(place) and (found := getattr(importlib.import_module(place), class_name, None)):
                return found
    except ImportError as problem:
        raise NarrationError(
            f"{name} of manim-voiceover cannot be loaded ({problem}); install what it needs, or choose another voice "
            "with --voice"
        ) from problem
    raise NarrationError(
        f"manim-voiceover has no speech service {name!r}; write the name of its class, such as GTTSService, or "
        "module.Class for one of your own"
    )


def _decoded(file: Path) -> tuple[NDArray[np.float32], int]:
    """The samples of a sound file of any kind, (n,) from −1 to 1, as one channel, and their number per second."""
    import av
    import numpy as np

    with av.open(str(file)) as container:
        rate = container.streams.audio[0].rate
        resampler = av.AudioResampler("flt", "mono", rate)
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]), rate
