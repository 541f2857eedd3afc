"""A picture of a phone, a caller's or an officer's, on its way in: admitted, stored outside a transaction, kept."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from evidence import gathering, storage
from evidence.stills import StoredStill, live_name, store_live, store_still
from forces.context import CommitUncertain, ForceRef, ain_force
from streams.models import Still
from streams.selectors import Plain
from streams.services import stills
from streams.services.stills import MOST_BYTES, AdmittedStill, HashMismatch, KeptStill, NewStill, StillTooLarge
from streams.signalling.phones import Phone

log = logging.getLogger(__name__)

AT_ONCE = 3
"""How many pictures one process decodes at the same time."""

_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_begun: set[asyncio.Task[Any]] = set()


async def take_still(phone: Phone, still: NewStill, content: bytes) -> tuple[Plain, bool]:
    """Store a picture and show it to the control room; returns its StillView, and whether it is new.

    Raises the errors of `services.stills`, of `evidence.stills` and of `consent.admit_caller`. Of a picture that is
    refused no file is left. What has begun to be stored comes to its end, although the request is cut off: files and
    rows are both there, or neither.
    """
    if len(content) > MOST_BYTES[still.purpose]:
        raise StillTooLarge
    admitted = await phone.act(stills.admit_still, still=still, holder=phone.holder)
    if admitted.known is not None:
        return admitted.known, False
    slot = _slot()
    await slot.acquire()
    task = asyncio.create_task(_to_the_end(slot, phone, still, admitted, content))
    _begun.add(task)
    task.add_done_callback(_begun.discard)
    return await asyncio.shield(task)


async def _to_the_end(
    slot: asyncio.Semaphore, phone: Phone, still: NewStill, admitted: AdmittedStill, content: bytes
) -> tuple[Plain, bool]:
    """Store and keep an admitted picture, and erase whatever of it is not kept."""
    try:
        stored = await asyncio.to_thread(_store, phone.force, phone.session_id, admitted, still, content)
    finally:
        slot.release()
    kept = await _keep(phone, still, admitted, stored)
    if not kept.is_new:  # the same picture was kept while this one was stored
        await asyncio.to_thread(_erase, phone.force, phone.session_id, admitted)
        return kept.view, False
    await asyncio.to_thread(_erase_live, phone.force, phone.session_id, kept.old)
    if admitted.is_gathered and not kept.is_gathered:  # recording was ended while it was stored
        await asyncio.to_thread(gathering.erase, phone.force.schema, [admitted.still_id])
    return kept.view, True


async def _keep(phone: Phone, still: NewStill, admitted: AdmittedStill, stored: StoredStill) -> KeptStill:
    """Keep a stored picture; where that fails its files go, unless its row is there, or nobody knows."""
    try:
        return await phone.act(stills.keep_still, still=still, admitted=admitted, stored=stored)
    except (CommitUncertain, asyncio.CancelledError):
        # Files without a row are a smaller loss than a row without its files.
        log.warning("a picture may have been kept: its files stay", extra={"item": str(admitted.item_id)})
        raise
    except BaseException:
        if not await ain_force(phone.force, stills.is_kept, still_id=admitted.still_id):
            await asyncio.to_thread(_erase, phone.force, phone.session_id, admitted)
        raise


def _store(force: ForceRef, session_id: UUID, admitted: AdmittedStill, still: NewStill, content: bytes) -> StoredStill:
    if hashlib.sha256(content).hexdigest() != still.sha256:
        raise HashMismatch
    if still.purpose == Still.Purpose.LADDER:
        return store_live(force, session_id, admitted.still_id, content, is_gathered=admitted.is_gathered)
    return store_still(force, admitted.item_id, content)


def _erase(force: ForceRef, session_id: UUID, admitted: AdmittedStill) -> None:
    storage.erase_item_files(force.schema, admitted.item_id)
    gathering.erase(force.schema, [admitted.still_id])
    _erase_live(force, session_id, [admitted.still_id])


def _erase_live(force: ForceRef, session_id: UUID, still_ids: Iterable[UUID]) -> None:
    storage.erase_live(force.schema, session_id, [live_name(still_id) for still_id in still_ids])


def _slot() -> asyncio.Semaphore:
    return _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
