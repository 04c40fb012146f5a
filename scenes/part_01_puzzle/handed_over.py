"""The picture that one scene hands over to the next: where it stands at the end of one and the start of the other."""

from __future__ import annotations

from scenes.kit.layout import STAGE_MIDDLE

# Its middle and how wide it is, in units.
SMALL_PLACE, SMALL_EXTENT = (-5.15, STAGE_MIDDLE + 0.9), 3.3
