"""A view of a stream: admitted, offered, answered, ended.

An offer that was not answered yet is known to this process only: answers must come here anyway, and the media
server drops the place by itself when the process dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import DomainError
from streams.gateway.interface import Answer, Candidate, GatewayError, HandleGone, HandleRef, Layer
from streams.services import watching
from streams.services.handles import HeldHandle
from streams.services.watching import ViewerAdmission
from streams.signalling.errors import as_domain_error
from streams.signalling.gateways import PROCESS, gateway_for, remember
from streams.signalling.publish import detach_all, give_back
from streams.signalling.rooms import Participant, opaque_id, room_spec

log = logging.getLogger(__name__)

MOST_PER_SOCKET = 24
# Who asks for a stream whose phone is still connecting waits this long, and may then ask again.
PATIENCE_SECONDS = 4.0


class WatchUnknown(DomainError):
    """This socket has no such watch (HTTP 404)."""

    code = "watch_unknown"
    http_status = 404
    message = "There is no such view."


class TooManyWatches(DomainError):
    """The socket watches too much already (HTTP 409)."""

    code = "busy"
    http_status = 409
    message = "Too many pictures are open here. Close one first."


@dataclass(frozen=True, slots=True)
class Viewer:
    """A place that a socket of this process holds."""

    force: ForceRef
    actor: Actor
    owner: str
    admission: ViewerAdmission
    handle: HandleRef
    replaces: UUID | None = None
    is_answered: bool = False

    @property
    def place(self) -> HeldHandle:
        """The place, as `detach_all` takes it."""
        handle = self.handle
        return HeldHandle("watch", self.admission.watch_id, self.admission.node, handle.session_id, handle.handle_id)


@dataclass(frozen=True, slots=True)
class WatchOffer:
    """The media server's offer to a viewer."""

    watch_id: UUID
    sdp: str


_viewers: dict[UUID, Viewer] = {}
_asking: Counter[str] = Counter()


async def watch(
    force: ForceRef, actor: Actor, owner: str, replaces: UUID | None = None, *, session_id: UUID, stream_id: UUID
) -> WatchOffer:
    """Offer a stream to the socket `owner`, as soon as its phone is connected. Raises domain errors.

    `replaces` is ended when this one begins, see `watching.begin_watch`.
    """
    with one_more(owner):
        now = clock.now()
        admission = await ain_force(
            force, watching.admit_viewer, actor=actor, now=now, session_id=session_id, stream_id=stream_id
        )
        return await offer(force, actor, owner, admission, replaces)


def count_watches(owner: str) -> int:
    """Return how many pictures a socket of this process watches, or was offered."""
    return sum(viewer.owner == owner for viewer in _viewers.values())


@contextlib.contextmanager
def one_more(owner: str, most: int = MOST_PER_SOCKET) -> Iterator[None]:
    """Count what a socket asks for beside what it watches, `most` at once. Raises `TooManyWatches`."""
    if count_watches(owner) + _asking[owner] >= most:
        raise TooManyWatches
    _asking[owner] += 1
    try:
        yield
    finally:
        _asking[owner] -= 1
        if not _asking[owner]:
            del _asking[owner]


async def offer(
    force: ForceRef, actor: Actor, owner: str, admission: ViewerAdmission, replaces: UUID | None
) -> WatchOffer:
    """Take a place in the room of an admitted viewer; `force` is whose stream it is. Raises domain errors."""
    participant = Participant(force.schema, "w", admission.watch_id)
    try:
        gateway = await gateway_for(admission.node)
        handle, offered = await gateway.subscribe(
            room=room_spec(force, admission.session_id, admission.room_id),
            feed_id=str(admission.stream_id),
            opaque_id=opaque_id(participant),
            patience=PATIENCE_SECONDS,
        )
    except GatewayError as error:
        raise as_domain_error(error) from error
    remember(force, admission.node, handle, participant)
    _viewers[admission.watch_id] = Viewer(force, actor, owner, admission, handle, replaces)
    return WatchOffer(admission.watch_id, offered.sdp)


async def answer_watch(owner: str, *, watch_id: UUID, sdp: str) -> None:
    """Begin to watch; raises domain errors, then the watch is over.

    The view was audited with the offer. Its row and the media begin together, for the picture must not wait; a guest's,
    and an officer's, waits for its row, by which it is seen and can be ended.
    """
    viewer = _find(owner, watch_id)
    try:
        gateway = await gateway_for(viewer.admission.node)
        steps = [] if viewer.is_answered else [_begin(viewer)]
        if not viewer.admission.is_control_rooms:
            await _together(*steps)
            steps = []
            _find(owner, watch_id)  # it may have been ended as soon as its row was there
        await _together(*steps, gateway.start(viewer.handle, Answer(sdp)))
    except GatewayError as error:
        await _give_up(viewer, "media_lost")
        raise as_domain_error(error) from error
    except BaseException as error:
        await _give_up(viewer, "stream_over" if isinstance(error, DomainError) else "media_lost")
        raise


