"""Subtitles in further languages: in the time of the words that are told, and inside films and players."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import av
import numpy as np
import pytest

from lesson.export.exporting import ExportOptions, Rendered, export
from lesson.export.folder import open_folder
from lesson.export.manifest import kept_clips
from lesson.render.clip_cache import input_fingerprints, write_build_record
from lesson.render.muxing import build_timeline, join
from lesson.render.other_subtitles import Retold, laid_on, other_languages, retell, words_in, write_beside
from lesson.render.subtitles import as_srt
from network.checkpoint import Checkpoint
from scenes.catalogue import PSEUDO_CODE, three_letters_of
from scenes.language import LanguageError, language_like, told_in
from scenes.settings import LessonContext
from scenes.stage.tracks import finish_clip
from scenes.syllabus import Part
from scenes.voice.cues import Caption, Subtitles, cues
from scenes.voice.narration import Beat, Clause
from tests.export.conftest import checkpoint, clips, digits_for, export_to, make_clip, make_metadata  # noqa: F401 (fixtures)
from tests.export.test_talk import lesson_of

GERMAN = Subtitles("de", (Caption("Hier ist eine Drei & mehr.", 0.2, 1.4), Caption("Das war's.", 1.6, 2.9)))
RETOLD = Retold(
    "de",
    tuple(
        Beat(f"b{n}", c.sentence, c.start, c.stop, "", (Clause(c.sentence, c.start, c.stop),))
        for n, c in enumerate(GERMAN.captions)
    ),
)


def beat(name: str, *clauses: Clause) -> Beat:
    text = " ".join(clause.text for clause in clauses)
    return Beat(name, text, clauses[0].start, clauses[-1].stop + 0.5, "", clauses, "joe")


def test_each_sentence_takes_the_time_of_the_one_that_it_translates() -> None:
    told = beat(
        "one", Clause("Here is a three.", 1, 2), Clause("It is written:", 2.4, 3), Clause("in a hurry.", 3.2, 4)
    )
    with told_in("de"):
        (laid,) = laid_on([told], {"one": "Hier ist eine Drei. Sie ist eilig geschrieben."})
        assert [(c.text, c.start, c.stop) for c in laid.clauses] == [
            ("Hier ist eine Drei.", 1, 2),
            ("Sie ist eilig geschrieben.", 2.4, 4),
        ]
        (other,) = laid_on([told], {"one": "Hier ist eine Drei, sie ist eilig geschrieben."})
        assert [(c.start, c.stop) for c in other.clauses] == [(1, 4)]
        assert laid_on([told], {}) == []
    with told_in(language_like("zh-Hans")):
        (chinese,) = laid_on([told], {"one": "这是三。写得很匆忙。"})
        assert [c.start for c in chinese.clauses] == [1, 2.4]
        assert "".join(cue.sentence for cue in cues([chinese], 6)) == "这是三。写得很匆忙。"


@pytest.mark.parametrize(
    ("code", "three"),
    [("en", "eng"), ("de", "deu"), ("zh-Hans", "zho"), ("ar", "ara"), ("es", "spa"), ("pt-BR", "por"), ("nb", "nob")],
)
def test_films_name_a_language_by_three_letters(code: str, three: str) -> None:
    assert three_letters_of(code) == three


def test_each_track_of_a_film_says_its_language(tmp_path: Path) -> None:
    clip, film = make_clip(tmp_path / "clip.mp4", [(200, 40, 40)] * 3), tmp_path / "film.mp4"
    with told_in(PSEUDO_CODE):
        finish_clip(clip, None, [Caption("A square.", 0.2, 1.4)])
    with told_in("de"):
        sound = np.zeros((1, 3 * 48000), np.float32)
        join(build_timeline([clip]), film, make_metadata("S"), "", sound, subtitles=[replace(GERMAN, language="en")])
    with av.open(clip) as opened:
        assert [stream.language for stream in opened.streams.subtitles] == ["eng"]
    with av.open(film) as opened:
        assert opened.streams.audio[0].language == "deu"
        assert [stream.language for stream in opened.streams.subtitles] == ["deu", "eng"]
        # None is on by itself.
        assert not any(one.disposition & av.stream.Disposition.default for one in opened.streams.subtitles)
        packets = [p for p in opened.demux(opened.streams.subtitles[1]) if p.pts is not None and p.size > 2]
    assert [bytes(p)[2:].decode() for p in packets] == [caption.sentence for caption in GERMAN.captions]
    assert [p.pts for p in packets] == [200, 1600]


def test_a_player_offers_them(clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path) -> None:  # noqa: F811
    """From the page itself, so that they are there on disk; also of a clip that is kept from an earlier export."""
    place, digits = tmp_path / "export", digits_for(checkpoint)
    for some in (clips, clips[1:]):
        rendered = [Rendered(part, clip, retold=(RETOLD,)) for part, clip in some]
        with open_folder(place) as folder:
            manifest = export(folder, rendered, checkpoint, digits, digits, ExportOptions())
    assert len(manifest["clips"]) == 2 and len(kept_clips(place, manifest, set())) == 2
    for _, clip in clips:
        page = (place / clip.stem / "player.html").read_text("utf-8")
        found = re.findall(
            r'<track kind="(\w+)" srclang="([\w-]+)" label="([^"]*)" src="data:text/vtt[^,]*,([^"]*)"', page
        )
        assert [one[:3] for one in found[:2]] == [("captions", "en", "English"), ("subtitles", "de", "Deutsch")]
        assert "Hier ist eine Drei &amp; mehr." in unquote(found[1][3]).replace("&amp;amp;", "&amp;")
        entry = next(entry for entry in manifest["clips"] if entry["scene"] == clip.stem)
        (file,) = (file for file in entry["files"] if file["role"] == "subtitles")
        assert file["label"] == "de" and (place / file["path"]).read_text("utf-8").startswith(
            "WEBVTT\n\n1\n00:00:00.200"
        )
        with av.open(
            place / clip.stem / next(f["path"] for f in entry["files"] if f["role"] == "mp4").split("/")[1]
        ) as mp4:
            assert [stream.language for stream in mp4.streams.subtitles] == ["eng", "deu"]


def test_pages_and_slides_to_teach_with_have_them(
    clips: list[tuple[Part, Path]],  # noqa: F811
    checkpoint: Checkpoint,  # noqa: F811
    tmp_path: Path,
) -> None:
    place = export_to(tmp_path / "talk", clips[:1], checkpoint, retold=(RETOLD,), talk=True, slides=True)
    lesson = lesson_of(place)
    assert lesson["captions"] == [{"code": "en", "name": "English"}, {"code": "de", "name": "Deutsch"}]
    (scene,) = lesson["scenes"]
    told = RETOLD.subtitles(3.0).captions
    assert scene["captions"]["de"] == [[c.start, c.stop, c.sentence] for c in told]
    assert len(scene["captions"]["en"]) == 3
    assert "in one of their languages" in (place / "present.html").read_text("utf-8")
    with zipfile.ZipFile(place / "lesson.pptx") as deck:
        slides = [deck.read(f"ppt/slides/slide{number}.xml").decode() for number in (2, 3, 4)]
        tracks = [deck.read(name).decode() for name in deck.namelist() if name.endswith(".vtt")]
    assert [re.findall(r'label="(\w+)" lang="(\w+)"', slide) for slide in slides] == [
        [("English", "en"), ("Deutsch", "de")]
    ] * 3
    german = [track for track in tracks if "Das war" in track or "Hier ist" in track]
    assert german[0] == "WEBVTT\n\n1\n00:00:00.200 --> 00:00:01.000\nHier ist eine Drei &amp; mehr.\n"
    assert german[2] == "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nDas war's.\n", "in the time of its own film"


def test_subtitles_are_written_beside_a_clip_in_its_length(tmp_path: Path) -> None:
    clip = tmp_path / "S.mp4"
    clip.write_bytes(b"a clip")
    write_build_record(clip, 3.0, input_fingerprints(LessonContext()), [], {})
    assert write_beside(clip, [RETOLD]) == [tmp_path / "S.de.srt"]
    assert (tmp_path / "S.de.srt").read_text("utf-8") == as_srt(RETOLD.subtitles(3.0).captions)
    assert write_beside(clip, []) == []


def test_a_language_that_is_not_there_and_the_own_one() -> None:
    context = LessonContext.of(quality="l")
    with pytest.raises(LanguageError, match="no language 'tlh'"):
        other_languages("de,tlh", context)
    assert [one.code for one in other_languages("en, de,de", context)] == ["de"]
    assert other_languages(None, context) == []


def test_a_scene_is_run_once_in_a_further_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says is kept, until a translation changes that it uses."""
    from lesson.render.rendering import find_scenes

    (part, scene), *_ = find_scenes(["PixelsAreNeurons"])
    (german,) = other_languages("de", LessonContext.of(quality="l"))
    words = words_in(german, part, scene, tmp_path)
    assert len(words) == 2 and any("Neuron" in said for said in words.values())
    monkeypatch.setattr("lesson.render.rendering.dry_run", lambda *_: pytest.fail("it was run again"))
    assert words_in(german, part, scene, tmp_path) == words
    told = [
        Beat(name, "x.", 2.0 * n, 2.0 * n + 2, "", (Clause("x.", 2.0 * n, 2.0 * n + 2),))
        for n, name in enumerate(words)
    ]
    found = retell(german, part, scene, told, tmp_path).subtitles(4.0)
    assert (
        found.language == "de"
        and " ".join(c.sentence for c in found.captions).split() == " ".join(words.values()).split()
    )
    changed = replace(
        german,
        inputs={name: f"{value}x" if name.startswith("message ") else value for name, value in german.inputs.items()},
    )
    with pytest.raises(pytest.fail.Exception, match="run again"):
        words_in(changed, part, scene, tmp_path)
