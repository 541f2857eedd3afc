"""A budget of failures that comes back by itself: nobody is locked out for good."""

from django.core.cache import cache

from forces.errors import DomainError

MOST, SECONDS = 8, 300


class TooManyAttempts(DomainError):
    """Too many wrong codes or passwords in the last minutes (HTTP 429)."""

    code = "too_many_attempts"
    http_status = 429
    message = "Too many wrong attempts. Wait five minutes, then try again."


def spend(what: str) -> bool:
    """Count an attempt at ``what`` in the active force; returns whether the budget of eight in five minutes held."""
    key = f"budget:{what}"
    cache.add(key, 0, SECONDS)
    try:
        return bool(cache.incr(key) <= MOST)
    except ValueError:  # it ran out between the two calls
        return True


def refund(what: str) -> None:
    """The attempt was right: begin anew."""
    cache.delete(f"budget:{what}")
