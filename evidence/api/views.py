"""Items over REST: metadata, files by X-Accel-Redirect, holds, and what retention will erase."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import api_view, authentication_classes
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evidence.api.serializers import (
    HoldPlacedSerializer,
    ItemDetailSerializer,
    ItemPageSerializer,
    ItemSerializer,
    PlaceHoldSerializer,
)
from evidence.models import Item
from evidence.selectors import due_items, may_see_names, visible_items
from evidence.services.reading import note_reading
from evidence.services.retention import place_hold, release_hold
from evidence.services.viewing import ServedFile, view_file
from forces import clock
from forces.accounts.authentication import ApiTokenAuthentication, SessionAuthentication
from forces.actors import Actor
from forces.context import current_force
from forces.errors import InvalidInput, NotFound

READERS = [ApiTokenAuthentication, SessionAuthentication]
PROTECTED = "/protected/evidence"
_PAGE = [OpenApiParameter("limit", int), OpenApiParameter("offset", int)]


class ItemPagination(LimitOffsetPagination):
    """Pages of items."""

    default_limit = 50
    max_limit = 200


@extend_schema(
    operation_id="items_list",
    parameters=[OpenApiParameter("session_id", OpenApiTypes.UUID), *_PAGE],
    responses=ItemPageSerializer,
)
@api_view(["GET"])
@authentication_classes(READERS)
def list_items(request: Request) -> Response:
    """List items' metadata, newest first; `session_id` narrows to one live session."""
    items = visible_items(actor_of(request))
    session_id = request.query_params.get("session_id")
    if session_id:
        items = items.filter(session_id=_uuid(session_id))
    note_reading(actor=actor_of(request), act="item.list", session_id=session_id or "")
    pages = ItemPagination()
    page = pages.paginate_queryset(items, request)
    return pages.get_paginated_response(ItemSerializer(page, many=True, context=_context(request)).data)


@extend_schema(operation_id="items_retrieve", responses=ItemDetailSerializer)
@api_view(["GET"])
@authentication_classes(READERS)
def show_item(request: Request, item_id: UUID) -> Response:
    """Show one item's metadata, with the SHA-256 of each of its files, and of each picture of a sequence."""
    item = _find(visible_items(actor_of(request)).filter(id=item_id).first())
    note_reading(actor=actor_of(request), act="item.read", item_id=item_id, session_id=item.session_id)
    return Response(ItemDetailSerializer(item, context=_context(request)).data)


@extend_schema(
    operation_id="items_file",
    parameters=[OpenApiParameter("name", str, description="which of several files of this role")],
    responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
)
@api_view(["GET"])
@authentication_classes([SessionAuthentication])
def play_item(request: Request, item_id: UUID, role: str) -> HttpResponse:
    """Hand out a file (original, playable, poster, thumbnail); each view is audited. Ranges are served."""
    name = request.query_params.get("name", "")
    served = view_file(actor=actor_of(request), now=clock.now(), item_id=item_id, role=role, name=name)
    return accelerated(served)


class HoldView(APIView):
    """The hold on one item."""

    authentication_classes = [SessionAuthentication]

    @extend_schema(operation_id="items_hold", request=PlaceHoldSerializer, responses={201: HoldPlacedSerializer})
    def post(self, request: Request, item_id: UUID) -> Response:
        """Place a hold: nothing erases the item until it is released."""
        data = PlaceHoldSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        reason = data.validated_data["reason"]
        hold_id = place_hold(actor=actor_of(request), now=clock.now(), item_id=item_id, reason=reason)
        return Response({"id": str(hold_id)}, status=201)

    @extend_schema(operation_id="items_release", responses={204: OpenApiResponse(description="released")})
    def delete(self, request: Request, item_id: UUID) -> Response:
        """Release the hold in force."""
        release_hold(actor=actor_of(request), now=clock.now(), item_id=item_id)
        return Response(status=204)


@extend_schema(operation_id="retention_due", parameters=_PAGE, responses=ItemPageSerializer)
@api_view(["GET"])
@authentication_classes(READERS)
def list_due(request: Request) -> Response:
    """List items whose retention date has come, oldest first; a hold keeps an item until it is released."""
    items = due_items(actor_of(request), clock.now())
    note_reading(actor=actor_of(request), act="retention.list")
    pages = ItemPagination()
    page = pages.paginate_queryset(items, request)
    return pages.get_paginated_response(ItemSerializer(page, many=True, context=_context(request)).data)


def _context(request: Request) -> dict[str, bool]:
    return {"has_names": may_see_names(actor_of(request))}


def actor_of(request: Request | HttpRequest) -> Actor:
    """Return who asks: the session's user, or the auditor of the token."""
    actor: Actor = request.actor  # type: ignore[union-attr]  # set by forces.middleware or the token
    return actor


def accelerated(served: ServedFile, schema: str = "") -> HttpResponse:
    """Have nginx send the file; it answers ranges and conditions by itself. `schema`: of another force's file."""
    path = f"{PROTECTED}/{schema or current_force().schema}/{served.path}"
    response = HttpResponse(content_type=served.media_type)
    response["X-Accel-Redirect"] = quote(path)
    kind = "attachment" if served.is_attachment else "inline"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(served.name, safe='')}"
    response["Cache-Control"] = "private, no-store"
    return response


def _find(item: Item | None) -> Item:
    if item is None:
        raise NotFound
    return item


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("session_id is no UUID.") from error
