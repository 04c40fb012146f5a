"""The script has every beat with its words, and knows which of them were recorded."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from lesson.cli.program import main
from lesson.export.teleprompter import teleprompter
from lesson.render.script import (
    COLUMNS,
    ScriptScene,
    as_csv,
    as_markdown,
    confirm_recordings,
    script_of,
    with_recordings,
)
from scenes.language import _, told_in
from scenes.settings import DEFAULT_NARRATION
from scenes.syllabus import all_scenes, part_numbered
from scenes.voice.markup import NarrationError
from scenes.voice.narration import Beat, Clause
from scenes.voice.recorded_words import note_file, note_words
from scenes.voice.recordings import find_recordings

PART = part_numbered(6)
SCENE = PART.scenes[1]
NAMES = [scene.name for scene in PART.scenes]
WORDS = {
    "the_bar": "A bar, made by hand; <it> is *bright* & wide.",
    "the_sum": '= 21.5, said "twice",\nover two lines.',
    "the_end": "It reads 97.4 % of them.",
}
BEATS = [
    Beat(name, text, 10.0 * n, 10.0 * n + 8, f"Moves {n}.", (Clause(text, 10.0 * n, 10.0 * n + 7),))
    for n, (name, text) in enumerate(WORDS.items())
] + [Beat("pause", "", 30, 40, "It waits.", ())]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "narration"
    place.mkdir()
    return place


def record(folder: Path, place: str, seed: int = 0) -> Path:
    wav = folder / place
    wav.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).normal(0, 1000, 4800)
    wavfile.write(wav, 48_000, noise.astype(np.int16))
    return wav


def script(folder: Path, beats: list[Beat] = BEATS) -> ScriptScene:
    return script_of(PART, SCENE, 65.0, beats, find_recordings(folder, NAMES).get(SCENE.name), folder)


def test_beats_are_numbered_and_each_has_a_place_for_its_recording(folder: Path) -> None:
    lines = script(folder).beats
    assert [line.number for line in lines] == ["6.2.1", "6.2.2", "6.2.3"], "what is not spoken is not read"
    assert lines[0].file == folder / SCENE.name / "the_bar.wav"
    (folder / "en").mkdir()
    assert script(folder).beats[0].file == folder / "en" / SCENE.name / "the_bar.wav", "one rule for all its beats"
    assert script(DEFAULT_NARRATION).beats[0].file == DEFAULT_NARRATION / "en" / SCENE.name / "the_bar.wav"
    assert {line.state for line in lines} == {"missing"}


def test_titles_are_in_the_language_that_is_told_in(folder: Path) -> None:
    with told_in("de"):
        titles = [_(PART.title), _(SCENE.title)]
        told = [as_markdown([script(folder)], ""), as_csv([script(folder)]), teleprompter([script(folder)], "")]
    assert titles != [PART.title, SCENE.title]
    assert titles[0] in told[0] and titles[0] in told[1] and all(titles[1] in text for text in told)
    assert '<html lang="de"' in told[2]


def test_markdown_shows_the_words_as_they_are(folder: Path) -> None:
    text = as_markdown([script(folder)], "For a test.")
    assert "## Part 6. " in text and f"### 6.2 {SCENE.title}" in text
    assert "**6.2.1** · 0:00–0:08 · `the_bar`\n\n> A bar, made by hand; \\<it\\> is \\*bright\\* \\& wide." in text
    assert "*Seen: Moves 0.*" in text and "1:05" in text


def test_csv_is_read_back_word_for_word(folder: Path) -> None:
    text = as_csv([script(folder)])
    assert text.count("\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["narration"] == WORDS["the_bar"]
    assert rows[1]["narration"] == "'" + WORDS["the_sum"], "no spreadsheet takes it for a formula"
    assert [float(row["start"]) for row in rows] == [0, 10, 20]


def test_changed_words_are_found_and_a_new_recording_puts_it_right(folder: Path) -> None:
    wav = record(folder, f"{SCENE.name}/the_end.wav")
    note_words(wav, {"the_end": "It reads 95.0 % of them."})
    line = script(folder).beats[2]
    assert (line.state, line.recorded_words, line.file) == ("changed", "It reads 95.0 % of them.", wav)
    assert "recorded with other words" in as_markdown([script(folder)], "")
    record(folder, f"{SCENE.name}/the_end.wav", seed=1)
    assert script(folder).beats[2].state == "recorded", "a new file says the new words"


def test_recordings_are_confirmed_with_the_words_of_now(folder: Path) -> None:
    one = record(folder, f"en/{SCENE.name}/the_end.wav")
    whole = record(folder, f"{SCENE.name}.wav", seed=2)
    assert confirm_recordings([script(folder)], folder) == [one, whole]
    assert confirm_recordings([script(folder)], folder) == [], "nothing new"
    retrained = [Beat(b.name, b.text.replace("97.4", "96.1"), b.start, b.stop, b.moves, ()) for b in BEATS]
    states = {line.beat.name: line.state for line in script(folder, retrained).beats}
    assert states == {"the_bar": "recorded", "the_sum": "recorded", "the_end": "changed"}
    assert confirm_recordings([script(folder, retrained)], folder) == [one]


def test_a_recording_that_belongs_to_no_beat(folder: Path) -> None:
    record(folder, f"{SCENE.name}/the_bra.wav")
    with pytest.raises(NarrationError, match=rf"{SCENE.name} has no beat 'the_bra'; did you mean the_bar.wav\?"):
        script(folder)


def test_the_teleprompter_needs_nothing_from_elsewhere(folder: Path) -> None:
    page = teleprompter([script(folder)], "For a test.")
    assert "&lt;it&gt; is *bright* &amp; wide." in page
    assert "http" not in page.replace("http://www.w3.org", "") and "src=" not in page
    assert "Nothing is said" in teleprompter([], "")


def test_the_teleprompter_says_where_each_recording_belongs(folder: Path) -> None:
    """It named the beat alone, and a newcomer did not know in which folder to put the file."""
    told = script(folder)
    page = teleprompter([told], "For a test.")
    for line in told.beats:
        assert f"<code>{line.file}</code>" in page and line.file.name == f"{line.beat.name}.wav"


# ---------------------------------------------------------------------------------------------------- the command


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["script", *words])
    return int(left.value.code or 0)


@pytest.mark.slow
def test_the_command_writes_lists_and_confirms(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the real scene and the real network."""
    place = ("--media", str(tmp_path / "media"), "--narration", str(folder))
    output = tmp_path / "script.csv"
    assert run("BarDetector", "--output", str(output), *place) == 0
    assert output.read_bytes().startswith(b"\xef\xbb\xbfnumber,")
    rows = list(csv.DictReader(output.read_text("utf-8-sig").splitlines()))
    assert len(rows) > 3 and all(row["scene"] == "BarDetector" for row in rows)
    beat = rows[1]["beat"]
    wav = record(folder, f"BarDetector/{beat}.wav")
    assert run("BarDetector", "--recorded", *place) == 0
    assert str(wav) in capsys.readouterr().out and note_file(wav).exists()
    assert run("BarDetector", "--changed", *place) == 0
    note_words(wav, {beat: "Their sum: 1.5."})
    capsys.readouterr()
    assert run("6", "--changed", *place) == 3
    said = capsys.readouterr().out
    assert f"BarDetector/{beat}" in said and "was: Their sum: 1.5." in said and rows[1]["narration"] in said


