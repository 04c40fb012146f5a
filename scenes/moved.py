"""Where the modules of `scenes` went when they were sorted into folders, and what took the place of captions."""

from __future__ import annotations

from typing import Any, NoReturn

from network.errors import KnobsError

_KIT, _MOBJECTS, _ANIMATIONS, _STAGE = "scenes.kit", "scenes.kit.mobjects", "scenes.kit.animations", "scenes.stage"
_STAYED_AMONG_MOBJECTS = (
    "array_mobject",
    "brackets",
    "cells",
    "code_panel",
    "confusion",
    "connections",
    "dials",
    "glyphs",
    "matrix",
    "network_diagram",
    "numbers",
    "outlines",
    "pixel_grid",
    "running_sum",
    "symbols",
    "waveform",
    "weight_heatmap",
    "weighted_sum",
)

# Old module -> the modules that took its place; see `network.moved`.
MODULES: dict[str, tuple[str, ...]] = {
    "scenes.animations": tuple(f"{_ANIMATIONS}.{name}" for name in ("forward_pass", "pixels", "replay_training")),
    "scenes.camera": (f"{_KIT}.camera",),
    "scenes.caption": ("scenes.voice.cues",),
    "scenes.film_script": ("scenes.syllabus",),
    "scenes.gallery": (f"{_KIT}.gallery",),
    "scenes.layout": (f"{_KIT}.layout",),
    "scenes.lesson_scene": (
        f"{_STAGE}.lesson_scene",
        f"{_STAGE}.renderer",
        f"{_STAGE}.file_writer",
        f"{_STAGE}.mp4",
        f"{_STAGE}.inputs",
        "network.files",
    ),
    "scenes.matrix_animations": (f"{_ANIMATIONS}.matrix_sweep",),
    "scenes.matrix_layout": (f"{_KIT}.matrix_layout",),
    "scenes.mobjects": (),
    **{f"scenes.mobjects.{name}": (f"{_MOBJECTS}.{name}",) for name in _STAYED_AMONG_MOBJECTS},
    "scenes.mobjects.drawing": (f"{_KIT}.rasteriser",),
    "scenes.mobjects.plots": (
        *(f"{_MOBJECTS}.{name}" for name in ("axes", "function_plot", "number_line", "learning_curve", "counter")),
        *(f"{_ANIMATIONS}.{name}" for name in ("run_along", "squish", "reveal_curves", "count_up")),
    ),
    "scenes.mobjects.typesetting": (f"{_MOBJECTS}.text",),
    "scenes.places": ("scenes.settings",),
    "scenes.reads": (f"{_STAGE}.input_log",),
    "scenes.sources": (f"{_STAGE}.code_fingerprint",),
    "scenes.theme": (f"{_KIT}.theme",),
}
# What has another name now: (old module, old name) -> (new module, new name).
RENAMED = {
    ("scenes.lesson_scene", "Beat"): (f"{_STAGE}.lesson_scene", "ChapterStart"),
    ("scenes.lesson_scene", "part_of"): ("network.files", "temporary_name"),
    ("scenes.lesson_scene", "remove_abandoned_parts"): ("network.files", "remove_abandoned_files"),
    ("scenes.mobjects.array_mobject", "checked"): (f"{_KIT}.validation", "validate_array"),
    ("scenes.mobjects.numbers", "written"): ("scenes.wording", "number"),
}


class CaptionError(KnobsError):
    """A scene that still shows captions itself; the message is one sentence with the remedy."""


def caption(scene: object, sentence: str, *together: object, **options: Any) -> NoReturn:
    """What `LessonScene.caption` does now: a CaptionError says what to write in its place."""
    inside = ", and play inside the block what was given to caption besides the sentence" if together else ""
    moves = ', moves="..."' if options.get("moves") else ""
    raise CaptionError(
        f"{type(scene).__name__} calls caption, which is gone; write: with self.voiceover({sentence!r}{moves}){inside}"
    )
