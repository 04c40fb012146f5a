"""Recordings in clips: heard, listed where they lack something, and rendered again only when they change."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lesson.render import clip_cache, segments
from lesson.render.clip_metadata import read_metadata
from lesson.render.dask_pool import pack_inputs, pack_speech, settings_there
from lesson.render.preparation import prepare
from lesson.render.segments import RenderSettings
from scenes.settings import LessonContext, NarrationOptions
from scenes.stage import code_fingerprint
from scenes.voice.beat_names import possible_beats
from scenes.voice.narration import RECORDING
from scenes.voice.recorded_words import note_words
from tests.sounds import heard, noise, place_of, write
from tests.test_command_line import run
from tests.test_rendering import nothing_stays, the_sentence, words  # noqa: F401 (fixtures)
from tests.tiny_film import SCENES, teach

# The words of the only beat of the scene Two; its name is that of the method that says it.
BEAT, WORDS = "construct", "Less < more & more."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    teach(monkeypatch.setattr)
    (tmp_path / "spoken").mkdir()
    return tmp_path / "spoken"


def clip_of(tmp_path: Path) -> Path:
    return tmp_path / "media" / "clips" / "480p15" / "Two.mp4"


@pytest.mark.slow
def test_a_recording_is_heard_in_its_clip_which_is_rendered_again_when_it_changes(
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ("render", "Two", *words, "--voice", "none", "--narration", str(folder))
    assert run(*arguments) == 0
    assert read_metadata(clip_of(tmp_path)).beats[0].voice == ""
    sound = noise(2.0, seed=3)
    wav = write(folder / "Two" / f"{BEAT}.wav", np.concatenate([np.zeros((24_000, 1)), sound, np.zeros((24_000, 1))]))
    assert run(*arguments) == 0
    metadata = read_metadata(clip_of(tmp_path))
    (beat,) = metadata.beats
    assert beat.voice == RECORDING and beat.text == WORDS
    track = heard(clip_of(tmp_path))[0]
    found = place_of(sound[:, 0], track) / 48_000
    assert found == pytest.approx(beat.clauses[0].start + 0.06, abs=0.04), "heard when its beat begins"
    assert np.corrcoef(track[round(found * 48_000) :][:90_000], sound[:90_000, 0])[0, 1] > 0.9
    capsys.readouterr()
    assert run(*arguments) == 0
    told = capsys.readouterr()
    assert "up to date" in told.out and not told.err
    # The words are other ones now, as after training: the recording is not heard any more.
    note_words(wav, {BEAT: "More & more."}, confirmed=True)
    assert run(*arguments) == 0
    told = capsys.readouterr().err
    assert f"{BEAT}.wav says other words for {BEAT} than the scene does now, so nobody is heard there" in told
    assert read_metadata(clip_of(tmp_path)).beats[0].voice == ""


def test_a_recording_that_cannot_be_used_is_told_before_anything_is_drawn(
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wav = write(folder / "Two" / f"{BEAT}.wav", np.zeros((48_000, 1)))
    assert run("render", "Two", *words, "--voice", "none", "--narration", str(folder)) == 1
    assert f"{BEAT}.wav is silent" in the_sentence(capsys)
    write(wav, noise(1))
    wav.write_bytes(wav.read_bytes()[:-5_000])
    for command in ("film", "render", "lesson"):
        assert run(command, *words, "--voice", "none", "--narration", str(folder)) == 1
        assert "is cut off" in the_sentence(capsys)
    assert not list(tmp_path.rglob("*.mp4"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Twoo.wav", "Twoo.wav is not named after a scene; did you mean Two.wav? ./knobs scenes lists them"),
        ("99.wav", "is not named after a scene; ./knobs scenes lists them"),
        ("Twoo/construct.wav", "is not named after a scene; did you mean Two? ./knobs scenes lists them"),
        (
            "Two/constrict.wav",
            "constrict.wav: Two has no beat 'constrict'; did you mean construct.wav? ./knobs script Two lists them",
        ),
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_recording_with_a_wrong_name_is_told_before_anything_is_drawn(
    name: str,
    sentence: str,
    jobs: str,
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder / name, noise(1))
    assert run("render", "Two", *words, "-j", jobs, "--voice", "none", "--narration", str(folder)) == 1
    assert sentence in capsys.readouterr().err.splitlines()[-1]
    assert not list(tmp_path.rglob("*.mp4"))


@pytest.mark.parametrize("name", ["Twoo.wav", "Two/constrict.wav", "Two/construct.wav", "Two/construct.mp3"])
def test_a_dry_run_refuses_what_rendering_would(
    name: str,
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It promised to render recordings that were then refused."""
    write(folder / "wav.wav", noise(1))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / "wav.wav").rename(folder / name)
    (folder / name).write_bytes((folder / name).read_bytes()[:-5_000])
    arguments = ("render", "Two", *words, "--voice", "none", "--narration", str(folder))
    assert run(*arguments, "--dry-run") == 1
    promised = the_sentence(capsys)
    assert run(*arguments) == 1
    assert the_sentence(capsys) == promised
    assert not (tmp_path / "media" / "cache" / "voice").exists(), "and nothing was spoken before"


