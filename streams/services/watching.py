"""Watching: who may see a stream, from when to when they did, and what the caller is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import QuerySet

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, NotFound
from forces.services.sharing import (
    ShareOver,
    admit_stranger,
    find_given,
    keep_closing,
    keep_disclosure,
)
from streams.broadcasts import (
    broadcast_session_on_commit,
    broadcast_watch_ended_on_commit,
    broadcast_watching_on_commit,
    tell_agency_watch_ended,
    tell_guest_watch_ended,
    tell_officer_watch_ended,
)
from streams.models import AgencyViewer, LiveSession, Stream, Watch
from streams.selectors import Plain
from streams.services.agency_standing import require_place
from streams.services.attention import attend
from streams.services.colleague_standing import require_shown
from streams.services.handles import HeldHandle, handles_of
from streams.services.locks import lock_session
from streams.services.viewers import find_viewers

# What a guest's people may watch at once by one share: the owner's uplink and media server are not theirs to use up.
MOST_PER_SHARE = 24


class StreamOver(DomainError):
    """The stream has ended; a new start is another stream (HTTP 409)."""

    code = "stream_over"
    http_status = 409
    message = "This picture has ended."


class ShareFull(DomainError):
    """A guest watches as much by one share as it may (HTTP 409)."""

    code = "busy"
    http_status = 409
    message = "Too many pictures of this are open at your force. Close one first."


@dataclass(frozen=True, slots=True)
class ViewerAdmission:
    """A viewer who may subscribe: the id the watch will have, and where the stream is."""

    watch_id: UUID
    session_id: UUID
    stream_id: UUID
    node: str
    room_id: str
    guest: str = ""
    share_id: UUID | None = None
    agency_viewer_id: UUID | None = None
    agency_share_id: UUID | None = None
    is_colleagues: bool = False

    @property
    def shown_id(self) -> UUID:
        """What the viewer's page knows it by: a guest is told of the share, and of no session."""
        return self.share_id or self.agency_share_id or self.session_id

    @property
    def is_guests(self) -> bool:
        """Whether it is for somebody of another force, or of an agency."""
        return self.share_id is not None or self.agency_viewer_id is not None

    @property
    def is_control_rooms(self) -> bool:
        """Whether it is for somebody of the own control room, whose right to see nobody takes back meanwhile."""
        return not (self.is_guests or self.is_colleagues)


def admit_viewer(*, actor: Actor, now: datetime, session_id: UUID, stream_id: UUID) -> ViewerAdmission:
    """Let a user watch a stream, and audit it; the watch itself begins with `begin_watch`.

    Raises `NotPermitted`, `NotFound` or `StreamOver`. Whether there is a picture yet, the media server knows.
    """
    require(actor, Permission.STREAM_WATCH)
    stream = Stream.objects.filter(pk=stream_id, session_id=session_id).first()
    if stream is None:
        raise NotFound("There is no such stream.")
    _require_watchable(stream)
    watch_id = uuid4()
    record_watch(actor, "stream.watch", watch_id, stream, {})
    return ViewerAdmission(watch_id, session_id, stream_id, stream.node, stream.room_id)


def admit_guest_viewer(*, actor: Actor, now: datetime, guest: str, share_id: UUID, stream_id: UUID) -> ViewerAdmission:
    """Let a user of the force `guest` watch a stream that is shared with it; the disclosure has the watch's id.

    Raises `ShareUnknown`, `ShareOver`, `NotFound` or `StreamOver`.
    """
    share = admit_stranger(actor=actor, now=now, guest=guest, share_id=share_id)
    stream = find_stream(share.session_id, stream_id)
    watch_id = uuid4()
    keep_disclosure(actor=actor, now=now, share=share, disclosure_id=watch_id, what=shown_of(stream))
    return ViewerAdmission(watch_id, share.session_id, stream_id, stream.node, stream.room_id, guest, share_id)


