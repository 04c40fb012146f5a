"""Options that several commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from lesson.render.jobs import RenderOptions
from network.files import check_writable
from network.paths import display_path
from scenes.catalogue import ENGLISH_CODE
from scenes.language import language_named
from scenes.settings import (
    CAPTIONS,
    NO_VOICE,
    ROOT,
    SettingError,
    language_of_voice,
    resolved,
    wanted_language,
    wanted_voice,
)
from scenes.voice.voices import missing

F = TypeVar("F", bound=Callable[..., Any])


class FilePath(click.Path):
    """The type of an option that takes a file or a folder.

    An empty one, as of a variable that is not set, is refused, and so are links that lead round in a circle.
    Keyword arguments as for `click.Path`; values are a `Path`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(path_type=Path, **settings)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            is_needed = param is None or param.required
            self.fail(f"the name is empty; give one{'' if is_needed else ', or leave the option out'}", param, ctx)
        path: Any = super().convert(value, param, ctx)
        try:
            resolved(path)
        except SettingError as problem:
            self.fail(str(problem), param, ctx)
        return path


class Name(click.ParamType):
    """The type of an option that takes a name. An empty one, as of a variable that is not set, is refused.

    examples: what may be written, for the message.
    """

    name = "name"

    def __init__(self, examples: str) -> None:
        self.examples = examples

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            self.fail(f"the name is empty; write {self.examples}, or leave the option out", param, ctx)
        return str(value)


VOICE_NAME = Name("joe, none or FILE.onnx")


class FiniteRange(click.FloatRange):
    """The type of an option that takes a number; NaN and infinity, which pass every comparison, are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a number that can be used", param, ctx)
        return number


NETWORK_OPTIONS = (
    click.option("--checkpoint", type=FilePath(), metavar="FILE", help="The network to draw."),
    click.option(
        "--data",
        type=FilePath(),
        metavar="FOLDER_OR_FILE",
        help="Pictures or a table to show the network with.  [default: what it was trained on]",
    ),
)

MEDIA_OPTION = click.option(
    "--media",
    type=FilePath(),
    metavar="FOLDER",
    default=ROOT / "media",
    help="Where clips and other results are kept.  [default: media]",
)

VOICE_OPTION = click.option(
    "--voice",
    type=VOICE_NAME,
    metavar="VOICE",
    help="Who tells the lesson: joe, none, a Piper voice FILE.onnx, or manim_voiceover:CLASS.  [default: joe, if it is "
    "installed]",
)

NARRATION_OPTIONS = (
    VOICE_OPTION,
    click.option(
        "--narration",
        type=FilePath(),
        metavar="FOLDER",
        help="Your own recordings.  [default: assets/narration]",
    ),
    click.option(
        "--captions",
        type=click.Choice(CAPTIONS),
        help="Keep the captions as a track and as .srt files beside the clips, or draw them into the picture instead.  "
        "[default: track]",
    ),
)

LANGUAGE_OPTION = click.option(
    "--language",
    type=Name("one such as en or de"),
    metavar="LANGUAGE",
    help="The language of words and voice: en, de, es, zh-Hans or ar; pages may be in several, such as en,de.  "
    "[default: en]",
)

SUBTITLES_OPTION = click.option(
    "--subtitles",
    type=Name("languages such as de or de,es"),
    metavar="LANGUAGES",
    help="Subtitles in further languages, such as de,es, in time with what is told.",
)

EXPORT_OPTIONS = (
    SUBTITLES_OPTION,
    click.option(
        "-o",
        "--output",
        type=FilePath(),
        metavar="FOLDER",
        help="Where to write the export.  [default: export in the media folder]",
    ),
    click.option(
        "--address", default="", metavar="URL", help="Where you will publish the folder, for the HTML snippets."
    ),
    click.option("--webm", is_flag=True, help="Also write each clip as WebM (VP9), which takes long."),
    click.option(
        "--webp", is_flag=True, help="Also write each clip as an animated WebP, with its captions in the picture."
    ),
    click.option("--gif", is_flag=True, help="Also write each clip as a GIF, with its captions in the picture."),
    click.option("--sections", is_flag=True, help="Also write each chapter of a clip as its own clip."),
    click.option("--scorm", is_flag=True, help="Also write SCORM 1.2 packages: one for each clip, one for the lesson."),
    click.option(
        "--strict-csp",
        is_flag=True,
        help="Keep styles, scripts and captions out of the pages, for servers that allow them only as files "
        "(Content-Security-Policy: default-src 'self').",
    ),
    click.option("--pptx", is_flag=True, help="Also write a PowerPoint file with the clips (needs python-pptx)."),
)


def quality_option(default: str) -> Callable[[F], F]:
    """The option that chooses the size and the frame rate."""
    return click.option(
        "-q",
        "--quality",
        type=click.Choice(["l", "m", "h", "k"]),
        default=default,
        show_default=True,
        help="480p15, 720p30, 1080p60 or 2160p60.",
    )


def with_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Add several options to a command."""

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def each_language(options: RenderOptions) -> list[RenderOptions]:
    """The options for each of the languages that --language names, such as en,de. KnobsError for one there is not.

    Of several languages, a Piper voice tells only its own.
    """
    codes = _languages_of(options.language)
    found = [replace(options, language=code, voice=_voice_for(options.voice, code, len(codes))) for code in codes]
    return list({one.language_code: one for one in found}.values())


