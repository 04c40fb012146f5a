"""Part 7: counting the knobs."""

from network.moved import names_of

__getattr__ = names_of(__name__)
