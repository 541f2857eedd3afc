"""REST of bookings: take the request apart, call one function, give its result."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consultations.api import serializers as shapes
from consultations.services import booking, leading, moving
from consultations.services.participants import PersonPlan
from forces import clock
from streams.api.views import ERRORS, actor_of, checked
from streams.services.outcomes import record_outcome

TAGS = ["consultations"]


class Consultations(APIView):
    """Consultations that concern whoever asks."""

    @extend_schema(tags=TAGS, responses={200: shapes.BoardRow(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return the board: what goes on, and what begins within two weeks."""
        return Response(booking.view_consultations(actor=actor_of(request), now=clock.now()))

    @extend_schema(tags=TAGS, request=shapes.BookingInput, responses={201: shapes.ConsultationView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Book one, or start one now."""
        given = checked(shapes.BookingInput, request.data)
        people = tuple(PersonPlan(**shapes.person_of(person)) for person in given.pop("participants"))
        given["incident_type"] = given["incident_type"] or ""
        plan = booking.Booking(people=people, **given)
        session_id = booking.book(actor=actor_of(request), now=clock.now(), plan=plan)
        return consultation(request, session_id, status.HTTP_201_CREATED)


class ConsultationDetail(APIView):
    """One consultation."""

    @extend_schema(tags=TAGS, responses={200: shapes.ConsultationView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return it; the reading is audited."""
        return consultation(request, session_id)

    @extend_schema(tags=TAGS, request=shapes.ChangeInput, responses={200: shapes.ConsultationView, **ERRORS})
    def patch(self, request: Request, session_id: UUID) -> Response:
        """Change what is planned; whoever has been told is told anew."""
        given: dict[str, Any] = checked(shapes.ChangeInput, request.data)
        booking.change_booking(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return consultation(request, session_id)


class CancelConsultation(APIView):
    """The end of what has not begun."""

    @extend_schema(tags=TAGS, request=shapes.ReasonInput, responses={200: shapes.ConsultationView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Call it off; whoever had been told is told once."""
        given = checked(shapes.ReasonInput, request.data)
        booking.cancel(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return consultation(request, session_id)


class TakeConsultation(APIView):
    """The lead of a consultation."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.ConsultationView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Lead it from now on; the first time it opens."""
        leading.take_consultation(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return consultation(request, session_id)


class ConsultationOutcome(APIView):
    """What a consultation came to."""

    @extend_schema(tags=TAGS, request=shapes.OutcomeInput, responses={200: shapes.ConsultationView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Keep it; a later one takes its place."""
        given = checked(shapes.OutcomeInput, request.data)
        booking.require_known(actor=actor_of(request), session_id=session_id)
        record_outcome(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return consultation(request, session_id)


class MoveAnswer(APIView):
    """Somebody's wish for another time."""

    @extend_schema(tags=TAGS, request=shapes.MoveInput, responses={200: shapes.ConsultationView, **ERRORS})
    def post(self, request: Request, session_id: UUID, move_id: UUID) -> Response:
        """Say what came of it; the time itself is changed by the booking alone."""
        given = checked(shapes.MoveInput, request.data)
        at: dict[str, Any] = {"session_id": session_id, "move_id": move_id}
        moving.answer_move(actor=actor_of(request), now=clock.now(), **at, **given)
        return consultation(request, session_id)


def consultation(request: Request, session_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    """Return a consultation as it is now."""
    view = booking.view_consultation(actor=actor_of(request), now=clock.now(), session_id=session_id)
    return Response(view, status=code)
