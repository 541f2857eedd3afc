"""A picture shown to officers, through both sockets: on the page in time, watched, and cut within two seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from forces import clock
from forces.accounts.models import SignIn
from forces.audit.models import AuditEntry
from forces.context import ForceRef, ain_force
from streams.models import LiveSession, Watch
from streams.signalling import presence
from streams.signalling.upkeep import Upkeep
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peer, Peers, read, until, until_rows
from tests.streams.test_consumers_asked import officer_on_duty, state
from tests.streams.test_consumers_console import live

SHOWN_WITHIN_S = CUT_WITHIN_S = 2.0


async def on_the_way(peers: Peers, force: ForceRef, console: Peer, session_id: str, role: str = "officer") -> Peer:
    """Return the page of an officer who goes to the incident of a session."""
    peer, officer_id = await officer_on_duty(peers, force, role)
    incident_id = str(await read(force, lambda: LiveSession.objects.get(pk=session_id).incident_id))
    await console.send("assignment.ask", incident_id=incident_id, officer_id=officer_id)
    await peer.expect("officer.notice")
    (asked,) = (await state(peer))["assignments"]
    await peer.send("assignment.accept", assignment_id=asked["id"])
    await peer.expect("officer.changed")
    assert (await state(peer))["assignments"][0]["state"] == "accepted"
    await peer.round_trip()  # whatever is heard of a change from now on is of another
    return peer


async def watch(peer: Peer, session_id: str, stream_id: str) -> str:
    """Watch as the page does; returns the watch's id."""
    await peer.send("stream.watch", session_id=session_id, stream_id=stream_id)
    offer = await peer.expect("stream.offer")
    await peer.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    return str(offer["watch_id"])


def is_watched() -> bool:
    return Watch.objects.filter(ended_at__isnull=True, is_colleagues=True).exists()


async def seen(peers: Peers, force: ForceRef, gateway: FakeGateway) -> Any:
    """Return (caller, session id, console, officer's page, watch id) with a picture that the page shows."""
    caller, session_id, stream_id = await live(peers, force, gateway)
    console = await peers.console(force)
    peer = await on_the_way(peers, force, console, session_id)
    await console.send("session.show", session_id=session_id)
    await peer.expect("officer.changed")
    watch_id = await watch(peer, session_id, stream_id)
    await until_rows(force, is_watched)
    await until(lambda: any(seat.is_started for seat in gateway.viewers))
    return caller, session_id, console, peer, watch_id


async def cut(force: ForceRef, gateway: FakeGateway, page: Peer | None = None) -> None:
    """Wait until nothing is seen any more, at the media server either, and the page was told."""
    async with asyncio.timeout(CUT_WITHIN_S):
        if page is not None:
            await page.expect("watch.ended")
        await until(lambda: gateway.viewers == [])
        await until_rows(force, lambda: not is_watched())


