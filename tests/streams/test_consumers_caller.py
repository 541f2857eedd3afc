"""The caller's socket through the whole application: who is let in, what is refused, and the whole way."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams.consumers import socket as socket_module
from streams.models import ChatMessage, Consent, Invitation, LiveSession, Position, RecordingSegment, Stream
from streams.selectors import CallerTicket
from streams.services import watching
from streams.services.invitations import open_invitation, rearm_invitation
from streams.services.sessions import end_session
from tests.factories.streams import make_consented, make_opened, person, token_for
from tests.fakes.gateway import ANSWER, FakeGateway
from tests.streams.socket_peers import Peer, Peers, make, read, until_rows

SCOPES = ["location", "video", "recording"]
CONSENT = {"scopes": SCOPES, "wording_version": 1, "language": "en"}


def fix(**changed: Any) -> Any:
    now_ms = int(clock.now().timestamp() * 1000)
    return {"latitude": 51.8, "longitude": -0.08, "accuracy_m": 9, "fixed_at": now_ms, **changed}


async def publish(peer: Peer, gateway: FakeGateway) -> Any:
    """Publish and let the video arrive; returns the stream's id."""
    await peer.send("stream.publish", sdp="v=0")
    stream_id = (await peer.expect("stream.answer"))["stream_id"]
    gateway.emit_video(stream_id, receiving=True)
    await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "live")
    return stream_id


async def test_visitor_without_a_link_connects_refused(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.caller(herts, None, is_read=False)

    assert await peer.close_code() == 4401
    assert peer.seen[-1]["code"] == "link_not_opened"


async def test_caller_with_a_forged_cookie_connects_refused(peers: Peers, herts: ForceRef) -> None:
    ticket = (await make(herts, make_opened)).ticket
    forged = CallerTicket(ticket.invitation_id, (await make(herts, make_opened)).session.id, ticket.browser_secret)
    peer = await peers.caller(herts, forged, is_read=False)

    assert await peer.close_code() == 4401
    assert peer.seen[-1]["code"] == "link_unknown"


async def test_caller_of_another_force_connects_refused(peers: Peers, herts: ForceRef, beds: ForceRef) -> None:
    peer = await peers.caller(beds, (await make(herts)).ticket, is_read=False)

    assert await peer.close_code() == 4401


async def test_caller_in_another_browser_connects_refused(peers: Peers, herts: ForceRef) -> None:
    ticket = (await make(herts)).ticket
    other = CallerTicket(ticket.invitation_id, ticket.session_id, "another browser")
    peer = await peers.caller(herts, other, is_read=False)

    assert await peer.close_code() == 4409
    assert peer.seen[-1]["code"] == "link_in_use"


async def test_caller_after_the_end_connects_refused(peers: Peers, herts: ForceRef) -> None:
    caller = await make(herts)
    await ain_force(
        herts, end_session, actor=person(), now=clock.now(), session_id=caller.session.id, reason="operator"
    )
    peer = await peers.caller(herts, caller.ticket, is_read=False)

    assert await peer.close_code() == 4410
    assert peer.seen[-1]["code"] == "session_over"


async def test_ping_that_overtakes_the_news_of_the_end_is_answered_with_who_ended_it(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> None:
        """The broadcast is still under way when the page pings."""

    caller = await make(herts)
    peer = await peers.caller(herts, caller.ticket)
    monkeypatch.setattr("forces.dispatch.publish", lost)
    await ain_force(
        herts, end_session, actor=person(), now=clock.now(), session_id=caller.session.id, reason="operator"
    )

    await peer.send("heartbeat.ping", sent_at=1)

    assert await peer.close_code() == 4410
    assert peer.seen[-1]["code"] == "session_over"
    assert peer.seen[-1]["details"] == {"by": "user", "reason": "operator"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not json", "malformed"),
        ('{"type": "console.snapshot"}', "unknown_type"),
        ('{"type": "chat.send", "client_id": "a", "text": ""}', "invalid_field"),
        ('{"type": "stream.publish", "sdp": "' + "x" * 65_536 + '"}', "too_large"),
    ],
)
async def test_caller_sends_nonsense_told_so_and_the_socket_lives(
    peers: Peers, herts: ForceRef, text: Any, code: str
) -> None:
    peer = await peers.caller(herts, (await make(herts, make_opened)).ticket)

    await peer.send_text(text)

    assert (await peer.expect("error"))["code"] == code
    await peer.round_trip()


async def test_caller_sends_binary_told_so_and_the_socket_lives(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.caller(herts, (await make(herts, make_opened)).ticket)

    await peer.line.send_to(bytes_data=b"\x00\x01")

    assert (await peer.expect("error"))["code"] == "malformed"
    await peer.round_trip()


async def test_silent_page_of_a_browser_that_did_not_get_the_link_is_shut_out(
    peers: Peers, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "GUARD_SECONDS", 0.2)
    first = await make(herts, make_opened)
    invitation = await read(herts, lambda: Invitation.objects.get(pk=first.ticket.invitation_id))
    second = await make(herts, lambda **fields: make_opened(invitation, **fields))
    silent, taker = await peers.caller(herts, first.ticket), await peers.caller(herts, second.ticket)

    await taker.send("consent.give", **CONSENT)
    await taker.expect("consent.given")

    assert await silent.close_code() == 4409
    await taker.round_trip()


async def test_caller_before_consent_shares_nothing(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    peer = await peers.caller(herts, (await make(herts, make_opened)).ticket)

    assert await peer.refused("stream.publish", sdp="v=0") == "consent_missing"
    assert await peer.refused("position.fix", **fix()) == "consent_missing"
    assert gateway.calls == []
    assert peer.seen[0]["ice_servers"] is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"fixed_at": 1_000_000}, "fix_too_old"),
        ({"fixed_at": 4_102_444_800_000}, "fix_in_future"),
        ({"accuracy_m": -1}, "invalid_field"),
    ],
)
async def test_caller_sends_impossible_position_refused(
    peers: Peers, herts: ForceRef, changed: dict[str, Any], code: str
) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)

    assert await peer.refused("position.fix", **fix(**changed)) == code
    assert not await read(herts, Position.objects.exists)


