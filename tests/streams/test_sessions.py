"""Create, list and end sessions, and let unused ones expire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, NotFound, NotPermitted
from forces.messaging.numbers import PhoneNumberInvalid, PhoneNumberNotTextable
from streams.models import Incident, Invitation, LinkPolicy, LiveSession, Position, Stream, Watch
from streams.selectors import list_summaries
from streams.services.invitations import rearm_invitation
from streams.services.sessions import create_session, end_session, expire_sessions, view_session, view_sessions
from tests.factories.streams import (
    NOW,
    AuditRows,
    make_consented,
    make_incident,
    make_invitation,
    make_opened,
    make_session,
    person,
    session_now,
)

LATER = NOW + timedelta(minutes=10)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_creates_session_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        create_session(
            actor=person(role),
            now=NOW,
            incident_id=make_incident().id,
            link_kind="location",
            phone_number="07700 900123",
        )


@pytest.mark.parametrize("number", ["", "999", "garbage", "07700 90012", "+44 7700 9001234", "07700 900123 5"])
def test_operator_types_impossible_number_refused(in_herts: Unit, number: str) -> None:
    with pytest.raises(PhoneNumberInvalid) as refusal:
        make_session(phone_number=number)

    assert refusal.value.code == "phone_number_invalid"
    assert not LiveSession.objects.exists()


@pytest.mark.parametrize("number", ["020 7946 0018", "0800 1111", "0345 678 9000"])
def test_operator_types_number_without_text_refused_without_repeating_it(in_herts: Unit, number: str) -> None:
    with pytest.raises(PhoneNumberNotTextable) as refusal:
        make_session(phone_number=number)

    assert not any(digit.isdigit() for digit in str(refusal.value.as_dict()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07911 123456", "+447911123456"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("00447911123456", "+447911123456"),
        ("07700 900123", "+447700900123"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_operator_types_mobile_number_kept_in_one_form(in_herts: Unit, typed: str, kept: str) -> None:
    assert make_session(phone_number=typed).phone_number == kept


def test_operator_creates_session_of_unknown_incident_not_found(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        create_session(actor=person(), now=NOW, incident_id=uuid4(), link_kind="location", phone_number="07700 900123")


def test_operator_creates_session_of_unknown_kind_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidInput):
        make_session(link_kind="telepathy")


def test_operator_creates_session_recording_as_the_policy_says(in_herts: Unit) -> None:
    LinkPolicy.objects.update(recording_by_default=False)

    session = make_session()

    assert (session.state, session.recording_wanted) == ("draft", False)


def test_caller_ends_session_of_another_refused(in_herts: Unit) -> None:
    caller, other = make_consented(), make_consented(phone_number="07700 900124")

    with pytest.raises(NotPermitted):
        end_session(actor=caller.actor, now=NOW, session_id=other.session.id, reason="caller_stopped")
    assert session_now(other.session.id).state == "consented"


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_ends_session_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        end_session(actor=person(role), now=NOW, session_id=make_session().id, reason="x")


def test_caller_stops_ends_everything_and_tells_both_sides(in_herts: Unit, audit_rows: AuditRows) -> None:
    caller = make_consented()
    stream = Stream.objects.create(session=caller.session, admitted_at=NOW)

    end_session(actor=caller.actor, now=LATER, session_id=caller.session.id, reason="caller_stopped")

    stream.refresh_from_db()
    session = session_now(caller.session.id)
    assert (stream.state, stream.end_reason) == ("ended", "session_over")
    assert (session.state, session.ended_by_kind, session.end_reason) == ("ended", "caller", "caller_stopped")
    assert Invitation.objects.get().state == "withdrawn"
    told = [(topic, message["type"]) for topic, message in in_herts.broadcasts[-2:]]
    assert told == [(f"caller.{session.id}", "session.ended"), ("console", "session.changed")]
    assert audit_rows()[-1]["act"] == "session.end"


def test_session_ended_twice_stays_as_it_ended(in_herts: Unit) -> None:
    caller = make_consented()
    end_session(actor=caller.actor, now=NOW, session_id=caller.session.id, reason="caller_stopped")
    end_session(actor=person(), now=LATER, session_id=caller.session.id, reason="ended_by_operator")

    session = session_now(caller.session.id)
    assert (session.ended_at, session.ended_by_kind) == (NOW, "caller")


def test_watchdog_ends_session(in_herts: Unit) -> None:
    caller = make_consented()

    end_session(actor=Actor.system("watchdog"), now=LATER, session_id=caller.session.id, reason="lost")

    assert session_now(caller.session.id).ended_by_kind == "system"


def test_sweep_leaves_link_within_the_hour(in_herts: Unit) -> None:
    invitation = make_invitation()

    assert expire_sessions(now=NOW + timedelta(minutes=59)) == 0
    assert session_now(invitation.session_id).state == "invited"


def test_sweep_expires_unopened_link_and_its_session(in_herts: Unit, audit_rows: AuditRows) -> None:
    invitation = make_invitation()

    expire_sessions(now=NOW + timedelta(minutes=60))

    invitation.refresh_from_db()
    assert (invitation.state, session_now(invitation.session_id).state) == ("expired", "expired")
    assert audit_rows()[-1]["act"] == "session.expire"


def test_sweep_leaves_opened_link(in_herts: Unit) -> None:
    caller = make_opened()

    expire_sessions(now=NOW + timedelta(minutes=90))

    assert session_now(caller.session.id).state == "opened"


def test_sweep_expires_rearmed_link_nobody_took(in_herts: Unit) -> None:
    caller = make_consented()
    rearm_invitation(actor=person(), now=LATER, session_id=caller.session.id)

    expire_sessions(now=LATER + timedelta(minutes=60))

    assert session_now(caller.session.id).state == "expired"


@pytest.mark.parametrize(
    ("make", "state"),
    [(make_session, "expired"), (lambda: make_opened().session, "expired"), (None, "ended")],
)
def test_sweep_ends_what_is_over_the_limit(in_herts: Unit, make: Callable[[], LiveSession] | None, state: str) -> None:
    session = make() if make else make_consented().session
    LinkPolicy.objects.update(session_max_minutes=120)

    expire_sessions(now=NOW + timedelta(minutes=120))

    assert session_now(session.id).state == state


def test_auditor_lists_sessions_refused(in_herts: Unit) -> None:
    with pytest.raises(NotPermitted):
        view_sessions(actor=person("auditor"), now=NOW)


def test_operator_lists_sessions_newest_first_without_old_ones(in_herts: Unit) -> None:
    old, ended, going_on = (make_session(now=NOW + timedelta(minutes=n)) for n in range(3))
    end_session(actor=person(), now=NOW, session_id=old.id, reason="x")
    LiveSession.objects.filter(pk=old.pk).update(ended_at=NOW - timedelta(hours=12))
    end_session(actor=person(), now=NOW, session_id=ended.id, reason="x")

    found = view_sessions(actor=person(), now=NOW)

    assert [row["id"] for row in found] == [str(going_on.id), str(ended.id)]
    assert [row["id"] for row in view_sessions(actor=person(), now=NOW, state="draft")] == [str(going_on.id)]


def test_operator_lists_many_sessions_in_a_fixed_number_of_queries(in_herts: Unit) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list_summaries(person(), now=NOW)
        return len(captured)

    _furnished_session()
    few = queries()
    for _ in range(5):
        _furnished_session()

    assert queries() == few <= 11


def test_operator_reads_session_sees_all_parts_but_the_number(in_herts: Unit, audit_rows: AuditRows) -> None:
    session = _furnished_session()

    detail = view_session(actor=person(), session_id=session.id)

    summary = detail["session"]
    assert summary["phone_number_masked"] == "•••• •••123"
    assert summary["stream"]["state"] == "admitted"
    assert summary["last_position"]["latitude"] == 52.2
    assert [fix["latitude"] for fix in detail["positions"]] == [52.1, 52.2]
    assert summary["watchers"] == [{"name": "Sam"}]
    assert summary["risk"] == {"outcome": "clear", "refusals": []}
    assert summary["incident"]["reference"].startswith("HERTS-2611-")
    assert summary["created_at"] == "2026-11-22T14:00:00.000Z"
    assert "447700900123" not in str(detail)
    assert audit_rows()[-1]["operation"] == "consultation"


def _furnished_session() -> LiveSession:
    caller = make_consented()
    stream = Stream.objects.create(session=caller.session, admitted_at=NOW)
    for number, latitude in enumerate((52.1, 52.2)):
        Position.objects.create(
            session=caller.session,
            latitude=latitude,
            longitude=-0.1,
            accuracy_m=8,
            fixed_at=NOW + timedelta(seconds=number),
            received_at=NOW,
        )
    for _ in range(2):
        Watch.objects.create(stream=stream, session=caller.session, user_id="1", user_name="Sam", started_at=NOW)
    assert Incident.objects.exists()
    return caller.session
