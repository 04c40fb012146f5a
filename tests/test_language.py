"""The lesson in other languages: whole sentences, their places, numbers, and what a clip of a language depends on."""

from __future__ import annotations

import ast
import pickle
import re
import shutil
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import write_po
from click.testing import CliRunner

from lesson.cli import translate
from lesson.export.languages import exported_in, page_links
from lesson.render.rendering import clip_file, find_scenes, manim_set_up, scene_class
from lesson.translation import catalogues
from lesson.translation.extraction import place_in_picture, template
from lesson.translation.pictures import see
from network.analysis.speech import levels_of
from scenes import catalogue, wording
from scenes.catalogue import PSEUDO_CODE, fingerprints, key_of, language_codes
from scenes.language import (
    LanguageError,
    Word,
    _,
    _n,
    _w,
    clauses,
    language_like,
    language_named,
    listed,
    one_and_another,
    one_or_another,
    question_mark,
    together,
    told_in,
)
from scenes.licence import licence
from scenes.part_05_why_layers.speech_in_layers import spoken_phrase
from scenes.pseudo import LONGER, pseudo
from scenes.settings import NO_VOICE, ROOT, LessonContext, NarrationOptions, SettingError
from scenes.stage import input_log
from scenes.syllabus import all_scenes, with_cards
from scenes.voice.speech_length import speech_length

PART_3 = find_scenes(["3"])
TAG = re.compile(r"<[^<>]*>")
# Names that stay as they are in every language.
NAMES = re.compile(
    r"[\w/]+\.py|(Fashion-)?MNIST|CC BY-SA|CC0|MIT|Knobs|NumPy|ReLU\d?|joe|"
    r"Yann LeCun|Corinna Cortes|Christopher J\.C\. Burges|\b[0-9a-f]{12}\b"  # the last is a fingerprint
)


def plain_english(text: str) -> bool:
    """Whether a text has a word of plain letters that is no name; letters alone are signs of formulas."""
    return bool(re.search(r"(?<![A-Za-z])(?=[A-Za-z]*[aeiouAEIOU])[A-Za-z]{2,}", NAMES.sub("", text)))


# Those whose pictures take the fewest seconds are looked at in every run, the others with the slow tests.
QUICK = {"ANeuron", "PixelsAreNeurons", "OtherHandsOtherNumbers", "ANeuronIsAFunction"}
EVERY = with_cards(all_scenes())


def scenes_for(code: str) -> list[Any]:
    """Each scene of the film, slow ones marked; in a language that people speak all are."""
    return [
        pytest.param(
            part,
            entry,
            code,
            id=f"{entry.name}-{code}",
            marks=() if entry.name in QUICK and code == PSEUDO_CODE else pytest.mark.slow,
        )
        for part, entry in EVERY
    ]


@pytest.mark.parametrize(("part", "entry", "code"), scenes_for(PSEUDO_CODE))
def test_all_words_are_in_the_catalogue_and_longer_ones_have_room(
    part: Any, entry: Any, code: str, tmp_path: Path
) -> None:
    """In the pseudo-language, words without accents are those that no translator would be given."""
    seen = see(part, entry, code, tmp_path)
    metadata = seen.metadata
    texts = [metadata.title, metadata.summary, metadata.alternative_text, *(c.name for c in metadata.chapters)]
    texts += [text for beat in metadata.beats for text in (beat.text, beat.moves)] + sorted(seen.shown)
    assert len(texts) >= 5
    if entry.name == "SpeechInLayers":  # an English sentence is heard, and cut into syllables and sounds
        heard = {unit.text for level in levels_of(spoken_phrase()[1]) for unit in level}
        texts = [text.replace(max(heard, key=len), "") for text in texts if text not in heard]
        texts = [re.sub(r"\((\w+, )+\w+\)", "", text) for text in texts]
    assert [text for text in texts if plain_english(text)] == []
    assert list(seen.findings) == []


@pytest.mark.parametrize(("part", "entry", "code"), [one for code in language_codes()[1:] for one in scenes_for(code)])
def test_the_words_of_every_language_fit_their_pictures(part: Any, entry: Any, code: str, tmp_path: Path) -> None:
    assert list(see(part, entry, code, tmp_path).findings) == []


