"""Where the hero stands at the end of one scene and at the beginning of the next."""

from __future__ import annotations

from scenes.kit.layout import STAGE_MIDDLE

SMALL_PLACE, SMALL_EXTENT = (-5.15, STAGE_MIDDLE + 0.9), 3.3
