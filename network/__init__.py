"""A neural network in NumPy: layers, the forward pass, training, and measurements."""

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
