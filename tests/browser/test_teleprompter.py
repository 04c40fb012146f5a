"""The teleprompter in a browser: it moves at the pace of the scene, and is worked by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lesson.export.teleprompter import teleprompter
from lesson.render.script import script_of
from scenes.syllabus import part_numbered
from scenes.voice.narration import Beat, Clause

PART = part_numbered(6)


def told(name: str, start: float, *texts: str) -> Beat:
    clauses = tuple(Clause(text, start + n, start + n + 0.8) for n, text in enumerate(texts))
    return Beat(name, " ".join(texts), start, clauses[-1].stop, "A bar grows.", clauses)


BEATS = [
    told("one", 0, "Here is a three.", "So is this."),
    told("two", 5, "And this is one as well."),
    told("three", 9, "Still, something in you says three."),
]


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    file = tmp_path / "script.html"
    scene = script_of(PART, PART.scenes[1], 12, BEATS, None, tmp_path)
    file.write_text(teleprompter([scene], "For a test."), "utf-8")
    context = browser.new_context(viewport={"width": 900, "height": 500})
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda problem: page.problems.append(str(problem)))
    page.on("request", lambda request: page.problems.append(request.url) if request.url[:5] == "http:" else None)
    page.clock.install(time=0)
    page.goto(file.as_uri())
    page.clock.pause_at(3_600_000)  # from now on time passes only when the test says so
    yield page
    assert not page.problems
    context.close()


def now(page: Any) -> str:
    return str(page.locator(".now").inner_text())


def test_it_runs_at_the_pace_of_the_scene_and_stops_after_a_beat(page: Any) -> None:
    page.locator("main").focus()
    page.keyboard.press("Space")
    assert now(page) == "Here is a three."
    page.clock.run_for(900)
    assert now(page) == "Here is a three."
    page.clock.run_for(300)
    assert now(page) == "So is this."
    page.clock.run_for(1200)
    assert now(page) == "And this is one as well."
    assert page.locator("#run").inner_text() == "Start" and "Paused" in page.locator("#state").inner_text()


def test_twice_the_pace_takes_half_the_time(page: Any) -> None:
    page.locator("#pace").fill("200")
    page.locator("main").focus()
    page.keyboard.press("Space")
    page.clock.run_for(700)
    assert now(page) == "So is this."


def test_keys_go_by_sentence_and_by_beat(page: Any) -> None:
    page.locator("main").focus()
    found = []
    for key in ("ArrowDown", "PageDown", "PageDown", "ArrowUp", "PageUp", "End", "Home"):
        page.keyboard.press(key)
        found.append(now(page))
    one, two, three, four = (clause.text for beat in BEATS for clause in beat.clauses)
    assert found == [two, three, four, three, one, four, one]
    page.keyboard.press("ArrowRight")
    assert page.locator("#pace-now").inner_text() == "105 %"


def test_what_is_read_stands_below_the_controls(page: Any) -> None:
    page.keyboard.press("End")
    top = page.locator(".now").bounding_box()["y"]
    assert page.locator(".bar").bounding_box()["height"] < top < 300


def test_it_can_be_mirrored_and_is_narrow_enough_for_a_telephone(page: Any) -> None:
    page.check("#mirror")
    assert page.evaluate("getComputedStyle(document.getElementById('script')).transform").startswith("matrix(-1")
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_motion_it_jumps_from_sentence_to_sentence(page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.locator("main").focus()
    page.keyboard.press("Space")
    page.clock.run_for(100)
    place = page.evaluate("scrollY")
    page.clock.run_for(800)
    assert page.evaluate("scrollY") == place


def test_every_control_has_a_name(page: Any) -> None:
    for role in ("button", "slider", "combobox", "checkbox"):
        for control in page.get_by_role(role).all():
            assert control.evaluate("e => e.innerText || e.labels[0].innerText").strip(), role
    assert page.get_by_role("heading", level=3).count() == 3
