"""What may be done with a lesson is said in one sentence, by the data and the voices that were really used."""

from __future__ import annotations

from pathlib import Path

from scenes.licence import MNIST, in_credits, licence, mnist_makers, told_by
from scenes.voice.narration import RECORDING

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_readme_says_it_in_the_same_words() -> None:
    told = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert licence(MNIST, ["joe"]) in told


def test_it_follows_the_data_and_the_voices() -> None:
    ours = licence(MNIST, ["joe", "", "joe"])
    assert "share and change these clips" in ours and "CC BY-SA 3.0" in ours and ours.count("joe") == 1
    assert "voice" not in licence(MNIST, [])
    for sentence in (licence("my-signs", ["joe"]), licence(MNIST, [RECORDING]), licence(MNIST, ["en_GB-alan"])):
        assert "change what Knobs adds to these clips" in sentence, "no more is ours to give away"
    others = licence("my-signs", ["en_GB-alan", RECORDING], "this film")
    assert "MNIST" not in others and "CC0" not in others
    assert "the pictures are those of my-signs and belong to those who made them" in others
    assert "the voice, en_GB-alan, is under its own licence; " in others
    assert "the recorded voice belongs to whoever speaks" in others


def test_the_credits_of_a_film_follow_them_too() -> None:
    assert "share it under CC BY-SA 4.0" in in_credits(MNIST, ["joe"])
    assert "share what Knobs adds" in in_credits("my-signs", ["joe"]) and "adds" in in_credits(MNIST, [RECORDING])
    assert told_by(["joe"]) == "told by joe, a voice in the public domain (CC0)"
    assert told_by([]) == "" and "belong to those who speak" in told_by([RECORDING])


def test_the_makers_of_the_digits_are_named_in_one_place() -> None:
    last = mnist_makers().rpartition(" and ")[2]
    sources = [
        file
        for folder in ("network", "scenes", "lesson")
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".j2", ".js") and last in file.read_text(encoding="utf-8")
    ]
    assert [file.name for file in sources] == ["licence.py"]
