"""The gateway and the events door against the real media server, with real media."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest

from config.services.stack import Stack
from streams.gateway.backoff import Backoff
from streams.gateway.interface import (
    Answer,
    Candidate,
    CodecRefused,
    ConnectionEvent,
    ConnectionLost,
    ConnectionRestored,
    EventKind,
    GatewayEvent,
    GatewayRefused,
    HandleEvent,
    HandleGone,
    HandleRef,
    Medium,
    NoSuchFeed,
    NoSuchRoom,
    Offer,
    RoomSpec,
)
from streams.gateway.janus.client import JanusGateway
from streams.gateway.janus.events import parse_event_batch
from streams.simulation.clip import Clip, ClipTrack, make_clip
from streams.simulation.peer import stay_on_loopback
from tests.streams.media_peers import Publisher, Viewer


class EventsDoor:
    """Where the media server posts its events; keeps what was posted, and the credentials."""

    def __init__(self, port: int) -> None:
        self.bodies: list[bytes] = []
        self.credentials: set[str] = set()
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                door.credentials.add(self.headers["Authorization"])
                door.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def events(self) -> list[GatewayEvent]:
        return [event for body in list(self.bodies) for event in parse_event_batch(body)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def media() -> Iterator[Stack]:
    """A media server of this module's own, since tests here drop and restart it."""
    stay_on_loopback()
    with Stack.start(parts={"janus"}) as running:
        yield running


@pytest.fixture(scope="module")
def door(media: Stack) -> Iterator[EventsDoor]:
    """The events door, at the port where the media server expects it."""
    running = EventsDoor(media.installation.ports.machine)
    yield running
    running.close()


def make_gateway(media: Stack, **changes: str) -> JanusGateway:
    settings = media.environment | changes
    return JanusGateway(
        settings["SIGHTLINE_JANUS_URL"],
        settings["SIGHTLINE_JANUS_API_SECRET"],
        settings["SIGHTLINE_JANUS_ADMIN_KEY"],
        backoff=Backoff(first=0.05, ceiling=0.2),
    )


@pytest.fixture
async def gateway(media: Stack) -> AsyncIterator[JanusGateway]:
    client = make_gateway(media)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def other(media: Stack) -> AsyncIterator[JanusGateway]:
    """The gateway of another process."""
    client = make_gateway(media)
    await client.connect()
    yield client
    await client.close()


@pytest.fixture
async def room(media: Stack, gateway: JanusGateway) -> AsyncIterator[RoomSpec]:
    name = f"herts-{uuid4()}"
    directory = media.installation.directories.recordings / "herts" / name
    spec = RoomSpec(room_id=name, secret="room-secret", recording_dir=str(directory))
    await gateway.ensure_room(spec)
    yield spec
    await gateway.close_room(spec.room_id, spec.secret)


@pytest.fixture
async def closing() -> AsyncIterator[Callable[[Publisher | Viewer], None]]:
    """Closes the peers which it is given, whatever happens."""
    peers: list[Publisher | Viewer] = []
    yield peers.append
    for peer in peers:
        await peer.close()


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition that nobody announces (files, events in another thread)."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - files and other threads announce nothing
            await asyncio.sleep(0.05)


async def event_of(events: AsyncIterator[ConnectionEvent], kind: EventKind, seconds: float = 10) -> HandleEvent:
    """The next event of `kind`; others are passed over."""
    async with asyncio.timeout(seconds):
        async for event in events:
            if isinstance(event, HandleEvent) and event.kind is kind:
                return event
    raise AssertionError("the events ended")


async def publish(gateway: JanusGateway, room: RoomSpec, feed_id: str, peer: Publisher) -> HandleRef:
    """Publish and wait until media arrives at the media server."""
    offer = Offer(await peer.offer())
    handle, answer = await gateway.publish(room=room, feed_id=feed_id, opaque_id=f"p:{feed_id}", offer=offer)
    await peer.accept(answer.sdp)
    return handle


async def watch(gateway: JanusGateway, room: RoomSpec, feed_id: str, viewer: Viewer) -> HandleRef:
    handle, offer = await gateway.subscribe(room=room, feed_id=feed_id, opaque_id=f"w:{feed_id}")
    assert "\r\ns=-\r\n" in offer.sdp
    assert room.room_id not in offer.sdp
    await gateway.start(handle, Answer(await viewer.answer(offer.sdp)))
    return handle


