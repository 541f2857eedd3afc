"""What both sockets of a consultation do with what is received: answer offers, choose sizes."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from consultations import wire
from consultations.consumers.seat import SeatSocket
from streams.signalling.candidates import candidate_of


class ReceivingSocket(SeatSocket, ABC):
    """The part of a socket that receives."""

    receiving: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.ReceptionAnswer: "reception_answer",
        wire.ReceptionCandidate: "reception_candidate",
        wire.ReceptionRestart: "reception_restart",
        wire.CallLayers: "call_layers",
    }

    async def reception_answer(self, frame: wire.ReceptionAnswer) -> None:
        """Hand an answer to the tuner."""
        if self.seat is not None and self.seat.tuner is not None:
            self.seat.tuner.answer(frame.reception_id, frame.offer, frame.sdp)

    async def reception_candidate(self, frame: wire.ReceptionCandidate) -> None:
        """Pass a candidate on."""
        if self.seat is not None and self.seat.tuner is not None:
            await self.seat.tuner.trickle(frame.reception_id, candidate_of(frame.candidate))

    async def reception_restart(self, frame: wire.ReceptionRestart) -> None:
        """Have the reception offered anew."""
        if self.seat is not None and self.seat.tuner is not None:
            self.seat.tuner.renew(frame.reception_id)

    async def call_layers(self, frame: wire.CallLayers) -> None:
        """Show each picture in the size of its tile."""
        if self.seat is not None and self.seat.tuner is not None:
            await self.seat.tuner.choose_layers(frame.wanted)
