"""What the neurons of the first hidden layer look at: their weights, each at the place of its pixel."""

from manim import FadeIn, LaggedStart, Scene

from scenes.kit import WeightWall
from scenes.stage.inputs import lesson_checkpoint


class WeightPictures(Scene):
    def construct(self):
        wall = WeightWall(lesson_checkpoint().network.layers[0].weights)
        self.play(LaggedStart(*(FadeIn(picture) for picture in wall.pictures), lag_ratio=0.1), run_time=2)
        self.play(FadeIn(wall.scale_bar))
        self.wait()
