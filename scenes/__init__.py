"""The pictures: how the network of the lesson is drawn and moved."""

from network.moved import announce
from scenes.moved import MODULES, RENAMED

announce(MODULES, RENAMED)
