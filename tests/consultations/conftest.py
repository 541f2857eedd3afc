"""Fixtures of consultations: a media server in memory, and sockets that are closed in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.fakes.gateway import FakeGateway
from tests.streams.conftest import clean_leases, clock_at_noon, gateway, live_db, settings_turn

__all__ = ["clean_leases", "clock_at_noon", "gateway", "live_db", "settings_turn"]


@pytest.fixture
async def pages(module_db: str, gateway: FakeGateway, force_client: Callable[..., Any]) -> AsyncIterator[Any]:
    """Open sockets of members and officers through the whole application."""
    from tests.consultations.pages import Pages

    opened = Pages(force_client)
    yield opened
    await opened.close()
