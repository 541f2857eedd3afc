"""What an officer's page lists of pictures that are shown: of their incidents, not their own, and nobody's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from forces.actors import Actor
from forces.context import Unit
from streams.models import Stream
from streams.services import arrival, colleagues, publishing
from streams.services.officer_page import read_officer_page
from streams.services.positions import NewFix, add_fix
from streams.services.shifts import set_status
from tests.factories.colleagues import make_shown, make_there, send_there
from tests.factories.media import SYSTEM, make_live
from tests.factories.officers import make_officer_live, make_on_duty
from tests.factories.streams import NOW, PHONE, AuditRows, Caller, consent, make_consented, make_incident, person

LATER = NOW + timedelta(seconds=5)


def pictures(officer: Actor, *, seconds: int = 0) -> Any:
    return read_officer_page(actor=officer, now=NOW + timedelta(seconds=seconds))["pictures"]


def place(sharer: Any) -> None:
    fix = NewFix(latitude=51.9, longitude=-0.2, accuracy_m=8.0, fixed_at=NOW)
    add_fix(actor=sharer.actor, now=NOW, session_id=sharer.session.id, fix=fix)


def test_officer_who_is_not_there_or_off_duty_is_listed_nothing(in_herts: Unit) -> None:
    stream = make_shown()
    free, elsewhere, gone = make_on_duty("free"), make_on_duty("field"), make_there(stream, "gone")
    send_there(elsewhere, make_incident().id)
    set_status(actor=gone, now=NOW, status="off_duty")

    assert [pictures(one) for one in (free, elsewhere, gone)] == [[], [], []]


def test_officer_is_listed_what_is_shown_and_nothing_else(in_herts: Unit) -> None:
    stream = make_live()
    officer = make_there(stream)
    assert pictures(officer) == []

    colleagues.show_to_officers(actor=person(), now=NOW, session_id=stream.session_id)
    assert [one["session_id"] for one in pictures(officer)] == [str(stream.session_id)]

    colleagues.hide_from_officers(actor=person(), now=NOW, session_id=stream.session_id)
    assert pictures(officer) == []


def test_callers_picture_says_where_and_nothing_of_who(in_herts: Unit) -> None:
    caller: Caller = make_consented()
    place(caller)
    stream = make_shown(caller)
    officer = make_there(stream)

    (one,) = pictures(officer)

    names = {"session_id", "kind", "officer", "source", "incident", "shown_at", "stream", "position", "flight", "trail"}
    assert set(one) == names
    assert (one["kind"], one["officer"], one["source"], one["flight"], one["trail"]) == ("caller", None, None, None, [])
    assert one["incident"]["reference"] == stream.session.incident.reference
    assert (one["stream"]["id"], one["stream"]["state"]) == (str(stream.id), "live")
    assert one["position"]["grid_reference"].startswith("TL ")
    assert PHONE[-6:] not in str(one)
    assert "phone" not in str(one)


def test_caller_who_does_not_agree_to_be_located_is_not(in_herts: Unit) -> None:
    caller: Caller = make_consented(scopes=("location", "video"))
    place(caller)
    stream = make_shown(caller)
    officer = make_there(stream)
    consent(caller, scopes=("video",))

    assert [one["position"] for one in pictures(officer)] == [None]


def test_officers_picture_has_name_and_number_and_is_not_their_own(in_herts: Unit) -> None:
    live = make_officer_live(name="field")
    stream = make_shown(live)
    officer = make_there(stream)

    (one,) = pictures(officer)
    assert (one["kind"], one["officer"]["name"], one["officer"]["number"]) == ("officer", live.actor.name, "1234")
    assert pictures(live.actor) == []


def test_picture_that_stalls_or_is_not_there_yet_says_so(in_herts: Unit) -> None:
    caller: Caller = make_consented()
    colleagues.show_to_officers(actor=person(), now=NOW, session_id=caller.session.id)
    officer = make_on_duty()
    send_there(officer, caller.session.incident_id)
    assert [one["stream"] for one in pictures(officer)] == [None]

    stream: Stream = make_live(caller)
    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    assert [(one["stream"]["state"], one["stream"]["stalled_at"]) for one in pictures(officer)] == [
        ("stalled", "2026-11-22T14:00:05.000Z")
    ]

    publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="hangup")
    assert [one["stream"] for one in pictures(officer)] == [None]


def test_officers_look_is_audited_by_incident_once_a_minute(in_herts: Unit, audit_rows: AuditRows) -> None:
    stream = make_shown()
    officer = make_there(stream)
    pictures(officer)
    audit_rows()
    pictures(officer, seconds=20)

    rows = [row for row in audit_rows() if row["act"] == "incident.pictures"]
    assert [(row["operation"], row["object_id"]) for row in rows] == [("consultation", str(stream.session.incident_id))]
