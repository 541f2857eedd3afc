"""How many wrong codes may be entered: a budget of failures per address and per force, never a lock on a code.

Carriers put many phones behind one address, so that nobody is shut out for what one of them typed: only failures
count, and a window later all is as before. A try is counted before it is looked at and given back unless it failed,
so that many at once do not slip through together. Without Redis nothing can be counted and no code opens anything;
links have no budget and go on working.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from django.utils.crypto import salted_hmac

from forces.actors import Actor
from forces.audit.services import record_refusal
from forces.context import current_force
from forces.dispatch import redis_client
from forces.errors import DomainError, Unavailable

WINDOW = timedelta(minutes=10)
FAILURES_PER_ADDRESS = 10
FAILURES_PER_FORCE = 300
_KEPT = WINDOW + timedelta(minutes=1)  # a try begun in the last moment of a window is still given back

log = logging.getLogger(__name__)


class CodeTriesSpent(DomainError):
    """Too many codes failed, here or in the whole force (HTTP 429); `details` has `wait_seconds`."""

    code = "code_tries_spent"
    http_status = 429


class CodesUnavailable(Unavailable):
    """Failures cannot be counted now, so that no code is taken (HTTP 503)."""

    message = "Codes cannot be used at the moment. Tell the operator, or open the link in the text message."


@dataclass(frozen=True, slots=True)
class Budget:
    """Failures of a window: how many one address may have, and how many the whole; what the refusal says.

    `name` is part of the keys and `act` is what the audit calls it.
    """

    name: str
    act: str
    per_address: int
    whole: int
    refusal: Callable[[int], CodeTriesSpent]


@dataclass(frozen=True, slots=True)
class CodeTry:
    """One entry of a code that counts as failed until it is given back: Redis keys, and how many each may reach."""

    limits: dict[str, int]


def take_try(
    *, actor: Actor, now: datetime, address: str, budget: Budget | None = None, whole: str = "force"
) -> CodeTry:
    """Count an entry from a client's address as failed, until `give_back`.

    `budget` is that of links' codes unless another is given, and `whole` names what it is for. Raises `CodeTriesSpent`
    when the address or the whole has no failure left in this window, audited once in it, or `CodesUnavailable`.
    """
    spend = budget or LINK_CODES
    number = int(now.timestamp() // WINDOW.total_seconds())
    prefix = f"{current_force().schema}:{spend.name}:{number}"
    taken = CodeTry({f"{prefix}:{whole}": spend.whole, f"{prefix}:{_source(address)}": spend.per_address})
    try:
        counts = _count(taken, 1)
        spent = [key for (key, limit), count in zip(taken.limits.items(), counts, strict=True) if count > limit]
        if spent:
            _count(taken, -1)
            _audit_once(actor, spend.act, spent, f"{prefix}:{whole}", whole)
    except (redis.RedisError, OSError) as error:
        raise CodesUnavailable from error
    if spent:
        raise spend.refusal(math.ceil((number + 1) * WINDOW.total_seconds() - now.timestamp()))
    return taken


def give_back(taken: CodeTry) -> None:
    """Count an entry as not failed; where that cannot be noted, one failure fewer is left."""
    try:
        _count(taken, -1)
    except (redis.RedisError, OSError):
        log.warning("a try of a code was not given back")


def _source(address: str) -> str:
    """Return the name under which an address is counted: keyed, for an address is personal data.

    Whoever has one IPv6 address has 2 ** 64 of them: they count as one.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or ip_network((parsed, 64), strict=False).network_address
    return salted_hmac("code-tries", str(parsed), algorithm="sha256").hexdigest()[:32]


def _count(taken: CodeTry, step: int) -> list[int]:
    """Add to every count of a try, and return what they are then."""
    pipe = redis_client().pipeline()
    for key in taken.limits:
        pipe.incrby(key, step)
    for key in taken.limits:
        pipe.expire(key, _KEPT)
    return [int(count) for count in pipe.execute()[: len(taken.limits)]]


def _audit_once(actor: Actor, act: str, spent: list[str], whole_key: str, whole: str) -> None:
    """Record that a budget is spent; the first refusal of its window only."""
    pipe = redis_client().pipeline()
    for key in spent:
        pipe.set(f"{key}:spent", 1, nx=True, ex=_KEPT)
    for key, is_first in zip(spent, pipe.execute(), strict=True):
        if is_first:
            whose = whole if key == whole_key else "address"
            record_refusal(actor=actor, act=act, code=CodeTriesSpent.code, detail={"budget": whose})


def _spent(wait_seconds: int) -> CodeTriesSpent:
    minutes = math.ceil(wait_seconds / 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return CodeTriesSpent(
        f"Too many codes did not work. Tell the operator. You can try again in {wait}, or open the text message.",
        details={"wait_seconds": wait_seconds},
    )


LINK_CODES = Budget("code-tries", "code.enter", FAILURES_PER_ADDRESS, FAILURES_PER_FORCE, _spent)
