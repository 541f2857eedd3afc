"""REST of the benefits of consultations."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consultations.api import serializers as shapes
from consultations.api.booking import TAGS
from consultations.services import figures
from forces import clock
from forces.spreadsheets import CsvRenderer, csv_lines
from streams.api.views import ERRORS, actor_of, checked


class Figures(APIView):
    """What came of consultations."""

    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(tags=TAGS, parameters=[shapes.FiguresQuery], responses={200: shapes.FiguresView, **ERRORS})
    def get(self, request: Request) -> HttpResponse:
        """Return the counts of a span as JSON, or the rows behind them as CSV; the reading is audited."""
        given = checked(shapes.FiguresQuery, request.query_params)
        at: dict[str, Any] = {"actor": actor_of(request), "now": clock.now()}
        if request.accepted_renderer.format != "csv":
            return Response(figures.count_figures(**at, **given))
        response = HttpResponse(csv_lines(figures.list_figures(**at, **given)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="consultations.csv"'
        response["Cache-Control"] = "private, no-store"
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """Answer refusals in JSON."""
        if hasattr(self, "request"):
            self.request.accepted_renderer = JSONRenderer()
            self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)
