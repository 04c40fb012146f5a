"""What no test may leave behind."""

from __future__ import annotations

import pytest
from hypothesis import settings

from lesson import own_data

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def data_is_kept_elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Converted data, and where data was seen, is kept for real users in media/data, not for tests."""
    monkeypatch.setattr(own_data, "CONVERTED", tmp_path_factory.mktemp("converted"))
