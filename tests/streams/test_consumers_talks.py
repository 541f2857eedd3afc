"""The control room's voice through both sockets and the media server's own word: who hears it, and when it ends."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from forces.context import ForceRef
from streams import signalling
from streams.gateway.interface import EventKind, GatewayUnavailable, HandleEvent, HandleRef, Medium, NoSuchFeed
from streams.models import Talk
from streams.signalling import leases
from streams.signalling.gateways import reach
from streams.signalling.rooms import Participant
from streams.signalling.takeover import take_over
from streams.signalling.upkeep import Upkeep
from tests.fakes.gateway import ANSWER, OFFER, FakeGateway, Seat
from tests.streams.socket_peers import Peer, Peers, read, until, until_rows
from tests.streams.test_consumers_officer import go_live, publish

SOUND = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


async def live_officer(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> tuple[Peer, str]:
    """Let an officer stream; returns the page and the session's id."""
    page = await peers.officer(herts)
    live = await go_live(page)
    await publish(page, gateway)
    return page, str(live["session"]["id"])


async def start(console: Peer, session_id: str) -> str:
    """Let a console's microphone in; returns the talk's id."""
    await console.send("talk.start", session_id=session_id, sdp=SOUND)
    answer = await console.expect("talk.answer")
    assert (answer["session_id"], answer["sdp"]) == (session_id, ANSWER)
    return str(answer["talk_id"])


async def hear(page: Peer, talk_id: str) -> None:
    """Let the officer's page listen."""
    await page.send("talk.listen", talk_id=talk_id)
    offer = await page.expect("talk.offer")
    assert (offer["talk_id"], offer["sdp"]) == (talk_id, OFFER)
    await page.send("talk.accept", talk_id=talk_id, sdp=SOUND)
    await page.round_trip()


async def changed(peer: Peer, **fields: Any) -> Any:
    """Return the next talk.changed whose talk has these fields; of no fields, the one that says it is over."""
    frame = await peer.expect(
        "talk.changed",
        lambda f: (
            all(f["talk"] is not None and f["talk"][name] == value for name, value in fields.items())
            if fields
            else f["talk"] is None
        ),
    )
    return frame["talk"] if fields else frame


def in_talk(gateway: FakeGateway) -> list[Seat]:
    """Everybody in a room of a talk."""
    return [seat for seat in gateway.seats.values() if seat.room_id.endswith("-talk")]


def ended() -> Any:
    return Talk.objects.exclude(end_reason="").values_list("end_reason", flat=True).first()