def test_a_text_file_is_written_as_markdown_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, output = ("--media", str(tmp_path / "media")), tmp_path / "script.txt"
    assert run("ADigitAtAGlance", "--output", str(output), *place) == 0
    assert "(1 scene, " in capsys.readouterr().out and output.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("option", ["--changed", "--recorded"])
def test_without_recordings_it_answers_at_once(
    option: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It read all scenes of the lesson first, for a minute and a half."""
    media = tmp_path / "media"
    assert run(option, "--narration", str(folder), "--media", str(media)) == 0
    assert capsys.readouterr().err == "there are no recordings of the lesson\n"
    assert not media.exists(), "no scene was run"


def test_only_scenes_with_recordings_are_read(folder: Path) -> None:
    record(folder, "BarDetector.wav")
    assert [scene.name for _, scene in with_recordings(all_scenes(), folder)] == ["BarDetector"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["BarDetecto"], 1, "did you mean BarDetector?"),
        (["--output", "script.doc"], 2, "end it with .md, .txt, .csv or .html, or add --format"),
        (["--changed", "--recorded"], 2, "--changed only lists"),
        (["--recorded", "--format", "csv"], 2, "--recorded writes no script"),
        (["--narration", "nowhere", "BarDetector"], 1, "there is no folder nowhere"),
        (["--output", "/proc/script.md", "BarDetector"], 1, "cannot be written"),
        (["--voice", "", "BarDetector"], 2, "the name is empty; write joe, none or FILE.onnx, or leave the option out"),
        (["--voice", "jo", "BarDetector"], 1, "there is no voice 'jo'"),
    ],
)
def test_bad_input_is_told_in_one_sentence(
    words: list[str], code: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == code
    problem = capsys.readouterr().err
    assert sentence in problem and problem.count("\n") == 1, problem
