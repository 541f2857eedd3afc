"""The order of rows and media server: what is undone when a step fails, and what events turn into."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import NotPermitted
from streams import signalling
from streams.gateway.interface import (
    Candidate,
    CodecRefused,
    ConnectionLost,
    ConnectionRestored,
    EventKind,
    GatewayError,
    GatewayTimeout,
    GatewayUnavailable,
    HandleEvent,
    HandleRef,
    Medium,
)
from streams.models import LiveSession, RecordingSegment, Stream, Watch
from streams.services import handles
from streams.services import watching as watching_service
from streams.services.standing import ConsentMissing
from streams.services.watching import StreamOver
from streams.signalling import Caller, Participant, events
from streams.signalling.errors import CodecMissing, MediaUnavailable, PictureMissing
from streams.signalling.watch import MOST_PER_SOCKET, TooManyWatches, WatchUnknown
from tests.factories.streams import make_opened, person
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import make, read, until, until_rows

pytestmark = pytest.mark.usefixtures("live_db")
NOWHERE = HandleRef(1, 2)
VIDEO = HandleEvent(EventKind.MEDIA, NOWHERE, medium=Medium.VIDEO, receiving=True)


def stream() -> Any:
    return Stream.objects.order_by("-admitted_at").first()


async def caller_of(force: ForceRef, build: Any = None, **fields: Any) -> Any:
    made = await (make(force, build, **fields) if build else make(force, **fields))
    return Caller(force, made.ticket, "")


async def published(force: ForceRef, gateway: FakeGateway, **fields: Any) -> Any:
    """Let a caller publish; returns (caller, stream id)."""
    caller = await caller_of(force, **fields)
    return caller, (await signalling.publish(caller, "v=0")).stream_id


async def live(force: ForceRef, gateway: FakeGateway, **fields: Any) -> Any:
    """Let a caller publish and its video arrive; returns (caller, stream id)."""
    caller, stream_id = await published(force, gateway, **fields)
    gateway.emit_video(str(stream_id), receiving=True)
    await until_rows(force, lambda: stream().state == "live")
    return caller, stream_id


async def watching(force: ForceRef, gateway: FakeGateway, owner: str = "socket", actor: Actor | None = None) -> Any:
    """Let an operator watch a live stream; returns the watch's id."""
    caller, stream_id = await live(force, gateway)
    offer = await signalling.watch(force, actor or person(), owner, session_id=caller.session_id, stream_id=stream_id)
    await signalling.answer_watch(owner, watch_id=offer.watch_id, sdp="v=0")
    return offer.watch_id


