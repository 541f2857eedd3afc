"""Sharing a live session with another force: by its owner's people, until a time, and what the guest sees of it."""

from __future__ import annotations

import contextlib
from datetime import datetime
from uuid import UUID, uuid4

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.context import current_force
from forces.dispatch import broadcast_on_commit
from forces.errors import InvalidTransition, NotFound
from forces.services import sharing
from forces.services.sharing import End, Kind, Notice, Share, ShareUnknown
from streams.broadcasts import (
    CONSOLE,
    broadcast_session_on_commit,
    shared_ended,
    tell_guest_share_ended,
)
from streams.models import LiveSession, Position
from streams.selectors import (
    Plain,
    find_session,
    fix_view,
    iso,
    list_messages,
    message_for_caller,
    session_summary,
)
from streams.services.agencies import end_session_agencies
from streams.services.colleagues import end_showing
from streams.services.handles import HeldHandle
from streams.services.locks import lock_open_session, lock_session
from streams.services.recording import RecordingConsentMissing
from streams.services.shared_recordings import list_recordings
from streams.services.standing import allows, refuse_consultation
from streams.services.watching import end_watches_of_share
from streams.shared_shapes import message_for_guest, shared_view


def share_session(
    *,
    actor: Actor,
    now: datetime,
    session_id: UUID,
    guest: str,
    purpose: str,
    ends_at: datetime,
    has_chat: bool,
    has_recording: bool,
) -> tuple[UUID, list[HeldHandle]]:
    """Let another force watch a session's live picture. Returns the share's id, and what is to be detached.

    `has_recording`: it may play what is recorded of the session, too, also when that is over. A share with that force
    whose time is over, though nobody has ended it yet, ends here. Raises `NotPermitted`, `NotFound`, `SessionOver`,
    `InvalidTransition` (no consent to video stands, or none is asked for), `RecordingConsentMissing` or `InvalidInput`.
    """
    require(actor, Permission.SHARE_GRANT)
    session = lock_open_session(session_id)
    refuse_consultation(session)
    used = (LiveSession.State.CONSENTED, LiveSession.State.LIVE)
    if session.state not in used or not session.wants_video or not allows(session_id, "video"):
        raise InvalidTransition("There is no live picture to share.")
    if has_recording and not allows(session_id, "recording"):
        raise RecordingConsentMissing
    left = _end_overdue(now, session_id, guest)
    share = sharing.grant_share(
        actor=actor,
        now=now,
        guest=guest,
        session_id=session_id,
        reference=session.incident.reference,
        purpose=purpose,
        ends_at=ends_at,
        has_chat=has_chat,
        has_recording=has_recording,
    )
    broadcast_session_on_commit(session_id)
    return share.id, left


def revoke_share(*, actor: Actor, now: datetime, session_id: UUID, share_id: UUID) -> list[HeldHandle]:
    """End a share before its time, and whatever its guest watches. Returns what is to be detached; twice is fine.

    Raises `NotPermitted` or `NotFound`.
    """
    require(actor, Permission.SHARE_GRANT)
    lock_session(session_id)
    if sharing.find_given(share_id).session_id != session_id:
        raise ShareUnknown
    return _end(actor, now, session_id, share_id, End.REVOKED)


def expire_share(*, now: datetime, share_id: UUID) -> list[HeldHandle]:
    """End a share whose time is over. Returns what is to be detached."""
    share = sharing.find_given(share_id)
    lock_session(share.session_id)
    return _end(Actor.system("watchdog"), now, share.session_id, share_id, End.EXPIRED)


def end_session_shares(
    *, actor: Actor, now: datetime, session_id: UUID, reason: End = End.SESSION_OVER
) -> list[HeldHandle]:
    """End the shares of a locked session that is over, or lost its consent, with forces, agencies and officers.

    Those with the recording outlive the session: it is sealed only then. Returns what is to be detached.
    """
    standing = sharing.standing_shares(session_id)
    ending = [share for share in standing if reason != End.SESSION_OVER or not share.has_recording]
    left = [held for share in ending for held in _end(actor, now, session_id, share.id, reason)]
    left += end_session_agencies(actor=actor, now=now, session_id=session_id, reason=reason.value)
    return [*left, *end_showing(actor=actor, now=now, session_id=session_id, reason=reason.value)]


