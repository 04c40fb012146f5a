"""Figures to try things out: in the lesson beside the clips that they continue, and each as a page of its own.

On the page of the lesson, their programs and data are files that are loaded when a figure comes into view. They are
scripts, because from disk a browser reads no other files. The page of a figure has everything in itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from lesson.export import TEMPLATES
from lesson.export.facts import Facts
from lesson.export.figure_data import (
    TESTED,
    TRAINED,
    chosen_pictures,
    detector_data,
    live_data,
    network_data,
    picture_data,
    recording_data,
)
from lesson.export.folder import ExportedFile, ExportFolder
from lesson.export.jinja_environment import jinja_environment, render_page
from network.checkpoint import Checkpoint
from network.digits import Digits

FOLDER = "figures"
# In this order: each uses only what stands before it.
_SHARED = (
    *(
        "define",
        "packing",
        "activations",
        "network",
        "preparation",
        "elements",
        "heat_map",
        "chance",
        "pictures",
        "cells",
        "pad",
    ),
    *("drawing", "reader_pad", "diagram", "plot", "weight_pictures", "outputs", "neuron_view", "begin"),
)
_WORKER = ("define", "packing", "activations", "network", "chance", "learning", "learner")
_ON_PAGE = ("learning", "learner", "crew")


@dataclass(frozen=True)
class Figure:
    """A figure.

    scene: the clip that it continues. height: of a frame that shows all of it, 1,000 pixels wide. data: what it needs
    besides the network and the test pictures. modules: the same, besides the shared ones.
    """

    name: str
    title: str
    scene: str
    height: int
    data: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        return f"{FOLDER}/{self.name}.html"

    @property
    def template(self) -> str:
        return f"figures/{self.name.replace('-', '_')}"

    def frame(self, address: str) -> str:
        """What to paste to show it in another page. address: of the export."""
        return (
            f'<iframe src="{escape(address)}/{self.page}" title="{self.title}" loading="lazy"\n'
            f'        style="width: 100%; height: {self.height}px; border: 0"></iframe>'
        )


FIGURES = (
    Figure("paint-a-detector", "Paint a detector", "WhoFiresTheDetectors", 1500, ("detectors",)),
    Figure("turn-a-bias", "Turn a bias", "BiasIsAThreshold", 920),
    Figure("edit-a-knob", "Turn a knob", "CountingTheKnobs", 1740),
    Figure("scrub-the-training", "Scrub the training", "TrainingTurnsTheKnobs", 1520, ("recording",)),
    Figure("train-live", "Train it live", "FromNoiseToWeights", 1060, ("live",), _ON_PAGE),
    Figure("step-through", "Step through the layers", "ARowTimesAColumn", 1610),
)


@dataclass(frozen=True)
class FigureFiles:
    """What was written for the figures.

    figures: those that this network can have. places: for each scene that one of them continues, the HTML of its place
    on the page of the lesson. drawing: the files that the field for drawing needs.
    """

    figures: list[Figure] = field(default_factory=list)
    files: list[ExportedFile] = field(default_factory=list)
    places: dict[str, Markup] = field(default_factory=dict)
    drawing: list[str] = field(default_factory=list)


def write_figures(
    folder: ExportFolder,
    checkpoint: Checkpoint,
    facts: Facts,
    train: Digits,
    test: Digits,
    write_page: Callable[[str, str, str], ExportedFile],
    terms: str,
) -> FigureFiles:
    """Write every figure that this network can have: one without a recorded training has nothing to scrub.

    write_page: writes a page, given its path, its HTML and its role. terms: the licence.
    """
    recorded = len(checkpoint.snapshot_steps) > 1
    figures = [figure for figure in FIGURES if recorded or "recording" not in figure.data]
    training = _given("training_pictures", picture_data(chosen_pictures(train, TRAINED)))
    data = {
        "network": network_data(checkpoint, train),
        "test_pictures": picture_data(chosen_pictures(test, TESTED)),
        "detectors": detector_data(test.side),
        "recording": recording_data(checkpoint) if recorded else None,
        "live": live_data(train, len(training)),
    }
    scripts = {name: _given(name, value) for name, value in data.items() if value is not None}
    shared, worker = _scripts(_SHARED), _scripts(_WORKER) + "knobs.learner(globalThis);\n"
    made = FigureFiles(figures)

    def write(name: str, text: str, ending: str = "js") -> str:
        """A file whose name tells what is in it; its address from the page of the lesson."""
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        kind = {"js": "text/javascript", "css": "text/css"}[ending]
        made.files.append(folder.write(f"{FOLDER}/{name}.{digest}.{ending}", text, "figure_part", kind))
        return made.files[-1].path

    style = write("figures", _read("draw.css") + _read("figures/figures.css"), "css")
    addresses = {name: write(name, text) for name, text in scripts.items()}
    base = [style, write("shared", shared), addresses["network"], addresses["test_pictures"]]
    made.drawing.extend([*base, write("draw", _read("figures/draw.js"))])
    extra = {"training": write("training_pictures", training), "worker": write("worker", worker)}
    for figure in figures:
        own = _scripts(figure.modules) + _read(f"{figure.template}.js")
        files = [*base, *(addresses[name] for name in figure.data), write(figure.name, own)]
        values = {"figure": figure, "f": facts, "extra": extra if figure.modules else {}}
        made.places[figure.scene] = _place(**values, heading="h3", files=files, page=figure.page)
        needs = ["network", "test_pictures", *figure.data]
        inside = [shared, *(scripts[name] for name in needs), *([training] if figure.modules else []), own]
        page = render_page(
            "figure.html.j2",
            title=figure.title,
            place=_place(**{**values, "extra": {}}, heading="h1", files=[], page=""),
            scripts=Markup("\n".join(inside)),
            checkpoint=checkpoint,
            facts=facts,
            terms=terms,
        )
        made.files.append(write_page(figure.page, page, "figure"))
    return made


def _place(**values: Any) -> Markup:
    """Where a figure stands: its title, what to do there, and room for what its script makes."""
    return Markup(jinja_environment().get_template("figure_place.html.j2").render(**values))


def _scripts(names: tuple[str, ...]) -> str:
    return "".join(_read(f"figures/{name}.js") for name in names)


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _given(name: str, value: Any) -> str:
    """A script that gives the figures a value. It may stand in a page: no tag can end or begin in it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")
    return f'knobs.give("{name}",{text});\n'