def key_frames(recording: Path) -> int:
    """Count the frames of a finished VP8 recording that can be decoded by themselves."""
    with tempfile.TemporaryDirectory() as directory:
        clip = Path(directory) / "clip.webm"
        subprocess.run(["janus-pp-rec", str(recording), str(clip)], check=True, capture_output=True, timeout=30)
        look = ["ffprobe", "-v", "quiet", "-show_entries", "packet=flags", "-of", "csv=p=0", str(clip)]
        flags = subprocess.run(look, check=False, capture_output=True, text=True, timeout=30).stdout.split()
    assert len(flags) > 10
    return sum("K" in flag for flag in flags)


def recordings(room: RoomSpec, suffix: str) -> list[Path]:
    return sorted(Path(room.recording_dir).glob(f"*{suffix}"))


Closing = Callable[[Publisher | Viewer], None]


# --- who is refused -------------------------------------------------------------------------------


async def test_gateway_with_a_wrong_secret_is_refused(media: Stack, room: RoomSpec) -> None:
    stranger = make_gateway(media, SIGHTLINE_JANUS_API_SECRET="wrong")
    await stranger.connect()
    with pytest.raises(GatewayRefused) as refusal:
        await stranger.list_feeds(room.room_id, room.secret)
    assert refusal.value.code == 403
    await stranger.close()


async def test_gateway_without_the_admin_key_can_not_create_a_room(media: Stack) -> None:
    stranger = make_gateway(media, SIGHTLINE_JANUS_ADMIN_KEY="wrong")
    await stranger.connect()
    with pytest.raises(GatewayRefused):
        await stranger.ensure_room(RoomSpec(room_id="beds-1", secret="x", recording_dir="/nowhere"))
    await stranger.close()


async def test_wrong_room_secret_neither_records_nor_closes(gateway: JanusGateway, room: RoomSpec) -> None:
    with pytest.raises(GatewayRefused):
        await gateway.set_recording(room.room_id, "wrong", True)
    with pytest.raises(GatewayRefused):
        await gateway.close_room(room.room_id, "wrong")
    assert await gateway.list_feeds(room.room_id, room.secret) == []


async def test_viewer_of_nobody_is_told_so(gateway: JanusGateway, room: RoomSpec) -> None:
    with pytest.raises(NoSuchFeed):
        await gateway.subscribe(room=room, feed_id=str(uuid4()), opaque_id="w")


async def test_publisher_into_an_absent_room_is_told_so(gateway: JanusGateway, closing: Closing) -> None:
    absent = RoomSpec(room_id="herts-absent", secret="x", recording_dir="/nowhere")
    peer = Publisher("VP8")
    closing(peer)
    with pytest.raises(NoSuchRoom):
        await gateway.publish(room=absent, feed_id="f", opaque_id="p", offer=Offer(await peer.offer()))


async def test_publisher_without_a_shared_codec_is_told_so_and_leaves_no_trace(
    gateway: JanusGateway, room: RoomSpec, door: EventsDoor, closing: Closing
) -> None:
    peer = Publisher("VP8")
    closing(peer)
    strange = (await peer.offer()).replace("VP8/90000", "VP7/90000")
    opaque_id = str(uuid4())
    with pytest.raises(CodecRefused):
        await gateway.publish(room=room, feed_id="f", opaque_id=opaque_id, offer=Offer(strange))
    await until(lambda: any(e.kind is EventKind.DETACHED and e.opaque_id == opaque_id for e in door.events()))


async def test_second_publisher_of_one_feed_is_refused(gateway: JanusGateway, room: RoomSpec, closing: Closing) -> None:
    first, second = Publisher("VP8"), Publisher("VP8")
    closing(first)
    closing(second)
    await publish(gateway, room, "feed", first)
    with pytest.raises(GatewayRefused):
        await publish(gateway, room, "feed", second)


# --- media ----------------------------------------------------------------------------------------


async def test_gateway_tells_what_runs(gateway: JanusGateway) -> None:
    info = await gateway.info()
    assert info.name == "media-1"
    assert info.is_outdated == (tuple(int(n) for n in info.version.split(".")) < (1, 4, 1))


async def test_room_is_created_twice_and_closed_twice(gateway: JanusGateway, room: RoomSpec) -> None:
    await gateway.ensure_room(room)
    await gateway.close_room(room.room_id, room.secret)
    await gateway.close_room(room.room_id, room.secret)
    with pytest.raises(NoSuchRoom):
        await gateway.list_feeds(room.room_id, room.secret)


