"""The pages: every number in them is the network's own, and the text of a clip is never taken for markup."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from lesson.export import pages
from lesson.export.facts import Facts, facts_of
from lesson.export.folder import MANIFEST
from lesson.export.snippets import PLACES
from network import Layer, Network
from network.checkpoint import Checkpoint
from scenes.language import told_in
from scenes.syllabus import SYLLABUS, Part
from tests.export.conftest import (
    HOSTILE,
    checkpoint_of,
    digits_for,
    export_to,
    make_clip,
    make_metadata,
    part_with,
    write_metadata,
)
from tests.scenes.conftest import make_checkpoint

NETWORKS = {
    "the lesson's sizes": checkpoint_of((784, 16, 16, 10)),
    "one hidden layer": checkpoint_of((784, 30, 10)),
    "deep, ReLU": checkpoint_of((784, 32, 16, 16, 10), hidden="relu"),
    "small pictures": checkpoint_of((64, 8, 3)),
    "long names": checkpoint_of((784, 16, 16, 4), names=("Ankle boot", "T-shirt/top", "<Bag> & more", "שמלה")),
    "no hidden layer": checkpoint_of((64, 3)),
    "tanh, shares": checkpoint_of((64, 8, 3), hidden="tanh", output="softmax"),
    "no hidden layer, shares": checkpoint_of((64, 3), output="softmax"),
}


class Page(HTMLParser):
    """A page as a browser reads it: its text, its tags with their attributes, and whether they are closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags, self.open = "", [], []
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "source", "track", "br", "input", "path"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text += data

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


def facts(checkpoint: Checkpoint) -> Facts:
    return facts_of(checkpoint, digits_for(checkpoint))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Part, Path]]:
    """A clip for every part of the lesson."""
    folder = tmp_path_factory.mktemp("whole")
    made = []
    for part in SYLLABUS:
        scene = part.scenes[0].name if part.scenes else f"Clip{part.number}"
        clip = make_clip(folder / f"{scene}.mp4", [(90, 90, 200)])
        write_metadata(clip, make_metadata(scene, 1, title=f"Clip of part {part.number}"))
        made.append((part_with(part.module, scene), clip))
    return made


@pytest.mark.parametrize("name", NETWORKS)
def test_the_lesson_follows_the_network(name: str, whole: list[tuple[Part, Path]], tmp_path: Path) -> None:
    checkpoint = NETWORKS[name]
    network = checkpoint.network
    place = export_to(tmp_path / "e", whole, checkpoint)
    page = Page((place / "index.html").read_text(encoding="utf-8"))
    words = " ".join(page.text.split())
    assert f"{network.parameter_count:,} knobs that read a" in words
    assert " → ".join(map(str, network.sizes)) in words
    for layer in network.layers:
        assert f"{layer.n_in:,} × {layer.n_out:,} = {layer.weights.size:,}" in words
    found = facts(checkpoint)
    assert f"{found.right:,} of {found.tested:,} right" in words
    for class_name in checkpoint.metadata.class_names:
        assert class_name in words
    assert f"{found.black[1]:.2f}" in words
    assert ("Part 5" in words) and ("Part 12" in words)
    assert len(page.all("video")) == len(whole)
    assert ("All hidden layers of this network use the sigmoid" in words) == (
        set(network.activations[:-1]) == {"sigmoid"}
    )
    assert ("uses the hyperbolic tangent" in words) == ("tanh" in network.activations)
    assert ("shares of 1" in words) == ("softmax" in network.activations)
    if name != "the lesson's sizes":
        for other in ("13,002", "12,960", "97.38"):
            assert other not in words, "no number of the default network is typed in"


