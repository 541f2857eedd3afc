"""Signatures of MAVLink 2: which packet comes from who holds the key, and was not played before.

Pymavlink's own check notes a packet's time stamp before it has looked at the signature, so that one forged packet of
the far future would silence the aircraft; ours notes it afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

BLOCK_BYTES = 13  # link id, 48 bits of time, 48 bits of signature
# An aircraft has a dozen components, and links are a few.
MOST_STREAMS = 1_024
_KEY_BYTES = 32
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_UNIT = timedelta(microseconds=10)
_OLDEST_OF_NEW_STREAM = 6_000_000  # a minute, in units of time

Stream = tuple[int, int, int]


class Signatures:
    """Checks the packets of one key; keeps the newest time stamp of each link, system and component."""

    def __init__(self, key: bytes) -> None:
        """Raise `ValueError` for a key that has not 32 bytes."""
        if len(key) != _KEY_BYTES:
            raise ValueError("a signing key has 32 bytes")
        self._key = key
        self._newest: dict[Stream, int] = {}

    def is_valid(self, packet: bytes, now: datetime) -> bool:
        """Return whether a whole signed MAVLink 2 packet was signed by the key, later than the last of its stream."""
        signed, signature = packet[:-6], packet[-6:]
        expected = hashlib.sha256(self._key + signed).digest()[:6]
        if not hmac.compare_digest(expected, signature):
            return False
        stream = (packet[-BLOCK_BYTES], packet[5], packet[6])
        stamp = int.from_bytes(packet[-12:-6], "little")
        newest = self._newest.get(stream)
        if newest is None:
            if len(self._newest) == MOST_STREAMS:
                return False
            newest = time_stamp(now) - _OLDEST_OF_NEW_STREAM - 1
        if stamp <= newest:
            return False
        self._newest[stream] = stamp
        return True


def time_stamp(moment: datetime) -> int:
    """Return a time as signatures say it: units of 10 microseconds since 2015."""
    return (moment - _EPOCH) // _UNIT
