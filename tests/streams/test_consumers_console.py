"""The console's socket through the whole application: several operators and a caller at once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from forces import clock
from forces.accounts.models import User
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.dispatch import broadcast_on_commit, redis_client, seq_key
from streams import signalling
from streams.broadcasts import CONSOLE, broadcast_session_on_commit, session_topic
from streams.consumers import socket as socket_module
from streams.gateway.interface import Layer
from streams.models import LiveSession, RecordingSegment, Stream, Watch
from streams.services import sessions
from streams.signalling import presence
from tests.factories.streams import make_opened, make_session
from tests.fakes.gateway import OFFER, FakeGateway
from tests.streams.socket_peers import Peer, Peers, make, read, until, until_rows
from tests.streams.test_consumers_caller import fix, publish


async def live(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> Any:
    """Open a caller's socket and publish; returns (peer, session id, stream id)."""
    caller = await make(herts)
    peer = await peers.caller(herts, caller.ticket)
    return peer, str(caller.session.id), await publish(peer, gateway)


async def watch(console: Peer, session_id: Any, stream_id: Any) -> Any:
    """Watch as a console does; returns the watch's id."""
    await console.send("stream.watch", session_id=session_id, stream_id=stream_id)
    offer = await console.expect("stream.offer")
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    return offer["watch_id"]


async def audited(force: ForceRef, act: str) -> Any:
    """Return the audit rows of an act."""
    from forces.audit.models import AuditEntry

    return await read(force, lambda: list(AuditEntry.objects.filter(act=act).order_by("-seq").values()))


async def test_visitor_who_is_not_signed_in_connects_refused(peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts, "", is_read=False)

    assert await console.close_code() == 4401
    assert console.seen[-1]["code"] == "not_signed_in"


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
async def test_other_role_connects_refused_and_sees_nothing(peers: Peers, herts: ForceRef, role: str) -> None:
    await make(herts)
    console = await peers.console(herts, role, is_read=False)

    assert await console.close_code() == 4403
    assert [frame["type"] for frame in console.seen] == ["error"]


async def test_operator_of_another_force_sees_and_hears_nothing(
    peers: Peers, herts: ForceRef, beds: ForceRef, gateway: FakeGateway
) -> None:
    stranger = await peers.console(beds)
    _, session_id, stream_id = await live(peers, herts, gateway)

    assert stranger.seen[0]["sessions"] == []
    assert await stranger.refused("session.open", session_id=session_id) == "not_found"
    assert await stranger.refused("stream.watch", session_id=session_id, stream_id=stream_id) == "not_found"
    assert await stranger.refused("session.end", session_id=session_id) == "not_found"
    assert await stranger.refused("recording.set", session_id=session_id, on=False) == "not_found"
    assert await stranger.refused("chat.send", session_id=session_id, client_id="x", text="x") == "not_found"
    await stranger.round_trip()
    assert {frame["type"] for frame in stranger.seen} == {"console.snapshot", "error", "heartbeat.pong"}


@pytest.mark.parametrize(
    ("type_", "fields", "code"),
    [
        ("session.open", {"session_id": str(uuid4())}, "not_found"),
        ("session.open", {"session_id": "1"}, "invalid_field"),
        ("stream.watch", {"session_id": str(uuid4()), "stream_id": str(uuid4())}, "not_found"),
        ("watch.answer", {"watch_id": str(uuid4()), "sdp": "v=0"}, "watch_unknown"),
        ("session.end", {"session_id": str(uuid4())}, "not_found"),
        ("session.stop", {}, "unknown_type"),
    ],
)
async def test_operator_asks_for_what_is_not_there_refused(
    peers: Peers, herts: ForceRef, type_: str, fields: Any, code: str
) -> None:
    console = await peers.console(herts)

    assert await console.refused(type_, **fields) == code
    await console.round_trip()


async def test_operator_records_without_consent_refused(peers: Peers, herts: ForceRef) -> None:
    caller = await make(herts, make_opened)
    console = await peers.console(herts)

    code = await console.refused("recording.set", session_id=str(caller.session.id), on=True)

    assert code == "recording_consent_missing"


