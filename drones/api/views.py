"""REST of the fleet and its flights: take the request apart, call one function, give its result."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from drones import selectors
from drones.api import serializers as shapes
from drones.api.flight_log import stream_flight_log
from drones.services import flight_log, flights
from forces import clock
from forces.context import current_force
from forces.spreadsheets import CsvRenderer
from streams.api.views import ERRORS, actor_of, checked

TAGS = ["drones"]


class Fleet(APIView):
    """The aircraft of the force."""

    @extend_schema(tags=TAGS, responses={200: shapes.AircraftView(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return those in service, and what each is flying."""
        return Response(selectors.list_fleet(actor_of(request)))


class Pilots(APIView):
    """People who may fly."""

    @extend_schema(tags=TAGS, responses={200: shapes.PilotView(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return them, and what each has in the air."""
        return Response(selectors.list_who_may_fly(actor_of(request)))


class Flights(APIView):
    """Flights of the force."""

    @extend_schema(tags=TAGS, responses={200: shapes.FlightView(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return those that are planned or in the air, or were over less than 12 hours ago."""
        return Response(flights.view_flights(actor=actor_of(request), now=clock.now()))

    @extend_schema(tags=TAGS, request=shapes.FlightInput, responses={201: shapes.FlightView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Plan one; nothing may fly yet."""
        plan = flights.Plan(**checked(shapes.FlightInput, request.data))
        session_id = flights.plan_flight(actor=actor_of(request), now=clock.now(), plan=plan)
        return _flight(session_id, status.HTTP_201_CREATED)


class FlightDetail(APIView):
    """One flight."""

    @extend_schema(tags=TAGS, responses={200: shapes.FlightView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return it; the reading is audited."""
        return Response(flights.view_flight(actor=actor_of(request), session_id=session_id))


class LaunchFlight(APIView):
    """The launch of a flight."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.FlightView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Let it begin, unless the risk assessment refuses."""
        flights.launch_flight(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return _flight(session_id)


class LandFlight(APIView):
    """The landing of a flight."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.FlightView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """End it, or call it off before it was in the air."""
        flights.land_flight(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return _flight(session_id)


class FlightLog(APIView):
    """The flight log."""

    renderer_classes = [CsvRenderer, JSONRenderer]

    @extend_schema(tags=TAGS, parameters=[shapes.LogQuery], responses={(200, "text/csv"): OpenApiTypes.STR, **ERRORS})
    def get(self, request: Request) -> StreamingHttpResponse:
        """Stream it as CSV, oldest first; the reading is audited."""
        given = checked(shapes.LogQuery, request.query_params)
        span = flight_log.open_flight_log(actor=actor_of(request), now=clock.now(), **given)
        response = StreamingHttpResponse(
            stream_flight_log(current_force(), span), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="flights.csv"'
        response["Cache-Control"] = "private, no-store"
        return response

    def handle_exception(self, exc: Exception) -> Response:
        """Answer refusals in JSON."""
        if hasattr(self, "request"):
            self.request.accepted_renderer = JSONRenderer()
            self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


def _flight(session_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(selectors.flight_view(selectors.find_flight(session_id)), status=code)
