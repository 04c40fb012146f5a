"""What several scenes of this part need."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from manim import (
    RIGHT,
)
from numpy.typing import NDArray

from network import Network
from network.analysis.knobs import Scores, scores
from network.checkpoint import Checkpoint
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import network_layout
from scenes.kit.mobjects.network_diagram import NetworkDiagram
from scenes.kit.mobjects.numbers import Numbers
from scenes.kit.mobjects.text import Number

_NOT_RECORDED = "its training was not recorded: the checkpoint holds no snapshots."
_READINGS_RIGHT = 6.7
# Room for an output's value, and for the space before it.
_VALUE_WIDTH, _VALUE_GAP = 0.62, 0.3


def percent(share: float, places: int = 2) -> str:
    return f"{100 * share:.{places}f} %"


def has_a_run(checkpoint: Checkpoint) -> bool:
    """Whether there are snapshots enough to replay the training."""
    return len(checkpoint.snapshot_parameters) >= 2


@lru_cache(maxsize=2)
def progress_of(checkpoint: Checkpoint, digits: Digits) -> Scores:
    """Accuracy and cost on the test set at each snapshot of the run."""
    return scores([checkpoint.snapshot(n) for n in range(len(checkpoint.snapshot_parameters))], digits)


def diagram_with_values(network: Network, class_names: tuple[str, ...]) -> NetworkDiagram:
    """A network with its labels, and with room for a line above it and for values to the right of the labels."""
    top, right = 2.55, 4.9
    for _ in range(2):
        layout = network_layout(network.sizes, right=right, top=top)
        diagram = NetworkDiagram(network, class_names, layout)
        beyond = diagram.labels.get_right()[0] + _VALUE_GAP + _VALUE_WIDTH - _READINGS_RIGHT
        right -= max(beyond, 0)
    return diagram


def values_beside(diagram: NetworkDiagram, outputs: NDArray[Any]) -> Numbers:
    """The outputs' values to the right of their labels."""
    place = diagram.layout[-1]
    centres = place.centres.copy()
    centres[:, 0] = diagram.labels.get_right()[0] + _VALUE_GAP + _VALUE_WIDTH / 2
    size = float(np.clip(0.9 * 135 * place.diameter, theme.SMALLEST_SIZE, theme.NOTE_SIZE))
    return Numbers(outputs, centres, 2, size, opacities=place.shown.astype(float))


def set_right_aligned(number: Number, value: float) -> None:
    """Show another number with the same right edge."""
    edge = number.get_right()[0]
    number.set_value(value)
    number.shift((edge - number.get_right()[0]) * RIGHT)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
