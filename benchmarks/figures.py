"""How fast the figures of the pages are in the system's Chromium, and how well a network learns in them."""

from __future__ import annotations

import importlib.util
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT
from benchmarks.table import Row, Section, not_run
from tests.needs import browser_program, install

SENTENCE = (
    "how long Chromium takes to read all test pictures of a page anew (median of 100, and the longest), and to train "
    "784-16-16-10 on the pictures that travel with it, against NumPy on the same ones; accuracies on all test pictures."
)
DATA, CHECKPOINT = ROOT / "assets" / "mnist", ROOT / "assets" / "weights" / "default.npz"
_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu")
_READ = """() => Array.from({ length: 100 }, () => {
    const before = performance.now();
    knobs.editing.judge();
    return performance.now() - before;
})"""


def measure(quick: bool = False) -> Section:
    """Open two figures in a browser, time the first, and let the second learn."""
    program = browser_program()
    if program is None:
        return not_run("figures", SENTENCE, f"there is no Chromium; {install('chromium', cask=True)}")
    if importlib.util.find_spec("playwright") is None:
        return not_run("figures", SENTENCE, "playwright is not installed; ./knobs test installs it")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = _export(Path(folder) / "export")
        chromium = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        page = chromium.new_page()
        page.goto((place / "edit-a-knob.html").as_uri())
        page.wait_for_selector(".figure.ready")
        times = page.evaluate(_READ)
        page.goto((place / "train-live.html").as_uri())
        page.wait_for_selector(".figure.ready")
        reached, seconds = zip(*(_learn(page) for _ in range(1 if quick else 3)), strict=True)
        chromium.close()
    numpy_reached, numpy_seconds = _learn_in_numpy()
    median, longest = statistics.median(times), max(times)
    reading = f"{median:.1f} ms, longest {longest:.1f} ms"
    took = statistics.median(seconds)
    lag = numpy_reached - statistics.median(reached)
    return Section(
        "figures",
        SENTENCE,
        [
            Row("reading 1,000 pictures", reading, "", None, "≤ 50 ms", median <= 50),
            Row(
                "training", f"{took:.1f} s", f"NumPy: {numpy_seconds:.1f} s", took / numpy_seconds, "≤ 20 s", took <= 20
            ),
            Row(
                "accuracy reached",
                f"{100 * statistics.median(reached):.2f} %",
                f"NumPy: {100 * numpy_reached:.2f} %",
                None,
                "≤ 1 point less",
                lag <= 0.01,
            ),
        ],
    )


def _export(place: Path) -> Path:
    from lesson.export.facts import facts_of
    from lesson.export.figures import FOLDER, write_figures
    from lesson.export.folder import open_folder
    from lesson.export.strict_csp import PageWriter
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits

    checkpoint, test = load_checkpoint(CHECKPOINT), load_digits(DATA, "test")
    with open_folder(place) as folder:
        write_page, train = PageWriter(folder, [], False).write, load_digits(DATA, "train")
        write_figures(folder, checkpoint, facts_of(checkpoint, test), train, test, write_page, "")
    return place / FOLDER


def _learn(page: Any) -> tuple[float, float]:
    """The accuracy that a network reaches in the browser, from other random weights each time, and the seconds."""
    import numpy as np

    from network.network import Network

    if page.get_by_role("button", name="Load").is_visible():
        page.get_by_role("button", name="Load").click()
    else:
        page.get_by_role("button", name="Start again").click()
    page.wait_for_function("knobs.training?.state()?.done === 0")
    before = time.perf_counter()
    page.get_by_role("button", name="Learn", exact=True).click()
    page.wait_for_function("knobs.training.state().finished", timeout=300_000)
    seconds = time.perf_counter() - before
    like = page.evaluate("[knobs.training.settings.sizes, knobs.training.settings.activations]")
    knobs = np.array(page.evaluate("Array.from(knobs.training.state().parameters)"), np.float32)
    return _accuracy(Network.from_parameters(knobs, *like)), seconds


def _learn_in_numpy() -> tuple[float, float]:
    import numpy as np

    from lesson.export.figure_data import LIVE, TRAINED, chosen_pictures
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits
    from network.network import Network
    from network.training import train

    few = chosen_pictures(load_digits(DATA, "train"), TRAINED)
    rng = np.random.default_rng(0)
    before = time.perf_counter()
    *_, last = train(Network.random(load_checkpoint(CHECKPOINT).network.sizes, rng), few, LIVE, rng)
    return _accuracy(last.network), time.perf_counter() - before


def _accuracy(network: Any) -> float:
    from network.digits import load_digits
    from network.evaluation import evaluate

    return float(evaluate(network, load_digits(DATA, "test")).accuracy)
