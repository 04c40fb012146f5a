"""Part 3: a neuron."""

from scenes.moved import names_of

__getattr__ = names_of(__name__)
