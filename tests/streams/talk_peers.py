"""An operator and an officer who talk, through both sockets, for tests."""

from __future__ import annotations

from typing import Any

from forces.context import ForceRef
from streams.models import Talk
from tests.fakes.gateway import ANSWER, OFFER, FakeGateway, Seat
from tests.streams.socket_peers import Peer, Peers
from tests.streams.test_consumers_officer import go_live, publish

SOUND = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
Spoken = tuple[Peer, Peer, str]


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


async def settled(peer: Peer, whose: str) -> None:
    """Wait until all that was sent before has been acted upon: a heartbeat would overtake it."""
    ref = await peer.send(f"{whose}.snapshot")
    await peer.expect("officer.state" if whose == "officer" else "console.snapshot", lambda f: f.get("ref") == ref)


async def hear(page: Peer, talk_id: str) -> None:
    """Let the officer's page listen."""
    await page.send("talk.listen", talk_id=talk_id)
    offer = await page.expect("talk.offer")
    assert (offer["talk_id"], offer["sdp"]) == (talk_id, OFFER)
    await page.send("talk.accept", talk_id=talk_id, sdp=SOUND)
    await settled(page, "officer")


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


async def speak(peers: Peers, herts: ForceRef, gateway: FakeGateway) -> Spoken:
    """Return (page, console, talk): an officer hears an operator."""
    page, session_id = await live_officer(peers, herts, gateway)
    console = await peers.console(herts)
    await console.send("session.open", session_id=session_id)
    talk_id = await start(console, session_id)
    await changed(page, id=talk_id)
    await hear(page, talk_id)
    return page, console, talk_id
