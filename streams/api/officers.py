"""REST of officers on the ground: who is nearest.

A POST, because where people are does not belong in an address, which logs keep.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forces import clock
from forces.accounts.models import OfficerProfile
from streams.api.serializers import Body
from streams.api.views import ERRORS, actor_of, checked
from streams.services import nearest


class NearestInput(Body):
    """From where: an incident, a session, or a point (degrees WGS 84); one of the three. `skills` must all be there."""

    incident_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    session_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    latitude = serializers.FloatField(min_value=-85, max_value=85, required=False, allow_null=True, default=None)
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False, allow_null=True, default=None)
    skills = serializers.ListField(
        child=serializers.ChoiceField(choices=OfficerProfile.Skill.choices), max_length=7, default=list
    )
    limit = serializers.IntegerField(min_value=1, max_value=nearest.MOST_ROWS, default=10)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse none of the three, more than one, and half a point."""
        has_point = attrs["latitude"] is not None and attrs["longitude"] is not None
        is_half = (attrs["latitude"] is None) != (attrs["longitude"] is None)
        if is_half or (attrs["incident_id"] is not None) + (attrs["session_id"] is not None) + has_point != 1:
            raise serializers.ValidationError("Name an incident, a session, or a point.")
        return attrs


class FixView(Body):
    """One fix of an officer."""

    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    accuracy_m = serializers.FloatField()
    heading_deg = serializers.FloatField(allow_null=True)
    speed_mps = serializers.FloatField(allow_null=True)
    fixed_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    is_late = serializers.BooleanField()


class NearOfficerView(Body):
    """An officer on duty, and how far away their newest fix was, how old and how sure it is."""

    id = serializers.CharField()
    name = serializers.CharField()
    number = serializers.CharField()
    role = serializers.CharField()
    team = serializers.CharField()
    skills = serializers.ListField(child=serializers.CharField())
    languages = serializers.CharField()
    status = serializers.CharField()
    status_at = serializers.DateTimeField()
    began_at = serializers.DateTimeField()
    fix = FixView(allow_null=True)
    session_id = serializers.UUIDField(allow_null=True)
    distance_m = serializers.IntegerField(allow_null=True)
    accuracy_m = serializers.FloatField(allow_null=True)
    age_s = serializers.IntegerField(allow_null=True)


class NearestView(Body):
    """Who is near, and who goes there already; `place` is null while it is not known where that is."""

    now = serializers.DateTimeField()
    place = serializers.DictField(allow_null=True)
    officers = NearOfficerView(many=True)
    assigned = NearOfficerView(many=True)


class NearestOfficers(APIView):
    """Officers by distance."""

    @extend_schema(tags=["officers"], request=NearestInput, responses={200: NearestView, **ERRORS})
    def post(self, request: Request) -> Response:
        """Return the nearest who are available and have every one of the skills; the look is audited."""
        given = checked(NearestInput, request.data)
        latitude, longitude = given["latitude"], given["longitude"]
        point = (latitude, longitude) if latitude is not None else None
        origin = nearest.Origin(given["incident_id"], given["session_id"], point)
        found = nearest.find_nearest(
            actor=actor_of(request), now=clock.now(), origin=origin, skills=given["skills"], limit=given["limit"]
        )
        return Response(found)
