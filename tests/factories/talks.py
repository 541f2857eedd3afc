"""Talks, made through the services that make them in earnest."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from uuid import UUID

from forces.actors import Actor
from streams.models import Talk
from streams.services import talking
from tests.factories.streams import NOW, person

_handles = count(1_000)


def make_talk(
    session_id: UUID,
    *,
    now: datetime = NOW,
    actor: Actor | None = None,
    owner: str = "socket",
    process: str = "process",
    is_speaking: bool = True,
) -> Talk:
    """Let an operator speak in an officer's session, connected."""
    admission = talking.admit_talk(
        actor=actor or person(), now=now, session_id=session_id, node="media-1", owner=owner, process=process
    )
    talking.note_talk_connected(
        now=now, talk_id=admission.talk_id, gateway_session=next(_handles), gateway_handle=next(_handles)
    )
    if is_speaking:
        talking.note_speaking(now=now, talk_id=admission.talk_id, owner=owner, on=True)
    return Talk.objects.get(pk=admission.talk_id)
