"""Fixtures of drones: a media server in memory, and an aircraft in the air."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from forces.refs import ForceRef
from tests.fakes.gateway import FakeGateway
from tests.streams.conftest import clean_leases, gateway, live_db, peers, settings_turn

if TYPE_CHECKING:
    from tests.drones.devices import Device

__all__ = ["clean_leases", "gateway", "live_db", "peers", "settings_turn"]


@pytest.fixture
async def device(live_db: str, gateway: FakeGateway, herts: ForceRef) -> Device:
    """Return the encoder of an aircraft whose flight is launched."""
    from tests.drones.devices import in_the_air

    return await in_the_air(herts, gateway)
