"""What both sockets of a consultation do with what is said beside the sound."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from consultations import wire
from consultations.consumers.private import PrivateSocket
from consultations.services import chat, hands


class WordsSocket(PrivateSocket, ABC):
    """The part of a socket that writes, and raises a hand."""

    wording: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.CallSay: "call_say",
        wire.CallHand: "call_hand",
    }

    async def call_say(self, frame: wire.CallSay) -> None:
        """Write to everybody in the call."""
        await self.person.act(chat.say, client_id=frame.client_id, text=frame.text)

    async def call_hand(self, frame: wire.CallHand) -> None:
        """Raise the own hand, or take it down."""
        await self.person.act(hands.raise_hand, up=frame.up)
