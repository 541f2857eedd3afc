"""Which sender the deployment uses."""

from __future__ import annotations

from django.conf import settings

from forces.errors import NotFound
from forces.messaging.interface import MessageSender
from forces.messaging.notify import NotifySender
from forces.messaging.outbox import OutboxSender


def sender_for(schema: str) -> MessageSender:
    """Return the sender of a force's messages as the settings say: GOV.UK Notify, or the outbox."""
    if settings.SMS_SENDER == "notify":
        return NotifySender(
            api_key=settings.NOTIFY_API_KEY,
            template_id=settings.NOTIFY_TEMPLATE_ID,
            email_template_id=settings.NOTIFY_EMAIL_TEMPLATE_ID,
            base_url=settings.NOTIFY_URL,
        )
    return OutboxSender(schema)


def may_email() -> bool:
    """Return whether the deployment can send e-mail: the outbox keeps it, GOV.UK Notify needs a template for it."""
    return settings.SMS_SENDER != "notify" or bool(settings.NOTIFY_EMAIL_TEMPLATE_ID)


def outbox_of(schema: str) -> OutboxSender:
    """Return the outbox of a force; raises `NotFound` where messages are really sent."""
    if settings.SMS_SENDER != "outbox":
        raise NotFound("Messages are sent, not kept.")
    return OutboxSender(schema)
