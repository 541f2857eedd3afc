"""GOV.UK Notify's call-backs: what became of a message."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from forces import clock
from forces.context import ain_force
from forces.errors import DomainError, InvalidInput, NotPermitted
from forces.selectors import find_force
from streams import outgoing
from streams.services.agency_messages import note_message_receipt
from streams.services.delivery import note_receipt


@dataclass(frozen=True, slots=True)
class Receipt:
    """The parts of a call-back that are used; the telephone number in it is not looked at."""

    schema: str
    message_id: UUID
    status: str
    sends: int


@csrf_exempt
async def notify_receipt(request: HttpRequest) -> HttpResponse:
    """Write a receipt to the force named in our reference, whichever force's address it came to; 204."""
    try:
        _check_bearer(request)
        receipt = _read(request)
        force = await sync_to_async(find_force, thread_sensitive=False)(receipt.schema)
    except DomainError as error:
        return JsonResponse(error.as_dict(), status=error.http_status)
    await ain_force(force, _note, receipt)
    return HttpResponse(status=204)


def _note(receipt: Receipt) -> None:
    """A message is a link's to a caller, one to an agency's contact, or another app's."""
    now, about = clock.now(), receipt.message_id
    if note_message_receipt(now=now, message_id=about, status=receipt.status):
        return
    if not outgoing.note_receipt(now, about, receipt.status):
        note_receipt(now=now, invitation_id=about, status=receipt.status, sends=receipt.sends)


def _check_bearer(request: HttpRequest) -> None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.NOTIFY_CALLBACK_TOKEN
    is_right = hmac.compare_digest(token.encode(), expected.encode())
    if request.method != "POST" or not expected or scheme.lower() != "bearer" or not is_right:
        raise NotPermitted


def _read(request: HttpRequest) -> Receipt:
    try:
        body = json.loads(request.body)
        schema, message_id, *sends = str(body["reference"]).split(".")
        return Receipt(schema, UUID(message_id), str(body["status"]), int(sends[0]) if sends else 1)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput("This is not a receipt of ours.") from error
