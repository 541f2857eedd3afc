"""Frames of an officer's desk and board alone, to `/ws/consultation/`."""

from __future__ import annotations

from uuid import UUID

from consultations.wire.fields import Code, Count, Said
from streams.wire import ClientFrame


class BoardOpen(ClientFrame, frozen=True, tag="board.open"):
    """Follow the board; the answer is `board.snapshot`."""


class DeskOpen(ClientFrame, frozen=True, tag="desk.open"):
    """Follow one consultation; the answer is `desk.snapshot`. Whoever is asked to come waits from now on."""

    session_id: UUID


class DeskClose(ClientFrame, frozen=True, tag="desk.close"):
    """Follow it no longer."""


class ConsultationTake(ClientFrame, frozen=True, tag="consultation.take"):
    """Lead the consultation that is open at this desk, and be in."""


class CallEnd(ClientFrame, frozen=True, tag="call.end"):
    """End it for all."""

    reason: Code = "ended"


class RoomLock(ClientFrame, frozen=True, tag="room.lock"):
    """Let nobody else in, or again."""

    on: bool


class PersonAdmit(ClientFrame, frozen=True, tag="person.admit"):
    """Let somebody in who waits."""

    participant_id: UUID
    admission: Count


class PersonSendAway(ClientFrame, frozen=True, tag="person.send_away"):
    """Ask somebody who waits to come another time."""

    participant_id: UUID
    admission: Count
    text: Said


class PersonPutBack(ClientFrame, frozen=True, tag="person.put_back"):
    """Put somebody back into the waiting room."""

    participant_id: UUID
    admission: Count


class PersonRemove(ClientFrame, frozen=True, tag="person.remove"):
    """Put somebody out for good."""

    participant_id: UUID
    admission: Count
    reason: Code = ""


class PersonMute(ClientFrame, frozen=True, tag="person.mute"):
    """Ask somebody to mute themselves."""

    participant_id: UUID


class CautionState(ClientFrame, frozen=True, tag="caution.state"):
    """Set a caution down; `goes_on`: under a banner, else the call ends."""

    participant_id: UUID
    reason: Said
    goes_on: bool


class CautionLift(ClientFrame, frozen=True, tag="caution.lift"):
    """Take the standing caution off."""


class SignalSeen(ClientFrame, frozen=True, tag="signal.seen"):
    """A silent signal was seen; the consultation is named where no desk of it is open."""

    signal_id: UUID
    session_id: UUID | None = None


DESK_FRAMES = (
    BoardOpen,
    DeskOpen,
    DeskClose,
    ConsultationTake,
    CallEnd,
    RoomLock,
    PersonAdmit,
    PersonSendAway,
    PersonPutBack,
    PersonRemove,
    PersonMute,
    CautionState,
    CautionLift,
    SignalSeen,
)
