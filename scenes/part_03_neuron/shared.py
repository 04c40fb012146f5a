"""What several scenes of this part need."""

from __future__ import annotations

from scenes.kit.layout import FRAME_HEIGHT, STAGE_BOTTOM, STAGE_TOP

MIDDLE = (STAGE_TOP + STAGE_BOTTOM) / 2
PIXELS_A_UNIT = 1080 / FRAME_HEIGHT
# Brighter than this, black can be read better than white.
READ_IN_BLACK = 0.457
