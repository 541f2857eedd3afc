"""The part of an officer's socket that says where the officer is while on duty."""

from __future__ import annotations

from abc import ABC
from typing import Any
from uuid import UUID

from forces import clock
from forces.errors import DomainError
from streams import signalling, wire
from streams.consumers.dispatcher import error_frame
from streams.consumers.fixes import fix_on_duty
from streams.consumers.own_session import OwnSession


class Duty(OwnSession, ABC):
    """Positions of a shift. Which one goes on is asked once, and anew whenever the officer's topic says a change."""

    shift_id: UUID | None = None
    duty_changes = 0

    async def wire_message(self, event: dict[str, Any]) -> None:
        """What is known of the shift counts until something of the officer changes, by whichever of their pages."""
        if event["message"]["type"] == "officer.changed":
            self._forget_shift()
        await super().wire_message(event)

    async def duty_fixes(self, frame: wire.DutyFixes) -> None:
        """Take positions in; they are acknowledged when they are durable."""
        shift_id = self.shift_id or await self._find_shift()
        sent = len(frame.fixes)

        def told(kept: int, is_doubtful: bool, error: DomainError | None) -> None:
            if error is None:
                kept_frame = wire.DutyKept(count=kept, refused=sent - kept, is_doubtful=is_doubtful, ref=frame.ref)
                self.outbox.put(kept_frame)
            else:
                self._forget_shift()
                self.outbox.put(error_frame(error, frame.ref))

        fixes = [fix_on_duty(fix) for fix in frame.fixes]
        signalling.take_fixes(self.force, self.actor, shift_id, fixes, clock.now(), told)

    async def _find_shift(self) -> UUID:
        changes = self.duty_changes
        found = await signalling.find_duty(self.force, self.actor)
        if changes == self.duty_changes:  # it may have ended while it was read
            self.shift_id = found
        return found

    def _forget_shift(self) -> None:
        self.shift_id = None
        self.duty_changes += 1
