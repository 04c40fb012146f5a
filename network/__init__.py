"""A neural network in NumPy: layers, the forward pass, training, and what can be measured on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from network.network import ForwardPass as ForwardPass
    from network.network import Layer as Layer
    from network.network import Network as Network

__all__ = ["ForwardPass", "Layer", "Network"]


def __getattr__(name: str) -> object:
    """NumPy is loaded only where the network is used: a command that finds nothing to do should not wait for it."""
    if name in __all__:
        import network.network

        return getattr(network.network, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
