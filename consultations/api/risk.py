"""REST of the risk questions of a consultation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consultations.api import serializers as shapes
from consultations.api.booking import TAGS
from consultations.services import risk_rounds
from forces import clock
from streams.api.views import ERRORS, actor_of, checked


class RiskRound(APIView):
    """The questions."""

    @extend_schema(tags=TAGS, responses={200: shapes.RoundView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return them."""
        return Response(risk_rounds.find_round(actor=actor_of(request), session_id=session_id).as_dict())


class AnswerRound(APIView):
    """The answers."""

    @extend_schema(tags=TAGS, request=shapes.RiskInput, responses={200: shapes.RiskOutcome, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Keep them; the clock on which they are asked again begins anew."""
        given = checked(shapes.RiskInput, request.data)
        at: dict[str, Any] = {"actor": actor_of(request), "now": clock.now(), "session_id": session_id}
        return Response(risk_rounds.answer_round(**at, **given))


class OverrideRound(APIView):
    """A supervisor's decision."""

    @extend_schema(tags=TAGS, request=shapes.ReasonInput, responses={200: shapes.RiskOutcome, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Let it go on in spite of the answers; needs a fresh proof of who decides."""
        given = checked(shapes.ReasonInput, request.data)
        at: dict[str, Any] = {"actor": actor_of(request), "now": clock.now(), "session_id": session_id}
        return Response(risk_rounds.override_round(**at, **given))
