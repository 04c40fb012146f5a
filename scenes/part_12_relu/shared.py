"""What several scenes of this part need."""

from __future__ import annotations

from manim import (
    smooth,
    squish_rate_func,
)

from network.analysis.depth import COMPARED, DepthComparison, load_comparison
from network.checkpoint import Checkpoint
from network.network import ACTIVATIONS
from scenes.kit import theme
from scenes.kit.layout import STAGE_TOP
from scenes.kit.mobjects.text import Words
from scenes.stage.lesson_scene import LessonScene

_SIGMOID, _RELU = (ACTIVATIONS[name] for name in COMPARED)
_COLOURS = (theme.ANSWER, theme.POSITIVE)
_NAMES = ("sigmoid", "ReLU")
# One thing goes before the next one comes.
_FIRST, _THEN = squish_rate_func(smooth, 0, 0.5), squish_rate_func(smooth, 0.4, 1)


class DepthScene(LessonScene):
    """A scene on the deep networks that were trained with both functions; their results are in a file of their own."""

    @property
    def comparison(self) -> DepthComparison:
        return load_comparison(self.companion_file("depth"))

    def source_note(self) -> Words:
        """Which data the networks were trained on, where it is not the data of the lesson's network; else nothing."""
        words = Words(trained_elsewhere(self.comparison, self.checkpoint), theme.NOTE_SIZE, theme.QUIET_TEXT)
        return words.move_to((0, STAGE_TOP - 0.1, 0)) if len(words.points) else words


def trained_elsewhere(comparison: DepthComparison, checkpoint: Checkpoint) -> str:
    """Which data the comparison was made on, if it is not that of the lesson's network."""
    if comparison.provenance.data_md5 == checkpoint.metadata.data_md5:
        return ""
    return f"trained on {comparison.provenance.data_name}"
