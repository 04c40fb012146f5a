"""The gallery as a page: what the kit has, each picture beside the code that draws it."""

from __future__ import annotations

import ast
import inspect
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lesson.export.jinja_environment import data_uri, render_page
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes import kit
from scenes.kit.gallery import entries, example, examples_of, names_for_examples, stills
from scenes.licence import licence


@dataclass(frozen=True)
class Entry:
    """A mobject or animation of the kit.

    summary: the first sentence about it. code: its example, as a piece of a scene. pictures: as addresses; those of an
    animation at its beginning, in the middle and at its end.
    """

    name: str
    summary: str
    code: str
    pictures: tuple[str, ...]


def gallery_page(checkpoint: Checkpoint, digits: Digits, data: str) -> str:
    """The page, with all of its pictures in it. data: the name of the data, from `scenes.licence.data_name`."""
    found = gallery_entries(checkpoint, digits)
    return render_page("gallery.html.j2", title="What the kit draws", entries=found, terms=licence(data, ()))


def gallery_entries(checkpoint: Checkpoint, digits: Digits) -> list[Entry]:
    """Every class of the kit that has an example, drawn with this network and these pictures."""
    names = names_for_examples(checkpoint, digits)
    return [
        Entry(
            name,
            (inspect.getdoc(thing) or "").splitlines()[0],
            code_of(thing),
            tuple(_address(still) for still in stills(example(thing, names))),
        )
        for name, thing in entries().items()
    ]


def code_of(thing: type) -> str:
    """The example of a class, after the imports that it needs."""
    example_lines = [statement.rstrip("\n") for statement in examples_of(thing)]
    used = {node.id for node in ast.walk(ast.parse("\n".join(example_lines))) if isinstance(node, ast.Name)}
    from_kit = sorted(used & {*kit.__all__, "theme"}, key=str.lower)
    imports = ["import numpy as np"] if "np" in used else []
    imports += [f"from scenes.kit import {', '.join(from_kit)}"] if from_kit else []
    return "\n".join([*imports, *([""] if imports else []), *example_lines])


def _address(picture: NDArray[np.uint8]) -> str:
    encoded = io.BytesIO()
    Image.fromarray(picture[..., :3]).save(encoded, "webp", quality=80)
    return data_uri(encoded.getvalue(), "image/webp")
