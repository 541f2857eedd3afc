"""Officers asked to go somewhere: who may ask, the answer, its end, and what happens to both at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from evidence.parts import registered_parts
from forces.accounts.models import User
from forces.actors import Actor
from forces.context import ForceRef, Unit, in_force
from forces.errors import DomainError, InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import Assignment, Incident, Shift, ViewRequest
from streams.services.asked_page import read_asked
from streams.services.asked_words import forget_words
from streams.services.assignments import (
    AlreadyAssigned,
    OfficerOffDuty,
    accept_assignment,
    ask_assignment,
    decline_assignment,
    end_assignment,
    finish_assignment,
    list_assignments,
)
from streams.services.going_live import go_live
from streams.services.notices import unseen_notices
from streams.services.shifts import set_status
from tests.factories.officers import make_at, make_officer, make_officer_live, make_on_duty
from tests.factories.streams import NOW, AuditRows, make_incident, make_session, person

LATER = NOW + timedelta(minutes=3)


def ask(officer: Actor, incident: Incident | None = None, *, actor: Actor | None = None, note: str = "") -> UUID:
    chosen = incident or make_incident()
    return ask_assignment(actor=actor or person(), now=NOW, incident_id=chosen.id, officer_id=officer.id, note=note)


def accept(officer: Actor, assignment_id: UUID, now: Any = NOW) -> None:
    accept_assignment(actor=officer, now=now, assignment_id=assignment_id)


def row(assignment_id: UUID) -> Assignment:
    return Assignment.objects.get(pk=assignment_id)


def status_of(officer: Actor) -> str:
    return Shift.objects.get(user_id=officer.id, ended_at__isnull=True).status


def told(unit: Unit, kind: str) -> list[Any]:
    return [message for _, message in unit.broadcasts if message["type"] == kind]


@pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin", ""])
def test_role_outside_the_control_room_asks_refused(in_herts: Unit, role: str) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    for act in (
        lambda: ask(officer, actor=person(role)),
        lambda: end_assignment(actor=person(role), now=NOW, assignment_id=asked),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert row(asked).state == "asked"


def test_colleague_and_operator_answer_for_an_officer_refused(in_herts: Unit) -> None:
    asked, colleague = ask(make_on_duty()), make_on_duty("yusuf")

    for stranger, refusal in ((colleague, NotFound), (person(), NotPermitted)):
        with pytest.raises(refusal):
            accept(stranger, asked)
        with pytest.raises(refusal):
            decline_assignment(actor=stranger, now=NOW, assignment_id=asked, refusal="too_far")
    assert row(asked).state == "asked"


def test_operator_asks_somebody_who_cannot_be_asked_refused(in_herts: Unit) -> None:
    incident, off = make_incident(), make_officer("off")
    gone = make_on_duty("gone")
    User.objects.filter(pk=gone.id).update(is_active=False)
    no_officer = User.objects.get(username="operator").as_actor()

    with pytest.raises(OfficerOffDuty):
        ask(off, incident)
    for nobody in (gone, no_officer, Actor(kind="user", id="999999", name="", role="officer")):
        with pytest.raises(NotFound):
            ask(nobody, incident)
    with pytest.raises(InvalidInput):
        ask(make_on_duty(), incident, note="x" * 201)
    assert not Assignment.objects.exists()


def test_operator_asks_for_an_incident_that_is_not_open_refused(in_herts: Unit) -> None:
    officer, closed = make_on_duty(), make_incident()
    Incident.objects.filter(pk=closed.pk).update(closed_at=NOW)

    for incident_id in (closed.id, uuid4()):
        with pytest.raises(NotFound):
            ask_assignment(actor=person(), now=NOW, incident_id=incident_id, officer_id=officer.id)


@pytest.mark.parametrize("role", ["officer", "pcso", "scenes_of_crime"])
def test_officer_accepts_is_en_route_and_done(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    officer = make_on_duty(role=role)
    asked = ask(officer, note="  By the north gate ")
    assert (row(asked).state, row(asked).note, status_of(officer)) == ("asked", "By the north gate", "available")

    accept(officer, asked)
    accept(officer, asked)
    assert (row(asked).state, status_of(officer)) == ("accepted", "en_route")
    finish_assignment(actor=officer, now=LATER, assignment_id=asked)
    finish_assignment(actor=officer, now=LATER, assignment_id=asked)

    assert (row(asked).state, row(asked).end_reason, status_of(officer)) == ("ended", "done", "available")
    acts = [entry["act"] for entry in audit_rows() if entry["act"].startswith("assignment.")]
    assert acts == ["assignment.ask", "assignment.accept", "assignment.end"]
    assert "north gate" not in str(audit_rows())


def test_officer_declines_for_one_of_the_reasons_there_are(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    for word in ("", "because", "off_duty"):
        with pytest.raises(InvalidInput):
            decline_assignment(actor=officer, now=NOW, assignment_id=asked, refusal=word)

    decline_assignment(actor=officer, now=NOW, assignment_id=asked, refusal="too_far")

    assert (row(asked).state, row(asked).refusal, status_of(officer)) == ("declined", "too_far", "available")
    with pytest.raises(InvalidTransition):
        accept(officer, asked)
    ask(officer, row(asked).incident)  # and may be asked again


def test_officer_is_done_with_what_was_not_accepted_refused(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)

    with pytest.raises(InvalidTransition):
        finish_assignment(actor=officer, now=NOW, assignment_id=asked)


def test_control_room_withdraws_before_and_stands_down_after_the_answer(in_herts: Unit) -> None:
    officer = make_on_duty()
    first, second = ask(officer), ask(officer)
    accept(officer, second)

    for asked in (first, second, second):
        end_assignment(actor=person(), now=LATER, assignment_id=asked)

    assert [row(asked).end_reason for asked in (first, second)] == ["withdrawn", "stood_down"]
    assert status_of(officer) == "available"
    with pytest.raises(InvalidTransition):
        accept(officer, first)


def test_control_room_withdraws_what_was_declined_meanwhile_refused(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    decline_assignment(actor=officer, now=NOW, assignment_id=asked, refusal="committed")

    with pytest.raises(InvalidTransition):
        end_assignment(actor=person(), now=NOW, assignment_id=asked)
    assert row(asked).state == "declined"


def test_officer_who_goes_somewhere_else_stays_en_route_when_one_ends(in_herts: Unit) -> None:
    officer = make_on_duty()
    first, second = ask(officer), ask(officer)
    accept(officer, first)
    accept(officer, second)

    finish_assignment(actor=officer, now=NOW, assignment_id=first)
    assert status_of(officer) == "en_route"
    go_live(actor=officer, now=NOW)
    finish_assignment(actor=officer, now=NOW, assignment_id=second)
    assert status_of(officer) == "available"


@pytest.mark.parametrize(("status", "then"), [("at_scene", "at_scene"), ("en_route", "available")])
def test_officer_stood_down_while_live_stays_only_at_the_scene(in_herts: Unit, status: str, then: str) -> None:
    officer = make_on_duty()
    asked = ask(officer)
    accept(officer, asked)
    go_live(actor=officer, now=NOW)
    set_status(actor=officer, now=NOW, status=status)

    end_assignment(actor=person(), now=LATER, assignment_id=asked)

    assert status_of(officer) == then


def test_shift_ends_and_with_it_all_that_was_asked(in_herts: Unit) -> None:
    officer = make_on_duty()
    asked, accepted = ask(officer), ask(officer)
    accept(officer, accepted)

    set_status(actor=officer, now=LATER, status="off_duty")

    assert (row(asked).state, row(asked).refusal) == ("declined", "off_duty")
    assert (row(accepted).state, row(accepted).end_reason) == ("ended", "off_duty")
    frames = {frame["assignment"]["id"]: frame["assignment"] for frame in told(in_herts, "assignment.changed")}
    assert {frame["status"] for frame in frames.values()} == {None}


def test_second_operator_asks_the_same_refused_and_another_officer_may_go_too(in_herts: Unit) -> None:
    officer, colleague, incident = make_on_duty(), make_on_duty("yusuf"), make_incident()
    ask(officer, incident)

    with pytest.raises(AlreadyAssigned):
        ask(officer, incident, actor=person(key="other"))
    ask(colleague, incident)
    assert Assignment.objects.count() == 2


def test_page_shows_where_with_whom_and_how_far(in_herts: Unit, audit_rows: AuditRows) -> None:
    officer, colleague = make_at("ashby", 51.80, -0.08), make_at("yusuf", 51.81, -0.08, number="77")
    incident, other = make_incident(description="Mrs Example"), make_incident()
    first, second = ask(officer, incident, note="North gate"), ask(officer, other)
    accept(officer, first)
    theirs = ask(colleague, incident)
    assert read_asked(actor=officer, now=NOW)["assignments"][1]["colleagues"] == []  # asked only: goes nowhere
    accept(colleague, theirs)
    accept(officer, second, LATER)

    shown = read_asked(actor=officer, now=LATER)["assignments"]

    newest, older = sorted(shown, key=lambda one: not one["is_current"])
    assert (newest["is_current"], older["is_current"]) == (True, False)
    assert older["incident"]["reference"] == incident.reference
    assert (older["note"], older["place"], older["distance_m"]) == ("North gate", None, None)
    assert [(one["name"], one["number"], one["status"]) for one in older["colleagues"]] == [
        ("Tom Yusuf", "77", "en_route")
    ]
    assert older["colleagues"][0]["fix"]["latitude"] == 51.81
    assert "Example" not in str(older)
    assert {entry["act"] for entry in audit_rows()} >= {"assignment.list"}


def test_page_shows_who_is_live_on_the_incident_as_well(in_herts: Unit) -> None:
    officer, incident = make_on_duty(), make_incident()
    live = make_officer_live(incident_id=incident.id, name="yusuf")
    make_officer_live(name="cole")
    accept(officer, ask(officer, incident))

    (shown,) = read_asked(actor=officer, now=NOW)["assignments"]

    assert [one["id"] for one in shown["colleagues"]] == [live.actor.id]


def test_colleagues_page_hears_who_comes_along(in_herts: Unit) -> None:
    officer, colleague, incident = make_on_duty(), make_on_duty("yusuf"), make_incident()
    accept(officer, ask(officer, incident))
    asked = ask(colleague, incident)
    in_herts.broadcasts.clear()

    accept(colleague, asked)

    assert {topic for topic, _ in in_herts.broadcasts} == {
        "console",
        "officers",
        f"officer.{officer.id}",
        f"officer.{colleague.id}",
    }


def test_status_is_shown_with_what_is_open_and_counts_as_newer(in_herts: Unit) -> None:
    officer = make_on_duty()
    accept(officer, ask(officer))
    before = told(in_herts, "assignment.changed")[-1]["assignment"]

    set_status(actor=officer, now=LATER, status="at_scene")

    after = told(in_herts, "assignment.changed")[-1]["assignment"]
    assert (before["status"], after["status"]) == ("en_route", "at_scene")
    assert after["revision"] > before["revision"]


def test_list_holds_what_is_open_and_what_was_over_within_the_hour(in_herts: Unit) -> None:
    officer = make_on_duty()
    done, going_on = ask(officer), ask(officer)
    decline_assignment(actor=officer, now=NOW, assignment_id=done, refusal="other")

    def listed(minutes: int) -> set[str]:
        return {view["id"] for view in list_assignments(now=NOW + timedelta(minutes=minutes))}

    assert listed(59) == {str(done), str(going_on)}
    assert listed(60) == {str(going_on)}


def test_words_go_with_the_incidents_last_session_and_after_a_month_without_one(in_herts: Unit) -> None:
    officer, session = make_on_duty(), make_session()
    kept, alone = ask(officer, session.incident, note="North gate"), ask(officer, note="South gate")
    for asked in (kept, alone):
        decline_assignment(actor=officer, now=NOW, assignment_id=asked, refusal="other")

    assert forget_words(now=NOW + timedelta(days=30)) == 0
    assert forget_words(now=NOW + timedelta(days=31)) == 1
    assert (row(kept).note, row(alone).note) == ("North gate", "")

    parts = {part.kind: part for part in registered_parts()}
    parts["streams.livesession"].erase(session.id, NOW)
    assert row(kept).note == ""
    assert "streams.viewrequest" in parts
    assert not ViewRequest.objects.exists()


def test_answer_and_withdrawal_at_once_end_in_one_of_the_two(copy_db: str, herts: ForceRef) -> None:
    officer = in_force(herts, make_on_duty)
    asked = in_force(herts, ask, officer)
    failed = at_once(
        herts,
        lambda: decline_assignment(actor=officer, now=NOW, assignment_id=asked, refusal="committed"),
        lambda: end_assignment(actor=person(), now=NOW, assignment_id=asked),
    )

    assert [type(error) for error in failed] == [InvalidTransition]
    assert in_force(herts, lambda: row(asked).state) in ("declined", "ended")


def test_two_operators_who_ask_at_once_get_one_yes(copy_db: str, herts: ForceRef) -> None:
    officer, incident = in_force(herts, make_on_duty), in_force(herts, make_incident)
    failed = at_once(
        herts,
        lambda: ask(officer, incident),
        lambda: ask(officer, incident, actor=person(key="other")),
    )

    assert [type(error) for error in failed] == [AlreadyAssigned]
    assert in_force(herts, Assignment.objects.count) == 1


def at_once(force: ForceRef, *acts: Callable[[], object]) -> list[DomainError]:
    """Let each act happen in a thread of its own, all at the same moment; return the refusals."""
    refused: list[DomainError] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait(10)
        try:
            in_force(force, act)
        except DomainError as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return refused


def test_officer_who_answered_has_nothing_of_it_left_to_see(in_herts: Unit) -> None:
    officer, other = make_on_duty(), make_on_duty("yusuf")
    accepted, withdrawn = ask(officer, make_incident()), ask(other, make_incident())
    assert [notice["kind"] for notice in unseen_notices(user_id=officer.id, now=NOW)] == ["assignment"]

    accept(officer, accepted)
    end_assignment(actor=person(), now=NOW, assignment_id=withdrawn)

    assert unseen_notices(user_id=officer.id, now=NOW) == unseen_notices(user_id=other.id, now=NOW) == []
