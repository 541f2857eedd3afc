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
        return Response(incidents.view_incidents(actor=actor_of(request)))

    @extend_schema(tags=["incidents"], request=shapes.IncidentInput, responses={201: shapes.IncidentView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Open an incident."""
        given = checked(shapes.IncidentInput, request.data)
        incident = incidents.open_incident(
            actor=actor_of(request), now=clock.now(), type_code=given.pop("type"), **given
        )
        return Response(selectors.incident_view(incident), status=status.HTTP_201_CREATED)


class RiskQuestions(APIView):
    """The questions that stand between an operator and a link, or a flight."""

    @extend_schema(
        tags=["incidents"],
        parameters=[shapes.QuestionsQuery],
        responses={200: shapes.QuestionSetView, **ERRORS},
    )
    def get(self, request: Request) -> Response:
        """Return the questions for a kind of incident and link."""
        given = checked(shapes.QuestionsQuery, request.query_params)
        given["type_code"] = given.pop("incident_type")
        asked = risk.find_questions(actor=actor_of(request), **given)
        return Response(asked.as_dict())


class Sessions(APIView):
    """Live sessions of the force."""

    @extend_schema(
        tags=TAGS, parameters=[shapes.SessionsQuery], responses={200: shapes.SessionView(many=True), **ERRORS}
    )
    def get(self, request: Request) -> Response:
        """Return those that go on, or were over less than 12 hours ago."""
        given = checked(shapes.SessionsQuery, request.query_params)
        return Response(sessions.view_sessions(actor=actor_of(request), now=clock.now(), state=given["state"]))

    @extend_schema(tags=TAGS, request=shapes.SessionInput, responses={201: shapes.SessionView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Draft a session; nothing is sent yet."""
        given = checked(shapes.SessionInput, request.data)
        session_id = sessions.create_session(actor=actor_of(request), now=clock.now(), **given)
        return summary(session_id, status.HTTP_201_CREATED)


class SessionDetail(APIView):
    """One live session."""

    @extend_schema(tags=TAGS, responses={200: shapes.SessionDetailView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return it with its trail and its chat; the reading is audited."""
        return Response(sessions.view_session(actor=actor_of(request), session_id=session_id))


class RiskAnswers(APIView):
    """The risk assessment of a session."""

    @extend_schema(tags=TAGS, request=shapes.AnswersInput, responses={200: shapes.RiskView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Answer every question."""
        given = checked(shapes.AnswersInput, request.data)
        found = risk.answer_risk(
            actor=actor_of(request), now=clock.now(), session_id=session_id, answers=given["answers"]
        )
        return Response(found)


class RiskOverride(APIView):
    """A supervisor's decision."""

    @extend_schema(tags=TAGS, request=shapes.ReasonInput, responses={200: shapes.RiskView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Let a refused link through for a reason."""
        given = checked(shapes.ReasonInput, request.data)
        found = risk.override_risk(
            actor=actor_of(request), now=clock.now(), session_id=session_id, reason=given["reason"]
        )
        return Response(found)


class SendInvitation(APIView):
    """The link of a session."""

    @extend_schema(tags=TAGS, request=None, responses={201: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Send it, unless the risk assessment refuses; an earlier link is void."""
        invitations.send_invitation(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return summary(session_id, status.HTTP_201_CREATED)


class InvitationCode(APIView):
    """The code of a session's link, to read out."""

    @extend_schema(tags=TAGS, responses={200: shapes.CodeView, **ERRORS})
    def get(self, request: Request, session_id: UUID) -> Response:
        """Return it with the address where it is entered; the look is audited."""
        found = invitations.read_out_code(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return Response(asdict(found), headers={"Cache-Control": "no-store"})


class RearmInvitation(APIView):
    """The link of a session, for another browser."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Let another browser take the same link."""
        invitations.rearm_invitation(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return summary(session_id)


class EndSession(APIView):
    """The end of a session."""

    @extend_schema(tags=TAGS, request=None, responses={200: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """End it for good."""
        sessions.end_session(
            actor=actor_of(request), now=clock.now(), session_id=session_id, reason="ended_by_operator"
        )
        return summary(session_id)


class SessionOutcome(APIView):
    """The outcome of a session."""

    @extend_schema(tags=TAGS, request=shapes.OutcomeInput, responses={200: shapes.SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Keep what the use came to."""
        given = checked(shapes.OutcomeInput, request.data)
        outcomes.record_outcome(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return summary(session_id)


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
        return Response(outbox.list_outbox(actor=actor_of(request), now=clock.now()))


def actor_of(request: Request) -> Actor:
    """Return who asks, as the middleware found out."""
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    return actor


def checked(shape: type[B], data: Any) -> dict[str, Any]:
    """Return what was sent in the shape of a serializer; raises DRF's ValidationError."""
    body = shape(data=data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def summary(session_id: UUID, code: int = status.HTTP_200_OK) -> Response:
    """Return a session as it stands now."""
    return Response(selectors.session_summary(selectors.find_session(session_id)), status=code)
