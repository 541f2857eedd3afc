"""The life of a sign-in: it begins, is seen, and ends; whoever ends it closes its sockets.

A sign-in is a row, and what a session or a socket carries is only its id. Sockets are told when one ends, and look at
the row themselves: the message is a hint, the row is the truth.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth import SESSION_KEY as USER_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import F, Q, QuerySet
from django.utils.crypto import constant_time_compare

from forces.accounts.limits import IDLE, LONGEST, NOTED_EVERY, limit_reached
from forces.accounts.models import SignIn, User
from forces.accounts.permissions import Permission, require
from forces.accounts.second_factor import REQUIRED_FOR, forget_second_factor
from forces.accounts.step_up import require_fresh_proof
from forces.actors import Actor
from forces.audit.services import Operation, record
from forces.context import current_force
from forces.dispatch import broadcast_on_commit

SESSION_KEY = "sl_sign_in"
ACCOUNT_CHANGED = "account.changed"
KEPT = timedelta(days=90)
LATELY = timedelta(days=2)
GOT_OLD = ("idle", "too_long")
# Told of a user's sign-in that somebody ended, None for all of them, in the same transaction. Not of one that only got
# old: a phone in a pocket is idle, and still its owner's.
EndedListener = Callable[[str, UUID | None], None]
_listeners: list[EndedListener] = []


def register_ended_listener(listener: EndedListener) -> None:
    """Have `listener(user_id, sign_in_id)` called when a sign-in is ended; once, when an app is ready."""
    if listener not in _listeners:
        _listeners.append(listener)


def account_topic(user_id: object) -> str:
    """Return the topic of one user's sockets."""
    return f"account.{user_id}"


def begin_sign_in(*, actor: Actor, now: datetime, user: User, has_second_factor: bool) -> SignIn:
    """Begin a sign-in; the password, and the code where there is one, were right a moment ago."""
    begun = SignIn.objects.create(
        user=user, started_at=now, seen_at=now, proved_at=now, has_second_factor=has_second_factor
    )
    _record(actor, "account.sign_in", user.pk, {"second_factor": has_second_factor})
    return begun


def user_of_session(*, session: SessionBase | Mapping[str, Any], now: datetime, is_activity: bool) -> User | None:
    """Return the active user whose sign-in a session carries, with it, while it goes on; None else. One query.

    A session ends with the password that it was begun by (Django's hash of it stands in the session).
    """
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    rows = SignIn.objects.select_related("user").filter(user__is_active=True, ended_at=None)
    found = rows.filter(pk__in=_ids(session.get(SESSION_KEY)), user_id=session.get(USER_SESSION_KEY) or 0).first()
    if found is None or not _has_hash(found.user, session.get(HASH_SESSION_KEY, "")):
        return None
    user = found.user
    user.sign_in = _admitted(user, found, now, is_activity)
    return user if user.sign_in else None


def signed_in(*, user_ids: Iterable[str], now: datetime) -> set[str]:
    """Return those of the users who are active and have a sign-in that goes on at ``now``."""
    wanted = [user_id for user_id in user_ids if user_id.isdecimal()]
    rows = SignIn.objects.select_related("user").filter(user_id__in=wanted, user__is_active=True, ended_at=None)
    return {str(row.user_id) for row in rows if not limit_reached(row, now)}


def seen_since(*, user_ids: Iterable[str], since: datetime) -> set[str]:
    """Return those of the users under whose sign-in something was done after ``since``."""
    wanted = [user_id for user_id in user_ids if user_id.isdecimal()]
    rows = SignIn.objects.filter(user_id__in=wanted, seen_at__gte=since)
    return {str(user_id) for user_id in rows.values_list("user_id", flat=True)}


def signed_out(*, user_ids: Iterable[str], before: datetime) -> set[str]:
    """Return those of the users whose last sign-in somebody ended no later than ``before``, and who have no other.

    One that only got old does not count: a phone in a pocket is idle, and still its owner's. Nor does who has never
    been signed in, or not for two days.
    """
    wanted = [user_id for user_id in user_ids if user_id.isdecimal()]
    lately = Q(ended_at=None) | Q(ended_at__gt=before - LATELY)
    rows = SignIn.objects.filter(lately, user_id__in=wanted)
    newest = rows.order_by("user_id", F("ended_at").desc(nulls_first=True)).distinct("user_id")
    return {
        str(row.user_id)
        for row in newest
        if row.ended_at is not None and row.ended_at <= before and row.end_reason not in GOT_OLD
    }


def note_second_factor(*, user: User) -> None:
    """The user enrolled while signed in, and thereby proved to have the second factor."""
    if user.sign_in is not None:
        SignIn.objects.filter(pk=user.sign_in.pk).update(has_second_factor=True)


