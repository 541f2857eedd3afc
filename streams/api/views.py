"""REST of live sessions: take the request apart, call one function, give its result."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeVar
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces import clock
from forces.actors import Actor
from streams import selectors
from streams.api import serializers as shapes
from streams.services import incidents, invitations, outbox, outcomes, risk, sessions

REFUSED = OpenApiResponse(description="Refused: {code, message, details}.")
ERRORS = {400: REFUSED, 403: REFUSED, 404: REFUSED, 409: REFUSED, 410: REFUSED}
TAGS = ["sessions"]

B = TypeVar("B", bound=shapes.Body)


class IncidentTypes(APIView):
    """Kinds of incident."""

    @extend_schema(tags=["incidents"], responses=shapes.ChoiceView(many=True))
    def get(self, request: Request) -> Response:
        """Return the kinds an operator may choose."""
        return Response(selectors.list_incident_types())


class Incidents(APIView):
    """Incidents that are open."""

    @extend_schema(tags=["incidents"], responses=shapes.IncidentView(many=True))
    def get(self, request: Request) -> Response:
        """Return the newest hundred; the reading is audited."""
        return Response(incidents.view_incidents(actor=_actor(request)))

    @extend_schema(tags=["incidents"], request=shapes.IncidentInput, responses={201: shapes.IncidentView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Open an incident."""
        given = _checked(shapes.IncidentInput, request.data)
        incident = incidents.open_incident(actor=_actor(request), now=clock.now(), type_code=given.pop("type"), **given)
        return Response(selectors.incident_view(incident), status=status.HTTP_201_CREATED)


class RiskQuestions(APIView):
    """The questions that stand between an operator and a link."""

    @extend_schema(
        tags=["incidents"],
        parameters=[shapes.QuestionsQuery],
        responses={200: shapes.QuestionSetView, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Return the questions for a kind of incident and link."""
        given = _checked(shapes.QuestionsQuery, request.query_params)
        asked = risk.find_questions(
            actor=_actor(request), type_code=given["incident_type"], link_kind=given["link_kind"]
        )
        return Response(asked.as_dict())


class Sessions(APIView):
    """Live sessions of the force."""

    @extend_schema(
        tags=TAGS, parameters=[shapes.SessionsQuery], responses={200: shapes.SessionView(many=True), **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """Return those that go on, or were over less than 12 hours ago."""
        given = _checked(shapes.SessionsQuery, request.query_params)
        return Response(sessions.view_sessions(actor=_actor(request), now=clock.now(), state=given["state"]))

    @extend_schema(tags=TAGS, request=shapes.SessionInput, responses={201: shapes.SessionView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Draft a session; nothing is sent yet."""
        given = _checked(shapes.SessionInput, request.data)
        session_id = sessions.create_session(actor=_actor(request), now=clock.now(), **given)
        return _summary(session_id, status.HTTP_201_CREATED)


class SessionDetail(APIView):
    """One live session."""

    @extend_schema(tags=TAGS, responses={200: shapes.SessionDetailView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return it with its trail and its chat; the reading is audited."""
        return Response(sessions.view_session(actor=_actor(request), session_id=session_id))


class RiskAnswers(APIView):
    """The risk assessment of a session."""

    @extend_schema(tags=TAGS, request=shapes.AnswersInput, responses={200: shapes.RiskView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Answer every question."""
        given = _checked(shapes.AnswersInput, request.data)
        found = risk.answer_risk(
            actor=_actor(request), now=clock.now(), session_id=session_id, answers=given["answers"]
        )
        return Response(found)


class RiskOverride(APIView):
    """A supervisor's decision."""

    @extend_schema(tags=TAGS, request=shapes.ReasonInput, responses={200: shapes.RiskView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Let a refused link through for a reason."""
        given = _checked(shapes.ReasonInput, request.data)
        found = risk.override_risk(
            actor=_actor(request), now=clock.now(), session_id=session_id, reason=given["reason"]
        )
        return Response(found)


class SendInvitation(APIView):
    """The link of a session."""

    @extend_schema(tags=TAGS, request=None, responses={201: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Send it, unless the risk assessment refuses; an earlier link is void."""
        invitations.send_invitation(actor=_actor(request), now=clock.now(), session_id=session_id)
        return _summary(session_id, status.HTTP_201_CREATED)


class InvitationCode(APIView):
    """The code of a session's link, to read out."""

    @extend_schema(tags=TAGS, responses={200: shapes.CodeView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return it with the address where it is entered; the look is audited."""
        found = invitations.read_out_code(actor=_actor(request), now=clock.now(), session_id=session_id)
        return Response(asdict(found), headers={"Cache-Control": "no-store"})


class RearmInvitation(APIView):
    """The link of a session, for another browser."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Let another browser take the same link."""
        invitations.rearm_invitation(actor=_actor(request), now=clock.now(), session_id=session_id)
        return _summary(session_id)


class EndSession(APIView):
    """The end of a session."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """End it for good."""
        sessions.end_session(actor=_actor(request), now=clock.now(), session_id=session_id, reason="ended_by_operator")
        return _summary(session_id)


class SessionOutcome(APIView):
    """The outcome of a session."""

    @extend_schema(tags=TAGS, request=shapes.OutcomeInput, responses={200: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Keep what the use came to."""
        given = _checked(shapes.OutcomeInput, request.data)
        outcomes.record_outcome(actor=_actor(request), now=clock.now(), session_id=session_id, **given)
        return _summary(session_id)


class Outcomes(APIView):
    """Outcomes to choose from."""

    @extend_schema(tags=TAGS, responses=shapes.ChoiceView(many=True))
    def get(self, request: Request) -> Response:
        """Return codes and labels."""
        return Response(outcomes.list_outcomes())


class Phrases(APIView):
    """Fixed phrases of the chat."""

    @extend_schema(tags=TAGS, responses=shapes.PhraseView(many=True))
    def get(self, request: Request) -> Response:
        """Return what an operator may send by its code."""
        return Response(selectors.list_phrases())


class Outbox(APIView):
    """Development's messages."""

    @extend_schema(tags=["development"], responses={200: shapes.OutboxView(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return the messages of the last hour; 404 where messages are really sent."""
        return Response(outbox.list_outbox(actor=_actor(request), now=clock.now()))


def _actor(request: Request) -> Actor:
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor


def _checked(shape: type[B], data: Any) -> dict[str, Any]:
    body = shape(data=data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _summary(session_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    return Response(selectors.session_summary(selectors.find_session(session_id)), status=code)