def _languages_of(given: str | None) -> list[str | None]:
    return [code.strip() for code in given.split(",")] if given else [None]


def _voice_for(given: str | None, code: str | None, languages: int) -> str | None:
    """The voice that tells one of several languages; the usual one where `given` speaks another."""
    own = language_of_voice(given) if given else ""
    return None if languages > 1 and own not in ("", wanted_language(code).partition("-")[0]) else given


def render_options(quality: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of every command that renders; the command receives them as `options`.

    quality: the default quality.
    """

    def gather(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def command(**given: Any) -> Any:
            values = {field.name: given.pop(field.name) for field in fields(RenderOptions) if field.name in given}
            values["media"] = values["media"].resolve()
            if not any(
                str(name).endswith(".py") for name in given.get("names", ())
            ):  # scenes of one's own may be silent
                codes = _languages_of(values["language"])
                for code in codes:
                    tell_missing_voice(_voice_for(values["voice"], code, len(codes)), code)
            return function(options=RenderOptions(**values), **given)

        return _with_render_options(quality)(command)

    return gather


def _with_render_options(quality: str) -> Callable[[F], F]:
    return with_options(
        quality_option(quality),
        *NETWORK_OPTIONS,
        MEDIA_OPTION,
        *NARRATION_OPTIONS,
        LANGUAGE_OPTION,
        click.option("--dry-run", is_flag=True, help="List what would be rendered, and why, but render nothing."),
        click.option("--force", is_flag=True, help="Render clips that are up to date, too."),
        click.option("--verbose", is_flag=True, help="Print manim's log instead of a progress bar."),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(1),
            metavar="N",
            help="Number of processes.  [default: as many as there are cores and memory for]",
        ),
        click.option("--dask", metavar="ADDRESS", help="Render on the workers of this Dask scheduler."),
    )


def tell_missing_voice(given: str | None, language: str | None = None) -> None:
    """Say what is not installed that the voice needs, or that there is none in the language.

    given, language: the options --voice and --language.
    """
    code = wanted_language(language)
    voice = wanted_voice(given, code)
    sentence = missing(voice)
    if voice == NO_VOICE and given is None and code != ENGLISH_CODE:
        spoken = language_named(code).english_name
        sentence = (
            f"no voice of Knobs speaks {spoken}, so the lesson is silent; name a Piper voice with --voice FILE.onnx"
        )
    if sentence:
        click.echo(f"knobs: {sentence}", err=True)


def check_output(output: Path, overwrite: bool, is_checkpoint: bool = True, option: str = "--output FILE") -> None:
    """Refuse an output file that cannot be written, before work that takes minutes; `option` chooses another."""
    if output.is_dir():
        raise click.ClickException(f"{output} is a folder; name a file with {option}")
    if is_checkpoint and output.suffix != ".npz":
        raise click.ClickException(f"{output} is not the name of a checkpoint; end it in .npz")
    if output.exists() and not overwrite:
        raise click.ClickException(
            f"there is already a file {display_path(output)}; choose another with {option}, or add --overwrite"
        )
    try:
        check_writable(output)
    except OSError as problem:
        raise cannot_write(output, problem, option) from problem


def cannot_write(file: Path, problem: OSError, option: str) -> click.ClickException:
    """The error for a file that cannot be written; `option` chooses another."""
    return click.ClickException(
        f"{file} cannot be written: {problem.strerror or problem}; choose another place with {option}"
    )
