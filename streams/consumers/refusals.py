"""Why a socket is closed for good, as the close codes of `PROTOCOL.md`."""

from __future__ import annotations

from forces.errors import DomainError, NotSignedIn
from streams.services.link_standing import LinkNotOpened, LinkUnknown

# All of them from the range for private use: the web server may not send registered ones (1012 and the like).
TRY_AGAIN, TOO_SLOW = 4012, 4013
NOT_ADMITTED, NOT_ALLOWED, IN_USE, OVER, TOO_MANY = 4401, 4403, 4409, 4410, 4429


class TooManySockets(DomainError):
    """One sign-in or one opened link has more sockets than it may (HTTP 429)."""

    code = "too_many_sockets"
    http_status = 429
    message = "This is open in too many windows. Close some, then load this one again."


def close_code_of(error: DomainError) -> int:
    """Return the close code that goes with a refusal."""
    if isinstance(error, NotSignedIn | LinkNotOpened | LinkUnknown):
        return NOT_ADMITTED
    return {401: NOT_ADMITTED, 409: IN_USE, 410: OVER, 429: TOO_MANY}.get(error.http_status, NOT_ALLOWED)