async def test_caller_without_consent_publishes_media_server_is_not_asked(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    with pytest.raises(ConsentMissing):
        await signalling.publish(await caller_of(herts, make_opened), "v=0")

    assert gateway.calls == []


@pytest.mark.parametrize("method", ["connect", "ensure_room", "publish"])
@pytest.mark.parametrize("failure", [GatewayUnavailable("gone"), GatewayTimeout("late")])
async def test_caller_publishes_while_media_server_fails_stream_ended(
    herts: ForceRef, gateway: FakeGateway, method: str, failure: GatewayError
) -> None:
    gateway.failures[method] = failure
    with pytest.raises(MediaUnavailable):
        await signalling.publish(await caller_of(herts), "v=0")

    assert await read(herts, lambda: (stream().state, stream().end_reason)) == ("ended", "gateway_failed")


async def test_caller_publishes_without_common_codec_stream_ended_saying_so(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    gateway.failures["publish"] = CodecRefused("port 0")
    with pytest.raises(CodecMissing) as refusal:
        await signalling.publish(await caller_of(herts), "v=0")

    assert refusal.value.code == "codec_refused"
    assert (await read(herts, stream)).end_reason == "codec_refused"


async def test_caller_stops_while_publishing_nothing_goes_on_at_the_media_server(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller = await caller_of(herts)
    gateway.gate = asyncio.Event()
    publishing = asyncio.create_task(signalling.publish(caller, "v=0"))
    await gateway.is_publishing.wait()

    await signalling.stop_session(caller)
    gateway.rooms.clear()
    gateway.gate.set()

    with pytest.raises((StreamOver, PictureMissing)):
        await publishing
    assert gateway.seats == {}


async def test_caller_stops_video_while_publishing_the_place_is_given_back(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller = await caller_of(herts)
    gateway.gate = asyncio.Event()
    publishing = asyncio.create_task(signalling.publish(caller, "v=0"))
    await gateway.is_publishing.wait()

    await signalling.stop_stream(caller)
    gateway.gate.set()

    with pytest.raises(StreamOver):
        await publishing
    assert gateway.seats == {}


async def test_caller_publishes_into_own_room_with_signed_id(
    herts: ForceRef, gateway: FakeGateway, tmp_path: Path
) -> None:
    caller, stream_id = await published(herts, gateway)

    room = gateway.rooms[f"herts-{caller.session_id}"]
    assert room.spec.recording_dir == str(tmp_path / "herts" / str(caller.session_id))
    assert room.spec.secret == signalling.room_secret(room.spec.room_id)
    seat = gateway.seats[gateway.publisher(str(stream_id))]
    assert signalling.read_opaque_id(seat.opaque_id) == Participant("herts", "p", stream_id)
    row = await read(herts, stream)
    assert (row.state, row.node) == ("connecting", "default")


async def test_caller_publishes_again_first_place_given_back(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, first = await live(herts, gateway)

    second = (await signalling.publish(caller, "v=0")).stream_id

    assert [seat.feed_id for seat in gateway.seats.values()] == [str(second)]
    assert (await read(herts, lambda: Stream.objects.get(pk=first))).end_reason == "replaced"
    assert await read(herts, handles.find_leftover_handles) == []


async def test_candidates_reach_the_stream_that_goes_on(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await published(herts, gateway)
    candidate = Candidate("candidate:1", "0", 0)

    await signalling.trickle_publisher(caller, candidate)
    await signalling.trickle_publisher(caller, None)

    assert gateway.seats[gateway.publisher(str(stream_id))].candidates == [candidate, None]


async def test_candidate_after_the_end_comes_too_late_and_is_fine(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, _ = await published(herts, gateway)
    await signalling.stop_stream(caller)

    await signalling.trickle_publisher(caller, Candidate("candidate:1", "0", 0))

    assert "trickle" not in gateway.calls


async def test_video_arrives_live_and_recorded_as_agreed(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, _ = await live(herts, gateway)

    await until(lambda: gateway.rooms[f"herts-{caller.session_id}"].is_recording)
    assert (await read(herts, RecordingSegment.objects.get)).state == "starting"
    assert (await read(herts, LiveSession.objects.get)).state == "live"


async def test_video_of_caller_who_refused_recording_is_not_recorded(herts: ForceRef, gateway: FakeGateway) -> None:
    await live(herts, gateway, scopes=("location", "video"))

    assert "set_recording" not in gateway.calls
    assert not await read(herts, RecordingSegment.objects.exists)


async def test_picture_after_a_recorded_one_is_not_recorded_unless_wanted_still(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _ = await live(herts, gateway)
    room = gateway.rooms[f"herts-{caller.session_id}"]
    await until(lambda: room.is_recording)
    await signalling.stop_stream(caller)
    await signalling.set_recording(herts, person(), session_id=caller.session_id, on=False)

    await signalling.publish(caller, "v=0")

    assert not room.is_recording
    await signalling.set_recording(herts, person(), session_id=caller.session_id, on=True)
    newest = await read(herts, lambda: Stream.objects.exclude(state="ended").get())
    gateway.emit_video(str(newest.id), receiving=True)
    await until(lambda: room.is_recording)


async def test_recording_refused_by_media_server_alarm_and_still_live(herts: ForceRef, gateway: FakeGateway) -> None:
    gateway.failures["set_recording"] = GatewayTimeout("late")
    await live(herts, gateway)

    segment = await until_rows(herts, lambda: RecordingSegment.objects.filter(state="alarm").first())
    assert segment.alarm_reason == "recording_refused"
    assert (await read(herts, stream)).state == "live"


async def test_audio_alone_is_not_live(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await published(herts, gateway)
    handle = gateway.publisher(str(stream_id))
    for kind in (EventKind.WEBRTC_UP, EventKind.PUBLISHED):
        gateway.emit(HandleEvent(kind, handle))
    gateway.emit(HandleEvent(EventKind.MEDIA, handle, medium=Medium.AUDIO, receiving=True))
    await signalling.media_event(Participant("herts", "p", stream_id), HandleEvent(EventKind.SLOW_LINK, handle))

    assert (await read(herts, stream)).state == "connecting"


async def test_video_that_ceases_while_the_database_is_away_is_stalled_once_it_is_back(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Switch: `RETRY_AFTER_S` = (); the stream then stays live with nothing arriving.
    _, stream_id = await live(herts, gateway)
    tries = 0

    async def away_at_first(*args: Any, **kwargs: Any) -> Any:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise OperationalError("the connection is closed")
        return await ain_force(*args, **kwargs)

    monkeypatch.setattr(events, "RETRY_AFTER_S", (0.05, 0.05))
    monkeypatch.setattr(events, "ain_force", away_at_first)
    gateway.emit_video(str(stream_id), receiving=False)

    await until_rows(herts, lambda: stream().state == "stalled")
    assert tries == 3


async def test_video_ceases_and_returns_stalled_and_live(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await live(herts, gateway)

    gateway.emit_video(str(stream_id), receiving=False)
    await until_rows(herts, lambda: stream().state == "stalled")
    gateway.emit_video(str(stream_id), receiving=True)
    await until_rows(herts, lambda: stream().state == "live")


@pytest.mark.parametrize("kind", [EventKind.HANGUP, EventKind.DETACHED, EventKind.SESSION_GONE])
async def test_publisher_gone_stream_ended_session_goes_on(
    herts: ForceRef, gateway: FakeGateway, kind: EventKind
) -> None:
    _, stream_id = await live(herts, gateway)

    gateway.emit(HandleEvent(kind, gateway.publisher(str(stream_id))))

    ended = await until_rows(herts, lambda: Stream.objects.filter(state="ended").first())
    assert ended.end_reason == ("gateway_failed" if kind is EventKind.SESSION_GONE else "hangup")
    assert (await read(herts, LiveSession.objects.get)).state == "live"


async def test_connection_restored_without_a_handle_its_stream_ended(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await live(herts, gateway)
    handle = gateway.publisher(str(stream_id))

    gateway.emit(ConnectionLost("closed"))
    gateway.emit(ConnectionRestored(kept=(), gone=(handle,)))

    await until_rows(herts, lambda: stream().state == "ended")


async def test_event_of_an_unknown_participant_changes_nothing(herts: ForceRef, gateway: FakeGateway) -> None:
    assert not await signalling.media_event(Participant("herts", "p", uuid4()), VIDEO)
    assert not await signalling.media_event(Participant("nowhere", "p", uuid4()), VIDEO)


async def test_stream_of_one_force_is_unknown_in_another(herts: ForceRef, beds: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await published(herts, gateway)

    assert not await signalling.media_event(Participant("beds", "p", stream_id), VIDEO)
    assert (await read(herts, stream)).state == "connecting"


async def test_operator_watches_as_soon_as_the_connection_stands(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await published(herts, gateway)
    offer = await signalling.watch(herts, person(), "s", session_id=caller.session_id, stream_id=stream_id)
    await signalling.answer_watch("s", watch_id=offer.watch_id, sdp="v=0")

    assert gateway.viewers[0].is_started
    assert (await read(herts, stream)).state == "connecting"
    await signalling.end_watches_of("s")


async def test_candidates_reach_the_place_of_their_own_socket(herts: ForceRef, gateway: FakeGateway) -> None:
    caller = await caller_of(herts)
    answered: list[signalling.Published] = []
    made = await signalling.publish(caller, "v=0", answered.append)
    assert answered == [made]

    await signalling.trickle_publisher(caller, None, made.place)
    assert gateway.seats[gateway.publisher(str(made.stream_id))].candidates == [None]

    await signalling.stop_stream(caller)
    await signalling.trickle_publisher(caller, None, made.place)


async def test_operator_watches_what_the_media_server_lost_refused(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await live(herts, gateway)
    gateway.rooms[f"herts-{caller.session_id}"].feeds.clear()
    with pytest.raises(PictureMissing):
        await signalling.watch(herts, person(), "s", session_id=caller.session_id, stream_id=stream_id)


async def test_operator_answers_for_another_socket_refused(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await live(herts, gateway)
    offer = await signalling.watch(herts, person(), "a", session_id=caller.session_id, stream_id=stream_id)

    with pytest.raises(WatchUnknown):
        await signalling.answer_watch("b", watch_id=offer.watch_id, sdp="v=0")
    with pytest.raises(WatchUnknown):
        await signalling.trickle_viewer("b", watch_id=offer.watch_id, candidate=None)
    with pytest.raises(WatchUnknown):
        await signalling.stop_watch("b", watch_id=offer.watch_id)
    assert not gateway.viewers[0].is_started
    await signalling.end_watches_of("a")


async def test_operator_watches_more_than_a_wall_refused(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await live(herts, gateway)
    ids = {"session_id": caller.session_id, "stream_id": stream_id}
    for _ in range(MOST_PER_SOCKET):
        await signalling.watch(herts, person(), "s", **ids)
    with pytest.raises(TooManyWatches):
        await signalling.watch(herts, person(), "s", **ids)

    await signalling.end_watches_of("s")
    assert gateway.viewers == []


async def test_operator_watches_counted_from_the_answer(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await live(herts, gateway)
    offer = await signalling.watch(herts, person(), "s", session_id=caller.session_id, stream_id=stream_id)
    assert not await read(herts, Watch.objects.exists)

    await signalling.answer_watch("s", watch_id=offer.watch_id, sdp="v=0")
    await signalling.trickle_viewer("s", watch_id=offer.watch_id, candidate=None)

    row = await read(herts, Watch.objects.get)
    assert (row.id, row.owner, row.ended_at) == (offer.watch_id, "s", None)
    assert (gateway.viewers[0].is_started, gateway.viewers[0].candidates) == (True, [None])
    await signalling.end_watches_of("s")


async def test_operator_answer_refused_by_media_server_watch_is_over(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, stream_id = await live(herts, gateway)
    offer = await signalling.watch(herts, person(), "s", session_id=caller.session_id, stream_id=stream_id)
    gateway.failures["start"] = CodecRefused("port 0")

    with pytest.raises(CodecMissing):
        await signalling.answer_watch("s", watch_id=offer.watch_id, sdp="v=0")

    assert (await read(herts, Watch.objects.get)).ended_at is not None
    assert gateway.viewers == []


async def test_operator_answers_after_the_end_refused_and_place_given_back(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, stream_id = await live(herts, gateway)
    offer = await signalling.watch(herts, person(), "s", session_id=caller.session_id, stream_id=stream_id)
    await signalling.stop_stream(caller)

    with pytest.raises(StreamOver):
        await signalling.answer_watch("s", watch_id=offer.watch_id, sdp="v=0")

    assert gateway.viewers == []
    assert not await read(herts, Watch.objects.exists)


async def test_viewer_lost_watch_ended(herts: ForceRef, gateway: FakeGateway) -> None:
    watch_id = await watching(herts, gateway)

    await signalling.media_event(Participant("herts", "w", watch_id), HandleEvent(EventKind.HANGUP, NOWHERE))

    assert (await read(herts, Watch.objects.get)).ended_at is not None
    assert await signalling.stop_watch("socket", watch_id=watch_id) is None


async def test_viewer_lost_while_the_watch_is_written_leaves_none_open(
    herts: ForceRef, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = watching_service.begin_watch
    viewers = sys.modules["streams.signalling.watch"]._viewers

    def begin_late(**arguments: Any) -> Any:
        viewers.pop(arguments["admission"].watch_id)
        return begin(**arguments)

    monkeypatch.setattr(watching_service, "begin_watch", begin_late)
    await watching(herts, gateway)

    assert (await read(herts, Watch.objects.get)).ended_at is not None


async def test_socket_closed_its_watches_only_are_ended(herts: ForceRef, gateway: FakeGateway) -> None:
    first = await watching(herts, gateway, owner="a")
    second = await watching(herts, gateway, owner="b")

    await signalling.end_watches_of("a")

    ended = await read(herts, lambda: {w.id: w.ended_at is not None for w in Watch.objects.all()})
    assert ended == {first: True, second: False}
    assert len(gateway.viewers) == 1
    await signalling.end_watches_of("b")


@pytest.mark.parametrize("role", ["officer", "auditor"])
async def test_other_role_ends_session_refused_and_picture_goes_on(
    herts: ForceRef, gateway: FakeGateway, role: str
) -> None:
    caller, _ = await live(herts, gateway)
    with pytest.raises(NotPermitted):
        await signalling.end_session(herts, person(role), session_id=caller.session_id, reason="operator")

    assert (await read(herts, stream)).state == "live"
    assert gateway.closed_rooms == []


async def test_operator_ends_session_recording_stopped_and_places_given_back_before_the_room_is_closed(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _ = await live(herts, gateway)
    await until_rows(herts, RecordingSegment.objects.exists)

    await signalling.end_session(herts, person(), session_id=caller.session_id, reason="operator")

    ends = [call for call in gateway.calls if call in ("set_recording", "detach", "close_room")]
    assert ends == ["set_recording", "set_recording", "detach", "close_room"]
    assert gateway.seats == {}
    session = await read(herts, LiveSession.objects.get)
    assert (session.state, session.room_closed_at is not None) == ("ended", True)


async def test_operator_ends_session_while_media_server_fails_ended_and_room_left_for_later(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _ = await live(herts, gateway)
    gateway.failures["close_room"] = GatewayUnavailable("gone")

    await signalling.end_session(herts, person(), session_id=caller.session_id, reason="operator")

    session = await read(herts, LiveSession.objects.get)
    assert (session.state, session.room_closed_at) == ("ended", None)
    with pytest.raises(MediaUnavailable):
        await signalling.close_session(herts, caller.session_id)

    gateway.failures.clear()
    await signalling.close_session(herts, caller.session_id)
    assert (await read(herts, LiveSession.objects.get)).room_closed_at is not None


async def test_operator_turns_recording_off_and_on_room_follows(herts: ForceRef, gateway: FakeGateway) -> None:
    caller, _ = await live(herts, gateway)
    room = gateway.rooms[f"herts-{caller.session_id}"]
    await until(lambda: room.is_recording)

    seen = []
    for on in (False, True):
        await signalling.set_recording(herts, person(), session_id=caller.session_id, on=on)
        seen.append(room.is_recording)

    assert seen == [False, True]
    states = await read(herts, lambda: [row.state for row in RecordingSegment.objects.order_by("started_at")])
    assert states == ["stopped", "starting"]


async def test_operator_turns_recording_off_while_media_server_fails_shown_as_going_on(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    caller, _ = await live(herts, gateway)
    await until_rows(herts, RecordingSegment.objects.exists)
    gateway.failures["set_recording"] = GatewayTimeout("late")

    with pytest.raises(MediaUnavailable):
        await signalling.set_recording(herts, person(), session_id=caller.session_id, on=False)

    assert await read(herts, lambda: RecordingSegment.objects.exclude(state="stopped").exists())


@pytest.mark.parametrize("text", ["", "herts", "herts:p:1:abc", "herts:p:" + "0" * 32])
def test_opaque_id_of_somebody_else_is_not_read(text: Any) -> None:
    assert signalling.read_opaque_id(text) is None


def test_opaque_id_of_another_force_cannot_be_made_from_ours() -> None:
    own = signalling.opaque_id(Participant("herts", "p", uuid4()))

    assert signalling.read_opaque_id(own.replace("herts", "beds")) is None
    assert signalling.read_opaque_id(own.replace(":p:", ":w:")) is None


async def test_ended_streams_places_given_back_by_whoever_comes_next(herts: ForceRef, gateway: FakeGateway) -> None:
    _, stream_id = await live(herts, gateway)
    gateway.failures["detach"] = GatewayUnavailable("gone")
    await signalling.end_stream(herts, Actor.system("tests"), stream_id, "hangup")
    left = await ain_force(herts, handles.find_leftover_handles)
    assert [place.id for place in left] == [stream_id]

    gateway.failures.clear()
    await signalling.detach_all(herts, left)

    assert gateway.seats == {}
    assert await ain_force(herts, handles.find_leftover_handles) == []
