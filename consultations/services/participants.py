"""People of a consultation: added, withdrawn, sent their link again, or let in with another browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from consultations.broadcasts import (
    tell_board_on_commit,
    tell_desk_on_commit,
    tell_visit_on_commit,
    tell_waiting_on_commit,
)
from consultations.contact_times import is_inside, next_inside
from consultations.errors import NoContact, OutsideContactTimes, RoomLocked, TooManyPeople, WasRemoved
from consultations.limits import MOST_PEOPLE, QUESTIONS_STAND
from consultations.models import POLICE, Consultation, MeetingLink, Message, Participant
from consultations.selectors import require_shown
from consultations.services.effects import Effects, detaching
from consultations.services.entrance import return_to_waiting
from consultations.services.leading import join_police
from consultations.services.messages import drop_messages, make_message, make_messages, meeting_link_of
from consultations.services.participant_names import clean_name
from consultations.services.places import end_place
from consultations.services.standing import find_open_place, lock_going_on, lock_person, note, refusals
from consultations.services.talks import end_talks_of
from consultations.services.visiting import new_arming
from forces.accounts.models import User
from forces.accounts.permissions import Permission, may
from forces.actors import Actor
from forces.audit.services import Operation
from forces.context import current_force
from forces.errors import InvalidInput, NotFound
from forces.languages import base_language
from forces.messaging.addresses import normalise_email_address
from forces.messaging.numbers import normalise_mobile_number
from streams.services.link_standing import LinkWithdrawn
from streams.services.links import hash_of, token_of
from streams.services.notices import notify_officer_on_commit
from streams.shapes import iso


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """Who is asked to come: a user of the force, or somebody with a number or an address."""

    role: str
    name: str = ""
    phone_number: str = ""
    email_address: str = ""
    language: str = "en"
    safe_mode: bool = False
    contact_from: time | None = None
    contact_to: time | None = None
    user_id: str = ""


def add_participant(*, actor: Actor, now: datetime, session_id: UUID, plan: PersonPlan, anyway: bool = False) -> UUID:
    """Ask somebody else to come, before the call or during it; returns their id.

    Raises `NotPermitted`, `OtherUnit`, `MeetingOver`, `RoomLocked`, `TooManyPeople`, `WasRemoved`, `NoContact` and
    `OutsideContactTimes`, unless it is to be sent `anyway`; a refusal is audited.
    """
    with refusals(actor, "participant.add", session_id):
        consultation = lock_going_on(session_id)
        require_shown(actor, consultation)
        if consultation.is_locked:
            raise RoomLocked
        if not anyway:
            require_contact_time(now, plan.contact_from, plan.contact_to)
        participant = make_person(now, consultation, plan)
    note(actor, "participant.add", Operation.COLLECTION, consultation, participant, role=plan.role, anyway=anyway)
    if participant.is_police:
        notify_officer_on_commit(participant.user_id, "consultation", session_id, now=now)
    else:
        make_messages(now, consultation, participant, anyway=anyway)
    _tell(now, session_id)
    return participant.id


def make_person(now: datetime, consultation: Consultation, plan: PersonPlan) -> Participant:
    """Make somebody one of the people of a locked consultation, with a link of their own unless they are police."""
    people = Participant.objects.filter(session_id=consultation.session_id)
    if people.count() >= MOST_PEOPLE:
        raise TooManyPeople
    if plan.role in POLICE:
        return _make_police(now, consultation, plan)
    phone, email = _contact(plan)
    removed = people.filter(removed_at__isnull=False)
    if (phone and removed.filter(phone_number=phone).exists()) or (
        email and removed.filter(email_address=email).exists()
    ):
        raise WasRemoved
    participant = Participant.objects.create(
        session_id=consultation.session_id,
        role=plan.role,
        name=clean_name(plan.name),
        phone_number=phone,
        email_address=email,
        language=base_language(plan.language),
        safe_mode=plan.safe_mode,
        contact_from=plan.contact_from,
        contact_to=plan.contact_to,
        order=people.count(),
        added_at=now,
    )
    _make_link(consultation, participant)
    return participant


def withdraw_participant(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> Effects:
    """Ask somebody no longer to come; who is in the call is removed instead. Returns what is to be detached."""
    with refusals(actor, "participant.withdraw", session_id, participant_id):
        consultation, participant = lock_person(session_id, participant_id)
        require_shown(actor, consultation)
        participant.withdraw()
    left = end_talks_of(now=now, participant_id=participant.id, reason="withdrawn")
    place = find_open_place(participant.id)
    left += end_place(now=now, place=place, reason="removed") if place else []
    participant.save()
    MeetingLink.objects.filter(participant=participant).update(withdrawn_at=now)
    drop_messages(session_id, reason="withdrawn", participant_id=participant.id)
    note(actor, "participant.withdraw", Operation.ALTERATION, consultation, participant)
    tell_visit_on_commit(participant, now=now)
    tell_waiting_on_commit(session_id, now=now)
    return detaching(left)


def resend(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID, anyway: bool = False) -> None:
    """Send a person's link once more. Raises `OutsideContactTimes`, `NoContact`, `LinkWithdrawn` and others."""
    with refusals(actor, "participant.resend", session_id, participant_id):
        consultation, participant = _lock_reachable(actor, session_id, participant_id)
        if not (participant.phone_number or participant.email_address):
            raise NoContact
        if not anyway:
            require_contact_time(now, participant.contact_from, participant.contact_to)
    sent = Message.objects.filter(
        participant=participant, kind=Message.Kind.INVITATION, booking_version=consultation.booking_version
    )
    again = max(sent.values_list("resend", flat=True), default=0) + 1
    kind = Message.Kind.INVITATION
    make_message(now, consultation, participant, kind=kind, due_at=now, resend=again)
    note(actor, "participant.resend", Operation.DISCLOSURE, consultation, participant, again=again, anyway=anyway)
    _tell(now, session_id)


