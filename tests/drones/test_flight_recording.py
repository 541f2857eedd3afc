"""What is recorded of a flight is one recording, however often its aircraft began anew, and says what is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from evidence.models import Item
from forces.context import Unit
from streams.models import Stream
from streams.services import arrival, publishing, recording, rooms
from streams.services.sessions import end_session
from tests.factories.drones import FlightMade, make_flying
from tests.factories.media import SYSTEM, Sharer, make_live, make_recorded
from tests.factories.streams import NOW, make_consented, person


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def record(sharer: Sharer, begun: float, *, grown: float | None = None) -> Stream:
    """Let a picture arrive and be recorded from a second on; its file is seen to grow at another one."""
    stream = make_live(sharer, now=after(begun))
    segment = make_recorded(stream, now=after(begun))
    seen_at = after(begun + 1 if grown is None else grown)
    recording.note_growth(now=seen_at, segment_id=segment.id, bytes_seen=4096)
    return stream


def end(stream: Stream, at: float, reason: str = "stopped") -> None:
    publishing.end_stream(actor=SYSTEM, now=after(at), stream_id=stream.id, reason=reason)


def items_of(sharer: Sharer, at: float = 60) -> list[Item]:
    """End the session, and return what is handed over, oldest first."""
    end_session(actor=person(), now=after(at), session_id=sharer.session.id, reason="operator")
    made = rooms.note_room_closed(actor=SYSTEM, now=after(at + 1), session_id=sharer.session.id)
    return list(Item.objects.filter(pk__in=made).order_by("started_at"))


def gaps(item: Item) -> list[tuple[str, str, str]]:
    """The gaps of an item, by their seconds."""
    return [(gap["from"][17:19], gap["to"][17:19], gap["reason"]) for gap in item.gaps]


@pytest.fixture
def flying(in_herts: Unit) -> FlightMade:
    return make_flying(now=NOW)


def test_flight_without_a_break_is_complete(flying: FlightMade) -> None:
    stream = record(flying, 0)

    (item,) = items_of(flying)

    assert (item.is_complete, item.gaps, item.stream_ids) == (True, [], (stream.id,))


def test_flight_whose_picture_was_lost_is_one_recording_with_its_gap(flying: FlightMade) -> None:
    first = record(flying, 0)
    end(first, 10, "hangup")
    second = record(flying, 14)
    end(second, 20)
    third = record(flying, 29)

    (item,) = items_of(flying)

    assert not item.is_complete
    assert gaps(item) == [("10", "14", "picture_lost"), ("20", "29", "picture_lost")]
    assert item.stream_ids == (first.id, second.id, third.id)
    assert (item.started_at, item.ended_at) == (NOW, after(60))


def test_gap_by_a_lost_media_server_begins_where_the_file_ends(flying: FlightMade) -> None:
    end(record(flying, 0, grown=7), 10, "gateway_failed")
    end(record(flying, 15, grown=18), 20, "gateway_failed")

    (item,) = items_of(flying)

    assert gaps(item) == [("07", "15", "media_server_lost"), ("18", "20", "media_server_lost")]


def test_gap_of_a_picture_that_fell_silent_begins_with_the_silence(flying: FlightMade) -> None:
    stream = record(flying, 0)
    arrival.mark_stalled(now=after(10), stream_id=stream.id)
    end(stream, 35, "silent")
    record(flying, 36)

    (item,) = items_of(flying)

    assert gaps(item) == [("08", "36", "picture_lost")]


def test_gap_of_a_recording_that_was_off_is_called_so(flying: FlightMade) -> None:
    stream = record(flying, 0)
    recording.note_stopped(actor=person(), now=after(5), stream_id=stream.id)
    end(stream, 10)
    record(flying, 14)

    (item,) = items_of(flying)

    assert gaps(item) == [("05", "14", "recording_off")]


def test_callers_pictures_are_recordings_of_their_own(in_herts: Unit) -> None:
    caller = make_consented(now=NOW)
    end(record(caller, 0), 10)
    record(caller, 14)

    items = items_of(caller)

    assert [(item.is_complete, len(item.stream_ids)) for item in items] == [(True, 1), (True, 1)]
