"""The packages in a SCORM 1.2 runtime: what was watched and answered arrives in the course system."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from lesson.render.clip_metadata import write_metadata
from tests.browser.conftest import RangeHandler, Visit
from tests.browser.test_everywhere import server
from tests.browser.test_pages import SEEK
from tests.export.conftest import checkpoint_of, export_to, make_clip, make_metadata, part_with
from tests.needs import NPM

# The runtime is scorm-again's; tests/npm/package.json says which.
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow, pytest.mark.needs("npm")]

Open = Callable[..., Visit]
HOST = """<!doctype html><meta charset="utf-8"><title>Course</title><script src="scorm12.js"></script><script>
const kept = new URL(location).searchParams.get("kept");
window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
if (kept) API.loadFromJSON(JSON.parse(kept));
</script><iframe title="Package" src="PACKAGE/index.html" width="1000" height="700"></iframe>"""
WATCH = """async (video) => {
    video.muted = true;
    video.playbackRate = 4;
    await video.play();
    await new Promise((done) => video.addEventListener("ended", done, { once: true }));
}"""


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A course system with two packages: clip.html, and lesson.html with two clips."""
    folder = tmp_path_factory.mktemp("courses")
    told = []
    for module, scene in (("part_01_puzzle", "ADigitAtAGlance"), ("part_06_edges", "BarDetector")):
        clip = make_clip(folder / "clips" / f"{scene}.mp4", [(40, 90, 200), (0, 0, 0), (200, 40, 40)])
        write_metadata(clip, make_metadata(scene))
        told.append((part_with(module, scene), clip))
    place = export_to(folder / "export", told, checkpoint_of((64, 8, 3)), scorm=True)
    www = folder / "www"
    for name, package in (("clip", place / "BarDetector" / "scorm.zip"), ("lesson", place / "scorm.zip")):
        with zipfile.ZipFile(package) as archive:
            archive.extractall(www / name)
        (www / f"{name}.html").write_text(HOST.replace("PACKAGE", name))
    shutil.copy(NPM / "node_modules" / "scorm-again" / "dist" / "scorm12.js", www)
    with server(partial(RangeHandler, asked=[]), www) as address:
        yield address


def opened(course: str, visit: Open) -> tuple[Visit, Any]:
    seen = visit(course)
    frame = seen.page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector(".tally")
    return seen, frame


def told(seen: Visit, element: str) -> Any:
    """What the course system knows; its own records, which a package may not read."""
    return seen.page.evaluate(f"API.cmi.{element}")


def test_a_clip_is_completed_when_it_was_watched(courses: str, visit: Open) -> None:
    seen, frame = opened(f"{courses}/clip.html", visit)
    assert told(seen, "core.lesson_status") == "incomplete"
    video = frame.query_selector("video")
    video.evaluate(SEEK, 2.9)
    video.evaluate(WATCH)
    assert told(seen, "core.lesson_status") == "incomplete", "to jump to the end is not to watch"
    video.evaluate(SEEK, 0)
    video.evaluate(WATCH)
    assert told(seen, "core.lesson_status") == "completed"
    assert frame.query_selector(".tally").inner_text() == "Done."
    seen.page.evaluate("document.querySelector('iframe').remove()")
    assert seen.page.evaluate("API.isTerminated()")
    assert not seen.errors


def test_a_lesson_reports_answers_and_is_continued(courses: str, visit: Open) -> None:
    seen, frame = opened(f"{courses}/lesson.html", visit)
    assert frame.query_selector(".tally").inner_text() == "Done: 0 of 2 clips."
    # Two questions are answered; then the learner thinks again about the second.
    for number, result in ((0, "Yes"), (1, "Yes"), (1, "Not quite")):
        question = frame.locator("#part-1 .ponder .question").nth(number)
        question.locator("xpath=following-sibling::textarea[1]").fill(f"I say {number}")
        details = question.locator("xpath=following-sibling::details[1]")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        details.get_by_role("button", name=result).click()
    answers = json.loads(seen.page.evaluate("JSON.stringify(API.cmi.interactions.childArray)"))
    assert [(one["id"], one["type"], one["student_response"], one["result"]) for one in answers] == [
        ("part-1-question-1", "fill-in", "I say 0", "correct"),
        ("part-1-question-2", "fill-in", "I say 1", "wrong"),
    ]
    assert told(seen, "core.lesson_status") == "incomplete"
    frame.query_selector("#BarDetector video").evaluate(WATCH)
    assert told(seen, "core.lesson_location") == "BarDetector"
    kept = {"suspend_data": told(seen, "suspend_data"), "core": {"lesson_status": told(seen, "core.lesson_status")}}
    assert len(kept["suspend_data"]) < 4096, "what SCORM 1.2 keeps"
    # Another day: it is known what was done. The other clip is read.
    seen, frame = opened(f"{courses}/lesson.html?kept={json.dumps(kept)}", visit)
    assert frame.query_selector(".tally").inner_text() == "Done: 1 of 2 clips."
    assert frame.locator("#part-1 .judge [aria-pressed=true]").all_text_contents() == ["Yes", "Not quite"]
    frame.click("#ADigitAtAGlance .words summary")
    frame.get_by_label("I have watched this clip, or read its words.").first.check()
    assert told(seen, "core.lesson_status") == "completed"
    assert not seen.errors


def test_a_package_opened_from_disk_says_that_nothing_is_recorded(courses: str, visit: Open) -> None:
    seen = visit(f"{courses}/clip/index.html")
    assert "nothing is recorded" in seen.page.locator(".tally").inner_text()
    assert not seen.errors
