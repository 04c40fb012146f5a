"""The exported pages in a real browser: they play, everybody can read them, and they load nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from lesson.export.folder import MANIFEST
from tests.browser.conftest import SWATCHES, Site, Visit, reach_films

# One browser, and one export to look at, for all of them.
pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visit]
PAGES = ("index.html", "use.html", "Clip6/player.html", "Clip6/one-file.html")

PLAY = """async (video) => {
    const before = video.currentTime;
    video.muted = true;
    let problem;
    video.play().catch((error) => { problem = error; });
    await new Promise((done, failed) => {
        const start = performance.now();
        (function look() {
            if (video.currentTime > before + 0.1) done();
            else if (problem || performance.now() - start > 8000) failed(problem ?? new Error('it does not play'));
            else setTimeout(look, 20);
        })();
    });
    video.pause();
}"""
SEEK = """(video, to) => new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`cannot seek to ${to}`)), 8000);
    video.addEventListener('seeked', () => { clearTimeout(timer); done(video.currentTime); }, { once: true });
    if (!video.readyState) { video.preload = 'auto'; video.load(); }
    video.currentTime = to;
})"""
PIXELS = """(video, points) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext('2d', { colorSpace: 'srgb' });
    pen.drawImage(video, 0, 0);
    return points.map(([x, y]) => [...pen.getImageData(x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3));
}"""


def clip_of(site: Site, scene: str) -> dict[str, Any]:
    clips = json.loads((site.place / MANIFEST).read_bytes())["clips"]
    return next(clip for clip in clips if clip["scene"] == scene)


# -------------------------------------------------------------------------------------------------- playing


@pytest.mark.parametrize("how", ["http", "file"])
def test_every_clip_plays_and_seeks(how: str, site: Site, visit: Open) -> None:
    seen = visit(site.at("index.html", how))
    reach_films(seen.page)
    videos = seen.page.query_selector_all("video")
    assert len(videos) == len(site.scenes)
    for scene, video in zip(site.scenes, videos, strict=True):
        video.evaluate(PLAY)
        to = clip_of(site, scene)["seconds"] - 0.3
        assert video.evaluate(SEEK, to) == pytest.approx(to, abs=0.01)
    assert not seen.errors


@pytest.mark.parametrize("how", ["http", "file"])
@pytest.mark.parametrize("name", ["player", "one-file"])
def test_the_pages_of_one_clip_play(name: str, how: str, site: Site, visit: Open) -> None:
    seen = visit(site.at(f"Clip6/{name}.html", how))
    video = seen.page.query_selector("video")
    video.evaluate(PLAY)
    assert video.evaluate(SEEK, 2.5) == pytest.approx(2.5, abs=0.01)
    red = video.evaluate(PIXELS, [[0.5, 0.5]])[0] if how == "http" else [200, 40, 40]
    assert all(abs(a - b) <= 4 for a, b in zip(red, (200, 40, 40), strict=True))
    assert not seen.errors


@pytest.mark.parametrize(("scene", "height"), [("Clip1", 480), ("Clip2", 720), ("Clip3", 1080)])
def test_colours_are_right(scene: str, height: int, site: Site, visit: Open) -> None:
    """From 720 lines up, a player assumes a different colour matrix unless the film says which it uses."""
    seen = visit(site.at(f"{scene}/player.html", "http"))
    video = seen.page.query_selector("video")
    video.evaluate(SEEK, 0.5)
    assert video.evaluate("video => video.videoHeight") == height
    step = 2.0 * 9 / 128  # a square of 1.5 and a gap of 0.5, in frames of a width of 14.2
    centres = [[0.5 + (n - (len(SWATCHES) - 1) / 2) * step, 0.5] for n in range(len(SWATCHES))]
    for found, wanted in zip(video.evaluate(PIXELS, centres), SWATCHES, strict=True):
        rgb = [int(wanted[n : n + 2], 16) for n in (1, 3, 5)]
        assert max(abs(a - b) for a, b in zip(found, rgb, strict=True)) <= 3, f"{wanted} is shown as {found}"


@pytest.mark.parametrize("how", ["http", "file"])
def test_the_cues_are_the_captions(how: str, site: Site, visit: Open) -> None:
    """Whatever they contain, and from disk too, where browsers load no tracks from files."""
    seen = visit(site.at("Clip6/player.html", how))
    for kind, told in (("captions", "captions"), ("chapters", "chapters")):
        cues = seen.page.evaluate(
            """async (kind) => {
                const element = document.querySelector(`track[kind=${kind}]`);
                element.track.mode = 'hidden';
                while (element.readyState < 2) await new Promise((done) => setTimeout(done, 20));
                const words = (cue) => cue.getCueAsHTML().textContent.replace(/\\s+/g, ' ');
                return [...element.track.cues].map((cue) => [cue.startTime, cue.endTime, words(cue)]);
            }""",
            kind,
        )
        words = "sentence" if kind == "captions" else "name"
        wanted = [[c["start"], c["stop"], " ".join(c[words].split())] for c in clip_of(site, "Clip6")[told]]
        assert cues == wanted


def test_chapters_are_gone_to(site: Site, visit: Open) -> None:
    seen = visit(site.at("Clip6/player.html", "file"))
    seen.page.click(".chapters li:nth-child(3) a")
    seen.page.wait_for_function("document.querySelector('video').currentTime > 1.9")
    seen.page.wait_for_selector(".chapters li:nth-child(3)[aria-current=true]")
    assert "player.html" in seen.page.url


def test_one_clip_stops_the_other(site: Site, visit: Open) -> None:
    seen = visit(site.at("index.html", "file"))
    reach_films(seen.page)
    first, second = (seen.page.query_selector(f"#Clip{n} video") for n in (6, 7))
    for video in (first, second):
        video.evaluate("video => video.play()")
    assert first.evaluate("video => video.paused")
    assert not second.evaluate("video => video.paused")


# ---------------------------------------------------------------------------------------------------- motion


@pytest.mark.parametrize("options", [{}, {"reduced_motion": "reduce"}], ids=["", "less motion"])
@pytest.mark.parametrize(
    "page", ["Clip6/player.html", "Clip6/player.html?autoplay=1", "Clip6/one-file.html", "index.html"]
)
def test_nothing_moves_unasked(page: str, options: dict, site: Site, visit: Open) -> None:
    seen = visit(f"{site.address}/export/{page}", **options)
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate("[...document.querySelectorAll('video')].every((v) => v.paused && !v.currentTime)")
    assert seen.page.evaluate("document.querySelectorAll('[autoplay], [loop]').length") == 0


# ------------------------------------------------------------------------------------------ sound, captions

STANDING = """() => {
    const video = [...document.querySelectorAll('video')].find((v) => v.currentTime > 0);
    if (!video || video.paused) return null;
    const track = [...video.textTracks].find((t) => t.kind === 'captions');
    if (track.mode !== 'showing' || !track.activeCues?.length) return null;
    if (!video.webkitAudioDecodedByteCount) return null; // of Chromium: what was decoded to be heard
    const { muted, volume } = video;
    return { muted, volume, words: track.activeCues[0].getCueAsHTML().textContent.replace(/\\s+/g, ' ') };
}"""


@pytest.mark.parametrize("how", ["http", "file"])
@pytest.mark.parametrize(
    ("page", "clip"), [("index.html", "#Clip6 "), ("Clip6/player.html", ""), ("Clip6/one-file.html", "")]
)
def test_a_clip_that_is_started_is_heard_and_its_words_can_be_read(
    page: str, clip: str, how: str, site: Site, visit: Open
) -> None:
    seen = visit(site.at(page, how))
    reach_films(seen.page)
    seen.page.click(f"{clip}.start")
    standing = seen.page.wait_for_function(STANDING).json_value()
    assert (standing["muted"], standing["volume"]) == (False, 1)
    assert standing["words"] in [" ".join(one["sentence"].split()) for one in clip_of(site, "Clip6")["captions"]]
    assert not seen.errors


MODES = "[...document.querySelectorAll('track[kind=captions]')].map((t) => t.track.mode)"
PRESSED = "[...document.querySelectorAll('.captions')].map((b) => b.getAttribute('aria-pressed'))"


def test_captions_are_switched_by_keyboard_for_all_clips_and_stay_so(site: Site, visit: Open) -> None:
    seen = visit(site.at("index.html", "http"))
    page, many = seen.page, len(site.scenes)
    reach_films(page)
    assert page.evaluate(MODES) == ["showing"] * many
    assert page.evaluate(PRESSED) == ["true"] * many
    assert page.locator("#Clip6 .captions").is_visible()
    page.focus("#Clip6 .start")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('#Clip6 .captions')"), "the next stop after the clip"
    page.keyboard.press("Space")
    assert page.evaluate(MODES) == ["hidden"] * many
    assert page.evaluate(PRESSED) == ["false"] * many
    page.goto(site.at("Clip7/player.html", "http"))
    page.click(".start")
    page.wait_for_function("document.querySelector('video').currentTime > 0.1")
    assert page.evaluate(MODES) == ["hidden"], "the browser does not turn the default track on again"
    page.click(".captions")
    assert page.evaluate(MODES) == ["showing"]
    assert page.evaluate(PRESSED) == ["true"]


def test_the_menu_of_the_browser_and_the_switch_say_the_same(site: Site, visit: Open) -> None:
    seen = visit(site.at("Clip6/player.html", "file"))
    for mode, pressed in (("disabled", "false"), ("showing", "true")):
        seen.page.evaluate(f"document.querySelector('track[kind=captions]').track.mode = '{mode}'")
        seen.page.wait_for_selector(f".captions[aria-pressed={pressed}]")


@pytest.mark.parametrize("page", ["index.html", "Clip6/player.html"])
def test_captions_stand_without_scripts_too(page: str, site: Site, visit: Open) -> None:
    seen = visit(site.at(page, "file"), java_script_enabled=False)
    tracks = seen.page.query_selector_all("track[kind=captions]")
    assert tracks and all(track.get_attribute("default") is not None for track in tracks)


# --------------------------------------------------------------------------------------------- for everybody


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_sticks_out(page: str, width: int, site: Site, visit: Open) -> None:
    seen = visit(site.at(page, "file"), width=width)
    seen.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    # Neither does anything stick out of a box that cuts it off.
    cut = seen.page.evaluate(
        """[...document.querySelectorAll('p, h1, h2, h3, li, dd, figcaption, td, th, summary, button')]
            .filter((e) => e.textContent.trim() && getComputedStyle(e).display !== 'inline')
            .filter((e) => e.scrollWidth > e.clientWidth + 1)
            .map((e) => e.textContent.trim().slice(0, 60))"""
    )
    assert not cut


# Where one is not installed, the browser takes its own; narrow and wide ones are on most machines.
FONTS = ("", "serif", "sans-serif", "monospace", "DejaVu Serif", "Liberation Serif", "Noto Serif", "DejaVu Sans")


@pytest.mark.parametrize("font", FONTS)
def test_lines_are_no_longer_than_can_be_read(font: str, site: Site, visit: Open) -> None:
    """With any font that the machine has: a column of a fixed width in pixels held 86 characters in some fonts."""
    seen = visit(site.at("index.html", "file"), width=1600)
    if font:
        seen.page.add_style_tag(content=f":root {{ --serif: {json.dumps(font) if ' ' in font else font} }}")
    lines = seen.page.evaluate(
        """[...document.querySelectorAll('.part > p')].map((paragraph) => {
            const range = document.createRange();
            const lines = {};
            const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
            for (let text = texts.nextNode(); text; text = texts.nextNode()) {
                for (let i = 0; i < text.length; i++) {
                    range.setStart(text, i); range.setEnd(text, i + 1);
                    const { bottom, width } = range.getBoundingClientRect();
                    if (width) lines[Math.round(bottom / 12)] = (lines[Math.round(bottom / 12)] ?? 0) + 1;
                }
            }
            return Math.max(...Object.values(lines));
        })"""
    )
    assert 45 < max(lines) <= 75


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(page: str, scheme: str, site: Site, visit: Open) -> None:
    seen = visit(site.at(page, "file"), color_scheme=scheme)
    # Two of each kind are as good as all of them.
    for kind in (".words", ".ponder details", ".texts"):
        seen.page.evaluate(f"[...document.querySelectorAll('{kind}')].slice(0, 2).forEach((d) => {{ d.open = true; }})")
    seen.page.add_script_tag(path=str(Path(axe_playwright_python.__file__).with_name("axe.min.js")))
    # axe need not load the films itself. In the dark, only colours are others.
    only = ", runOnly: ['color-contrast']" if scheme == "dark" else ""
    found = seen.page.evaluate(f"axe.run({{ preload: false{only} }})")
    told = [(one["id"], one["help"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]]
    assert not told
    assert len(found["passes"]) > (0 if only else 15)


def test_dark_and_light(site: Site, visit: Open) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        seen = visit(site.at("index.html", "file"), color_scheme=scheme)
        grounds.append(seen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    light, dark = (sum(map(int, re.findall(r"\d+", ground)[:3])) / 3 for ground in grounds)
    assert light > 230
    assert dark < 40


@pytest.mark.parametrize("page", ["index.html", "Clip6/player.html"])
def test_on_paper_there_are_stills(page: str, site: Site, visit: Open) -> None:
    seen = visit(site.at(page, "file"))
    seen.page.emulate_media(media="print", color_scheme="dark")
    seen.page.pdf()  # to print, a browser loads the stills that were not reached
    shown = seen.page.evaluate(
        """[...document.querySelectorAll('[data-clip]')].map((clip) => {
            const still = clip.querySelector('.still'), film = clip.querySelector('video');
            const height = clip.querySelector('.screen').offsetHeight - still.offsetHeight;
            return [film ? getComputedStyle(film).display : 'none', getComputedStyle(still).display, height,
                    still.naturalWidth > 0, still.alt.length > 0];
        })"""
    )
    assert shown and all(one == ["none", "block", 0, True, True] for one in shown)
    assert seen.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_by_keyboard_alone(site: Site, visit: Open) -> None:
    """Everything that can be clicked can be reached with the tab key, shows the focus, and can be used."""
    seen = visit(site.at("index.html", "file"))
    page = seen.page
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        # What comes when it is nearly reached, such as films, comes with the next pictures of the browser.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        here = page.evaluate(
            """(() => {
                const e = document.activeElement;
                const ring = getComputedStyle(e).outlineStyle !== 'none' || e.tagName === 'VIDEO';
                return [e.tagName, e.className, e.textContent.trim().slice(0, 40), ring];
            })()"""
        )
        assert here[3], f"no ring around {here}"
        reached.append(f"{here[0]}.{here[1]} {here[2]}")
    kinds = {one.split(" ")[0] for one in reached}
    assert {"A.skip", "SUMMARY.", "VIDEO.", "BUTTON.start"} <= kinds
    # The list of parts opens, leads to a part, and closes by Escape.
    page.focus(".bar summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('.bar details').open")
    page.keyboard.press("Escape")
    assert not page.evaluate("document.querySelector('.bar details').open")
    # A clip starts and stops.
    reach_films(page)
    page.focus("#Clip6 .start")
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('#Clip6 video').paused")
    assert page.evaluate("document.activeElement === document.querySelector('#Clip6 video')")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('#Clip6 video').paused")
    # An answer is shown.
    page.focus(".ponder summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('.ponder details').open")


@pytest.mark.parametrize("page", PAGES)
def test_without_scripts(page: str, site: Site, visit: Open) -> None:
    seen = visit(site.at(page, "file"), java_script_enabled=False)
    for video in seen.page.query_selector_all("video"):
        assert video.get_attribute("controls") is not None
    assert not [button for button in seen.page.query_selector_all("button") if button.is_visible()]
    for detail in seen.page.query_selector_all("main summary")[:2]:
        detail.click()
    if page == "index.html":
        assert seen.page.locator(".words p").first.is_visible()
        assert seen.page.locator("#Clip1 .words a.time").first.get_attribute("href").startswith("Clip1/Clip1.")


def test_mathematics_is_set(site: Site, visit: Open) -> None:
    seen = visit(site.at("index.html", "file"))
    shown = seen.page.evaluate(
        """async () => {
            const found = [];
            for (const math of document.querySelectorAll('math[display]')) {
                math.scrollIntoView(); // a part is laid out when it is reached
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                found.push([math.textContent, math.getBoundingClientRect().height]);
            }
            return found;
        }"""
    )
    assert any(text == "a(1)=σ(W(1)a(0)+b(1))" for text, _ in shown)
    assert any(text == "σ(z)=11+e−z" and height > 30 for text, height in shown), "a fraction is two lines high"


# ------------------------------------------------------------------------------------------ requests, frames


@pytest.mark.parametrize("page", PAGES)
def test_no_request_leaves(page: str, site: Site, visit: Open) -> None:
    seen = visit(site.at(page, "http"))
    for video in seen.page.query_selector_all("video")[:2]:
        video.evaluate(PLAY)
    seen.page.wait_for_load_state("networkidle")
    away = [url for url in seen.requests if not url.startswith((site.address, "data:"))]
    assert not away
    assert not seen.errors
    asked = [path for path in site.asked if "?" not in path]
    assert all((site.place.parent / path.lstrip("/")).exists() for path in asked), "nothing is asked for in vain"


@pytest.mark.parametrize(("how", "name"), [("http", "player"), ("file", "one-file")])
def test_in_a_sandboxed_frame(how: str, name: str, site: Site, visit: Open) -> None:
    """On a server, any page works; from disk, a browser lets a frame load no other file, so the one file has it all."""
    page = site.place.parent / f"sandbox-{how}.html"
    page.write_text(
        f'<!doctype html><title>Course</title><iframe sandbox="allow-scripts" src="export/Clip6/{name}.html" '
        'width="640" height="400"></iframe>'
    )
    address = f"{site.address}/{page.name}" if how == "http" else page.as_uri()
    seen = visit(address)
    frame = next(frame for frame in seen.page.frames if name in frame.url)
    frame.wait_for_selector(".start")
    frame.query_selector("video").evaluate(PLAY)
    box = frame.evaluate("document.querySelector('video').getBoundingClientRect().toJSON()")
    assert box["top"] == 0
    assert box["bottom"] <= 400, "all of the clip and its controls are in the frame"
    cues = frame.evaluate(
        """async () => {
            const element = document.querySelector('track');
            element.track.mode = 'hidden';
            while (element.readyState < 2) await new Promise((done) => setTimeout(done, 20));
            return element.track.cues.length;
        }"""
    )
    assert cues == 3


def test_a_clip_that_is_not_there_is_told(site: Site, visit: Open, tmp_path: Path) -> None:
    page = tmp_path / "player.html"
    page.write_text((site.place / "Clip6" / "player.html").read_text(encoding="utf-8"), encoding="utf-8")
    seen = visit(page.as_uri())
    seen.page.get_by_text("cannot load the clip here").wait_for()


# -------------------------------------------------------------------------------------------------- snippets


@pytest.mark.parametrize("how", ["http", "file"])
@pytest.mark.parametrize("place", ["html", "iframe", "reveal", "mkdocs"])
def test_a_snippet_works_as_printed(place: str, how: str, site: Site, visit: Open) -> None:
    """On a page beside the export, with nothing changed."""
    text = clip_of(site, "Clip6")["snippets"][place]
    page = site.place.parent / f"{place}-{how}.html"
    # reveal.js gives a frame its address when the slide is near.
    page.write_text(f"<!doctype html><meta charset=utf-8><title>x</title>{text.replace('data-src', 'src')}")
    seen = visit(f"{site.address}/{page.name}" if how == "http" else page.as_uri())
    seen.page.wait_for_selector("iframe, video")
    frame = seen.page.query_selector("iframe")
    where = frame.content_frame() if frame else seen.page
    where.wait_for_selector("video")
    where.query_selector("video").evaluate(PLAY)
    assert not seen.errors
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("how", ["http", "file"])
def test_texts_are_copied_with_one_click(how: str, site: Site, visit: Open) -> None:
    seen = visit(site.at("use.html", how) + "#Clip6")
    if how == "http":
        seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    snippet = seen.page.locator("#Clip6 [data-place=html]")
    snippet.locator(".copy").click()
    snippet.get_by_text("Copied").wait_for()
    wanted = clip_of(site, "Clip6")["snippets"]["html"]
    if how == "http":
        wanted = wanted.replace("export/", f"{site.address}/export/")
        assert seen.page.evaluate("navigator.clipboard.readText()") == wanted
    assert snippet.locator("code").text_content() == wanted
