"""The officer's socket through the whole application: who is let in, the whole way, and what the control room sees."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from forces import clock
from forces.context import ForceRef, ain_force, in_force
from forces.sockets import session_actor
from streams.consumers import signed_in
from streams.models import LiveSession, RecordingSegment, Shift, Still
from streams.services.recording import note_growth
from streams.services.sessions import end_session
from tests.factories.pictures import picture
from tests.factories.streams import make_incident, person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peer, Peers, make, read, until_rows


def fix() -> Any:
    return {
        "latitude": 51.8,
        "longitude": -0.08,
        "accuracy_m": 9,
        "fixed_at": int(clock.now().timestamp() * 1000),
    }


async def go_live(peer: Peer, incident_id: str | None = None) -> Any:
    """Go live and return the page's `live`."""
    ref = await peer.send("live.start", incident_id=incident_id)
    return (await peer.expect("officer.state", lambda frame: frame.get("ref") == ref))["live"]


async def publish(peer: Peer, gateway: FakeGateway) -> str:
    """Publish and let the video arrive; returns the stream's id."""
    await peer.send("stream.publish", sdp="v=0")
    stream_id: str = (await peer.expect("stream.answer"))["stream_id"]
    gateway.emit_video(stream_id, receiving=True)
    await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "live")
    return stream_id


def grow_recording() -> None:
    """Let the file of the recording that goes on be seen to grow."""
    segment_id = RecordingSegment.objects.get(stopped_at=None).id
    note_growth(now=clock.now(), segment_id=segment_id, bytes_seen=4096)


@pytest.mark.parametrize(("role", "code"), [("", 4401), ("operator", 4403), ("auditor", 4403), ("force_admin", 4403)])
async def test_who_is_not_out_connects_refused(peers: Peers, herts: ForceRef, role: str, code: int) -> None:
    peer = await peers.officer(herts, role, is_read=False)

    assert await peer.close_code() == code


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime"])
async def test_officer_comes_on_duty_and_every_page_of_theirs_hears_of_it(
    peers: Peers, herts: ForceRef, role: str
) -> None:
    peer, other = await peers.officer(herts, role), await peers.officer(herts, role)
    await peer.send("status.set", status="available")
    await other.expect("officer.changed")
    await other.send("officer.snapshot")

    assert (await other.expect("officer.state"))["shift"]["status"] == "available"
    assert await read(herts, lambda: Shift.objects.get().status) == "available"


