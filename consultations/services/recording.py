"""A recording is asked for by an officer inside, and stopped by one; nothing is recorded before everybody was asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consultations.broadcasts import tell_board_on_commit, tell_desk_on_commit, tell_inside_on_commit
from consultations.models import Consultation, Place, RecordingConsent, RecordingPart
from consultations.services.consenting import ask_everybody
from consultations.services.effects import Effects
from consultations.services.rounds import close_round_if_answered, stop_all
from consultations.services.segments import close_part, stop_tracks
from consultations.services.standing import lock_consultation, lock_going_on, note, refusals, require_police_inside
from forces.actors import Actor
from forces.audit.services import Operation
from forces.errors import InvalidTransition

REASONS = tuple(RecordingPart.Stop.values)


def ask_to_record(*, actor: Actor, now: datetime, session_id: UUID) -> Effects:
    """Ask every member inside whether they agree; police are told. Returns what is to be recorded at once.

    Where no member is inside there is nobody to ask. Raises `NotPermitted`, `MeetingOver`, `NotInside` or
    `InvalidTransition` while it is asked or recorded already; a refusal is audited.
    """
    with refusals(actor, "recording.ask", session_id):
        consultation = lock_going_on(session_id)
        require_police_inside(actor, session_id)
        if consultation.is_recording:
            raise InvalidTransition("People are being asked, or it is recorded, already.")
        consultation.ask_to_record(now)
    consultation.save()
    note(actor, "recording.ask", Operation.COLLECTION, consultation, round=consultation.recording_round)
    ask_everybody(now, consultation, RecordingConsent.Why.STARTED)
    tell_inside_on_commit(session_id, "recording.changed", on=False, part=None, reason="asking")
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
    return close_round_if_answered(now=now, consultation=consultation)


def stop_recording(*, actor: Actor, now: datetime, session_id: UUID, reason: str = "officer") -> Effects:
    """Stop the recording, or the questions about one. One that is off is fine. Raises `NotInside` and others."""
    with refusals(actor, "recording.stop", session_id):
        consultation = lock_going_on(session_id)
        require_police_inside(actor, session_id)
    if not consultation.is_recording:
        return Effects()
    chosen = reason if reason in REASONS else RecordingPart.Stop.OFFICER
    return stop_all(actor=actor, now=now, consultation=consultation, reason=chosen)


def stop_without_police(*, now: datetime, session_id: UUID) -> Effects:
    """No police are in the call any more: members must not be left alone in a recorded room."""
    consultation = lock_consultation(session_id)
    if not consultation.is_recording or police_inside(session_id):
        return Effects()
    actor = Actor.system("watchdog")
    return stop_all(actor=actor, now=now, consultation=consultation, reason=RecordingPart.Stop.NO_POLICE)


def note_media_server_lost(*, now: datetime, session_id: UUID) -> None:
    """The room is gone at the media server: the part is over; what is live again opens the next one."""
    consultation = lock_consultation(session_id)
    if consultation.recording != Consultation.Recording.ON:
        return
    stop_tracks(actor=Actor.system("watchdog"), now=now, session_id=session_id)
    reason = RecordingPart.Stop.MEDIA_SERVER_LOST
    if close_part(now=now, session_id=session_id, reason=reason):
        tell_inside_on_commit(session_id, "recording.changed", on=True, part=None, reason=reason)


def police_inside(session_id: UUID) -> bool:
    """Whether any of the police has a place in the call."""
    rows = Place.objects.filter(session_id=session_id, purpose=Place.Purpose.CALL, ended_at__isnull=True)
    return rows.exclude(participant__user_id="").exists()
