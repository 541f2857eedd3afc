"""An incident over the sockets: who may open and write, who hears it, and who hears it no more."""

from __future__ import annotations

from typing import Any

from forces import clock
from forces.context import ForceRef, ain_force
from streams.models import IncidentMessage
from streams.services.sessions import end_session
from tests.factories.streams import make_incident, person
from tests.streams.socket_peers import Frame, Peer, Peers, make, read
from tests.streams.test_consumers_officer import go_live


async def open_incident(console: Peer, incident_id: str) -> Frame:
    """Open an incident on a console and return its snapshot."""
    await console.send("incident.open", incident_id=incident_id)
    return await console.expect("incident.snapshot")


async def officer_live(peers: Peers, force: ForceRef, incident_id: str, role: str = "officer") -> tuple[Peer, Any]:
    """Let somebody on the ground go live in an incident; returns the page's socket and its `live`."""
    peer = await peers.officer(force, role)
    return peer, await go_live(peer, incident_id)


def texts(peer: Peer) -> list[str]:
    """Return the messages that this socket was told of, in order."""
    return [frame["message"]["text"] for frame in peer.seen if frame["type"] == "incident.message"]


async def test_incident_of_another_force_is_neither_opened_nor_written_in(
    peers: Peers, herts: ForceRef, beds: ForceRef
) -> None:
    own, theirs = await make(herts, make_incident), await make(beds, make_incident)
    console = await peers.console(herts)
    officer, _ = await officer_live(peers, herts, str(own.id))
    said = {"incident_id": str(theirs.id), "client_id": "one", "text": "Hello"}

    assert await console.refused("incident.open", incident_id=str(theirs.id)) == "not_found"
    assert await console.refused("incident.say", **said) == "not_found"
    assert await officer.refused("incident.say", **said) == "not_found"
    assert await read(beds, IncidentMessage.objects.count) == 0
    await console.send("incident.say", **{**said, "incident_id": str(own.id)})
    await console.round_trip()
    assert await read(herts, IncidentMessage.objects.count) == 1


async def test_control_room_and_officers_write_to_each_other(peers: Peers, herts: ForceRef) -> None:
    incident_id = str((await make(herts, make_incident)).id)
    console, elsewhere = await peers.console(herts), await peers.console(herts, "supervisor")
    first, live = await officer_live(peers, herts, incident_id)
    second, _ = await officer_live(peers, herts, incident_id, "pcso")
    page = await open_incident(console, incident_id)
    assert {one["session_id"] for one in page["officers"]} > {live["session"]["id"]}
    other = await peers.officer(herts, "scenes_of_crime")

    await first.send("incident.say", incident_id=incident_id, client_id="a", text="Arrived")
    await console.expect("incident.message")
    await console.send("incident.say", incident_id=incident_id, client_id="b", text="Ambulance in 4 minutes")
    await second.expect("incident.message", lambda frame: frame["message"]["sender"] == "control")
    said = await elsewhere.expect("incident.said")
    for peer in (console, first, second, elsewhere, other):
        await peer.round_trip()

    assert texts(console) == texts(first) == texts(second) == ["Arrived", "Ambulance in 4 minutes"]
    assert texts(elsewhere) == texts(other) == []
    assert (said["incident_id"], said["session_id"]) == (incident_id, live["session"]["id"])
    assert "Arrived" not in str(elsewhere.seen)
    await second.send("officer.snapshot")
    (group,) = (await second.expect("officer.state"))["groups"]
    assert [line["text"] for line in group["messages"]] == ["Arrived", "Ambulance in 4 minutes"]


async def test_message_that_is_sent_twice_is_heard_once(peers: Peers, herts: ForceRef) -> None:
    incident_id = str((await make(herts, make_incident)).id)
    console = await peers.console(herts)
    await open_incident(console, incident_id)
    for _ in range(2):
        await console.send("incident.say", incident_id=incident_id, client_id="one", text="Units on the way")
    await console.expect("incident.message")
    await console.round_trip()

    assert texts(console) == ["Units on the way"]
    assert await read(herts, IncidentMessage.objects.count) == 1


async def test_officer_whose_session_has_ended_writes_and_hears_no_more(peers: Peers, herts: ForceRef) -> None:
    incident_id = str((await make(herts, make_incident)).id)
    console = await peers.console(herts)
    officer, live = await officer_live(peers, herts, incident_id)
    end = {"actor": person(), "session_id": live["session"]["id"], "reason": "operator"}
    await ain_force(herts, end_session, now=clock.now(), **end)
    await officer.expect("session.ended")

    said = {"incident_id": incident_id, "client_id": "one", "text": "Still here"}
    assert await officer.refused("incident.say", **said) == "not_on_incident"
    await console.send("incident.say", **{**said, "text": "Names of the casualties"})
    await console.round_trip()
    await officer.round_trip()

    assert "Names" not in str(officer.seen)
    await officer.send("officer.snapshot")
    assert (await officer.expect("officer.state"))["groups"] == []


async def test_console_that_closed_the_page_hears_no_more(peers: Peers, herts: ForceRef) -> None:
    incident_id = str((await make(herts, make_incident)).id)
    console, other = await peers.console(herts), await peers.console(herts, "supervisor")
    await open_incident(console, incident_id)
    await open_incident(other, incident_id)
    await console.send("incident.close", incident_id=incident_id)
    await console.round_trip()

    await other.send("incident.say", incident_id=incident_id, client_id="one", text="Units on the way")
    await other.expect("incident.message")
    await console.round_trip()

    assert texts(console) == []
    again = await open_incident(console, incident_id)
    assert [line["text"] for line in again["messages"]] == ["Units on the way"]
    assert again["seqs"] == {f"incident.{incident_id}": 1}
