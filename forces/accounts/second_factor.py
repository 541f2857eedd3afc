"""The second factor: whose role must have one, enrolment, one-time codes and recovery codes."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.cache import cache

from forces.accounts import budget
from forces.accounts.models import SecondFactorRule, User
from forces.accounts.roles import Role
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, InvalidTransition

# Whoever may override, hold, read the audit or set rules: at every force, whatever it chooses for the others.
REQUIRED_FOR = frozenset({Role.SUPERVISOR, Role.FORCE_ADMIN, Role.AUDITOR, Role.PLATFORM_ADMIN})
ISSUER = "Sightline"
# A code is right for its own 30 seconds and for those before and after; in all of them it opens once.
CODE_SECONDS = 90


class WrongCode(DomainError):
    """The one-time code or recovery code is not right, or was used before (HTTP 403)."""

    code = "wrong_code"
    http_status = 403
    message = "That code is not right. Enter the newest code that your app shows."


def new_secret() -> str:
    """Return a secret for an authenticator app: 160 random bits, in base32."""
    return str(generate_totp_secret())


def must_enrol(role: str) -> bool:
    """Return whether a role must have a second factor at the active force."""
    return role in REQUIRED_FOR or SecondFactorRule.objects.filter(role=role).exists()


def is_enrolled(user: User) -> bool:
    """Return whether the user has an authenticator app enrolled."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def setup_address(username: str, force_name: str, secret: str) -> str:
    """Return the ``otpauth:`` address that an authenticator app reads as a QR code."""
    label = quote(f"{ISSUER}:{username} ({force_name})")
    return f"otpauth://totp/{label}?secret={secret}&issuer={ISSUER}"


def enrol(*, actor: Actor, now: datetime, user: User, secret: str, code: str) -> list[str]:
    """Enrol the app that shows ``code`` for ``secret``, and return the recovery codes, the only time they are seen.

    Raises `WrongCode`, `TooManyAttempts`, and `InvalidTransition` for a user who is enrolled already or was shown no
    secret.
    """
    if is_enrolled(user):
        raise InvalidTransition("An authenticator app is set up already.")
    if not secret:
        raise InvalidTransition("Scan the picture first, then enter the code.")
    _spend(actor, user, "account.enrol")
    if not validate_totp_code(secret, code):
        raise _refused(actor, user, "account.enrol", WrongCode())
    budget.refund(f"code:{user.pk}")
    TOTP.activate(user, secret)
    _record(actor, user, "account.enrol")
    return _new_recovery_codes(user)


def install_second_factor(user: User, secret: str) -> None:
    """Give a user the authenticator app that has ``secret``, without asking for a code: for seeds only."""
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)


def renew_recovery_codes(*, actor: Actor, now: datetime, user: User) -> list[str]:
    """Void the old recovery codes and return new ones; raises `InvalidTransition` for who is not enrolled."""
    if not is_enrolled(user):
        raise InvalidTransition("Recovery codes come with an authenticator app.")
    _record(actor, user, "account.recovery_codes_renew")
    return _new_recovery_codes(user)


def forget_second_factor(*, actor: Actor, user: User) -> None:
    """Forget the user's authenticator and recovery codes; whether ``actor`` may is for the caller to say."""
    Authenticator.objects.filter(user=user).delete()
    _record(actor, user, "account.second_factor_reset")


def check_code(*, actor: Actor, user: User, code: str, act: str) -> Authenticator:
    """Return the authenticator whose code this is; a code opens once.

    Raises `WrongCode` and `TooManyAttempts`; both are audited as refusals of ``act``.
    """
    _spend(actor, user, act)
    for authenticator in Authenticator.objects.filter(user=user).order_by("-type"):
        if authenticator.wrap().validate_code(code) and _is_first_use(authenticator, code):
            budget.refund(f"code:{user.pk}")
            if authenticator.type == Authenticator.Type.RECOVERY_CODES:
                _record(actor, user, "account.recovery_code")
            return authenticator
    raise _refused(actor, user, act, WrongCode())


def ciphers() -> MultiFernet:
    """Return the ciphers of secrets at rest: the present key first, then those that it replaced."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hmac.digest(str(key).encode(), b"second-factor", hashlib.sha256) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _is_first_use(authenticator: Authenticator, code: str) -> bool:
    if authenticator.type != Authenticator.Type.TOTP:
        return True  # a recovery code is struck off by itself
    digits = "".join(filter(str.isdigit, code))
    return bool(cache.add(f"code-used:{authenticator.user_id}:{digits}", 1, CODE_SECONDS))


def _new_recovery_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(user).generate_codes())


def _spend(actor: Actor, user: User, act: str) -> None:
    if not budget.spend(f"code:{user.pk}"):
        raise _refused(actor, user, act, budget.TooManyAttempts())


def _refused(actor: Actor, user: User, act: str, error: DomainError) -> DomainError:
    record_refusal(actor=actor, act=act, code=error.code, object_type="user", object_id=user.pk)
    return error


def _record(actor: Actor, user: User, act: str) -> None:
    record(actor=actor, act=act, operation=Operation.ACCESS, object_type="user", object_id=user.pk)
