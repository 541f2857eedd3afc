"""What the media server counts puts right what the rows say: when two counts are believed, and what they change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from forces.context import ForceRef, Unit
from streams.models import LiveSession, Stream
from streams.services import arrival, ladder, progress, publishing, traffic
from streams.services.traffic import Count, LayerCount, Verdict
from tests.factories.media import SYSTEM, make_admitted, make_connecting, make_live, stream_now
from tests.factories.streams import NOW, make_consented, session_now
from tests.fakes.gateway import FakeGateway
from tests.streams.socket_peers import read
from tests.streams.test_gateway_events import PASSWORD, password, post, signed
from tests.streams.test_publishing import LATER, frames
from tests.streams.test_signalling import published

__all__ = ["PASSWORD", "password"]
EVERY = timedelta(seconds=5)


def counted(*layers: tuple[int, bool], after: timedelta = timedelta(0), stream_id: UUID | None = None) -> Count:
    """Return a count with the total bytes of each layer, lowest first, and whether the last second had any."""
    found = tuple(LayerCount(number, *layer) for number, layer in enumerate(layers))
    return Count(stream_id or UUID(int=1), NOW + after, found)


def judged(before: Count | None, after: Count) -> Any:
    verdict = traffic.judge(before, after)
    return verdict and (set(verdict.arriving), set(verdict.silent))


def certain(stream: Stream, *, arriving: set[int] | None = None, silent: set[int] | None = None) -> Verdict:
    """Return what two counts of after `LATER` agree upon."""
    return Verdict(stream.id, LATER + EVERY, frozenset(arriving or ()), frozenset(silent or ()))


def correct(verdict: Verdict) -> Any:
    """Put a stream right where it is found wrong, five seconds after the first count."""
    wrong = traffic.find_wrong(verdicts=[verdict])
    return [traffic.correct_stream(now=verdict.since + EVERY, verdict=one) for one in wrong]


def test_two_counts_tell_what_arrives_and_what_does_not() -> None:
    before = counted((900, True), (500, False), (0, False))
    assert judged(before, counted((1900, True), (500, False), (0, False), after=EVERY)) == ({0}, {1, 2})


@pytest.mark.parametrize(("was", "is_"), [((500, True), (700, False)), ((0, False), (700, True))])
def test_layer_that_just_began_or_ceased_is_not_judged(was: tuple[int, bool], is_: tuple[int, bool]) -> None:
    assert judged(counted(was), counted(is_, after=EVERY)) == (set(), set())


def test_layer_of_which_little_comes_is_not_judged() -> None:
    assert judged(counted((500, False)), counted((600, False), after=EVERY)) == (set(), set())


def test_layer_that_one_count_lacks_is_not_judged() -> None:
    assert judged(counted((5, True)), counted((9, True), (0, False), after=EVERY)) == ({0}, set())


@pytest.mark.parametrize("seconds", [-5, 0, 1.9, 12.1])
def test_counts_that_are_not_neighbours_are_not_judged(seconds: float) -> None:
    assert judged(counted((5, False)), counted((5, False), after=timedelta(seconds=seconds))) is None
    assert judged(None, counted((5, False))) is None


def test_silence_that_nobody_told_stalls_since_the_first_count_and_everybody_is_told(in_herts: Unit) -> None:
    stream = make_live()
    arrival.mark_live(now=NOW, stream_id=stream.id, layer=0)
    in_herts.broadcasts.clear()
    correct(certain(stream, silent={0, 1, 2}))

    now = stream_now(stream.id)
    assert (now.state, now.stall_reason, now.layers) == ("stalled", "silent", 0)
    assert now.stalled_at == now.last_media_at == LATER + EVERY
    assert frames(in_herts, "session.changed")[-1]["session"]["stream"]["state"] == "stalled"


def test_layer_that_ceased_untold_is_forgotten_while_another_arrives(in_herts: Unit) -> None:
    stream = make_live()
    for layer in (0, 1, 2):
        arrival.mark_live(now=NOW, stream_id=stream.id, layer=layer)
    correct(certain(stream, arriving={0}, silent={1, 2}))
    assert (stream_now(stream.id).state, stream_now(stream.id).layers) == ("live", 0b1)

    arrival.mark_stalled(now=LATER + 2 * EVERY, stream_id=stream.id, layer=0)
    assert stream_now(stream.id).state == "stalled", "no layer of long ago keeps it live"


@pytest.mark.parametrize("build", [make_live, make_connecting, make_admitted])
def test_picture_that_came_untold_is_live_and_recorded(in_herts: Unit, build: Any) -> None:
    stream = build()
    if stream.state == "live":
        arrival.mark_stalled(now=LATER, stream_id=stream.id)
    (went,) = correct(certain(stream, arriving={1}))

    assert (stream_now(stream.id).state, stream_now(stream.id).layers) == ("live", 0b10)
    assert (went.stream_id, went.wants_recording) == (stream.id, True)


def test_counts_that_agree_with_the_row_change_nothing(in_herts: Unit) -> None:
    stream = make_live()
    arrival.mark_live(now=NOW, stream_id=stream.id, layer=0)
    in_herts.broadcasts.clear()

    assert correct(certain(stream, arriving={0}, silent={1, 2})) == []
    assert in_herts.broadcasts == []


def test_stream_that_ended_is_not_revived_by_counts(in_herts: Unit) -> None:
    stream = make_live()
    publishing.end_stream(actor=SYSTEM, now=LATER, stream_id=stream.id, reason="hangup")
    verdict = certain(stream, arriving={0})

    assert correct(verdict) == []
    assert traffic.correct_stream(now=LATER + EVERY, verdict=verdict) is None
    assert (stream_now(stream.id).state, stream_now(stream.id).layers) == ("ended", 0)


def test_counts_of_before_a_change_do_not_undo_it(in_herts: Unit) -> None:
    stalled, resumed = make_live(), make_live()
    arrival.mark_stalled(now=LATER + 2 * EVERY, stream_id=stalled.id)
    arrival.mark_stalled(now=NOW, stream_id=resumed.id)
    arrival.mark_live(now=LATER + 2 * EVERY, stream_id=resumed.id, layer=0)

    assert correct(certain(stalled, arriving={0})) == correct(certain(resumed, silent={0})) == []


def test_picture_that_could_not_be_seen_is_called_live_by_the_watchdog_alone(in_herts: Unit) -> None:
    stream = make_live()
    arrival.mark_live(now=NOW, stream_id=stream.id, layer=0)
    arrival.mark_stalled(now=NOW, stream_id=stream.id, is_unseen=True)
    assert correct(certain(stream, arriving={0})) == []

    correct(certain(stream, silent={0}))
    assert (stream_now(stream.id).state, stream_now(stream.id).stall_reason) == ("stalled", "silent")


def test_camera_that_the_phone_paused_is_not_called_on_by_counts(in_herts: Unit) -> None:
    caller = make_consented()
    stream = make_live(caller)
    progress.note_progress(actor=caller.actor, now=NOW, session_id=caller.session.id, step="camera_muted")
    arrival.mark_stalled(now=NOW, stream_id=stream.id)
    correct(certain(stream, arriving={0}))
    assert session_now(caller.session.id).progress_step == "camera_muted"


@pytest.mark.parametrize("rung", LiveSession.WITHOUT_VIDEO)
def test_silence_on_a_rung_without_video_ends_nothing(in_herts: Unit, rung: str) -> None:
    caller = make_consented()
    stream = make_live(caller)
    ladder.note_rung(actor=caller.actor, now=LATER, session_id=caller.session.id, rung=rung, reason="very_slow_uplink")
    correct(certain(stream, silent={0}))
    assert stream_now(stream.id).state == "stalled"
    assert arrival.list_stale_streams(now=LATER + timedelta(seconds=60)) == []


def statistics(opaque_id: str, at_s: float, *, total: int, lately: int) -> Any:
    """Return what the media server posts every five seconds of a publisher with three layers."""
    lowest = {"mid": "0", "media": "video", "bytes-received": total, "bytes-received-lastsec": lately}
    others = [{"media": f"video-sim{one}", "bytes-received": 0, "bytes-received-lastsec": 0} for one in (1, 2)]
    audio = {"mid": "1", "media": "audio", "bytes-received": 1, "bytes-received-lastsec": 1}
    at = 1_795_356_000_000_000 + int(at_s * 1_000_000)
    return {"type": 32, "subtype": 3, "timestamp": at, "opaque_id": opaque_id, "event": [audio, lowest, *others]}


@pytest.mark.usefixtures("live_db")
async def test_media_server_posts_statistics_stream_is_put_right_by_the_second(
    herts: ForceRef, gateway: FakeGateway
) -> None:
    _, stream_id = await published(herts, gateway)
    own = signed(stream_id)

    async def state_after(at_s: float, total: int, lately: int) -> Any:
        answer = await post(
            [statistics(own, at_s, total=total, lately=lately), {**statistics("", at_s, total=1, lately=1)}]
        )
        assert answer.headers["X-Events-Known"] == "1"
        return (await read(herts, Stream.objects.get)).state

    assert await state_after(0, 1_000, 200) == "connecting"
    assert await state_after(5, 2_000, 200) == "live"


@pytest.mark.usefixtures("live_db")
async def test_statistics_of_a_stream_that_is_not_here_change_nothing(herts: ForceRef, gateway: FakeGateway) -> None:
    own = signed(uuid4())
    for at_s in (0, 5):
        answer = await post([statistics(own, at_s, total=at_s, lately=1)])
        assert answer.status_code == 200
