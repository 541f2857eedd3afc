"""The door of devices: WHIP (RFC 9725), admitted by a key. Drones, encoders and our own bridges come in by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from forces.context import PLATFORM
from forces.errors import DomainError, NotFound, Unavailable
from forces.middleware import PART_LOST
from streams.api.stills import refused
from streams.ingest import KeyInvalid
from streams.selectors import Plain
from streams.signalling import whip
from streams.signalling.senders import Sender, sender_of

PATH = "/whip"
SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
MOST_BYTES = 65_536
EXPOSED = "Location, ETag, Link, Accept-Post, Accept-Patch, WWW-Authenticate, Retry-After"
RETRY_AFTER_S = 5
_LINK = '<{url}>; rel="ice-server"; username="{username}"; credential="{credential}"; credential-type="password"'
Act = Callable[..., Awaitable[HttpResponse]]


class WrongType(DomainError):
    """The body is of another type than this door takes (HTTP 415)."""

    code = "unsupported_type"
    http_status = 415
    message = f"Send an offer as {SDP}, and changes as {FRAGMENT}."


class BodyTooLarge(DomainError):
    """No SDP is that long (HTTP 413)."""

    code = "too_large"
    http_status = 413
    message = "An SDP has at most 64 KiB."


class KeyMissing(DomainError):
    """The request shows no key (HTTP 401)."""

    code = "key_missing"
    http_status = 401
    message = "Send the key as a Bearer token."


@csrf_exempt
async def endpoint(request: HttpRequest) -> HttpResponse:
    """POST of an offer opens a publication: 201 with the answer, and its address in Location."""
    return await _answer(request, {"POST": _open, "GET": _nothing, "HEAD": _nothing}, "Accept-Post", SDP)


@csrf_exempt
async def resource(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """PATCH adds candidates (204) or restarts ICE (200), DELETE ends the publication."""
    acts: dict[str, Act] = {"PATCH": _change, "DELETE": _close, "GET": _look, "HEAD": _look}
    return await _answer(request, acts, "Accept-Patch", FRAGMENT, resource_id)


async def _answer(
    request: HttpRequest, acts: dict[str, Act], accepts: str, media_type: str, *names: UUID
) -> HttpResponse:
    allowed = ", ".join([*acts, "OPTIONS"])
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # Before the key is looked at; 301 and 302 are not WHIP's (RFC 9725, 4.5).
        address = f"https://{request.get_host()}{request.get_full_path()}"
        return HttpResponse(status=307, headers={"Location": address})
    try:
        act = acts.get(request.method or "")
        if act is not None:
            response = await act(request, *names)
        else:
            response = HttpResponse(status=200 if request.method == "OPTIONS" else 405, headers={"Allow": allowed})
    except DomainError as error:
        response = _refused(error)
    except PART_LOST:
        response = _refused(Unavailable())
    response[accepts] = media_type
    response["Cache-Control"] = "no-store"
    return _shared(response, allowed)


async def _open(request: HttpRequest) -> HttpResponse:
    sender = await _sender(request, is_new=True)
    opened = await whip.open_publication(sender, _text(request, SDP))
    response = HttpResponse(opened.sdp, status=201, content_type=SDP)
    response["Location"] = f"{PATH}/{opened.resource_id}"
    response["ETag"] = opened.etag
    if opened.ice_servers:
        response["Link"] = _links(opened.ice_servers)
    return response


async def _change(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    sender = await _sender(request)
    body, if_match = _text(request, FRAGMENT), request.headers.get("If-Match", "")
    restarted = await whip.change_publication(sender, resource_id, body, if_match)
    if restarted is None:
        return HttpResponse(status=204)
    return HttpResponse(restarted.fragment, content_type=FRAGMENT, headers={"ETag": restarted.etag})


async def _close(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    await whip.close_publication(await _sender(request), resource_id)
    return HttpResponse(status=200)


async def _look(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """A publication has no representation (RFC 9725, 4.1)."""
    await whip.find_publication(await _sender(request), resource_id)
    return HttpResponse(status=204)


async def _nothing(request: HttpRequest) -> HttpResponse:
    """Nor has the endpoint, which tells nobody anything."""
    return HttpResponse(status=204)


async def _sender(request: HttpRequest, *, is_new: bool = False) -> Sender:
    """Return the device whose key the request carries. Raises `KeyMissing`, `KeyInvalid`, or why nothing is open."""
    force = getattr(request, "force", PLATFORM)
    if force.is_platform:
        raise NotFound
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise KeyMissing
    return await sender_of(force, key.strip(), getattr(request, "request_id", ""), is_new=is_new)


def _text(request: HttpRequest, media_type: str) -> str:
    """Read a body of the type, and no more than an SDP has. Raises `WrongType`, `BodyTooLarge` or `SdpRefused`."""
    if request.content_type != media_type:
        raise WrongType
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise BodyTooLarge
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise whip.SdpRefused from error


def _links(servers: list[Plain]) -> str:
    """Return RFC 9725's links to relays, one for each address (section 4.6)."""
    return ", ".join(_LINK.format(url=url, **server) for server in servers for url in server["urls"])


def _refused(error: DomainError) -> HttpResponse:
    response = refused(error)
    if error.http_status == 401:
        why = ', error="invalid_token"' if isinstance(error, KeyInvalid) else ""
        response["WWW-Authenticate"] = f'Bearer realm="whip"{why}'
    if error.http_status in (429, 503):
        waits = (error.details or {}).get("wait_seconds", RETRY_AFTER_S)
        response["Retry-After"] = str(waits)
    return response


def _shared(response: HttpResponse, allowed: str) -> HttpResponse:
    """Let pages of any site speak to this door: what opens it is the key, never a cookie."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = allowed
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-Match, Link"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["Access-Control-Max-Age"] = "600"
    return response
