"""Part 9: notation and linear algebra."""

from scenes.moved import names_of

__getattr__ = names_of(__name__)
