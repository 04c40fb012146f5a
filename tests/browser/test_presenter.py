"""The presenter in a browser, opened from disk: every beat stops and waits, and a second window tells the speaker."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.browser.conftest import COLOURS, GERMAN, WORDS, RangeHandler, Visit

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visit]
PIXEL = """(video) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0);
    return [...pen.getImageData(canvas.width / 2, canvas.height / 4, 1, 1).data].slice(0, 3);
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that always sends whole files."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Puts a folder on a server, which may or may not be able to send a part of a file; gives its address."""
    with ExitStack() as stack:

        def start(folder: Path, ranges: bool) -> str:
            handler = partial(RangeHandler, asked=[]) if ranges else Quiet
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
            server.daemon_threads = True
            stack.enter_context(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


class Presenter:
    """The presenter's page, and what stands in it."""

    def __init__(self, seen: Visit) -> None:
        self.seen, self.page = seen, seen.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def comes_to(self, step: str, phase: str = "after") -> None:
        """Wait until it is at a step, such as BarDetector/2, in a phase, and its film is in its place.

        Where it should play, it may have done so already: on a busy machine nobody sees that it did.
        """
        self.page.wait_for_function(
            """([step, phases]) => document.body.dataset.step === step && phases.includes(document.body.dataset.phase)
                && !('moving' in document.body.dataset)
                && [...document.querySelectorAll('video.front')].some((v) => !v.seeking && v.readyState > 1)""",
            arg=[step, [phase, "after"] if phase == "playing" else [phase]],
        )

    @property
    def film(self) -> Any:
        return self.page.query_selector("video.front")

    @property
    def seconds(self) -> float:
        return float(self.film.evaluate("video => video.currentTime"))

    def shows(self, scene: str, beat: int) -> bool:
        """Whether the picture is one of a beat. Only on a server: from disk, nobody may read the pixels of a film."""
        return all(abs(a - b) <= 6 for a, b in zip(self.film.evaluate(PIXEL), COLOURS[scene][beat - 1], strict=True))


@pytest.fixture
def present(talk: Path, visit: Open) -> Callable[..., Presenter]:
    def open_talk(place: str = "", **options: Any) -> Presenter:
        return Presenter(visit((talk / "present.html").as_uri() + place, **options))

    return open_talk


def test_every_beat_stops_and_waits(present: Callable[..., Presenter]) -> None:
    """With any key of a clicker, a mouse or the space bar; and the next scene follows the last beat of one."""
    shown = present()
    shown.page.locator("#start h1").wait_for()
    shown.press("Space")
    shown.comes_to("ADigitAtAGlance/1")
    assert not shown.page.locator("#start").is_visible()
    assert 0.93 <= shown.seconds < 1, "the last picture of the beat"
    shown.page.wait_for_timeout(400)
    assert 0.93 <= shown.seconds < 1 and shown.film.evaluate("video => video.paused")
    assert shown.film.evaluate("video => video.webkitAudioDecodedByteCount > 0 && !video.muted"), "it is heard"
    shown.press("PageDown")
    shown.comes_to("ADigitAtAGlance/2", "playing")
    shown.comes_to("ADigitAtAGlance/2")
    assert 1.93 <= shown.seconds < 2
    shown.page.mouse.click(900, 300)
    shown.comes_to("ADigitAtAGlance/3", "playing")
    shown.press("ArrowRight")
    shown.comes_to("BarDetector/1", "playing")
    assert shown.page.url.endswith("#BarDetector/1")
    assert not shown.seen.errors


def test_back_shows_where_the_beat_before_ended(present: Callable[..., Presenter]) -> None:
    shown = present("#BarDetector/2")
    shown.comes_to("BarDetector/2", "before")
    assert 1 <= shown.seconds < 1.07
    shown.press("PageUp")
    shown.comes_to("BarDetector/1")
    assert 0.93 <= shown.seconds < 1
    shown.press("ArrowLeft")
    shown.comes_to("ADigitAtAGlance/3")
    assert shown.seconds > 2.9
    shown.press("Home", "ArrowLeft")
    shown.comes_to("ADigitAtAGlance/1", "before")
    shown.press("End")
    shown.comes_to("BiasIsAThreshold/3")
    shown.press("ArrowRight")
    assert "last beat" in shown.page.locator("#state").inner_text()
    # Keys that come faster than films can follow.
    shown.press(*["ArrowLeft"] * 5, "ArrowLeft", "ArrowRight", "ArrowLeft")
    shown.comes_to("ADigitAtAGlance/3")
    shown.press("Home", *["ArrowRight"] * 4)
    shown.comes_to("BarDetector/1", "playing")
    assert not shown.seen.errors


def test_it_goes_to_parts_and_scenes(present: Callable[..., Presenter]) -> None:
    shown = present()
    shown.press("6", "Enter")
    shown.comes_to("BarDetector/1", "before")
    shown.press("6", ".", "2", "Enter")
    shown.comes_to("BiasIsAThreshold/1", "before")
    shown.press("Shift+ArrowLeft")
    shown.comes_to("BarDetector/1", "before")
    shown.press("Shift+ArrowLeft", "Shift+ArrowRight")
    shown.comes_to("BarDetector/1", "before")
    shown.press("9", "Enter")
    assert shown.page.locator("#note").inner_text() == "There is no part 9 here."
    shown.press("j")
    shown.page.get_by_role("button", name="1.1 About ADigitAtAGlance").click()
    shown.comes_to("ADigitAtAGlance/1", "before")
    assert not shown.page.locator("#jump").is_visible()


@pytest.mark.slow
def test_a_beat_that_repeats_does_so_without_sound_until_one_goes_on(present: Callable[..., Presenter]) -> None:
    shown = present("#BiasIsAThreshold/2")
    shown.press("+", "+", "+", "ArrowRight")
    shown.comes_to("BiasIsAThreshold/2", "playing")
    assert not shown.film.evaluate("video => video.muted")
    shown.comes_to("BiasIsAThreshold/2")
    times = []
    for _ in range(12):
        times.append(shown.seconds)
        shown.page.wait_for_timeout(100)
    assert min(times) < 1.4 and max(times) < 2.1 and len(set(times)) > 4, "again and again"
    assert shown.film.evaluate("video => video.muted && !video.paused")
    shown.press("ArrowRight")
    shown.comes_to("BiasIsAThreshold/3", "playing")
    assert not shown.film.evaluate("video => video.muted")


def test_the_speaker_sees_the_words_the_next_picture_and_a_clock(present: Callable[..., Presenter]) -> None:
    shown = present("#ADigitAtAGlance/3")
    with shown.page.expect_popup() as popup:
        shown.press("s")
    speaker = popup.value
    read = lambda name: speaker.locator(f"[data-of={name}]").inner_text()  # noqa: E731
    assert (read("said"), read("coming")) == ("", WORDS[2])
    speaker.keyboard.press("PageDown")
    shown.comes_to("ADigitAtAGlance/3")
    assert (read("said"), read("coming"), read("doing")) == (WORDS[2], WORDS[0], "Waits for you")
    assert read("moves") == f"Moves: {WORDS[2]}"
    assert read("count") == "3 of 9"
    assert read("place").startswith("Part 1: ")
    assert read("scene") == "1.1 About ADigitAtAGlance · beat 3 of 3"
    assert re.fullmatch(r"\d\d?:\d\d( [AP]M)?", read("time")) and re.fullmatch(r"\d+:\d\d", read("gone"))
    picture = speaker.locator("[data-of=picture]")
    assert "BarDetector.beat" in re.sub(r"\.[0-9a-f]{12}", "", picture.get_attribute("src"))
    speaker.wait_for_function("document.querySelector('[data-of=picture]').naturalWidth > 0")
    speaker.get_by_role("button", name="Black").click()
    assert shown.page.locator("#cover").is_visible()
    speaker.keyboard.press("Space")
    assert not shown.page.locator("#cover").is_visible()
    assert not shown.seen.errors


@pytest.mark.slow
def test_fingers(present: Callable[..., Presenter]) -> None:
    shown = present("#BarDetector/2", has_touch=True, width=800, height=600)
    shown.comes_to("BarDetector/2", "before")
    shown.page.touchscreen.tap(600, 300)
    shown.comes_to("BarDetector/2")
    shown.page.touchscreen.tap(60, 300)
    shown.comes_to("BarDetector/1")
    assert shown.seconds < 1


@pytest.mark.slow
def test_captions_sound_and_screen_are_switched(present: Callable[..., Presenter]) -> None:
    shown = present("#ADigitAtAGlance/3")
    shown.press("c", "m", "ArrowRight")
    shown.comes_to("ADigitAtAGlance/3")
    assert shown.page.locator("#words").inner_text() == WORDS[2]
    assert shown.film.evaluate("video => video.muted")
    shown.press("b")
    assert shown.page.locator("#cover").is_visible()
    shown.press("ArrowRight")
    assert not shown.page.locator("#cover").is_visible()
    shown.comes_to("ADigitAtAGlance/3")
    # The next language, and no captions.
    button = shown.page.locator("[data-do=captions]")
    assert button.inner_text() == "Captions English"
    shown.press("c")
    assert (shown.page.locator("#words").inner_text(), button.inner_text()) == (GERMAN[2], "Captions Deutsch")
    assert shown.page.locator("#words").get_attribute("lang") == "de"
    shown.press("c")
    assert not shown.page.locator("#words").is_visible() and button.inner_text().strip() == "Captions"
    # A button that was clicked does not keep the space bar.
    shown.page.mouse.move(300, 300)
    shown.page.get_by_role("button", name="Sound").click()
    shown.press("Space")
    shown.comes_to("BarDetector/1")


def test_the_handout_has_every_picture_on_paper(talk: Path, visit: Open) -> None:
    seen = visit((talk / "handout.html").as_uri())
    paper = seen.page.pdf()
    assert len(re.findall(rb"/Subtype\s*/Image", paper)) >= 9
    assert seen.page.locator("img").count() == 9
    assert seen.page.locator(".said").get_by_text(WORDS[2]).count() == 3


@pytest.mark.slow
def test_it_goes_on_by_itself_to_the_end(present: Callable[..., Presenter]) -> None:
    shown = present("#BiasIsAThreshold/1")
    shown.press("+", "+", "+", "a", "Space")
    shown.comes_to("BiasIsAThreshold/3")
    assert not shown.seen.errors


@pytest.mark.slow
def test_a_pause_in_a_beat_and_the_rest_of_it(present: Callable[..., Presenter]) -> None:
    shown = present("#BarDetector/2")
    shown.press("Space")
    shown.comes_to("BarDetector/2", "playing")
    shown.page.wait_for_timeout(300)
    shown.press("Space")
    shown.comes_to("BarDetector/2", "paused")
    at = shown.seconds
    shown.page.wait_for_timeout(300)
    assert shown.seconds == at and 1 < at < 2
    shown.press("Space")
    shown.comes_to("BarDetector/2")
    shown.press("r")
    shown.comes_to("BarDetector/2", "playing")
    shown.comes_to("BarDetector/2")
    # Any beat can be repeated, without sound, until one wants no more of it.
    shown.press("l")
    shown.page.wait_for_function("document.querySelector('video.front').currentTime < 1.5")
    shown.page.wait_for_function("document.querySelector('video.front').currentTime > 1.6")
    shown.page.wait_for_function("document.querySelector('video.front').currentTime < 1.5")
    # It stands for a moment as it goes back to its start.
    shown.page.wait_for_function("(({ muted, paused }) => muted && !paused)(document.querySelector('video.front'))")
    shown.press("l")
    shown.comes_to("BarDetector/2")
    assert shown.film.evaluate("video => video.paused") and 1.9 < shown.seconds < 2
    # While a beat plays, next goes to the one after it.
    shown.press("r", "ArrowRight")
    shown.comes_to("BarDetector/3", "playing")


@pytest.mark.slow
@pytest.mark.parametrize("ranges", [True, False])
def test_on_a_server_with_and_without_ranges(ranges: bool, talk: Path, visit: Open, serve: Callable[..., str]) -> None:
    """A server that cannot send a part of a file lets a browser seek nowhere but to the start."""
    shown = Presenter(visit(f"{serve(talk, ranges)}/present.html#BarDetector/3"))
    shown.comes_to("BarDetector/3", "before")
    assert shown.shows("BarDetector", 3)
    shown.press("ArrowLeft")
    shown.comes_to("BarDetector/2")
    assert shown.shows("BarDetector", 2), "the last picture of the beat, and not the first of the next"
    shown.press("ArrowRight", "ArrowRight")
    shown.comes_to("BiasIsAThreshold/1")
    assert shown.shows("BiasIsAThreshold", 1)
    assert not shown.seen.errors


@pytest.mark.slow
def test_less_motion_repeats_nothing(present: Callable[..., Presenter]) -> None:
    shown = present("#BiasIsAThreshold/2", reduced_motion="reduce")
    shown.press("ArrowRight")
    shown.comes_to("BiasIsAThreshold/2")
    assert shown.film.evaluate("video => video.paused") and shown.seconds > 1.9


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out_and_everybody_can_use_it(width: int, present: Callable[..., Presenter]) -> None:
    shown = present(width=width, height=720)
    axe = str(Path(axe_playwright_python.__file__).with_name("axe.min.js"))
    with shown.page.expect_popup() as popup:
        shown.press("s")
    for page in (shown.page, popup.value):
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.add_script_tag(path=axe)
        found = page.evaluate("axe.run({ preload: false })")["violations"]
        assert not [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]
    for key in ("j", "h"):
        shown.press(key)
        shown.page.locator("dialog[open]").wait_for()
        found = shown.page.evaluate("axe.run('dialog[open]', { preload: false })")["violations"]
        assert not [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]
        # The browser closes a dialog a moment after the key; what is pressed until then is meant for the dialog.
        shown.press("Escape")
        shown.page.locator("dialog[open]").wait_for(state="detached")


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 768])
def test_the_handout_fits_and_everybody_can_read_it(width: int, talk: Path, visit: Open) -> None:
    page = visit((talk / "handout.html").as_uri(), width=width).page
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.add_script_tag(path=str(Path(axe_playwright_python.__file__).with_name("axe.min.js")))
    found = page.evaluate("axe.run()")["violations"]
    assert not [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


@pytest.mark.slow
def test_without_scripts_there_is_the_handout(talk: Path, visit: Open) -> None:
    seen = visit((talk / "present.html").as_uri(), java_script_enabled=False)
    seen.page.get_by_role("link", name="The handout").click()
    assert seen.page.locator("img").count() == 9


@pytest.mark.slow
def test_a_film_that_is_not_there_is_told(talk: Path, visit: Open, tmp_path: Path) -> None:
    page = tmp_path / "present.html"
    page.write_text((talk / "present.html").read_text(encoding="utf-8"), encoding="utf-8")
    seen = visit(page.as_uri())
    seen.page.get_by_text("it belongs in the same folder as this page").wait_for()
