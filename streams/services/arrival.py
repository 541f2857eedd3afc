"""Whether the media of a stream arrive: live, stalled, or silent for so long that it is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from forces.actors import Actor
from forces.audit.services import Operation, record
from streams.broadcasts import broadcast_stream_on_commit
from streams.models import LiveSession, PictureGap, Position, Still, Stream
from streams.services.locks import lock_stream
from streams.services.progress import LOST
from streams.services.recording import wants_recording
from streams.services.watching import tell_watching

# A camera that never came on, a picture that never came, and one that ceased, are given up after this long.
# A phone that dies is cleaned up within 30 s: silence is reported late, and looked for now and then.
PREPARED_FOR = timedelta(minutes=5)
NEVER_LIVE_AFTER = timedelta(seconds=30)
SILENT_AFTER = timedelta(seconds=25)
# A phone on the rung of stills sends one every few seconds, and goes to the rung below when none gets out for 20 s. One
# that has a way to the media server tries video every minute or so: what gets through of that ends the silence.
PROMISE_KEPT_FOR = timedelta(minutes=2)
HEARTBEAT_ENOUGH_FOR = timedelta(minutes=10)
# The media server reports silence this long after the last packet (its no_media_timer).
REPORTED_AFTER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class WentLive:
    """A stream that has become live, and whether its room is to be recorded."""

    stream_id: UUID
    session_id: UUID
    node: str
    room_id: str
    wants_recording: bool


@dataclass(frozen=True, slots=True)
class FlowingStream:
    """A stream whose media flowed at least once, and where it should be flowing.

    `is_unseen`: it was called live no longer because the media server could not be asked, and for nothing else.
    """

    stream_id: UUID
    node: str
    room_id: str
    is_live: bool
    is_unseen: bool = False


def mark_live(*, now: datetime, stream_id: UUID, layer: int | None = None) -> WentLive | None:
    """Video arrives, for the first time or again. None when that was known, or the stream is over.

    `layer` is the number of the layer that arrives, where that is known.
    """
    stream = lock_stream(stream_id)
    session = stream.session
    if layer is not None:
        stream.note_layer(layer, arrives=True)
        stream.save(update_fields=["layers"])
    if stream.is_over or session.is_over or stream.state == Stream.State.LIVE:
        return None
    is_first = stream.live_at is None
    stream.go_live(now)
    stream.save()
    PictureGap.objects.filter(stream=stream, ended_at__isnull=True).update(ended_at=now)
    if session.state in (LiveSession.State.CONSENTED, LiveSession.State.LIVE):
        session.go_live(now)
        session.save(update_fields=["state", "live_at"])
    if is_first:
        _record_live(stream)
    tell_watching(session.id)
    broadcast_stream_on_commit(stream)
    return WentLive(stream.id, session.id, stream.node, stream.room_id, wants_recording(session))


def mark_stalled(
    *,
    now: datetime,
    stream_id: UUID,
    layer: int | None = None,
    is_unseen: bool = False,
    silent_since: datetime | None = None,
) -> None:
    """Video ceased to arrive; what is on the screens is old from now on.

    With `layer` that layer ceased: the picture is there for as long as any other arrives. `is_unseen`: the media
    server cannot be asked, and nobody knows. `silent_since`: it was found out late, and nothing came since then. Only
    a live stream stalls; one that could not be seen and is now known to be silent is noted as that.
    """
    stream, reason = lock_stream(stream_id), Stream.Stall.BLIND if is_unseen else Stream.Stall.SILENT
    if layer is not None:
        still_arrives = stream.note_layer(layer, arrives=False)
        stream.save(update_fields=["layers"])
        if still_arrives:
            return
    if stream.state == Stream.State.STALLED:
        stream.stall(now, reason)
        stream.save(update_fields=["stall_reason"])
    if stream.state != Stream.State.LIVE:
        return
    stream.stall(silent_since or now, reason)
    stream.last_media_at = max(stream.last_media_at or now, silent_since or now - REPORTED_AFTER)
    stream.save()
    PictureGap.objects.get_or_create(
        stream=stream,
        ended_at=None,  # one that is open still began earlier, and goes on
        defaults={"session_id": stream.session_id, "began_at": silent_since or now},
    )
    tell_watching(stream.session_id)
    broadcast_stream_on_commit(stream)


def mark_seen_again(*, now: datetime, stream_id: UUID) -> None:
    """The media server can be asked again: live, unless it was heard meanwhile that no video arrives."""
    stream = lock_stream(stream_id)
    if stream.state == Stream.State.STALLED and stream.stall_reason == Stream.Stall.BLIND:
        mark_live(now=now, stream_id=stream_id)


def list_flowing_streams() -> list[FlowingStream]:
    """Return the streams that are live or stalled."""
    rows = Stream.objects.filter(state__in=(Stream.State.LIVE, Stream.State.STALLED))
    live, blind = Stream.State.LIVE, Stream.Stall.BLIND
    return [FlowingStream(r.id, r.node, r.room_id, r.state == live, r.stall_reason == blind) for r in rows]


def list_stale_streams(*, now: datetime) -> list[tuple[UUID, str]]:
    """Return (stream id, reason) of what never became live or has been silent for too long."""
    waiting = (Stream.State.ADMITTED, Stream.State.CONNECTING)
    stale = Stream.objects.filter(
        Q(state=Stream.State.PREPARED, admitted_at__lte=now - PREPARED_FOR)
        | Q(state__in=waiting, begun_at__lte=now - NEVER_LIVE_AFTER)
        | Q(state=Stream.State.STALLED, stalled_at__lte=now - SILENT_AFTER)
    ).exclude(_is_excused(now))
    return [(stream.id, _stale_reason(stream)) for stream in stale]


def _is_excused(now: datetime) -> Q:
    """Silent with good reason: its phone says that it sends less, and does; one that is not heard says nothing.

    The connection stays meanwhile: by it the phone finds out when video gets through again. Its word alone is believed
    for a while from the beginning of the silence, which the phone does not set.
    """
    rung, since = LiveSession.Rung, now - PROMISE_KEPT_FOR
    is_new = Q(stalled_at__gt=since)
    sends_stills = Exists(_of_session(Still.objects.filter(purpose=Still.Purpose.LADDER), since))
    sends_fixes = Exists(_of_session(Position.objects.all(), since))
    keeps_word = (
        Q(session__rung=rung.STILLS) & (is_new | Q(sends_stills))
        | Q(session__rung=rung.POSITION) & (is_new | Q(sends_fixes) | Q(sends_stills))
        | Q(session__rung=rung.TEXT, stalled_at__gt=now - HEARTBEAT_ENOUGH_FOR)
    )
    is_unheard = Q(session__progress_step=LOST, session__progress_at__lte=now - SILENT_AFTER)
    return Q(state=Stream.State.STALLED) & keeps_word & ~is_unheard


def _of_session(rows: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    """Return those of an outer stream's session that came later than `since`."""
    return rows.filter(session_id=OuterRef("session_id"), received_at__gt=since)


def _stale_reason(stream: Stream) -> str:
    if stream.state == Stream.State.PREPARED:
        return "not_begun"
    return "never_live" if stream.live_at is None else "silent"


def _record_live(stream: Stream) -> None:
    record(
        actor=Actor.system("media"),
        act="stream.live",
        operation=Operation.COLLECTION,
        object_type="stream",
        object_id=stream.id,
        session_id=stream.session_id,
    )
