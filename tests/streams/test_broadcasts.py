"""What sockets are told: of two states of a session, everyone can tell the older one."""

from __future__ import annotations

from typing import Any

from forces import clock
from forces.context import Unit
from streams.broadcasts import broadcast_recording_on_commit
from streams.models import LiveSession
from streams.selectors import find_session, session_summary
from streams.services import arrival, progress
from streams.services.sessions import end_session
from tests.factories.media import make_live
from tests.factories.streams import make_opened, person


def test_each_state_of_a_session_has_a_higher_revision(in_herts: Unit) -> None:
    session = make_opened(now=clock.now()).session

    progress.note_lost(now=clock.now(), session_id=session.id)
    progress.note_connected(now=clock.now(), session_id=session.id)

    told = [message["session"]["revision"] for _, message in in_herts.broadcasts if "session" in message]
    assert told == sorted(set(told))
    assert session_summary(find_session(session.id))["revision"] == told[-1]


def test_each_frame_to_the_caller_has_a_revision_above_the_last(in_herts: Unit) -> None:
    stream = make_live()
    in_herts.broadcasts.clear()

    broadcast_recording_on_commit(stream.session_id, is_on=True)
    arrival.mark_stalled(now=clock.now(), stream_id=stream.id)
    arrival.mark_live(now=clock.now(), stream_id=stream.id)

    told: list[Any] = [message["revision"] for topic, message in in_herts.broadcasts if topic.startswith("caller.")]
    assert len(told) == 5
    assert told == sorted(set(told))


def test_ending_a_session_with_a_picture_never_lowers_its_revision(in_herts: Unit) -> None:
    stream = make_live()
    before = LiveSession.objects.get(pk=stream.session_id).revision
    in_herts.broadcasts.clear()

    end_session(actor=person(), now=clock.now(), session_id=stream.session_id, reason="operator")

    told = [message["session"]["revision"] for _, message in in_herts.broadcasts if "session" in message]
    assert told == sorted(set(told))
    assert told[0] > before
    assert LiveSession.objects.get(pk=stream.session_id).revision == told[-1]
