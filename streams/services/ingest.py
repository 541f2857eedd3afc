"""Who may send by a key, asked anew for every act."""

from __future__ import annotations

from datetime import datetime

from forces.actors import Actor
from forces.audit.services import record_refusal
from forces.errors import Unavailable
from streams.ingest import Ingest, KeyInvalid, find_ingest
from streams.services.turns import TooOften, take_turn

# A device that lost its line tries again and again; one that floods is refused before anything is connected for it.
OPENINGS_PER_MINUTE = 30
CHANGES_PER_MINUTE = 300
# Whoever tries keys at random needs no key for it: what goes beyond is no news, and the audit is written one by one.
REFUSALS_TOLD_PER_MINUTE = 60


def admit_key(*, now: datetime, key: str, request_id: str) -> Ingest:
    """Return what a key opens now. Raises `KeyInvalid`, audited unless many are, or why nothing is open for it."""
    try:
        return find_ingest(key, now, request_id)
    except KeyInvalid:
        if is_refusal_news(now):
            record_refusal(actor=Actor.anonymous(request_id), act="key.use", code=KeyInvalid.code)
        raise


def open_by_key(*, now: datetime, key: str, request_id: str, is_new: bool) -> Ingest:
    """`admit_key` for a request from outside, counted; `is_new`: it begins a publication. Raises `TooOften`, too."""
    ingest = admit_key(now=now, key=key, request_id=request_id)
    what, most = ("ingest", OPENINGS_PER_MINUTE) if is_new else ("ingest.change", CHANGES_PER_MINUTE)
    take_turn(what, ingest.actor.id, now=now, per_minute=most)
    return ingest


def is_refusal_news(now: datetime) -> bool:
    """Return whether the refusal of a key is to be audited: of a flood a number in a minute say enough. Counts it."""
    try:
        take_turn("key.refused", "", now=now, per_minute=REFUSALS_TOLD_PER_MINUTE)
    except TooOften:
        return False
    except Unavailable:
        pass  # better too often in the audit than not at all
    return True
