"""The aircraft in the air that one console follows."""

from __future__ import annotations

from forces import clock
from forces.context import ain_force
from streams import wire
from streams.broadcasts import FLIGHTS
from streams.consumers.officers import Officers
from streams.services.flight_map import view_flying


class Flights(Officers):
    """The part of a console's socket that looks where aircraft are."""

    async def flights_follow(self, frame: wire.FlightsFollow) -> None:
        """Send every aircraft that has said where it is, and follow them."""
        async with self.topics.anew(FLIGHTS) as seqs:
            found = await ain_force(self.force, view_flying, actor=self.actor)
            now = wire.wire_time(clock.now())
            self.outbox.put(wire.FlightsSnapshot(now=now, flights=found, seqs=seqs, ref=frame.ref))
