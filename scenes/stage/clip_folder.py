"""Where manim writes the clips of a language: English where manim.cfg says, others in a folder of their own there."""

from __future__ import annotations

from manim import config

from scenes.catalogue import ENGLISH_CODE

_CLIPS = "{media_dir}/clips/"
_QUALITY = "{quality}"


def set_clip_folder(language: str) -> None:
    """Have manim write the clips of the next scene into the folder of its language, unless they go elsewhere anyway."""
    between = "" if language == ENGLISH_CODE else f"{language}/"
    for option in ("video_dir", "sections_dir"):
        before, _, after = str(config[option]).partition(_QUALITY)
        if before.startswith(_CLIPS):
            config[option] = f"{_CLIPS}{between}{_QUALITY}{after}"