async def test_caller_whose_link_was_rearmed_is_refused_at_once_and_shut_out(peers: Peers, herts: ForceRef) -> None:
    caller = await make(herts)
    peer = await peers.caller(herts, caller.ticket)
    await ain_force(herts, rearm_invitation, actor=person(), now=clock.now(), session_id=caller.session.id)

    assert await peer.refused("position.fix", **fix()) == "link_not_opened"
    await peer.send("heartbeat.ping", sent_at=1)
    assert await peer.close_code() == 4401


async def test_old_browser_is_shut_out_when_another_has_consented(peers: Peers, herts: ForceRef) -> Any:
    caller = await make(herts)
    peer = await peers.caller(herts, caller.ticket)
    now = clock.now()

    def move() -> Any:
        rearm_invitation(actor=person(), now=now, session_id=caller.session.id)
        invitation = caller.session.invitations.get()
        ticket = open_invitation(now=now, token=token_for(invitation)).ticket
        return make_consented(type(caller)(caller.session, ticket), now=now)

    await read(herts, move)

    assert await peer.refused("stream.publish", sdp="v=0") == "link_in_use"
    await peer.send("heartbeat.ping", sent_at=1)
    assert await peer.close_code() == 4409


async def test_caller_floods_told_so_and_still_heard(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)
    for number in range(80):
        await peer.send("chat.send", client_id=str(number), text="x")

    assert (await peer.expect("error", lambda f: f["code"] != "busy"))["code"] == "rate_limited"
    await peer.round_trip()


async def test_caller_connects_given_state_and_wording(peers: Peers, herts: ForceRef) -> None:
    caller = await make(herts, make_opened)
    peer = await peers.caller(herts, caller.ticket)

    state = peer.seen[0]
    assert state["session"]["id"] == str(caller.session.id)
    assert state["session"]["force_name"] == "Hertfordshire Constabulary"
    assert state["wording"]["version"] == 1
    assert (state["consent"], state["stream"], state["recording"]) == (None, None, {"on": False})
    assert (state["watching"], state["messages"]) == (False, [])
    assert (state["count"], state["guests"]) == (0, 0)


async def test_caller_consents_given_ice_servers(peers: Peers, herts: ForceRef, settings_turn: None) -> None:
    caller = await make(herts, make_opened)
    peer = await peers.caller(herts, caller.ticket)

    ref = await peer.send("consent.give", **CONSENT)

    given = await peer.expect("consent.given")
    assert (given["ref"], sorted(given["scopes"])) == (ref, sorted(SCOPES))
    assert given["ice_servers"][0]["urls"] == ["turn:turn.example:3478"]
    assert given["ice_servers"][0]["username"].endswith(str(caller.session.id))
    assert (await read(herts, Consent.objects.get)).scopes == sorted(SCOPES)


async def test_caller_connects_ahead_of_the_camera_and_shows_the_picture_later(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer = await peers.caller(herts, (await make(herts, make_consented)).ticket)
    await peer.send("stream.publish", sdp="v=0", early=True)
    stream_id = (await peer.expect("stream.answer"))["stream_id"]
    await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "prepared")

    await peer.send("stream.begin")
    await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "connecting")
    gateway.emit_video(stream_id, receiving=True)
    await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "live")

    await peer.send("stream.stop")
    await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "ended")
    assert await peer.refused("stream.begin") == "stream_over"


