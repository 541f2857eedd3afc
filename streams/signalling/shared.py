"""Sharing with another force: each side in a unit of work of its own, the picture from the one room there is.

A guest is admitted twice: under the own login, which sees what is granted to it and nothing else, and under the
owner's, which decides. Then the guest's audit takes the notice of it, before anything is shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async

from evidence.models import FileRole
from evidence.services.viewing import ServedFile
from forces import clock
from forces.actors import Actor
from forces.context import ForceRef, ain_force
from forces.errors import NotFound, NotSignedIn
from forces.selectors import find_force
from forces.services import sharing
from forces.sockets import session_actor
from streams.services import shared_recordings, shares, watching
from streams.signalling.publish import detach_all
from streams.signalling.watch import WatchOffer, offer, one_more

Plain = dict[str, Any]
T = TypeVar("T")

log = logging.getLogger(__name__)

# A console is shown what is there: it waits no longer for an owner's side.
PATIENCE_SECONDS = 2.0
# Of the units of work that an owner has in this process, one guest's people take this many at once.
MOST_AT_ONCE = 2

_Slots = dict[tuple[str, str], asyncio.Semaphore]
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, _Slots] = WeakKeyDictionary()
_begun: set[asyncio.Task[Any]] = set()


async def share_session(
    force: ForceRef,
    actor: Actor,
    *,
    session_id: UUID,
    guest: str,
    purpose: str,
    ends_at: datetime,
    has_chat: bool,
    has_recording: bool,
) -> None:
    """Let another force watch. Raises the errors of `shares.share_session`."""
    _, left = await ain_force(
        force,
        shares.share_session,
        actor=actor,
        now=clock.now(),
        session_id=session_id,
        guest=guest,
        purpose=purpose,
        ends_at=ends_at,
        has_chat=has_chat,
        has_recording=has_recording,
    )
    await detach_all(force, left)


async def revoke_share(force: ForceRef, actor: Actor, *, session_id: UUID, share_id: UUID) -> None:
    """End a share and cut its pictures. Raises the errors of `shares.revoke_share`."""
    left = await ain_force(
        force, shares.revoke_share, actor=actor, now=clock.now(), session_id=session_id, share_id=share_id
    )
    await detach_all(force, left)


async def list_shared(force: ForceRef) -> tuple[list[Plain], list[str]]:
    """Return what other forces share with this one now, as its consoles show it, and the owners that did not answer."""
    received = await ain_force(force, sharing.received_shares)
    of_owner: dict[str, list[UUID]] = {}
    for share in received:
        of_owner.setdefault(share.owner, []).append(share.id)
    found = await asyncio.gather(*(_shown_by(owner, force.schema, ids) for owner, ids in of_owner.items()))
    missing = [owner for owner, views in zip(of_owner, found, strict=True) if views is None]
    return [view for views in found for view in views or ()], missing


async def list_partners(force: ForceRef) -> list[Plain]:
    """Return the forces that this one may share with."""
    return [{"schema": one.schema, "name": one.name} for one in await ain_force(force, sharing.list_partners)]


async def open_shared(force: ForceRef, actor: Actor, *, share_id: UUID) -> Plain:
    """Return `shares.show_shared`. Raises `NotPermitted`, `ShareUnknown` or `ShareOver`."""
    owner, guest = await _admit(force, actor, share_id)
    shown = await _in_owner(
        owner, force.schema, shares.show_shared, actor=guest, now=clock.now(), guest=force.schema, share_id=share_id
    )
    await ain_force(force, shares.take_notices, now=clock.now())
    return shown


async def watch_shared(
    force: ForceRef, actor: Actor, socket: str, replaces: UUID | None = None, *, share_id: UUID, stream_id: UUID
) -> WatchOffer:
    """Offer a stream of another force to a socket of this one. Raises domain errors."""
    with one_more(socket):
        owner, guest = await _admit(force, actor, share_id)
        admission = await _in_owner(
            owner,
            force.schema,
            watching.admit_guest_viewer,
            actor=guest,
            now=clock.now(),
            guest=force.schema,
            share_id=share_id,
            stream_id=stream_id,
        )
        await ain_force(force, shares.take_notices, now=clock.now())
        return await offer(owner, guest, socket, admission, replaces)


async def view_shared_recording(
    force: ForceRef, session_key: str, request_id: str, *, share_id: UUID, item_id: UUID, role: FileRole
) -> tuple[str, ServedFile]:
    """Return a file of a recording that another force shares, and whose it is by schema.

    The user is the one of a signed-in session of Django's. Raises `NotSignedIn`, `NotPermitted`, `ShareUnknown` or
    `ShareOver`.
    """
    actor = await ain_force(force, session_actor, session_key, request_id, is_activity=True) if session_key else None
    if actor is None:
        raise NotSignedIn
    owner, guest = await _admit(force, actor, share_id)
    served = await _in_owner(
        owner,
        force.schema,
        shared_recordings.view_recording,
        actor=guest,
        now=clock.now(),
        guest=force.schema,
        share_id=share_id,
        item_id=item_id,
        role=role,
    )
    await ain_force(force, shares.take_notices, now=clock.now())
    return owner.schema, served


async def _admit(force: ForceRef, actor: Actor, share_id: UUID) -> tuple[ForceRef, Actor]:
    """Return whose it is, and the actor as they know them; what they say of it is still to be asked."""
    share = await ain_force(force, sharing.admit_guest, actor=actor, now=clock.now(), share_id=share_id)
    return await _find(share.owner), sharing.stranger(force, actor)


async def _shown_by(owner: str, guest: str, share_ids: list[UUID]) -> list[Plain] | None:
    """Return what an owner's side says of its shares; None when it does not: that is no trouble of the others.

    Nothing when the force is in use no longer.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            force, about = await _find(owner), {"now": clock.now(), "guest": guest, "share_ids": share_ids}
            return await _in_owner(force, guest, shares.list_shown, **about)
    except NotFound:
        return []
    except Exception:
        log.warning("what a force shares could not be read", exc_info=True, extra={"owner": owner, "guest": guest})
        return None


async def _in_owner(owner: ForceRef, guest_schema: str, act: Callable[..., T], /, **about: Any) -> T:
    """Run an owner's unit of work for a guest, which may not use up what the owner itself needs.

    What has begun keeps its slot to its end, although nobody waits for it any more.
    """
    slots = _slots.setdefault(asyncio.get_running_loop(), {})
    slot = slots.setdefault((owner.schema, guest_schema), asyncio.Semaphore(MOST_AT_ONCE))
    await slot.acquire()
    task = asyncio.create_task(ain_force(owner, act, **about))
    _begun.add(task)
    task.add_done_callback(_begun.discard)
    task.add_done_callback(lambda _: slot.release())
    return await asyncio.shield(task)


async def _find(schema: str) -> ForceRef:
    return await sync_to_async(find_force, thread_sensitive=False)(schema)
