"""Sessions of another app's kind: kept out of what streams shows and shares, and ruled by that app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotPermitted
from streams import standing_rules
from streams.broadcasts import broadcast_session_on_commit
from streams.models import LiveSession, RiskQuestionSet
from streams.outcome_codes import CONSULTATION_OUTCOMES, OUTCOMES
from streams.selectors import list_summaries
from streams.services import attention, idleness
from streams.services.agencies import AgencyTerms, share_with_agency
from streams.services.chat import post_message
from streams.services.colleagues import show_to_officers
from streams.services.handovers import offer_handover, take_session
from streams.services.invitations import send_invitation
from streams.services.outcomes import record_outcome
from streams.services.publishing import admit_publisher
from streams.services.recording import want_recording
from streams.services.risk import RiskRefused, RiskUnanswered, answer_risk, check_risk, find_questions
from streams.services.sessions import end_session, expire_sessions, view_session
from streams.services.shares import share_session
from streams.services.stills import ask_still
from tests.factories.bare_calls import KIND, MemoryApp, install, make_bare_call
from tests.factories.streams import (
    NOW,
    AuditRows,
    answers_for,
    make_consented,
    make_opened,
    make_session,
    person,
    session_now,
)

OFFICER, OPERATOR = person("officer"), person()
TERMS = AgencyTerms("ambulance", "Ambulance", "Sam", "", "", "medical", "", 30, 2)
Act = Callable[[UUID], object]

ACTS: dict[str, Act] = {
    "share": lambda pk: share_session(
        actor=OPERATOR,
        now=NOW,
        session_id=pk,
        guest="beds",
        purpose="They are nearer",
        ends_at=NOW + timedelta(hours=1),
        has_chat=False,
        has_recording=False,
    ),
    "agency": lambda pk: share_with_agency(actor=OPERATOR, now=NOW, session_id=pk, terms=TERMS),
    "officers": lambda pk: show_to_officers(actor=OPERATOR, now=NOW, session_id=pk),
    "hand over": lambda pk: offer_handover(actor=person("supervisor"), now=NOW, session_id=pk, to="1", reason="End"),
    "take": lambda pk: take_session(actor=OPERATOR, now=NOW, session_id=pk, reason="Nobody there"),
    "link": lambda pk: send_invitation(actor=OPERATOR, now=NOW, session_id=pk),
    "still": lambda pk: ask_still(actor=OPERATOR, now=NOW, session_id=pk, client_id="a"),
    "record": lambda pk: want_recording(actor=OPERATOR, now=NOW, session_id=pk, on=True),
    "write": lambda pk: post_message(actor=OPERATOR, now=NOW, session_id=pk, client_id="a", text="Hello"),
}


@pytest.fixture
def app(in_herts: Unit, monkeypatch: pytest.MonkeyPatch) -> MemoryApp:
    """Return the app above, in memory."""
    return install(monkeypatch)


# --- what nobody does with a consultation ---------------------------------------------------------


@pytest.mark.parametrize("act", ACTS)
def test_operator_does_to_a_consultation_what_is_for_streams_refused(app: MemoryApp, act: str) -> None:
    app.scopes = {"video", "recording"}
    session = make_bare_call(state="live")

    with pytest.raises(InvalidTransition, match="consultation"):
        ACTS[act](session.id)


def test_participant_puts_a_stream_into_a_consultation_refused_and_audited(
    app: MemoryApp, audit_rows: AuditRows
) -> None:
    participant = Actor.caller(uuid4())
    app.insiders, app.scopes = {participant.id}, {"video"}
    session = make_bare_call(state="live")
    with pytest.raises(InvalidTransition):
        admit_publisher(actor=participant, now=NOW, session_id=session.id, node="media-1", owner="process")
    assert not session.streams.exists()
    assert (audit_rows()[-1]["act"], str(audit_rows()[-1]["session_id"])) == ("stream.publish", str(session.id))


@pytest.mark.parametrize("act", ["take", "record", "write"])
def test_operator_does_the_same_to_a_callers_session(app: MemoryApp, act: str) -> None:
    ACTS[act](make_consented(now=NOW).session.id)


# --- who may run it -------------------------------------------------------------------------------


def test_operator_whom_the_app_lets_not_ends_a_consultation_refused_and_audited(
    app: MemoryApp, audit_rows: AuditRows
) -> None:
    session = make_bare_call()
    with pytest.raises(NotPermitted):
        end_session(actor=OPERATOR, now=NOW, session_id=session.id, reason="operator")

    assert session_now(session.id).state == "consented"
    refusal = audit_rows()[-1]
    assert (refusal["act"], str(refusal["session_id"])) == ("session.control", str(session.id))


@pytest.mark.parametrize("whose", ["participant", "session"])
def test_participant_ends_a_consultation_refused(app: MemoryApp, whose: str) -> None:
    session, participant = make_bare_call(), uuid4()
    app.insiders = {str(participant), str(session.id)}
    actor = Actor.caller(participant if whose == "participant" else session.id)
    if whose == "session":
        app.leaders.add(actor.id)
    with pytest.raises(NotPermitted):
        end_session(actor=actor, now=NOW, session_id=session.id, reason="caller_stopped")


def test_officer_whom_the_app_lets_ends_a_consultation(app: MemoryApp) -> None:
    session = make_bare_call()
    end_session(actor=OFFICER, now=NOW, session_id=session.id, reason="officer")
    assert session_now(session.id).state == "ended"


def test_officer_whom_the_app_lets_ends_no_callers_session(app: MemoryApp) -> None:
    with pytest.raises(NotPermitted):
        end_session(actor=OFFICER, now=NOW, session_id=make_opened(now=NOW).session.id, reason="officer")


@pytest.mark.parametrize("actor", [OPERATOR, person("auditor")])
def test_somebody_else_notes_what_a_consultation_came_to_refused(app: MemoryApp, actor: Actor) -> None:
    with pytest.raises(NotPermitted):
        record_outcome(actor=actor, now=NOW, session_id=make_bare_call().id, code="report_taken")


def test_operator_notes_an_outcome_of_consultations_for_a_caller_refused(app: MemoryApp) -> None:
    with pytest.raises(InvalidInput):
        record_outcome(actor=OPERATOR, now=NOW, session_id=make_opened(now=NOW).session.id, code="report_taken")


def test_officer_notes_every_outcome_of_a_consultation(app: MemoryApp) -> None:
    session = make_bare_call()
    for code, label in (OUTCOMES | CONSULTATION_OUTCOMES).items():
        record_outcome(actor=OFFICER, now=NOW, session_id=session.id, code=code)
        assert view_session(actor=OPERATOR, session_id=session.id)["session"]["outcome"]["label"] == label


# --- risk -----------------------------------------------------------------------------------------


def test_somebody_else_answers_the_questions_of_a_consultation_refused(app: MemoryApp) -> None:
    session = make_bare_call()
    with pytest.raises(NotPermitted):
        answer_risk(actor=OPERATOR, now=NOW, session_id=session.id, answers=answers_for(session))


def test_auditor_reads_the_questions_of_consultations_refused(app: MemoryApp) -> None:
    with pytest.raises(NotPermitted):
        find_questions(actor=person("auditor"), type_code="concern", link_kind="location_video", purpose="consult")


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime", "operator", "supervisor"])
def test_police_read_the_questions_of_consultations(app: MemoryApp, role: str) -> None:
    asked = find_questions(actor=person(role), type_code="concern", link_kind="location_video", purpose="consult")
    assert {question.code for question in asked.questions} >= {"meeting-safe", "meeting-offender-near"}


def test_nobody_is_let_in_before_the_answers_nor_after_a_refusing_one(app: MemoryApp) -> None:
    session = make_bare_call()
    with pytest.raises(RiskUnanswered, match="before anybody comes in"):
        check_risk(session)
    answer_risk(
        actor=OFFICER,
        now=NOW,
        session_id=session.id,
        answers=answers_for(session, meeting_offender_near="yes"),
    )
    with pytest.raises(RiskRefused, match="this consultation"):
        check_risk(session)
    answer_risk(actor=OFFICER, now=NOW, session_id=session.id, answers=answers_for(session))
    check_risk(session)


def test_database_refuses_questions_of_an_unknown_purpose(in_herts: Unit) -> None:
    with pytest.raises(IntegrityError):
        RiskQuestionSet.objects.create(purpose="other", version=1)


# --- time, attention, consoles --------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "invited", "opened", "consented", "live"])
def test_sweep_leaves_a_consultation_to_its_app(app: MemoryApp, state: str) -> None:
    booked, other = make_bare_call(state=state), make_session()
    expire_sessions(now=NOW + timedelta(days=31))
    assert session_now(booked.id).state == state
    assert session_now(other.id).state == "expired"


@pytest.mark.parametrize(("state", "idle"), [("draft", True), ("invited", True), ("opened", False), ("live", False)])
def test_force_is_idle_while_consultations_are_only_booked(app: MemoryApp, state: str, idle: bool) -> None:
    assert idleness.is_idle(now=NOW)
    make_bare_call(state=state)
    assert idleness.is_idle(now=NOW) is idle


def test_force_is_not_idle_while_a_consultation_is_to_be_closed(app: MemoryApp) -> None:
    session = make_bare_call(state="ended")
    assert not idleness.is_idle(now=NOW)
    LiveSession.objects.filter(pk=session.id).update(room_closed_at=NOW)
    assert idleness.is_idle(now=NOW)


def test_force_is_not_idle_while_the_app_says_so(app: MemoryApp) -> None:
    app.idle = False
    assert not idleness.is_idle(now=NOW)


def test_consultation_is_never_called_unattended(app: MemoryApp) -> None:
    make_bare_call(state="live")
    waiting = make_opened(now=NOW).session
    assert [one.session_id for one in attention.list_waiting()] == [waiting.id]


def test_consoles_are_neither_shown_nor_told_of_a_consultation(in_herts: Unit, app: MemoryApp) -> None:
    session, other = make_bare_call(), make_opened(now=NOW).session
    in_herts.broadcasts.clear()

    broadcast_session_on_commit(session.id)
    end_session(actor=OFFICER, now=NOW, session_id=session.id, reason="officer")

    assert [topic for topic, _ in in_herts.broadcasts if topic == "console"] == []
    assert session_now(session.id).revision > session.revision
    assert [row["id"] for row in list_summaries(OPERATOR, now=NOW)] == [str(other.id)]


# --- the row --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["consented", "live", "ended", "expired"])
def test_call_is_opened_a_second_time_refused(in_herts: Unit, state: str) -> None:
    session = make_bare_call(state=state)
    with pytest.raises(InvalidTransition):
        session.open_call(NOW)


@pytest.mark.parametrize("state", ["draft", "invited", "opened"])
def test_call_counts_from_when_an_officer_opened_it(in_herts: Unit, state: str) -> None:
    session, later = make_bare_call(state=state), NOW + timedelta(days=3)
    assert session.counts_from == NOW
    session.open_call(later)
    session.save()
    assert (session_now(session.id).state, session.counts_from) == ("consented", later)


def test_kind_is_registered_once(app: MemoryApp) -> None:
    with pytest.raises(ValueError, match=KIND):
        standing_rules.register_standing(KIND, app.rules())
