"""An agency's page through the whole application: admitted, watched, cut within two seconds, and nothing else."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID, uuid4

import pytest

from forces import clock, selectors
from forces.audit.models import AuditEntry
from forces.context import ForceRef
from streams.agency_tickets import AgencyTicket
from streams.models import AgencyShare, Watch
from streams.signalling.upkeep import Upkeep
from tests.factories.agencies import opened, share_out, verified
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peer, Peers, read, until, until_rows
from tests.streams.test_consumers_caller import fix
from tests.streams.test_consumers_console import live

CUT_WITHIN_S = 2.0


async def shared(force: ForceRef, session_id: str, **changed: Any) -> tuple[AgencyShare, AgencyTicket]:
    """Share a session, and let somebody in."""

    def make() -> tuple[AgencyShare, AgencyTicket]:
        share = share_out(UUID(session_id), now=clock.now(), **changed)
        return share, verified(share, now=clock.now())

    found: tuple[AgencyShare, AgencyTicket] = await read(force, make)
    return found


async def watch(peer: Peer, stream_id: str) -> str:
    """Watch as the page does; returns the watch's id."""
    await peer.send("agency.watch", stream_id=stream_id)
    offer = await peer.expect("stream.offer")
    await peer.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    await peer.send("watch.candidate", watch_id=offer["watch_id"], candidate=None)
    return str(offer["watch_id"])


async def seen(peers: Peers, force: ForceRef, gateway: FakeGateway, **changed: Any) -> Any:
    """Return (caller, session id, share, ticket, page) with a picture that the page shows."""
    caller, session_id, stream_id = await live(peers, force, gateway)
    share, ticket = await shared(force, session_id, **changed)
    page = await peers.agency(force, ticket)
    await watch(page, stream_id)
    await until(lambda: len(gateway.viewers) == 1)
    await until_rows(force, is_watched)
    return caller, session_id, share, ticket, page


def is_watched() -> bool:
    return Watch.objects.filter(ended_at__isnull=True, agency_viewer__isnull=False).exists()


