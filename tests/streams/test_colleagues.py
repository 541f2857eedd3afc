"""Pictures shown to the officers on an incident: who may show, who may see, and that every end ends the seeing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import DomainError, InvalidTransition, NotFound, NotPermitted
from streams.models import Stream, Watch
from streams.selectors import find_session, session_summary
from streams.services import arrival, assignments, attention, colleagues, publishing, sessions, watching
from streams.services.consent import withdraw_consent
from streams.services.locks import SessionOver
from streams.services.shifts import set_status
from streams.services.viewers import find_viewers
from streams.services.watching import StreamOver
from tests.factories.colleagues import colleague_watches, make_shown, make_there, send_there
from tests.factories.media import SYSTEM, make_live, make_watch
from tests.factories.officers import make_officer_live, make_on_duty
from tests.factories.streams import (
    NOW,
    AuditRows,
    Caller,
    consent,
    make_consented,
    make_incident,
    make_opened,
    person,
    session_now,
)

LATER = NOW + timedelta(seconds=90)


def show(session_id: Any, actor: Actor | None = None) -> None:
    colleagues.show_to_officers(actor=actor or person(), now=NOW, session_id=session_id)


def hide(session_id: Any, actor: Actor | None = None) -> Any:
    return colleagues.hide_from_officers(actor=actor or person(), now=LATER, session_id=session_id)


def admit(officer: Actor, stream: Stream, session_id: Any = None) -> Any:
    return colleagues.admit_colleague_viewer(
        actor=officer, now=LATER, session_id=session_id or stream.session_id, stream_id=stream.id
    )


def told_officers(unit: Unit, type_: str = "officer.changed") -> set[str]:
    """Return the topics of officers who were told something of this type."""
    return {topic for topic, frame in unit.broadcasts if topic.startswith("officer.") and frame["type"] == type_}


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
def test_other_role_shows_or_hides_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    stream = make_shown()

    with pytest.raises(NotPermitted):
        show(make_live().session_id, person(role))
    with pytest.raises(NotPermitted):
        hide(stream.session_id, person(role))

    assert session_now(stream.session_id).shown_at is not None
    refused = [row["act"] for row in audit_rows() if row["outcome"] == "refused"]
    assert refused == ["share.grant", "share.grant"]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: make_opened().session, InvalidTransition),
        (lambda: make_consented(link_kind="location", scopes=("location",)).session, InvalidTransition),
        (lambda: make_consented(scopes=("location",)).session, InvalidTransition),
        (lambda: _ended(), SessionOver),
    ],
    ids=["no consent yet", "location alone asked", "location alone agreed", "over"],
)
def test_operator_shows_what_has_no_picture_refused(
    in_herts: Unit, make: Callable[[], Any], error: type[DomainError]
) -> None:
    session = make()

    with pytest.raises(error):
        show(session.id)

    assert session_now(session.id).shown_at is None


def _ended() -> Any:
    session = make_consented().session
    sessions.end_session(actor=person(), now=NOW, session_id=session.id, reason="operator")
    return session


def test_operator_shows_what_there_is_not_refused(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        show(uuid4())


def test_operator_shows_kept_audited_and_the_officers_on_the_incident_alone_told(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    stream = make_live()
    there, elsewhere = make_there(stream), make_on_duty("field")
    send_there(elsewhere, make_incident().id)
    in_herts.broadcasts.clear()

    show(stream.session_id)
    show(stream.session_id, person("supervisor"))

    shown = session_summary(find_session(stream.session_id))["shown"]
    assert shown == {"by_name": "Operator One", "at": "2026-11-22T14:00:00.000Z"}
    rows = [row for row in audit_rows() if row["act"] == "session.show"]
    assert [(row["operation"], row["session_id"]) for row in rows] == [("disclosure", str(stream.session_id))]
    assert told_officers(in_herts) == {f"officer.{there.id}"}
    consoles = [frame for _, frame in in_herts.broadcasts if frame["type"] == "session.changed"]
    assert consoles[-1]["session"]["shown"] == shown


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda stream, officer, asked: hide(stream.session_id), "not_shown"),
        (lambda stream, officer, asked: _done(officer, asked), "not_on_incident"),
        (lambda stream, officer, asked: _stood_down(asked), "not_on_incident"),
        (lambda stream, officer, asked: set_status(actor=officer, now=NOW, status="off_duty"), "officer_off_duty"),
    ],
    ids=["hidden meanwhile", "done", "stood down", "off duty"],
)
def test_officer_who_may_no_longer_watches_refused_and_audited(
    in_herts: Unit, audit_rows: AuditRows, spoil: Callable[..., Any], code: str
) -> None:
    stream, officer = make_shown(), make_on_duty()
    asked = send_there(officer, stream.session.incident_id)
    spoil(stream, officer, asked)

    with pytest.raises(DomainError) as refused:
        admit(officer, stream)

    assert refused.value.code == code
    row = audit_rows()[-1]
    assert (row["act"], row["outcome"], row["code"]) == ("stream.watch", "refused", code)


def _done(officer: Actor, asked: Any) -> None:
    assignments.finish_assignment(actor=officer, now=NOW, assignment_id=asked)


def _stood_down(asked: Any) -> None:
    assignments.end_assignment(actor=person(), now=NOW, assignment_id=asked)


def test_officer_on_no_incident_on_another_or_asked_only_watches_refused(in_herts: Unit) -> None:
    stream, free, elsewhere, asked = make_shown(), *(make_on_duty(name) for name in ("free", "field", "asked"))
    send_there(elsewhere, make_incident().id)
    incident_id = stream.session.incident_id
    assignments.ask_assignment(actor=person(), now=NOW, incident_id=incident_id, officer_id=asked.id)

    for officer in (free, elsewhere, asked):
        with pytest.raises(DomainError) as refused:
            admit(officer, stream)
        assert refused.value.code == "not_on_incident"


def test_officer_watches_what_is_not_shown_refused(in_herts: Unit) -> None:
    stream = make_live()
    with pytest.raises(DomainError) as refused:
        admit(make_there(stream), stream)
    assert refused.value.code == "not_shown"


def test_officer_watches_the_own_picture_refused(in_herts: Unit) -> None:
    live = make_officer_live()
    stream = make_shown(live)
    with pytest.raises(NotPermitted):
        admit(live.actor, stream)


@pytest.mark.parametrize("role", ["operator", "auditor", "force_admin"])
def test_other_role_watches_as_an_officer_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        admit(person(role), make_shown())


def test_officer_watches_a_stream_under_another_session_refused(in_herts: Unit) -> None:
    stream = make_shown()
    with pytest.raises(NotFound):
        admit(make_there(stream), stream, session_id=make_live().session_id)


def test_officer_watches_after_the_end_refused(in_herts: Unit) -> None:
    stream = make_shown()
    officer = make_there(stream)
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")
    with pytest.raises(StreamOver):
        admit(officer, stream)


@pytest.mark.parametrize("what", ["hidden", "off the incident"])
def test_officer_answers_when_it_is_over_refused_and_nothing_begins(in_herts: Unit, what: str) -> None:
    stream, officer = make_shown(), make_on_duty()
    asked = send_there(officer, stream.session.incident_id)
    admission = admit(officer, stream)
    if what == "hidden":
        hide(stream.session_id)
    else:
        _done(officer, asked)

    with pytest.raises(DomainError):
        watching.begin_watch(
            actor=officer, now=LATER, admission=admission, gateway_session=1, gateway_handle=2, owner="s", process="p"
        )

    assert not Watch.objects.exists()


def test_officer_watches_audited_counted_and_named_and_looks_after_nobody(
    in_herts: Unit, audit_rows: AuditRows
) -> None:
    stream = make_shown()
    officer = make_there(stream)

    colleague_watches(officer, stream)

    row = next(row for row in audit_rows() if row["act"] == "stream.watch")
    assert (row["operation"], row["actor_id"], row["outcome"]) == ("consultation", officer.id, "done")
    viewers = find_viewers(stream.session_id)
    assert (viewers.count, viewers.guests, viewers.names) == (1, 0, [officer.name])
    told = [frame for _, frame in in_herts.broadcasts if frame["type"] == "watch.changed"][-1]
    assert (told["count"], told["guests"]) == (1, 1), "the caller is not told that the control room watches"
    assert session_summary(find_session(stream.session_id))["watchers"] == [{"name": officer.name}]
    assert [one.is_watched for one in attention.list_waiting() if one.session_id == stream.session_id] == [False]
    make_watch(stream)
    assert (find_viewers(stream.session_id).count, find_viewers(stream.session_id).elsewhere) == (2, 1)
    assert [one.is_watched for one in attention.list_waiting() if one.session_id == stream.session_id] == [True]


def test_officer_who_watches_ends_nobodys_neglect(in_herts: Unit) -> None:
    stream = make_shown()
    officer = make_there(stream)
    for seconds in (0, 3600):
        attention.note_looks(now=NOW + timedelta(seconds=seconds), attended=())

    colleague_watches(officer, stream)

    assert session_now(stream.session_id).unattended_reason == "picture_unwatched"


def test_operator_hides_and_the_officers_pictures_alone_end(in_herts: Unit, audit_rows: AuditRows) -> None:
    stream = make_shown()
    officer = make_there(stream)
    theirs, ours = colleague_watches(officer, stream), make_watch(stream)
    in_herts.broadcasts.clear()

    left = hide(stream.session_id)

    assert [place.id for place in left] == [theirs]
    assert [watch.id for watch in Watch.objects.filter(ended_at__isnull=True)] == [ours]
    ended = [(topic, frame["reason"]) for topic, frame in in_herts.broadcasts if frame["type"] == "watch.ended"]
    assert (f"officer.{officer.id}", "not_shown") in ended
    assert told_officers(in_herts) == {f"officer.{officer.id}"}
    assert session_summary(find_session(stream.session_id))["shown"] is None
    acts = [(row["act"], row["operation"]) for row in audit_rows()][-2:]
    assert sorted(acts) == [("session.hide", "disclosure"), ("stream.watch_end", "consultation")]
    assert hide(stream.session_id) == []
    assert [row["act"] for row in audit_rows()].count("session.hide") == 1


@pytest.mark.parametrize("how", ["withdrawn", "narrowed"])
def test_caller_takes_the_consent_back_and_nothing_is_shown(in_herts: Unit, audit_rows: AuditRows, how: str) -> None:
    caller: Caller = make_consented()
    stream = make_shown(caller)
    colleague_watches(make_there(stream), stream)

    if how == "withdrawn":
        withdraw_consent(actor=caller.actor, now=LATER, session_id=caller.session.id)
    else:
        consent(caller, now=LATER, scopes=("location",))

    assert not Watch.objects.filter(ended_at__isnull=True).exists()
    assert session_now(caller.session.id).shown_at is None
    row = next(row for row in audit_rows() if row["act"] == "session.hide")
    assert row["detail"]["reason"] == "no_consent"


def test_caller_who_agrees_again_is_not_shown_before_somebody_says_so(in_herts: Unit) -> None:
    caller: Caller = make_consented()
    make_shown(caller)
    consent(caller, now=LATER, scopes=("location",))

    consent(caller, now=LATER)

    assert session_now(caller.session.id).shown_at is None


def test_session_ends_and_so_does_the_showing(in_herts: Unit, audit_rows: AuditRows) -> None:
    stream = make_shown()
    colleague_watches(make_there(stream), stream)

    sessions.end_session(actor=person(), now=LATER, session_id=stream.session_id, reason="operator")

    assert not Watch.objects.filter(ended_at__isnull=True).exists()
    row = next(row for row in audit_rows() if row["act"] == "session.hide")
    assert row["detail"]["reason"] == "session_over"


@pytest.mark.parametrize(("end", "code"), [("done", "not_on_incident"), ("off_duty", "officer_off_duty")])
def test_watch_of_who_may_no_longer_is_ended_and_no_other(in_herts: Unit, end: str, code: str) -> None:
    stream = make_shown()
    officer, other = make_on_duty(), make_there(stream, "field")
    asked = send_there(officer, stream.session.incident_id)
    gone, stays = colleague_watches(officer, stream), colleague_watches(other, stream)
    assert colleagues.end_unfounded_watches(now=LATER) == []

    if end == "done":
        _done(officer, asked)
    else:
        set_status(actor=officer, now=LATER, status="off_duty")
    in_herts.broadcasts.clear()

    assert colleagues.end_unfounded_watches(now=LATER, user_id=other.id) == []
    assert [place.id for place in colleagues.end_unfounded_watches(now=LATER)] == [gone]
    assert [watch.id for watch in Watch.objects.filter(ended_at__isnull=True)] == [stays]
    reasons = [frame["reason"] for topic, frame in in_herts.broadcasts if topic == f"officer.{officer.id}"]
    assert reasons == [code]


def test_officers_are_told_when_what_they_are_shown_arrives_ceases_and_ends(in_herts: Unit) -> None:
    stream = make_shown()
    officer = make_there(stream)
    steps: list[Callable[[], Any]] = [
        lambda: arrival.mark_stalled(now=LATER, stream_id=stream.id),
        lambda: arrival.mark_live(now=LATER, stream_id=stream.id),
        lambda: publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="hangup"),
    ]
    for step in steps:
        in_herts.broadcasts.clear()
        step()
        assert told_officers(in_herts) == {f"officer.{officer.id}"}


def test_officers_are_told_nothing_of_a_picture_that_is_not_shown(in_herts: Unit) -> None:
    stream = make_live()
    make_there(stream)
    in_herts.broadcasts.clear()

    arrival.mark_stalled(now=LATER, stream_id=stream.id)

    assert told_officers(in_herts) == set()
