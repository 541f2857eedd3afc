"""Who may send by a key, asked anew for every act."""

from __future__ import annotations

from datetime import datetime

from forces.actors import Actor
from forces.audit.services import record_refusal
from streams.ingest import Ingest, KeyInvalid, find_ingest
from streams.services.turns import take_turn

# A device that lost its line tries again and again; one that floods is refused before anything is connected for it.
OPENINGS_PER_MINUTE = 30
CHANGES_PER_MINUTE = 300


def admit_key(*, now: datetime, key: str, request_id: str) -> Ingest:
    """Return what a key opens now. Raises `KeyInvalid`, which is audited, or why nothing is open for it."""
    try:
        return find_ingest(key, now, request_id)
    except KeyInvalid:
        record_refusal(actor=Actor.anonymous(request_id), act="key.use", code=KeyInvalid.code)
        raise


def open_by_key(*, now: datetime, key: str, request_id: str, is_new: bool) -> Ingest:
    """`admit_key` for a request from outside, counted; `is_new`: it begins a publication. Raises `TooOften`, too."""
    ingest = admit_key(now=now, key=key, request_id=request_id)
    what, most = ("ingest", OPENINGS_PER_MINUTE) if is_new else ("ingest.change", CHANGES_PER_MINUTE)
    take_turn(what, ingest.actor.id, now=now, per_minute=most)
    return ingest
