"""Whether the phone that shares is told that it is recorded: a caller's, and an officer's."""

from __future__ import annotations

from datetime import timedelta

from forces.context import Unit
from streams.models import RecordingSegment
from streams.services import recording
from streams.services.phone_page import phone_view
from streams.services.recording import is_recorded
from tests.factories.media import SYSTEM, make_live, make_recorded
from tests.factories.officers import make_officer_live
from tests.factories.streams import NOW, session_now


def grow(segment: RecordingSegment, seconds: int, size: int) -> None:
    recording.note_growth(now=NOW + timedelta(seconds=seconds), segment_id=segment.id, bytes_seen=size)


def told_in(unit: Unit) -> list[bool]:
    return [frame["on"] for _, frame in unit.broadcasts if frame["type"] == "recording.changed"]


def test_officer_is_told_of_a_recording_only_while_it_is_written(in_herts: Unit) -> None:
    officer = make_officer_live()
    segment = make_recorded(make_live(officer))
    shown = []
    for seconds, size in ((1, 4096), (7, 4096), (8, 8192)):
        grow(segment, seconds, size)
        shown.append(phone_view(officer.session)["recording"]["on"])
    recording.note_stopped(actor=SYSTEM, now=NOW + timedelta(seconds=9), stream_id=segment.stream_id)

    assert told_in(in_herts) == [False, True, False, True, False]
    assert shown == [True, False, True]


def test_officer_whose_recording_starts_is_not_yet_told_of_it(in_herts: Unit) -> None:
    officer = make_officer_live()
    make_recorded(make_live(officer))

    assert not phone_view(officer.session)["recording"]["on"]


def test_caller_is_told_of_a_recording_from_its_start_to_its_end(in_herts: Unit) -> None:
    stream = make_live()
    grow(make_recorded(stream), 3, 8)

    assert set(told_in(in_herts)) == {True}
    assert is_recorded(session_now(stream.session_id))
