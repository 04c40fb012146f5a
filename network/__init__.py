"""A neural network in NumPy: layers, the forward pass, training, and measurements.

Begin with `network.py`: what a network is, and what one run of it computes. Then read

    activations.py                         what a layer makes of its weighted sums
    gradients.py                           how wrong a network is, and which way each knob should turn
    training.py                            how the knobs are found: many small steps downhill
    digits.py, distortion.py               the pictures that it learns from, each a little different every time
    evaluation.py                          how good it is, and where it makes mistakes
    penalties.py, units.py, companions.py  training with a difference: for smooth weights, for tables, for other sizes
    analysis/                              what the scenes measure, a file for each question

The rest serves these, and is mostly about files: `checkpoint.py` keeps a trained network, `unfinished.py` a run in
progress, and `preparation.py` makes of a drawing a picture like MNIST's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from network.moved import MODULES, RENAMED, announce

if TYPE_CHECKING:
    from network.network import ForwardPass as ForwardPass
    from network.network import Layer as Layer
    from network.network import Network as Network

__all__ = ["ForwardPass", "Layer", "Network"]

announce(MODULES, RENAMED)


def __getattr__(name: str) -> object:
    """Load NumPy only when the network is used: a command that has nothing to do should not wait for it."""
    if name in __all__:
        import network.network

        return getattr(network.network, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
