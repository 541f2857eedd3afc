"""The officers on duty that one console follows."""

from __future__ import annotations

from forces import clock
from forces.context import ain_force
from streams import wire
from streams.broadcasts import OFFICERS
from streams.consumers.shares import Shares
from streams.services.officer_map import view_officers


class Officers(Shares):
    """The part of a console's socket that looks where officers are."""

    async def officers_follow(self, frame: wire.OfficersFollow) -> None:
        """Send every officer on duty, and follow them."""
        async with self.topics.anew(OFFICERS) as seqs:
            found = await ain_force(self.force, view_officers, actor=self.actor)
            now = wire.wire_time(clock.now())
            self.outbox.put(wire.OfficersSnapshot(now=now, officers=found, seqs=seqs, ref=frame.ref))

    async def officers_leave(self, frame: wire.OfficersLeave) -> None:
        """Follow them no longer."""
        await self.topics.leave(OFFICERS)
