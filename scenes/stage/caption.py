"""A caption, under the name that it had when scenes drew it themselves."""

from __future__ import annotations

from scenes.voice.cues import Caption as Caption
