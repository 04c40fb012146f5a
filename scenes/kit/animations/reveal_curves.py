"""The curves of a training run are drawn."""

from __future__ import annotations

from typing import Any

from manim import Animation, linear

from scenes.kit import theme
from scenes.kit.animations.progress import between
from scenes.kit.mobjects.learning_curve import LearningCurve, TrainingCurves


class RevealCurves(Animation):
    """Draw the curves of a training run from one epoch to another, by default to the last.

    >>> RevealCurves(TrainingCurves(checkpoint.history))
    """

    def __init__(
        self, curves: LearningCurve | TrainingCurves, start: float = 0, stop: float | None = None, **options: Any
    ) -> None:
        panels = curves.panels if isinstance(curves, TrainingCurves) else [curves]
        self.start = start
        self.stop = max(panel.last_epoch for panel in panels) if stop is None else stop
        super().__init__(curves, **{"run_time": 2 * theme.FLOW, "rate_func": linear, **options})

    def interpolate_mobject(self, alpha: float) -> None:
        self.mobject.reveal(between(self.start, self.stop, self.rate_func(alpha)))