def test_the_facts_are_the_networks() -> None:
    checkpoint = NETWORKS["the lesson's sizes"]
    found, digits = facts(checkpoint), digits_for(checkpoint)
    answers = checkpoint.network.classify(digits.images)
    assert found.right == (answers == digits.labels).sum()
    assert found.wrong + found.right == len(digits)
    assert found.doubled_knobs == 784 * 32 + 32 + 32 * 32 + 32 + 32 * 10 + 10
    assert found.picture_digits == len(str(256**784))
    assert found.binary_digits == len(str(2**13002 if found.knobs == 13002 else 0))
    assert found.first_share == pytest.approx(12544 / 12960)
    assert found.bias.value == 0, "a network that was never trained has no biases"
    assert found.steepest == 0.25
    assert found.activation(1, "sigmoid") == pytest.approx(0.7310586)
    if found.confusion:
        one, other = (found.classes.index(name) for name in (found.confusion.one, found.confusion.other))
        mixed_up = ((digits.labels == one) & (answers == other)) | ((digits.labels == other) & (answers == one))
        assert found.confusion.count == mixed_up.sum()


def test_every_part_has_its_text() -> None:
    there = {file.name.removesuffix(".html.j2") for file in (pages.TEMPLATES / "parts").iterdir()}
    assert there == {part.module for part in SYLLABUS} | {"other", "table"}


def test_digits_are_spoken_of_as_digits_whatever_the_language_calls_them() -> None:
    def text(name: str) -> str:
        with told_in("zh-Hans"):
            found = facts(NETWORKS[name])
            assert found.thing not in ("digit", "picture")
            return pages._article(SYLLABUS[4], [], found, {}, False)

    # Only of digits can it say what a 9, an 8 and a 4 are made of.
    assert set("984") <= set(text("the lesson's sizes")) and not set("984") & set(text("long names"))


@pytest.mark.parametrize(
    ("sizes", "functions", "said"),
    [
        ((64, 3), ("softmax",), set()),
        ((64, 4, 4, 3), ("sigmoid", "relu", "sigmoid"), {"The first hidden layer of this network uses the sigmoid."}),
        ((64, 4, 4, 3), ("relu", "sigmoid", "sigmoid"), {"The first hidden layer of this network uses ReLU."}),
        (
            (64, 4, 3),
            ("relu", "sigmoid"),
            {"use another function instead", "The hidden layers of this network use ReLU."},
        ),
        ((64, 4, 3), ("sigmoid", "softmax"), {"All hidden layers of this network use the sigmoid."}),
    ],
)
def test_what_is_said_of_hidden_layers_holds_for_all_of_them(
    sizes: tuple[int, ...], functions: tuple[str, ...], said: set[str]
) -> None:
    network = Network.random(sizes, np.random.default_rng(0))
    layers = (Layer(one.weights, one.biases, name) for one, name in zip(network.layers, functions, strict=True))
    found = facts(make_checkpoint(Network(tuple(layers))))
    text = " ".join(pages._article(SYLLABUS[part], [], found, {}, False) for part in (5, 11))
    sentences = {
        "use another function instead",
        "The hidden layers of this network use ReLU.",
        "All hidden layers of this network use the sigmoid.",
        "The first hidden layer of this network uses the sigmoid.",
        "The first hidden layer of this network uses ReLU.",
    }
    assert {sentence for sentence in sentences if sentence in text} == said


def test_the_output_with_the_strongest_bias_holds_its_share_of_all() -> None:
    biases = np.log([0.2, 0.7, 0.1])
    found = facts(make_checkpoint(Network((Layer(np.zeros((3, 64)), biases, "softmax"),))))
    assert found.bias.neuron == 2 and found.bias.lit == pytest.approx(0.1)


def test_clips_that_a_text_names_exist() -> None:
    known = {scene.name for part in SYLLABUS for scene in part.scenes}
    for part in SYLLABUS:
        text = (pages.TEMPLATES / "parts" / f"{part.module}.html.j2").read_text(encoding="utf-8")
        named = re.findall(r'"(\w+)"', "".join(re.findall(r"place\(([^)]*)\)", text)))
        assert set(named) <= known
        assert text.count("rest()") == 1


def test_clips_stand_in_the_order_of_the_lesson(exported: Path) -> None:
    page = Page((exported / "index.html").read_text(encoding="utf-8"))
    figures = [figure["id"] for figure in page.all("figure")]
    assert figures == [clip["scene"] for clip in json.loads((exported / MANIFEST).read_bytes())["clips"]]


