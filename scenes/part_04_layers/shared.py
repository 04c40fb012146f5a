"""What several scenes of this part need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from network import Network
from network.digits import Digits
from scenes.kit import theme
from scenes.kit.layout import STAGE_BOTTOM, STAGE_TOP
from scenes.kit.mobjects.text import Words

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2


def widest(names: Sequence[str]) -> float:
    """How much room the longest name needs as a label, in units."""
    return max(Words(name, theme.LABEL_SIZE).width for name in names)


def digit_to_show(network: Network, digits: Digits) -> int:
    """The first test picture that is read right, clearly (0.9 or more), with a second output to be seen (0.03 or more).

    Where there is none, the first that is read right; where the network reads none right, the first.
    """
    outputs = network.predict(digits.vectors)
    right = np.argmax(outputs, axis=1) == digits.labels
    ordered = np.sort(outputs, axis=1)
    second = ordered[:, -2] if outputs.shape[1] > 1 else np.zeros(len(outputs))
    for wanted in (right & (ordered[:, -1] >= 0.9) & (second >= 0.03), right):
        if wanted.any():
            return int(np.argmax(wanted))
    return 0
