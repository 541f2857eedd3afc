"""The page of one incident: who may read it, what it holds, how it is audited, and its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forces.actors import Actor
from forces.context import ForceRef, Unit, in_force
from forces.errors import NotFound, NotPermitted
from streams.models import Incident, LiveSession
from streams.services.group_text import say
from streams.services.incident_closing import SessionsUnderWay, close_incident, reopen_incident
from streams.services.incident_page import view_incident, view_timeline
from streams.services.sessions import create_session, end_session
from tests.factories.media import make_live, make_watch
from tests.factories.officers import make_officer_live
from tests.factories.streams import NOW, PHONE, AuditRows, make_consented, make_incident, person

LATER = NOW + timedelta(minutes=1)


def many_sessions(incident: Incident, count: int) -> None:
    """Let an incident have so many watched pictures of callers."""
    for _ in range(count):
        caller = make_consented()
        make_watch(make_live(caller))
        LiveSession.objects.filter(pk=caller.session.pk).update(incident=incident)


def queries_of(*, actor: Actor, incident_id: Any) -> int:
    """Return how many queries page and time line take."""
    with CaptureQueriesContext(connection) as captured:
        view_incident(actor=actor, incident_id=incident_id)
        view_timeline(actor=actor, incident_id=incident_id)
    return len(captured)


@pytest.mark.parametrize("read", [view_incident, view_timeline])
@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_reads_an_incident_refused_and_audited(
    in_herts: Unit, audit_rows: AuditRows, role: str, read: Any
) -> None:
    with pytest.raises(NotPermitted):
        read(actor=person(role), incident_id=make_incident().id)

    assert [(row["act"], row["outcome"]) for row in audit_rows()][-1] == ("session.view", "refused")


@pytest.mark.parametrize("read", [view_incident, view_timeline])
def test_unknown_incident_is_not_found(in_herts: Unit, read: Any) -> None:
    with pytest.raises(NotFound):
        read(actor=person(), incident_id=uuid4())


def test_incident_shows_its_sessions_people_and_messages_and_no_others(in_herts: Unit, audit_rows: AuditRows) -> None:
    live = make_officer_live()
    incident = live.session.incident
    caller = make_consented(phone_number=PHONE)
    LiveSession.objects.filter(pk=caller.session.pk).update(incident=incident)
    make_consented()
    say(actor=live.actor, now=NOW, incident_id=incident.id, client_id="one", text="Arrived")

    page = view_incident(actor=person(), incident_id=incident.id)

    assert {row["id"] for row in page["sessions"]} == {str(live.session.id), str(caller.session.id)}
    assert [(one["name"], one["number"], one["session_id"]) for one in page["officers"]] == [
        (live.actor.name, "1234", str(live.session.id))
    ]
    assert [message["text"] for message in page["messages"]] == ["Arrived"]
    assert (page["incident"]["reference"], page["incident"]["closed_at"]) == (incident.reference, None)
    assert PHONE.replace(" ", "")[1:] not in str(page)
    row = audit_rows()[-1]
    assert (row["act"], row["operation"], row["object_id"]) == ("incident.view", "consultation", str(incident.id))


def test_page_and_time_line_take_as_many_queries_for_twenty_sessions_as_for_one(in_herts: Unit) -> None:
    few, many = make_incident(), make_incident()
    many_sessions(few, 1)
    many_sessions(many, 20)

    with_one = queries_of(actor=person(), incident_id=few.id)
    with_many = queries_of(actor=person(), incident_id=many.id)

    assert len(view_incident(actor=person(), incident_id=many.id)["sessions"]) == 20
    assert with_many == with_one <= 60


def test_what_one_person_reads_within_a_minute_is_audited_once(copy_db: str, herts: ForceRef) -> None:
    from forces.audit.models import AuditEntry

    incident_id = in_force(herts, lambda: make_incident().id)
    for actor in (person(), person(), person("supervisor"), person()):
        in_force(herts, view_incident, actor=actor, incident_id=incident_id)
        in_force(herts, view_timeline, actor=actor, incident_id=incident_id)

    def looks() -> list[tuple[str, str]]:
        return list(
            AuditEntry.objects.filter(object_id=str(incident_id), operation="consultation")
            .order_by("seq")
            .values_list("act", "actor_id")
        )

    assert in_force(herts, looks) == [
        ("incident.view", "operator-1"),
        ("incident.timeline", "operator-1"),
        ("incident.view", "supervisor-1"),
        ("incident.timeline", "supervisor-1"),
    ]


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin"])
def test_other_role_closes_an_incident_refused(in_herts: Unit, role: str) -> None:
    incident = make_incident()

    with pytest.raises(NotPermitted):
        close_incident(actor=person(role), now=LATER, incident_id=incident.id)
    with pytest.raises(NotPermitted):
        reopen_incident(actor=person(role), incident_id=incident.id)

    assert Incident.objects.get(pk=incident.id).closed_at is None


def test_incident_with_a_session_under_way_is_not_closed(in_herts: Unit) -> None:
    caller = make_consented()

    with pytest.raises(SessionsUnderWay):
        close_incident(actor=person(), now=LATER, incident_id=caller.session.incident_id)

    end_session(actor=person(), now=LATER, session_id=caller.session.id, reason="operator")
    closed = close_incident(actor=person(), now=LATER, incident_id=caller.session.incident_id)
    assert closed["closed_at"] == "2026-11-22T14:01:00.000Z"


def test_closed_incident_takes_no_session_until_it_is_open_again(in_herts: Unit, audit_rows: AuditRows) -> None:
    incident = make_incident()
    close_incident(actor=person(), now=LATER, incident_id=incident.id)
    told = in_herts.broadcasts[-1]
    assert told[0] == f"incident.{incident.id}"
    assert (told[1]["type"], told[1]["incident"]["closed_at"]) == ("incident.changed", "2026-11-22T14:01:00.000Z")
    again = len(in_herts.broadcasts)
    close_incident(actor=person(), now=LATER, incident_id=incident.id)
    assert len(in_herts.broadcasts) == again

    draft: dict[str, Any] = {"link_kind": "location", "phone_number": PHONE}
    with pytest.raises(NotFound):
        create_session(actor=person(), now=LATER, incident_id=incident.id, **draft)
    with pytest.raises(NotFound):
        make_officer_live(now=LATER, incident_id=incident.id)

    assert reopen_incident(actor=person(), incident_id=incident.id)["closed_at"] is None
    create_session(actor=person(), now=LATER, incident_id=incident.id, **draft)
    acts = [row["act"] for row in audit_rows() if row["object_id"] == str(incident.id)]
    assert acts == ["incident.open", "incident.close", "incident.reopen"]