def test_a_sentence_has_the_words_of_its_language_and_its_numbers() -> None:
    with told_in("de"):
        said = _("Part {number}: {title}.", number=3, title="X")
        assert said == "Teil 3: X."
        assert wording.number(-12960.5, 1) == "−12.960,5"
        assert wording.percent(0.974) == "97,4 %"
        assert wording.percent_range(0.38, 0.61) == "38 bis 61"
        assert wording.in_words(3) == "drei"
        assert wording.in_words(28) == "28"
        assert f"mit {wording.one_in_words('3'):dative}" == "mit einer Drei"
        assert _n("{n} time", "{n} times", 1200) == "1.200-mal"
    assert _("Part {number}: {title}.", number=3, title="X") == "Part 3: X."
    assert wording.number(-12960.5, 1) == "−12,960.5"


def test_words_have_forms_and_begin_with_a_capital_letter_where_asked() -> None:
    word = Word("eine Drei|dative=einer Drei")
    assert (f"{word}", f"{word:dative}", f"{word:^}", f"{word:^dative}") == (
        "eine Drei",
        "einer Drei",
        "Eine Drei",
        "Einer Drei",
    )
    assert f"{pickle.loads(pickle.dumps(word)):dative}" == "einer Drei"
    with told_in("de"), pytest.raises(LanguageError, match="'eine Drei' has no form 'genitive' in German"):
        f"{word:genitive}"
    assert _w("a number in words", "three") == "three"


def test_words_without_other_forms_are_the_same_in_all() -> None:
    with told_in("de"):
        assert f"{wording.class_in_words('Coat'):dative}, {Word('bag'):^dative}" == "Coat, Bag"
        assert f"mit {one_or_another([wording.one_in_words('3')]):dative}" == "mit einer Drei"


def test_things_in_a_row_have_the_commas_of_their_language(own_catalogues: Path) -> None:
    def told() -> list[str]:
        return [
            listed([16, 16, 10]),
            one_or_another(["A", "B", "C"]),
            one_and_another(["A", "B", "C"]),
            clauses(["A", "B"]),
            question_mark(),
            licence("mine", ["joe"])[-26:],
        ]

    assert told() == ["16, 16, 10", "A, B or C", "A, B and C", "A; B", "?", " is under the MIT licence."]
    assert [one_or_another("A"), one_and_another("A")] == ["A", "A"]
    texts = catalogues.read("de")
    for context, message, translation in (
        ("between the items of a list", ", ", "、"),
        ("one or another", "{some} or {last}", "{some}或{last}"),
        ("one and another", "{some} and {last}", "{some}和{last}"),
        ("between the clauses of a sentence", "; ", "；"),
        ("a sentence of several clauses", "{clauses}.", "{clauses}。"),
        ("a large question mark, alone in a picture", "?", "؟"),
    ):
        texts.delete(message, context)
        texts.add(message, translation, context=context)
    with open(catalogue.catalogue_file("de"), "wb") as file:
        write_po(file, texts)
    with told_in("de"):
        assert told()[:-1] == ["16、16、10", "A、B或C", "A、B和C", "A；B", "؟"]
        assert told()[-1].endswith("MIT-Lizenz。") and "; " not in licence("mine", ["joe"])


def test_round_numbers_have_the_unit_of_ten_thousand_in_chinese() -> None:
    with told_in(language_like("zh-Hans")):
        amounts = (9000, 10_000, 13_000, 60_000, 980_000, 13_002, 12_960)
        assert [wording.in_words(n) for n in amounts] == ["9000", "1万", "1.3万", "6万", "98万", "13,002", "12,960"]
        assert [wording.significant(n) for n in (0.29, 1234, 12_960)] == ["0.29", "1200", "1.3万"]
        assert wording.number(60_000) == "60,000"  # as in pictures
    assert wording.in_words(60_000) == "sixty thousand" and wording.significant(12_960) == "13,000"