@pytest.mark.parametrize("name", ["index.html", "use.html", "BarDetector/player.html", "BarDetector/one-file.html"])
def test_text_is_text(name: str, exported: Path) -> None:
    html = (exported / name).read_text(encoding="utf-8")
    page = Page(html)
    assert HOSTILE[0] in page.text
    assert "<script>alert" not in html
    assert len([script for script in page.all("script") if "type" not in script]) == 1
    if "use" not in name:
        assert "".join(HOSTILE[2].split()) in "".join(page.text.split())
        assert 'dir="auto"' in html


@pytest.mark.parametrize("name", ["index.html", "use.html", "BarDetector/player.html", "BarDetector/one-file.html"])
def test_nothing_is_asked_for_elsewhere(name: str, exported: Path) -> None:
    page = Page((exported / name).read_text(encoding="utf-8"))
    addresses = [
        attributes[key] for _, attributes in page.tags for key in ("src", "href", "poster") if key in attributes
    ]
    assert addresses
    for address in addresses:
        if address.startswith(("data:", "#")):
            continue
        assert "one-file" not in name, "all is inside"
        path = (exported / name).parent / address.split("#")[0].split("?")[0]
        assert path.resolve().is_relative_to(exported.resolve())
        assert path.exists(), address


def test_snippets_say_the_same_in_every_place(exported: Path) -> None:
    for clip in json.loads((exported / MANIFEST).read_bytes())["clips"]:
        assert set(clip["snippets"]) == set(PLACES)
        for place, text in clip["snippets"].items():
            assert f"{exported.name}/{clip['scene']}/" in text, place
            for path in re.findall(rf"{exported.name}/({clip['scene']}/[\w.-]+)", text):
                assert (exported / path).exists(), f"{place} names {path}"


def test_an_address_goes_into_the_snippets(
    clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path
) -> None:
    place = export_to(tmp_path / "e", clips, checkpoint, address="https://school.example/nets/")
    for clip in json.loads((place / MANIFEST).read_bytes())["clips"]:
        for text in clip["snippets"].values():
            assert f"https://school.example/nets/{clip['scene']}/" in text
            assert "nets//" not in text


def test_html_snippets_hold_their_text(exported: Path) -> None:
    clip = json.loads((exported / MANIFEST).read_bytes())["clips"][0]
    figure = Page(clip["snippets"]["html"])
    assert figure.all("video")[0]["aria-label"] == " ".join(clip["alternative_text"].split())
    assert not figure.all("script")
    frame = Page(clip["snippets"]["iframe"])
    assert frame.all("iframe")[0]["title"] == clip["title"]
    slide = Page(clip["snippets"]["reveal"]).all("video")[0]
    assert slide["src"].endswith(".mp4") and slide["poster"].endswith(".jpg")
    assert not {"autoplay", "data-autoplay", "loop"} & slide.keys(), "it waits, and is shown once"


def test_the_captions_are_in_the_snippet(exported: Path) -> None:
    """Browsers load a track neither from another site nor from disk, and the words are not in the picture."""
    clip = json.loads((exported / MANIFEST).read_bytes())["clips"][0]
    captions = next(file["path"] for file in clip["files"] if file["role"] == "captions")
    for place in ("html", "mkdocs"):
        (track,) = Page(clip["snippets"][place]).all("track")
        kind, data = track["src"].split(",")
        assert kind == "data:text/vtt;base64"
        assert base64.b64decode(data) == (exported / captions).read_bytes()
    assert f'src="{track["src"]}"' in clip["snippets"]["quarto"]


def test_nothing_plays_by_itself_or_again_and_again(exported: Path) -> None:
    clip = json.loads((exported / MANIFEST).read_bytes())["clips"][0]
    pages = {name: (exported / name).read_text(encoding="utf-8") for name in ("index.html", "BarDetector/player.html")}
    for name, text in (clip["snippets"] | pages).items():
        assert "autoplay" not in text, name
        assert not re.search(r"\b(loop|muted)\b", text.partition("<video")[2].partition(">")[0]), name
        # JSX is no HTML; where it is compiled is in tests/export/test_snippets.py.
        for video in Page(text).all("video") if text.startswith("<") and name != "mdx" else ():
            assert "controls" in video
            assert not {"autoplay", "loop", "muted"} & video.keys(), name
    # MyST makes every film that is given as a figure play by itself.
    assert ".mp4" not in clip["snippets"]["myst"]
