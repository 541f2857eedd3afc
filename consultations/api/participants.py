"""REST of the people of a consultation: added, withdrawn, sent their link again, let in with another browser."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import segno
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consultations.api import serializers as shapes
from consultations.api.booking import TAGS, consultation
from consultations.services import participants
from consultations.services.colleagues import list_colleagues
from forces import clock
from streams.api.views import ERRORS, actor_of, checked

VIEW = {200: shapes.ConsultationView, **ERRORS}


class Participants(APIView):
    """People of a consultation."""

    @extend_schema(tags=TAGS, request=shapes.AddedInput, responses={201: shapes.ConsultationView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Ask somebody else to come."""
        given = checked(shapes.AddedInput, request.data)
        anyway = given.pop("anyway")
        plan = participants.PersonPlan(**shapes.person_of(given))
        at: dict[str, Any] = {"session_id": session_id, "plan": plan, "anyway": anyway}
        participants.add_participant(actor=actor_of(request), now=clock.now(), **at)
        return consultation(request, session_id, status.HTTP_201_CREATED)


class ParticipantDetail(APIView):
    """One of them."""

    @extend_schema(tags=TAGS, responses=VIEW)
    def delete(self, request: Request, session_id: UUID, participant_id: UUID) -> Response:
        """Ask them no longer to come. What they held at the media server the watchdog gives back within a second."""
        at: dict[str, Any] = {"session_id": session_id, "participant_id": participant_id}
        participants.withdraw_participant(actor=actor_of(request), now=clock.now(), **at)
        return consultation(request, session_id)


class ResendLink(APIView):
    """Their link, once more."""

    @extend_schema(tags=TAGS, request=shapes.AnywayInput, responses=VIEW)
    def post(self, request: Request, session_id: UUID, participant_id: UUID) -> Response:
        """Send it again."""
        given = checked(shapes.AnywayInput, request.data)
        at: dict[str, Any] = {"session_id": session_id, "participant_id": participant_id}
        participants.resend(actor=actor_of(request), now=clock.now(), **at, **given)
        return consultation(request, session_id)


class RearmLink(APIView):
    """Their link, for another browser."""

    @extend_schema(tags=TAGS, request=None, responses=VIEW)
    def post(self, request: Request, session_id: UUID, participant_id: UUID) -> Response:
        """Let it go; whoever comes with it waits. What was held the watchdog gives back within a second."""
        at: dict[str, Any] = {"session_id": session_id, "participant_id": participant_id}
        participants.rearm(actor=actor_of(request), now=clock.now(), **at)
        return consultation(request, session_id)


class ParticipantLink(APIView):
    """The address of their link."""

    @extend_schema(tags=TAGS, responses={200: shapes.LinkView, **ERRORS})
    def get(self, request: Request, session_id: UUID, participant_id: UUID) -> Response:
        """Return it, to be read out or scanned; an audited disclosure."""
        at: dict[str, Any] = {"session_id": session_id, "participant_id": participant_id}
        url = participants.read_link(actor=actor_of(request), now=clock.now(), **at)
        response = Response({"url": url, "qr_svg": _picture(url)})
        response["Cache-Control"] = "private, no-store"
        return response


class Colleagues(APIView):
    """People of the force."""

    @extend_schema(tags=TAGS, responses={200: shapes.ColleagueView(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return those who may be asked to come as officers."""
        return Response(list_colleagues(actor=actor_of(request)))


def _picture(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=5, border=3, light="#fff", xmldecl=False)
    return out.getvalue().decode()
