"""A real browser, a server that answers range requests, and an export to look at."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import Square, VGroup
from playwright.sync_api import sync_playwright

from lesson.export import pages
from lesson.export.exporting import ExportOptions, Rendered, export
from lesson.export.facts import facts_of
from lesson.export.figure_data import TESTED, chosen_pictures
from lesson.export.figures import write_figures
from lesson.export.folder import open_folder
from lesson.export.strict_csp import PageWriter
from lesson.render.clip_metadata import write_metadata
from lesson.render.other_subtitles import Retold
from lesson.render.rendering import QUALITIES, manim_set_up
from network.checkpoint import Checkpoint, load_checkpoint
from network.digits import Digits, load_digits
from network.network import Network
from scenes.kit import theme
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.tracks import finish_clip
from scenes.syllabus import SYLLABUS, Part
from scenes.voice.narration import Beat, Clause
from tests.export.conftest import HOSTILE, checkpoint_of, digits_for, export_to, make_clip, make_metadata, part_with
from tests.needs import browser_program
from tests.sounds import noise

ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
# Shown side by side, and looked for on the screen.
SWATCHES = (theme.POSITIVE, theme.NEGATIVE, theme.ANSWER, theme.WEIGHTS_SYMBOL, theme.NEVER_SEEN, "#58C4DD")
# A talk of three scenes: the colours of each clip, a second and a beat each, and what is said.
COLOURS = {
    "ADigitAtAGlance": [(200, 40, 40), (20, 20, 20), (90, 90, 90)],
    "BarDetector": [(40, 90, 200), (40, 160, 60), (200, 160, 40)],
    "BiasIsAThreshold": [(120, 40, 160), (60, 60, 60), (160, 160, 160)],
}
WORDS = ("Here is a three.", "So is this.", "And this is one <b>as well</b>.")
GERMAN = ("Hier ist eine Drei.", "Das auch.", "Und das <b>ebenfalls</b>.")
# Parts whose clip has the name of one that a figure continues.
CONTINUED = {8: "FromNoiseToWeights", 9: "ARowTimesAColumn"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium; if there is none, tests/needs.py lists the tests that need it as NOT RUN."""
    with sync_playwright() as playwright:
        program = browser_program()
        chromium = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


class RangeHandler(http.server.SimpleHTTPRequestHandler):
    """Answers requests for part of a file, as any server for films must; browsers use them to seek."""

    def __init__(self, *args: Any, asked: list[str], **named: Any) -> None:
        self.asked = asked
        super().__init__(*args, **named)

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # a browser asks for one of its own accord, where a page names none
            self.send_response(204)
            self.end_headers()
            return
        self.asked.append(self.path)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        file = Path(self.translate_path(self.path))
        if wanted is None or not file.is_file():
            try:
                super().do_GET()
            except (BrokenPipeError, ConnectionResetError):
                pass  # the browser has seen enough
            return
        data = file.read_bytes()
        first, last = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        try:
            self.wfile.write(data[first : last + 1])
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Site:
    """An export, on disk and on a server. asked: the paths that were asked of the server."""

    place: Path
    address: str
    scenes: list[str]
    asked: list[str] = field(default_factory=list)

    def at(self, page: str, how: str) -> str:
        return f"{self.address}/export/{page}" if how == "http" else (self.place / page).as_uri()


