"""The door of telemetry: a POST of JSON, admitted by an aircraft's key. `drones/TELEMETRY.md` is its text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from drones.bearers import digest_of
from drones.services.telemetry import Message
from drones.signalling.telemetry import taken
from drones.telemetry.messages import TelemetryFixes, decode_telemetry
from drones.wire import TelemetryKept
from forces.context import PLATFORM
from forces.errors import DomainError, NotFound, Unavailable
from forces.middleware import PART_LOST
from streams.wire import MAX_FRAME_BYTES, WireError, encode


@csrf_exempt
async def receive_telemetry(request: HttpRequest) -> HttpResponse:
    """Keep the fixes of an aircraft; answered once they are durable."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    ref: str | None = None
    try:
        key_hash, frame = _admitted(request)
        ref = frame.ref
        fixes = [fix.to_fix() for fix in frame.fixes]
        message = Message(key_hash, _request_id(request), fixes, frame.picture_delay_ms)
        answer = await taken(request.force, message)  # type: ignore[attr-defined]  # set by forces.middleware
        kept = TelemetryKept(count=answer.kept, refused=answer.refused, ref=ref)
        response = HttpResponse(encode(kept), content_type="application/json")
    except WireError as error:
        body = {"code": error.code, "message": error.message, "details": None, "ref": error.ref}
        response = JsonResponse(body, status=413 if error.code == "too_large" else 400)
    except DomainError as error:
        response = _refused(error, ref)
    except PART_LOST:
        response = _refused(Unavailable(), ref)
    response["Cache-Control"] = "no-store"
    return response


def _admitted(request: HttpRequest) -> tuple[str, TelemetryFixes]:
    """Return the digest of the key, and what was sent. Raises `NotFound`, `KeyMissing` or `WireError`."""
    if getattr(request, "force", PLATFORM).is_platform:
        raise NotFound
    key_hash = digest_of(request.headers.get("Authorization", ""))
    frame = decode_telemetry(request.read(MAX_FRAME_BYTES + 1))
    if not isinstance(frame, TelemetryFixes):
        raise WireError("unknown_type", "This door takes telemetry.fixes alone.", frame.ref)
    return key_hash, frame


def _refused(error: DomainError, ref: str | None) -> JsonResponse:
    response = JsonResponse({**error.as_dict(), "ref": ref}, status=error.http_status)
    if error.http_status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="telemetry"'
    if error.http_status in (429, 503):
        response["Retry-After"] = str((error.details or {}).get("wait_seconds", 1))
    return response


def _request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))
