"""Which voice tells a lesson, and that its clips know it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lesson.cli import options, program
from lesson.render import clip_cache
from lesson.render.jobs import RenderOptions
from scenes import settings
from scenes.settings import (
    DEFAULT_NARRATION,
    LessonContext,
    NarrationOptions,
    SettingError,
    language_of_voice,
    wanted_voice,
)
from scenes.stage import input_log

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = ("lesson", "render", "film", "export", "live", "compare")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VOICE", "NARRATION", "CAPTIONS"):
        monkeypatch.delenv(f"KNOBS_{name}", raising=False)


@pytest.mark.needs("voice")
def test_joe_tells_it_where_nothing_is_said() -> None:
    for context in (LessonContext.of(), LessonContext.of_environment()):
        assert (context.voice, context.narration, context.captions) == ("joe", DEFAULT_NARRATION, "track")


def test_a_context_that_is_made_outright_takes_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOBS_VOICE", "own.onnx")
    assert LessonContext().voice == "none"


def test_the_environment_can_name_all_of_a_context_but_its_quality(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A scene of somebody's own that makes a scene of the lesson's kind is told like that one."""
    for name in ("CHECKPOINT", "DATA", "COMPARED", "LANGUAGE"):
        monkeypatch.setenv(f"KNOBS_{name}", "of another lesson")
    before = dict(os.environ)
    german = piper_voice(tmp_path / "thorsten.onnx", "de_DE")
    for context in (
        LessonContext(),
        LessonContext(
            tmp_path / "a.npz", tmp_path, "h", (tmp_path / "b.npz",), german, tmp_path / "de", "burned", language="de"
        ),
    ):
        with context.in_environment():
            assert LessonContext.of_environment() == context
        assert dict(os.environ) == before


def test_without_joe_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "has_joe", lambda: False)
    assert LessonContext.of().voice == LessonContext.of(narration=NarrationOptions("joe")).voice == "none"


def test_an_option_counts_more_than_a_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KNOBS_VOICE", "own.onnx")
    monkeypatch.setenv("KNOBS_NARRATION", "recordings")
    monkeypatch.setenv("KNOBS_CAPTIONS", "burned")
    told = LessonContext.of_environment()
    assert told == replace(
        LessonContext.of(), voice=str(tmp_path / "own.onnx"), narration=tmp_path / "recordings", captions="burned"
    )
    given = LessonContext.of(narration=NarrationOptions("none", tmp_path / "mine", "track"))
    assert (given.voice, given.narration, given.captions) == ("none", tmp_path / "mine", "track")


def piper_voice(file: Path, code: str) -> str:
    """A file that says, as those of Piper do, which language it speaks."""
    file.write_bytes(b"\x08")
    file.with_name(f"{file.name}.json").write_text(json.dumps({"language": {"code": code}}))
    return str(file)


def test_a_voice_speaks_its_own_language_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    german, unknown = piper_voice(tmp_path / "thorsten.onnx", "de_DE"), piper_voice(tmp_path / "x.onnx", "??")
    assert [language_of_voice(one) for one in (german, unknown, "joe", "none")] == ["de", "", "en", ""]
    assert wanted_voice(german, "de") == german and wanted_voice(unknown, "de") == unknown
    for language, told in (("en", "English"), ("en-XA", "pseudo-English")):
        with pytest.raises(SettingError, match=f"thorsten.onnx speaks German and not {told}; name a Piper voice"):
            wanted_voice(german, language)
    # A variable is for whatever it fits.
    monkeypatch.setenv("KNOBS_VOICE", german)
    assert (wanted_voice(None, "de"), wanted_voice(None, "en")) == (german, "joe")


def test_of_several_languages_a_voice_tells_its_own(tmp_path: Path) -> None:
    german = piper_voice(tmp_path / "thorsten.onnx", "de_DE")
    asked = RenderOptions("l", None, None, tmp_path, voice=german, language="en,de")
    assert [(one.language, one.voice) for one in options.each_language(asked)] == [("en", None), ("de", german)]
    silent = replace(asked, voice="none")
    assert [one.voice for one in options.each_language(silent)] == ["none", "none"]


def test_recordings_are_those_of_the_language(tmp_path: Path) -> None:
    assert LessonContext.of(narration=NarrationOptions(language="de")).narration == DEFAULT_NARRATION / "de"
    own = LessonContext.of(narration=NarrationOptions(narration=tmp_path / "de", language="de"))
    assert own.narration == tmp_path / "de"


def test_a_wrong_variable_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOBS_CAPTIONS", "large")
    with pytest.raises(SettingError, match="KNOBS_CAPTIONS is 'large'; set it to track or burned"):
        LessonContext.of()


@pytest.mark.parametrize("name", SPEAKING)
def test_every_command_that_renders_has_the_options(name: str) -> None:
    command = program.cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert {"voice", "narration", "captions"} <= {parameter.name for parameter in command.params}


def test_the_missing_voice_is_told_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from scenes.voice import voices

    monkeypatch.setattr(voices, "has_joe", lambda: False)
    options.tell_missing_voice("none")
    assert capsys.readouterr().err == ""
    options.tell_missing_voice(None)
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "the voice is not installed, so the lesson is silent; install it with" in told


@pytest.mark.needs("voice")
def test_a_clip_knows_the_voice_it_was_made_with(tmp_path: Path) -> None:
    """And one that is not told does not depend on it."""
    told, card = tmp_path / "BarDetector.mp4", tmp_path / "Card.mp4"
    context = LessonContext.of()
    joe = clip_cache.input_fingerprints(replace(context, voice="joe"))
    silent = clip_cache.input_fingerprints(replace(context, voice="none"))
    for clip, read in ((told, [input_log.VOICE]), (card, [])):
        clip.write_bytes(b"a clip")
        clip_cache.write_build_record(clip, 1.0, joe, read, {})
    assert clip_cache.stale_reason(told, joe) is None
    assert clip_cache.stale_reason(told, silent) == "the voice has changed (joe → none)"
    assert clip_cache.stale_reason(card, silent) is None
    newer = {**joe, input_log.VOICE: joe[input_log.VOICE].replace("1.8", "1.9")}
    assert clip_cache.stale_reason(told, newer) == "the voice has changed"


def test_a_clip_knows_whether_its_captions_are_drawn(tmp_path: Path) -> None:
    clip = tmp_path / "BarDetector.mp4"
    clip.write_bytes(b"a clip")
    track = clip_cache.input_fingerprints(LessonContext.of())
    clip_cache.write_build_record(clip, 1.0, track, [input_log.CAPTIONS], {})
    burned = clip_cache.input_fingerprints(replace(LessonContext.of(), captions="burned"))
    assert clip_cache.stale_reason(clip, burned) == "captions are drawn differently"


def test_fingerprints_need_neither_manim_nor_numpy() -> None:
    """A lesson that has not changed is ready at once."""
    asked = (
        "import sys; from lesson.render.clip_cache import input_fingerprints; "
        "from scenes.settings import LessonContext; "
        "input_fingerprints(LessonContext.of()); print([n for n in ('manim', 'numpy', 'scipy', 'piper', "
        "'onnxruntime') if n in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
