"""The control room's voice through both sockets: who is let in, who hears it, and what ends it."""

from __future__ import annotations

import asyncio

import pytest
from django.test import Client

from forces.context import ForceRef
from streams.gateway.interface import GatewayUnavailable, NoSuchFeed
from streams.models import Talk
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import Peers, read, until, until_rows
from tests.streams.talk_peers import SOUND, Spoken, changed, ended, hear, in_talk, live_officer, settled, start


async def test_offer_with_a_picture_is_refused(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, session_id = await live_officer(peers, herts, gateway)
    console = await peers.console(herts)
    picture = SOUND + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
    for sdp in (picture, "v=0"):
        assert await console.refused("talk.start", session_id=session_id, sdp=sdp) == "invalid_input"
    assert in_talk(gateway) == []


async def test_second_operator_is_refused_by_name(spoken: Spoken, peers: Peers, herts: ForceRef) -> None:
    _, console, talk_id = spoken
    await console.send("talk.speak", talk_id=talk_id, on=True)
    await changed(console, speaking=True)
    talk = await read(herts, Talk.objects.get)
    second = await peers.console(herts, "supervisor")

    ref = await second.send("talk.start", session_id=str(talk.session_id), sdp=SOUND)
    error = await second.expect("error", lambda frame: frame.get("ref") == ref)

    assert (error["code"], error["details"]) == ("talk_taken", {"name": talk.user_name})
    assert talk.user_name in error["message"]


async def test_officer_hears_when_the_operator_speaks_and_when_not(spoken: Spoken) -> None:
    page, console, talk_id = spoken
    await console.send("talk.speak", talk_id=talk_id, on=True)
    assert (await changed(page, speaking=True))["id"] == talk_id
    assert (await changed(console, speaking=True))["user_id"]
    await console.send("talk.speak", talk_id=talk_id, on=False)
    await changed(page, speaking=False)


async def test_talk_has_a_room_of_its_own_that_is_not_recorded(
    spoken: Spoken, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, talk_id = spoken
    talk = await read(herts, Talk.objects.get)
    room = f"herts-{talk.session_id}"
    await until(lambda: gateway.rooms[room].is_recording)

    assert gateway.rooms[f"{room}-talk"].feeds == {talk_id}
    assert not gateway.rooms[f"{room}-talk"].is_recording
    assert talk_id not in gateway.rooms[room].feeds


async def test_who_watches_the_picture_is_given_the_picture_alone(
    spoken: Spoken, peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, talk_id = spoken
    talk = await read(herts, lambda: Talk.objects.select_related("session").get())
    stream_id = str((await read(herts, lambda: talk.session.streams.get())).id)
    other = await peers.console(herts, "supervisor")
    await other.send("stream.watch", session_id=str(talk.session_id), stream_id=stream_id)
    await other.expect("stream.offer")

    watching = [seat for seat in gateway.viewers if not seat.room_id.endswith("-talk")]
    assert [seat.feed_id for seat in watching] == [stream_id]
    assert await other.refused("stream.watch", session_id=str(talk.session_id), stream_id=talk_id) == "not_found"
    assert "talk" not in str([frame for frame in other.seen if frame["type"] == "console.snapshot"])


async def test_candidates_reach_who_speaks_and_who_listens(spoken: Spoken, gateway: FakeGateway) -> None:
    page, console, talk_id = spoken
    for peer, whose in ((page, "officer"), (console, "console")):
        await peer.send("talk.candidate", talk_id=talk_id, candidate=None)
        await settled(peer, whose)
    assert [seat.candidates for seat in in_talk(gateway)] == [[None], [None]]


@pytest.mark.parametrize("how", ["stop", "line", "session", "stream"])
async def test_talk_ends_at_the_media_server_too(
    spoken: Spoken, herts: ForceRef, gateway: FakeGateway, how: str
) -> None:
    page, console, talk_id = spoken
    session_id = str((await read(herts, Talk.objects.get)).session_id)
    if how == "stop":
        await console.send("talk.stop", talk_id=talk_id)
    elif how == "line":
        await console.close()
    else:
        await page.send(f"{how}.stop", session_id=session_id)

    await until(lambda: not in_talk(gateway), 2)
    reasons = {"stop": "stopped", "line": "disconnected", "session": "session_over", "stream": "stream_over"}
    assert await until_rows(herts, ended) == reasons[how]
    await changed(page)
    if how == "session":
        await until(lambda: f"herts-{session_id}-talk" in gateway.closed_rooms)


async def test_operator_who_is_signed_out_is_heard_no_more(
    spoken: Spoken, gateway: FakeGateway, herts: ForceRef
) -> None:
    _, console, _ = spoken
    cookie = dict(console.line.scope["headers"] or ())[b"cookie"].decode()
    client = Client(headers={"host": "herts.localhost"})
    client.cookies["sl_session"] = cookie.partition("=")[2]
    await asyncio.to_thread(client.post, "/sign-out/")

    assert await console.close_code() == 4401
    await until(lambda: not in_talk(gateway), 2)
    assert await until_rows(herts, ended) == "disconnected"


async def test_page_that_reloads_listens_again_in_the_place_of_before(
    spoken: Spoken, peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    page, _, talk_id = spoken
    await page.close()
    assert len(in_talk(gateway)) == 2  # the page keeps its connection while its line is down
    again = await peers.officer(herts)
    state = next(frame for frame in again.seen if frame["type"] == "officer.state")
    assert state["live"]["talk"]["id"] == talk_id

    await hear(again, talk_id)

    assert sorted(seat.is_publisher for seat in in_talk(gateway)) == [False, True]
    assert [seat.is_started for seat in in_talk(gateway) if not seat.is_publisher] == [True]


async def test_page_that_asks_and_goes_leaves_nothing(
    spoken: Spoken, peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, talk_id = spoken
    other = await peers.officer(herts)
    await other.send("talk.listen", talk_id=talk_id)
    await other.expect("talk.offer")
    assert len(in_talk(gateway)) == 3
    await other.close()
    await until(lambda: len(in_talk(gateway)) == 2)


async def test_answer_that_was_not_asked_for_is_unknown(spoken: Spoken, peers: Peers, herts: ForceRef) -> None:
    _, _, talk_id = spoken
    other = await peers.officer(herts)
    assert await other.refused("talk.accept", talk_id=talk_id, sdp=SOUND) == "not_found"


@pytest.mark.parametrize("method", ["ensure_room", "publish"])
async def test_media_server_fails_the_talk_is_over_and_said_so(
    peers: Peers, herts: ForceRef, gateway: FakeGateway, method: str
) -> None:
    _, session_id = await live_officer(peers, herts, gateway)
    console = await peers.console(herts)
    gateway.failures[method] = GatewayUnavailable("gone")

    assert await console.refused("talk.start", session_id=session_id, sdp=SOUND) == "media_unavailable"
    assert await read(herts, ended) == "gateway_failed"

    del gateway.failures[method]
    await start(console, session_id)


async def test_page_listens_before_the_voice_is_there_and_is_told_so(spoken: Spoken, gateway: FakeGateway) -> None:
    page, _, talk_id = spoken
    gateway.failures["subscribe"] = NoSuchFeed("not yet")
    assert await page.refused("talk.listen", talk_id=talk_id) == "stream_not_ready"
