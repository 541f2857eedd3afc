"""Web Push by `pywebpush` (RFC 8030, 8291, 8292); what a push service answers is translated here.

A push service learns that a browser was told something, and when: what it was told is encrypted for the browser, and
holds no personal data all the same.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import redis
import requests
from django.conf import settings
from pywebpush import WebPushException, webpush

from forces import clock
from forces.dispatch import redis_client
from forces.messaging.push_services import host_of, is_push_service
from forces.messaging.pushes import Outcome, PushMessage, PushReport, PushTarget
from forces.messaging.vapid import signer_of

# To connect, and between two pieces of the answer; the task around it has the deadline for all.
DEADLINE_S = (2.0, 4.0)
SIGNED_FOR_S = 3600
# A push service that did not answer is left alone for so long: two workers also send texts to callers.
PAUSE_S = 20
LONGEST_WAIT_S = 120

# At DEBUG it logs addresses, and each is the key to one phone.
logging.getLogger("urllib3").setLevel(logging.WARNING)
log = logging.getLogger(__name__)


class _Straight(requests.Session):
    """Follows no redirect, and adds no credentials of the machine's own."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = lambda request: request

    def request(self, *args: Any, **words: Any) -> requests.Response:
        """Send a request; a redirect is an answer like any other."""
        return super().request(*args, **{**words, "allow_redirects": False})


def push_to_all(
    schema: str, targets: Mapping[UUID, PushTarget], message: PushMessage, *, until: datetime
) -> dict[UUID, PushReport]:
    """Push to each browser until `until`; returns what became of each. Call it outside of any transaction."""
    reports = {}
    for key, target in targets.items():
        is_late = clock.now() >= until
        reports[key] = PushReport(Outcome.LATER) if is_late else push(schema, target, message)
    return reports


def push(schema: str, target: PushTarget, message: PushMessage) -> PushReport:
    """Push to one browser and say what became of it; never raises for what a push service does."""
    signer = signer_of(target.server_key)
    # Looked at again: the list of services, or the keys, may have changed since it was kept.
    if signer is None or not is_push_service(target.endpoint):
        return PushReport(Outcome.GONE)
    if _is_paused(schema, target):
        return PushReport(Outcome.LATER, PAUSE_S)
    try:
        with _Straight() as session:
            _post(session, signer, target, message)
    except WebPushException as error:
        return _read(error)
    except requests.RequestException as error:
        log.warning(
            "no answer of a push service", extra={"host": host_of(target.endpoint), "why": type(error).__name__}
        )
        _pause(schema, target)
        return PushReport(Outcome.LATER, PAUSE_S)
    return PushReport(Outcome.TAKEN)


def _post(session: requests.Session, signer: Any, target: PushTarget, message: PushMessage) -> None:
    expires_at = int(clock.now().timestamp()) + SIGNED_FOR_S
    webpush(
        {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}},
        data=json.dumps(dict(message.content)),
        vapid_private_key=signer,
        vapid_claims={"sub": settings.PUSH_CONTACT, "exp": expires_at},
        ttl=message.ttl_s,
        headers={"Urgency": "high", "Topic": message.topic},
        timeout=DEADLINE_S,
        requests_session=session,
    )


def _read(error: WebPushException) -> PushReport:
    """Translate an answer that was no success; its text may repeat the address, and is kept nowhere."""
    status = error.status_code
    if status in (404, 410):
        return PushReport(Outcome.GONE)
    if status == 429 or (status is not None and status >= 500):
        wait = error.retry_after or ""
        return PushReport(Outcome.LATER, min(int(wait), LONGEST_WAIT_S) if wait.isdecimal() else 0)
    log.warning("a push service refused", extra={"status": status})
    return PushReport(Outcome.REFUSED)


def _pause_key(schema: str, target: PushTarget) -> str:
    return f"{schema}:push:paused:{host_of(target.endpoint)}"


def _is_paused(schema: str, target: PushTarget) -> bool:
    try:
        return bool(redis_client().exists(_pause_key(schema, target)))
    except redis.RedisError:
        return False


def _pause(schema: str, target: PushTarget) -> None:
    try:
        redis_client().set(_pause_key(schema, target), 1, ex=PAUSE_S)
    except redis.RedisError:
        log.warning("a push service that does not answer is asked again at once")
