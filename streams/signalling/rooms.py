"""Names and keys at the media server: rooms, their secrets, and signed ids of participants."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from forces.context import ForceRef
from streams.gateway.interface import RoomSpec

# The kinds that opaque ids may name; apps add theirs by `streams.signalling.kinds.register_kind`.
KINDS = {"p", "w", "t", "l"}


@dataclass(frozen=True, slots=True)
class Participant:
    """A publisher ("p", a stream's id) or a viewer ("w", a watch's id) of a force.

    In the room of a talk: who speaks ("t", the talk's id) and who listens ("l", an id of that listening alone). Other
    kinds are those of other apps.
    """

    schema: str
    kind: str
    id: UUID


def room_secret(room_id: str) -> str:
    """Return the secret of a room, derived: nothing to store, nothing to lose."""
    return _mac(f"room:{room_id}")


def room_spec(force: ForceRef, session_id: UUID, room_id: str, **media: Any) -> RoomSpec:
    """Return a session's room; it records to a directory of its own, below the force's.

    `media` are the codecs and limits of `RoomSpec`, where they are to be others than a stream's.
    """
    directory = settings.RECORDINGS_DIR / force.schema / str(session_id)
    return RoomSpec(room_id=room_id, secret=room_secret(room_id), recording_dir=str(directory), **media)


def opaque_id(participant: Participant) -> str:
    """Return what the media server says of a participant in its events: signed, so that it names a force."""
    name = f"{participant.schema}:{participant.kind}:{participant.id}"
    return f"{name}:{_mac(name)[:16]}"


def read_opaque_id(text: str) -> Participant | None:
    """Return the participant of an opaque id, or None when it is not one of ours."""
    name, _, signature = text.rpartition(":")
    if not hmac.compare_digest(signature.encode(), _mac(name)[:16].encode()):
        return None
    schema, kind, uuid = name.split(":")
    return Participant(schema, kind, UUID(uuid)) if kind in KINDS else None


def _mac(text: str) -> str:
    return hmac.new(settings.JANUS_ROOM_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
