"""What erasure takes and leaves for the audit, what an export shows, and what is forgotten of what never was held."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from consultations.models import (
    CallMessage,
    Caution,
    Consultation,
    MeetingLink,
    Message,
    MoveRequest,
    Participant,
    Place,
)
from consultations.parts import UNHELD_KEPT, erase_unheld
from consultations.services import booking, caution, chat, messages, moving, uploading
from consultations.services.keeping import ConsultationKeeper
from consultations.services.leading import end_consultation
from evidence.parts import export_session, registered_parts
from forces.actors import Actor
from forces.context import Unit
from streams.models import LiveSession
from streams.outgoing import sessions_with
from streams.services.standing import allows, require_own
from streams.standing_rules import standing_of
from tests.factories import consultations as made
from tests.factories.officers import make_officer
from tests.factories.streams import NOW, person

SECRETS = ("token_hash", "browser_hash", "arming", "gateway_handle", "process", "socket", "provider_reference")


def held() -> Consultation:
    """Return a consultation in which everything was said and done once, and that is over."""
    consultation = made.make_open(purpose_note="About the neighbour")
    made.make_live(made.sit_officer(consultation))
    victim = made.inside(consultation, "victim")
    made.inside(consultation, "interpreter")
    chat.say(actor=victim.actor, now=NOW, **victim.ids, client_id="one", text="It was my brother")
    caution.state_caution(
        actor=made.leader_of(consultation),
        now=NOW,
        session_id=consultation.session_id,
        participant_id=victim.participant_id,
        reason="Said it was him",
        goes_on=True,
    )
    end_consultation(actor=made.leader_of(consultation), now=NOW, session_id=consultation.session_id)
    return made.consultation_now(consultation)


def erase(consultation: Consultation) -> None:
    for part in registered_parts():
        if part.kind.startswith("consultations."):
            part.erase(consultation.session_id, NOW)


def test_erasure_takes_content_and_leaves_who_was_there_when(in_herts: Unit) -> None:
    consultation = held()
    places = Place.objects.filter(session_id=consultation.session_id).count()

    erase(consultation)
    erase(consultation)  # again and again is fine

    left = str(export_session(consultation.session_id)) + str(
        [list(model.objects.values()) for model in (Participant, CallMessage, Caution, Consultation, MeetingLink)]
    )
    for content in ("Victim Person", "07700", "447700900201", "brother", "neighbour", "Said it was him"):
        assert content not in left
    assert Place.objects.filter(session_id=consultation.session_id).count() == places
    assert {one.role for one in Participant.objects.filter(session_id=consultation.session_id)} == {
        "victim",
        "interpreter",
        "officer",
    }
    assert made.consultation_now(consultation).figures["members"] == 2


def test_export_shows_all_that_is_kept_and_no_secret(in_herts: Unit) -> None:
    consultation = held()

    found = {kind: rows for kind, rows in export_session(consultation.session_id).items() if kind.startswith("consult")}

    assert {"consultations.participant", "consultations.callmessage", "consultations.place"} <= {
        kind for kind, rows in found.items() if rows
    }
    assert "It was my brother" in str(found)
    names = {name for rows in found.values() for row in rows for name in row}
    assert not names & set(SECRETS)


def test_what_never_was_held_is_forgotten_after_a_month(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=NOW + timedelta(days=2))
    kept = made.make_booked(actor=make_officer("baxter", number="77"))
    booking.cancel(actor=make_officer(), now=NOW, session_id=consultation.session_id, reason="No")

    assert erase_unheld(NOW, NOW + UNHELD_KEPT - timedelta(days=1)) == 0
    assert erase_unheld(NOW, NOW + UNHELD_KEPT) == 2
    assert erase_unheld(NOW, NOW + UNHELD_KEPT) == 0
    assert made.person_of(consultation, "victim").phone_number == ""
    assert made.person_of(kept, "victim").phone_number != ""
    assert MeetingLink.objects.filter(session_id=consultation.session_id).exclude(token_hash="").count() == 0


def test_erased_wish_to_move_leaves_its_answer(in_herts: Unit) -> None:
    consultation = made.make_booked(starts_at=NOW + timedelta(days=2))
    member = made.opened(made.person_of(consultation, "victim"))
    moving.ask_to_move(actor=member.actor, now=NOW, **member.ids, text="My mother is ill")
    erase(consultation)

    assert "mother" not in MoveRequest.objects.get().text
    assert not Message.objects.filter(state__in=Message.WAITING).exists()


def test_request_by_number_finds_whoever_takes_part(in_herts: Unit) -> None:
    consultation = made.make_booked()
    assert sessions_with("+447700900201") == {consultation.session_id}
    assert sessions_with("+447700900999") == set()
    assert sessions_with("") == set()
    message = Message.objects.filter(session_id=consultation.session_id).first()
    assert message is not None
    assert messages.sessions_of([message.id, uuid4()]) == {message.id: consultation.session_id}
    assert messages.note_receipt(NOW, uuid4(), "delivered") is False


def test_session_is_theirs_who_are_inside_and_run_by_whom_it_concerns(in_herts: Unit) -> None:
    consultation = made.make_open()
    victim = made.inside(consultation, "victim")
    waits = made.waiting(made.person_of(consultation, "interpreter"))
    session = LiveSession.objects.get(pk=consultation.session_id)
    standing = standing_of("consultation")
    assert standing is not None

    require_own(victim.actor, session)
    assert standing.is_own(made.leader_of(consultation), session)
    for stranger in (waits.actor, person("operator"), Actor.caller(session.id), Actor.system("x"), Actor.anonymous()):
        assert not standing.is_own(stranger, session)
    assert allows(session.id, "upload")
    assert not any(allows(session.id, scope) for scope in ("video", "recording", "location"))
    assert standing.may_run(make_officer("baxter", number="77"), session)
    assert not standing.may_run(victim.actor, session)
    Consultation.objects.update(team="Watford Response")
    assert not uploading.may_run_session(make_officer("baxter", number="77"), session)


def test_keeper_knows_what_goes_on_and_what_was_left_behind(in_herts: Unit) -> None:
    keeper = ConsultationKeeper()
    assert keeper.is_idle(NOW)
    consultation = made.make_open()
    victim = made.inside(consultation, "victim")
    owned = keeper.list_owned("process")

    assert keeper.list_owners() == {"process"}
    assert [one.holder for one in owned] == ["feed"]
    assert not keeper.is_idle(NOW)
    assert keeper.change_owner(owned[0], "process", "heir")
    assert not keeper.change_owner(owned[0], "process", "other")
    assert keeper.find_lost("process", {"c": [owned[0].id], "r": []}) == {owned[0].id}
    end_consultation(actor=made.leader_of(consultation), now=NOW, session_id=consultation.session_id)
    left = keeper.find_leftovers()
    assert [one.id for one in left] == [owned[0].id]
    keeper.note_detached(left)
    assert keeper.find_leftovers() == []
    assert keeper.is_idle(NOW)
    assert victim.row.state == "over"


@pytest.mark.parametrize("kind", ["consultations.feed", "consultations.recordingconsent", "consultations.silentsignal"])
def test_skeleton_is_not_erased(in_herts: Unit, kind: str) -> None:
    consultation = held()
    part = next(one for one in registered_parts() if one.kind == kind)
    before = len(part.export(consultation.session_id))

    assert part.erase(consultation.session_id, NOW) == 0
    assert len(part.export(consultation.session_id)) == before
