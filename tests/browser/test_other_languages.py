"""What scripts say in another language, in a browser: no English is left, and numbers are as Python writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lesson.export.figure_data import _forms_of
from lesson.export.figures import FIGURES
from lesson.export.jinja_environment import jinja_environment
from lesson.export.script_words import words_of
from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits
from scenes import wording
from scenes.catalogue import PSEUDO_CODE, language_codes
from scenes.language import Word, _n, told_in
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA
from tests.browser.conftest import Visit, export_figures
from tests.export.conftest import checkpoint_of
from tests.export.test_other_languages import SHOWN, english_in, export_in

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow]

Open = Callable[..., Visit]
# Texts and attributes of what is on a page now, and what canvases were told to write.
MET = """([root, names]) => {
    const told = [], walk = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_ALL);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) {
            if (!node.parentElement.closest('script, style, code, pre, math')) told.push(node.data);
        } else if (node.nodeType === Node.ELEMENT_NODE) {
            for (const name of names) if (node.hasAttribute(name)) told.push(node.getAttribute(name));
        }
    }
    return [...told, ...globalThis.drawnWords];
}"""
NOTE_DRAWN = """(() => {
    globalThis.drawnWords = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        drawnWords.push(text);
        return fillText.call(this, text, ...rest);
    };
})()"""
# Each choice changed, buttons pressed, a neuron of each layer opened, and keys and sliders used.
TRY_ALL = """async () => {
    const pause = () => new Promise((done) => setTimeout(done, 60));
    for (const select of document.querySelectorAll('main select')) {
        if (!select.isConnected) continue; // another choice has replaced it
        select.selectedIndex = select.options.length - 1;
        select.dispatchEvent(new Event('change'));
        await pause();
    }
    const buttons = '.main, .tools button, .play, .by-layer, .layer .neuron:first-child, .samples button:first-child';
    for (const button of document.querySelectorAll(buttons)) {
        if (button.disabled || !button.checkVisibility()) continue;
        button.click();
        await pause();
    }
    for (const field of document.querySelectorAll('.cells, .paper')) {
        field.focus();
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true }));
        await pause();
    }
    for (const input of document.querySelectorAll('input[type=range]')) {
        input.value = input.max;
        input.dispatchEvent(new Event('input'));
        await pause();
    }
    await new Promise((done) => setTimeout(done, 900)); // until what is said to screen readers has been said
}"""


@pytest.fixture(scope="module")
def pseudo(test_set: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figures of the default network, in the pseudo-language."""
    place = tmp_path_factory.mktemp("pseudo") / "e"
    with told_in(PSEUDO_CODE):
        return export_figures(place, load_checkpoint(DEFAULT_CHECKPOINT), load_digits(DEFAULT_DATA, "train"), test_set)


def met(page: Any, root: str = "body") -> list[str]:
    texts: list[str] = page.evaluate(MET, [root, [*SHOWN, "aria-valuetext"]])
    return texts


@pytest.mark.parametrize("name", [figure.name for figure in FIGURES])
def test_a_figure_says_nothing_in_english(pseudo: Path, visit: Open, name: str) -> None:
    seen = visit("about:blank")
    seen.page.add_init_script(NOTE_DRAWN)
    seen.page.goto((pseudo / "figures" / f"{name}.html").as_uri())
    seen.page.wait_for_selector(".figure.ready")
    before = met(seen.page)
    if name == "train-live":
        seen.page.click(".main >> nth=0")
        seen.page.wait_for_function("globalThis.knobs.training?.state()")
    seen.page.evaluate(TRY_ALL)
    after = met(seen.page)
    assert english_in([*before, *after]) == []
    assert len(set(after) - set(before)) > 3  # it answered
    assert seen.errors == []


def test_the_drawing_field_says_nothing_in_english(pseudo: Path, visit: Open) -> None:
    seen = visit((pseudo / "index.html").as_uri())
    seen.page.evaluate(NOTE_DRAWN)
    seen.page.evaluate("document.querySelector('#draw').scrollIntoView()")
    seen.page.wait_for_selector("#draw [data-stage]:not([hidden])")
    before = met(seen.page, "#draw")
    seen.page.evaluate(TRY_ALL)
    seen.page.click("#draw .samples button >> nth=3")
    seen.page.uncheck("#draw .prepared")
    seen.page.wait_for_timeout(1500)
    after = met(seen.page, "#draw")
    assert english_in([*before, *after]) == []
    assert len(set(after) - set(before)) > 3


@pytest.mark.parametrize("code", language_codes())
def test_scripts_write_numbers_and_plurals_as_python_does(visit: Open, code: str) -> None:
    page = visit("about:blank").page
    one, several = "{n} knob set at random: {share} read right.", "{n} knobs set at random: {share} read right."
    amounts = [0, 1, 2, 3, 5, 11, 99, 100, 784, 1000, 12960, 1234567]
    with told_in(code):
        shell = jinja_environment().from_string(
            """<!doctype html><html lang="{{ code }}">{% if table %}
            <script type="application/json" id="language-of-scripts">{{ table | tojson }}</script>{% endif %}
            <script>{{ raw("words.js") }}</script></html>"""
        )
        page.set_content(shell.render(code=code, table=words_of("figures/")))
        wanted = [_n(one, several, amount, share=wording.percent(0.974)) for amount in amounts]
        wanted += [wording.number(-amount) for amount in amounts]
    asked = """([one, several, amounts]) => [
        ...amounts.map((amount) => _n(one, several, amount, { share: inPercent((97.4).toFixed(1)) })),
        ...amounts.map((amount) => wholeNumber(-amount))]"""
    assert page.evaluate(asked, [one, several, amounts]) == wanted


def test_a_sentence_of_a_script_asks_for_a_form_as_one_of_python_does(visit: Open) -> None:
    page = visit("about:blank").page
    word = Word("die Sigmoidfunktion|dative=der Sigmoidfunktion")
    shell = jinja_environment().from_string('<!doctype html><script>{{ raw("words.js") }}</script>')
    page.set_content(shell.render())
    for message in ("{function:^} mit {function:dative}, {function}, {function:^dative}.", "{function} {n}"):
        places = {"function": _forms_of(word), "n": 0}
        assert page.evaluate("([message, places]) => _(message, places)", [message, places]) == message.format(
            function=word, n=0
        )


@pytest.mark.parametrize("code", ["ar", "de", "zh-Hans"])
def test_nothing_sticks_out_of_a_page_in_another_language(visit: Open, tmp_path: Path, code: str) -> None:
    place = export_in(code, tmp_path, checkpoint_of((64, 8, 3)))
    for page in ("index.html", "use.html", "present.html", "handout.html", "ANeuron/player.html"):
        seen = visit((place / page).as_uri(), width=360)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360, page
        buttons = "[...document.querySelectorAll('button')].filter((one) => one.scrollWidth > one.clientWidth + 2)"
        assert seen.page.evaluate(f"{buttons}.map((one) => one.textContent)") == [], page
        assert not seen.errors
