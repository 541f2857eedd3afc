"""What the doors of drones take, checked for shape only, and what they answer."""

from __future__ import annotations

from rest_framework import serializers

from drones.models import Flight
from streams.api.serializers import Body


class FlightInput(Body):
    """A new flight."""

    incident_id = serializers.UUIDField()
    aircraft_id = serializers.UUIDField()
    pilot_id = serializers.RegexField(r"^[0-9]{1,9}$")
    purpose = serializers.CharField(max_length=300)
    lawful_basis = serializers.ChoiceField(choices=Flight.LawfulBasis.choices)
    authorisation = serializers.CharField(max_length=64, allow_blank=True, default="")


class LogQuery(Body):
    """Which span of the flight log."""

    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class GroundInput(Body):
    """A place in a picture: shares of its width and height from the top left corner; `at`: when it was taken."""

    across = serializers.FloatField(min_value=0, max_value=1)
    down = serializers.FloatField(min_value=0, max_value=1)
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class GroundView(Body):
    """The ground there, or why there is none."""

    miss = serializers.CharField(allow_null=True)
    fixed_at = serializers.DateTimeField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    easting = serializers.FloatField(allow_null=True)
    northing = serializers.FloatField(allow_null=True)
    grid_reference = serializers.CharField(allow_null=True)
    distance_m = serializers.FloatField(allow_null=True)
    error_m = serializers.FloatField(allow_null=True)


class PlaceInput(Body):
    """A place on the ground; `at`: when the picture was taken in which it is looked for."""

    latitude = serializers.FloatField(min_value=-85, max_value=85)
    longitude = serializers.FloatField(min_value=-180, max_value=180)
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class InViewView(Body):
    """Whether it is in the picture, and where; null where it is not known how the camera looked."""

    in_view = serializers.BooleanField(allow_null=True)
    across = serializers.FloatField(allow_null=True)
    down = serializers.FloatField(allow_null=True)
    fixed_at = serializers.DateTimeField(allow_null=True)


class TrackQuery(Body):
    """From where on."""

    after = serializers.DateTimeField(required=False, allow_null=True, default=None)


class TrackView(Body):
    """What a flight said and saw, oldest first; `next` is the `after` of the page that follows."""

    points = serializers.ListField(child=serializers.DictField())
    next = serializers.DateTimeField(allow_null=True)


class AircraftView(Body):
    """An aircraft in service; `flight_id` is the flight that is planned or in the air."""

    id = serializers.UUIDField()
    make = serializers.CharField()
    model = serializers.CharField()
    serial = serializers.CharField()
    operator_id = serializers.CharField()
    horizontal_fov_deg = serializers.FloatField()
    vertical_fov_deg = serializers.FloatField()
    protocols = serializers.ListField(child=serializers.CharField())
    flight_id = serializers.UUIDField(allow_null=True)


class PilotView(Body):
    """Somebody who may fly; `flight_id` is what they have in the air."""

    id = serializers.CharField()
    name = serializers.CharField()
    number = serializers.CharField()
    flyer_id = serializers.CharField()
    flight_id = serializers.UUIDField(allow_null=True)


class FlightView(Body):
    """A flight; its id is its live session's. `feed` says how its bridge stands, null where nothing is bridged."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Flight.State.choices)
    incident = serializers.DictField()
    aircraft = serializers.DictField()
    feed = serializers.DictField(allow_null=True)
    pilot = serializers.DictField()
    purpose = serializers.CharField()
    lawful_basis = serializers.ChoiceField(choices=Flight.LawfulBasis.choices)
    authorisation = serializers.CharField()
    risk = serializers.CharField(allow_null=True)
    planned_by_name = serializers.CharField()
    planned_at = serializers.DateTimeField()
    launched_at = serializers.DateTimeField(allow_null=True)
    over_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()
