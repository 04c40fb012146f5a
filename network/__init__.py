"""The mathematics of the lesson: a fully connected network in NumPy, its training and its measurement."""

from network.network import ForwardPass, Layer, Network

__all__ = ["ForwardPass", "Layer", "Network"]
