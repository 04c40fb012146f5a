"""Other networks that the lesson shows beside its own, trained in the same way except for one thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from network.checkpoint import Checkpoint
from network.digits import Digits
from network.network import Network
from network.training import EpochReport, TrainingSettings, train

# Found by experiment with 784-16-16-10 on MNIST: the weakest at which nearly all weight pictures are single patches.
_SMOOTHNESS, _LOCALITY = 0.3, 50.0
# Only a few, to keep the file small.
_SNAPSHOTS = 5


def start_again(checkpoint: Checkpoint, sizes: Sequence[int]) -> tuple[Network, np.random.Generator]:
    """A network of these sizes as the checkpoint's own run began, and the random numbers that a run goes on with."""
    rng = np.random.default_rng(checkpoint.metadata.seed)
    *hidden, output = checkpoint.network.activations
    return Network.random(sizes, rng, hidden[0] if hidden else "sigmoid", output), rng


def local_settings(checkpoint: Checkpoint) -> TrainingSettings:
    """How the companion whose weights are patches is trained: as the checkpoint was, but with `network.penalties`.

    CheckpointError if this version does not know the checkpoint's settings.
    """
    recorded = checkpoint.training_settings()
    return replace(recorded, smoothness=_SMOOTHNESS, locality=_LOCALITY, snapshots=_SNAPSHOTS)


def train_local(checkpoint: Checkpoint, digits: Digits) -> Iterator[EpochReport]:
    """Train a network with the checkpoint's sizes and seed, and a penalty that makes its first layer smooth and local.

    digits: the training set. The run starts from the same weights as the checkpoint's own, and sees the same pictures
    in the same order. `network.checkpoint.of_run` makes a checkpoint of it, as of any run.
    """
    start, rng = start_again(checkpoint, checkpoint.network.sizes)
    return train(start, digits, local_settings(checkpoint), rng)
