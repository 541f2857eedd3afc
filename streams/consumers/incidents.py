"""Incidents on sockets: a console looks at one whole, and everybody on it writes to all of them."""

from __future__ import annotations

from typing import ClassVar

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams import wire
from streams.broadcasts import incident_topic
from streams.consumers.shares import Shares
from streams.services.group_text import say
from streams.services.incident_page import view_incident


class Incidents(Shares):
    """The part of a console's socket that looks at one incident."""

    of_incidents: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.IncidentOpen: "incident_open",
        wire.IncidentClose: "incident_close",
        wire.IncidentSay: "incident_say",
    }

    async def incident_open(self, frame: wire.IncidentOpen) -> None:
        """Send one incident whole, and follow it."""
        async with self.topics.anew(incident_topic(frame.incident_id)) as seqs:
            page = await ain_force(self.force, view_incident, actor=self.actor, incident_id=frame.incident_id)
            self.outbox.put(wire.IncidentSnapshot(**page, seqs=seqs, ref=frame.ref))

    async def incident_close(self, frame: wire.IncidentClose) -> None:
        """Follow it no longer."""
        await self.topics.leave(incident_topic(frame.incident_id))

    async def incident_say(self, frame: wire.IncidentSay) -> None:
        """Write to everybody on an incident."""
        await say_on_incident(self.force, self.actor, frame)


async def say_on_incident(force: ForceRef, actor: Actor, frame: wire.IncidentSay) -> None:
    """Keep a message of whoever writes, and pass it on."""
    await ain_force(
        force,
        say,
        actor=actor,
        now=clock.now(),
        incident_id=frame.incident_id,
        client_id=frame.client_id,
        text=frame.text,
    )
