"""The port for MAVLink: whose packets are taken, and what a flood or a stranger does to others."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError
from pymavlink.dialects.v20 import common as dialect

from config.services.processes import is_bound_to_udp
from drones.consumers import mavlink
from drones.consumers.mavlink import STRANGERS_RATE, MavlinkDoor
from drones.management.commands.run_telemetry import address
from drones.services.flights import land_flight
from drones.signalling import telemetry
from forces import clock
from forces.accounts.tokens import hash_token
from forces.context import ForceRef, ain_force
from tests.drones.devices import Device, in_the_air, launch
from tests.drones.mavlink_peers import Aircraft
from tests.drones.telemetry_peers import points
from tests.factories.streams import person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read, until_rows


class Sender:
    """A ground station that signs by an aircraft's key and sends to a port."""

    def __init__(self, port: int, key: str, system: int = 7) -> None:
        signing = bytes.fromhex(hash_token(key)) if key else None
        self.aircraft = Aircraft(system, key=signing, at=clock.now())
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))

    def send(self, data: bytes | None = None) -> bytes:
        packet = self.aircraft.position() if data is None else data
        self.socket.send(packet)
        return packet


@asynccontextmanager
async def listening(when_known: Callable[[], object] = bool) -> AsyncIterator[tuple[MavlinkDoor, int]]:
    """A port that knows the keys of what flies; `when_known` is called before it takes anything."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    transport, door = await loop.create_datagram_endpoint(MavlinkDoor, local_addr=("127.0.0.1", 0))
    await door.learn_keys()
    when_known()
    running = asyncio.create_task(door.run(stop))
    try:
        yield door, transport.get_extra_info("sockname")[1]
    finally:
        stop.set()
        await running
        transport.close()


async def test_signed_packets_of_an_aircraft_in_the_air_are_kept(device: Device, herts: ForceRef) -> None:
    async with listening() as (_, port):
        Sender(port, device.key).send()
        await until_rows(herts, points)

    (point,) = await read(herts, points)
    assert (point.session_id, point.latitude, point.heading_deg) == (device.session_id, 51.79571, 271.5)


@pytest.mark.parametrize("key", ["", "sla_wrong"])
async def test_unsigned_and_wrongly_signed_packets_are_dropped(device: Device, herts: ForceRef, key: str) -> None:
    async with listening() as (door, port):
        Sender(port, key).send()
        Sender(port, device.key).send()
        await until_rows(herts, points)

    assert len(await read(herts, points)) == 1
    assert door.dropped == 1


async def test_garbage_is_dropped_and_the_next_packet_taken(device: Device, herts: ForceRef) -> None:
    async with listening() as (door, port):
        sender = Sender(port, device.key)
        for junk in (b"\x00", b"GET / HTTP/1.1\r\n\r\n", b"\xfd" + bytes(600)):
            sender.send(junk)
        sender.send()
        await until_rows(herts, points)

    assert door.dropped == 3


async def test_packet_that_is_played_again_from_elsewhere_is_dropped(device: Device, herts: ForceRef) -> None:
    async with listening() as (door, port):
        packet = Sender(port, device.key).send()
        await until_rows(herts, points)
        Sender(port, "").send(packet)
        await asyncio.sleep(0.5)

    assert (len(await read(herts, points)), door.dropped) == (1, 1)


async def test_flood_of_strangers_stops_nobody_who_is_known(device: Device, herts: ForceRef) -> None:
    async with listening() as (door, port):
        known = Sender(port, device.key)
        known.send()
        await until_rows(herts, points)
        stranger = Sender(port, "sla_wrong")
        for number in range(3 * STRANGERS_RATE[1]):
            stranger.send(b"\xfd")
            if number % 50 == 0:
                await asyncio.sleep(0.01)  # or the kernel itself would drop what follows
        known.send(known.aircraft.position(lat=517_958_000))
        await until_rows(herts, lambda: len(points()) == 2)

    assert door.dropped > STRANGERS_RATE[1]


async def test_packets_that_are_not_needed_make_nobody_a_stranger(device: Device, herts: ForceRef) -> None:
    async with listening() as (door, port):
        sender = Sender(port, device.key)
        sender.send()
        await until_rows(herts, points)
        for number in range(2 * STRANGERS_RATE[1]):
            sender.send(sender.aircraft.say(dialect.MAVLink_vfr_hud_message(0, 0, 0, 0, 0, 0)))
            if number % 50 == 0:
                await asyncio.sleep(0.01)
        # From elsewhere: it is known by its key, once it is read at all.
        moved = Sender(port, "")
        moved.send(sender.aircraft.position(lat=517_958_000))
        await until_rows(herts, lambda: len(points()) == 2)

    assert door.dropped == 0


async def test_datagram_that_is_too_long_is_not_read(device: Device, herts: ForceRef) -> None:
    async with listening() as (door, port):
        sender = Sender(port, device.key)
        sender.send(b"".join(sender.aircraft.position() for _ in range(60)))
        sender.send()
        await until_rows(herts, points)

    assert (len(await read(herts, points)), door.dropped) == (1, 1)


async def test_database_that_hangs_holds_up_nothing_that_is_known(
    device: Device, herts: ForceRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(lambda: monkeypatch.setattr(mavlink, "list_forces", hang)) as (_, port):
        Sender(port, device.key).send()
        await until_rows(herts, points)


async def hang() -> list[ForceRef]:
    await asyncio.sleep(1000)
    return []


@pytest.mark.parametrize("is_hanging", [True, False])
async def test_force_that_cannot_tell_its_keys_keeps_them_and_no_other_waits_for_it(
    device: Device,
    gateway: FakeGateway,
    herts: ForceRef,
    beds: ForceRef,
    monkeypatch: pytest.MonkeyPatch,
    is_hanging: bool,
) -> None:
    theirs = await in_the_air(beds, gateway, "THEIRS")

    async def flying_keys(force: ForceRef) -> list[str]:
        if force.schema == "beds" and is_hanging:
            await asyncio.sleep(1000)
        if force.schema == "beds":
            raise OperationalError("the connection is closed")
        return await telemetry.flying_keys(force)

    async with listening() as (door, port):
        monkeypatch.setattr(mavlink, "TOLD_WITHIN_S", 0.5)
        monkeypatch.setattr(mavlink, "flying_keys", flying_keys)
        launched, _ = await ain_force(herts, launch, "LATER")
        await door.learn_keys()
        Sender(port, theirs.key).send()
        Sender(port, launched, system=8).send()
        await until_rows(beds, points)
        await until_rows(herts, points)


def test_port_that_takes_datagrams_is_known_to_be_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert is_bound_to_udp(port)
    assert not is_bound_to_udp(port)


async def test_aircraft_that_has_landed_is_no_more_known(device: Device, herts: ForceRef) -> None:
    async with listening() as (door, port):
        sender = Sender(port, device.key)
        sender.send()
        await until_rows(herts, points)
        at = clock.now() + timedelta(seconds=1)
        await ain_force(herts, lambda: land_flight(actor=person(), now=at, session_id=device.session_id))
        await door.learn_keys()
        sender.send()
        await asyncio.sleep(0.5)

    assert (len(await read(herts, points)), door.dropped) == (1, 1)


async def test_each_force_takes_what_its_own_keys_signed(
    device: Device, gateway: FakeGateway, herts: ForceRef, beds: ForceRef
) -> None:
    theirs = await in_the_air(beds, gateway, "THEIRS")
    async with listening() as (_, port):
        Sender(port, theirs.key).send()
        await until_rows(beds, points)

    assert [point.session_id for point in await read(beds, points)] == [theirs.session_id]
    assert await read(herts, points) == []


@pytest.mark.parametrize(("text", "expected"), [("127.0.0.1:14550", ("127.0.0.1", 14_550)), ("[::1]:0", ("::1", 0))])
def test_address_to_listen_on_is_read(text: str, expected: tuple[str, int]) -> None:
    assert address(text) == expected


@pytest.mark.parametrize("text", ["14550", ":14550", "127.0.0.1:", "127.0.0.1:70000"])
def test_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="an address reads like"):
        address(text)
