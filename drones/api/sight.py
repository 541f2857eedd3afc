"""What an aircraft's camera sees: the ground under a click, whether a place is in view, and the way of a flight.

The first two are POSTs, because where people are does not belong in an address.
"""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from drones.api import serializers as shapes
from drones.api.views import TAGS
from drones.services import sight
from forces import clock
from streams.api.views import ERRORS, actor_of, checked


class Ground(APIView):
    """The ground under a place in the picture."""

    @extend_schema(tags=TAGS, request=shapes.GroundInput, responses={200: shapes.GroundView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Return it with its error; the look is audited."""
        given = checked(shapes.GroundInput, request.data)
        return Response(sight.find_ground(actor=actor_of(request), now=clock.now(), session_id=session_id, **given))


class InView(APIView):
    """A place on the ground, in the picture."""

    @extend_schema(tags=TAGS, request=shapes.PlaceInput, responses={200: shapes.InViewView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Return whether it is in view, and where; the look is audited."""
        given = checked(shapes.PlaceInput, request.data)
        return Response(sight.find_in_view(actor=actor_of(request), now=clock.now(), session_id=session_id, **given))


class Track(APIView):
    """The way of a flight, with what its camera saw."""

    @extend_schema(tags=TAGS, parameters=[shapes.TrackQuery], responses={200: shapes.TrackView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return a page of it, oldest first; the look is audited."""
        given = checked(shapes.TrackQuery, request.query_params)
        return Response(sight.view_track(actor=actor_of(request), session_id=session_id, **given))
