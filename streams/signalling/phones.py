"""Whoever shares from a phone, as signalling sees them: a caller with a ticket, or an officer who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar
from uuid import UUID

from forces.context import ForceRef
from streams.services.positions import NewFix

T = TypeVar("T")


class Phone(Protocol):
    """One session of one phone; every act is admitted anew."""

    @property
    def force(self) -> ForceRef:
        """The force of the session."""

    @property
    def session_id(self) -> UUID:
        """The session that the phone shares in."""

    @property
    def holder(self) -> str:
        """The secret by which this phone is known, for counting what it sends."""

    @property
    def stop_reason(self) -> str:
        """What its STOP is called."""

    def show_fix(self, fix: NewFix) -> None:
        """Show a fix that was kept in the session wherever else it belongs."""

    async def act(self, service: Callable[..., T], **arguments: Any) -> T:
        """Admit the phone and run `service(actor, now, session_id, ...)` in one transaction."""
