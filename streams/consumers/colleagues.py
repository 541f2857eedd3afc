"""The part of an officer's socket that watches what the control room shows to the officers on an incident."""

from __future__ import annotations

from abc import ABC
from typing import Any, ClassVar
from uuid import UUID

from forces.errors import DomainError
from streams import signalling, wire
from streams.consumers.own_session import OwnSession
from streams.consumers.watches import Watches


class Colleagues(Watches, OwnSession, ABC):
    """Pictures of the caller and of colleagues. Whatever changes of the officer, what is watched is looked at again."""

    watching: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.StreamWatch: "stream_watch",
        wire.WatchAnswer: "watch_answer",
        wire.WatchCandidate: "watch_candidate",
        wire.WatchLayer: "watch_layer",
        wire.WatchStop: "watch_stop",
    }

    async def wire_message(self, event: dict[str, Any]) -> None:
        """A picture that may be seen no longer is cut as soon as the page is told why."""
        await super().wire_message(event)
        told = event["message"]
        if told["type"] == "watch.ended":
            signalling.drop_watch(self.name, UUID(told["watch_id"]))
        elif self.is_open and told["type"] == "officer.changed":
            await self._or_close(signalling.review_watches(self.force, self.actor, self.name))

    async def refuse(self, error: DomainError) -> None:
        """Say why, and close: who may not be here any more sees no more, either."""
        try:
            await signalling.end_watches_of(self.name)
        finally:
            await super().refuse(error)

    async def finish(self) -> None:
        """End what this page watched."""
        try:
            await signalling.end_watches_of(self.name)
        finally:
            await super().finish()

    async def admitted(self, frame: wire.StreamWatch) -> signalling.WatchOffer:
        """Ask for a place as an officer on the incident."""
        about = {"session_id": frame.session_id, "stream_id": frame.stream_id}
        return await signalling.watch_colleague(self.force, self.actor, self.name, frame.replaces, **about)