def test_figures_take_as_long_to_say_as_their_language_needs() -> None:
    english = speech_length("13,002")
    assert english == len("thirteenthousandandtwo")
    for code, said in (("zh-Hans", "一万二千九百六十"), ("de", "zwölftausendneunhundertsechzig")):
        with told_in(language_like(code)):
            assert speech_length("12,960") == pytest.approx(speech_length(said), rel=0.15), code
            assert speech_length("60,000") == speech_length("61") < speech_length("13,002")


def test_sentences_stand_apart_as_their_language_has_it() -> None:
    assert together("One.", "", "Two.") == "One. Two."
    assert language_named("de").between == " "
    assert language_named("DE").name == "Deutsch"


def test_a_language_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(LanguageError, match="no language 'tlh'; there are en, ar, de, es, zh-Hans"):
        language_named("tlh")
    with pytest.raises(SettingError, match="joe speaks English and not German"):
        LessonContext.of(narration=NarrationOptions("joe", language="de"))
    assert LessonContext.of(narration=NarrationOptions(language="de")).voice == NO_VOICE


def test_the_environment_may_name_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOBS_LANGUAGE", "de")
    assert LessonContext.of_environment().language == "de"
    monkeypatch.setenv("KNOBS_LANGUAGE", "tlh")
    with pytest.raises(SettingError, match="no language 'tlh'"):
        LessonContext.of_environment()


def test_the_pseudo_language_is_longer_and_keeps_places_and_bookmarks() -> None:
    source = "Take {one} of <bookmark mark='a'/> these sentences, which go on for a little while."
    changed = pseudo(source)
    assert "{one}" in changed and "<bookmark mark='a'/>" in changed
    plain = TAG.sub("", source.replace("{one}", ""))
    assert len(TAG.sub("", changed.replace("{one}", ""))) == pytest.approx(LONGER * len(plain), rel=0.1)


# ------------------------------------------------------------------------------------------ catalogues


@pytest.fixture(autouse=True)
def found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """To find all messages takes seconds, and no test changes the sources; each is given a copy of its own."""
    monkeypatch.setattr(catalogues, "template", lambda: deepcopy(found_in_the_sources()))


found_in_the_sources = cache(template)


