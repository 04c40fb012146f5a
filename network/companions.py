"""Other networks that the lesson shows beside its own: trained alike, but for one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from network.checkpoint import Checkpoint
from network.digits import Digits
from network.network import Network
from network.training import EpochReport, TrainingSettings, train

# Found by trial with 784-16-16-10 on MNIST: the weakest at which nearly all weight pictures are single strokes.
_SMOOTHNESS, _LOCALITY = 0.3, 50.0
# Few, so that the file stays small.
_SNAPSHOTS = 5


def local_settings(checkpoint: Checkpoint) -> TrainingSettings:
    """How the companion with strokes for weights is trained: as the checkpoint was, and with `network.penalties`.

    CheckpointError where this version does not know the checkpoint's settings.
    """
    recorded = checkpoint.training_settings()
    return replace(recorded, smoothness=_SMOOTHNESS, locality=_LOCALITY, snapshots=_SNAPSHOTS)


def train_local(checkpoint: Checkpoint, digits: Digits) -> Iterator[EpochReport]:
    """Train a network of the checkpoint's sizes from its seed, whose first layer's weights are to be smooth and local.

    digits: the training set. It starts from the very weights that the checkpoint's own run started from, and sees the
    same pictures in the same order. What comes of it is kept by `network.checkpoint.of_run`, as with any run.
    """
    network = checkpoint.network
    rng = np.random.default_rng(checkpoint.metadata.seed)
    *hidden, output = network.activations
    start = Network.random(network.sizes, rng, hidden[0] if hidden else "sigmoid", output)
    return train(start, digits, local_settings(checkpoint), rng)
