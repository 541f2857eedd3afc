"""The time of a test that has a database of its own."""

from __future__ import annotations

from datetime import datetime

import pytest

from forces import clock


@pytest.fixture
def now(copy_db: str) -> datetime:
    """Give the test a database of its own, and the present time."""
    return clock.now()
