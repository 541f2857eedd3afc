"""Development's sender: messages are kept for an hour and shown on the console instead of being sent."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import redis
import segno

from forces import clock
from forces.dispatch import redis_client
from forces.messaging.interface import Message, SenderError, SendResult

KEPT = timedelta(hours=1)
_LINK = re.compile(r"https?://\S+")


class OutboxSender:
    """Keeps the messages of one force in Redis under `<schema>:outbox`."""

    def __init__(self, schema: str) -> None:
        self._key = f"{schema}:outbox"

    def send(self, message: Message) -> SendResult:
        """Keep the message; one with the same reference replaces it."""
        kept = {"to": message.to, "body": message.body, "sent_at": clock.now().isoformat()}
        try:
            pipe = redis_client().pipeline()
            pipe.hset(self._key, message.reference, json.dumps(kept))
            pipe.expire(self._key, KEPT)
            pipe.execute()
        except redis.RedisError as error:
            raise SenderError("outbox_unavailable", is_permanent=False) from error
        return SendResult(provider_id=message.reference)

    def find(self, reference: str) -> SendResult | None:
        """Return whether a message with the reference is kept."""
        try:
            is_kept = redis_client().hexists(self._key, reference)
        except redis.RedisError as error:
            raise SenderError("outbox_unavailable", is_permanent=False) from error
        return SendResult(provider_id=reference) if is_kept else None

    def messages(self, *, now: datetime) -> list[dict[str, Any]]:
        """Return the messages of the last hour, newest first: {id, to, body, link, sent_at, qr_svg}.

        `id` is the reference, `qr_svg` an SVG element with the link.
        """
        rows = sorted(self._rows(now), key=lambda row: row["sent_at"], reverse=True)
        return [{**row, "qr_svg": _qr_svg(row["link"])} for row in rows]

    def _rows(self, now: datetime) -> Iterator[dict[str, Any]]:
        kept: Any = redis_client().hgetall(self._key)
        for reference, text in kept.items():
            row = json.loads(text)
            if now - datetime.fromisoformat(row["sent_at"]) < KEPT:
                found = _LINK.search(row["body"])
                yield {"id": reference.decode(), **row, "link": found.group() if found else ""}


def _qr_svg(link: str) -> str:
    if not link:
        return ""
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()
