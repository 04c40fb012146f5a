"""Pages in other languages: no English is left on them, and scripts speak as Python does."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import av
import pytest

from lesson.export import pages
from lesson.export.facts import facts_of
from lesson.export.languages import exported_in
from lesson.export.script_words import words_of
from lesson.export.teleprompter import teleprompter
from lesson.render.clip_metadata import write_metadata
from lesson.render.script import as_markdown, script_of
from network.checkpoint import Checkpoint
from scenes import catalogue
from scenes.catalogue import ENGLISH_CODE, PSEUDO_CODE, language_codes, locale_of
from scenes.language import told_in
from scenes.syllabus import SYLLABUS, Part, part_numbered
from scenes.voice.narration import Beat, Clause
from tests.export.conftest import checkpoint_of, digits_for, export_to, make_clip, make_metadata, part_with

# Names, the same in all languages, also of activations and of the data, which are "made up"; and the "and" of Babel.
NAMES = {"Knobs", "Moodle", "Canvas", "PowerPoint", "Open", "edX", "sigmoid", "relu", "made", "and"}
SHOWN = ("aria-label", "aria-roledescription", "title", "alt", "placeholder", "label")
ALONE = ("meta", "link", "img", "source", "track", "br", "input", "path")
# What a clip brings has no English here, so that what is left on a page is the page's own.
UNTOLD = "ßþ ðß."
# One of them is continued by a figure.
CLIPS = (
    ("part_01_puzzle", "ADigitAtAGlance"),
    ("part_03_neuron", "ANeuron"),
    ("part_08_learning", "FromNoiseToWeights"),
)


class Shown(HTMLParser):
    """What people meet on a page: its texts, and the attributes that are shown or read out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.head: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts += [given[name] or "" for name in SHOWN if name in given]
        if tag == "html":
            self.head = given
        if tag == "meta" and given.get("name") == "description":
            self.texts.append(given["content"] or "")
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style", "code", "pre", "math"} & set(self.open):
            self.texts.append(data)


def english_in(texts: list[str]) -> list[str]:
    """Words in Latin letters with a plain vowel: the pseudo-language has accents on all of them."""
    words = re.findall(r"(?<![\w-])[A-Za-z]{3,}(?![\w-])", " ".join(texts))
    return sorted({word for word in words if re.search("[aeiou]", word)} - NAMES)


def export_in(language: str, folder: Path, checkpoint: Checkpoint, **options: Any) -> Path:
    """An export in a language, of clips that say nothing in English."""
    clips: list[tuple[Part, Path]] = []
    for module, scene in CLIPS:
        clip = make_clip(folder / f"{scene}.mp4", [(90, 90, 200)])
        told = make_metadata(scene, 1, title=UNTOLD, sentences=(UNTOLD,))
        beats = tuple(replace(beat, moves=UNTOLD) for beat in told.beats)
        chapters = tuple(replace(chapter, name=UNTOLD) for chapter in told.chapters)
        told = replace(told, beats=beats, chapters=chapters, summary=UNTOLD, alternative_text=UNTOLD, language=language)
        write_metadata(clip, told)
        clips.append((part_with(module, scene), clip))
    with told_in(language):
        return export_to(folder / "export", clips, checkpoint, scorm=True, **options)


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_in(PSEUDO_CODE, tmp_path_factory.mktemp("pseudo"), checkpoint_of((64, 8, 3)))


PAGES = ("index.html", "use.html", "present.html", "handout.html", "ANeuron/player.html", "ANeuron/one-file.html")


@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_on_a_page(pseudo: Path, page: str) -> None:
    shown = Shown((pseudo / page).read_text("utf-8"))
    assert english_in(shown.texts) == []
    assert len(" ".join(shown.texts)) > 500
    assert shown.head["lang"] == PSEUDO_CODE


def test_no_english_is_left_on_the_pages_of_figures_and_in_packages(pseudo: Path) -> None:
    figures = sorted((pseudo / "figures").glob("*.html"))
    assert len(figures) >= 4
    for page in figures:
        assert english_in(Shown(page.read_text("utf-8")).texts) == [], page.name
    for package in (pseudo / "scorm.zip", pseudo / "ANeuron" / "scorm.zip"):
        with zipfile.ZipFile(package) as archive:
            assert english_in(Shown(archive.read("index.html").decode()).texts) == []
            manifest = archive.read("imsmanifest.xml").decode()
        told = re.findall(r'<(?:title|imsmd:langstring xml:lang="en-XA")>([^<]*)<', manifest)
        assert len(told) == 5 and english_in(told) == []


@pytest.mark.parametrize("sizes", [(784, 30, 10), (64, 3), (784, 16, 12, 4)], ids=str)
def test_the_article_has_no_english_left_for_any_network(sizes: tuple[int, ...]) -> None:
    """Its sentences depend on layers, classes and activations."""
    for hidden in ("sigmoid", "relu"):
        checkpoint = checkpoint_of(sizes, hidden=hidden)
        with told_in(PSEUDO_CODE):
            facts = facts_of(checkpoint, digits_for(checkpoint))
            parts = [pages._article(part, [], facts, {}, packaged=False) for part in SYLLABUS]
        assert english_in(Shown("".join(parts)).texts) == []


