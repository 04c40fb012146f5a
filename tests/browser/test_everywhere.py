"""Where pages and snippets are really shown: on phones, in other sites, behind strict policies, on simple servers."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lesson.render.clip_metadata import write_metadata
from tests.browser.conftest import RangeHandler, Site, Visit, reach_films
from tests.browser.test_pages import PLAY, clip_of
from tests.export.conftest import HOSTILE, checkpoint_of, export_to, make_clip, make_metadata, part_with

# One browser, and one export to look at, for all of them.
pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visit]
PHONE = {"width": 412, "height": 823, "device_scale_factor": 2.6, "is_mobile": True, "has_touch": True}
CUES = """async () => {
    const element = document.querySelector('track[kind=captions]');
    element.track.mode = 'hidden';
    while (element.readyState < 2) await new Promise((done) => setTimeout(done, 20));
    return element.track.cues.length;
}"""


@contextmanager
def server(handler: Any, folder: Path) -> Iterator[str]:
    """The address of a folder on a server of its own."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as opened:
        opened.daemon_threads = True
        thread = threading.Thread(target=opened.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{opened.server_port}"
        opened.shutdown()
        thread.join()


# ------------------------------------------------------------------------------------------------ the first load


def test_the_lesson_loads_little_until_it_is_read(site: Site, visit: Open) -> None:
    """On a phone: the page, and the stills that are nearly in view. The poster of a film cannot come later."""
    seen = visit("about:blank", **PHONE)
    loaded: list[float] = []
    client = seen.page.context.new_cdp_session(seen.page)
    client.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    client.send("Network.enable")
    seen.page.goto(site.at("index.html", "http"))
    seen.page.wait_for_load_state("networkidle")
    asked = [url for url in seen.requests if url.startswith("http")]
    assert len(asked) <= 6
    assert sum(loaded) < 600_000
    assert not [url for url in asked if ".mp4" in url]
    assert seen.page.locator("video").count() < 3, "films far below are not made yet"
    # The still of the last clip comes when it is reached, and goes when the clip has a picture of its own.
    still = seen.page.locator(f"#{site.scenes[-1]} .still")
    assert still.evaluate("still => still.naturalWidth") == 0
    still.scroll_into_view_if_needed()
    seen.page.wait_for_function(
        "scene => document.querySelector(`#${scene} .still`).naturalWidth > 0", arg=site.scenes[-1]
    )
    assert still.is_visible()
    seen.page.wait_for_selector(f"#{site.scenes[-1]} video")
    seen.page.query_selector(f"#{site.scenes[-1]} video").evaluate(PLAY)
    assert not still.is_visible()


def test_a_link_into_the_lesson_jumps_at_once(site: Site, visit: Open) -> None:
    top = "part => document.getElementById(part).getBoundingClientRect().top"
    seen = visit(site.at("index.html#part-12", "http"), **PHONE)
    assert 0 <= seen.page.evaluate(top, "part-12") < 120
    seen.page.wait_for_load_state("networkidle")
    assert 0 <= seen.page.evaluate(top, "part-12") < 120, "stills that come later move nothing"
    seen.page.evaluate("document.querySelector('.bar a[href=\"#part-2\"]').click()")
    assert 0 <= seen.page.evaluate(top, "part-2") < 120


def test_without_scripts_films_have_their_stills(site: Site, visit: Open) -> None:
    """They go when the film is used, and stay away."""
    seen = visit(site.at("index.html", "http"), java_script_enabled=False)
    still = seen.page.locator("#Clip6 .still")
    opacity = "still => getComputedStyle(still).opacity"
    assert still.is_visible() and still.evaluate("still => still.naturalWidth") > 0
    assert still.evaluate(opacity) == "1"
    screen = seen.page.locator("#Clip6 video")
    screen.scroll_into_view_if_needed()
    screen.click(position={"x": 20, "y": screen.bounding_box()["height"] - 48})  # the browser's own button to play
    assert still.evaluate(opacity) == "0"
    seen.page.locator("#Clip6 figcaption").click()
    seen.page.wait_for_timeout(300)
    assert still.evaluate(opacity) == "0"


# ------------------------------------------------------------------------------------------------ other places


def test_the_figure_has_its_captions_on_another_site(site: Site, visit: Open) -> None:
    snippet = clip_of(site, "Clip6")["snippets"]["html"].replace("export/", f"{site.address}/export/")
    page = site.place.parent / "elsewhere.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{snippet}")
    seen = visit(f"{site.address.replace('127.0.0.1', 'localhost')}/{page.name}")
    seen.page.query_selector("video").evaluate(PLAY)
    assert seen.page.evaluate(CUES) == len(clip_of(site, "Clip6")["captions"])
    assert not seen.errors