def begin_watch(
    *,
    actor: Actor,
    now: datetime,
    admission: ViewerAdmission,
    gateway_session: int,
    gateway_handle: int,
    owner: str,
    process: str,
    replaces: UUID | None = None,
) -> list[HeldHandle]:
    """Keep that an admitted viewer sees the stream from now on.

    Raises `StreamOver`, `ShareOver`, `ShareFull`, `AgencyNotVerified`, `AgencyFull` and what `require_shown` does.

    `owner` is the viewer's socket, `process` the one that holds its place at the media server. `replaces` is the watch
    of a line that the same console lost: it ends here, so that nobody is counted twice; another user's, or another
    stream's, does not. An agency's viewer sees one picture at a time: another ends. Returns what is to be detached.
    """
    session = lock_session(admission.session_id)
    stream = Stream.objects.get(pk=admission.stream_id)
    _require_watchable(stream)
    former = Watch.objects.filter(pk__in=[replaces] if replaces else [], stream=stream, user_id=actor.id)
    if admission.share_id is not None:
        _require_share(now, admission.share_id, former)
    if admission.agency_viewer_id is not None:
        require_place(now, AgencyViewer.objects.select_related("share").get(pk=admission.agency_viewer_id))
        former = Watch.objects.filter(agency_viewer_id=admission.agency_viewer_id).exclude(pk=admission.watch_id)
    if admission.is_colleagues:
        require_shown(actor, session)
    Watch.objects.create(
        id=admission.watch_id,
        stream=stream,
        session_id=admission.session_id,
        user_id=actor.id,
        user_name=actor.name,
        gateway_session=gateway_session,
        gateway_handle=gateway_handle,
        owner=owner,
        process=process,
        guest=admission.guest,
        share_id=admission.share_id,
        agency_viewer_id=admission.agency_viewer_id,
        is_colleagues=admission.is_colleagues,
        started_at=now,
    )
    if admission.is_control_rooms:  # whoever watches for another force or an agency, or out there, looks after nobody
        attend(actor=actor, session=session)
    # Before the first picture nobody sees anything: its arrival tells all of this.
    if stream.live_at is not None:
        tell_watching(admission.session_id)
        broadcast_session_on_commit(admission.session_id)
    return _end_and_tell(now, admission.session_id, former, "replaced")


def end_watch(*, now: datetime, watch_id: UUID, reason: str) -> list[HeldHandle]:
    """End one watch and audit its seconds. Returns what is to be detached; one that is over is fine."""
    watch = Watch.objects.filter(pk=watch_id).first()
    if watch is None:
        return []
    lock_session(watch.session_id)
    return _end_and_tell(now, watch.session_id, Watch.objects.filter(pk=watch_id), reason)


def end_watches_of_stream(*, now: datetime, stream: Stream, reason: str) -> list[HeldHandle]:
    """End every watch of a stream of a locked session. Returns what is to be detached."""
    return _end_and_tell(now, stream.session_id, stream.watches.all(), reason)


def end_watches_of_share(*, now: datetime, session_id: UUID, share_id: UUID) -> list[HeldHandle]:
    """End what a guest watches of a locked session by a share that is over. Returns what is to be detached."""
    return _end_and_tell(now, session_id, Watch.objects.filter(session_id=session_id, share_id=share_id), "share_over")


def end_watches_of_agency(*, now: datetime, session_id: UUID, share_id: UUID) -> list[HeldHandle]:
    """End what an agency watches of a locked session by a share that is over. Returns what is to be detached."""
    return _end_and_tell(now, session_id, Watch.objects.filter(agency_viewer__share_id=share_id), "share_over")


def end_watches_of_viewer(*, now: datetime, session_id: UUID, viewer_id: UUID) -> list[HeldHandle]:
    """End what one viewer of an agency watches of a locked session. Returns what is to be detached."""
    return _end_and_tell(now, session_id, Watch.objects.filter(agency_viewer_id=viewer_id), "stopped")


def end_watches_of_colleagues(*, now: datetime, session_id: UUID) -> list[HeldHandle]:
    """End what officers on the incident watch of a locked session. Returns what is to be detached."""
    return _end_and_tell(now, session_id, Watch.objects.filter(session_id=session_id, is_colleagues=True), "not_shown")


