"""What all scenes of this part go by: the network's run on one picture."""

from __future__ import annotations

from functools import cached_property

from network import ForwardPass
from scenes.stage.lesson_scene import LessonScene


class OnePictureScene(LessonScene):
    """A scene about the network's run on one test picture, the same as in part 4."""

    @cached_property
    def forward(self) -> ForwardPass:
        return self.network.forward(self.digits().images[self.hero])
