"""Part 6: edges."""

from scenes.moved import names_of

__getattr__ = names_of(__name__)
