"""The pages in Firefox and WebKit: what a person does there, from disk, as in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from lesson.export.figure_data import TESTED, chosen_pictures
from network.checkpoint import load_checkpoint
from network.digits import Digits
from network.network import Network
from scenes.settings import DEFAULT_CHECKPOINT
from tests.browser.conftest import Site
from tests.browser.webdriver import Browser, button, firefox, webkit

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("other browsers")]

BROWSERS = {"firefox": firefox, "webkit": webkit}


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.needs(name)) for name in BROWSERS], ids=list(BROWSERS)
)
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with BROWSERS[request.param](tmp_path_factory.mktemp(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def network() -> Network:
    return load_checkpoint(DEFAULT_CHECKPOINT).network


@pytest.fixture(scope="module")
def tested(test_set: Digits) -> Digits:
    return chosen_pictures(test_set, TESTED)


@pytest.fixture
def figure(figures: Path, other: Browser) -> Callable[[str], None]:
    """Opens the page of a figure with the default network, and waits until it has begun."""

    def open_figure(name: str) -> None:
        other.goto((figures / "figures" / f"{name}.html").as_uri())
        other.wait_for("document.querySelector('.figure.ready')")

    return open_figure


def right(network: Network, digits: Digits) -> int:
    return int((network.classify(digits.vectors) == digits.labels).sum())


# ------------------------------------------------------------------------------------------------ the lesson's page


def test_a_digit_is_drawn_with_the_mouse(figures: Path, other: Browser) -> None:
    other.goto(f"{(figures / 'index.html').as_uri()}#draw")
    other.wait_for("document.querySelector('#draw.ready')")
    said = "document.querySelector('#draw .verdict').textContent"
    assert "no ink to look at yet" in other.evaluate(said)
    paper = other.box("document.querySelector('.paper')")
    places = [(0.3, 0.25), (0.7, 0.25), (0.58, 0.5), (0.45, 0.8)]
    other.drag([(paper["x"] + x * paper["width"], paper["y"] + y * paper["height"]) for x, y in places])
    assert "The brightest output says 7" in other.evaluate(said)
    other.click(button("Undo", "document.querySelector('#draw')"))
    assert "no ink to look at yet" in other.evaluate(said)


def test_a_link_into_the_lesson_jumps_at_once(site: Site, other: Browser) -> None:
    other.goto("about:blank")
    other.goto(site.at("index.html", "file") + "#part-12")
    assert 0 <= other.evaluate("document.getElementById('part-12').getBoundingClientRect().top") < 120


@pytest.mark.parametrize("how", ["file", "http"])
def test_a_clip_plays_with_its_captions(how: str, site: Site, other: Browser) -> None:
    other.goto(site.at("index.html", how))
    screen = "document.querySelector('#Clip6 .screen')"
    other.evaluate(f"{screen}.scrollIntoView({{ block: 'center' }})")
    other.wait_for(f"{screen}.querySelector('.still').naturalWidth > 0")
    other.wait_for(f"{screen}.querySelector('video')")
    other.click(f"{screen}.querySelector('.start')")
    other.wait_for(f"{screen}.querySelector('video').currentTime > 0.2")
    other.wait_for(f"{screen}.matches('.shown')")
    assert not other.evaluate(f"{screen}.querySelector('.start').getClientRects().length"), "no button over the picture"
    assert not other.evaluate(f"{screen}.querySelector('.cover').getClientRects().length"), "nor the still"
    track = f"[...{screen}.querySelector('video').textTracks].find((one) => one.kind === 'captions')"
    other.wait_for(f"{track}.mode === 'showing' && {track}.cues.length === 3")
    other.wait_for(f"{track}.activeCues.length > 0")
    assert other.evaluate(f"{track}.activeCues[0].text")


# --------------------------------------------------------------------------------------------------- the figures


def test_a_knob_is_turned(figure: Callable[[str], None], other: Browser, network: Network, tested: Digits) -> None:
    figure("edit-a-knob")
    assert other.evaluate("knobs.editing.judge().right") == right(network, tested)
    other.click(button("All to random"))
    assert other.evaluate("knobs.editing.judge().right") < 0.4 * len(tested)
    other.click(button("Back to trained"))
    assert other.evaluate("knobs.editing.judge().right") == right(network, tested)


def test_a_detector_is_painted(figure: Callable[[str], None], other: Browser, tested: Digits) -> None:
    figure("paint-a-detector")
    other.click(button("Clear"))
    cells = other.box("document.querySelector('.cells')")
    cell = cells["width"] / 28
    row = cells["y"] + 3.5 * cell
    other.drag([(cells["x"] + column * cell, row) for column in (4.5, 7, 9.5)])
    painted = np.array(other.evaluate("Array.from(knobs.painting.weights)")).reshape(28, 28)
    assert painted[3, 4:10].tolist() == [1] * 6 and painted.sum() == 6
    sums = other.evaluate("Array.from(knobs.painting.sums())")
    np.testing.assert_allclose(sums, tested.vectors @ painted.ravel(), atol=1e-4)


def test_the_training_is_scrubbed(figure: Callable[[str], None], other: Browser, network: Network) -> None:
    figure("scrub-the-training")
    other.wait_for("knobs.scrubbing.scores.every(Boolean)")
    assert other.evaluate("knobs.scrubbing.scores.length") == len(load_checkpoint(DEFAULT_CHECKPOINT).snapshot_steps)


def test_a_bias_is_dragged(figure: Callable[[str], None], other: Browser) -> None:
    figure("turn-a-bias")
    plot = other.box("document.querySelector('canvas.plot')")
    before = other.evaluate("document.querySelector('.score').textContent")
    other.drag([(plot["x"] + share * plot["width"], plot["y"] + 100) for share in (0.5, 0.6, 0.7)])
    assert other.evaluate("document.querySelector('.score').textContent") != before


def test_a_digit_is_stepped_through(figure: Callable[[str], None], other: Browser) -> None:
    figure("step-through")
    other.click("document.querySelectorAll('.samples button')[7]")
    for _ in range(2):
        other.click(button("Next layer"))
    other.wait_for("document.querySelector('.moment').textContent.includes('The brightest output says 7')")


def test_the_network_learns_from_disk(figure: Callable[[str], None], other: Browser) -> None:
    """In a worker from the page's own text, since a browser takes no file from disk for one."""
    figure("train-live")
    other.click("[...document.querySelectorAll('button')].find((one) => one.textContent.startsWith('Load'))")
    other.wait_for("knobs.training?.state()")  # it is ready to learn
    other.click(button("Learn"))
    other.wait_for("knobs.training?.state()?.finished", patience=240)
    assert other.evaluate("knobs.training.learner.kind") == "blob"
    history = other.evaluate("knobs.training.history().map(({ right, cost }) => [right, cost])")
    assert history[-1][0] > 0.85 * TESTED and history[-1][1] < history[0][1]


