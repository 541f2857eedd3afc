"""Who calls the REST API: a signed-in session with CSRF, or an auditor's token."""

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from forces import clock
from forces.accounts.models import User
from forces.accounts.tokens import PREFIX, find_token
from forces.actors import Actor
from forces.audit.services import record_refusal


class SessionAuthentication(authentication.SessionAuthentication):
    """Session and CSRF; says 401 (not 403) to a visitor who is not signed in."""

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that makes the answer a 401."""
        return "Session"


class ApiTokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer slt_...`` of an auditor of the force of the Host header."""

    def authenticate(self, request: Request) -> tuple[User, object] | None:
        """Return user and token; a wrong, expired or revoked token is refused and audited."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.startswith(PREFIX):
            return None
        inner = request._request
        request_id = getattr(inner, "request_id", "")
        row = find_token(token, clock.now())
        if row is None:
            record_refusal(actor=Actor.anonymous(request_id), act="token.use", code="token_invalid")
            raise exceptions.AuthenticationFailed("The token is not valid.")
        inner.actor = row.user.as_actor(request_id)  # type: ignore[attr-defined]
        return row.user, row

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that makes the answer a 401."""
        return "Bearer"
