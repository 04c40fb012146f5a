"""What can stand in a scene. Whoever imports a mobject has every camera of manim's that can draw it."""

from scenes.kit.camera import teach_cameras
from scenes.kit.mobjects.array_mobject import require_cairo

require_cairo()
teach_cameras()
