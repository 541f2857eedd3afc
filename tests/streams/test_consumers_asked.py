"""What is asked of officers, through both sockets: on the phone in time, answered, and who watches by name."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from forces import clock
from forces.accounts.models import User
from forces.context import ForceRef, ain_force
from streams.models import LiveSession, ViewRequest
from streams.services.view_requests import STANDS_FOR
from streams.signalling.upkeep import Upkeep
from tests.factories.streams import make_incident
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peer, Peers, make, read
from tests.streams.test_consumers_officer import publish

ON_THE_PHONE_WITHIN_S = 2.0


async def officer_on_duty(peers: Peers, force: ForceRef, role: str = "officer") -> tuple[Peer, str]:
    """Return an officer's page on duty, and the officer's id."""
    peer = await peers.officer(force, role)
    await peer.send("status.set", status="available")
    await peer.expect("officer.changed")
    return peer, await read(force, lambda: str(User.objects.get(username=role).pk))


async def state(peer: Peer) -> Any:
    """Return the page's state anew."""
    ref = await peer.send("officer.snapshot")
    return await peer.expect("officer.state", lambda frame: frame.get("ref") == ref)


async def changed(console: Peer, state: str, kind: str = "assignment") -> Any:
    """Return the next assignment or request that the console hears of in this state."""
    part = {"assignment": "assignment", "view": "request"}[kind]
    return (await console.expect(f"{kind}.changed", lambda frame: frame[part]["state"] == state))[part]


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime"])
async def test_officer_is_asked_in_time_goes_and_is_done(peers: Peers, herts: ForceRef, role: str) -> None:
    incident = await make(herts, make_incident)
    console, (peer, officer_id) = await peers.console(herts), await officer_on_duty(peers, herts, role)

    async with asyncio.timeout(ON_THE_PHONE_WITHIN_S):
        await console.send(
            "assignment.ask", incident_id=str(incident.id), officer_id=officer_id, note="By the north gate"
        )
        await peer.expect("officer.changed")
        asked = (await state(peer))["assignments"][0]
    assert (asked["incident"]["reference"], asked["note"]) == (incident.reference, "By the north gate")
    assert (await changed(console, "asked"))["status"] == "available"

    await peer.send("assignment.accept", assignment_id=asked["id"])
    assert (await changed(console, "accepted"))["status"] == "en_route"
    page = await state(peer)
    assert (page["shift"]["status"], page["assignments"][0]["is_current"]) == ("en_route", True)
    await peer.send("assignment.done", assignment_id=asked["id"])
    assert (await changed(console, "ended"))["end_reason"] == "done"


async def test_officer_declines_and_the_console_reads_why(peers: Peers, herts: ForceRef) -> None:
    incident = await make(herts, make_incident)
    console, (peer, officer_id) = await peers.console(herts), await officer_on_duty(peers, herts)
    await console.send("assignment.ask", incident_id=str(incident.id), officer_id=officer_id)
    asked = await changed(console, "asked")

    await peer.send("assignment.decline", assignment_id=asked["id"], reason="too_far")

    assert (await changed(console, "declined"))["refusal"] == "too_far"
    assert await console.refused("assignment.end", assignment_id=asked["id"]) == "invalid_transition"
    assert (await state(peer))["assignments"] == []


async def test_page_and_console_that_were_away_find_what_stands(peers: Peers, herts: ForceRef) -> None:
    incident = await make(herts, make_incident)
    console, (peer, officer_id) = await peers.console(herts), await officer_on_duty(peers, herts)
    await console.send("assignment.ask", incident_id=str(incident.id), officer_id=officer_id)
    await console.send("view.request", officer_id=officer_id, reason="Is there smoke?")
    await changed(console, "asked", "view")
    await peer.close()

    page = await (await peers.officer(herts, is_read=False)).expect("officer.state")
    snapshot = await (await peers.console(herts, "supervisor", is_read=False)).expect("console.snapshot")

    assert page["assignments"][0]["state"] == "asked"
    assert page["view_request"]["reason"] == "Is there smoke?"
    assert [one["state"] for one in snapshot["assignments"]] == ["asked"]
    assert [one["state"] for one in snapshot["view_requests"]] == ["asked"]