@pytest.mark.parametrize("code", language_codes()[1:])
def test_pages_can_be_written_in_every_language(code: str, tmp_path: Path) -> None:
    """A word may lack a form that a sentence asks for, which shows only where they meet."""
    for number, hidden in enumerate(("sigmoid", "relu")):
        checkpoint = checkpoint_of((784, 16, 12, 10), hidden=hidden)
        place = export_in(code, tmp_path / f"{number}", checkpoint, slides=True)
        index = Shown((place / "index.html").read_text("utf-8"))
        assert index.head["lang"] == code
        if code in ("ar", "zh-Hans"):  # they have commas and semicolons of their own
            texts = index.texts + Shown((place / "use.html").read_text("utf-8")).texts
            assert not re.search(r"; |[\u0600-\u06ff\u4e00-\u9fff]\n?, ", "\n".join(texts))
        with zipfile.ZipFile(place / "lesson.pptx") as deck:
            films = [io.BytesIO(deck.read(name)) for name in deck.namelist() if name.endswith(".mp4")]
        for film in films:
            with av.open(film) as opened:
                assert [track.language for track in opened.streams.subtitles] == [catalogue.three_letters_of(code)]


def test_no_english_is_left_in_a_script_to_read_from() -> None:
    scene = replace(part_numbered(6).scenes[0], title=UNTOLD)
    beat = Beat("one", UNTOLD, 0, 2, UNTOLD, (Clause(UNTOLD, 0, 2),))
    with told_in(PSEUDO_CODE):
        script = [script_of(part_numbered(6), scene, 3.0, [beat], None, Path("narration"))]
        page, text = Shown(teleprompter(script, UNTOLD)), as_markdown(script, UNTOLD)
    assert english_in(page.texts) == []
    assert english_in([re.sub("`[^`]*`", "", text)]) == []


@pytest.mark.parametrize("page", ["index.html", "present.html", "figures/turn-a-bias.html"])
def test_a_page_has_the_words_of_its_scripts(pseudo: Path, page: str) -> None:
    html = (pseudo / page).read_text("utf-8")
    (written,) = re.findall(r'<script type="application/json" id="language-of-scripts">(.*?)</script>', html)
    told = json.loads(written)["messages"]
    texts = [text for forms in told.values() for text in ([forms] if isinstance(forms, str) else forms.values())]
    assert english_in([re.sub(r"{\w+}", "", text) for text in texts]) == []
    # Whatever a script of the page asks for is there.
    asked = re.findall(r'(?<![\w$])_[en]?\(\s*"((?:[^"\\]|\\.)*)"', html)
    assert len(set(asked)) > 2 and set(asked) <= told.keys()


def test_a_page_in_english_brings_no_words_for_its_scripts(tmp_path: Path) -> None:
    place = export_in(ENGLISH_CODE, tmp_path, checkpoint_of((64, 8, 3)))
    assert not [page for page in place.rglob("*.html") if 'id="language-of-scripts"' in page.read_text("utf-8")]


def test_scripts_have_a_plural_for_each_kind_of_number() -> None:
    with told_in(PSEUDO_CODE):
        table = words_of("figures/")
        assert table is not None
        forms = table["messages"]["{n} knob set at random: {share} read right."]
    assert set(forms) == {locale_of(PSEUDO_CODE).plural_form(n) for n in range(3)}
    with told_in("de"):
        table = words_of("figures/")
        assert table is not None
    assert table["signs"] == {",": ".", ".": ","}
    assert table["minus"] == "−{number}"


def test_a_page_says_in_which_language_and_direction_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "direction_of", lambda code: "rtl")
    place = export_in(PSEUDO_CODE, tmp_path, checkpoint_of((64, 8, 3)))
    for page in place.rglob("*.html"):
        assert Shown(page.read_text("utf-8")).head.get("dir") == "rtl", page
    assert "\u206664 → 8 → 3\u2069" in (place / "index.html").read_text("utf-8")


def test_pages_of_an_export_in_several_languages_name_each_other(tmp_path: Path) -> None:
    with exported_in(["en", "de"]):
        place = export_in("de", tmp_path, checkpoint_of((64, 8, 3)))
    for page in (*PAGES[:-1], "figures/turn-a-bias.html"):
        html, up = (place / page).read_text("utf-8"), "../" * (page.count("/") + 1)
        assert f'<link rel="alternate" hreflang="en" href="{up}{page}">' in html, page
        # A page that may be sent alone has no link that is seen.
        assert (f'<a href="{up}{page}" lang="en"' in html) == ("figures" not in page), page
    assert "hreflang" not in (place / "ANeuron" / "one-file.html").read_text("utf-8")
    with zipfile.ZipFile(place / "scorm.zip") as archive:
        assert "hreflang" not in archive.read("index.html").decode()
