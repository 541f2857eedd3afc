"""GOV.UK Notify by its own client; its words are translated here."""

from __future__ import annotations

import logging
from typing import Any

from notifications_python_client.errors import HTTPError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from forces.messaging.interface import Message, SenderError, SendResult

DEADLINE_S = 10
DEFAULT_URL = "https://api.notifications.service.gov.uk"
_PERMANENT = {400: "notify_rejected", 401: "notify_unauthorised", 403: "notify_unauthorised"}

# The client logs what the service answered, which may repeat the telephone number.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class NotifySender:
    """Sends the whole text as `((body))` of one template, so that the force rules the words.

    An e-mail has a template of its own with `((subject))` and `((body))`.
    """

    def __init__(
        self,
        *,
        api_key: str,
        template_id: str,
        email_template_id: str = "",
        base_url: str = "",
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._api_key = api_key
        self._template_id = template_id
        self._email_template_id = email_template_id
        self._base_url = base_url or DEFAULT_URL
        self._deadline_s = deadline_s

    def send(self, message: Message) -> SendResult:
        """Post the message; raises `SenderError`."""
        answer = self._post_email(message) if message.is_email else self._post_text(message)
        return SendResult(provider_id=_text(answer, "id"))

    def _post_text(self, message: Message) -> Any:
        return self._call(
            "send_sms_notification",
            phone_number=message.to,
            template_id=self._template_id,
            personalisation={"body": message.body},
            reference=message.reference,
        )

    def _post_email(self, message: Message) -> Any:
        if not self._email_template_id:
            raise SenderError("email_not_set_up", is_permanent=True)
        return self._call(
            "send_email_notification",
            email_address=message.to,
            template_id=self._email_template_id,
            personalisation={"subject": message.subject, "body": message.body},
            reference=message.reference,
        )

    def find(self, reference: str) -> SendResult | None:
        """Return the newest notification with our reference; raises `SenderError`."""
        answer = self._call("get_all_notifications", reference=reference)
        found = answer.get("notifications") if isinstance(answer, dict) else None
        return SendResult(provider_id=_text(found[0], "id")) if found else None

    def _call(self, method: str, **arguments: Any) -> Any:
        # One client per call: it is not safe between threads.
        new_client: Any = NotificationsAPIClient  # it has no types
        client = new_client(self._api_key, base_url=self._base_url, timeout=self._deadline_s)
        try:
            return getattr(client, method)(**arguments)
        except HTTPError as error:
            raise _translate(error.status_code) from None  # its text may repeat the number
        except InvalidResponse:
            raise SenderError("notify_unreadable", is_permanent=False) from None


def _translate(status: int) -> SenderError:
    """Return the error of an HTTP status; 429 and 5xx (503 also stands for no answer) may be tried again."""
    if status in _PERMANENT:
        return SenderError(_PERMANENT[status], is_permanent=True)
    if status == 429:
        return SenderError("notify_rate_limited", is_permanent=False)
    return SenderError("notify_unavailable", is_permanent=False)


def _text(answer: Any, key: str) -> str:
    if not isinstance(answer, dict) or not answer.get(key):
        raise SenderError("notify_unreadable", is_permanent=False)
    return str(answer[key])