@pytest.fixture
def own_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogues, in a folder where they may be changed."""
    shutil.copytree(catalogue.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path / "locale")
    return tmp_path / "locale"


def test_every_message_can_be_read_and_says_where_it_is_seen() -> None:
    messages = {(m.context, m.id): m for m in found_in_the_sources() if m.id}
    told_of = messages[None, "Some wake up, others fall asleep."].auto_comments
    assert told_of == ["ANeuron, what_changes: words in the picture"]
    moves = next(m for (_, text), m in messages.items() if str(text).startswith("The circle shrinks into its place"))
    assert moves.auto_comments[0].endswith("what moves, for people who cannot see it")
    assert messages[None, "input layer"].auto_comments == ["PixelsAreNeurons, in_the_network: words in the picture"]
    assert place_in_picture(ROOT / "scenes" / "wording.py", 1) == ""


def test_no_message_of_the_program_is_left_out_of_the_catalogue() -> None:
    """Babel leaves out, without a word, a call that holds another: `_("…", word=_c("…", "…"))` on some lines."""
    found = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in found_in_the_sources() if m.id}
    calls = [call for file in source_files() for call in messages_in(file)]
    assert len(calls) > 1000
    assert [call for call in calls if call[1:] not in found] == []


def source_files() -> list[Path]:
    return sorted(file for folder in ("scenes", "lesson") for file in (ROOT / folder).rglob("*.py"))


def messages_in(file: Path) -> list[tuple[str, str | None, str]]:
    """Where each message of a file stands, its context and itself; not those that are looked up by a variable."""
    found = []
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            has_context = node.func.id in ("_c", "_w", "NC_")
            if has_context or node.func.id in ("_", "_n", "N_"):
                texts = [text.value if isinstance(text, ast.Constant) else None for text in node.args[:2]]
                context, message = texts if has_context else (None, texts[0])
                if message is not None:
                    found.append((f"{file.relative_to(ROOT)}, line {node.lineno}", context, message))
    return found


@pytest.mark.parametrize("code", language_codes()[1:])
def test_no_translation_has_other_places_than_its_source(code: str) -> None:
    assert [fault.sentence for fault in catalogues.faults(code) if fault.kind == "places"] == []


def test_what_is_wrong_with_a_catalogue_is_listed(own_catalogues: Path) -> None:
    file = catalogue.catalogue_file("de")
    text = re.sub(r"#, fuzzy.*\n", "", file.read_text("utf-8"))  # whatever waits for its translator
    text = text.replace('msgstr "Manche wachen auf."', 'msgstr ""')
    text = text.replace("Nimm ein Kästchen unserer {digit}", "Nimm ein Kästchen unserer {ziffer:vocative}")
    text = text.replace("<bookmark mark='who'/> Wer sagt", "Wer sagt")
    file.write_text(text, "utf-8")
    done = CliRunner().invoke(translate.command, ["--check", "de"])
    assert done.exit_code == 3
    assert "missing: ANeuron, what_changes: words in the picture: “Some wake up”" in done.output
    assert "has {ziffer}, which the source does not have" in done.output
    assert "leaves out {digit}" in done.output
    assert "asks for the form vocative, which no translation of a word has" in done.output
    assert "has other tags than the source: <bookmark mark='who'/> missing" in done.output


def test_a_language_is_begun_and_brought_up_to_date(own_catalogues: Path) -> None:
    done = CliRunner().invoke(translate.command, ["--new", "pt-BR"])
    assert done.exit_code == 0, done.output
    assert language_named("pt-BR").direction == "ltr"
    with pytest.raises(LanguageError, match="already exists; ./knobs translate --update brings"):
        catalogues.begin("pt-BR")
    file = catalogue.catalogue_file("de")
    before = file.read_bytes()
    changed = before.replace(b'msgid "Some wake up."', b'msgid "Some woke up."')
    file.write_bytes(changed)
    catalogues.update("de")
    assert "fuzzy" in {fault.kind for fault in catalogues.faults("de")}  # the English has changed since
    with told_in("de"):
        assert _("Some wake up.") == "Some wake up."  # what is fuzzy is not shown


# ------------------------------------------------------------------------------------------ clips and pages


def test_a_changed_translation_makes_only_the_clips_old_that_use_it(own_catalogues: Path, tmp_path: Path) -> None:
    read = {entry.name: see(part, entry, "de", tmp_path, thoroughly=False).read for part, entry in PART_3}
    before = fingerprints("de")
    file = catalogue.catalogue_file("de")
    file.write_text(
        file.read_text("utf-8").replace('msgstr "Manche wachen auf, andere', 'msgstr "Einige wachen auf, andere'),
        "utf-8",
    )
    after = fingerprints("de")
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {key_of("Some wake up, others fall asleep.")}
    notes = {input_log.message(key) for key in changed}
    assert notes <= read["ANeuron"]
    assert not notes & read["PixelsAreNeurons"]


def test_english_depends_on_no_catalogue(tmp_path: Path) -> None:
    read = see(*PART_3[1], "en", tmp_path, thoroughly=False).read
    assert not [name for name in read if name.startswith("message ")]
    assert fingerprints("en") == {}


def test_each_language_has_a_folder_of_its_own(tmp_path: Path) -> None:
    entry = PART_3[0][1]
    assert clip_file(entry, "l", tmp_path, "de") == tmp_path / "clips" / "de" / "480p15" / "ANeuron.mp4"
    for language in ("de", "en"):
        context = LessonContext.of(quality="l", narration=NarrationOptions(NO_VOICE, language=language))
        with manim_set_up("l", tmp_path):
            stage: Any = scene_class(*PART_3[0])(context=context)
            assert stage.clip_file == clip_file(entry, "l", tmp_path, language)


def test_pages_link_to_the_same_page_in_the_other_languages() -> None:
    with exported_in(["en", "de"]):
        assert [link.address for link in page_links("index.html")] == ["index.html", "de/index.html"]
        with told_in("de"):
            links = page_links("ANeuron/player.html")
        assert [(link.code, link.address) for link in links] == [
            ("en", "../../ANeuron/player.html"),
            ("de", "../../de/ANeuron/player.html"),
        ]
        assert [link.is_current for link in links] == [False, True]
        assert page_links("") == []
    assert page_links("index.html") == []
