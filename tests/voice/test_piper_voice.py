"""The real voice: what it says is kept, and is the same every time and in every process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from scenes.voice import piper
from scenes.voice.markup import NarrationError, read_marked
from scenes.voice.silent import SilentVoice
from scenes.voice.speech_cache import RATE, prepare
from scenes.voice.utterance import Voice, utter
from scenes.voice.voices import check_model, find_voice, missing, voice_fingerprint
from tests.processes import lives, start, until
from tests.voice.conftest import samples_of, word_times

pytestmark = pytest.mark.needs("voice")

ROOT = Path(__file__).resolve().parents[2]
SAY = """
import sys
from pathlib import Path
from scenes.voice.voices import find_voice
for text in sys.argv[2:]:
    print(find_voice("joe", Path(sys.argv[1])).speak(text).sound, flush=True)
"""

# What such a process does then: it prints the number of the process in which Piper runs, and waits.
TELL_CHILD = """
import os, time
from scenes.voice.piper import piper
print(piper(find_voice("joe", Path("unused")).model, os.getpid()).process.pid, flush=True)
time.sleep(100)
"""


def say(cache: Path, *texts: str, then: str = "") -> subprocess.Popen[str]:
    """A process of its own that says texts, and prints their files."""
    words = [sys.executable, "-c", SAY + then, str(cache), *texts]
    return start(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def sounds(cache: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in cache.glob("*.wav")}


@pytest.mark.slow
def test_two_processes_at_once_say_the_same_as_one(joe: Voice, speech: Path, tmp_path: Path) -> None:
    texts = ["A loop.", "Is it a loop, or a line?", "A loop."]
    both = [say(tmp_path, *texts), say(tmp_path, *reversed(texts))]
    for process in both:
        process.communicate(timeout=200)
        assert process.returncode == 0
    alone = {joe.speak(text).name for text in texts}
    assert sounds(tmp_path) == {name: sound for name, sound in sounds(speech).items() if name in alone}
    assert len(alone) == 2
    assert not [file for file in tmp_path.iterdir() if file.suffix not in (".wav", ".lock")]


def test_what_is_in_the_cache_is_not_spoken_again(joe: Voice, speech: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = joe.speak("A loop is round.")

    def never(*_: object) -> None:
        pytest.fail("Piper was started")

    monkeypatch.setattr(piper, "piper", never)
    assert find_voice("joe", speech).speak("A loop is round.") == before


@pytest.mark.parametrize("damage", [b"", b"RIFF", b"\0" * 4000, "cut"])
def test_a_damaged_file_is_spoken_again(joe: Voice, damage: bytes | str) -> None:
    first = joe.speak("A line is straight.")
    assert first.sound is not None
    whole = first.sound.read_bytes()
    first.sound.write_bytes(whole[:-1000] if isinstance(damage, str) else damage)
    assert joe.speak("A line is straight.") == first
    assert first.sound.read_bytes() == whole


def test_speech_that_cannot_be_kept(joe: Voice, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NarrationError, match=r"speech cannot be kept in .*; free some space or choose another folder"):
        find_voice("joe", tmp_path / "file" / "voice").speak("A loop.")


@pytest.mark.needs("small-disk")
def test_a_full_disk(joe: Voice, small_disk: Path) -> None:
    with pytest.raises(OSError), open(small_disk / "much", "wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    with pytest.raises(NarrationError, match="No space left on device; free some space"):
        find_voice("joe", small_disk).speak("A loop.")
    assert not sounds(small_disk)


def test_pieces_begin_and_end_without_a_click_and_without_silence(joe: Voice) -> None:
    """Also where the first and the last letter are faint."""
    for text in ("Six.", "This is half of the fifths.", "Three.", "Yes"):
        spoken = joe.speak(text)
        assert spoken.sound is not None
        samples = samples_of(spoken.sound)
        assert spoken.seconds == len(samples) / RATE
        assert abs(samples[[0, -1]]).max() < 1e-3
        loud = np.flatnonzero(abs(samples) > 0.002 * abs(samples).max())
        assert loud[0] < 0.06 * RATE
        assert len(samples) - loud[-1] < 0.1 * RATE


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_only_silence_is_cut_off(rate: int) -> None:
    """Half a second of a note between silences, with a faint end, as of an s."""
    moments = np.arange(rate // 2) / rate
    note = 0.5 * np.sin(2 * np.pi * 400 * moments)
    note[-rate // 10 :] *= 0.01
    kept = prepare(np.concatenate([np.zeros(rate), note, np.zeros(rate)]).astype(np.float32), rate)
    assert 0.5 < len(kept) / RATE < 0.6
    assert abs(kept).max() == pytest.approx(0.5 * 32767, rel=0.02)


def test_silence_stays_silent() -> None:
    assert not prepare(np.zeros(22_050, np.float32), 22_050).any()


@pytest.mark.needs("recogniser")
@pytest.mark.parametrize(
    "sentence",
    [
        "this neuron lights up when there is a bar in the middle of the picture",
        pytest.param("multiply each pixel by its weight and add up the results", marks=pytest.mark.slow),
        pytest.param("now turn the knob a little and watch the number on the right", marks=pytest.mark.slow),
    ],
)
def test_the_word_after_a_bookmark_begins_there(joe: Voice, sentence: str) -> None:
    """A recogniser that is told the words says when each begins."""
    words = sentence.split()
    sound = joe.speak(f"{sentence}.").sound
    assert sound is not None
    heard = word_times(sound, sentence)
    assert [word for word, _ in heard] == words
    away = []
    for number in range(2, len(words), 3):
        written = f"{' '.join(words[:number])} <bookmark mark='here'/>{' '.join(words[number:])}."
        spoken = utter(read_marked(written), joe)
        assert len(spoken.clauses) == 1, "the melody is not broken"
        away.append(abs(spoken.bookmarks["here"] - heard[number][1]))
    assert max(away) < 0.2
    assert np.mean(away) < 0.1


def test_a_bookmark_at_a_clause_is_exact(joe: Voice) -> None:
    spoken = utter(read_marked("A loop. <bookmark mark='line'/>A line, <bookmark mark='bar'/>and a bar."), joe)
    assert spoken.bookmarks == {"line": spoken.clauses[1].start, "bar": spoken.clauses[2].start}
    assert spoken.voice == "joe"


def test_the_voice_ends_with_its_process(tmp_path: Path) -> None:
    """Also where that process is killed."""
    with say(tmp_path, "A loop.", then=TELL_CHILD) as speaker:
        assert speaker.stdout is not None
        speaker.stdout.readline()
        child = int(speaker.stdout.readline())
        assert lives(child)
        speaker.send_signal(signal.SIGKILL)
    until(lambda: not lives(child))


# --- voices


def model_of_joe() -> Path:
    voice = find_voice("joe", Path("unused"))
    assert isinstance(voice, piper.PiperVoice)
    return voice.model


def test_an_answer_that_was_not_waited_for_is_not_given_to_the_next_text(joe: Voice) -> None:
    """After an interrupt, every sentence sounded like the one before it, and so it was kept."""
    assert isinstance(joe, piper.PiperVoice)
    process = os.getpid()
    alone, _ = piper.piper(joe.model, process).say("A three.")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        timer = threading.Timer(0.1, os.kill, (process, signal.SIGUSR1))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            piper.piper(joe.model, process).say(10 * "All these words take longer to say than that. ")
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
    again, _ = piper.piper(joe.model, process).say("A three.")
    np.testing.assert_array_equal(again, alone)


def test_a_voice_from_a_file_with_another_rate(tmp_path: Path) -> None:
    """Joe, said to have 16,000 samples a second: he speaks slowly, and the cache has its usual rate."""
    (tmp_path / "slow.onnx").symlink_to(model_of_joe())
    described = json.loads(model_of_joe().with_name("en_US-joe-medium.onnx.json").read_text())
    described["audio"]["sample_rate"] = 16_000
    (tmp_path / "slow.onnx.json").write_text(json.dumps(described))
    slow = find_voice(str(tmp_path / "slow.onnx"), tmp_path / "cache")
    usual = find_voice("joe", tmp_path / "cache")
    assert slow.name == "slow"
    assert slow.speak("A loop.").seconds == pytest.approx(usual.speak("A loop.").seconds * 22_050 / 16_000, rel=0.1)
    assert len(sounds(tmp_path / "cache")) == 2


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("jo", "there is no voice 'jo'; write --voice joe"),
        ("README.md", "README.md is not a voice: the file of a Piper voice ends in .onnx; name one with --voice FILE"),
        ("manim_voiceover:", "names no speech service; write the name of its class after the colon"),
        ("no.onnx", r"there is no voice file .*no\.onnx"),
        ("alone.onnx", r"alone\.onnx\.json is missing; put the file .* beside alone\.onnx"),
        ("text.onnx", r"text\.onnx with text\.onnx\.json is not a Piper voice"),
        ("model.onnx", r"model\.onnx with model\.onnx\.json is not a Piper voice"),
    ],
)
def test_bad_voices(tmp_path: Path, setting: str, sentence: str) -> None:
    (tmp_path / "alone.onnx").write_bytes(b"\x08\x07")
    (tmp_path / "text.onnx").write_text("a text")
    shutil.copy(model_of_joe().with_name("en_US-joe-medium.onnx.json"), tmp_path / "text.onnx.json")
    (tmp_path / "model.onnx").write_bytes(b"\x08\x07")
    (tmp_path / "model.onnx.json").write_text('{"audio": {}}')
    named = str(tmp_path / setting) if setting.endswith(".onnx") else setting
    for use in (lambda: voice_fingerprint(named), lambda: find_voice(named, tmp_path / "cache")):
        with pytest.raises(NarrationError, match=sentence) as told:
            use()
        assert "\n" not in str(told.value)


def test_a_model_that_is_none_inside(tmp_path: Path) -> None:
    """It begins like a model, so only Piper finds out."""
    (tmp_path / "cut.onnx").write_bytes(model_of_joe().read_bytes()[:100_000])
    shutil.copy(model_of_joe().with_name("en_US-joe-medium.onnx.json"), tmp_path / "cut.onnx.json")
    voice = find_voice(str(tmp_path / "cut.onnx"), tmp_path / "cache")
    with pytest.raises(NarrationError, match=r"the voice cut\.onnx cannot say 'A loop\.' \(.+\); choose another voice"):
        voice.speak("A loop.")
    assert not sounds(tmp_path / "cache")


def test_a_changed_voice_file_is_another_voice(tmp_path: Path) -> None:
    file = tmp_path / "own.onnx"
    file.symlink_to(model_of_joe())
    described = tmp_path / "own.onnx.json"
    shutil.copy(model_of_joe().with_name("en_US-joe-medium.onnx.json"), described)
    before = voice_fingerprint(str(file))
    assert before.splitlines()[0] == "own"
    described.write_text(described.read_text().replace('"length_scale": 1', '"length_scale": 1.1'))
    os.utime(described, ns=(1, 1))
    assert voice_fingerprint(str(file)) != before
    assert check_model(file) == file


def test_without_its_packages_the_lesson_is_silent_and_says_so(monkeypatch: pytest.MonkeyPatch, speech: Path) -> None:
    from scenes.voice import voices

    monkeypatch.setattr(voices, "has_joe", lambda: False)
    sentence = missing("joe")
    assert sentence is not None
    assert "pip install" in sentence
    assert missing("none") is None
    silent = find_voice("joe", speech).speak("A loop is round.")
    assert silent.sound is None
    assert silent.seconds > 0.5
    assert voice_fingerprint("joe") == voice_fingerprint("none") != ""


def test_a_silent_lesson_takes_about_as_long_as_a_spoken_one(joe: Voice) -> None:
    written = read_marked(
        "Here is a three. Whoever wrote it was in a hurry: it is a blur of 28×28 grey squares. So try to say how. "
        "There are 13,002 knobs, and the network reads 97.38 % of the test digits."
    )
    assert utter(written, SilentVoice()).seconds == pytest.approx(utter(written, joe).seconds, rel=0.15)


def test_manim_voiceover_is_named_where_it_is_missing(speech: Path) -> None:
    setting = "manim_voiceover:GTTSService"
    for use in (lambda: find_voice(setting, speech), lambda: voice_fingerprint(setting)):
        with pytest.raises(NarrationError, match="the voice GTTSService belongs to manim-voiceover, which is not"):
            use()


@pytest.mark.parametrize("name", ["mine.Voice", "package.mine.Voice"])
def test_ones_own_speech_service_is_another_voice_when_its_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module, _, _ = name.rpartition(".")
    own = tmp_path / f"{module.replace('.', '/')}.py"
    for file in (tmp_path / "manim_voiceover" / "__init__.py", tmp_path / "package" / "__init__.py", own):
        file.parent.mkdir(exist_ok=True)
        file.write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    setting = f"manim_voiceover:{name}"
    before = voice_fingerprint(setting)
    own.write_text("# another voice")
    assert voice_fingerprint(setting) != before
    assert before.splitlines()[0] == voice_fingerprint(setting).splitlines()[0] == name
    assert module not in sys.modules, "it is asked for while nothing is imported"
    # What the services of manim-voiceover have said, for which people paid, stays known by the same name.
    assert json.loads(voice_fingerprint("manim_voiceover:GTTSService").splitlines()[1])[1:] == [
        "manim_voiceover:GTTSService",
        "",
    ]


def test_the_files_are_plain_wav(joe: Voice) -> None:
    sound = joe.speak("A loop.").sound
    assert sound is not None
    with wave.open(str(sound)) as file:
        assert file.getparams()[:3] == (1, 2, 48_000)
