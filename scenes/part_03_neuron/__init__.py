"""Part 3: a neuron."""

from network.moved import names_of

__getattr__ = names_of(__name__)
