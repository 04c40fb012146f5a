"""The kit: mobjects, animations and layouts for pictures of networks, in any manim scene.

It knows no lesson, reads no files of this project, and works with all of manim's cairo cameras.

    from manim import Scene
    from network import Network
    from scenes.kit import NetworkDiagram, theme

    class Mine(Scene):
        def construct(self):
            self.add(NetworkDiagram(Network.random([784, 16, 10], rng)))

The names in `__all__` are for everybody, and stay here even if they move to another file; so do the modules `theme`
(colours, sizes and times by their role) and `layout` (where everything goes). The rest is internal to the kit.
`./knobs gallery` draws all of it. The module of a name, and manim with it, is loaded when the name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "animations.count_up": ("CountUp",),
    "animations.forward_pass": ("GrowConnections", "PropagateActivations", "ShowContributions"),
    "animations.matrix_sweep": ("AccumulateDotProduct", "SweepRow"),
    "animations.pixels": ("GridBecomesColumn", "PixelsBecomeNeurons"),
    "animations.replay_training": ("ReplayTraining",),
    "animations.reveal_curves": ("RevealCurves",),
    "animations.run_along": ("RunAlong",),
    "animations.squish": ("Squish",),
    "camera": ("CameraError",),
    "layout": ("ColumnLayout", "column", "column_around", "grid", "network_layout"),
    "mobjects.axes": ("Axes",),
    "mobjects.brackets": ("Brackets", "Parentheses"),
    "mobjects.cells": ("Cells",),
    "mobjects.code_panel": ("CodePanel",),
    "mobjects.confusion": ("ConfusionMatrix",),
    "mobjects.connections": ("Connections",),
    "mobjects.counter": ("Counter",),
    "mobjects.dials": ("Dials",),
    "mobjects.function_plot": ("FunctionPlot",),
    "mobjects.learning_curve": ("LearningCurve", "TrainingCurves"),
    "mobjects.long_number": ("LongNumber",),
    "mobjects.matrix": ("ActivationColumn", "BiasColumn", "Matrix", "MatrixVectorProduct", "Vector"),
    "mobjects.network_diagram": ("NetworkDiagram", "NeuronColumn", "ThreeDensities"),
    "mobjects.number_line": ("NumberLineSquish",),
    "mobjects.numbers": ("Numbers",),
    "mobjects.pixel_grid": ("InkGrid", "PixelGrid"),
    "mobjects.running_sum": ("RunningSum",),
    "mobjects.symbols": ("Symbol", "Symbols"),
    "mobjects.text": ("Number", "Words", "formula"),
    "mobjects.waveform": ("Waveform",),
    "mobjects.weight_heatmap": ("WeightHeatmap", "WeightScale", "WeightWall"),
    "mobjects.weighted_sum": ("AddUpProducts", "WeightedSum"),
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