async def test_caller_goes_the_whole_way(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    peer = await peers.caller(herts, (await make(herts, make_opened)).ticket)
    await peer.send("progress.report", step="consent_shown")
    await peer.send("consent.give", **CONSENT)
    await peer.expect("consent.given")

    await peer.send("stream.publish", sdp="v=0")
    answer = await peer.expect("stream.answer")
    assert answer["sdp"] == ANSWER
    await peer.send("stream.candidate", candidate={"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0})
    await peer.send("stream.candidate", candidate=None)
    gateway.emit_video(answer["stream_id"], receiving=True)
    assert (await peer.expect("stream.changed"))["stream"]["id"] == answer["stream_id"]
    assert (await peer.expect("recording.changed"))["on"] is True
    await peer.send("position.fix", **fix())
    await peer.send("chat.send", client_id="c1", text="I am here")
    message = await peer.expect("chat.message")
    assert (message["text"], message["sender"]) == ("I am here", "caller")

    assert (await read(herts, Position.objects.get)).accuracy_m == 9
    assert len(gateway.seats[gateway.publisher(answer["stream_id"])].candidates) == 2
    assert (await read(herts, LiveSession.objects.get)).state == "live"


async def test_caller_sends_a_message_twice_kept_once(peers: Peers, herts: ForceRef) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)
    for _ in range(2):
        await peer.send("chat.send", client_id="same", text="hello")
    await peer.send("chat.send", client_id="other", text="again")

    await peer.expect("chat.message", lambda f: f["text"] == "again")

    assert await read(herts, ChatMessage.objects.count) == 2


async def test_caller_is_told_when_somebody_sees_and_when_nobody_does(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> Any:
    peer = await peers.caller(herts, (await make(herts)).ticket)
    stream_id = await publish(peer, gateway)
    stream = await read(herts, Stream.objects.get)
    now = clock.now()

    def watch() -> Any:
        admission = watching.admit_viewer(actor=person(), now=now, session_id=stream.session_id, stream_id=stream.id)
        watching.begin_watch(
            actor=person(), now=now, admission=admission, gateway_session=1, gateway_handle=2, owner="s", process="p"
        )
        return admission.watch_id

    watch_id = await read(herts, watch)
    seen = await peer.expect("watch.changed", lambda f: f["watching"])
    assert (seen["count"], stream_id) == (1, str(stream.id))

    await ain_force(herts, watching.end_watch, now=now, watch_id=watch_id, reason="stopped")
    assert (await peer.expect("watch.changed"))["count"] == 0


async def test_caller_stops_video_session_goes_on(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)
    await publish(peer, gateway)

    await peer.send("stream.stop")

    ended = await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "ended")
    assert ended["stream"]["end_reason"] == "stopped"
    assert (await read(herts, LiveSession.objects.get)).state == "live"
    await until_rows(herts, lambda: not gateway.seats)


async def test_caller_withdraws_consent_picture_ends(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)
    await publish(peer, gateway)

    await peer.send("consent.withdraw")

    ended = await peer.expect("stream.changed", lambda f: f["stream"]["state"] == "ended")
    assert ended["stream"]["end_reason"] == "consent_withdrawn"


async def test_caller_presses_stop_everything_ends_and_the_socket_closes(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller = await make(herts)
    peer = await peers.caller(herts, caller.ticket)
    await publish(peer, gateway)

    await peer.send("session.stop")

    ended = await peer.expect("session.ended")
    assert (ended["by"], ended["reason"]) == ("caller", "caller_stopped")
    assert await peer.close_code() == 4410
    session = await until_rows(herts, lambda: LiveSession.objects.filter(room_closed_at__isnull=False).first())
    assert session.state == "ended"
    assert gateway.closed_rooms == [f"herts-{caller.session.id}"]


async def test_caller_presses_stop_while_publishing_hangs_stopped_at_once(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer = await peers.caller(herts, (await make(herts)).ticket)
    gateway.gate = asyncio.Event()
    await peer.send("stream.publish", sdp="v=0")
    await gateway.is_publishing.wait()

    began = time.monotonic()
    await peer.send("session.stop")
    await peer.expect("session.ended")

    assert time.monotonic() - began < 4
    gateway.gate.set()
    await until_rows(herts, lambda: not gateway.seats)


async def test_caller_reloads_the_page_goes_on_where_it_was(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    caller = await make(herts)
    first = await peers.caller(herts, caller.ticket)
    stream_id = await publish(first, gateway)
    await first.send("chat.send", client_id="c", text="hello")
    await first.expect("chat.message")
    await until_rows(herts, RecordingSegment.objects.exists)
    await first.close()

    again = await peers.caller(herts, caller.ticket)

    state = again.seen[0]
    assert (state["stream"]["id"], state["stream"]["state"]) == (stream_id, "live")
    assert [message["text"] for message in state["messages"]] == ["hello"]
    assert state["recording"] == {"on": True}
    assert (await read(herts, Stream.objects.get)).state == "live"


async def test_operators_name_is_not_told_to_the_caller(peers: Peers, herts: ForceRef) -> None:
    from streams.services.chat import post_message

    caller = await make(herts)
    peer = await peers.caller(herts, caller.ticket)
    operator = Actor(kind="user", id="7", name="PC Secret", role="operator")
    await ain_force(
        herts,
        post_message,
        actor=operator,
        now=clock.now(),
        session_id=caller.session.id,
        client_id="o",
        text="Help is coming",
    )

    message = await peer.expect("chat.message")
    assert (message["text"], message["sender_name"]) == ("Help is coming", "Hertfordshire Constabulary")
