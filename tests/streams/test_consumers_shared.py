"""Two forces' consoles and a caller through the whole application: shared, watched, cut, and never anything else."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from forces import clock
from forces.audit.models import AuditEntry
from forces.context import ForceRef
from streams.models import Watch
from streams.signalling.upkeep import Upkeep
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peer, Peers, read, until, until_rows
from tests.streams.test_consumers_caller import fix
from tests.streams.test_consumers_console import live, watch


def give(session_id: str, **changed: Any) -> dict[str, Any]:
    until_ms = round((clock.now().timestamp() + 3600) * 1000)
    given = {"session_id": session_id, "force": "beds", "purpose": "Over the border", "ends_at": until_ms}
    return {**given, "chat": True, "recording": False, **changed}


async def shared(owner: Peer, guest: Peer, session_id: str, **changed: Any) -> str:
    """Share a session; returns the share's id as the guest's console learns it."""
    await owner.send("share.give", **give(session_id, **changed))
    frame = await guest.expect("shared.changed")
    return str(frame["shared"]["id"])


async def end_of(guest: Peer, share_id: str) -> dict[str, Any]:
    """Return the news that a share has ended; others of tests before may be told again."""
    frame: dict[str, Any] = await guest.expect("shared.ended", lambda told: told["share_id"] == share_id)
    return frame


async def watch_shared(guest: Peer, share_id: str, stream_id: str) -> str:
    await guest.send("shared.watch", share_id=share_id, stream_id=stream_id)
    offer = await guest.expect("stream.offer")
    assert offer["session_id"] == share_id
    await guest.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    return str(offer["watch_id"])


async def opened(force: ForceRef, share_id: str) -> list[dict[str, Any]]:
    """Return the details of what was opened, as the force's audit has it."""

    def look() -> list[dict[str, Any]]:
        rows = AuditEntry.objects.filter(act="share.opened", outcome="done", object_id=share_id)
        return list(rows.values_list("detail", flat=True))

    found: list[dict[str, Any]] = await read(force, look)
    return found


def is_watched() -> bool:
    return Watch.objects.filter(ended_at__isnull=True).exclude(guest="").exists()


