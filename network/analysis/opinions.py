"""What a network made of one picture during its training: which answer it gave, and when it changed its mind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.checkpoint import Checkpoint
from network.network import Array


@dataclass(frozen=True, eq=False)
class Opinions:
    """The outputs for one picture at each snapshot of a training run.

    outputs: (snapshots, n_out). truth: the right answer.
    """

    outputs: Array
    truth: int

    @property
    def answers(self) -> NDArray[np.intp]:
        """The answer at each snapshot, (snapshots,)."""
        return self.outputs.argmax(axis=1)

    @property
    def first_lead(self) -> float:
        """By how much the brightest output was ahead of the next one at the first snapshot."""
        next_to_it, brightest = np.sort(self.outputs[0])[-2:]
        return float(brightest - next_to_it)

    @property
    def settled(self) -> int | None:
        """The snapshot from which on the answer stays right; None if the last answer is wrong."""
        wrong = np.flatnonzero(self.answers != self.truth)
        if not len(wrong):
            return 0
        return int(wrong[-1]) + 1 if wrong[-1] < len(self.outputs) - 1 else None

    @property
    def rival(self) -> int | None:
        """The wrong answer that it gave most surely on the way, other than its very first answer; None without one."""
        answers, sure = self.answers, self.outputs.max(axis=1)
        on_the_way = (answers != self.truth) & (answers != answers[0])
        return int(answers[np.argmax(np.where(on_the_way, sure, -np.inf))]) if on_the_way.any() else None

    @property
    def surest(self) -> int | None:
        """The snapshot at which it was surest of the rival."""
        rival = self.rival
        return None if rival is None else int(np.argmax(np.where(self.answers == rival, self.outputs[:, rival], -1)))


def opinions(checkpoint: Checkpoint, image: Array, truth: int) -> Opinions:
    """Show one picture to the network at each snapshot of its run. ValueError if the run was not recorded."""
    count = len(checkpoint.snapshot_parameters)
    if not count:
        raise ValueError("checkpoint must hold snapshots of its run; train with --snapshots 48")
    picture = np.asarray(image).reshape(1, -1)
    return Opinions(np.concatenate([checkpoint.snapshot(n).predict(picture) for n in range(count)]), truth)