@pytest.fixture
async def spoken(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> tuple[Peer, Peer, str]:
    """Return (page, console, talk): an officer hears an operator."""
    page, session_id = await live_officer(peers, herts, gateway)
    console = await peers.console(herts)
    await console.send("session.open", session_id=session_id)
    talk_id = await start(console, session_id)
    await changed(page, id=talk_id)
    await hear(page, talk_id)
    return page, console, talk_id


async def test_offer_with_a_picture_is_refused(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> None:
    _, session_id = await live_officer(peers, herts, gateway)
    console = await peers.console(herts)
    picture = SOUND + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
    for sdp in (picture, "v=0"):
        assert await console.refused("talk.start", session_id=session_id, sdp=sdp) == "invalid_input"
    assert in_talk(gateway) == []


async def test_second_operator_is_refused_by_name(
    spoken: tuple[Peer, Peer, str], peers: Peers, herts: ForceRef
) -> None:
    _, console, talk_id = spoken
    await console.send("talk.speak", talk_id=talk_id, on=True)
    await console.round_trip()
    talk = await read(herts, Talk.objects.get)
    second = await peers.console(herts, "supervisor")

    ref = await second.send("talk.start", session_id=str(talk.session_id), sdp=SOUND)
    error = await second.expect("error", lambda frame: frame.get("ref") == ref)

    assert (error["code"], error["details"]) == ("talk_taken", {"name": talk.user_name})
    assert talk.user_name in error["message"]


async def test_officer_hears_when_the_operator_speaks_and_when_not(spoken: tuple[Peer, Peer, str]) -> None:
    page, console, talk_id = spoken
    await console.send("talk.speak", talk_id=talk_id, on=True)
    assert (await changed(page, speaking=True))["id"] == talk_id
    assert (await changed(console, speaking=True))["user_id"]
    await console.send("talk.speak", talk_id=talk_id, on=False)
    await changed(page, speaking=False)


async def test_talk_has_a_room_of_its_own_that_is_not_recorded(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, talk_id = spoken
    talk = await read(herts, Talk.objects.get)
    room = f"herts-{talk.session_id}"
    await until(lambda: gateway.rooms[room].is_recording)

    assert gateway.rooms[f"{room}-talk"].feeds == {talk_id}
    assert not gateway.rooms[f"{room}-talk"].is_recording
    assert talk_id not in gateway.rooms[room].feeds


async def test_who_watches_the_picture_is_given_the_picture_alone(
    spoken: tuple[Peer, Peer, str], peers: Peers, herts: ForceRef, gateway: FakeGateway
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


async def test_candidates_reach_who_speaks_and_who_listens(
    spoken: tuple[Peer, Peer, str], gateway: FakeGateway
) -> None:
    page, console, talk_id = spoken
    for peer in (page, console):
        await peer.send("talk.candidate", talk_id=talk_id, candidate=None)
        await peer.round_trip()
    assert [seat.candidates for seat in in_talk(gateway)] == [[None], [None]]


@pytest.mark.parametrize("how", ["stop", "line", "session", "stream"])
async def test_talk_ends_at_the_media_server_too(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway, how: str
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
    spoken: tuple[Peer, Peer, str], gateway: FakeGateway, herts: ForceRef
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
    spoken: tuple[Peer, Peer, str], peers: Peers, herts: ForceRef, gateway: FakeGateway
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
    spoken: tuple[Peer, Peer, str], peers: Peers, herts: ForceRef, gateway: FakeGateway
) -> None:
    _, _, talk_id = spoken
    other = await peers.officer(herts)
    await other.send("talk.listen", talk_id=talk_id)
    await other.expect("talk.offer")
    assert len(in_talk(gateway)) == 3
    await other.close()
    await until(lambda: len(in_talk(gateway)) == 2)


async def test_answer_that_was_not_asked_for_is_unknown(
    spoken: tuple[Peer, Peer, str], peers: Peers, herts: ForceRef
) -> None:
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


async def test_page_listens_before_the_voice_is_there_and_is_told_so(
    spoken: tuple[Peer, Peer, str], gateway: FakeGateway
) -> None:
    page, _, talk_id = spoken
    gateway.failures["subscribe"] = NoSuchFeed("not yet")
    assert await page.refused("talk.listen", talk_id=talk_id) == "stream_not_ready"


@pytest.mark.parametrize("kind", ["silence", "hangup", "gone"])
async def test_what_the_media_server_says_of_who_speaks_ends_the_talk(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway, kind: str
) -> None:
    handle = gateway.publisher(spoken[2])
    gateway.emit(
        HandleEvent(EventKind.MEDIA, handle, medium=Medium.AUDIO, receiving=False)
        if kind == "silence"
        else HandleEvent(EventKind.HANGUP if kind == "hangup" else EventKind.SESSION_GONE, handle)
    )
    assert await until_rows(herts, ended) == "media_lost"
    await until(lambda: not in_talk(gateway), 2)


async def test_voice_is_never_taken_for_a_picture(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway
) -> None:
    page, _, talk_id = spoken
    for medium in (Medium.AUDIO, Medium.VIDEO):
        event = HandleEvent(EventKind.MEDIA, gateway.publisher(talk_id), medium=medium, receiving=True)
        assert await signalling.media_event(Participant("herts", "t", UUID(talk_id)), event)
    await Upkeep(herts).compare_feeds()
    await page.round_trip()

    talk = await read(herts, lambda: Talk.objects.select_related("session").get())
    assert (await read(herts, lambda: talk.session.streams.get())).state == "live"
    assert talk.ended_at is None


async def test_phone_that_hangs_up_gives_its_place_back(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway
) -> None:
    [handle] = [one for one, seat in gateway.seats.items() if seat in in_talk(gateway) and not seat.is_publisher]
    gateway.emit(HandleEvent(EventKind.HANGUP, handle))
    await until(lambda: len(in_talk(gateway)) == 1)
    assert await until_rows(herts, lambda: Talk.objects.filter(listener_handle=None, ended_at=None).exists())


@pytest.mark.usefixtures("clean_leases")
async def test_talk_of_a_process_that_died_is_ended_and_not_taken_over(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LAPSED_AFTER_S", 0.0)
    await read(herts, lambda: Talk.objects.update(process="0ther0ther00"))
    keeper = Upkeep(herts)
    await keeper.take_over_places()
    await keeper.take_over_places()

    assert gateway.claimed == []
    assert await read(herts, ended) == "media_lost"
    assert in_talk(gateway) == []
    assert await take_over(herts, "0ther0ther00") == 0


async def test_talk_whose_socket_left_no_goodbye_is_found(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.signalling.upkeep.ORPHANED_AFTER_S", 0.0)
    keeper = Upkeep(herts)
    await keeper.end_lost_talks()
    assert len(in_talk(gateway)) == 2

    await read(herts, lambda: Talk.objects.update(owner="a socket that is gone"))
    await keeper.end_lost_talks()

    assert await read(herts, ended) == "disconnected"
    assert in_talk(gateway) == []


async def test_place_that_was_not_given_back_is_found_by_the_watchdog(
    spoken: tuple[Peer, Peer, str], herts: ForceRef, gateway: FakeGateway
) -> None:
    _, console, talk_id = spoken
    gateway.failures["detach"] = GatewayUnavailable("gone")
    await console.send("talk.stop", talk_id=talk_id)
    await until_rows(herts, ended)
    await console.round_trip()
    assert len(in_talk(gateway)) == 2

    del gateway.failures["detach"]
    await Upkeep(herts).give_back_handles()

    assert in_talk(gateway) == []
    assert all(isinstance(handle, HandleRef) for _, handle in reach().participants)
