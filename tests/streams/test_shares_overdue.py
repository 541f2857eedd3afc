"""Shares whose time is over while the watchdog is late, or cannot end one of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

from forces import clock
from forces.context import ForceRef
from forces.services import sharing
from streams.signalling.upkeep import Upkeep
from tests.factories.shares import grant
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, read, until_rows
from tests.streams.test_consumers_console import live
from tests.streams.test_consumers_shared import end_of, give, is_watched, shared, watch_shared

SOON_S = 1.5


def soon_ms() -> int:
    return round((clock.now().timestamp() + SOON_S) * 1000)


async def test_share_that_cannot_be_ended_leaves_no_other_open(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    now = clock.now()
    soon = now + timedelta(seconds=SOON_S)
    bad = await read(herts, lambda: grant(herts, now, "cambs", session_id=uuid4(), ends_at=soon))
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id, ends_at=soon_ms())
    await watch_shared(guest, share_id, stream_id)
    await until_rows(herts, is_watched)

    await asyncio.sleep(SOON_S)
    await Upkeep(herts).end_overdue_shares()

    assert (await end_of(guest, share_id))["reason"] == "expired"
    assert gateway.viewers == []
    overdue = await read(herts, lambda: sharing.overdue_shares(now=clock.now()))
    assert [share.id for share in overdue] == [bad.id]


async def test_operator_shares_anew_before_the_watchdog_came_and_the_former_picture_is_cut(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    former = await shared(owner, guest, session_id, ends_at=soon_ms())
    await watch_shared(guest, former, stream_id)
    await until_rows(herts, is_watched)

    await asyncio.sleep(SOON_S)
    await owner.send("share.give", **give(session_id))

    assert (await end_of(guest, former))["reason"] == "expired"
    frame = await guest.expect("shared.changed", lambda told: told["shared"]["id"] != former)
    assert frame["shared"]["stream"]["id"] == stream_id
    await until_rows(herts, lambda: not is_watched())
    assert gateway.viewers == []
