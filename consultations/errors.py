"""The facts that stop an act in a consultation; codes are stable."""

from __future__ import annotations

from forces.errors import DomainError, InvalidInput, NotPermitted


class TooEarly(DomainError):
    """The waiting room is not open yet; `details` has `opens_at` (HTTP 409)."""

    code = "too_early"
    http_status = 409
    message = "The waiting room is not open yet."


class MeetingOver(DomainError):
    """The consultation has ended, was cancelled or missed (HTTP 410)."""

    code = "meeting_over"
    http_status = 410
    message = "This meeting is over."


class Removed(DomainError):
    """The person was removed, and does not come back (HTTP 410)."""

    code = "removed"
    http_status = 410
    message = "This meeting is over."


class WasRemoved(DomainError):
    """Somebody with that number or address was removed from this consultation (HTTP 409)."""

    code = "was_removed"
    http_status = 409
    message = "Somebody with this number or address was removed from this consultation."


class OtherUnit(NotPermitted):
    """The consultation is another team's (HTTP 403)."""

    code = "other_unit"
    message = "This consultation is another team's. A supervisor can take it."


class NotLeader(NotPermitted):
    """Only whoever leads the consultation may do this (HTTP 403)."""

    code = "not_leader"
    message = "Only the officer who leads the consultation may do this."


class NotInside(NotPermitted):
    """Only an officer who is in the call may do this (HTTP 403)."""

    code = "not_inside"
    message = "Only an officer who is in the call may do this."


class Stale(DomainError):
    """The person's place in the consultation has changed since the page knew of it (HTTP 409)."""

    code = "stale"
    http_status = 409
    message = "This has changed meanwhile. Look again."


class NotWaiting(DomainError):
    """The person does not wait (HTTP 409)."""

    code = "not_waiting"
    http_status = 409
    message = "This person is not in the waiting room."


class NotAdmitted(DomainError):
    """A place in the call was asked for by somebody who was not let in (HTTP 409)."""

    code = "not_admitted"
    http_status = 409
    message = "You have not been let in yet."


class RoomLocked(DomainError):
    """The room is locked: nobody else comes in (HTTP 409)."""

    code = "room_locked"
    http_status = 409
    message = "The room is locked. Nobody else can come in."


class RoomFull(DomainError):
    """Twelve people are in the call (HTTP 409)."""

    code = "room_full"
    http_status = 409
    message = "Twelve people are in the call already."


class TooManyPeople(DomainError):
    """A consultation has as many people as it may (HTTP 409)."""

    code = "too_many_people"
    http_status = 409
    message = "A consultation has 24 people at most."


class ConsentUnanswered(DomainError):
    """A recording is asked for or goes on, and the person has not said yes or no to it (HTTP 409)."""

    code = "consent_unanswered"
    http_status = 409
    message = "Say first whether you agree to be recorded."


class RoundOver(DomainError):
    """Another round of questions about the recording is the present one (HTTP 409)."""

    code = "round_over"
    http_status = 409
    message = "This question is over."


class TalkBusy(DomainError):
    """One of the two is in another private talk, or was asked for one (HTTP 409)."""

    code = "talk_busy"
    http_status = 409
    message = "One of the two is in another private talk."


class TalkOver(DomainError):
    """The private talk has ended (HTTP 409)."""

    code = "talk_over"
    http_status = 409
    message = "This private talk is over."


class PlaceOver(DomainError):
    """The place has ended meanwhile (HTTP 409)."""

    code = "place_over"
    http_status = 409
    message = "Your place in the call has ended. Come in again."


class BusyScreen(DomainError):
    """Somebody else shares a screen (HTTP 409)."""

    code = "busy_screen"
    http_status = 409
    message = "Somebody else is sharing a screen."


class AlreadyOver(DomainError):
    """The consultation is over already (HTTP 409)."""

    code = "already_over"
    http_status = 409
    message = "This consultation is over already."


class NoContact(InvalidInput):
    """Neither a telephone number nor an e-mail address was given (HTTP 400)."""

    code = "no_contact"
    message = "Give a mobile number or an e-mail address."


class NameEmpty(InvalidInput):
    """Nothing is left of a name once what cannot be shown is taken out (HTTP 400)."""

    code = "name_empty"
    message = "Type a name of 1 to 300 characters."


class OutsideContactTimes(DomainError):
    """It is not a safe time to write to this person; `details` has `next` (HTTP 409)."""

    code = "outside_contact_times"
    http_status = 409
    message = "It is not a safe time to write to this person now."
