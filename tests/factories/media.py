"""Streams, watches and recordings, made through the services that make them in earnest."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any, Protocol
from uuid import UUID

from forces.actors import Actor
from streams.models import LiveSession, RecordingSegment, Stream
from streams.services import arrival, publishing, recording, watching
from tests.factories.streams import NOW, make_consented, person

SYSTEM = Actor.system("tests")
_handles = count(1)


class Sharer(Protocol):
    """Whoever shares from a phone: a caller, or an officer who is live."""

    @property
    def session(self) -> LiveSession:
        """The session in which they share."""

    @property
    def actor(self) -> Actor:
        """Under whom they act."""


def make_admitted(
    caller: Sharer | None = None, *, now: datetime = NOW, is_early: bool = False, **fields: Any
) -> Stream:
    """Admit a caller's picture; `is_early`: its camera is not on yet."""
    chosen = caller or make_consented(now=now, **fields)
    admission = publishing.admit_publisher(
        actor=chosen.actor,
        now=now,
        session_id=chosen.session.id,
        node="media-1",
        owner="process",
        is_early=is_early,
    )
    return Stream.objects.get(pk=admission.stream_id)


def make_connecting(caller: Sharer | None = None, *, now: datetime = NOW, **fields: Any) -> Stream:
    """Admit a caller's picture and give it a place at the media server."""
    stream = make_admitted(caller, now=now, **fields)
    publishing.note_published(
        stream_id=stream.id, gateway_session=next(_handles), gateway_handle=next(_handles), owner="process"
    )
    return stream_now(stream.id)


def make_live(caller: Sharer | None = None, *, now: datetime = NOW, **fields: Any) -> Stream:
    """Let a caller's picture arrive."""
    stream = make_connecting(caller, now=now, **fields)
    arrival.mark_live(now=now, stream_id=stream.id)
    return stream_now(stream.id)


def make_watch(
    stream: Stream, *, now: datetime = NOW, actor: Actor | None = None, owner: str = "socket", process: str = "process"
) -> UUID:
    """Let a user watch a live stream; returns the watch's id."""
    viewer = actor or person()
    admission = watching.admit_viewer(actor=viewer, now=now, session_id=stream.session_id, stream_id=stream.id)
    watching.begin_watch(
        actor=viewer,
        now=now,
        admission=admission,
        gateway_session=next(_handles),
        gateway_handle=next(_handles),
        owner=owner,
        process=process,
    )
    return admission.watch_id


def make_recorded(stream: Stream | None = None, *, now: datetime = NOW) -> RecordingSegment:
    """Begin to record a live stream."""
    chosen = stream or make_live(now=now)
    segment_id = recording.note_started(actor=SYSTEM, now=now, stream_id=chosen.id)
    assert segment_id is not None, "the stream is over"
    return RecordingSegment.objects.get(pk=segment_id)


def stream_now(stream_id: UUID) -> Stream:
    """Return the stream as it is in the database."""
    return Stream.objects.get(pk=stream_id)
