"""A picture of a phone, a caller's or an officer's, on its way in: admitted, stored outside a transaction, kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from uuid import UUID
from weakref import WeakKeyDictionary

from evidence import gathering, storage
from evidence.stills import StoredStill, live_name, store_live, store_still
from forces.context import ForceRef
from streams.models import Still
from streams.selectors import Plain
from streams.services import stills
from streams.services.stills import MOST_BYTES, AdmittedStill, HashMismatch, NewStill, StillTooLarge
from streams.signalling.phones import Phone

AT_ONCE = 3
"""How many pictures one process decodes at the same time."""

_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def take_still(phone: Phone, still: NewStill, content: bytes) -> tuple[Plain, bool]:
    """Store a picture and show it to the control room; returns its StillView, and whether it is new.

    Raises the errors of `services.stills`, of `evidence.stills` and of `consent.admit_caller`. Of a picture that is
    refused no file is left.
    """
    if len(content) > MOST_BYTES[still.purpose]:
        raise StillTooLarge
    admitted = await phone.act(stills.admit_still, still=still, holder=phone.holder)
    if admitted.known is not None:
        return admitted.known, False
    async with _slot():
        stored = await asyncio.to_thread(_store, phone.force, phone.session_id, admitted, still, content)
    try:
        kept = await phone.act(stills.keep_still, still=still, admitted=admitted, stored=stored)
    except BaseException:
        await asyncio.to_thread(_erase, phone.force, phone.session_id, admitted)
        raise
    await asyncio.to_thread(_erase_live, phone.force, phone.session_id, kept.old)
    if admitted.is_gathered and not kept.is_gathered:  # recording was ended while it was stored
        await asyncio.to_thread(gathering.erase, phone.force.schema, [admitted.still_id])
    return kept.view, True


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
