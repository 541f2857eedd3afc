"""MAVLink packets that are damaged, of no kind, unsigned, forged or played again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymavlink.dialects.v20 import common as dialect

from drones.telemetry import mavlink_signing
from drones.telemetry.mavlink import MOST_FORGED, MavlinkReader
from tests.drones.mavlink_peers import KEY, NOW, Aircraft, only


@pytest.mark.parametrize("cut", [1, 2, 9, 20])
def test_packet_cut_short_is_rejected(cut: int) -> None:
    reader = MavlinkReader()

    assert reader.read(Aircraft().position()[:-cut], NOW) == []
    assert reader.rejected == 1


def test_damaged_packet_is_rejected_and_the_next_one_read() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()
    damaged = bytearray(aircraft.position())
    damaged[12] ^= 0x40

    assert len(reader.read(bytes(damaged) + aircraft.position(), NOW)) == 1
    assert reader.rejected == 1


def test_message_of_another_dialect_is_passed_over() -> None:
    reader, aircraft = MavlinkReader(), Aircraft()
    unknown = bytes([0xFD, 3, 0, 0, 0, 7, 1, 0x40, 0x42, 0x0F, 1, 2, 3, 0, 0])

    assert len(reader.read(unknown + aircraft.position(), NOW)) == 1
    assert reader.rejected == 0


@pytest.mark.parametrize(
    "junk", [b"\x00", b"GET / HTTP/1.1\r\n\r\n", b"\xfd", b"\xfd\xff\x02" + bytes(300), b"\xfe\xff"]
)
def test_junk_is_rejected(junk: bytes) -> None:
    reader = MavlinkReader()

    assert reader.read(junk, NOW) == []
    assert reader.rejected == 1


@settings(deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda tail: Aircraft().position()[:13] + tail))
def test_anything_at_all_raises_nothing(datagram: bytes) -> None:
    reader = MavlinkReader()

    reader.read(datagram, NOW)

    assert only(reader, Aircraft().position()).latitude == 51.79571


def test_unsigned_packet_is_refused_where_there_is_a_key() -> None:
    reader = MavlinkReader(KEY)
    message = dialect.MAVLink_global_position_int_message(0, 517_957_100, -810_200, 0, 0, 0, 0, 0, 0)

    assert reader.read(Aircraft().position(), NOW) == []
    assert reader.read(Aircraft().say(message, as_version_1=True), NOW) == []
    assert reader.rejected == 2


def test_packet_signed_by_another_key_is_refused() -> None:
    reader = MavlinkReader(KEY)

    assert reader.read(Aircraft(key=bytes(32)).position(), NOW) == []
    assert reader.rejected == 1


def test_packet_signed_by_the_key_is_read_once_and_its_replay_refused() -> None:
    reader, aircraft = MavlinkReader(KEY), Aircraft(key=KEY)
    first, second = aircraft.position(), aircraft.position()

    assert len(reader.read(first, NOW)) == 1
    assert len(reader.read(second, NOW)) == 1
    assert reader.read(first, NOW) == []
    assert reader.read(second, NOW) == []
    assert reader.rejected == 2


def test_signed_packet_that_was_changed_on_its_way_is_refused() -> None:
    packet = bytearray(Aircraft(key=KEY).position())
    packet[12] ^= 1
    crc = dialect.x25crc(bytes(packet[1:-15]) + bytes([104])).crc  # 104 belongs to the message
    packet[-15:-13] = crc.to_bytes(2, "little")

    # Whoever has no key can mend the checksum, and not the signature.
    assert len(MavlinkReader().read(bytes(packet), NOW)) == 1
    assert MavlinkReader(KEY).read(bytes(packet), NOW) == []


@pytest.mark.parametrize(("age_s", "count"), [(59, 1), (61, 0), (86_400, 0), (-86_400, 1)])
def test_new_stream_begins_a_minute_ago_at_most(age_s: float, count: int) -> None:
    aircraft = Aircraft(key=KEY, at=NOW - timedelta(seconds=age_s))

    assert len(MavlinkReader(KEY).read(aircraft.position(), NOW)) == count


def test_forged_packet_of_the_future_does_not_silence_the_aircraft() -> None:
    reader, aircraft = MavlinkReader(KEY), Aircraft(key=KEY)
    assert len(reader.read(aircraft.position(), NOW)) == 1

    reader.read(Aircraft(key=bytes(32), at=NOW + timedelta(days=365)).position(), NOW)

    assert len(reader.read(aircraft.position(), NOW)) == 1


@pytest.mark.parametrize(("forged", "count"), [(MOST_FORGED - 1, 1), (MOST_FORGED, 0)])
def test_datagram_of_forged_packets_is_let_be_after_a_few(forged: int, count: int) -> None:
    reader, other = MavlinkReader(KEY), Aircraft(key=bytes(32))
    datagram = b"".join(other.position() for _ in range(forged)) + Aircraft(key=KEY).position()

    assert len(reader.read(datagram, NOW)) == count
    assert reader.rejected == forged


def test_key_that_claims_ever_new_links_is_remembered_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mavlink_signing, "MOST_STREAMS", 2)
    reader, known = MavlinkReader(KEY), [Aircraft(system, key=KEY) for system in (1, 2)]

    assert [len(reader.read(one.position(), NOW)) for one in known] == [1, 1]
    assert reader.read(Aircraft(3, key=KEY).position(), NOW) == []
    assert [len(reader.read(one.position(), NOW)) for one in known] == [1, 1]


def test_each_component_and_link_has_a_stream_of_its_own() -> None:
    reader, aircraft = MavlinkReader(KEY), Aircraft(key=KEY)
    gimbal = Aircraft(component=154, key=KEY, at=NOW - timedelta(seconds=30))
    reader.read(aircraft.position(), NOW)

    reader.read(gimbal.mount(yaw=0, pitch=-30, roll=0), NOW)

    assert only(reader, aircraft.position()).gimbal_pitch_deg == -30


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_key_of_another_length_is_none(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        MavlinkReader(key)