async def test_page_without_a_cookie_or_with_one_of_another_force_refused(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, _ = await live(peers, herts, gateway)
    share, ticket = await shared(herts, session_id)
    unknown = AgencyTicket(share.id, uuid4())

    for force, given in ((herts, None), (beds, ticket), (herts, unknown)):
        page = await peers.agency(force, given, is_read=False)
        assert await page.close_code() == 4401
        assert {frame["type"] for frame in page.seen} == {"error"}


async def test_viewer_who_has_not_entered_the_code_is_shown_nothing(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, _ = await live(peers, herts, gateway)
    ticket = await read(herts, lambda: opened(share_out(UUID(session_id), now=clock.now()), now=clock.now()))

    page = await peers.agency(herts, ticket, is_read=False)

    assert await page.close_code() == 4401
    assert [frame["code"] for frame in page.seen] == ["link_not_opened"]


async def test_viewer_sees_picture_and_position_and_nothing_else(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, share, _, page = await seen(peers, herts, gateway)
    console = await peers.console(herts)

    await caller.send("position.fix", **fix())
    position = await page.expect("agency.position")
    await console.send("chat.send", session_id=session_id, client_id="one", text="Stay where you are")
    await caller.expect("chat.message")
    await page.send("agency.snapshot")
    snapshot = await page.expect("agency.snapshot")

    assert position["fix"]["grid_reference"].startswith("TL ")
    assert snapshot["shared"]["stream"]["state"] == "live"
    assert set(snapshot["shared"]) == {
        *("id", "force_name", "agency", "kind", "reference", "purpose", "granted_at", "ends_at", "revision"),
        *("stream", "rung", "progress", "shows_position"),
    }
    assert (snapshot["viewer"]["name"], snapshot["position"]["accuracy_m"]) == (
        "Jo Marsh",
        position["fix"]["accuracy_m"],
    )
    told = str(page.seen)
    for secret in (session_id, "Stay where you are", "Smoke from a barn", "900123", "900456", "Operator One"):
        assert secret not in told
    assert len(gateway.rooms) == 1
    assert len([seat for seat in gateway.seats.values() if seat.is_publisher]) == 1
    (row,) = await read(herts, lambda: list(AuditEntry.objects.filter(act="agency.watch").values()))
    assert row["actor_name"] == "Jo Marsh (East of England Ambulance)"
    assert row["object_id"] == str(share.id)


async def test_caller_and_console_are_told_of_the_agencys_viewer(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _, _, _, page = await seen(peers, herts, gateway)
    console = await peers.console(herts)

    assert console.seen[0]["sessions"][0]["watchers"] == [{"name": "Jo Marsh (East of England Ambulance)"}]
    assert [one["is_watching"] for one in console.seen[0]["sessions"][0]["agencies"][0]["viewers"]] == [True]
    told = await caller.expect("watch.changed", lambda frame: frame["count"] == 1)
    assert told["guests"] == 1
    await page.close()
    await until_rows(herts, lambda: not is_watched())
    assert gateway.viewers == []


async def test_operator_revokes_and_the_picture_is_gone_within_two_seconds(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, share, ticket, page = await seen(peers, herts, gateway)
    console = await peers.console(herts)
    begun = time.monotonic()

    await console.send("agency.revoke", session_id=session_id, agency_id=str(share.id))

    assert (await page.expect("agency.ended"))["reason"] == "revoked"
    assert await page.close_code() == 4410
    await until(lambda: gateway.viewers == [])
    assert time.monotonic() - begun < CUT_WITHIN_S
    assert not await read(herts, is_watched)
    late = await peers.agency(herts, ticket, is_read=False)
    assert await late.close_code() == 4410
    assert late.seen[-1]["details"] == {"reason": "revoked"}


async def test_page_that_missed_the_news_is_closed_by_its_heartbeat(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when Redis was lost in that moment."""
    from streams.services import agencies

    _, session_id, share, _, page = await seen(peers, herts, gateway)
    console = await peers.console(herts)
    monkeypatch.setattr(agencies, "tell_agency_ended", lambda share: None)

    await console.send("agency.revoke", session_id=session_id, agency_id=str(share.id))
    await until(lambda: gateway.viewers == [])
    await page.send("heartbeat.ping", sent_at=1)

    assert await page.close_code() == 4410


@pytest.mark.parametrize(("frame", "reason"), [("session.stop", "session_over"), ("consent.withdraw", "no_consent")])
async def test_caller_ends_it_and_the_page_is_closed(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, frame: str, reason: str
) -> None:
    caller, _, _, _, page = await seen(peers, herts, gateway)

    await caller.send(frame)

    assert (await page.expect("agency.ended"))["reason"] == reason
    assert await page.close_code() == 4410
    await Upkeep(herts).give_back_handles()
    assert gateway.viewers == []


async def test_watchdog_cuts_what_has_expired(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    _, _, share, _, page = await seen(peers, herts, gateway, minutes=15)
    await Upkeep(herts).end_overdue_agencies()
    assert len(gateway.viewers) == 1

    monkeypatch.setattr(clock, "_offset", share.ends_at - clock.now() + timedelta(seconds=1))
    await Upkeep(herts).end_overdue_agencies()

    assert (await page.expect("agency.ended"))["reason"] == "expired"
    assert await page.close_code() == 4410
    assert gateway.viewers == []


async def test_page_of_a_force_that_was_suspended_is_closed(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, _, ticket, page = await seen(peers, herts, gateway)
    begun = time.monotonic()
    monkeypatch.setattr(selectors, "_find_by_schema", lambda schema: None)  # and no cache forgets what it knew

    assert await page.close_code() == 4410
    await until(lambda: gateway.viewers == [])
    assert time.monotonic() - begun < CUT_WITHIN_S
    late = await peers.agency(herts, ticket, is_read=False)
    assert await late.close_code() == 4410


async def test_second_page_of_a_viewer_takes_the_firsts_place(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, _, ticket, page = await seen(peers, herts, gateway, most_viewers=1)

    second = await peers.agency(herts, ticket)

    assert await page.close_code() == 4429
    await watch(second, str(await read(herts, lambda: Watch.objects.latest("started_at").stream_id)))
    await until(lambda: len(gateway.viewers) == 1)


async def test_viewer_leaves_and_the_cookie_counts_no_more(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, _, _, ticket, page = await seen(peers, herts, gateway)

    await page.send("agency.leave")

    assert await page.close_code() == 4410
    await until(lambda: gateway.viewers == [])
    late = await peers.agency(herts, ticket, is_read=False)
    assert await late.close_code() == 4401


async def test_one_viewers_leaving_closes_nobody_elses_page(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, share, _, page = await seen(peers, herts, gateway)
    ticket = await read(herts, lambda: verified(AgencyShare.objects.get(pk=share.pk), "Sam Hill", now=clock.now()))
    other = await peers.agency(herts, ticket)

    await other.send("agency.leave")

    assert await other.close_code() == 4410
    await page.round_trip()
    assert len(gateway.viewers) == 1


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("stream.watch", {"session_id": "@session", "stream_id": "@stream"}),
        ("session.open", {"session_id": "@session"}),
        ("chat.send", {"session_id": "@session", "client_id": "one", "text": "Hello"}),
        ("recording.set", {"session_id": "@session", "on": True}),
        ("session.end", {"session_id": "@session"}),
        ("watch.layer", {"watch_id": "@session", "layer": "low"}),
        ("agency.revoke", {"session_id": "@session", "agency_id": "@session"}),
    ],
)
async def test_viewer_sends_any_other_frame_refused(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, type_: str, fields: dict[str, Any]
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    _, ticket = await shared(herts, session_id)
    page = await peers.agency(herts, ticket)
    names = {"@session": session_id, "@stream": stream_id}

    refused = await page.refused(type_, **{key: names.get(str(value), value) for key, value in fields.items()})

    assert refused == "unknown_type"
    assert await page.refused("agency.watch", stream_id=str(uuid4())) == "not_found"


async def test_watch_of_a_dead_page_is_given_back(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forces.dispatch import redis_client
    from streams.signalling import upkeep

    monkeypatch.setattr(upkeep, "ORPHANED_AFTER_S", 0.0)
    await seen(peers, herts, gateway)
    await Upkeep(herts).end_orphaned_watches()
    assert await read(herts, is_watched)

    await asyncio.to_thread(lambda: [redis_client().delete(key) for key in redis_client().scan_iter("herts:socket:*")])
    await Upkeep(herts).end_orphaned_watches()

    assert not await read(herts, is_watched)
    assert gateway.viewers == []