async def test_officer_asks_for_what_is_not_shown_or_not_on_their_incident_refused(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    there = await on_the_way(peers, herts, console, session_id)
    free, _ = await officer_on_duty(peers, herts, "pcso")
    asked = {"session_id": session_id, "stream_id": stream_id}

    assert await there.refused("stream.watch", **asked) == "not_shown"
    await console.send("session.show", session_id=session_id)
    await there.expect("officer.changed")
    assert await free.refused("stream.watch", **asked) == "not_on_incident"
    assert (await state(free))["pictures"] == []
    assert gateway.viewers == []


async def test_officer_has_the_picture_on_the_page_in_time_and_watches(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    peer = await on_the_way(peers, herts, console, session_id)

    async with asyncio.timeout(SHOWN_WITHIN_S):
        await console.send("session.show", session_id=session_id)
        await peer.expect("officer.changed")
        (one,) = (await state(peer))["pictures"]
    assert (one["session_id"], one["stream"]["id"], one["stream"]["state"]) == (session_id, stream_id, "live")
    assert (await console.expect("session.changed", lambda f: f["session"]["shown"]))["session"]["id"] == session_id

    await watch(peer, session_id, stream_id)
    told = await caller.expect("watch.changed", lambda frame: frame["count"] == 1)
    # An officer is not in the control room: the caller's page does not say that it watches.
    assert (told["guests"], "names" in told) == (1, False)
    await console.expect_session(watchers=[{"name": "Officer"}])
    assert len([seat for seat in gateway.seats.values() if seat.is_publisher]) == 1


async def test_officer_watches_two_at_once_and_no_third(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    peer = await on_the_way(peers, herts, console, session_id)
    await console.send("session.show", session_id=session_id)
    await peer.expect("officer.changed")
    first, _ = [await watch(peer, session_id, stream_id) for _ in range(2)]

    assert await peer.refused("stream.watch", session_id=session_id, stream_id=stream_id) == "busy"

    await peer.send("watch.stop", watch_id=first)
    await peer.expect("watch.ended")
    await watch(peer, session_id, stream_id)


async def test_operator_hides_and_the_picture_is_gone_within_two_seconds(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, console, peer, watch_id = await seen(peers, herts, gateway)

    await console.send("session.hide", session_id=session_id)
    await cut(herts, gateway)

    ended = await peer.expect("watch.ended")
    assert (ended["watch_id"], ended["reason"]) == (watch_id, "not_shown")
    assert (await state(peer))["pictures"] == []
    acts = await read(herts, lambda: list(AuditEntry.objects.values_list("act", flat=True)))
    shown = [act for act in acts if act in ("session.show", "stream.watch", "stream.watch_end", "session.hide")]
    assert shown[-4:] == ["session.show", "stream.watch", "stream.watch_end", "session.hide"]


async def test_picture_that_was_hidden_is_watched_again_as_often_as_it_is_shown(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, console, peer, _ = await seen(peers, herts, gateway)
    (one,) = (await state(peer))["pictures"]
    for _ in range(3):
        await console.send("session.hide", session_id=session_id)
        await cut(herts, gateway, peer)
        await console.send("session.show", session_id=session_id)
        await until_rows(herts, lambda: LiveSession.objects.filter(pk=session_id, shown_at__isnull=False).exists())
        await watch(peer, session_id, one["stream"]["id"])
        await until_rows(herts, is_watched)


@pytest.mark.parametrize("how", ["done", "stood down", "off duty", "ended"])
async def test_officer_who_may_no_longer_sees_nothing_within_two_seconds(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, how: str
) -> None:
    _, session_id, console, peer, _ = await seen(peers, herts, gateway)
    asked = {"assignment_id": (await state(peer))["assignments"][0]["id"]}
    acts: dict[str, Callable[[], Any]] = {
        "done": lambda: peer.send("assignment.done", **asked),
        "stood down": lambda: console.send("assignment.end", **asked),
        "off duty": lambda: peer.send("status.set", status="off_duty"),
        "ended": lambda: console.send("session.end", session_id=session_id),
    }

    await acts[how]()
    await cut(herts, gateway, peer)

    assert (await state(peer))["pictures"] == []


async def test_officer_who_signs_out_sees_nothing_within_two_seconds(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, force_client: Callable[..., Client]
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    await on_the_way(peers, herts, console, session_id)
    client = await sync_to_async(force_client, thread_sensitive=False)("officer")
    page = await peers._connect("/ws/officer/", herts, f"sl_session={client.cookies['sl_session'].value}")
    await page.expect("officer.state")
    await console.send("session.show", session_id=session_id)
    await page.expect("officer.changed")
    await watch(page, session_id, stream_id)
    await until_rows(herts, is_watched)

    await sync_to_async(client.post, thread_sensitive=False)("/sign-out/")
    await cut(herts, gateway)

    assert await page.close_code() == 4401


async def test_watchdog_cuts_what_nobody_was_told_of(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, session_id, _, peer, watch_id = await seen(peers, herts, gateway)
    row = {"shown_at": None, "shown_by": "", "shown_by_name": ""}
    await ain_force(herts, lambda: LiveSession.objects.filter(pk=session_id).update(**row))

    await Upkeep(herts).end_unfounded_watches()

    await cut(herts, gateway)
    assert (await peer.expect("watch.ended"))["watch_id"] == watch_id


async def test_watchdog_cuts_what_an_officer_sees_who_is_signed_in_nowhere(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    *_, peer, _ = await seen(peers, herts, gateway)
    await Upkeep(herts).end_unfounded_watches()
    assert await read(herts, is_watched)

    await read(herts, lambda: SignIn.objects.filter(user__username="officer").update(ended_at=clock.now()))
    await Upkeep(herts).end_unfounded_watches()

    await cut(herts, gateway)
    assert (await peer.expect("watch.ended"))["reason"] == "not_signed_in"


async def test_page_that_is_heard_keeps_its_picture_and_one_that_is_gone_does_not(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    *_, peer, _ = await seen(peers, herts, gateway)
    (owner,) = await read(herts, lambda: list(Watch.objects.values_list("owner", flat=True)))
    await presence.drop_lease(herts, owner)
    await peer.round_trip()
    assert await presence.lapsed(herts, [owner]) == set()

    await peer.close()
    await cut(herts, gateway)


async def test_officers_own_picture_goes_on_while_they_watch(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, console, peer, _ = await seen(peers, herts, gateway)
    ref = await peer.send("live.start", incident_id=None)
    await peer.expect("officer.state", lambda frame: frame.get("ref") == ref)
    await peer.send("stream.publish", sdp="v=0")
    stream_id = (await peer.expect("stream.answer"))["stream_id"]
    gateway.emit_video(stream_id, receiving=True)
    await peer.expect("stream.changed", lambda frame: frame["stream"]["state"] == "live")

    await console.send("session.hide", session_id=session_id)
    await cut(herts, gateway)

    assert (await state(peer))["live"]["stream"]["state"] == "live"