def test_which_names_beats_may_have(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "class Base(LessonScene):\n    def one(self): ...\n"
        "class Mine(Base):\n    def two(self): ...\n    def _no(self): ...\n"
        "class Other(Elsewhere):\n    def two(self): ...\n"
    )
    assert possible_beats(file, "Mine", ["one_2", "thre", "two_x"]) == ["two", "one", "one_2"]
    assert possible_beats(file, "Other", []) is None, "it may have methods that are not seen here"


@pytest.mark.parametrize("command", ["film", "lesson"])
def test_the_film_and_the_lesson_tell_it_as_well(
    command: str,
    words: list[str],  # noqa: F811
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder / "Twoo.wav", noise(1))
    assert run(command, *words, "--narration", str(folder)) == 1
    assert "did you mean Two.wav?" in the_sentence(capsys)
    assert run(command, *words, "--narration", str(tmp_path / "nowhere")) == 1
    assert "there is no folder" in the_sentence(capsys)
    assert not list(tmp_path.rglob("*.mp4"))


def test_what_was_recorded_travels_to_a_worker_elsewhere(
    words: list[str],  # noqa: F811
    data: Path,
    checkpoints: tuple[Path, Path],
    folder: Path,
    tmp_path: Path,
) -> None:
    """There the clip is the same, byte by byte, although it has neither the folder nor the voice."""
    write(folder / "en" / "Two" / f"{BEAT}.wav", noise(2.0, seed=3))
    context = LessonContext.of(checkpoints[0], data, "l", NarrationOptions("none", folder))
    here = RenderSettings(
        context, tmp_path / "media", clip_cache.input_fingerprints(context), code_fingerprint.of_program()
    )
    part, scene = SCENES[1]
    here = replace(here, speech=prepare(lambda _: None, here, part, scene).speech)
    clip, _ = segments.draw_clip(lambda _: None, here, part, scene)
    files, speech = pack_inputs(context), pack_speech(here, scene.name)
    shutil.rmtree(folder)
    inputs = tmp_path / "inputs"
    for name, content in (
        *files.networks.items(),
        *((f"data/{files.data_name}/{n}", c) for n, c in files.data.items()),
    ):
        (inputs / name).parent.mkdir(parents=True, exist_ok=True)
        (inputs / name).write_bytes(content)
    there = settings_there(here, files, speech, inputs, tmp_path / "there")
    copy, _ = segments.draw_clip(lambda _: None, there, part, scene)
    assert copy.file.read_bytes() == clip.file.read_bytes()
    assert read_metadata(copy.file).beats[0].voice == RECORDING
