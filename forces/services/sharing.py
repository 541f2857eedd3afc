"""The one door between two forces: who owns a session grants, and the guest sees what it is granted, while it stands.

The rows are in `public`, out of every login's reach; the functions of the database act for the force that is connected.
The owner's side admits, audits and writes a notice for each act; the guest's side takes the notices under its own login
and audits them by the same ids. A notice that nobody took stays until the sweep takes it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import ForceRef, current_force
from forces.dispatch import broadcast_abroad_on_commit
from forces.errors import DomainError, InvalidInput, InvalidTransition, NotFound
from forces.models import Force, ShareGrant, ShareNotice
from forces.services.share_rows import Notice, Share, call, read_shares, take

__all__ = ["End", "Kind", "Notice", "Share", "ShareOver", "ShareUnknown"]

End = ShareGrant.End
Kind = ShareNotice.Kind

PURPOSE_CHARACTERS = range(5, 301)
LONGEST = timedelta(hours=12)
MOST_NOTICES = 100
# What a notice says of the guest's own user, and how long the audit takes it.
_OWN = {"user_id": 64, "user_name": 150, "request_id": 64}


class ShareUnknown(NotFound):
    """No such share between these two forces (HTTP 404)."""

    message = "Nothing of that name is shared with this force."


class ShareOver(DomainError):
    """The share was revoked, has expired, or its session is over (HTTP 410)."""

    code = "share_over"
    http_status = 410
    message = "Sharing has ended."


def list_partners() -> list[ForceRef]:
    """Return the other forces of the platform that are in use."""
    others = Force.objects.filter(state=Force.State.ACTIVE).exclude(schema_name=current_force().schema)
    return [force.as_ref() for force in others]


def force_names(schemas: Collection[str]) -> dict[str, str]:
    """Return the names of forces of the platform by schema, in use or not any more."""
    if not schemas:
        return {}
    return dict(Force.objects.filter(schema_name__in=schemas).values_list("schema_name", "name"))


def grant_share(
    *,
    actor: Actor,
    now: datetime,
    guest: str,
    session_id: UUID,
    reference: str,
    purpose: str,
    ends_at: datetime,
    has_chat: bool,
    has_recording: bool,
) -> Share:
    """Let `guest` watch a session of the active force. The caller holds the session's lock.

    Raises `NotPermitted`, `InvalidInput` (no such force, no purpose, an end that has passed or is over 12 h ahead) or
    `InvalidTransition` (shared with that force already).
    """
    require(actor, Permission.SHARE_GRANT)
    said = purpose.strip().replace("\x00", "")
    _check(now, guest, said, ends_at)
    if any(share.guest == guest for share in standing_shares(session_id)):
        raise InvalidTransition("This is shared with that force already.")
    given = (guest, session_id, reference[:64], said, has_chat, has_recording)
    (share,) = read_shares("share_grant", uuid4(), *given, actor.id, actor.name[:150], now, ends_at)
    detail = {"guest": guest, "until": ends_at.isoformat(), "chat": has_chat, "recording": has_recording}
    _keep(actor, now, share, Kind.GRANTED, share.id, detail)
    return share


def end_share(*, actor: Actor, now: datetime, share_id: UUID, reason: End) -> Share | None:
    """End a share of the active force for good; None when it is over already. Raises `NotPermitted`.

    The caller has found the session and holds its lock; what is watched is for the caller to end.
    """
    if reason == End.REVOKED:
        require(actor, Permission.SHARE_GRANT)
    for share in read_shares("share_end", share_id, now, reason.value):
        _keep(actor, now, share, Kind.ENDED, share.id, {"guest": share.guest, "reason": reason.value})
        return share
    return None


def standing_shares(*session_ids: UUID) -> list[Share]:
    """Return what the active force shares of these sessions and nobody ended yet, oldest first."""
    return [share for share in read_shares("share_given", list(session_ids)) if share.ended_at is None]


def all_shares(*session_ids: UUID) -> list[Share]:
    """Return what the active force ever shared of these sessions, oldest first."""
    return read_shares("share_given", list(session_ids))


def overdue_shares(*, now: datetime) -> list[Share]:
    """Return the active force's shares whose time is over and that nobody ended yet."""
    return read_shares("share_overdue", now)


def find_given(share_id: UUID) -> Share:
    """Return a share that the active force gave; raises `ShareUnknown`."""
    for share in read_shares("share_given_one", share_id):
        return share
    raise ShareUnknown


def received_shares() -> list[Share]:
    """Return what other forces share with the active one and have not ended, oldest first."""
    return read_shares("share_received")


def admit_guest(*, actor: Actor, now: datetime, share_id: UUID) -> Share:
    """Let a user of the active force look at what another shares with it: the guest's half of the admission.

    Raises `NotPermitted`, `ShareUnknown` or `ShareOver`, and audits the refusal. The owner's half is `admit_stranger`.
    """
    require(actor, Permission.SHARE_WATCH)
    found = read_shares("share_received_one", share_id)
    return _admitted(actor, now, found[0] if found else None, share_id)


