"""The whole kit at a glance: the example from the docstring of every mobject and animation, drawn."""

from __future__ import annotations

import doctest
import importlib
import inspect
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from manim import Animation, Mobject
from numpy.typing import NDArray
from PIL import Image

from network import Network
from scenes.kit import theme
from scenes.kit.animations.replay_training import RecordedRun
from scenes.kit.camera import LessonCamera
from scenes.kit.layout import FRAME_HEIGHT, FRAME_WIDTH, column, grid, network_layout
from scenes.kit.mobjects.text import Words

# Modules of the kit, in the order of the gallery; each of their public classes that has an example is an entry.
MODULES = (
    "scenes.kit.mobjects.cells",
    "scenes.kit.mobjects.dials",
    "scenes.kit.mobjects.glow",
    "scenes.kit.mobjects.pixel_grid",
    "scenes.kit.mobjects.pictures",
    "scenes.kit.mobjects.question_box",
    "scenes.kit.mobjects.connections",
    "scenes.kit.mobjects.shine",
    "scenes.kit.mobjects.network_diagram",
    "scenes.kit.mobjects.diagram_marks",
    "scenes.kit.mobjects.weight_heatmap",
    "scenes.kit.mobjects.text",
    "scenes.kit.mobjects.numbers",
    "scenes.kit.mobjects.numbered_neurons",
    "scenes.kit.mobjects.named_inputs",
    "scenes.kit.mobjects.verdict",
    "scenes.kit.mobjects.symbols",
    "scenes.kit.mobjects.brackets",
    "scenes.kit.mobjects.matrix",
    "scenes.kit.mobjects.running_sum",
    "scenes.kit.mobjects.weighted_sum",
    "scenes.kit.mobjects.swarm",
    "scenes.kit.mobjects.race",
    "scenes.kit.mobjects.signed_bars",
    "scenes.kit.mobjects.two_histograms",
    "scenes.kit.mobjects.tangents",
    "scenes.kit.mobjects.gradient_profile",
    "scenes.kit.mobjects.gradient_diagram",
    "scenes.kit.mobjects.depth_chart",
    "scenes.kit.mobjects.axes",
    "scenes.kit.mobjects.function_plot",
    "scenes.kit.mobjects.number_line",
    "scenes.kit.mobjects.learning_curve",
    "scenes.kit.mobjects.counter",
    "scenes.kit.mobjects.confusion",
    "scenes.kit.mobjects.waveform",
    "scenes.kit.mobjects.bars",
    "scenes.kit.mobjects.picture_pieces",
    "scenes.kit.mobjects.code_panel",
    "scenes.kit.animations.counting",
    "scenes.kit.animations.dials",
    "scenes.kit.animations.forward_pass",
    "scenes.kit.animations.pixels",
    "scenes.kit.animations.pixels_to_numbers",
    "scenes.kit.animations.activations",
    "scenes.kit.animations.replay_training",
    "scenes.kit.animations.matrix_sweep",
    "scenes.kit.animations.grow_bars",
    "scenes.kit.animations.follow_function",
    "scenes.kit.animations.spread_colour",
    "scenes.kit.animations.appearing",
    "scenes.kit.animations.storm",
    "scenes.kit.animations.swell_in_turn",
    "scenes.kit.animations.measure_distance",
    "scenes.kit.animations.sort_pictures",
    "scenes.kit.animations.grow_signed_bars",
    "scenes.kit.animations.backward_pass",
    "scenes.kit.animations.slide_tangents",
    "scenes.kit.animations.run_along",
    "scenes.kit.animations.squish",
    "scenes.kit.animations.reveal_curves",
    "scenes.kit.animations.count_up",
)


class TrainedNetwork(RecordedRun, Protocol):
    """What the examples call `checkpoint`: a network and the run that it was trained in."""

    @property
    def network(self) -> Network:
        """The network after the run."""

    @property
    def history(self) -> NDArray[np.float64]:
        """Cost and accuracies after each epoch, (epochs + 1, 3); see `TrainingCurves`."""


