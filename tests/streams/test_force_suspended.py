"""A force that is in use no longer: the sockets of its people are closed by their heartbeat, or without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forces import selectors
from forces.context import ForceRef
from streams.consumers import signed_in, socket
from tests.streams.socket_peers import Peer, Peers


@pytest.fixture
def suspended() -> Iterator[None]:
    """Let no force be in use from the moment in which a test forgets what it knew."""
    yield
    selectors.clear_cache()


async def opened(peers: Peers, force: ForceRef, page: str) -> Peer:
    """Open a page of somebody who is signed in."""
    return await (peers.console(force) if page == "console" else peers.officer(force))


def suspend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no force be in use any more."""
    selectors.clear_cache()
    monkeypatch.setattr(selectors, "_find_by_schema", lambda schema: None)


@pytest.mark.usefixtures("suspended")
@pytest.mark.parametrize("page", ["console", "officer"])
async def test_page_of_a_suspended_force_is_closed_by_its_heartbeat(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(signed_in, "REVIEWED_EVERY_S", 0.0)  # an officer's page is looked at now and then
    peer = await opened(peers, herts, page)
    await peer.round_trip()
    suspend(monkeypatch)

    await peer.send("heartbeat.ping", sent_at=1)

    assert await peer.close_code() == 4401


@pytest.mark.usefixtures("suspended")
@pytest.mark.parametrize("page", ["console", "officer"])
async def test_silent_page_of_a_suspended_force_is_closed_as_well(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(socket, "GUARD_SECONDS", 0.05)
    peer = await opened(peers, herts, page)

    suspend(monkeypatch)

    assert await peer.close_code() == 4401
