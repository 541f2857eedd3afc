"""The doors of uploads: tus 1.0.0 (core, creation, checksum, expiration) under the cookie of an opened link."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from evidence.arrivals import CHECKSUMS
from forces.errors import DomainError, InvalidInput, Unavailable
from forces.middleware import PART_LOST
from streams.api.stills import caller_of, refused
from streams.services import uploads
from streams.services.uploads import MOST_BYTES, UploadTooLarge
from streams.signalling.uploads import MOST_PIECE_BYTES, Piece, find_offset, take_piece

VERSION = "1.0.0"
_PIECE_TYPE = "application/offset+octet-stream"
_MOST_METADATA = 4_096
Act = Callable[..., Awaitable[HttpResponse]]


class WrongVersion(DomainError):
    """The client speaks another version of tus (HTTP 412)."""

    code = "wrong_version"
    http_status = 412
    message = f"This server speaks tus {VERSION}."


@require_http_methods(["OPTIONS", "POST"])
async def begin(request: HttpRequest) -> HttpResponse:
    """Begin a file: 201 with its address in Location. OPTIONS says what is spoken here."""
    return await _answer(request, _options if request.method == "OPTIONS" else _begin)


@require_http_methods(["OPTIONS", "HEAD", "PATCH"])
async def one(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD says how much of a file has arrived; PATCH adds a piece at that place: 204."""
    acts: dict[str, Act] = {"OPTIONS": _options, "HEAD": _head, "PATCH": _patch}
    return await _answer(request, acts[request.method or ""], upload_id)


async def _answer(request: HttpRequest, act: Act, *names: UUID) -> HttpResponse:
    try:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise WrongVersion
        response = await act(request, *names)
    except DomainError as error:
        response = refused(error)
    except PART_LOST:
        response = refused(Unavailable())
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


async def _options(request: HttpRequest, *names: UUID) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = "creation,checksum,expiration"
    response["Tus-Max-Size"] = str(MOST_BYTES)
    response["Tus-Checksum-Algorithm"] = ",".join(CHECKSUMS)
    return response


async def _begin(request: HttpRequest) -> HttpResponse:
    caller = caller_of(request)
    upload_id = await caller.act(
        uploads.begin_upload,
        file_name=_file_name(request.headers.get("Upload-Metadata", "")),
        whole_bytes=_number(request, "Upload-Length"),
        holder=caller.ticket.browser_secret,
    )
    response = JsonResponse({"id": str(upload_id)}, status=201)
    response["Location"] = f"/live/uploads/{upload_id}/"
    return response


async def _head(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    arrived, whole = await find_offset(caller_of(request), upload_id)
    response = HttpResponse(status=200)
    response["Upload-Offset"], response["Upload-Length"] = str(arrived), str(whole)
    return response


async def _patch(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    caller = caller_of(request)
    if request.content_type != _PIECE_TYPE:
        raise InvalidInput(f"A piece is {_PIECE_TYPE}.")
    content = request.read(MOST_PIECE_BYTES + 1)
    if len(content) > MOST_PIECE_BYTES:
        raise UploadTooLarge("A piece has at most 4 MiB.")
    piece = Piece(_number(request, "Upload-Offset"), content, _checksum(request.headers.get("Upload-Checksum")))
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(await take_piece(caller, upload_id, piece))
    return response


def _number(request: HttpRequest, name: str) -> int:
    """Read a header that is a count of bytes. Raises `InvalidInput`."""
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise InvalidInput(f"{name} is no number of bytes.", details={"field": name})
    return int(text)


def _file_name(metadata: str) -> str:
    """Read the name out of tus's pairs of key and base64. Raises `InvalidInput`."""
    if len(metadata) > _MOST_METADATA:
        raise InvalidInput("Upload-Metadata is too long.")
    pairs = dict(([*pair.split(" ", 1), ""])[:2] for pair in metadata.split(",") if pair)
    try:
        return base64.b64decode(pairs.get("filename", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidInput("The file's name is not valid.") from error


def _checksum(header: str | None) -> tuple[str, bytes] | None:
    if header is None:
        return None
    algorithm, _, digest = header.partition(" ")
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except binascii.Error as error:
        raise InvalidInput("Upload-Checksum is not valid.") from error