class Pictures(Protocol):
    """What the examples call `digits`: pictures with their classes."""

    @property
    def images(self) -> NDArray[np.float32]:
        """(n, height, width), from 0 to 1."""

    @property
    def labels(self) -> NDArray[np.integer[Any]]:
        """(n,), the class of each."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """What each class is called."""


# How far an animation has gone in its stills.
MOMENTS = (0.3, 0.65, 1.0)


def entries() -> dict[str, type]:
    """Every class of the kit that has an example, by name."""
    found = {}
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        for name, thing in vars(module).items():
            public = inspect.isclass(thing) and thing.__module__ == module_name and not name.startswith("_")
            if public and issubclass(thing, Mobject | Animation) and examples_of(thing):
                found[name] = thing
    return found


def examples_of(thing: type) -> list[str]:
    """The statements of a docstring's example."""
    return [example.source for example in doctest.DocTestParser().get_examples(inspect.getdoc(thing) or "")]


def names_for_examples(checkpoint: TrainedNetwork, digits: Pictures) -> dict[str, Any]:
    """The names that an example can use.

    The kit, its layouts, np, checkpoint and its network, digits, and forward, the forward pass of the first of them.
    """
    network = checkpoint.network
    names: dict[str, Any] = {"np": np, "theme": theme, "Network": Network, "checkpoint": checkpoint}
    names |= {"network": network, "digits": digits, "forward": network.forward(digits.images[0])}
    for module_name in MODULES:
        module = importlib.import_module(module_name)
        own = {name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module_name}
        names |= {name: getattr(module, name) for name in own}
    return names | {"column": column, "grid": grid, "network_layout": network_layout}


def example(thing: type, names: dict[str, Any]) -> Mobject | Animation:
    """Run the example; it shows the value of its last statement."""
    *before, last = examples_of(thing)
    names = dict(names)
    for statement in before:
        exec(statement, names)
    shown = eval(last, names)
    assert isinstance(shown, Mobject | Animation), f"the example of {thing.__name__} shows nothing"
    return shown


def stills(shown: Mobject | Animation, height: int = 360) -> Iterator[NDArray[np.uint8]]:
    """Pictures (height, width, 4) of a mobject, or of an animation at `MOMENTS`."""
    if isinstance(shown, Mobject):
        yield picture([shown], height)
        return
    shown.begin()
    for moment in MOMENTS:
        shown.interpolate(moment)
        yield picture([shown.mobject], height)


def picture(mobjects: list[Mobject], height: int = 360, width: int | None = None) -> NDArray[np.uint8]:
    """Mobjects in a frame of the lesson, (height, width, 4); 16:9 if the width is not given."""
    camera = LessonCamera(
        pixel_height=height,
        pixel_width=width or round(height * FRAME_WIDTH / FRAME_HEIGHT),
        frame_height=FRAME_HEIGHT,
        frame_width=FRAME_WIDTH,
        background_color=theme.BACKGROUND,
    )
    camera.capture_mobjects(mobjects)
    return camera.pixel_array


def contact_sheet(checkpoint: TrainedNetwork, digits: Pictures, columns: int = 4) -> Image.Image:
    """Every entry in a frame of its own, with its name; animations at three moments."""
    names = names_for_examples(checkpoint, digits)
    tiles = []
    for name, thing in entries().items():
        for drawn in stills(example(thing, names)):
            title = picture([Words(name, 2 * theme.LABEL_SIZE)], drawn.shape[0])
            rows = np.flatnonzero(title[..., :3].any(axis=(1, 2)))
            title = title[rows[0] - 6 : rows[-1] + 8]
            tiles.append(np.concatenate([title, drawn])[..., :3])
    width, height = tiles[0].shape[1] + 8, max(len(tile) for tile in tiles) + 8
    sheet = Image.new("RGB", (columns * width, -(-len(tiles) // columns) * height), theme.CELL_OUTLINE)
    for number, tile in enumerate(tiles):
        sheet.paste(Image.fromarray(tile), (number % columns * width + 4, number // columns * height + 4))
    return sheet