def admit_stranger(*, actor: Actor, now: datetime, guest: str, share_id: UUID) -> Share:
    """Let a user of `guest` look at what the active force shares with it; `actor` is a `stranger`.

    Raises `ShareUnknown` or `ShareOver`, and audits the refusal.
    """
    found = [share for share in read_shares("share_given_one", share_id) if share.guest == guest]
    return _admitted(actor, now, found[0] if found else None, share_id)


def refused(*, actor: Actor, share_id: UUID, refusal: DomainError) -> DomainError:
    """Audit that something is not shown by a share, and return the refusal for the caller to raise."""
    record_refusal(
        actor=actor,
        act="share.opened",
        code=refusal.code,
        operation=Operation.DISCLOSURE,
        object_type="share",
        object_id=share_id,
    )
    return refusal


def stranger(force: ForceRef, actor: Actor) -> Actor:
    """Return a user of `force` as the owner's side knows and audits them: by their force, id and name."""
    return Actor(
        kind="user",
        id=f"{force.schema}:{actor.id}",
        name=f"{actor.name} ({force.name})"[:150],
        role="guest",
        request_id=actor.request_id,
    )


def keep_disclosure(
    *, actor: Actor, now: datetime, share: Share, disclosure_id: UUID, what: str, item_id: UUID | None = None
) -> None:
    """A stranger opens what a share shows: audited here, and noticed to the guest's side. `item_id`: of a recording."""
    item = {"item_id": str(item_id)} if item_id else {}
    _keep(actor, now, share, Kind.OPENED, disclosure_id, {"what": what, **item, **_who(actor)})


def keep_closing(*, actor: Actor, now: datetime, share_id: UUID, disclosure_id: UUID, detail: dict[str, Any]) -> None:
    """What a stranger opened is over; the owner's audit has its row by whoever ended it."""
    _notify(now, share_id, Kind.CLOSED, disclosure_id, {**detail, **_who(actor)})


def take_notices(*, now: datetime) -> list[Notice]:
    """Audit what owners noticed to the active force, each once, by the ids of the owners' audits."""
    notices = take(now, MOST_NOTICES)
    for notice in notices:
        _audit_notice(notice)
    return notices


def tell_guest_on_commit(share: Share, topic: str, message: dict[str, Any]) -> None:
    """Send a message to the sockets of the share's guest when the owner's unit of work has committed."""
    broadcast_abroad_on_commit(share.guest, topic, message)


def erase_shares(session_id: UUID, text: str) -> int:
    """Put `text` in the place of what was written about the shares of a session of the active force."""
    return int(call("share_erase", session_id, text)[0][0])


def _check(now: datetime, guest: str, purpose: str, ends_at: datetime) -> None:
    if guest not in {force.schema for force in list_partners()}:
        raise InvalidInput("There is no other force of that name.", details={"field": "force"})
    if len(purpose) not in PURPOSE_CHARACTERS:
        raise InvalidInput("Say what it is shared for, in 5 to 300 characters.", details={"field": "purpose"})
    if not now < ends_at <= now + LONGEST:
        raise InvalidInput("Sharing ends within the next 12 hours.", details={"field": "ends_at"})


def _admitted(actor: Actor, now: datetime, share: Share | None, share_id: UUID) -> Share:
    if share is not None and share.stands(now):
        return share
    raise refused(actor=actor, share_id=share_id, refusal=ShareUnknown() if share is None else ShareOver())


def _keep(actor: Actor, now: datetime, share: Share, kind: str, disclosure_id: UUID, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        act=f"share.{kind}",
        operation=Operation.DISCLOSURE,
        object_type="share",
        object_id=share.id,
        session_id=share.session_id,
        detail={"disclosure_id": str(disclosure_id), "guest": share.guest, **detail},
    )
    _notify(now, share.id, kind, disclosure_id, detail)


def _notify(now: datetime, share_id: UUID, kind: str, disclosure_id: UUID, detail: dict[str, Any]) -> None:
    call("share_notify", share_id, str(kind), disclosure_id, now, json.dumps(detail))


def _audit_notice(notice: Notice) -> None:
    """Who acted is the guest's own user where one opened or closed, else the owner's force.

    Whose it is, when and which, the rows say, and no detail that the owner's login wrote; a notice that cannot be read
    is audited by them alone.
    """
    detail = notice.detail
    own = {name: detail.get(name, "") for name in _OWN} if detail is not None else {}
    if detail is None or not all(isinstance(own[name], str) and len(own[name]) <= most for name, most in _OWN.items()):
        own, told = {}, {"unreadable": True}
    else:
        told = {name: value for name, value in detail.items() if name not in _OWN}
    who = own.get("user_id")
    record(
        actor=Actor("user", who, own["user_name"], request_id=own["request_id"])
        if who
        else Actor.system(f"share:{notice.owner}"),
        act=f"share.{notice.kind}",
        operation=Operation.DISCLOSURE,
        object_type="share",
        object_id=notice.share_id,
        detail={
            **told,
            "disclosure_id": str(notice.disclosure_id),
            "owner": notice.owner,
            "at": notice.at.isoformat(),
        },
    )


def _who(actor: Actor) -> dict[str, Any]:
    """Return what the guest's own audit calls a stranger."""
    return {"user_id": actor.id.partition(":")[2], "user_name": actor.name, "request_id": actor.request_id}