@pytest.mark.parametrize("codec", ["VP8", "H264"])
async def test_viewer_receives_the_publishers_frames(
    gateway: JanusGateway, room: RoomSpec, closing: Closing, codec: str
) -> None:
    feed_id, peer, viewer = str(uuid4()), Publisher(codec), Viewer()
    closing(peer)
    closing(viewer)
    events = gateway.events()
    handle = await publish(gateway, room, feed_id, peer)
    arrival = await event_of(events, EventKind.MEDIA)
    assert arrival == HandleEvent(EventKind.MEDIA, handle, Medium.VIDEO, receiving=True)
    assert await gateway.list_feeds(room.room_id, room.secret) == [feed_id]
    await watch(gateway, room, feed_id, viewer)
    await viewer.wait_for_frames(20)
    await gateway.detach(handle)
    await event_of(events, EventKind.UNPUBLISHED)
    assert await gateway.list_feeds(room.room_id, room.secret) == []


async def test_prebuilt_clip_arrives_as_a_moving_picture(
    media: Stack, gateway: JanusGateway, room: RoomSpec, closing: Closing, tmp_path: Path
) -> None:
    make_clip(media.environment["SIGHTLINE_FFMPEG"], tmp_path / "clip.ts", tint=0)
    peer, viewer = Publisher("H264", ClipTrack(Clip.load(tmp_path / "clip.ts"))), Viewer()
    closing(peer)
    closing(viewer)
    events = gateway.events()
    await publish(gateway, room, "clip", peer)
    await event_of(events, EventKind.MEDIA)
    await watch(gateway, room, "clip", viewer)
    await viewer.wait_for_frames(5)
    first = viewer.last_frame
    await viewer.wait_for_frames(25)
    assert first is not None
    assert viewer.last_frame is not None
    assert (viewer.last_frame.width, viewer.last_frame.height) == (640, 360)
    assert (viewer.last_frame.to_ndarray() != first.to_ndarray()).mean() > 0.01