# --------------------------------------------------------------------------------------------------- the presenter


def test_the_presenter_waits_after_each_beat(talk: Path, other: Browser) -> None:
    other.goto("about:blank")
    other.goto((talk / "present.html").as_uri())

    def comes_to(step: str, phase: str) -> None:
        other.wait_for(
            f"(({{ step, phase, moving }}) => step === '{step}' && phase === '{phase}' && moving === undefined)"
            "(document.body.dataset)"
        )

    seconds = "document.querySelector('video.front').currentTime"
    other.press("Space")
    comes_to("ADigitAtAGlance/1", "after")
    assert 0.9 <= other.evaluate(seconds) < 1.01 and other.evaluate("document.querySelector('video.front').paused")
    other.press("PageDown")
    comes_to("ADigitAtAGlance/2", "after")
    other.press("ArrowRight", "ArrowRight")
    comes_to("BarDetector/1", "after")
    other.press("PageUp")
    comes_to("ADigitAtAGlance/3", "after")
    assert other.evaluate(seconds) > 2.8
    other.press("6", "Enter")
    comes_to("BarDetector/1", "before")
    other.press("b")
    assert not other.evaluate("document.getElementById('cover').hidden")
    other.press("Space")
    assert other.evaluate("document.getElementById('cover').hidden")
