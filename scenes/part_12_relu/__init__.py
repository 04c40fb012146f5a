"""Part 12: sigmoid against ReLU, and the end of the chapter."""

from network.moved import names_of

__getattr__ = names_of(__name__)
