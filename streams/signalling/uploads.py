"""A piece of a file on its way in: admitted, written outside of any transaction, noted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from evidence import arrivals
from forces.context import ForceRef
from streams.services import uploads
from streams.signalling.callers import Caller

MOST_PIECE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that begin at `offset`; `checksum` is (algorithm, digest) where the sender gave one."""

    offset: int
    content: bytes
    checksum: tuple[str, bytes] | None


async def find_offset(caller: Caller, upload_id: UUID) -> tuple[int, int]:
    """Return (arrived, whole) in bytes. Raises the errors of `services.uploads.find_upload`."""
    whole, is_done = await caller.act(uploads.find_upload, upload_id=upload_id)
    if is_done:
        return whole, whole
    arrived = await asyncio.to_thread(arrivals.arrived_bytes, caller.force.schema, upload_id)
    if arrived == whole:  # the process that wrote the last piece died before it could say so
        await caller.act(uploads.note_piece, upload_id=upload_id, arrived=arrived)
    return arrived, whole


async def take_piece(caller: Caller, upload_id: UUID, piece: Piece) -> int:
    """Add a piece to its file; returns how much has arrived. Raises as `services.uploads` and `evidence.arrivals`."""
    opened = await caller.act(uploads.admit_piece, upload_id=upload_id, holder=caller.ticket.browser_secret)
    arrived = await asyncio.to_thread(_write, caller.force, opened, piece)
    await caller.act(uploads.note_piece, upload_id=upload_id, arrived=arrived)
    return arrived


def _write(force: ForceRef, opened: uploads.OpenUpload, piece: Piece) -> int:
    if piece.checksum is not None:
        arrivals.check_piece(piece.content, *piece.checksum)
    return arrivals.add_piece(force.schema, opened.id, piece.offset, piece.content, opened.whole_bytes)
