"""The part of an officer's socket that writes to everybody on the incident."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from streams import wire
from streams.consumers.incidents import say_on_incident
from streams.consumers.own_session import OwnSession


class GroupText(OwnSession, ABC):
    """What an officer says to the others on the incident; what they say comes on the officer's own topic."""

    of_incident: ClassVar[dict[type[wire.ClientFrame], str]] = {wire.IncidentSay: "incident_say"}

    async def incident_say(self, frame: wire.IncidentSay) -> None:
        """Write to everybody on an incident."""
        await say_on_incident(self.force, self.actor, frame)
