"""Fixtures of live media: a media server in memory, and sockets that are closed in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from forces.refs import ForceRef
from tests.fakes.gateway import FakeGateway


@pytest.fixture
def live_db(module_db: str, herts: ForceRef, beds: ForceRef) -> str:
    """Start the test without any session; a copy of the database for each of so many tests would take minutes."""
    from forces.context import in_force

    for force in (herts, beds):
        in_force(force, _clear)
    return module_db


def _clear() -> None:
    from evidence.models import Hold, Item, ItemFile, SequencePicture, Viewing
    from streams.models import Consent, Incident, Invitation, LiveSession, Notice, RiskAssessment, Shift, ViewRequest

    children = (Hold, Viewing, ItemFile, SequencePicture)
    own = (Consent, Invitation, RiskAssessment, ViewRequest, LiveSession, Incident, Shift, Notice)
    for model in (*children, Item, *own):
        model.objects.all().delete()


@pytest.fixture
async def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeGateway]:
    """Use a media server in memory for every node, recording below a directory of the test's own."""
    from django.conf import settings

    from streams import signalling

    fake = FakeGateway()
    monkeypatch.setattr(settings, "RECORDINGS_DIR", tmp_path)
    signalling.use_gateway(fake)
    yield fake
    await signalling.close_gateways()
    signalling.use_gateway(None)


@pytest.fixture
async def peers(live_db: str, gateway: FakeGateway, force_client: Callable[..., Any]) -> AsyncIterator[Any]:
    """Open sockets through the whole application, on a database of the test's own."""
    from tests.streams.socket_peers import Peers

    opened = Peers(force_client)
    yield opened
    await opened.close()


@pytest.fixture
async def spoken(peers: Any, herts: ForceRef, gateway: FakeGateway) -> Any:
    """Return (page, console, talk): an officer hears an operator."""
    from tests.streams.talk_peers import speak

    return await speak(peers, herts, gateway)


@pytest.fixture
def clock_at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the time at which the factories' acts happen."""
    from forces import clock
    from tests.factories.streams import NOW

    monkeypatch.setattr(clock, "_offset", NOW - clock.now())


@pytest.fixture
def clean_leases() -> None:
    """Forget the leases of processes that other tests left."""
    from forces.dispatch import redis_client

    for key in redis_client().scan_iter("process:lease:*"):
        redis_client().delete(key)


@pytest.fixture
def settings_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer a relay."""
    from django.conf import settings

    monkeypatch.setattr(settings, "TURN_URLS", ("turn:turn.example:3478",))
    monkeypatch.setattr(settings, "TURN_SECRET", "relay-secret")
