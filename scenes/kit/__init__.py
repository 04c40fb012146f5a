"""The kit: mobjects, animations and layouts for pictures of networks, in any manim scene.

It knows no lesson, reads no files of the lesson, and works with all of manim's cairo cameras.

    import numpy as np
    from manim import Scene

    from network import Network
    from scenes.kit import NetworkDiagram


    class Mine(Scene):
        def construct(self):
            self.add(NetworkDiagram(Network.random([784, 16, 10], np.random.default_rng(0))))
            self.wait()

The names in `__all__` are for everybody, and stay here even if they move to another file; so do the modules `theme`
(colours, sizes and times by their role) and `layout` (where everything goes). The rest is internal to the kit.
`./knobs gallery` draws all of it. The module of a name, and manim with it, is loaded when the name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_NAMES = {
    "animations.activations": ("ChangeActivations",),
    "animations.appearing": ("LightUp", "OneByOne"),
    "animations.backward_pass": ("FlowBack",),
    "animations.count_up": ("CountUp",),
    "animations.counting": ("CountConnections", "CountDots", "SettleConnections"),
    "animations.dials": ("MeasureWhileTurning", "TrySettings", "TurnDial"),
    "animations.follow_function": ("FollowFunction",),
    "animations.forward_pass": ("GrowConnections", "PropagateActivations", "RunPulse", "ShowContributions"),
    "animations.grow_bars": ("GrowPercentBars",),
    "animations.grow_signed_bars": ("GrowSignedBars",),
    "animations.matrix_sweep": ("AccumulateDotProduct", "SweepRow"),
    "animations.measure_distance": ("MeasureDistance",),
    "animations.pixels": ("GridBecomesColumn", "PixelsBecomeNeurons", "Unroll", "in_one_line"),
    "animations.pixels_to_numbers": ("StreamIn", "ZoomPixels"),
    "animations.replay_training": ("ReplayTraining",),
    "animations.reveal_curves": ("RevealCurves",),
    "animations.run_along": ("RunAlong",),
    "animations.slide_tangents": ("SlideTangents",),
    "animations.sort_pictures": ("SortPictures",),
    "animations.spread_colour": ("SpreadColour",),
    "animations.squish": ("Squish",),
    "animations.storm": ("Storm",),
    "animations.swell_in_turn": ("SwellInTurn",),
    "camera": ("CameraError",),
    "layout": ("ColumnLayout", "column", "grid", "network_layout", "upward_layout"),
    "mobjects.axes": ("Axes",),
    "mobjects.bars": ("DividedBars", "PercentBars"),
    "mobjects.brackets": ("Brackets", "Parentheses"),
    "mobjects.cells": ("Cells",),
    "mobjects.code_panel": ("CodePanel",),
    "mobjects.confusion": ("ConfusionMatrix",),
    "mobjects.connections": ("Connections",),
    "mobjects.counter": ("Counter",),
    "mobjects.depth_chart": ("DepthChart",),
    "mobjects.diagram_marks": ("ActivationSymbols", "BiasNodes", "LayerNames", "NetworkPath"),
    "mobjects.dials": ("Dials",),
    "mobjects.function_plot": ("FunctionPlot",),
    "mobjects.glow": ("Glow",),
    "mobjects.gradient_diagram": ("GradientDiagram",),
    "mobjects.gradient_profile": ("GradientProfile",),
    "mobjects.learning_curve": ("LearningCurve", "TrainingCurves"),
    "mobjects.matrix": ("ActivationColumn", "BiasColumn", "Matrix", "MatrixVectorProduct", "Vector"),
    "mobjects.network_diagram": ("NetworkDiagram", "NeuronColumn", "ThreeDensities"),
    "mobjects.number_line": ("NumberLineSquish",),
    "mobjects.numbered_neurons": ("NumberedNeurons",),
    "mobjects.named_inputs": ("NamedInputs",),
    "mobjects.numbers": ("Numbers",),
    "mobjects.picture_pieces": ("PictureEquation",),
    "mobjects.pictures": ("Pictures",),
    "mobjects.pixel_grid": ("InkGrid", "PixelGrid"),
    "mobjects.question_box": ("QuestionBox",),
    "mobjects.race": ("Race", "RunRace"),
    "mobjects.running_sum": ("RunningSum",),
    "mobjects.shine": ("Shine",),
    "mobjects.signed_bars": ("SignedBars",),
    "mobjects.swarm": ("Swarm",),
    "mobjects.symbols": ("Symbol", "Symbols"),
    "mobjects.tangents": ("Tangents",),
    "mobjects.text": ("Number", "Words", "formula"),
    "mobjects.two_histograms": ("TwoHistograms",),
    "mobjects.verdict": ("Verdict",),
    "mobjects.waveform": ("Waveform",),
    "mobjects.weight_heatmap": ("WeightHeatmap", "WeightScale", "WeightWall"),
    "mobjects.weighted_sum": ("AddUpProducts", "ChangeProducts", "WeightedSum"),
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
