"""Group text of an incident: who may write and read, once, in order, and to whom it goes."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidInput, InvalidTransition, NotFound, NotPermitted
from streams.models import IncidentMessage
from streams.on_incident import incidents_of_officer, is_on_incident, officers_on_incident
from streams.selectors import Plain
from streams.services.group_text import NotOnIncident, list_groups, list_incident_messages, say
from streams.services.incident_closing import close_incident
from streams.services.officer_page import read_officer_page
from streams.services.sessions import end_session
from tests.factories.officers import OfficerLive, make_officer, make_officer_live
from tests.factories.streams import NOW, AuditRows, make_consented, make_incident, person

LATER = NOW + timedelta(minutes=1)


def write(live: OfficerLive, text: str = "Arrived", client_id: str = "one") -> Plain:
    """Let an officer write to the others on the incident in which they are live."""
    return say(actor=live.actor, now=NOW, incident_id=live.session.incident_id, client_id=client_id, text=text)


@pytest.mark.parametrize("role", ["auditor", "force_admin"])
def test_other_role_writes_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    incident = make_incident()

    with pytest.raises(NotPermitted):
        say(actor=person(role), now=NOW, incident_id=incident.id, client_id="one", text="Hello")

    assert not IncidentMessage.objects.exists()
    assert [row["outcome"] for row in audit_rows() if row["act"] == "session.control"] == ["refused"]


def test_caller_of_the_incident_writes_refused(in_herts: Unit) -> None:
    caller = make_consented()

    with pytest.raises(NotPermitted):
        say(actor=caller.actor, now=NOW, incident_id=caller.session.incident_id, client_id="one", text="Hello")

    assert not IncidentMessage.objects.exists()


def test_unknown_incident_is_not_found(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        say(actor=person(), now=NOW, incident_id=uuid4(), client_id="one", text="Hello")


def test_officer_who_is_on_another_incident_writes_refused_and_audited(in_herts: Unit, audit_rows: AuditRows) -> None:
    other, live = make_incident(), make_officer_live()

    with pytest.raises(NotOnIncident):
        say(actor=live.actor, now=NOW, incident_id=other.id, client_id="one", text="Hello")

    assert not IncidentMessage.objects.exists()
    refused = [row for row in audit_rows() if row["act"] == "incident.say"]
    assert [(row["outcome"], row["code"], row["object_id"]) for row in refused] == [
        ("refused", "not_on_incident", str(other.id))
    ]


def test_officer_whose_session_has_ended_writes_no_more_and_reads_no_more(in_herts: Unit) -> None:
    live = make_officer_live()
    write(live)
    end_session(actor=live.actor, now=LATER, session_id=live.session.id, reason="officer_stopped")

    with pytest.raises(NotOnIncident):
        write(live, "Still here", "two")

    assert [row.text for row in IncidentMessage.objects.all()] == ["Arrived"]
    assert list_groups(actor=live.actor) == []


def test_nobody_writes_in_a_closed_incident(in_herts: Unit) -> None:
    incident = make_incident()
    close_incident(actor=person(), now=NOW, incident_id=incident.id)

    with pytest.raises(InvalidTransition):
        say(actor=person(), now=LATER, incident_id=incident.id, client_id="one", text="Hello")


@pytest.mark.parametrize(
    ("text", "client_id"), [("  ", "one"), ("x" * 1001, "one"), ("Hello", ""), ("Hello", "x" * 65)]
)
def test_unusable_message_is_refused(in_herts: Unit, text: str, client_id: str) -> None:
    with pytest.raises(InvalidInput):
        say(actor=person(), now=NOW, incident_id=make_incident().id, client_id=client_id, text=text)

    assert not IncidentMessage.objects.exists()


def test_message_sent_twice_is_kept_and_told_once(in_herts: Unit) -> None:
    live = make_officer_live()
    first = write(live)
    told = len(in_herts.broadcasts)

    assert write(live, "Arrived again") == first
    assert (IncidentMessage.objects.count(), len(in_herts.broadcasts)) == (1, told)


def test_message_that_was_kept_before_the_session_ended_is_known_after_it(in_herts: Unit) -> None:
    live = make_officer_live()
    first = write(live)
    end_session(actor=live.actor, now=LATER, session_id=live.session.id, reason="officer_stopped")

    assert write(live) == first


def test_two_senders_may_have_the_same_id_of_a_message(in_herts: Unit) -> None:
    live = make_officer_live()
    write(live)
    say(actor=person(), now=NOW, incident_id=live.session.incident_id, client_id="one", text="Received")

    assert IncidentMessage.objects.count() == 2


def test_id_that_was_used_in_another_incident_is_refused(in_herts: Unit) -> None:
    say(actor=person(), now=NOW, incident_id=make_incident().id, client_id="one", text="Hello")

    with pytest.raises(InvalidInput):
        say(actor=person(), now=NOW, incident_id=make_incident().id, client_id="one", text="Hello")


def test_messages_of_one_moment_keep_their_order_on_the_wire(in_herts: Unit) -> None:
    incident = make_incident()
    for number in range(5):
        at = NOW - timedelta(seconds=number)  # clocks of two processes differ
        say(actor=person(), now=at, incident_id=incident.id, client_id=str(number), text=f"{number}")

    shown = list_incident_messages(incident.id)
    assert [message["text"] for message in shown] == ["0", "1", "2", "3", "4"]
    assert len({message["sent_at"] for message in shown}) == 5
    assert [message["text"] for message in list_incident_messages(incident.id, most=2)] == ["3", "4"]


def test_officers_message_goes_to_the_incident_its_officers_and_without_its_text_to_every_console(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    first = make_officer_live()
    second = make_officer_live(incident_id=first.session.incident_id, name="birch")
    make_officer_live(name="elsewhere")
    in_herts.broadcasts.clear()
    sent = write(first)

    told = {topic: frame for topic, frame in in_herts.broadcasts if frame["type"] != "officer.notice"}
    incident_id = str(first.session.incident_id)
    officers = {f"officer.{first.actor.id}", f"officer.{second.actor.id}"}
    assert set(told) == {f"incident.{incident_id}", "console", *officers}
    assert all(
        frame == {"type": "incident.message", "message": sent} for topic, frame in told.items() if topic != "console"
    )
    assert (sent["sender"], sent["sender_name"]) == ("officer", first.actor.name)
    assert told["console"] == {
        "type": "incident.said",
        "incident_id": incident_id,
        "reference": first.session.incident.reference,
        "session_id": str(first.session.id),
        "sender_name": first.actor.name,
        "sent_at": sent["sent_at"],
    }
    (row,) = [row for row in audit_rows() if row["act"] == "incident.say"]
    assert (row["operation"], row["object_id"]) == ("collection", incident_id)
    assert "Arrived" not in str(row["detail"])


def test_operators_message_reaches_the_officers_with_the_operators_name(in_herts: Unit) -> None:
    live = make_officer_live()
    in_herts.broadcasts.clear()
    operator = person()
    say(actor=operator, now=NOW, incident_id=live.session.incident_id, client_id="one", text="Ambulance on the way")

    told = {topic: frame for topic, frame in in_herts.broadcasts if frame["type"] != "officer.notice"}
    assert set(told) == {f"incident.{live.session.incident_id}", f"officer.{live.actor.id}"}
    message = told[f"officer.{live.actor.id}"]["message"]
    assert (message["sender"], message["sender_name"]) == ("control", operator.name)


def test_officers_page_has_the_messages_of_their_incident_alone(in_herts: Unit) -> None:
    live = make_officer_live()
    say(actor=person(), now=NOW, incident_id=make_incident().id, client_id="one", text="Of another incident")
    say(actor=person(), now=NOW, incident_id=live.session.incident_id, client_id="two", text="Of theirs")

    (group,) = read_officer_page(actor=live.actor, now=NOW)["groups"]
    assert group["incident"]["reference"] == live.session.incident.reference
    assert "description" not in group["incident"]
    assert [message["text"] for message in group["messages"]] == ["Of theirs"]


def test_officer_who_is_on_none_has_no_group(in_herts: Unit) -> None:
    assert read_officer_page(actor=make_officer(), now=NOW)["groups"] == []


def test_officer_is_on_the_incident_while_the_own_session_in_it_goes_on(in_herts: Unit) -> None:
    caller, live = make_consented(), make_officer_live()
    incident_id = live.session.incident_id

    assert [(one.user_id, one.number, one.session_id) for one in officers_on_incident(incident_id)] == [
        (live.actor.id, "1234", live.session.id)
    ]
    assert officers_on_incident(caller.session.incident_id) == []
    assert is_on_incident(live.actor.id, incident_id)
    assert not is_on_incident(live.actor.id, caller.session.incident_id)
    assert not is_on_incident("another", incident_id)
    assert incidents_of_officer(live.actor.id) == [incident_id]

    end_session(actor=person(), now=LATER, session_id=live.session.id, reason="operator")
    assert officers_on_incident(incident_id) == incidents_of_officer(live.actor.id) == []
    assert not is_on_incident(live.actor.id, incident_id)


def test_system_writes_nothing_to_people(in_herts: Unit) -> None:
    """Its right to end sessions is none to speak for the control room."""
    with pytest.raises(NotPermitted):
        say(actor=Actor.system("watchdog"), now=NOW, incident_id=make_incident().id, client_id="one", text="Hello")
