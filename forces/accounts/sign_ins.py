"""Sign-in, sign-out and refused sign-in are audited; passwords and typed names are not kept."""

from typing import Any

from django.contrib.auth import signals
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from forces.accounts.models import User
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import open_unit


def connect() -> None:
    """Connect to Django's signals; called once when the app is ready."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="sightline.signed_in")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="sightline.signed_out")
    signals.user_login_failed.connect(_refused, dispatch_uid="sightline.refused")


def _signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    actor = user.as_actor(getattr(request, "request_id", ""))
    record(actor=actor, act="account.sign_in", operation=Operation.ACCESS, object_type="user", object_id=user.pk)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is None or open_unit() is None:
        return
    actor = user.as_actor(getattr(request, "request_id", ""))
    record(actor=actor, act="account.sign_out", operation=Operation.ACCESS, object_type="user", object_id=user.pk)


def _refused(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kw: Any) -> None:
    if open_unit() is None:
        return
    # A mistyped password sometimes lands in the name's field: what is kept cannot be guessed at without the key.
    typed = salted_hmac("sign-in", str(credentials.get("username", "")), algorithm="sha256").hexdigest()[:16]
    record_refusal(
        actor=Actor.anonymous(getattr(request, "request_id", "")),
        act="account.sign_in",
        code="wrong_credentials",
        detail={"typed_hmac": typed},
    )