def test_snippets_get_the_address_of_their_server(site: Site, visit: Open) -> None:
    """Also those whose addresses begin at the top of the site."""
    seen = visit(site.at("use.html", "http"))
    for place in ("html", "wordpress", "moodle", "hugo", "mdx", "sphinx", "myst", "jupyter"):
        text = seen.page.locator(f"#Clip6 [data-place={place}] code").text_content()
        assert f"{site.address}/export/Clip6/" in text, place
        assert "/http" not in text and text.count("export/Clip6/") == text.count(f"{site.address}/export/Clip6/"), place


class WholeFiles(http.server.SimpleHTTPRequestHandler):
    """A server that knows nothing of parts of files, such as `python -m http.server`."""

    def log_message(self, *_: Any) -> None:
        pass


def test_a_server_that_sends_no_parts_is_told_of(site: Site, visit: Open) -> None:
    with server(WholeFiles, site.place.parent) as address:
        seen = visit(f"{address}/export/Clip6/player.html")
        seen.page.click(".chapters li:nth-child(3) a")
        seen.page.get_by_text("range requests").wait_for()
    seen = visit(site.at("Clip6/player.html", "http"))
    seen.page.click(".chapters li:nth-child(3) a")
    seen.page.wait_for_function("document.querySelector('video').currentTime > 1.9")
    assert not seen.page.get_by_text("range requests").is_visible()


# ------------------------------------------------------------------------------------------------ strict policies


class Strict(RangeHandler):
    """A server that allows pages nothing but files from itself."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, asked=[], **named)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("strict")
    clip = make_clip(folder / "BarDetector.mp4", [(40, 90, 200), (0, 0, 0), (200, 40, 40)])
    write_metadata(clip, make_metadata("BarDetector"))
    told = [(part_with("part_06_edges", "BarDetector"), clip)]
    with server(Strict, export_to(folder / "export", told, checkpoint_of((64, 8, 3)), strict_csp=True)) as address:
        yield address


@pytest.mark.parametrize("page", ["index.html", "use.html", "BarDetector/player.html"])
def test_under_a_strict_policy(page: str, strict: str, visit: Open) -> None:
    seen = visit(f"{strict}/{page}")
    seen.page.wait_for_load_state("networkidle")
    assert not seen.errors, "a browser reports whatever a policy forbids"
    ground = seen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(251, 250, 247)"
    if page == "use.html":
        seen.page.locator("#BarDetector .texts summary").click()
        assert seen.page.locator("#BarDetector .copy").first.is_visible(), "the script runs"
        return
    reach_films(seen.page)
    seen.page.query_selector("video").evaluate(PLAY)
    assert seen.page.evaluate(CUES) == 3
    box = seen.page.locator(".screen").first.bounding_box()
    controls, strip = 72, 38
    assert box["width"] / (box["height"] - controls - strip) == pytest.approx(16 / 9, rel=0.01), "the ratio is there"
    if page == "index.html":
        seen.page.locator("#draw").scroll_into_view_if_needed()
        seen.page.wait_for_selector("#draw.ready")
        seen.page.locator("#draw .samples button").first.click()
        assert seen.page.locator("#draw .verdict").text_content()
    assert not seen.errors


def test_the_presenter_and_its_second_window_under_a_strict_policy(strict: str, visit: Open) -> None:
    """The second window has no address, so it is under the policy of the page that fills it."""
    seen = visit(f"{strict}/present.html")
    with seen.page.expect_popup() as popup:
        seen.page.keyboard.press("s")
    speaker = popup.value
    speaker.on("console", lambda message: seen.errors.append(message.text))
    seen.page.keyboard.press("Space")
    seen.page.wait_for_selector("[data-step='BarDetector/1'][data-phase=after]", state="attached")
    assert speaker.locator("[data-of=said]").inner_text() == " ".join(HOSTILE[0].split())
    assert speaker.locator(".speaker").evaluate("one => getComputedStyle(one).display") == "grid"
    picture = speaker.locator("[data-of=picture]")
    assert picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth; }") > 0
    words = speaker.locator(".notes .said").first
    before = words.evaluate("one => getComputedStyle(one).fontSize")
    speaker.locator("[data-do=size]").fill("48")
    assert words.evaluate("one => getComputedStyle(one).fontSize") == "48px" != before
    assert not seen.errors


def test_a_page_as_usual_is_broken_there(site: Site, visit: Open) -> None:
    """So that the test above can fail."""
    with server(Strict, site.place) as address:
        assert visit(f"{address}/Clip6/player.html").errors
