"""How a bridge stands, told to those consoles of the aircraft's own force that follow what flies, and to no other."""

from __future__ import annotations

from drones.services.bridging import Standing, note_feed
from forces import clock
from forces.context import ForceRef, ain_force
from tests.drones.devices import Device
from tests.factories.drones import flight_made
from tests.streams.socket_peers import Peers, read

REFUSED = Standing("refused", "rtmp", "no_media")


async def note(force: ForceRef, device: Device, standing: Standing) -> None:
    made = await read(force, lambda: flight_made(device.session_id))
    aircraft_id = made.flight.aircraft_id
    await ain_force(force, note_feed, now=clock.now(), aircraft_id=aircraft_id, standing=standing)


async def test_other_force_and_whoever_does_not_follow_hear_nothing(
    device: Device, peers: Peers, herts: ForceRef, beds: ForceRef
) -> None:
    theirs, elsewhere, officer = await peers.console(beds), await peers.console(herts), await peers.officer(herts)
    await theirs.send("flights.follow")
    await theirs.expect("flights.snapshot")

    await note(herts, device, REFUSED)

    for peer in (theirs, elsewhere, officer):
        await peer.round_trip()
        assert not [frame for frame in peer.seen if frame["type"] == "flight.feed"]


async def test_console_that_follows_hears_each_change_once(device: Device, peers: Peers, herts: ForceRef) -> None:
    await note(herts, device, Standing("waiting", "rtmp"))
    console = await peers.console(herts)
    await console.send("flights.follow")
    await console.expect("flights.snapshot")

    for standing in (REFUSED, REFUSED, Standing("passing", "rtmp", codec="h264")):
        await note(herts, device, standing)

    refused, passing = [await console.expect("flight.feed") for _ in range(2)]
    assert refused["session_id"] == passing["session_id"] == str(device.session_id)
    assert (refused["feed"]["state"], refused["feed"]["trouble"]) == ("refused", "no_media")
    assert (passing["feed"]["state"], passing["feed"]["trouble"], passing["feed"]["codec"]) == ("passing", None, "h264")
    assert refused["at"] <= passing["at"]
    assert passing["seq"] == refused["seq"] + 1