def list_open_watches() -> list[tuple[UUID, str, str]]:
    """Return (watch id, owner, guest) of every watch that goes on, for the watchdog."""
    return list(Watch.objects.filter(ended_at__isnull=True).values_list("id", "owner", "guest"))


def tell_watching(session_id: UUID) -> None:
    """Tell the caller how many people see the live picture as the rows stand now; an officer is told who they are."""
    viewers = find_viewers(session_id)
    is_officers = LiveSession.objects.filter(pk=session_id, kind=LiveSession.Kind.OFFICER).exists()
    if is_officers:
        broadcast_watching_on_commit(session_id, viewers.count, viewers.guests, viewers.names)
    else:
        broadcast_watching_on_commit(session_id, viewers.count, viewers.elsewhere)


def _require_watchable(stream: Stream) -> None:
    if stream.is_over:
        raise StreamOver


def find_stream(session_id: UUID, stream_id: UUID) -> Stream:
    """Return a stream of what is shared; raises `NotFound` or `StreamOver`."""
    stream = Stream.objects.select_related("session").filter(pk=stream_id, session_id=session_id).first()
    if stream is None:
        raise NotFound("There is no such stream.")
    _require_watchable(stream)
    return stream


def shown_of(stream: Stream) -> str:
    """Return what a guest gets of a stream: a caller's page sends no sound."""
    return "picture and sound" if stream.session.is_by_order else "picture"


def _require_share(now: datetime, share_id: UUID, former: QuerySet[Watch]) -> None:
    """Whether a guest may watch one more by a share of a locked session; what that replaces does not count."""
    if not find_given(share_id).stands(now):
        raise ShareOver
    seeing = Watch.objects.filter(share_id=share_id, ended_at__isnull=True).exclude(pk__in=former.values("pk"))
    if seeing.count() >= MOST_PER_SHARE:
        raise ShareFull


def _end_and_tell(now: datetime, session_id: UUID, watches: Iterable[Watch], reason: str) -> list[HeldHandle]:
    ended = [watch for watch in watches if watch.ended_at is None]
    for watch in ended:
        _end(now, watch, reason)
    if ended:
        tell_watching(session_id)
        broadcast_session_on_commit(session_id)
    return handles_of(ended)


def _end(now: datetime, watch: Watch, reason: str) -> None:
    watch.ended_at = max(now, watch.started_at)
    watch.seconds = _seconds_seen(watch)
    watch.save(update_fields=["ended_at", "seconds"])
    role = "guest" if watch.guest else "agency" if watch.agency_viewer_id else ""
    viewer = Actor(kind="user", id=watch.user_id, name=watch.user_name, role=role)
    seen: Plain = {"seconds": watch.seconds, "reason": reason}
    record_watch(viewer, "stream.watch_end", watch.id, watch.stream, seen)
    broadcast_watch_ended_on_commit(watch.id, watch.session_id, reason)
    if watch.share_id is not None:
        keep_closing(actor=viewer, now=now, share_id=watch.share_id, disclosure_id=watch.id, detail=seen)
        tell_guest_watch_ended(watch.id, find_given(watch.share_id), reason)
    if watch.is_colleagues:
        tell_officer_watch_ended(watch.user_id, watch.id, watch.session_id, reason)
    if watch.agency_viewer is not None:
        tell_agency_watch_ended(watch.id, watch.agency_viewer.share_id, reason)


def _seconds_seen(watch: Watch) -> int:
    """Return the seconds in which there was a picture to see: a watch may begin before the camera is on."""
    live_at, ended_at = watch.stream.live_at, watch.ended_at
    if live_at is None or ended_at is None:
        return 0
    return max(0, round((ended_at - max(watch.started_at, live_at)).total_seconds()))


def record_watch(actor: Actor, act: str, watch_id: UUID, stream: Stream, detail: Plain) -> None:
    """Watching live is consultation; the stream is the object, and the watch id joins start and end."""
    record(
        actor=actor,
        act=act,
        operation=Operation.CONSULTATION,
        object_type="stream",
        object_id=stream.id,
        session_id=stream.session_id,
        detail={"watch_id": str(watch_id), **detail},
    )
