"""The packages play in a SCORM 1.2 runtime, and report what was watched and answered."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.slow, pytest.mark.needs("npm")]
