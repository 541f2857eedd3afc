"""Two phones of one officer: which of them shares, whose silence counts, and whose end ends the stream."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.test import Client
from redis.exceptions import RedisError

from forces import clock
from forces.accounts.sign_ins import end_sign_ins_of
from forces.actors import Actor
from forces.context import ForceRef
from forces.dispatch import async_redis, group_name
from forces.errors import DomainError, NotSignedIn
from streams import signalling
from streams.broadcasts import caller_topic
from streams.consumers.officer import OfficerSocket
from streams.consumers.phone import PhoneSocket
from streams.models import LiveSession
from streams.services.progress import note_lost
from streams.signalling.upkeep import Upkeep
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peer, Peers, read
from tests.streams.test_consumers_officer import fix, go_live, publish


async def sign_out(peer: Peer) -> None:
    """Sign the phone out, and wait until it is told."""
    cookie = dict(peer.line.scope["headers"] or ())[b"cookie"].decode()
    client = Client(headers={"host": "herts.localhost"})
    client.cookies["sl_session"] = cookie.partition("=")[2]
    await asyncio.to_thread(client.post, "/sign-out/")
    assert await peer.close_code() == 4401


def sign_out_everywhere_of(live: Any) -> int:
    """End every sign-in of the officer of a session, as an admin does for a phone that was lost."""
    officer = int(LiveSession.objects.get(pk=live["session"]["id"]).created_by)
    return end_sign_ins_of(actor=Actor.system("tests"), now=clock.now(), user_id=officer, reason="by_admin")


async def state_of(force: ForceRef, live: Any) -> str:
    state: str = await read(force, lambda: LiveSession.objects.get(pk=live["session"]["id"]).state)
    return state


async def step_of(force: ForceRef, live: Any) -> str:
    step: str = await read(force, lambda: LiveSession.objects.get(pk=live["session"]["id"]).progress_step)
    return step


async def streaming(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> tuple[Peer, Any]:
    """Stream from a phone; returns it and what it was told of the session."""
    peer = await peers.officer(herts)
    live = await go_live(peer)
    await publish(peer, gateway)
    return peer, live


async def take_over(old: Peer, peers: Peers, herts: ForceRef, gateway: FakeGateway) -> Peer:
    """Stream from another phone instead, until the old one knows; returns the new one."""
    new, _ = await streaming(peers, herts, gateway)
    await old.expect("stream.changed", lambda f: f["stream"]["end_reason"] == "replaced")
    return new


async def stopped(peer: Peer, live: Any) -> None:
    """Stop a session, until its phone knows."""
    await peer.send("session.stop", session_id=live["session"]["id"])
    await peer.expect("session.ended")


async def is_heard(force: ForceRef, live: Any) -> bool:
    return bool(await async_redis().exists(f"{force.schema}:caller:{live['session']['id']}"))


async def forget_heard(force: ForceRef, live: Any) -> None:
    await async_redis().delete(f"{force.schema}:caller:{live['session']['id']}")


@pytest.mark.parametrize("is_late", [False, True])
async def test_officer_signed_out_on_the_old_phone_streams_on_with_the_new(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, is_late: bool
) -> None:
    old, live = await streaming(peers, herts, gateway)
    new = await take_over(old, peers, herts, gateway)
    if is_late:
        await old.send("position.fix", **fix())  # was on its way
        await old.round_trip()

    await sign_out(old)
    await new.round_trip()

    assert await state_of(herts, live) == "live"


async def test_officer_signed_out_on_an_old_phone_whose_line_had_been_lost_streams_on_with_the_new(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    lost, live = await streaming(peers, herts, gateway)
    await lost.close()
    old = await peers.officer(herts)
    await old.send("rung.report", rung="video", reason="good")
    new = await take_over(old, peers, herts, gateway)

    await sign_out(old)
    await new.round_trip()

    assert await state_of(herts, live) == "live"


async def test_officer_signed_out_after_a_second_picture_of_the_same_phone_streams_no_more(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer, live = await streaming(peers, herts, gateway)
    await publish(peer, gateway)

    await sign_out(peer)

    assert await state_of(herts, live) == "ended"


async def test_officer_signed_out_while_no_page_is_open_streams_no_more(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer, live = await streaming(peers, herts, gateway)
    await peer.close()
    await Upkeep(herts).end_left_behind()
    assert await state_of(herts, live) == "live"

    await read(herts, lambda: sign_out_everywhere_of(live))
    await Upkeep(herts).end_left_behind()

    assert await state_of(herts, live) == "ended"
    assert gateway.seats == {}


async def test_officer_signed_out_on_the_phone_of_an_earlier_session_streams_on_in_the_new(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    old, first = await streaming(peers, herts, gateway)
    await stopped(old, first)
    new, second = await streaming(peers, herts, gateway)
    await old.send("officer.snapshot")
    await old.expect("officer.state", lambda f: f["live"] is not None)

    await sign_out(old)
    await new.round_trip()

    assert await state_of(herts, second) == "live"


async def test_officer_whose_session_could_not_be_ended_is_put_out_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_out: list[DomainError] = []

    async def fail(*_: Any, **__: Any) -> None:
        raise RedisError

    async def put_out_for(_: PhoneSocket, error: DomainError) -> None:
        put_out.append(error)

    monkeypatch.setattr(signalling, "end_session", fail)
    monkeypatch.setattr(PhoneSocket, "refuse", put_out_for)
    socket, error = OfficerSocket(), NotSignedIn()
    socket.force, socket.session_id, socket.shares = ForceRef("herts", "Herts"), uuid4(), True

    with pytest.raises(RedisError):
        await socket.refuse(error)

    assert put_out == [error]


async def test_page_that_does_not_share_is_no_sign_of_the_phone_that_does(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    sharing, live = await streaming(peers, herts, gateway)
    other = await peers.officer(herts)
    await other.send("officer.snapshot")
    await other.expect("officer.state")
    await forget_heard(herts, live)

    await other.round_trip()
    assert not await is_heard(herts, live)
    await sharing.round_trip()
    assert await is_heard(herts, live)


async def test_officers_phone_is_back_when_it_shares_again_and_not_when_some_page_opens(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    first, live = await streaming(peers, herts, gateway)
    await first.close()
    await read(herts, lambda: note_lost(now=clock.now(), session_id=live["session"]["id"]))

    again = await peers.officer(herts)
    await again.round_trip()
    assert await step_of(herts, live) == "connection_lost"
    await again.send("rung.report", rung="video", reason="good")
    await again.round_trip()
    await again.send("officer.snapshot")
    await again.expect("officer.state")
    assert await step_of(herts, live) == "connected"


async def test_officer_follows_the_new_session_whatever_is_said_late_of_the_one_before(
    peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    peer = await peers.officer(herts)
    first = await go_live(peer)
    await stopped(peer, first)
    second = await go_live(peer)
    late = {"type": "session.ended", "topic": caller_topic(first["session"]["id"]), "seq": 99}
    layer: Any = get_channel_layer()
    group = group_name(herts.schema, caller_topic(second["session"]["id"]))
    await layer.group_send(group, {"type": "wire.message", "message": late})
    await peer.round_trip()

    await publish(peer, gateway)
    assert await state_of(herts, second) == "live"


@pytest.mark.parametrize("type_", ["session.stop", "stream.stop"])
async def test_officers_stop_that_waited_leaves_a_later_session_alone(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, type_: str
) -> None:
    peer = await peers.officer(herts)
    first = await go_live(peer)
    await stopped(peer, first)
    second = await go_live(peer)
    await publish(peer, gateway)

    assert await peer.refused(type_, session_id=first["session"]["id"]) == "not_live"
    assert await peer.refused(type_) == "not_live"
    assert await state_of(herts, second) == "live"
