"""A device with a key, as signalling sees it: every act is admitted anew, so that a revoked key shuts it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from forces import clock
from forces.accounts.tokens import hash_token
from forces.context import ForceRef, ain_force
from streams.services.ingest import admit_key, open_by_key
from streams.services.locks import SessionOver
from streams.services.positions import NewFix

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sender:
    """A key in a force, and the session that it opened."""

    force: ForceRef
    session_id: UUID
    request_id: str
    key: str = field(repr=False)

    @property
    def holder(self) -> str:
        """Counted by key."""
        return hash_token(self.key)

    @property
    def stop_reason(self) -> str:
        """What a device's STOP is called."""
        return "device_stopped"

    def show_fix(self, fix: NewFix) -> None:
        """A device is on no map but the session's."""

    async def act(self, service: Callable[..., T], **arguments: Any) -> T:
        """Admit the key and run `service(actor, now, session_id, ...)` in one transaction."""
        return await ain_force(self.force, self._admitted, service, arguments)

    def _admitted(self, service: Callable[..., T], arguments: dict[str, Any]) -> T:
        now = clock.now()
        ingest = admit_key(now=now, key=self.key, request_id=self.request_id)
        if ingest.session_id != self.session_id:
            raise SessionOver
        return service(actor=ingest.actor, now=now, session_id=self.session_id, **arguments)


async def sender_of(force: ForceRef, key: str, request_id: str, *, is_new: bool) -> Sender:
    """Return the device behind a request; `is_new`: it begins a publication.

    Raises `KeyInvalid`, `TooOften`, or why nothing is open for the key.
    """
    ingest = await ain_force(force, open_by_key, now=clock.now(), key=key, request_id=request_id, is_new=is_new)
    return Sender(force, ingest.session_id, request_id, key)
