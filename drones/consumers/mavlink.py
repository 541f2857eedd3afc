"""The port for MAVLink: signed packets of the aircraft that are in the air become telemetry, all others nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any

from drones.services.telemetry import Answer, Message
from drones.signalling.telemetry import TICK_SECONDS, flying_keys, take
from drones.telemetry.fix import AircraftFix
from drones.telemetry.mavlink import MavlinkReader
from forces import clock
from forces.context import ForceRef
from forces.errors import Unavailable
from streams.consumers.limits import TokenBucket
from streams.watchdog import list_forces

log = logging.getLogger(__name__)

KEYS_EVERY_S, TOLD_WITHIN_S = 2.0, 5.0
MOST_LINKS = 1_000
# Of an address that is known an autopilot's whole stream; of all others together what a few ground stations begin with.
LINK_RATE, STRANGERS_RATE = (500.0, 1_000), (100.0, 200)
# Seven packets of the longest kind; senders put one into a datagram, or what fits into an Ethernet frame.
LONGEST_DATAGRAM = 2_048


@dataclass(slots=True)
class Link:
    """One aircraft's key, and what its packets brought since the last tick."""

    force: ForceRef
    reader: MavlinkReader
    bucket: TokenBucket = field(default_factory=lambda: TokenBucket(*LINK_RATE))
    fixes: list[AircraftFix] = field(default_factory=list)


class MavlinkDoor(asyncio.DatagramProtocol):
    """Knows the aircraft in the air by their keys: MAVLink's signing key is the digest under which a key is kept."""

    def __init__(self) -> None:
        """Begin without a key: nothing is taken before `learn_keys`."""
        self.dropped = 0
        self._links: dict[str, Link] = {}
        self._known: dict[Any, str] = {}
        self._strangers = TokenBucket(*STRANGERS_RATE)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Take a datagram in; never raises for what it holds."""
        now, known = time.monotonic(), self._links.get(self._known.get(addr, ""))
        if len(data) > LONGEST_DATAGRAM or (known is not None and not known.bucket.take(now)):
            self.dropped += 1
        elif known is None or not _is_its_own(known, data):
            # Whoever forges an address is a stranger, too: all keys are tried, which costs.
            if self._strangers.take(now):
                self._find(addr, data)
            else:
                self.dropped += 1

    async def learn_keys(self) -> None:
        """Ask every force which keys are of aircraft in the air; what is not any more opens nothing from now on.

        Of a force that cannot tell, those stand that were known before.
        """
        found: dict[str, ForceRef] = {}
        forces = await list_forces()
        answers = await asyncio.gather(*map(_told_keys, forces), return_exceptions=True)
        for force, keys in zip(forces, answers, strict=True):
            if isinstance(keys, BaseException):
                log.error("the keys of a force's aircraft are not known", exc_info=keys, extra={"schema": force.schema})
                found |= {key: force for key, link in self._links.items() if link.force.schema == force.schema}
            else:
                found |= dict.fromkeys(keys, force)
        for key_hash, force in found.items():
            if key_hash not in self._links:
                self._links[key_hash] = Link(force, MavlinkReader(bytes.fromhex(key_hash)))
        for key_hash in set(self._links) - set(found):
            del self._links[key_hash]

    def send_on(self) -> None:
        """Hand on what came since the last tick."""
        for key_hash, link in self._links.items():
            fixes, link.fixes = link.fixes, []
            if fixes:
                try:
                    take(link.force, Message(key_hash, "mavlink", fixes), _note)
                except Unavailable:
                    self.dropped += 1

    async def run(self, stop: asyncio.Event) -> None:
        """Hand on, and look for keys, until told to stop."""
        learning = asyncio.create_task(self._keep_learning())
        try:
            while not stop.is_set():
                self.send_on()
                await asyncio.sleep(TICK_SECONDS)
        finally:
            learning.cancel()

    async def _keep_learning(self) -> None:
        """By itself: what is known goes on to be handed on while a database does not answer."""
        while True:
            try:
                await self.learn_keys()
            except Exception:
                log.exception("the keys of aircraft are not known, those known before stand")
            await asyncio.sleep(KEYS_EVERY_S)

    def _find(self, addr: Any, data: bytes) -> None:
        """Try the keys of all that fly; whoever sends from there is expected to send again."""
        for key_hash, link in self._links.items():
            if _read(link, data):
                self._known.pop(addr, None)
                self._known[addr] = key_hash
                if len(self._known) > MOST_LINKS:
                    del self._known[next(iter(self._known))]
                return
        self.dropped += 1


async def _told_keys(force: ForceRef) -> list[str]:
    """Ask one force; one that hangs is given up, for the others wait for it."""
    async with asyncio.timeout(TOLD_WITHIN_S):
        return await flying_keys(force)


def _read(link: Link, data: bytes) -> bool:
    """Read a datagram as an aircraft's; returns whether anything in it was signed by its key."""
    before = link.reader.accepted
    link.fixes += [found.fix for found in link.reader.read(data, clock.now())]
    return link.reader.accepted > before


def _is_its_own(link: Link, data: bytes) -> bool:
    """Read a datagram from where an aircraft sends; False where something was refused, and nothing was signed."""
    before = link.reader.rejected
    return _read(link, data) or link.reader.rejected == before


def _note(answer: Answer) -> None:
    if answer.error is not None:
        log.warning("telemetry by MAVLink was refused: %s", answer.error.code)
