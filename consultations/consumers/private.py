"""What both sockets of a consultation do with private talks."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from consultations import wire
from consultations.consumers.receiving import ReceivingSocket
from consultations.services import talks
from consultations.signalling import pages
from consultations.signalling import talks as talking
from consultations.signalling.people import Person


class PrivateSocket(ReceivingSocket, ABC):
    """The part of a socket that speaks in private."""

    private: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.TalkAsk: "talk_ask",
        wire.TalkAccept: "talk_accept",
        wire.TalkDecline: "talk_decline",
        wire.TalkEnd: "talk_end",
    }

    async def tell_talk(self, person: Person) -> None:
        """Tell a page that was loaded again of the private talk that its person is asked for, or in."""
        talk = await pages.find_talk(self.force, person.participant_id)
        frame = pages.talk_frame(talk, person.participant_id)
        if frame is not None:
            self.outbox.put(frame)

    async def talk_ask(self, frame: wire.TalkAsk) -> None:
        """Ask for a private talk."""
        await self.person.act(talks.ask_talk, with_id=frame.with_id)

    async def talk_accept(self, frame: wire.TalkAccept) -> None:
        """Begin one."""
        await talking.accept(self.person, frame.talk_id)

    async def talk_decline(self, frame: wire.TalkDecline) -> None:
        """Do not."""
        await self.person.act(talks.decline_talk, talk_id=frame.talk_id)

    async def talk_end(self, frame: wire.TalkEnd) -> None:
        """End the own one."""
        await talking.end_own(self.person)
