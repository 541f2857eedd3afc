"""What an officer is told at once, as one page of theirs says that it was seen."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from streams import wire
from streams.services.notices import see_notice


class Notices:
    """The part of an officer's socket that shows notices."""

    force: ForceRef
    noticing: ClassVar[dict[type[wire.ClientFrame], str]] = {wire.NoticeSeen: "notice_seen"}

    @property
    @abstractmethod
    def actor(self) -> Actor:
        """The signed-in officer."""

    async def notice_seen(self, frame: wire.NoticeSeen) -> None:
        """Keep that it was seen; every page of the officer's hears of it."""
        await ain_force(self.force, see_notice, actor=self.actor, now=clock.now(), notice_id=frame.notice_id)
