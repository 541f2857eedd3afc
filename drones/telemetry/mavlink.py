"""MAVLink 1 and 2 from datagrams: what is whole, known and, where there is a key, signed becomes fixes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pymavlink.dialects.v20 import common as dialect

from drones.telemetry.fix import AircraftFix
from drones.telemetry.mavlink_signing import BLOCK_BYTES, Signatures
from drones.telemetry.mavlink_system import WANTED, SystemState

# A signature costs whoever forges it nothing, and us a hash for each key: so many in one datagram, and it is let be.
MOST_FORGED = 4
_V1, _V2 = 0xFE, 0xFD
_SIGNED = 0x01
_WANTED_IDS = frozenset(number for number, kind in dialect.mavlink_map.items() if kind.msgname in WANTED)


@dataclass(frozen=True, slots=True)
class SystemFix:
    """A fix of one MAVLink system: 1 to 255, as the aircraft is set."""

    system_id: int
    fix: AircraftFix


class MavlinkReader:
    """Reads the datagrams of one aircraft's link; `rejected` counts what was no packet, damaged, or not signed,
    `accepted` the packets that counted."""

    def __init__(self, key: bytes | None = None) -> None:
        """With a key of 32 bytes only what it signed counts; without one, everything does."""
        self.rejected = 0
        self.accepted = 0
        self._signatures = None if key is None else Signatures(key)
        self._systems: dict[int, SystemState] = {}
        # Decodes only: it is given one whole packet at a time, so that no datagram can spoil the next.
        self._decoder = dialect.MAVLink(None)

    def read(self, datagram: bytes, now: datetime) -> list[SystemFix]:
        """Return the fixes that a datagram brings, in its order; never raises for what it holds."""
        fixes, forged = [], 0
        for packet in self._packets(datagram):
            system_id, component, number = _addresses(packet)
            if number not in _WANTED_IDS or system_id == 0:
                continue
            if not self._is_signed(packet, now):
                self.rejected += 1
                forged += 1
                if forged == MOST_FORGED:
                    break
                continue
            try:
                message = self._decoder.decode(bytearray(packet))
            except dialect.MAVError:
                self.rejected += 1
                continue
            self.accepted += 1
            fix = self._systems.setdefault(system_id, SystemState()).take(message, component, now)
            if fix is not None:
                fixes.append(SystemFix(system_id, fix))
        return fixes

    def _packets(self, datagram: bytes) -> Iterator[bytes]:
        """Cut a datagram into packets by their stated lengths; what does not begin as one ends it."""
        start = 0
        while start < len(datagram):
            length = _packet_length(datagram[start : start + 3])
            if length is None or start + length > len(datagram):
                self.rejected += 1
                return
            yield datagram[start : start + length]
            start += length

    def _is_signed(self, packet: bytes, now: datetime) -> bool:
        """Whether the packet counts: there is no key, or the key signed it."""
        if self._signatures is None:
            return True
        return packet[0] == _V2 and bool(packet[2] & _SIGNED) and self._signatures.is_valid(packet, now)


def _packet_length(head: bytes) -> int | None:
    """Bytes of the packet that begins so; None for none, or for one with flags that nobody knows."""
    if len(head) < 3:
        return None
    if head[0] == _V1:
        return head[1] + 8
    if head[0] != _V2 or head[2] & ~_SIGNED:
        return None
    return head[1] + 12 + (BLOCK_BYTES if head[2] & _SIGNED else 0)


def _addresses(packet: bytes) -> tuple[int, int, int]:
    """System, component and number of the message."""
    if packet[0] == _V1:
        return packet[3], packet[4], packet[5]
    return packet[5], packet[6], int.from_bytes(packet[7:10], "little")