def rearm(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> Effects:
    """Let another browser in by the same link: the one that had it is shut out, and whoever comes waits.

    Returns what is to be detached.
    """
    with refusals(actor, "participant.rearm", session_id, participant_id):
        consultation, participant = _lock_reachable(actor, session_id, participant_id)
    link = MeetingLink.objects.select_for_update().get(participant=participant)
    link.rearm(new_arming())
    link.save(update_fields=["arming", "browser_hash", "opened_at"])
    left = []
    if participant.is_admitted:
        left = return_to_waiting(
            actor=actor, now=now, consultation=consultation, participant=participant, reason="rearmed"
        )
    elif (place := find_open_place(participant.id)) is not None:
        left = end_place(now=now, place=place, reason="put_back")
    note(actor, "participant.rearm", Operation.ALTERATION, consultation, participant)
    tell_desk_on_commit(session_id, now=now)
    return detaching(left)


def read_link(*, actor: Actor, now: datetime, session_id: UUID, participant_id: UUID) -> str:
    """Return the address of a person's link, to be read out or shown; an audited disclosure."""
    with refusals(actor, "participant.link", session_id, participant_id):
        consultation, participant = _lock_reachable(actor, session_id, participant_id)
    note(actor, "participant.link", Operation.DISCLOSURE, consultation, participant)
    return meeting_link_of(current_force().schema, MeetingLink.objects.get(participant=participant))


def require_contact_time(now: datetime, since: time | None, until: time | None) -> None:
    """Raise `OutsideContactTimes`, with the next moment, unless it is safe to write to somebody now."""
    if not is_inside(now, since, until):
        raise OutsideContactTimes(details={"next": iso(next_inside(now, since, until))})


def link_expiry(consultation: Consultation) -> datetime:
    """Return until when a person's link opens anything: the questions afterwards stand for a day."""
    return consultation.starts_at + timedelta(minutes=consultation.length_min) + 2 * QUESTIONS_STAND


def _lock_reachable(actor: Actor, session_id: UUID, participant_id: UUID) -> tuple[Consultation, Participant]:
    consultation, participant = lock_person(session_id, participant_id)
    require_shown(actor, consultation)
    if participant.is_police:
        raise NotFound("An officer has no link: they sign in.")
    if participant.is_out:
        raise LinkWithdrawn
    return consultation, participant


def _make_police(now: datetime, consultation: Consultation, plan: PersonPlan) -> Participant:
    found = User.objects.filter(pk=int(plan.user_id), is_active=True).first() if plan.user_id.isdigit() else None
    if found is None or not may(found.as_actor(), Permission.CONSULTATION_RUN):
        raise InvalidInput("There is no such colleague.", details={"field": "user_id"})
    if Participant.objects.filter(session_id=consultation.session_id, user_id=str(found.pk)).exists():
        raise InvalidInput("This colleague is one of its people already.", details={"field": "user_id"})
    return join_police(actor=found.as_actor(), now=now, consultation=consultation, name=found.display_name)


def _contact(plan: PersonPlan) -> tuple[str, str]:
    if plan.role not in Participant.Role.values:
        raise InvalidInput("There is no such role.", details={"field": "role"})
    phone = normalise_mobile_number(plan.phone_number) if plan.phone_number.strip() else ""
    email = normalise_email_address(plan.email_address) if plan.email_address.strip() else ""
    if not (phone or email):
        raise NoContact
    if (plan.contact_from is None) != (plan.contact_to is None):
        raise InvalidInput("Safe times have a beginning and an end.", details={"field": "contact_to"})
    return phone, email


def _make_link(consultation: Consultation, participant: Participant) -> None:
    link = MeetingLink(
        session_id=consultation.session_id,
        participant=participant,
        arming=new_arming(),
        expires_at=link_expiry(consultation),
    )
    link.token_hash = hash_of(token_of(current_force().schema, link.id, link.generation))
    link.save(force_insert=True)


def _tell(now: datetime, session_id: UUID) -> None:
    tell_desk_on_commit(session_id, now=now)
    tell_board_on_commit(session_id)
