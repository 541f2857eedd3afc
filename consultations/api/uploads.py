"""The doors of files of a call: tus 1.0.0, under a member's ticket or an officer's sign-in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from consultations.selectors import find_own_participant
from consultations.signalling.files import begin_file, find_offset, take_piece
from consultations.signalling.people import Guest, Officer, Person
from consultations.tickets import read_meeting_ticket
from forces.context import PLATFORM, ForceRef, ain_force
from forces.errors import InvalidInput, NotFound, NotSignedIn
from forces.sockets import session_actor
from streams.api import uploads as tus
from streams.services.link_standing import LinkNotOpened
from streams.services.uploads import UploadTooLarge
from streams.signalling.uploads import MOST_PIECE_BYTES, Piece


@require_http_methods(["OPTIONS", "POST"])
async def begin(request: HttpRequest) -> HttpResponse:
    """Begin a member's file: 201 with its address in Location."""
    return await tus._answer(request, tus._options if request.method == "OPTIONS" else _begin)


@require_http_methods(["OPTIONS", "HEAD", "PATCH"])
async def one(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD says how much of a member's file has arrived; PATCH adds a piece: 204."""
    acts: dict[str, tus.Act] = {"OPTIONS": tus._options, "HEAD": _head, "PATCH": _patch}
    return await tus._answer(request, acts[request.method or ""], upload_id)


@require_http_methods(["OPTIONS", "POST"])
async def begin_officers(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Begin an officer's file."""
    act = tus._options if request.method == "OPTIONS" else _begin_officers
    return await tus._answer(request, act, session_id)


@require_http_methods(["OPTIONS", "HEAD", "PATCH"])
async def one_officers(request: HttpRequest, session_id: UUID, upload_id: UUID) -> HttpResponse:
    """The same as `one` for an officer's file."""
    acts: dict[str, tus.Act] = {"OPTIONS": tus._options, "HEAD": _head_officers, "PATCH": _patch_officers}
    return await tus._answer(request, acts[request.method or ""], session_id, upload_id)


async def _begin(request: HttpRequest) -> HttpResponse:
    return await _begin_as(request, _guest_of(request), "/meeting/uploads/")


async def _head(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    return await _head_as(_guest_of(request), upload_id)


async def _patch(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    return await _patch_as(request, _guest_of(request), upload_id)


async def _begin_officers(request: HttpRequest, session_id: UUID) -> HttpResponse:
    person = await _officer_of(request, session_id)
    return await _begin_as(request, person, f"/consultations/{session_id}/uploads/")


async def _head_officers(request: HttpRequest, session_id: UUID, upload_id: UUID) -> HttpResponse:
    return await _head_as(await _officer_of(request, session_id), upload_id)


async def _patch_officers(request: HttpRequest, session_id: UUID, upload_id: UUID) -> HttpResponse:
    return await _patch_as(request, await _officer_of(request, session_id), upload_id)


async def _begin_as(request: HttpRequest, person: Person, address: str) -> HttpResponse:
    upload_id = await begin_file(
        person,
        file_name=tus._file_name(request.headers.get("Upload-Metadata", "")),
        whole_bytes=tus._number(request, "Upload-Length"),
    )
    response = JsonResponse({"id": str(upload_id)}, status=201)
    response["Location"] = f"{address}{upload_id}/"
    return response


async def _head_as(person: Person, upload_id: UUID) -> HttpResponse:
    arrived, whole = await find_offset(person, upload_id)
    response = HttpResponse(status=200)
    response["Upload-Offset"], response["Upload-Length"] = str(arrived), str(whole)
    return response


async def _patch_as(request: HttpRequest, person: Person, upload_id: UUID) -> HttpResponse:
    if request.content_type != "application/offset+octet-stream":
        raise InvalidInput("A piece is application/offset+octet-stream.")
    content = request.read(MOST_PIECE_BYTES + 1)
    if len(content) > MOST_PIECE_BYTES:
        raise UploadTooLarge("A piece has at most 4 MiB.")
    offset, checksum = tus._number(request, "Upload-Offset"), tus._checksum(request.headers.get("Upload-Checksum"))
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(await take_piece(person, upload_id, Piece(offset, content, checksum)))
    return response


def _force_of(request: HttpRequest) -> ForceRef:
    force: ForceRef = getattr(request, "force", PLATFORM)
    if force.is_platform:
        raise NotFound
    return force


def _guest_of(request: HttpRequest) -> Guest:
    ticket = read_meeting_ticket(request.COOKIES)
    if ticket is None:
        raise LinkNotOpened
    return Guest(_force_of(request), ticket, getattr(request, "request_id", ""))


async def _officer_of(request: HttpRequest, session_id: UUID) -> Officer:
    force, key = _force_of(request), request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return await ain_force(force, _find_officer, force, key, getattr(request, "request_id", ""), session_id)


def _find_officer(force: ForceRef, key: str, request_id: str, session_id: UUID) -> Officer:
    actor = session_actor(key, request_id, is_activity=True) if key else None
    if actor is None:
        raise NotSignedIn
    own = find_own_participant(session_id, actor.id)
    if own is None:
        raise NotFound("There is no such consultation.")
    return Officer(force, actor, session_id, own.id)
