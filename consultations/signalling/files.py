"""A piece of a file on its way in from somebody in the call: admitted, written outside of any transaction, noted."""

from __future__ import annotations

import asyncio
from uuid import UUID

from consultations.services.uploading import act_as_sender
from consultations.signalling.people import Person
from evidence import arrivals
from forces.context import ForceRef
from streams.services import uploads
from streams.signalling.uploads import Piece


async def begin_file(person: Person, *, file_name: str, whole_bytes: int) -> UUID:
    """Let a person send a file; returns its id. Raises as `uploads.begin_upload`, and `NotAdmitted`."""
    told = {"file_name": file_name, "whole_bytes": whole_bytes, "holder": str(person.participant_id)}
    return await person.act(act_as_sender, service=uploads.begin_upload, **told)


async def find_offset(person: Person, upload_id: UUID) -> tuple[int, int]:
    """Return (arrived, whole) in bytes of a file of the person's own."""
    whole, is_done = await person.act(act_as_sender, service=uploads.find_upload, upload_id=upload_id)
    if is_done:
        return whole, whole
    arrived = await asyncio.to_thread(arrivals.arrived_bytes, person.force.schema, upload_id)
    if arrived == whole:  # the process that wrote the last piece died before it could say so
        await person.act(act_as_sender, service=uploads.note_piece, upload_id=upload_id, arrived=arrived)
    return arrived, whole


async def take_piece(person: Person, upload_id: UUID, piece: Piece) -> int:
    """Add a piece to a file of the person's own; returns how much has arrived."""
    holder = str(person.participant_id)
    opened = await person.act(act_as_sender, service=uploads.admit_piece, upload_id=upload_id, holder=holder)
    arrived = await asyncio.to_thread(_write, person.force, opened, piece)
    await person.act(act_as_sender, service=uploads.note_piece, upload_id=upload_id, arrived=arrived)
    return arrived


def _write(force: ForceRef, opened: uploads.OpenUpload, piece: Piece) -> int:
    if piece.checksum is not None:
        arrivals.check_piece(piece.content, *piece.checksum)
    return arrivals.add_piece(force.schema, opened.id, piece.offset, piece.content, opened.whole_bytes)
