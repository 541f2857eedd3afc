"""Ports: every set of daemons has a block of 400 of its own, far from the standard ports of any of them."""

import random
import socket
from dataclasses import dataclass, replace

from config.services.programs import ServiceError

BLOCK_SIZE = 400
_FIRST = 12000
_LAST = 32000  # Linux hands out ports for outgoing connections from 32768 on
_SINGLE_PORTS = 20


@dataclass(frozen=True)
class Ports:
    """The ports of one set of daemons: 20 single ones, then Janus's RTP, SRT of aircraft, and coturn's relay ranges.

    Of the single ones the 13th to 15th are cameras of a demonstration's aircraft (`drones/services/demo.py`).
    """

    base: int
    public: int
    """Port of nginx's public server: what a browser is given."""

    @property
    def janus(self) -> int:
        """Return the port of Janus's WebSocket."""
        return self.base

    @property
    def janus_admin(self) -> int:
        """Return the port of Janus's admin WebSocket."""
        return self.base + 1

    @property
    def postgres(self) -> int:
        """Return Postgres's port."""
        return self.base + 2

    @property
    def redis(self) -> int:
        """Return Redis's port."""
        return self.base + 3

    @property
    def coturn(self) -> int:
        """Return coturn's port, UDP and TCP."""
        return self.base + 4

    @property
    def machine(self) -> int:
        """Return the port of nginx's loopback server for the doors of machines."""
        return self.base + 6

    @property
    def rtmp(self) -> int:
        """Return the port on which aircraft and encoders push by RTMP."""
        return self.base + 7

    def web(self, number: int = 0) -> int:
        """Return the port of the web process ``number`` (0 to 3)."""
        return self.base + 8 + number

    @property
    def mavlink(self) -> int:
        """Return the UDP port on which aircraft say by MAVLink where they are."""
        return self.base + 15

    @property
    def coturn_tls(self) -> int:
        """Return coturn's port for TURN over TLS, where it has a certificate."""
        return self.base + 16

    def with_public(self, port: int) -> "Ports":
        """Return the same block with another port for people."""
        return replace(self, public=port)

    @property
    def rtmps(self) -> int:
        """Return the port on which aircraft and encoders push by RTMP in TLS."""
        return self.base + 16

    @property
    def rtmp_inside(self) -> int:
        """Return the port on loopback at which the RTMP server itself listens, for what is let in and for bridges."""
        return self.base + 17

    @property
    def rtp(self) -> tuple[int, int]:
        """Return the first and last UDP port for media."""
        return self.base + _SINGLE_PORTS, self.base + 279

    @property
    def srt(self) -> tuple[int, int]:
        """Return the first and last UDP port on which encoders call by SRT, each aircraft's its own."""
        return self.base + 280, self.base + 299

    @property
    def relay(self) -> tuple[int, int]:
        """Return the first and last UDP port coturn relays from."""
        return self.base + 300, self.base + BLOCK_SIZE - 1


class PortBlock:
    """A block held against every other process of this machine until ``release`` or our own end."""

    def __init__(self, base: int, claim: socket.socket) -> None:
        self.ports = Ports(base, public=base + 5)
        self._claim = claim

    @classmethod
    def take(cls, preferred: int | None = None) -> "PortBlock":
        """Take a free block; raises ``ServiceError`` when there is none."""
        bases = list(range(_FIRST, _LAST, BLOCK_SIZE))
        random.shuffle(bases)
        if preferred is not None:
            bases.insert(0, preferred)
        for base in bases:
            claim = _claim_block(base)
            if claim is not None:
                return cls(base, claim)
        raise ServiceError("no free block of ports on this machine")

    def release(self) -> None:
        """Let others have the block; listening daemons still hold their ports."""
        self._claim.close()


def block_for(seed: str) -> int:
    """Return the base of the block that ``seed`` (a clone's path) would like to have."""
    return random.Random(seed).randrange(_FIRST, _LAST, BLOCK_SIZE)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a TCP port can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def is_block_free(base: int) -> bool:
    """Tell whether all single ports of a block can be bound."""
    return all(is_free(port) for port in range(base, base + _SINGLE_PORTS))


def _claim_block(base: int) -> socket.socket | None:
    # A name in the abstract namespace is machine-wide, needs no file and goes with its process.
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f"\0sightline-ports-{base}")
    except OSError:
        claim.close()
        return None
    if is_block_free(base):
        return claim
    claim.close()
    return None
