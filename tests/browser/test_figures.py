"""The figures compute what NumPy computes, from disk and from a server, and everybody can use them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import axe_playwright_python
import numpy as np
import pytest

from lesson.export import TEMPLATES
from lesson.export.figure_data import LIVE, TRAINED, chosen_pictures
from lesson.export.figures import FIGURES
from network.analysis.detectors import bar_detector, firing_shares
from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits
from network.evaluation import evaluate
from network.gradients import Backpropagation, one_hot
from network.network import ACTIVATIONS, Array, Network
from network.training import _Adam, train
from scenes.settings import DEFAULT_CHECKPOINT, DEFAULT_DATA
from tests.browser.conftest import Site, Visit, export_figures
from tests.export.conftest import checkpoint_of, digits_for

# One browser, and one export to look at, for all of them.
pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visit]
NAMES = [figure.name for figure in FIGURES]
# Arrays go to the page and come back as base64.
TEXT_OF = """(array) => { const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength); let text = '';
    for (let n = 0; n < bytes.length; n += 30000) text += String.fromCharCode(...bytes.subarray(n, n + 30000));
    return btoa(text); }"""


def floats(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), "<f4")


def text(array: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


@pytest.fixture
def figure(figures: Path, visit: Open) -> Open:
    """Opens the page of a figure with the default network, and waits until it has begun."""

    def open_figure(name: str, width: int = 1280, **options: Any) -> Visit:
        seen = visit((figures / "figures" / f"{name}.html").as_uri(), width, **options)
        seen.page.wait_for_selector(".figure.ready")
        return seen

    return open_figure


def right(network: Network, digits: Digits) -> int:
    return int((network.classify(digits.vectors) == digits.labels).sum())


# ------------------------------------------------------------------------------------------------ the mathematics


def test_gradients_agree_on_200_pictures(figure: Open, network: Network, tested: Digits) -> None:
    """Of a network that is still learning: those of the trained one are next to nothing."""
    start = Network.random(network.sizes, np.random.default_rng(0))
    page = figure("train-live").page
    told = page.evaluate(
        """async ([parameters, activations]) => {
            const { network, packing, learning, pictures } = knobs, given = packing.floats(packing.bytes(parameters));
            const like = network.layersOf(knobs.given.network.layers);
            const layers = network.layersIn(given, like), set = await pictures.open('test_pictures');
            const gradient = new Float32Array(given.length), all = new Float32Array(200 * given.length);
            for (let n = 0; n < 200; n++) {
                learning.gradientOf(layers, set.sparse, set.labels, [n], gradient);
                all.set(gradient, n * given.length);
            }
            return (TEXT_OF)(all);
        }""".replace("TEXT_OF", TEXT_OF),
        [text(start.parameters()), list(start.activations)],
    )
    ours = Backpropagation(start, "cross_entropy")
    targets = one_hot(tested.labels, 10)
    expected = []
    for n in range(200):
        ours.run(tested.vectors[n : n + 1], targets[n : n + 1])
        expected.append(ours.gradient.copy())
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(floats(told).reshape(200, -1), expected, atol=1e-5)


FUNCTIONS = [*ACTIVATIONS, "leaky_relu(0.3)", "elu(0.5)", "hard_sigmoid(0.25)"]


def test_every_activation_function_is_the_one_of_numpy(figure: Open) -> None:
    """As a hidden layer and as the last one: activations and gradients."""
    page, rng = figure("train-live").page, np.random.default_rng(3)
    images, labels = rng.normal(0, 1, (12, 6)).astype(np.float32), rng.integers(0, 3, 12)
    for activations in [[name, "sigmoid"] for name in FUNCTIONS] + [["tanh", name] for name in FUNCTIONS]:
        network = Network.from_parameters(rng.normal(0, 1, 53).astype(np.float32), (6, 5, 3), activations)
        columns, gradient = page.evaluate(
            """([parameters, images, labels, activations]) => {
                const { network, packing, learning } = knobs, sizes = [6, 5, 3];
                const like = activations.map((name, l) => network.layer(
                    new Float32Array(sizes[l] * sizes[l + 1]), new Float32Array(sizes[l + 1]), name));
                const given = packing.floats(packing.bytes(parameters)), layers = network.layersIn(given, like);
                const gradient = new Float32Array(given.length);
                learning.gradientOf(layers, network.sparse(images), labels, labels.map((_, n) => n), gradient);
                return [images.map((image) => network.forward(layers, image).columns), Array.from(gradient)];
            }""",
            [text(network.parameters()), images.tolist(), labels.tolist(), activations],
        )
        for told, image in zip(columns, images, strict=True):
            for theirs, ours in zip(told, network.forward(image).columns, strict=True):
                np.testing.assert_allclose(theirs, ours, atol=1e-5, err_msg=str(activations))
        cost = {"sigmoid": "cross_entropy", "softmax": "softmax_cross_entropy"}.get(activations[1], "squared_error")
        taught = Backpropagation(network, cost)
        taught.run(images, one_hot(labels, 3))
        np.testing.assert_allclose(gradient, taught.gradient, atol=1e-5, err_msg=str(activations))


@pytest.mark.slow
def test_adam_takes_the_same_steps(figure: Open) -> None:
    slopes = np.random.default_rng(1).normal(0, 0.1, (5, 300)).astype(np.float32)
    told = figure("train-live").page.evaluate(
        """([slopes]) => {
            const all = knobs.packing.floats(knobs.packing.bytes(slopes)), turn = knobs.learning.adam(300);
            const parameters = new Float32Array(300);
            for (let n = 0; n < 5; n++) turn(parameters, all.subarray(300 * n, 300 * (n + 1)), 0.005);
            return (TEXT_OF)(parameters);
        }""".replace("TEXT_OF", TEXT_OF),
        [text(slopes)],
    )
    ours, expected = _Adam((299, 1), np.float32), np.zeros(300, np.float32)
    for slope in slopes:
        expected -= ours.change(slope.copy(), 0.005)
    np.testing.assert_allclose(floats(told), expected, rtol=1e-4, atol=1e-7)


# --------------------------------------------------------------------------------------------------- the figures


def test_a_knob_is_turned_and_everything_follows(figure: Open, network: Network, tested: Digits) -> None:
    seen = figure("edit-a-knob")
    page = seen.page
    assert page.evaluate("knobs.editing.judge().right") == right(network, tested)
    page.get_by_label("Layer", exact=True).select_option("Outputs")
    page.get_by_label("Output", exact=True).select_option("3")
    page.get_by_role("button", name="its bias").click()
    page.get_by_label("The knob as a number").fill("9")
    page.keyboard.press("Enter")
    biases = network.layers[-1].biases.copy()
    biases[3] = 9
    turned = Network((*network.layers[:-1], replace(network.layers[-1], biases=biases)))
    assert right(turned, tested) < right(network, tested)
    assert page.evaluate("knobs.editing.judge().right") == right(turned, tested)
    assert f"{right(turned, tested) / 10:.1f} %" in page.locator(".score").inner_text()
    page.get_by_role("button", name="Put this knob back").click()
    assert page.evaluate("knobs.editing.judge().right") == right(network, tested)
    page.get_by_role("button", name="All to random").click()
    assert page.evaluate("knobs.editing.judge().right") < 0.4 * len(tested)
    page.get_by_role("button", name="Back to trained").click()
    assert page.evaluate("knobs.editing.judge().right") == right(network, tested)
    assert not seen.errors


@pytest.mark.slow
def test_a_knob_is_turned_by_keyboard(figure: Open) -> None:
    page = figure("edit-a-knob").page
    page.locator(".cells").focus()
    name = page.locator(".knob-name").inner_text()
    for key in ("ArrowRight", "ArrowDown", "Space"):
        page.keyboard.press(key)
    assert page.locator(".knob-name").inner_text() != name
    slider = page.get_by_label("Turn it", exact=True)
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    page.keyboard.press("End")
    assert slider.get_attribute("aria-valuetext") != before
    page.wait_for_function("document.querySelector('.figure .unseen').textContent.includes('read right')")


def test_a_painted_detector_lights_for_the_same_pictures(figure: Open, tested: Digits) -> None:
    seen = figure("paint-a-detector")
    page = seen.page
    shares = "[...document.querySelectorAll('.bars .value')].map((v) => v.textContent)"
    for button, surround in (("The same with a surround", True), ("The film’s bar detector", False)):
        page.get_by_role("button", name=button).click()
        expected = firing_shares(bar_detector(28, surround), tested)[0]
        assert page.evaluate(shares) == [f"{100 * share:.0f} %" for share in expected]
    page.get_by_role("button", name="Clear").click()
    page.locator(".cells").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    box = page.locator(".cells").bounding_box()
    cell = box["width"] / 28
    page.mouse.move(box["x"] + 4.5 * cell, box["y"] + 3.5 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 9.5 * cell, box["y"] + 3.5 * cell, steps=12)
    page.mouse.up()
    painted = np.array(page.evaluate("Array.from(knobs.painting.weights)")).reshape(28, 28)
    assert painted[3, 4:10].tolist() == [1] * 6 and painted.sum() == 6
    page.get_by_label("−1").check()
    page.locator(".cells").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    painted = np.array(page.evaluate("Array.from(knobs.painting.weights)")).reshape(28, 28)
    assert painted[4, 9:11].tolist() == [-1, -1]
    np.testing.assert_allclose(
        page.evaluate("Array.from(knobs.painting.sums())"), tested.vectors @ painted.ravel(), atol=1e-4
    )
    assert not seen.errors


@pytest.mark.slow
def test_the_recording_is_scrubbed(figure: Open, network: Network, tested: Digits) -> None:
    checkpoint = load_checkpoint(DEFAULT_CHECKPOINT)
    seen = figure("scrub-the-training")
    page = seen.page
    page.wait_for_function("knobs.scrubbing.scores.every(Boolean)")
    many = page.evaluate("knobs.scrubbing.moments.length")
    assert many == len(checkpoint.snapshot_steps)
    for moment in (0, many // 2, many - 1):
        page.get_by_label("Moment of the run").fill(str(moment))
        kept = checkpoint.snapshot_parameters[moment].astype(np.float16).astype(np.float32)
        then = network if moment == many - 1 else Network.from_parameters(kept, network.sizes, network.activations)
        assert f"{right(then, tested) / 10:.1f} %" in page.locator(".moment").inner_text()
        # Sixteen bits are near enough to the knobs as they were.
        assert abs(right(then, tested) - right(checkpoint.snapshot(moment), tested)) <= 2
    assert not seen.errors


def test_a_bias_is_a_threshold(figure: Open, network: Network, tested: Digits) -> None:
    seen = figure("turn-a-bias")
    page = seen.page
    page.get_by_label("Neuron", exact=True).select_option("4")
    sums = tested.vectors @ network.layers[0].weights[4]
    np.testing.assert_allclose(page.evaluate("knobs.biasing.sums()"), sums, atol=1e-3)
    page.get_by_label("Bias", exact=True).fill("2.5")
    share = np.mean(sums + 2.5 > 0)
    assert f"{100 * share:.1f} % of 1,000" in page.locator(".score").inner_text()
    box = page.locator("canvas.plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 100, steps=4)
    page.mouse.up()
    now = page.evaluate("knobs.biasing.layers[0].biases[4]")
    assert now < -1, "dragged to the right, the threshold is higher"
    assert f"{100 * np.mean(sums + now > 0):.1f} %" in page.locator(".score").inner_text()
    assert not seen.errors


def test_a_digit_is_stepped_through(figure: Open, network: Network, tested: Digits) -> None:
    seen = figure("step-through")
    page = seen.page
    page.locator(".samples button").nth(7).click()
    image = tested.vectors[int(np.argmax(tested.labels == 7))]
    forward = network.forward(image)
    page.get_by_role("button", name="Next layer").click()
    page.get_by_role("button", name="Hidden layer 2, neuron 5").click()
    assert "is row 5 of the matrix" in page.locator(".inside-neuron .heading").inner_text()
    strongest = np.abs(forward.contributions(1)[5]).max()
    first = page.locator(".terms tbody tr").first.locator("td").nth(3).inner_text().replace("−", "-")
    assert abs(float(first)) == pytest.approx(strongest, abs=0.006)
    assert f"{forward.weighted_sums[1][5]:.2f}".replace("-", "−") in page.locator(".result").inner_text()
    page.get_by_role("button", name="Next layer").click()
    assert "The brightest output says 7" in page.locator(".moment").inner_text()
    assert not seen.errors


@pytest.mark.parametrize("how", ["file", *(pytest.param(how, marks=pytest.mark.slow) for how in ("http", "no worker"))])
def test_the_network_learns_in_the_browser(how: str, site: Site, visit: Open) -> None:
    """From disk the worker's program is in the page, on a server it is a file; without a worker, the page learns."""
    place = site.place / "index.html"
    if how == "no worker":
        html = place.read_text(encoding="utf-8")
        policy = '<meta http-equiv="Content-Security-Policy" content="worker-src \'none\'">'
        place = site.place / "no-worker.html"
        place.write_text(html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{policy}', 1), encoding="utf-8")
    seen = visit(site.at(place.name, "http" if how == "http" else "file"))
    page = seen.page
    assert not [url for url in seen.requests if "/figures/" in url], "nothing is loaded before it is reached"
    page.locator("#train-live").scroll_into_view_if_needed()
    page.wait_for_selector("#train-live.ready")
    assert not [url for url in seen.requests if "training_pictures" in url], "nor before it is wanted"
    page.locator("#train-live").get_by_role("button", name="Load").click()
    page.get_by_role("button", name="Learn", exact=True).click()
    page.wait_for_function("knobs.training?.state()?.finished")
    assert page.evaluate("knobs.training.learner.kind") == {"file": "blob", "http": "file", "no worker": "page"}[how]
    history = page.evaluate("knobs.training.history().map(({ right, cost }) => [right, cost])")
    assert history[-1][0] > history[0][0] and history[-1][1] < history[0][1], "it reads more, at a lower cost"
    page.get_by_role("button", name="Start again").click()
    page.wait_for_function("knobs.training.state().done === 0")
    if how != "no worker":  # the policy is told of on the console
        assert not seen.errors


@pytest.mark.slow
def test_it_learns_as_well_as_in_numpy(figure: Open, network: Network, test_set: Digits) -> None:
    """From the same 5,000 pictures, with the same rule and in as many steps; judged on all test pictures."""
    few = chosen_pictures(load_digits(DEFAULT_DATA, "train"), TRAINED)
    rng = np.random.default_rng(0)
    *_, last = train(Network.random(network.sizes, rng), few, LIVE, rng)
    page = figure("train-live").page
    page.get_by_role("button", name="Load").click()
    page.get_by_role("button", name="Learn", exact=True).click()
    page.wait_for_function("knobs.training?.state()?.finished", timeout=120_000)
    assert page.evaluate("knobs.training.state().done") == last.step
    told = page.evaluate(f"({TEXT_OF})(knobs.training.state().parameters)")
    theirs = Network.from_parameters(floats(told), network.sizes, network.activations)
    ours, reached = (evaluate(one, test_set).accuracy for one in (last.network, theirs))
    assert reached > ours - 0.01


@pytest.mark.slow
def test_a_strict_policy_lets_figures_work(site: Site, visit: Open) -> None:
    """Nothing inline, and only files of this site: programs, data, styles and the worker."""
    html = (site.place / "index.html").read_text(encoding="utf-8")
    section = html[html.index('<section class="figure wide" id="train-live"') :]
    section = section[: section.index("</section>") + len("</section>")]
    (site.place / "loader.js").write_text((TEMPLATES / "figures" / "loader.js").read_text(encoding="utf-8"))
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'
    page = f'<!doctype html><meta charset="utf-8">{policy}<title>x</title>{section}<script src="loader.js"></script>'
    (site.place / "strict.html").write_text(page, encoding="utf-8")
    seen = visit(site.at("strict.html", "http"))
    seen.page.wait_for_selector("#train-live.ready")
    seen.page.get_by_role("button", name="Load").click()
    seen.page.get_by_role("button", name="Learn", exact=True).click()
    seen.page.get_by_role("button", name="Finished").wait_for()  # what waits for a function would evaluate a string
    assert seen.page.evaluate("knobs.training.learner.kind") == "file"
    assert not seen.errors


@pytest.mark.slow
def test_a_figure_whose_files_are_missing_says_so(site: Site, visit: Open, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text((site.place / "index.html").read_text(encoding="utf-8"), encoding="utf-8")
    page = visit((tmp_path / "index.html").as_uri()).page
    page.locator("#step-through").scroll_into_view_if_needed()
    page.locator("#step-through").get_by_text("The figure cannot be shown: the file").wait_for()


@pytest.mark.slow
def test_the_readers_drawing_is_followed(site: Site, visit: Open) -> None:
    page = visit(site.at("index.html", "file")).page
    page.locator("#draw").scroll_into_view_if_needed()
    page.wait_for_selector("#draw.ready")
    page.locator("#step-through").scroll_into_view_if_needed()
    page.wait_for_selector("#step-through.ready")
    page.locator("#draw .samples button").nth(2).click()
    page.wait_for_function(
        "knobs.drawing.image && knobs.stepping.run().columns[0].every((a, i) => a === knobs.drawing.image[i])"
    )


# -------------------------------------------------------------------------------------------------- for everybody


AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


@pytest.mark.parametrize("name", [NAMES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[1:])])
def test_every_figure_is_one_file_and_fits_a_phone(name: str, figure: Open) -> None:
    seen = figure(name, width=320)
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert not [url for url in seen.requests[1:] if not url.startswith(("data:", "blob:"))]
    assert not seen.errors


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_be_used_by_all(name: str, width: int, scheme: str, figure: Open) -> None:
    seen = figure(name, width=width, color_scheme=scheme)
    if name == "train-live":
        seen.page.get_by_role("button", name="Load").click()
        seen.page.wait_for_selector(".weight-pictures")
    assert seen.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    seen.page.add_script_tag(path=str(AXE))
    found = seen.page.evaluate("axe.run()")
    assert not [(one["id"], one["help"], [n["html"][:160] for n in one["nodes"][:3]]) for one in found["violations"]]


OTHERS = {
    "ReLU, long names": lambda: checkpoint_of((64, 20, 3), hidden="relu", names=("Ankle boot", "<Bag> & more", "שמלה")),
    "no hidden layer": lambda: checkpoint_of((64, 3)),
    "wide and deep": lambda: checkpoint_of((64, 40, 12, 8, 3)),
    "tanh and softmax": lambda: checkpoint_of((64, 10, 3), hidden="tanh", output="softmax"),
    "leaky ReLU and sums": lambda: checkpoint_of((64, 10, 3), hidden="leaky_relu(0.3)", output="identity"),
    "softmax alone": lambda: checkpoint_of((64, 3), output="softmax"),
}


@pytest.mark.slow
@pytest.mark.parametrize("other", OTHERS)
def test_the_figures_follow_the_network(other: str, visit: Open, tmp_path: Path) -> None:
    checkpoint = OTHERS[other]()
    digits = digits_for(checkpoint)
    place = export_figures(tmp_path / "e", checkpoint, digits, digits)
    for file in sorted((place / "figures").glob("*.html")):
        seen = visit(file.as_uri(), 360)
        seen.page.wait_for_selector(".figure.ready")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360
        if file.stem == "edit-a-knob":
            assert seen.page.evaluate("knobs.editing.judge().right") == right(checkpoint.network, digits)
        if file.stem == "train-live":
            seen.page.get_by_role("button", name="Load").click()
            seen.page.get_by_role("button", name="Learn", exact=True).click()
            seen.page.wait_for_function("knobs.training?.state()?.finished")
        assert not seen.errors
