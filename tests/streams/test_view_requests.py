"""Asking to see: by whom, of whom, the answer, and what a request that nobody answers comes to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from evidence.parts import registered_parts
from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import LiveSession, Notice, ViewRequest
from streams.services.asked_page import read_asked
from streams.services.asked_words import forget_words
from streams.services.assignments import OfficerOffDuty
from streams.services.going_live import go_live
from streams.services.notices import unseen_notices
from streams.services.sessions import end_session
from streams.services.shifts import set_status
from streams.services.view_requests import (
    STANDS_FOR,
    AlreadyAsked,
    AlreadyLive,
    RequestOver,
    accept_view,
    ask_view,
    decline_view,
    expire_requests,
    go_live_unasked,
    list_requests,
    withdraw_view,
)
from tests.factories.officers import make_officer, make_officer_live, make_on_duty
from tests.factories.streams import NOW, AuditRows, make_incident, person

TOO_LATE = NOW + STANDS_FOR


def ask(officer: Actor, *, actor: Actor | None = None, now: datetime = NOW, **given: Any) -> UUID:
    fields = {"reason": "Is there smoke?", **given}
    return ask_view(actor=actor or person(), now=now, officer_id=officer.id, **fields)


def row(request_id: UUID) -> ViewRequest:
    return ViewRequest.objects.get(pk=request_id)


@pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin", ""])
def test_role_outside_the_control_room_asks_refused(in_herts: Unit, role: str) -> None:
    officer = make_on_duty()
    asked = ask(officer)

    with pytest.raises(NotPermitted):
        ask(officer, actor=person(role))
    with pytest.raises(NotPermitted):
        withdraw_view(actor=person(role), now=NOW, request_id=asked)
    assert row(asked).state == "asked"


def test_colleague_and_operator_answer_for_an_officer_refused(in_herts: Unit) -> None:
    asked, colleague = ask(make_on_duty()), make_on_duty("yusuf")

    for stranger, refusal in ((colleague, NotFound), (person(), NotPermitted)):
        with pytest.raises(refusal):
            accept_view(actor=stranger, now=NOW, request_id=asked)
        with pytest.raises(refusal):
            decline_view(actor=stranger, now=NOW, request_id=asked, refusal="busy")
    assert row(asked).state == "asked"
    assert not LiveSession.objects.exists()


def test_operator_asks_what_cannot_be_asked_refused(in_herts: Unit) -> None:
    live = make_officer_live(name="live").actor
    with pytest.raises(OfficerOffDuty):
        ask(make_officer("off"))
    with pytest.raises(AlreadyLive):
        ask(live)
    with pytest.raises(NotFound):
        ask(make_on_duty(), incident_id=uuid4())
    for reason in ("", "  ", "x" * 201):
        with pytest.raises(InvalidInput):
            ask(make_on_duty(), reason=reason)
    assert not ViewRequest.objects.exists()


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime"])
def test_officer_sees_who_asks_and_why_and_goes_live_for_that_incident(
    in_herts: Unit, audit_rows: AuditRows, role: str
) -> None:
    officer, incident = make_on_duty(role=role), make_incident()
    asked = ask(officer, incident_id=incident.id)

    shown = read_asked(actor=officer, now=NOW)["view_request"]
    assert (shown["asked_by_name"], shown["reason"]) == ("Operator One", "Is there smoke?")
    assert shown["incident"]["reference"] == incident.reference

    session_id = accept_view(actor=officer, now=NOW, request_id=asked)
    assert accept_view(actor=officer, now=NOW, request_id=asked) == session_id

    session = LiveSession.objects.get()
    assert (session.id, session.incident_id, session.created_by) == (session_id, incident.id, officer.id)
    assert (row(asked).state, row(asked).session_id) == ("accepted", session_id)
    assert read_asked(actor=officer, now=NOW)["view_request"] is None
    acts = [entry["act"] for entry in audit_rows() if entry["act"].startswith("view.")]
    assert acts == ["view.ask", "view.accept"]
    assert "smoke" not in str(audit_rows())


def test_officer_says_not_now_with_a_reason_that_there_is(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    for word in ("", "because", "off_duty"):
        with pytest.raises(InvalidInput):
            decline_view(actor=officer, now=NOW, request_id=asked, refusal=word)

    decline_view(actor=officer, now=NOW, request_id=asked, refusal="not_safe")

    assert (row(asked).state, row(asked).refusal) == ("declined", "not_safe")
    with pytest.raises(RequestOver):
        accept_view(actor=officer, now=NOW, request_id=asked)
    with pytest.raises(InvalidTransition):
        withdraw_view(actor=person(), now=NOW, request_id=asked)
    assert not LiveSession.objects.exists()


def test_request_that_was_withdrawn_takes_no_answer(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    withdraw_view(actor=person(), now=NOW, request_id=asked)
    withdraw_view(actor=person(), now=NOW, request_id=asked)

    with pytest.raises(RequestOver):
        accept_view(actor=officer, now=NOW, request_id=asked)
    with pytest.raises(RequestOver):
        decline_view(actor=officer, now=NOW, request_id=asked, refusal="busy")
    assert row(asked).state == "withdrawn"
    assert not LiveSession.objects.exists()


def test_request_stands_two_minutes_and_is_not_shown_for_longer(in_herts: Unit, audit_rows: AuditRows) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    assert expire_requests(now=TOO_LATE - timedelta(seconds=1)) == 0
    assert read_asked(actor=officer, now=TOO_LATE)["view_request"] is None
    with pytest.raises(RequestOver):
        accept_view(actor=officer, now=TOO_LATE, request_id=asked)

    assert expire_requests(now=TOO_LATE) == 1
    assert expire_requests(now=TOO_LATE) == 0

    assert row(asked).state == "expired"
    frame = [message for _, message in in_herts.broadcasts if message["type"] == "view.changed"][-1]
    assert frame["request"]["state"] == "expired"
    entry = next(entry for entry in audit_rows() if entry["act"] == "view.expire")
    assert (entry["actor_kind"], entry["object_id"]) == ("system", str(asked))


def test_officer_is_told_of_a_request_no_longer_than_it_stands(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)

    notice = Notice.objects.get(subject_id=asked)
    assert notice.push_ends_at == TOO_LATE
    assert unseen_notices(user_id=officer.id, now=TOO_LATE - timedelta(seconds=1)) != []
    assert unseen_notices(user_id=officer.id, now=TOO_LATE) == []


def test_second_operator_is_told_who_asks_and_may_ask_when_that_is_over(in_herts: Unit) -> None:
    officer = make_on_duty()
    ask(officer)
    with pytest.raises(AlreadyAsked, match="Operator One"):
        ask(officer, actor=person("supervisor"))

    ask(officer, actor=person("supervisor"), now=TOO_LATE)  # before the sweep came by

    assert sorted(ViewRequest.objects.values_list("state", flat=True)) == ["asked", "expired"]


def test_officer_goes_off_duty_and_is_asked_no_more(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)

    set_status(actor=officer, now=NOW, status="off_duty")

    assert (row(asked).state, row(asked).refusal) == ("declined", "off_duty")


def test_officer_who_went_live_by_themselves_accepts_with_that_session(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    own = go_live(actor=officer, now=NOW)

    assert accept_view(actor=officer, now=NOW, request_id=asked) == own
    end_session(actor=person(), now=NOW, session_id=own, reason="operator")
    with pytest.raises(RequestOver):  # what was accepted begins nothing a second time
        accept_view(actor=officer, now=NOW, request_id=asked)


def test_list_holds_what_stands_and_what_was_closed_within_the_hour(in_herts: Unit) -> None:
    officer = make_on_duty()
    closed = ask(officer)
    withdraw_view(actor=person(), now=NOW, request_id=closed)
    stands = ask(officer)

    def listed(minutes: int) -> set[str]:
        return {view["id"] for view in list_requests(now=NOW + timedelta(minutes=minutes))}

    assert listed(59) == {str(closed), str(stands)}
    assert listed(60) == {str(stands)}


def test_reason_goes_with_the_session_and_after_a_month_without_one(in_herts: Unit) -> None:
    officer, colleague = make_on_duty(), make_on_duty("yusuf")
    seen, unseen = ask(officer), ask(colleague)
    session_id = accept_view(actor=officer, now=NOW, request_id=seen)
    decline_view(actor=colleague, now=NOW, request_id=unseen, refusal="busy")

    assert forget_words(now=NOW + timedelta(days=31)) == 1
    assert (row(seen).reason, row(unseen).reason) == ("Is there smoke?", "[erased]")
    part = next(part for part in registered_parts() if part.kind == "streams.viewrequest")
    assert part.export(session_id)[0]["reason"] == "Is there smoke?"
    assert part.erase(session_id, NOW) == 1
    assert row(seen).reason == "[erased]"


def test_officer_who_goes_live_unasked_has_answered_who_asked(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)

    session_id = go_live_unasked(actor=officer, now=NOW)

    assert (row(asked).state, row(asked).session_id) == ("accepted", session_id)
    assert unseen_notices(user_id=officer.id, now=NOW) == []
