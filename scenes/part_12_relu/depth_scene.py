"""The base class of the scenes on deep networks: the comparison that they show."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from network.analysis.depth import DepthComparison, load_comparison
from network.analysis.ripple import picture_to_show
from network.checkpoint import Checkpoint
from scenes.language import _
from scenes.stage.lesson_scene import LessonScene


class DepthScene(LessonScene):
    """A scene on the deep networks that were trained with both functions; their results are in a file of their own."""

    @cached_property
    def comparison(self) -> DepthComparison:
        return load_comparison(self.companion_file("depth"))

    @cached_property
    def image(self) -> NDArray[np.floating]:
        """The picture that the networks look at."""
        return picture_to_show(self.comparison, self.digits().vectors[self.hero])

    @property
    def other_data(self) -> str:
        """Which data the deep networks were trained on, if it is not that of the lesson's network; else empty."""
        return trained_elsewhere(self.comparison, self.checkpoint)


def trained_elsewhere(comparison: DepthComparison, checkpoint: Checkpoint) -> str:
    """Which data the comparison was made on, if it is not that of the checkpoint; else empty."""
    if comparison.provenance.data_md5 == checkpoint.metadata.data_md5:
        return ""
    return _("trained on {data}", data=comparison.provenance.data_name)
