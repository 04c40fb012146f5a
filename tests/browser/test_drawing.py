"""The network in the page is the network in NumPy, and a digit can be drawn with mouse, finger and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.export.figure_data import TESTED, chosen_pictures
from network.checkpoint import load_checkpoint
from network.digits import Digits
from network.preparation import prepare, shrink
from scenes.settings import DEFAULT_CHECKPOINT
from tests.browser.conftest import Visit, export_figures
from tests.export.conftest import checkpoint_of, digits_for

# One browser, and one export to look at, for all of them.
pytestmark = pytest.mark.xdist_group("browser")

MOBILE = {"has_touch": True, "is_mobile": True}


@pytest.fixture
def open_page(figures: Path, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    """Opens the lesson's page with the default network and no clips, and waits for the field."""

    def open_one(*size: int, **options: Any) -> Visit:
        seen = visit((figures / "index.html").as_uri(), *size, **options)
        seen.page.wait_for_selector("#draw.ready")
        return seen

    return open_one


def draw(page: Any, strokes: list[list[tuple[float, float]]], pointer: str = "mouse") -> None:
    """Strokes in shares of the field, with the mouse or a finger."""
    page.locator(".paper").scroll_into_view_if_needed()
    box = page.locator(".paper").bounding_box()
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        if pointer == "mouse":
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place, steps=5)
            page.mouse.up()
            continue
        client = page.context.new_cdp_session(page)
        client.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [dict(zip("xy", places[0], strict=True))]}
        )
        for (x0, y0), (x1, y1) in zip(places, places[1:], strict=False):
            for share in (0.25, 0.5, 0.75, 1):
                point = {"x": x0 + (x1 - x0) * share, "y": y0 + (y1 - y0) * share}
                client.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


ONE = [[(0.5, 0.2), (0.5, 0.8)]]
SEVEN = [[(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)]]


def test_javascript_and_numpy_agree_on_200_pictures(open_page: Callable[..., Visit], test_set: Digits) -> None:
    seen = open_page()
    network = load_checkpoint(DEFAULT_CHECKPOINT).network
    vectors = chosen_pictures(test_set, TESTED).vectors[:200]
    there = seen.page.evaluate("knobs.drawn.vectors.slice(0, 200).map((vector) => Array.from(vector))")
    np.testing.assert_allclose(np.array(there), vectors, atol=1e-7)
    columns = seen.page.evaluate(
        "knobs.drawn.vectors.slice(0, 200).map((vector) => knobs.drawn.forward(vector).columns.slice(1))"
    )
    sums = seen.page.evaluate("knobs.drawn.vectors.slice(0, 200).map((vector) => knobs.drawn.forward(vector).sums)")
    for n, vector in enumerate(vectors):
        forward = network.forward(vector)
        for layer in range(len(network.layers)):
            np.testing.assert_allclose(columns[n][layer], forward.activations[layer], atol=1e-5)
            np.testing.assert_allclose(sums[n][layer], forward.weighted_sums[layer], atol=1e-4)
    assert not seen.errors