def end_recording_shares(*, actor: Actor, now: datetime, session_id: UUID) -> None:
    """End the shares with the recording of a locked session whose caller agrees to be recorded no longer."""
    for share in sharing.standing_shares(session_id):
        if share.has_recording:
            _end(actor, now, session_id, share.id, End.NO_CONSENT)


def end_erased_shares(*, now: datetime, session_id: UUID) -> None:
    """End what still stands of a session that is being erased."""
    for share in sharing.standing_shares(session_id):
        _end(Actor.system("retention"), now, session_id, share.id, End.ERASED)


def list_shown(*, now: datetime, guest: str, share_ids: list[UUID]) -> list[Plain]:
    """Return what a guest's consoles show of these shares; those of other guests, or over, are left out.

    So is what cannot be found here: one share that is not in order must not cost the guest the others.
    """
    shown = []
    for share_id in share_ids:
        with contextlib.suppress(NotFound):
            share = sharing.find_given(share_id)
            if share.guest == guest and share.stands(now):
                shown.append(_shown(share))
    return shown


def show_shared(*, actor: Actor, now: datetime, guest: str, share_id: UUID) -> Plain:
    """Return {shared, position, messages, recordings} to a stranger of `guest`, which is a disclosure.

    The position only while the caller agrees to it, the messages and the list of recordings only where they are
    granted; of a session that is over only the recordings. Raises `ShareUnknown` or `ShareOver`.
    """
    share = sharing.admit_stranger(actor=actor, now=now, guest=guest, share_id=share_id)
    shown = _shown(share)
    is_live = shown["ended_at"] is None
    parts = {"position": is_live, "messages": is_live and share.has_chat, "list of recordings": share.has_recording}
    what = " and ".join(part for part, is_part in parts.items() if is_part)
    sharing.keep_disclosure(actor=actor, now=now, share=share, disclosure_id=uuid4(), what=what)
    return {
        "shared": shown,
        "position": _position(share.session_id) if parts["position"] else None,
        "messages": _messages(share.session_id) if parts["messages"] else [],
        "recordings": list_recordings(share),
    }


def take_notices(*, now: datetime) -> list[Notice]:
    """Audit what other forces disclosed to the active one, and tell its consoles again what may have been lost."""
    notices = sharing.take_notices(now=now)
    for notice in notices:
        share_id = str(notice.share_id)
        if notice.kind == Kind.GRANTED:
            broadcast_on_commit(CONSOLE, {"type": "shared.granted", "share_id": share_id})
        elif notice.kind == Kind.ENDED:
            broadcast_on_commit(CONSOLE, shared_ended(share_id, iso(notice.at), notice.end_reason))
    return notices


def _end(actor: Actor, now: datetime, session_id: UUID, share_id: UUID, reason: End) -> list[HeldHandle]:
    share = sharing.end_share(actor=actor, now=now, share_id=share_id, reason=reason)
    if share is None:
        return []
    left = end_watches_of_share(now=now, session_id=session_id, share_id=share_id)
    tell_guest_share_ended(share)
    broadcast_session_on_commit(session_id)
    return left


def _end_overdue(now: datetime, session_id: UUID, guest: str) -> list[HeldHandle]:
    """End what this force was shown until a time that has passed: it must not stand in the way of a new share."""
    overdue = [share for share in sharing.standing_shares(session_id) if share.guest == guest and not share.stands(now)]
    watchdog = Actor.system("watchdog")
    return [held for share in overdue for held in _end(watchdog, now, session_id, share.id, End.EXPIRED)]


def _shown(share: Share) -> Plain:
    return shared_view(share, session_summary(find_session(share.session_id)), current_force())


def _position(session_id: UUID) -> Plain | None:
    if not allows(session_id, "location"):
        return None
    newest = Position.objects.filter(session_id=session_id).order_by("-fixed_at").first()
    return fix_view(newest) if newest else None


def _messages(session_id: UUID) -> list[Plain]:
    name = current_force().name
    return [message_for_guest(message_for_caller(row, force_name=name)) for row in list_messages(session_id)]
