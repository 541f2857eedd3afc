"""Two forces' trouble stays apart: what one side cannot do costs neither the other its consoles, nor itself a row."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from forces.context import ForceRef
from streams import signalling
from streams.models import Watch
from streams.services import shares, watching
from streams.signalling import shared as shared_signalling
from tests.factories.streams import person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, read
from tests.streams.test_consumers_console import live
from tests.streams.test_consumers_shared import end_of, opened, shared
from tests.streams.test_signalling import live as live_stream

HERTS, BEDS = ForceRef("herts", "Hertfordshire"), ForceRef("beds", "Bedfordshire")


@pytest.mark.parametrize("trouble", ["refuses", "hangs"])
async def test_owner_whose_side_does_not_answer_costs_no_guest_its_console(
    peers: Peers,
    herts: ForceRef,
    beds: ForceRef,
    gateway: FakeGateway,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    _, session_id, _ = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    over = threading.Event()

    def fail(**_: object) -> None:
        if trouble == "hangs":
            over.wait(20)
        raise OperationalError("the owner's database is gone")

    with monkeypatch.context() as patched:
        patched.setattr(shares, "list_shown", fail)
        patched.setattr(shared_signalling, "PATIENCE_SECONDS", 0.2)
        try:
            late = await peers.console(beds)
        finally:
            over.set()
    assert (late.seen[0]["shared"], late.seen[0]["shared_missing"]) == ([], ["herts"])
    await late.round_trip()

    await late.send("console.snapshot")
    snapshot = await late.expect("console.snapshot")
    assert ([row["id"] for row in snapshot["shared"]], snapshot["shared_missing"]) == ([share_id], [])


async def test_guest_answers_after_the_revocation_and_no_picture_is_started(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    await guest.send("shared.watch", share_id=share_id, stream_id=stream_id)
    offer = await guest.expect("stream.offer")
    await owner.send("share.revoke", session_id=session_id, share_id=share_id)
    await end_of(guest, share_id)

    assert await guest.refused("watch.answer", watch_id=offer["watch_id"], sdp="v=0") == "share_over"

    assert "start" not in gateway.calls
    assert gateway.viewers == []
    assert len(await opened(herts, share_id)) == 1


async def test_viewer_whose_row_cannot_be_written_loses_the_picture_although_the_database_is_gone(
    live_db: None, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, stream_id = await live_stream(herts, gateway)
    ids = {"session_id": caller.session_id, "stream_id": stream_id}
    offer = await signalling.watch(herts, person(), "s", **ids)

    def fail(**_: object) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(watching, "begin_watch", fail)
    monkeypatch.setattr(watching, "end_watch", fail)
    with pytest.raises(OperationalError):
        await signalling.answer_watch("s", watch_id=offer.watch_id, sdp="v=0")

    assert gateway.viewers == []
    assert offer.watch_id not in sys.modules["streams.signalling.watch"]._viewers
    assert not await read(herts, Watch.objects.exists)


async def test_guest_asks_much_at_once_and_leaves_the_owner_its_units(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: dict[ForceRef, int] = {HERTS: 0, BEDS: 0}
    go_on = asyncio.Event()

    async def unit(owner: ForceRef, _act: Any, **_: Any) -> None:
        inside[owner] += 1
        await go_on.wait()
        inside[owner] -= 1

    monkeypatch.setattr(shared_signalling, "ain_force", unit)
    asked = [
        asyncio.create_task(shared_signalling._in_owner(owner, guest, shares.list_shown, share_id=uuid4()))
        for owner, guest in [(HERTS, "cambs")] * 5 + [(BEDS, "cambs")] * 5
    ]
    for _ in range(5):
        await asyncio.sleep(0)
    assert inside == {HERTS: 2, BEDS: 2}

    asked[0].cancel()  # what it began goes on, and so does not make room
    for _ in range(5):
        await asyncio.sleep(0)
    assert inside == {HERTS: 2, BEDS: 2}
    go_on.set()
    await asyncio.gather(*asked, return_exceptions=True)
    assert inside == {HERTS: 0, BEDS: 0}