def test_drawings_are_prepared_alike_in_both(open_page: Callable[..., Visit]) -> None:
    page, rng = open_page().page, np.random.default_rng(0)
    for _ in range(12):
        height, width = rng.integers(20, 90, 2)
        drawing = np.zeros((height, width))
        y, x = rng.integers(0, height // 2), rng.integers(0, width // 2)
        blot = rng.random((rng.integers(3, height - y + 1), rng.integers(3, width - x + 1)))
        drawing[y : y + blot.shape[0], x : x + blot.shape[1]] = blot
        for name, ours in (("prepare", prepare), ("shrink", shrink)):
            code = f"([ink, height, width]) => Array.from(knobs.drawn.{name}(Float64Array.from(ink), height, width))"
            theirs = page.evaluate(code, [drawing.ravel().tolist(), int(height), int(width)])
            np.testing.assert_allclose(np.array(theirs).reshape(28, 28), ours(drawing), atol=1e-5)
    assert page.evaluate("knobs.drawn.prepare(new Float64Array(100), 10, 10)") is None


def test_a_one_and_a_seven_are_read(open_page: Callable[..., Visit]) -> None:
    page = open_page().page
    assert "no ink to look at yet" in page.locator(".verdict").inner_text()
    draw(page, ONE)
    assert "The brightest output says 1" in page.locator(".verdict").inner_text()
    assert "probab" not in page.locator("#draw").inner_text().lower()
    page.locator(".undo").click()
    assert "no ink to look at yet" in page.locator(".verdict").inner_text()
    draw(page, SEVEN)
    assert "The brightest output says 7" in page.locator(".verdict").inner_text()
    page.locator(".clear").click()
    assert "no ink to look at yet" in page.locator(".verdict").inner_text()
    page.locator(".undo").click()
    assert "The brightest output says 7" in page.locator(".verdict").inner_text()


def test_a_finger_draws_and_does_not_scroll(open_page: Callable[..., Visit]) -> None:
    page = open_page(390, 800, **MOBILE).page
    page.locator(".paper").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    draw(page, ONE, "finger")
    assert page.evaluate("scrollY") == before
    assert "The brightest output says 1" in page.locator(".verdict").inner_text()


def test_the_keys_draw_too(open_page: Callable[..., Visit]) -> None:
    page = open_page().page
    page.locator(".paper").focus()
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(18):
        page.keyboard.press("Shift+ArrowDown")
    assert "The brightest output says 1" in page.locator(".verdict").inner_text()
    for _ in range(19):
        page.keyboard.press("Backspace")
    assert "no ink to look at yet" in page.locator(".verdict").inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "undo"


def test_a_neuron_shows_what_it_has_added_up(open_page: Callable[..., Visit], test_set: Digits) -> None:
    page = open_page().page
    page.locator(".samples button").nth(4).click()
    shown = page.evaluate(
        "Array.from(document.querySelectorAll('.eye'))[0].getContext('2d').getImageData(0,0,28,28).data"
    )
    image = np.array([shown[str(4 * n)] if isinstance(shown, dict) else shown[4 * n] for n in range(784)]) / 255
    forward = load_checkpoint(DEFAULT_CHECKPOINT).network.forward(image)
    page.locator(".layer").nth(0).locator("button").nth(3).click()
    words = page.locator(".inside .result").inner_text().replace("−", "-")
    layer = forward.network.layers[0]
    numbers = [
        float(part.rstrip(".,")) for part in words.split() if part.rstrip(".,").lstrip("-").replace(".", "").isdigit()
    ]
    expected = [
        forward.contributions(0)[3].sum(),
        layer.biases[3],
        forward.weighted_sums[0][3],
        forward.activations[0][3],
    ]
    assert numbers == pytest.approx(expected, abs=0.06)  # the picture was read back from 256 greys
    assert page.locator(".inside .cells").count() == 3
    page.locator(".layer").nth(1).locator("button").nth(2).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(".inside h3").inner_text() == "Hidden layer 2, neuron 3"
    assert page.locator(".inside tbody tr").count() == 16


def test_without_preparation_much_is_lost_and_the_page_says_how_much(open_page: Callable[..., Visit]) -> None:
    page = open_page().page
    page.locator(".prepared").click()
    page.wait_for_function("document.querySelector('.measure').textContent.includes('Measured')")
    counts = [int(word) for word in page.locator(".measure").inner_text().split() if word.isdigit()]
    assert counts[0] == 200
    assert counts[1] > 180 and counts[2] < counts[1] - 40


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_other_networks_and_names(activation: str, visit: Callable[..., Any], tmp_path: Path) -> None:
    checkpoint = checkpoint_of((64, 20, 3), hidden=activation, names=("Ankle boot", "<Bag> & more", "שמלה"))
    digits = digits_for(checkpoint)
    seen = visit((export_figures(tmp_path / "e", checkpoint, digits, digits) / "index.html").as_uri(), 360)
    seen.page.wait_for_selector("#draw.ready")
    draw(seen.page, ONE)
    assert "<Bag> & more" in seen.page.locator(".outputs").inner_text()
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
    columns = seen.page.evaluate("knobs.drawn.vectors.map((vector) => knobs.drawn.forward(vector).columns.at(-1))")
    np.testing.assert_allclose(columns, checkpoint.network.predict(digits.vectors), atol=1e-5)
    assert not seen.errors


def test_a_second_finger_does_not_end_the_stroke_and_a_tap_is_a_dot(open_page: Callable[..., Visit]) -> None:
    page = open_page(390, 800, **MOBILE).page
    page.locator(".paper").scroll_into_view_if_needed()
    box = page.locator(".paper").bounding_box()
    client = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[int, float, float]) -> None:
        places = [{"id": n, "x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for n, x, y in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    ink = (
        "(([x, y]) => { const p = document.querySelector('.paper');"
        " return p.getContext('2d').getImageData(x * p.width, y * p.height, 1, 1).data[0]; })"
    )
    touch("touchStart", (0, 0.2, 0.5))
    touch("touchEnd")
    assert page.evaluate(ink, [0.2, 0.5]) == 255
    touch("touchStart", (0, 0.5, 0.2))
    touch("touchMove", (0, 0.5, 0.4))
    touch("touchStart", (0, 0.5, 0.4), (1, 0.8, 0.8))
    touch("touchEnd", (0, 0.5, 0.4))
    for step in range(5, 9):
        touch("touchMove", (0, 0.5, step / 10))
    touch("touchEnd")
    assert page.evaluate(ink, [0.5, 0.75]) == 255, "the first stroke goes on"
    assert page.evaluate(ink, [0.8, 0.8]) == 0, "the second finger draws nothing"


def test_the_field_says_what_it_cannot_do(open_page: Callable[..., Visit]) -> None:
    page = open_page().page
    assert "“none of these” is not among its outputs" in page.locator("#draw").inner_text()
    draw(page, ONE)
    assert page.locator(".hint").inner_text() == ""
    page.locator(".clear").click()
    draw(page, [[(0.5, 0.45), (0.5, 0.6)]])
    assert "That is small" in page.locator(".hint").inner_text()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_layer_by_layer_when_wanted(motion: str, open_page: Callable[..., Visit]) -> None:
    page = open_page(reduced_motion=motion).page
    draw(page, ONE)
    page.evaluate(
        """() => {
            const layers = [...document.querySelectorAll('#draw .layer')], states = (window.states = []);
            new MutationObserver(() => {
                const known = (one) => one.querySelector('.neuron').ariaLabel.includes('activation');
                const lit = layers.filter(known).length;
                if (states.at(-1) !== lit) states.push(lit);
            }).observe(document.querySelector('#draw .columns'), { attributes: true, subtree: true });
        }"""
    )
    page.locator(".by-layer").click()
    page.wait_for_function("states.at(-1) === 3")
    assert page.evaluate("states") == [0, 1, 2, 3]
    assert "The brightest output says 1" in page.locator(".verdict").inner_text()