async def test_guest_watches_the_one_room_and_revoking_cuts_it(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    watch_id = await watch_shared(guest, share_id, stream_id)
    await until_rows(herts, is_watched)
    own = await watch(owner, session_id, stream_id)
    await until(lambda: len(gateway.viewers) == 2)

    assert len(gateway.rooms) == 1
    assert {seat.feed_id for seat in gateway.seats.values()} == {stream_id}
    assert [seat.feed_id for seat in gateway.seats.values() if seat.is_publisher] == [stream_id]
    await owner.send("share.revoke", session_id=session_id, share_id=share_id)

    ended = await end_of(guest, share_id)
    assert (ended["share_id"], ended["reason"]) == (share_id, "revoked")
    await until(lambda: len(gateway.viewers) == 1)
    assert [seat.opaque_id.split(":")[2] for seat in gateway.viewers] == [own]
    ids = {row["disclosure_id"] for row in await opened(herts, share_id)}
    assert ids == {row["disclosure_id"] for row in await opened(beds, share_id)} == {watch_id}
    assert await guest.refused("shared.watch", share_id=share_id, stream_id=stream_id) == "share_over"
    assert await guest.refused("shared.open", share_id=share_id) == "share_over"
    assert caller.seen[-1]["type"] != "error"


async def test_guest_follows_position_and_messages_of_what_it_opened(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, _ = await live(peers, herts, gateway)
    owner, guest, bystander = await peers.console(herts), await peers.console(beds), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)

    await guest.send("shared.open", share_id=share_id)
    snapshot = await guest.expect("shared.snapshot")
    await caller.send("position.fix", **fix())
    position = await guest.expect("shared.position")
    await caller.send("chat.send", client_id="one", text="I am on the roof")
    message = await guest.expect("shared.message")

    assert (snapshot["position"], snapshot["messages"]) == (None, [])
    assert position["share_id"] == share_id
    assert message["message"]["text"] == "I am on the roof"
    await bystander.round_trip()
    assert not {frame["type"] for frame in bystander.seen} & {"shared.snapshot", "shared.position", "shared.message"}
    assert session_id not in str(guest.seen + bystander.seen)
    assert len(await opened(herts, share_id)) == len(await opened(beds, share_id)) == 1
    await guest.send("shared.close", share_id=share_id)
    await guest.round_trip()
    await caller.send("chat.send", client_id="two", text="Not for you")
    await guest.round_trip()
    assert "Not for you" not in str(guest.seen)


async def test_guests_console_that_opens_later_is_shown_what_is_shared(
    peers: Peers, herts: ForceRef, beds: ForceRef, cambs: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, early = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, early, session_id)

    late, third = await peers.console(beds, "supervisor"), await peers.console(cambs)

    listed = late.seen[0]["shared"]
    assert [(row["id"], row["stream"]["id"], row["force"]["schema"]) for row in listed] == [
        (share_id, stream_id, "herts")
    ]
    assert third.seen[0]["shared"] == []
    assert {row["schema"] for row in owner.seen[0]["partners"]} == {"beds", "cambs"}


async def test_third_force_and_guessed_ids_refused(
    peers: Peers, herts: ForceRef, beds: ForceRef, cambs: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest, third = await peers.console(herts), await peers.console(beds), await peers.console(cambs)
    share_id = await shared(owner, guest, session_id)

    for about in ({"share_id": share_id}, {"share_id": session_id}, {"share_id": str(uuid4())}):
        assert await third.refused("shared.open", **about) == "not_found"
        assert await third.refused("shared.watch", **about, stream_id=stream_id) == "not_found"
    assert await guest.refused("shared.open", share_id=session_id) == "not_found"
    assert await guest.refused("shared.watch", share_id=share_id, stream_id=str(uuid4())) == "not_found"
    await watch_shared(guest, share_id, stream_id)


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("session.open", {}),
        ("stream.watch", {"stream_id": "@stream"}),
        ("chat.send", {"client_id": "one", "text": "Hello"}),
        ("recording.set", {"on": False}),
        ("session.end", {}),
        ("still.ask", {"client_id": "one"}),
        ("share.revoke", {"share_id": "@share"}),
        ("share.give", {"force": "cambs", "purpose": "Passed on", "ends_at": 4_000_000_000_000, "chat": False}),
    ],
)
async def test_guest_tries_every_other_door_with_the_sessions_id_refused(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway, type_: str, fields: dict[str, Any]
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    names = {"@stream": stream_id, "@share": share_id}
    given = {key: names.get(str(value), value) for key, value in fields.items()}

    for known in (session_id, share_id):
        assert await guest.refused(type_, session_id=known, **given) == "not_found"
    await guest.send("shared.open", share_id=share_id)
    await guest.expect("shared.snapshot")


async def test_end_of_the_session_ends_the_share(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    await watch_shared(guest, share_id, stream_id)
    await until_rows(herts, is_watched)

    await caller.send("session.stop")

    ended = await end_of(guest, share_id)
    assert ended["reason"] == "session_over"
    assert await guest.refused("shared.open", share_id=share_id) == "share_over"


async def test_watchdog_cuts_what_has_expired_and_audits_what_nobody_took(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    soon = round((clock.now().timestamp() + 1.5) * 1000)
    share_id = await shared(owner, guest, session_id, ends_at=soon)
    await watch_shared(guest, share_id, stream_id)
    await until_rows(herts, is_watched)

    await asyncio.sleep(max(0.0, soon / 1000 - clock.now().timestamp()))
    await Upkeep(herts).end_overdue_shares()

    assert (await end_of(guest, share_id))["reason"] == "expired"
    assert gateway.viewers == []
    await Upkeep(beds).take_share_notices()
    acts = await read(beds, lambda: list(AuditEntry.objects.order_by("-seq").values_list("act", flat=True)[:2]))
    assert sorted(acts) == ["share.closed", "share.ended"]


async def test_opening_that_the_guests_side_could_not_audit_shows_nothing_and_is_audited_later(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process is killed between the two forces' transactions."""
    from streams.services import shares

    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)

    def die(**_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(shares, "take_notices", die)
        assert await guest.refused("shared.watch", share_id=share_id, stream_id=stream_id) == "internal"
        assert await guest.refused("shared.open", share_id=share_id) == "internal"
    assert gateway.viewers == []
    assert await opened(beds, share_id) == []

    await Upkeep(beds).take_share_notices()
    ids = [row["disclosure_id"] for row in await opened(herts, share_id)]
    assert [row["disclosure_id"] for row in await opened(beds, share_id)] == ids
    assert len(ids) == 2


async def test_guests_socket_that_lives_keeps_its_place_and_a_dead_one_loses_it(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forces.dispatch import redis_client
    from streams.signalling import upkeep

    monkeypatch.setattr(upkeep, "ORPHANED_AFTER_S", 0.0)
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    await watch_shared(guest, share_id, stream_id)
    await until_rows(herts, is_watched)

    await Upkeep(herts).end_orphaned_watches()
    assert await read(herts, is_watched)

    for key in redis_client().scan_iter("beds:socket:*"):
        redis_client().delete(key)
    await Upkeep(herts).end_orphaned_watches()
    assert not await read(herts, is_watched)
    assert gateway.viewers == []


async def test_guests_page_that_closes_ends_its_disclosure(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    owner, guest = await peers.console(herts), await peers.console(beds)
    share_id = await shared(owner, guest, session_id)
    watch_id = await watch_shared(guest, share_id, stream_id)
    await until_rows(herts, is_watched)
    watched = await owner.expect_session(watchers=[{"name": "Operator (Bedfordshire Police)"}])

    await guest.send("watch.stop", watch_id=watch_id)

    assert (await guest.expect("watch.ended"))["session_id"] == share_id
    assert watched["shares"][0]["watchers"] == ["Operator (Bedfordshire Police)"]
    assert not await read(herts, is_watched)
    assert gateway.viewers == []