async def trickle_viewer(owner: str, *, watch_id: UUID, candidate: Candidate | None) -> None:
    """Pass on a candidate of a viewer; for a watch that is over it came too late, and that is fine."""
    if watch_id not in _viewers:
        return
    viewer = _find(owner, watch_id)
    try:
        gateway = await gateway_for(viewer.admission.node)
        await gateway.trickle(viewer.handle, candidate)
    except HandleGone:
        return
    except GatewayError as error:
        raise as_domain_error(error) from error


async def choose_layer(owner: str, *, watch_id: UUID, layer: str) -> None:
    """Show a viewer this layer of the picture; for a watch that is over it came too late, and that is fine.

    Raises `WatchUnknown` for another socket's, and what the media server's failures become.
    """
    if watch_id not in _viewers:
        return
    viewer = _find(owner, watch_id)
    try:
        gateway = await gateway_for(viewer.admission.node)
        await gateway.choose_layer(viewer.handle, Layer(layer))
    except HandleGone:
        return
    except GatewayError as error:
        raise as_domain_error(error) from error


async def stop_watch(owner: str, *, watch_id: UUID) -> UUID | None:
    """End one watch of a socket; returns the session's or share's id, None when it is over: both sides may end it.

    Raises `WatchUnknown` for another socket's.
    """
    if watch_id not in _viewers:
        return None
    viewer = _find(owner, watch_id)
    await end_watch(viewer.force, watch_id, "stopped")
    return viewer.admission.shown_id


def drop_watch(owner: str, watch_id: UUID) -> None:
    """A watch of a socket is over, whichever process ended it: it counts among what the socket watches no more."""
    viewer = _viewers.get(watch_id)
    if viewer is not None and viewer.owner == owner:
        del _viewers[watch_id]


async def end_watches_of(owner: str) -> None:
    """The socket is gone: end all that it watched."""
    for viewer in [viewer for viewer in _viewers.values() if viewer.owner == owner]:
        await end_watch(viewer.force, viewer.admission.watch_id, "disconnected")


async def end_watch(force: ForceRef, watch_id: UUID, reason: str) -> None:
    """End a watch of any process and give its place back; one that is over is fine."""
    viewer = _viewers.pop(watch_id, None)
    left = await ain_force(force, watching.end_watch, now=clock.now(), watch_id=watch_id, reason=reason)
    own = [viewer.place] if viewer is not None and not left else []
    await detach_all(force, [*left, *own])


async def _give_up(viewer: Viewer, reason: str) -> None:
    """End a watch that could not begin: the place first, which must not wait for a database that is not there."""
    watch_id = viewer.admission.watch_id
    _viewers.pop(watch_id, None)
    await give_back(viewer.place)
    try:
        await end_watch(viewer.force, watch_id, reason)
    except Exception:
        log.warning("the end of a watch was not written down", exc_info=True, extra={"watch_id": str(watch_id)})


async def _together(*steps: Awaitable[None]) -> None:
    """Await every step to its end, also when one fails; then raise the first failure."""
    for result in await asyncio.gather(*steps, return_exceptions=True):
        if result is not None:
            raise result


async def _begin(viewer: Viewer) -> None:
    left = await ain_force(
        viewer.force,
        watching.begin_watch,
        actor=viewer.actor,
        now=clock.now(),
        admission=viewer.admission,
        gateway_session=viewer.handle.session_id,
        gateway_handle=viewer.handle.handle_id,
        owner=viewer.owner,
        process=PROCESS,
        replaces=viewer.replaces,
    )
    watch_id = viewer.admission.watch_id
    if watch_id in _viewers:
        _viewers[watch_id] = replace(viewer, is_answered=True)
    else:  # lost while its row was being written: nobody would end it, and the caller be told of a viewer
        await end_watch(viewer.force, watch_id, "media_lost")
    await detach_all(viewer.force, left)


def _find(owner: str, watch_id: UUID) -> Viewer:
    viewer = _viewers.get(watch_id)
    if viewer is None or viewer.owner != owner:
        raise WatchUnknown
    return viewer