async def test_recording_grows_stops_and_is_named_after_the_feed(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    feed_id, peer = str(uuid4()), Publisher("VP8")
    closing(peer)
    events = gateway.events()
    await publish(gateway, room, feed_id, peer)
    await event_of(events, EventKind.MEDIA)
    assert recordings(room, "") == []
    await other.set_recording(room.room_id, room.secret, True)
    await until(lambda: any(path.stat().st_size > 4000 for path in recordings(room, ".mjr.part")))
    await other.set_recording(room.room_id, room.secret, False)
    await until(lambda: len(recordings(room, ".mjr")) == 1)
    assert recordings(room, ".part") == []
    assert feed_id in recordings(room, ".mjr")[0].name


@pytest.mark.parametrize("is_asked", [True, False])
async def test_publisher_asked_by_another_process_sends_more_whole_pictures(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing, is_asked: bool
) -> None:
    peer = Publisher("VP8")
    closing(peer)
    events = gateway.events()
    handle = await publish(gateway, room, str(uuid4()), peer)
    await event_of(events, EventKind.MEDIA)
    await gateway.set_recording(room.room_id, room.secret, True)
    for _ in range(3):
        await asyncio.sleep(1.2)  # the media server passes one request a second on
        if is_asked:
            await other.request_keyframe(handle)
    await asyncio.sleep(0.5)
    await gateway.set_recording(room.room_id, room.secret, False)
    await until(lambda: len(recordings(room, ".mjr")) == 1)
    # It begins with four by itself.
    assert (key_frames(recordings(room, ".mjr")[0]) >= 6) is is_asked


async def test_room_that_is_recorded_records_the_next_publisher_too(
    gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    """The media server's way, for which a room is switched off before a later picture joins it."""
    await gateway.set_recording(room.room_id, room.secret, True)
    feed_id, peer = str(uuid4()), Publisher("VP8")
    closing(peer)
    await publish(gateway, room, feed_id, peer)

    await until(lambda: any(path.stat().st_size > 4000 for path in recordings(room, ".mjr.part")))

    assert feed_id in recordings(room, ".mjr.part")[0].name


async def test_closed_room_finishes_its_recording_and_hangs_up(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    peer = Publisher("VP8")
    closing(peer)
    events = gateway.events()
    handle = await publish(gateway, room, "feed", peer)
    await event_of(events, EventKind.MEDIA)
    await gateway.set_recording(room.room_id, room.secret, True)
    await until(lambda: any(path.stat().st_size > 4000 for path in recordings(room, ".mjr.part")))
    await other.close_room(room.room_id, room.secret)
    await until(lambda: len(recordings(room, ".mjr")) == 1)
    assert recordings(room, ".part") == []
    assert (await event_of(events, EventKind.HANGUP)).handle == handle


# --- several processes, lost sockets --------------------------------------------------------------


async def test_another_process_trickles_and_detaches_and_the_owner_is_told(
    gateway: JanusGateway, other: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    peer = Publisher("VP8")
    closing(peer)
    events = gateway.events()
    handle = await publish(gateway, room, "feed", peer)
    await event_of(events, EventKind.MEDIA)
    await other.trickle(handle, Candidate("candidate:1 1 udp 1 127.0.0.2 9 typ host", "0", 0))
    await other.trickle(handle, None)
    await other.detach(handle)
    assert (await event_of(events, EventKind.DETACHED)).handle == handle
    await other.detach(handle)
    with pytest.raises(HandleGone):
        await other.trickle(handle, None)


async def test_heir_claims_a_dead_process_session_while_the_picture_goes_on(
    media: Stack, gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    dying, peer, viewer = make_gateway(media), Publisher("VP8"), Viewer()
    closing(peer)
    closing(viewer)
    await dying.connect()
    dying_events = dying.events()
    handle = await publish(dying, room, "feed", peer)
    await event_of(dying_events, EventKind.MEDIA)
    await watch(gateway, room, "feed", viewer)
    await viewer.wait_for_frames(10)
    await dying.close()
    await gateway.claim(handle)
    await viewer.wait_for_frames(viewer.frames + 20)
    events = gateway.events()
    await peer.close()
    assert (await event_of(events, EventKind.HANGUP)).handle == handle
    with pytest.raises(HandleGone):
        await gateway.claim(HandleRef(1, 2))


async def test_restarted_media_server_is_found_again_and_old_handles_are_reported_gone(
    media: Stack, closing: Closing
) -> None:
    gateway, peer = make_gateway(media), Publisher("VP8")
    closing(peer)
    await gateway.connect()
    room = RoomSpec(room_id="herts-restart", secret="s", recording_dir="/nowhere")
    await gateway.ensure_room(room)
    handle = await publish(gateway, room, "feed", peer)
    restart(media)
    lost, restored = [], None
    async with asyncio.timeout(20):
        async for event in gateway.events():
            if isinstance(event, ConnectionLost):
                lost.append(event)
            if isinstance(event, ConnectionRestored):
                restored = event
                break
    assert lost
    assert restored == ConnectionRestored(kept=(), gone=(handle,))
    with pytest.raises(NoSuchRoom):
        await gateway.list_feeds(room.room_id, room.secret)
    await gateway.close()


def restart(media: Stack) -> None:
    """Kill the media server as a crash would, and start it again."""
    janus = next(running for running in media._running if running.program.name == "janus")
    janus.kill()
    media.spawn_program(janus.program)


# --- the events door ------------------------------------------------------------------------------


async def test_events_door_hears_a_stream_from_its_beginning_to_its_end(
    media: Stack, door: EventsDoor, gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    feed_id, peer = str(uuid4()), Publisher("VP8")
    closing(peer)
    handle = await publish(gateway, room, feed_id, peer)

    def kinds() -> list[EventKind]:
        return [e.kind for e in door.events() if e.opaque_id == f"p:{feed_id}"]

    await until(lambda: EventKind.MEDIA in kinds())
    await gateway.detach(handle)
    await until(lambda: EventKind.DETACHED in kinds())
    arrival = next(e for e in door.events() if e.kind is EventKind.MEDIA and e.opaque_id == f"p:{feed_id}")
    assert (arrival.session_id, arrival.handle_id) == (handle.session_id, handle.handle_id)
    assert (arrival.medium, arrival.receiving) == (Medium.VIDEO, True)
    assert kinds().index(EventKind.WEBRTC_UP) < kinds().index(EventKind.MEDIA)
    feeds = [(e.kind, e.room_id) for e in door.events() if e.feed_id == feed_id]
    assert (EventKind.PUBLISHED, room.room_id) in feeds
    assert (EventKind.UNPUBLISHED, room.room_id) in feeds
    assert len(door.credentials) == 1


async def test_events_door_hears_that_a_frozen_publisher_sends_nothing(
    door: EventsDoor, gateway: JanusGateway, room: RoomSpec, closing: Closing
) -> None:
    feed_id, peer = str(uuid4()), Publisher("VP8")
    closing(peer)
    await publish(gateway, room, feed_id, peer)

    def receiving() -> list[bool | None]:
        mine = [e for e in door.events() if e.opaque_id == f"p:{feed_id}"]
        return [e.receiving for e in mine if e.kind is EventKind.MEDIA]

    await until(lambda: receiving() == [True])
    peer.connection.getTransceivers()[0].sender.replaceTrack(None)
    await until(lambda: receiving() == [True, False])
