"""Whether a recording is wanted, whether it really happens, and what is handed over in the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from evidence.models import Item
from forces.actors import Actor
from forces.context import Unit
from forces.errors import NotPermitted
from streams.models import LiveSession, RecordingSegment
from streams.services import arrival, ladder, publishing, recording, rooms
from streams.services.locks import SessionOver
from streams.services.recording import RecordingConsentMissing
from streams.services.sessions import end_session
from tests.factories.media import SYSTEM, make_connecting, make_live, make_recorded
from tests.factories.streams import NOW, make_consented, make_opened, person, session_now

State = RecordingSegment.State


def after(seconds: float) -> Any:
    return NOW + timedelta(seconds=seconds)


def want(session_id: Any, on: bool, actor: Actor | None = None) -> Any:
    return recording.want_recording(actor=actor or person(), now=NOW, session_id=session_id, on=on)


def grow(segment: RecordingSegment, seconds: float, size: int) -> Any:
    """Take in a size at a time; returns the segment as it is then."""
    recording.note_growth(now=after(seconds), segment_id=segment.id, bytes_seen=size)
    segment.refresh_from_db()
    return segment


def alarms(unit: Unit) -> Any:
    return [frame["code"] for topic, frame in unit.broadcasts if frame["type"] == "alarm.raised"]


def close(session_id: Any, seconds: float = 60) -> Any:
    end_session(actor=person(), now=after(seconds), session_id=session_id, reason="operator")
    return rooms.note_room_closed(actor=SYSTEM, now=after(seconds + 1), session_id=session_id)


@pytest.mark.parametrize("role", ["officer", "auditor", "force_admin", ""])
@pytest.mark.parametrize("on", [True, False])
def test_other_role_sets_recording_refused(in_herts: Unit, role: str, on: bool) -> None:
    with pytest.raises(NotPermitted):
        want(make_live().session_id, on, person(role))


def test_caller_sets_recording_refused(in_herts: Unit) -> None:
    caller = make_consented()
    with pytest.raises(NotPermitted):
        want(caller.session.id, False, caller.actor)


@pytest.mark.parametrize("make", [make_opened, lambda: make_consented(scopes=("location", "video"))])
def test_operator_records_without_consent_refused_and_audited(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]], make: Any
) -> None:
    session_id = make().session.id
    with pytest.raises(RecordingConsentMissing):
        want(session_id, True)

    assert (audit_rows()[-1]["act"], audit_rows()[-1]["code"]) == (
        "recording.want_on",
        "recording_consent_missing",
    )


def test_operator_records_after_the_end_refused(in_herts: Unit) -> None:
    stream = make_live()
    end_session(actor=person(), now=NOW, session_id=stream.session_id, reason="operator")
    with pytest.raises(SessionOver):
        want(stream.session_id, True)


def test_operator_turns_recording_off_without_any_consent_kept(in_herts: Unit) -> None:
    caller = make_opened()

    plan = want(caller.session.id, False)

    assert (plan.stream_id, plan.on) == (None, False)
    assert not session_now(caller.session.id).recording_wanted


def test_operator_records_a_live_stream_planned_and_audited(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    stream = make_live()

    plan = want(stream.session_id, True)

    assert (plan.stream_id, plan.room_id, plan.node, plan.on) == (stream.id, stream.room_id, "media-1", True)
    assert audit_rows()[-1]["act"] == "recording.want_on"


def test_operator_records_before_the_picture_is_live_kept_for_later(in_herts: Unit) -> None:
    stream = make_connecting()

    assert want(stream.session_id, True).stream_id is None
    went = arrival.mark_live(now=NOW, stream_id=stream.id)
    assert went is not None
    assert went.wants_recording


def test_recording_starts_once_and_caller_is_told(in_herts: Unit) -> None:
    stream = make_live()
    first, second = make_recorded(stream), make_recorded(stream)

    assert first == second
    assert first.state == State.STARTING
    told = [frame["on"] for _, frame in in_herts.broadcasts if frame["type"] == "recording.changed"]
    assert told == [True]


def test_recording_of_a_stream_that_is_over_does_not_start(in_herts: Unit) -> None:
    stream = make_live()
    publishing.end_stream(actor=SYSTEM, now=NOW, stream_id=stream.id, reason="hangup")

    assert recording.note_started(actor=SYSTEM, now=NOW, stream_id=stream.id) is None


def test_header_alone_raises_the_alarm_after_three_seconds(in_herts: Unit) -> None:
    segment = make_recorded()

    assert grow(segment, 2.9, 8).state == State.STARTING
    assert alarms(in_herts) == []
    assert grow(segment, 3, 8).state == State.ALARM
    assert grow(segment, 4, 8).alarm_reason == "recording_not_growing"
    assert alarms(in_herts) == ["recording_not_growing"]


def test_missing_file_raises_the_alarm_after_three_seconds(
    in_herts: Unit, audit_rows: Callable[[], list[dict[str, Any]]]
) -> None:
    assert grow(make_recorded(), 3, 0).state == State.ALARM
    assert "recording.alarm" in [row["act"] for row in audit_rows()]


def test_growing_file_confirms_the_recording(in_herts: Unit) -> None:
    segment = grow(make_recorded(), 1, 4096)

    assert (segment.state, segment.confirmed_at, segment.bytes_seen) == (State.RECORDING, after(1), 4096)
    shown = [frame for _, frame in in_herts.broadcasts if frame["type"] == "session.changed"][-1]
    assert shown["session"]["recording"]["state"] == "recording"


def test_growth_that_stops_raises_the_alarm_after_five_seconds(in_herts: Unit) -> None:
    segment = grow(make_recorded(), 2, 4096)

    assert grow(segment, 6.9, 4096).state == State.RECORDING
    assert grow(segment, 7, 4096).state == State.ALARM
    assert alarms(in_herts) == ["recording_stopped_growing"]


def test_alarm_is_called_off_when_the_file_grows_again(in_herts: Unit) -> None:
    segment = grow(make_recorded(), 3, 8)

    segment = grow(segment, 8, 4096)

    assert (segment.state, segment.confirmed_at) == (State.RECORDING, after(8))
    assert grow(segment, 12.9, 4096).state == State.RECORDING
    assert grow(segment, 13, 4096).state == State.ALARM


def test_stalled_picture_writes_nothing_without_an_alarm(in_herts: Unit) -> None:
    segment = grow(make_recorded(), 1, 4096)
    arrival.mark_stalled(now=after(2), stream_id=segment.stream_id)

    assert grow(segment, 25, 4096).state == State.RECORDING

    arrival.mark_live(now=after(26), stream_id=segment.stream_id)
    assert grow(segment, 30, 4096).state == State.RECORDING
    assert grow(segment, 31, 4096).state == State.ALARM


def test_phone_that_sends_stills_instead_of_video_raises_no_alarm(in_herts: Unit) -> None:
    segment = grow(make_recorded(), 1, 4096)
    caller = Actor.caller(segment.session_id)
    ladder.note_rung(actor=caller, now=after(2), session_id=segment.session_id, rung="stills", reason="slow_uplink")

    assert grow(segment, 60, 4096).state == State.RECORDING

    ladder.note_rung(actor=caller, now=after(61), session_id=segment.session_id, rung="video", reason="good")
    assert grow(segment, 65, 4096).state == State.RECORDING
    assert grow(segment, 66, 4096).state == State.ALARM
    assert alarms(in_herts) == ["recording_stopped_growing"]


def test_refusal_of_the_media_server_raises_the_alarm_once(in_herts: Unit) -> None:
    segment = make_recorded()
    for _ in range(2):
        recording.raise_alarm(now=NOW, segment_id=segment.id, code="recording_refused")

    assert alarms(in_herts) == ["recording_refused"]


def test_stopped_recording_needs_no_growth(in_herts: Unit) -> None:
    segment = make_recorded()
    recording.note_stopped(actor=person(), now=after(1), stream_id=segment.stream_id)

    assert grow(segment, 60, 8).state == State.STOPPED
    assert segment.stopped_by_kind == "user"
    told = [frame["on"] for _, frame in in_herts.broadcasts if frame["type"] == "recording.changed"]
    assert told == [True, False]


def test_room_of_a_session_that_goes_on_is_not_handed_over(in_herts: Unit) -> None:
    segment = make_recorded()

    assert rooms.note_room_closed(actor=SYSTEM, now=NOW, session_id=segment.session_id) == []
    assert LiveSession.objects.get().room_closed_at is None


def test_closed_room_hands_its_recording_over_once(in_herts: Unit) -> None:
    segment = grow(make_recorded(), 1, 4096)

    items = close(segment.session_id)

    item = Item.objects.get(pk=items[0])
    assert (item.stream_id, item.session_id) == (segment.stream_id, segment.session_id)
    assert item.source_directory == f"herts/{segment.session_id}"
    assert (item.started_at, item.ended_at, item.is_complete) == (NOW, after(60), True)
    assert item.incident_reference == session_now(segment.session_id).incident.reference
    assert rooms.note_room_closed(actor=SYSTEM, now=after(99), session_id=segment.session_id) == []


def test_recording_with_a_pause_is_handed_over_with_its_gap(in_herts: Unit) -> None:
    stream = make_live()
    grow(make_recorded(stream), 1, 4096)
    recording.note_stopped(actor=person(), now=after(10), stream_id=stream.id)
    grow(make_recorded(stream, now=after(20)), 21, 4096)

    item = Item.objects.get(pk=close(stream.session_id)[0])

    assert not item.is_complete
    assert [(gap["from"][17:19], gap["to"][17:19]) for gap in item.gaps] == [("10", "20")]


def test_recording_cut_off_by_the_media_server_is_handed_over_with_what_is_missing(in_herts: Unit) -> None:
    stream = make_live()
    grow(make_recorded(stream), 7, 4096)
    publishing.end_stream(actor=SYSTEM, now=after(10), stream_id=stream.id, reason="gateway_failed")

    item = Item.objects.get(pk=close(stream.session_id)[0])

    assert not item.is_complete
    assert [(gap["from"][17:19], gap["to"][17:19], gap["reason"]) for gap in item.gaps] == [
        ("07", "10", "media_server_lost")
    ]


def test_recording_that_was_in_alarm_is_handed_over_as_incomplete(in_herts: Unit) -> None:
    segment = grow(grow(make_recorded(), 3, 8), 4, 4096)

    assert not Item.objects.get(pk=close(segment.session_id)[0]).is_complete


def test_session_that_was_not_recorded_hands_nothing_over(in_herts: Unit) -> None:
    stream = make_live()

    assert close(stream.session_id) == []
    assert session_now(stream.session_id).room_closed_at is not None
    assert rooms.list_open_rooms() == []


def test_open_rooms_are_those_of_sessions_that_are_over(in_herts: Unit) -> None:
    going_on, over = make_live(), make_live()
    end_session(actor=person(), now=NOW, session_id=over.session_id, reason="operator")

    assert [room.room_id for room in rooms.list_open_rooms()] == [over.room_id]
    assert rooms.find_open_room(session_id=going_on.session_id) is None


def test_watchdog_starts_a_recording_that_was_turned_off_meanwhile_refused(in_herts: Unit) -> None:
    stream = make_live()
    recording.note_started(actor=SYSTEM, now=NOW, stream_id=stream.id)
    want(stream.session_id, on=False)
    recording.note_stopped(actor=SYSTEM, now=NOW, stream_id=stream.id)

    assert recording.note_started(actor=SYSTEM, now=NOW, stream_id=stream.id) is None
    want(stream.session_id, on=True)
    assert recording.note_started(actor=SYSTEM, now=NOW, stream_id=stream.id) is not None
