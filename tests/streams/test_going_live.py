"""An officer goes live: the session, its incident, its recording without consent, and who may end it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from forces.accounts.models import User
from forces.accounts.sign_ins import begin_sign_in, end_sign_ins_of
from forces.actors import Actor
from forces.context import Unit
from forces.errors import InvalidTransition, NotFound, NotPermitted
from streams.models import Incident, LiveSession, Shift, Stream
from streams.selectors import find_session, session_summary
from streams.services import arrival, positions, publishing, recording
from streams.services.attention import note_looks
from streams.services.going_live import PER_MINUTE, admit_officer, go_live, list_left_behind
from streams.services.handovers import take_session
from streams.services.incidents import open_incident
from streams.services.invitations import send_invitation
from streams.services.locks import SessionOver
from streams.services.search import Asked, search_sessions
from streams.services.sessions import end_session, expire_sessions
from streams.services.shifts import StillLive, set_status
from streams.services.turns import TooOften
from tests.factories.media import make_live
from tests.factories.officers import make_officer, make_officer_live
from tests.factories.streams import NOW, AuditRows, make_consented, make_incident, person


def test_officer_goes_live_for_an_open_incident(in_herts: Unit, audit_rows: AuditRows) -> None:
    incident = make_incident()

    officer = make_officer_live(incident_id=incident.id)

    summary = session_summary(find_session(officer.session.id))
    assert summary["kind"] == "officer"
    assert summary["incident"]["reference"] == incident.reference
    assert summary["officer"] == {"id": officer.actor.id, "name": "Tom Ashby", "number": "1234"}
    assert summary["assigned_to"] == {"id": "", "name": ""}
    assert summary["consent"] is None
    assert [row["act"] for row in audit_rows() if row["act"] == "session.go_live"] == ["session.go_live"]


def test_officer_without_an_incident_opens_one_that_operators_cannot_choose(in_herts: Unit) -> None:
    officer = make_officer_live()

    incident = Incident.objects.get(pk=officer.session.incident_id)
    assert incident.type.code == "officer-live"
    assert incident.opened_by == officer.actor.id
    assert incident.reference.startswith("HERTS-")
    with pytest.raises(Exception, match="no such incident type"):
        open_incident(actor=person(), now=NOW, type_code="officer-live", description="")


def test_officer_who_is_live_already_goes_on_with_that_session(in_herts: Unit) -> None:
    officer = make_officer_live()

    assert go_live(actor=officer.actor, now=NOW, incident_id=make_incident().id) == officer.session.id
    assert LiveSession.objects.filter(kind="officer").count() == 1


@pytest.mark.parametrize("is_closed", [False, True])
def test_officer_chooses_an_incident_that_is_not_open_refused(in_herts: Unit, is_closed: bool) -> None:
    incident = make_incident()
    Incident.objects.filter(pk=incident.pk).update(closed_at=NOW)

    with pytest.raises(NotFound):
        go_live(actor=make_officer(), now=NOW, incident_id=incident.id if is_closed else uuid4())


@pytest.mark.parametrize("role", ["operator", "supervisor", "auditor", "force_admin", ""])
def test_role_that_is_not_out_goes_live_refused(in_herts: Unit, role: str) -> None:
    with pytest.raises(NotPermitted):
        go_live(actor=person(role), now=NOW)


def test_officer_off_duty_is_at_the_scene_from_going_live_on(in_herts: Unit) -> None:
    officer = make_officer_live()

    assert Shift.objects.get(user_id=officer.actor.id, ended_at__isnull=True).status == "at_scene"
    with pytest.raises(StillLive):
        set_status(actor=officer.actor, now=NOW, status="off_duty")


def test_officer_en_route_stays_en_route_when_going_live(in_herts: Unit) -> None:
    actor = make_officer()
    set_status(actor=actor, now=NOW, status="en_route")

    go_live(actor=actor, now=NOW)

    assert Shift.objects.get(user_id=actor.id).status == "en_route"


def test_officers_picture_is_live_and_recorded_without_anybodys_consent(in_herts: Unit) -> None:
    officer = make_officer_live()

    stream = make_live(officer)

    officer.session.refresh_from_db()
    assert stream.state == "live"
    assert officer.session.state == "live"
    assert recording.wants_recording(officer.session)
    assert recording.note_started(actor=Actor.system("media"), now=NOW, stream_id=stream.id) is not None


def test_force_that_does_not_record_by_default_does_not_record_its_officers(in_herts: Unit) -> None:
    officer = make_officer_live()
    LiveSession.objects.filter(pk=officer.session.pk).update(recording_wanted=False)
    stream = make_live(officer)

    assert recording.note_started(actor=Actor.system("media"), now=NOW, stream_id=stream.id) is None
    plan = recording.want_recording(actor=person(), now=NOW, session_id=officer.session.id, on=True)
    assert plan.stream_id == stream.id


def test_colleague_publishes_into_an_officers_session_refused(in_herts: Unit) -> None:
    officer, colleague = make_officer_live(), make_officer("yusuf", number="77")

    for stranger in (colleague, person(), Actor.caller(officer.session.id)):
        with pytest.raises(NotPermitted):
            publishing.admit_publisher(
                actor=stranger, now=NOW, session_id=officer.session.id, node="media-1", owner="process"
            )
    with pytest.raises(SessionOver):
        admit_officer(actor=colleague, session_id=officer.session.id)


def test_officer_publishes_into_a_callers_session_refused(in_herts: Unit) -> None:
    caller = make_consented()

    with pytest.raises(NotPermitted):
        publishing.admit_publisher(
            actor=make_officer(), now=NOW, session_id=caller.session.id, node="media-1", owner="process"
        )


def test_former_officer_publishes_no_more(in_herts: Unit) -> None:
    officer = make_officer_live()
    moved = Actor(kind="user", id=officer.actor.id, name="Tom Ashby", role="operator")

    with pytest.raises(NotPermitted):
        publishing.admit_publisher(actor=moved, now=NOW, session_id=officer.session.id, node="media-1", owner="process")


def test_officers_fix_is_the_sessions_position(in_herts: Unit) -> None:
    officer = make_officer_live()
    fix = positions.NewFix(latitude=51.8, longitude=-0.08, accuracy_m=6, fixed_at=NOW)

    positions.add_fix(actor=officer.actor, now=NOW, session_id=officer.session.id, fix=fix)

    assert session_summary(find_session(officer.session.id))["last_position"]["accuracy_m"] == 6


def test_officer_ends_their_own_session_and_nobody_elses(in_herts: Unit) -> None:
    officer, colleague = make_officer_live(), make_officer("yusuf", number="77")
    with pytest.raises(NotPermitted):
        end_session(actor=colleague, now=NOW, session_id=officer.session.id, reason="officer_stopped")
    with pytest.raises(NotPermitted):
        end_session(actor=officer.actor, now=NOW, session_id=make_consented().session.id, reason="officer_stopped")

    end_session(actor=officer.actor, now=NOW, session_id=officer.session.id, reason="officer_stopped")

    officer.session.refresh_from_db()
    assert (officer.session.state, officer.session.end_reason) == ("ended", "officer_stopped")


def test_operator_takes_ends_and_finds_an_officers_session(in_herts: Unit) -> None:
    officer = make_officer_live()
    make_live(officer)

    take_session(actor=person(), now=NOW, session_id=officer.session.id, reason="Near me")
    end_session(actor=person(), now=NOW, session_id=officer.session.id, reason="operator")

    asked = Asked(kind="officer", since=NOW - timedelta(hours=1))
    found = search_sessions(actor=person(), now=NOW, asked=asked, reason="Complaint of today")
    assert [row["id"] for row in found["results"]] == [str(officer.session.id)]
    assert found["results"][0]["assigned_to"]["id"] == person().id


def test_operator_sends_a_link_to_an_officers_session_refused(in_herts: Unit) -> None:
    with pytest.raises(InvalidTransition, match="no link"):
        send_invitation(actor=person(), now=NOW, session_id=make_officer_live().session.id)


def test_officers_picture_that_nobody_watches_is_unattended(in_herts: Unit) -> None:
    officer = make_officer_live()
    make_live(officer)

    for seconds in (0, 61):
        note_looks(now=NOW + timedelta(seconds=seconds), attended=())

    officer.session.refresh_from_db()
    assert officer.session.unattended_reason == "picture_unwatched"


def test_officers_session_over_the_limit_is_ended(in_herts: Unit) -> None:
    officer = make_officer_live()
    stream = make_live(officer)

    expire_sessions(now=NOW + timedelta(days=2))

    officer.session.refresh_from_db()
    stream.refresh_from_db()
    assert (officer.session.state, officer.session.end_reason) == ("ended", "time_limit")
    assert stream.is_over
    arrival.mark_live(now=NOW, stream_id=stream.id)
    assert Stream.objects.get(pk=stream.pk).is_over


def test_officer_begins_session_after_session_refused_until_the_next_minute(in_herts: Unit) -> None:
    actor = make_officer()

    def begin_and_end(at: datetime) -> None:
        session_id = go_live(actor=actor, now=at)
        end_session(actor=actor, now=at, session_id=session_id, reason="officer_stopped")

    for _ in range(PER_MINUTE):
        begin_and_end(NOW)
    with pytest.raises(TooOften):
        begin_and_end(NOW)
    assert Incident.objects.count() == PER_MINUTE
    begin_and_end(NOW + timedelta(minutes=1))


def test_session_of_an_officer_who_is_signed_in_nowhere_is_left_behind(in_herts: Unit) -> None:
    there, gone, put_out = (make_officer_live(name=name) for name in ("ashby", "baker", "clark"))
    make_consented()  # of a caller, who never signs in
    for officer in (there, gone, put_out):
        user = User.objects.get(pk=officer.actor.id)
        begin_sign_in(actor=officer.actor, now=NOW, user=user, has_second_factor=True)
    end_sign_ins_of(actor=person(), now=NOW, user_id=int(gone.actor.id), reason="by_admin")
    User.objects.filter(pk=put_out.actor.id).update(is_active=False)

    assert set(list_left_behind(now=NOW)) == {gone.session.id, put_out.session.id}
    idle = NOW + timedelta(hours=13)
    assert set(list_left_behind(now=idle)) == {there.session.id, gone.session.id, put_out.session.id}
