"""Part 6: edges."""

from network.moved import names_of

__getattr__ = names_of(__name__)
