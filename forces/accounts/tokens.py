"""Auditors' API tokens: shown once, kept as a hash, expiring, revocable."""

import hashlib
import secrets
from datetime import datetime, timedelta

from forces.accounts.models import ApiToken, User
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import InvalidInput, NotFound

PREFIX = "slt_"
LONGEST = timedelta(days=366)


def hash_token(token: str) -> str:
    """Return the hex SHA-256 under which a token is kept; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(*, actor: Actor, now: datetime, user_id: int, name: str, lasts: timedelta) -> str:
    """Make a token for an auditor and return it, the only time it is seen. At most 366 days."""
    user = User.objects.filter(pk=user_id, role=Role.AUDITOR, is_active=True).first()
    if user is None:
        raise NotFound("Only an active auditor can have a token.")
    if not timedelta(0) < lasts <= LONGEST:
        raise InvalidInput("A token lasts at least a moment and at most 366 days.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, name=name, token_hash=hash_token(token), created_at=now, expires_at=now + lasts
    )
    record(actor=actor, act="token.issue", operation=Operation.ACCESS, object_type="token", object_id=row.pk)
    return token


def revoke_token(*, actor: Actor, now: datetime, token_id: int) -> None:
    """Revoke a token; revoking twice changes nothing."""
    revoked = ApiToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=now)
    if revoked:
        record(
            actor=actor,
            act="token.revoke",
            operation=Operation.ACCESS,
            object_type="token",
            object_id=token_id,
        )


def find_token(token: str, now: datetime) -> ApiToken | None:
    """Return the valid token of the active force, or None; its user must still be an active auditor."""
    row = ApiToken.objects.select_related("user").filter(token_hash=hash_token(token)).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    if not row.user.is_active or row.user.role != Role.AUDITOR:
        return None
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row
