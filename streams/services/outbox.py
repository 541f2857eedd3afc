"""Development's outbox as the console shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.context import current_force
from forces.messaging.senders import outbox_of
from streams.models import AgencyMessage, Invitation
from streams.outgoing import sessions_of


def list_outbox(*, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the kept messages, newest first; raises `NotPermitted`, or `NotFound` with a real sender."""
    require(actor, Permission.LINK_SEND)
    messages = outbox_of(current_force().schema).messages(now=now)
    ids = [UUID(message["id"].split(".")[1]) for message in messages]
    sessions = dict(Invitation.objects.filter(pk__in=ids).values_list("pk", "session_id"))
    sessions |= dict(AgencyMessage.objects.filter(pk__in=ids).values_list("pk", "share__session_id"))
    sessions |= sessions_of(ids)
    found = [sessions.get(invitation_id) for invitation_id in ids]
    return [
        {**message, "session_id": str(session_id) if session_id else None}
        for message, session_id in zip(messages, found, strict=True)
    ]
