"""The pictures: how the network of the lesson is drawn and moved."""

from scenes.moved import announce

announce()