async def test_operator_may_not_answer_for_a_colleague(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    first, second = await peers.console(herts), await peers.console(herts, "supervisor")
    watch_id = await watch(first, session_id, stream_id)

    assert await second.refused("watch.stop", watch_id=watch_id) == "watch_unknown"


async def test_operator_stops_a_watch_that_is_over_without_an_error(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    watch_id = await watch(console, session_id, stream_id)
    await console.expect("session.changed", lambda f: bool(f["session"]["watchers"]))
    await signalling.end_watch(herts, UUID(watch_id), "media_lost")

    await console.send("watch.candidate", watch_id=watch_id, candidate=None)
    ref = await console.send("watch.stop", watch_id=watch_id)

    reply = await console.expect("watch.ended", lambda frame: frame.get("ref") == ref)
    assert reply["reason"] == "stopped"
    assert not [frame for frame in console.seen if frame["type"] == "error"]


async def test_operator_who_was_dismissed_is_shut_out(peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts)
    await console.round_trip()

    await read(herts, lambda: User.objects.filter(username="operator").update(is_active=False))
    try:
        await console.send("heartbeat.ping", sent_at=1)
        assert await console.close_code() == 4401
    finally:
        await read(herts, lambda: User.objects.filter(username="operator").update(is_active=True))


async def test_operator_who_was_dismissed_is_shut_out_although_the_page_is_silent(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "GUARD_SECONDS", 0.2)
    console, other = await peers.console(herts), await peers.console(herts, "supervisor")

    await read(herts, lambda: User.objects.filter(username="operator").update(is_active=False))
    try:
        assert await console.close_code() == 4401
        await other.round_trip()
    finally:
        await read(herts, lambda: User.objects.filter(username="operator").update(is_active=True))


async def test_operator_connects_given_sessions_and_the_place_to_go_on_from(peers: Peers, herts: ForceRef) -> None:
    session = await make(herts, make_session)
    console = await peers.console(herts)

    snapshot = console.seen[0]
    assert [one["id"] for one in snapshot["sessions"]] == [str(session.id)]
    assert snapshot["me"]["role"] == "operator"
    assert list(snapshot["seqs"]) == ["console"]

    await ain_force(herts, broadcast_session_on_commit, session.id)
    changed = await console.expect("session.changed")
    assert (changed["topic"], changed["seq"]) == ("console", snapshot["seqs"]["console"] + 1)


async def test_operator_opens_session_audited_and_given_all_of_it(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, _ = await live(peers, herts, gateway)
    for age_ms, latitude in ((2_000, 51.1), (1_000, 51.2)):
        at = int(clock.now().timestamp() * 1000) - age_ms
        await caller.send("position.fix", **fix(latitude=latitude, fixed_at=at))
    await caller.send("chat.send", client_id="a", text="hello")
    await caller.expect("chat.message")
    console = await peers.console(herts)

    await console.send("session.open", session_id=session_id)

    snapshot = await console.expect("session.snapshot")
    assert snapshot["session"]["stream"]["state"] == "live"
    assert [one["latitude"] for one in snapshot["positions"]] == [51.1, 51.2]
    assert [one["text"] for one in snapshot["messages"]] == ["hello"]
    row = (await audited(herts, "session.view"))[0]
    assert (row["operation"], row["session_id"]) == ("consultation", session_id)


async def test_two_consoles_and_a_caller_at_once(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    first, second = await asyncio.gather(peers.console(herts), peers.console(herts, "supervisor"))
    caller, session_id, stream_id = await live(peers, herts, gateway)

    for console in (first, second):
        shown = await console.expect_session(state="live")
        assert shown["id"] == session_id

    watches = await asyncio.gather(*(watch(one, session_id, stream_id) for one in (first, second)))
    assert watches[0] != watches[1]
    assert (await caller.expect("watch.changed", lambda f: f["count"] == 2))["watching"] is True
    assert [seat.is_started for seat in gateway.viewers] == [True, True]

    await first.send("session.open", session_id=session_id)
    await first.expect("session.snapshot")
    await caller.send("position.fix", **fix(latitude=51.75))
    for console in (first, second):
        moved = await console.expect("position.changed")
        assert (moved["session_id"], moved["fixes"][0]["latitude"]) == (session_id, 51.75)
    assert (await first.expect("position.trail"))["fixes"][0]["latitude"] == 51.75

    await second.send("chat.send", session_id=session_id, client_id="s1", text="Stay there")
    assert (await caller.expect("chat.message"))["text"] == "Stay there"
    assert (await first.expect("chat.message"))["sender_name"] == "Supervisor"

    await second.close()
    assert (await caller.expect("watch.changed"))["count"] == 1

    await first.send("session.end", session_id=session_id)
    assert (await caller.expect("session.ended"))["by"] == "user"
    await first.expect("watch.ended", lambda f: f["watch_id"] == watches[0])
    await first.expect_session(state="ended")
    await until(lambda: gateway.closed_rooms == [f"herts-{session_id}"])
    assert "position.trail" not in [frame["type"] for frame in second.seen]


async def test_operator_watches_seconds_audited_at_the_end(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    await console.send("stream.watch", session_id=session_id, stream_id=stream_id)
    offer = await console.expect("stream.offer")
    assert (offer["sdp"], offer["session_id"], offer["stream_id"]) == (OFFER, session_id, stream_id)
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")
    await console.send("watch.candidate", watch_id=offer["watch_id"], candidate=None)
    await console.expect("session.changed", lambda f: bool(f["session"]["watchers"]))

    ref = await console.send("watch.stop", watch_id=offer["watch_id"])

    reply = await console.expect("watch.ended", lambda f: f.get("ref") == ref)
    assert reply["reason"] == "stopped"
    start, end = await audited(herts, "stream.watch"), await audited(herts, "stream.watch_end")
    assert {start[0]["operation"], end[0]["operation"]} == {"consultation"}
    assert end[0]["detail"]["seconds"] == (await read(herts, Watch.objects.get)).seconds
    assert gateway.viewers == []


async def test_operator_closes_the_console_its_watch_ends(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    caller, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    await watch(console, session_id, stream_id)
    await caller.expect("watch.changed", lambda f: f["watching"])

    await console.close()

    assert (await caller.expect("watch.changed"))["watching"] is False
    assert gateway.viewers == []


async def test_operator_comes_back_names_the_watch_of_the_lost_line_it_ends(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    lost = await watch(await peers.console(herts), session_id, stream_id)
    await until_rows(herts, Watch.objects.exists)
    console = await peers.console(herts)

    await console.send("stream.watch", session_id=session_id, stream_id=stream_id, replaces=lost)
    offer = await console.expect("stream.offer")
    assert len(gateway.viewers) == 2  # the old picture goes on until the new one begins
    await console.send("watch.answer", watch_id=offer["watch_id"], sdp="v=0")

    assert (await console.expect("watch.ended"))["watch_id"] == lost
    await until(lambda: len(gateway.viewers) == 1)
    assert gateway.viewers[0].is_started


async def test_operator_watches_while_the_caller_stalls_everybody_told(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)

    gateway.emit_video(stream_id, receiving=False)

    shown = await console.expect("session.changed", lambda f: f["session"]["stream"]["state"] == "stalled")
    assert shown["session"]["stream"]["stalled_at"] is not None
    await caller.expect("stream.changed", lambda f: f["stream"]["state"] == "stalled")


async def test_operator_turns_recording_off_and_on_caller_told(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, session_id, _ = await live(peers, herts, gateway)
    await until_rows(herts, RecordingSegment.objects.exists)
    console = await peers.console(herts)

    await console.send("recording.set", session_id=session_id, on=False)
    await caller.expect("recording.changed", lambda f: not f["on"])
    await console.send("recording.set", session_id=session_id, on=True)
    await caller.expect("recording.changed", lambda f: f["on"])

    room = gateway.rooms[f"herts-{session_id}"]
    await until(lambda: room.is_recording)


async def test_operator_who_no_longer_follows_hears_nothing_of_the_session(peers: Peers, herts: ForceRef) -> None:
    session = await make(herts, make_session)
    console = await peers.console(herts)
    await console.send("session.open", session_id=str(session.id))
    await console.expect("session.snapshot")
    await console.send("session.close", session_id=str(session.id))
    await console.round_trip()

    frame = {"type": "position.trail", "fixes": []}
    await ain_force(herts, broadcast_on_commit, session_topic(session.id), frame)
    await console.round_trip()

    assert "position.trail" not in [one["type"] for one in console.seen]


async def test_burst_of_positions_comes_as_the_newest_of_a_tick(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _, _ = await live(peers, herts, gateway)
    console = await peers.console(herts)
    for number in range(5):
        await caller.send("position.fix", **fix(latitude=51 + number / 100))

    newest = await console.expect("position.changed", lambda f: f["fixes"][0]["latitude"] == 51.04)

    assert len(newest["fixes"]) == 1
    assert len([one for one in console.seen if one["type"] == "position.changed"]) < 5


async def test_console_that_missed_a_broadcast_is_closed_to_come_back(peers: Peers, herts: ForceRef) -> None:
    console = await peers.console(herts)
    await console.round_trip()

    redis_client().incr(seq_key("herts", CONSOLE))
    await console.round_trip()  # a number given out a moment ago may be on its way
    await console.send("heartbeat.ping", sent_at=2)

    assert await console.close_code() == 4012


async def test_console_after_the_loss_of_redis_data_is_closed_to_come_back(peers: Peers, herts: ForceRef) -> None:
    session = await make(herts, make_session)
    console = await peers.console(herts)
    await ain_force(herts, broadcast_session_on_commit, session.id)
    await console.expect("session.changed")
    await console.round_trip()

    redis_client().delete(seq_key("herts", CONSOLE))
    await console.send("heartbeat.ping", sent_at=2)

    assert await console.close_code() == 4012


async def test_console_while_redis_cannot_be_reached_is_closed_to_come_back(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = await peers.console(herts)

    async def lost(*arguments: Any) -> None:
        raise ConnectionError("redis is gone")

    monkeypatch.setattr(presence, "read_seqs", lost)
    await console.send("heartbeat.ping", sent_at=2)

    assert await console.close_code() == 4012
    assert console.seen[-1]["code"] == "unavailable"


async def test_broadcasts_while_a_snapshot_is_read_follow_it_without_a_hole(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> Any:
    session = await make(herts, make_session)
    console = await peers.console(herts)
    real = sessions.view_sessions

    def slow(**arguments: Any) -> Any:
        found = real(**arguments)
        broadcast_session_on_commit(session.id)
        return found

    monkeypatch.setattr(sessions, "view_sessions", slow)
    await console.send("console.snapshot")

    snapshot = await console.expect("console.snapshot")
    changed = await console.expect("session.changed")
    assert changed["seq"] == snapshot["seqs"]["console"] + 1


async def test_watchers_of_a_stream_that_ends_are_told_whoever_ended_it(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console = await peers.console(herts)
    watch_id = await watch(console, session_id, stream_id)
    await console.expect("session.changed", lambda f: bool(f["session"]["watchers"]))

    await signalling.end_stream(herts, Actor.system("tests"), (await read(herts, Stream.objects.get)).id, "silent")

    ended = await console.expect("watch.ended")
    assert (ended["watch_id"], ended["reason"]) == (watch_id, "stream_over")
    assert (await read(herts, LiveSession.objects.get)).state == "live"


async def test_operator_chooses_a_layer_of_another_consoles_view_refused_and_of_the_own_shown(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, session_id, stream_id = await live(peers, herts, gateway)
    console, stranger = await peers.console(herts), await peers.console(herts)
    watch_id = await watch(console, session_id, stream_id)

    assert await stranger.refused("watch.layer", watch_id=watch_id, layer="low") == "watch_unknown"
    assert await console.refused("watch.layer", watch_id=watch_id, layer="best") == "invalid_field"
    assert [seat.layer for seat in gateway.viewers] == [None]

    await console.send("watch.layer", watch_id=watch_id, layer="low")
    await until(lambda: [seat.layer for seat in gateway.viewers] == [Layer.LOW])
    await console.send("watch.layer", watch_id=str(uuid4()), layer="low")
    await console.round_trip()


async def test_caller_says_rung_every_console_shown(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    caller, _, _ = await live(peers, herts, gateway)
    console = await peers.console(herts)

    assert await caller.refused("rung.report", rung="stills", reason="tired") == "invalid_field"
    await caller.send("rung.report", rung="stills", reason="very_slow_uplink")

    shown = await console.expect("session.changed", lambda f: f["session"]["rung"] is not None)
    assert (shown["session"]["rung"]["rung"], shown["session"]["rung"]["reason"]) == ("stills", "very_slow_uplink")
