"""REST of the operator's work: hand a session over, send its link elsewhere, find a past one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces import clock
from streams.api import operator_serializers as shapes
from streams.api.serializers import SessionView
from streams.api.views import ERRORS, TAGS, actor_of, checked, summary
from streams.services import handovers, resending, search


class Operators(APIView):
    """People who may run a session."""

    @extend_schema(tags=TAGS, responses={200: shapes.ColleagueView(many=True), **ERRORS})
    def get(self, request: Request) -> Response:
        """Return them, those with an open console first."""
        return Response(handovers.list_colleagues(actor=actor_of(request)))


class SessionHandover(APIView):
    """A hand-over that waits for its answer."""

    @extend_schema(tags=TAGS, request=shapes.HandoverInput, responses={201: SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Offer the session to a colleague."""
        given = checked(shapes.HandoverInput, request.data)
        handovers.offer_handover(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return summary(session_id, 201)

    @extend_schema(tags=TAGS, request=None, responses={200: SessionView, **ERRORS})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Take the offer back."""
        handovers.withdraw_handover(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return summary(session_id)


class AcceptHandover(APIView):
    """The colleague's yes."""

    @extend_schema(tags=TAGS, request=None, responses={200: SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Take the session over."""
        handovers.accept_handover(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return summary(session_id)


class DeclineHandover(APIView):
    """The colleague's no."""

    @extend_schema(tags=TAGS, request=shapes.WhyInput, responses={200: SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Leave the session where it is, and say why."""
        given = checked(shapes.WhyInput, request.data)
        handovers.decline_handover(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return summary(session_id)


class TakeSession(APIView):
    """A session that somebody takes without being asked."""

    @extend_schema(tags=TAGS, request=shapes.WhyInput, responses={200: SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Take it; an unattended one needs no other reason."""
        given = checked(shapes.WhyInput, request.data)
        handovers.take_session(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return summary(session_id)


class ResendInvitation(APIView):
    """The same link, once more."""

    @extend_schema(tags=TAGS, request=None, responses={200: SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Send it to the same address again."""
        resending.resend_invitation(actor=actor_of(request), now=clock.now(), session_id=session_id)
        return summary(session_id)


class RedirectInvitation(APIView):
    """A new link, to another address."""

    @extend_schema(tags=TAGS, request=shapes.RedirectInput, responses={201: SessionView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Send it to another number or by e-mail; the one before is withdrawn."""
        given: dict[str, Any] = checked(shapes.RedirectInput, request.data)
        resending.redirect_invitation(actor=actor_of(request), now=clock.now(), session_id=session_id, **given)
        return summary(session_id, 201)


class SearchSessions(APIView):
    """Past sessions."""

    @extend_schema(tags=TAGS, request=shapes.SearchInput, responses={200: shapes.FoundView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Find them by time, place, reference, person and outcome; each page is audited with its reason."""
        given = checked(shapes.SearchInput, request.data)
        reason, cursor = given.pop("reason"), given.pop("cursor")
        asked = search.Asked(**given)
        found = search.search_sessions(
            actor=actor_of(request), now=clock.now(), asked=asked, reason=reason, cursor=cursor
        )
        return Response(found)
