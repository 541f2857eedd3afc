"""Shares with another force, made through the services that make them in earnest, and a user of the guest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from forces.actors import Actor
from forces.context import ForceRef, in_force
from forces.services import sharing
from forces.services.sharing import Share
from streams.models import Stream
from streams.services import shares, watching
from tests.factories.streams import NOW, person

SESSION = UUID("0d3a0d5e-0000-4000-8000-000000000001")


def sam(beds: ForceRef) -> Actor:
    """Return an operator of the guest as the owner's side knows them."""
    return sharing.stranger(beds, person(key="12"))


def grant(force: ForceRef, now: datetime, guest: str = "beds", **changed: Any) -> Share:
    """Let another force in, with no session behind it."""
    given: dict[str, Any] = {
        "actor": person(),
        "now": now,
        "guest": guest,
        "session_id": SESSION,
        "reference": "INC-7",
        "purpose": "Pursuit into Bedfordshire",
        "ends_at": now + timedelta(hours=1),
        "has_chat": False,
        "has_recording": False,
        **changed,
    }
    return in_force(force, lambda: sharing.grant_share(**given))


def open_it(owner: ForceRef, guest: ForceRef, share: Share, now: datetime) -> UUID:
    """Let an operator of the guest look, as the owner's side does it."""
    disclosure_id = uuid4()
    actor = sam(guest)

    def act() -> None:
        found = sharing.admit_stranger(actor=actor, now=now, guest=guest.schema, share_id=share.id)
        sharing.keep_disclosure(actor=actor, now=now, share=found, disclosure_id=disclosure_id, what="picture")

    in_force(owner, act)
    return disclosure_id


def share(session_id: UUID, guest: str = "beds", **changed: Any) -> Share:
    """Share a session of the active force with another, as an operator does."""
    given: dict[str, Any] = {
        "actor": person(),
        "now": NOW,
        "session_id": session_id,
        "guest": guest,
        "purpose": "Pursuit over the border",
        "ends_at": NOW + timedelta(hours=1),
        "has_chat": False,
        "has_recording": False,
        **changed,
    }
    share_id, _ = shares.share_session(**given)
    return sharing.find_given(share_id)


def guest_watches(beds: ForceRef, given: Share, stream: Stream, replaces: UUID | None = None) -> UUID:
    """Let a user of the guest watch; returns the watch's id."""
    actor = sam(beds)
    admission = watching.admit_guest_viewer(actor=actor, now=NOW, guest="beds", share_id=given.id, stream_id=stream.id)
    watching.begin_watch(
        actor=actor,
        now=NOW,
        admission=admission,
        gateway_session=7,
        gateway_handle=8,
        owner="socket",
        process="process",
        replaces=replaces,
    )
    return admission.watch_id
