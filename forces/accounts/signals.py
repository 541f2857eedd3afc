"""What follows from signing in and out, and from a change of a person, by whichever door it came."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import signals
from django.db.models.signals import post_init, post_save
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from forces import clock
from forces.accounts.models import User
from forces.accounts.sign_ins import SESSION_KEY, begin_sign_in, end_sign_in, end_sign_ins_of
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.context import open_unit

# A change of any of these ends every sign-in of the user.
_WATCHED = ("password", "role", "is_active")


def connect() -> None:
    """Connect to Django's signals; called once when the app is ready."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="sightline.signed_in")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="sightline.signed_out")
    signals.user_login_failed.connect(_refused, dispatch_uid="sightline.refused")
    post_init.connect(_loaded, sender=User, dispatch_uid="sightline.user_loaded")
    post_save.connect(_saved, sender=User, dispatch_uid="sightline.user_saved")


def _signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    actor, now = user.as_actor(getattr(request, "request_id", "")), clock.now()
    if SESSION_KEY in request.session:
        end_sign_in(actor=actor, now=now, sign_in_id=request.session[SESSION_KEY], reason="replaced")
    methods = {record["method"] for record in get_authentication_records(request, user)}
    user.sign_in = begin_sign_in(actor=actor, now=now, user=user, has_second_factor="mfa" in methods)
    request.session[SESSION_KEY] = str(user.sign_in.pk)


def _signed_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is None or open_unit() is None:
        return
    actor = user.as_actor(getattr(request, "request_id", ""))
    record(actor=actor, act="account.sign_out", operation=Operation.ACCESS, object_type="user", object_id=user.pk)
    sign_in_id = request.session.get(SESSION_KEY)
    end_sign_in(actor=actor, now=clock.now(), sign_in_id=sign_in_id, reason="signed_out")


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


def _loaded(sender: object, instance: User, **kwargs: Any) -> None:
    instance.watched = _watched(instance)


def _saved(sender: object, instance: User, created: bool, **kwargs: Any) -> None:
    before, instance.watched = instance.watched, _watched(instance)
    changed = [name for name in _WATCHED if name in before and before[name] != instance.watched.get(name)]
    if created or not changed or open_unit() is None:
        return
    actor = Actor.system("accounts")
    end_sign_ins_of(actor=actor, now=clock.now(), user_id=instance.pk, reason=f"{changed[0]}_changed")


def _watched(user: User) -> dict[str, Any]:
    """Return the watched fields that are loaded; asking for one that is not would load it, and so on without end."""
    return {name: user.__dict__[name] for name in _WATCHED if name in user.__dict__}
