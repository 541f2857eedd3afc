"""Who may speak to an officer who is live, one at a time, and who is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotFound, NotPermitted
from streams.models import LiveSession, Talk
from streams.selectors import find_session
from streams.services import talking
from streams.services.locks import SessionOver
from streams.services.phone_page import phone_view
from streams.services.sessions import end_session, view_session
from streams.services.talking import NoOfficer, TalkOver, TalkTaken
from streams.services.watching import StreamOver
from streams.summaries import session_summary
from tests.factories.agencies import share_out
from tests.factories.media import make_live
from tests.factories.officers import OfficerLive, make_officer_live
from tests.factories.streams import NOW, AuditRows, make_consented, person
from tests.factories.talks import make_talk

LATER = NOW + timedelta(seconds=90)
COLLEAGUE = person("operator", "operator-2")


def admit(session_id: UUID, actor: Actor | None = None, owner: str = "socket") -> Any:
    return talking.admit_talk(
        actor=actor or person(), now=NOW, session_id=session_id, node="media-1", owner=owner, process="process"
    )


def told(unit: Unit, topic: str) -> list[Any]:
    """What was said on a topic of talks, in order."""
    return [frame["talk"] for to, frame in unit.broadcasts if to.startswith(topic) and frame["type"] == "talk.changed"]


def live_officer(name: str = "ashby") -> OfficerLive:
    officer = make_officer_live(name=name)
    make_live(officer)
    return officer


def reason_of(talk: Talk) -> str:
    return Talk.objects.get(pk=talk.pk).end_reason


@pytest.mark.parametrize("role", ["officer", "pcso", "auditor", "force_admin", ""])
def test_other_role_speaks_refused_and_audited(in_herts: Unit, audit_rows: AuditRows, role: str) -> None:
    officer = live_officer()
    with pytest.raises(NotPermitted):
        admit(officer.session.id, person(role))

    assert audit_rows()[-1]["outcome"] == "refused"
    assert not Talk.objects.exists()


def test_officer_speaks_in_their_own_session_refused(in_herts: Unit) -> None:
    officer = live_officer()
    with pytest.raises(NotPermitted):
        admit(officer.session.id, officer.actor)


def test_operator_speaks_to_a_caller_refused(in_herts: Unit) -> None:
    with pytest.raises(NoOfficer):
        admit(make_live().session_id)
    assert not Talk.objects.exists()


def test_operator_speaks_in_no_session_of_the_force_refused(in_herts: Unit) -> None:
    with pytest.raises(NotFound):
        admit(uuid4())


def test_operator_speaks_after_the_session_refused(in_herts: Unit) -> None:
    officer = live_officer()
    end_session(actor=person(), now=NOW, session_id=officer.session.id, reason="operator")
    with pytest.raises(SessionOver):
        admit(officer.session.id)


def test_operator_speaks_to_an_officer_who_sends_no_picture_refused(in_herts: Unit) -> None:
    with pytest.raises(StreamOver):
        admit(make_officer_live().session.id)


def test_second_operator_refused_by_the_name_of_who_speaks(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)

    with pytest.raises(TalkTaken, match="Operator One is speaking") as refusal:
        admit(officer.session.id, COLLEAGUE)

    assert refusal.value.details == {"name": "Operator One"}
    assert reason_of(talk) == ""


def test_second_operator_refused_while_the_first_connects(in_herts: Unit) -> None:
    officer = live_officer()
    admit(officer.session.id)
    with pytest.raises(TalkTaken):
        admit(officer.session.id, COLLEAGUE)


def test_operator_who_let_the_button_go_gives_way(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id, is_speaking=False)

    admission = admit(officer.session.id, COLLEAGUE)

    assert reason_of(talk) == "taken"
    assert [held.id for held in admission.leftovers] == [talk.id]


def test_operators_own_talk_of_a_line_that_was_lost_is_replaced(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)

    admit(officer.session.id, owner="another socket")

    assert reason_of(talk) == "replaced"
    assert Talk.objects.filter(ended_at=None).count() == 1


def test_talk_has_a_room_of_its_own_beside_the_pictures(in_herts: Unit) -> None:
    officer = live_officer()
    admission = admit(officer.session.id)

    room = LiveSession.objects.get(pk=officer.session.id).room_id
    assert admission.room_id == f"{room}-talk"
    assert room.startswith("herts-")


def test_talk_begins_and_ends_audited_with_its_seconds(in_herts: Unit, audit_rows: AuditRows) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)
    talking.end_talk(now=LATER, talk_id=talk.id, reason="stopped")

    begun, ended = [row for row in audit_rows() if row["object_type"] == "talk"]
    assert (begun["act"], begun["actor_id"]) == ("talk.begin", "operator-1")
    assert (ended["act"], ended["actor_id"], ended["detail"]) == (
        "talk.end",
        "operator-1",
        {"seconds": 90, "reason": "stopped"},
    )


def test_officer_is_told_only_once_there_is_something_to_listen_to(in_herts: Unit) -> None:
    officer = live_officer()
    in_herts.broadcasts.clear()
    admission = admit(officer.session.id)
    assert told(in_herts, "caller.") == [None]
    assert told(in_herts, "session.")[-1]["name"] == "Operator One"

    talking.note_talk_connected(now=NOW, talk_id=admission.talk_id, gateway_session=1, gateway_handle=2)
    talking.note_speaking(now=NOW, talk_id=admission.talk_id, owner="socket", on=True)
    talking.note_speaking(now=NOW, talk_id=admission.talk_id, owner="socket", on=False)

    who = {"id": str(admission.talk_id), "name": "Operator One"}
    assert told(in_herts, "caller.")[1:] == [{**who, "speaking": on} for on in (False, True, False)]


def test_officer_who_reloads_is_told_who_speaks_and_so_is_a_console(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)

    who = {"id": str(talk.id), "name": "Operator One", "speaking": True}
    assert phone_view(find_session(officer.session.id))["talk"] == who
    assert view_session(actor=person(), session_id=officer.session.id)["talk"]["user_id"] == "operator-1"

    talking.end_talk(now=LATER, talk_id=talk.id, reason="stopped")
    assert phone_view(find_session(officer.session.id))["talk"] is None


def test_nobody_outside_is_told_of_a_talk(in_herts: Unit) -> None:
    officer = live_officer()
    share_out(officer.session.id, now=NOW)
    in_herts.broadcasts.clear()

    talk = make_talk(officer.session.id)
    talking.end_talk(now=LATER, talk_id=talk.id, reason="stopped")

    topics = {topic.partition(".")[0] for topic, frame in in_herts.broadcasts if "talk" in str(frame)}
    assert topics == {"session", "caller"}
    assert "talk" not in str(session_summary(find_session(officer.session.id)))


def test_another_socket_does_not_speak_for_it(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id, is_speaking=False)
    with pytest.raises(NotFound):
        talking.note_speaking(now=NOW, talk_id=talk.id, owner="another", on=True)


def test_word_after_the_end_comes_too_late_and_is_fine(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)
    talking.end_talk(now=LATER, talk_id=talk.id, reason="stopped")

    talking.note_speaking(now=LATER, talk_id=talk.id, owner="socket", on=True)

    assert talking.end_talk(now=LATER, talk_id=talk.id, reason="again") == []
    assert reason_of(talk) == "stopped"
    assert not Talk.objects.get(pk=talk.pk).is_speaking


def test_talk_ended_while_it_was_connected_is_not_begun(in_herts: Unit) -> None:
    officer = live_officer()
    admission = admit(officer.session.id)
    talking.end_talk(now=NOW, talk_id=admission.talk_id, reason="stopped")
    with pytest.raises(TalkOver):
        talking.note_talk_connected(now=NOW, talk_id=admission.talk_id, gateway_session=1, gateway_handle=2)


def test_caller_is_never_told_of_talks(in_herts: Unit) -> None:
    caller = make_consented()
    make_live(caller)
    assert view_session(actor=person(), session_id=caller.session.id)["talk"] is None
