"""A teleprompter: a page with the script in large type, which moves on at the pace of the scenes."""

from __future__ import annotations

from collections.abc import Sequence

from lesson.export.jinja_environment import render_page
from lesson.render.script import ScriptScene
from network.paths import display_path
from scenes.voice.narration import Clause


def teleprompter(script: Sequence[ScriptScene], told: str) -> str:
    """The page. told: a sentence about the network and the voice."""
    scenes = [scene for scene in script if scene.is_told]
    return render_page("teleprompter.html.j2", script=scenes, told=told, timed=timed, display_path=display_path)


def timed(scene: ScriptScene) -> list[list[Clause]]:
    """What is read for each beat of a scene, clause by clause."""
    return [
        list(line.beat.clauses) or [Clause(line.beat.text, line.beat.start, line.beat.stop)] for line in scene.beats
    ]
