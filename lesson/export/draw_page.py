"""The data of the page for drawing digits: the network's weights and biases, and pictures to try."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.checkpoint import Checkpoint
from network.digits import Digits
from network.preparation import CENTRE_SHARE, INK_FROM, INK_SHARE

# How many test pictures go with the page, and the width of the pen in pixels of a 28×28 picture.
VECTORS = 200
_PEN = 2.3


def drawing_data(checkpoint: Checkpoint, train: Digits, test: Digits) -> dict[str, Any]:
    """The network and some test pictures, ready for JSON; arrays are little-endian numbers in base64."""
    chosen = pictures_to_try(test)
    vectors = test.vectors[chosen]
    white, encoded = _encoded(vectors)
    firsts = [int(np.argmax(test.labels[chosen] == label)) for label in np.unique(test.labels[chosen])]
    return {
        "fingerprint": checkpoint.fingerprint,
        "side": test.side,
        "classNames": list(test.class_names),
        "layers": [
            {"weights": _text(layer.weights), "biases": _text(layer.biases), "activation": layer.activation}
            for layer in checkpoint.network.layers
        ],
        "neverSeen": "".join("1" if never else "0" for never in train.never_lit),
        "vectors": encoded,
        "white": white,
        "labels": test.labels[chosen].tolist(),
        "samples": firsts,
        "ink": round(test.side * INK_SHARE),
        "inkShare": INK_SHARE,
        "centreShare": CENTRE_SHARE,
        "inkFrom": INK_FROM,
        "pen": _PEN * test.side / 28,
    }


def pictures_to_try(test: Digits) -> NDArray[np.intp]:
    """Indices of the first test pictures of each class, about the same number of each, in order."""
    each = max(1, VECTORS // len(test.class_names))
    by_class = (np.flatnonzero(test.labels == label)[:each] for label in range(len(test.class_names)))
    return np.sort(np.concatenate(list(by_class)))[: max(VECTORS, len(test.class_names))]


def _encoded(vectors: NDArray[Any]) -> tuple[int, str]:
    """The value of white, and brightness as bytes; or, if bytes would not be exact, 0 and brightness as floats."""
    for white in (255, 16):
        levels = np.round(vectors * white)
        if np.array_equal((levels / np.float32(white)).astype(np.float32), vectors.astype(np.float32)):
            return white, base64.b64encode(levels.astype(np.uint8).tobytes()).decode()
    return 0, _text(vectors)


def _text(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
