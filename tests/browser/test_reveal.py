"""The snippet for reveal.js on slides of reveal.js itself, which the package sphinx-revealjs brings."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Site, Visit
from tests.browser.test_pages import clip_of

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow, pytest.mark.needs("reveal")]

Open = Callable[..., Visit]
DECK = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Slides</title>
<link rel="stylesheet" href="reveal/reset.css"><link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="reveal/theme/black.css"></head>
<body><div class="reveal"><div class="slides"><section><h1>First</h1></section>
{snippet}
<section><h1>Last</h1></section></div></div>
<script src="reveal/reveal.js"></script>
<script>Reveal.initialize({{ transition: "none" }})</script></body></html>"""
SLIDE = "Reveal.getIndices().h"


@pytest.fixture
def deck(site: Site) -> Path:
    """Slides beside the export, the second of which is the snippet."""
    spec = importlib.util.find_spec("sphinx_revealjs")
    assert spec is not None and spec.submodule_search_locations
    reveal = Path(spec.submodule_search_locations[0]) / "_static" / "revealjs" / "dist"
    shutil.copytree(reveal, site.place.parent / "reveal", dirs_exist_ok=True)
    file = site.place.parent / "slides.html"
    file.write_text(DECK.format(snippet=clip_of(site, "Clip6")["snippets"]["reveal"]), encoding="utf-8")
    return file


def at_the_clip(deck: Path, visit: Open) -> Any:
    page = visit(deck.as_uri()).page
    page.wait_for_function("Reveal.isReady()")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{SLIDE} === 1 && document.querySelector('video').readyState > 0")
    return page


@pytest.mark.parametrize("control", ["picture", "play", "timeline"])
def test_the_keys_go_on_working_after_a_click_on_the_clip(control: str, deck: Path, visit: Open) -> None:
    page = at_the_clip(deck, visit)
    assert page.evaluate("document.querySelector('video').paused && !document.querySelector('video').loop")
    box = page.locator("video").bounding_box()
    across, above = {"picture": (0.5, 0.5 * box["height"]), "play": (0.06, 38), "timeline": (0.5, 14)}[control]

    def click() -> None:
        page.mouse.click(box["x"] + across * box["width"], box["y"] + box["height"] - above)
        page.wait_for_function("document.querySelector('video').currentTime > 0")

    click()
    if control == "play":
        assert not page.evaluate("document.querySelector('video').paused")
    page.wait_for_timeout(300)
    for key, slide in (("ArrowRight", 2), ("ArrowLeft", 1), ("PageDown", 2), ("PageUp", 1), ("Space", 2)):
        page.keyboard.press(key)
        page.wait_for_function(f"{SLIDE} === {slide}")
        if slide == 2:
            page.wait_for_function("document.querySelector('video').paused")
        else:
            click()
            page.wait_for_timeout(300)


def test_by_keyboard_alone_the_controls_keep_theirs(deck: Path, visit: Open) -> None:
    page = at_the_clip(deck, visit)
    page.locator("h2").first.evaluate("title => { title.tabIndex = 0; title.focus(); }")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.tagName === 'VIDEO'")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('video').currentTime > 0.3")
    assert page.evaluate(f"document.activeElement.tagName === 'VIDEO' && {SLIDE} === 1")


def test_a_clip_is_shown_once(deck: Path, visit: Open) -> None:
    page = at_the_clip(deck, visit)
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_function("document.querySelector('video').ended")
    assert page.evaluate("document.querySelector('video').paused")


def test_on_paper_the_slide_has_its_picture(deck: Path, visit: Open) -> None:
    page = visit(deck.as_uri() + "?print-pdf").page
    page.wait_for_function("document.querySelectorAll('.pdf-page').length === 3")
    page.wait_for_function("document.querySelector('video').readyState > 0")
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 3
    assert re.search(rb"/Subtype\s*/Image", paper), "the page of the clip is not empty"
