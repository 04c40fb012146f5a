"""What the figures compute with in the browser: the network, pictures, and the recorded training, as JSON has it."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network.analysis.detectors import bar_detector
from network.checkpoint import Checkpoint
from network.digits import Digits
from network.network import Layer
from network.preparation import CENTRE_SHARE, INK_FROM, INK_SHARE
from network.training import TrainingSettings
from scenes.language import Word, _
from scenes.wording import function_name

# How many pictures travel with the pages.
TESTED, TRAINED = 1_000, 5_000
# The recording may take this many numbers; of longer ones, fewer moments are kept.
_RECORDED_NUMBERS = 700_000
# The width of the pen in pixels of a 28×28 picture.
_PEN = 2.3
# How the network is trained in the browser: as `network.training` does by default, from pictures that are as they are.
LIVE = TrainingSettings(epochs=30, validation=0, snapshots=0)
_RATES = (0.0005, 0.005, 0.05, 0.5)


def network_data(checkpoint: Checkpoint, train: Digits) -> dict[str, Any]:
    """The network: its layers, the names of its classes, and how a drawing is prepared for it."""
    network = checkpoint.network
    return {
        "fingerprint": checkpoint.fingerprint,
        "side": train.side,
        "classNames": list(train.class_names),
        "layers": [
            {
                "weights": _floats(layer.weights),
                "biases": _floats(layer.biases),
                "activation": layer.activation,
                "sign": function_name(layer.activation).sign,
                "called": _forms_of(function_name(layer.activation).with_article),
            }
            for layer in network.layers
        ],
        "strongestBias": int(np.abs(network.layers[0].biases).argmax()),
        "neverSeen": "".join("1" if never else "0" for never in train.never_lit),
        "inkShare": INK_SHARE,
        "centreShare": CENTRE_SHARE,
        "inkFrom": INK_FROM,
        "pen": _PEN * train.side / 28,
    }


def _forms_of(words: str) -> str | dict[str, Any]:
    """Words that a sentence of a script may ask for a form of, as words.js wants them."""
    return {"usual": words, "forms": words.forms} if isinstance(words, Word) and words.forms else words


def chosen_pictures(digits: Digits, count: int) -> Digits:
    """So many pictures, spread evenly over all; all of them if there are fewer."""
    if len(digits) <= count:
        return digits
    return digits.subset(np.arange(count) * len(digits) // count)


def picture_data(digits: Digits) -> dict[str, Any]:
    """Pictures and their labels. Brightness is in bytes, of which `white` is white; as floats, and `white` 0, if bytes
    would not be exact.
    """
    white, data = 0, np.ascontiguousarray(digits.vectors, "<f4").tobytes()
    for levels in (255, 16):
        found = np.round(digits.vectors * levels)
        if np.array_equal((found / np.float32(levels)).astype(np.float32), digits.vectors.astype(np.float32)):
            white, data = levels, found.astype(np.uint8).tobytes()
            break
    return {"white": white, "packed": _packed(data), "labels": digits.labels.tolist()}


def recording_data(checkpoint: Checkpoint) -> dict[str, Any]:
    """The recorded training: the first moment, the last, and as many between them as there is room for.

    Knobs have 16 bits where none is too large for that; in 32 otherwise.
    """
    many, size = checkpoint.snapshot_parameters.shape
    kept = np.unique(np.linspace(0, many - 1, min(many, max(_RECORDED_NUMBERS // size, 2))).round().astype(np.intp))
    parameters = checkpoint.snapshot_parameters[kept]
    bits = 16 if np.abs(parameters).max(initial=0) < 60_000 else 32
    return {
        "epochs": [round(float(epoch), 3) for epoch in checkpoint.snapshot_epochs[kept]],
        "steps": checkpoint.snapshot_steps[kept].tolist(),
        "bits": bits,
        "packed": _packed(parameters.astype(f"<f{bits // 8}").tobytes()),
    }


def detector_data(side: int) -> list[dict[str, Any]]:
    """The detectors that the film sets by hand, without and with the surround."""

    def entry(name: str, layer: Layer) -> dict[str, Any]:
        return {"name": name, "weights": _floats(layer.weights), "bias": float(layer.biases[0])}

    return [
        entry(_("The film’s bar detector"), bar_detector(side)),
        entry(_("The same with a surround"), bar_detector(side, surround=True)),
    ]


def live_data(train: Digits, size: int) -> dict[str, Any]:
    """How the network is trained in the browser. size: of the file of the training pictures, in bytes."""
    return {
        "epochs": LIVE.epochs,
        "batch": LIVE.batch_size,
        "rate": LIVE.learning_rate,
        "rates": list(_RATES),
        "count": min(TRAINED, len(train)),
        "all": len(train),
        "bytes": size,
    }


def _floats(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 6)).decode()
