"""Part 2: the plan."""

from network.moved import names_of

__getattr__ = names_of(__name__)
