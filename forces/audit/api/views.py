"""The auditors' REST: entries and the chain, read only; each read is itself an entry."""

from dataclasses import asdict

from django.db.models import Max
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces.accounts.authentication import ApiTokenAuthentication, SessionAuthentication
from forces.accounts.permissions import Permission, require
from forces.actors import Actor
from forces.audit.api.export import stream_csv
from forces.audit.api.filters import PARAMETERS, EntryFilter
from forces.audit.api.serializers import AuditEntrySerializer, ChainSerializer, EntryPageSerializer
from forces.audit.models import AuditEntry
from forces.audit.services import Operation, record, verify_chain
from forces.context import current_force
from forces.spreadsheets import CsvRenderer

_PAGING = [
    OpenApiParameter("cursor", str, description="from `next` or `previous` of an answer"),
    OpenApiParameter("page_size", int, description="at most 500"),
    OpenApiParameter("format", str, enum=["json", "csv"], description="csv streams all that pass, oldest first"),
]


class AuditView(APIView):
    """What all doors to the audit share: an auditor by token or session, and nothing but reading."""

    authentication_classes = [ApiTokenAuthentication, SessionAuthentication]
    http_method_names = ["get", "head", "options"]

    def admit(self, request: Request) -> Actor:
        """Return the auditor who asks; raises NotPermitted for anybody else."""
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by forces.middleware or the token
        require(actor, Permission.AUDIT_READ)
        return actor


class EntryPagination(CursorPagination):
    """Newest first; a cursor stays true while rows are added."""

    ordering = "-seq"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500


class EntriesView(AuditView):
    """Audit entries of the force."""

    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(
        operation_id="audit_entries",
        parameters=[*PARAMETERS, *_PAGING],
        responses={
            (200, "application/json"): EntryPageSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """List entries, newest first, by page; or all of them as CSV with `format=csv`."""
        actor = self.admit(request)
        wanted = EntryFilter.from_query(request.query_params)
        is_csv = getattr(request.accepted_renderer, "format", "") == CsvRenderer.format
        act = "audit.export" if is_csv else "audit.read"
        record(
            actor=actor,
            act=act,
            operation=Operation.CONSULTATION,
            object_type="audit",
            detail=wanted.as_detail(),
        )
        return _as_csv(wanted) if is_csv else self._page(request, wanted)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer refusals in JSON, whatever format was asked for."""
        if hasattr(self, "request"):
            self.request.accepted_renderer = JSONRenderer()
            self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)

    def _page(self, request: Request, wanted: EntryFilter) -> Response:
        pages = EntryPagination()
        page = pages.paginate_queryset(wanted.apply(), request, self)
        return pages.get_paginated_response(AuditEntrySerializer(page, many=True).data)


class ChainView(AuditView):
    """The hash chain of the force's audit."""

    @extend_schema(operation_id="audit_chain", responses=ChainSerializer)
    def get(self, request: Request) -> Response:
        """Re-walk the whole chain and name the first broken row."""
        actor = self.admit(request)
        result = verify_chain()
        detail = {"ok": result.ok, "rows": result.rows}
        record(
            actor=actor,
            act="audit.verify",
            operation=Operation.CONSULTATION,
            object_type="audit",
            detail=detail,
        )
        return Response(ChainSerializer(asdict(result)).data)


def _as_csv(wanted: EntryFilter) -> StreamingHttpResponse:
    # Rows that are added while the reader takes its time are not part of this answer.
    until = AuditEntry.objects.aggregate(last=Max("seq"))["last"] or 0
    chunks = stream_csv(current_force(), wanted, until)
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