def end_sign_in(*, actor: Actor, now: datetime, sign_in_id: object, reason: str) -> None:
    """End one sign-in (``signed_out``, ``replaced``, ``by_admin``); ending it twice changes nothing."""
    chosen = SignIn.objects.filter(pk__in=_ids(sign_in_id))
    _end(chosen, actor, now, reason)
    if reason != "replaced":  # then the same person goes on in the same browser
        for user_id, pk in chosen.values_list("user_id", "pk"):
            _tell(user_id, pk)


def end_sign_ins_of(*, actor: Actor, now: datetime, user_id: int, reason: str) -> int:
    """End every sign-in of a user and return how many there were."""
    ended = _end(SignIn.objects.filter(user_id=user_id), actor, now, reason)
    _tell(user_id, None)
    return ended


def sign_out_everywhere(*, actor: Actor, now: datetime, user_id: int) -> int:
    """End every sign-in of a user as an admin, and return how many there were.

    Raises `NotPermitted` for who may not manage accounts, `StepUpRequired` without a fresh proof.
    """
    _require_admin(actor, now, "account.sign_out_everywhere")
    return end_sign_ins_of(actor=actor, now=now, user_id=user_id, reason="by_admin")


def reset_second_factor(*, actor: Actor, now: datetime, user: User) -> None:
    """Forget the user's authenticator and recovery codes, for a lost phone; the next sign-in enrols anew.

    Raises what `sign_out_everywhere` raises: whoever sits down at an admin's desk must not open every account.
    """
    _require_admin(actor, now, "account.second_factor_reset")
    forget_second_factor(actor=actor, user=user)
    end_sign_ins_of(actor=actor, now=now, user_id=user.pk, reason="second_factor_reset")


def end_sign_ins_without_factor(*, actor: Actor, now: datetime, role: str) -> int:
    """End the sign-ins of a role that were made by password alone; returns how many there were."""
    alone = SignIn.objects.filter(user__role=role, has_second_factor=False)
    return _end(alone, actor, now, "second_factor_required")


def end_overdue_sign_ins(*, actor: Actor, now: datetime) -> int:
    """End what has been idle or open for too long, and forget what ended long ago; returns how many ended."""
    over = Q(seen_at__lte=now - IDLE) | Q(started_at__lte=now - LONGEST)
    SignIn.objects.filter(ended_at__lt=now - KEPT).delete()
    return _end(SignIn.objects.filter(over), actor, now, "")


def _require_admin(actor: Actor, now: datetime, act: str) -> None:
    require(actor, Permission.ACCOUNTS_MANAGE)
    if actor.kind != "system":  # a command of the machine's, where no admin is left
        require_fresh_proof(actor=actor, now=now, act=act)


def _end(chosen: QuerySet[SignIn], actor: Actor, now: datetime, reason: str) -> int:
    """End the open ones of ``chosen``; without a ``reason`` the limit that each has reached is it."""
    ending = list(chosen.filter(ended_at=None).select_for_update(of=("self",)).order_by("pk"))
    for sign_in in ending:
        sign_in.ended_at, sign_in.end_reason = now, reason or limit_reached(sign_in, now)
        sign_in.save(update_fields=["ended_at", "end_reason"])
        if sign_in.end_reason != "signed_out":
            _record(actor, "account.session_end", sign_in.user_id, {"reason": sign_in.end_reason})
    for user_id in {sign_in.user_id for sign_in in ending}:
        broadcast_on_commit(account_topic(user_id), {"type": ACCOUNT_CHANGED})
    return len(ending)


def _tell(user_id: int, sign_in_id: UUID | None) -> None:
    if current_force().is_platform:
        return  # its people have no phones, and its schema none of the tables of forces
    for listener in _listeners:
        listener(str(user_id), sign_in_id)


def _admitted(user: User, sign_in: SignIn, now: datetime, is_activity: bool) -> SignIn | None:
    if limit_reached(sign_in, now) or (user.role in REQUIRED_FOR and not sign_in.has_second_factor):
        return None
    if is_activity and now - sign_in.seen_at >= NOTED_EVERY:
        _note(sign_in, now)
    return sign_in


def _has_hash(user: User, given: str) -> bool:
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(given, one) for one in hashes)


def _note(sign_in: SignIn, now: datetime) -> None:
    """Write the activity down, unless another request of the same browser is about to."""
    if SignIn.objects.filter(pk=sign_in.pk).select_for_update(skip_locked=True).exists():
        SignIn.objects.filter(pk=sign_in.pk).update(seen_at=now)


def _record(actor: Actor, act: str, user_id: int, detail: dict[str, Any]) -> None:
    record(actor=actor, act=act, operation=Operation.ACCESS, object_type="user", object_id=user_id, detail=detail)


def _ids(given: object) -> list[UUID]:
    """Return what is no id as none: a session is not trusted to hold one."""
    try:
        return [UUID(str(given))]
    except ValueError:
        return []
