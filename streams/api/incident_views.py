"""REST of one incident: its page, its time line, and its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces import clock
from streams.api.serializers import Body, IncidentView, SessionView
from streams.api.views import ERRORS, actor_of, checked
from streams.services import incident_closing, incident_page

TAGS = ["incidents"]


class TimelineQuery(Body):
    """Which page, and what of it."""

    before = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    groups = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class WholeIncidentView(IncidentView):
    """An incident as its page shows it."""

    opened_at = serializers.DateTimeField()
    opened_by_name = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)


class IncidentPageView(Body):
    """What an incident's page shows; PROTOCOL.md has its parts in full."""

    incident = WholeIncidentView()
    sessions = SessionView(many=True)
    officers = serializers.ListField(child=serializers.DictField())
    messages = serializers.ListField(child=serializers.DictField())
    items = serializers.ListField(child=serializers.DictField())
    uploads = serializers.ListField(child=serializers.DictField())


class EntryView(Body):
    """Something that happened."""

    id = serializers.CharField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    session_id = serializers.UUIDField(allow_null=True)
    who = serializers.CharField()
    detail = serializers.DictField()


class TimelineView(Body):
    """One page of what happened, newest first."""

    entries = EntryView(many=True)
    next = serializers.CharField(allow_null=True)


class IncidentPage(APIView):
    """One incident."""

    @extend_schema(tags=TAGS, responses={200: IncidentPageView, **ERRORS})
    def get(self, request: Request, incident_id: UUID) -> Response:
        """Return it with its sessions, people, messages and items; the reading is audited."""
        return Response(incident_page.view_incident(actor=actor_of(request), incident_id=incident_id))


class IncidentTimeline(APIView):
    """What happened in an incident."""

    @extend_schema(tags=TAGS, parameters=[TimelineQuery], responses={200: TimelineView, **ERRORS})
    def get(self, request: Request, incident_id: UUID) -> Response:
        """Return the newest 500 entries, or those before a place; the reading is audited."""
        given: dict[str, Any] = checked(TimelineQuery, request.query_params)
        return Response(incident_page.view_timeline(actor=actor_of(request), incident_id=incident_id, **given))


class CloseIncident(APIView):
    """The end of an incident."""

    @extend_schema(tags=TAGS, request=None, responses={200: WholeIncidentView, **ERRORS})
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Close it, unless a session of it goes on."""
        now = clock.now()
        return Response(incident_closing.close_incident(actor=actor_of(request), now=now, incident_id=incident_id))


class ReopenIncident(APIView):
    """An incident that was closed too early."""

    @extend_schema(tags=TAGS, request=None, responses={200: WholeIncidentView, **ERRORS})
    def post(self, request: Request, incident_id: UUID) -> Response:
        """Let it go on."""
        return Response(incident_closing.reopen_incident(actor=actor_of(request), incident_id=incident_id))
