"""What officers are asked to do: the frames of a console that asks, and of an officer's page that answers."""

from __future__ import annotations

from typing import ClassVar

from forces import clock
from forces.context import ain_force
from streams import wire
from streams.consumers.own_session import OwnSession
from streams.consumers.shares import Shares
from streams.services import assignments, view_requests


class Asking(Shares):
    """The part of a console's socket that asks officers."""

    asking: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.AssignmentAsk: "assignment_ask",
        wire.AssignmentEnd: "assignment_end",
        wire.ViewRequestAsk: "view_request",
        wire.ViewWithdraw: "view_withdraw",
    }

    async def assignment_ask(self, frame: wire.AssignmentAsk) -> None:
        """Ask an officer to go to an incident."""
        await ain_force(
            self.force,
            assignments.ask_assignment,
            actor=self.actor,
            now=clock.now(),
            incident_id=frame.incident_id,
            officer_id=frame.officer_id,
            note=frame.note,
        )

    async def assignment_end(self, frame: wire.AssignmentEnd) -> None:
        """Withdraw it, or stand the officer down."""
        end, asked = assignments.end_assignment, frame.assignment_id
        await ain_force(self.force, end, actor=self.actor, now=clock.now(), assignment_id=asked)

    async def view_request(self, frame: wire.ViewRequestAsk) -> None:
        """Ask an officer to go live."""
        await ain_force(
            self.force,
            view_requests.ask_view,
            actor=self.actor,
            now=clock.now(),
            officer_id=frame.officer_id,
            reason=frame.reason,
            incident_id=frame.incident_id,
        )

    async def view_withdraw(self, frame: wire.ViewWithdraw) -> None:
        """Ask no more."""
        withdraw, asked = view_requests.withdraw_view, frame.request_id
        await ain_force(self.force, withdraw, actor=self.actor, now=clock.now(), request_id=asked)


class Answering(OwnSession):
    """The part of an officer's socket that answers."""

    answering: ClassVar[dict[type[wire.ClientFrame], str]] = {
        wire.AssignmentAccept: "assignment_accept",
        wire.AssignmentDecline: "assignment_decline",
        wire.AssignmentDone: "assignment_done",
        wire.ViewAccept: "view_accept",
        wire.ViewDecline: "view_decline",
    }

    async def assignment_accept(self, frame: wire.AssignmentAccept) -> None:
        """Go there."""
        accept, asked = assignments.accept_assignment, frame.assignment_id
        await ain_force(self.force, accept, actor=self.actor, now=clock.now(), assignment_id=asked)

    async def assignment_decline(self, frame: wire.AssignmentDecline) -> None:
        """Do not go there, and say why."""
        decline, asked = assignments.decline_assignment, frame.assignment_id
        await ain_force(
            self.force, decline, actor=self.actor, now=clock.now(), assignment_id=asked, refusal=frame.reason
        )

    async def assignment_done(self, frame: wire.AssignmentDone) -> None:
        """Be done there."""
        finish, asked = assignments.finish_assignment, frame.assignment_id
        await ain_force(self.force, finish, actor=self.actor, now=clock.now(), assignment_id=asked)

    async def view_accept(self, frame: wire.ViewAccept) -> None:
        """Go live as asked; the answer is the page's state."""
        accept, asked = view_requests.accept_view, frame.request_id
        await ain_force(self.force, accept, actor=self.actor, now=clock.now(), request_id=asked)
        await self.began_live(frame.ref)

    async def view_decline(self, frame: wire.ViewDecline) -> None:
        """Do not go live now, and say why."""
        decline, asked = view_requests.decline_view, frame.request_id
        await ain_force(self.force, decline, actor=self.actor, now=clock.now(), request_id=asked, refusal=frame.reason)

    async def began_live(self, ref: str | None) -> None:
        """Send the state of a page whose officer has gone live; it answers the frame `ref`."""
        raise NotImplementedError
