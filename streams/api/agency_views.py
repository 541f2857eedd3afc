"""REST of sharing with an outside agency: what is decided once, and what is a key. Ending it goes by the socket."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces import clock
from streams.api.serializers import Body
from streams.api.views import ERRORS, TAGS, actor_of, checked
from streams.models import AgencyShare
from streams.services import agencies, agency_codes

NO_STORE = {"Cache-Control": "no-store"}


class AgencyInput(Body):
    """With whom a picture is shared, what for, for how many minutes and with how many people."""

    kind = serializers.ChoiceField(choices=AgencyShare.Kind.choices)
    agency = serializers.CharField(max_length=80)
    contact_name = serializers.CharField(max_length=80)
    contact_phone = serializers.CharField(max_length=32)
    contact_email = serializers.CharField(max_length=254, allow_blank=True, default="")
    purpose = serializers.ChoiceField(choices=AgencyShare.Purpose.choices)
    purpose_text = serializers.CharField(max_length=300, allow_blank=True, default="")
    minutes = serializers.IntegerField(min_value=15, max_value=720)
    most_viewers = serializers.IntegerField(min_value=1, max_value=10)


class AgencyLinkView(Body):
    """A share's id and its link."""

    id = serializers.UUIDField()
    link = serializers.CharField()


class AgencyCodeView(Body):
    """A viewer's code, and until when it may be entered."""

    code = serializers.CharField()
    expires_at = serializers.DateTimeField()


class SessionAgencies(APIView):
    """A session's picture, for outside agencies."""

    @extend_schema(tags=TAGS, request=AgencyInput, responses={201: AgencyLinkView, **ERRORS})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Share it; returns the link, which goes out by e-mail where an address is given."""
        terms = agencies.AgencyTerms(**checked(AgencyInput, request.data))
        found = agencies.share_with_agency(actor=actor_of(request), now=clock.now(), session_id=session_id, terms=terms)
        return Response(asdict(found), status=201, headers=NO_STORE)


class AgencyLink(APIView):
    """The link of a share."""

    @extend_schema(tags=TAGS, responses={200: AgencyLinkView, **ERRORS})
    def get(self, request: Request, session_id: UUID, share_id: UUID) -> Response:
        """Return it, to be passed on; the look is audited."""
        found = agencies.read_agency_link(
            actor=actor_of(request), now=clock.now(), session_id=session_id, share_id=share_id
        )
        return Response(asdict(found), headers=NO_STORE)


class AgencyViewerCode(APIView):
    """The code of somebody who opened the link."""

    @extend_schema(tags=TAGS, request=None, responses={200: AgencyCodeView, **ERRORS})
    def put(self, request: Request, session_id: UUID, share_id: UUID, viewer_id: UUID) -> Response:
        """Return it, to be read out, a new one where it is good no more; the look is audited."""
        about = {"session_id": session_id, "share_id": share_id, "viewer_id": viewer_id}
        found = agency_codes.read_out_agency_code(actor=actor_of(request), now=clock.now(), **about)
        return Response(asdict(found), headers=NO_STORE)

    @extend_schema(tags=TAGS, request=None, responses={202: None, **ERRORS})
    def post(self, request: Request, session_id: UUID, share_id: UUID, viewer_id: UUID) -> Response:
        """Send another code to the agency's contact."""
        about = {"session_id": session_id, "share_id": share_id, "viewer_id": viewer_id}
        agency_codes.resend_agency_code(actor=actor_of(request), now=clock.now(), **about)
        return Response({}, status=202)
