"""Why a socket is closed for good, as the close codes of `PROTOCOL.md`."""

from __future__ import annotations

from forces.errors import DomainError
from streams.services.consent import LinkNotOpened, LinkUnknown

# Of our own range: the web server refuses to send 1012 and 1013, and would leave the socket open and deaf.
TRY_AGAIN, TOO_SLOW = 4012, 4013
NOT_ADMITTED, NOT_ALLOWED, IN_USE, OVER = 4401, 4403, 4409, 4410


class NotSignedIn(DomainError):
    """Nobody is signed in (HTTP 401)."""

    code = "not_signed_in"
    http_status = 401
    message = "Sign in to go on."


def close_code_of(error: DomainError) -> int:
    """Return the close code that goes with a refusal."""
    if isinstance(error, NotSignedIn | LinkNotOpened | LinkUnknown):
        return NOT_ADMITTED
    return {409: IN_USE, 410: OVER}.get(error.http_status, NOT_ALLOWED)
