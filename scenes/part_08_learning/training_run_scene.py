"""What the scenes about the recorded training run go by."""

from __future__ import annotations

import math
from functools import cached_property

from network import Network
from network.analysis.knobs import Scores, progress
from scenes.language import _c
from scenes.stage.lesson_scene import LessonScene


def not_recorded() -> str:
    """Why the training cannot be shown, to end a sentence with."""
    return _c("ends a sentence", "its training was not recorded: the checkpoint holds no snapshots.")


class TrainingRunScene(LessonScene):
    """A scene about the recorded training run of the network. Where none was recorded, it says so."""

    @cached_property
    def recorded(self) -> bool:
        """Whether there are enough snapshots to replay the training."""
        return len(self.checkpoint.snapshot_parameters) >= 2

    @cached_property
    def start(self) -> Network:
        """The network before training; as it is now where no run was recorded."""
        return self.checkpoint.snapshot(0) if self.recorded else self.network

    @property
    def kept_back(self) -> int:
        """How many training pictures were set aside, to see when the training got no better."""
        return int(self.checkpoint.metadata.settings.get("validation", 0))

    @property
    def pictures_an_epoch(self) -> int:
        """How many pictures training looks at in an epoch: all but those that were set aside.

        Where the data shown is not that of the run, as many as there were in its mini-batches, if all were full.
        """
        here, size = len(self.digits("train")) - self.kept_back, self.checkpoint.metadata.settings.get("batch_size")
        steps = round(self.checkpoint.snapshot_steps[-1] / self.checkpoint.snapshot_epochs[-1])
        return here if size is None or math.ceil(here / size) == steps else steps * size

    @cached_property
    def progress(self) -> Scores:
        """Accuracy and cost on the test set at each snapshot of the run."""
        return progress(self.checkpoint, self.digits())