async def test_officer_goes_live_as_asked_by_one_tap_and_reads_who_watches(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    incident = await make(herts, make_incident)
    console, (peer, officer_id) = await peers.console(herts), await officer_on_duty(peers, herts)
    await console.send("view.request", officer_id=officer_id, incident_id=str(incident.id), reason="Is there smoke?")
    asked = await changed(console, "asked", "view")

    ref = await peer.send("view.accept", request_id=asked["id"])
    live = (await peer.expect("officer.state", lambda frame: frame.get("ref") == ref))["live"]
    assert (live["session"]["incident_reference"], live["names"]) == (incident.reference, [])
    assert (await changed(console, "accepted", "view"))["session_id"] == live["session"]["id"]

    stream_id = await publish(peer, gateway)
    await console.send("stream.watch", session_id=live["session"]["id"], stream_id=stream_id)
    offer = await console.expect("stream.offer")
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    seen = await peer.expect("watch.changed", lambda frame: frame["count"] > 0)
    assert seen["names"] == ["Operator"]
    assert (await state(peer))["live"]["names"] == ["Operator"]


async def test_caller_is_told_how_many_watch_and_never_who(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    caller = await make(herts)
    console, peer = await peers.console(herts), await peers.caller(herts, caller.ticket)
    stream_id = await publish(peer, gateway)
    await console.send("stream.watch", session_id=str(caller.session.id), stream_id=stream_id)
    offer = await console.expect("stream.offer")
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")

    seen = await peer.expect("watch.changed", lambda frame: frame["count"] > 0)

    assert "names" not in seen
    assert "Operator" not in str(peer.seen)


async def test_request_that_nobody_answers_expires_by_the_watchdog(peers: Peers, herts: ForceRef) -> None:
    console, (peer, officer_id) = await peers.console(herts), await officer_on_duty(peers, herts)
    await console.send("view.request", officer_id=officer_id, reason="Is there smoke?")
    asked = await changed(console, "asked", "view")
    past = clock.now() - STANDS_FOR
    await ain_force(herts, lambda: ViewRequest.objects.update(asked_at=past, expires_at=past))

    assert await peer.refused("view.accept", request_id=asked["id"]) == "request_over"
    await Upkeep(herts).expire_requests()

    assert (await changed(console, "expired", "view"))["id"] == asked["id"]
    assert await read(herts, LiveSession.objects.count) == 0


async def test_officer_is_asked_while_off_duty_or_live_refused(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    incident = await make(herts, make_incident)
    console, (peer, officer_id) = await peers.console(herts), await officer_on_duty(peers, herts)
    await peer.send("status.set", status="off_duty")
    await peer.expect("officer.changed")
    asked = {"officer_id": officer_id, "incident_id": str(incident.id)}

    assert await console.refused("assignment.ask", **asked) == "officer_off_duty"
    assert await console.refused("view.request", **asked, reason="Is there smoke?") == "officer_off_duty"
    await peer.send("live.start", incident_id=None)
    await peer.expect("officer.state", lambda frame: frame["live"] is not None)
    assert await console.refused("view.request", **asked, reason="Is there smoke?") == "already_live"


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("assignment.ask", {"officer_id": "x"}),
        ("assignment.ask", {"officer_id": "1", "note": "x" * 201}),
        ("view.request", {"officer_id": "1", "reason": ""}),
        ("view.request", {"officer_id": "1", "reason": "a\x00b"}),
    ],
)
async def test_console_sends_what_cannot_be_meant_refused(
    peers: Peers, herts: ForceRef, type_: str, fields: dict[str, str]
) -> None:
    console = await peers.console(herts)
    incident_id = "11111111-1111-4111-8111-111111111111"

    assert await console.refused(type_, incident_id=incident_id, **fields) == "invalid_field"
