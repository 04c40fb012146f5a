"""What several scenes of this part need."""

from __future__ import annotations

# Brighter than this, black can be read better than white.
READ_IN_BLACK = 0.457