async def test_officer_goes_live_and_the_control_room_watches_and_ends(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    incident = await make(herts, make_incident)
    console, peer = await peers.console(herts), await peers.officer(herts)

    live = await go_live(peer, str(incident.id))
    assert live["session"]["incident_reference"] == incident.reference
    assert live["ice_servers"] is not None
    stream_id = await publish(peer, gateway)
    assert (await peer.expect("recording.changed"))["on"] is False  # nothing is written yet
    await ain_force(herts, grow_recording)
    assert (await peer.expect("recording.changed"))["on"] is True
    session = await console.expect_session(state="live")
    assert session["kind"] == "officer"
    assert session["officer"]["name"] == "Officer"

    await console.send("stream.watch", session_id=session["id"], stream_id=stream_id)
    offer = await console.expect("stream.offer")
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    assert (await peer.expect("watch.changed", lambda f: f["count"] > 0))["count"] == 1

    await console.send("session.end", session_id=session["id"])
    assert (await peer.expect("session.ended"))["by"] == "user"
    await peer.round_trip()
    await peer.send("officer.snapshot")
    assert (await peer.expect("officer.state"))["live"] is None


async def test_beats_of_an_officers_page_read_the_sign_in_now_and_then(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer, read_at = await peers.officer(herts), []

    def count(*words: Any, **named: Any) -> Any:
        read_at.append(clock.now())
        return session_actor(*words, **named)

    monkeypatch.setattr(signed_in, "session_actor", count)
    for _ in range(5):
        await peer.round_trip()
    assert len(read_at) == 1
    monkeypatch.setattr(signed_in, "REVIEWED_EVERY_S", 0.0)
    for _ in range(5):
        await peer.round_trip()
    assert len(read_at) == 6


async def test_officer_reads_the_reference_that_is_said_on_the_radio(peers: Peers, herts: ForceRef) -> None:
    incident = await make(herts, make_incident, external_reference="CAD 1234")
    live = await go_live(await peers.officer(herts), str(incident.id))

    assert live["session"]["incident_reference"] == "CAD 1234"


async def test_officers_position_reaches_the_consoles(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    console, peer = await peers.console(herts), await peers.officer(herts)
    live = await go_live(peer)

    await peer.send("position.fix", **fix())

    changed = await console.expect("position.changed")
    assert changed["session_id"] == live["session"]["id"]
    assert changed["fixes"][0]["grid_reference"]


async def test_officer_stops_and_goes_live_again_in_a_new_session(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer = await peers.officer(herts)
    first = await go_live(peer)
    await publish(peer, gateway)

    await peer.send("session.stop", session_id=first["session"]["id"])
    await peer.expect("session.ended")
    second = await go_live(peer)
    await publish(peer, gateway)

    assert first["session"]["id"] != second["session"]["id"]
    ended = await read(herts, lambda: LiveSession.objects.get(pk=first["session"]["id"]).end_reason)
    assert ended == "officer_stopped"


async def test_officer_whose_page_was_loaded_again_finds_the_session_that_goes_on(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    first = await peers.officer(herts)
    live = await go_live(first)
    await publish(first, gateway)
    await first.close()

    again = await peers.officer(herts, is_read=False)
    state = await again.expect("officer.state")

    assert state["live"]["session"]["id"] == live["session"]["id"]
    assert state["live"]["stream"]["state"] == "live"
    await publish(again, gateway)


async def test_officer_who_is_not_live_shares_refused(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.officer(herts)

    assert await peer.refused("stream.publish", sdp="v=0") == "not_live"
    assert await peer.refused("position.fix", **fix()) == "not_live"


async def test_officer_whose_session_the_control_room_has_ended_publishes_no_more(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer = await peers.officer(herts)
    live = await go_live(peer)
    end = {"actor": person(), "session_id": live["session"]["id"], "reason": "operator"}
    await ain_force(herts, end_session, now=clock.now(), **end)
    await peer.expect("session.ended")

    assert await peer.refused("stream.publish", sdp="v=0") == "not_live"


@pytest.mark.parametrize("is_streaming", [True, False])
async def test_officer_who_is_signed_out_everywhere_is_cut_off_and_streams_no_more(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, is_streaming: bool
) -> None:
    from forces.accounts.models import User
    from forces.accounts.sign_ins import sign_out_everywhere

    peer = await peers.officer(herts)
    live = await go_live(peer)
    if is_streaming:
        await publish(peer, gateway)
    officer_id = await read(herts, lambda: User.objects.get(username="officer").pk)
    admin = replace(person("force_admin"), proved_at=clock.now())
    await ain_force(herts, sign_out_everywhere, actor=admin, now=clock.now(), user_id=officer_id)

    assert await peer.close_code() == 4401
    ended = await read(herts, lambda: LiveSession.objects.get(pk=live["session"]["id"]).end_reason)
    assert ended == ("signed_out" if is_streaming else "")


async def test_officer_who_signs_out_on_one_phone_streams_on_with_the_other(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, force_client: Callable[..., Client]
) -> None:
    other, peer = await peers.officer(herts), await peers.officer(herts)
    live = await go_live(peer)
    await publish(peer, gateway)
    key = dict(other.line.scope["headers"] or ())[b"cookie"].decode().partition("=")[2]
    client = Client(headers={"host": "herts.localhost"})
    client.cookies["sl_session"] = key
    await asyncio.to_thread(client.post, "/sign-out/")

    assert await other.close_code() == 4401
    await peer.round_trip()
    assert await read(herts, lambda: LiveSession.objects.get(pk=live["session"]["id"]).state) == "live"


async def test_officer_sends_a_still_into_the_own_session_alone(
    peers: Peers,
    herts: ForceRef,
    beds: ForceRef,
    force_client: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    peer = await peers.officer(herts)
    live = await go_live(peer)
    content = picture()
    monkeypatch.setattr(settings, "EVIDENCE_DIR", tmp_path / "evidence")
    taken_at = int(clock.now().timestamp() * 1000)

    def send(role: str, schema: str = "herts") -> int:
        client = Client(headers={"host": "herts.localhost"})
        if role:
            client.cookies["sl_session"] = force_client(role, schema).cookies["sl_session"].value
        answer = client.post(
            f"/officer/stills/?purpose=own&taken_at={taken_at}",
            content,
            content_type="image/jpeg",
            headers={"X-Still-Hash": hashlib.sha256(content).hexdigest()},
        )
        return answer.status_code

    # An officer of another force, whose id is the same there, and one who is not live; then, as control, the officer.
    for stranger in (("officer", "beds"), ("pcso",), ("",)):
        assert await asyncio.to_thread(send, *stranger) == 409
    assert await asyncio.to_thread(send, "operator") == 403
    assert await asyncio.to_thread(send, "officer") == 201
    kept = await until_rows(herts, lambda: list(Still.objects.values_list("session_id", flat=True)))
    assert [str(session_id) for session_id in kept] == [live["session"]["id"]]
    assert await asyncio.to_thread(in_force, beds, Still.objects.count) == 0
