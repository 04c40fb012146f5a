"""Recordings in clips: heard, listed where they lack something, and rendered again only when they change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lesson.render.clip_metadata import read_metadata
from scenes.voice.recordings import RECORDED, note_words
from tests.sounds import heard, noise, place_of, write
from tests.test_command_line import run
from tests.test_rendering import nothing_stays, the_sentence, words  # noqa: F401 (fixtures)
from tests.tiny_film import teach

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
    assert beat.voice == RECORDED and beat.text == WORDS
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
    write(folder / "Two" / f"{BEAT}.wav", np.zeros((48_000, 1)))
    assert run("render", "Two", *words, "--voice", "none", "--narration", str(folder)) == 1
    assert f"{BEAT}.wav is silent" in the_sentence(capsys)
    assert not clip_of(tmp_path).exists()
