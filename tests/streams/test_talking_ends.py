"""What ends a talk, and who of the officer's phones listens to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forces.context import Unit
from forces.errors import NotFound
from streams.services import arrival, handles, publishing, talking
from streams.services.handovers import accept_handover, offer_handover, take_session
from streams.services.sessions import end_session
from streams.services.talking import TalkOver
from tests.factories.media import SYSTEM, make_live
from tests.factories.officers import make_officer_live
from tests.factories.streams import NOW, person
from tests.factories.talks import make_talk
from tests.streams.test_talking import COLLEAGUE, LATER, admit, live_officer, reason_of


def test_end_of_the_session_ends_the_talk(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)
    end_session(actor=officer.actor, now=LATER, session_id=officer.session.id, reason="officer_stopped")

    assert reason_of(talk) == "session_over"
    assert "talk" in {held.holder for held in handles.find_leftover_handles()}


def test_officer_who_stops_the_picture_ends_the_talk(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)

    about: Any = {"actor": officer.actor, "now": LATER, "session_id": officer.session.id}
    left = publishing.end_session_streams(**about, reason="stopped")

    assert reason_of(talk) == "stream_over"
    assert talk.id in {held.id for held in left}


def test_picture_that_was_lost_leaves_the_talk_until_the_phone_had_time_to_come_back(in_herts: Unit) -> None:
    officer = make_officer_live()
    stream = make_live(officer)
    talk = make_talk(officer.session.id)
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")

    assert reason_of(talk) == ""
    assert talking.list_stale_talks(now=NOW + timedelta(seconds=9)) == []
    assert talking.list_stale_talks(now=NOW + timedelta(seconds=10)) == [(talk.id, "stream_over")]
    make_live(officer)
    make_live(officer)
    assert reason_of(talk) == ""
    assert talking.list_stale_talks(now=NOW + timedelta(seconds=10)) == []


def test_picture_that_stalls_leaves_the_talk(in_herts: Unit) -> None:
    officer = make_officer_live()
    stream = make_live(officer)
    talk = make_talk(officer.session.id)
    arrival.mark_stalled(now=LATER, stream_id=stream.id)
    assert reason_of(talk) == ""


def test_hand_over_ends_the_talk_of_who_gave_it_away(in_herts: Unit, colleague_id: str) -> None:
    officer = live_officer()
    take_session(actor=person(), now=NOW, session_id=officer.session.id, reason="Mine")
    talk = make_talk(officer.session.id)
    offer_handover(actor=person(), now=NOW, session_id=officer.session.id, to=colleague_id, reason="Shift ends")
    assert reason_of(talk) == ""

    accept_handover(actor=person("operator", colleague_id), now=LATER, session_id=officer.session.id)

    assert reason_of(talk) == "handed_over"


def test_operator_who_takes_the_session_goes_on_speaking(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)

    take_session(actor=person(), now=NOW, session_id=officer.session.id, reason="Mine")
    assert reason_of(talk) == ""

    take_session(actor=COLLEAGUE, now=LATER, session_id=officer.session.id, reason="Mine now")
    assert reason_of(talk) == "handed_over"


def test_phone_listens_to_a_talk_of_another_session_refused(in_herts: Unit) -> None:
    officer, other = live_officer(), live_officer("birch")
    talk = make_talk(other.session.id)
    with pytest.raises(NotFound):
        talking.admit_listener(actor=officer.actor, now=NOW, session_id=officer.session.id, talk_id=talk.id)


def test_phone_listens_after_the_end_refused(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)
    about: Any = {"actor": officer.actor, "now": NOW, "session_id": officer.session.id}
    admission = talking.admit_listener(**about, talk_id=talk.id)
    talking.end_talk(now=NOW, talk_id=talk.id, reason="stopped")

    with pytest.raises(TalkOver):
        talking.admit_listener(**about, talk_id=talk.id)
    with pytest.raises(TalkOver):
        talking.begin_listening(**about, admission=admission, gateway_session=7, gateway_handle=8)


def test_one_phone_listens_the_newest_and_its_place_ends_with_the_talk(in_herts: Unit) -> None:
    officer = live_officer()
    talk = make_talk(officer.session.id)
    about: Any = {"actor": officer.actor, "now": NOW, "session_id": officer.session.id}
    for number in (7, 8):
        admission = talking.admit_listener(**about, talk_id=talk.id)
        former = talking.begin_listening(**about, admission=admission, gateway_session=1, gateway_handle=number)
    assert [held.gateway_handle for held in former] == [7]

    handles.note_detached(handles=former)  # the word of the older one comes late
    left = talking.end_talk(now=LATER, talk_id=talk.id, reason="stopped")

    assert [(held.holder, held.gateway_handle) for held in left][-1] == ("listener", 8)
    handles.note_detached(handles=left)
    assert handles.find_leftover_handles() == []


def test_talk_that_never_began_or_in_which_nobody_speaks_is_stale(in_herts: Unit) -> None:
    officer, other, third = live_officer(), live_officer("birch"), live_officer("clark")
    idle = make_talk(officer.session.id, is_speaking=False)
    make_talk(other.session.id)
    never = admit(third.session.id)

    assert talking.list_stale_talks(now=NOW + timedelta(seconds=19)) == []
    assert talking.list_stale_talks(now=NOW + timedelta(seconds=20)) == [(never.talk_id, "never_connected")]
    assert (idle.id, "idle") in talking.list_stale_talks(now=NOW + timedelta(minutes=2))
    assert len(talking.list_open_talks()) == 3


@pytest.fixture
def colleague_id(in_herts: Unit) -> str:
    """Return the id of an operator who has an account."""
    from forces.accounts.models import User

    named = {"first_name": "Alex", "role": "operator"}
    return str(User.objects.get_or_create(username="talking-colleague", defaults=named)[0].pk)
