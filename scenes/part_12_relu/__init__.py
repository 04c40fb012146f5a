"""Part 12: sigmoid against ReLU."""

from network.moved import names_of

__getattr__ = names_of(__name__)
