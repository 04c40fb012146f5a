"""Part 11: hope against reality."""

from network.moved import names_of

__getattr__ = names_of(__name__)
