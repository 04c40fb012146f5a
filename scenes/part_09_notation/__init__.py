"""Part 9: notation and linear algebra."""

from network.moved import names_of

__getattr__ = names_of(__name__)