class Swatches(LessonScene):
    """Squares of known colours, held for a second."""

    def construct(self) -> None:
        self.add(VGroup(*(Square(1.5, color=c, fill_opacity=1, stroke_width=0) for c in SWATCHES)).arrange(buff=0.5))
        self.wait(1)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An export with a clip for every part; the first three are silent swatches at 480, 720 and 1080 lines."""
    folder = tmp_path_factory.mktemp("site")
    checkpoint = checkpoint_of((64, 8, 3), names=("Ankle boot", "<Bag> & more", "שמלה"))
    clips: list[tuple[Part, Path]] = []
    for part, quality in zip(SYLLABUS, [*list(QUALITIES)[:3], *[""] * 9], strict=True):
        scene = CONTINUED.get(part.number, f"Clip{part.number}")
        if quality:
            with manim_set_up(quality, folder / "media"):
                stage = Swatches()
                stage.render()
            clip = Path(stage.renderer.file_writer.movie_file_path).rename(folder / f"{scene}.mp4")
        else:
            clip = make_clip(folder / f"{scene}.mp4", [(40, 90, 200), (0, 0, 0), (200, 40, 40)], (320, 180))
            finish_clip(clip, noise(3).T.astype(np.float32), ())
        title = f"Clip of part {part.number}" if part.number % 2 else ""
        write_metadata(clip, make_metadata(scene, 1 if quality else 3, title, HOSTILE))
        clips.append((part_with(part.module, scene), clip))
    place = folder / "www" / "export"
    place.parent.mkdir()
    with open_folder(place) as opened:
        digits = digits_for(checkpoint)
        export(opened, [Rendered(part, clip) for part, clip in clips], checkpoint, digits, digits, ExportOptions())
    asked: list[str] = []
    handler = partial(RangeHandler, directory=str(place.parent), asked=asked)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Site(place, f"http://127.0.0.1:{server.server_port}", [clip.stem for _, clip in clips], asked)
        server.shutdown()
        thread.join()


def export_figures(place: Path, checkpoint: Checkpoint, train: Digits, test: Digits) -> Path:
    """An export with the figures and the page of the lesson, and without clips."""
    with open_folder(place) as folder:
        facts = facts_of(checkpoint, test)
        made = write_figures(folder, checkpoint, facts, train, test, PageWriter(folder, [], False).write, "")
        folder.write("index.html", pages.index([], facts, checkpoint, made), "lesson", "text/html")
    return place


@pytest.fixture(scope="session")
def network() -> Network:
    """The lesson's."""
    return load_checkpoint(DEFAULT_CHECKPOINT).network


@pytest.fixture(scope="session")
def tested(test_set: Digits) -> Digits:
    """The test pictures that travel with the page."""
    return chosen_pictures(test_set, TESTED)


@pytest.fixture(scope="session")
def test_set() -> Digits:
    return load_digits(DEFAULT_DATA, "test")


@pytest.fixture(scope="session")
def figures(test_set: Digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such an export of the default network."""
    train = load_digits(DEFAULT_DATA, "train")
    return export_figures(
        tmp_path_factory.mktemp("figures") / "e", load_checkpoint(DEFAULT_CHECKPOINT), train, test_set
    )


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A talk of three scenes with sound, from two parts, with German subtitles; the second beat of the last repeats."""
    folder = tmp_path_factory.mktemp("talk")
    clips = []
    for scene, colours in COLOURS.items():
        clip = make_clip(folder / f"{scene}.mp4", colours, (320, 180))
        finish_clip(clip, noise(3).T.astype(np.float32), ())
        metadata = make_metadata(scene, 3, f"About {scene}", WORDS, voice="joe")
        if scene == "BiasIsAThreshold":
            one, two, three = metadata.beats
            metadata = replace(metadata, beats=(one, replace(two, loops=True), three))
        write_metadata(clip, metadata)
        module = "part_01_puzzle" if scene == "ADigitAtAGlance" else "part_06_edges"
        clips.append((part_with(module, scene), clip))
    german = [Beat(f"beat_{n}", words, n, n + 1, "", (Clause(words, n, n + 1),)) for n, words in enumerate(GERMAN)]
    retold = (Retold("de", tuple(german)),)
    return export_to(folder / "talk", clips, checkpoint_of((64, 8, 3)), retold=retold, talk=True)


@dataclass
class Visit:
    """A page in the browser. requests: every address it asked for. errors: from its script and the console."""

    page: Any
    requests: list[str]
    errors: list[str]


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Opens a page, with options of Playwright's contexts such as color_scheme."""
    contexts = []

    def open_page(address: str, width: int = 1280, height: int = 800, **options: Any) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        seen = Visit(page, [], [])
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and seen.errors.append(message.text))
        page.goto(address)
        return seen

    yield open_page
    for context in contexts:
        context.close()


def reach_films(page: Any) -> None:
    """Scroll along the lesson, where a film is made when it is nearly in view, and back."""
    page.evaluate(
        """async () => {
            for (const screen of document.querySelectorAll('.screen')) {
                screen.scrollIntoView();
                while (!screen.querySelector('video')) await new Promise((done) => setTimeout(done, 5));
            }
            scrollTo(0, 0);
        }"""
    )
