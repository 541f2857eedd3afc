"""What a member's socket does about being recorded."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from consultations import wire
from consultations.consumers.private import PrivateSocket
from consultations.services import consenting
from consultations.signalling import calls


class ConsentSocket(PrivateSocket, ABC):
    """The part of a socket that agrees to be recorded, or does not."""

    consenting: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.ConsentAnswer: "consent_answer",
        wire.ConsentWithdraw: "consent_withdraw",
    }

    async def consent_answer(self, frame: wire.ConsentAnswer) -> None:
        """Keep a yes or a no."""
        said = {"wording_version": frame.wording_version, "language": frame.language}
        await calls.act_as(
            self.person, consenting.answer_consent, round_number=frame.round, answer=frame.answer, **said
        )
        self.outbox.put(wire.ConsentKept(round=frame.round, answer=frame.answer, ref=frame.ref))

    async def consent_withdraw(self, frame: wire.ConsentWithdraw) -> None:
        """Take a yes back."""
        await calls.act_as(self.person, consenting.withdraw_recording_consent)
        self.outbox.put(wire.ConsentKept(round=0, answer="no", ref=frame.ref))
