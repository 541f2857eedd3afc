"""One tree of domain errors with stable codes, mapped once for HTML, once for REST, once for sockets."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A stated fact that stops an act. ``code`` is stable; ``message`` is for people; ``details`` is JSON."""

    code: ClassVar[str] = "domain_error"
    http_status: ClassVar[int] = 400
    message: str = "This cannot be done."

    def __init__(self, message: str | None = None, *, details: dict[str, Any] | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.details = details

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"code", "message", "details"}``, the body of every refused answer."""
        return {"code": self.code, "message": self.message, "details": self.details}


class NotFound(DomainError):
    """The object does not exist, or not for this actor."""

    code = "not_found"
    http_status = 404
    message = "There is no such thing here."


class NotSignedIn(DomainError):
    """Nobody is signed in (HTTP 401)."""

    code = "not_signed_in"
    http_status = 401
    message = "Sign in to go on."


class NotPermitted(DomainError):
    """The actor's role does not allow the act."""

    code = "not_permitted"
    http_status = 403
    message = "Your role does not allow this."


class InvalidInput(DomainError):
    """The request's data is unusable; nothing was changed."""

    code = "invalid_input"
    http_status = 400
    message = "Something in what was sent is not valid."


class InvalidTransition(DomainError):
    """The object's state does not allow the act."""

    code = "invalid_transition"
    http_status = 409
    message = "This is not possible in the present state."


class Unavailable(DomainError):
    """A part this act needs is not reachable now; trying again later may help."""

    code = "unavailable"
    http_status = 503
    message = "A part of the service is not reachable. Try again in a moment."


class OutcomeUnknown(Unavailable):
    """The database went while it was keeping the act: it may have kept it."""

    code = "outcome_unknown"
    message = "It is not certain whether this was done."
