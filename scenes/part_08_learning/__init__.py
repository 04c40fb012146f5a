"""Part 8: what learning means."""

from network.moved import names_of

__getattr__ = names_of(__name__)
