"""Frames about what officers are asked to do: the control room's, and the officer's answers."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from streams.wire.fields import ClientFrame

Note = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
Why = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
OfficerId = Annotated[str, Meta(max_length=9, pattern=r"^[0-9]+$")]
AssignmentRefusal = Literal["committed", "too_far", "not_equipped", "end_of_shift", "other"]
ViewRefusal = Literal["not_safe", "busy", "no_signal", "other"]


class AssignmentAsk(ClientFrame, frozen=True, tag="assignment.ask"):
    """Asks an officer to go to an incident."""

    incident_id: UUID
    officer_id: OfficerId
    note: Note = ""


class AssignmentEnd(ClientFrame, frozen=True, tag="assignment.end"):
    """Withdraws what was asked, or stands the officer down."""

    assignment_id: UUID


class ViewRequestAsk(ClientFrame, frozen=True, tag="view.request"):
    """Asks an officer to go live, for an incident or without."""

    officer_id: OfficerId
    reason: Why
    incident_id: UUID | None = None


class ViewWithdraw(ClientFrame, frozen=True, tag="view.withdraw"):
    """Asks no more."""

    request_id: UUID


class AssignmentAccept(ClientFrame, frozen=True, tag="assignment.accept"):
    """The officer goes."""

    assignment_id: UUID


class AssignmentDecline(ClientFrame, frozen=True, tag="assignment.decline"):
    """The officer does not go."""

    assignment_id: UUID
    reason: AssignmentRefusal


class AssignmentDone(ClientFrame, frozen=True, tag="assignment.done"):
    """The officer is done there."""

    assignment_id: UUID


class ViewAccept(ClientFrame, frozen=True, tag="view.accept"):
    """The officer goes live as asked; the answer is the page's state."""

    request_id: UUID


class ViewDecline(ClientFrame, frozen=True, tag="view.decline"):
    """The officer does not go live now."""

    request_id: UUID
    reason: ViewRefusal


AskingFrame = AssignmentAsk | AssignmentEnd | ViewRequestAsk | ViewWithdraw
AnsweringFrame = AssignmentAccept | AssignmentDecline | AssignmentDone | ViewAccept | ViewDecline
