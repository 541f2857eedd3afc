"""The browsers that an officer lets Sightline push to: made by the officer, gone with the sign-in or the account."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.db.models import QuerySet

from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.errors import DomainError, InvalidInput
from forces.messaging import vapid
from forces.messaging.push_services import host_of, is_push_service
from streams.models import PushSubscription
from streams.officers import find_people
from streams.services.locks import lock_officer

MOST = 5
UNUSED_FOR = timedelta(days=60)
AUTH_BYTES = 16
_system = Actor.system("notices")


class PushOff(DomainError):
    """This deployment pushes nothing (HTTP 409)."""

    code = "push_off"
    http_status = 409
    message = "Alerts while the page is closed are not set up here."


class UnknownPushService(DomainError):
    """The address is at no push service that we know (HTTP 400)."""

    code = "unknown_push_service"
    http_status = 400
    message = "This browser's push service is not known here."


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """What a browser says of itself: its address at the push service, its key and secret (base64url)."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def push_key(*, actor: Actor) -> str | None:
    """Return the public key that browsers subscribe for, or None where nothing is pushed. Raises `NotPermitted`."""
    require(actor, Permission.STREAM_PUBLISH)
    return vapid.public_key() if vapid.is_on() else None


def subscribe(*, actor: Actor, now: datetime, sign_in_id: UUID | None, given: NewSubscription) -> bool:
    """Keep a browser, for the officer who is signed in there now; returns whether it is new.

    A page confirms its browser each time it is opened. Of more than five the one not confirmed for longest goes.
    Raises `NotPermitted`, `PushOff`, `UnknownPushService`, and `InvalidInput` for keys that are none.
    """
    require(actor, Permission.STREAM_PUBLISH)
    if not vapid.is_on():
        raise PushOff
    if not is_push_service(given.endpoint):
        raise UnknownPushService
    _check_keys(given)
    lock_officer(actor.id)
    now_so = {
        "user_id": actor.id,
        "sign_in_id": sign_in_id,
        "p256dh": given.p256dh,
        "auth": given.auth,
        "server_key": vapid.public_key(),
        "seen_at": now,
        "failures": 0,
    }
    owner = PushSubscription.objects.filter(endpoint=given.endpoint).values_list("user_id", flat=True).first()
    kept, is_new = PushSubscription.objects.update_or_create(
        endpoint=given.endpoint, defaults=now_so, create_defaults={**now_so, "created_at": now}
    )
    if owner != actor.id:  # what is only confirmed is no news
        _record_kept(actor, kept)
    mine = PushSubscription.objects.filter(user_id=actor.id)
    _erase(mine.filter(pk__in=[row.pk for row in mine[MOST:]]), actor, "too_many")
    return is_new


def unsubscribe(*, actor: Actor, endpoint: str) -> None:
    """Forget a browser of the officer's; one that is not theirs changes nothing. Raises `NotPermitted`."""
    require(actor, Permission.STREAM_PUBLISH)
    _erase(PushSubscription.objects.filter(user_id=actor.id, endpoint=endpoint), actor, "turned_off")


def forget_signed_out(user_id: str, sign_in_id: UUID | None) -> None:
    """Forget the browser of a sign-in that was ended, or without one all of the user's. A listener of sign-ins'."""
    mine = PushSubscription.objects.filter(user_id=user_id)
    _erase(mine if sign_in_id is None else mine.filter(sign_in_id=sign_in_id), _system, "signed_out")


def may_be_pushed_to(user_id: str) -> bool:
    """Return whether a user has an account that is active and may be out on the ground."""
    return bool(find_people([user_id]))


def erase_unused(*, now: datetime) -> int:
    """Erase what no page has confirmed for 60 days, and what is left of accounts that may not be pushed to any more."""
    users = set(PushSubscription.objects.order_by("user_id").values_list("user_id", flat=True).distinct())
    gone = users - find_people(users).keys()
    unused = PushSubscription.objects.filter(seen_at__lte=now - UNUSED_FOR)
    return _erase(PushSubscription.objects.filter(user_id__in=gone), _system, "account") + _erase(
        unused, _system, "unused"
    )


def _record_kept(actor: Actor, kept: PushSubscription) -> None:
    record(
        actor=actor,
        act="push.subscribe",
        operation=Operation.COLLECTION,
        object_type="push_subscription",
        object_id=kept.id,
        detail={"service": host_of(kept.endpoint)},
    )


def _check_keys(given: NewSubscription) -> None:
    """Refuse what nothing can be encrypted for: the browser's point must lie on the curve."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes_of(given.p256dh))
        is_right = len(_bytes_of(given.auth)) == AUTH_BYTES
    except ValueError:
        is_right = False
    if not is_right:
        raise InvalidInput("These are no keys of a browser's.", details={"field": "p256dh"})


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _erase(chosen: QuerySet[PushSubscription], actor: Actor, reason: str) -> int:
    erased, _ = chosen.delete()
    if erased:
        detail = {"rows": erased, "reason": reason}
        record(actor=actor, act="push.unsubscribe", operation=Operation.ERASURE, detail=detail)
    return erased
